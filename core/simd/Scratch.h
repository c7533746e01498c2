/// Memory a kernel needs while it runs, kept by each thread from call to call.
#pragma once

#include <cstddef>

namespace latentoscope::kernels {

/// Which buffer: one kernel may hold several at once.
enum class ScratchSlot { Weights, Taps, Accumulators, Gradient };
inline constexpr std::size_t kScratchSlots = 4;

/// At least `bytes` of memory aligned to 64 bytes, of unspecified content, valid until this thread asks for the same slot
/// again. Defined out of line, so that code compiled for one instruction set never reaches another's translation unit.
void* scratchBytes(ScratchSlot slot, std::size_t bytes);

} // namespace latentoscope::kernels
