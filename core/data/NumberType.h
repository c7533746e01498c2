/// Numbers as they lie in files: of which kind, how wide, in which order of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace latentoscope {

/// One number of an array.
struct NumberType {
    char kind = 'u';      ///< 'b' boolean, 'i' whole with sign, 'u' whole without, 'f' floating-point (IEEE 754)
    std::size_t size = 1; ///< bytes: 1, 2, 4 or 8; of 'f' 2, 4 or 8
    bool swapped = false; ///< whether its bytes lie the other way round than this machine's

    bool isReal() const { return kind == 'f'; }
};

/// The number whose `type.size` bytes begin there; whole numbers rounded to nearest where a double cannot hold them.
double realAt(const NumberType& type, const char* bytes);

/// Of a whole number or boolean; none where it is unsigned and beyond 2^63.
std::optional<std::int64_t> wholeAt(const NumberType& type, const char* bytes);

} // namespace latentoscope
