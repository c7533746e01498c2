#include "core/training/Augmentation.h"

#include "core/config/Configuration.h"
#include "core/data/ImageSet.h"
#include "core/data/ImageShape.h"

#include <algorithm>

namespace latentoscope {
namespace {

struct Placement {
    bool mirrored = false;
    int down = 0;
    int right = 0;
};

void place(const ImageShape& shape, const std::uint8_t* from, const Placement& how, std::uint8_t* to)
{
    const int channels = shape.channels;
    for (int y = 0; y < shape.height; ++y) {
        const int sourceY = y - how.down;
        if (sourceY < 0 || sourceY >= shape.height) continue;
        for (int x = 0; x < shape.width; ++x) {
            int sourceX = x - how.right;
            if (sourceX < 0 || sourceX >= shape.width) continue;
            if (how.mirrored) sourceX = shape.width - 1 - sourceX;
            std::copy_n(from + (sourceY * shape.width + sourceX) * channels, channels, to + (y * shape.width + x) * channels);
        }
    }
}

} // namespace

bool augments(const TrainingOptions& options) { return options.flip || options.shift > 0; }

std::vector<std::uint8_t> augmentedImages(const ImageSet& set, std::span<const int> items, const TrainingOptions& options,
                                          RandomStream& random)
{
    const std::size_t values = set.shape.values();
    std::vector<std::uint8_t> images(items.size() * values);
    const auto moved = [&] {
        const auto places = static_cast<std::uint32_t>(2 * options.shift + 1);
        return static_cast<int>(random.below(places)) - options.shift;
    };
    for (std::size_t i = 0; i < items.size(); ++i) {
        Placement how;
        if (options.flip) how.mirrored = random.below(2) == 1;
        if (options.shift > 0) {
            how.down = moved();
            how.right = moved();
        }
        place(set.shape, set.pixels.data() + static_cast<std::size_t>(items[i]) * values, how, images.data() + i * values);
    }
    return images;
}

} // namespace latentoscope
