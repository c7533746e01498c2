#include "core/projection/FarField.h"

#include "core/base/WorkerPool.h"
#include "core/projection/SplitKernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numbers>
#include <vector>

#include <fftw3.h>

namespace latentoscope {
namespace {

constexpr int kSplineNodes = 4;
constexpr int kBatch = 8; ///< columns, or rows, that are transformed together: a cache line of complex numbers
/// A grid is made this much larger than needed, and kept until it is so much too large: pictures grow a little each iteration.
constexpr double kRoom = 1.06;
constexpr double kTooLarge = 1.4;
/// So much room at least have the transforms around a picture, in units of the kernel, however small it is.
constexpr double kLeastReach = 8;

struct FftwFree {
    void operator()(void* memory) const { fftwf_free(memory); }
};

using Reals = std::unique_ptr<float[], FftwFree>;
using Complexes = std::unique_ptr<fftwf_complex[], FftwFree>;

Reals realsOf(std::size_t count)
{
    Reals reals(fftwf_alloc_real(count));
    if (!reals) throw std::bad_alloc();
    std::fill_n(reals.get(), count, 0.0F);
    return reals;
}

Complexes complexesOf(std::size_t count)
{
    Complexes complexes(fftwf_alloc_complex(count));
    if (!complexes) throw std::bad_alloc();
    std::fill_n(&complexes[0][0], 2 * count, 0.0F);
    return complexes;
}

/// FFTW's planner is one for the whole program; only its transforms may run at the same time.
std::mutex& planner()
{
    static std::mutex mutex;
    return mutex;
}

struct Plan {
    explicit Plan(fftwf_plan made) : plan(made)
    {
        if (plan == nullptr) throw std::bad_alloc();
    }
    ~Plan()
    {
        const std::lock_guard lock(planner());
        fftwf_destroy_plan(plan);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    fftwf_plan plan;
};

using PlanPointer = std::unique_ptr<Plan>;

/// The smallest size ≥ least whose transforms are quick: 2^a · 3^b · 5^c · 7^d with a ≥ 4, c, d ≤ 1.
int quickSize(int least)
{
    for (int size = (least + 15) / 16 * 16;; size += 16) {
        int rest = size;
        for (const int prime : {5, 7}) rest = rest % prime == 0 ? rest / prime : rest;
        while (rest % 2 == 0) rest /= 2;
        while (rest % 3 == 0) rest /= 3;
        if (rest == 1) return size;
    }
}

int batches(int count) { return (count + kBatch - 1) / kBatch; }

/// The transform of the cubic B-spline that sits on a node, at its nodes 1/6, 4/6, 1/6.
double splineSpectrum(int frequency, int size) { return (4 + 2 * std::cos(2 * std::numbers::pi * frequency / size)) / 6; }

} // namespace

/// Everything of one size. Charges are rows of nodes; beyond `nodes` there is nothing, which the transforms of rows make use of.
struct FarField::Grid {
    Grid(int nodesWanted, int sizeWanted, double radius, double spacing)
        : nodes(nodesWanted), size(sizeWanted), columns(size / 2 + 1), stride(batches(columns) * kBatch)
    {
        const auto all = static_cast<std::size_t>(size) * static_cast<std::size_t>(stride);
        const auto real = static_cast<std::size_t>(batches(nodes) * kBatch) * static_cast<std::size_t>(size);
        charges = realsOf(real);
        fieldX = realsOf(real);
        fieldY = realsOf(real);
        spectrum = complexesOf(all);
        forceX = complexesOf(all);
        forceY = complexesOf(all);
        makePlans();
        makePotential(radius, spacing);
    }

