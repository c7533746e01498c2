#include "core/sources/DecodeImage.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <limits>

namespace latentoscope {
namespace {

Error broken(const std::string& reason) { return Error(Error::Kind::CorruptData, reason); }

/// OpenCV's order is blue, green, red.
int orderOf(int channels) { return channels == 3 ? cv::COLOR_BGR2RGB : cv::COLOR_BGRA2RGBA; }

template <class Value> std::vector<Value> valuesOf(const cv::Mat& pixels)
{
    const auto row = static_cast<std::size_t>(pixels.cols) * static_cast<std::size_t>(pixels.channels());
    std::vector<Value> values;
    values.reserve(row * static_cast<std::size_t>(pixels.rows));
    for (int y = 0; y < pixels.rows; ++y) values.insert(values.end(), pixels.ptr<Value>(y), pixels.ptr<Value>(y) + row);
    return values;
}

/// A JPEG that ends too early is filled up with grey by its reader, without a word. Its end is a marker that its data cannot hold
/// by accident.
bool hasJpegEnd(std::span<const std::uint8_t> file)
{
    for (std::size_t at = file.size(); at-- > 1;) {
        if (file[at] == 0xD9 && file[at - 1] == 0xFF) return true;
        if (file[at] == 0xDA && file[at - 1] == 0xFF) return false; // where the picture's data begin
    }
    return false;
}

cv::Mat decoded(std::span<const std::uint8_t> file, bool turned)
{
    static const auto quiet [[maybe_unused]] = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    // OpenCV turns only what it may also convert; formats that may have alpha or a palette are taken as they are.
    const int flags = turned ? cv::IMREAD_ANYDEPTH | cv::IMREAD_ANYCOLOR : cv::IMREAD_UNCHANGED;
    const cv::Mat wrapped(1, static_cast<int>(file.size()), CV_8UC1, const_cast<std::uint8_t*>(file.data())); // read only
    try {
        return cv::imdecode(wrapped, flags);
    } catch (const cv::Exception&) {
        return {};
    }
}

} // namespace

std::string sizeProblem(const ImageHeader& header)
{
    if (header.width >= 1 && header.height >= 1 && header.width <= kMostPixels / header.height) return {};
    return "its header says " + std::to_string(header.width) + " x " + std::to_string(header.height) + " pixels, expected 1 to " +
           groupedText(kMostPixels) + " in all";
}

RawImage decodeImage(std::span<const std::uint8_t> file)
{
    const std::optional<ImageHeader> header = readImageHeader(file);
    if (!header) throw broken(kNoPicture);
    if (const std::string problem = sizeProblem(*header); !problem.empty()) throw broken(problem);
    if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw broken("it has more than 2 GiB, expected less");
    const bool jpeg = header->format == "JPEG";
    cv::Mat pixels = decoded(file, jpeg);
    if (pixels.empty() || (jpeg && !hasJpegEnd(file))) throw broken("it ends too early or is damaged");
    if (pixels.depth() != CV_8U && pixels.depth() != CV_16U)
        throw broken("it has values of another type, expected whole numbers of up to 16 bits");
    const int channels = pixels.channels();
    if (channels != 1 && channels != 3 && channels != 4)
        throw broken("it has " + std::to_string(channels) + " channels, expected 1, 3 or 4");
    if (channels > 1) cv::cvtColor(pixels, pixels, orderOf(channels));
    RawImage image{pixels.rows, pixels.cols, channels, {}};
    image.premultiplied = header->format == "TIFF" && channels == 4 && pixels.depth() == CV_8U; // as libtiff gives them
    if (pixels.depth() == CV_8U)
        image.values = valuesOf<std::uint8_t>(pixels);
    else
        image.values = valuesOf<std::uint16_t>(pixels);
    return image;
}

} // namespace latentoscope
