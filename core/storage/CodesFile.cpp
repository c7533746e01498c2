#include "core/storage/CodesFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"

#include <array>
#include <charconv>
#include <string>

namespace latentoscope {
namespace {

void appendFloat(std::string& text, float value)
{
    std::array<char, 32> buffer{};
    text.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

std::string npyHeader(const char* descr, const std::vector<std::int64_t>& shape)
{
    std::string sizes;
    for (const std::int64_t size : shape) sizes += std::to_string(size) + ", ";
    if (shape.size() > 1) sizes.resize(sizes.size() - 2);
    if (shape.size() == 1) sizes.resize(sizes.size() - 1); // a tuple of one keeps its comma
    std::string dictionary = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    constexpr std::size_t kPrefix = 10; // magic, version and length
    constexpr std::size_t kAlignment = 64;
    const std::size_t total = (kPrefix + dictionary.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
    dictionary.resize(total - kPrefix - 1, ' ');
    dictionary += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(dictionary.size() & 0xFFU);
    header += static_cast<char>(dictionary.size() >> 8U);
    return header + dictionary;
}

template <class Value>
void writeNpyOf(const std::filesystem::path& file, const char* descr, const std::vector<std::int64_t>& shape,
                std::span<const Value> values)
{
    std::string bytes = npyHeader(descr, shape);
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    writeFileAtomically(file, bytes);
}

} // namespace

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const float> values)
{
    writeNpyOf(file, "<f4", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values)
{
    writeNpyOf(file, "|u1", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const int> values)
{
    static_assert(sizeof(int) == 4);
    writeNpyOf(file, "<i4", shape, values);
}

void writeCodes(const std::filesystem::path& file, const CodeTable& table)
{
    const auto rows = static_cast<std::int64_t>(table.items.size());
    if (file.extension() == ".npy") {
        writeNpy(file, {rows, table.dimension}, std::span<const float>(table.values));
        std::filesystem::path labels = file;
        writeNpy(labels.replace_extension(".labels.npy"), {rows}, std::span<const std::uint8_t>(table.labels));
        std::filesystem::path items = file;
        writeNpy(items.replace_extension(".items.npy"), {rows}, std::span<const int>(table.items));
        return;
    }
    if (file.extension() != ".csv") {
        throw Error(Error::Kind::InvalidArgument,
                    file.string() + ": found the ending \"" + file.extension().string() + "\", expected .csv or .npy");
    }
    std::string text = "index,label";
    for (int d = 0; d < table.dimension; ++d) text += ",z" + std::to_string(d);
    text += '\n';
    const auto dimension = static_cast<std::size_t>(table.dimension);
    for (std::size_t row = 0; row < table.items.size(); ++row) {
        text += std::to_string(table.items[row]) + "," + std::to_string(table.labels[row]);
        for (std::size_t d = 0; d < dimension; ++d) {
            text += ',';
            appendFloat(text, table.values[row * dimension + d]);
        }
        text += '\n';
    }
    writeFileAtomically(file, text);
}

} // namespace latentoscope
