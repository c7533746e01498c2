/// Which class a classifier sees where: the shown plane of the latent space in the classes' colours.
#pragma once

#include "core/models/FrozenModel.h"
#include "core/report/FigureData.h"

#include <QImage>

#include <vector>

namespace latentoscope::ui {

/// A plane through the latent space: the two shown dimensions over their ranges, the others as in `base`.
struct LatentPlane {
    int xDimension = 0;
    int yDimension = 1;
    AxisRange x;
    AxisRange y;
    std::vector<float> base; ///< (D); empty: no plane

    bool operator==(const LatentPlane&) const = default;
};

/// The probabilities of classes over the plane as colours, transparent where no class is likelier than another. Top row: highest
/// y. Throws as FrozenModel::probabilities.
QImage classRegions(const FrozenModel& model, const LatentPlane& plane);

} // namespace latentoscope::ui
