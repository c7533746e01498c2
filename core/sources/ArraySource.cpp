#include "core/sources/PictureArray.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/data/Label.h"
#include "core/sources/EachItem.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace latentoscope {
namespace {

/// Which numbers are black and white.
struct ValueRange {
    double black = 0;
    double white = 255;
    bool wide = false; ///< more than 8 bits tell apart

    bool isBytes() const { return black == 0 && white == 255; }
};

ValueRange rangeOf(double lowest, double highest, bool real)
{
    constexpr double kFewSteps = 16; // as scikit-learn's digits have them: nobody would see anything of 16 of 255
    if (real && lowest >= 0 && highest <= 1) return {0, 1, false};
    if (real && lowest >= -1 && lowest < 0 && highest <= 1) return {-1, 1, false};
    if (lowest >= 0 && highest <= kFewSteps) return {0, std::max(highest, 1.0), false};
    if (lowest >= 0) {
        for (const double white : {255.0, 1'023.0, 4'095.0, 16'383.0, 65'535.0})
            if (highest <= white) return {0, white, white > 255};
    }
    return {lowest, highest > lowest ? highest : lowest + 1, true};
}

/// Where one picture's bytes begin in memory; `room` holds them where they come from a file. Throws Error with the reason alone.
const char* bytesOf(const PictureArray& array, std::size_t at, std::vector<char>& room)
{
    const std::uint64_t begin = array.first + at * array.step;
    if (array.store.memory) return array.store.memory->data() + begin;
    room.resize(array.length);
    std::size_t length = 0;
    while (length < room.size()) {
        const ssize_t got =
            pread(array.store.file->get(), room.data() + length, room.size() - length, static_cast<off_t>(begin + length));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(Error::Kind::Io, "it cannot be read: " + std::generic_category().message(errno));
        if (got == 0) throw Error(Error::Kind::CorruptData, "its file has become shorter while it was read");
        length += static_cast<std::size_t>(got);
    }
    return room.data();
}

/// Calls take(value's bytes) for every value of a picture, row by row.
template <class Take> void eachValue(const PictureArray& array, const char* picture, const Take& take)
{
    for (int y = 0; y < array.height; ++y) {
        const char* row = picture + static_cast<std::uint64_t>(y) * array.rowStep;
        for (int x = 0; x < array.width; ++x) {
            const char* pixel = row + static_cast<std::uint64_t>(x) * array.columnStep;
            for (int c = 0; c < array.channels; ++c) take(pixel + static_cast<std::uint64_t>(c) * array.channelStep);
        }
    }
}

/// Lowest and highest of some values; none of what is no number.
struct Extremes {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    void add(double value)
    {
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
};

class ArraySource final : public PictureSource {
public:
    explicit ArraySource(PictureArrays arrays) : m_arrays(std::move(arrays))
    {
        leaveOutUnlabelled();
        list();
    }

    const Listing& listing() const override { return m_listing; }
    std::string nameOf(std::size_t item) const override
    {
        const auto [array, at] = placeOf(item);
        return array->name + "[" + std::to_string(at) + "]";
    }
    std::string fingerprint() const override { return m_arrays.fingerprint; }
    std::vector<std::string> notes() const override { return m_arrays.notes; }

    std::optional<std::vector<Surveyed>> survey(WorkerPool& pool, const WorkProgress& progress) override
    {
        std::vector<Surveyed> found(m_listing.items.size());
        std::vector<Extremes> extremes(static_cast<std::size_t>(pool.threads()));
        std::vector<std::vector<char>> room(extremes.size());
        const bool ended = eachItem(found.size(), pool, progress, [&](int worker, std::size_t item) {
            found[item] = look(item, room[static_cast<std::size_t>(worker)], extremes[static_cast<std::size_t>(worker)]);
        });
        if (!ended) return std::nullopt;
        Extremes all;
        for (const Extremes& one : extremes) {
            all.lowest = std::min(all.lowest, one.lowest);
            all.highest = std::max(all.highest, one.highest);
        }
        const bool real = std::any_of(m_arrays.arrays.begin(), m_arrays.arrays.end(),
                                      [](const PictureArray& one) { return one.type.isReal(); });
        const bool boolean = std::all_of(m_arrays.arrays.begin(), m_arrays.arrays.end(),
                                         [](const PictureArray& one) { return one.type.kind == 'b'; });
        m_range = boolean || all.lowest > all.highest ? ValueRange{0, boolean ? 1.0 : 255.0, false}
                                                      : rangeOf(all.lowest, all.highest, real);
        if (!m_range.isBytes() && !boolean) {
            m_arrays.notes.push_back("values from " + numberText(m_range.black) + " to " + numberText(m_range.white) +
                                     " become black to white");
        }
        for (Surveyed& one : found) one.bits = m_range.wide ? 16 : 8;
        return found;
    }

