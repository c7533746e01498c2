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
