#include "core/storage/PngFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/ImageShape.h"

#include <png.h>

#include <string>

namespace latentoscope {

void writePng(const std::filesystem::path& file, const ImageShape& shape, std::span<const std::uint8_t> pixels)
{
    if (pixels.size() != shape.values()) {
        throw Error(Error::Kind::InvalidArgument, file.string() + ": found " + std::to_string(pixels.size()) +
                                                      " pixel values, expected " + std::to_string(shape.values()));
    }
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(shape.width);
    image.height = static_cast<png_uint_32>(shape.height);
    image.format = shape.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_alloc_size_t length = 0;
    std::string bytes;
    if (png_image_write_to_memory(&image, nullptr, &length, 0, pixels.data(), 0, nullptr) != 0) {
        bytes.resize(length);
        if (png_image_write_to_memory(&image, bytes.data(), &length, 0, pixels.data(), 0, nullptr) != 0) {
            bytes.resize(length);
            writeFileAtomically(file, bytes);
            return;
        }
    }
    throw Error(Error::Kind::Io, file.string() + ": cannot be encoded as PNG: " + image.message);
}

} // namespace latentoscope
