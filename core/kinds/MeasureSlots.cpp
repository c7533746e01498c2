#include "core/kinds/MeasureSlots.h"

#include "core/base/Error.h"

#include <algorithm>

namespace latentoscope {

MeasureSlots::MeasureSlots(const std::vector<Measure>& measures) : m_taken(measures.size(), false)
{
    for (const Measure& measure : measures) m_names.push_back(measure.name);
}

std::size_t MeasureSlots::take(const std::string& name)
{
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    if (found == m_names.end())
        throw Error(Error::Kind::InvalidArgument, "measures: the network computes " + name + ", which its kind does not measure");
    const auto slot = static_cast<std::size_t>(found - m_names.begin());
    if (m_taken[slot]) throw Error(Error::Kind::InvalidArgument, "measures: the network computes " + name + " twice");
    m_taken[slot] = true;
    return slot;
}

std::vector<std::size_t> MeasureSlots::takeNumbered(const std::string& prefix, int count)
{
    std::vector<std::size_t> slots;
    for (int i = 0; i < count; ++i) slots.push_back(take(prefix + std::to_string(i)));
    return slots;
}

void MeasureSlots::requireAllTaken() const
{
    const auto missing = std::find(m_taken.begin(), m_taken.end(), false);
    if (missing == m_taken.end()) return;
    const std::string& name = m_names[static_cast<std::size_t>(missing - m_taken.begin())];
    throw Error(Error::Kind::InvalidArgument, "measures: the kind measures " + name + ", which its network does not compute");
}

} // namespace latentoscope
