/// Matrix products with the images innermost: a tile of rows × vectors in registers, nothing packed.
#pragma once

#include "core/models/kernels/simd/Convolution.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// result (rows, columns) = activation(bias + left · right), left an element at left[row · leftRow + k · leftColumn].
struct Product {
    const float* left;
    Index leftRow, leftColumn;
    const float* right; ///< (depth, rightStride)
    Index rightStride;
    Index depth;
    const float* bias; ///< null: none
    Activation activation;
    float* result;
    Index resultStride;
};

template <int Rows, int Vectors> LATENTOSCOPE_INLINE void productTile(const Product& p, Index row, Index column)
{
    Vector sums[Rows][Vectors];
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v) sums[r][v] = Vector{} + (p.bias ? p.bias[row + r] : 0.0f);
    const float* left = p.left + row * p.leftRow;
    const float* right = p.right + column;
    for (Index k = 0; k < p.depth; ++k) {
        Vector x[Vectors];
        for (int v = 0; v < Vectors; ++v) x[v] = load(right + v * kLanes);
        for (int r = 0; r < Rows; ++r) {
            const Vector factor = Vector{} + left[r * p.leftRow];
            for (int v = 0; v < Vectors; ++v) sums[r][v] += factor * x[v];
        }
        left += p.leftColumn;
        right += p.rightStride;
    }
    float* result = p.result + row * p.resultStride + column;
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v)
            store(result + r * p.resultStride + v * kLanes, p.activation == Activation::Relu ? relu(sums[r][v]) : sums[r][v]);
}

/// The columns, a multiple of kLanes, in strips that stay in the cache while all rows pass over them.
inline void multiply(const Product& p, Index rows, Index columns)
{
    inTiles<2>(columns / kLanes, [&]<int Vectors>(Index v) {
        inTiles<kTileChannels>(rows, [&]<int Rows>(Index row) { productTile<Rows, Vectors>(p, row, v * kLanes); });
    });
}

void linear(const LinearShape& s, const float* x, const float* weight, const float* bias, Activation activation, float* y)
{
    multiply({weight, s.inputs, 1, x, s.images, s.inputs, bias, activation, y, s.images}, s.outputs, s.images);
}

void linearInputGradient(const LinearShape& s, const float* yGradient, const float* weight, float* xGradient)
{
    multiply({weight, 1, s.inputs, yGradient, s.images, s.outputs, nullptr, Activation::None, xGradient, s.images}, s.inputs,
             s.images);
}

/// (rows, images) into (images, stride), stride a multiple of 4 that is at least rows; surplus columns become 0.
inline void transpose(const float* from, Index rows, Index images, float* to, Index stride)
{
    for (Index r = 0; r < stride; r += 4)
        for (Index n = 0; n < images; n += 4) {
            Quad q[4] = {};
            for (int i = 0; i < 4; ++i)
                if (r + i < rows) q[i] = loadQuad(from + (r + i) * images + n);
            transposeQuads(q[0], q[1], q[2], q[3]);
            for (int i = 0; i < 4; ++i) storeQuad(to + (n + i) * stride + r, q[i]);
        }
}

void linearWeightGradient(const LinearShape& s, const float* x, const float* yGradient, float* weightGradient)
{
    const Index stride = (s.inputs + kLanes - 1) / kLanes * kLanes;
    float* turned = scratch<float>(ScratchSlot::Weights, s.images * stride);
    transpose(x, s.inputs, s.images, turned, stride);
    float* result = stride == s.inputs ? weightGradient : scratch<float>(ScratchSlot::Accumulators, s.outputs * stride);
    multiply({yGradient, s.images, 1, turned, stride, s.images, nullptr, Activation::None, result, stride}, s.outputs, stride);
    if (result != weightGradient)
        for (Index o = 0; o < s.outputs; ++o)
            for (Index i = 0; i < s.inputs; ++i) weightGradient[o * s.inputs + i] = result[o * stride + i];
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
