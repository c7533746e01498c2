#include "app/commands/TrainRun.h"

#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"
#include "app/commands/RunFigureFiles.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/SuitedPreset.h"
#include "core/data/DataSet.h"
#include "core/training/Prepare.h"
#include "core/training/RunToEnd.h"
#include "core/training/Snapshot.h"

#include <iostream>

namespace latentoscope {
namespace {

/// Trains to the end, printing as it goes.
Snapshot train(TrainingSession& session)
{
    ProgressPrinter printer(measuresOf(session.configuration().model, session.setup().data->train.shape).front());
    Snapshot all;
    const auto listen = [&](const Snapshot& news) {
        printer.show(news);
        all.losses.insert(all.losses.end(), news.losses.begin(), news.losses.end());
        all.epochs.insert(all.epochs.end(), news.epochs.begin(), news.epochs.end());
    };
    const Snapshot last = runToEnd(session, listen, interruption());
    all.message = last.message;
    all.state = last.state;
    return all;
}

} // namespace

void RunOptions::addTo(CLI::App& command)
{
    command.add_option("--out", out, "Folder for the run: settings, curves, weights, figures")
        ->type_name("RUN")
        ->required()
        ->check(kSomeName);
    command.add_flag("--overwrite", overwrite, "Replace the run in the folder");
}

void RunOptions::applyTo(SessionSetup& setup) const
{
    setup.runFolder = out;
    setup.existing = overwrite ? Existing::Overwrite : Existing::Refuse;
}

/// Settings that somebody has made and that do nothing here, a sentence each.
static std::vector<std::string> withoutEffect(const Configuration& configuration)
{
    std::vector<std::string> notes;
    for (const Field& field : fields()) {
        if (!applies(field, configuration) && fieldText(configuration, field.path) != fieldText(Configuration(), field.path))
            notes.push_back(field.path + " = " + fieldText(configuration, field.path) + " has no effect with the other settings");
    }
    return notes;
}

int trainRun(const SessionSetup& setup, const std::string& note)
{
    TrainingSession session(setup);
    if (!note.empty()) std::cout << note << std::endl;
    printNotes(notesOf(session.setup()));
    printNotes(withoutEffect(setup.configuration));

    const TrainingOptions& training = setup.configuration.training;
    const auto parameters = parameterCount(parameterLayout(setup.configuration.model, setup.data->train.shape));
    std::cout << setup.data->name << ": " << groupedText(setup.data->train.count()) << " training and "
              << groupedText(setup.data->test.count()) << " test images; " << groupedText(static_cast<std::int64_t>(parameters))
              << " parameters, latent " << setup.configuration.model.latent << "; "
              << lengthText(*setup.data, setup.configuration) << ", " << wordOf(training.optimizer) << ", seed " << training.seed
              << "; " << session.setup().threads << " threads on " << session.setup().device << std::endl;
    watchInterrupts();
    const Snapshot history = train(session);
    if (session.state() == RunState::Failed) throw Error(Error::Kind::Numeric, history.message);
    const bool stopped = session.state() == RunState::Stopped;
    if (!session.kept()) {
        std::cout << "Stopped before the first step; " << setup.runFolder.string() << " is as it was" << std::endl;
        return kExitFailed;
    }
    writeRunFigures(session.setup(), *session.model(), history.losses, history.epochs);
    std::cout << (stopped ? "Stopped; the epochs trained so far are in " : "Done: ") << setup.runFolder.string() << std::endl;
    return stopped ? kExitFailed : kExitDone;
}

std::string fieldsHelp()
{
    std::string list;
    for (const Field& field : fields()) list += "  " + field.path + ": " + field.help + "; " + expectedText(field) + "\n";
    return list;
}

} // namespace latentoscope
