#define LATENTOSCOPE_KERNELS_NAMESPACE avx512
#define LATENTOSCOPE_KERNELS_SET InstructionSet::Avx512
#define LATENTOSCOPE_VECTOR_BYTES 64
#include "core/neighbours/kernels/simd/NeighbourTable.h"
