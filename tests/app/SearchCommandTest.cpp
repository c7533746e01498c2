// `latentoscope search ask|tell|list|best`, as a script would call them.
#include "core/base/AtomicFile.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using test::Ended;

class SearchCommand : public testing::Test {
protected:
    SearchCommand()
    {
        writeFileAtomically(m_space, R"({"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true},
            "latent": {"type": "int", "low": 2, "high": 20}, "optimizer": {"type": "categorical", "choices": ["Adam", "SGD", null]},
            "share": {"type": "float", "low": 0, "high": 1, "step": 0.3}})");
    }

    Ended search(const std::string& what, const std::vector<std::string>& more) const
    {
        std::vector<std::string> arguments{LATENTOSCOPE_PROGRAM, "search", what, "--storage", m_storage};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return test::runProgram(arguments);
    }
    Json ask(const std::vector<std::string>& more) const
    {
        const Ended ended = search("ask", more);
        EXPECT_EQ(ended.code, 0) << ended.err;
        return Json::parse(ended.out, nullptr, false);
    }

    test::TemporaryFolder m_folder;
    std::string m_storage = (m_folder / "study.log").string();
    std::string m_space = (m_folder / "space.json").string();
};

} // namespace

TEST_F(SearchCommand, AsksTellsAndShowsTheBest)
{
    const Json first = ask({"--study", "s", "--space", m_space, "--seed", "1"});
    EXPECT_EQ(first["number"], 0);
    const Json& parameters = first["params"];
    ASSERT_EQ(parameters.size(), 4U);
    EXPECT_TRUE(parameters["lr"] >= 1e-5 && parameters["lr"] <= 0.1);
    EXPECT_TRUE(parameters["latent"].is_number_integer());
    EXPECT_TRUE(parameters["share"] >= 0 && parameters["share"] <= 0.9) << "the last step";
    const Json second = ask({"--study", "s", "--seed", "1"}); // the study knows its space
    EXPECT_EQ(second["number"], 1);
    EXPECT_NE(second["params"], parameters);
    EXPECT_EQ(search("tell", {"--study", "s", "--trial", "0", "--value", "0.5"}).code, 0);
    EXPECT_EQ(search("tell", {"--study", "s", "--trial", "1", "--value", "0.25"}).code, 0);
    EXPECT_EQ(ask({"--study", "s"})["number"], 2);
    EXPECT_EQ(search("tell", {"--study", "s", "--trial", "2", "--state", "fail"}).code, 0);
    const Json best = Json::parse(search("best", {"--study", "s", "--json"}).out);
    EXPECT_EQ(best["number"], 1);
    EXPECT_EQ(best["values"], Json({0.25}));
    EXPECT_EQ(best["params"], second["params"]);
    const Json trials = Json::parse(search("list", {"--study", "s", "--json"}).out);
    ASSERT_EQ(trials.size(), 3U);
    EXPECT_EQ(trials[2]["state"], "fail");
    EXPECT_EQ(Json::parse(search("list", {"--json"}).out)[0], Json({{"study", "s"}, {"trials", 3}, {"best", 0.25}}));
    EXPECT_NE(search("best", {"--study", "s"}).out.find("trial 1: 0.25"), std::string::npos);
}

TEST_F(SearchCommand, SameStudySeedAndNumberGiveTheSameParameters)
{
    const Json one = ask({"--study", "a", "--space", m_space, "--seed", "4"});
    const Json other = ask({"--study", "b", "--space", m_space, "--seed", "4"});
    EXPECT_EQ(one, other);
    EXPECT_NE(ask({"--study", "c", "--space", m_space, "--seed", "5"}), one);
}

TEST_F(SearchCommand, TakesWhatAnotherHasEnqueued)
{
    ask({"--study", "s", "--space", m_space});
    appendToFile(
        m_storage,
        R"({"op_code": 4, "worker_id": "other", "study_id": 0, "datetime_start": null, "state": 4, "value": null, "values": null, "distributions": {}, "params": {}, "user_attrs": {}, "system_attrs": {"fixed_params": {"lr": 0.02, "optimizer": null}}, "intermediate_values": {}})"
        "\n");
    const Json taken = ask({"--study", "s"});
    EXPECT_EQ(taken["number"], 1);
    EXPECT_EQ(taken["params"]["lr"], 0.02);
    EXPECT_TRUE(taken["params"]["optimizer"].is_null());
    EXPECT_EQ(taken["params"].size(), 4U) << "what is not fixed is suggested";
    EXPECT_EQ(ask({"--study", "s"})["number"], 2);
}

