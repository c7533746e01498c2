#include "app/commands/SearchRun.h"

#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/ProgressPrinter.h"

#include "app/commands/CommandData.h"
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/experiment/HyperparameterSearch.h"
#include "core/search/SpaceText.h"
#include "core/studies/JournalLocation.h"

#include <cstdio>
#include <filesystem>
#include <iostream>

namespace latentoscope {
namespace {

struct SearchRunOptions {
    std::string preset;
    std::vector<std::string> sets;
    std::string space;
    std::vector<std::string> objectives;
    std::string sampler;
    int gridValues = 5;
    std::string pruner;
    std::string encoder;
    std::optional<int> folds;
    int trials = 0;
    double minutes = 0;
    int workers = 0;
    std::string storage;
    std::string study;
    std::string out;
    bool resume = false;
    MachineOptions machine;
};

/// As the preset has it and the other options change it.
SearchPlan planFrom(const SearchRunOptions& options)
{
    SearchPlan plan = searchPresetOrFile(options.preset);
    for (const std::string& set : options.sets) {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos) {
            throw Error(Error::Kind::InvalidArgument,
                        "--set: found " + set + ", expected FIELD=VALUE, such as training.epochs=3");
        }
        setFieldFromText(plan.configuration, set.substr(0, equals), set.substr(equals + 1));
    }
    if (!options.space.empty()) plan.space = spaceOf(readFile(options.space), options.space);
    if (plan.space.parameters.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "--space: found none, and " + options.preset +
                        " says nothing of what is searched; give a JSON file with configuration fields and "
                        "their ranges, or --preset report-search");
    }
    if (!options.objectives.empty()) {
        plan.objectives.clear();
        for (const std::string& name : options.objectives) plan.objectives.push_back({name});
    }
    if (!options.sampler.empty()) setSampler(plan, options.sampler, options.gridValues);
    if (!options.pruner.empty()) plan.pruner = prunerOf(options.pruner);
    if (options.folds) plan.folds = *options.folds;
    if (!options.encoder.empty()) {
        plan.encoder = options.encoder;
        plan.encoderDigest.clear(); // another than that of a file
    }
    return plan;
}

SearchPlan planOfStudy(const SearchRunOptions& options)
{
    const bool other = !options.preset.empty() || !options.sets.empty() || !options.space.empty() ||
                       !options.objectives.empty() || !options.sampler.empty() || !options.pruner.empty() ||
                       !options.encoder.empty() || options.folds;
    if (other) {
        throw Error(Error::Kind::InvalidArgument,
                    "--resume: found other settings beside it, expected none: the study goes on as it "
                    "was begun (--trials, --minutes, --workers and --threads may be given)");
    }
    const StudyStorage storage(openJournal(options.storage, MissingJournal::Refuse));
    return planOf(storage.study(options.study));
}

/// Of --preset, where it is a file that a run recorded itself in.
std::optional<Origin> originOf(const SearchRunOptions& options)
{
    std::error_code ignored;
    if (options.preset.empty() || !std::filesystem::is_regular_file(options.preset, ignored)) return std::nullopt;
    return readOrigin(options.preset);
}

/// Four digits are enough to read; the journal has all.
std::string shortText(double value) { return roundedText(value, 4); }

std::string parametersText(const Trial& trial)
{
    std::vector<std::string> parts;
    for (const auto& [name, parameter] : trial.parameters) {
        const bool real = std::holds_alternative<FloatDistribution>(*parameter.distribution);
        parts.push_back(name.substr(name.find('.') + 1) + " " +
                        (real ? shortText(parameter.internal) : valueText(*parameter.distribution, parameter.internal)));
    }
    return joined(parts);
}

/// "trial 7: 98.12  (latent 11, …)", or why there is no value.
std::string endText(const Trial& trial)
{
    std::vector<std::string> values;
    for (const double value : trial.values) values.push_back(shortText(value));
    std::string text =
        "trial " + std::to_string(trial.number) + ": " + (values.empty() ? stateName(trial.state) : joined(values));
    if (trial.state == TrialState::Pruned && !trial.intermediate.empty())
        text += " pruned at " + std::to_string(trial.intermediate.rbegin()->first);
    text += "  (" + parametersText(trial) + ")";
    if (const auto failure = trial.user.find(kFailureAttribute); failure != trial.user.end()) text += " " + failure->second;
    return text;
}

