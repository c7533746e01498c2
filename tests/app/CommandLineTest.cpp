#include "core/base/AtomicFile.h"
#include "core/data/DataSet.h"
#include "core/storage/RunFolder.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>

namespace latentoscope {
namespace {

using test::Ended;

Ended latentoscope(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), LATENTOSCOPE_PROGRAM);
    return test::runProgram(arguments);
}

/// One line on stderr, nothing on stdout, and the exit code.
void expectRefusal(const Ended& ended, int code, const std::string& part)
{
    EXPECT_EQ(ended.code, code) << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_TRUE(ended.err.starts_with("latentoscope: ")) << ended.err;
    EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
}

/// A small data set on disk and a run trained on it.
class CommandLine : public testing::Test {
protected:
    void SetUp() override { test::writeIdxFolder(m_folder.path(), *test::smallData({9, 11, 1}), test::Compression::Gzip); }

    std::vector<std::string> trainArguments(const std::string& run) const
    {
        return {"train",
                "--preset",
                "report-autoencoder",
                "--data",
                m_folder.path(),
                "--set",
                "training.epochs=2",
                "--set",
                "training.batch_size=50",
                "--out",
                m_folder / run,
                "--threads",
                "1"};
    }
    std::string run(const std::string& name = "run")
    {
        const Ended ended = latentoscope(trainArguments(name));
        EXPECT_EQ(ended.code, 0) << ended.err;
        return m_folder / name;
    }
    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(CommandLine, TrainsEvaluatesEncodesAndDecodes)
{
    const std::filesystem::path folder = run();
    for (const char* file : {"config.json", "metrics.csv", "steps.csv", "model.safetensors", "log.txt", "figures/loss.csv",
                             "figures/reconstructions.png", "figures/latent.csv", "figures/manifold.png"}) {
        EXPECT_TRUE(std::filesystem::exists(folder / file)) << file;
    }
    const Ended evaluated = latentoscope({"evaluate", folder, "--json"});
    ASSERT_EQ(evaluated.code, 0) << evaluated.err;
    const auto object = nlohmann::json::parse(evaluated.out);
    EXPECT_EQ(object["kind"], "autoencoder");
    EXPECT_EQ(object["split"], "test");
    EXPECT_EQ(object["images"], 50);
    EXPECT_DOUBLE_EQ(object["reconstruction_accuracy"], 100 * (1 - object["mse"].get<double>()));
    EXPECT_GE(object["seconds"].get<double>(), 0);
    EXPECT_EQ(evaluated.err, "");

    ASSERT_EQ(latentoscope({"encode", folder, "--split", "test", "--out", m_folder / "codes.csv"}).code, 0);
    const std::string codes = readFile(m_folder / "codes.csv");
    EXPECT_TRUE(codes.starts_with("index,label,z0,z1\n0,0,"));
    EXPECT_EQ(std::count(codes.begin(), codes.end(), '\n'), 51);

    ASSERT_EQ(latentoscope({"decode", folder, "--code", "0.1,-0.5", "--out", m_folder / "image.png"}).code, 0);
    EXPECT_TRUE(readFile(m_folder / "image.png").starts_with("\x89PNG"));
    EXPECT_NE(latentoscope({"info", folder}).out.find("training.epochs"), std::string::npos);
}

TEST_F(CommandLine, ConfigurationOfARunTrainsTheSameAgain)
{
    const std::filesystem::path first = run();
    const Ended again = latentoscope(
        {"train", "--config", first / "config.json", "--data", m_folder.path(), "--out", m_folder / "again", "--threads", "3"});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(readFile(m_folder.path() / "again" / "model.safetensors"), readFile(first / "model.safetensors"));
}

TEST_F(CommandLine, FullRunFolderIsRefusedUnlessToldOtherwise)
{
    run();
    expectRefusal(latentoscope(trainArguments("run")), 2, "is not empty");
    std::vector<std::string> arguments = trainArguments("run");
    arguments.emplace_back("--overwrite");
    EXPECT_EQ(latentoscope(arguments).code, 0);
}

TEST_F(CommandLine, OtherDataIsSaid)
{
    const std::filesystem::path folder = run();
    const test::TemporaryFolder other;
    auto data = *test::smallData({9, 11, 1});
    std::vector<std::uint8_t> pixels(data.test.pixels.begin(), data.test.pixels.end());
    pixels[0] ^= 1U;
    data.test.pixels = std::move(pixels);
    test::writeIdxFolder(other.path(), data, test::Compression::None);
    const Ended ended = latentoscope({"evaluate", folder, "--data", other.path(), "--json"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_NE(ended.err.find("this is other data"), std::string::npos);
    const test::TemporaryFolder larger;
    test::writeIdxFolder(larger.path(), *test::smallData({12, 12, 1}), test::Compression::None);
    expectRefusal(latentoscope({"evaluate", folder, "--data", larger.path()}), 2, "holds images of 12 x 12 x 1");
}

TEST_F(CommandLine, EverySizeTrainsAndEvaluates)
{
    for (const ImageShape shape : {ImageShape{8, 8, 1}, ImageShape{8, 8, 3}, ImageShape{9, 11, 3}, ImageShape{33, 31, 1},
                                   ImageShape{33, 31, 3}, ImageShape{256, 256, 1}, ImageShape{256, 256, 3}}) {
        const test::TemporaryFolder folder;
        test::writeIdxFolder(folder.path(), *test::smallData(shape, 40, 10), test::Compression::None);
        const Ended trained = latentoscope({"train", "--preset", "report-autoencoder", "--data", folder.path(), "--set",
                                            "training.epochs=1", "--out", folder / "run"});
        ASSERT_EQ(trained.code, 0) << trained.err;
        const Ended evaluated = latentoscope({"evaluate", folder / "run", "--json"});
        ASSERT_EQ(evaluated.code, 0) << evaluated.err;
        EXPECT_EQ(nlohmann::json::parse(evaluated.out)["images"], 10);
    }
}

TEST_F(CommandLine, WrongUsageIsTwoWithOneLine)
{
    expectRefusal(latentoscope({"train", "--out", m_folder / "x"}), 2, "--preset");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder"}), 2, "--out");
    expectRefusal(latentoscope({"trian"}), 2, "the nearest is train");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--out", m_folder / "x", "--set", "training.epoch=3"}),
                  2, "the nearest one is training.epochs");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--out", m_folder / "x", "--set", "training.epochs"}),
                  2, "expected FIELD=VALUE");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--out", m_folder / "x", "--device", "cuda:9"}), 2,
                  "cuda:9");
    expectRefusal(latentoscope({"bench", "everything"}), 2, "everything");
}

