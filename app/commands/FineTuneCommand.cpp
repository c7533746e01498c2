#include "app/commands/EncoderOfRun.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/TrainRun.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/kinds/Kind.h"

namespace latentoscope {
namespace {

struct FineTuneOptions {
    std::string encoder;
    ConfigurationOptions configuration;
    MachineOptions machine;
    RunOptions run;
    std::string labelsFraction; ///< as typed: the field itself says what it takes
    bool freezeEncoder = false;
    bool fromScratch = false;
};

Configuration configurationOf(const FineTuneOptions& options)
{
    Configuration configuration = options.configuration.configuration();
    if (!kindOf(configuration.model).classifies) {
        throw Error(Error::Kind::InvalidArgument, "model.kind: found " + configuration.model.kind +
                                                      ", expected classifier; --preset fine-tune is a good start");
    }
    if (!options.labelsFraction.empty()) setFieldFromText(configuration, "data.labels_fraction", options.labelsFraction);
    if (options.freezeEncoder) configuration.model.freezeEncoder = true;
    return configuration;
}

int fineTune(const FineTuneOptions& options)
{
    if (!options.configuration.given()) {
        throw Error(Error::Kind::InvalidArgument,
                    "fine-tune: found neither --preset nor --config, expected one of them; --preset fine-tune is a good start");
    }
    if (options.encoder.empty() && !options.fromScratch) {
        throw Error(Error::Kind::InvalidArgument,
                    "fine-tune: found no run, expected the folder of one whose encoder is taken, or "
                    "--from-scratch");
    }
    if (options.fromScratch && options.freezeEncoder) {
        throw Error(Error::Kind::InvalidArgument,
                    "--freeze-encoder: found with --from-scratch, but an encoder that has learned nothing must learn");
    }
    SessionSetup setup;
    setup.configuration = configurationOf(options);
    setup.threads = options.machine.threads;
    setup.device = options.machine.device;
    options.run.applyTo(setup);
    const std::optional<Origin> origin = options.configuration.origin();
    if (options.encoder.empty()) {
        setup.data = dataFor(origin, options.machine, setup.configuration.data);
        followData(options.configuration, *setup.data, setup.configuration);
        return trainRun(setup);
    }
    const RunRecord encoder = takeEncoderOf(options.encoder, options.fromScratch ? TakeEncoder::SizesOnly : TakeEncoder::Weights,
                                            options.configuration, options.machine, setup);
    if (origin && options.machine.data.empty() && origin->dataDigest != setup.data->digest) {
        throw Error(Error::Kind::InvalidArgument,
                    origin->file.string() + ": was made with " + origin->dataName + " (digest " +
                        origin->dataDigest.substr(0, 12) + "), but the run " + options.encoder + " with " + setup.data->name +
                        " (digest " + setup.data->digest.substr(0, 12) + "); give --data to say which data to train on");
    }
    const std::string note = (options.fromScratch ? "From scratch, a network like that of " : "The encoder is that of ") +
                             encoderText(options.encoder, encoder) + (setup.configuration.model.freezeEncoder ? ", frozen" : "");
    return trainRun(setup, note);
}

} // namespace

void addFineTuneCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<FineTuneOptions>();
    CLI::App* command = program.add_subcommand("fine-tune", "Fine-tune: train a classifier initialised with a run's encoder");
    command
        ->add_option("run", options->encoder,
                     "Folder of the run whose encoder is used (with --from-scratch: only its layer sizes)")
        ->type_name("RUN");
    options->configuration.addTo(*command);
    command
        ->add_option("--labels-fraction", options->labelsFraction,
                     "Fraction of the training labels to use, stratified by class (short for --set data.labels_fraction=…)")
        ->type_name("SHARE");
    command->add_flag("--freeze-encoder", options->freezeEncoder,
                      "Train only the head (short for --set model.freeze_encoder=yes)");
    command->add_flag("--from-scratch", options->fromScratch, "Use the same network with random initial weights, for comparison");
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    options->run.addTo(*command);
    command->footer(
        "Example: latentoscope fine-tune runs/latent-11 --preset fine-tune --labels-fraction 0.01 --out runs/classes");
    command->callback([options, &action] { action = [options] { return fineTune(*options); }; });
}

} // namespace latentoscope
