/// What a network makes of chosen items: their codes and their reconstructions, as values.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/base/WorkerPool.h"
#include "core/data/Selection.h"
#include "core/models/FrozenModel.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

/// A fixed set of inputs and what the network makes of them.
struct Reconstructions {
    ImageShape shape;
    std::string split;                 ///< where the inputs come from: "validation" or "test"
    double epoch = 0;                  ///< of the weights
    std::vector<int> items;            ///< (M) indices in their image set
    std::vector<std::uint8_t> labels;  ///< (M)
    std::vector<std::uint8_t> inputs;  ///< (M, H, W, C)
    std::vector<std::uint8_t> outputs; ///< (M, H, W, C); through the posterior's mean where there is one
    std::vector<std::uint8_t> samples; ///< (M, H, W, C) through a sample of the posterior; empty where there is none

    int count() const { return static_cast<int>(items.size()); }
};

/// Codes of held-out items.
struct LatentCodes {
    int dimension = 0;
    std::string split;                   ///< "validation" or "test"
    double epoch = 0;                    ///< of the weights
    std::vector<int> items;              ///< (N) indices in their image set
    std::vector<std::uint8_t> labels;    ///< (N)
    std::vector<float> values;           ///< (N, dimension), row-major
    std::vector<float> deviations;       ///< likewise of the posterior around each code; empty where there is none
    std::vector<std::uint8_t> predicted; ///< (N) the likeliest class by a classifier; empty where there is none
    std::vector<float> probability;      ///< (N) of that class

    int count() const { return static_cast<int>(items.size()); }
    const float* code(int row) const
    {
        return values.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(dimension);
    }
};

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