TEST_F(CommandLine, FailureIsOneWithOneLine)
{
    expectRefusal(latentoscope({"evaluate", m_folder / "none"}), 1, "holds no config.json");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--out", m_folder / "x", "--data", m_folder / "none"}),
                  1, "no such file or folder; expected a folder of pictures");
    const std::filesystem::path folder = run();
    expectRefusal(latentoscope({"decode", folder, "--code", "0.1", "--out", m_folder / "i.png"}), 2,
                  "expected 2, the run's latent dimensions");
    expectRefusal(latentoscope({"decode", folder, "--code", "0.1,x", "--out", m_folder / "i.png"}), 2, "expected finite numbers");
    expectRefusal(latentoscope({"decode", folder, "--code", "0,0", "--out", m_folder.path() / "none" / "i.png"}), 1, "i.png");
    expectRefusal(latentoscope({"evaluate", folder, "--split", "validation"}), 2, "holds out no validation images");
    test::writeBytes(folder / "model.safetensors", "damaged");
    expectRefusal(latentoscope({"evaluate", folder}), 1, "model.safetensors");
}

TEST_F(CommandLine, DivergingTrainingFailsWithWhatToTry)
{
    std::vector<std::string> arguments = trainArguments("run");
    for (const char* set : {"training.optimizer=sgd", "training.learning_rate=10", "training.weight_decay=1",
                            "training.momentum=0.9999", "training.epochs=100"}) {
        arguments.insert(arguments.end(), {"--set", set});
    }
    const Ended ended = latentoscope(arguments);
    EXPECT_EQ(ended.code, 1);
    EXPECT_NE(ended.err.find("try a learning rate below 10"), std::string::npos) << ended.err;
    EXPECT_TRUE(std::filesystem::exists(m_folder.path() / "run" / "model.safetensors"));
}

