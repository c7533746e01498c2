#include "core/latent/Codes.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/config/Configuration.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/ItemSelection.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"
#include "core/values/Samples.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace latentoscope {
namespace {

constexpr std::size_t kChunk = 256;

std::vector<std::uint8_t> imagesOf(const ImageSet& set, std::span<const int> items)
{
    std::vector<std::uint8_t> pixels;
    pixels.reserve(items.size() * set.shape.values());
    for (const int item : items) {
        const std::span<const std::uint8_t> image = set.image(item);
        pixels.insert(pixels.end(), image.begin(), image.end());
    }
    return pixels;
}

/// None where the data have none.
std::vector<Label> labelsOf(const DataSet& data, const ImageSet& set, std::span<const int> items)
{
    std::vector<Label> labels;
    if (!data.hasLabels()) return labels;
    for (const int item : items) labels.push_back(set.labels[static_cast<std::size_t>(item)]);
    return labels;
}

/// Fills in the likeliest classes of some codes, which begin at row `first`; of equally likely ones the first.
void classify(const FrozenModel& model, const std::vector<float>& part, std::size_t first, LatentCodes& codes)
{
    const std::vector<float> probabilities = model.probabilities(part);
    const auto classes = static_cast<std::size_t>(model.options().classes);
    for (std::size_t i = 0; i < probabilities.size() / classes; ++i) {
        const float* own = probabilities.data() + i * classes;
        const float* best = std::max_element(own, own + classes);
        codes.predicted[first + i] = static_cast<Label>(best - own);
        codes.probability[first + i] = *best;
    }
}

} // namespace

std::shared_ptr<const LatentCodes> encodeItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                               double epoch, const WorkProgress& progress, const RunPieces& run)
{
    const ImageSet& set = items.images(data);
    auto codes = std::make_shared<LatentCodes>();
    codes->dimension = model.latentDimension();
    codes->split = items.split;
    codes->epoch = epoch;
    codes->items = items.items;
    codes->labels = labelsOf(data, set, items.items);
    const auto dimension = static_cast<std::size_t>(codes->dimension);
    codes->values.resize(items.items.size() * dimension);
    if (model.hasPosterior()) codes->deviations.resize(codes->values.size());
    if (model.classifies()) {
        codes->predicted.resize(items.items.size());
        codes->probability.resize(items.items.size());
    }
    const std::span<const int> all(items.items);
    std::atomic<bool> broken{false};
    std::atomic<int> begun{0};
    const auto pieces = static_cast<int>((all.size() + kChunk - 1) / kChunk);
    run(pieces, [&](int piece) {
        if (broken || !progress(static_cast<double>(begun++) / pieces)) {
            broken = true;
            return;
        }
        const std::size_t begin = static_cast<std::size_t>(piece) * kChunk;
        const std::vector<std::uint8_t> images = imagesOf(set, all.subspan(begin, std::min(kChunk, all.size() - begin)));
        const auto put = [&](const std::vector<float>& part, std::vector<float>& into) {
            std::copy(part.begin(), part.end(), into.begin() + static_cast<std::ptrdiff_t>(begin * dimension));
        };
        if (model.classifies()) {
            const std::vector<float> part = model.encode(images);
            put(part, codes->values);
            classify(model, part, begin, *codes);
            return;
        }
        if (!model.hasPosterior()) return put(model.encode(images), codes->values);
        const Posteriors posteriors = model.posteriors(images);
        put(posteriors.means, codes->values);
        put(posteriors.deviations, codes->deviations);
    });
    return broken ? nullptr : codes;
}

std::shared_ptr<const Reconstructions> reconstructItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                                                        double epoch)
{
    const ImageSet& set = items.images(data);
    auto reconstructions = std::make_shared<Reconstructions>();
    reconstructions->shape = set.shape;
    reconstructions->split = items.split;
    reconstructions->epoch = epoch;
    reconstructions->items = items.items;
    reconstructions->labels = labelsOf(data, set, items.items);
    reconstructions->inputs = imagesOf(set, items.items);
    if (!model.hasPosterior()) {
        reconstructions->outputs = toBytes(model.reconstruct(reconstructions->inputs));
        return reconstructions;
    }
    const Posteriors posteriors = model.posteriors(reconstructions->inputs);
    std::vector<float> noise(posteriors.means.size());
    RandomStream random(0, RandomPurpose::Noise);
    random.fillNormal(noise);
    std::vector<float> sampled(noise.size());
    for (std::size_t i = 0; i < noise.size(); ++i) sampled[i] = posteriors.means[i] + posteriors.deviations[i] * noise[i];
    reconstructions->outputs = toBytes(model.decode(posteriors.means));
    reconstructions->samples = toBytes(model.decode(sampled));
    return reconstructions;
}

Manifold decodeManifold(const FrozenModel& model, const LatentCodes& codes, int side)
{
    if (model.latentDimension() != 2) {
        throw Error(Error::Kind::InvalidArgument,
                    "a manifold needs a latent space of 2 dimensions, found " + std::to_string(model.latentDimension()));
    }
    Manifold manifold;
    manifold.shape = model.imageShape();
    manifold.rows = manifold.columns = side;
    for (int d = 0; d < 2; ++d) {
        const std::vector<float> range = quantiles(codes, d, {0.01, 0.99});
        manifold.lowest[d] = range[0];
        manifold.highest[d] = range[1];
    }
    std::vector<float> grid;
    const auto at = [&](int d, int step) {
        return manifold.lowest[d] +
               (manifold.highest[d] - manifold.lowest[d]) * static_cast<float>(step) / static_cast<float>(std::max(side - 1, 1));
    };
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            grid.push_back(at(0, column));
            grid.push_back(at(1, side - 1 - row));
        }
    }
    manifold.images = toBytes(model.decode(grid));
    return manifold;
}

} // namespace latentoscope
