#include "core/neighbours/kernels/NeighbourKernels.h"

#include "core/neighbours/kernels/NeighbourTables.h"

namespace latentoscope::kernels {

const NeighbourKernels* findNeighbours(InstructionSet instructionSet)
{
    return tableFor<NeighbourKernels>(instructionSet, baseline::neighbourTable, LATENTOSCOPE_WHERE_X86(avx2::neighbourTable),
                                      LATENTOSCOPE_WHERE_X86(avx512::neighbourTable));
}

const NeighbourKernels& bestNeighbours()
{
    static const NeighbourKernels& chosen = *findNeighbours(widest());
    return chosen;
}

} // namespace latentoscope::kernels
