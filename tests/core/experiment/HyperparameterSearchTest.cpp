// Searches that train on tiny images: what is in the journal, what lies on disk, and what happens when things go wrong.
#include "core/experiment/HyperparameterSearch.h"
#include "core/data/DataSet.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/experiment/Evaluate.h"
#include "core/experiment/TrialTraining.h"
#include "core/models/FrozenModel.h"
#include "core/search/SpaceText.h"
#include "core/storage/RunFolder.h"
#include "core/studies/JournalFile.h"
#include "core/studies/JournalLocation.h"
#include "tests/core/training/SmallSession.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

SearchSetup smallSearch(const test::TemporaryFolder& folder, const std::string& name = "search")
{
    const SessionSetup session = test::smallSetup();
    SearchSetup setup;
    setup.plan.configuration = session.configuration;
    setup.plan.configuration.data.validationFraction = 0.2;
    setup.plan.space = spaceOf(R"({"model.latent": {"type": "int", "low": 1, "high": 6},
        "training.learning_rate": {"type": "float", "low": 1e-4, "high": 0.1, "log": true},
        "training.optimizer": {"type": "categorical", "choices": ["adam", "sgd"]},
        "training.momentum": {"type": "float", "low": 0, "high": 0.9, "when": {"training.optimizer": ["sgd"]}}})",
                               "space");
    setup.data = session.data;
    setup.storage = (folder / "study.log").string();
    setup.study = "small";
    setup.folder = folder / name;
    setup.trials = 14;
    setup.threads = 2;
    return setup;
}

SearchState ended(HyperparameterSearch& search)
{
    search.start();
    EXPECT_TRUE(search.waitFor(std::chrono::minutes(5)));
    return search.state();
}

std::string refusal(const SearchSetup& setup)
{
    return test::refusal([&] { const HyperparameterSearch search(setup); });
}

/// What was tried and what came of it, without times and folders.
std::vector<std::string> told(const std::vector<Trial>& trials)
{
    std::vector<std::string> all;
    for (const Trial& trial : trials) {
        Json line{trial.number, stateName(trial.state), trial.values};
        for (const auto& [name, parameter] : trial.parameters) line.push_back({name, parameter.internal});
        for (const auto& [step, value] : trial.intermediate) line.push_back({step, value});
        all.push_back(line.dump());
    }
    return all;
}

} // namespace

TEST(HyperparameterSearch, AClassifiersTrialsBeginWithTheEncoderOfTheirPlan)
{
    const test::TemporaryFolder folder;
    const SessionSetup encoder = test::setupInto(folder / "encoder", 2);
    test::weightsAfter(encoder);
    SearchSetup setup = smallSearch(folder);
    setup.plan.configuration.model.kind = "classifier";
    setup.plan.configuration.training.epochs = 1;
    setup.plan.configuration.model.freezeEncoder = true;
    setup.plan.space =
        spaceOf(R"({"training.learning_rate": {"type": "float", "low": 1e-4, "high": 0.1, "log": true}})", "space");
    setup.trials = 2;
    EXPECT_NE(refusal(setup).find("model.freeze_encoder: found it set or searched without a trained encoder"), std::string::npos)
        << refusal(setup);
    setup.plan.encoder = (folder / "encoder").string();
    {
        HyperparameterSearch search(setup);
        EXPECT_EQ(ended(search).failed, 0);
        EXPECT_EQ(search.trials().size(), 2U);
    }
    const RunRecord run = readRun(folder / "search" / "trial-0");
    EXPECT_EQ(run.encoderFolder, (folder / "encoder").string());
    EXPECT_EQ(run.configuration.model.latent, encoder.configuration.model.latent);
    // A frozen encoder has the weights that it came with.
    const auto trained = readModel(folder / "encoder", encoder.configuration.model, run.shape);
    const auto tried = readModel(folder / "search" / "trial-0", run.configuration.model, run.shape);
    const auto first = [](const FrozenModel& model, const ImageShape& shape) { // its first convolution
        const auto layout = parameterLayout(model.options(), shape);
        const auto entry =
            std::find_if(layout.begin(), layout.end(), [](const ParameterEntry& one) { return one.name == "encoder.0.weight"; });
        const auto part = model.weights().subspan(entry->offset, entry->count());
        return std::vector<float>(part.begin(), part.end());
    };
    EXPECT_EQ(first(*tried, run.shape), first(*trained, run.shape));

    SearchSetup sizes = setup;
    sizes.study = "sizes";
    sizes.plan.space = spaceOf(R"({"model.latent": {"type": "int", "low": 1, "high": 6}})", "space");
    EXPECT_NE(refusal(sizes).find("space: found model.latent, but the encoder is that of"), std::string::npos) << refusal(sizes);
    SearchSetup other = setup;
    other.plan.encoderDigest = std::string(64, '0');
    EXPECT_NE(refusal(other).find("was trained again since the study was begun"), std::string::npos) << refusal(other);
}

