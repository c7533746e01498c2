#include "core/models/Transfer.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Configuration.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"

#include <algorithm>

namespace latentoscope {
namespace {

std::string shapeText(const ParameterEntry& entry)
{
    std::vector<std::string> sizes;
    for (const std::int64_t size : entry.shape) sizes.push_back(std::to_string(size));
    return entry.name + " (" + joined(sizes) + ")";
}

} // namespace

std::vector<float> withEncoderOf(const FrozenModel& trained, const ModelOptions& to, std::uint64_t seed)
{
    std::vector<ParameterEntry> source = parameterLayout(trained.options(), trained.imageShape());
    std::erase_if(source, [](const ParameterEntry& entry) {
        return !entry.name.starts_with("encoder.") && !entry.name.starts_with("posterior.mean.");
    });
    const std::vector<ParameterEntry> target = parameterLayout(to, trained.imageShape());
    std::vector<float> weights = initialWeights(target, seed);
    std::size_t next = 0;
    for (const ParameterEntry& entry : target) {
        if (!entry.name.starts_with("encoder.")) continue;
        const ParameterEntry* from = next < source.size() ? &source[next++] : nullptr;
        if (from == nullptr || from->shape != entry.shape) {
            throw Error(Error::Kind::InvalidArgument,
                        "the encoder: found " + (from == nullptr ? "no layer" : shapeText(*from)) + " where the network has " +
                            shapeText(entry) +
                            "; channels, kernel, hidden, latent and batch_norm must be those of the encoder's run");
        }
        std::copy_n(trained.weights().begin() + static_cast<std::ptrdiff_t>(from->offset), from->count(),
                    weights.begin() + static_cast<std::ptrdiff_t>(entry.offset));
    }
    return weights;
}

const std::vector<std::string>& encoderFields()
{
    static const std::vector<std::string> all{"model.channels", "model.kernel", "model.stride",    "model.padding",
                                              "model.hidden",   "model.latent", "model.batch_norm"};
    return all;
}

void takeEncoderOptions(ModelOptions& into, const ModelOptions& from)
{
    into.channels = from.channels;
    into.kernel = from.kernel;
    into.stride = from.stride;
    into.padding = from.padding;
    into.hidden = from.hidden;
    into.latent = from.latent;
    into.batchNorm = from.batchNorm;
}

} // namespace latentoscope
