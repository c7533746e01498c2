/// The variational auto-encoder. Needs torch's headers.
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

/// An encoder's hidden layer gives mean and log-variance of a normal posterior over codes, a sample of which is decoded; the
/// loss of an image is the binary cross-entropy (or squared error) of all its pixels and beta times the divergence of the
/// posterior from N(0, I) (Kingma & Welling 2014; Higgins et al. 2017 for beta). What is called a code elsewhere is the
/// posterior's mean.
class VariationalAutoencoder : public Network {
public:
    /// Throws Error(InvalidArgument) as encoderGeometry.
    VariationalAutoencoder(const ModelOptions& options, const ImageShape& shape);

    const std::vector<ParameterEntry>& layout() const override { return m_layout; }
    const ImageShape& imageShape() const override { return m_shape; }
    int latentDimension() const override { return m_options.latent; }

    BatchResult compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const override;
    at::Tensor encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const override;
    at::Tensor decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const override;
    Posterior posterior(std::span<const at::Tensor> parameters, const at::Tensor& images) const override;
    double importanceWeightedBound(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key,
                                   int samples) const override;

private:
    Posterior encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const;
    at::Tensor logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const;

    ModelOptions m_options;
    ImageShape m_shape;
    std::vector<ConvolutionGeometry> m_convolutions;
    std::vector<ParameterEntry> m_layout;
    std::vector<Layer> m_encoder;
    std::vector<Layer> m_posterior; ///< mean, log-variance
    std::vector<Layer> m_decoder;

    /// Where the measures go.
    struct Slots {
        explicit Slots(MeasureSlots slots, const ModelOptions& options);
        std::size_t count;
        std::optional<std::size_t> loss; ///< none where it is the bound
        std::size_t bound, reconstruction, kl, mse;
        std::vector<std::size_t> kls, means, meanSquares; ///< of each dimension of the code
    } m_slots;
};

} // namespace latentoscope
