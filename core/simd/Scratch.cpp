#include "core/simd/Scratch.h"

#include <array>
#include <memory>
#include <new>

namespace latentoscope::kernels {
namespace {

constexpr std::align_val_t kAlignment{64};

struct AlignedDelete {
    void operator()(std::byte* memory) const { ::operator delete[](memory, kAlignment); }
};

struct Buffer {
    std::unique_ptr<std::byte[], AlignedDelete> memory;
    std::size_t bytes = 0;
};

} // namespace

void* scratchBytes(ScratchSlot slot, std::size_t bytes)
{
    thread_local std::array<Buffer, kScratchSlots> buffers;
    Buffer& buffer = buffers[static_cast<std::size_t>(slot)];
    if (buffer.bytes < bytes || !buffer.memory) {
        buffer.memory.reset();
        buffer.bytes = 0;
        buffer.memory.reset(static_cast<std::byte*>(::operator new[](bytes + 64, kAlignment)));
        buffer.bytes = bytes;
    }
    return buffer.memory.get();
}

} // namespace latentoscope::kernels
