#include "app/commands/ClassesText.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"

#include "app/commands/CommandData.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/experiment/Classification.h"
#include "core/experiment/Evaluate.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <optional>

namespace latentoscope {
namespace {

struct EvaluateOptions {
    std::string run;
    MachineOptions machine;
    std::string split = "test";
    int samples = 0;
    std::uint64_t seed = 0;
    bool json = false;
};

int evaluateRun(const EvaluateOptions& options)
{
    const RunRecord run = readRun(options.run);
    const auto model = readModel(options.run, run.configuration.model, run.shape);
    const auto data = dataOfRun(run, options.machine);
    const int threads = options.machine.threadCount();
    const ItemSelection items = selectionOf(run, data, options.split);
    Evaluation found;
    if (options.samples > 0) {
        // First what may be refused, or take minutes.
        SharePrinter printer(std::to_string(options.samples) + " samples an image");
        const auto start = std::chrono::steady_clock::now();
        const double bound = importanceWeightedBound(*model, *data, items, options.samples, threads, options.seed,
                                                     [&](double share) { printer.show(share); });
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        found = evaluate(*model, *data, items, threads, options.seed);
        found.values.push_back({"importance_weighted_bound", bound});
        found.values.push_back({"samples", static_cast<double>(options.samples)});
        found.seconds += taken.count();
    } else {
        found = evaluate(*model, *data, items, threads, options.seed);
    }
    std::vector<std::string> notes = run.notes;
    if (std::string collapsed = collapseOver(*model, *data, items, found.values, threads); !collapsed.empty())
        notes.push_back(std::move(collapsed));
    const ModelOptions& network = run.configuration.model;
    if (options.samples > 0 && network.likelihood == PixelLikelihood::Gaussian) {
        const double constant = 0.5 * static_cast<double>(run.shape.values()) * std::log(std::numbers::pi);
        notes.push_back("the bound leaves out the constant of the Gaussian density (variance 1/2): take away " +
                        fixedText(constant) + " nats per image for one of log p(x)");
    }
    if (options.split == "train" && model->classifies() && run.configuration.data.labelsFraction < 1) {
        notes.push_back(
            "these are all " + groupedText(found.images) + " training images; the network learned from the labels of " +
            numberText(100 * run.configuration.data.labelsFraction) + " % of them, which `train` means in metrics.csv");
    }
    std::optional<Predictions> predictions;
    if (model->classifies()) predictions = predictItems(*model, *data, items, threads);
    if (options.json) {
        nlohmann::ordered_json object{{"kind", run.configuration.model.kind}, {"split", found.split}};
        for (const NamedValue& value : found.values) {
            // Counts are whole numbers, and read so.
            if (value.value == std::floor(value.value) && std::abs(value.value) < 1e15)
                object[value.name] = static_cast<std::int64_t>(value.value);
            else
                object[value.name] = value.value;
        }
        if (predictions) addClasses(object, *predictions);
        if (!notes.empty()) object["notes"] = notes;
        object["images"] = found.images;
        object["seconds"] = found.seconds;
        std::cout << object.dump() << std::endl;
    } else {
        std::cout << found.split << " of " << data->name << ", " << groupedText(found.images) << " images:\n";
        for (const NamedValue& value : found.values)
            std::printf("  %-26s %s\n", value.name.c_str(), roundedText(value.value, 6).c_str());
        if (predictions) printClasses(*predictions, data->classNames);
        printNotes(notes);
    }
    return kExitDone;
}

} // namespace

void addEvaluateCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* command = program.add_subcommand("evaluate", "Evaluate a run's network on a split");
    command->add_option("run", options->run, "Folder of a run")->type_name("RUN")->required();
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    command->add_option("--split", options->split, "train, validation or test")->type_name("SPLIT")->capture_default_str();
    command
        ->add_option("--samples", options->samples,
                     "Also compute the importance-weighted lower bound of log p(x) with this many posterior samples, in nats per "
                     "image (variational auto-encoders)")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--seed", options->seed, "Seed of the posterior samples")
        ->type_name("N")
        ->check(kSeed)
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->footer("Examples: latentoscope evaluate runs/latent-11 --json; latentoscope evaluate runs/vae --samples 500");
    command->callback([options, &action] { action = [options] { return evaluateRun(*options); }; });
}

} // namespace latentoscope
