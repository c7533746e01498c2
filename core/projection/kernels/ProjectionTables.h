/// The tables of projection kernels that the build compiled, one an instruction set.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"

namespace latentoscope::kernels {

namespace baseline {
const ProjectionKernels& projectionTable();
}
#ifdef LATENTOSCOPE_X86_KERNELS
namespace avx2 {
const ProjectionKernels& projectionTable();
}
namespace avx512 {
const ProjectionKernels& projectionTable();
}
#endif

} // namespace latentoscope::kernels
