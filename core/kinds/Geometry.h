/// Sizes of an auto-encoder's layers for given images, by arithmetic alone.
#pragma once

#include <vector>

namespace latentoscope {

struct ImageShape;
struct ModelOptions;

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

} // namespace latentoscope
