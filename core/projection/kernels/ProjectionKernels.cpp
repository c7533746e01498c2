#include "core/projection/kernels/ProjectionKernels.h"

#include "core/projection/kernels/ProjectionTables.h"

namespace latentoscope::kernels {

const ProjectionKernels* findProjection(InstructionSet instructionSet)
{
    if (find(instructionSet) == nullptr) return nullptr; // which knows the processor
    switch (instructionSet) {
    case InstructionSet::Baseline:
        return &baseline::projectionTable();
#ifdef LATENTOSCOPE_X86_KERNELS
    case InstructionSet::Avx2:
        return &avx2::projectionTable();
    case InstructionSet::Avx512:
        return &avx512::projectionTable();
#endif
    default:
        return nullptr;
    }
}

const ProjectionKernels& bestProjection()
{
    static const ProjectionKernels& chosen = *findProjection(best().instructionSet);
    return chosen;
}

} // namespace latentoscope::kernels
