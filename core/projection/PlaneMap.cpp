#include "core/projection/PlaneMap.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace latentoscope {
namespace {

constexpr std::size_t kNearest = 10; ///< points that a place is mixed of

class MapOfPca : public PlaneMap {
public:
    explicit MapOfPca(Pca pca) : m_pca(std::move(pca)) {}

    std::vector<float> codeAt(const Place& place) const override
    {
        Points projected{m_pca.components, {static_cast<float>(place[0])}};
        if (m_pca.components > 1) projected.values.push_back(static_cast<float>(place[1]));
        return m_pca.restore(projected).values;
    }

    Place placeOf(std::span<const float> code) const override
    {
        const Points projected = m_pca.project({m_pca.dimension, {code.begin(), code.end()}});
        return {static_cast<double>(projected.values[0]), m_pca.components > 1 ? static_cast<double>(projected.values[1]) : 0};
    }

private:
    Pca m_pca;
};

/// The value at `query` of a function given at `from` by the rows of `to`.
std::vector<double> mixed(const Points& from, std::span<const float> query, const Points& to)
{
    // One more than are mixed: where the next one begins, the last one's weight must have fallen to nothing.
    const std::size_t kept = std::min(static_cast<std::size_t>(from.count()), kNearest + 1);
    std::vector<std::pair<double, int>> nearest;
    for (int row = 0; row < from.count(); ++row) {
        const double distance = squaredDistance(from.row(row), query.data(), from.dimension);
        if (nearest.size() == kept) {
            if (!(distance < nearest.back().first)) continue;
            nearest.pop_back();
        }
        const std::pair entry(distance, row);
        nearest.insert(std::upper_bound(nearest.begin(), nearest.end(), entry), entry);
    }
    const bool all = kept <= kNearest;
    const double beyond = all ? std::numeric_limits<double>::infinity() : nearest.back().first;
    const double reach = std::sqrt(beyond);
    if (!all) nearest.pop_back();
    // On a point, or where all are equally near: these alone.
    const bool only = !(nearest.front().first > 0) || !(nearest.front().first < beyond);
    std::vector<double> sum(static_cast<std::size_t>(to.dimension));
    double weights = 0;
    for (const auto& [squared, row] : nearest) {
        const double distance = std::sqrt(squared);
        if (only && squared > nearest.front().first) break;
        const double share = all ? 1 / distance : (reach - distance) / (reach * distance);
        const double weight = only ? 1 : share * share;
        for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += weight * static_cast<double>(to.row(row)[d]);
        weights += weight;
    }
    for (double& value : sum) value /= weights;
    return sum;
}

class MapOfNeighbours : public PlaneMap {
public:
    MapOfNeighbours(std::shared_ptr<const Points> codes, std::shared_ptr<const Points> places)
        : m_codes(std::move(codes)), m_places(std::move(places))
    {
    }

    std::vector<float> codeAt(const Place& place) const override
    {
        const std::array<float, 2> query{static_cast<float>(place[0]), static_cast<float>(place[1])};
        const std::vector<double> code = mixed(*m_places, query, *m_codes);
        std::vector<float> values;
        for (const double value : code) values.push_back(static_cast<float>(value));
        return values;
    }

    Place placeOf(std::span<const float> code) const override
    {
        const std::vector<double> place = mixed(*m_codes, code, *m_places);
        return {place[0], place[1]};
    }

private:
    std::shared_ptr<const Points> m_codes;
    std::shared_ptr<const Points> m_places;
};

} // namespace

std::unique_ptr<const PlaneMap> mapOfPca(Pca pca) { return std::make_unique<const MapOfPca>(std::move(pca)); }

std::unique_ptr<const PlaneMap> mapOfNeighbours(std::shared_ptr<const Points> codes, std::shared_ptr<const Points> places)
{
    return std::make_unique<const MapOfNeighbours>(std::move(codes), std::move(places));
}

std::optional<double> gapsAt(const Points& points, const float* place)
{
    constexpr std::size_t kNear = 3;
    const int count = points.count();
    if (count <= static_cast<int>(kNear)) return std::nullopt;
    std::vector<std::pair<double, int>> near; // squared distance and row, the nearest first
    for (int row = 0; row < count; ++row) {
        const double distance = squaredDistance(points.row(row), place, points.dimension);
        if (near.size() == kNear && distance >= near.back().first) continue;
        near.insert(std::upper_bound(near.begin(), near.end(), std::pair(distance, row)), {distance, row});
        if (near.size() > kNear) near.pop_back();
    }
    double sum = 0;
    int known = 0;
    for (const auto& [distance, row] : near) {
        double nearest = std::numeric_limits<double>::max();
        for (int other = 0; other < count; ++other) {
            const double gap = squaredDistance(points.row(row), points.row(other), points.dimension);
            if (gap > 0) nearest = std::min(nearest, gap); // equal ones have no gap between them
        }
        if (nearest == std::numeric_limits<double>::max()) continue;
        sum += std::sqrt(nearest);
        ++known;
    }
    if (known == 0) return std::nullopt;
    return std::sqrt(near.front().first) / (sum / known);
}

} // namespace latentoscope
