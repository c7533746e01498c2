#include "core/config/Parameters.h"

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

void LayoutBuilder::addLayer(const std::string& layer, std::vector<std::int64_t> weightShape, std::int64_t biasLength,
                             std::int64_t fanIn)
{
    const auto role = m_frozen ? ParameterEntry::Role::Buffer : ParameterEntry::Role::Weight;
    std::vector<ParameterEntry>& into = m_frozen ? m_buffers : m_weights;
    into.push_back(
        {.name = layer + ".weight", .shape = std::move(weightShape), .fanIn = fanIn, .role = role, .initial = m_initialWeights});
    into.push_back({.name = layer + ".bias", .shape = {biasLength}, .fanIn = fanIn, .role = role, .initial = m_initialBiases});
}

void LayoutBuilder::addBuffer(const std::string& name, std::vector<std::int64_t> shape, ParameterEntry::Initial initial)
{
    m_buffers.push_back({.name = name, .shape = std::move(shape), .role = ParameterEntry::Role::Buffer, .initial = initial});
}

std::vector<ParameterEntry> LayoutBuilder::take()
{
    std::vector<ParameterEntry> layout = std::move(m_weights);
    layout.insert(layout.end(), m_buffers.begin(), m_buffers.end());
    std::size_t offset = 0;
    for (ParameterEntry& entry : layout) {
        entry.offset = offset;
        offset += entry.count();
    }
    m_weights.clear();
    m_buffers.clear();
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
