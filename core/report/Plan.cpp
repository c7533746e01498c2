#include "core/report/Plan.h"

#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/config/SuitedPreset.h"
#include "core/data/ClassShares.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/training/Engine.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTrialSeconds = 0.15;   ///< that each network is trained for to see how fast it is
constexpr double kPictureSeconds = 2e-4; ///< a code and thread, by measurement
constexpr double kSamplesSeconds = 12;   ///< of one network and thread, by measurement

Configuration presetFor(const ReproductionSettings& settings, const std::string& name, const DataSet& data)
{
    Configuration configuration = presetOrFile(name);
    if (!hasPublishedFigures(data)) configuration = suitedTo(data, std::move(configuration), Holding::Folds);
    configuration.training.seed = settings.seed;
    configuration.data.seed = settings.seed;
    if (settings.quick) configuration.training.epochs = 1;
    return configuration;
}

/// Before anything is trained, which takes long.
void requireFolds(const DataSet& data, const ReproductionSettings& settings)
{
    try {
        foldsByClass(data.train, settings.folds, settings.seed);
    } catch (const Error& error) {
        throw Error(error.kind(), std::string(error.what()) +
                                      " (--folds N sets another number, --without cross-validation leaves "
                                      "it out)");
    }
}

double imagesPerSecond(const Configuration& configuration, const DataSet& data, int threads, const std::string& device)
{
    Engine engine({configuration.model, configuration.training, data.train.shape, threads, device, 0, {}});
    std::vector<int> items(static_cast<std::size_t>(std::min(configuration.training.batchSize, data.train.count())));
    std::iota(items.begin(), items.end(), 0);
    StepKey key;
    const auto step = [&] {
        key.learningRate = 1e-4F;
        ++key.step;
        engine.step(data.train, items, key, {});
    };
    for (int i = 0; i < 3; ++i) step(); // buffers and kernels are made
    const auto start = Clock::now();
    double images = 0;
    for (;;) {
        step();
        images += static_cast<double>(items.size());
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (seconds > kTrialSeconds) return images / seconds;
    }
}

double imagesOf(const Configuration& configuration, const DataSet& data)
{
    return static_cast<double>(data.train.count()) * configuration.training.epochs;
}

} // namespace

bool hasPublishedFigures(const DataSet& data) { return data.known == kFashionMnist; }

bool hasClasses(const DataSet& data) { return data.hasLabels() && classShares(data.train.labels).present > 1; }

int pictureCodes(const ReproductionSettings& settings) { return settings.quick ? 2'000 : 10'000; }

