/// Message digests, for telling data sets apart by what they contain.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace latentoscope {

class Digest {
public:
    enum class Algorithm {
        Sha256,
        Md5 ///< only to recognise files by the sums their publishers give
    };

    explicit Digest(Algorithm algorithm);
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::span<const std::uint8_t> bytes);
    /// 64 (SHA-256) or 32 (MD5) hexadecimal digits; ends the digest.
    std::string hexadecimal();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// SHA-256 of weights as they lie in memory: tells two networks of one kind apart.
std::string weightsDigest(std::span<const float> weights);

} // namespace latentoscope
