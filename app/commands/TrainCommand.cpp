#include "app/commands/EncoderOfRun.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/TrainRun.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"

namespace latentoscope {
namespace {

struct TrainOptions {
    ConfigurationOptions configuration;
    MachineOptions machine;
    RunOptions run;
};

int train(const TrainOptions& options)
{
    if (!options.configuration.given()) {
        throw Error(Error::Kind::InvalidArgument, "train: found neither --preset nor --config, expected one of them; --preset "
                                                  "report-autoencoder is a good start");
    }
    SessionSetup setup;
    setup.configuration = options.configuration.configuration();
    const std::optional<Origin> origin = options.configuration.origin();
    if (origin && origin->crossValidation) {
        throw Error(Error::Kind::InvalidArgument, origin->file.string() +
                                                      ": holds a cross-validation, expected one run's settings; `latentoscope "
                                                      "cross-validate --config " +
                                                      origin->file.string() + " --out NEW` does it again");
    }
    setup.data = dataFor(origin, options.machine, setup.configuration.data);
    followData(options.configuration, *setup.data, setup.configuration);
    setup.threads = options.machine.threads;
    setup.device = options.machine.device;
    options.run.applyTo(setup);
    const std::string note = origin ? beginAsRecorded(*origin, options.configuration, setup) : std::string();
    return trainRun(setup, note);
}

} // namespace

void addTrainCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<TrainOptions>();
    CLI::App* command = program.add_subcommand("train", "Train a network and write a run folder");
    options->configuration.addTo(*command);
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    options->run.addTo(*command);
    command->footer("Give --preset or --config. Fields for --set and their values:\n" + fieldsHelp() +
                    "Example: latentoscope train --preset report-autoencoder --set model.latent=11 --out runs/latent-11");
    command->callback([options, &action] { action = [options] { return train(*options); }; });
}

} // namespace latentoscope