void follow(HyperparameterSearch& search)
{
    SharePrinter bar("search");
    bool asked = false;
    std::string warned;
    for (bool ended = false; !ended;) {
        ended = search.waitFor(std::chrono::milliseconds(50));
        const std::vector<int> finished = search.channel().take().ended;
        const SearchState state = search.state();
        for (const int id : finished) {
            bar.clear();
            const bool best = state.best.size() == 1 && state.best.front() == id;
            std::cout << endText(search.trial(id)) << (best ? "  best so far" : "") << std::endl;
        }
        // The sentence counts seconds down: what it says first is enough, until the storage is there again.
        if (!state.warning.empty() && warned.empty()) {
            bar.clear();
            printNotes({state.warning});
        }
        if (state.warning.empty() && !warned.empty()) {
            bar.clear();
            printNotes({"the storage is there again"});
        }
        warned = state.warning;
        bar.show(state.fraction, state.secondsLeft);
        if (interrupted() && !std::exchange(asked, true)) search.stop();
    }
    bar.clear();
}

int searchRun(const SearchRunOptions& given)
{
    SearchRunOptions options = given;
    if (options.preset.empty() && !options.resume) {
        throw Error(Error::Kind::InvalidArgument, "search: found neither --preset nor --resume nor a command (ask, tell, best, "
                                                  "list, importance, figures), expected one of them; "
                                                  "--preset report-search is a good start");
    }
    if (options.out.empty())
        throw Error(Error::Kind::InvalidArgument, "--out: found none, expected a folder for the trials' runs");
    if (options.storage.empty()) options.storage = (std::filesystem::path(options.out) / "study.log").string();
    SearchSetup setup;
    if (options.resume && options.study.empty()) {
        const StudyStorage storage(openJournal(options.storage, MissingJournal::Refuse));
        if (storage.journal().studies().size() != 1)
            throw Error(Error::Kind::InvalidArgument,
                        "--study: found none, expected the name of one of the studies in " + options.storage);
        options.study = storage.journal().studies().begin()->second.name;
    }
    setup.plan = options.resume ? planOfStudy(options) : planFrom(options);
    if (options.study.empty()) options.study = setup.plan.name;
    if (options.trials == 0 && options.minutes == 0 && setup.plan.grid == 0)
        throw Error(Error::Kind::InvalidArgument, "search: found no end, expected --trials, --minutes or both");
    setup.data = dataFor(originOf(options), options.machine, setup.plan.configuration.data);
    refuseOutputOnInput("--storage", options.storage, {std::filesystem::path(options.out) / "best.json"});
    setup.storage = options.storage;
    setup.study = options.study;
    setup.folder = options.out;
    setup.trials = options.trials;
    setup.seconds = 60 * options.minutes;
    setup.threads = options.machine.threadCount();
    setup.workers = options.workers > 0 ? options.workers : setup.threads;
    setup.device = options.machine.device;
    std::filesystem::create_directories(options.out); // the journal may lie in it

    HyperparameterSearch search(setup);
    const SearchPlan& plan = search.setup().plan;
    printNotes(search.notes());
    std::vector<std::string> objectives, fields;
    for (const Objective& one : plan.objectives)
        objectives.push_back(one.name + (one.direction == Direction::Minimize ? " down" : " up"));
    for (const auto& [name, distribution] : plan.space.parameters) fields.push_back(name);
    std::cout << "study " << options.study << " in " << locationText(options.storage) << ": " << joined(fields) << "; "
              << joined(objectives) << "; sampler " << samplerName(plan)
              << (plan.objectives.size() == 1 ? std::string(", pruner ") + prunerName(plan.pruner) : std::string())
              << (plan.encoder.empty() ? std::string() : ", encoder of " + plan.encoder) << "; " << setup.workers
              << (setup.workers == 1 ? " worker" : " workers") << std::endl;
    watchInterrupts();
    search.start();
    follow(search);
    const SearchState state = search.state();
    if (state.state == RunState::Failed) throw Error(Error::Kind::Io, state.message);
    const bool stopped = state.state == RunState::Stopped && interrupted();
    int stops = 0; // in the journal they are failed ones, which are enqueued again
    for (const Trial& trial : search.trials()) stops += stateText(trial) == "stopped" ? 1 : 0;
    std::cout << (stopped ? "Stopped after " : "Done: ") << state.ended << " trials, " << state.pruned << " pruned, "
              << state.failed << " failed";
    if (stops > 0) std::cout << ", " << stops << " stopped on the way (--resume tries them again)";
    std::cout << std::endl;
    for (const int id : state.best) std::cout << "best " << endText(search.trial(id)) << std::endl;
    const std::filesystem::path best = search.bestFile();
    if (state.best.size() == 1 && std::filesystem::exists(best)) {
        const std::string how = plan.encoder.empty() ? "train" : "fine-tune " + shellQuoted(plan.encoder);
        std::cout << "latentoscope " << how << " --preset " << shellQuoted(best.string()) << " --data "
                  << shellQuoted(std::filesystem::absolute(setup.data->folder).string()) << " --out RUN trains it again"
                  << std::endl;
    }
    if (state.best.empty() && !stopped) {
        throw Error(Error::Kind::Numeric,
                    "none of the " + std::to_string(state.ended) +
                        " trials has a value: all were pruned or failed (`latentoscope search list` says why)");
    }
    return stopped ? kExitFailed : kExitDone;
}

} // namespace

