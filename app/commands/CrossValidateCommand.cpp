#include "app/commands/EncoderOfRun.h"
#include "app/commands/FigureFiles.h"
#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"
#include "app/commands/RunFigureFiles.h"
#include "app/commands/TrainRun.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/experiment/CrossValidation.h"
#include "core/figures/RunFigures.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <set>

namespace latentoscope {
namespace {

constexpr int kFolds = 10;

struct CrossValidateOptions {
    ConfigurationOptions configuration;
    MachineOptions machine;
    std::string out;
    std::string encoder;
    std::string pretrain;
    std::optional<int> folds; ///< none: those of the file, or kFolds
    bool overwrite = false;
    bool json = false;
};

/// What is held out is the folds' matter: a --set of it would be passed over in silence.
void refuseDivisionFields(const ConfigurationOptions& options)
{
    for (const std::string& set : options.sets) {
        const std::string path = set.substr(0, set.find('='));
        if (path != "data.folds" && path != "data.fold" && path != "data.validation_fraction") continue;
        throw Error(Error::Kind::InvalidArgument,
                    "--set " + path + ": found with cross-validate, which holds out each fold in turn; give --folds N");
    }
}

CrossValidationSetup setupOf(const CrossValidateOptions& options)
{
    if (!options.configuration.given()) {
        throw Error(Error::Kind::InvalidArgument, "cross-validate: found neither --preset nor --config, expected one of them; "
                                                  "--preset report-autoencoder is a good start");
    }
    refuseDivisionFields(options.configuration);
    const std::optional<Origin> origin = options.configuration.origin();
    CrossValidationSetup setup;
    SessionSetup& training = setup.training;
    training.configuration = options.configuration.configuration();
    training.threads = options.machine.threads;
    training.device = options.machine.device;
    training.existing = options.overwrite ? Existing::Overwrite : Existing::Refuse;
    setup.folds = options.folds.value_or(origin && origin->folds > 1 ? origin->folds : kFolds);
    setup.folder = options.out;
    if ((!options.encoder.empty() || !options.pretrain.empty()) && !kindOf(training.configuration.model).classifies) {
        throw Error(Error::Kind::InvalidArgument, std::string(options.encoder.empty() ? "--pretrain" : "--encoder") +
                                                      ": found with model.kind " + training.configuration.model.kind +
                                                      ", expected classifier: only it begins with a trained encoder");
    }
    if (!options.encoder.empty()) {
        takeEncoderOf(options.encoder, TakeEncoder::Weights, options.configuration, options.machine, training, Holding::Folds);
        return setup;
    }
    training.data = dataFor(origin, options.machine, training.configuration.data);
    followData(options.configuration, *training.data, training.configuration, Holding::Folds);
    if (!options.pretrain.empty()) {
        refuseEncoderFields(options.configuration, "--pretrain " + options.pretrain);
        setup.pretraining = presetOrFile(options.pretrain);
    } else if (origin && origin->pretraining && kindOf(training.configuration.model).classifies) {
        refuseEncoderFields(options.configuration, origin->file.string());
        setup.pretraining = origin->pretraining;
    } else if (origin) {
        const std::string note = beginAsRecorded(*origin, options.configuration, training);
        if (!note.empty() && !options.json) std::cout << note << std::endl;
    }
    return setup;
}

/// Prints a line a finished fold, and on a terminal's error output a moving one of the whole.
class FoldsPrinter {
public:
    explicit FoldsPrinter(Measure loss, bool quiet) : m_loss(std::move(loss)), m_quiet(quiet) {}

