#include "core/sources/LoadData.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/sources/FitImage.h"
#include "core/sources/OpenSource.h"
#include "core/sources/PictureSource.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr int kLargestChosenSide = 64; ///< of images whose size nobody has set
constexpr int kSmallestSide = 8, kLargestSide = 256;
constexpr double kMostUnreadable = 0.05;
constexpr std::size_t kShownReasons = 3;

/// Of the folder, or of the file without what its ending says.
std::string nameOf(const fs::path& path)
{
    std::string name = nameOfFolder(path);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return name;
    for (const std::string_view ending :
         {".gz", ".xz", ".bz2", ".zst", ".tar", ".tgz", ".txz", ".tbz2", ".zip", ".csv", ".npz", ".npy"})
        if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
    return name;
}

std::string sizeText(int height, int width) { return std::to_string(height) + " x " + std::to_string(width); }

/// The size that most have; of equally common ones the largest.
SizeCount commonest(const std::vector<SizeCount>& sizes)
{
    return *std::max_element(sizes.begin(), sizes.end(), [](const SizeCount& a, const SizeCount& b) {
        return std::pair(a.count, a.height * a.width) < std::pair(b.count, b.height * b.width);
    });
}

/// Within what the networks take, in proportion.
ImageShape chosenShape(const SizeCount& size, const DataOptions& options, bool colour)
{
    const int channels = options.color == ImageColor::Auto ? (colour ? 3 : 1) : options.color == ImageColor::Rgb ? 3 : 1;
    if (options.size.isSet()) return {options.size.height, options.size.width, channels};
    const double scale = std::min(1.0, static_cast<double>(kLargestChosenSide) / std::max(size.height, size.width));
    const auto side = [&](int pixels) {
        return std::clamp(static_cast<int>(std::lround(pixels * scale)), kSmallestSide, kLargestSide);
    };
    return {side(size.height), side(size.width), channels};
}

/// What became of each item.
class Reading {
public:
    Reading(PictureSource& source, const DataOptions& options, int threads, WorkProgress progress)
        : m_source(source), m_options(options), m_pool(threads, [] {}), m_progress(std::move(progress))
    {
    }

    std::shared_ptr<DataSet> read(const fs::path& path)
    {
        auto data = std::make_shared<DataSet>();
        m_data = data.get();
        const Listing& listing = m_source.listing();
        data->folder = path;
        data->name = nameOf(path);
        data->classNames = listing.classNames;
        data->found.passedOver = listing.passedOver;
        data->found.unreadable = listing.unreadable;
        if (listing.items.empty()) {
            throw Error(Error::Kind::CorruptData,
                        path.string() + ": found no picture in it (" +
                            groupedText(static_cast<std::int64_t>(listing.passedOver)) +
                            " other files), expected PNG, JPEG, BMP, PNM, TIFF or WebP files, a folder for "
                            "each class, or the four IDX files of an MNIST-like data set");
        }
        auto survey = m_source.survey(m_pool, [this](double done) { return m_progress(kSurveyShare * done); });
        if (!survey) return nullptr;
        data->found.notes = m_source.notes();
        takeSurvey(*survey);
        requireEnough(path);
        assign();
        if (!decode()) return nullptr;
        requireEnough(path);
        gather(path);
        return data;
    }

private:
    static constexpr double kSurveyShare = 0.2;

    void refuse(std::size_t item, const std::string& reason)
    {
        const std::lock_guard lock(m_refusing);
        m_readable[item] = false;
        m_refused.emplace(item, reason);
    }

