#include "core/config/SuitedPreset.h"

#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/kinds/Kind.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace latentoscope {
namespace {

constexpr std::int64_t kFewestSteps = 3'000;
constexpr int kBatchesAnEpoch = 32; ///< that few images are divided into
constexpr int kSmallestBatch = 16;
constexpr double kHeldOut = 0.1;

/// Images that a training learns from.
int learned(const DataSet& data, const DataOptions& options)
{
    const int all = data.train.count();
    if (options.folds > 1) return all - all / options.folds;
    if (!data.validation.empty()) return all - static_cast<int>(data.validation.size());
    return all - static_cast<int>(std::lround(options.validationFraction * all));
}

void shorten(const DataSet& data, Configuration& configuration, Holding holding)
{
    TrainingOptions& training = configuration.training;
    if (stepsOf(data, configuration) >= kFewestSteps) return;
    if (holding == Holding::Validation) {
        configuration.data.validationFraction = std::max(configuration.data.validationFraction, kHeldOut);
        training.keep = KeptWeights::Best;
    }
    const int images = learned(data, configuration.data);
    const auto wanted = static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max(1, images / kBatchesAnEpoch))));
    const int batch = std::min(training.batchSize, std::max(kSmallestBatch, wanted));
    training.learningRate =
        parseReal(roundedText(training.learningRate * std::cbrt(static_cast<double>(batch) / training.batchSize), 2))
            .value_or(training.learningRate);
    training.batchSize = batch;
    const std::int64_t steps = std::max(1, (images + batch - 1) / batch);
    training.epochs = std::max(training.epochs, static_cast<int>((kFewestSteps + steps - 1) / steps));
}

void grow(const ImageShape& shape, ModelOptions& model)
{
    constexpr int kOneMore = 48, kTwoMore = 96;
    const int side = std::min(shape.height, shape.width);
    for (const int from : {kOneMore, kTwoMore})
        if (side >= from && !model.channels.empty()) model.channels.push_back(2 * model.channels.back());
}

} // namespace

const std::vector<std::string>& suitedFields()
{
    static const std::vector<std::string> all{
        "data.validation_fraction", "model.channels",         "model.classes", "training.epochs",
        "training.batch_size",      "training.learning_rate", "training.keep"};
    return all;
}

bool keepsItsLength(const std::string& preset) { return preset.starts_with("report-"); }

std::int64_t stepsOf(const DataSet& data, const Configuration& configuration)
{
    const int batch = std::max(1, configuration.training.batchSize);
    const int images = learned(data, configuration.data);
    return std::int64_t{configuration.training.epochs} * ((images + batch - 1) / batch);
}

Configuration suitedTo(const DataSet& data, Configuration configuration, Holding holding, bool growing)
{
    if (kindOf(configuration.model).classifies) configuration.model.classes = classesFor(data);
    if (growing) grow(data.train.shape, configuration.model);
    shorten(data, configuration, holding);
    return configuration;
}

Configuration suitedPreset(const std::string& name, const DataSet& data, Holding holding)
{
    Configuration configuration = presetOrFile(name);
    if (keepsItsLength(name)) {
        if (kindOf(configuration.model).classifies) configuration.model.classes = classesFor(data);
        return configuration;
    }
    return suitedTo(data, std::move(configuration), holding, name == "images");
}

std::string firstPreset(const DataSet& data)
{
    constexpr int kLarge = 48;
    const ImageShape& shape = data.train.shape;
    if (data.known == kFashionMnist) return "report-autoencoder";
    return shape.channels > 1 || std::max(shape.height, shape.width) >= kLarge ? "images" : "autoencoder";
}

std::string lengthText(const DataSet& data, const Configuration& configuration)
{
    const TrainingOptions& training = configuration.training;
    return std::to_string(training.epochs) + (training.epochs == 1 ? " epoch" : " epochs") + " in batches of " +
           std::to_string(training.batchSize) + ": " + groupedText(stepsOf(data, configuration)) + " steps";
}

} // namespace latentoscope
