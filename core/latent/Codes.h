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
struct Reconstructions;
class FrozenModel;

/// Whether all rows of (N, dimension) values are the same but for rounding: a network that gives one code for everything. False
/// for fewer than two rows.
bool allAlike(std::span<const float> values, int dimension);

/// Encodes the chosen items in pieces of 256 images, run by `run`. `progress` is told before each; where it says false, null
/// comes back. The same codes however they are run.
std::shared_ptr<const LatentCodes> encodeItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                               double epoch, const WorkProgress& progress = goOn,
                                               const RunPieces& run = runInTurn);

/// Reconstructs the chosen items on the calling thread. Samples are drawn with the same noise every time, so that what moves
/// from one epoch to the next is the network.
std::shared_ptr<const Reconstructions> reconstructItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                                        double epoch);

/// Pictures of what the codes of two dimensions mean: a grid of decoded images over lowest … highest of both.
struct Manifold {
    ImageShape shape;
    int rows = 0;    ///< from the highest z1 at the top to the lowest
    int columns = 0; ///< from the lowest z0 at the left to the highest
    float lowest[2]{};
    float highest[2]{};
    std::vector<std::uint8_t> images; ///< (rows, columns, H, W, C)
};

/// Decodes a square grid of codes of a two-dimensional model over the 1-99 % range of `codes`.
/// Throws Error(InvalidArgument) where the model's latent dimension is not 2.
Manifold decodeManifold(const FrozenModel& model, const LatentCodes& codes, int side);

/// The values of one dimension below which the given shares (0 … 1) of the codes lie; linear between codes.
std::vector<float> quantiles(const LatentCodes& codes, int dimension, const std::vector<double>& shares);

} // namespace latentoscope
