/// How a data set's images are made of what is read, and how they are divided, as plain values.
#pragma once

#include "core/base/Choices.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace latentoscope {

/// How a picture of another shape becomes an image: its middle, all of it with bars beside, or all of it out of shape.
enum class ImageFit { Crop, Pad, Stretch };
template <> struct ChoiceWords<ImageFit> {
    static constexpr std::array<std::string_view, 3> kAll{"crop", "pad", "stretch"};
};

/// Whether images are grey or in colour: as most of the pictures are, or always so.
enum class ImageColor { Auto, Grey, Rgb };
template <> struct ChoiceWords<ImageColor> {
    static constexpr std::array<std::string_view, 3> kAll{"auto", "grey", "rgb"};
};

/// What lies under see-through pixels and beside padded pictures.
enum class ImageBackground { Black, White };
template <> struct ChoiceWords<ImageBackground> {
    static constexpr std::array<std::string_view, 2> kAll{"black", "white"};
};

/// Pixels of an image.
struct ImageSize {
    int height = 0; ///< 0: not set
    int width = 0;

    bool isSet() const { return height > 0; }
    bool operator==(const ImageSize&) const = default;
};

/// JSON object "data": first what images are made of, then how they are divided.
struct DataOptions {
    ImageSize size{}; ///< of the images; not set: the commonest size of the pictures, at most 64 a side
    ImageFit fit = ImageFit::Crop;
    ImageColor color = ImageColor::Auto;
    ImageBackground background = ImageBackground::Black;
    double testFraction = 0.15;      ///< share of the images that become the test set, by class, where the data have none
    bool skipBroken = false;         ///< whether more than 5 % of pictures that cannot be read are no error
    double validationFraction = 0.1; ///< share of the training images held out, by class; 0 … 0.9; means nothing with folds
    std::uint64_t seed = 0;          ///< of the split: same seed, same items
    int folds = 0;                   ///< of a cross-validation (≥ 2), of which one is held out; 0: none
    int fold = 1;                    ///< which: 1 … folds
    double labelsFraction = 1;       ///< share of the training images whose labels a classifier sees, by class; 0 … 1

    /// Whether the same pictures become the same images.
    bool readsAs(const DataOptions& other) const
    {
        return size == other.size && fit == other.fit && color == other.color && background == other.background &&
               skipBroken == other.skipBroken;
    }
    /// Takes over what pictures become images by, and which of them are drawn for a test set.
    void readAs(const DataOptions& other)
    {
        size = other.size;
        fit = other.fit;
        color = other.color;
        background = other.background;
        skipBroken = other.skipBroken;
        testFraction = other.testFraction;
        seed = other.seed;
    }
    /// Whether the same of them become the test set, where the data have none of their own.
    bool drawsTestAs(const DataOptions& other) const { return testFraction == other.testFraction && seed == other.seed; }
};

} // namespace latentoscope
