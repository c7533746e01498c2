#include "core/sources/OpenSource.h"

#include "core/base/Error.h"
#include "core/sources/Archive.h"
#include "core/sources/BinaryBatches.h"
#include "core/sources/ImageHeader.h"
#include "core/sources/NpyPictures.h"
#include "core/sources/PixelTable.h"

#include <utility>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExpected =
    "expected a folder of pictures, a ZIP or TAR of these, an .npz, .npy or .csv file, or the folder of "
    "an MNIST-like, CIFAR or STL-10 data set";

std::unique_ptr<PictureSource> fromArrays(std::optional<PictureArrays> arrays)
{
    return arrays ? openArrays(std::move(*arrays)) : nullptr;
}

std::unique_ptr<PictureSource> fromFolder(const fs::path& folder, const DataOptions& options, const WorkProgress& progress)
{
    if (auto arrays = binaryBatches(folder)) return openArrays(std::move(*arrays));
    if (holdsNpyPictures(folder)) return fromArrays(npyPictures(folder, options, progress));
    std::unique_ptr<PictureSource> pictures = openFolder(folder);
    if (pictures->listing().items.empty() && holdsPixelTables(folder)) return fromArrays(pixelTables(folder, options, progress));
    return pictures;
}

} // namespace

bool holdsIdxFiles(const fs::path& folder)
{
    std::error_code ignored;
    for (const char* ending : {"", ".gz"})
        if (fs::is_regular_file(folder / (std::string("train-images-idx3-ubyte") + ending), ignored)) return true;
    return false;
}

bool looksLikeData(const fs::path& path)
{
    const auto isDataFile = [](const fs::path& file) {
        const std::string name = file.filename().string();
        return name.ends_with(".npz") || name.ends_with(".npy") || isPixelTableName(file) || isArchiveName(file);
    };
    std::error_code failure;
    if (!fs::is_directory(path, failure)) return fs::is_regular_file(path, failure) && isDataFile(path);
    if (holdsIdxFiles(path) || holdsBinaryBatches(path) || holdsNpyPictures(path) || holdsPixelTables(path)) return true;
    constexpr int kLooked = 1'000;
    int looked = 0;
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, failure), end;
    for (; !failure && entry != end && looked < kLooked; entry.increment(failure), ++looked)
        if (isImageName(entry->path().filename().string()) && entry->is_regular_file(failure)) return true;
    return false;
}

std::unique_ptr<PictureSource> openSource(const fs::path& path, const DataOptions& options, const WorkProgress& progress)
{
    std::error_code ignored;
    if (!fs::exists(path, ignored)) throw Error(Error::Kind::NotFound, path.string() + ": no such file or folder; " + kExpected);
    if (fs::is_directory(path, ignored)) return fromFolder(path, options, progress);
    const std::string name = path.filename().string();
    if (name.ends_with(".npz") || name.ends_with(".npy")) return fromArrays(npyPictures(path, options, progress));
    if (isPixelTableName(path)) return fromArrays(pixelTables(path, options, progress));
    if (isArchiveName(path)) return openArchive(path, progress);
    throw Error(Error::Kind::InvalidArgument,
                path.string() + ": is " + (isImageName(name) ? "a single picture, " : "a file of another kind, ") + kExpected);
}

} // namespace latentoscope
