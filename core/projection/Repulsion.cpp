#include "core/projection/Repulsion.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace latentoscope {
namespace {

using kernels::kQueries;
using kernels::Push;

constexpr int kRows = 64; ///< that a worker takes at a time, by all pairs
/// Cells are half a radius wide, so that 5 × 5 of them hold all that is nearer than the radius.
constexpr int kReach = 2;
/// Rows of nodes, at least, over which charges are brought to them together. Every other strip at a time: these touch no common
/// node, since a spline covers four of them.
constexpr float kStripNodes = 6;
/// While the picture is smaller than the kernel is wide, forces are differences of large numbers: nodes must be closer still.
constexpr double kFinestSpan = 4;
constexpr double kFinest = 0.4; ///< times the fine spacing
constexpr int kRun = 1024;      ///< points that a worker takes at a time where rows of cells do not matter
/// Pictures are some hundreds wide, those of a million points a thousand or two; wider ones would need grids beyond all memory.
constexpr double kWidest = 5000;

std::size_t roundedUp(std::size_t count, std::int64_t multiple)
{
    const auto step = static_cast<std::size_t>(multiple);
    return (count + step - 1) / step * step;
}

/// Points around a cell, side by side in memory.
struct Surroundings {
    void gather(const Cells& cells, int row, int column)
    {
        const int last = cells.grid.cells - 1;
        std::size_t size = 0;
        for (int r = std::max(0, row - kReach); r <= std::min(last, row + kReach); ++r) {
            const auto begin = static_cast<std::size_t>(cells.begin(r, std::max(0, column - kReach)));
            const auto end = static_cast<std::size_t>(cells.end(r, std::min(last, column + kReach)));
            const std::size_t needed = roundedUp(size + end - begin, kernels::kPairMultiple);
            if (x.size() < needed) {
                x.resize(2 * needed);
                y.resize(2 * needed);
            }
            std::copy(cells.x.begin() + static_cast<std::ptrdiff_t>(begin), cells.x.begin() + static_cast<std::ptrdiff_t>(end),
                      x.begin() + static_cast<std::ptrdiff_t>(size));
            std::copy(cells.y.begin() + static_cast<std::ptrdiff_t>(begin), cells.y.begin() + static_cast<std::ptrdiff_t>(end),
                      y.begin() + static_cast<std::ptrdiff_t>(size));
            size += end - begin;
        }
        count = roundedUp(size, kernels::kPairMultiple);
        std::fill(x.begin() + static_cast<std::ptrdiff_t>(size), x.begin() + static_cast<std::ptrdiff_t>(count), kernels::kFar);
        std::fill(y.begin() + static_cast<std::ptrdiff_t>(size), y.begin() + static_cast<std::ptrdiff_t>(count), kernels::kFar);
    }

    std::vector<float> x, y;
    std::size_t count = 0;
};

} // namespace

Repulsion::Repulsion(const RepulsionSettings& settings, WorkerPool& pool)
    : m_settings(settings),
      m_pool(pool),
      m_finest(0, settings.fineSpacing * kFinest, pool),
      m_fine(0, settings.fineSpacing, pool),
      m_coarse(settings.radius, settings.spacing, pool)
{
    if (!(settings.fineSpacing > 0) || !(settings.spacing > 0) || !(settings.spacing <= settings.radius / 2)) {
        throw Error(Error::Kind::InvalidArgument,
                    "repulsion: expected spacings above 0, the coarse grid's at most half the radius");
    }
}

Repulsion::Extent Repulsion::extentOf(const std::vector<float>& places)
{
    std::array<float, 2> low{places[0], places[1]}, high = low;
    for (std::size_t i = 0; i < places.size(); i += 2) {
        for (const std::size_t k : {0U, 1U}) {
            low[k] = std::min(low[k], places[i + k]);
            high[k] = std::max(high[k], places[i + k]);
        }
    }
    const auto middle = [&](std::size_t k) { return 0.5 * (static_cast<double>(low[k]) + static_cast<double>(high[k])); };
    const auto width = [&](std::size_t k) { return static_cast<double>(high[k]) - static_cast<double>(low[k]); };
    return {middle(0), middle(1), std::max(width(0), width(1))};
}

FarField& Repulsion::fineFor(double span) { return span < kFinestSpan ? m_finest : m_fine; }

RepulsionMethod Repulsion::chosen(std::size_t count, double span)
{
    if (m_settings.method != RepulsionMethod::Automatic) return m_settings.method;
    // In no particular unit of time: they were fitted to each other with AVX-512.
    const auto n = static_cast<double>(count);
    const auto grid = [](double size) { return 3.0 * size * size * std::log2(size); };
    const double pairs = 0.6 * n * n;
    const double fine = 40 * n + grid(fineFor(span).sizeFor(span));
    // Pictures are no even squares: where points are, they are some twice as dense.
    const double side = (2 * kReach + 1) * m_settings.radius / kReach;
    const double share = std::min(1.0, 2 * side * side / std::max(1e-9, span * span));
    const double split = 60 * n + 1.2 * n * n * share + grid(m_coarse.sizeFor(span));
    if (pairs <= std::min(fine, split)) return RepulsionMethod::AllPairs;
    return fine <= split ? RepulsionMethod::Grid : RepulsionMethod::NearAndFar;
}

