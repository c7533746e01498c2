/// The named parameters of a network in one flat buffer, by arithmetic alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

/// One named tensor in the flat buffer of all.
struct ParameterEntry {
    enum class Role {
        Weight, ///< trained: gradients, optimizer and weight decay act on it
        Buffer  ///< kept and saved with the weights, but no gradient reaches it, such as running statistics
    };
    enum class Initial {
        UniformFanIn,  ///< uniform in ±1/√fanIn, PyTorch's default
        KaimingNormal, ///< normal with deviation √2/√fanIn (He et al. 2015)
        Zero,
        One
    };

    std::string name;                ///< as in a PyTorch state dict: "encoder.0.weight"
    std::vector<std::int64_t> shape; ///< PyTorch's layouts; transposed convolution (in, out, k, k)
    std::size_t offset = 0;          ///< of its first value in the flat buffer
    std::int64_t fanIn = 0;          ///< inputs that one unit sums over, for initialisation
    Role role = Role::Weight;
    Initial initial = Initial::UniformFanIn;

    std::size_t count() const;
};

/// Puts parameters one after the other, without holes.
class LayoutBuilder {
public:
    /// How the weights and biases of layers begin.
    explicit LayoutBuilder(ParameterEntry::Initial weights = ParameterEntry::Initial::UniformFanIn,
                           ParameterEntry::Initial biases = ParameterEntry::Initial::UniformFanIn);
    /// "LAYER.weight" and "LAYER.bias".
    void addLayer(const std::string& layer, std::vector<std::int64_t> weightShape, std::int64_t biasLength, std::int64_t fanIn);
    /// Layers added from now on are not trained: they become buffers.
    void freeze() { m_frozen = true; }
    /// Layers added from now on are trained again.
    void thaw() { m_frozen = false; }
    /// Buffers come after all weights, whenever they are added.
    void addBuffer(const std::string& name, std::vector<std::int64_t> shape, ParameterEntry::Initial initial);
    std::vector<ParameterEntry> take();

private:
    ParameterEntry::Initial m_initialWeights;
    ParameterEntry::Initial m_initialBiases;
    bool m_frozen = false;
    std::vector<ParameterEntry> m_weights;
    std::vector<ParameterEntry> m_buffers;
};

/// Values in all of a layout.
std::size_t parameterCount(const std::vector<ParameterEntry>& layout);

/// Values of its weights, which lie before the buffers.
std::size_t weightCount(const std::vector<ParameterEntry>& layout);

} // namespace latentoscope
