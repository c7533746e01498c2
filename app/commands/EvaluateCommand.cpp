#include "app/commands/Options.h"
#include "app/commands/Program.h"

#include "core/experiment/Evaluate.h"
#include "core/latent/Codes.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <thread>

namespace latentoscope {
namespace {

struct EvaluateOptions {
    std::string run;
    MachineOptions machine;
    std::string split = "test";
    bool json = false;
};

int evaluateRun(const EvaluateOptions& options)
{
    const RunRecord run = readRun(options.run);
    const auto model = readModel(options.run, run.configuration.model, run.shape);
    const auto data = dataOfRun(run, options.machine);
    const int threads =
        options.machine.threads > 0 ? options.machine.threads : static_cast<int>(std::thread::hardware_concurrency());
    const Evaluation found = evaluate(*model, *data, wholeSplit(*data, run.configuration.data, options.split), threads);
    if (options.json) {
        const nlohmann::ordered_json object{{"kind", run.configuration.model.kind},
                                            {"split", found.split},
                                            {"mse", found.mse},
                                            {"reconstruction_accuracy", found.reconstructionAccuracy()},
                                            {"images", found.images},
                                            {"seconds", found.seconds}};
        std::cout << object.dump() << std::endl;
    } else {
        std::printf("%s of %s: MSE %.5f a pixel, reconstruction accuracy %.2f %% over %d images\n", found.split.c_str(),
                    data->name.c_str(), found.mse, found.reconstructionAccuracy(), found.images);
    }
    return kExitDone;
}

} // namespace

void addEvaluateCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* command = program.add_subcommand("evaluate", "Measures a run's network on a split");
    command->add_option("run", options->run, "Folder of a run")->type_name("RUN")->required();
    options->machine.addDataTo(*command);
    options->machine.addComputeTo(*command);
    command->add_option("--split", options->split, "train, validation or test")->type_name("SPLIT")->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->footer("Example: latentoscope evaluate runs/latent-11 --json");
    command->callback([options, &action] { action = [options] { return evaluateRun(*options); }; });
}

} // namespace latentoscope
