#include "core/sources/NpyPictures.h"

#include "core/base/AtomicFile.h"
#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/NpyFile.h"
#include "core/sources/Archive.h"
#include "core/sources/FileTree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".npy";

enum class Meaning { Nothing, Images, Labels };

/// What an array's name says.
struct Named {
    Meaning meaning = Meaning::Nothing;
    Part part = Part::None;
};

Named namedAs(const std::string& name)
{
    static const std::array<std::string_view, 8> kImages{"images", "image", "imgs", "img", "x", "data", "arr0", "pixels"};
    static const std::array<std::string_view, 8> kLabels{"labels", "label", "y", "target", "targets", "class", "classes", "arr1"};
    Named named;
    std::string rest;
    for (const std::string& word : wordsOf(name)) {
        const Part part = partNamed(word);
        if (part != Part::None && named.part == Part::None)
            named.part = part;
        else
            rest += word;
    }
    const auto among = [&](const auto& words) { return std::find(words.begin(), words.end(), rest) != words.end(); };
    named.meaning = among(kImages) ? Meaning::Images : among(kLabels) ? Meaning::Labels : Meaning::Nothing;
    return named;
}

/// One array with what holds its bytes.
struct Loaded {
    std::string name; ///< "x_train.npy"
    Named named;
    ByteStore store;
    NpyHeader header;
};

[[noreturn]] void refuse(const std::string& name, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::CorruptData, name + ": found " + found + ", expected " + expected);
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::vector<std::string> sizes;
    for (const std::int64_t size : shape) sizes.push_back(std::to_string(size));
    return "the shape (" + joined(sizes) + ")";
}

Loaded inMemory(std::string name, const Named& named, std::string bytes)
{
    auto memory = std::make_shared<const std::string>(std::move(bytes));
    NpyHeader header = npyHeader(*memory, memory->size(), name);
    return {std::move(name), named, {std::move(memory), nullptr}, std::move(header)};
}

/// Row-major pictures stay in their file; all else is read whole.
Loaded fromFile(const fs::path& file, const Named& named)
{
    const std::string name = file.filename().string();
    constexpr std::uint64_t kSmall = std::uint64_t{1} << 26U;
    constexpr std::size_t kHeader = std::size_t{1} << 17U; // version 1 has 65,546 bytes at most
    const std::uint64_t bytes = fileAt(file).bytes;
    if (bytes <= kSmall || named.meaning != Meaning::Images) return inMemory(name, named, readRegularFile(file));
    auto descriptor = std::make_shared<const FileDescriptor>(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::string beginning(kHeader, '\0');
    const ssize_t got = descriptor->isOpen() ? pread(descriptor->get(), beginning.data(), beginning.size(), 0) : -1;
    if (got < 0) throw Error(Error::Kind::Io, file.string() + ": cannot be read: " + std::generic_category().message(errno));
    beginning.resize(static_cast<std::size_t>(got));
    NpyHeader header = npyHeader(beginning, bytes, name);
    if (header.columnMajor) return inMemory(name, named, readRegularFile(file));
    return {name, named, {nullptr, std::move(descriptor)}, std::move(header)};
}

bool isChannels(std::int64_t size) { return size == 1 || size == 3 || size == 4; }

/// Where values lie: how many bytes from one to the next along each index.
std::vector<std::uint64_t> stepsOf(const NpyHeader& header)
{
    std::vector<std::uint64_t> steps(header.shape.size());
    std::uint64_t step = header.type.size;
    for (std::size_t k = 0; k < steps.size(); ++k) {
        const std::size_t d = header.columnMajor ? k : steps.size() - 1 - k;
        steps[d] = step;
        step *= static_cast<std::uint64_t>(header.shape[d]);
    }
    return steps;
}

PictureArray pictures(const Loaded& loaded, const DataOptions& options)
{
    const std::vector<std::int64_t>& shape = loaded.header.shape;
    const std::vector<std::uint64_t> steps = stepsOf(loaded.header);
    PictureArray made;
    made.name = loaded.name;
    made.part = loaded.named.part;
    made.store = loaded.store;
    made.type = loaded.header.type;
    made.first = loaded.header.begin;
    constexpr std::int64_t kMostSide = 65'536;
    if (shape.size() < 2 || shape.size() > 4)
        refuse(loaded.name, shapeText(shape), "(N, H, W), (N, H, W, C), (N, C, H, W) or (N, D)");
    if (std::any_of(shape.begin() + 1, shape.end(), [](std::int64_t size) { return size < 1 || size > kMostSide * kMostSide; }))
        refuse(loaded.name, shapeText(shape), "sizes from 1");
    made.count = static_cast<std::size_t>(shape[0]);
    made.step = steps[0];
    if (shape.size() == 2) {
        const auto row = shapeOfRow(shape[1], options.size);
        if (!row) {
            refuse(loaded.name, shapeText(shape),
                   "rows of a square's values, or data.size=HEIGHTxWIDTH that says how many rows and columns a picture has");
        }
        made.height = row->height;
        made.width = row->width;
        made.channels = row->channels;
        made.channelStep = steps[1];
        made.columnStep = steps[1] * static_cast<std::uint64_t>(made.channels);
        made.rowStep = made.columnStep * static_cast<std::uint64_t>(made.width);
    } else {
        std::size_t y = 1, x = 2, c = 0;
        if (shape.size() == 4) {
            const bool last = isChannels(shape[3]);
            if (!last && !isChannels(shape[1]))
                refuse(loaded.name, shapeText(shape), "1, 3 or 4 channels at the end or as second");
            if (last) {
                c = 3;
            } else {
                c = 1;
                y = 2;
                x = 3;
            }
        }
        if (shape[y] > kMostSide || shape[x] > kMostSide) refuse(loaded.name, shapeText(shape), "sides of up to 65,536 pixels");
        made.height = static_cast<int>(shape[y]);
        made.width = static_cast<int>(shape[x]);
        made.channels = c > 0 ? static_cast<int>(shape[c]) : 1;
        made.rowStep = steps[y];
        made.columnStep = steps[x];
        made.channelStep = c > 0 ? steps[c] : 0;
    }
    made.length = steps[0]; // of row-major pictures, which alone stay in a file
    return made;
}

/// Names of the classes, one a picture; empty where they say several of each.
std::vector<std::string> labelsOf(const Loaded& loaded, std::vector<std::string>& notes)
{
    const std::vector<std::int64_t>& shape = loaded.header.shape;
    const auto count = static_cast<std::size_t>(shape.empty() ? 0 : shape[0]);
    const std::vector<std::uint64_t> steps = stepsOf(loaded.header);
    const auto at = [&](std::size_t row, std::size_t column) {
        return loaded.store.memory->data() + loaded.header.begin + row * steps[0] + (column > 0 ? column * steps[1] : 0);
    };
    const NumberType& type = loaded.header.type;
    std::vector<std::string> names;
    if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) {
        for (std::size_t row = 0; row < count; ++row) names.push_back(numberText(realAt(type, at(row, 0))));
        return names;
    }
    if (shape.size() != 2) refuse(loaded.name, shapeText(shape), "(N) or (N, 1), a label for each picture");
    for (std::size_t row = 0; row < count; ++row) {
        std::size_t marked = 0;
        int marks = 0;
        for (std::size_t k = 0; k < static_cast<std::size_t>(shape[1]); ++k) {
            const double value = realAt(type, at(row, k));
            if (value == 1) {
                marked = k;
                ++marks;
            }
            if (value != 0 && value != 1) marks = 2;
        }
        if (marks != 1) {
            notes.push_back(loaded.name + " says several things of each picture, of which none can be its class: the pictures "
                                          "count as without labels");
            return {};
        }
        names.push_back(std::to_string(marked));
    }
    return names;
}