    void takeSurvey(const std::vector<Surveyed>& survey)
    {
        m_readable.assign(survey.size(), true);
        std::map<std::pair<int, int>, int> sizes;
        bool colour = false;
        for (std::size_t item = 0; item < survey.size(); ++item) {
            const Surveyed& one = survey[item];
            if (!one.problem.empty()) {
                refuse(item, one.problem);
                continue;
            }
            ++sizes[{one.height, one.width}];
            colour = colour || one.channels > 1;
            m_data->found.depth = std::max(m_data->found.depth, one.bits);
        }
        for (const auto& [size, count] : sizes) m_data->found.sizes.push_back({size.first, size.second, count});
        std::stable_sort(m_data->found.sizes.begin(), m_data->found.sizes.end(),
                         [](const SizeCount& a, const SizeCount& b) { return a.count > b.count; });
        if (sizes.empty()) return;
        const SizeCount common = commonest(m_data->found.sizes);
        m_shape = chosenShape(common, m_options, colour);
        if (!m_options.size.isSet() && (sizes.size() > 1 || common.height != m_shape.height || common.width != m_shape.width)) {
            m_data->found.notes.push_back("pictures of " + std::to_string(sizes.size()) +
                                          (sizes.size() == 1 ? " size" : " sizes") + " become images of " +
                                          sizeText(m_shape.height, m_shape.width) + "; data.size sets another size");
        }
    }

    /// Throws where nothing, or too little, can be read.
    void requireEnough(const fs::path& path) const
    {
        const std::size_t others = m_data->found.unreadable.size(), bad = others + m_refused.size();
        const std::size_t all = others + m_readable.size();
        if (bad == 0) return;
        std::string reasons;
        std::size_t shown = 0;
        const auto add = [&](const std::string& file, const std::string& reason) {
            if (shown++ < kShownReasons) reasons += (reasons.empty() ? "" : "; ") + shownText(file) + ": " + reason;
        };
        for (const Unreadable& one : m_data->found.unreadable) add(one.file, one.reason);
        for (const auto& [item, reason] : m_refused) add(m_source.nameOf(item), reason);
        const std::string counts =
            groupedText(static_cast<std::int64_t>(bad)) + " of " + groupedText(static_cast<std::int64_t>(all)) + " pictures";
        if (m_refused.size() == m_readable.size())
            throw Error(Error::Kind::CorruptData, path.string() + ": none of its pictures can be read (" + reasons + ")");
        if (!m_options.skipBroken && static_cast<double>(bad) > kMostUnreadable * static_cast<double>(all)) {
            throw Error(Error::Kind::CorruptData, path.string() + ": found " + counts + " that cannot be taken (" + reasons +
                                                      (bad > kShownReasons ? "; …" : "") +
                                                      "), expected at most 5 %; set "
                                                      "data.skip_broken to leave them out");
        }
    }

    /// Which readable item goes where.
    void assign()
    {
        const std::vector<ListedItem>& items = m_source.listing().items;
        const bool divided =
            std::any_of(items.begin(), items.end(), [](const ListedItem& one) { return one.part == Part::Test; });
        std::vector<std::size_t> undivided;
        ImageSet labels;
        labels.shape = {1, 1, 1};
        for (std::size_t item = 0; item < items.size(); ++item) {
            if (!m_readable[item]) continue;
            if (items[item].part == Part::Test) {
                m_test.push_back(item);
            } else if (divided || items[item].part == Part::Validation) {
                m_train.push_back(item);
            } else {
                undivided.push_back(item);
                labels.labels.push_back(static_cast<Label>(std::max(items[item].label, 0)));
            }
        }
        if (!undivided.empty()) {
            m_data->found.testIsDrawn = true;
            const Split split = splitByClass(labels, m_options.testFraction, m_options.seed);
            for (const int one : split.train) m_train.push_back(undivided[static_cast<std::size_t>(one)]);
            for (const int one : split.validation) m_test.push_back(undivided[static_cast<std::size_t>(one)]);
            std::sort(m_train.begin(), m_train.end());
            m_data->found.notes.push_back(
                "the data have no test images of their own: " + groupedText(static_cast<std::int64_t>(m_test.size())) +
                " are held out for it (data.test_fraction)");
        }
    }

    bool decode()
    {
        m_place.assign(m_readable.size(), 0);
        std::size_t next = 0;
        for (const std::vector<std::size_t>* part : {&m_train, &m_test})
            for (const std::size_t item : *part) m_place[item] = next++;
        m_pixels.resize(next * m_shape.values());
        const FitSettings settings{m_shape, m_options.fit, m_options.background};
        const PictureSink sink{[&](std::size_t item, const RawImage& picture) {
                                   const std::span<std::uint8_t> all(m_pixels);
                                   fitImage(picture, settings, all.subspan(m_place[item] * m_shape.values(), m_shape.values()));
                               },
                               [this](std::size_t item, const std::string& reason) { refuse(item, reason); }};
        const std::vector<bool> wanted = m_readable;
        return m_source.decode(wanted, m_pool, sink,
                               [this](double done) { return m_progress(kSurveyShare + (1 - kSurveyShare) * done); });
    }

