// The program on data of one's own: without labels, with other classes than ten.
#include "core/base/AtomicFile.h"
#include "core/data/DataSet.h"
#include "core/storage/PngFile.h"
#include "core/storage/RunFolder.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using test::Ended;

Ended latentoscope(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), LATENTOSCOPE_PROGRAM);
    return test::runProgram(arguments);
}

void expectRefusal(const Ended& ended, const std::string& part)
{
    EXPECT_EQ(ended.code, 2) << ended.err;
    EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
}

class OwnData : public testing::Test {
protected:
    /// Pictures of small data in a folder of each class, or without classes.
    fs::path pictures(const std::string& name, int classes) const
    {
        const auto data = test::smallData({9, 11, 1}, 120, 30);
        for (int item = 0; item < data->train.count(); ++item) {
            const fs::path folder = classes > 0 ? m_folder / name / ("kind " + std::to_string(item % classes)) : m_folder / name;
            fs::create_directories(folder);
            writePng(folder / (std::to_string(1000 + item) + ".png"), data->train.shape, data->train.image(item));
        }
        return m_folder / name;
    }
    /// A run of one epoch.
    fs::path trained(const fs::path& data, const std::string& preset, const std::string& run,
                     const std::vector<std::string>& more = {}) const
    {
        const Ended ended = begun({"train", "--preset", preset, "--data", data, "--out", m_folder / run}, more);
        EXPECT_EQ(ended.code, 0) << ended.err;
        return m_folder / run;
    }
    static Ended begun(std::vector<std::string> arguments, const std::vector<std::string>& more = {})
    {
        for (const char* one : {"--threads", "1", "--set", "training.epochs=1", "--set", "training.batch_size=40"})
            arguments.emplace_back(one);
        arguments.insert(arguments.end(), more.begin(), more.end());
        return latentoscope(arguments);
    }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(OwnData, WithoutLabelsAllThatNeedsNoneWorks)
{
    const fs::path data = pictures("flat", 0);
    const fs::path run = trained(data, "autoencoder", "run", {"--set", "model.latent=3"});
    EXPECT_TRUE(readRun(run).classNames.empty());
    EXPECT_TRUE(readFile(run / "figures" / "latent.csv").starts_with("index,z0,z1\n"));
    EXPECT_TRUE(readFile(run / "figures" / "reconstructions.csv").starts_with("index,row,column,picture,"));

    EXPECT_EQ(latentoscope({"encode", run, "--out", m_folder / "codes.csv"}).code, 0);
    EXPECT_TRUE(readFile(m_folder / "codes.csv").starts_with("index,z0,z1,z2\n"));
    for (const char* method : {"pca", "tsne", "umap"}) {
        const Ended projected = latentoscope({"project", run, "--method", method, "--out", m_folder / "places.csv", "--json"});
        ASSERT_EQ(projected.code, 0) << projected.err;
        EXPECT_FALSE(nlohmann::json::parse(projected.out).value("quality", nlohmann::json::object()).contains("label_accuracy"));
        EXPECT_TRUE(readFile(m_folder / "places.csv").starts_with("index,x,y\n"));
    }
    const Ended evaluated = latentoscope({"evaluate", run, "--json"});
    EXPECT_EQ(evaluated.code, 0) << evaluated.err;
    const Ended sampled = latentoscope({"sample", run, "--count", "7", "--out", m_folder / "new.csv"});
    ASSERT_EQ(sampled.code, 0) << sampled.err;
    EXPECT_TRUE(sampled.out.starts_with("7 samples of all codes")) << sampled.out;
    EXPECT_TRUE(readFile(m_folder / "new.csv").starts_with("z0,z1,z2,p0"));
    EXPECT_EQ(trained(data, "vae", "variational"), m_folder / "variational");
    const Ended folds =
        begun({"cross-validate", "--preset", "autoencoder", "--data", data, "--folds", "3", "--out", m_folder / "folds"});
    EXPECT_EQ(folds.code, 0) << folds.err;
}

TEST_F(OwnData, WithoutLabelsAClassifierIsRefusedWithWhatToDo)
{
    const fs::path data = pictures("flat", 0);
    const fs::path run = trained(data, "autoencoder", "run");
    const std::string advice =
        "flat: has no labels, which a classifier learns from; put the pictures of each class into a folder";
    expectRefusal(begun({"train", "--preset", "fine-tune", "--data", data, "--out", m_folder / "x"}), advice);
    expectRefusal(begun({"fine-tune", run, "--preset", "fine-tune", "--out", m_folder / "x"}), advice);
    expectRefusal(begun({"cross-validate", "--preset", "fine-tune", "--data", data, "--folds", "3", "--out", m_folder / "x"}),
                  advice);
    expectRefusal(latentoscope({"sample", run, "--class", "0", "--out", m_folder / "x.png"}),
                  "--class: found 0, but the run's data have no labels");
    EXPECT_FALSE(fs::exists(m_folder / "x"));
    expectRefusal(begun({"train", "--preset", "fine-tune", "--data", pictures("one", 1), "--out", m_folder / "x"}),
                  "all of its training images are of one class, expected at least two");
}

TEST_F(OwnData, TheCommandDataSaysWhatIsThere)
{
    const fs::path data = pictures("sorted", 3);
    fs::copy_file(data / "kind 0" / "1000.png", data / "kind 1" / "again.png");
    writeFileAtomically(data / "kind 2" / "broken.png", "no picture");
    writeFileAtomically(data / "Notes.txt", "words");
    const Ended told = latentoscope(
        {"data", data, "--set", "data.size=8", "--json", "--out", m_folder / "all.npz", "--mean", m_folder / "mean.png"});
    ASSERT_EQ(told.code, 0) << told.err;
    const auto json = nlohmann::json::parse(told.out);
    EXPECT_EQ(json.at("train").get<int>() + json.at("test").get<int>(), 121);
    EXPECT_EQ(json.at("validation"), 0);
    EXPECT_EQ(json.at("height"), 8);
    EXPECT_EQ(json.at("channels"), 1);
    EXPECT_EQ(json.at("sizes")[0].at("height"), 9);
    EXPECT_EQ(json.at("sizes")[0].at("width"), 11);
    EXPECT_EQ(json.at("depth"), 8);
    EXPECT_EQ(json.at("classes"), (nlohmann::json{"kind 0", "kind 1", "kind 2"}));
    EXPECT_EQ(json.at("unreadable").size(), 1U);
    EXPECT_EQ(json.at("unreadable")[0].at("file"), "kind 2/broken.png");
    EXPECT_EQ(json.at("duplicates"), 1);
    EXPECT_EQ(json.at("passed_over"), 1);
    EXPECT_TRUE(fs::exists(m_folder / "mean.png"));
    const auto again = nlohmann::json::parse(latentoscope({"data", m_folder / "all.npz", "--json"}).out);
    EXPECT_EQ(again.at("digest"), json.at("digest"));
    const Ended words = latentoscope({"data", data});
    ASSERT_EQ(words.code, 0) << words.err;
    for (const char* part :
         {"121 of 9 x 11", "kind 0: ", "1 image is the same as another one", "kind 2/broken.png: it is no picture"})
        EXPECT_NE(words.out.find(part), std::string::npos) << part << " in " << words.out;
    expectRefusal(latentoscope({"data", data, "--set", "model.latent=3"}),
                  "--set: found model.latent=3, expected data.FIELD=VALUE");
    expectRefusal(latentoscope({"data", data, "--out", m_folder / "all.npz"}), "is there already");
}

TEST_F(OwnData, AFineTunedRunReadsTheImagesAsItsEncoderDid)
{
    const fs::path data = pictures("sorted", 3);
    const fs::path run =
        trained(data, "autoencoder", "run",
                {"--set", "data.size=16x12", "--set", "data.fit=pad", "--set", "data.test_fraction=0.3", "--set", "data.seed=4"});
    ASSERT_EQ(begun({"fine-tune", run, "--preset", "fine-tune", "--out", m_folder / "classes"}).code, 0);
    const RunRecord first = readRun(run), second = readRun(m_folder / "classes");
    EXPECT_EQ(second.dataDigest, first.dataDigest);
    EXPECT_TRUE(second.configuration.data.readsAs(first.configuration.data));
    EXPECT_TRUE(second.configuration.data.drawsTestAs(first.configuration.data));
    const Ended evaluated = latentoscope({"evaluate", m_folder / "classes"});
    EXPECT_EQ(evaluated.code, 0) << evaluated.err;
    EXPECT_EQ(evaluated.err.find("other data"), std::string::npos) << evaluated.err;
    expectRefusal(begun({"fine-tune", run, "--preset", "fine-tune", "--set", "data.size=8", "--out", m_folder / "x"}),
                  "--set data.size: the images are read as for");
    ASSERT_EQ(begun({"cross-validate", "--preset", "fine-tune", "--pretrain", "autoencoder", "--data", data, "--set",
                     "data.size=16x12", "--folds", "2", "--out", m_folder / "folds"})
                  .code,
              0);
    for (const auto& entry : fs::recursive_directory_iterator(m_folder / "folds")) {
        if (!fs::exists(entry.path() / "model.safetensors")) continue;
        EXPECT_EQ(readRun(entry.path()).configuration.data.size, (ImageSize{16, 12})) << entry.path();
    }
}

TEST_F(OwnData, AClassifierTellsApartWhatTheDataHave)
{
    const fs::path data = pictures("sorted", 12);
    const fs::path run = trained(data, "autoencoder", "run");
    const Ended tuned = begun({"fine-tune", run, "--preset", "fine-tune", "--out", m_folder / "classes"});
    ASSERT_EQ(tuned.code, 0) << tuned.err;
    EXPECT_EQ(readRun(m_folder / "classes").configuration.model.classes, 12);
    EXPECT_EQ(readRun(m_folder / "classes").classNames[2], "kind 10") << "by their bytes, as torchvision orders them";
    expectRefusal(begun({"fine-tune", run, "--preset", "fine-tune", "--set", "model.classes=11", "--out", m_folder / "x"}),
                  "model.classes: found 11, but sorted has 12 classes");
    const Ended unlabelled = latentoscope({"evaluate", m_folder / "classes", "--data", pictures("flat", 0)});
    expectRefusal(unlabelled, "flat: has no labels, which a classifier's predictions are held against");
}

} // namespace latentoscope
