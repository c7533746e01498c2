/// Convolution and transposed convolution: for each pixel of the result, a tile of channels × images in registers.
#pragma once

#include "core/models/kernels/Kernels.h"
#include "core/simd/Vector.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// One source pixel of one result pixel, along an axis or in the picture.
struct Tap {
    Index source; ///< along an axis: the source row or column; in the picture: the offset in floats
    Index weight; ///< index of the tap among the kernel's
};

/// The taps of each result position along one axis, `kernel` places a position.
struct AxisTaps {
    Tap* taps;
    Index* counts;
};

/// What one tile reads and writes.
struct PixelWork {
    const float* source;
    Index sourcePlane; ///< floats from channel to channel
    Index sourceChannels;
    const Tap* taps;
    Index tapCount;
    float* result;
    Index resultPlane;
    const float* bias; ///< null: none
    Activation activation;
};

constexpr int kTileChannels = kManyRegisters ? 8 : 4;

/// The result at one pixel for Channels channels and Vectors vectors of images.
template <int Channels, int Vectors>
LATENTOSCOPE_INLINE void pixelTile(const PixelWork& work, const float* weights, Index channel, Index image)
{
    Vector sums[Channels][Vectors];
    for (int o = 0; o < Channels; ++o)
        for (int v = 0; v < Vectors; ++v) sums[o][v] = Vector{} + (work.bias ? work.bias[channel + o] : 0.0f);
    for (Index t = 0; t < work.tapCount; ++t) {
        const float* source = work.source + work.taps[t].source + image;
        const float* w = weights + work.taps[t].weight * work.sourceChannels * Channels;
        for (Index c = 0; c < work.sourceChannels; ++c) {
            Vector x[Vectors];
            for (int v = 0; v < Vectors; ++v) x[v] = load(source + v * kLanes);
            for (int o = 0; o < Channels; ++o) {
                const Vector factor = Vector{} + w[o];
                for (int v = 0; v < Vectors; ++v) sums[o][v] += factor * x[v];
            }
            source += work.sourcePlane;
            w += Channels;
        }
    }
    float* result = work.result + channel * work.resultPlane + image;
    for (int o = 0; o < Channels; ++o)
        for (int v = 0; v < Vectors; ++v)
            store(result + o * work.resultPlane + v * kLanes,
                  work.activation == Activation::Relu ? relu(sums[o][v]) : sums[o][v]);
}

/// Splits `count` into tiles of Most, Most/2, … 1 and calls body.template operator()<size>(start) for each.
template <int Most, class Body> LATENTOSCOPE_INLINE void inTiles(Index count, Body body, Index start = 0)
{
    for (; start + Most <= count; start += Most) body.template operator()<Most>(start);
    if constexpr (Most > 1) inTiles<Most / 2>(count, body, start);
}

/// All channels of the result at one pixel, for `Vectors` vectors of images.
template <int Vectors>
void pixelChannels(const PixelWork& work, const float* weights, Index channels, Index kernelArea, Index image)
{
    inTiles<kTileChannels>(
        channels, [&]<int Channels>(Index channel) __attribute__((always_inline)) {
            pixelTile<Channels, Vectors>(work, weights + channel * kernelArea * work.sourceChannels, channel, image);
        });
}

/// The few-channel pictures of a decoder's end: one or two channels leave room for more images in registers.
template <int Channels> void pixelFewChannels(const PixelWork& work, const float* weights, Index images)
{
    inTiles<4>(
        images / kLanes, [&]<int Vectors>(Index v)
                             __attribute__((always_inline)) { pixelTile<Channels, Vectors>(work, weights, 0, v * kLanes); });
}

/// The size of the tile that holds `channel`, of `channels` split by inTiles<kTileChannels>.
inline Index tileOf(Index channel, Index channels, Index& start)
{
    start = channel / kTileChannels * kTileChannels;
    Index size = kTileChannels;
    while (start + size > channels) size /= 2;
    while (channel >= start + size) {
        start += size;
        while (start + size > channels) size /= 2;
    }
    return size;
}

/// Orders weights as (tile of result channels, tap, source channel, channel in tile), where an element lies at
/// weight[result · resultStride + source · sourceStride + tap].
inline const float* packWeights(const float* weight, Index results, Index resultStride, Index sources, Index sourceStride,
                                Index kernelArea)
{
    float* packed = scratch<float>(ScratchSlot::Weights, results * sources * kernelArea);
    for (Index r = 0; r < results; ++r) {
        Index start = 0;
        const Index size = tileOf(r, results, start);
        float* to = packed + start * sources * kernelArea + (r - start);
        for (Index s = 0; s < sources; ++s) {
            const float* from = weight + r * resultStride + s * sourceStride;
            for (Index t = 0; t < kernelArea; ++t) to[(t * sources + s) * size] = from[t];
        }
    }
    return packed;
}

