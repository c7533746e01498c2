// What a search is about, its next trials, and whose trials are whose.
#include "core/search/SearchPlan.h"
#include "core/data/ImageShape.h"

#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/search/ParetoFront.h"
#include "core/search/SpaceText.h"
#include "core/search/StaleTrials.h"
#include "core/studies/JournalFile.h"
#include "tests/support/Refusal.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using test::TemporaryFolder;

constexpr const char* kMomentum = R"({"optimizer": {"type": "categorical", "choices": ["adam", "sgd", "rmsprop"]},
    "momentum": {"type": "float", "low": 0, "high": 0.9, "when": {"optimizer": ["sgd", "rmsprop"]}},
    "nesterov": {"type": "categorical", "choices": [true, false], "when": {"momentum": [0.9], "optimizer": ["sgd"]}}})";

StudyStorage storageIn(const TemporaryFolder& folder)
{
    return StudyStorage(std::make_unique<JournalFile>(folder / "study.log"));
}

SearchPlan reportSearch() { return completed(searchPresetOrFile("report-search"), {1, 28, 28}); }

} // namespace

TEST(ConditionalSpace, DropsWhatMeansNothing)
{
    const ConditionalSpace space = spaceOf(kMomentum, "space");
    using Values = std::map<std::string, double>;
    EXPECT_EQ(activeOf(space, {{"optimizer", 0}, {"momentum", 0.9}, {"nesterov", 1}}), (Values{{"optimizer", 0}}));
    EXPECT_EQ(activeOf(space, {{"optimizer", 1}, {"momentum", 0.5}, {"nesterov", 1}}),
              (Values{{"optimizer", 1}, {"momentum", 0.5}}));
    EXPECT_EQ(activeOf(space, {{"optimizer", 1}, {"momentum", 0.9}, {"nesterov", 1}}).size(), 3U);
    EXPECT_EQ(spaceOf(spaceText(space), "again"), space);
}

TEST(ConditionalSpace, GridHasEveryPointOnce)
{
    const ConditionalSpace space = spaceOf(kMomentum, "space");
    // adam; sgd with three momenta, the last with two more; rmsprop with three.
    const auto points = gridOf(space, 3);
    EXPECT_EQ(points.size(), 1U + 4U + 3U);
    EXPECT_EQ(std::set(points.begin(), points.end()).size(), points.size());
    const auto values = [](const Distribution& distribution, int most) {
        std::vector<double> all;
        for (const auto& point : gridOf({{{"x", distribution}}}, most)) all.push_back(point.at("x"));
        return all;
    };
    EXPECT_EQ(values(IntDistribution{2, 5}, 5), (std::vector<double>{2, 3, 4, 5}));
    EXPECT_EQ(values(IntDistribution{0, 100, false, 10}, 3), (std::vector<double>{0, 50, 100}));
    EXPECT_EQ(values(FloatDistribution{-1, 1}, 3), (std::vector<double>{-1, 0, 1}));
    EXPECT_EQ(values(FloatDistribution{0, 1, false, 0.5}, 5), (std::vector<double>{0, 0.5, 1}));
    const auto log = values(FloatDistribution{1e-4, 1, true}, 3);
    EXPECT_NEAR(log[1], 1e-2, 1e-12);
    EXPECT_EQ(values(FloatDistribution{2, 2}, 3), std::vector<double>{2});
    EXPECT_NE(test::refusal([&] {
                  gridOf({{{"a", FloatDistribution{}}, {"b", FloatDistribution{}}}}, 1000);
              }).find("100000"),
              std::string::npos);
}

TEST(ConditionalSpace, SaysWhereAFileIsWrong)
{
    EXPECT_EQ(test::refusal([] { spaceOf("{\n  \"a\": {\"type\": \"int\", \"low\": 0, \"high\": 1,}\n}", "f"); }),
              "f: is not valid JSON at line 2, column 44, expected a JSON object, without a comma behind its last entry");
    EXPECT_NE(test::refusal([] {
                  spaceOf(R"({"model.channels": {"type": "categorical", "choices": [[8, 16], [4]]}})", "f");
              }).find("f: model.channels.choices: found [8,16] among them"),
              std::string::npos);
}

