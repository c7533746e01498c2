#include "core/projection/kernels/ProjectionKernels.h"

#include "core/projection/kernels/ProjectionTables.h"

namespace latentoscope::kernels {

const ProjectionKernels* findProjection(InstructionSet instructionSet)
{
    return tableFor<ProjectionKernels>(instructionSet, baseline::projectionTable, LATENTOSCOPE_WHERE_X86(avx2::projectionTable),
                                       LATENTOSCOPE_WHERE_X86(avx512::projectionTable));
}

const ProjectionKernels& bestProjection()
{
    static const ProjectionKernels& chosen = *findProjection(widest());
    return chosen;
}

} // namespace latentoscope::kernels
