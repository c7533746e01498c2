#include "core/report/LatentParts.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/WorkerPool.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/data/Split.h"
#include "core/experiment/Classification.h"
#include "core/latent/ClassSamples.h"
#include "core/latent/Codes.h"
#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/projection/PlaneMap.h"
#include "core/projection/Quality.h"
#include "core/projection/Tsne.h"
#include "core/storage/RunFolder.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kPerplexity = 30;
constexpr int kNearOnes = 3; ///< of a class's points, between one of which and itself a place is drawn

std::shared_ptr<const FrozenModel> modelOf(const std::string& run, const PartContext& context)
{
    const RunRecord record = readRun(context.run(run));
    return readModel(context.run(run), record.configuration.model, record.shape);
}

std::shared_ptr<const LatentCodes> encoded(const FrozenModel& model, const ItemSelection& items, const PartContext& context,
                                           WorkerPool& pool, double share)
{
    return encodeItems(
        model, *context.data, items, 0, [&](double) { return context.progress(share); }, runOn(pool));
}

/// Places between a random point of the class and one of its nearest of the class, (count, 2).
std::vector<Place> placesAmong(const Points& picture, const std::vector<int>& rows, int count, RandomStream& random)
{
    std::vector<Place> places;
    for (int i = 0; i < count; ++i) {
        const int row = rows[random.below(static_cast<std::uint32_t>(rows.size()))];
        std::vector<std::pair<double, int>> near;
        for (const int other : rows) {
            if (other != row) near.emplace_back(squaredDistance(picture.row(row), picture.row(other), 2), other);
        }
        const auto kept = std::min<std::size_t>(kNearOnes, near.size());
        std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
        const int to = kept > 0 ? near[random.below(static_cast<std::uint32_t>(kept))].second : row;
        const auto share = static_cast<double>(random.uniform());
        Place place{};
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const auto from = static_cast<double>(picture.row(row)[axis]);
            place[axis] = from + share * (static_cast<double>(picture.row(to)[axis]) - from);
        }
        places.push_back(place);
    }
    return places;
}

/// What the classifier takes them for goes into the record, too.
void record(Json& json, const Samples& samples, const PartContext& context)
{
    const auto judge = modelOf(network::kFineTune, context);
    json["dimension"] = samples.dimension;
    json["codes"] = samples.codes;
    json["labels"] = samples.labels;
    json["predicted"] = judgeSamples(*judge, samples, context.threads).predicted;
    json["judge"] = weightsDigest(context.run(network::kFineTune));
}

} // namespace

ItemSelection pictureItems(const PartContext& context)
{
    const DataSet& data = *context.data;
    ItemSelection items = wholeSplit({context.data, nullptr, context.settings.seed}, "test");
    items.items = stratifiedSubset(data.test, items.items, pictureCodes(context.settings), context.settings.seed);
    return items;
}

