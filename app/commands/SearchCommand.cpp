#include "app/commands/Options.h"
#include "app/commands/Program.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/search/Sampler.h"
#include "core/search/SpaceText.h"
#include "core/search/StudyStorage.h"

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
    std::string direction = "minimize";
    std::string space;
    std::string sampler = "tpe";
    std::optional<std::uint64_t> seed;
    int trial = -1;
    std::vector<double> values;
    std::string state = "complete";
    bool json = false;
};

/// Of a file that is there; Make: or is made.
enum class Missing { Refuse, Make };

StudyStorage storageOf(const SearchOptions& options, Missing missing)
{
    if (options.storage.find("://") != std::string::npos) {
        throw Error(Error::Kind::InvalidArgument, "--storage: found " + options.storage + ", expected a journal file");
    }
    if (missing == Missing::Refuse && !std::filesystem::exists(options.storage))
        throw Error(Error::Kind::NotFound, options.storage + ": found no such file, expected a journal of studies");
    return StudyStorage(std::make_unique<JournalFile>(options.storage));
}

Json parametersOf(const Trial& trial)
{
    Json object = Json::object();
    for (const auto& [name, parameter] : trial.parameters)
        object[name] = Json::parse(valueJson(*parameter.distribution, parameter.internal), nullptr, false);
    return object;
}

/// As given; else the study's own; else what its trials have.
SearchSpace spaceFor(const SearchOptions& options, StudyStorage& storage, int study)
{
    const Attributes& attributes = storage.journal().studies().at(study).user;
    const auto known = attributes.find(kSpaceAttribute);
    if (!options.space.empty()) {
        const SearchSpace space = spaceOf(readFile(options.space), options.space);
        const std::string text = Json(spaceText(space)).dump();
        if (known == attributes.end() || known->second != text) storage.setStudyUser(study, kSpaceAttribute, text);
        return space;
    }
    if (known != attributes.end()) {
        const Json text = Json::parse(known->second, nullptr, false);
        if (text.is_string()) return spaceOf(text.get<std::string>(), "study " + options.study + ": " + kSpaceAttribute);
    }
    SearchSpace space;
    for (const int id : storage.journal().studies().at(study).trials) {
        for (const auto& [name, parameter] : storage.journal().trial(id).parameters)
            space.insert_or_assign(name, *parameter.distribution);
    }
    if (space.empty()) {
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

/// A waiting trial that is now ours, if there is one.
std::optional<int> claimed(StudyStorage& storage, const std::vector<int>& trials)
{
    for (const int id : trials) {
        if (storage.journal().trial(id).state == TrialState::Waiting && storage.claim(id)) return id;
    }
    return std::nullopt;
}

int ask(const SearchOptions& options)
{
    StudyStorage storage = storageOf(options, Missing::Make);
    const Direction direction = options.direction == "maximize" ? Direction::Maximize : Direction::Minimize;
    const int study =
        storage.find(options.study) != nullptr ? storage.study(options.study).id : storage.openStudy(options.study, {direction});
    const SearchSpace space = spaceFor(options, storage, study);
    SamplerOptions sampler;
    sampler.kind = options.sampler == "random"             ? SamplerKind::Random
                   : options.sampler == "multivariate-tpe" ? SamplerKind::MultivariateTpe
                                                           : SamplerKind::Tpe;
    sampler.seed = seedOf(options);
    const std::vector<int> trials = storage.study(options.study).trials;
    std::optional<int> waiting = claimed(storage, trials);
    const int number =
        waiting ? storage.journal().trial(*waiting).number : static_cast<int>(storage.study(options.study).trials.size());
    std::map<std::string, double> values = suggest(storage.journal(), storage.study(options.study), space, number, sampler);
    if (waiting) { // someone has enqueued values
        const Attributes& system = storage.journal().trial(*waiting).system;
        const auto fixed = system.find("fixed_params");
        const Json given = fixed == system.end() ? Json::object() : Json::parse(fixed->second, nullptr, false);
        for (const auto& [name, value] : given.items()) {
            if (const auto own = space.find(name); own != space.end()) values[name] = internalOf(own->second, value.dump(), name);
        }
    }
    std::map<std::string, Parameter> parameters;
    for (const auto& [name, value] : values) parameters[name] = {std::make_shared<const Distribution>(space.at(name)), value};
    if (waiting) {
        storage.setParameters(*waiting, parameters);
    } else {
        NewTrial trial;
        trial.parameters = std::move(parameters);
        waiting = storage.createTrial(study, trial);
    }
    const Trial& made = storage.journal().trial(*waiting);
    std::cout << Json{{"number", made.number}, {"params", parametersOf(made)}}.dump() << std::endl;
    return kExitDone;
}

int tell(const SearchOptions& options)
{
    StudyStorage storage = storageOf(options, Missing::Refuse);
    const Study& study = storage.study(options.study);
    if (options.trial < 0 || options.trial >= static_cast<int>(study.trials.size())) {
        throw Error(Error::Kind::InvalidArgument, "--trial: found " + std::to_string(options.trial) +
                                                      ", expected one of the study's " + std::to_string(study.trials.size()) +
                                                      " trials, from 0");
    }
    const int id = study.trials[static_cast<std::size_t>(options.trial)];
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
    const Trial* best = nullptr;
    const double sign = study.directions.front() == Direction::Minimize ? 1 : -1;
    for (const int id : study.trials) {
        const Trial& trial = journal.trial(id);
        if (trial.state != TrialState::Complete || trial.values.empty()) continue;
        if (best == nullptr || sign * trial.values.front() < sign * best->values.front()) best = &trial;
    }
    return best;
}

Json jsonOf(const Trial& trial)
{
    Json object{{"number", trial.number}, {"state", stateName(trial.state)}};
    object["values"] = trial.values;
    object["params"] = parametersOf(trial);
    return object;
}

int best(const SearchOptions& options)
{
    const StudyStorage storage = storageOf(options, Missing::Refuse);
    const Study& study = storage.study(options.study);
    if (study.directions.size() != 1)
        throw Error(Error::Kind::InvalidArgument,
                    "study " + study.name + ": found several objectives, so there is no one best trial");
    const Trial* trial = bestOf(storage.journal(), study);
    if (trial == nullptr) throw Error(Error::Kind::NotFound, "study " + study.name + ": found no complete trial");
    if (options.json) {
        std::cout << jsonOf(*trial).dump() << std::endl;
        return kExitDone;
    }
    std::cout << "trial " << trial->number << ": " << numberText(trial->values.front()) << std::endl;
    for (const auto& [name, parameter] : trial->parameters)
        std::printf("  %-26s %s\n", name.c_str(), valueText(*parameter.distribution, parameter.internal).c_str());
    return kExitDone;
}

int list(const SearchOptions& options)
{
    const StudyStorage storage = storageOf(options, Missing::Refuse);
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
        std::printf("%5d  %-8s  %-12s  %s\n", trial.number, stateName(trial.state),
                    trial.values.empty() ? "-" : numberText(trial.values.front()).c_str(), joined(parts).c_str());
    }
    if (options.json) std::cout << all.dump() << std::endl;
    return kExitDone;
}

} // namespace

void addSearchCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<SearchOptions>();
    CLI::App* command = program.add_subcommand("search", "Hyper-parameter studies in Optuna's journal format");
    command->callback([command, &action] {
        if (!command->get_subcommands().empty()) return;
        action = []() -> int {
            throw Error(Error::Kind::InvalidArgument, "search: found no command, expected ask, tell, best or list");
        };
    });
    const auto sub = [&](const char* name, const char* words, bool needsStudy, int (*run)(const SearchOptions&)) {
        CLI::App* one = command->add_subcommand(name, words);
        one->add_option("--storage", options->storage, "Journal file, as Optuna's JournalFileStorage has it")
            ->type_name("FILE")
            ->required()
            ->check(kSomeName);
        auto* study = one->add_option("--study", options->study, "Name of the study")->type_name("NAME");
        if (needsStudy) study->required()->check(kSomeName);
        one->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
        return one;
    };
    CLI::App* asked = sub("ask", "Begins a trial and prints its number and parameters as JSON", true, ask);
    asked->add_option("--direction", options->direction, "Of a new study: minimize or maximize")
        ->capture_default_str()
        ->check(CLI::IsMember({"minimize", "maximize"}));
    asked->add_option("--space", options->space, "JSON file with the parameters; left out: the study's own")->type_name("FILE");
    asked->add_option("--sampler", options->sampler, "tpe, multivariate-tpe or random")
        ->capture_default_str()
        ->check(CLI::IsMember({"tpe", "multivariate-tpe", "random"}));
    asked->add_option("--seed", options->seed, "Same study, seed and number, same parameters; left out: others each time");
    CLI::App* told = sub("tell", "Ends a trial", true, tell);
    told->add_option("--trial", options->trial, "Its number")->type_name("NUMBER")->required();
    told->add_option("--value", options->values, "What the objective is; one each where there are several")->type_name("V");
    told->add_option("--state", options->state, "complete, pruned or fail")
        ->capture_default_str()
        ->check(CLI::IsMember({"complete", "pruned", "fail"}));
    sub("best", "The best trial of a study", true, best)->add_flag("--json", options->json, "Print one JSON object");
    sub("list", "The studies of a journal, or with --study a study's trials", false, list)
        ->add_flag("--json", options->json, "Print one JSON list");
    command->footer("Example: latentoscope search ask --storage study.log --study lr --space space.json");
}

} // namespace latentoscope
