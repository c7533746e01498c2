/// t-SNE (van der Maaten & Hinton 2008): points in the plane, pulled together by their affinities and pushed apart by all others.
#pragma once

#include "core/projection/Affinities.h"
#include "core/projection/Embedding.h"
#include "core/projection/Pca.h"
#include "core/projection/Repulsion.h"

#include <vector>

namespace latentoscope {

class WorkerPool;

/// Defaults as Kobak & Berens (2019) and Belkina et al. (2019) found them good.
struct TsneOptions {
    double exaggeration = 12;    ///< of the affinities in the first iterations (early exaggeration)
    int earlyIterations = 250;   ///< so many
    double lateExaggeration = 1; ///< of the affinities afterwards; above 1 clusters draw together
    int iterations = 1000;       ///< in all
    double learningRate = 0;     ///< times the gradient, its factor 4 included; 0: max(50, N / 12)
    double earlyMomentum = 0.5;  ///< while exaggerated
    double momentum = 0.8;       ///< afterwards
    RepulsionSettings repulsion;
};

/// Where t-SNE begins: the first two principal components, scaled so that the first has a standard deviation of 1e-4 (points of
/// one dimension lie on a line). (N, 2).
Points tsneStart(const Points& points, WorkerPool& pool);

/// The gradient of the KL divergence in the plane, without its factor 4.
struct TsneGradient {
    std::vector<float> values; ///< (N, 2)
    double weight = 0;         ///< Z = Σ over ordered pairs of 1 / (1 + d²)
};

/// An embedding while it forms. Everything is summed in a fixed order: the same bytes for any number of threads. One thread at a
/// time; `pool` outlives it.
class Tsne : public Embedding {
public:
    /// `start` (N, 2). Throws Error(InvalidArgument) where the counts differ.
    Tsne(Affinities affinities, const Points& start, const TsneOptions& options, WorkerPool& pool);

    /// One step of gradient descent with momentum and gains (Jacobs 1988), recentred. Throws Error(InvalidArgument) where the
    /// picture grows beyond all measure, as it does at an absurd learning rate.
    void iterate() override;
    int iteration() const override { return m_iteration; }
    int iterations() const override { return m_options.iterations; }

    /// Goes on from the present places under other options.
    void setOptions(const TsneOptions& options);
    /// Goes on from the present places with other affinities of the same points, at rest: speeds and gains begin anew. Throws as
    /// the constructor.
    void setAffinities(Affinities affinities);

    Points places() const override;
    /// Σ p log(p / q) of the present places, in nats, without exaggeration; Z by `method`.
    double klDivergence(RepulsionMethod method = RepulsionMethod::Automatic) const;
    /// At the present places.
    TsneGradient gradient(double exaggeration) const;

private:
    void rest();
    /// Puts points into an order in which those near each other in the plane are near each other in memory.
    void reorder();
    /// From the pushes the gradient of points first … end - 1, in the present order.
    void gradientOf(int first, int end, double exaggeration, double weight, const std::vector<float>& pushes, float* into) const;

    Affinities m_affinities; ///< in the present order; rows filled up to a multiple of the kernels' with zeros
    TsneOptions m_options;
    WorkerPool& m_pool;
    int m_count;
    int m_iteration = 0;
    std::vector<int> m_rows;     ///< which point is now at each place of the order
    std::vector<float> m_places; ///< (N, 2)
    std::vector<float> m_next;   ///< (N, 2)
    std::vector<float> m_speeds; ///< (N, 2)
    std::vector<float> m_gains;  ///< (N, 2)
    std::vector<float> m_pushes; ///< (N, 2)
    Repulsion m_repulsion;
};

} // namespace latentoscope