/// What a shell does with the program; "$program" is it, "$folder" the test's folder.
Ended shell(const std::filesystem::path& folder, const std::string& script)
{
    return test::runProgram({"sh", "-c",
                             "program='" + std::string(LATENTOSCOPE_PROGRAM) + "'; folder='" + folder.string() + "'\n" +
                                 "train=\"$program train --preset report-autoencoder --data $folder --set training.batch_size=50 "
                                 "--set training.epochs=10000\"\n" +
                                 script});
}

TEST_F(CommandLine, TermAndHangUpStopAsCtrlCDoes)
{
    for (const std::string signal : {"INT", "TERM", "HUP"}) {
        // What a shell runs in the background has SIGINT ignored, and what is ignored stays so.
        const Ended ended = shell(m_folder.path(), "env --default-signal=INT $train --threads 1 --out $folder/" + signal +
                                                       " & pid=$!\n" + "while [ ! -e $folder/" + signal +
                                                       "/model.safetensors ]; do sleep 0.02; kill -0 $pid || exit 9; done\n"
                                                       "kill -" +
                                                       signal + " $pid; wait $pid");
        EXPECT_EQ(ended.code, 1) << signal << ended.err;
        EXPECT_NE(ended.out.find("Stopped; the epochs trained so far are in"), std::string::npos) << signal << ended.out;
        const std::filesystem::path run = m_folder / signal;
        EXPECT_EQ(readTrainedTo(run)->step, static_cast<std::int64_t>(readSteps(run).size())) << signal;
        EXPECT_TRUE(std::filesystem::exists(run / "figures" / "loss.csv")) << signal;
    }
}

TEST_F(CommandLine, WhatIsIgnoredAtTheStartStaysIgnored)
{
    const Ended ended = shell(m_folder.path(), "trap '' HUP INT\n$train --threads 1 --out $folder/run >/dev/null & pid=$!\n"
                                               "while [ ! -e $folder/run/model.safetensors ]; do sleep 0.02; done\n"
                                               "kill -HUP $pid; kill -INT $pid; sleep 0.5; kill -0 $pid || exit 9\n"
                                               "kill -TERM $pid; wait $pid");
    EXPECT_EQ(ended.code, 1) << ended.err; // by the last one alone
}

TEST_F(CommandLine, AReaderThatHasHadEnoughIsNoFailure)
{
    const Ended ended = shell(m_folder.path(), "{ $program search list --storage $folder/none; echo x; } >/dev/null 2>&1\n"
                                               "{ $train --set training.epochs=3 --threads 1 --out $folder/run; echo $? "
                                               ">$folder/code; } 2>$folder/err | true");
    const std::string said = readFile(m_folder / "err"); // a build without the window notes that its figures are CSV
    EXPECT_EQ(readFile(m_folder / "code"), "0\n") << said << ended.err;
    EXPECT_TRUE(said.empty() || (said.starts_with("latentoscope: note: ") && said.find('\n') + 1 == said.size())) << said;
}

TEST_F(CommandLine, AReaderThatGoesAwayDoesNotEndATraining)
{
    // The reader is gone before the first epoch is printed; the training ends when it is told to.
    const Ended ended = shell(m_folder.path(), "{ env --default-signal=INT $train --threads 1 --out $folder/run & echo $! "
                                               ">$folder/pid; wait $!; echo $? >$folder/code; } | head -n 1 &\n"
                                               "while [ ! -e $folder/run/model.safetensors ]; do sleep 0.02; done; sleep 0.2\n"
                                               "kill -0 $(cat $folder/pid) && kill -INT $(cat $folder/pid)\n"
                                               "while [ ! -s $folder/code ]; do sleep 0.02; done");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(readFile(m_folder / "code"), "1\n");
    EXPECT_GT(readTrainedTo(m_folder / "run")->step, 0);
}

