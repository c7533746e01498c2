#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/experiment/WaysBack.h"
#include "core/latent/Codes.h"
#include "core/projection/Pca.h"
#include "core/projection/Quality.h"
#include "core/projection/Tsne.h"
#include "core/projection/Umap.h"
#include "core/storage/CodesFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

struct ProjectOptions {
    std::string source;
    MachineOptions machine;
    std::string method = "pca";
    std::string split = "test";
    std::string of = "codes";
    std::string dimensions = "0,1";
    std::string perplexity = "30";
    TsneOptions tsne;
    UmapOptions umap;
    std::string out;
    std::uint64_t seed = 0;
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
        table.labels.push_back(set.labels[static_cast<std::size_t>(item)]);
        for (const std::uint8_t pixel : set.image(item)) table.values.push_back(static_cast<float>(pixel) / 255);
    }
    return table;
}

/// Of a run or of a file of codes; none where interrupted.
std::optional<Source> sourceOf(const ProjectOptions& options, WorkerPool& pool)
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
    const ItemSelection items = selectionOf(run, data, options.split);
    if (options.of == "pixels") return Source{pixelsOf(*data, items), nullptr};
    const auto codes = encodeItems(
        *model, *data, items, 0, [] { return interrupted(); },
        [&](int pieces, const std::function<void(int)>& work) { pool.run(pieces, [&](int, int piece) { work(piece); }); });
    if (!codes) return std::nullopt;
    return Source{{codes->dimension, codes->items, codes->labels, codes->values}, model};
}

/// "0,1" → two different dimensions below `dimension`.
std::pair<int, int> pairOf(const std::string& text, int dimension)
{
    const std::vector<std::string> cells = cellsOf(text);
    std::vector<int> numbers;
    for (const std::string& cell : cells) {
        const auto number = parseInteger(cell);
        if (number && *number >= 0 && *number < dimension) numbers.push_back(static_cast<int>(*number));
    }
    if (cells.size() != 2 || numbers.size() != 2 || numbers[0] == numbers[1]) {
        throw Error(Error::Kind::InvalidArgument, "--dims: found " + text + ", expected two different dimensions from 0 to " +
                                                      std::to_string(dimension - 1) + ", such as 0,1");
    }
    return {numbers[0], numbers[1]};
}

Points dimensionPair(const Points& codes, std::pair<int, int> dimensions)
{
    Points picture{2, {}};
    picture.values.reserve(2 * static_cast<std::size_t>(codes.count()));
    for (int row = 0; row < codes.count(); ++row) {
        picture.values.push_back(codes.row(row)[dimensions.first]);
        picture.values.push_back(codes.row(row)[dimensions.second]);
    }
    return picture;
}

/// "30" or "30,300".
std::vector<double> perplexitiesOf(const std::string& text, int points)
{
    std::vector<double> numbers;
    for (const std::string& cell : cellsOf(text)) {
        const auto number = parseReal(cell);
        const int most = (points - 1) / 3; // each point needs three times as many neighbours
        if (!number || !(*number >= 1) || neighboursFor(*number) > points - 1) {
            throw Error(Error::Kind::InvalidArgument, "--perplexity: found " + text + ", expected a number from 1 to " +
                                                          groupedText(most) + ", a third of the " + groupedText(points - 1) +
                                                          " other points, or several with commas between");
        }
        numbers.push_back(*number);
    }
    return numbers;
}

