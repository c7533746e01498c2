/// Counter-based random numbers: a stream is a pure function of its key, so any thread can make any part of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace latentoscope {

/// What a stream is for; keeps streams with the same numbers apart. Values are part of what makes old seeds reproducible:
/// never renumber.
enum class RandomPurpose : std::uint32_t {
    Split = 1,
    Weights = 2,
    BatchOrder = 3,
    Selection = 4,
    Noise = 5, ///< of samples from a posterior
    Dropout = 6,
    Augmentation = 7,
    Prior = 8,
    ClassSamples = 9,
    Mixture = 10,   ///< first centres of a clustering
    Embedding = 11, ///< points that UMAP pushes away
    InverseNetwork = 12,
    PicturePlaces = 13, ///< among a class's points of a picture
    Sampler = 14,       ///< of hyper-parameters
    Forest = 15         ///< bootstrap samples of regression trees
};

/// Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Four independent uniform words of 32 bits for each counter and key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A stream keyed by seed, purpose and up to three numbers (epoch, step, shard; or parameter index). Copies are cheap and
/// continue alike; not for two threads at once.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, RandomPurpose purpose, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0);

    /// Uniform over all 32-bit words.
    std::uint32_t next();
    /// As many words as next() would give, many times as fast.
    void fill(std::span<std::uint32_t> words);
    /// Uniform in [0, 1), 24 bits.
    float uniform();
    /// Uniform integer in 0 … bound - 1 without bias; bound ≥ 1.
    std::uint32_t below(std::uint32_t bound);

    /// Standard normal values (Box & Muller 1958), two from two words; an odd count leaves one value unused.
    void fillNormal(std::span<float> values);

private:
    std::array<std::uint32_t, 4> m_counter;
    std::array<std::uint32_t, 2> m_key;
    std::array<std::uint32_t, 4> m_block{};
    unsigned m_used = 4;
};

/// Fisher-Yates shuffle of a random-access range.
template <class Range> void shuffle(Range& range, RandomStream& random)
{
    for (auto left = static_cast<std::uint32_t>(range.size()); left > 1; --left) {
        const std::uint32_t chosen = random.below(left);
        using std::swap;
        swap(range[left - 1], range[chosen]);
    }
}

} // namespace latentoscope
