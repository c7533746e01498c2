/// The gradient of a convolution toward its weights: a tile of narrow channels × taps in registers, summed over images and
/// pixels as vectors, across their lanes once at the end.
#pragma once

#include "core/models/kernels/simd/Convolution.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// Narrow columns [begin, end) for which exactly the taps [first, last) of a group lie inside the wide picture.
struct Segment {
    Index begin, end;
    int first, last;
};

/// The part of both pictures that one pass over the weights reads: what stays in the first-level cache.
struct Block {
    Index rowBegin, rowEnd; ///< narrow rows
    Index imageBegin, imageEnd;
};

struct GradientWork {
    const ConvolutionShape& shape;
    const float* wide;
    const float* narrow;
    float* sums; ///< (narrow channels, wide channels, kernel, kernel, lanes)
    const Segment* segments;
    Index segmentCount;
};

constexpr int kGroupTaps = 3;
constexpr int kGradientNarrow = 4;
constexpr int kGradientWide = kManyRegisters ? 2 : 1;
// What of the narrow picture is read again for every tap: half of the smallest first-level data cache around.
constexpr Index kBlockBytes = 16 * 1024;

/// sums += narrow × wide over one segment of a row, for the taps [First, Last) of a group of Taps.
template <int First, int Last, int Narrow, int Wide, int Taps>
LATENTOSCOPE_INLINE void addSegment(Vector (&sums)[Narrow][Wide][Taps], const float* wide, Index widePlane, Index wideStep,
                                    const float* narrow, Index narrowPlane, Index images, Index columns, Index blockImages)
{
    for (Index x = 0; x < columns; ++x, wide += wideStep, narrow += images) {
        for (Index n = 0; n < blockImages; n += kLanes) {
            Vector w[Wide][Taps];
            for (int c = 0; c < Wide; ++c)
                for (int t = First; t < Last; ++t) w[c][t] = load(wide + c * widePlane + t * images + n);
            for (int o = 0; o < Narrow; ++o) {
                const Vector g = load(narrow + o * narrowPlane + n);
                for (int c = 0; c < Wide; ++c)
                    for (int t = First; t < Last; ++t) sums[o][c][t] += g * w[c][t];
            }
        }
    }
}

/// One block's share for Narrow × Wide channels and the taps firstTap … firstTap + Taps of kernel row ky.
template <int Narrow, int Wide, int Taps>
void gradientTile(const GradientWork& work, const Block& block, Index o, Index c, Index ky, Index firstTap, bool first)
{
    const ConvolutionShape& s = work.shape;
    const Index narrowPlane = s.narrowHeight * s.narrowWidth * s.images, widePlane = s.wideHeight * s.wideWidth * s.images;
    const Index blockImages = block.imageEnd - block.imageBegin;
    Vector sums[Narrow][Wide][Taps] = {};
    for (Index y = block.rowBegin; y < block.rowEnd; ++y) {
        const Index wideRow = y * s.stride + ky - s.padding;
        if (wideRow < 0 || wideRow >= s.wideHeight) continue;
        const float* narrow = work.narrow + o * narrowPlane + y * s.narrowWidth * s.images + block.imageBegin;
        const float* wide = work.wide + c * widePlane + wideRow * s.wideWidth * s.images + block.imageBegin;
        for (Index i = 0; i < work.segmentCount; ++i) {
            const Segment& segment = work.segments[i];
            const float* from = wide + (segment.begin * s.stride + firstTap - s.padding) * s.images;
            const float* gradient = narrow + segment.begin * s.images;
            const auto add = [&]<int First, int Last>() __attribute__((always_inline))
            {
                if constexpr (Last <= Taps)
                    addSegment<First, Last>(sums, from, widePlane, s.stride * s.images, gradient, narrowPlane, s.images,
                                            segment.end - segment.begin, blockImages);
            };
            if (segment.first == 0) {
                if (segment.last == 3) add.template operator()<0, 3>();
                if (segment.last == 2) add.template operator()<0, 2>();
                if (segment.last == 1) add.template operator()<0, 1>();
            } else if (segment.first == 1) {
                if (segment.last == 3) add.template operator()<1, 3>();
                if (segment.last == 2) add.template operator()<1, 2>();
            } else {
                add.template operator()<2, 3>();
            }
        }
    }
    for (int i = 0; i < Narrow; ++i)
        for (int j = 0; j < Wide; ++j) {
            float* to = work.sums + ((((o + i) * s.wideChannels + c + j) * s.kernel + ky) * s.kernel + firstTap) * kLanes;
            for (int t = 0; t < Taps; ++t) store(to + t * kLanes, first ? sums[i][j][t] : sums[i][j][t] + load(to + t * kLanes));
        }
}

/// Cuts the narrow columns where the set of taps inside the wide picture changes; columns without any are left out.
inline Index findSegments(const ConvolutionShape& s, Index firstTap, int taps, Segment* segments)
{
    Index count = 0;
    for (Index x = 0; x < s.narrowWidth; ++x) {
        const Index start = x * s.stride + firstTap - s.padding;
        const int first = static_cast<int>(least(most(-start, 0), taps));
        const int last = static_cast<int>(most(least(s.wideWidth - start, taps), 0));
        if (first >= last) continue;
        if (count > 0 && segments[count - 1].end == x && segments[count - 1].first == first && segments[count - 1].last == last)
            segments[count - 1].end = x + 1;
        else
            segments[count++] = {x, x + 1, first, last};
    }
    return count;
}

/// One block's share of all weights of one group of taps.
template <int Taps> void gradientGroup(const GradientWork& work, const Block& block, Index firstTap, bool first)
{
    const ConvolutionShape& s = work.shape;
    inTiles<kGradientNarrow>(s.narrowChannels, [&]<int Narrow>(Index o) {
        inTiles<kGradientWide>(s.wideChannels, [&]<int Wide>(Index c) {
            for (Index ky = 0; ky < s.kernel; ++ky) gradientTile<Narrow, Wide, Taps>(work, block, o, c, ky, firstTap, first);
        });
    });
}

void weightGradient(const ConvolutionShape& s, const float* wide, const float* narrow, float* gradient)
{
    const Index weights = s.narrowChannels * s.wideChannels * s.kernel * s.kernel;
    float* sums = scratch<float>(ScratchSlot::Accumulators, weights * kLanes);
    Segment* segments = scratch<Segment>(ScratchSlot::Taps, s.narrowWidth);
    const Index pixelBytes = kGradientNarrow * s.narrowWidth * Index(sizeof(float));
    const Index blockImages = least(s.images, most(1, kBlockBytes / (pixelBytes * kLanes)) * kLanes);
    const Index blockRows = most(1, kBlockBytes / (pixelBytes * blockImages));
    GradientWork work = {s, wide, narrow, sums, segments, 0};
    for (Index tap = 0; tap < s.kernel; tap += kGroupTaps) {
        const int taps = static_cast<int>(least(kGroupTaps, s.kernel - tap));
        work.segmentCount = findSegments(s, tap, taps, segments);
        bool first = true;
        for (Index image = 0; image < s.images; image += blockImages)
            for (Index row = 0; row < s.narrowHeight; row += blockRows) {
                const Block block = {row, least(row + blockRows, s.narrowHeight), image, least(image + blockImages, s.images)};
                if (taps == 3) gradientGroup<3>(work, block, tap, first);
                if (taps == 2) gradientGroup<2>(work, block, tap, first);
                if (taps == 1) gradientGroup<1>(work, block, tap, first);
                first = false;
            }
    }
    sumLanesOfMany(sums, weights, gradient);
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