TEST_F(CommandLine, OverwriteSparesWhatIsNoRun)
{
    std::filesystem::create_directories(m_folder.path() / "project" / "figures");
    test::writeBytes(m_folder.path() / "project" / "config.json", "{\"mine\": 1}");
    test::writeBytes(m_folder.path() / "project" / "figures" / "thesis.txt", "years of work");
    std::vector<std::string> arguments = trainArguments("project");
    arguments.emplace_back("--overwrite");
    expectRefusal(latentoscope(arguments), 2, "holds files but no run");
    EXPECT_EQ(readFile(m_folder.path() / "project" / "figures" / "thesis.txt"), "years of work");
}

TEST_F(CommandLine, WhatAnOptionCannotMeanIsRefused)
{
    const std::filesystem::path folder = run();
    expectRefusal(latentoscope({"evaluate", folder, "--device", "cuda:9"}), 2, "--device");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--out", ""}), 2, "is empty, expected a name");
    expectRefusal(latentoscope({"decode", folder, "--code", "1e300,0", "--out", m_folder / "i.png"}), 2,
                  "expected finite numbers");
    expectRefusal(latentoscope({"encode", folder, "--out", m_folder / "c.npz"}), 2, "expected .csv or .npy");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--seed", "-1", "--out", m_folder / "x"}), 2,
                  "training.seed: found -1");
    expectRefusal(latentoscope({"train", "--preset", "report-autoencoder", "--set", "training.epochs=3", "training.seed=1",
                                "--out", m_folder / "x"}),
                  2, "training.seed=1");
    expectRefusal(latentoscope({"frobnicate"}), 2,
                  "train, fine-tune, cross-validate, evaluate, encode, project, decode, sample, report, search, info, bench");
    EXPECT_EQ(latentoscope({"frobnicate"}).err.find("nearest"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(m_folder / "x"));
}

TEST_F(CommandLine, AMissingFileFailsAndADamagedRunDoesToo)
{
    expectRefusal(latentoscope({"train", "--preset", m_folder / "none.json", "--out", m_folder / "x"}), 1, "none.json");
    expectRefusal(latentoscope({"train", "--config", m_folder / "none.json", "--out", m_folder / "x"}), 1, "none.json");
    const std::filesystem::path folder = run();
    test::writeBytes(folder / "config.json", "{\"training\": {\"epochs\": -3}, \"run\": {}}");
    expectRefusal(latentoscope({"evaluate", folder}), 1, "training.epochs: found -3");
    expectRefusal(latentoscope({"train", "--config", folder / "config.json", "--out", m_folder / "x"}), 2,
                  "training.epochs: found -3");
}

TEST_F(CommandLine, ALineBreakInAPathIsShownAndEndsNothing)
{
    expectRefusal(latentoscope({"evaluate", m_folder / "a\nb"}), 1, "a\\nb: holds no config.json");
}

TEST_F(CommandLine, OutputThatIsLostIsAFailure)
{
    const std::filesystem::path folder = run();
    for (const char* where : {">/dev/full", ">&-"}) {
        const Ended ended = shell(m_folder.path(), std::string("$program evaluate $folder/run --json ") + where);
        EXPECT_EQ(ended.code, 1) << where;
        EXPECT_NE(ended.err.find("standard output: cannot be written"), std::string::npos) << where << ended.err;
    }
}

TEST_F(CommandLine, ARunIsEvaluatedFromAnywhere)
{
    const Ended ended =
        shell(m_folder.path(), "cd $folder && mkdir data && mv *-ubyte* data && $program train --preset report-autoencoder "
                               "--data data --set training.epochs=1 --out run >/dev/null && cd / && $program evaluate "
                               "$folder/run --json");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(readRun(m_folder / "run").dataFolder, (m_folder / "data").string());
}

TEST_F(CommandLine, TrainAndValidationAreApart)
{
    std::vector<std::string> arguments = trainArguments("run");
    arguments.insert(arguments.end(), {"--set", "data.validation_fraction=0.1"});
    ASSERT_EQ(latentoscope(arguments).code, 0);
    for (const auto& [split, images] : {std::pair{"train", 180}, std::pair{"validation", 20}, std::pair{"test", 50}}) {
        const Ended ended = latentoscope({"evaluate", m_folder / "run", "--split", split, "--json"});
        EXPECT_EQ(nlohmann::json::parse(ended.out)["images"], images) << split;
    }
}