TEST(SearchPlan, KeepsTheEncoderOfItsTrials)
{
    SearchPlan plan = searchPresetOrFile("fine-tune");
    plan.space = spaceOf(R"({"training.learning_rate": {"type": "float", "low": 0.1, "high": 1}})", "f");
    plan.encoder = "/runs/ae";
    plan.encoderDigest = "abc";
    const SearchPlan again = searchPlanOf(toJson(plan).dump(), "f");
    EXPECT_EQ(again.encoder, plan.encoder);
    EXPECT_EQ(again.encoderDigest, plan.encoderDigest);
    plan.encoder.clear();
    plan.encoderDigest.clear();
    EXPECT_FALSE(toJson(plan).contains("encoder")) << "studies of older programs stay what they are";
}

TEST(ConditionalSpace, RefusesConditionsThatCannotBe)
{
    EXPECT_NE(test::refusal([] {
                  spaceOf(R"({"a": {"type": "int", "low": 0, "high": 1, "when": {"b": [1]}}})", "f");
              }).find("f: a.when"),
              std::string::npos);
    EXPECT_NE(test::refusal([] {
                  spaceOf(R"({"a": {"type": "int", "low": 0, "high": 1, "when": {"b": [1]}},
                              "b": {"type": "int", "low": 0, "high": 1, "when": {"a": [1]}}})",
                          "f");
              }).find("leads back"),
              std::string::npos);
    EXPECT_NE(
        test::refusal([] {
            spaceOf(
                R"({"a": {"type": "int", "low": 0, "high": 1}, "b": {"type": "int", "low": 0, "high": 1, "when": {"a": [7]}}})",
                "f");
        }).find("b.when.a: found 7"),
        std::string::npos);
}

TEST(SearchPlan, OfTheReportSearchesTableVI)
{
    const SearchPlan plan = reportSearch();
    EXPECT_EQ(plan.space.parameters.at("model.latent"), Distribution(IntDistribution{2, 20}));
    EXPECT_EQ(plan.space.parameters.at("training.learning_rate"), Distribution(FloatDistribution{1e-5, 0.1, true}));
    EXPECT_EQ(plan.space.parameters.at("training.weight_decay"), Distribution(FloatDistribution{1e-5, 0.1, true}));
    EXPECT_EQ(std::get<CategoricalDistribution>(plan.space.parameters.at("training.optimizer")).choices.size(), 4U);
    EXPECT_TRUE(plan.space.conditions.contains("training.momentum"));
    EXPECT_EQ(plan.configuration.data.validationFraction, 0.1);
    EXPECT_EQ(plan.objectives, (std::vector<Objective>{{"reconstruction_accuracy", Direction::Maximize}}));
    // Written and read again it is the same.
    EXPECT_EQ(toJson(searchPlanOf(toJson(plan).dump(), "again")), toJson(plan));
}

TEST(SearchPlan, KnowsEachKindsObjectivesAndTheirDirections)
{
    const auto names = [](const char* preset) {
        std::map<std::string, Direction> all;
        const std::vector<Objective> list = objectivesOf(presetOrFile(preset), {1, 28, 28});
        for (const Objective& one : list) all[one.name] = one.direction;
        return std::pair(list.front().name, all);
    };
    const auto [vae, ofVae] = names("report-vae");
    EXPECT_EQ(vae, "elbo");
    EXPECT_EQ(ofVae.at("elbo"), Direction::Maximize);
    EXPECT_EQ(ofVae.at("negative_elbo"), Direction::Minimize);
    EXPECT_EQ(ofVae.at("images_per_second"), Direction::Maximize);
    EXPECT_EQ(ofVae.at("latent"), Direction::Minimize);
    const auto [classifier, ofClassifier] = names("report-fine-tune");
    EXPECT_EQ(classifier, "accuracy");
    EXPECT_EQ(ofClassifier.at("error"), Direction::Minimize);
    EXPECT_EQ(names("report-autoencoder").first, "reconstruction_accuracy");
}