TEST_F(SearchCommand, WhatCannotBeIsASentence)
{
    const auto refused = [&](int code, const std::string& what, const std::vector<std::string>& more, const std::string& part) {
        const Ended ended = search(what, more);
        EXPECT_EQ(ended.code, code) << ended.err;
        EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    };
    const Ended nothing = test::runProgram({LATENTOSCOPE_PROGRAM, "search"});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_NE(nothing.err.find("neither --preset nor --resume nor a command (ask, tell, best, list, importance, figures)"),
              std::string::npos);
    refused(1, "best", {"--study", "s"}, "found no such file");
    EXPECT_FALSE(std::filesystem::exists(m_storage)) << "looking makes nothing";
    refused(2, "ask", {"--study", "s"}, "--space: found none");
    const auto wrongSpace = [&](const char* text, const char* part) {
        writeFileAtomically(m_space, text);
        refused(2, "ask", {"--study", "s", "--space", m_space}, part);
    };
    wrongSpace("[]", "found no JSON object with parameters");
    wrongSpace(R"({"lr": 3})", "lr: found 3, expected an object with type");
    wrongSpace(R"({"lr": {"type": "real"}})", "lr.type: found \"real\", expected float, int or categorical");
    wrongSpace(R"({"lr": {"type": "float", "low": 1}})", "lr.high: found nothing, expected a number");
    wrongSpace(R"({"lr": {"type": "float", "low": 1, "high": 0}})", "lr.high: found 0, expected at least low, 1");
    wrongSpace(R"({"lr": {"type": "float", "low": 0, "high": 1, "log": true}})",
               "lr.low: found 0, expected more than 0 with log");
    wrongSpace(R"({"n": {"type": "int", "low": 0.5, "high": 1}})", "n.low: found 0.5, expected a whole number");
    wrongSpace(R"({"n": {"type": "int", "low": 0, "high": 1, "lgo": true}})", "n.lgo: found true, expected none but");
    wrongSpace(R"({"c": {"type": "categorical", "choices": []}})", "c.choices: found [], expected a list");
    writeFileAtomically(m_space, R"({"x": {"type": "float", "low": 0, "high": 1}})");
    ask({"--study", "s", "--space", m_space});
    refused(2, "tell", {"--study", "s", "--trial", "1", "--value", "1"},
            "--trial: found 1, expected one of the study's 1 trials");
    refused(2, "tell", {"--study", "s", "--trial", "0"}, "values: found 0, expected 1");
    refused(2, "tell", {"--study", "s", "--trial", "0", "--value", "nan"}, "NaN");
    refused(2, "tell", {"--study", "s", "--trial", "0", "--state", "fail", "--value", "1"}, "a failed trial has no value");
    refused(1, "best", {"--study", "s"}, "found no complete trial");
    refused(1, "best", {"--study", "t"}, "found no study t");
    EXPECT_EQ(search("tell", {"--study", "s", "--trial", "0", "--value", "1"}).code, 0);
    refused(2, "tell", {"--study", "s", "--trial", "0", "--value", "1"}, "found trial 0 complete already");
    refused(2, "ask", {"--study", "s", "--sampler", "grid"}, "--sampler");
    // Another kind of range, scale or direction than the study has: no trial, and the study's space is as it was.
    for (const char* other :
         {R"({"x": {"type": "float", "low": 0.1, "high": 1, "log": true}})", R"({"x": {"type": "int", "low": 0, "high": 5}})",
          R"({"x": {"type": "categorical", "choices": ["a"]}})"}) {
        writeFileAtomically(m_space, other);
        refused(2, "ask", {"--study", "s", "--space", m_space}, "x as ");
    }
    refused(2, "ask", {"--study", "s", "--direction", "maximize"}, "was begun to minimize");
    const Json next = ask({"--study", "s", "--direction", "minimize"});
    EXPECT_EQ(next["number"], 1);
    EXPECT_TRUE(next["params"].contains("x"));
    // An empty value is no 0.
    refused(2, "tell", {"--study", "s", "--trial", "1", "--value", ""}, "--value: found nothing, expected a value");
    refused(2, "tell", {"--study", "s", "--trial", "", "--value", "5"}, "--trial: found nothing");
    refused(2, "ask", {"--study", "s", "--seed", ""}, "--seed: found nothing");
    refused(2, "importance", {"--study", "s", "--objective", ""}, "--objective: found nothing");
    refused(2, "best", {"--study", "s", "--preset", m_storage},
            "--preset: found " + m_storage + ", which this command reads from");
}

} // namespace latentoscope
