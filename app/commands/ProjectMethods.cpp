#include "app/commands/ProjectMethods.h"

#include "app/commands/Interrupt.h"
#include "app/commands/ProgressPrinter.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/projection/Pca.h"
#include "core/projection/Placement.h"
#include "core/projection/PlaneMap.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

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

constexpr double kPerplexity = 30; ///< as usual (van der Maaten & Hinton 2008)

/// "30" or "30,300"; as many as there can be of the usual 30 where nothing is said.
std::vector<double> perplexitiesOf(const std::string& text, int points)
{
    const int most = (points - 1) / 3; // each point needs three times as many neighbours
    if (most < 1) {
        throw Error(Error::Kind::InvalidArgument,
                    "--method tsne: found " + groupedText(points) + " points, expected at least four for a perplexity of 1");
    }
    if (text.empty()) return {std::min<double>(kPerplexity, most)};
    std::vector<double> numbers;
    for (const std::string& cell : cellsOf(text)) {
        const auto number = parseReal(cell);
        if (!number || !(*number >= 1 && *number <= points) || neighboursFor(*number) > points - 1) {
            throw Error(Error::Kind::InvalidArgument, "--perplexity: found " + text + ", expected a number from 1 to " +
                                                          groupedText(most) + ", a third of the " + groupedText(points - 1) +
                                                          " other points, or several with commas between");
        }
        numbers.push_back(*number);
    }
    return numbers;
}

/// Seconds of one stage after the other.
class Stages { // NOLINT(bugprone-exception-escape): what destroys JSON throws nothing
public:
    void end(const char* name)
    {
        const auto now = std::chrono::steady_clock::now();
        m_seconds[name] = std::chrono::duration<double>(now - m_start).count();
        m_start = now;
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

std::optional<Projected> tsne(const MethodOptions& options, const Points& codes, WorkerPool& pool)
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
    PlacementOptions placement;
    placement.perplexities = perplexities;
    placement.exaggeration = options.tsne.lateExaggeration;
    return Projected{embedding.places(),
                     {{"kl_divergence", embedding.klDivergence()},
                      {"iterations", embedding.iteration()},
                      {"perplexity", perplexities},
                      {"stages", stages.seconds()}},
                     [&codes, &pool, placement](const Points& picture, const Points& added) {
                         SharePrinter printer("New points");
                         return placeAmong(codes, picture, added, placement, pool, [&](double done) {
                             printer.show(done);
                             return !interrupted();
                         });
                     }};
}

/// By their nearest points, where umap-learn's own placement begins; its random steps from there are left out.
std::optional<Points> placedByNearest(const Points& codes, const Points& picture, const Points& added, WorkerPool& pool)
{
    const auto map = mapOfNeighbours(std::make_shared<const Points>(codes), std::make_shared<const Points>(picture));
    Points places{2, std::vector<float>(2 * static_cast<std::size_t>(added.count()))};
    SharePrinter printer("New points");
    std::atomic<int> done{0};
    pool.run(added.count(), [&](int, int row) {
        if (interrupted()) return;
        const Place place = map->placeOf({added.row(row), static_cast<std::size_t>(added.dimension)});
        places.values[2 * static_cast<std::size_t>(row)] = static_cast<float>(place[0]);
        places.values[2 * static_cast<std::size_t>(row) + 1] = static_cast<float>(place[1]);
        printer.show(static_cast<double>(++done) / added.count());
    });
    if (interrupted()) return std::nullopt;
    return places;
}

std::optional<Projected> umap(const MethodOptions& options, const Points& codes, WorkerPool& pool)
{
    UmapOptions own = options.umap;
    own.seed = options.seed;
    own.neighbours = options.neighbours > 0 ? options.neighbours : std::min(own.neighbours, codes.count());
    if (own.neighbours > codes.count()) {
        throw Error(Error::Kind::InvalidArgument, "--neighbours: found " + groupedText(own.neighbours) +
                                                      ", expected at most the " + groupedText(codes.count()) + " points");
    }
    Stages stages;
    const auto table = neighboursOf(codes, own.neighbours - 1, pool); // the point itself counts
    if (!table) return std::nullopt;
    stages.end("neighbours");
    const auto graph = fuzzyUnion(*table, pool, [](double) { return !interrupted(); });
    if (!graph) return std::nullopt;
    stages.end("graph");
    Umap embedding(*graph, umapStart(codes, pool), own, pool);
    if (!iterated(embedding, "UMAP")) return std::nullopt;
    stages.end("epochs");
    return Projected{
        embedding.places(),
        {{"epochs", embedding.iterations()},
         {"neighbours", own.neighbours},
         {"min_dist", own.minimumDistance},
         {"stages", stages.seconds()}},
        [&codes, &pool](const Points& picture, const Points& added) { return placedByNearest(codes, picture, added, pool); }};
}

} // namespace

std::optional<Projected> projected(const MethodOptions& options, const Points& codes, WorkerPool& pool)
{
    if (options.method == "none") {
        const std::pair<int, int> dimensions = pairOf(options.dimensions, codes.dimension);
        return Projected{dimensionPair(codes, dimensions), Json::object(),
                         [dimensions](const Points&, const Points& added) { return dimensionPair(added, dimensions); }};
    }
    if (options.method == "tsne") return tsne(options, codes, pool);
    if (options.method == "umap") return umap(options, codes, pool);
    const auto pca = principalComponents(codes, 2, pool, [](double) { return !interrupted(); });
    if (!pca) return std::nullopt;
    return Projected{pca->project(codes),
                     {{"explained_variance", pca->explained()}},
                     [pca = *pca](const Points&, const Points& added) { return pca.project(added); }};
}

} // namespace latentoscope
