/// Arrays in NumPy's npy format (numpy.lib.format, versions 1.0 to 3.0).
#pragma once

#include "core/data/NumberType.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// An array of numbers as it was read: any of NumPy's real types of 1 to 8 bytes, as doubles where it holds fractions, else as
/// whole numbers. Row-major, whatever the order in the file was.
struct NpyArray {
    std::vector<std::int64_t> shape; ///< empty: a single number
    bool isReal = false;             ///< values in `reals`, else in `wholes`
    std::vector<double> reals;
    std::vector<std::int64_t> wholes;

    std::size_t count() const { return isReal ? reals.size() : wholes.size(); }
    double real(std::size_t at) const { return isReal ? reals[at] : static_cast<double>(wholes[at]); }
};

/// What the header of an npy file says.
struct NpyHeader {
    NumberType type;
    bool columnMajor = false; ///< the first index changes fastest ("Fortran order")
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0; ///< of the values, in the file

    std::uint64_t count() const; ///< of the values: 1 of a single number
};

/// Whether these bytes begin as an npy file does.
bool isNpy(std::string_view bytes);

/// The header at the beginning of an npy file of so many bytes; `name` is what messages call it. Throws Error(CorruptData) as
/// readNpy, also where the file has another size than the shape tells.
NpyHeader npyHeader(std::string_view beginning, std::uint64_t fileBytes, const std::string& name);

/// Booleans, whole numbers of 8 to 64 bits and floating-point numbers of 16, 32 and 64 bits, in both byte orders, row- or
/// column-major. Throws Error(NotFound), or Error(CorruptData) naming file, found and expected: for a header that is none,
/// another size than the shape tells, arrays of Python objects or of records, unsigned numbers beyond 2^63.
NpyArray readNpy(const std::filesystem::path& file);

/// A whole .npy file in memory, as writeNpy writes it.
std::string npyBytes(const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values);
std::string npyBytes(const std::vector<std::int64_t>& shape, std::span<const std::uint16_t> values);

/// NumPy .npy 1.0, row-major, little-endian: '<f4', '|u1' or '<i4'. Whole or not at all. Throws Error(Io).
void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const float> values);
void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values);
void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint16_t> values);
void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const int> values);

} // namespace latentoscope
