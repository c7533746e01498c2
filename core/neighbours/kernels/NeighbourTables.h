/// The tables of neighbour kernels that the build compiled, one an instruction set.
#pragma once

#include "core/neighbours/kernels/NeighbourKernels.h"

namespace latentoscope::kernels {

namespace baseline {
const NeighbourKernels& neighbourTable();
}
#ifdef LATENTOSCOPE_X86_KERNELS
namespace avx2 {
const NeighbourKernels& neighbourTable();
}
namespace avx512 {
const NeighbourKernels& neighbourTable();
}
#endif

} // namespace latentoscope::kernels