PictureArrays joinedArrays(const std::vector<Loaded>& loaded, const std::string& path, const DataOptions& options)
{
    PictureArrays made;
    std::map<Part, const Loaded*> images, labels;
    for (const Loaded& one : loaded) {
        if (one.named.meaning == Meaning::Nothing) {
            ++made.passedOver;
            continue;
        }
        auto& known = one.named.meaning == Meaning::Images ? images : labels;
        if (const auto [other, isNew] = known.emplace(one.named.part, &one); !isNew)
            refuse(path, "both " + other->second->name + " and " + one.name, "one of them: their names mean the same");
    }
    if (images.empty()) {
        std::vector<std::string> names;
        for (const Loaded& one : loaded) names.push_back(one.name);
        refuse(path, names.empty() ? "no array" : "the arrays " + joined(names),
               "pictures by the name images, imgs, x or data, also with train, val or test, such as x_train or test_images");
    }
    for (const auto& [part, one] : images) {
        PictureArray array = pictures(*one, options);
        if (const auto own = labels.find(part); own != labels.end()) {
            const std::vector<std::int64_t>& shape = own->second->header.shape;
            if (shape.empty() || shape[0] != static_cast<std::int64_t>(array.count)) {
                refuse(own->second->name, shapeText(shape),
                       groupedText(static_cast<std::int64_t>(array.count)) + " labels, one for each picture of " + one->name);
            }
            array.labels = labelsOf(*own->second, made.notes);
        }
        made.arrays.push_back(std::move(array));
    }
    return made;
}

std::string keyOf(const std::string& name) { return name.substr(0, name.size() - kEnding.size()); }

} // namespace

bool holdsNpyPictures(const fs::path& folder)
{
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name.ends_with(kEnding) && namedAs(keyOf(name)).meaning == Meaning::Images) return true;
    }
    return false;
}

std::optional<PictureArrays> npyPictures(const fs::path& path, const DataOptions& options, const WorkProgress& progress)
{
    std::vector<Loaded> loaded;
    std::string fingerprint;
    if (fs::is_directory(path)) {
        std::vector<TreeFile> files = filesBelow(path);
        std::erase_if(files, [](const TreeFile& file) {
            return file.path.find('/') != std::string::npos || !file.path.ends_with(kEnding);
        });
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (!progress(static_cast<double>(i) / static_cast<double>(files.size()))) return std::nullopt;
            loaded.push_back(fromFile(path / files[i].path, namedAs(keyOf(files[i].path))));
        }
        fingerprint = fingerprintOf(files);
    } else if (path.string().ends_with(kEnding)) {
        loaded.push_back(fromFile(path, {Meaning::Images, Part::None}));
        fingerprint = fingerprintOf({fileAt(path)});
    } else {
        ArchiveReader archive(path);
        while (const auto entry = archive.next()) {
            if (!progress(archive.share())) return std::nullopt;
            if (!entry->path.ends_with(kEnding)) continue;
            const Named named = namedAs(keyOf(entry->path));
            // What has another name is known by that alone, whatever it is.
            if (named.meaning == Meaning::Nothing)
                loaded.push_back({entry->path, named, {}, {}});
            else
                loaded.push_back(inMemory(entry->path, named, archive.readText(entry->bytes)));
        }
        fingerprint = fingerprintOf({fileAt(path)});
    }
    if (!progress(1)) return std::nullopt;
    PictureArrays made = joinedArrays(loaded, path.string(), options);
    made.fingerprint = std::move(fingerprint);
    return made;
}

} // namespace latentoscope
