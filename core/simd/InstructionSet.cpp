#include "core/simd/InstructionSet.h"

#include <initializer_list>

namespace latentoscope::kernels {

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

bool runs(InstructionSet instructionSet)
{
    switch (instructionSet) {
    case InstructionSet::Baseline:
        return true;
#ifdef LATENTOSCOPE_X86_KERNELS
    case InstructionSet::Avx2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case InstructionSet::Avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
#else
    case InstructionSet::Avx2:
    case InstructionSet::Avx512:
        break;
#endif
    }
    return false;
}

InstructionSet widest()
{
    static const InstructionSet found = [] {
        for (const InstructionSet set : {InstructionSet::Avx512, InstructionSet::Avx2})
            if (runs(set)) return set;
        return InstructionSet::Baseline;
    }();
    return found;
}

} // namespace latentoscope::kernels
