#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/WindowVersion.h"

#include "core/base/Machine.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/kinds/Kind.h"
#include "core/models/ComputeThread.h"
#include "core/models/kernels/Kernels.h"

#include <cstdio>
#include <iostream>

namespace latentoscope {
namespace {

void line(const std::string& name, const std::string& value) { std::printf("%-30s %s\n", name.c_str(), value.c_str()); }

void printProgram()
{
    line("Latentoscope", version());
    line("libtorch", torchVersion());
    line("Qt", qtVersion());
    line("system", systemName());
    line("processor", processorName());
    line("processor threads", std::to_string(processorsAllowed()));
    line("vector instructions", kernels::name(kernels::best().instructionSet));
    line("devices", joined(availableDevices()));
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    line("presets", joined(names));
    line("Fashion-MNIST", packagedDataFolder().string() +
                              (std::filesystem::exists(packagedDataFolder()) ? "" : " (missing: install dataset-fashion-mnist)"));
}

void printRun(const std::string& folder)
{
    const RunRecord run = readRun(folder);
    line("run", folder);
    line("created", run.created + " by Latentoscope " + run.version + ", libtorch " + run.torchVersion);
    line("data", run.dataName + ", images " + std::to_string(run.shape.height) + " x " + std::to_string(run.shape.width) + " x " +
                     std::to_string(run.shape.channels) + ", digest " + run.dataDigest.substr(0, 12));
    line("computed on", run.device + ", " + std::to_string(run.threads) + " threads");
    line("parameters",
         groupedText(static_cast<std::int64_t>(parameterCount(parameterLayout(run.configuration.model, run.shape)))));
    for (const Field& field : fields()) line(field.path, fieldText(run.configuration, field.path));
    const std::vector<EpochMetrics> epochs = readMetrics(folder);
    line("epochs done", std::to_string(epochs.size()));
    if (const auto trained = readTrainedTo(folder))
        line("weights", "after epoch " + std::to_string(trained->epoch) + ", step " + groupedText(trained->step));
    if (epochs.empty()) return;
    for (const Metric& metric : epochs.back().values) line("last " + metric.split + " " + metric.name, numberText(metric.value));
}

} // namespace

void addInfoCommand(CLI::App& program, Action& action)
{
    auto run = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("info", "Print versions, system, processor and devices, or describe a run");
    command->add_option("run", *run, "Folder of a run")->type_name("RUN");
    command->footer("Examples: latentoscope info; latentoscope info runs/latent-11");
    command->callback([run, &action] {
        action = [run] {
            run->empty() ? printProgram() : printRun(*run);
            return kExitDone;
        };
    });
}

} // namespace latentoscope
