#include "core/models/kernels/Kernels.h"

#include "core/models/kernels/Tables.h"

namespace latentoscope::kernels {

const Kernels* find(InstructionSet instructionSet)
{
    return tableFor<Kernels>(instructionSet, baseline::table, LATENTOSCOPE_WHERE_X86(avx2::table),
                             LATENTOSCOPE_WHERE_X86(avx512::table));
}

const Kernels& best()
{
    static const Kernels& chosen = *find(widest());
    return chosen;
}

} // namespace latentoscope::kernels
