/// Defines projectionTable() of one instruction set; included once by each ProjectionKernels*.cpp.
#pragma once

#include "core/projection/kernels/ProjectionTables.h"
#include "core/projection/kernels/simd/Attraction.h"
#include "core/projection/kernels/simd/Repulsion.h"
#include "core/projection/kernels/simd/Splines.h"
#include "core/projection/kernels/simd/Umap.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {

const ProjectionKernels& projectionTable()
{
    static constexpr ProjectionKernels kTable = {
        LATENTOSCOPE_KERNELS_SET, repel, repelNear, spread, collect, attract, embedPoint};
    return kTable;
}

} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
