/// Pictures that Pillow has written, and what it makes of them (pictures.py).
#pragma once

#include "core/base/AtomicFile.h"
#include "core/sources/RawImage.h"
#include "tests/support/SmallData.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace latentoscope::test {

/// Made once by the system's Python and taken away at the end; empty where Pillow is missing.
inline const std::filesystem::path& pictureFolder()
{
    static const TemporaryFolder folder;
    static const int failed = std::system((std::string(LATENTOSCOPE_PYTHON) +
                                           " -B " LATENTOSCOPE_SOURCE "/tests/core/sources/pictures.py " + folder.path().string())
                                              .c_str());
    static const std::filesystem::path none;
    return failed == 0 ? folder.path() : none;
}

inline std::vector<std::uint8_t> bytesOf(const std::filesystem::path& file)
{
    const std::string text = readFile(file);
    return {text.begin(), text.end()};
}

/// What Pillow made of a picture.
inline RawImage valuesBeside(const std::filesystem::path& picture)
{
    const std::string text = readFile(picture.string() + ".values");
    const std::size_t line = text.find('\n');
    std::istringstream words(text.substr(0, line));
    RawImage image;
    int bits = 0;
    words >> image.height >> image.width >> image.channels >> bits;
    const std::string values = text.substr(line + 1);
    if (bits == 16) {
        std::vector<std::uint16_t> wide(values.size() / 2);
        std::memcpy(wide.data(), values.data(), values.size());
        image.values = wide;
    } else {
        image.values = std::vector<std::uint8_t>(values.begin(), values.end());
    }
    return image;
}

} // namespace latentoscope::test