TEST(HyperparameterSearch, TrainsTrialsThatTheJournalAndTheirRunsTellAlike)
{
    const test::TemporaryFolder folder;
    HyperparameterSearch search(smallSearch(folder));
    const SearchState state = ended(search);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    EXPECT_EQ(state.ended, 14);
    EXPECT_EQ(state.fraction, 1);
    const std::vector<Trial> trials = search.trials();
    ASSERT_EQ(trials.size(), 14U);
    double best = 0;
    for (const Trial& trial : trials) {
        ASSERT_TRUE(trial.state == TrialState::Complete || trial.state == TrialState::Pruned) << stateName(trial.state);
        const std::filesystem::path run = Json::parse(trial.user.at("run_folder")).get<std::string>();
        EXPECT_EQ(run.filename(), "trial-" + std::to_string(trial.number));
        const Configuration configuration = readRun(run).configuration;
        EXPECT_EQ(configuration.model.latent, static_cast<int>(trial.parameters.at("model.latent").internal));
        EXPECT_EQ(trial.parameters.contains("training.momentum"), configuration.training.optimizer == OptimizerRule::Sgd);
        const std::vector<EpochMetrics> epochs = readMetrics(run);
        ASSERT_EQ(epochs.size(), trial.intermediate.size());
        for (const EpochMetrics& epoch : epochs)
            EXPECT_NEAR(trial.intermediate.at(epoch.epoch), 100 * (1 - epoch.find("validation", "mse").value()), 1e-9);
        EXPECT_NEAR(trial.values.front(), trial.intermediate.rbegin()->second, 1e-9);
        EXPECT_TRUE(trial.user.contains("images_per_second"));
        if (trial.state == TrialState::Complete) best = std::max(best, trial.values.front());
    }
    ASSERT_EQ(state.best.size(), 1U);
    EXPECT_EQ(search.trial(state.best.front()).values.front(), best);
    // The best settings are those of the trial, as a preset.
    const Configuration preset = presetOrFile((folder / "search" / "best.json").string());
    EXPECT_EQ(preset.training.learningRate, search.trial(state.best.front()).parameters.at("training.learning_rate").internal);
    EXPECT_EQ(search.channel().take().ended.size(), 14U);
    EXPECT_TRUE(search.channel().take().ended.empty());
}

TEST(HyperparameterSearch, TriesTheSameAgainWithTheSameSeedAndOneWorker)
{
    std::vector<std::vector<std::string>> all;
    for (const int threads : {1, 2}) {
        const test::TemporaryFolder folder;
        SearchSetup setup = smallSearch(folder);
        setup.threads = threads;
        HyperparameterSearch search(setup);
        ended(search);
        all.push_back(told(search.trials()));
    }
    EXPECT_EQ(all[0], all[1]);
}

TEST(HyperparameterSearch, FailsTrialsWithTheirReasonAndGoesOn)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.space = spaceOf(R"({"training.optimizer": {"type": "categorical", "choices": ["sgd"]},
        "training.weight_decay": {"type": "categorical", "choices": [0, 1]},
        "training.learning_rate": {"type": "categorical", "choices": [0.001, 10]}, "model.padding": {"type": "int", "low": 0, "high": 1}})",
                               "space");
    setup.plan.sampler = SamplerKind::Random;
    setup.trials = 12;
    setup.plan.configuration.training.momentum = 0.99; // with all of them high, weights grow past what a float holds
    setup.plan.configuration.training.epochs = 30;
    setup.plan.pruner = PrunerKind::None;
    HyperparameterSearch search(setup);
    const SearchState state = ended(search);
    EXPECT_EQ(state.state, RunState::Finished) << state.message;
    EXPECT_EQ(state.ended, 12);
    int failed = 0;
    for (const Trial& trial : search.trials()) {
        if (trial.state != TrialState::Fail) continue;
        ++failed;
        EXPECT_TRUE(trial.values.empty());
        EXPECT_GT(trial.user.at(kFailureAttribute).size(), 10U);
    }
    EXPECT_EQ(state.failed, failed);
    EXPECT_GT(failed, 0);
    EXPECT_LT(failed, 12);
}

