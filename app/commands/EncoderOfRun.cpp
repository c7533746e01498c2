#include "app/commands/EncoderOfRun.h"

#include "core/base/Error.h"
#include "core/models/Transfer.h"
#include "core/training/Prepare.h"

namespace latentoscope {

RunRecord takeEncoderOf(const std::string& folder, TakeEncoder what, const ConfigurationOptions& options,
                        const MachineOptions& machine, SessionSetup& setup)
{
    refuseEncoderFields(options, folder);
    RunRecord run = readRun(folder);
    takeEncoderOptions(setup.configuration.model, run.configuration.model);
    setup.data = dataOfRun(run, machine);
    if (what == TakeEncoder::Weights) beginWithEncoder(setup, folder);
    return run;
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
