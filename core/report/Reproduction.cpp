#include "core/report/Reproduction.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/FileLock.h"
#include "core/base/JsonText.h"
#include "core/base/Machine.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/models/ComputeThread.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kIdentity = "report.json";
/// All that a report is made of.
constexpr const char* kOwn[] = {"report.json", "report.html", "report.pdf", "report.tex", "runs", "parts", "figures", "tables"};
constexpr double kTelling = 3; ///< seconds after which the estimate is corrected by how it has gone so far

/// "seed: found 0, asked for 1; …" of two objects, by path.
void differences(const Json& found, const Json& wanted, const std::string& path, std::vector<std::string>& into)
{
    if (found.is_object() && wanted.is_object()) {
        for (const auto& [key, value] : wanted.items())
            differences(found.value(key, Json()), value, path.empty() ? key : path + "." + key, into);
        return;
    }
    // Whole objects, as where one report has a part that the other has not, are too long to be read.
    const auto text = [](const Json& value) {
        return value.is_null() ? std::string("nothing") : value.is_structured() ? std::string("other values") : value.dump();
    };
    if (found != wanted) into.push_back(path + ": found " + text(found) + ", asked for " + text(wanted));
}

/// Nothing but, at most, the search that came before.
bool isFree(const std::filesystem::path& folder)
{
    if (!std::filesystem::exists(folder)) return true;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::filesystem::path name = entry.path().filename();
        if (name != kSearchFolder && name != kFolderLock && !isTemporary(name)) return false; // a killed beginning is none
    }
    return true;
}

/// Nothing but what reports write: one whose report.json is gone can be made anew.
bool holdsOnlyReports(const std::filesystem::path& folder)
{
    if (!std::filesystem::exists(folder / "parts")) return false; // "figures" and "tables" are words that anybody uses
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        const bool own = std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn);
        if (!own && name != kSearchFolder && name != kFolderLock && !isTemporary(name)) return false;
    }
    return true;
}

/// The search is there already, and stays.
void takeAway(const std::filesystem::path& folder)
{
    for (const char* own : kOwn) {
        std::error_code failure;
        std::filesystem::remove_all(folder / own, failure);
        if (failure) throw Error(Error::Kind::Io, (folder / own).string() + ": cannot be taken away: " + failure.message());
    }
}

} // namespace

bool holdsReproduction(const std::filesystem::path& folder) { return std::filesystem::exists(folder / kIdentity); }

Reproduction::Reproduction(ReproductionSetup setup)
    : m_context{std::move(setup.folder), setup.settings, std::move(setup.data), setup.threads, std::move(setup.device), {}, {}},
      m_plan(planReproduction(setup.settings, *m_context.data)),
      m_done(m_plan.size())
{
    requireUtf8(m_context.folder.string(), "--out");
    requireUtf8(m_context.data->folder.string(), "the data folder");
    if (m_context.threads < 1) m_context.threads = processorsAllowed();
    open(setup.overwrite);
    look();
    estimateSeconds(m_plan, m_done, m_context.settings, *m_context.data, m_context.threads, resolvedDevice(m_context.device));
}

void Reproduction::open(bool overwrite)
{
    const std::filesystem::path& folder = m_context.folder;
    const std::filesystem::path file = folder / kIdentity;
    std::error_code failure;
    if (std::filesystem::exists(folder) && !std::filesystem::is_directory(folder))
        throw Error(Error::Kind::InvalidArgument, folder.string() + ": found a file, expected a folder for the report");
    const bool ours =
        holdsReproduction(folder) || (overwrite && std::filesystem::is_directory(folder) && holdsOnlyReports(folder));
    if (!ours && !isFree(folder)) {
        throw Error(Error::Kind::InvalidArgument,
                    folder.string() +
                        ": found other files than a report's, expected an empty folder, one that is not "
                        "there yet or that of a report; give another --out" +
                        (std::filesystem::is_directory(folder) && holdsOnlyReports(folder)
                             ? ", or --overwrite: only the report.json of a report is missing"
                             : ""));
    }
    std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Error::Kind::Io, folder.string() + ": the folder cannot be made: " + failure.message());
    const Json identity = identityOf(m_context.settings, m_plan, *m_context.data);
    if (ours && !overwrite) {
        const Json found = parsedJson<Json>(readFile(file));
        if (!found.is_object())
            throw Error(Error::Kind::CorruptData, file.string() + ": found no JSON object; --overwrite begins anew");
        std::vector<std::string> differ;
        differences(found, identity, {}, differ);
        if (!differ.empty()) {
            throw Error(Error::Kind::InvalidArgument, folder.string() + ": holds a report of other settings (" +
                                                          joined(differ, "; ") +
                                                          "); give another --out, or --overwrite to begin anew");
        }
    }
    m_lock.emplace(folder / kFolderLock);
    for (const char* written : {"", "parts", "figures", "tables"}) sweepTemporariesIn(folder / written);
    if (ours && overwrite) takeAway(folder);
    if (!ours || overwrite) writeFileAtomically(file, identity.dump(2) + "\n");
}

void Reproduction::look()
{
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        try {
            m_done[i] = readPart(m_plan[i], m_context).has_value();
        } catch (const std::exception& error) {
            m_notes.push_back(m_plan[i].label + " is computed again: " + error.what());
        }
    }
}

double Reproduction::secondsMissing() const
{
    double seconds = 0;
    for (std::size_t i = 0; i < m_plan.size(); ++i) seconds += m_done[i] ? 0 : m_plan[i].seconds;
    return seconds;
}

bool Reproduction::run(const std::function<void(const ReproductionNews& news)>& onNews, const std::stop_token& stop)
{
    const double missing = secondsMissing();
    const auto start = std::chrono::steady_clock::now();
    double before = 0; // estimated seconds of the parts that this call has finished
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        if (m_done[i]) continue;
        const ReproductionPart& part = m_plan[i];
        PartContext context = m_context;
        context.progress = [&](double share) {
            const double estimated = before + share * part.seconds;
            const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            // Slower or faster than estimated so far: so it will go on.
            const double pace = estimated > kTelling ? taken / estimated : 1;
            onNews({static_cast<int>(i), part.label, missing > 0 ? estimated / missing : 1, pace * (missing - estimated)});
            return !stop.stop_requested();
        };
        context.stop = stop;
        if (!context.progress(0) || !computePart(part, context)) return false;
        m_done[i] = true;
        before += part.seconds;
    }
    return true;
}

} // namespace latentoscope
