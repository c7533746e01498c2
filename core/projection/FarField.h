/// The smooth far part of the repulsion (core/projection/SplitKernel.h) on a grid: one charge a point, brought to the nodes by
/// cubic B-splines, folded with the kernel by Fourier transforms, and brought back as the two components of the force.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"

#include <memory>

namespace latentoscope {

class WorkerPool;

/// One grid at a time; everything is kept and used again while the picture fits. The same bytes for any number of threads.
class FarField {
public:
    /// `radius` ≥ 0 where near and far part meet, 0 for the whole kernel; `spacing` > 0 between nodes.
    FarField(double radius, double spacing, WorkerPool& pool);
    ~FarField();
    FarField(const FarField&) = delete;
    FarField& operator=(const FarField&) = delete;

    /// Nodes a side of the transforms of such a picture: twice as many, so that its ends do not meet,
    /// and of a size whose transforms are quick.
    int sizeFor(double span) const;

    /// Makes a grid on which a picture of this span around this centre lies, and clears its charges.
    void place(double centreX, double centreY, double span);
    kernels::GridPlace grid() const;
    /// Nodes a side that may carry charges.
    int nodes() const;

    /// Where kernels::spread puts the charges. Runs of rows that lie apart may be filled at the same time.
    float* charges();
    /// Σ over all pairs of charges, each with itself too, of the far kernel; and the fields below.
    double solve();
    /// After solve(), what kernels::collect takes: −½ ∂/∂x and ∂/∂y of the potential, which is Σ of q² (place − other).
    const float* fieldX() const;
    const float* fieldY() const;

private:
    struct Grid;
    int nodesFor(double span) const; ///< a side of the square that the picture takes, with room for the splines
    int roomyNodesFor(double span) const;
    double m_radius;
    double m_spacing;
    WorkerPool& m_pool;
    std::unique_ptr<Grid> m_grid;
};

} // namespace latentoscope
