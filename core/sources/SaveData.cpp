#include "core/sources/SaveData.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/IdxFile.h"
#include "core/data/NpyFile.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>

#include <unistd.h>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

/// A name beside the path that nobody else has.
fs::path besideOf(const fs::path& path)
{
    return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(getpid()));
}

/// Takes away what is half written.
class Unfinished {
public:
    explicit Unfinished(fs::path path) : m_path(std::move(path)) {}
    ~Unfinished()
    {
        std::error_code ignored;
        if (!m_path.empty()) fs::remove_all(m_path, ignored);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    const fs::path& path() const { return m_path; }
    /// Gives it its name.
    void finish(const fs::path& name)
    {
        std::error_code failure;
        fs::rename(m_path, name, failure);
        if (failure) throw Error(Error::Kind::Io, name.string() + ": cannot be written: " + failure.message());
        m_path.clear();
    }

private:
    fs::path m_path;
};

/// Some images of a set.
struct Chosen {
    const ImageSet& set;
    std::vector<int> items;
};

class NpzWriter {
public:
    explicit NpzWriter(const fs::path& file) : m_file(file), m_archive(archive_write_new())
    {
        archive_write_set_format_zip(m_archive.get());
        archive_write_zip_set_compression_deflate(m_archive.get());
        check(archive_write_open_filename(m_archive.get(), file.c_str()));
    }

    template <class Value>
    void add(const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<Value>& values)
    {
        std::string bytes = npyBytes(shape, std::span<const Value>(values));
        const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
        constexpr unsigned kReadable = 0644;
        archive_entry_set_pathname(entry.get(), (name + ".npy").c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), kReadable);
        check(archive_write_header(m_archive.get(), entry.get()));
        if (archive_write_data(m_archive.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size()))
            check(ARCHIVE_FATAL);
    }

    void close() { check(archive_write_close(m_archive.get())); }

private:
    void check(int status) const
    {
        if (status == ARCHIVE_OK) return;
        const char* words = archive_error_string(m_archive.get());
        throw Error(Error::Kind::Io, m_file.string() + ": cannot be written: " +
                                         (words == nullptr ? "the disk gives no reason" : shownText(words)));
    }
    struct Free {
        void operator()(archive* writer) const { archive_write_free(writer); }
        void operator()(archive_entry* entry) const { archive_entry_free(entry); }
    };
    fs::path m_file;
    std::unique_ptr<archive, Free> m_archive;
};

void addPart(NpzWriter& writer, const std::string& part, const Chosen& chosen, const DataSet& data)
{
    const ImageShape& shape = chosen.set.shape;
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> narrow;
    std::vector<std::uint16_t> wide;
    for (const int item : chosen.items) {
        const auto image = chosen.set.image(item);
        pixels.insert(pixels.end(), image.begin(), image.end());
        const Label label = chosen.set.labels[static_cast<std::size_t>(item)];
        narrow.push_back(static_cast<std::uint8_t>(label));
        wide.push_back(label);
    }
    const auto count = static_cast<std::int64_t>(chosen.items.size());
    std::vector<std::int64_t> sizes{count, shape.height, shape.width};
    if (shape.channels > 1) sizes.push_back(shape.channels);
    writer.add("x_" + part, sizes, pixels);
    if (!data.hasLabels()) return;
    if (data.classNames.size() > 256)
        writer.add("y_" + part, {count}, wide);
    else
        writer.add("y_" + part, {count}, narrow);
}

void saveNpz(const DataSet& data, const fs::path& path)
{
    Chosen train{data.train, {}}, validation{data.train, data.validation}, test{data.test, {}};
    for (int item = 0; item < data.train.count(); ++item)
        if (!std::binary_search(data.validation.begin(), data.validation.end(), item)) train.items.push_back(item);
    for (int item = 0; item < data.test.count(); ++item) test.items.push_back(item);
    Unfinished file(besideOf(path));
    NpzWriter writer(file.path());
    addPart(writer, "train", train, data);
    if (!validation.items.empty()) addPart(writer, "val", validation, data);
    addPart(writer, "test", test, data);
    writer.close();
    file.finish(path);
}

void saveIdx(const DataSet& data, const fs::path& path)
{
    if (!data.hasLabels()) {
        throw Error(Error::Kind::InvalidArgument,
                    path.string() + ": IDX files hold labels, but " + data.name + " has none; give a name that ends in .npz");
    }
    if (data.classNames.size() > 256) {
        throw Error(Error::Kind::InvalidArgument, path.string() + ": IDX holds labels of up to 256 classes, found " +
                                                      std::to_string(data.classNames.size()) + "; give a name that ends in .npz");
    }
    Unfinished folder(besideOf(path));
    std::error_code failure;
    fs::create_directories(folder.path(), failure);
    if (failure) throw Error(Error::Kind::Io, path.string() + ": cannot be made: " + failure.message());
    for (const bool train : {true, false}) {
        const ImageSet& set = train ? data.train : data.test;
        const std::string part = train ? "train" : "t10k";
        writeFileAtomically(folder.path() / (part + "-images-idx3-ubyte"), idxImages(set));
        writeFileAtomically(folder.path() / (part + "-labels-idx1-ubyte"), idxLabels(set));
    }
    std::string names;
    for (const std::string& name : data.classNames) names += name + "\n";
    if (!names.empty()) writeFileAtomically(folder.path() / kClassNamesFile, names);
    folder.finish(path);
}

} // namespace

void saveData(const DataSet& data, const fs::path& path)
{
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored)))
        throw Error(Error::Kind::InvalidArgument, path.string() + ": is there already, expected a new name");
    if (path.extension() == ".npz")
        saveNpz(data, path);
    else
        saveIdx(data, path);
}

} // namespace latentoscope
