/// What the tests of projections share.
#pragma once

#include "core/base/Random.h"
#include "core/base/WorkerPool.h"
#include "core/neighbours/Points.h"

#include <cmath>
#include <cstdint>

namespace latentoscope::test {

/// One that stays, of 1, 2 or 4 threads.
inline WorkerPool& pool(int threads)
{
    static WorkerPool one(1, [] {}), two(2, [] {}), four(4, [] {});
    return threads == 1 ? one : threads == 2 ? two : four;
}

/// (300, 5): the points that golden values were computed for with scikit-learn 1.2 and umap-learn 0.5.3 (tests/golden).
inline Points goldenPoints()
{
    Points points{5, {}};
    for (int i = 0; i < 300; ++i)
        for (int k = 0; k < 5; ++k)
            points.values.push_back(static_cast<float>(std::sin(1.7 * i * (k + 1) + 0.3 * k * k) * (k + 1) + 0.01 * i));
    return points;
}

/// (count, dimension) of N(0, 1).
inline Points normalPoints(int count, int dimension, std::uint64_t seed)
{
    Points points{dimension, std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension))};
    RandomStream random(seed, RandomPurpose::Noise);
    random.fillNormal(points.values);
    return points;
}

} // namespace latentoscope::test
