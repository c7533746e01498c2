// `latentoscope search`, which trains, as a person would run it, in one terminal and in two.
#include "core/base/AtomicFile.h"
#include "core/data/ImageShape.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <future>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using test::Ended;

class SearchRun : public testing::Test {
protected:
    SearchRun()
    {
        std::filesystem::create_directory(m_folder / "data");
        test::writeIdxFolder(m_folder / "data", *test::smallData({16, 16, 1}, 400, 100), test::Compression::None);
    }

    std::vector<std::string> arguments(const std::string& out, const std::vector<std::string>& more) const
    {
        std::vector<std::string> all{LATENTOSCOPE_PROGRAM,         "search", "--data",
                                     (m_folder / "data").string(), "--out",  (m_folder / out).string()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    Ended search(const std::string& out, const std::vector<std::string>& more) const
    {
        return test::runProgram(arguments(out, more));
    }
    std::vector<std::string> report(std::vector<std::string> more) const
    {
        more.insert(more.begin(), {"--preset", "report-search", "--set", "training.epochs=3", "--set", "training.batch_size=50"});
        return more;
    }
    Json list(const std::string& out, const std::string& study = "report-search") const
    {
        const Ended ended = test::runProgram({LATENTOSCOPE_PROGRAM, "search", "list", "--storage",
                                              (m_folder / out / "study.log").string(), "--study", study, "--json"});
        EXPECT_EQ(ended.code, 0) << ended.err;
        return Json::parse(ended.out, nullptr, false);
    }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(SearchRun, FindsSettingsThatTrainTakes)
{
    const Ended ended = search("a", report({"--trials", "12", "--workers", "2", "--threads", "2"}));
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("Done: 12 trials"), std::string::npos) << ended.out;
    const Json trials = list("a");
    ASSERT_EQ(trials.size(), 12U);
    EXPECT_NE(readFile(m_folder / "a" / "study.log").find(R"("study:metric_names": [")"), std::string::npos)
        << "Optuna's dashboard calls the objectives by these";
    const Ended best =
        test::runProgram({LATENTOSCOPE_PROGRAM, "search", "best", "--storage", (m_folder / "a" / "study.log").string(), "--study",
                          "report-search", "--preset", (m_folder / "best.json").string(), "--json"});
    ASSERT_EQ(best.code, 0) << best.err;
    EXPECT_EQ(readFile(m_folder / "best.json"), readFile(m_folder / "a" / "best.json"));
    const Ended trained = test::runProgram({LATENTOSCOPE_PROGRAM, "train", "--data", (m_folder / "data").string(), "--preset",
                                            (m_folder / "best.json").string(), "--out", (m_folder / "run").string()});
    EXPECT_EQ(trained.code, 0) << trained.err;
    const Json config = Json::parse(readFile(m_folder / "run" / "config.json"));
    EXPECT_EQ(config["model"]["latent"], Json::parse(best.out)["params"]["model.latent"]);
    const Ended figures =
        test::runProgram({LATENTOSCOPE_PROGRAM, "search", "figures", "--storage", (m_folder / "a" / "study.log").string(),
                          "--study", "report-search", "--out", (m_folder / "figures").string()});
    EXPECT_EQ(figures.code, 0) << figures.err;
    for (const char* name : {"history", "parallel", "slice-latent", "importance", "timeline", "intermediate"})
        EXPECT_TRUE(std::filesystem::exists(m_folder / "figures" / (std::string(name) + ".csv"))) << name;
    // More trials of the same study.
    const Ended more = search("a", {"--resume", "--trials", "14"});
    ASSERT_EQ(more.code, 0) << more.err;
    EXPECT_EQ(list("a").size(), 14U);
}

TEST_F(SearchRun, KilledAtAnyMomentLosesNoTrial)
{
    const std::vector<std::string> options =
        report({"--trials", "10", "--workers", "2", "--threads", "2", "--pruner", "none", "--set", "training.epochs=30"});
    int killed = 0;
    for (const char* seconds : {"0.6", "0.8", "1.0"}) { // more deaths of one trial than it is tried again would end it
        std::vector<std::string> command{"/usr/bin/timeout", "-s", "KILL", seconds};
        const std::vector<std::string> rest = arguments("killed", options);
        command.insert(command.end(), rest.begin(), rest.end());
        if (test::runProgram(command).code != 0) ++killed;
    }
    EXPECT_GE(killed, 1);
    // Two at once finish what is left.
    auto beside = std::async(std::launch::async, [&] { return search("killed", options); });
    const Ended ended = search("killed", options);
    ASSERT_EQ(ended.code, 0) << ended.err;
    ASSERT_EQ(beside.get().code, 0);
    int whole = 0;
    const Json trials = list("killed");
    for (const Json& trial : trials) {
        const std::string state = trial["state"];
        EXPECT_NE(state, "running") << trial;
        EXPECT_NE(state, "waiting") << trial;
        if (state != "fail")
            ++whole;
        else
            EXPECT_EQ(trial["attributes"]["failure"], "its worker died") << trial;
    }
    EXPECT_EQ(whole, 10);
}

TEST_F(SearchRun, SearchesAGridOfAnyFields)
{
    writeFileAtomically(m_folder / "space.json", R"({"model.latent": {"type": "int", "low": 2, "high": 3},
        "training.learning_rate": {"type": "float", "low": 0.001, "high": 0.01, "log": true}})");
    const Ended ended =
        search("grid", {"--preset", "autoencoder", "--set", "training.epochs=1", "--set", "data.validation_fraction=0.2",
                        "--space", (m_folder / "space.json").string(), "--sampler", "grid", "--grid-values", "3", "--pruner",
                        "none", "--study", "g", "--objective", "mse"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const Json trials = list("grid", "g");
    ASSERT_EQ(trials.size(), 6U);
    for (const Json& trial : trials) EXPECT_EQ(trial["state"], "complete");
}

TEST_F(SearchRun, WhatCannotBeIsASentence)
{
    const auto refused = [&](const std::vector<std::string>& more, const std::string& part, int code = 2) {
        const Ended ended = search("r", more);
        EXPECT_EQ(ended.code, code) << ended.err;
        EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    };
    refused({}, "neither --preset nor --resume");
    refused({"--preset", "report-search"}, "found no end");
    refused({"--preset", "report-autoencoder", "--trials", "1"}, "--space: found none");
    refused({"--preset", "nothing", "--trials", "1"}, "report-search");
    refused({"--preset", "nothing.json", "--trials", "1"}, "nothing.json", 1);
    refused(report({"--trials", "1", "--objective", "elbo"}), "objective: found elbo");
    refused(report({"--trials", "1", "--pruner", "asha"}), "pruner: found asha");
    refused(report({"--trials", "1", "--set", "training.epochs"}), "FIELD=VALUE");
    refused({"--resume", "--trials", "1"}, "found no such file", 1);
    refused({"--resume", "--preset", "report-search", "--study", "s", "--trials", "1"}, "--resume: found other settings");
    refused(report({"--trials", "1", "--storage", (m_folder / "data").string()}), "cannot", 1);
    EXPECT_EQ(search("r", report({"--trials", "2"})).code, 0);
    refused({"--preset", "report-search", "--trials", "3"}, "found it begun with another training.");
    refused({"--resume", "--study", "other", "--trials", "1"}, "found no study other", 1);
}

} // namespace latentoscope
