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
        Buffer, ///< kept and saved with the weights, but training leaves it as it is
        Running ///< a running statistic: training changes it, but no gradient reaches it
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
    /// A layer without bias, and what normalises its outputs over a batch (Ioffe & Szegedy 2015), whose shift makes a bias
    /// superfluous: "LAYER.weight", "NORM.weight", "NORM.bias", and the running "NORM.running_mean" and "NORM.running_var",
    /// which come after all weights and buffers.
    void addNormalisedLayer(const std::string& layer, const std::string& norm, std::vector<std::int64_t> weightShape,
                            std::int64_t outputs, std::int64_t fanIn);
    /// Buffers come after all weights, whenever they are added.
    void addBuffer(const std::string& name, std::vector<std::int64_t> shape, ParameterEntry::Initial initial);
    std::vector<ParameterEntry> take();

private:
    void add(const std::string& name, std::vector<std::int64_t> shape, std::int64_t fanIn, ParameterEntry::Initial initial);

    ParameterEntry::Initial m_initialWeights;
    ParameterEntry::Initial m_initialBiases;
    bool m_frozen = false;
    std::vector<ParameterEntry> m_weights;
    std::vector<ParameterEntry> m_buffers;
    std::vector<ParameterEntry> m_running;
};

/// Values in all of a layout.
std::size_t parameterCount(const std::vector<ParameterEntry>& layout);

/// Values of its weights, which lie before the buffers.
std::size_t weightCount(const std::vector<ParameterEntry>& layout);

} // namespace latentoscope
