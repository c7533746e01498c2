/// What simple methods reach on a data set: the lines that a network's curves are held against.
#pragma once

#include "core/base/CacheFolder.h"
#include "core/base/WorkProgress.h"
#include "core/data/ClassShares.h"
#include "core/figures/CurvesFigure.h"
#include "core/kinds/Kind.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
struct ModelOptions;

/// Learned from all training images, measured on all test images; pixels in [0, 1].
struct References {
    double meanImageMse = 0; ///< of answering every image with the mean image: a dead network's
    /// [d - 1]: of reconstructing from the first d principal components, the best that any linear auto-encoder can do. Empty
    /// where images have more than kMostPcaValues values.
    std::vector<double> pcaMse;
    /// Nats an image: the pixels' own entropy, taken as probabilities. No Bernoulli cross-entropy of grey images is less.
    double entropyFloor = 0;
    double meanImageBce = 0; ///< nats an image, of the mean image

    bool operator==(const References&) const = default;
};

inline constexpr std::size_t kMostPcaValues = 1024; ///< values of an image: the time goes with the third power

/// Exact, and the same at any thread count (≥ 1): about two seconds for Fashion-MNIST on two cores. None comes
/// back where `progress` says false.
std::optional<References> computeReferences(const DataSet& data, int threads, const WorkProgress& progress = goOn);

/// Those kept in `folder` for data of this digest; else computes them, and keeps what took more than half a second. A file that
/// cannot be read or written only costs time.
std::optional<References> referencesOf(const DataSet& data, int threads, const std::filesystem::path& folder = cacheFolder(),
                                       const WorkProgress& progress = goOn);

/// The lines that belong to each measure of a network, by the measure's name; a classifier has those of guessing by how frequent
/// the classes of the test images are.
std::map<std::string, std::vector<ReferenceLine>> referenceLines(const References& references, const ModelOptions& model,
                                                                 const ClassShares& classes);

/// How a value of a measure stands to its lines: "38 % below PCA-10", "56.1 above the entropy floor"; empty without lines, or
/// where there is nothing to say.
std::string verdict(double value, const Measure& measure, const std::vector<ReferenceLine>& lines);

} // namespace latentoscope