void addTrainingSearch(CLI::App& search, Action& action)
{
    auto options = std::make_shared<SearchRunOptions>();
    std::vector<std::string> names;
    for (const SearchPreset& preset : searchPresets()) names.push_back(preset.name);
    search
        .add_option("--preset", options->preset,
                    "What is searched: " + joined(names) + "; or a file, or with --space a preset to train")
        ->type_name("NAME");
    search.add_option("--set", options->sets, "Override a setting of all trials, such as training.epochs=3; may be repeated")
        ->type_name("FIELD=VALUE")
        ->take_all()
        ->allow_extra_args(false);
    search.add_option("--space", options->space, "JSON file with configuration fields and their ranges")->type_name("FILE");
    search
        .add_option("--objective", options->objectives,
                    "Objective, such as reconstruction_accuracy, elbo, accuracy, images_per_second, latent, parameters; give two "
                    "for a Pareto front")
        ->type_name("NAME")
        ->take_all()
        ->allow_extra_args(false);
    search.add_option("--sampler", options->sampler, "Sampler (default: the preset's, tpe)")
        ->type_name("{tpe,multivariate-tpe,random,grid}");
    search.add_option("--grid-values", options->gridValues, "Number of grid values per range")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(2, 1000));
    search.add_option("--pruner", options->pruner, "Pruner (default: the preset's, median)")
        ->type_name("{none,median,halving,hyperband}");
    search.add_option("--encoder", options->encoder, "Initialise every trial's classifier with this run's encoder")
        ->type_name("RUN");
    search
        .add_option("--folds", options->folds,
                    "Score trials by cross-validation with this many folds; unpromising trials are pruned")
        ->type_name("N")
        ->check(CLI::Range(0, 1000));
    search.add_option("--trials", options->trials, "Total number of trials in the study, across all workers")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    search.add_option("--minutes", options->minutes, "Start no new trials after this many minutes")
        ->type_name("M")
        ->check(CLI::Range(0.01, 1'000'000.0));
    search
        .add_option("--workers", options->workers,
                    "Number of trials trained in parallel, sharing the threads (default: one per thread)")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    search
        .add_option("--storage", options->storage,
                    "Storage of the study: an Optuna journal file or redis://… (default: study.log in --out)")
        ->type_name("FILE");
    search.add_option("--study", options->study, "Study name (default: the preset's); an existing study is joined")
        ->type_name("NAME");
    search.add_option("--out", options->out, "Folder for the trials' runs and the best settings")->type_name("FOLDER");
    search.add_flag("--resume", options->resume, "Resume the study with the settings it was started with");
    options->machine.addDataTo(search);
    options->machine.addThreadsTo(search);
    options->machine.addDeviceTo(search);
    search.footer(
        "Example: latentoscope search --preset report-search --trials 50 --workers 2 --storage study.log --out runs/search\n"
        "The same command in another terminal, or on another machine with the same files, joins.");
    search.callback([&search, options, &action] {
        if (search.get_subcommands().empty()) action = [options] { return searchRun(*options); };
    });
}

} // namespace latentoscope