    void show(const CrossValidationState& state)
    {
        for (const FoldState& fold : state.folds) {
            if (!fold.warning.empty() && m_warned.insert(fold.fold).second) {
                m_bar.clear();
                std::cerr << "latentoscope: note: fold " << fold.fold << ": " << fold.warning << std::endl;
            }
            if (fold.stage != FoldState::Stage::Done || !m_told.insert(fold.fold).second || m_quiet) continue;
            m_bar.clear();
            std::array<char, 64> number{};
            double loss = 0;
            for (const NamedValue& value : fold.score.values) {
                if (value.name == m_loss.name) loss = value.value;
            }
            std::snprintf(number.data(), number.size(), "fold %3d  ", fold.fold);
            std::cout << number.data() << m_loss.label << " ";
            std::snprintf(number.data(), number.size(), "%-8s", roundedText(loss, 5).c_str());
            std::cout << number.data() << "  " << m_told.size() << " of " << state.folds.size() << " done";
            if (fold.fromBefore) std::cout << ", from before";
            if (state.secondsLeft) std::cout << ", " << durationText(*state.secondsLeft) << " left";
            std::cout << std::endl;
        }
        if (state.state == RunState::Running) m_bar.show(state.fraction, state.secondsLeft);
    }

private:
    Measure m_loss;
    bool m_quiet;
    std::set<int> m_told;
    std::set<int> m_warned;
    SharePrinter m_bar{"Cross-validation"};
};

CrossValidationState follow(CrossValidation& folds, bool quiet)
{
    const SessionSetup& training = folds.setup().training;
    FoldsPrinter printer(measuresOf(training.configuration.model, training.data->train.shape).front(), quiet);
    for (;;) {
        const bool ended = folds.waitFor(std::chrono::milliseconds(50));
        CrossValidationState state = folds.state();
        printer.show(state);
        if (ended) return state;
        if (interrupted()) folds.stop();
    }
}

/// Of every fold that this command has finished, and of the whole.
void writeFoldFigures(const CrossValidation& folds, const CrossValidationState& state)
{
    const SessionSetup& training = folds.setup().training;
    SharePrinter printer("Figures");
    double done = 0;
    std::vector<std::vector<EpochMetrics>> epochs;
    for (const FoldState& fold : state.folds) {
        epochs.push_back(fold.epochs);
        printer.show(done++ / static_cast<double>(state.folds.size()));
        if (fold.stage != FoldState::Stage::Done || fold.fromBefore || interrupted()) continue;
        SessionSetup run = folds.foldSetup(fold.fold);
        run.split = divide(run.data, run.configuration.data).split;
        const auto model = readModel(run.runFolder, run.configuration.model, run.data->train.shape);
        writeRunFigures(run, *model, readSteps(run.runFolder), fold.epochs);
    }
    const Measure loss = measuresOf(training.configuration.model, training.data->train.shape).front();
    writeFigures(folds.setup().folder / "figures", {{"folds", foldsFigure(loss, epochs)}});
}

void print(const CrossValidation& folds, const CrossValidationState& state, bool json)
{
    const SessionSetup& training = folds.setup().training;
    const std::vector<FoldScore> scores = state.scores();
    const auto spreads = shownSpreads(training.configuration, training.data->train.shape, scores);
    if (!json && scores.empty()) {
        std::cout << "No fold is finished yet; run the same command again to continue" << std::endl;
        return;
    }
    if (!json) {
        std::cout << "Mean and standard deviation over " << scores.size() << (scores.size() == 1 ? " fold" : " folds")
                  << (scores.size() < state.folds.size() ? " of " + std::to_string(state.folds.size()) : "") << ":\n";
        for (const FoldSpread& spread : spreads)
            std::printf("  %-26s %-10s ± %s\n", spread.name.c_str(), roundedText(spread.mean, 6).c_str(),
                        roundedText(spread.deviation, 3).c_str());
        return;
    }
    nlohmann::ordered_json object{{"kind", training.configuration.model.kind}, {"folds", state.folds.size()}};
    object["finished"] = scores.size();
    if (const auto notes = caveats(folds.setup()); !notes.empty()) object["notes"] = notes;
    for (const FoldSpread& spread : spreads) {
        auto values = nlohmann::ordered_json::array();
        for (const FoldScore& score : scores) {
            for (const NamedValue& value : score.values) {
                if (value.name == spread.name) values.push_back(value.value);
            }
        }
        object[spread.name] = {{"mean", spread.mean}, {"deviation", spread.deviation}, {"folds", values}};
    }
    std::cout << object.dump() << std::endl;
}

int crossValidate(const CrossValidateOptions& options)
{
    CrossValidation folds(setupOf(options));
    const SessionSetup& training = folds.setup().training;
    printNotes(caveats(folds.setup()));
    if (!options.json) {
        const int together = std::min(training.threads, folds.setup().folds);
        std::cout << training.data->name << ": " << groupedText(training.data->train.count()) << " training images in "
                  << folds.setup().folds << " folds; " << training.configuration.model.kind << ", latent "
                  << training.configuration.model.latent << ", " << training.configuration.training.epochs << " epochs, seed "
                  << training.configuration.training.seed << "; " << together << (together == 1 ? " fold" : " folds")
                  << " at a time on " << training.device << std::endl;
    }
    watchInterrupts();
    folds.start();
    const CrossValidationState state = follow(folds, options.json);
    if (state.state == RunState::Failed) {
        const std::size_t finished = options.overwrite ? 0 : state.scores().size(); // of a replacement nothing is kept
        throw Error(Error::Kind::Numeric, state.message + (finished == 0 ? std::string()
                                                                         : "; the " + std::to_string(finished) +
                                                                               " finished folds lie in " + options.out));
    }
    const bool stopped = state.state == RunState::Stopped;
    if (!state.scores().empty()) writeFoldFigures(folds, state);
    print(folds, state, options.json);
    if (!options.json)
        std::cout << (stopped ? "Stopped; run the same command again to continue what is in " : "Done: ") << options.out
                  << std::endl;
    return stopped ? kExitFailed : kExitDone;
}

} // namespace

void addCrossValidateCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CrossValidateOptions>();
    CLI::App* command = program.add_subcommand(
        "cross-validate", "Cross-validate: train a network once per fold and evaluate each on the images it has not seen");
    options->configuration.addTo(*command);
    command
        ->add_option("--folds", options->folds,
                     "Number of stratified folds, divided by data.seed (default: " + std::to_string(kFolds) + ")")
        ->type_name("N");
    auto* encoder =
        command
            ->add_option("--encoder", options->encoder,
                         "Initialise every classifier with this run's encoder (which has also seen the held-out images)")
            ->type_name("RUN");
    command
        ->add_option("--pretrain", options->pretrain,
                     "Initialise each fold's classifier with an encoder trained in that fold by this preset or file")
        ->type_name("NAME")
        ->excludes(encoder);
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    command
        ->add_option("--out", options->out,
                     "Folder for the folds' runs and folds.csv; an unfinished cross-validation of the same settings is continued")
        ->type_name("FOLDER")
        ->required()
        ->check(kSomeName);
    command->add_flag("--overwrite", options->overwrite, "Replace the cross-validation in the folder");
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->footer("Fields for --set are those of train. Examples:\n"
                    "latentoscope cross-validate --preset report-autoencoder --out runs/folds; "
                    "latentoscope cross-validate --preset fine-tune --pretrain autoencoder --out runs/classes");
    command->callback([options, &action] { action = [options] { return crossValidate(*options); }; });
}

} // namespace latentoscope