TEST_F(CommandLine, AVaeTrainsAndIsMeasuredWithItsBounds)
{
    std::vector<std::string> arguments = trainArguments("vae");
    arguments[2] = "report-vae";
    ASSERT_EQ(latentoscope(arguments).code, 0);
    const Ended plain = latentoscope({"evaluate", m_folder / "vae", "--json"});
    ASSERT_EQ(plain.code, 0) << plain.err;
    const auto found = nlohmann::json::parse(plain.out);
    EXPECT_EQ(found.at("kind"), "vae");
    EXPECT_NEAR(found.at("negative_elbo").get<double>(), found.at("reconstruction").get<double>() + found.at("kl").get<double>(),
                1e-9);
    EXPECT_TRUE(found.at("active_units").is_number_integer());
    EXPECT_FALSE(found.contains("importance_weighted_bound"));
    const auto sampled = nlohmann::json::parse(latentoscope({"evaluate", m_folder / "vae", "--samples", "20", "--json"}).out);
    EXPECT_EQ(sampled.at("samples"), 20);
    EXPECT_GT(sampled.at("importance_weighted_bound").get<double>(), -found.at("negative_elbo").get<double>());
    const auto other = nlohmann::json::parse(latentoscope({"evaluate", m_folder / "vae", "--seed", "5", "--json"}).out);
    EXPECT_NE(other.at("negative_elbo"), found.at("negative_elbo"));
    EXPECT_EQ(other.at("kl"), found.at("kl"));
    expectRefusal(latentoscope({"evaluate", run(), "--samples", "20"}), 2, "needs a posterior over codes");
}

TEST_F(CommandLine, ARunsEncoderIsFineTunedOnLabels)
{
    const std::string encoder = run("encoder");
    const auto fineTune = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"fine-tune", "--preset", "report-fine-tune", "--set", "training.epochs=2",
                                           "--threads", "1"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return latentoscope(arguments);
    };
    const Ended tuned = fineTune({encoder, "--out", m_folder / "classes"});
    ASSERT_EQ(tuned.code, 0) << tuned.err;
    EXPECT_NE(tuned.out.find("The encoder is that of " + encoder + " (autoencoder, latent 2)"), std::string::npos) << tuned.out;
    const auto found = nlohmann::json::parse(latentoscope({"evaluate", m_folder / "classes", "--json"}).out);
    EXPECT_NEAR(found.at("accuracy").get<double>() + found.at("error").get<double>(), 100, 1e-9);
    EXPECT_EQ(found.at("confusion").size(), 10U);
    EXPECT_EQ(found.at("recall").size(), 10U);
    const auto config = nlohmann::json::parse(readFile(m_folder / "classes" / "config.json"));
    EXPECT_EQ(config.at("run").at("encoder"), encoder);
    EXPECT_EQ(config.at("model").at("latent"), 2) << "the encoder's, whatever the preset says";
    for (const char* figure : {"confusion.csv", "mistakes.csv"})
        EXPECT_TRUE(std::filesystem::exists(m_folder / "classes" / "figures" / figure)) << figure;
    EXPECT_EQ(fineTune({encoder, "--freeze-encoder", "--labels-fraction", "0.5", "--out", m_folder / "frozen"}).code, 0);
    EXPECT_EQ(fineTune({encoder, "--from-scratch", "--out", m_folder / "scratch"}).code, 0);
    EXPECT_EQ(fineTune({"--from-scratch", "--data", m_folder.path(), "--out", m_folder / "alone"}).code, 0);

    expectRefusal(latentoscope({"decode", m_folder / "classes", "--code", "0,0", "--out", m_folder / "x.png"}), 2,
                  "makes no images from codes");
    expectRefusal(fineTune({"--out", m_folder / "none"}), 2, "fine-tune: found no run");
    expectRefusal(fineTune({encoder, "--from-scratch", "--freeze-encoder", "--out", m_folder / "none"}), 2, "--freeze-encoder");
    expectRefusal(fineTune({encoder, "--labels-fraction", "0.001", "--out", m_folder / "none"}), 2, "leaves class 0 with none");
    expectRefusal(fineTune({encoder, "--labels-fraction", "2", "--out", m_folder / "none"}), 2, "data.labels_fraction: found 2");
    expectRefusal(fineTune({encoder, "--set", "model.latent=3", "--out", m_folder / "none"}), 2, "--set model.latent");
    expectRefusal(fineTune({m_folder / "nowhere", "--out", m_folder / "none"}), 1, "nowhere");
    expectRefusal(latentoscope({"fine-tune", encoder, "--preset", "report-vae", "--out", m_folder / "none"}), 2,
                  "model.kind: found vae");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "none"));
}

