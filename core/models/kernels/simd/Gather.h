/// Byte images into a float batch with the images innermost: blocks of 16 images × 16 bytes turned in registers.
#pragma once

#include "core/models/kernels/Kernels.h"
#include "core/simd/Vector.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

using Bytes = std::uint8_t __attribute__((vector_size(16)));
using BytesInMemory = std::uint8_t __attribute__((vector_size(16), aligned(1), may_alias));

LATENTOSCOPE_INLINE Bytes interleaveLow(Bytes a, Bytes b)
{
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
LATENTOSCOPE_INLINE Bytes interleaveHigh(Bytes a, Bytes b)
{
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/// Rows become columns: four rounds of interleaving row i with row i + 8.
LATENTOSCOPE_INLINE void transposeBytes(Bytes (&rows)[16])
{
    for (int round = 0; round < 4; ++round) {
        Bytes next[16];
        for (int i = 0; i < 8; ++i) {
            next[2 * i] = interleaveLow(rows[i], rows[i + 8]);
            next[2 * i + 1] = interleaveHigh(rows[i], rows[i + 8]);
        }
        for (int i = 0; i < 16; ++i) rows[i] = next[i];
    }
}

/// 16 bytes / 255 as floats. A true division, so that the values are those of PyTorch's to the last bit.
LATENTOSCOPE_INLINE void storeAsFloats(Bytes bytes, float* to)
{
    using Part = std::uint8_t __attribute__((vector_size(kLanes)));
    using Parts = std::uint8_t __attribute__((vector_size(kLanes), aligned(1), may_alias));
    alignas(16) std::uint8_t memory[16];
    *reinterpret_cast<BytesInMemory*>(memory) = bytes;
    for (int i = 0; i < 16; i += kLanes) {
        const Part part = *reinterpret_cast<const Parts*>(memory + i);
        const Integers integers = __builtin_convertvector(part, Integers);
        store(to + i, __builtin_convertvector(integers, Vector) / 255.0f);
    }
}

/// Where byte `byte` of an image, (height, width, channels), goes in a column of the result, (channels, height, width).
LATENTOSCOPE_INLINE Index planeOf(const GatherShape& s, Index byte)
{
    return s.channels == 1 ? byte : byte % s.channels * (s.height * s.width) + byte / s.channels;
}

void gather(const GatherShape& s, const std::uint8_t* pixels, const std::int64_t* indices, float* result)
{
    const Index imageBytes = s.channels * s.height * s.width;
    for (Index column = 0; column < s.images; column += 16) {
        const Index present = most(0, least(16, s.count - column));
        const std::uint8_t* rows[16];
        for (Index i = 0; i < present; ++i) rows[i] = pixels + indices[column + i] * imageBytes;
        // The next images lie anywhere in memory: ask for them while these are turned.
        for (Index i = column + 16; i < least(column + 32, s.count); ++i)
            for (Index byte = 0; byte < imageBytes; byte += 64) __builtin_prefetch(pixels + indices[i] * imageBytes + byte);
        for (Index byte = 0; byte < imageBytes; byte += 16) {
            const Index bytes = least(16, imageBytes - byte);
            Bytes block[16] = {};
            for (Index i = 0; i < present; ++i) {
                if (bytes == 16)
                    block[i] = *reinterpret_cast<const BytesInMemory*>(rows[i] + byte);
                else
                    for (Index b = 0; b < bytes; ++b) block[i][b] = rows[i][byte + b];
            }
            transposeBytes(block);
            for (Index b = 0; b < bytes; ++b) storeAsFloats(block[b], result + planeOf(s, byte + b) * s.images + column);
        }
    }
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