    int nodes;   ///< a side that may carry charges
    int size;    ///< a side of the transforms
    int columns; ///< of a spectrum
    int stride;  ///< of a spectrum's rows
    double lowX = 0, lowY = 0;
    Reals charges, fieldX, fieldY;      ///< (nodes, size)
    Complexes spectrum, forceX, forceY; ///< (size, stride)
    std::vector<Complexes> scratch;     ///< of each worker
    std::vector<float> potential;       ///< (columns, size): the far kernel's spectrum with all factors
    std::vector<float> slopes;          ///< (size) −½ · the frequency in radians a unit of length
    PlanPointer rows, toColumns, fromColumns, toRows;

private:
    void makePlans()
    {
        const std::lock_guard lock(planner());
        const std::array<int, 1> length{size};
        Complexes column = complexesOf(static_cast<std::size_t>(kBatch) * static_cast<std::size_t>(size));
        // Estimated, not measured: measured plans, and so last digits, differ from run to run.
        rows = std::make_unique<Plan>(fftwf_plan_many_dft_r2c(1, length.data(), kBatch, charges.get(), nullptr, 1, size,
                                                              spectrum.get(), nullptr, 1, stride, FFTW_ESTIMATE));
        toColumns = std::make_unique<Plan>(fftwf_plan_many_dft(1, length.data(), kBatch, spectrum.get(), nullptr, stride, 1,
                                                               column.get(), nullptr, 1, size, FFTW_FORWARD, FFTW_ESTIMATE));
        fromColumns = std::make_unique<Plan>(fftwf_plan_many_dft(1, length.data(), kBatch, column.get(), nullptr, 1, size,
                                                                 forceX.get(), nullptr, stride, 1, FFTW_BACKWARD, FFTW_ESTIMATE));
        toRows = std::make_unique<Plan>(fftwf_plan_many_dft_c2r(1, length.data(), kBatch, forceX.get(), nullptr, 1, stride,
                                                                fieldX.get(), nullptr, 1, size, FFTW_ESTIMATE));
    }