std::vector<ReproductionPart> planReproduction(const ReproductionSettings& settings, const DataSet& data)
{
    if (settings.folds < 2) {
        throw Error(Error::Kind::InvalidArgument, "--folds: found " + std::to_string(settings.folds) + ", expected at least 2");
    }
    if (settings.crossValidation) requireFolds(data, settings);
    const bool classes = hasClasses(data);
    const Configuration plain = presetFor(settings, "report-autoencoder", data);
    const Configuration searched = presetFor(settings, "report-autoencoder-searched", data);
    const Configuration vae = presetFor(settings, "report-vae", data);
    const Configuration classifier = presetFor(settings, "report-fine-tune", data);
    std::vector<ReproductionPart> plan{
        {PartKind::Train, network::kAutoencoder, "Auto-encoder", {}, {}, plain, {}, 0},
        {PartKind::Train, network::kSearched, "Auto-encoder, searched", {}, {}, searched, {}, 0},
        {PartKind::Train, network::kVae, "Variational auto-encoder", {}, {}, vae, {}, 0},
    };
    if (classes) {
        plan.push_back(
            {PartKind::Train, network::kFineTune, "Classifier, fine-tuned", {}, network::kSearched, classifier, {}, 0});
        plan.push_back({PartKind::Train, network::kScratch, "Classifier from scratch", {}, {}, classifier, {}, 0});
    }
    Configuration found;
    if (settings.search) {
        found = settings.search->best;
        found.training.epochs = searched.training.epochs; // trials may have been shorter
        found.training.seed = settings.seed;
        found.data.seed = settings.seed;
        plan.push_back({PartKind::Train, network::kFound, "Auto-encoder, found here", {}, {}, found, {}, 0});
    }
    const auto add = [&](PartKind kind, const std::string& prefix, const char* run, const std::string& label) {
        plan.push_back({kind, prefix + run, label, run, {}, {}, {}, 0});
    };
    if (settings.samples && classes) {
        add(PartKind::Samples, "samples-", network::kAutoencoder, "Samples of the auto-encoder");
        add(PartKind::Samples, "samples-", network::kSearched, "Samples of the searched auto-encoder");
        add(PartKind::Samples, "samples-", network::kVae, "Samples of the variational auto-encoder");
    }
    if (settings.latentSpaces) {
        add(PartKind::Picture, "latent-", network::kSearched, "Latent space of the searched auto-encoder");
        if (settings.search) add(PartKind::Picture, "latent-", network::kFound, "Latent space of the auto-encoder found here");
        add(PartKind::Picture, "latent-", network::kVae, "Latent space of the variational auto-encoder");
        if (classes) add(PartKind::Picture, "latent-", network::kFineTune, "Latent space of the classifier");
    }
    if (settings.crossValidation) {
        const std::string folds = std::to_string(settings.folds) + " folds of the ";
        plan.push_back({PartKind::Folds, "folds-autoencoder", folds + "auto-encoder", network::kAutoencoder, {}, plain, {}, 0});
        plan.push_back({PartKind::Folds,
                        "folds-autoencoder-searched",
                        folds + "searched auto-encoder",
                        network::kSearched,
                        {},
                        searched,
                        {},
                        0});
        if (settings.search) {
            plan.push_back({PartKind::Folds,
                            "folds-autoencoder-found",
                            folds + "auto-encoder found here",
                            network::kFound,
                            {},
                            found,
                            {},
                            0});
        }
        if (classes) {
            plan.push_back({PartKind::Folds,
                            "folds-fine-tune",
                            folds + "classifier, its encoder's included",
                            network::kFineTune,
                            {},
                            classifier,
                            searched,
                            0});
        }
    }
    return plan;
}

void estimateSeconds(std::vector<ReproductionPart>& plan, const std::vector<bool>& done, const ReproductionSettings& settings,
                     const DataSet& data, int threads, const std::string& device)
{
    // Networks of the same layers are as fast; the searched auto-encoder differs in eleven numbers of a code.
    double autoencoder = 0, vae = 0, classifier = 0;
    const auto rateOf = [&](const Configuration& configuration) {
        double& rate = configuration.model.kind == "vae"          ? vae
                       : configuration.model.kind == "classifier" ? classifier
                                                                  : autoencoder;
        if (!(rate > 0)) rate = imagesPerSecond(configuration, data, threads, device);
        return rate;
    };
    const int cores = std::max(1, threads);
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (done[i]) continue;
        ReproductionPart& part = plan[i];
        if (part.kind == PartKind::Picture) {
            part.seconds = 1 + kPictureSeconds * 2 * std::min(pictureCodes(settings), data.test.count()) / cores;
        } else if (part.kind == PartKind::Samples) {
            part.seconds = (settings.quick ? 1 : kSamplesSeconds) / cores;
        } else {
            part.seconds = 0.5 + imagesOf(part.configuration, data) / rateOf(part.configuration);
            if (part.pretraining) part.seconds += imagesOf(*part.pretraining, data) / rateOf(*part.pretraining);
            if (part.kind == PartKind::Folds) part.seconds *= settings.folds - 1; // each leaves one fold out
        }
    }
}

nlohmann::ordered_json identityOf(const ReproductionSettings& settings, const std::vector<ReproductionPart>& plan,
                                  const DataSet& data)
{
    nlohmann::ordered_json identity{{"format", 1},
                                    {"seed", settings.seed},
                                    {"folds", settings.folds},
                                    {"quick", settings.quick},
                                    {"data", {{"name", data.name}, {"digest", data.digest}}}};
    identity["study"] = settings.search ? nlohmann::ordered_json(settings.search->study) : nlohmann::ordered_json();
    for (const ReproductionPart& part : plan) {
        if (part.kind == PartKind::Train) identity["networks"][part.name] = toJson(part.configuration);
    }
    return identity;
}

} // namespace latentoscope