/// A picture, and what only its method tells of it.
struct Projected {
    Points picture;
    Json figures = Json::object();
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds of one stage after the other.
class Stages {
public:
    void end(const char* name)
    {
        m_seconds[name] = secondsSince(m_start);
        m_start = std::chrono::steady_clock::now();
    }
    const Json& seconds() const { return m_seconds; }

private:
    Json m_seconds;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

std::optional<NeighbourTable> neighboursOf(const Points& codes, int neighbours, WorkerPool& pool)
{
    SharePrinter printer("Neighbours");
    return nearestNeighbours(codes, neighbours, pool, [&](double done) {
        printer.show(done);
        return !interrupted();
    });
}

/// Whether it came to its end.
template <class Embedding> bool iterated(Embedding& embedding, const char* name)
{
    SharePrinter printer(name);
    while (!embedding.done()) {
        if (interrupted()) return false;
        embedding.iterate();
        printer.show(static_cast<double>(embedding.iteration()) / embedding.iterations());
    }
    return true;
}

std::optional<Projected> tsne(const ProjectOptions& options, const Points& codes, WorkerPool& pool)
{
    const std::vector<double> perplexities = perplexitiesOf(options.perplexity, codes.count());
    Stages stages;
    const auto table = neighboursOf(codes, neighboursFor(*std::max_element(perplexities.begin(), perplexities.end())), pool);
    if (!table) return std::nullopt;
    stages.end("neighbours");
    auto affinities = jointAffinities(*table, perplexities, pool, [](double) { return !interrupted(); });
    if (!affinities) return std::nullopt;
    stages.end("affinities");
    Tsne embedding(std::move(*affinities), tsneStart(codes, pool), options.tsne, pool);
    if (!iterated(embedding, "t-SNE")) return std::nullopt;
    stages.end("iterations");
    return Projected{embedding.places(),
                     {{"kl_divergence", embedding.klDivergence()},
                      {"iterations", embedding.iteration()},
                      {"perplexity", perplexities},
                      {"stages", stages.seconds()}}};
}

std::optional<Projected> umap(const ProjectOptions& options, const Points& codes, WorkerPool& pool)
{
    if (options.umap.neighbours > codes.count()) {
        throw Error(Error::Kind::InvalidArgument, "--neighbours: found " + groupedText(options.umap.neighbours) +
                                                      ", expected at most the " + groupedText(codes.count()) + " points");
    }
    Stages stages;
    const auto table = neighboursOf(codes, options.umap.neighbours - 1, pool); // the point itself counts
    if (!table) return std::nullopt;
    stages.end("neighbours");
    const auto graph = fuzzyUnion(*table, pool, [](double) { return !interrupted(); });
    if (!graph) return std::nullopt;
    stages.end("graph");
    UmapOptions own = options.umap;
    own.seed = options.seed;
    Umap embedding(*graph, umapStart(codes, pool), own, pool);
    if (!iterated(embedding, "UMAP")) return std::nullopt;
    stages.end("epochs");
    return Projected{embedding.places(),
                     {{"epochs", embedding.iterations()},
                      {"neighbours", own.neighbours},
                      {"min_dist", own.minimumDistance},
                      {"stages", stages.seconds()}}};
}

std::optional<Projected> projected(const ProjectOptions& options, const Points& codes, WorkerPool& pool)
{
    if (options.method == "none") return Projected{dimensionPair(codes, pairOf(options.dimensions, codes.dimension))};
    if (options.method == "tsne") return tsne(options, codes, pool);
    if (options.method == "umap") return umap(options, codes, pool);
    const auto pca = principalComponents(codes, 2, pool, [](double) { return !interrupted(); });
    if (!pca) return std::nullopt;
    return Projected{pca->project(codes), {{"explained_variance", pca->explained()}}};
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
                                      options.seed, [&](double done) {
                                          printer.show(done);
                                          return !interrupted();
                                      });
    if (!ways) return nullptr;
    return {{"held_out", ways->heldOut},
            {"neighbours", jsonOf(ways->neighbours)},
            {"network", jsonOf(ways->network)},
            {"chosen", ways->networkIsBetter ? "network" : "neighbours"}};
}

int stopped()
{
    std::cerr << "latentoscope: stopped; nothing was written" << std::endl;
    return kExitFailed;
}

int project(const ProjectOptions& options)
{
    watchInterrupts();
    requireCodesEnding(options.out);
    WorkerPool pool(options.machine.threadCount(), [] {});
    const std::optional<Source> source = sourceOf(options, pool);
    if (!source) return stopped();
    const CodeTable* const table = &source->table;
    const Points codes{table->dimension, table->values};
    if (codes.dimension < 2) {
        throw Error(Error::Kind::InvalidArgument,
                    options.source + ": found codes of one dimension, expected at least two to draw in a plane");
    }
    requireFinite(codes, options.source);
    const auto start = std::chrono::steady_clock::now();
    const auto result = projected(options, codes, pool);
    const double seconds = secondsSince(start);
    if (!result) return stopped();
    std::optional<ProjectionQuality> quality;
    if (codes.count() >= 2 * kQualityNeighbours + 2) {
        SharePrinter printer("Quality");
        quality = projectionQuality(codes, result->picture, table->labels, options.seed, pool, [&](double done) {
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
    writeProjection(options.out, *table, result->picture.values);
    Json json = result->figures;
    json["method"] = options.method;
    json["points"] = codes.count();
    json["dimensions"] = codes.dimension;
    json["seconds"] = seconds;
    if (quality) {
        json["quality"] = {{"points", quality->points},
                           {"neighbours", quality->neighbours},
                           {"trustworthiness", quality->trustworthiness},
                           {"continuity", quality->continuity},
                           {"label_accuracy", *quality->labelAccuracy}};
    }
    if (options.wayBack) json["way_back"] = ways;
    if (options.json) {
        std::cout << json.dump() << std::endl;
        return kExitDone;
    }
    std::cout << groupedText(codes.count()) << " points of " << codes.dimension << " dimensions: " << options.out << std::endl;
    std::array<char, 160> line{};
    if (result->figures.contains("kl_divergence")) {
        std::snprintf(line.data(), line.size(), "KL divergence %.4f nats after %d iterations",
                      result->figures["kl_divergence"].get<double>(), result->figures["iterations"].get<int>());
        std::cout << line.data() << std::endl;
    }
    if (quality) {
        std::snprintf(line.data(), line.size(), "trustworthiness %.4f, continuity %.4f, %d-NN accuracy %.2f %%, on %s points",
                      quality->trustworthiness, quality->continuity, quality->neighbours, 100 * *quality->labelAccuracy,
                      groupedText(quality->points).c_str());
        std::cout << line.data() << std::endl;
    }
    if (options.wayBack) {
        std::snprintf(line.data(), line.size(),
                      "way back: code error %.4f by the nearest points, %.4f by a network; the better: %s",
                      ways["neighbours"]["code_error"].get<double>(), ways["network"]["code_error"].get<double>(),
                      ways["chosen"].get<std::string>().c_str());
        std::cout << line.data() << std::endl;
    }
    return kExitDone;
}

} // namespace

void addProjectCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<ProjectOptions>();
    CLI::App* command = program.add_subcommand("project", "Draws codes in the plane, and tells how true the picture is");
    command->add_option("source", options->source, "Folder of a run, or a file of codes: CSV with index,label,z0,z1,…")
        ->type_name("RUN|CODES.csv")
        ->required()
        ->check(CLI::ExistingPath);
    command
        ->add_option("--method", options->method,
                     "none (two of the dimensions), pca (principal components), tsne (t-SNE) or umap (UMAP)")
        ->capture_default_str()
        ->check(CLI::IsMember({"none", "pca", "tsne", "umap"}));
    command->add_option("--split", options->split, "Of a run: train, validation, test or all (training images first)")
        ->type_name("SPLIT")
        ->capture_default_str();
    command->add_option("--of", options->of, "Of a run: its codes, or the images' pixels to compare them with")
        ->capture_default_str()
        ->check(CLI::IsMember({"codes", "pixels"}));
    command->add_option("--dims", options->dimensions, "With --method none: which two dimensions")
        ->type_name("A,B")
        ->capture_default_str();
    command
        ->add_option("--perplexity", options->perplexity,
                     "Of t-SNE: how many neighbours count, or several such numbers with commas between")
        ->type_name("P[,P…]")
        ->capture_default_str();
    command->add_option("--iterations", options->tsne.iterations, "Of t-SNE")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_option("--exaggeration", options->tsne.exaggeration, "Of t-SNE's affinities in its first 250 iterations")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    command
        ->add_option("--late-exaggeration", options->tsne.lateExaggeration, "The same afterwards; above 1 clusters draw together")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    command->add_option("--learning-rate", options->tsne.learningRate, "Of t-SNE; 0: a twelfth of the points, at least 50")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1e9));
    command->add_option("--neighbours", options->umap.neighbours, "Of UMAP: of each point, itself included")
        ->capture_default_str()
        ->check(CLI::Range(3, 1000));
    command
        ->add_option("--min-dist", options->umap.minimumDistance, "Of UMAP: how far apart points lie that are as near as can be")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--epochs", options->umap.epochs, "Of UMAP; 0: 500 for up to 10,000 points, else 200")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    command->add_option("--seed", options->seed, "Draws the points that the quality is measured on, and those UMAP pushes away")
        ->capture_default_str();
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    command->add_option("--out", options->out, "FILE.csv (index,label,x,y) or FILE.npy (N, 2)")
        ->type_name("FILE")
        ->required()
        ->check(kSomeName);
    command->add_flag("--way-back", options->wayBack,
                      "Also measures how well places give the codes back: by the nearest points and by a small network");
    command->add_flag("--json", options->json, "Print the figures as JSON");
    command->footer("Example: latentoscope project runs/latent-11 --method tsne --out picture.csv");
    command->callback([options, &action] { action = [options] { return project(*options); }; });
}

} // namespace latentoscope
