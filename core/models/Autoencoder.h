/// The auto-encoder as functions over a list of parameters, so that any replica brings its own. Needs torch's headers.
#pragma once

#include "core/config/Configuration.h"
#include "core/config/Geometry.h"
#include "core/data/ImageSet.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace latentoscope {

/// Convolutions, two linear layers to the code, two back and mirrored transposed convolutions (the report's Table I).
/// Holds sizes only; all functions are const and safe from any thread. Parameters come in parameterLayout's order.
class Autoencoder {
public:
    /// Throws Error(InvalidArgument) as encoderGeometry.
    Autoencoder(const ModelOptions& options, const ImageShape& shape);

    const std::vector<ParameterEntry>& layout() const { return m_layout; }
    const ImageShape& imageShape() const { return m_shape; }
    int latentDimension() const { return m_options.latent; }

    /// images (N, C, H, W) in [0, 1] → codes (N, D).
    at::Tensor encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const;
    /// codes (N, D) → logits (N, C, H, W); the image is their sigmoid.
    at::Tensor decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const;

private:
    ModelOptions m_options;
    ImageShape m_shape;
    std::vector<ConvolutionGeometry> m_convolutions;
    std::vector<ParameterEntry> m_layout;
};

/// One tensor a parameter, each a view of `flat` (P), which must outlive them.
std::vector<at::Tensor> parameterViews(const std::vector<ParameterEntry>& layout, const at::Tensor& flat);

} // namespace latentoscope
