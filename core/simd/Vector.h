/// Vectors of floats in the compiler's own vector extension, as wide as the instruction set of this translation unit.
///
/// It, and the headers of folders called simd that stand on it, are compiled once for each instruction set, in a namespace of its
/// own. They must not call any inline function of the standard library: the linker keeps one copy of such a function, which may
/// be the one compiled for instructions that the processor lacks.
#pragma once

#include "core/simd/Scratch.h"

#include <cstdint>

#define LATENTOSCOPE_INLINE inline __attribute__((always_inline))

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

using Index = std::int64_t;

constexpr int kLanes = LATENTOSCOPE_VECTOR_BYTES / int(sizeof(float));

// Vectors a tile may keep in registers: AVX-512 and other processors have 32 registers, older x86 16.
#if defined(__x86_64__) && !defined(__AVX512F__)
constexpr bool kManyRegisters = false;
#else
constexpr bool kManyRegisters = true;
#endif

using Vector = float __attribute__((vector_size(LATENTOSCOPE_VECTOR_BYTES)));
using Integers = std::int32_t __attribute__((vector_size(LATENTOSCOPE_VECTOR_BYTES)));
using VectorInMemory = float __attribute__((vector_size(LATENTOSCOPE_VECTOR_BYTES), aligned(4), may_alias));
using Quad = float __attribute__((vector_size(16)));
using QuadInMemory = float __attribute__((vector_size(16), aligned(4), may_alias));

LATENTOSCOPE_INLINE Vector load(const float* from) { return *reinterpret_cast<const VectorInMemory*>(from); }
LATENTOSCOPE_INLINE void store(float* to, Vector v) { *reinterpret_cast<VectorInMemory*>(to) = v; }
LATENTOSCOPE_INLINE Quad loadQuad(const float* from) { return *reinterpret_cast<const QuadInMemory*>(from); }
LATENTOSCOPE_INLINE void storeQuad(float* to, Quad v) { *reinterpret_cast<QuadInMemory*>(to) = v; }

/// max(v, 0) that lets NaN through, as PyTorch's does.
LATENTOSCOPE_INLINE Vector relu(Vector v)
{
    const Vector zero = {};
    return zero > v ? zero : v;
}

LATENTOSCOPE_INLINE Index least(Index a, Index b) { return a < b ? a : b; }
LATENTOSCOPE_INLINE Index most(Index a, Index b) { return a > b ? a : b; }

/// Rows a, b, c, d become columns.
LATENTOSCOPE_INLINE void transposeQuads(Quad& a, Quad& b, Quad& c, Quad& d)
{
    const Quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Quad ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    a = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    b = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    c = __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5);
    d = __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7);
}

/// The sum of one stored vector's lanes, four by four.
LATENTOSCOPE_INLINE Quad foldToQuad(const float* vector)
{
    Quad sum = loadQuad(vector);
    for (int i = 4; i < kLanes; i += 4) sum += loadQuad(vector + i);
    return sum;
}

LATENTOSCOPE_INLINE float sumLanes(Vector v)
{
    alignas(64) float lanes[kLanes];
    store(lanes, v);
    const Quad sum = foldToQuad(lanes);
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/// result[i] = the sum of the lanes of the i-th of `count` stored vectors.
inline void sumLanesOfMany(const float* vectors, Index count, float* result)
{
    Index i = 0;
    for (; i + 4 <= count; i += 4) {
        Quad a = foldToQuad(vectors + i * kLanes), b = foldToQuad(vectors + (i + 1) * kLanes);
        Quad c = foldToQuad(vectors + (i + 2) * kLanes), d = foldToQuad(vectors + (i + 3) * kLanes);
        transposeQuads(a, b, c, d);
        storeQuad(result + i, (a + c) + (b + d));
    }
    for (; i < count; ++i) {
        const Quad sum = foldToQuad(vectors + i * kLanes);
        result[i] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
    }
}

template <class T> T* scratch(ScratchSlot slot, Index count)
{
    return static_cast<T*>(scratchBytes(slot, static_cast<std::size_t>(count) * sizeof(T)));
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
