#include "core/models/kernels/Kernels.h"

#include "core/models/kernels/Tables.h"

#include <initializer_list>

namespace latentoscope::kernels {

const Kernels* find(InstructionSet instructionSet)
{
    switch (instructionSet) {
    case InstructionSet::Baseline:
        return &baseline::table();
#ifdef LATENTOSCOPE_X86_KERNELS
    case InstructionSet::Avx2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2::table() : nullptr;
    case InstructionSet::Avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma")
                   ? &avx512::table()
                   : nullptr;
#else
    case InstructionSet::Avx2:
    case InstructionSet::Avx512:
        break;
#endif
    }
    return nullptr;
}

const Kernels& best()
{
    static const Kernels& chosen = []() -> const Kernels& {
        for (const InstructionSet set : {InstructionSet::Avx512, InstructionSet::Avx2})
            if (const Kernels* table = find(set)) return *table;
        return baseline::table();
    }();
    return chosen;
}

const char* name(InstructionSet instructionSet)
{
    switch (instructionSet) {
    case InstructionSet::Avx512:
        return "AVX-512";
    case InstructionSet::Avx2:
        return "AVX2";
    case InstructionSet::Baseline:
        break;
    }
    return "baseline";
}

} // namespace latentoscope::kernels
