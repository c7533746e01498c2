#include "core/latent/ClassSamples.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"
#include "core/latent/Mixture.h"
#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace latentoscope {
namespace {

constexpr int kMostComponents = 10;
constexpr std::size_t kNeighbour = 10; ///< whose distance is the width of a code's surroundings

/// The codes of one class, in order; without classes all.
std::vector<float> codesOf(const LatentCodes& codes, int label)
{
    std::vector<float> own;
    for (int row = 0; row < codes.count(); ++row) {
        if (codes.labels.empty() || codes.labels[static_cast<std::size_t>(row)] == label)
            own.insert(own.end(), codes.code(row), codes.code(row) + codes.dimension);
    }
    return own;
}

/// How far the k-th nearest other code is (or the farthest, where there are fewer), 0 for a code alone.
double distanceToNeighbour(std::span<const float> codes, std::size_t dimension, std::size_t row)
{
    const float* own = codes.data() + row * dimension;
    std::vector<double> squares;
    for (std::size_t other = 0; other < codes.size() / dimension; ++other) {
        if (other == row) continue;
        double square = 0;
        for (std::size_t d = 0; d < dimension; ++d) {
            const double difference = double{own[d]} - double{codes[other * dimension + d]};
            square += difference * difference;
        }
        squares.push_back(square);
    }
    if (squares.empty()) return 0;
    const auto nth = squares.begin() + static_cast<std::ptrdiff_t>(std::min(kNeighbour, squares.size()) - 1);
    std::nth_element(squares.begin(), nth, squares.end());
    return std::sqrt(*nth);
}

std::vector<float> drawAround(std::span<const float> codes, int dimension, int count, double temperature, RandomStream& random)
{
    const auto d = static_cast<std::size_t>(dimension);
    std::vector<float> drawn;
    std::vector<float> noise(d);
    for (int i = 0; i < count; ++i) {
        const std::size_t row = random.below(static_cast<std::uint32_t>(codes.size() / d));
        // So that a drawn code is about as far from its own as that neighbour is, in any dimension.
        const double width = temperature * distanceToNeighbour(codes, d, row) / std::sqrt(static_cast<double>(dimension));
        random.fillNormal(noise);
        for (std::size_t j = 0; j < d; ++j)
            drawn.push_back(static_cast<float>(double{codes[row * d + j]} + width * double{noise[j]}));
    }
    return drawn;
}

} // namespace

const std::vector<DensityName>& densities()
{
    static const std::vector<DensityName> all{{Density::Gaussian, "gaussian", "Gaussian"},
                                              {Density::Mixture, "mixture", "Mixture"},
                                              {Density::Neighbours, "neighbours", "Neighbours"}};
    return all;
}

Density densityNamed(const std::string& name)
{
    std::vector<std::string> names;
    for (const DensityName& known : densities()) {
        if (known.name == name) return known.density;
        names.push_back(known.name);
    }
    throw Error(Error::Kind::InvalidArgument, "--density: found " + name + ", expected one of " + joined(names));
}

std::vector<float> drawClassCodes(const LatentCodes& codes, int label, int count, const ClassDraw& draw)
{
    const std::vector<float> own = codesOf(codes, label);
    if (own.empty()) {
        throw Error(Error::Kind::InvalidArgument, "class " + std::to_string(label) + ": the " + codes.split +
                                                      " codes have none of it, expected at least one to draw others like it");
    }
    RandomStream random(draw.seed, RandomPurpose::ClassSamples, static_cast<std::uint32_t>(label));
    if (draw.density == Density::Neighbours) return drawAround(own, codes.dimension, count, draw.temperature, random);
    MixtureOptions options;
    options.seed = draw.seed;
    const GaussianMixture mixture =
        bestMixture(own, codes.dimension, draw.density == Density::Gaussian ? 1 : kMostComponents, options);
    return drawCodes(mixture, count, draw.temperature, random);
}

Samples sampleClasses(const FrozenModel& model, const LatentCodes& codes, const std::vector<int>& classes, int countEach,
                      const ClassDraw& draw, const RunPieces& run)
{
    std::vector<std::vector<float>> parts(classes.size());
    run(static_cast<int>(classes.size()), [&](int piece) {
        const auto at = static_cast<std::size_t>(piece);
        parts[at] = drawClassCodes(codes, classes[at], countEach, draw);
    });
    std::vector<float> drawn;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        drawn.insert(drawn.end(), parts[i].begin(), parts[i].end());
        labels.insert(labels.end(), static_cast<std::size_t>(countEach), static_cast<Label>(classes[i]));
    }
    Samples samples = decodeCodes(model, std::move(drawn));
    if (!codes.labels.empty()) samples.labels = std::move(labels);
    return samples;
}

} // namespace latentoscope