TEST_F(CommandLine, FoldsAreTrainedMeasuredAndContinued)
{
    const auto folds = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{
            "cross-validate", "--data", m_folder.path(), "--set", "training.epochs=2", "--set", "training.batch_size=50",
            "--folds",        "3"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return latentoscope(arguments);
    };
    const std::filesystem::path out = m_folder / "folds";
    const Ended first = folds({"--preset", "report-autoencoder", "--out", out, "--threads", "2"});
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(first.out.find("Mean and standard deviation over 3 folds:"), std::string::npos) << first.out;
    for (const char* file : {"folds.csv", "cross-validation.json", "figures/folds.csv", "fold-01/model.safetensors",
                             "fold-03/figures/loss.csv", "fold-03/figures/latent.csv"})
        EXPECT_TRUE(std::filesystem::exists(out / file)) << file;
    // A fold is a run like any other: measured again on what it held out, it gives the same figures.
    const auto again = nlohmann::json::parse(
        latentoscope({"evaluate", out / "fold-02", "--split", "validation", "--json", "--threads", "1"}).out);
    const Ended same = folds({"--preset", "report-autoencoder", "--out", out, "--json"});
    ASSERT_EQ(same.code, 0) << same.err;
    const auto found = nlohmann::json::parse(same.out);
    EXPECT_EQ(found.at("finished"), 3);
    EXPECT_EQ(found.at("mse").at("folds")[1], again.at("mse"));
    EXPECT_TRUE(again.at("images") == 66 || again.at("images") == 67) << again.at("images");

    expectRefusal(folds({"--preset", "report-autoencoder", "--out", out, "--set", "training.epochs=3"}), 2,
                  "training.epochs 2, found 3");
    expectRefusal(folds({"--preset", "report-autoencoder", "--out", m_folder / "none", "--folds", "1"}), 2, "folds");
    expectRefusal(folds({"--preset", "report-autoencoder", "--out", m_folder / "none", "--set", "data.fold=2"}), 2,
                  "--set data.fold");
    expectRefusal(folds({"--preset", "report-autoencoder", "--out", m_folder / "none", "--pretrain", "autoencoder"}), 2,
                  "--pretrain: found with model.kind autoencoder");
    expectRefusal(folds({"--out", m_folder / "none"}), 2, "neither --preset nor --config");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "none"));
    EXPECT_EQ(folds({"--preset", "report-autoencoder", "--out", out, "--set", "training.epochs=3", "--overwrite"}).code, 0);
    EXPECT_EQ(readRun(out / "fold-01").configuration.training.epochs, 3);
}