    void makePotential(double radius, double spacing)
    {
        const auto side = static_cast<std::size_t>(size);
        Reals kernel = realsOf(side * side);
        Complexes transformed = complexesOf(side * static_cast<std::size_t>(columns));
        PlanPointer plan;
        {
            const std::lock_guard lock(planner());
            plan = std::make_unique<Plan>(fftwf_plan_dft_r2c_2d(size, size, kernel.get(), transformed.get(), FFTW_ESTIMATE));
        }
        // No two points lie further apart along an axis than `reach`. Beyond it distances grow ever less up to the middle, where
        // the transforms' copies of the kernel meet: a kink there would be felt everywhere.
        const double reach = (nodes - kSplineNodes) * spacing;
        const double beyond = 0.5 * size * spacing - reach;
        const auto distance = [&](int i) {
            const double plain = std::min(i, size - i) * spacing;
            if (plain <= reach) return plain;
            const double share = (plain - reach) / beyond;
            return reach + beyond * (share / 2 + std::sin(std::numbers::pi * share) / (2 * std::numbers::pi));
        };
        for (int row = 0; row <= size / 2; ++row) {
            for (int column = 0; column <= size / 2; ++column) {
                const double u = distance(row) * distance(row) + distance(column) * distance(column);
                const auto value = static_cast<float>(farKernel(u, radius * radius));
                for (const int r : {row, (size - row) % size})
                    for (const int c : {column, (size - column) % size})
                        kernel[static_cast<std::size_t>(r) * side + static_cast<std::size_t>(c)] = value;
            }
        }
        fftwf_execute(plan->plan);
        potential.resize(static_cast<std::size_t>(columns) * side);
        const double both = static_cast<double>(size) * size;
        for (int column = 0; column < columns; ++column) {
            for (int row = 0; row < size; ++row) {
                const double spline = splineSpectrum(column, size) * splineSpectrum(row, size);
                const std::size_t from = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns);
                const float value = transformed[from + static_cast<std::size_t>(column)][0];
                potential[static_cast<std::size_t>(column) * side + static_cast<std::size_t>(row)] =
                    static_cast<float>(static_cast<double>(value) / (spline * spline * both));
            }
        }
        slopes.resize(side);
        for (int i = 0; i < size; ++i) {
            const int frequency = 2 * i == size ? 0 : (2 * i < size ? i : i - size); // the highest has no direction
            slopes[static_cast<std::size_t>(i)] = static_cast<float>(-std::numbers::pi * frequency / (size * spacing));
        }
    }
};

FarField::FarField(double radius, double spacing, WorkerPool& pool) : m_radius(radius), m_spacing(spacing), m_pool(pool) {}

FarField::~FarField() = default;

int FarField::nodesFor(double span) const { return static_cast<int>(std::ceil(span / m_spacing)) + kSplineNodes + 2; }

int FarField::roomyNodesFor(double span) const { return quickSize(2 * static_cast<int>(std::ceil(kRoom * nodesFor(span)))) / 2; }

int FarField::sizeFor(double span) const
{
    return std::max(2 * roomyNodesFor(span), quickSize(static_cast<int>(2 * kLeastReach / m_spacing)));
}

void FarField::place(double centreX, double centreY, double span)
{
    const int needed = nodesFor(span);
    if (!m_grid || m_grid->nodes < needed || m_grid->nodes > kTooLarge * needed + kBatch) {
        m_grid.reset(); // first, for what it holds may be large
        m_grid = std::make_unique<Grid>(roomyNodesFor(span), sizeFor(span), m_radius, m_spacing);
    }
    // The centre lies between nodes, of which there is an even number, and so at first do all points.
    const double half = 0.5 * (m_grid->nodes - kSplineNodes - 1) * m_spacing;
    m_grid->lowX = centreX - half;
    m_grid->lowY = centreY - half;
    std::fill_n(m_grid->charges.get(), static_cast<std::size_t>(m_grid->nodes) * static_cast<std::size_t>(m_grid->size), 0.0F);
}

kernels::GridPlace FarField::grid() const
{
    return {static_cast<float>(m_grid->lowX), static_cast<float>(m_grid->lowY), static_cast<float>(1 / m_spacing), m_grid->size};
}

int FarField::nodes() const { return m_grid->nodes; }
float* FarField::charges() { return m_grid->charges.get(); }
const float* FarField::fieldX() const { return m_grid->fieldX.get(); }
const float* FarField::fieldY() const { return m_grid->fieldY.get(); }

double FarField::solve()
{
    Grid& grid = *m_grid;
    const auto size = static_cast<std::size_t>(grid.size);
    const auto stride = static_cast<std::size_t>(grid.stride);
    m_pool.run(batches(grid.nodes), [&](int, int batch) {
        const auto row = static_cast<std::size_t>(batch * kBatch);
        fftwf_execute_dft_r2c(grid.rows->plan, grid.charges.get() + row * size, grid.spectrum.get() + row * stride);
    });
    grid.scratch.resize(static_cast<std::size_t>(m_pool.threads()));
    std::vector<double> weights(static_cast<std::size_t>(batches(grid.columns)));
    m_pool.run(batches(grid.columns), [&](int worker, int batch) {
        Complexes& own = grid.scratch[static_cast<std::size_t>(worker)];
        if (!own) own = complexesOf(3 * kBatch * size);
        fftwf_complex* charge = own.get();
        fftwf_complex* forceX = charge + kBatch * size;
        fftwf_complex* forceY = forceX + kBatch * size;
        const auto first = static_cast<std::size_t>(batch * kBatch);
        fftwf_execute_dft(grid.toColumns->plan, grid.spectrum.get() + first, charge);
        double weight = 0;
        for (std::size_t column = 0; column < kBatch && first + column < static_cast<std::size_t>(grid.columns); ++column) {
            const float* potential = grid.potential.data() + (first + column) * size;
            const float slopeX = grid.slopes[first + column];
            float sum = 0;
            for (std::size_t row = 0; row < size; ++row) {
                const std::size_t at = column * size + row;
                const float real = charge[at][0], imaginary = charge[at][1];
                const float p = potential[row];
                sum += p * (real * real + imaginary * imaginary);
                // Times i · slope.
                const float x = p * slopeX, y = p * grid.slopes[row];
                forceX[at][0] = -x * imaginary;
                forceX[at][1] = x * real;
                forceY[at][0] = -y * imaginary;
                forceY[at][1] = y * real;
            }
            // All columns but the first and the last stand for two.
            const bool once = first + column == 0 || first + column == size / 2;
            weight += (once ? 1 : 2) * static_cast<double>(sum);
        }
        weights[static_cast<std::size_t>(batch)] = weight;
        fftwf_execute_dft(grid.fromColumns->plan, forceX, grid.forceX.get() + first);
        fftwf_execute_dft(grid.fromColumns->plan, forceY, grid.forceY.get() + first);
    });
    m_pool.run(2 * batches(grid.nodes), [&](int, int piece) {
        const auto row = static_cast<std::size_t>(piece / 2 * kBatch);
        fftwf_complex* from = (piece % 2 == 0 ? grid.forceX.get() : grid.forceY.get()) + row * stride;
        fftwf_execute_dft_c2r(grid.toRows->plan, from, (piece % 2 == 0 ? grid.fieldX.get() : grid.fieldY.get()) + row * size);
    });
    double weight = 0;
    for (const double part : weights) weight += part;
    return weight;
}

} // namespace latentoscope
