/// The bytes of many images, wherever they lie.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace latentoscope {

/// Read-only bytes that all copies share: in memory, or in a file that is mapped.
class Pixels {
public:
    Pixels() = default;
    Pixels(std::vector<std::uint8_t> bytes) // NOLINT(google-explicit-constructor): what a vector holds, as it is
        : Pixels(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes)))
    {
    }
    /// `bytes` stay where they are as long as `owner` is there.
    Pixels(std::shared_ptr<const void> owner, std::span<const std::uint8_t> bytes) : m_owner(std::move(owner)), m_bytes(bytes) {}

    const std::uint8_t* data() const { return m_bytes.data(); }
    std::size_t size() const { return m_bytes.size(); }
    bool empty() const { return m_bytes.empty(); }
    auto begin() const { return m_bytes.begin(); }
    auto end() const { return m_bytes.end(); }
    std::uint8_t operator[](std::size_t at) const { return m_bytes[at]; }
    operator std::span<const std::uint8_t>() const { return m_bytes; } // NOLINT(google-explicit-constructor)

    friend bool operator==(const Pixels& a, const Pixels& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

private:
    explicit Pixels(const std::shared_ptr<const std::vector<std::uint8_t>>& bytes) : m_owner(bytes), m_bytes(*bytes) {}

    std::shared_ptr<const void> m_owner;
    std::span<const std::uint8_t> m_bytes;
};

} // namespace latentoscope
