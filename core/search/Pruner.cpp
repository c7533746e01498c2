#include "core/search/Pruner.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/studies/JournalJson.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

namespace latentoscope {
namespace {

struct Named {
    PrunerKind kind;
    const char* name;
};

constexpr std::array<Named, 4> kNames{{{PrunerKind::None, "none"},
                                       {PrunerKind::Median, "median"},
                                       {PrunerKind::Halving, "halving"},
                                       {PrunerKind::Hyperband, "hyperband"}}};

/// With the sign turned where larger is better, so that smaller always is.
double signOf(const Study& study) { return study.directions.front() == Direction::Minimize ? 1 : -1; }

/// As numpy's: the mean of the middle two. At least one value.
double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

bool worseThanMedian(const Journal& journal, const Study& study, const Trial& trial, const PrunerOptions& options)
{
    const std::int64_t step = trial.intermediate.rbegin()->first;
    if (step < options.warmupSteps) return false;
    const double sign = signOf(study);
    int complete = 0;
    std::vector<double> others;
    for (const int id : study.trials) {
        const Trial& other = journal.trial(id);
        if (other.state != TrialState::Complete) continue;
        ++complete;
        const auto value = other.intermediate.find(step);
        if (value != other.intermediate.end() && !std::isnan(value->second)) others.push_back(sign * value->second);
    }
    if (complete == 0 || complete < options.startupTrials) return false;
    std::optional<double> best;
    for (const auto& [at, value] : trial.intermediate) {
        if (!std::isnan(value)) best = std::min(best.value_or(sign * value), sign * value);
    }
    if (!best) return true;
    return !others.empty() && *best > median(others);
}

std::string rungName(int rung) { return "completed_rung_" + std::to_string(rung); }

/// The value with which a trial reached a rung; none where it has not.
std::optional<double> atRung(const Trial& trial, const std::string& rung)
{
    const auto found = trial.system.find(rung);
    if (found == trial.system.end()) return std::nullopt;
    const nlohmann::json value = pythonJson(found->second);
    return value.is_number() || value.is_string() ? std::optional(numberOf(value)) : std::nullopt;
}

/// Among those trials of the study that `competes` says.
PrunerWord halved(const Journal& journal, const Study& study, const Trial& trial, int first, int factor, int rate,
                  const std::function<bool(const Trial&)>& competes)
{
    PrunerWord word;
    const double sign = signOf(study);
    const auto& [step, value] = *trial.intermediate.rbegin();
    int rung = 0;
    while (trial.system.contains(rungName(rung))) ++rung;
    for (;; ++rung) {
        if (static_cast<double>(step) < first * std::pow(factor, rate + rung)) return word;
        if (std::isnan(value)) {
            word.prune = true;
            return word;
        }
        const std::string name = rungName(rung);
        word.system[name] = pythonNumber(value);
        std::vector<double> all{sign * value};
        for (const int id : study.trials) {
            const Trial& other = journal.trial(id);
            if (other.id == trial.id || !competes(other)) continue;
            if (const auto reached = atRung(other, name)) all.push_back(sign * *reached);
        }
        std::sort(all.begin(), all.end());
        // While there are too few to take one of so many, the best goes on.
        const std::size_t last = std::max<std::size_t>(all.size() / static_cast<std::size_t>(factor), 1) - 1;
        if (sign * value > all[last]) {
            word.prune = true;
            return word;
        }
    }
}

/// Hyperband's brackets and how many of the trials each gets.
std::vector<int> bracketShares(const PrunerOptions& options)
{
    const double range = std::log(static_cast<double>(options.lastStep) / options.firstRung) / std::log(options.hyperbandFactor);
    const int brackets = std::max(0, static_cast<int>(std::floor(range + 1e-12))) + 1;
    std::vector<int> shares;
    for (int b = 0; b < brackets; ++b) {
        const int s = brackets - 1 - b;
        shares.push_back(static_cast<int>(std::ceil(brackets * std::pow(options.hyperbandFactor, s) / (s + 1))));
    }
    return shares;
}

/// Which bracket a trial is in: the same for every worker, and Optuna's.
int bracketOf(const Study& study, const Trial& trial, const std::vector<int>& shares)
{
    const std::string text = study.name + "_" + std::to_string(trial.number);
    unsigned long sum = 0;
    for (const int share : shares) sum += static_cast<unsigned long>(share);
    auto left = static_cast<long>(crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())) % sum);
    int bracket = 0;
    while ((left -= shares[static_cast<std::size_t>(bracket)]) >= 0) ++bracket;
    return bracket;
}

} // namespace

const char* prunerName(PrunerKind kind)
{
    return std::find_if(kNames.begin(), kNames.end(), [&](const Named& one) { return one.kind == kind; })->name;
}

PrunerKind prunerOf(const std::string& name)
{
    std::vector<std::string> names;
    for (const Named& one : kNames) {
        if (one.name == name) return one.kind;
        names.emplace_back(one.name);
    }
    throw Error(Error::Kind::InvalidArgument, "pruner: found " + name + ", expected one of " + joined(names));
}

PrunerWord judge(const Journal& journal, const Study& study, const Trial& trial, const PrunerOptions& options)
{
    if (options.kind == PrunerKind::None || trial.intermediate.empty() || study.directions.size() != 1) return {};
    if (options.kind == PrunerKind::Median) return {worseThanMedian(journal, study, trial, options), {}};
    if (options.kind == PrunerKind::Halving) {
        return halved(journal, study, trial, options.firstRung, options.halvingFactor, 0, [](const Trial&) { return true; });
    }
    const std::vector<int> shares = bracketShares(options);
    const int own = bracketOf(study, trial, shares);
    return halved(journal, study, trial, options.firstRung, options.hyperbandFactor, own,
                  [&](const Trial& other) { return bracketOf(study, other, shares) == own; });
}

} // namespace latentoscope
