/// How much memory a training takes, estimated before anything is allocated.
#pragma once

namespace latentoscope {

struct Configuration;
struct ImageShape;

/// Bytes of weights, optimizer, gradients and of what `threads` shards keep while gradients are taken; an estimate.
struct TrainingMemory {
    double parameters = 0;
    double activations = 0;

    double all() const { return parameters + activations; }
};
TrainingMemory trainingMemory(const Configuration& configuration, const ImageShape& shape, int threads);

/// Bytes that this process may still take: of the machine, its control group and the process's own limit the least.
double availableMemory();

/// Throws Error(InvalidArgument) naming the field to change where the estimate is more than is available.
void checkMemory(const Configuration& configuration, const ImageShape& shape, int threads, double available = availableMemory());

} // namespace latentoscope
