/// The auto-encoder, the first kind of network. Needs torch's headers.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Geometry.h"
#include "core/kinds/MeasureSlots.h"
#include "core/kinds/Parameters.h"
#include "core/models/Coder.h"
#include "core/models/Network.h"

#include <optional>
#include <vector>

namespace latentoscope {

/// Convolutions, two linear layers to the code, two back and mirrored transposed convolutions (the report's Table I); the loss is
/// the squared error of the image, which is the sigmoid of the last layer, or its binary cross-entropy.
class Autoencoder : public Network {
public:
    /// Throws Error(InvalidArgument) as encoderGeometry.
    Autoencoder(const ModelOptions& options, const ImageShape& shape);

    const std::vector<ParameterEntry>& layout() const override { return m_layout; }
    const ImageShape& imageShape() const override { return m_shape; }
    int latentDimension() const override { return m_options.latent; }

    BatchResult compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const override;
    at::Tensor encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const override;
    at::Tensor decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const override;

private:
    at::Tensor encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const;
    at::Tensor logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const;

    ModelOptions m_options;
    ImageShape m_shape;
    std::vector<ConvolutionGeometry> m_convolutions;
    std::vector<ParameterEntry> m_layout;
    std::vector<Layer> m_encoder;
    std::vector<Layer> m_decoder;

    /// Where the measures go.
    struct Slots {
        explicit Slots(MeasureSlots slots, const ModelOptions& options);
        std::size_t count;
        std::optional<std::size_t> bce; ///< none where the loss is the squared error
        std::size_t mse;
    } m_slots;
};

} // namespace latentoscope
