#include "app/study/StudyCommands.h"

#include "app/commands/Options.h"
#include "app/study/Ending.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/search/Importance.h"
#include "core/search/NextTrial.h"
#include "core/search/ParetoFront.h"
#include "core/search/SearchPlan.h"
#include "core/search/SpaceText.h"
#include "core/studies/Distribution.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/StudyStorage.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <random>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSpaceAttribute = "latentoscope:space"; ///< of a study: what it searches, as spaceText

struct SearchOptions {
    std::string storage;
    std::string study;
    std::string direction; ///< empty: the study's own, of a new one minimize
    std::string space;
    std::string sampler = "tpe";
    std::optional<std::uint64_t> seed;
    int trial = -1;
    std::vector<double> values;
    std::string state = "complete";
    int objective = 0;
    std::string preset; ///< where the best trial's configuration is written
    bool json = false;
};

StudyStorage storageOf(const SearchOptions& options, MissingJournal missing)
{
    return StudyStorage(openJournal(options.storage, missing));
}

Json parametersOf(const Trial& trial)
{
    Json object = Json::object();
    for (const auto& [name, parameter] : trial.parameters)
        object[name] = parsedJson<Json>(valueJson(*parameter.distribution, parameter.internal));
    return object;
}

/// A study that was begun with another kind of range, scale or choices for a parameter has trials that go on with it: refused
/// also before any of them has it.
void requireSameKinds(const SearchOptions& options, const std::string& known, const ConditionalSpace& asked)
{
    const Json text = parsedJson<Json>(known);
    if (!text.is_string()) return;
    const ConditionalSpace before = spaceOf(text.get<std::string>(), "study " + options.study + ": " + kSpaceAttribute);
    for (const auto& [name, distribution] : asked.parameters) {
        const auto there = before.parameters.find(name);
        if (there == before.parameters.end() || compatible(there->second, distribution)) continue;
        throw Error(Error::Kind::InvalidArgument, options.space + ": found " + name + " as " + distributionText(distribution) +
                                                      ", but the study " + options.study + " was begun with " +
                                                      distributionText(there->second) + "; give another --study");
    }
}

/// As given; else the study's own; else what its trials have.
ConditionalSpace spaceFor(const SearchOptions& options, StudyStorage& storage, int study)
{
    const Study& found = storage.journal().studies().at(study);
    const auto known = found.user.find(kSpaceAttribute);
    if (!options.space.empty()) {
        ConditionalSpace space = spaceOf(readFile(options.space), options.space);
        requireCompatible(storage.journal(), found, space.parameters);
        if (known != found.user.end()) requireSameKinds(options, known->second, space);
        const std::string text = Json(spaceText(space)).dump();
        if (known == found.user.end() || known->second != text) storage.setStudyUser(study, kSpaceAttribute, text);
        return space;
    }
    if (known != found.user.end()) {
        const Json text = parsedJson<Json>(known->second);
        if (text.is_string()) return spaceOf(text.get<std::string>(), "study " + options.study + ": " + kSpaceAttribute);
    }
    if (found.user.contains(kPlanAttribute)) return planOf(found).space;
    ConditionalSpace space;
    for (const int id : found.trials) {
        for (const auto& [name, parameter] : storage.journal().trial(id).parameters)
            space.parameters.insert_or_assign(name, *parameter.distribution);
    }
    if (space.parameters.empty()) {
        throw Error(Error::Kind::InvalidArgument, "--space: found none, and the study " + options.study +
                                                      " has no trial to take it from; give a JSON file with the parameters");
    }
    return space;
}

std::uint64_t seedOf(const SearchOptions& options)
{
    if (options.seed) return *options.seed;
    std::random_device random;
    return static_cast<std::uint64_t>(random()) << 32U | random();
}

int ask(const SearchOptions& options)
{
    StudyStorage storage = storageOf(options, MissingJournal::Make);
    const Direction direction = options.direction == "maximize" ? Direction::Maximize : Direction::Minimize;
    TrialSource source;
    if (const Study* there = storage.find(options.study)) {
        if (!options.direction.empty() && there->directions != std::vector{direction}) {
            throw Error(Error::Kind::InvalidArgument, "--direction: found " + options.direction + ", but the study " +
                                                          options.study + " was begun to " +
                                                          (there->directions.size() > 1 ? "have several objectives"
                                                           : there->directions.front() == Direction::Maximize ? "maximize"
                                                                                                              : "minimize") +
                                                          "; leave it out, or give another --study");
        }
    } else if (!options.space.empty()) {
        spaceOf(readFile(options.space), options.space); // before there is a study
    }
    const int study =
        storage.find(options.study) != nullptr ? storage.study(options.study).id : storage.openStudy(options.study, {direction});
    source.space = spaceFor(options, storage, study);
    source.sampler.kind = options.sampler == "random"             ? SamplerKind::Random
                          : options.sampler == "multivariate-tpe" ? SamplerKind::MultivariateTpe
                                                                  : SamplerKind::Tpe;
    source.sampler.seed = seedOf(options);
    const Trial& made = storage.journal().trial(*beginTrial(storage, study, source));
    std::cout << Json{{"number", made.number}, {"params", parametersOf(made)}}.dump() << std::endl;
    return kExitDone;
}

