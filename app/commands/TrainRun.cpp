#include "app/commands/TrainRun.h"

#include "app/commands/FigureFiles.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/Kind.h"
#include "core/experiment/Classification.h"
#include "core/report/RunFigures.h"

#include <csignal>
#include <iostream>

namespace latentoscope {
namespace {

volatile std::sig_atomic_t interruptions = 0;

/// The first Ctrl+C (or a terminal that closes, or a polite kill) stops the training and keeps what it has; the second ends
/// the program as usual.
void onInterrupt(int signal)
{
    interruptions = interruptions + 1;
    std::signal(signal, SIG_DFL);
}

void watchSignals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, onInterrupt);
}

constexpr int kManifoldSide = 20;
constexpr int kScatterCodes = 10'000;
constexpr int kShownReconstructions = 20;
constexpr int kSamples = 64;
constexpr int kMistakes = 40;
constexpr int kSampleColumns = 8;

/// Follows the session until it ends, printing as it goes.
Snapshot follow(TrainingSession& session)
{
    ProgressPrinter printer(measuresOf(session.configuration().model, session.setup().data->train.shape).front());
    Snapshot all;
    for (;;) {
        // The end comes after all that the channel was told, so what is taken after it is all there is.
        const bool ended = session.waitFor(std::chrono::milliseconds(50));
        Snapshot news = session.channel().take();
        printer.show(news);
        all.losses.insert(all.losses.end(), news.losses.begin(), news.losses.end());
        all.epochs.insert(all.epochs.end(), news.epochs.begin(), news.epochs.end());
        all.message = news.message;
        all.state = news.state;
        if (ended) return all;
        if (interruptions > 0) session.stop();
    }
}

void writeRunFigures(const TrainingSession& session, const Snapshot& history)
{
    const SessionSetup& setup = session.setup();
    const DataSet& data = *setup.data;
    const auto model = session.model();
    const double epoch = static_cast<double>(history.epochs.size());
    const auto codes = encodeItems(*model, data, heldOutItems(setup.divided(), kScatterCodes), epoch);
    std::vector<NamedFigure> figures{
        {"loss", lossFigure(measuresOf(setup.configuration.model, data.train.shape).front(), history.losses, history.epochs, {})},
        {"latent", latentFigure(*codes, data.classNames, 0, 1)}};
    if (model->decodes()) {
        const auto items = showcaseItems(setup.divided(), kShownReconstructions);
        figures.push_back(
            {"reconstructions", reconstructionsFigure(reconstructItems(*model, data, items, epoch), data.classNames)});
    }
    if (model->decodes() && model->latentDimension() == 2)
        figures.push_back({"manifold", manifoldFigure(decodeManifold(*model, *codes, kManifoldSide))});
    if (model->hasPosterior()) {
        Samples samples = decodeCodes(*model, priorCodes(model->latentDimension(), kSamples, 1, 0));
        figures.push_back({"samples", samplesFigure(std::move(samples), "Samples from the prior", kSampleColumns)});
    }
    if (const auto kl = history.epochs.empty() ? std::nullopt : klFigure(history.epochs.back())) figures.push_back({"kl", *kl});
    if (model->classifies()) {
        const Predictions found = predictItems(*model, data, heldOutItems(setup.divided(), data.train.count()), setup.threads);
        figures.push_back({"confusion", confusionFigure(found, data.classNames)});
        figures.push_back({"mistakes", mistakesFigure(found, data, kMistakes)});
    }
    writeFigures(setup.runFolder / "figures", figures);
}

} // namespace

void RunOptions::addTo(CLI::App& command)
{
    command.add_option("--out", out, "Folder for the run: settings, curves, weights, figures")
        ->type_name("RUN")
        ->required()
        ->check(kSomeName);
    command.add_flag("--overwrite", overwrite, "Replace the run that is in the folder");
}

void RunOptions::applyTo(SessionSetup& setup) const
{
    setup.runFolder = out;
    setup.existing = overwrite ? Existing::Overwrite : Existing::Refuse;
}

int trainRun(const SessionSetup& setup, const std::string& note)
{
    TrainingSession session(setup);
    if (!note.empty()) std::cout << note << std::endl;

    const TrainingOptions& training = setup.configuration.training;
    const auto parameters = parameterCount(parameterLayout(setup.configuration.model, setup.data->train.shape));
    std::cout << setup.data->name << ": " << groupedText(setup.data->train.count()) << " training and "
              << groupedText(setup.data->test.count()) << " test images; " << groupedText(static_cast<std::int64_t>(parameters))
              << " parameters, latent " << setup.configuration.model.latent << "; " << training.epochs << " epochs, "
              << training.optimizer << ", seed " << training.seed << "; " << session.setup().threads << " threads on "
              << session.setup().device << std::endl;
    watchSignals();
    session.start();
    const Snapshot history = follow(session);
    if (session.state() == RunState::Failed) throw Error(Error::Kind::Numeric, history.message);
    const bool stopped = session.state() == RunState::Stopped;
    if (!session.kept()) {
        std::cout << "Stopped before the first step; " << setup.runFolder.string() << " is as it was" << std::endl;
        return kExitFailed;
    }
    writeRunFigures(session, history);
    std::cout << (stopped ? "Stopped; what there is lies in " : "Done: ") << setup.runFolder.string() << std::endl;
    return stopped ? kExitFailed : kExitDone;
}

std::string fieldsHelp()
{
    std::string list;
    for (const Field& field : fields()) list += "  " + field.path + ": " + field.help + "; " + expectedText(field) + "\n";
    return list;
}

} // namespace latentoscope