TEST(HyperparameterSearch, StoppedTrialsAreFailedAndTriedAgainByWhoGoesOn)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.configuration.training.epochs = 10'000;
    setup.trials = 3;
    setup.workers = 2;
    std::vector<double> tried;
    {
        HyperparameterSearch search(setup);
        search.start();
        while (search.state().running.size() < 2) EXPECT_FALSE(search.waitFor(std::chrono::milliseconds(5)));
        const auto before = std::chrono::steady_clock::now();
        search.stop();
        EXPECT_TRUE(search.waitFor(std::chrono::seconds(10)));
        EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
        EXPECT_EQ(search.state().state, RunState::Stopped);
        EXPECT_TRUE(search.state().running.empty());
        const std::vector<Trial> trials = search.trials();
        ASSERT_EQ(trials.size(), 4U);
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(trials[static_cast<std::size_t>(i)].state, TrialState::Fail);
            EXPECT_EQ(trials[static_cast<std::size_t>(i) + 2].state, TrialState::Waiting);
            tried.push_back(trials[static_cast<std::size_t>(i)].parameters.at("training.learning_rate").internal);
        }
    }
    // The same plan goes on; of other epochs it is another.
    EXPECT_NE(refusal(smallSearch(folder)).find("training.epochs"), std::string::npos);
    HyperparameterSearch again(setup);
    again.start();
    while (again.state().running.size() < 1) EXPECT_FALSE(again.waitFor(std::chrono::milliseconds(5)));
    const Trial first = again.trial(again.state().running.front().id);
    EXPECT_TRUE(std::find(tried.begin(), tried.end(), first.parameters.at("training.learning_rate").internal) != tried.end());
}

TEST(HyperparameterSearch, AStorageThatIsAwayForAWhileCostsNothing)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.trials = 6;
    setup.plan.configuration.training.epochs = 200;
    setup.plan.pruner = PrunerKind::None;
    HyperparameterSearch search(setup);
    search.start();
    while (search.state().running.empty()) EXPECT_FALSE(search.waitFor(std::chrono::milliseconds(2)));
    // A folder at the journal's name: nothing can be read or written.
    std::filesystem::rename(setup.storage, folder / "moved.log");
    std::filesystem::create_directory(setup.storage);
    std::string warning;
    for (int i = 0; i < 500 && warning.empty(); ++i) {
        search.waitFor(std::chrono::milliseconds(10));
        warning = search.state().warning;
    }
    EXPECT_NE(warning.find("trials go on, and it is tried again"), std::string::npos) << warning;
    search.waitFor(std::chrono::milliseconds(300));
    EXPECT_EQ(search.state().state, RunState::Running);
    std::filesystem::remove(setup.storage);
    std::filesystem::rename(folder / "moved.log", setup.storage);
    ASSERT_TRUE(search.waitFor(std::chrono::minutes(5)));
    const SearchState state = search.state();
    EXPECT_EQ(state.state, RunState::Finished) << state.message;
    EXPECT_EQ(state.warning, "");
    EXPECT_EQ(state.pruned, 0);
    int complete = 0;
    for (const Trial& trial : search.trials()) {
        if (trial.state != TrialState::Complete) {
            EXPECT_NE(trial.user.at(kFailureAttribute).find("could not be written"), std::string::npos);
            continue;
        }
        ++complete;
        EXPECT_EQ(trial.intermediate.size(), 200U) << "no epoch's value is missing";
    }
    EXPECT_GE(complete, 5);
}

TEST(HyperparameterSearch, AStudyThatAnotherDeletesIsAMessage)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.configuration.training.epochs = 10'000;
    HyperparameterSearch search(setup);
    search.start();
    while (search.state().running.empty()) EXPECT_FALSE(search.waitFor(std::chrono::milliseconds(2)));
    // As Optuna's delete_study writes it.
    JournalFile(setup.storage).append({R"({"op_code": 1, "worker_id": "another", "study_id": 0})"}, Unread::Follow);
    ASSERT_TRUE(search.waitFor(std::chrono::minutes(5)));
    const SearchState state = search.state();
    EXPECT_EQ(state.state, RunState::Failed);
    EXPECT_NE(state.message.find("was deleted"), std::string::npos) << state.message;
    EXPECT_TRUE(search.trials().empty());
    EXPECT_EQ(search.study().name, "small");
}

