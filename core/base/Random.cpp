#include "core/base/Random.h"

#include "core/simd/Clones.h"

#include <cmath>
#include <numbers>

namespace latentoscope {
namespace {

constexpr std::uint32_t kMultiplierA = 0xD2511F53;
constexpr std::uint32_t kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kWeylA = 0x9E3779B9;
constexpr std::uint32_t kWeylB = 0xBB67AE85;
constexpr int kRounds = 10;

constexpr std::size_t kWide = 16; ///< counters computed side by side

/// kWide blocks of consecutive counters, each word of all of them together, so that a compiler makes vectors of it.
LATENTOSCOPE_CLONES void philoxBlocks(const std::array<std::uint32_t, 4>& counter, std::array<std::uint32_t, 2> key,
                                      std::uint32_t* words)
{
    std::uint32_t c0[kWide], c1[kWide], c2[kWide], c3[kWide];
    for (std::size_t i = 0; i < kWide; ++i) {
        c0[i] = counter[0] + static_cast<std::uint32_t>(i);
        c1[i] = counter[1];
        c2[i] = counter[2];
        c3[i] = counter[3];
    }
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t i = 0; i < kWide; ++i) {
            const std::uint64_t a = std::uint64_t{kMultiplierA} * c0[i];
            const std::uint64_t b = std::uint64_t{kMultiplierB} * c2[i];
            c0[i] = static_cast<std::uint32_t>(b >> 32) ^ c1[i] ^ key[0];
            c1[i] = static_cast<std::uint32_t>(b);
            c2[i] = static_cast<std::uint32_t>(a >> 32) ^ c3[i] ^ key[1];
            c3[i] = static_cast<std::uint32_t>(a);
        }
        key[0] += kWeylA;
        key[1] += kWeylB;
    }
    for (std::size_t i = 0; i < kWide; ++i) {
        words[4 * i] = c0[i];
        words[4 * i + 1] = c1[i];
        words[4 * i + 2] = c2[i];
        words[4 * i + 3] = c3[i];
    }
}

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
      // The purpose takes the place of the seed's bits 24 to 31, which go where seeds, below 2^53, have none: no two pairs of
      // seed and purpose share a stream.
      m_key{static_cast<std::uint32_t>(seed) ^ (static_cast<std::uint32_t>(purpose) << 24U),
            static_cast<std::uint32_t>(seed >> 32) ^ (static_cast<std::uint32_t>(seed >> 24) << 24U)}
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

void RandomStream::fill(std::span<std::uint32_t> words)
{
    std::size_t done = 0;
    while (done < words.size() && m_used < m_block.size()) words[done++] = next();
    for (; words.size() - done >= 4 * kWide; done += 4 * kWide) {
        philoxBlocks(m_counter, m_key, words.data() + done);
        m_counter[0] += kWide;
    }
    while (done < words.size()) words[done++] = next();
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
