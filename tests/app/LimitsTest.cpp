// What the system does not give. Not part of sanitized builds: a sanitizer reserves terabytes of addresses, so that a program of
// theirs cannot even start where these are limited (`ulimit -v`).
#include "core/data/ImageShape.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace latentoscope {
namespace {

/// `train` of the program with `arguments`, where addresses are limited to so many KiB. Its run would be `folder`/run.
test::Ended trainWithin(int kib, const test::TemporaryFolder& folder, const std::string& arguments)
{
    test::writeIdxFolder(folder.path(), *test::smallData({9, 11, 1}), test::Compression::Gzip);
    const std::string path = folder.path().string();
    return test::runProgram({"sh", "-c",
                             "ulimit -v " + std::to_string(kib) + "; timeout 60 '" + LATENTOSCOPE_PROGRAM +
                                 "' train --preset report-autoencoder --data '" + path + "' --out '" + path + "/run' " +
                                 arguments});
}

} // namespace

TEST(Limits, MoreThreadsThanTheSystemGivesIsSaid)
{
    const test::TemporaryFolder folder;
    const test::Ended ended = trainWithin(3'000'000, folder, "--threads 1000");
    EXPECT_EQ(ended.code, 1);
    EXPECT_NE(ended.err.find("but the system gave only"), std::string::npos) << ended.err;
}

TEST(Limits, MoreMemoryThanThereIsIsRefusedBeforeItIsTaken)
{
    const test::TemporaryFolder folder;
    const test::Ended ended =
        trainWithin(4'000'000, folder, "--threads 2 --set model.channels=256,256 --set model.stride=1 --set model.hidden=2048");
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("can be had here"), std::string::npos) << ended.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

} // namespace latentoscope
