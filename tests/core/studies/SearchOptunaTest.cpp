// Studies that we and real Optuna share, in a file and on a Redis server: each reads what the other wrote, and goes on with it.
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/search/NextTrial.h"
#include "core/studies/JournalJson.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/JournalRedis.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/OptunaSpace.h"
#include "tests/support/RedisServer.h"
#include "tests/support/Refusal.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <csignal>
#include <limits>
#include <set>
#include <thread>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using test::RedisServer;
using test::TemporaryFolder;

StudyStorage storageAt(const std::string& location) { return StudyStorage(openJournal(location, MissingJournal::Make)); }

Json attributesOf(const Attributes& attributes)
{
    Json object = Json::object();
    for (const auto& [name, text] : attributes) object[name] = pythonJson(text);
    return object;
}

/// As the script's dump.
Json contentOf(const StudyStorage& storage, const std::string& name)
{
    const Study& study = storage.study(name);
    Json content{{"user", attributesOf(study.user)}, {"trials", Json::array()}, {"directions", Json::array()}};
    for (const Direction direction : study.directions) content["directions"].push_back(static_cast<int>(direction));
    for (const int id : study.trials) {
        const Trial& trial = storage.journal().trial(id);
        Json one{{"number", trial.number},
                 {"state", stateName(trial.state)},
                 {"values", Json::array()},
                 {"params", Json::object()},
                 {"distributions", Json::object()},
                 {"user", attributesOf(trial.user)},
                 {"system", attributesOf(trial.system)},
                 {"intermediate", Json::object()}};
        for (const double value : trial.values) one["values"].push_back(pythonJson(pythonNumber(value)));
        for (const auto& [parameter, own] : trial.parameters) {
            one["params"][parameter] = pythonJson(valueJson(*own.distribution, own.internal));
            one["distributions"][parameter] = distributionText(*own.distribution);
        }
        for (const auto& [step, value] : trial.intermediate)
            one["intermediate"][std::to_string(step)] = pythonJson(pythonNumber(value));
        content["trials"].push_back(one);
    }
    return content;
}

Json optuna(const std::string& what, const std::string& location, const std::string& name)
{
    const test::Ended ended =
        test::runProgram({test::pythonPath(), LATENTOSCOPE_SOURCE "/tests/core/studies/optuna_study.py", what, location, name});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return what == "make" ? Json() : pythonJson(ended.out);
}

void addTrials(StudyStorage& storage, int study, int count)
{
    TrialSource source{{test::optunaSpace()}, {}, 0};
    source.sampler.seed = 5;
    for (int i = 0; i < count; ++i) {
        const int id = beginTrial(storage, study, source, {{"run_folder", "\"runs/ä\""}, {"rate", "1234.5"}}).value();
        const auto& parameters = storage.journal().trial(id).parameters;
        double value = parameters.at("real").internal + parameters.at("int").internal;
        if (i % 5 == 1) value = std::numeric_limits<double>::infinity();
        storage.setIntermediate(id, 1, value);
        storage.setIntermediate(id, 2, i % 5 == 2 ? std::numeric_limits<double>::quiet_NaN() : value / 2);
        storage.setSystem(id, {{"completed_rung_0", pythonNumber(value)}});
        if (i % 5 == 3)
            storage.finish(id, TrialState::Fail, {}, {{kFailureAttribute, "\"diverged\""}});
        else if (i % 5 == 4)
            storage.finish(id, TrialState::Pruned, {value / 2});
        else
            storage.finish(id, TrialState::Complete, {value});
    }
}

void shareAt(const std::string& location)
{
    {
        StudyStorage storage = storageAt(location);
        const int study = storage.openStudy("ours", {Direction::Minimize});
        storage.setStudyUser(study, "about", R"({"nested": [1, 2.5, null]})");
        addTrials(storage, study, 15);
        EXPECT_EQ(optuna("dump", location, "ours"), contentOf(storage, "ours"));
        const Json continued = optuna("continue", location, "ours");
        storage.sync();
        EXPECT_EQ(continued, contentOf(storage, "ours"));
        ASSERT_EQ(continued["trials"].size(), 21U);
        // The enqueued one is ours now, with what Optuna fixed.
        addTrials(storage, study, 3);
        const Trial& enqueued = storage.journal().trial(storage.study("ours").trials[20]);
        EXPECT_EQ(enqueued.parameters.at("real").internal, 1.5);
        EXPECT_EQ(enqueued.parameters.at("cat").internal, 2);
        EXPECT_EQ(optuna("dump", location, "ours"), contentOf(storage, "ours"));
    }
    optuna("make", location, "theirs");
    const StudyStorage storage = storageAt(location);
    const Json content = contentOf(storage, "theirs");
    EXPECT_EQ(optuna("dump", location, "theirs"), content);
    std::set<std::string> states;
    for (const Json& trial : content["trials"]) states.insert(trial["state"].get<std::string>());
    EXPECT_EQ(states, (std::set<std::string>{"complete", "pruned", "fail", "running", "waiting"}));
}

