#include "core/studies/Unique.h"

#include <random>

namespace latentoscope {

std::string uniqueText()
{
    std::random_device random;
    static constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (int i = 0; i < 4; ++i) {
        const unsigned word = random();
        for (unsigned shift = 0; shift < 32; shift += 4) text += kDigits[word >> shift & 15U];
    }
    return text;
}

} // namespace latentoscope
