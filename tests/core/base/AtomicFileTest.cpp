// What a killed program leaves beside a file that it was writing.
#include "core/base/AtomicFile.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace latentoscope {
namespace {

std::set<std::string> namesIn(const std::filesystem::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
    return names;
}

TEST(AtomicFile, TemporariesAreKnownByTheirNames)
{
    for (const char* name : {".vae.json.4711-0", "folder/.a.1-2", "..hidden.12-34"}) EXPECT_TRUE(isTemporary(name)) << name;
    for (const char* name : {"vae.json.4711-0", ".lock", ".vae.json", ".vae.json.4711", ".vae.json.4711-", ".vae.json.-1",
                             ".vae.json.47x-1", ".4711-0", "", "."})
        EXPECT_FALSE(isTemporary(name)) << name;
}

TEST(AtomicFile, SweepingTakesTemporariesAlone)
{
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "below");
    for (const char* name : {"a", ".a.1-0", ".a.22-3", ".a.b.1-0", ".hidden", "below/.a.1-0"})
        std::ofstream(folder / name) << name;
    sweepTemporaries(folder / "a");
    EXPECT_EQ(namesIn(folder.path()), (std::set<std::string>{"a", ".a.b.1-0", ".hidden", "below"}));
    sweepTemporariesIn(folder.path());
    EXPECT_EQ(namesIn(folder.path()), (std::set<std::string>{"a", ".hidden", "below"}));
    EXPECT_EQ(namesIn(folder / "below"), std::set<std::string>{".a.1-0"}) << "which another program may be writing";
    sweepTemporariesIn(folder / "nowhere");
    sweepTemporariesIn(folder / "a");
}

} // namespace
} // namespace latentoscope
