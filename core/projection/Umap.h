/// UMAP (McInnes, Healy & Melville 2018): points in the plane, drawn together along the edges of their fuzzy neighbour graph and
/// pushed apart from points drawn at random.
#pragma once

#include "core/neighbours/Points.h"
#include "core/projection/Embedding.h"
#include "core/projection/FuzzySet.h"

#include <cstdint>
#include <vector>

namespace latentoscope {

class WorkerPool;

/// Defaults as in umap-learn 0.5.
struct UmapOptions {
    int neighbours = 15;          ///< of each point, itself included
    double minimumDistance = 0.1; ///< between points in the picture that are as near as can be, 0 … spread
    double spread = 1;            ///< the scale of the picture
    int epochs = 0;               ///< 0: 500 for up to 10,000 points, else 200
    double learningRate = 1;
    int negatives = 5; ///< points that are pushed away for one that is drawn near
    std::uint64_t seed = 0;
};

/// The curve 1 / (1 + a · d^(2b)) that is nearest, by least squares over 0 … 3 · spread, to 1 up to the minimum distance and
/// exp(−(d − minimum) / spread) beyond.
struct UmapCurve {
    double a = 1;
    double b = 1;
};
UmapCurve umapCurve(double minimumDistance, double spread);

/// Where UMAP begins: the first two principal components over a square 10 wide. (N, 2).
Points umapStart(const Points& points, WorkerPool& pool);

/// An embedding while it forms. Each point's moves are made one after the other, as umap-learn makes them, against the others'
/// places a quarter of an epoch ago, and from random numbers of its own: the same bytes for any number of threads. One thread at
/// a time; `pool` outlives it.
class Umap : public Embedding {
public:
    /// `graph` as fuzzyUnion gives it, `start` (N, 2), finite. Throws Error(InvalidArgument) where the counts differ or the
    /// options make no sense.
    Umap(const Affinities& graph, const Points& start, const UmapOptions& options, WorkerPool& pool);

    /// One epoch.
    void iterate() override;
    int iteration() const override { return m_epoch; }
    int iterations() const override { return m_epochs; }
    Points places() const override { return {2, m_places}; }

private:
    void movePoint(std::size_t point, float rate, std::vector<int>& visited);

    UmapOptions m_options;
    UmapCurve m_curve;
    WorkerPool& m_pool;
    std::size_t m_count;
    int m_epochs;
    int m_epoch = 0;
    std::vector<std::int64_t> m_begins;  ///< (N + 1) where each point's edges begin
    std::vector<int> m_others;           ///< of each edge
    std::vector<float> m_periods;        ///< epochs from one visit of an edge to the next, ≥ 1
    std::vector<float> m_due;            ///< the epoch of the next visit
    std::vector<std::uint64_t> m_random; ///< (N) states of generators
    std::vector<float> m_places;         ///< (N, 2)
    std::vector<float> m_next;           ///< (N, 2)
};

} // namespace latentoscope