TEST_F(CommandLine, ARunsOwnConfigurationRepeatsIt)
{
    const std::string encoder = run("encoder");
    ASSERT_EQ(latentoscope({"fine-tune", encoder, "--preset", "fine-tune", "--set", "training.epochs=3", "--freeze-encoder",
                            "--out", m_folder / "tuned", "--threads", "1"})
                  .code,
              0);
    const std::string config = (m_folder / "tuned" / "config.json").string();
    const Ended again = latentoscope({"train", "--config", config, "--out", m_folder / "again", "--threads", "1"});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_NE(again.out.find("The encoder is that of " + encoder), std::string::npos) << again.out;
    EXPECT_EQ(readFile(m_folder / "again" / "model.safetensors"), readFile(m_folder / "tuned" / "model.safetensors"));
    expectRefusal(latentoscope({"train", "--config", config, "--set", "model.latent=3", "--out", m_folder / "none"}), 2,
                  "the encoder is that of");
    // Data that are elsewhere now are refused unless they are named.
    const auto other = test::smallData({9, 11, 1}, 100);
    std::filesystem::rename(m_folder / "train-images-idx3-ubyte.gz", m_folder / "kept.gz");
    std::filesystem::rename(m_folder / "train-labels-idx1-ubyte.gz", m_folder / "kept-labels.gz");
    std::filesystem::create_directory(m_folder / "other");
    test::writeIdxFolder(m_folder / "other", *other, test::Compression::None);
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"})
        std::filesystem::copy_file(m_folder / "other" / name, m_folder / name);
    expectRefusal(latentoscope({"train", "--config", config, "--out", m_folder / "none"}), 2, "found data of digest");
    expectRefusal(latentoscope({"cross-validate", "--config", (std::filesystem::path(encoder) / "config.json").string(), "--out",
                                m_folder / "none"}),
                  2, "found data of digest");
    const Ended meant = latentoscope({"train", "--config", (std::filesystem::path(encoder) / "config.json").string(), "--data",
                                      m_folder.path(), "--out", m_folder / "meant"});
    EXPECT_EQ(meant.code, 0) << meant.err;
    EXPECT_NE(meant.err.find("note: this is other data"), std::string::npos) << meant.err;
    // An encoder that was trained again since is another one.
    std::filesystem::remove(m_folder / "train-images-idx3-ubyte");
    std::filesystem::remove(m_folder / "train-labels-idx1-ubyte");
    std::filesystem::rename(m_folder / "kept.gz", m_folder / "train-images-idx3-ubyte.gz");
    std::filesystem::rename(m_folder / "kept-labels.gz", m_folder / "train-labels-idx1-ubyte.gz");
    ASSERT_EQ(latentoscope({"train", "--config", (std::filesystem::path(encoder) / "config.json").string(), "--seed", "9",
                            "--out", encoder, "--overwrite"})
                  .code,
              0);
    expectRefusal(latentoscope({"train", "--config", config, "--out", m_folder / "none"}), 2, "that run was trained again since");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "none"));
}

TEST_F(CommandLine, FoldsOfAClassifierTellWhereTheirEncoderComesFrom)
{
    const std::string encoder = run("encoder");
    const auto folds = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"cross-validate", "--preset", "report-fine-tune", "--set", "training.epochs=1",
                                           "--folds",        "2"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return latentoscope(arguments);
    };
    const Ended given = folds({"--encoder", encoder, "--out", m_folder / "given"});
    ASSERT_EQ(given.code, 0) << given.err;
    EXPECT_NE(given.err.find("has seen the images that the folds hold out, without their labels"), std::string::npos)
        << given.err;
    EXPECT_EQ(readRun(m_folder / "given" / "fold-01").encoderFolder, encoder);
    writeFileAtomically(m_folder / "short.json", R"({"training": {"epochs": 1}, "model": {"latent": 3}})");
    const Ended own = folds({"--pretrain", m_folder / "short.json", "--data", m_folder.path(), "--out", m_folder / "own"});
    ASSERT_EQ(own.code, 0) << own.err;
    EXPECT_EQ(own.err.find("note: the encoder"), std::string::npos) << own.err;
    EXPECT_EQ(readRun(m_folder / "own" / "fold-02").configuration.model.latent, 3);
    EXPECT_EQ(readRun(m_folder / "own" / "encoder-02").configuration.data.fold, 2);
    expectRefusal(folds({"--encoder", encoder, "--set", "model.latent=3", "--out", m_folder / "none"}), 2, "--set model.latent");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "none"));
}

