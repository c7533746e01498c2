#include "core/experiment/TrialTraining.h"

#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/experiment/Evaluate.h"
#include "core/kinds/Kind.h"
#include "core/training/Prepare.h"
#include "core/training/RunToEnd.h"
#include "core/training/Snapshot.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>
#include <numeric>

namespace latentoscope {
namespace {

constexpr auto kSavePatience =
    std::chrono::seconds(10); ///< with a full disk: the search ends, and whoever goes on tries it again

double meanOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The figures of an epoch on held-out images, and what follows from them.
std::vector<NamedValue> figuresOf(const Configuration& configuration, const ImageShape& shape, const EpochMetrics& epoch)
{
    std::vector<double> means;
    for (const Measure& measure : measuresOf(configuration.model, shape))
        means.push_back(epoch.find("validation", measure.name).value_or(std::nan("")));
    return figuresOf(configuration.model, shape, means);
}

double valueOf(const Objective& objective, const Configuration& configuration, const ImageShape& shape,
               const std::vector<NamedValue>& figures, double imagesPerSecond)
{
    if (objective.name == "images_per_second") return imagesPerSecond;
    if (objective.name == "latent") return configuration.model.latent;
    if (objective.name == "parameters") return static_cast<double>(parameterCount(parameterLayout(configuration.model, shape)));
    const bool bound = objective.name == "elbo";
    for (const NamedValue& figure : figures) {
        if (figure.name == (bound ? "negative_elbo" : objective.name)) return bound ? -figure.value : figure.value;
    }
    throw Error(Error::Kind::InvalidArgument, "objective: found " + objective.name + ", which the network does not measure");
}

/// One training, to its end or until it is pruned.
struct Training {
    Snapshot last;
    bool pruned = false;
    std::vector<double> values; ///< one an objective; empty where it did not finish
    double newest = 0;          ///< of the first objective
    double imagesPerSecond = 0; ///< mean over the epochs
};

/// `goOn` hears each epoch's first objective; null: nobody.
Training train(const TrialSetup& setup, SessionSetup session, const std::function<bool(int, double)>& goOn,
               const std::function<void(double)>& progress, const std::stop_token& stop)
{
    Training result;
    const ImageShape& shape = setup.data->train.shape;
    const Configuration configuration = session.configuration;
    const Objective& first = setup.plan.objectives.front();
    std::atomic<bool> pruned{false};
    std::atomic<double> newest{0};
    session.goOn = [&](const EpochMetrics& epoch) {
        const double value =
            valueOf(first, configuration, shape, figuresOf(configuration, shape, epoch), epoch.imagesPerSecond());
        newest = value;
        const bool last = epoch.epoch >= configuration.training.epochs;
        if (!goOn || goOn(epoch.epoch, value) || last) return true; // a whole trial is worth more than a pruned one
        pruned = true;
        return false;
    };
    TrainingSession training(std::move(session));
    double rate = 0;
    int epochs = 0;
    const auto listen = [&](const Snapshot& news) {
        if (progress) progress(news.progress.fraction);
        for (const EpochMetrics& epoch : news.epochs) {
            rate += epoch.imagesPerSecond();
            ++epochs;
        }
    };
    result.last = runToEnd(training, listen, stop);
    result.pruned = pruned;
    result.newest = newest;
    result.imagesPerSecond = epochs > 0 ? rate / epochs : 0;
    if (result.last.state != RunState::Finished) return result;
    const DividedData divided = training.setup().divided();
    const Evaluation evaluation =
        evaluate(*training.model(), *divided.set, wholeSplit(divided, "validation"), training.setup().threads);
    for (const Objective& objective : setup.plan.objectives)
        result.values.push_back(valueOf(objective, configuration, shape, evaluation.values, result.imagesPerSecond));
    return result;
}

/// With the plan's encoder, whose head is drawn by the trial's own seed.
SessionSetup sessionOf(const TrialSetup& setup)
{
    SessionSetup session;
    session.configuration = setup.configuration;
    session.data = setup.data;
    session.runFolder = setup.folder;
    session.threads = setup.threads;
    session.device = setup.device;
    session.niceness = setup.niceness;
    session.savePatience = kSavePatience;
    const std::string& encoder = setup.plan.encoder;
    if (encoder.empty()) return session;
    beginWithEncoder(session, encoder);
    if (session.encoderDigest != setup.plan.encoderDigest)
        throw Error(Error::Kind::Io, encoder + ": was trained again while the study goes on; begin another study");
    return session;
}

/// What a training that did not finish makes of its trial; none where it did.
std::optional<TrialEnd> unfinished(const Training& training)
{
    TrialEnd end;
    end.imagesPerSecond = training.imagesPerSecond;
    if (training.last.storageFailed) throw Error(Error::Kind::Io, training.last.message);
    if (training.last.state == RunState::Failed) {
        end.state = TrialState::Fail;
        end.failure = training.last.message;
    } else if (training.pruned) {
        end.state = TrialState::Pruned;
        end.values = {training.newest};
    } else if (training.last.state == RunState::Finished) {
        return std::nullopt;
    } else {
        end.state = TrialState::Running;
    }
    return end;
}

TrialEnd single(const TrialSetup& setup, const TrialTalk& talk)
{
    const Training training = train(setup, sessionOf(setup), talk.goOn, talk.progress, talk.stop);
    if (auto end = unfinished(training)) return *end;
    TrialEnd end;
    end.values = training.values;
    end.imagesPerSecond = training.imagesPerSecond;
    return end;
}

TrialEnd crossValidated(const TrialSetup& setup, const TrialTalk& talk)
{
    TrialEnd end;
    std::vector<std::vector<double>> all(setup.plan.objectives.size());
    double rate = 0;
    for (int fold = 1; fold <= setup.plan.folds; ++fold) {
        SessionSetup session = sessionOf(setup);
        session.configuration.data.fold = fold;
        if (!setup.folder.empty()) {
            std::filesystem::create_directories(setup.folder);
            session.runFolder = setup.folder / ("fold-" + std::to_string(fold));
        }
        const double before = fold - 1.0;
        const Training training = train(
            setup, std::move(session), nullptr,
            [&](double fraction) {
                if (talk.progress) talk.progress((before + fraction) / setup.plan.folds);
            },
            talk.stop);
        if (auto other = unfinished(training)) {
            other->folds = end.folds;
            return *other;
        }
        rate += training.imagesPerSecond;
        for (std::size_t i = 0; i < all.size(); ++i) all[i].push_back(training.values[i]);
        end.folds = all.front();
        const bool goOn = !talk.goOn || talk.goOn(fold, meanOf(all.front()));
        if (!goOn && fold < setup.plan.folds) {
            end.state = TrialState::Pruned;
            end.values = {meanOf(all.front())};
            end.imagesPerSecond = rate / fold;
            return end;
        }
    }
    for (const std::vector<double>& values : all) end.values.push_back(meanOf(values));
    end.imagesPerSecond = rate / setup.plan.folds;
    return end;
}

} // namespace

TrialEnd trainTrial(const TrialSetup& setup, const TrialTalk& talk)
{
    TrialEnd failed;
    failed.state = TrialState::Fail;
    try {
        TrialEnd end = setup.plan.folds > 0 ? crossValidated(setup, talk) : single(setup, talk);
        const bool finite = std::all_of(end.values.begin(), end.values.end(), [](double value) { return std::isfinite(value); });
        if (finite) return end;
        failed.failure = "an objective is not a finite number";
    } catch (const std::bad_alloc&) {
        failed.failure = "out of memory";
    } catch (const Error& error) {
        if (error.kind() == Error::Kind::Io) throw;
        failed.failure = error.what();
    }
    return failed;
}

bool isHopeless(const std::vector<double>& folds, const std::vector<double>& bestFolds, Direction direction)
{
    if (folds.empty() || bestFolds.empty()) return false;
    const double mean = meanOf(folds);
    return direction == Direction::Minimize ? mean > *std::max_element(bestFolds.begin(), bestFolds.end())
                                            : mean < *std::min_element(bestFolds.begin(), bestFolds.end());
}

} // namespace latentoscope
