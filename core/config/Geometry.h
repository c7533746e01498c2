/// Sizes of an auto-encoder's layers for given images, by arithmetic alone.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageSet.h"

#include <cstddef>
#include <string>
#include <vector>

namespace latentoscope {

/// What one encoder convolution takes and gives; the decoder's transposed convolution goes from out back to in.
struct ConvolutionGeometry {
    int inChannels, inHeight, inWidth;
    int outChannels, outHeight, outWidth;
    int kernel, stride, padding;
};

/// The encoder's convolutions, first to last. outSize = floor((inSize + 2 padding - kernel) / stride) + 1; the decoder gets
/// back to inSize with an output padding of (inSize + 2 padding - kernel) mod stride, so any size from 8 to 256 is mirrored.
/// Throws Error(InvalidArgument) naming the field where a layer would have no pixel left.
std::vector<ConvolutionGeometry> encoderGeometry(const ModelOptions& options, const ImageShape& shape);

/// One named parameter in the flat buffer of all.
struct ParameterEntry {
    std::string name;                ///< as in a PyTorch state dict: "encoder.0.weight"
    std::vector<std::int64_t> shape; ///< PyTorch's layouts; transposed convolution (in, out, k, k)
    std::size_t offset = 0;          ///< of its first value in the flat buffer
    std::int64_t fanIn = 0;          ///< inputs that one unit sums over, for initialisation

    std::size_t count() const;
};

/// All parameters of a model in the order in which they lie in the flat buffer. The names number the layers of two
/// sequences, encoder and decoder, with ReLU and reshaping counted: what torch.nn.Sequential of the same layers gives.
std::vector<ParameterEntry> parameterLayout(const ModelOptions& options, const ImageShape& shape);

/// Sum over the layout.
std::size_t parameterCount(const std::vector<ParameterEntry>& layout);

} // namespace latentoscope
