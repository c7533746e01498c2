#include "core/base/Digest.h"

#include "core/base/Error.h"

#include <array>
#include <openssl/evp.h>

namespace latentoscope {
namespace {

void check(int result)
{
    if (result != 1) throw Error(Error::Kind::Io, "the cryptographic library refused to compute a digest");
}

} // namespace

struct Digest::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(evp); }
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

Digest::Digest(Algorithm algorithm) : m_context(std::make_unique<Context>())
{
    check(EVP_DigestInit_ex(m_context->evp, algorithm == Algorithm::Md5 ? EVP_md5() : EVP_sha256(), nullptr));
}

Digest::~Digest() = default;

void Digest::add(std::span<const std::uint8_t> bytes) { check(EVP_DigestUpdate(m_context->evp, bytes.data(), bytes.size())); }

std::string Digest::hexadecimal()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned length = 0;
    check(EVP_DigestFinal_ex(m_context->evp, value.data(), &length));
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        text += kDigits[value[i] >> 4U];
        text += kDigits[value[i] & 15U];
    }
    return text;
}

std::string weightsDigest(std::span<const float> weights)
{
    Digest digest(Digest::Algorithm::Sha256);
    digest.add({reinterpret_cast<const std::uint8_t*>(weights.data()), weights.size_bytes()});
    return digest.hexadecimal();
}

} // namespace latentoscope
