/// Which machine language this processor runs best, and the choice among code that was compiled for several.
#pragma once

/// A table that only x86 builds have, or null.
#ifdef LATENTOSCOPE_X86_KERNELS
#define LATENTOSCOPE_WHERE_X86(table) table
#else
#define LATENTOSCOPE_WHERE_X86(table) nullptr
#endif

namespace latentoscope::kernels {

/// What a table of kernels is compiled for; latentoscope_add_kernels (kernels.cmake) compiles each once for every one of them.
enum class InstructionSet { Baseline, Avx2, Avx512 };

/// "AVX-512", "AVX2" or "baseline".
const char* name(InstructionSet instructionSet);

/// Whether this processor runs it and this build has it.
bool runs(InstructionSet instructionSet);

/// The widest that runs.
InstructionSet widest();

/// Of one table for each instruction set that of `wanted`; null where it does not run here. The last two are null where the build
/// has none.
template <class Table>
const Table* tableFor(InstructionSet wanted, const Table& (*baseline)(), const Table& (*avx2)(), const Table& (*avx512)())
{
    if (!runs(wanted)) return nullptr;
    const auto chosen = wanted == InstructionSet::Avx512 ? avx512 : wanted == InstructionSet::Avx2 ? avx2 : baseline;
    return chosen != nullptr ? &chosen() : nullptr;
}

} // namespace latentoscope::kernels