/// The result picture, given the taps of each of its rows and columns.
inline void convolvePixels(PixelWork work, const ConvolutionShape& shape, const AxisTaps& rows, const AxisTaps& columns,
                           Tap* taps, Index channels, Index height, Index width, Index sourceWidth, const float* weights)
{
    const Index area = shape.kernel * shape.kernel;
    constexpr int kVectors = 2;
    float* const result = work.result;
    work.taps = taps;
    for (Index y = 0; y < height; ++y) {
        for (Index x = 0; x < width; ++x) {
            work.tapCount = 0;
            for (Index i = 0; i < rows.counts[y]; ++i)
                for (Index j = 0; j < columns.counts[x]; ++j) {
                    const Tap& row = rows.taps[y * shape.kernel + i];
                    const Tap& column = columns.taps[x * shape.kernel + j];
                    taps[work.tapCount++] = {(row.source * sourceWidth + column.source) * shape.images,
                                             row.weight * shape.kernel + column.weight};
                }
            work.result = result + (y * width + x) * shape.images;
            if (channels == 1) {
                pixelFewChannels<1>(work, weights, shape.images);
            } else if (channels == 2) {
                pixelFewChannels<2>(work, weights, shape.images);
            } else {
                inTiles<kVectors>(
                    shape.images / kLanes, [&]<int Vectors>(Index v) __attribute__((always_inline)) {
                        pixelChannels<Vectors>(work, weights, channels, area, v * kLanes);
                    });
            }
        }
    }
}

/// Memory for the taps of both axes and of one pixel.
struct TapTables {
    AxisTaps rows, columns;
    Tap* pixel;
};

inline TapTables makeTapTables(Index height, Index width, Index kernel)
{
    const Index tapCount = (height + width) * kernel + kernel * kernel;
    Tap* taps = scratch<Tap>(ScratchSlot::Taps, tapCount + height + width);
    static_assert(sizeof(Tap) >= sizeof(Index));
    Index* counts = reinterpret_cast<Index*>(taps + tapCount);
    return {{taps, counts}, {taps + height * kernel, counts + height}, taps + (height + width) * kernel};
}

/// Taps of the narrow picture's positions on the wide one.
inline void narrowTaps(const AxisTaps& axis, Index narrow, Index wide, const ConvolutionShape& shape)
{
    for (Index y = 0; y < narrow; ++y) {
        axis.counts[y] = 0;
        for (Index k = 0; k < shape.kernel; ++k) {
            const Index source = y * shape.stride + k - shape.padding;
            if (source >= 0 && source < wide) axis.taps[y * shape.kernel + axis.counts[y]++] = {source, k};
        }
    }
}

/// Taps of the wide picture's positions on the narrow one: those of matching parity.
inline void wideTaps(const AxisTaps& axis, Index narrow, Index wide, const ConvolutionShape& shape)
{
    for (Index y = 0; y < wide; ++y) {
        axis.counts[y] = 0;
        for (Index k = 0; k < shape.kernel; ++k) {
            const Index from = y + shape.padding - k;
            if (from >= 0 && from % shape.stride == 0 && from / shape.stride < narrow)
                axis.taps[y * shape.kernel + axis.counts[y]++] = {from / shape.stride, k};
        }
    }
}

void convolve(const ConvolutionShape& s, const float* wide, const float* weight, const float* bias, Activation activation,
              float* narrow)
{
    const Index area = s.kernel * s.kernel;
    const float* packed = packWeights(weight, s.narrowChannels, s.wideChannels * area, s.wideChannels, area, area);
    const TapTables tables = makeTapTables(s.narrowHeight, s.narrowWidth, s.kernel);
    narrowTaps(tables.rows, s.narrowHeight, s.wideHeight, s);
    narrowTaps(tables.columns, s.narrowWidth, s.wideWidth, s);
    const PixelWork work = {wide,   s.wideHeight * s.wideWidth * s.images,     s.wideChannels, nullptr,   0,
                            narrow, s.narrowHeight * s.narrowWidth * s.images, bias,           activation};
    convolvePixels(work, s, tables.rows, tables.columns, tables.pixel, s.narrowChannels, s.narrowHeight, s.narrowWidth,
                   s.wideWidth, packed);
}

void convolveTransposed(const ConvolutionShape& s, const float* narrow, const float* weight, const float* bias,
                        Activation activation, float* wide)
{
    const Index area = s.kernel * s.kernel;
    const float* packed = packWeights(weight, s.wideChannels, area, s.narrowChannels, s.wideChannels * area, area);
    const TapTables tables = makeTapTables(s.wideHeight, s.wideWidth, s.kernel);
    wideTaps(tables.rows, s.narrowHeight, s.wideHeight, s);
    wideTaps(tables.columns, s.narrowWidth, s.wideWidth, s);
    const PixelWork work = {narrow,
                            s.narrowHeight * s.narrowWidth * s.images,
                            s.narrowChannels,
                            nullptr,
                            0,
                            wide,
                            s.wideHeight * s.wideWidth * s.images,
                            bias,
                            activation};
    convolvePixels(work, s, tables.rows, tables.columns, tables.pixel, s.wideChannels, s.wideHeight, s.wideWidth, s.narrowWidth,
                   packed);
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