TEST(SearchPlan, RefusesWhatCannotBeNamingIt)
{
    const auto refused = [](const char* change) {
        return test::refusal([&] { completed(searchPlanOf(change, "file", reportSearch()), {1, 28, 28}); });
    };
    EXPECT_EQ(refused("{}"), "");
    EXPECT_NE(refused(R"({"space": {"model.latnet": {"type": "int", "low": 2, "high": 3}}})").find("model.latent"),
              std::string::npos);
    EXPECT_NE(refused(R"({"space": {"model.latent": {"type": "int", "low": 0, "high": 3}}})").find("model.latent"),
              std::string::npos);
    EXPECT_NE(refused(R"({"space": {"training.optimizer": {"type": "categorical", "choices": ["adam", "lion"]}}})").find("lion"),
              std::string::npos);
    EXPECT_NE(refused(R"({"space": {"data.seed": {"type": "int", "low": 0, "high": 3}}})").find("data.seed"), std::string::npos);
    EXPECT_NE(refused(R"({"objectives": ["accuracy"]})").find("reconstruction_accuracy"), std::string::npos);
    EXPECT_NE(refused(R"({"objectives": ["mse", "mse"]})").find("twice"), std::string::npos);
    EXPECT_NE(refused(R"({"pruner": "asha"})").find("halving"), std::string::npos);
    EXPECT_NE(refused(R"({"sampler": "cmaes"})").find("tpe"), std::string::npos);
    EXPECT_NE(refused(R"({"folds": 1})").find("folds"), std::string::npos);
    EXPECT_NE(refused(R"({"data": {"validation_fraction": 0}})").find("validation_fraction"), std::string::npos);
    EXPECT_NE(refused(R"({"sections": {}})").find("sections"), std::string::npos);
    EXPECT_NE(test::refusal([] { searchPresetOrFile("report-serach"); }).find("report-search"), std::string::npos);
}

TEST(SearchPlan, ATrialIsAPresetThatTrains)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const SearchPlan plan = reportSearch();
    const int study = storage.openStudy("s", {Direction::Maximize});
    TrialSource source = sourceOf(plan);
    const int id = beginTrial(storage, study, source).value();
    storage.finish(id, TrialState::Complete, {98.5});
    const Trial& trial = storage.journal().trial(id);
    const Configuration configuration = configurationFromJson(presetOf(plan, storage.study("s"), trial));
    EXPECT_EQ(configuration.model.latent, static_cast<int>(trial.parameters.at("model.latent").internal));
    EXPECT_EQ(configuration.training.learningRate, trial.parameters.at("training.learning_rate").internal);
    EXPECT_EQ(trial.parameters.contains("training.momentum"), configuration.training.optimizer == OptimizerRule::Sgd);
}

TEST(NextTrial, TakesWhatIsEnqueuedFirst)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Minimize});
    TrialSource source;
    source.space = spaceOf(kMomentum, "space");
    NewTrial enqueued;
    enqueued.state = TrialState::Waiting;
    enqueued.system["fixed_params"] = R"({"optimizer": "sgd", "momentum": 0.25, "unknown": 3})";
    const int waiting = storage.createTrial(study, enqueued);
    EXPECT_EQ(beginTrial(storage, study, source, {{"seed", "7"}}), waiting);
    const Trial& trial = storage.journal().trial(waiting);
    EXPECT_EQ(trial.parameters.at("optimizer").internal, 1);
    EXPECT_EQ(trial.parameters.at("momentum").internal, 0.25);
    EXPECT_EQ(trial.user.at("seed"), "7");
    // One that does not fit is failed, with the reason, and not lost in running.
    enqueued.system["fixed_params"] = R"({"momentum": 7})";
    const int bad = storage.createTrial(study, enqueued);
    EXPECT_NE(test::refusal([&] { beginTrial(storage, study, source); }).find("momentum: found 7"), std::string::npos);
    EXPECT_EQ(storage.journal().trial(bad).state, TrialState::Fail);
    EXPECT_NE(storage.journal().trial(bad).user.at(kFailureAttribute).find("momentum"), std::string::npos);
}

TEST(NextTrial, GoesThroughAGridOnceAndEndsThere)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    StudyStorage other = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Minimize});
    other.sync();
    TrialSource source;
    source.space = spaceOf(kMomentum, "space");
    source.grid = 3;
    std::set<std::map<std::string, double>> seen;
    for (int i = 0; i < 8; ++i) {
        StudyStorage& one = i % 2 == 0 ? storage : other;
        const int id = beginTrial(one, study, source).value();
        std::map<std::string, double> values;
        for (const auto& [name, parameter] : one.journal().trial(id).parameters) values[name] = parameter.internal;
        EXPECT_TRUE(seen.insert(values).second) << i;
    }
    EXPECT_EQ(beginTrial(storage, study, source), std::nullopt);
}

