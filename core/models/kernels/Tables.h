/// The tables of kernels that the build compiled, one an instruction set.
#pragma once

#include "core/models/kernels/Kernels.h"

namespace latentoscope::kernels {

namespace baseline {
const Kernels& table();
}
#ifdef LATENTOSCOPE_X86_KERNELS
namespace avx2 {
const Kernels& table();
}
namespace avx512 {
const Kernels& table();
}
#endif

} // namespace latentoscope::kernels