    /// Puts what could be read into the data set.
    void gather(const fs::path& path)
    {
        const std::vector<ListedItem>& items = m_source.listing().items;
        for (const bool train : {true, false}) {
            ImageSet& set = train ? m_data->train : m_data->test;
            set.shape = m_shape;
            std::vector<std::uint8_t> pixels;
            for (const std::size_t item : train ? m_train : m_test) {
                if (!m_readable[item]) continue;
                if (train && items[item].part == Part::Validation)
                    m_data->validation.push_back(static_cast<int>(pixels.size() / m_shape.values()));
                const auto begin = m_pixels.begin() + static_cast<std::ptrdiff_t>(m_place[item] * m_shape.values());
                pixels.insert(pixels.end(), begin, begin + static_cast<std::ptrdiff_t>(m_shape.values()));
                set.labels.push_back(static_cast<Label>(std::max(items[item].label, 0)));
            }
            if (pixels.empty()) {
                throw Error(Error::Kind::CorruptData, path.string() + ": found no " + (train ? "training" : "test") +
                                                          " images; expected some of each" +
                                                          (train ? "" : ", or a larger data.test_fraction"));
            }
            set.pixels = std::move(pixels);
        }
        for (auto& [item, reason] : m_refused) m_data->found.unreadable.push_back({m_source.nameOf(item), reason});
        m_data->digest = digestOf(*m_data);
        recognise(*m_data);
    }

    PictureSource& m_source;
    const DataOptions& m_options;
    WorkerPool m_pool;
    WorkProgress m_progress;
    DataSet* m_data = nullptr;
    ImageShape m_shape;
    std::vector<bool> m_readable; ///< of each item
    std::mutex m_refusing;
    std::map<std::size_t, std::string> m_refused; ///< in the order of the items
    std::vector<std::size_t> m_train, m_test;     ///< items, ascending
    std::vector<std::size_t> m_place;             ///< of an item among the pixels
    std::vector<std::uint8_t> m_pixels;
};

/// Images of another size or colour, where the options ask for that.
void refit(ImageSet& set, const DataOptions& options)
{
    ImageShape shape = set.shape;
    if (options.size.isSet()) shape = {options.size.height, options.size.width, shape.channels};
    if (options.color != ImageColor::Auto) shape.channels = options.color == ImageColor::Rgb ? 3 : 1;
    if (shape == set.shape) return;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(set.count()) * shape.values());
    for (int item = 0; item < set.count(); ++item) {
        const std::span<const std::uint8_t> image = set.image(item);
        fitImage({set.shape.height, set.shape.width, set.shape.channels, std::vector<std::uint8_t>(image.begin(), image.end())},
                 {shape, options.fit, options.background},
                 std::span(pixels).subspan(static_cast<std::size_t>(item) * shape.values(), shape.values()));
    }
    set.shape = shape;
    set.pixels = std::move(pixels);
}

std::shared_ptr<const DataSet> loadIdx(const fs::path& folder, const DataOptions& options)
{
    std::shared_ptr<const DataSet> found = loadDataSet(folder);
    auto data = std::make_shared<DataSet>(*found);
    refit(data->train, options);
    refit(data->test, options);
    if (data->train.shape == found->train.shape) return found;
    data->digest = digestOf(*data);
    data->known.clear(); // as its publisher has it, it is no longer
    return data;
}

} // namespace

std::shared_ptr<const DataSet> loadData(const fs::path& path, const DataOptions& options, int threads,
                                        const WorkProgress& progress)
{
    if (holdsIdxFiles(path) || path == packagedDataFolder()) return loadIdx(path, options);
    constexpr double kOpening = 0.1; // of all that is to be done
    const auto source = openSource(path, options, [&](double done) { return progress(kOpening * done); });
    if (!source) return nullptr;
    return Reading(*source, options, threads, [&](double done) { return progress(kOpening + (1 - kOpening) * done); }).read(path);
}

} // namespace latentoscope
