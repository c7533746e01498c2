#include "core/storage/Safetensors.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

constexpr std::uint64_t kLongestHeader = 100'000'000;

struct Extent {
    std::string name;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

[[noreturn]] void corrupt(const std::filesystem::path& file, const std::string& sentence)
{
    throw Error(Error::Kind::CorruptData, file.string() + ": " + sentence);
}

/// Parses the header, refusing names that stand twice (a plain parser keeps the last silently).
Json parseHeader(const std::filesystem::path& file, std::string_view text)
{
    std::vector<std::set<std::string>> keys;
    std::string duplicate;
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            duplicate = value.get<std::string>();
        return true;
    };
    if (nestsTooDeep(text)) corrupt(file, "its header nests too deep, expected a safetensors header");
    Json header = Json::parse(text, watch, false);
    if (header.is_discarded() || !header.is_object())
        corrupt(file, "its header is no JSON object, expected a safetensors header");
    if (!duplicate.empty()) corrupt(file, "the name " + duplicate + " stands twice in the header, expected every name once");
    return header;
}

Extent extentOf(const std::filesystem::path& file, const std::string& name, const Json& entry)
{
    const auto isSize = [](const Json& value) { return value.is_number_unsigned(); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets")) {
        corrupt(file, name + ": has no dtype, shape and data_offsets, expected all three");
    }
    if (entry["dtype"] != "F32") corrupt(file, name + ": holds " + entry["dtype"].dump() + ", expected \"F32\"");
    const Json& shape = entry["shape"];
    const Json& offsets = entry["data_offsets"];
    if (!shape.is_array() || !std::all_of(shape.begin(), shape.end(), isSize))
        corrupt(file, name + ": its shape is no list of sizes");
    if (!offsets.is_array() || offsets.size() != 2 || !std::all_of(offsets.begin(), offsets.end(), isSize)) {
        corrupt(file, name + ": its data_offsets are no two numbers");
    }
    Extent extent{name, {}, offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>()};
    std::uint64_t bytes = sizeof(float);
    for (const Json& size : shape) {
        if (__builtin_mul_overflow(bytes, size.get<std::uint64_t>(), &bytes) || size.get<std::uint64_t>() >> 62U != 0) {
            corrupt(file, name + ": its shape " + shape.dump() + " is too large");
        }
        extent.shape.push_back(size.get<std::int64_t>());
    }
    if (extent.end < extent.begin || extent.end - extent.begin != bytes) {
        corrupt(file, name + ": data_offsets " + offsets.dump() + " do not hold its shape " + shape.dump() + ", expected " +
                          std::to_string(bytes) + " bytes");
    }
    return extent;
}

} // namespace

void writeSafetensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors,
                      const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const NamedTensor& tensor : tensors) {
        const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');

    std::string bytes;
    bytes.reserve(8 + text.size() + offset);
    const std::uint64_t length = text.size();
    bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += text;
    for (const NamedTensor& tensor : tensors) {
        bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
    }
    writeFileAtomically(file, bytes);
}

namespace {

/// The header of a whole file's bytes, and the data after it.
struct Parts {
    Json header;
    std::string_view data;
};

Parts partsOf(const std::filesystem::path& file, const std::string& bytes)
{
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) corrupt(file, "has " + std::to_string(bytes.size()) + " bytes, expected at least 8");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > kLongestHeader || length > bytes.size() - sizeof length) {
        corrupt(file, "its header claims " + std::to_string(length) + " bytes, but the file holds " +
                          std::to_string(bytes.size() - sizeof length) + " after it");
    }
    return {parseHeader(file, std::string_view(bytes).substr(sizeof length, length)),
            std::string_view(bytes).substr(sizeof length + length)};
}

} // namespace

std::map<std::string, std::string> readSafetensorsMetadata(const std::filesystem::path& file)
{
    const std::string bytes = readRegularFile(file);
    const Json header = partsOf(file, bytes).header;
    std::map<std::string, std::string> metadata;
    const auto found = header.find("__metadata__");
    if (found == header.end()) return metadata;
    if (!found->is_object()) corrupt(file, "__metadata__: found " + found->dump() + ", expected an object of texts");
    for (const auto& [key, value] : found->items()) {
        if (!value.is_string()) corrupt(file, "__metadata__." + key + ": found " + value.dump() + ", expected a text");
        metadata[key] = value.get<std::string>();
    }
    return metadata;
}

std::vector<NamedTensor> readSafetensors(const std::filesystem::path& file)
{
    const std::string bytes = readRegularFile(file);
    const auto [header, data] = partsOf(file, bytes);
    std::vector<Extent> extents;
    for (const auto& [name, entry] : header.items()) {
        if (name != "__metadata__") extents.push_back(extentOf(file, name, entry));
    }
    std::sort(extents.begin(), extents.end(),
              [](const Extent& a, const Extent& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
    std::uint64_t expected = 0;
    for (const Extent& extent : extents) {
        if (extent.begin != expected) {
            corrupt(file, extent.name + ": begins at byte " + std::to_string(extent.begin) + ", expected " +
                              std::to_string(expected) + " (no hole, no overlap)");
        }
        expected = extent.end;
    }
    if (expected != data.size()) {
        corrupt(file, "holds " + std::to_string(data.size()) + " bytes of data, expected " + std::to_string(expected));
    }
    std::vector<NamedTensor> tensors;
    for (Extent& extent : extents) {
        std::vector<float> values((extent.end - extent.begin) / sizeof(float));
        if (!values.empty()) std::memcpy(values.data(), data.data() + extent.begin, extent.end - extent.begin);
        tensors.push_back({std::move(extent.name), std::move(extent.shape), std::move(values)});
    }
    return tensors;
}

} // namespace latentoscope
