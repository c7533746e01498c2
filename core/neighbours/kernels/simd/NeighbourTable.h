/// Defines neighbourTable() of one instruction set; included once by each NeighbourKernels*.cpp.
#pragma once

#include "core/neighbours/kernels/NeighbourTables.h"
#include "core/neighbours/kernels/simd/Nearer.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {

const NeighbourKernels& neighbourTable()
{
    static constexpr NeighbourKernels kTable = {LATENTOSCOPE_KERNELS_SET, appendNearer};
    return kTable;
}

} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
