#include "core/projection/PlaneOrder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace latentoscope {
namespace {

/// The bits of a number of 16 bits, each followed by a zero.
std::uint32_t spaced(std::uint32_t bits)
{
    bits = (bits | bits << 8) & 0x00FF00FFU;
    bits = (bits | bits << 4) & 0x0F0F0F0FU;
    bits = (bits | bits << 2) & 0x33333333U;
    return (bits | bits << 1) & 0x55555555U;
}

} // namespace

std::vector<int> planeOrder(const std::vector<float>& places)
{
    const std::size_t count = places.size() / 2;
    if (count == 0) return {};
    float low[2] = {places[0], places[1]}, high[2] = {places[0], places[1]};
    for (std::size_t i = 0; i < places.size(); ++i) {
        low[i % 2] = std::min(low[i % 2], places[i]);
        high[i % 2] = std::max(high[i % 2], places[i]);
    }
    const float span = std::max(high[0] - low[0], high[1] - low[1]);
    const float scale = span > 0 ? 65535 / span : 0;
    std::vector<std::uint64_t> keys(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto column = static_cast<std::uint32_t>(std::clamp((places[2 * i] - low[0]) * scale, 0.0F, 65535.0F));
        const auto row = static_cast<std::uint32_t>(std::clamp((places[2 * i + 1] - low[1]) * scale, 0.0F, 65535.0F));
        const std::uint64_t along = spaced(column) | spaced(row) << 1;
        keys[i] = along << 32 | i;
    }
    std::sort(keys.begin(), keys.end());
    std::vector<int> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<int>(keys[i] & 0xFFFFFFFFU);
    return order;
}

} // namespace latentoscope
