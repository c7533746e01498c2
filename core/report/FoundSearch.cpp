#include "core/report/FoundSearch.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/report/Tables.h"
#include "core/search/ParetoFront.h"
#include "core/search/SearchPlan.h"
#include "core/search/StaleTrials.h"

namespace latentoscope {
namespace {

std::string rangeText(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution))
        return settingText(real->low) + " to " + settingText(real->high) + (real->log ? ", logarithmic" : "");
    if (const auto* whole = std::get_if<IntDistribution>(&distribution))
        return std::to_string(whole->low) + " to " + std::to_string(whole->high) + (whole->log ? ", logarithmic" : "");
    std::vector<std::string> names;
    const auto count = std::get<CategoricalDistribution>(distribution).choices.size();
    for (std::size_t i = 0; i < count; ++i) names.push_back(optimizerText(valueText(distribution, static_cast<double>(i))));
    return joined(names);
}

/// Three digits that matter are enough for a table; the preset beside it has all.
std::string bestText(const Parameter& parameter)
{
    if (std::holds_alternative<FloatDistribution>(*parameter.distribution)) return shortSettingText(parameter.internal);
    return optimizerText(valueText(*parameter.distribution, parameter.internal));
}

std::string howText(const SearchPlan& plan)
{
    const std::string sampler = samplerName(plan) == "tpe"                ? "TPE"
                                : samplerName(plan) == "multivariate-tpe" ? "multivariate TPE"
                                                                          : samplerName(plan);
    const int epochs = plan.configuration.training.epochs;
    return sampler + ", " + (plan.pruner == PrunerKind::None ? "no pruner" : std::string(prunerName(plan.pruner)) + " pruner") +
           ", " + std::to_string(epochs) + (epochs == 1 ? " epoch" : " epochs") + " a trial, " +
           (plan.folds > 0 ? std::to_string(plan.folds) + " folds"
                           : numberText(100 * plan.configuration.data.validationFraction) + " % of the training images held out");
}

} // namespace

FoundSearch foundIn(const Journal& journal, const Study& study)
{
    const SearchPlan plan = planOf(study);
    if (plan.configuration.model.kind != "autoencoder" || plan.objectives.size() != 1 ||
        plan.objectives.front().name != "reconstruction_accuracy") {
        throw Error(Error::Kind::InvalidArgument, "study " + study.name +
                                                      ": found it about something else, expected the reconstruction accuracy of "
                                                      "an auto-encoder, as `search --preset report-search` has it");
    }
    const std::vector<int> best = bestTrials(journal, study);
    if (best.empty()) throw Error(Error::Kind::NotFound, "study " + study.name + ": found no complete trial");
    const Trial& trial = journal.trial(best.front());
    const Occupied occupied = occupiedBy(journal, study);
    FoundSearch found;
    found.study = study.name;
    found.trials = occupied.ended;
    found.pruned = occupied.pruned;
    found.failed = occupied.failed;
    found.number = trial.number;
    found.accuracy = trial.values.front();
    found.how = howText(plan);
    for (const auto& [path, distribution] : plan.space.parameters) {
        const auto own = trial.parameters.find(path);
        found.rows.push_back({path, fieldAt(path).label, rangeText(distribution),
                              own == trial.parameters.end() ? std::string() : bestText(own->second)});
    }
    found.view = studyView(journal, study, std::string());
    found.best = configurationOf(plan, trial.parameters);
    found.best.data.validationFraction = 0;
    found.best.data.folds = 0;
    return found;
}

} // namespace latentoscope
