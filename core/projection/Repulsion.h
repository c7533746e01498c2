/// How t-SNE's points push each other apart: Σ q² (place − other) over all others, q = 1 / (1 + d²), and Z = Σ q over all
/// ordered pairs. By all pairs, or much faster with a grid; see SplitKernel.h and FarField.h.
#pragma once

#include "core/projection/Cells.h"
#include "core/projection/FarField.h"

#include <vector>

namespace latentoscope {

class WorkerPool;

enum class RepulsionMethod {
    Automatic,  ///< what is likely quickest, by an estimate that depends on the places alone
    AllPairs,   ///< exact, O(N²)
    Grid,       ///< a fine grid alone: quick while the picture is small
    NearAndFar, ///< near points pair by pair, the others by a coarse grid
};

struct RepulsionSettings {
    RepulsionMethod method = RepulsionMethod::Automatic;
    double radius = 4;         ///< within which NearAndFar sums pairs; units of the picture
    double spacing = 4.0 / 3;  ///< of NearAndFar's nodes, at most half the radius
    double fineSpacing = 0.25; ///< of Grid's nodes

    /// About a third of the default's error, and 1.2 to 1.5 times its time.
    static RepulsionSettings finer() { return {RepulsionMethod::Automatic, 4, 0.8, 0.2}; }
};

/// Keeps grids and buffers from one call to the next. The same bytes for any number of threads. One caller at a time.
class Repulsion {
public:
    /// `pool` outlives it. Throws Error(InvalidArgument) for settings that make no sense.
    Repulsion(const RepulsionSettings& settings, WorkerPool& pool);

    /// For places (N, 2), finite: pushes (N, 2), the sums over all others; returns Z.
    double push(const std::vector<float>& places, std::vector<float>& pushes);
    /// How the last call did it.
    RepulsionMethod method() const { return m_method; }

private:
    struct Extent {
        double centreX = 0;
        double centreY = 0;
        double span = 0; ///< the longer side
    };

    static Extent extentOf(const std::vector<float>& places);
    RepulsionMethod chosen(std::size_t count, double span);
    FarField& fineFor(double span);
    double pushAllPairs(const std::vector<float>& places, std::vector<float>& pushes);
    double pushByGrid(FarField& far, double radius, const Extent& extent, const std::vector<float>& places,
                      std::vector<float>& pushes);
    void spread(FarField& far);

    RepulsionSettings m_settings;
    WorkerPool& m_pool;
    FarField m_finest;
    FarField m_fine;
    FarField m_coarse;
    Cells m_cells;
    RepulsionMethod m_method = RepulsionMethod::Automatic;
};

} // namespace latentoscope
