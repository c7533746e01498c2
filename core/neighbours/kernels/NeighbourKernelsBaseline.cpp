#define LATENTOSCOPE_KERNELS_NAMESPACE baseline
#define LATENTOSCOPE_KERNELS_SET InstructionSet::Baseline
#define LATENTOSCOPE_VECTOR_BYTES 16
#include "core/neighbours/kernels/simd/NeighbourTable.h"