std::optional<Json> drawPicture(const ReproductionPart& part, const PartContext& context)
{
    WorkerPool pool(context.threads, [] {});
    const auto model = modelOf(part.run, context);
    const auto codes = encoded(*model, pictureItems(context), context, pool, 0.02);
    if (!codes) return std::nullopt;
    const auto points = std::make_shared<const Points>(Points{codes->dimension, codes->values});
    const auto within = [&](double from, double to) {
        return [&context, from, to](double done) { return context.progress(from + (to - from) * done); };
    };
    // A small set has fewer neighbours than the usual perplexity needs.
    const double perplexity = std::min(kPerplexity, (points->count() - 1) / 3.0);
    const auto neighbours = nearestNeighbours(*points, neighboursFor(perplexity), pool, within(0.05, 0.1));
    if (!neighbours) return std::nullopt;
    auto affinities = jointAffinities(*neighbours, std::vector{perplexity}, pool, within(0.1, 0.15));
    if (!affinities) return std::nullopt;
    Tsne embedding(std::move(*affinities), tsneStart(*points, pool), {}, pool);
    while (!embedding.done()) {
        embedding.iterate();
        if (!context.progress(0.15 + 0.7 * embedding.iteration() / embedding.iterations())) return std::nullopt;
    }
    const auto picture = std::make_shared<const Points>(embedding.places());
    Json json{{"weights", weightsDigest(context.run(part.run))},
              {"items", codes->items},
              {"places", picture->values},
              {"perplexity", perplexity},
              {"kl_divergence", embedding.klDivergence()}};
    if (allAlike(points->values, points->dimension)) {
        json["alike"] = true;
    } else if (points->count() >= 2 * kQualityNeighbours + 2) {
        const auto quality = projectionQuality(*points, *picture, codes->labels, context.settings.seed, pool, within(0.85, 0.95));
        if (!quality) return std::nullopt;
        json["trustworthiness"] = quality->trustworthiness;
        if (quality->labelAccuracy) json["label_accuracy"] = *quality->labelAccuracy;
        json["quality_points"] = quality->points;
    }
    if (!model->decodes() || !hasClasses(*context.data)) return json; // whose classes are drawn
    // As the report does it: random places among a class's points, and the images that the way back gives for them.
    const auto map = mapOfNeighbours(points, picture);
    std::vector<float> drawn;
    std::vector<Label> labels;
    for (std::size_t label = 0; label < context.data->classNames.size(); ++label) {
        std::vector<int> rows;
        for (int row = 0; row < codes->count(); ++row) {
            if (codes->labels[static_cast<std::size_t>(row)] == label) rows.push_back(row);
        }
        if (rows.empty()) continue;
        RandomStream random(context.settings.seed, RandomPurpose::PicturePlaces, static_cast<std::uint32_t>(label));
        for (const Place& place : placesAmong(*picture, rows, kDrawsAClass, random)) {
            const std::vector<float> code = map->codeAt(place);
            drawn.insert(drawn.end(), code.begin(), code.end());
            labels.push_back(static_cast<Label>(label));
        }
    }
    Samples samples = decodeCodes(*model, std::move(drawn));
    samples.labels = std::move(labels);
    record(json, samples, context);
    return json;
}

std::optional<Json> drawSamples(const ReproductionPart& part, const PartContext& context)
{
    WorkerPool pool(context.threads, [] {});
    const auto model = modelOf(part.run, context);
    const DividedData divided = divide(context.data, readRun(context.run(part.run)).configuration.data);
    ItemSelection items = wholeSplit(divided, "train");
    if (context.settings.quick)
        items.items = stratifiedSubset(context.data->train, items.items, pictureCodes(context.settings), context.settings.seed);
    const auto codes = encoded(*model, items, context, pool, 0.05);
    if (!codes) return std::nullopt;
    std::vector<int> classes(context.data->classNames.size());
    std::iota(classes.begin(), classes.end(), 0);
    std::atomic<int> done{0};
    std::atomic<bool> stopped{false};
    const Samples samples = sampleClasses(*model, *codes, classes, kDrawsAClass, {Density::Mixture, 1, context.settings.seed},
                                          [&](int pieces, const std::function<void(int)>& work) {
                                              pool.run(pieces, [&](int, int piece) {
                                                  if (stopped) return;
                                                  work(piece);
                                                  if (!context.progress(0.2 + 0.7 * ++done / pieces)) stopped = true;
                                              });
                                          });
    if (stopped) return std::nullopt;
    Json json{{"weights", weightsDigest(context.run(part.run))}};
    record(json, samples, context);
    return json;
}

ClassDraws readDraws(const Json& record, const FrozenModel& model)
{
    ClassDraws draws{decodeCodes(model, record.at("codes").get<std::vector<float>>()),
                     record.at("predicted").get<std::vector<Label>>()};
    draws.samples.labels = record.at("labels").get<std::vector<Label>>();
    return draws;
}

} // namespace latentoscope
