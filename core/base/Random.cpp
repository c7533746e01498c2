#include "core/base/Random.h"

#include <cmath>
#include <numbers>

namespace latentoscope {
namespace {

constexpr std::uint32_t kMultiplierA = 0xD2511F53;
constexpr std::uint32_t kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kWeylA = 0x9E3779B9;
constexpr std::uint32_t kWeylB = 0xBB67AE85;
constexpr int kRounds = 10;

} // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t a = std::uint64_t{kMultiplierA} * counter[0];
        const std::uint64_t b = std::uint64_t{kMultiplierB} * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += kWeylA;
        key[1] += kWeylB;
    }
    return counter;
}

RandomStream::RandomStream(std::uint64_t seed, RandomPurpose purpose, std::uint32_t a, std::uint32_t b, std::uint32_t c)
    : m_counter{0, a, b, c},
      m_key{static_cast<std::uint32_t>(seed) ^ (static_cast<std::uint32_t>(purpose) << 24U),
            static_cast<std::uint32_t>(seed >> 32)}
{
}

std::uint32_t RandomStream::next()
{
    if (m_used == m_block.size()) {
        m_block = philox(m_counter, m_key);
        ++m_counter[0];
        m_used = 0;
    }
    return m_block[m_used++];
}

float RandomStream::uniform() { return static_cast<float>(next() >> 8) * 0x1p-24F; }

std::uint32_t RandomStream::below(std::uint32_t bound)
{
    // Lemire 2019: multiply, and reject the few values that would make some results likelier.
    const std::uint32_t threshold = (0U - bound) % bound;
    for (;;) {
        const std::uint64_t product = std::uint64_t{next()} * bound;
        if (static_cast<std::uint32_t>(product) >= threshold) return static_cast<std::uint32_t>(product >> 32);
    }
}

void RandomStream::fillNormal(std::span<float> values)
{
    for (std::size_t i = 0; i < values.size(); i += 2) {
        const float radius = std::sqrt(-2 * std::log(1 - uniform())); // 1 − u: the logarithm of 0 has no value
        const float angle = 2 * std::numbers::pi_v<float> * uniform();
        values[i] = radius * std::cos(angle);
        if (i + 1 < values.size()) values[i + 1] = radius * std::sin(angle);
    }
}

} // namespace latentoscope
