#include "core/data/NumberType.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace latentoscope {
namespace {

double halfToDouble(std::uint16_t bits)
{
    const int exponent = bits >> 10U & 0x1FU;
    const double fraction = bits & 0x3FFU;
    double value = 0;
    if (exponent == 0)
        value = std::ldexp(fraction, -24);
    else if (exponent == 31)
        value = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    else
        value = std::ldexp(1024 + fraction, exponent - 25);
    return (bits & 0x8000U) != 0 ? -value : value;
}

/// One value of a type, its bytes in the order of this machine.
template <class Value> Value valueAt(const char* bytes, bool swapped)
{
    std::array<char, sizeof(Value)> own{};
    std::memcpy(own.data(), bytes, own.size());
    if (swapped) std::reverse(own.begin(), own.end());
    return std::bit_cast<Value>(own);
}

} // namespace

double realAt(const NumberType& type, const char* bytes)
{
    if (!type.isReal()) {
        if (type.kind == 'u' && type.size == 8) return static_cast<double>(valueAt<std::uint64_t>(bytes, type.swapped));
        return static_cast<double>(*wholeAt(type, bytes));
    }
    if (type.size == 2) return halfToDouble(valueAt<std::uint16_t>(bytes, type.swapped));
    if (type.size == 4) return static_cast<double>(valueAt<float>(bytes, type.swapped));
    return valueAt<double>(bytes, type.swapped);
}

std::optional<std::int64_t> wholeAt(const NumberType& type, const char* bytes)
{
    const bool isSigned = type.kind == 'i';
    switch (type.size) {
    case 1:
        return isSigned ? valueAt<std::int8_t>(bytes, false) : valueAt<std::uint8_t>(bytes, false);
    case 2:
        return isSigned ? valueAt<std::int16_t>(bytes, type.swapped)
                        : static_cast<std::int64_t>(valueAt<std::uint16_t>(bytes, type.swapped));
    case 4:
        return isSigned ? valueAt<std::int32_t>(bytes, type.swapped)
                        : static_cast<std::int64_t>(valueAt<std::uint32_t>(bytes, type.swapped));
    default:
        break;
    }
    const auto value = valueAt<std::int64_t>(bytes, type.swapped);
    if (!isSigned && value < 0) return std::nullopt;
    return value;
}

} // namespace latentoscope
