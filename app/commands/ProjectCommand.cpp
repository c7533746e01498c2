#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"
#include "app/commands/ProjectMethods.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/experiment/WaysBack.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/projection/Quality.h"
#include "core/storage/CodesFile.h"
#include "core/values/LatentCodes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

struct ProjectOptions {
    std::string source;
    MachineOptions machine;
    MethodOptions method;
    std::string split = "test";
    std::string of = "codes";
    std::string out;
    std::string place; ///< a split or a file; empty: none
    std::string placeOut;
    bool wayBack = false;
    bool json = false;
};

struct Source {
    CodeTable table;
    std::shared_ptr<const FrozenModel> model; ///< null for a file of codes
};

/// Every pixel as a dimension, 0 … 1.
CodeTable pixelsOf(const DataSet& data, const ItemSelection& items)
{
    const ImageSet& set = items.images(data);
    CodeTable table{static_cast<int>(set.shape.values()), items.items, {}, {}};
    table.values.reserve(items.items.size() * set.shape.values());
    for (const int item : items.items) {
        if (data.hasLabels()) table.labels.push_back(set.labels[static_cast<std::size_t>(item)]);
        for (const std::uint8_t pixel : set.image(item)) table.values.push_back(static_cast<float>(pixel) / 255);
    }
    return table;
}

/// Of a run's split or of a file of codes; none where interrupted.
std::optional<Source> sourceOf(const ProjectOptions& options, const std::string& split, WorkerPool& pool)
{
    if (!std::filesystem::is_directory(options.source)) {
        if (options.of == "pixels") {
            throw Error(Error::Kind::InvalidArgument, "--of pixels: found the file " + options.source +
                                                          ", expected the folder of a run, whose images are known");
        }
        return Source{readCodes(options.source), nullptr};
    }
    const RunRecord run = readRun(options.source);
    const auto model = readModel(options.source, run.configuration.model, run.shape);
    const auto data = dataOfRun(run, options.machine);
    const ItemSelection items = selectionOf(run, data, split);
    if (options.of == "pixels") return Source{pixelsOf(*data, items), nullptr};
    const auto codes = encodeItems(*model, *data, items, 0, untilStopped(interruption()), runOn(pool));
    if (!codes) return std::nullopt;
    return Source{{codes->dimension, codes->items, codes->labels, codes->values}, model};
}

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Json jsonOf(const WayBackErrors& errors)
{
    Json json{{"code_error", errors.codes}};
    if (errors.images) json["image_mse"] = *errors.images;
    return json;
}

/// Null where interrupted.
Json waysBack(const ProjectOptions& options, const Points& codes, const Points& picture, const FrozenModel* model)
{
    SharePrinter printer("Ways back");
    const auto ways = compareWaysBack(std::make_shared<const Points>(codes), std::make_shared<const Points>(picture), model,
                                      options.method.seed, [&](double done) {
                                          printer.show(done);
                                          return !interrupted();
                                      });
    if (!ways) return nullptr;
    return {{"held_out", ways->heldOut},
            {"neighbours", jsonOf(ways->neighbours)},
            {"network", jsonOf(ways->network)},
            {"chosen", ways->networkIsBetter ? "network" : "neighbours"}};
}

/// What --place names: a file, or a split of the run; none where interrupted.
std::optional<CodeTable> addedCodes(const ProjectOptions& options, const Points& codes, WorkerPool& pool)
{
    CodeTable table;
    if (options.place.ends_with(".csv") || options.place.ends_with(".npy")) {
        table = readCodes(options.place);
    } else if (std::filesystem::is_directory(options.source)) {
        auto source = sourceOf(options, options.place, pool);
        if (!source) return std::nullopt;
        table = std::move(source->table);
    } else {
        throw Error(Error::Kind::InvalidArgument, "--place: found " + options.place +
                                                      ", expected another file of codes that ends in .csv or .npy, since " +
                                                      options.source + " is a file, too, and no run that has splits");
    }
    if (table.dimension != codes.dimension) {
        throw Error(Error::Kind::InvalidArgument, "--place: found points of " + std::to_string(table.dimension) +
                                                      " dimensions in " + options.place + ", expected " +
                                                      std::to_string(codes.dimension) + " as in " + options.source);
    }
    requireFinite({table.dimension, table.values}, options.place);
    return table;
}

void requirePlaceOptions(const ProjectOptions& options)
{
    if (options.place.empty() != options.placeOut.empty()) {
        throw Error(Error::Kind::InvalidArgument, options.place.empty()
                                                      ? "--place-out: found no --place, expected the points to place"
                                                      : "--place: found no --place-out, expected the file for their places");
    }
    if (options.place.empty()) return;
    requireCodesEnding(options.placeOut);
    if (std::filesystem::weakly_canonical(options.placeOut) == std::filesystem::weakly_canonical(options.out)) {
        throw Error(Error::Kind::InvalidArgument,
                    "--place-out: found " + options.placeOut + ", the file of --out; give each a file of its own");
    }
}