TEST(HyperparameterSearch, AStartThatCannotReachTheStorageHasNotBegun)
{
    const test::TemporaryFolder folder;
    const SearchSetup setup = smallSearch(folder);
    HyperparameterSearch search(setup);
    std::filesystem::rename(setup.storage, folder / "moved.log");
    std::filesystem::create_directory(setup.storage);
    EXPECT_THROW(search.start(), Error);
    EXPECT_EQ(search.state().state, RunState::Ready);
    std::filesystem::remove(setup.storage);
    std::filesystem::rename(folder / "moved.log", setup.storage);
    search.start();
    EXPECT_EQ(search.state().state, RunState::Running);
}

TEST(HyperparameterSearch, ManyFailuresInARowEndIt)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.space = spaceOf(R"({"training.learning_rate": {"type": "float", "low": 9, "high": 10}})", "space");
    setup.plan.configuration.training.optimizer = OptimizerRule::Sgd;
    setup.plan.configuration.training.momentum = 0.9999;
    setup.plan.configuration.training.weightDecay = 1;
    setup.plan.configuration.training.epochs = 400;
    setup.plan.pruner = PrunerKind::None;
    setup.trials = 1000;
    HyperparameterSearch search(setup);
    const SearchState state = ended(search);
    EXPECT_EQ(state.state, RunState::Failed);
    EXPECT_NE(state.message.find("20 trials have failed one after the other, and none has succeeded; the last: "),
              std::string::npos)
        << state.message;
    EXPECT_LT(state.ended, 30);
}

TEST(HyperparameterSearch, ASpaceThatCanOnlyFailIsRefusedBeforeAnyTrial)
{
    const test::TemporaryFolder folder;
    const auto refused = [&](const char* space, std::vector<Objective> objectives = {}) {
        SearchSetup setup = smallSearch(folder);
        setup.plan.space = spaceOf(space, "space");
        setup.plan.objectives = std::move(objectives);
        return refusal(setup);
    };
    EXPECT_NE(refused(R"({"model.latent": {"type": "float", "low": 2, "high": 6}})").find("a range of floats, expected type int"),
              std::string::npos);
    EXPECT_NE(
        refused(R"({"model.kind": {"type": "categorical", "choices": ["autoencoder", "vae"]}})", {{"reconstruction_accuracy"}})
            .find("does not measure"),
        std::string::npos);
    EXPECT_NE(refused(R"({"model.beta": {"type": "float", "low": 0.1, "high": 1}})").find("has no effect"), std::string::npos);
    EXPECT_EQ(refused(R"({"training.momentum": {"type": "float", "low": 0, "high": 0.9},
                          "training.optimizer": {"type": "categorical", "choices": ["adam", "sgd"]}})"),
              "")
        << "momentum means something with one of the choices";
    SearchSetup setup = smallSearch(folder);
    setup.study = "folds";
    setup.plan.folds = 1000;
    EXPECT_NE(refusal(setup).find("folds: found 1000, expected at most 200"), std::string::npos) << refusal(setup);
    EXPECT_FALSE(std::filesystem::exists(folder / "search" / "trial-0"));
}

TEST(HyperparameterSearch, TwoStudiesInOneFolderKeepTheirBestApart)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.trials = 2;
    for (const char* name : {"one", "two"}) {
        setup.study = name;
        HyperparameterSearch search(setup);
        ended(search);
        EXPECT_EQ(search.bestFile().filename(), std::string(name) == "one" ? "best.json" : "best-two.json");
    }
    EXPECT_NE(readFile(setup.folder / "best.json").find("\"one-"), std::string::npos);
    EXPECT_NE(readFile(setup.folder / "best-two.json").find("\"two-"), std::string::npos);
}

TEST(HyperparameterSearch, SeveralOnOneJournalShareTheTrials)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder, "a");
    setup.workers = 2;
    SearchSetup beside = setup;
    beside.folder = folder / "b";
    HyperparameterSearch one(setup), other(beside);
    one.start();
    other.start();
    EXPECT_TRUE(one.waitFor(std::chrono::minutes(5)));
    EXPECT_TRUE(other.waitFor(std::chrono::minutes(5)));
    EXPECT_EQ(one.state().state, RunState::Finished) << one.state().message;
    EXPECT_EQ(other.state().state, RunState::Finished) << other.state().message;
    const std::vector<Trial> trials = StudyStorage(openJournal(setup.storage, MissingJournal::Refuse)).journal().trials();
    // Two programs may each begin a last one at the same moment.
    EXPECT_GE(trials.size(), 14U);
    EXPECT_LE(trials.size(), 17U);
    for (const Trial& trial : trials) EXPECT_TRUE(isFinished(trial.state));
    EXPECT_EQ(one.channel().take().ended.size() + other.channel().take().ended.size(), trials.size());
}

