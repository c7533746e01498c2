#include "core/figures/RunFigures.h"

#include "core/base/Text.h"
#include "core/values/LatentCodes.h"
#include "core/values/Samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace latentoscope {

CurvesFigure lossFigure(const Measure& loss, const std::vector<LossPoint>& losses, const std::vector<EpochMetrics>& epochs,
                        std::vector<ReferenceLine> lines)
{
    CurvesFigure figure;
    figure.title = "Loss";
    figure.yTitle = loss.title();
    figure.yScale = AxisScale::Logarithmic;
    figure.lines = std::move(lines);
    Curve step{"training step", Curve::Role::TrainStep, {}, {}};
    for (const LossPoint& point : losses) {
        step.x.push_back(point.epoch);
        step.y.push_back(double{point.loss});
    }
    Curve train{"training", Curve::Role::Train, {}, {}};
    Curve validation{"validation", Curve::Role::Validation, {}, {}};
    for (const EpochMetrics& epoch : epochs) {
        for (auto [split, curve] : {std::pair{"train", &train}, std::pair{"validation", &validation}}) {
            const std::optional<double> value = epoch.find(split, loss.name);
            if (!value) continue;
            curve->x.push_back(epoch.epoch);
            curve->y.push_back(*value);
        }
    }
    for (Curve* curve : {&step, &train, &validation}) {
        if (!curve->x.empty()) figure.curves.push_back(std::move(*curve));
    }
    return figure;
}

CurvesFigure foldsFigure(const Measure& measure, const std::vector<std::vector<EpochMetrics>>& folds)
{
    CurvesFigure figure;
    figure.title = std::to_string(folds.size()) + " folds";
    figure.yTitle = measure.title();
    figure.yScale = measure.lowerIsBetter ? AxisScale::Logarithmic : AxisScale::Linear;
    std::map<int, std::pair<double, int>> sums; // of an epoch: of the values, and how many they are
    int fold = 0;
    for (const std::vector<EpochMetrics>& epochs : folds) {
        Curve curve{"fold " + std::to_string(++fold), Curve::Role::Fold, {}, {}};
        for (const EpochMetrics& epoch : epochs) {
            const std::optional<double> value = epoch.find("validation", measure.name);
            if (!value) continue;
            curve.x.push_back(epoch.epoch);
            curve.y.push_back(*value);
            auto& [sum, count] = sums[epoch.epoch];
            sum += *value;
            ++count;
        }
        if (!curve.x.empty()) figure.curves.push_back(std::move(curve));
    }
    Curve mean{"mean", Curve::Role::Validation, {}, {}};
    for (const auto& [epoch, sum] : sums) {
        mean.x.push_back(epoch);
        mean.y.push_back(sum.first / sum.second);
    }
    if (!mean.x.empty()) figure.curves.push_back(std::move(mean));
    return figure;
}

std::vector<float> classStrips(const LatentCodes& codes)
{
    constexpr double kGolden = 0.6180339887498949; // its multiples fill an interval evenly, however many there are
    constexpr double kHalf = 0.32;                 // of a strip's height: strips stay apart
    std::map<Label, int> seen;
    std::vector<float> heights;
    for (std::size_t row = 0; row < codes.items.size(); ++row) {
        const Label label = codes.labels.empty() ? Label{0} : codes.labels[row];
        const double turn = kGolden * ++seen[label];
        heights.push_back(static_cast<float>(label + kHalf * (2 * (turn - std::floor(turn)) - 1)));
    }
    return heights;
}

AxisRange stripRange(int classes) { return {-0.6, std::max(1, classes) - 0.4}; }

ScatterFigure latentFigure(const LatentCodes& codes, const std::vector<std::string>& classNames, int horizontal, int vertical)
{
    ScatterFigure figure;
    figure.title = "Latent space: " + groupedText(codes.count()) + " " + codes.split + " codes";
    figure.strips = codes.dimension == 1;
    figure.xTitle = "z" + std::to_string(horizontal);
    figure.yTitle = !figure.strips ? "z" + std::to_string(vertical) : codes.labels.empty() ? "" : "class";
    figure.labels = codes.labels;
    figure.items = codes.items;
    figure.classNames = classNames;
    for (int row = 0; row < codes.count(); ++row) figure.x.push_back(codes.code(row)[horizontal]);
    if (figure.strips) {
        figure.y = classStrips(codes);
        figure.yRange = stripRange(static_cast<int>(classNames.size()));
        return figure;
    }
    for (int row = 0; row < codes.count(); ++row) figure.y.push_back(codes.code(row)[vertical]);
    return figure;
}

ReconstructionsFigure reconstructionsFigure(std::shared_ptr<const Reconstructions> reconstructions,
                                            std::vector<std::string> classNames)
{
    ReconstructionsFigure figure;
    figure.title = "Reconstructions of " + reconstructions->split + " images";
    figure.columns = std::clamp(reconstructions->count(), 1, 10);
    figure.rows = std::clamp(reconstructions->count() / figure.columns, 1, 2);
    figure.reconstructions = std::move(reconstructions);
    figure.classNames = std::move(classNames);
    return figure;
}

ManifoldFigure manifoldFigure(const Manifold& manifold)
{
    ManifoldFigure figure;
    figure.title = "Decoded latent plane";
    figure.shape = manifold.shape;
    figure.rows = manifold.rows;
    figure.columns = manifold.columns;
    figure.xRange = {manifold.lowest[0], manifold.highest[0]};
    figure.yRange = {manifold.lowest[1], manifold.highest[1]};
    figure.pixels = manifold.images;
    return figure;
}

SamplesFigure samplesFigure(Samples samples, std::string title, int columns, std::vector<std::string> classNames)
{
    return {std::move(title),
            samples.shape,
            columns,
            samples.dimension,
            std::move(samples.codes),
            std::move(samples.images),
            std::move(samples.labels),
            std::move(classNames),
            {}};
}

std::optional<BarsFigure> klFigure(const EpochMetrics& epoch)
{
    const char* split = epoch.find("validation", "kl_0") ? "validation" : "train";
    BarsFigure figure;
    figure.title = "KL divergence by dimension, epoch " + std::to_string(epoch.epoch);
    figure.xTitle = "Dimension";
    figure.yTitle = "KL (nats/image)";
    figure.markedName = "informative";
    for (int d = 0;; ++d) {
        const std::optional<double> value = epoch.find(split, "kl_" + std::to_string(d));
        if (!value) break;
        figure.names.push_back("z" + std::to_string(d));
        figure.values.push_back(*value);
        figure.marked.push_back(*value > kActiveNats ? 1 : 0);
    }
    if (figure.names.empty()) return std::nullopt;
    return figure;
}

} // namespace latentoscope
