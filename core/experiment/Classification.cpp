#include "core/experiment/Classification.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/config/Configuration.h"
#include "core/data/ClassShares.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/ItemSelection.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"
#include "core/values/Samples.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace latentoscope {
void requireLabels(const DataSet& data)
{
    if (data.hasLabels()) return;
    throw Error(Error::Kind::InvalidArgument, data.name + ": has no labels, which a classifier's predictions are held against");
}

Predictions predictItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads)
{
    if (!model.classifies()) {
        throw Error(Error::Kind::InvalidArgument,
                    "a network of kind " + model.options().kind + " does not predict classes, expected a classifier");
    }
    requireLabels(data);
    WorkerPool pool(std::max(1, threads), [] {});
    const auto codes = encodeItems(model, data, items, 0, goOn, runOn(pool));
    return *predictionsOf(*codes, model.options().classes);
}

std::optional<Predictions> predictionsOf(const LatentCodes& codes, int classes)
{
    if (codes.predicted.empty() || codes.labels.empty()) return std::nullopt;
    for (const Label label : codes.labels) {
        if (label < classes) continue;
        throw Error(Error::Kind::InvalidArgument, "model.classes: the network tells " + std::to_string(classes) +
                                                      " classes apart, but the data have an image of class " +
                                                      std::to_string(label));
    }
    return Predictions{classes, codes.split, codes.items, codes.labels, codes.predicted, codes.probability};
}

std::string collapseOf(const Predictions& predictions, const std::vector<std::string>& classNames)
{
    const std::vector<Label>& predicted = predictions.predicted;
    if (predicted.empty() || classShares(predictions.labels).present < 2) return {};
    const std::size_t label = predicted.front();
    if (!std::all_of(predicted.begin(), predicted.end(), [&](Label other) { return other == label; })) return {};
    return "every image is taken for " + (label < classNames.size() ? classNames[label] : "class " + std::to_string(label)) +
           ": the network has collapsed";
}

Predictions judgeSamples(const FrozenModel& classifier, const Samples& samples, int threads)
{
    const auto text = [](const ImageShape& shape) {
        return std::to_string(shape.height) + " x " + std::to_string(shape.width) + " x " + std::to_string(shape.channels);
    };
    if (classifier.imageShape() != samples.shape) {
        throw Error(Error::Kind::InvalidArgument, "the classifier was trained on images of " + text(classifier.imageShape()) +
                                                      ", but the samples are of " + text(samples.shape));
    }
    if (samples.labels.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "samples of the prior are of no class, expected samples of classes for a classifier to judge");
    }
    DataSet drawn;
    drawn.test = {samples.shape, samples.images, samples.labels};
    for (int label = 0; label < classifier.options().classes; ++label) drawn.classNames.push_back(std::to_string(label));
    std::vector<int> all(samples.labels.size());
    std::iota(all.begin(), all.end(), 0);
    return predictItems(classifier, drawn, {"sampled", std::move(all), true}, threads);
}

double ConfusionMatrix::accuracy() const
{
    const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
    double right = 0;
    for (int c = 0; c < classes; ++c) right += at(c, c);
    return all > 0 ? 100 * right / all : 0;
}

std::optional<double> ConfusionMatrix::precision(int label) const
{
    double taken = 0;
    for (int other = 0; other < classes; ++other) taken += at(other, label);
    if (taken == 0) return std::nullopt;
    return 100 * at(label, label) / taken;
}

std::optional<double> ConfusionMatrix::recall(int label) const
{
    double own = 0;
    for (int other = 0; other < classes; ++other) own += at(label, other);
    if (own == 0) return std::nullopt;
    return 100 * at(label, label) / own;
}

ConfusionMatrix confusionOf(const Predictions& predictions)
{
    ConfusionMatrix matrix;
    matrix.classes = predictions.classes;
    matrix.counts.assign(static_cast<std::size_t>(matrix.classes) * static_cast<std::size_t>(matrix.classes), 0);
    for (std::size_t i = 0; i < predictions.labels.size(); ++i)
        ++matrix.counts[static_cast<std::size_t>(predictions.labels[i]) * static_cast<std::size_t>(matrix.classes) +
                        predictions.predicted[i]];
    return matrix;
}

std::vector<int> mistakes(const Predictions& predictions, int most)
{
    std::vector<int> rows;
    for (int row = 0; row < predictions.count(); ++row) {
        const auto at = static_cast<std::size_t>(row);
        if (predictions.predicted[at] != predictions.labels[at]) rows.push_back(row);
    }
    const auto confidence = [&](int row) { return predictions.probability[static_cast<std::size_t>(row)]; };
    std::stable_sort(rows.begin(), rows.end(), [&](int a, int b) { return confidence(a) > confidence(b); });
    if (static_cast<int>(rows.size()) > most) rows.resize(static_cast<std::size_t>(std::max(0, most)));
    return rows;
}

ConfusionFigure confusionFigure(const Predictions& predictions, const std::vector<std::string>& classNames)
{
    const ConfusionMatrix matrix = confusionOf(predictions);
    ConfusionFigure figure;
    figure.title = "Confusion of " + groupedText(predictions.count()) + " " + predictions.split + " images";
    for (int c = 0; c < matrix.classes; ++c)
        figure.classNames.push_back(static_cast<std::size_t>(c) < classNames.size() ? classNames[static_cast<std::size_t>(c)]
                                                                                    : std::to_string(c));
    figure.counts = matrix.counts;
    return figure;
}

MistakesFigure mistakesFigure(const Predictions& predictions, const DataSet& data, int most)
{
    return mistakesFigure(predictions, data, mistakes(predictions, most));
}

MistakesFigure mistakesFigure(const Predictions& predictions, const DataSet& data, const std::vector<int>& rows)
{
    const ImageSet& set = predictions.split == "test" ? data.test : data.train;
    MistakesFigure figure;
    figure.title = "Most confidently wrong " + predictions.split + " images";
    figure.shape = set.shape;
    figure.classNames = data.classNames;
    for (const int row : rows) {
        const auto at = static_cast<std::size_t>(row);
        figure.items.push_back(predictions.items[at]);
        figure.labels.push_back(predictions.labels[at]);
        figure.predicted.push_back(predictions.predicted[at]);
        figure.probability.push_back(predictions.probability[at]);
        const std::span<const std::uint8_t> image = set.image(predictions.items[at]);
        figure.pixels.insert(figure.pixels.end(), image.begin(), image.end());
    }
    return figure;
}

} // namespace latentoscope