/// Neither output may be one of the files that are read.
void refuseOutputs(const ProjectOptions& options)
{
    const bool isRun = std::filesystem::is_directory(options.source);
    const std::filesystem::path data =
        isRun ? std::filesystem::path(readRun(options.source).dataFolder) : std::filesystem::path();
    for (const auto& [option, file] : {std::pair{"--out", options.out}, {"--place-out", options.placeOut}}) {
        if (file.empty()) continue;
        refuseOutputOnInput(option, file, {options.source, options.place});
        if (isRun)
            refuseOutputOnRun(option, file, options.source,
                              options.machine.data.empty() ? data : std::filesystem::path(options.machine.data));
    }
}

int stopped()
{
    std::cerr << "latentoscope: stopped; nothing was written" << std::endl;
    return kExitFailed;
}

std::string labelAccuracyText(int neighbours, double share)
{
    return std::to_string(neighbours) + "-NN accuracy " + fixedText(100 * share, 2) + " %";
}

int project(const ProjectOptions& options)
{
    watchInterrupts();
    requireCodesEnding(options.out);
    requirePlaceOptions(options);
    refuseOutputs(options);
    WorkerPool pool(options.machine.threadCount(), [] {});
    const std::optional<Source> source = sourceOf(options, options.split, pool);
    if (!source) return stopped();
    const CodeTable* const table = &source->table;
    const Points codes{table->dimension, table->values};
    if (codes.dimension < 2) {
        throw Error(Error::Kind::InvalidArgument,
                    options.source + ": found codes of one dimension, expected at least two to draw in a plane");
    }
    requireFinite(codes, options.source);
    std::optional<CodeTable> added; // known to be right before anything long begins
    if (!options.place.empty()) {
        added = addedCodes(options, codes, pool);
        if (!added) return stopped();
    }
    const auto start = std::chrono::steady_clock::now();
    const auto result = projected(options.method, codes, pool);
    const double seconds = secondsSince(start);
    if (!result) return stopped();
    std::optional<ProjectionQuality> quality;
    const bool alike = allAlike(codes.values, codes.dimension);
    if (alike) printNotes({"all codes are the same, so there is nothing to see in the picture, nor to measure"});
    if (!alike && codes.count() >= 2 * kQualityNeighbours + 2) {
        SharePrinter printer("Quality");
        quality = projectionQuality(codes, result->picture, table->labels, options.method.seed, pool, [&](double done) {
            printer.show(done);
            return !interrupted();
        });
        if (!quality) return stopped();
    }
    Json ways;
    if (options.wayBack) {
        ways = waysBack(options, codes, result->picture, source->model.get());
        if (ways.is_null()) return stopped();
    }
    Json placed;
    if (added) {
        const auto begun = std::chrono::steady_clock::now();
        const auto places = result->place(result->picture, {added->dimension, added->values});
        if (!places) return stopped();
        placed = {{"points", places->count()}, {"seconds", secondsSince(begun)}};
        if (!table->labels.empty() && !added->labels.empty())
            placed["label_accuracy"] = labelAccuracyAmong(result->picture, table->labels, *places, added->labels, pool);
        writeProjection(options.placeOut, *added, places->values);
    }
    writeProjection(options.out, *table, result->picture.values);
    Json json = result->figures;
    json["method"] = options.method.method;
    json["points"] = codes.count();
    json["dimensions"] = codes.dimension;
    json["seconds"] = seconds;
    if (alike) json["notes"] = {"all codes are the same"};
    if (quality) {
        json["quality"] = {{"points", quality->points},
                           {"neighbours", quality->neighbours},
                           {"trustworthiness", quality->trustworthiness},
                           {"continuity", quality->continuity}};
        if (quality->labelAccuracy) json["quality"]["label_accuracy"] = *quality->labelAccuracy;
    }
    if (options.wayBack) json["way_back"] = ways;
    if (added) json["placed"] = placed;
    if (options.json) {
        std::cout << json.dump() << std::endl;
        return kExitDone;
    }
    std::cout << groupedText(codes.count()) << " points of " << codes.dimension << " dimensions: " << options.out << std::endl;
    if (result->figures.contains("kl_divergence")) {
        std::cout << "KL divergence " << fixedText(result->figures["kl_divergence"].get<double>(), 4) << " nats after "
                  << result->figures["iterations"].get<int>() << " iterations" << std::endl;
    }
    if (quality) {
        std::cout << "trustworthiness " << fixedText(quality->trustworthiness, 4) << ", continuity "
                  << fixedText(quality->continuity, 4) << ", ";
        if (quality->labelAccuracy) std::cout << labelAccuracyText(quality->neighbours, *quality->labelAccuracy) << ", ";
        std::cout << "on " << groupedText(quality->points) << " points" << std::endl;
    }
    if (options.wayBack) {
        const auto error = [&](const char* way) { return fixedText(ways[way]["code_error"].get<double>(), 4); };
        std::cout << "way back: code error " << error("neighbours") << " by the nearest points, " << error("network")
                  << " by a network; the better: " << ways["chosen"].get<std::string>() << std::endl;
    }
    if (added) {
        std::cout << groupedText(placed["points"].get<int>()) << " new points: ";
        if (placed.contains("label_accuracy"))
            std::cout << labelAccuracyText(kQualityNeighbours, placed["label_accuracy"].get<double>()) << " among the others, ";
        std::cout << options.placeOut << std::endl;
    }
    return kExitDone;
}

} // namespace

void addProjectCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<ProjectOptions>();
    CLI::App* command =
        program.add_subcommand("project", "Embed codes in 2-D (PCA, t-SNE, UMAP) and report how faithful the embedding is");
    command->add_option("source", options->source, "Folder of a run, or a file of codes written by encode: CSV or npy")
        ->type_name("RUN|CODES")
        ->required()
        ->check(CLI::ExistingPath);
    command
        ->add_option("--method", options->method.method,
                     "none (two of the dimensions), pca (principal components), tsne (t-SNE) or umap (UMAP)")
        ->capture_default_str()
        ->check(CLI::IsMember({"none", "pca", "tsne", "umap"}));
    command
        ->add_option("--split", options->split, "Split of the run's data: train, validation, test or all (training images first)")
        ->type_name("SPLIT")
        ->capture_default_str();
    command->add_option("--of", options->of, "What to embed: the run's codes, or the images' pixels for comparison")
        ->capture_default_str()
        ->check(CLI::IsMember({"codes", "pixels"}));
    command->add_option("--dims", options->method.dimensions, "With --method none: the two dimensions to write")
        ->type_name("A,B")
        ->capture_default_str();
    command
        ->add_option("--perplexity", options->method.perplexity,
                     "t-SNE: perplexity, or several separated by commas (default: 30, less for fewer than 91 points)")
        ->type_name("P[,P…]");
    command->add_option("--iterations", options->method.tsne.iterations, "Of t-SNE")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command
        ->add_option("--exaggeration", options->method.tsne.exaggeration,
                     "t-SNE: early exaggeration, during the first 250 iterations")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    command
        ->add_option("--late-exaggeration", options->method.tsne.lateExaggeration,
                     "t-SNE: late exaggeration, afterwards; above 1, clusters become tighter")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    command
        ->add_option("--learning-rate", options->method.tsne.learningRate,
                     "t-SNE: learning rate (0: a twelfth of the number of points, at least 50)")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1e9));
    command
        ->add_option("--neighbours", options->method.neighbours,
                     "UMAP: neighbours of each point, itself included (default: 15, or all of fewer points)")
        ->check(CLI::Range(3, 1000));
    command
        ->add_option("--min-dist", options->method.umap.minimumDistance, "UMAP: minimum distance between points in the embedding")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command
        ->add_option("--epochs", options->method.umap.epochs, "UMAP: number of epochs (0: 500 for up to 10,000 points, else 200)")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    command
        ->add_option("--seed", options->method.seed,
                     "Seed of the points the quality is measured on and of UMAP's negative samples")
        ->check(kSeed)
        ->capture_default_str();
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    command->add_option("--out", options->out, "FILE.csv (index,label,x,y) or FILE.npy (N, 2)")
        ->type_name("FILE")
        ->required()
        ->check(kSomeName);
    command
        ->add_option("--place", options->place,
                     "Add points to the finished embedding without moving its own: a split of the run or another file of codes. "
                     "t-SNE places each where it costs least, UMAP by the nearest points, the others exactly")
        ->type_name("SPLIT|CODES")
        ->check(kSomeName);
    command->add_option("--place-out", options->placeOut, "File for the added points: FILE.csv or FILE.npy, as --out")
        ->type_name("FILE")
        ->check(kSomeName);
    command->add_flag(
        "--way-back", options->wayBack,
        "Also measure how well codes can be recovered from the embedding, by the nearest points and by a small network");
    command->add_flag("--json", options->json, "Print the figures as JSON");
    command->footer("Example: latentoscope project runs/latent-11 --method tsne --out picture.csv");
    command->callback([options, &action] { action = [options] { return project(*options); }; });
}

} // namespace latentoscope
