/// New codes of a class: drawn as densely as the class's own codes lie, and decoded.
#pragma once

#include "core/base/WorkerPool.h"
#include "core/values/Samples.h"

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

struct LatentCodes;
class FrozenModel;

/// What is taken for the density of a class's codes.
enum class Density {
    Gaussian,  ///< one normal distribution with full covariance
    Mixture,   ///< of as many of them as the BIC favours, ten at most
    Neighbours ///< a normal distribution around every code, as wide as its tenth neighbour is far (Breiman et al. 1977)
};

struct DensityName {
    Density density;
    std::string name;  ///< "gaussian"
    std::string label; ///< "Gaussian"
};
/// All, in the order shown.
const std::vector<DensityName>& densities();
/// Throws Error(InvalidArgument) naming the known ones.
Density densityNamed(const std::string& name);

struct ClassDraw {
    Density density = Density::Mixture;
    double temperature = 1; ///< multiplies the spread around means or codes
    std::uint64_t seed = 0;
};

/// `count` codes (count, D) of a class, or like all where the codes have no classes. Same seed, same codes; other classes' are
/// independent. Throws Error(InvalidArgument) where `codes` has none of the class.
std::vector<float> drawClassCodes(const LatentCodes& codes, int label, int count, const ClassDraw& draw);

/// So many of each of the classes, in their order, decoded, with labels where the codes have some; `run` computes a class a
/// piece. Throws Error(InvalidArgument) as drawClassCodes and FrozenModel::decode.
Samples sampleClasses(const FrozenModel& model, const LatentCodes& codes, const std::vector<int>& classes, int countEach,
                      const ClassDraw& draw, const RunPieces& run = runInTurn);

} // namespace latentoscope
