#include "core/latent/Samples.h"

#include "core/base/Random.h"
#include "core/models/FrozenModel.h"

#include <utility>

namespace latentoscope {

std::vector<float> priorCodes(int dimension, int count, double temperature, std::uint64_t seed)
{
    std::vector<float> codes(static_cast<std::size_t>(dimension) * static_cast<std::size_t>(count));
    RandomStream random(seed, RandomPurpose::Prior);
    random.fillNormal(codes);
    for (float& value : codes) value *= static_cast<float>(temperature);
    return codes;
}

Samples decodeCodes(const FrozenModel& model, std::vector<float> codes)
{
    Samples samples;
    samples.shape = model.imageShape();
    samples.dimension = model.latentDimension();
    samples.images = toBytes(model.decode(codes));
    samples.codes = std::move(codes);
    return samples;
}

} // namespace latentoscope
