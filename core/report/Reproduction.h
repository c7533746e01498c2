/// The reference report, reproduced in a folder part by part: what is finished stays, what is missing or damaged is computed.
#pragma once

#include "core/base/FileLock.h"
#include "core/report/Parts.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;

struct ReproductionSetup {
    std::filesystem::path folder;
    ReproductionSettings settings;
    std::shared_ptr<const DataSet> data;
    int threads = 0; ///< 0: all cores
    std::string device = "auto";
    bool overwrite = false; ///< takes the report that is in the folder away first
};

/// How far it is.
struct ReproductionNews {
    int part = 0; ///< index into the plan
    std::string label;
    double fraction = 0; ///< of all that was missing at the start, by estimated time
    double secondsLeft = 0;
};

class Reproduction {
public:
    /// Makes or opens the folder, sees what is there and how long the rest will take. Throws Error(InvalidArgument) where it
    /// holds something else, or a report of other settings (naming what differs); Error(Io) where another program is at work in
    /// it.
    explicit Reproduction(ReproductionSetup setup);

    const std::vector<ReproductionPart>& plan() const { return m_plan; }
    bool done(std::size_t part) const { return m_done[part]; }
    /// What was found damaged and will be computed again, a sentence each.
    const std::vector<std::string>& notes() const { return m_notes; }
    /// Estimated, of all that is missing.
    double secondsMissing() const;

    /// Computes what is missing on this and further threads. `onNews` hears how it goes, some thirty times a second and on any
    /// thread. Once it is asked to stop, it ends, and what is finished stays. Whether it came to the end. Throws Error.
    bool run(const std::function<void(const ReproductionNews& news)>& onNews, const std::stop_token& stop = {});

    /// What the parts are computed on.
    const PartContext& context() const { return m_context; }

private:
    void open(bool overwrite);
    void look();

    PartContext m_context;
    std::vector<ReproductionPart> m_plan;
    std::vector<bool> m_done;
    std::vector<std::string> m_notes;
    std::optional<FileLock> m_lock;
};

/// Where a report's own search lies, within its folder.
inline constexpr const char* kSearchFolder = "search";

/// Whether a report is (or was begun) there.
bool holdsReproduction(const std::filesystem::path& folder);

} // namespace latentoscope