std::string refusal(const std::string& location)
{
    return test::refusal([&] { openJournal(location, MissingJournal::Make); });
}

} // namespace

TEST(SearchOptuna, SharesStudiesInAFile)
{
    const TemporaryFolder folder;
    shareAt((folder / "study.log").string());
}

TEST(SearchOptuna, SharesStudiesOnARedisServer)
{
    const RedisServer server;
    shareAt(server.url() + "?prefix=lab");
    // Another prefix is another journal.
    EXPECT_TRUE(storageAt(server.url()).journal().studies().empty());
}

TEST(JournalRedis, ManyWritersLoseAndDoubleNothing)
{
    const RedisServer server;
    storageAt(server.url()).openStudy("s", {Direction::Minimize});
    std::vector<std::jthread> writers;
    for (int w = 0; w < 4; ++w) {
        writers.emplace_back([&] {
            StudyStorage storage = storageAt(server.url());
            for (int i = 0; i < 50; ++i) storage.finish(storage.createTrial(0, {}), TrialState::Complete, {1.0 * i});
        });
    }
    writers.clear();
    const StudyStorage storage = storageAt(server.url());
    ASSERT_EQ(storage.study("s").trials.size(), 200U);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(storage.journal().trial(i).number, i);
        EXPECT_EQ(storage.journal().trial(i).state, TrialState::Complete);
    }
}

TEST(JournalRedis, WhatIsDecidedByOldNewsIsNotWritten)
{
    const RedisServer server;
    StudyStorage one = storageAt(server.url());
    EXPECT_EQ(one.openStudy("s", {Direction::Minimize}), 0);
    StudyStorage other = storageAt(server.url());
    EXPECT_TRUE(one.createTrialUnlessNews(0, {}).has_value());
    EXPECT_EQ(other.createTrialUnlessNews(0, {}), std::nullopt);
    EXPECT_EQ(other.journal().trials().size(), 1U) << "it was read";
    EXPECT_TRUE(other.createTrialUnlessNews(0, {}).has_value());
    // Fresh journals begin with nothing.
    StudyStorage empty = storageAt(server.url() + "?prefix=empty");
    EXPECT_EQ(empty.openStudy("s", {Direction::Minimize}), 0);
    EXPECT_TRUE(empty.createTrialUnlessNews(0, {}).has_value());
}

TEST(JournalRedis, GoesOnWhereTheConnectionIsLost)
{
    const RedisServer server;
    StudyStorage storage = storageAt(server.url());
    const int study = storage.openStudy("s", {Direction::Minimize});
    for (int i = 0; i < 5; ++i) {
        const test::Ended ended =
            test::runProgram({"redis-cli", "-p", std::to_string(server.port()), "CLIENT", "KILL", "TYPE", "normal"});
        ASSERT_EQ(ended.code, 0) << ended.err;
        storage.createTrial(study, {});
    }
    EXPECT_EQ(storageAt(server.url()).study("s").trials.size(), 5U);
}

TEST(JournalRedis, SaysWhatIsWrongWithServerAndPassword)
{
    std::signal(SIGPIPE, SIG_IGN); // as the program does
    const RedisServer server({"--requirepass", "sesame"});
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(refusal("redis://:sesame@" + host), "");
    EXPECT_NO_THROW(storageAt("redis://default:ses%61me@" + host + "/3"));
    const std::string wrong = refusal("redis://:open@" + host);
    EXPECT_NE(wrong.find("refuses AUTH"), std::string::npos) << wrong;
    EXPECT_EQ(wrong.find("open@"), std::string::npos) << "a password is not for messages: " << wrong;
    EXPECT_NE(refusal("redis://127.0.0.1:1").find("cannot be reached"), std::string::npos);
}

TEST(JournalRedis, ReadsItsPlaceFromAUrl)
{
    const RedisLocation full = redisLocationOf("redis://me:p%40ss@[::1]:7000/2?prefix=a%3Ab");
    EXPECT_EQ(full.host, "::1");
    EXPECT_EQ(full.port, 7000);
    EXPECT_EQ(full.database, 2);
    EXPECT_EQ(full.user, "me");
    EXPECT_EQ(full.password, "p@ss");
    EXPECT_EQ(full.prefix, "a:b");
    const RedisLocation bare = redisLocationOf("redis://host");
    EXPECT_EQ(bare.host, "host");
    EXPECT_EQ(bare.port, 6379);
    EXPECT_EQ(bare.text(), "redis://host:6379/0");
    for (const char* wrong : {"rediss://host", "redis://", "redis://host:port", "redis://host/x", "redis://host?db=1",
                              "redis://me@host", "redis://:%4@host", "mysql://host/db"})
        EXPECT_THROW(redisLocationOf(wrong), Error) << wrong;
}

} // namespace latentoscope