    bool decode(const std::vector<bool>& wanted, WorkerPool& pool, const PictureSink& sink, const WorkProgress& progress) override
    {
        std::vector<std::vector<char>> room(static_cast<std::size_t>(pool.threads()));
        return eachItem(m_listing.items.size(), pool, progress, [&](int worker, std::size_t item) {
            if (!wanted[item]) return;
            try {
                sink.take(item, picture(item, room[static_cast<std::size_t>(worker)]));
            } catch (const Error& error) {
                sink.refuse(item, error.what());
            }
        });
    }

private:
    void leaveOutUnlabelled()
    {
        std::vector<PictureArray>& arrays = m_arrays.arrays;
        const auto labelled = [](const PictureArray& one) { return !one.labels.empty(); };
        if (std::none_of(arrays.begin(), arrays.end(), labelled)) return;
        for (const PictureArray& one : arrays) {
            if (labelled(one)) continue;
            m_arrays.notes.push_back(one.name + " is left out, for it has no labels and others have");
            ++m_arrays.passedOver;
        }
        std::erase_if(arrays, [&](const PictureArray& one) { return !labelled(one); });
    }

    void list()
    {
        m_listing.passedOver = m_arrays.passedOver;
        m_listing.classNames = m_arrays.classNames;
        if (m_listing.classNames.empty()) {
            std::set<std::string> names;
            for (const PictureArray& one : m_arrays.arrays) names.insert(one.labels.begin(), one.labels.end());
            m_listing.classNames = orderedClasses(names);
        }
        if (m_listing.classNames.size() > static_cast<std::size_t>(kMostClasses)) {
            throw Error(Error::Kind::CorruptData, "found " + groupedText(static_cast<std::int64_t>(m_listing.classNames.size())) +
                                                      " different labels, expected at most " + groupedText(kMostClasses) +
                                                      "; are they classes, or numbers to be predicted?");
        }
        std::map<std::string, int> labels;
        for (const std::string& name : m_listing.classNames) labels.emplace(name, static_cast<int>(labels.size()));
        for (const PictureArray& array : m_arrays.arrays) {
            m_begins.push_back(m_listing.items.size());
            for (std::size_t at = 0; at < array.count; ++at) {
                const int label = array.labels.empty() ? -1 : labels.at(array.labels[at]);
                m_listing.items.push_back({m_listing.items.size(), label, array.part});
            }
        }
    }

    std::pair<const PictureArray*, std::size_t> placeOf(std::size_t item) const
    {
        const auto after = std::upper_bound(m_begins.begin(), m_begins.end(), item);
        const auto array = static_cast<std::size_t>(after - m_begins.begin()) - 1;
        return {&m_arrays.arrays[array], item - m_begins[array]};
    }

    Surveyed look(std::size_t item, std::vector<char>& room, Extremes& extremes) const
    {
        const auto [array, at] = placeOf(item);
        Surveyed found{array->height, array->width, array->channels, 8, {}};
        try {
            bool finite = true;
            Extremes own;
            eachValue(*array, bytesOf(*array, at, room), [&, type = array->type](const char* value) {
                const double number = realAt(type, value);
                finite = finite && std::isfinite(number);
                own.add(number);
            });
            if (finite) {
                extremes.add(own.lowest);
                extremes.add(own.highest);
            } else {
                found.problem = "it has values that are no numbers (NaN or infinite)";
            }
        } catch (const Error& error) {
            found.problem = error.what();
        }
        return found;
    }

    RawImage picture(std::size_t item, std::vector<char>& room) const
    {
        const auto [array, at] = placeOf(item);
        const char* bytes = bytesOf(*array, at, room);
        RawImage made{array->height, array->width, array->channels, {}};
        const std::size_t count = made.pixels() * static_cast<std::size_t>(made.channels);
        if (array->type.kind == 'u' && array->type.size == 1 && m_range.isBytes()) {
            std::vector<std::uint8_t> values;
            values.reserve(count);
            eachValue(*array, bytes, [&](const char* value) { values.push_back(static_cast<std::uint8_t>(*value)); });
            made.values = std::move(values);
        } else if (m_range.wide) {
            made.values = scaled<std::uint16_t>(*array, bytes, count);
        } else {
            made.values = scaled<std::uint8_t>(*array, bytes, count);
        }
        return made;
    }

    template <class Value> std::vector<Value> scaled(const PictureArray& array, const char* bytes, std::size_t count) const
    {
        constexpr double kWhite = std::numeric_limits<Value>::max();
        std::vector<Value> values;
        values.reserve(count);
        eachValue(array, bytes, [&, type = array.type](const char* value) {
            const double share = (realAt(type, value) - m_range.black) / (m_range.white - m_range.black);
            values.push_back(static_cast<Value>(std::lround(std::clamp(share, 0.0, 1.0) * kWhite)));
        });
        return values;
    }

    PictureArrays m_arrays;
    Listing m_listing;
    std::vector<std::size_t> m_begins; ///< the first item of each array
    ValueRange m_range;
};

} // namespace

std::optional<ImageShape> shapeOfRow(std::int64_t values, const ImageSize& asked)
{
    if (asked.isSet()) {
        const std::int64_t pixels = std::int64_t{asked.height} * asked.width;
        if (values == pixels || values == 3 * pixels) return ImageShape{asked.height, asked.width, values == pixels ? 1 : 3};
    }
    for (const int channels : {1, 3}) {
        const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(values) / channels)));
        if (side > 0 && side * side * channels == values)
            return ImageShape{static_cast<int>(side), static_cast<int>(side), channels};
    }
    return std::nullopt;
}

std::unique_ptr<PictureSource> openArrays(PictureArrays arrays) { return std::make_unique<ArraySource>(std::move(arrays)); }

} // namespace latentoscope