/// Its id. Throws Error(InvalidArgument).
int trialNumbered(const Study& study, int number)
{
    if (number < 0 || number >= static_cast<int>(study.trials.size())) {
        throw Error(Error::Kind::InvalidArgument, "--trial: found " + std::to_string(number) + ", expected one of the study's " +
                                                      std::to_string(study.trials.size()) + " trials, from 0");
    }
    return study.trials[static_cast<std::size_t>(number)];
}

int tell(const SearchOptions& options)
{
    StudyStorage storage = storageOf(options, MissingJournal::Refuse);
    const Study& study = storage.study(options.study);
    const int id = trialNumbered(study, options.trial);
    const Trial& trial = storage.journal().trial(id);
    if (isFinished(trial.state)) {
        throw Error(Error::Kind::InvalidArgument, "--trial: found trial " + std::to_string(options.trial) + " " +
                                                      stateName(trial.state) + " already; a finished trial cannot be changed");
    }
    const TrialState state = options.state == "pruned" ? TrialState::Pruned
                             : options.state == "fail" ? TrialState::Fail
                                                       : TrialState::Complete;
    std::vector<double> values = options.values;
    // As Optuna does it: what a pruned trial had last.
    if (state == TrialState::Pruned && values.empty() && !trial.intermediate.empty() &&
        !std::isnan(trial.intermediate.rbegin()->second) && study.directions.size() == 1)
        values = {trial.intermediate.rbegin()->second};
    if (state == TrialState::Fail && !values.empty())
        throw Error(Error::Kind::InvalidArgument, "--value: found with --state fail, expected none: a failed trial has no value");
    if (!storage.finish(id, state, values)) {
        throw Error(Error::Kind::InvalidArgument,
                    "--trial: trial " + std::to_string(options.trial) + " was ended by another process in the meantime");
    }
    return kExitDone;
}

/// Of one objective: the best complete trial; null where there is none.
const Trial* bestOf(const Journal& journal, const Study& study)
{
    const std::vector<int> best = study.directions.size() == 1 ? bestTrials(journal, study) : std::vector<int>();
    return best.empty() ? nullptr : &journal.trial(best.front());
}

Json jsonOf(const Trial& trial)
{
    Json object{{"number", trial.number}, {"state", stateName(trial.state)}};
    object["values"] = trial.values;
    object["params"] = parametersOf(trial);
    for (const auto& [name, value] : trial.user) object["attributes"][name] = parsedJson<Json>(value);
    return object;
}

std::string valuesText(const Trial& trial)
{
    std::vector<std::string> values;
    for (const double value : trial.values) values.push_back(numberText(value));
    return values.empty() ? "-" : joined(values);
}

/// One trial, or with several objectives those that no other beats in all.
int best(const SearchOptions& options)
{
    const StudyStorage storage = storageOf(options, MissingJournal::Refuse);
    const Study& study = storage.study(options.study);
    std::vector<int> best = bestTrials(storage.journal(), study);
    if (options.trial >= 0) best = {trialNumbered(study, options.trial)};
    if (best.empty()) throw Error(Error::Kind::NotFound, "study " + study.name + ": found no complete trial");
    if (!options.preset.empty()) {
        if (best.size() > 1) {
            throw Error(Error::Kind::InvalidArgument,
                        "--preset: found " + std::to_string(best.size()) +
                            " best trials of several objectives, expected one; say which with --trial");
        }
        refuseOutputOnInput("--preset", options.preset, {options.storage});
        writeFileAtomically(options.preset, presetOf(planOf(study), study, storage.journal().trial(best.front())).dump(2) + "\n");
    }
    if (options.json) {
        Json all = Json::array();
        for (const int id : best) all.push_back(jsonOf(storage.journal().trial(id)));
        std::cout << (study.directions.size() == 1 ? all.front() : all).dump() << std::endl;
        return kExitDone;
    }
    for (const int id : best) {
        const Trial& trial = storage.journal().trial(id);
        std::cout << "trial " << trial.number << ": " << valuesText(trial) << std::endl;
        for (const auto& [name, parameter] : trial.parameters)
            std::printf("  %-26s %s\n", name.c_str(), valueText(*parameter.distribution, parameter.internal).c_str());
    }
    return kExitDone;
}