TEST_F(CommandLine, SamplesOfClassesAndOfThePriorAreDrawnAndJudged)
{
    const std::string plain = run("plain");
    std::vector<std::string> arguments = trainArguments("vae");
    arguments[2] = "report-vae";
    ASSERT_EQ(latentoscope(arguments).code, 0);
    ASSERT_EQ(latentoscope({"fine-tune", plain, "--preset", "report-fine-tune", "--set", "training.epochs=1", "--out",
                            m_folder / "classes"})
                  .code,
              0);
    const std::string vae = m_folder / "vae", classes = m_folder / "classes";
    const auto sample = [&](std::vector<std::string> more) {
        more.insert(more.begin(), "sample");
        return latentoscope(more);
    };
    for (const char* density : {"gaussian", "mixture", "neighbours"}) {
        const std::string grid = m_folder / (std::string(density) + ".png");
        const Ended ended = sample({plain, "--class", "3", "--count", "6", "--density", density, "--seed", "1", "--out", grid});
        ASSERT_EQ(ended.code, 0) << ended.err;
        const std::string again = m_folder / "again.png";
        ASSERT_EQ(
            sample({plain, "--class", "3", "--count", "6", "--density", density, "--seed", "1", "--threads", "1", "--out", again})
                .code,
            0);
        EXPECT_EQ(readFile(again), readFile(grid)) << density;
    }
    EXPECT_EQ(sample({vae, "--prior", "--temperature", "0.7", "--out", m_folder / "prior.png"}).code, 0);
    const std::string table = m_folder / "all.csv";
    const Ended judged = sample({plain, "--judge", classes, "--count", "4", "--out", table, "--json"});
    ASSERT_EQ(judged.code, 0) << judged.err;
    const auto found = nlohmann::json::parse(judged.out);
    EXPECT_EQ(found.at("count"), 40);
    int diagonal = 0;
    int all = 0;
    for (std::size_t row = 0; row < 10; ++row) {
        for (std::size_t column = 0; column < 10; ++column) all += found.at("confusion")[row][column].get<int>();
        diagonal += found.at("confusion")[row][row].get<int>();
    }
    EXPECT_EQ(all, 40);
    EXPECT_NEAR(found.at("anticipated_share").get<double>(), 100.0 * diagonal / 40, 1e-9);
    EXPECT_TRUE(readFile(table).starts_with("label,class,z0,z1,"));

    const std::string none = m_folder / "none.png";
    expectRefusal(sample({classes, "--class", "3", "--out", none}), 2, "makes no images from codes");
    expectRefusal(sample({plain, "--prior", "--out", none}), 2, "--prior: found with a network of kind autoencoder");
    expectRefusal(sample({plain, "--class", "10", "--out", none}), 2, "--class: found 10, expected 0 to 9");
    expectRefusal(sample({plain, "--class", "3", "--density", "normal", "--out", none}), 2, "--density: found normal");
    expectRefusal(sample({plain, "--class", "3"}), 2, "neither --out nor --judge");
    expectRefusal(sample({plain, "--class", "3", "--out", m_folder / "none.jpg"}), 2, "ends in .png");
    expectRefusal(sample({plain, "--judge", vae}), 2, "expected a classifier's");
    expectRefusal(sample({vae, "--prior", "--judge", classes}), 2, "of no class");
    EXPECT_FALSE(std::filesystem::exists(none));
}

TEST(Help, ReadsForEveryCommand)
{
    for (const char* command :
         {"data", "train", "cross-validate", "fine-tune", "sample", "evaluate", "encode", "decode", "info", "bench"}) {
        const Ended ended = latentoscope({command, "--help"});
        EXPECT_EQ(ended.code, 0);
        EXPECT_NE(ended.out.find("Usage:"), std::string::npos) << command;
        EXPECT_EQ(ended.err, "");
    }
    EXPECT_NE(latentoscope({"--version"}).out.find("latentoscope 0."), std::string::npos);
}

TEST_F(CommandLine, InfoTellsWhatTheProgramIsMadeOfAndRunsOn)
{
    const Ended ended = latentoscope({"info"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    for (const char* pattern : {"libtorch +[12]\\.[0-9]+", "Qt +(6\\.[0-9]+|none)", "system +.*Linux [0-9]", "processor +[^ ]",
                                "vector instructions +[a-zA-Z]", "devices +cpu"})
        EXPECT_TRUE(std::regex_search(ended.out, std::regex(pattern))) << pattern << " in\n" << ended.out;
}

} // namespace latentoscope
