// Projections of blobs in ten dimensions: their stages one by one, one gradient in each way, and whole pictures. Two threads.
//   build/release/core_benchmarks --benchmark_filter=projection
#include "core/base/Random.h"
#include "core/base/WorkerPool.h"
#include "core/projection/InverseNetwork.h"
#include "core/projection/Placement.h"
#include "core/projection/PlaneOrder.h"
#include "core/projection/Quality.h"
#include "core/projection/Tsne.h"
#include "core/projection/Umap.h"

#include <benchmark/benchmark.h>

#include <map>
#include <numeric>

namespace latentoscope {
namespace {

constexpr int kDimension = 10;
constexpr int kBlobs = 20;
constexpr double kPerplexity = 30;

WorkerPool& pool()
{
    static WorkerPool two(2, [] {});
    return two;
}

Points blobs(int count)
{
    Points points{kDimension, std::vector<float>(static_cast<std::size_t>(count) * kDimension)};
    std::vector<float> centres(static_cast<std::size_t>(kBlobs) * kDimension);
    RandomStream random(1, RandomPurpose::Noise);
    random.fillNormal(points.values);
    random.fillNormal(centres);
    for (std::size_t i = 0; i < points.values.size(); ++i) {
        const std::size_t blob = i / kDimension % kBlobs;
        points.values[i] += 4 * centres[blob * kDimension + i % kDimension];
    }
    return points;
}

Affinities affinitiesOf(const Points& points)
{
    const std::vector<double> perplexities{kPerplexity};
    return *jointAffinities(*nearestNeighbours(points, neighboursFor(kPerplexity), pool()), perplexities, pool());
}

/// A t-SNE after its first 400 steps, as large as it is for most of the time; made once for each count.
const Points& halfway(int count)
{
    static std::map<int, Points> made;
    if (!made.contains(count)) {
        const Points points = blobs(count);
        Tsne tsne(affinitiesOf(points), tsneStart(points, pool()), {}, pool());
        while (tsne.iteration() < 400) tsne.iterate();
        made[count] = tsne.places();
    }
    return made[count];
}

int countOf(const benchmark::State& state) { return static_cast<int>(state.range(0)); }

void neighbours(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(nearestNeighbours(points, neighboursFor(kPerplexity), pool()));
    }
}

void affinities(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    const auto table = nearestNeighbours(points, neighboursFor(kPerplexity), pool());
    const std::vector<double> perplexities{kPerplexity};
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(jointAffinities(*table, perplexities, pool()));
    }
}

void repulsion(benchmark::State& state, RepulsionMethod method)
{
    const std::vector<float>& places = halfway(countOf(state)).values;
    RepulsionSettings settings;
    settings.method = method;
    Repulsion repulsion(settings, pool());
    std::vector<float> pushes;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(repulsion.push(places, pushes));
    }
}

/// Without the points' order in memory, which a step keeps.
void order(benchmark::State& state)
{
    const std::vector<float>& places = halfway(countOf(state)).values;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(planeOrder(places));
    }
}

void step(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    Tsne tsne(affinitiesOf(points), halfway(countOf(state)), {}, pool());
    for (auto iteration : state) {
        static_cast<void>(iteration);
        tsne.iterate();
    }
}

void wholeTsne(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    for (auto iteration : state) {
        static_cast<void>(iteration);
        Tsne tsne(affinitiesOf(points), tsneStart(points, pool()), {}, pool());
        while (!tsne.done()) tsne.iterate();
    }
}

void wholeUmap(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    for (auto iteration : state) {
        static_cast<void>(iteration);
        const auto graph = fuzzyUnion(*nearestNeighbours(points, UmapOptions().neighbours - 1, pool()), pool());
        Umap umap(*graph, umapStart(points, pool()), {}, pool());
        while (!umap.done()) umap.iterate();
    }
}

void quality(benchmark::State& state)
{
    const Points points = blobs(countOf(state));
    const Points& picture = halfway(countOf(state));
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(projectionQuality(points, picture, {}, 1, pool()));
    }
}

void inverseNetwork(benchmark::State& state)
{
    const auto codes = std::make_shared<const Points>(blobs(countOf(state)));
    const auto places = std::make_shared<const Points>(halfway(countOf(state)));
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(mapOfNetwork(codes, places, 1));
    }
}

void placeToCode(benchmark::State& state)
{
    const auto map = mapOfNeighbours(std::make_shared<const Points>(blobs(countOf(state))),
                                     std::make_shared<const Points>(halfway(countOf(state))));
    double x = 0;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(map->codeAt({x += 0.01, 1}));
    }
}

/// A thousand new points among `count`.
void placement(benchmark::State& state)
{
    const Points points = blobs(countOf(state)), places = halfway(countOf(state));
    std::vector<int> rows(1000);
    std::iota(rows.begin(), rows.end(), 0);
    const Points added = rowsOf(points, rows);
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(placeAmong(points, places, added, {}, pool()));
    }
}

/// Wall time: the pool's other thread works, too.
benchmark::internal::Benchmark* timed(const char* name, void (*function)(benchmark::State&))
{
    return benchmark::RegisterBenchmark(name, function)->UseRealTime()->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
    for (const int count : {10'000, 70'000}) {
        timed("projection/neighbours", neighbours)->Arg(count);
        timed("projection/affinities", affinities)->Arg(count);
        timed("projection/repulsion/grid", [](benchmark::State& state) { repulsion(state, RepulsionMethod::Grid); })->Arg(count);
        timed("projection/repulsion/near and far", [](benchmark::State& state) {
            repulsion(state, RepulsionMethod::NearAndFar);
        })->Arg(count);
        timed("projection/order", order)->Arg(count);
        timed("projection/step", step)->Arg(count);
        timed("projection/quality", quality)->Arg(count);
        timed("projection/place to code", placeToCode)->Arg(count);
        timed("projection/placement", placement)->Arg(count);
    }
    timed("projection/repulsion/all pairs", [](benchmark::State& state) {
        repulsion(state, RepulsionMethod::AllPairs);
    })->Arg(10'000);
    timed("projection/inverse network", inverseNetwork)->Arg(10'000)->Iterations(1);
    for (const int count : {10'000, 70'000, 1'000'000}) timed("projection/whole t-SNE", wholeTsne)->Arg(count)->Iterations(1);
    for (const int count : {10'000, 70'000}) timed("projection/whole UMAP", wholeUmap)->Arg(count)->Iterations(1);
    return true;
}();

} // namespace
} // namespace latentoscope
