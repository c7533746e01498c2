// Studies in Optuna's journal: what Optuna 3.1 wrote is read with the same content, and many writers share one file.
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/studies/JournalFile.h"
#include "core/studies/JournalJson.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using test::TemporaryFolder;

const double kInfinity = std::numeric_limits<double>::infinity();

StudyStorage storageOf(const std::filesystem::path& file) { return StudyStorage(std::make_unique<JournalFile>(file)); }

Parameter parameterOf(const Distribution& distribution, double internal)
{
    return {std::make_shared<const Distribution>(distribution), internal};
}

/// The golden journal, in a place where it may be changed.
std::filesystem::path goldenIn(const TemporaryFolder& folder)
{
    const std::filesystem::path file = folder / "study.log";
    std::filesystem::copy_file(std::filesystem::path(LATENTOSCOPE_SOURCE) / "tests/core/studies/optuna-journal.jsonl", file);
    return file;
}

} // namespace

TEST(SearchJournal, OfOptunaIsReadWithTheSameContent)
{
    const TemporaryFolder folder;
    const StudyStorage storage = storageOf(goldenIn(folder));
    const Journal& journal = storage.journal();
    ASSERT_EQ(journal.studies().size(), 3U);
    const Study& every = storage.study("every kind");
    EXPECT_EQ(every.id, 0);
    EXPECT_EQ(every.directions, std::vector{Direction::Maximize});
    EXPECT_EQ(pythonJson(every.user.at("note")).get<std::string>(), "Ünicode \"quoted\"");
    ASSERT_EQ(every.trials.size(), 6U);
    const std::vector<TrialState> states{TrialState::Complete, TrialState::Pruned,  TrialState::Fail,
                                         TrialState::Complete, TrialState::Waiting, TrialState::Complete};
    for (std::size_t i = 0; i < states.size(); ++i) {
        const Trial& trial = journal.trial(every.trials[i]);
        EXPECT_EQ(trial.number, static_cast<int>(i));
        EXPECT_EQ(trial.state, states[i]) << i;
        EXPECT_EQ(trial.started.empty(), trial.state == TrialState::Waiting) << i;
        EXPECT_EQ(trial.completed.empty(), trial.state == TrialState::Waiting) << i;
    }
    const Trial& first = journal.trial(0);
    EXPECT_EQ(first.values, std::vector{13.160334218501122});
    EXPECT_EQ(first.parameters.size(), 7U);
    EXPECT_EQ(first.parameters.at("x").internal, -0.8396657814988788);
    EXPECT_EQ(first.parameters.at("lr").internal, 1.835519777347989e-05);
    EXPECT_EQ(*first.parameters.at("lr").distribution, Distribution(FloatDistribution{1e-5, 0.1, true, {}}));
    EXPECT_EQ(*first.parameters.at("q").distribution, Distribution(FloatDistribution{0, 1, false, 0.25}));
    EXPECT_EQ(*first.parameters.at("n").distribution, Distribution(IntDistribution{2, 20, false, 1}));
    EXPECT_EQ(*first.parameters.at("m").distribution, Distribution(IntDistribution{1, 64, true, 1}));
    EXPECT_EQ(*first.parameters.at("k").distribution, Distribution(IntDistribution{0, 10, false, 5}));
    const CategoricalDistribution choices{
        {std::string("Adam"), std::string("SGD"), std::monostate(), true, std::int64_t{3}, 0.5}};
    EXPECT_EQ(*first.parameters.at("c").distribution, Distribution(choices));
    EXPECT_EQ(valueJson(choices, 2), "null");
    EXPECT_EQ(valueJson(choices, 4), "3");
    EXPECT_EQ(valueText(choices, 0), "Adam");
    EXPECT_EQ(first.user.at("seed"), "0");
    EXPECT_EQ(first.intermediate, (std::map<std::int64_t, double>{{0, -0.8396657814988788}, {3, -1.6793315629977577}}));
    EXPECT_TRUE(std::isnan(journal.trial(1).intermediate.at(3)));
    EXPECT_TRUE(journal.trial(1).values.empty());
    EXPECT_EQ(journal.trial(4).system.at("fixed_params"), "{\"x\": 0.5}");
    EXPECT_EQ(journal.trial(5).values, std::vector{kInfinity});
    EXPECT_EQ(journal.trial(5).intermediate.at(1), -kInfinity);
    EXPECT_EQ(journal.trial(5).parameters.at("x").internal, 0.25);

    const Study& two = storage.study("two");
    EXPECT_EQ(two.directions, (std::vector{Direction::Minimize, Direction::Maximize}));
    EXPECT_EQ(journal.trial(two.trials[0]).values, (std::vector{1.5, -2.0}));
    EXPECT_EQ(journal.trial(two.trials[1]).state, TrialState::Running);
    EXPECT_EQ(storage.study("gone").id, 3) << "the first of its name, 2, was deleted";
    EXPECT_TRUE(storage.study("gone").trials.empty());
}

