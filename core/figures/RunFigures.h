/// The figures that every run writes, from its values.
#pragma once

#include "core/base/AxisRange.h"
#include "core/data/Label.h"
#include "core/figures/BarsFigure.h"
#include "core/figures/CurvesFigure.h"
#include "core/figures/ImageFigures.h"
#include "core/figures/ScatterFigure.h"
#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"
#include "core/values/Samples.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct LatentCodes;
struct Manifold;
struct Reconstructions;

/// `loss` is the measure that the curves show.
CurvesFigure lossFigure(const Measure& loss, const std::vector<LossPoint>& losses, const std::vector<EpochMetrics>& epochs,
                        std::vector<ReferenceLine> lines);

/// The measure by epoch on what each fold of a cross-validation held out, and the mean over the folds that have got so far. Folds
/// are told by their place; one that has not begun is empty.
CurvesFigure foldsFigure(const Measure& measure, const std::vector<std::vector<EpochMetrics>>& folds);

/// Heights of points (N) of a map with one dimension: a strip a class, at the height of its label, in which the points are spread
/// evenly, the same way each time.
std::vector<float> classStrips(const LatentCodes& codes);
/// That all strips of `classes` take.
AxisRange stripRange(int classes);

/// Two dimensions of the codes, 0 … D - 1; codes of one dimension lie in classStrips().
ScatterFigure latentFigure(const LatentCodes& codes, const std::vector<std::string>& classNames, int horizontal, int vertical);

ReconstructionsFigure reconstructionsFigure(std::shared_ptr<const Reconstructions> reconstructions,
                                            std::vector<std::string> classNames);

ManifoldFigure manifoldFigure(const Manifold& manifold);

/// `classNames` of the classes that samples were drawn for, where they were.
SamplesFigure samplesFigure(Samples samples, std::string title, int columns, std::vector<std::string> classNames = {});

/// The KL divergence of each dimension at the end of an epoch, by its validation images where there are any; those that carry
/// something (more than kActiveNats) are marked. None where the network has no posterior.
std::optional<BarsFigure> klFigure(const EpochMetrics& epoch);

/// A dimension whose divergence is less hardly tells images apart. The count of active units itself goes by the variance of the
/// posterior's mean, which metrics.csv does not hold by dimension.
inline constexpr double kActiveNats = 0.01;

} // namespace latentoscope
