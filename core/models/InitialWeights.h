/// Where training begins.
#pragma once

#include <cstdint>
#include <vector>

namespace latentoscope {

struct ParameterEntry;

/// As each entry says: PyTorch's default is weights and biases uniform in ±1/√fan-in (Kaiming-uniform with a = √5; He et al.
/// 2015); Kaiming normal has the gain of ReLU, √2.
/// Same seed, same bytes.
std::vector<float> initialWeights(const std::vector<ParameterEntry>& layout, std::uint64_t seed);

} // namespace latentoscope
