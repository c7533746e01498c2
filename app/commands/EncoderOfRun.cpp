#include "app/commands/EncoderOfRun.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/kinds/Kind.h"
#include "core/models/Transfer.h"
#include "core/training/Prepare.h"

namespace latentoscope {
namespace {

/// The images are the run's: read otherwise they would not fit its encoder, or be in another part than it was trained with.
void refuseReadingFields(const ConfigurationOptions& options, const std::string& folder)
{
    for (const char* field : {"data.size", "data.fit", "data.color", "data.background", "data.test_fraction"}) {
        if (!options.overrides(field)) continue;
        throw Error(Error::Kind::InvalidArgument,
                    "--set " + std::string(field) + ": the images are read as for " + folder + "; leave out this setting");
    }
}

} // namespace

RunRecord takeEncoderOf(const std::string& folder, TakeEncoder what, const ConfigurationOptions& options,
                        const MachineOptions& machine, SessionSetup& setup, Holding holding)
{
    refuseEncoderFields(options, folder);
    RunRecord run = readRun(folder);
    takeEncoderOptions(setup.configuration.model, run.configuration.model);
    refuseReadingFields(options, folder);
    setup.configuration.data.readAs(run.configuration.data);
    setup.data = dataOfRun(run, machine);
    followData(options, *setup.data, setup.configuration, holding);
    if (what == TakeEncoder::Weights) beginWithEncoder(setup, folder);
    return run;
}

std::string beginAsRecorded(const Origin& origin, const ConfigurationOptions& options, SessionSetup& setup)
{
    const std::string& folder = origin.encoderFolder;
    if (folder.empty() || !kindOf(setup.configuration.model).classifies) return {};
    refuseEncoderFields(options, folder);
    const std::string otherwise = "; `latentoscope fine-tune RUN --config " + origin.file.string() +
                                  " --out NEW` begins with the encoder of another run, --from-scratch instead of RUN with none";
    RunRecord run;
    try {
        run = readRun(folder);
        beginWithEncoder(setup, folder);
    } catch (const Error& error) {
        throw Error(Error::Kind::InvalidArgument, origin.file.string() + ": began with the encoder of " + folder +
                                                      ", which cannot be had (" + error.what() + ")" + otherwise);
    }
    if (!origin.encoderDigest.empty() && setup.encoderDigest != origin.encoderDigest) {
        throw Error(Error::Kind::InvalidArgument, origin.file.string() + ": began with the encoder of " + folder +
                                                      " when its weights had the digest " + origin.encoderDigest.substr(0, 12) +
                                                      ", found " + setup.encoderDigest.substr(0, 12) +
                                                      ": that run was trained again since" + otherwise);
    }
    return "The encoder is that of " + encoderText(folder, run) + (setup.configuration.model.freezeEncoder ? ", frozen" : "");
}

void refuseEncoderFields(const ConfigurationOptions& options, const std::string& source)
{
    for (const std::string& set : options.sets) {
        const std::string path = set.substr(0, set.find('='));
        for (const std::string& own : encoderFields()) {
            if (path != own) continue;
            throw Error(Error::Kind::InvalidArgument,
                        "--set " + path + ": the encoder is that of " + source + "; leave out this setting, or the encoder");
        }
    }
}

std::string encoderText(const std::string& folder, const RunRecord& run)
{
    return folder + " (" + run.configuration.model.kind + ", latent " + std::to_string(run.configuration.model.latent) + ")";
}

} // namespace latentoscope