TEST(HyperparameterSearch, RefusesAStudyAboutSomethingElse)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.trials = 1;
    {
        HyperparameterSearch search(setup);
        ended(search);
    }
    EXPECT_EQ(refusal(setup), "");
    SearchSetup other = setup;
    other.plan.configuration.training.batchSize = 25;
    EXPECT_NE(refusal(other).find("training.batch_size"), std::string::npos);
    other = setup;
    other.plan.objectives = {{"mse", Direction::Minimize}};
    EXPECT_NE(refusal(other).find("objectives"), std::string::npos);
    other = setup;
    DataSet data = *setup.data;
    data.digest = "of other images";
    other.data = std::make_shared<DataSet>(data);
    EXPECT_NE(refusal(other).find("other data"), std::string::npos);
    other = setup;
    other.workers = 0;
    EXPECT_NE(refusal(other).find("workers"), std::string::npos);
    other = setup;
    other.storage = "mysql://server/db";
    EXPECT_NE(refusal(other).find("mysql"), std::string::npos);
}

TEST(HyperparameterSearch, OverFoldsGivesTheirMean)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.folds = 3;
    setup.plan.pruner = PrunerKind::None;
    setup.trials = 2;
    HyperparameterSearch search(setup);
    const SearchState state = ended(search);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    for (const Trial& trial : search.trials()) {
        const auto folds = Json::parse(trial.user.at("fold_values")).get<std::vector<double>>();
        ASSERT_EQ(folds.size(), 3U);
        EXPECT_NEAR(trial.values.front(), (folds[0] + folds[1] + folds[2]) / 3, 1e-9);
        EXPECT_NEAR(trial.intermediate.at(2), (folds[0] + folds[1]) / 2, 1e-9);
        // Each is what its run's network has on the images that the fold held out.
        const std::filesystem::path run = Json::parse(trial.user.at("run_folder")).get<std::string>();
        for (int fold = 1; fold <= 3; ++fold) {
            const RunRecord record = readRun(run / ("fold-" + std::to_string(fold)));
            EXPECT_EQ(record.configuration.data.folds, 3);
            EXPECT_EQ(record.configuration.data.fold, fold);
            const auto epochs = readMetrics(run / ("fold-" + std::to_string(fold)));
            EXPECT_NEAR(100 * (1 - epochs.back().find("validation", "mse").value()), folds[static_cast<std::size_t>(fold - 1)],
                        1e-9);
        }
    }
    EXPECT_TRUE(isHopeless({1}, {2, 3}, Direction::Maximize));
    EXPECT_FALSE(isHopeless({2.5}, {2, 3}, Direction::Maximize));
    EXPECT_TRUE(isHopeless({4, 3.5}, {2, 3}, Direction::Minimize));
    EXPECT_FALSE(isHopeless({4}, {}, Direction::Minimize));
}

TEST(HyperparameterSearch, EndsHopelessSettingsBeforeTheirLastFold)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.space = spaceOf(R"({"training.learning_rate": {"type": "categorical", "choices": [0.005, 1e-6]}})", "space");
    setup.plan.grid = 2;
    setup.plan.folds = 4;
    setup.trials = 0;
    HyperparameterSearch search(setup);
    const SearchState state = ended(search);
    EXPECT_EQ(state.state, RunState::Finished) << state.message;
    const std::vector<Trial> trials = search.trials();
    ASSERT_EQ(trials.size(), 2U) << "the grid's points";
    EXPECT_EQ(trials[0].state, TrialState::Complete);
    EXPECT_EQ(trials[1].state, TrialState::Pruned);
    EXPECT_EQ(trials[1].intermediate.size(), 1U);
}

TEST(HyperparameterSearch, OfTwoObjectivesHasAFront)
{
    const test::TemporaryFolder folder;
    SearchSetup setup = smallSearch(folder);
    setup.plan.objectives = {{"mse", {}}, {"latent", {}}};
    HyperparameterSearch search(setup);
    const SearchState state = ended(search);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    EXPECT_EQ(state.pruned, 0);
    ASSERT_GT(state.best.size(), 1U);
    EXPECT_EQ(search.study().directions, (std::vector{Direction::Minimize, Direction::Minimize}));
    for (const int id : state.best) {
        const Trial trial = search.trial(id);
        EXPECT_EQ(trial.values[1], trial.parameters.at("model.latent").internal);
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "search" / "best.json")) << "there is no one best";
}

} // namespace latentoscope
