/// The classifier: an encoder and a head on its codes. Needs torch's headers.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Geometry.h"
#include "core/kinds/MeasureSlots.h"
#include "core/kinds/Parameters.h"
#include "core/models/Coder.h"
#include "core/models/Network.h"

namespace latentoscope {

/// An auto-encoder's encoder, whose codes linear layers with ReLU and dropout turn into probabilities of classes (the report's
/// Table III); the loss of an image is the negative log-likelihood of its label.
class Classifier : public Network {
public:
    /// Throws Error(InvalidArgument) as encoderGeometry.
    Classifier(const ModelOptions& options, const ImageShape& shape);

    const std::vector<ParameterEntry>& layout() const override { return m_layout; }
    const ImageShape& imageShape() const override { return m_shape; }
    int latentDimension() const override { return m_options.latent; }

    BatchResult compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const override;
    at::Tensor encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const override;
    at::Tensor decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const override;
    at::Tensor logProbabilities(std::span<const at::Tensor> parameters, const at::Tensor& codes) const override;

private:
    at::Tensor encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const;
    at::Tensor logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const;

    ModelOptions m_options;
    ImageShape m_shape;
    std::vector<ConvolutionGeometry> m_convolutions;
    std::vector<ParameterEntry> m_layout;
    std::vector<Layer> m_encoder;
    std::vector<Layer> m_head;

    /// Where the measures go.
    struct Slots {
        explicit Slots(MeasureSlots slots, const ModelOptions& options);
        std::size_t count, nll, accuracy;
        std::vector<std::size_t> predicted; ///< of each class
    } m_slots;
};

} // namespace latentoscope
