/// Encodes and reconstructs chosen items.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/base/WorkerPool.h"
#include "core/data/ImageShape.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace latentoscope {

struct DataSet;
struct ItemSelection;
struct LatentCodes;
struct Manifold;
struct Reconstructions;
class FrozenModel;

/// Encodes the chosen items in pieces of 256 images, run by `run`. `progress` is told before each; where it says false, null
/// comes back. The same codes however they are run.
std::shared_ptr<const LatentCodes> encodeItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                               double epoch, const WorkProgress& progress = goOn,
                                               const RunPieces& run = runInTurn);

/// Reconstructs the chosen items on the calling thread. Samples are drawn with the same noise every time, so that what moves
/// from one epoch to the next is the network.
std::shared_ptr<const Reconstructions> reconstructItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                                        double epoch);

/// Decodes a square grid of codes of a two-dimensional model over the 1-99 % range of `codes`.
/// Throws Error(InvalidArgument) where the model's latent dimension is not 2.
Manifold decodeManifold(const FrozenModel& model, const LatentCodes& codes, int side);

} // namespace latentoscope
