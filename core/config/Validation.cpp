#include "core/config/Validation.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"

#include <algorithm>
#include <string>

namespace latentoscope {
namespace {

constexpr std::size_t kMostParameters = 200'000'000;

} // namespace

void validate(const Configuration& configuration, const ImageShape& shape)
{
    const DataOptions& data = configuration.data;
    if (data.folds == 1) throw Error(Error::Kind::InvalidArgument, "data.folds: found 1, expected 0 (none) or at least 2");
    if (data.folds > 0 && data.fold > data.folds) {
        throw Error(Error::Kind::InvalidArgument, "data.fold: found " + std::to_string(data.fold) +
                                                      ", expected at most data.folds (" + std::to_string(data.folds) + ")");
    }
    const ModelOptions& model = configuration.model;
    if (model.padding >= model.kernel) {
        throw Error(Error::Kind::InvalidArgument, "model.padding: found " + std::to_string(model.padding) +
                                                      ", expected less than model.kernel (" + std::to_string(model.kernel) +
                                                      "); a kernel that sees only padding learns nothing");
    }
    if (model.stride > model.kernel) {
        throw Error(Error::Kind::InvalidArgument, "model.stride: found " + std::to_string(model.stride) +
                                                      ", expected at most model.kernel (" + std::to_string(model.kernel) +
                                                      "); a larger stride would skip pixels");
    }
    const int side = std::min(shape.height, shape.width);
    if (configuration.training.shift >= side && side > 0) {
        throw Error(Error::Kind::InvalidArgument, "training.shift: found " + std::to_string(configuration.training.shift) +
                                                      ", expected less than the images' " + std::to_string(side) +
                                                      " pixels; images moved out of sight are black");
    }
    const int together = std::min(configuration.training.shardSize, configuration.training.batchSize);
    if (model.batchNorm && together < 2) {
        const bool shard = configuration.training.shardSize < 2;
        throw Error(Error::Kind::InvalidArgument,
                    std::string(shard ? "training.shard_size" : "training.batch_size") +
                        ": found 1, expected at least 2 with model.batch_norm, which normalises over images computed together");
    }
    const std::size_t parameters = parameterCount(parameterLayout(model, shape));
    if (parameters > kMostParameters) {
        throw Error(Error::Kind::InvalidArgument,
                    "model.channels, model.hidden: these make " + groupedText(static_cast<std::int64_t>(parameters)) +
                        " parameters, expected at most " + groupedText(static_cast<std::int64_t>(kMostParameters)));
    }
}

} // namespace latentoscope
