#include "core/models/Network.h"

#include "core/base/Error.h"
#include "core/models/Autoencoder.h"
#include "core/models/Classifier.h"
#include "core/models/VariationalAutoencoder.h"

#include <map>

namespace latentoscope {
namespace {

template <class Kind> std::unique_ptr<const Network> make(const ModelOptions& options, const ImageShape& shape)
{
    return std::make_unique<Kind>(options, shape);
}

std::map<std::string, NetworkFactory>& factories()
{
    static std::map<std::string, NetworkFactory> all{
        {"autoencoder", make<Autoencoder>}, {"vae", make<VariationalAutoencoder>}, {"classifier", make<Classifier>}};
    return all;
}

[[noreturn]] void refusePosterior()
{
    throw Error(Error::Kind::InvalidArgument, "this kind of network has no posterior over codes, expected a variational one");
}

} // namespace

Posterior Network::posterior(std::span<const at::Tensor>, const at::Tensor&) const { refusePosterior(); }

at::Tensor Network::logProbabilities(std::span<const at::Tensor>, const at::Tensor&) const
{
    throw Error(Error::Kind::InvalidArgument, "this kind of network does not predict classes, expected a classifier");
}

double Network::importanceWeightedBound(std::span<const at::Tensor>, const Batch&, const ShardKey&, int) const
{
    refusePosterior();
}

std::unique_ptr<const Network> makeNetwork(const ModelOptions& options, const ImageShape& shape)
{
    const auto found = factories().find(kindOf(options).name);
    if (found != factories().end()) return found->second(options, shape);
    throw Error(Error::Kind::InvalidArgument, "model.kind: found " + options.kind + ", which has no network here");
}

void addNetwork(const std::string& kind, NetworkFactory factory) { factories()[kind] = factory; }

std::vector<at::Tensor> parameterViews(const std::vector<ParameterEntry>& layout, const at::Tensor& flat)
{
    std::vector<at::Tensor> views;
    for (const ParameterEntry& entry : layout) {
        const auto begin = static_cast<std::int64_t>(entry.offset);
        views.push_back(flat.narrow(0, begin, static_cast<std::int64_t>(entry.count())).view(entry.shape));
    }
    return views;
}

} // namespace latentoscope
