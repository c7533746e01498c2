/// Other images of the same things: what training sees beside the data itself.
#pragma once

#include "core/base/Random.h"

#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

struct ImageSet;
struct TrainingOptions;

/// Whether the options change images at all.
bool augments(const TrainingOptions& options);

/// The chosen items (M, H, W, C), each mirrored left to right with probability one half where options.flip says so, and moved by
/// up to options.shift pixels up or down and left or right, black coming in. Same stream, same bytes.
std::vector<std::uint8_t> augmentedImages(const ImageSet& set, std::span<const int> items, const TrainingOptions& options,
                                          RandomStream& random);

} // namespace latentoscope
