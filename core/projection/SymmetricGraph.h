/// A graph of neighbours made symmetric: what t-SNE and UMAP draw.
#pragma once

#include "core/neighbours/Neighbours.h"

#include <cstdint>
#include <vector>

namespace latentoscope {

class WorkerPool;

/// A symmetric sparse matrix (N, N) of values ≥ 0, rows one after the other, columns ascending in each, without a diagonal.
struct Affinities {
    std::vector<std::int64_t> begins; ///< (N + 1) where each row begins in the two below; the last is their length
    std::vector<int> columns;
    std::vector<float> values;

    int count() const { return begins.empty() ? 0 : static_cast<int>(begins.size()) - 1; }
};

/// From a value for each entry of the table (N, K): both(own, others) where two points are each other's neighbours, the one value
/// where only one is the other's; times `scale`. `both` is symmetric. The same values for any number of threads.
Affinities symmetrised(const NeighbourTable& neighbours, const std::vector<float>& values, float (*both)(float own, float others),
                       float scale, WorkerPool& pool);

} // namespace latentoscope
