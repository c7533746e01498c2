#include "app/commands/Options.h"
#include "app/commands/Program.h"

#include "core/base/Text.h"
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
    const Evaluation found = evaluate(*model, *data, selectionOf(run, data, options.split), threads);
    if (options.json) {
        nlohmann::ordered_json object{{"kind", run.configuration.model.kind}, {"split", found.split}};
        for (const NamedValue& value : found.values) object[value.name] = value.value;
        object["images"] = found.images;
        object["seconds"] = found.seconds;
        std::cout << object.dump() << std::endl;
    } else {
        std::cout << found.split << " of " << data->name << ", " << groupedText(found.images) << " images:\n";
        for (const NamedValue& value : found.values) std::printf("  %-26s %.6g\n", value.name.c_str(), value.value);
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
    options->machine.addThreadsTo(*command);
    command->add_option("--split", options->split, "train, validation or test")->type_name("SPLIT")->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->footer("Example: latentoscope evaluate runs/latent-11 --json");
    command->callback([options, &action] { action = [options] { return evaluateRun(*options); }; });
}

} // namespace latentoscope