TEST(NextTrial, APointOfAGridWhoseTrialDiedAtOnceIsTriedAgain)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Minimize});
    TrialSource source;
    source.space = spaceOf(kMomentum, "space");
    source.grid = 3;
    const auto points = gridOf(source.space, 3);
    const int dead = storage.createTrial(study, {{}, {}, {{"grid_id", "5"}}}); // its parameters were never written
    ASSERT_TRUE(failAndEnqueueAgain(storage, dead, {}, 3));
    const int again = beginTrial(storage, study, source).value();
    for (const auto& [name, parameter] : storage.journal().trial(again).parameters)
        EXPECT_EQ(parameter.internal, points[5].at(name)) << name;
    EXPECT_EQ(storage.journal().trial(beginTrial(storage, study, source).value()).system.at("grid_id"), "0");
}

TEST(StaleTrials, AreThoseWhoseWorkerIsGone)
{
    const TemporaryFolder folder;
    const pid_t child = fork();
    if (child == 0) { // dies with a trial
        StudyStorage storage = storageIn(folder);
        TrialSource source;
        source.space = spaceOf(kMomentum, "space");
        beginTrial(storage, storage.openStudy("s", {Direction::Minimize}), source, {}, ownerAttributes());
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    StudyStorage storage = storageIn(folder);
    const Study& study = storage.study("s");
    const int own = storage.createTrial(study.id, {{}, {}, ownerAttributes()});
    const int optunas = storage.createTrial(study.id, {});
    StaleTrials stale;
    const auto now = StaleTrials::Clock::now();
    EXPECT_EQ(stale.look(storage.journal(), study, now), std::vector<int>{0});
    EXPECT_EQ(occupiedBy(storage.journal(), study).owned, 2);
    EXPECT_EQ(occupiedBy(storage.journal(), study).begun, 3);
    // Nothing from a worker of whom nothing else is known.
    EXPECT_EQ(stale.look(storage.journal(), study, now + std::chrono::minutes(2)), std::vector<int>{0});
    storage.setSystem(own, heartbeatAttributes());
    EXPECT_EQ(stale.look(storage.journal(), study, now + std::chrono::minutes(4)), std::vector<int>{0});
    EXPECT_EQ(stale.look(storage.journal(), study, now + std::chrono::minutes(8)), (std::vector<int>{0, own}));
    // Enqueued again with the same values, at most so often, and then counted once.
    const auto values = storage.journal().trial(0).parameters;
    ASSERT_TRUE(failAndEnqueueAgain(storage, 0, {{kFailureAttribute, "\"its worker died\""}}, 1));
    EXPECT_FALSE(failAndEnqueueAgain(storage, 0, {}, 1)) << "it is over";
    const int again = storage.journal().lastCreatedBy(storage.worker());
    EXPECT_EQ(storage.journal().trials().size(), static_cast<std::size_t>(again) + 1);
    EXPECT_EQ(storage.journal().trial(0).user.at(kFailureAttribute), "\"its worker died\"");
    EXPECT_EQ(storage.journal().trial(again).system.at(kRetryHistory), "[0]");
    EXPECT_EQ(occupiedBy(storage.journal(), study).begun, 3) << "it takes the place of the one that died";
    TrialSource source;
    source.space = spaceOf(kMomentum, "space");
    EXPECT_EQ(beginTrial(storage, study.id, source, {}, {}, 3), again) << "which needs no room";
    EXPECT_EQ(beginTrial(storage, study.id, source, {}, {}, 3), std::nullopt);
    ASSERT_EQ(storage.journal().trial(again).parameters.size(), values.size());
    for (const auto& [name, parameter] : storage.journal().trial(again).parameters)
        EXPECT_EQ(parameter.internal, values.at(name).internal);
    const std::size_t before = storage.journal().trials().size();
    EXPECT_TRUE(failAndEnqueueAgain(storage, again, {}, 1));
    EXPECT_EQ(storage.journal().trial(again).state, TrialState::Fail);
    EXPECT_EQ(storage.journal().trials().size(), before) << "it has been tried often enough";
    EXPECT_EQ(storage.journal().trial(optunas).state, TrialState::Running);
}

TEST(StaleTrials, WhatDiedBeforeItsParametersWereWrittenKeepsWhatWasFixed)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Minimize});
    NewTrial enqueued;
    enqueued.state = TrialState::Waiting;
    enqueued.system["fixed_params"] = R"({"optimizer": "sgd", "momentum": 0.25})";
    const int first = storage.createTrial(study, enqueued);
    ASSERT_TRUE(storage.claim(first, {{"seed", "7"}}, ownerAttributes()));
    EXPECT_EQ(storage.journal().trial(first).user.at("seed"), "7");
    EXPECT_EQ(occupiedBy(storage.journal(), storage.study("s")).owned, 1) << "its owner is known from the first moment";
    ASSERT_TRUE(failAndEnqueueAgain(storage, first, {}, 3));
    TrialSource source;
    source.space = spaceOf(kMomentum, "space");
    const int second = beginTrial(storage, study, source).value();
    EXPECT_EQ(storage.journal().trial(second).parameters.at("momentum").internal, 0.25);
}

