#include "core/sources/FitImage.h"

#include "core/base/Error.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

constexpr int kGrey = 1, kColour = 3;

template <class Value> constexpr std::uint32_t kWhite = std::is_same_v<Value, std::uint8_t> ? 255U : 65535U;

/// BT.601's weights in 65536ths, as Pillow has them.
template <class Value> Value greyOf(const Value* pixel)
{
    return static_cast<Value>(
        (std::uint64_t{19595} * pixel[0] + std::uint64_t{38470} * pixel[1] + std::uint64_t{7471} * pixel[2] + 0x8000) >> 16);
}

/// Pixels of one or three channels without alpha, in the picture's own size and depth.
template <class Value> cv::Mat opaque(const RawImage& picture, int channels, ImageBackground background)
{
    const auto& values = std::get<std::vector<Value>>(picture.values);
    cv::Mat made(picture.height, picture.width, CV_MAKETYPE(cv::DataType<Value>::depth, channels));
    auto* to = made.ptr<Value>();
    const std::uint32_t under = background == ImageBackground::White ? kWhite<Value> : 0;
    for (std::size_t i = 0; i < picture.pixels(); ++i, to += channels) {
        const Value* from = values.data() + i * static_cast<std::size_t>(picture.channels);
        Value over[kColour];
        if (picture.channels == 4) {
            constexpr std::uint64_t kFull = kWhite<Value>;
            const std::uint64_t alpha = from[3], rest = under * (kFull - alpha);
            for (int c = 0; c < kColour; ++c) {
                const std::uint64_t own = picture.premultiplied ? from[c] * kFull : from[c] * alpha;
                over[c] = static_cast<Value>(std::min((own + rest + kFull / 2) / kFull, kFull));
            }
            from = over;
        }
        const bool colourful = picture.channels != kGrey;
        if (channels == kGrey)
            to[0] = colourful ? greyOf(from) : from[0];
        else
            for (int c = 0; c < kColour; ++c) to[c] = from[colourful ? c : 0];
    }
    return made;
}

cv::Mat resized(const cv::Mat& from, int width, int height)
{
    if (from.cols == width && from.rows == height) return from;
    cv::Mat made;
    const bool shrinks = width < from.cols || height < from.rows;
    cv::resize(from, made, cv::Size(width, height), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return made;
}

/// The largest middle part with the shape's proportions, in the shape's size.
cv::Mat cropped(const cv::Mat& from, const ImageShape& shape)
{
    const double scale = std::min(static_cast<double>(from.cols) / shape.width, static_cast<double>(from.rows) / shape.height);
    const int width = std::clamp(static_cast<int>(std::lround(shape.width * scale)), 1, from.cols);
    const int height = std::clamp(static_cast<int>(std::lround(shape.height * scale)), 1, from.rows);
    return resized(from(cv::Rect((from.cols - width) / 2, (from.rows - height) / 2, width, height)), shape.width, shape.height);
}

/// The whole picture in the middle of the background.
cv::Mat padded(const cv::Mat& from, const ImageShape& shape, double background)
{
    const double scale = std::min(static_cast<double>(shape.width) / from.cols, static_cast<double>(shape.height) / from.rows);
    const int width = std::clamp(static_cast<int>(std::lround(from.cols * scale)), 1, shape.width);
    const int height = std::clamp(static_cast<int>(std::lround(from.rows * scale)), 1, shape.height);
    cv::Mat made(shape.height, shape.width, from.type(), cv::Scalar::all(background));
    resized(from, width, height).copyTo(made(cv::Rect((shape.width - width) / 2, (shape.height - height) / 2, width, height)));
    return made;
}

cv::Mat fitted(const cv::Mat& from, const FitSettings& settings, double white)
{
    switch (settings.fit) {
    case ImageFit::Crop:
        return cropped(from, settings.shape);
    case ImageFit::Pad:
        return padded(from, settings.shape, settings.background == ImageBackground::White ? white : 0);
    case ImageFit::Stretch:
        break;
    }
    return resized(from, settings.shape.width, settings.shape.height);
}

} // namespace

void fitImage(const RawImage& picture, const FitSettings& settings, std::span<std::uint8_t> image)
{
    const ImageShape& shape = settings.shape;
    if (image.size() != shape.values()) {
        throw Error(Error::Kind::InvalidArgument, "fitImage: found room for " + std::to_string(image.size()) +
                                                      " values, expected " + std::to_string(shape.values()));
    }
    if (picture.height == shape.height && picture.width == shape.width && picture.channels == shape.channels &&
        !picture.isWide()) {
        std::ranges::copy(std::get<std::vector<std::uint8_t>>(picture.values), image.begin());
        return;
    }
    const bool wide = picture.isWide();
    cv::Mat made = fitted(wide ? opaque<std::uint16_t>(picture, shape.channels, settings.background)
                               : opaque<std::uint8_t>(picture, shape.channels, settings.background),
                          settings, wide ? 65535 : 255);
    cv::Mat narrow(shape.height, shape.width, CV_MAKETYPE(CV_8U, shape.channels), image.data());
    made.convertTo(narrow, CV_8U, wide ? 1 / 257.0 : 1);
    if (narrow.data != image.data()) std::copy_n(narrow.data, image.size(), image.data());
}

} // namespace latentoscope
