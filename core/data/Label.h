/// Numbers of classes.
#pragma once

#include <cstdint>

namespace latentoscope {

/// The class of an image, from 0.
using Label = std::uint16_t;

/// Classes that a data set may have.
inline constexpr int kMostClasses = 65'536;

} // namespace latentoscope
