#include "app/commands/ClassesText.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/data/ImageSet.h"
#include "core/figures/FigureCsv.h"
#include "core/figures/FigureData.h"
#include "core/figures/Grid.h"
#include "core/figures/ImageFigures.h"
#include "core/figures/RunFigures.h"
#include "core/latent/ClassSamples.h"
#include "core/latent/Codes.h"
#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/storage/PngFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <set>

namespace latentoscope {
namespace {

struct SampleOptions {
    std::string run;
    MachineOptions machine;
    std::string className;
    std::string density = "mixture";
    std::string split = "train";
    std::string judge;
    std::string out;
    double temperature = 1;
    std::uint64_t seed = 0;
    int count = 0;
    int scale = 2;
    bool prior = false;
    bool json = false;
};

constexpr int kOfOneClass = 64;
constexpr int kOfEachClass = 10;
constexpr int kColumns = 8;

/// A class by number or name. Throws Error(InvalidArgument).
int classNamed(const std::string& text, const std::vector<std::string>& names)
{
    if (names.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "--class: found " + text + ", but the run's data have no labels; leave it out to draw from all codes");
    }
    const auto number = parseInteger(text);
    if (number && *number >= 0 && *number < static_cast<std::int64_t>(names.size())) return static_cast<int>(*number);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return static_cast<int>(i);
    }
    const std::string nearest = number ? std::string() : nearText(text, names); // of numbers none is near
    throw Error(Error::Kind::InvalidArgument, "--class: found " + text + ", expected 0 to " + std::to_string(names.size() - 1) +
                                                  " or a name, such as " + names.front() +
                                                  (nearest.empty() ? "" : "; the nearest is " + nearest));
}

void check(const SampleOptions& options, const FrozenModel& model)
{
    if (!model.decodes()) {
        throw Error(Error::Kind::InvalidArgument, options.run + ": a network of kind " + model.options().kind +
                                                      " makes no images from codes; choose a run of another kind");
    }
    if (options.prior && !model.hasPosterior()) {
        throw Error(Error::Kind::InvalidArgument,
                    "--prior: found with a network of kind " + model.options().kind +
                        ", whose codes follow no prior; leave it out to draw from the classes, or choose a variational one");
    }
    if (options.prior && !options.judge.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "--judge: found with --prior, whose samples are of no class that they could be held against");
    }
    if (options.out.empty() && options.judge.empty()) {
        throw Error(Error::Kind::InvalidArgument, "sample: found neither --out nor --judge, expected a file to write or a "
                                                  "classifier to ask");
    }
    if (!options.out.empty() && !options.out.ends_with(".png") && !options.out.ends_with(".csv")) {
        throw Error(Error::Kind::InvalidArgument,
                    "--out: found " + options.out + ", expected a name that ends in .png (pictures) or .csv (codes and pixels)");
    }
}

Samples drawSamples(const SampleOptions& options, const RunRecord& run, const FrozenModel& model, int threads)
{
    if (options.prior) {
        const int count = options.count > 0 ? options.count : kOfOneClass;
        return decodeCodes(model, priorCodes(model.latentDimension(), count, options.temperature, options.seed));
    }
    std::vector<int> classes;
    if (!options.className.empty()) classes = {classNamed(options.className, run.classNames)};
    const ClassDraw draw{densityNamed(options.density), options.temperature, options.seed};
    const auto data = dataOfRun(run, options.machine);
    ItemSelection items = selectionOf(run, data, options.split);
    if (classes.empty()) { // those that the split has
        std::set<int> present;
        for (const int item : items.items) present.insert(items.images(*data).labels[static_cast<std::size_t>(item)]);
        classes.assign(present.begin(), present.end());
    }
    std::erase_if(items.items, [&](int item) {
        return std::find(classes.begin(), classes.end(), items.images(*data).labels[static_cast<std::size_t>(item)]) ==
               classes.end();
    });
    WorkerPool pool(threads, [] {});
    const auto codes = encodeItems(model, *data, items, 0, goOn, runOn(pool));
    const int count = options.count > 0 ? options.count : classes.size() == 1 ? kOfOneClass : kOfEachClass;
    SharePrinter printer("Fitting the classes' densities");
    std::atomic<int> done{0};
    return sampleClasses(model, *codes, classes, count, draw, [&](int pieces, const std::function<void(int)>& work) {
        pool.run(pieces, [&](int, int piece) {
            work(piece);
            printer.show(static_cast<double>(++done) / pieces);
        });
    });
}

