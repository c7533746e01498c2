#include "core/models/FrozenModel.h"

#include "core/base/Error.h"
#include "core/config/Configuration.h"
#include "core/data/ImageSet.h"
#include "core/models/ComputeThread.h"
#include "core/models/ImageTensor.h"
#include "core/models/Network.h"
#include "core/storage/Metrics.h"
#include "core/storage/Safetensors.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

constexpr std::size_t kChunk = 256; // images computed at once: bounded memory, and large enough to be quick

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text = "(";
    for (const std::int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + ")";
}

/// Applies `compute` to chunks of `input` of up to kChunk items and joins what comes out.
template <class Value, class Compute>
std::vector<float> inChunks(std::span<const Value> input, std::size_t valuesAnItem, Compute compute)
{
    std::vector<float> output;
    for (std::size_t at = 0; at < input.size(); at += kChunk * valuesAnItem) {
        const std::vector<float> part = compute(input.subspan(at, std::min(kChunk * valuesAnItem, input.size() - at)));
        output.insert(output.end(), part.begin(), part.end());
    }
    return output;
}

/// Chosen items as a batch, with the memory that it points into.
class LabelledImages {
public:
    LabelledImages(const ImageSet& set, std::span<const int> items) : m_images(gatherBatch(set, items))
    {
        for (const int item : items) m_labels.push_back(set.labels[static_cast<std::size_t>(item)]);
    }
    Batch batch() const { return {m_images, m_images, m_labels, static_cast<std::int64_t>(m_labels.size())}; }

private:
    at::Tensor m_images;
    std::vector<Label> m_labels;
};

} // namespace

struct FrozenModel::State {
    ModelOptions options;
    std::unique_ptr<const Network> network;
    std::vector<float> weights;
    std::vector<at::Tensor> parameters;
};

FrozenModel::FrozenModel(const ModelOptions& options, const ImageShape& shape, std::vector<float> weights)
    : m_state(new State{options, makeNetwork(options, shape), std::move(weights), {}})
{
    const std::vector<ParameterEntry>& layout = m_state->network->layout();
    if (m_state->weights.size() != parameterCount(layout)) {
        throw Error(Error::Kind::InvalidArgument, "found " + std::to_string(m_state->weights.size()) + " weights, expected " +
                                                      std::to_string(parameterCount(layout)) + " for this configuration");
    }
    const c10::InferenceMode inference;
    m_state->parameters = parameterViews(
        layout, at::from_blob(m_state->weights.data(), {static_cast<std::int64_t>(m_state->weights.size())}, at::kFloat));
}

FrozenModel::~FrozenModel() = default;

const ModelOptions& FrozenModel::options() const { return m_state->options; }

const ImageShape& FrozenModel::imageShape() const { return m_state->network->imageShape(); }

int FrozenModel::latentDimension() const { return m_state->network->latentDimension(); }

std::span<const float> FrozenModel::weights() const { return m_state->weights; }

template <class Compute> std::vector<float> FrozenModel::ofCodes(std::span<const float> codes, Compute compute) const
{
    const auto dimension = static_cast<std::size_t>(latentDimension());
    if (codes.size() % dimension != 0) {
        throw Error(Error::Kind::InvalidArgument, "found " + std::to_string(codes.size()) +
                                                      " code values, expected a multiple of " + std::to_string(dimension) +
                                                      ", the latent dimensions");
    }
    const ComputeThread thread;
    const c10::InferenceMode inference;
    return inChunks(codes, dimension, [&](std::span<const float> part) {
        return rowMajor(compute(gatherCodes(part, latentDimension())), static_cast<std::int64_t>(part.size() / dimension));
    });
}

std::vector<float> FrozenModel::decode(std::span<const float> codes) const
{
    if (!decodes()) {
        throw Error(Error::Kind::InvalidArgument,
                    "a network of kind " + m_state->options.kind + " makes no images from codes; choose a run of another kind");
    }
    return ofCodes(codes, [this](const at::Tensor& z) { return m_state->network->decode(m_state->parameters, z); });
}

std::vector<float> FrozenModel::probabilities(std::span<const float> codes) const
{
    return ofCodes(codes,
                   [this](const at::Tensor& z) { return m_state->network->logProbabilities(m_state->parameters, z).exp(); });
}

std::vector<float> FrozenModel::encode(std::span<const std::uint8_t> images) const
{
    const ComputeThread thread;
    const c10::InferenceMode inference;
    const std::size_t values = imageShape().values();
    return inChunks(images, values, [&](std::span<const std::uint8_t> part) {
        const at::Tensor codes = m_state->network->encode(m_state->parameters, gatherBatch(imageShape(), part));
        return rowMajor(codes, static_cast<std::int64_t>(part.size() / values));
    });
}