double Repulsion::push(const std::vector<float>& places, std::vector<float>& pushes)
{
    pushes.resize(places.size());
    if (places.empty()) return 0;
    const Extent extent = extentOf(places);
    if (!(extent.span < kWidest)) {
        throw Error(Error::Kind::InvalidArgument, "t-SNE: the picture has grown " + numberText(extent.span) +
                                                      " wide, expected less than " + numberText(kWidest) +
                                                      "; give a lower learning rate");
    }
    m_method = chosen(places.size() / 2, extent.span);
    if (m_method == RepulsionMethod::AllPairs) return pushAllPairs(places, pushes);
    if (m_method == RepulsionMethod::Grid) return pushByGrid(fineFor(extent.span), 0, extent, places, pushes);
    return pushByGrid(m_coarse, m_settings.radius, extent, places, pushes);
}

double Repulsion::pushAllPairs(const std::vector<float>& places, std::vector<float>& pushes)
{
    const std::size_t count = places.size() / 2;
    const std::size_t padded = roundedUp(count, kernels::kColumnMultiple);
    m_cells.x.assign(padded, kernels::kFar);
    m_cells.y.assign(padded, kernels::kFar);
    for (std::size_t i = 0; i < count; ++i) {
        m_cells.x[i] = places[2 * i];
        m_cells.y[i] = places[2 * i + 1];
    }
    std::vector<double> weights(count);
    m_pool.run(static_cast<int>((count + kRows - 1) / kRows), [&](int, int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * kRows;
        for (std::size_t first = begin; first < std::min(count, begin + kRows); first += kQueries) {
            std::array<Push, kQueries> found; // beyond the last point there is padding
            kernels::bestProjection().repel(m_cells.x.data(), m_cells.y.data(), static_cast<std::int64_t>(padded),
                                            m_cells.x.data() + first, m_cells.y.data() + first, found.data());
            for (std::size_t p = 0; p < std::min(std::size_t{kQueries}, count - first); ++p) {
                pushes[2 * (first + p)] = static_cast<float>(found[p].x);
                pushes[2 * (first + p) + 1] = static_cast<float>(found[p].y);
                weights[first + p] = found[p].weight - 1; // itself
            }
        }
    });
    double weight = 0;
    for (const double part : weights) weight += part;
    return weight;
}

void Repulsion::spread(FarField& far)
{
    const auto height = static_cast<int>(std::ceil(kStripNodes / (m_cells.grid.side * far.grid().perUnit)));
    const int strips = (m_cells.grid.cells + height - 1) / height;
    for (const int parity : {0, 1}) {
        m_pool.run((strips + 1 - parity) / 2, [&](int, int piece) {
            const int row = (2 * piece + parity) * height;
            const int end = std::min(m_cells.grid.cells, row + height);
            const int first = m_cells.begin(row, 0);
            kernels::bestProjection().spread(m_cells.x.data() + first, m_cells.y.data() + first, m_cells.begin(end, 0) - first,
                                             far.grid(), far.charges());
        });
    }
}

double Repulsion::pushByGrid(FarField& far, double radius, const Extent& extent, const std::vector<float>& places,
                             std::vector<float>& pushes)
{
    far.place(extent.centreX, extent.centreY, extent.span);
    const kernels::GridPlace grid = far.grid();
    // Without a near field a cell is what lies between nodes, so that charges for the same nodes come one after the other.
    const float side = radius > 0 ? static_cast<float>(radius / kReach) : 1 / grid.perUnit;
    const int rows = static_cast<int>(static_cast<float>(far.nodes()) / grid.perUnit / side) + 1;
    sortIntoCells(places, {grid.lowX, grid.lowY, side, rows}, m_cells);
    spread(far);
    double weight = far.solve();

    // Without a near field runs need not be rows of cells, of which a small picture has but a few.
    const auto count = static_cast<int>(places.size() / 2);
    const int pieces = radius > 0 ? rows : (count + kRun - 1) / kRun;
    struct Worker {
        Surroundings around;
        std::vector<float> push;
    };
    std::vector<Worker> workers(static_cast<std::size_t>(m_pool.threads()));
    std::vector<double> nearWeights(static_cast<std::size_t>(pieces));
    m_pool.run(pieces, [&](int worker, int piece) {
        const int first = radius > 0 ? m_cells.begin(piece, 0) : piece * kRun;
        const int end = radius > 0 ? m_cells.begin(piece + 1, 0) : std::min(count, first + kRun);
        Worker& own = workers[static_cast<std::size_t>(worker)];
        own.push.resize(2 * static_cast<std::size_t>(end - first));
        kernels::bestProjection().collect(m_cells.x.data() + first, m_cells.y.data() + first, end - first, grid, far.fieldX(),
                                          far.fieldY(), own.push.data());
        double near = 0;
        for (int column = 0; radius > 0 && column < rows; ++column) {
            const int begin = m_cells.begin(piece, column);
            const int inside = m_cells.end(piece, column) - begin;
            if (inside == 0) continue;
            own.around.gather(m_cells, piece, column);
            near += static_cast<double>(kernels::bestProjection().repelNear(
                own.around.x.data(), own.around.y.data(), static_cast<std::int64_t>(own.around.count), m_cells.x.data() + begin,
                m_cells.y.data() + begin, inside, static_cast<float>(radius * radius),
                own.push.data() + 2 * static_cast<std::ptrdiff_t>(begin - first)));
        }
        nearWeights[static_cast<std::size_t>(piece)] = near;
        for (int i = first; i < end; ++i) {
            const auto to = 2 * static_cast<std::size_t>(m_cells.points[static_cast<std::size_t>(i)]);
            const auto from = 2 * static_cast<std::size_t>(i - first);
            pushes[to] = own.push[from];
            pushes[to + 1] = own.push[from + 1];
        }
    });
    for (const double part : nearWeights) weight += part;
    return weight - count; // each with itself
}

} // namespace latentoscope
