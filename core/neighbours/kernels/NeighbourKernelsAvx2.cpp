#define LATENTOSCOPE_KERNELS_NAMESPACE avx2
#define LATENTOSCOPE_KERNELS_SET InstructionSet::Avx2
#define LATENTOSCOPE_VECTOR_BYTES 32
#include "core/neighbours/kernels/simd/NeighbourTable.h"