Posteriors FrozenModel::posteriors(std::span<const std::uint8_t> images) const
{
    const ComputeThread thread;
    const c10::InferenceMode inference;
    const std::size_t values = imageShape().values();
    Posteriors all;
    all.means = inChunks(images, values, [&](std::span<const std::uint8_t> part) {
        const Posterior found = m_state->network->posterior(m_state->parameters, gatherBatch(imageShape(), part));
        const auto count = static_cast<std::int64_t>(part.size() / values);
        const std::vector<float> deviations = rowMajor(found.logVariance.mul(0.5).exp(), count);
        all.deviations.insert(all.deviations.end(), deviations.begin(), deviations.end());
        return rowMajor(found.mean, count);
    });
    return all;
}

std::vector<float> FrozenModel::reconstruct(std::span<const std::uint8_t> images) const
{
    const std::vector<float> codes = encode(images);
    return decode(codes);
}

std::vector<double> FrozenModel::measure(const ImageSet& set, std::span<const int> items, std::uint64_t seed,
                                         std::uint32_t piece) const
{
    const ComputeThread thread;
    const c10::InferenceMode inference;
    const LabelledImages gathered(set, items);
    return m_state->network->compute(m_state->parameters, gathered.batch(), {.seed = seed, .shard = piece}).sums;
}

double FrozenModel::importanceWeightedBound(const ImageSet& set, std::span<const int> items, std::uint64_t seed,
                                            std::uint32_t piece, int samples) const
{
    const ComputeThread thread;
    const c10::InferenceMode inference;
    const LabelledImages gathered(set, items);
    return m_state->network->importanceWeightedBound(m_state->parameters, gathered.batch(), {.seed = seed, .shard = piece},
                                                     samples);
}

bool FrozenModel::hasPosterior() const { return kindOf(m_state->options).hasPosterior; }

bool FrozenModel::classifies() const { return kindOf(m_state->options).classifies; }

bool FrozenModel::decodes() const { return kindOf(m_state->options).decodes; }

std::shared_ptr<const FrozenModel> readModel(const std::filesystem::path& file, const ModelOptions& options,
                                             const ImageShape& shape)
{
    const std::filesystem::path path = std::filesystem::is_directory(file) ? file / "model.safetensors" : file;
    const std::vector<ParameterEntry> layout = parameterLayout(options, shape);
    const std::vector<NamedTensor> tensors = readSafetensors(path);
    std::vector<float> weights(parameterCount(layout));
    for (const ParameterEntry& entry : layout) {
        const auto found =
            std::find_if(tensors.begin(), tensors.end(), [&](const NamedTensor& t) { return t.name == entry.name; });
        if (found == tensors.end()) {
            throw Error(Error::Kind::CorruptData,
                        path.string() + ": holds no tensor " + entry.name + ", expected one of " + shapeText(entry.shape));
        }
        if (found->shape != entry.shape) {
            throw Error(Error::Kind::CorruptData, path.string() + ": " + entry.name + " has shape " + shapeText(found->shape) +
                                                      ", expected " + shapeText(entry.shape) + " as config.json says");
        }
        if (!std::all_of(found->values.begin(), found->values.end(), [](float value) { return std::isfinite(value); })) {
            throw Error(Error::Kind::CorruptData,
                        path.string() + ": " + entry.name + " holds NaN or infinite values, expected finite weights");
        }
        std::copy(found->values.begin(), found->values.end(), weights.begin() + static_cast<std::ptrdiff_t>(entry.offset));
    }
    if (tensors.size() != layout.size()) {
        throw Error(Error::Kind::CorruptData, path.string() + ": holds " + std::to_string(tensors.size()) +
                                                  " tensors, expected " + std::to_string(layout.size()));
    }
    return std::make_shared<FrozenModel>(options, shape, std::move(weights));
}

void writeModel(const std::filesystem::path& file, const FrozenModel& model, const TrainedTo& trained)
{
    std::vector<NamedTensor> tensors;
    for (const ParameterEntry& entry : parameterLayout(model.options(), model.imageShape())) {
        const std::span<const float> values = model.weights().subspan(entry.offset, entry.count());
        tensors.push_back({entry.name, entry.shape, {values.begin(), values.end()}});
    }
    writeSafetensors(file, tensors,
                     {{"format", "pt"}, {"epoch", std::to_string(trained.epoch)}, {"step", std::to_string(trained.step)}});
}

std::vector<std::uint8_t> toBytes(std::span<const float> values)
{
    std::vector<std::uint8_t> bytes(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(std::lround(std::clamp(values[i], 0.0F, 1.0F) * 255.0F));
    }
    return bytes;
}

} // namespace latentoscope