TEST(SearchJournal, WritesNoLineAcrossTwoPages)
{
    // Readers without a lock see a write page by page; Optuna 3.1's give up at a line of which they first see a part.
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    StudyStorage storage = storageOf(file);
    const int study = storage.openStudy("s", {Direction::Minimize});
    for (int i = 0; i < 200; ++i) {
        const int id = storage.createTrial(study, {});
        storage.setParameters(
            id, {{"x", parameterOf(FloatDistribution{0, 1}, 0.5)}, {"n", parameterOf(IntDistribution{0, 9}, i % 10)}});
        storage.setUser(id, {{"text", "\"" + std::string(static_cast<std::size_t>(i), 'a') + "\""}});
    }
    const std::string text = readFile(file);
    int lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const std::size_t end = text.find('\n', at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_EQ(at / 4096, end / 4096) << "line " << lines;
        at = end + 1;
    }
    EXPECT_EQ(lines, 1 + 200 * 4);
    EXPECT_EQ(storageOf(file).study("s").trials.size(), 200U);
}

TEST(SearchJournal, DistributionsKeepTheirTextThereAndBack)
{
    for (const std::string text : {
             R"({"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 0.1, "log": true}})",
             R"({"name": "FloatDistribution", "attributes": {"step": 0.25, "low": 0.0, "high": 1.0, "log": false}})",
             R"({"name": "IntDistribution", "attributes": {"log": false, "step": 5, "low": -3, "high": 12}})",
             R"({"name": "CategoricalDistribution", "attributes": {"choices": ["Adam", "a \"b\"", null, false, 3, 0.5]}})",
         })
        EXPECT_EQ(distributionText(distributionOf(text)), text);
    EXPECT_EQ(distributionOf(R"({"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1}})"),
              Distribution(FloatDistribution{0.1, 1, true, {}}));
    EXPECT_EQ(distributionOf(R"({"name": "DiscreteUniformDistribution", "attributes": {"low": 0, "high": 1, "q": 0.5}})"),
              Distribution(FloatDistribution{0, 1, false, 0.5}));
    EXPECT_EQ(distributionOf(R"({"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 8, "step": 1}})"),
              Distribution(IntDistribution{1, 8, true, 1}));
    for (const char* wrong : {"", "[]", "{}", R"({"name": "NormalDistribution", "attributes": {}})",
                              R"({"name": "FloatDistribution", "attributes": {"low": 0}})",
                              R"({"name": "CategoricalDistribution", "attributes": {"choices": [[1]]}})"})
        EXPECT_THROW(distributionOf(wrong), Error) << wrong;
    EXPECT_TRUE(compatible(FloatDistribution{0, 1}, FloatDistribution{0, 2}));
    EXPECT_FALSE(compatible(FloatDistribution{1, 2}, FloatDistribution{1, 2, true}));
    EXPECT_FALSE(compatible(FloatDistribution{0, 1}, IntDistribution{0, 1}));
    EXPECT_FALSE(compatible(CategoricalDistribution{{true}}, CategoricalDistribution{{true, false}}));
}

