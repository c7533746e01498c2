// The report's auto-encoder on the real Fashion-MNIST, through the program itself.
#include "core/base/AtomicFile.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"
#include "core/storage/RunFolder.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace latentoscope {
namespace {

const std::string kProgram = LATENTOSCOPE_PROGRAM;

std::string train(const std::filesystem::path& out, std::vector<std::string> more)
{
    std::vector<std::string> arguments{kProgram, "train", "--preset", "report-autoencoder", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const test::Ended ended = test::runProgram(arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return out;
}

double accuracy(const std::string& run)
{
    const test::Ended ended = test::runProgram({kProgram, "evaluate", run, "--json"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return nlohmann::json::parse(ended.out)["reconstruction_accuracy"];
}

/// The float32 values of a .npy file.
std::vector<float> npyValues(const std::filesystem::path& file)
{
    const std::string bytes = readFile(file);
    const std::size_t header =
        10 + static_cast<std::uint8_t>(bytes[8]) + 256 * static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[9]));
    std::vector<float> values((bytes.size() - header) / sizeof(float));
    std::memcpy(values.data(), bytes.data() + header, values.size() * sizeof(float));
    return values;
}

} // namespace

TEST(FashionMnist, IsRecognisedByItsContent)
{
    const auto data = loadDataSet();
    EXPECT_EQ(data->name, "Fashion-MNIST");
    EXPECT_EQ(data->train.count(), 60'000);
    EXPECT_EQ(data->test.count(), 10'000);
    EXPECT_EQ(data->classNames.at(9), "Ankle boot");
    double sum = 0;
    for (const std::uint8_t pixel : data->train.pixels) sum += pixel;
    EXPECT_NEAR(sum / 255 / static_cast<double>(data->train.pixels.size()), 0.2860, 5e-5);
    // The same content uncompressed has another file but the same digest and name.
    const test::TemporaryFolder folder;
    test::writeIdxFolder(folder.path(), *data, test::Compression::None);
    const auto plain = loadDataSet(folder.path());
    EXPECT_EQ(plain->digest, data->digest);
    EXPECT_EQ(plain->name, "Fashion-MNIST");
}

TEST(ReportAutoencoder, ReachesItsAccuracyWithEverySeed)
{
    const test::TemporaryFolder folder;
    std::vector<double> accuracies;
    for (const char* seed : {"1", "2", "3"}) accuracies.push_back(accuracy(train(folder / seed, {"--seed", seed})));
    std::sort(accuracies.begin(), accuracies.end());
    EXPECT_GE(accuracies[1], 96.7);
    EXPECT_GE(accuracies[0], 96.5);
}

TEST(ReportAutoencoder, GivesTheSameBytesAtAnyThreadCount)
{
    const test::TemporaryFolder folder;
    std::vector<std::string> files;
    for (const char* threads : {"1", "2", "2", "4"}) {
        const std::string run = folder / ("run" + std::to_string(files.size()));
        train(run, {"--threads", threads, "--set", "training.epochs=2"});
        files.push_back(readFile(std::filesystem::path(run) / "model.safetensors"));
    }
    for (const std::string& file : files) EXPECT_EQ(file, files.front());
}

TEST(ReportAutoencoder, GivesInPyTorchWhatItGivesHere)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path run = train(folder / "run", {"--set", "training.epochs=1"});
    constexpr int kImages = 500;
    const std::filesystem::path script = std::filesystem::path(LATENTOSCOPE_SOURCE) / "tests" / "slow" / "reconstruct.py";
    const test::Ended python =
        test::runProgram({"/usr/bin/python3", script, run / "model.safetensors",
                          packagedDataFolder() / "t10k-images-idx3-ubyte.gz", std::to_string(kImages), folder / "out.npy"});
    ASSERT_EQ(python.code, 0) << python.err;

    const RunRecord record = readRun(run);
    const auto model = readModel(run, record.configuration.model, record.shape);
    const auto data = loadDataSet();
    const std::span<const std::uint8_t> images = std::span(data->test.pixels).first(kImages * data->test.shape.values());
    const std::vector<float> ours = model->reconstruct(images);
    const std::vector<float> theirs = npyValues(folder / "out.npy");
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_NEAR(ours[i], theirs[i], 1e-5);

    const std::vector<float> codes = model->encode(images);
    const std::vector<float> theirCodes = npyValues(folder / "out.npy.codes.npy");
    ASSERT_EQ(codes.size(), theirCodes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
        ASSERT_NEAR(codes[i], theirCodes[i], 1e-4 * std::max(1.0F, std::abs(theirCodes[i])));
}

} // namespace latentoscope
