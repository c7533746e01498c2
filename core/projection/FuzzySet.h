/// The weighted neighbour graph that UMAP draws (McInnes, Healy & Melville 2018, sections 3.1 and 4.2).
#pragma once

#include "core/base/WorkProgress.h"
#include "core/projection/SymmetricGraph.h"

#include <optional>
#include <span>

namespace latentoscope {

class WorkerPool;

/// Memberships of a point's neighbours, K of them at ascending distances (not squared): exp(−(d − ρ) / σ), at most 1, ρ being the
/// smallest distance above 0 and σ such that they sum to log2(K + 1), as umap-learn has it, which counts the point itself among
/// its neighbours. `meanDistance` is that of all points, below a thousandth of which σ does not fall. Into `memberships` (K).
void fuzzyMemberships(std::span<const double> distances, double meanDistance, std::span<double> memberships);

/// The union P + Pᵀ − P ∘ Pᵀ of all points' memberships in each other: symmetric, 0 … 1, rows as in Affinities. The same values
/// for any number of threads. None where `progress` said false.
std::optional<Affinities> fuzzyUnion(const NeighbourTable& neighbours, WorkerPool& pool, const WorkProgress& progress = goOn);

} // namespace latentoscope