void write(const SampleOptions& options, const Samples& samples, const std::vector<std::string>& names)
{
    // Several classes stand in rows, a class a row.
    const bool rows = !samples.labels.empty() && samples.labels.front() != samples.labels.back();
    const int each =
        rows ? static_cast<int>(std::count(samples.labels.begin(), samples.labels.end(), samples.labels.front())) : 0;
    const SamplesFigure figure = samplesFigure(samples, "", rows ? each : std::min(kColumns, samples.count()), names);
    if (options.out.ends_with(".csv")) return writeFigureCsv(options.out, figure);
    const PixelImage image = composeSamples(figure, options.scale);
    writePng(options.out, image.shape(), image.pixels);
}

int sampleRun(const SampleOptions& options)
{
    const RunRecord run = readRun(options.run);
    const auto model = readModel(options.run, run.configuration.model, run.shape);
    check(options, *model);
    if (!options.out.empty()) {
        refuseOutputOnRun("--out", options.out, options.run,
                          options.machine.data.empty() ? run.dataFolder : options.machine.data);
        if (!options.judge.empty()) refuseOutputOnRun("--out", options.out, options.judge, {});
    }
    const int threads = options.machine.threadCount();
    std::shared_ptr<const FrozenModel> judge;
    if (!options.judge.empty()) { // first what may be refused
        const RunRecord judging = readRun(options.judge);
        judge = readModel(options.judge, judging.configuration.model, judging.shape);
        if (!judge->classifies()) {
            throw Error(Error::Kind::InvalidArgument, "--judge: found the run of a network of kind " +
                                                          judging.configuration.model.kind + ", expected a classifier's");
        }
    }
    const Samples samples = drawSamples(options, run, *model, threads);
    if (!options.out.empty()) write(options, samples, run.classNames);
    std::optional<Predictions> found;
    if (judge) found = judgeSamples(*judge, samples, threads);
    if (options.json) {
        nlohmann::ordered_json object{{"kind", run.configuration.model.kind}, {"count", samples.count()}, {"seed", options.seed}};
        object["temperature"] = options.temperature;
        if (!options.prior) object["density"] = options.density;
        if (!options.out.empty()) object["out"] = options.out;
        if (found) {
            object["anticipated_share"] = confusionOf(*found).accuracy();
            addClasses(object, *found);
        }
        std::cout << object.dump() << std::endl;
        return kExitDone;
    }
    std::cout << groupedText(samples.count()) << " samples of "
              << (options.prior               ? "the prior"
                  : run.classNames.empty()    ? "all codes"
                  : options.className.empty() ? "all classes"
                                              : "class " + options.className)
              << (options.out.empty() ? "" : ": " + options.out) << std::endl;
    if (found) {
        std::cout << "The classifier takes " << numberText(std::round(100 * confusionOf(*found).accuracy()) / 100)
                  << " % of them for the class that they were drawn for:" << std::endl;
        printClasses(*found, run.classNames);
    }
    return kExitDone;
}

} // namespace

void addSampleCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<SampleOptions>();
    CLI::App* command =
        program.add_subcommand("sample", "Sample new codes from a class, from each class or from the prior, and decode them");
    command->add_option("run", options->run, "Folder of a run")->type_name("RUN")->required();
    auto* name =
        command->add_option("--class", options->className, "Number or name of a class (default: all classes, one row each)")
            ->type_name("CLASS");
    command->add_flag("--prior", options->prior, "Sample from the prior N(0, I) (variational auto-encoders)")->excludes(name);
    command->add_option("--count", options->count, "Number of samples per class (default: 64 of a single class, 10 each of all)")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--seed", options->seed, "Seed of the samples")->type_name("N")->check(kSeed)->capture_default_str();
    command
        ->add_option("--temperature", options->temperature,
                     "Temperature: scales the standard deviation; below 1 typical images, above 1 unusual ones")
        ->type_name("T")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    command
        ->add_option("--density", options->density,
                     "Model of a class's codes: gaussian, mixture (up to ten components, chosen by BIC) or neighbours (a kernel "
                     "on each code, as wide as the distance to its tenth neighbour)")
        ->type_name("NAME")
        ->capture_default_str();
    command->add_option("--split", options->split, "Split whose codes the model is fitted to: train, validation or test")
        ->type_name("SPLIT")
        ->capture_default_str();
    command
        ->add_option("--judge", options->judge,
                     "Run of a classifier: report the fraction of samples it predicts as the class they were drawn for")
        ->type_name("RUN");
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    command->add_option("--out", options->out, "Output: PNG of the images, or CSV of codes and pixels")->type_name("FILE");
    command->add_option("--scale", options->scale, "Magnification: output pixels per image pixel")
        ->type_name("N")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->footer("Examples: latentoscope sample runs/latent-11 --class Sneaker --count 64 --seed 1 --out sneakers.png; "
                    "latentoscope sample runs/vae --prior --out prior.png; latentoscope sample runs/latent-11 --judge "
                    "runs/classes --count 1000 --json");
    command->callback([options, &action] { action = [options] { return sampleRun(*options); }; });
}

} // namespace latentoscope
