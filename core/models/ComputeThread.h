/// Prepares threads for one-threaded computing, and puts them back.
#pragma once

#include <string>
#include <vector>

namespace latentoscope {

/// While it lives, torch computes on the calling thread alone and denormal numbers count as zero (Adam's moments and dead
/// units would otherwise slow training by a quarter within epochs). Restores what was set before.
class ComputeThread {
public:
    ComputeThread();
    ~ComputeThread();
    ComputeThread(const ComputeThread&) = delete;
    ComputeThread& operator=(const ComputeThread&) = delete;

private:
    int m_threads;
    unsigned m_floatingPointState;
};

/// What a program calls once at its start, before other threads are there: keeps large blocks of memory with the process
/// between batches, and OpenBLAS from starting threads of its own beside ours.
void prepareProcess();

/// torch's version, such as "1.13.1".
const char* torchVersion();

/// The devices that libtorch can use here: "cpu", then "cuda:0" ….
std::vector<std::string> availableDevices();

/// "auto", "cpu", "cuda" or "cuda:N" → the device's full name; auto is the processor, until
/// training on a GPU was seen to give the same (tests/slow/gpu.sh).
/// Throws Error(InvalidArgument) where it is not there or not understood, listing those that are.
std::string resolvedDevice(const std::string& device);

} // namespace latentoscope