TEST(SearchJournal, NumbersThatJsonLacksAreReadAndWritten)
{
    EXPECT_TRUE(std::isnan(numberOf(pythonJson("NaN"))));
    EXPECT_EQ(numberOf(pythonJson("{\"a\": [1, -Infinity]}")["a"][1]), -kInfinity);
    EXPECT_EQ(pythonJson("{\"a\": \"NaN \\\" Infinity\", \"b\": Infinity}")["a"], "NaN \" Infinity") << "texts stay";
    EXPECT_TRUE(pythonJson("{\"a\": Nan}").is_discarded());
    EXPECT_THROW(numberOf(pythonJson("\"text\"")), std::exception);
    EXPECT_EQ(pythonNumber(1), "1.0");
    EXPECT_EQ(pythonNumber(1e-5), "1e-05");
    EXPECT_EQ(pythonNumber(-kInfinity), "-Infinity");
    EXPECT_EQ(pythonText(pythonJson("{\"a\": [NaN, 1, \"b\"]}")), "{\"a\": [NaN, 1, \"b\"]}");
}

TEST(StudyStorage, WhatOneWritesAnotherSees)
{
    const TemporaryFolder folder;
    StudyStorage one = storageOf(folder / "study.log"), other = storageOf(folder / "study.log");
    const int study = one.openStudy("depth", {Direction::Minimize});
    EXPECT_EQ(other.openStudy("depth", {Direction::Minimize}), study) << "the same";
    EXPECT_THROW(other.openStudy("depth", {Direction::Maximize}), Error);
    one.setStudyUser(study, "note", "\"hello\"");
    NewTrial trial;
    trial.parameters = {{"x", parameterOf(FloatDistribution{0, 1}, 0.5)},
                        {"c", parameterOf(CategoricalDistribution{{true, false}}, 1)}};
    trial.user = {{"seed", "7"}};
    const int id = one.createTrial(study, trial);
    one.setIntermediate(id, 1, 0.25);
    one.setIntermediate(id, 2, std::nan(""));
    EXPECT_TRUE(one.finish(id, TrialState::Complete, {0.125}, {{"images_per_second", "58000.5"}}));
    other.sync();
    const Trial& seen = other.journal().trial(id);
    EXPECT_EQ(seen.state, TrialState::Complete);
    EXPECT_EQ(seen.values, std::vector{0.125});
    EXPECT_EQ(seen.parameters.at("x").internal, 0.5);
    EXPECT_EQ(valueJson(*seen.parameters.at("c").distribution, seen.parameters.at("c").internal), "false");
    EXPECT_EQ(seen.intermediate.at(1), 0.25);
    EXPECT_TRUE(std::isnan(seen.intermediate.at(2)));
    EXPECT_EQ(seen.user.at("images_per_second"), "58000.5");
    EXPECT_EQ(other.study("depth").user.at("note"), "\"hello\"");
    EXPECT_EQ(seen.started.size(), 26U) << "2026-01-31T17:05:09.123456";
}