TEST(NextTrial, ProgramsThatBeginAtOnceNeverBeginOneTooMany)
{
    const TemporaryFolder folder;
    storageIn(folder).openStudy("s", {Direction::Minimize});
    constexpr int kMost = 30;
    std::vector<std::jthread> programs;
    for (int p = 0; p < 4; ++p) {
        programs.emplace_back([&folder, p] {
            StudyStorage storage = storageIn(folder);
            TrialSource source;
            source.space = spaceOf(kMomentum, "space");
            for (int i = 0; const auto id = beginTrial(storage, 0, source, {}, ownerAttributes(), kMost); ++i) {
                if ((i + p) % 5 == 0)
                    failAndEnqueueAgain(storage, *id, {{kFailureAttribute, "\"its worker died\""}}, 1);
                else
                    storage.finish(*id, TrialState::Complete, {1.0 * i});
            }
        });
    }
    programs.clear();
    const StudyStorage storage = storageIn(folder);
    int complete = 0, failed = 0, again = 0;
    for (const Trial& trial : storage.journal().trials()) {
        EXPECT_TRUE(isFinished(trial.state)) << trial.number;
        again += trial.system.contains(kRetryHistory) ? 1 : 0;
        (trial.state == TrialState::Complete ? complete : failed) += 1;
    }
    EXPECT_EQ(occupiedBy(storage.journal(), storage.study("s")).begun, kMost);
    EXPECT_EQ(static_cast<int>(storage.journal().trials().size()), kMost + again);
    EXPECT_GT(again, 0);
    EXPECT_GE(failed, again);
    EXPECT_LE(complete, kMost);
}

TEST(ParetoFront, HoldsWhatNoOtherBeats)
{
    EXPECT_EQ(frontsOf({{1, 5}, {2, 2}, {5, 1}, {3, 3}, {6, 6}, {1, 5}}), (std::vector<int>{0, 0, 0, 1, 2, 0}));
    EXPECT_EQ(frontsOf({}), std::vector<int>{});
    const std::vector<std::vector<double>> points{{0, 4}, {1, 1}, {4, 0}, {0.5, 2}};
    const std::vector<double> crowding = crowdingOf(points, frontsOf(points));
    EXPECT_TRUE(std::isinf(crowding[0]) && std::isinf(crowding[2]));
    EXPECT_DOUBLE_EQ(crowding[1], 3.5 / 4 + 2.0 / 4);
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int two = storage.openStudy("two", {Direction::Minimize, Direction::Maximize});
    for (const auto& [a, b] : {std::pair(1.0, 5.0), {2.0, 7.0}, {3.0, 6.0}})
        storage.finish(storage.createTrial(two, {}), TrialState::Complete, {a, b});
    storage.finish(storage.createTrial(two, {}), TrialState::Fail, {});
    EXPECT_EQ(bestTrials(storage.journal(), storage.study("two")), (std::vector<int>{0, 1}));
    const int one = storage.openStudy("one", {Direction::Maximize});
    EXPECT_TRUE(bestTrials(storage.journal(), storage.study("one")).empty());
    for (const double value : {1.0, 3.0, 3.0}) storage.finish(storage.createTrial(one, {}), TrialState::Complete, {value});
    EXPECT_EQ(storage.journal().trial(bestTrials(storage.journal(), storage.study("one")).front()).number, 1);
}

} // namespace latentoscope