int importance(const SearchOptions& options)
{
    const StudyStorage storage = storageOf(options, MissingJournal::Refuse);
    const Study& study = storage.study(options.study);
    const std::vector<Importance> all = importanceOf(storage.journal(), study, options.objective);
    if (all.empty()) {
        throw Error(Error::Kind::NotFound,
                    "study " + study.name +
                        ": found too little to tell what matters, expected at least four complete trials with "
                        "different values and parameters that all of them have");
    }
    std::vector<Trial> trials;
    for (const int id : study.trials) trials.push_back(storage.journal().trial(id));
    for (const std::string& note : importanceNotes(study, trials, options.objective)) std::cerr << "note: " << note << std::endl;
    Json json = Json::object();
    for (const Importance& one : all) {
        if (options.json)
            json[one.parameter] = one.share;
        else
            std::printf("%-32s %5s %%\n", one.parameter.c_str(), fixedText(100 * one.share, 1).c_str());
    }
    if (options.json) std::cout << json.dump() << std::endl;
    return kExitDone;
}

int list(const SearchOptions& options)
{
    const StudyStorage storage = storageOf(options, MissingJournal::Refuse);
    if (options.study.empty()) {
        Json all = Json::array();
        for (const auto& [id, study] : storage.journal().studies()) {
            const Trial* top = study.directions.size() == 1 ? bestOf(storage.journal(), study) : nullptr;
            if (options.json) {
                all.push_back({{"study", study.name}, {"trials", study.trials.size()}});
                if (top != nullptr) all.back()["best"] = top->values.front();
            } else {
                std::printf("%-32s %6zu trials  best %s\n", study.name.c_str(), study.trials.size(),
                            top == nullptr ? "-" : numberText(top->values.front()).c_str());
            }
        }
        if (options.json) std::cout << all.dump() << std::endl;
        return kExitDone;
    }
    Json all = Json::array();
    for (const int id : storage.study(options.study).trials) {
        const Trial& trial = storage.journal().trial(id);
        if (options.json) {
            all.push_back(jsonOf(trial));
            continue;
        }
        std::vector<std::string> parts;
        for (const auto& [name, parameter] : trial.parameters)
            parts.push_back(name + " " + valueText(*parameter.distribution, parameter.internal));
        std::printf("%5d  %-8s  %-12s  %s\n", trial.number, stateText(trial).c_str(), valuesText(trial).c_str(),
                    joined(parts).c_str());
    }
    if (options.json) std::cout << all.dump() << std::endl;
    return kExitDone;
}

} // namespace

void addStudyCommands(CLI::App& search, std::function<int()>& action)
{
    auto options = std::make_shared<SearchOptions>();
    const auto sub = [&](const char* name, const char* words, bool needsStudy, int (*run)(const SearchOptions&)) {
        CLI::App* one = search.add_subcommand(name, words);
        one->add_option("--storage", options->storage,
                        "Journal file or redis://HOST:PORT/DB?prefix=TEXT, as Optuna's JournalStorage has them")
            ->type_name("FILE|URL")
            ->required()
            ->check(kSomeName);
        auto* study = one->add_option("--study", options->study, "Name of the study")->type_name("NAME");
        if (needsStudy) study->required()->check(kSomeName);
        one->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
        return one;
    };
    CLI::App* asked = sub("ask", "Begin a trial and print its number and parameters as JSON", true, ask);
    asked->add_option("--direction", options->direction, "Direction of a new study: minimize (default) or maximize")
        ->check(CLI::IsMember({"minimize", "maximize"}));
    asked->add_option("--space", options->space, "JSON file with the search space (default: the study's own)")->type_name("FILE");
    asked->add_option("--sampler", options->sampler, "tpe, multivariate-tpe or random")
        ->capture_default_str()
        ->check(CLI::IsMember({"tpe", "multivariate-tpe", "random"}));
    asked->add_option("--seed", options->seed, "Sampler seed (default: random)")->check(kSeed);
    CLI::App* told = sub("tell", "Ends a trial", true, tell);
    told->add_option("--trial", options->trial, "Its number")->type_name("NUMBER")->required();
    told->add_option("--value", options->values, "Objective value; repeat for several objectives")->type_name("V");
    told->add_option("--state", options->state, "complete, pruned or fail")
        ->capture_default_str()
        ->check(CLI::IsMember({"complete", "pruned", "fail"}));
    CLI::App* found = sub("best", "Show the best trial of a study, or the Pareto front of several objectives", true, best);
    found->add_flag("--json", options->json, "Print JSON");
    found->add_option("--trial", options->trial, "Show this trial instead of the best")->type_name("NUMBER");
    found->add_option("--preset", options->preset, "Write its configuration to a file for train --preset")->type_name("FILE");
    CLI::App* important =
        sub("importance", "Show parameter importances: shares of the objective's variance (fANOVA)", true, importance);
    important->add_flag("--json", options->json, "Print one JSON object");
    important->add_option("--objective", options->objective, "Index of the objective, from 0")->capture_default_str();
    sub("list", "List the studies of a journal, or with --study a study's trials", false, list)
        ->add_flag("--json", options->json, "Print one JSON list");
}

} // namespace latentoscope
