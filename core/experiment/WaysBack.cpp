#include "core/experiment/WaysBack.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"
#include "core/models/FrozenModel.h"
#include "core/projection/InverseNetwork.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace latentoscope {
namespace {

constexpr int kFewest = 20;
constexpr int kMostHeldOut = 2000;

std::shared_ptr<const Points> sharedRows(const Points& points, const std::vector<int>& rows)
{
    return std::make_shared<const Points>(rowsOf(points, rows));
}

/// Σ of squared differences from what is right, over the same from its mean.
double unexplained(const Points& right, const Points& found)
{
    double error = 0, variance = 0;
    for (int d = 0; d < right.dimension; ++d) {
        double mean = 0;
        for (int row = 0; row < right.count(); ++row) mean += static_cast<double>(right.row(row)[d]) / right.count();
        for (int row = 0; row < right.count(); ++row) {
            error += std::pow(static_cast<double>(right.row(row)[d]) - static_cast<double>(found.row(row)[d]), 2);
            variance += std::pow(static_cast<double>(right.row(row)[d]) - mean, 2);
        }
    }
    return variance > 0 ? error / variance : 0;
}

double imageError(const FrozenModel& model, const Points& right, const Points& found)
{
    const std::vector<float> a = model.decode(right.values), b = model.decode(found.values);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    return sum / static_cast<double>(a.size());
}

WayBackErrors errorsOf(const PlaneMap& map, const Points& codes, const Points& places, const FrozenModel* model)
{
    Points found{codes.dimension, {}};
    for (int row = 0; row < places.count(); ++row) {
        const std::vector<float> code =
            map.codeAt({static_cast<double>(places.row(row)[0]), static_cast<double>(places.row(row)[1])});
        found.values.insert(found.values.end(), code.begin(), code.end());
    }
    WayBackErrors errors{unexplained(codes, found), {}};
    if (model && model->decodes()) errors.images = imageError(*model, codes, found);
    return errors;
}

} // namespace

std::optional<WaysBack> compareWaysBack(const std::shared_ptr<const Points>& codes, const std::shared_ptr<const Points>& places,
                                        const FrozenModel* model, std::uint64_t seed, const WorkProgress& progress)
{
    const int count = codes->count();
    if (count < kFewest || places->count() != count) {
        throw Error(Error::Kind::InvalidArgument, "ways back: found " + groupedText(count) + " codes and " +
                                                      groupedText(places->count()) +
                                                      " places, expected as many of both, at least " + std::to_string(kFewest));
    }
    std::vector<int> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    RandomStream random(seed, RandomPurpose::Selection);
    shuffle(rows, random);
    const auto heldOut = static_cast<std::ptrdiff_t>(std::min(kMostHeldOut, count / 10));
    std::vector<int> held(rows.begin(), rows.begin() + heldOut), kept(rows.begin() + heldOut, rows.end());
    std::sort(held.begin(), held.end());
    std::sort(kept.begin(), kept.end());
    const auto keptCodes = sharedRows(*codes, kept), keptPlaces = sharedRows(*places, kept);
    const auto heldCodes = sharedRows(*codes, held), heldPlaces = sharedRows(*places, held);

    const auto half = [&](double begin) { return [&progress, begin](double done) { return progress(begin + done / 2); }; };
    const auto network = mapOfNetwork(keptCodes, keptPlaces, seed, half(0));
    if (!network) return std::nullopt;
    WaysBack ways;
    ways.heldOut = static_cast<int>(heldOut);
    ways.neighbours = errorsOf(*mapOfNeighbours(keptCodes, keptPlaces), *heldCodes, *heldPlaces, model);
    ways.network = errorsOf(*network, *heldCodes, *heldPlaces, model);
    ways.networkIsBetter =
        ways.neighbours.images ? *ways.network.images < *ways.neighbours.images : ways.network.codes < ways.neighbours.codes;
    if (!ways.networkIsBetter) {
        ways.better = mapOfNeighbours(codes, places);
        return ways;
    }
    ways.better = mapOfNetwork(codes, places, seed, half(0.5));
    if (!ways.better) return std::nullopt;
    return ways;
}

} // namespace latentoscope
