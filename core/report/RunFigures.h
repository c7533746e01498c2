/// The figures that every run writes, from its values.
#pragma once

#include "core/config/Kind.h"
#include "core/data/DataSet.h"
#include "core/latent/Codes.h"
#include "core/report/FigureData.h"
#include "core/storage/Metrics.h"

#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

/// `loss` is the measure that the curves show.
CurvesFigure lossFigure(const Measure& loss, const std::vector<LossPoint>& losses, const std::vector<EpochMetrics>& epochs,
                        std::vector<ReferenceLine> lines);

/// Two dimensions of the codes, 0 … D - 1; a code of one dimension is drawn against itself.
ScatterFigure latentFigure(const LatentCodes& codes, const std::vector<std::string>& classNames, int horizontal, int vertical);

ReconstructionsFigure reconstructionsFigure(std::shared_ptr<const Reconstructions> reconstructions,
                                            std::vector<std::string> classNames);

ManifoldFigure manifoldFigure(const Manifold& manifold);

} // namespace latentoscope
