#include "core/sources/BinaryBatches.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/sources/FileTree.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

bool isThere(const fs::path& file)
{
    std::error_code ignored;
    return fs::is_regular_file(file, ignored);
}

std::vector<std::string> linesOf(const fs::path& file)
{
    std::vector<std::string> lines;
    if (!isThere(file)) return lines;
    std::istringstream text(readRegularFile(file));
    for (std::string line; std::getline(text, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

constexpr int kBatches = 5;

std::string batchName(int batch) { return "data_batch_" + std::to_string(batch) + ".bin"; }

bool isCifar10(const fs::path& folder)
{
    for (int batch = 1; batch <= kBatches; ++batch)
        if (isThere(folder / batchName(batch))) return true;
    return isThere(folder / "test_batch.bin");
}

/// Square colour pictures, plane by plane, of one byte a value.
PictureArray planes(std::string name, Part part, std::string bytes, int side, std::size_t front)
{
    const auto length = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    const std::size_t record = front + 3 * length;
    if (bytes.empty() || bytes.size() % record != 0) {
        throw Error(Error::Kind::CorruptData, name + ": found " + groupedText(static_cast<std::int64_t>(bytes.size())) +
                                                  " bytes, expected a multiple of " +
                                                  groupedText(static_cast<std::int64_t>(record)) + ", those of a picture");
    }
    PictureArray array;
    array.name = std::move(name);
    array.part = part;
    array.count = bytes.size() / record;
    array.height = array.width = side;
    array.channels = 3;
    array.first = front;
    array.step = record;
    array.length = 3 * length;
    array.channelStep = length;
    array.rowStep = static_cast<std::uint64_t>(side);
    array.columnStep = 1;
    array.store.memory = std::make_shared<const std::string>(std::move(bytes));
    return array;
}

std::string nameOf(std::size_t label, const std::vector<std::string>& names)
{
    return label < names.size() ? names[label] : std::to_string(label);
}

/// `front` bytes before each picture, of which the last is its class.
void addCifar(const fs::path& folder, const std::string& file, Part part, std::size_t front, PictureArrays& into)
{
    if (!isThere(folder / file)) return;
    PictureArray array = planes(file, part, readRegularFile(folder / file), 32, front);
    for (std::size_t i = 0; i < array.count; ++i) {
        const char label = (*array.store.memory)[i * array.step + front - 1];
        array.labels.push_back(nameOf(static_cast<unsigned char>(label), into.classNames));
    }
    into.arrays.push_back(std::move(array));
}

void addStl(const fs::path& folder, const std::string& part, Part where, PictureArrays& into)
{
    const std::string pictures = part + "_X.bin", labels = part + "_y.bin";
    if (!isThere(folder / pictures)) return;
    PictureArray array = planes(pictures, where, readRegularFile(folder / pictures), 96, 0);
    std::swap(array.rowStep, array.columnStep); // column by column
    if (isThere(folder / labels)) {
        const std::string bytes = readRegularFile(folder / labels);
        if (bytes.size() != array.count) {
            throw Error(Error::Kind::CorruptData, labels + ": found " + groupedText(static_cast<std::int64_t>(bytes.size())) +
                                                      " labels, expected " + groupedText(static_cast<std::int64_t>(array.count)) +
                                                      ", one for each picture of " + pictures);
        }
        for (const char label : bytes) {
            const int number = static_cast<unsigned char>(label);
            if (number < 1) throw Error(Error::Kind::CorruptData, labels + ": found the class 0, expected classes from 1");
            array.labels.push_back(nameOf(static_cast<std::size_t>(number) - 1, into.classNames));
        }
    }
    into.arrays.push_back(std::move(array));
}

/// Classes that no name was told for are called by their numbers, in order.
void completeNames(PictureArrays& arrays)
{
    if (arrays.classNames.empty()) return;
    std::set<std::string> others;
    for (const PictureArray& one : arrays.arrays) others.insert(one.labels.begin(), one.labels.end());
    for (const std::string& name : arrays.classNames) others.erase(name);
    for (const std::string& name : orderedClasses(others)) arrays.classNames.push_back(name);
}

} // namespace

bool holdsBinaryBatches(const fs::path& folder)
{
    return isCifar10(folder) || isThere(folder / "train_X.bin") || isThere(folder / "train.bin");
}

std::optional<PictureArrays> binaryBatches(const fs::path& folder)
{
    PictureArrays made;
    if (isCifar10(folder)) {
        made.classNames = linesOf(folder / "batches.meta.txt");
        for (int batch = 1; batch <= kBatches; ++batch) addCifar(folder, batchName(batch), Part::Train, 1, made);
        addCifar(folder, "test_batch.bin", Part::Test, 1, made);
    } else if (isThere(folder / "train_X.bin")) {
        made.classNames = linesOf(folder / "class_names.txt");
        addStl(folder, "train", Part::Train, made);
        addStl(folder, "test", Part::Test, made);
    } else if (isThere(folder / "train.bin")) {
        made.classNames = linesOf(folder / "fine_label_names.txt");
        addCifar(folder, "train.bin", Part::Train, 2, made);
        addCifar(folder, "test.bin", Part::Test, 2, made);
    } else {
        return std::nullopt;
    }
    completeNames(made);
    std::vector<TreeFile> files = filesBelow(folder);
    made.passedOver = files.size() - std::min(files.size(), made.arrays.size());
    made.fingerprint = fingerprintOf(files);
    return made;
}

} // namespace latentoscope
