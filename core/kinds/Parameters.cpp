#include "core/kinds/Parameters.h"

#include <utility>

namespace latentoscope {

std::size_t ParameterEntry::count() const
{
    std::size_t product = 1;
    for (const std::int64_t size : shape) product *= static_cast<std::size_t>(size);
    return product;
}

LayoutBuilder::LayoutBuilder(ParameterEntry::Initial weights, ParameterEntry::Initial biases)
    : m_initialWeights(weights), m_initialBiases(biases)
{
}

void LayoutBuilder::add(const std::string& name, std::vector<std::int64_t> shape, std::int64_t fanIn,
                        ParameterEntry::Initial initial)
{
    const auto role = m_frozen ? ParameterEntry::Role::Buffer : ParameterEntry::Role::Weight;
    (m_frozen ? m_buffers : m_weights)
        .push_back({.name = name, .shape = std::move(shape), .fanIn = fanIn, .role = role, .initial = initial});
}

void LayoutBuilder::addLayer(const std::string& layer, std::vector<std::int64_t> weightShape, std::int64_t biasLength,
                             std::int64_t fanIn)
{
    add(layer + ".weight", std::move(weightShape), fanIn, m_initialWeights);
    add(layer + ".bias", {biasLength}, fanIn, m_initialBiases);
}

void LayoutBuilder::addNormalisedLayer(const std::string& layer, const std::string& norm, std::vector<std::int64_t> weightShape,
                                       std::int64_t outputs, std::int64_t fanIn)
{
    add(layer + ".weight", std::move(weightShape), fanIn, m_initialWeights);
    add(norm + ".weight", {outputs}, 0, ParameterEntry::Initial::One);
    add(norm + ".bias", {outputs}, 0, ParameterEntry::Initial::Zero);
    for (const auto& [name, initial] :
         {std::pair{".running_mean", ParameterEntry::Initial::Zero}, std::pair{".running_var", ParameterEntry::Initial::One}}) {
        m_running.push_back({.name = norm + name, .shape = {outputs}, .role = ParameterEntry::Role::Running, .initial = initial});
    }
}

void LayoutBuilder::addBuffer(const std::string& name, std::vector<std::int64_t> shape, ParameterEntry::Initial initial)
{
    m_buffers.push_back({.name = name, .shape = std::move(shape), .role = ParameterEntry::Role::Buffer, .initial = initial});
}

std::vector<ParameterEntry> LayoutBuilder::take()
{
    std::vector<ParameterEntry> layout = std::move(m_weights);
    layout.insert(layout.end(), m_buffers.begin(), m_buffers.end());
    layout.insert(layout.end(), m_running.begin(), m_running.end());
    std::size_t offset = 0;
    for (ParameterEntry& entry : layout) {
        entry.offset = offset;
        offset += entry.count();
    }
    m_weights.clear();
    m_buffers.clear();
    m_running.clear();
    return layout;
}

std::size_t parameterCount(const std::vector<ParameterEntry>& layout)
{
    return layout.empty() ? 0 : layout.back().offset + layout.back().count();
}

std::size_t weightCount(const std::vector<ParameterEntry>& layout)
{
    std::size_t count = 0;
    for (const ParameterEntry& entry : layout) {
        if (entry.role == ParameterEntry::Role::Weight) count += entry.count();
    }
    return count;
}

} // namespace latentoscope
