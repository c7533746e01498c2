#include "core/neighbours/Leaves.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace latentoscope {
namespace {

void split(const Points& points, Leaves& leaves, int first, int count, int most, std::vector<float>& box)
{
    if (count <= most) {
        leaves.all.push_back({first, count});
        return;
    }
    boxAround(points, leaves.rows, first, count, box.data());
    int widest = 0;
    for (int d = 1; d < points.dimension; ++d) {
        const auto width = [&](int k) {
            return box[static_cast<std::size_t>(points.dimension + k)] - box[static_cast<std::size_t>(k)];
        };
        if (width(d) > width(widest)) widest = d;
    }
    const int half = count / 2;
    const auto begin = leaves.rows.begin() + first;
    std::nth_element(begin, begin + half, begin + count, [&](int a, int b) {
        const float va = points.row(a)[widest], vb = points.row(b)[widest];
        return va < vb || (va == vb && a < b); // equal points have an order too, or leaves would depend on chance
    });
    split(points, leaves, first, half, most, box);
    split(points, leaves, first + half, count - half, most, box);
}

} // namespace

void boxAround(const Points& points, const std::vector<int>& rows, int first, int count, float* box)
{
    const int dimension = points.dimension;
    std::fill_n(box, dimension, std::numeric_limits<float>::max());
    std::fill_n(box + dimension, dimension, std::numeric_limits<float>::lowest());
    for (int place = first; place < first + count; ++place) {
        const float* row = points.row(rows[static_cast<std::size_t>(place)]);
        for (int d = 0; d < dimension; ++d) {
            box[d] = std::min(box[d], row[d]);
            box[dimension + d] = std::max(box[dimension + d], row[d]);
        }
    }
}

Leaves leavesOf(const Points& points, int most)
{
    Leaves leaves;
    leaves.rows.resize(static_cast<std::size_t>(points.count()));
    std::iota(leaves.rows.begin(), leaves.rows.end(), 0);
    const auto size = static_cast<std::size_t>(2 * points.dimension);
    std::vector<float> box(size);
    if (points.count() > 0) split(points, leaves, 0, points.count(), most, box);
    leaves.boxes.resize(size * leaves.all.size());
    for (std::size_t i = 0; i < leaves.all.size(); ++i)
        boxAround(points, leaves.rows, leaves.all[i].first, leaves.all[i].count, leaves.boxes.data() + i * size);
    return leaves;
}

float squaredGap(const float* a, const float* b, int dimension)
{
    constexpr float kRounding = 1 - 1e-5F; // what sums of thousands of floats may be off by, and more
    float sum = 0;
    for (int d = 0; d < dimension; ++d) {
        const float gap = std::max({0.0F, b[d] - a[dimension + d], a[d] - b[dimension + d]});
        sum += gap * gap;
    }
    return sum * kRounding;
}

} // namespace latentoscope
