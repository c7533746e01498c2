/// Which class a classifier sees where: probabilities over a plane of the latent space.
#pragma once

#include "core/values/LatentPlane.h"

namespace latentoscope {

class FrozenModel;

/// The probabilities of classes over the plane. Throws as FrozenModel::probabilities.
ClassRegions classRegions(const FrozenModel& model, const LatentPlane& plane);

} // namespace latentoscope