TEST(StudyStorage, AWaitingTrialIsTakenByOneAndAFinishedOneIsNotChanged)
{
    const TemporaryFolder folder;
    StudyStorage one = storageOf(folder / "study.log"), other = storageOf(folder / "study.log");
    const int study = one.openStudy("s", {Direction::Maximize});
    NewTrial waiting;
    waiting.state = TrialState::Waiting;
    const int id = one.createTrial(study, waiting);
    other.sync();
    EXPECT_TRUE(other.claim(id));
    EXPECT_FALSE(one.claim(id));
    EXPECT_EQ(one.journal().trial(id).state, TrialState::Running) << "what the other has written was read";
    EXPECT_TRUE(other.finish(id, TrialState::Fail, {}));
    EXPECT_FALSE(one.finish(id, TrialState::Complete, {1})) << "it is over";
    EXPECT_THROW(one.setIntermediate(id, 1, 1), Error);
    EXPECT_THROW(one.setUser(id, {{"a", "1"}}), Error);
    EXPECT_EQ(one.journal().trial(id).state, TrialState::Fail);
    const int next = one.createTrial(study, {});
    EXPECT_THROW(one.finish(next, TrialState::Complete, {}), Error) << "no value";
    EXPECT_THROW(one.finish(next, TrialState::Complete, {std::nan("")}), Error);
    EXPECT_THROW(one.finish(next, TrialState::Running, {1}), Error);
    // A parameter that does not fit an earlier trial's has no effect, for Optuna and for us.
    one.setParameters(next, {{"x", parameterOf(FloatDistribution{0, 1}, 0.5)}});
    const int third = one.createTrial(study, {});
    one.setParameters(third, {{"x", parameterOf(IntDistribution{0, 1}, 1)}});
    EXPECT_TRUE(one.journal().trial(third).parameters.empty());
}

TEST(StudyStorage, ATornTailIsCutOffAndAWrongLineNamed)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    {
        StudyStorage storage = storageOf(file);
        storage.openStudy("s", {Direction::Minimize});
    }
    appendToFile(file, R"({"op_code": 4, "worker_id": "w", "study_)");
    StudyStorage storage = storageOf(file); // reads what is whole
    EXPECT_EQ(storage.journal().trials().size(), 0U);
    storage.createTrial(0, {});
    EXPECT_EQ(readFile(file).find("\"study_{"), std::string::npos) << "the tail is gone";
    EXPECT_EQ(storageOf(file).journal().trials().size(), 1U);
    appendToFile(file, "{\"op_code\": 10, \"worker_id\": \"w\", \"trial_ids\": [0]}\n"); // of a newer program
    EXPECT_EQ(storageOf(file).journal().trials().size(), 1U);
    appendToFile(file, "nonsense\n");
    try {
        storageOf(file);
        FAIL() << "a wrong line is an error";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("study.log, line 4: "), std::string::npos) << error.what();
    }
    EXPECT_THROW(storageOf(folder / "no" / "such"), Error);
    try {
        static_cast<void>(storage.study("t"));
        FAIL() << "there is none of that name";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("found no study t"), std::string::npos) << error.what();
    }
}

TEST(StudyStorage, AStepThatIsNoNumberIsNamedWithItsLine)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    storageOf(file).openStudy("s", {Direction::Minimize});
    appendToFile(file, R"({"op_code": 4, "worker_id": "w", "study_id": 0, "state": 1, "intermediate_values": {"one": 0.5}})"
                       "\n");
    try {
        storageOf(file);
        FAIL() << "a wrong step is an error";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("line 2: intermediate_values: found the step one"), std::string::npos)
            << error.what();
    }
}

TEST(StudyStorage, ManyWritersLoseAndDoubleNothing)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    storageOf(file).openStudy("s", {Direction::Minimize});
    constexpr int kEach = 25;
    const auto work = [&] {
        StudyStorage storage = storageOf(file);
        for (int i = 0; i < kEach; ++i) {
            const int id = storage.createTrial(0, {});
            storage.setIntermediate(id, 1, i);
            if (!storage.finish(id, TrialState::Complete, {static_cast<double>(id)})) std::abort();
        }
    };
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            work();
            _exit(0);
        }
        children.push_back(child);
    }
    std::thread here(work);
    here.join();
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    const StudyStorage storage = storageOf(file);
    ASSERT_EQ(storage.journal().trials().size(), 4U * kEach);
    for (const Trial& trial : storage.journal().trials()) {
        EXPECT_EQ(trial.state, TrialState::Complete);
        EXPECT_EQ(trial.values, std::vector{static_cast<double>(trial.id)});
        EXPECT_EQ(trial.number, trial.id);
    }
    EXPECT_FALSE(std::filesystem::is_symlink(file.string() + ".lock"));
}

} // namespace latentoscope
