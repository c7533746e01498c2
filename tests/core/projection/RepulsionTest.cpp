// The repulsion of t-SNE: all its ways against the formula in double, the kernels of all instruction sets, and what must not
// break it.
#include "core/projection/Repulsion.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/projection/PlaneOrder.h"
#include "core/projection/SplitKernel.h"
#include "core/projection/kernels/ProjectionKernels.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace latentoscope {
namespace {

using test::pool;

/// Islands of points over a square of a given side, as pictures of t-SNE are.
std::vector<float> islands(int count, float side)
{
    std::vector<float> places(2 * static_cast<std::size_t>(count)), centres(20);
    RandomStream random(4, RandomPurpose::Noise);
    random.fillNormal(places);
    random.fillNormal(centres);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const std::size_t island = i / 2 % 10;
        places[i] = side * (0.05F * places[i] + 0.2F * centres[2 * island + i % 2]);
    }
    return places;
}

struct Pushed {
    std::vector<double> forces;
    double weight = 0;
};

Pushed byFormula(const std::vector<float>& places)
{
    Pushed pushed{std::vector<double>(places.size()), 0};
    for (std::size_t i = 0; i < places.size(); i += 2) {
        for (std::size_t j = 0; j < places.size(); j += 2) {
            if (i == j) continue;
            const double dx = double{places[i]} - double{places[j]}, dy = double{places[i + 1]} - double{places[j + 1]};
            const double q = 1 / (1 + dx * dx + dy * dy);
            pushed.forces[i] += q * q * dx;
            pushed.forces[i + 1] += q * q * dy;
            pushed.weight += q;
        }
    }
    return pushed;
}

/// Root of the mean squared error over that of the forces.
double relativeError(const std::vector<float>& found, const Pushed& exact)
{
    double error = 0, size = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        error += std::pow(double{found[i]} - exact.forces[i], 2);
        size += std::pow(exact.forces[i], 2);
    }
    return std::sqrt(error / size);
}

std::vector<kernels::InstructionSet> availableSets()
{
    std::vector<kernels::InstructionSet> sets;
    for (const auto set : {kernels::InstructionSet::Baseline, kernels::InstructionSet::Avx2, kernels::InstructionSet::Avx512})
        if (kernels::findProjection(set) != nullptr) sets.push_back(set);
    return sets;
}

} // namespace

TEST(Repulsion, EveryWayPushesAsTheFormula)
{
    for (const float side : {1e-4F, 1.0F, 5.0F, 20.0F, 120.0F}) {
        const std::vector<float> places = islands(900, side);
        const Pushed exact = byFormula(places);
        for (const auto method : {RepulsionMethod::AllPairs, RepulsionMethod::Grid, RepulsionMethod::NearAndFar}) {
            const std::string which = std::to_string(side) + ", method " + std::to_string(static_cast<int>(method));
            for (const bool finer : {false, true}) {
                RepulsionSettings settings = finer ? RepulsionSettings::finer() : RepulsionSettings();
                settings.method = method;
                Repulsion repulsion(settings, pool(2));
                std::vector<float> pushes;
                const double weight = repulsion.push(places, pushes);
                EXPECT_EQ(repulsion.method(), method);
                const double most = method == RepulsionMethod::AllPairs ? 1e-5 : (finer ? 1e-3 : 4e-3);
                EXPECT_LT(relativeError(pushes, exact), most) << which;
                EXPECT_NEAR(weight / exact.weight, 1, most / 4) << which;
            }
        }
    }
}

TEST(Repulsion, NearAndFarAreTheWholeKernel)
{
    using namespace kernels;
    // One place at the origin, others along a line: the near kernel's weight and force against 1 / (1 + u) less the far part.
    const double squaredRadius = 16;
    for (const InstructionSet set : availableSets()) {
        for (const float distance : {0.0F, 0.5F, 2.0F, 3.9F, 4.0F, 7.0F}) {
            std::vector<float> x(kPairMultiple, 1e30F), y = x, push(2, 0.0F);
            x[0] = distance;
            y[0] = 0;
            const std::vector<float> origin(kQueries, 0.0F);
            const float weight = findProjection(set)->repelNear(x.data(), y.data(), kPairMultiple, origin.data(), origin.data(),
                                                                1, static_cast<float>(squaredRadius), push.data());
            const double u = std::pow(double{distance}, 2);
            EXPECT_NEAR(double{weight}, 1 / (1 + u) - farKernel(u, squaredRadius), 1e-6) << name(set) << " " << distance;
            // The force is −½ of the slope along x.
            const double step = 1e-4;
            const auto near = [&](double d) { return 1 / (1 + d * d) - farKernel(d * d, squaredRadius); };
            const double slope = (near(double{distance} + step) - near(double{distance} - step)) / (2 * step);
            EXPECT_NEAR(double{push[0]}, 0.5 * slope, 2e-6) << name(set) << " " << distance;
            EXPECT_EQ(push[1], 0);
        }
    }
}

TEST(Repulsion, SplinesOfAllInstructionSetsCarryChargesAndPolynomials)
{
    using namespace kernels;
    const std::vector<float> x{1.3F, 2.0F, 5.9F, 3.14F, 2.5F}, y{0.1F, 4.4F, 2.0F, 3.9F, 0.0F};
    const GridPlace grid{0, 0, 2, 20};
    for (const InstructionSet set : availableSets()) {
        const ProjectionKernels& table = *findProjection(set);
        std::vector<float> nodes(400);
        table.spread(x.data(), y.data(), 5, grid, nodes.data());
        double charge = 0, momentX = 0, momentY = 0;
        for (std::size_t row = 0; row < 20; ++row) {
            for (std::size_t column = 0; column < 20; ++column) {
                const double value = nodes[row * 20 + column];
                EXPECT_GE(value, 0);
                charge += value;
                momentX += value * (static_cast<double>(column) - 1) / 2; // node (1, 1) is at the corner, two a unit
                momentY += value * (static_cast<double>(row) - 1) / 2;
            }
        }
        EXPECT_NEAR(charge, 5, 1e-5) << name(set);
        EXPECT_NEAR(momentX, 1.3 + 2.0 + 5.9 + 3.14 + 2.5, 1e-5) << name(set);
        EXPECT_NEAR(momentY, 0.1 + 4.4 + 2.0 + 3.9 + 0.0, 1e-5) << name(set);

        std::vector<float> fieldX(400), fieldY(400), push(10);
        for (std::size_t i = 0; i < 400; ++i) {
            fieldX[i] = static_cast<float>(i % 20);
            fieldY[i] = 3 - 2 * static_cast<float>(i) / 20;
        }
        table.collect(x.data(), y.data(), 5, grid, fieldX.data(), fieldY.data(), push.data());
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_NEAR(push[2 * i], 2 * x[i] + 1, 1e-5F) << name(set);
            EXPECT_NEAR(push[2 * i + 1], 3 - 2 * (2 * y[i] + 1 + (2 * x[i] + 1) / 20), 2e-5F) << name(set);
        }
    }
}

TEST(Repulsion, AttractionOfAllInstructionSetsIsThatOfTheFormula)
{
    using namespace kernels;
    const std::vector<float> places = islands(50, 8);
    const std::vector<std::int64_t> begins{0, 16, 16, 64};
    std::vector<std::int32_t> columns(64);
    std::vector<float> values(64);
    for (std::size_t i = 0; i < 64; ++i) {
        columns[i] = static_cast<std::int32_t>(i * 7 % 50);
        values[i] = i % 16 > 12 ? 0 : static_cast<float>(i + 1) / 64;
    }
    for (const InstructionSet set : availableSets()) {
        std::vector<float> pull(6, 9.0F);
        findProjection(set)->attract(places.data(), {begins.data(), columns.data(), values.data()}, 0, 3, pull.data());
        for (std::size_t row = 0; row < 3; ++row) {
            double x = 0, y = 0;
            for (auto k = static_cast<std::size_t>(begins[row]); k < static_cast<std::size_t>(begins[row + 1]); ++k) {
                const auto other = 2 * static_cast<std::size_t>(columns[k]);
                const double dx = double{places[2 * row]} - double{places[other]};
                const double dy = double{places[2 * row + 1]} - double{places[other + 1]};
                x += double{values[k]} * dx / (1 + dx * dx + dy * dy);
                y += double{values[k]} * dy / (1 + dx * dx + dy * dy);
            }
            EXPECT_NEAR(pull[2 * row], x, 1e-5) << name(set);
            EXPECT_NEAR(pull[2 * row + 1], y, 1e-5) << name(set);
        }
    }
}

TEST(Repulsion, IsTheSameForAnyNumberOfThreadsAndAfterOtherPictures)
{
    const std::vector<float> small = islands(3000, 30), large = islands(3000, 150);
    for (const auto method : {RepulsionMethod::AllPairs, RepulsionMethod::Grid, RepulsionMethod::NearAndFar}) {
        RepulsionSettings settings;
        settings.method = method;
        std::vector<float> first, pushes;
        const double weight = Repulsion(settings, pool(1)).push(large, first);
        for (const int threads : {1, 2, 4}) {
            Repulsion repulsion(settings, pool(threads));
            EXPECT_EQ(repulsion.push(large, pushes), weight);
            EXPECT_EQ(pushes, first);
        }
        // A smaller picture before may leave another grid behind, and then the last digits differ, no more.
        Repulsion repulsion(settings, pool(2));
        repulsion.push(small, pushes);
        EXPECT_NEAR(repulsion.push(large, pushes) / weight, 1, 1e-3);
    }
}

TEST(Repulsion, OfOnePointEqualPointsAndPointsFarApartIsFinite)
{
    for (const auto method :
         {RepulsionMethod::Automatic, RepulsionMethod::AllPairs, RepulsionMethod::Grid, RepulsionMethod::NearAndFar}) {
        RepulsionSettings settings;
        settings.method = method;
        Repulsion repulsion(settings, pool(2));
        std::vector<float> pushes;
        EXPECT_EQ(repulsion.push({}, pushes), 0);
        EXPECT_NEAR(repulsion.push({3, 4}, pushes), 0, 1e-2);
        EXPECT_NEAR(pushes[0], 0, 1e-2);
        EXPECT_NEAR(repulsion.push(std::vector<float>(2000, 7.0F), pushes) / (1000.0 * 999), 1, 1e-3);
        for (const float push : pushes) EXPECT_NEAR(push / 1000, pushes[0] / 1000, 1e-6F);
        repulsion.push({0, 0, 300, 0}, pushes);
        EXPECT_NEAR(pushes[0], 0, 1e-3F);
    }
}

TEST(Repulsion, RefusesSettingsAndPicturesBeyondAllMeasure)
{
    RepulsionSettings settings;
    settings.spacing = 3;
    EXPECT_THROW(Repulsion(settings, pool(1)), Error) << "more than half the radius";
    Repulsion repulsion({}, pool(1));
    std::vector<float> pushes;
    try {
        repulsion.push({0, 0, 1e6F, 0}, pushes);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("lower learning rate"), std::string::npos) << error.what();
    }
}

TEST(Cells, HoldEveryPointOnceInItsCell)
{
    const std::vector<float> places = islands(500, 10);
    Cells cells;
    for (const int side : {7, 12}) { // used again for another grid
        sortIntoCells(places, {-3, -4, 1.5F, side}, cells);
        std::vector<int> seen(500);
        for (int row = 0; row < side; ++row) {
            for (int column = 0; column < side; ++column) {
                for (int at = cells.begin(row, column); at < cells.end(row, column); ++at) {
                    const auto point = static_cast<std::size_t>(cells.points[static_cast<std::size_t>(at)]);
                    ++seen[point];
                    EXPECT_EQ(cells.x[static_cast<std::size_t>(at)], places[2 * point]);
                    EXPECT_EQ(cells.y[static_cast<std::size_t>(at)], places[2 * point + 1]);
                    const auto cellOf = [&](float place, float low) {
                        return std::clamp(static_cast<int>(std::floor((place - low) / 1.5F)), 0, side - 1);
                    };
                    EXPECT_EQ(cellOf(places[2 * point], -3), column);
                    EXPECT_EQ(cellOf(places[2 * point + 1], -4), row);
                    if (at == cells.begin(row, column)) continue;
                    EXPECT_LT(cells.points[static_cast<std::size_t>(at) - 1], cells.points[static_cast<std::size_t>(at)]);
                }
            }
        }
        EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
    }
}

TEST(PlaneOrder, IsAPermutationInWhichNearPointsAreNear)
{
    const std::vector<float> places = islands(4000, 100);
    const std::vector<int> order = planeOrder(places);
    std::vector<int> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    std::vector<int> all(4000);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(sorted, all);
    const auto steps = [&](const std::vector<int>& rows) {
        double sum = 0;
        for (std::size_t i = 1; i < rows.size(); ++i) {
            const auto a = 2 * static_cast<std::size_t>(rows[i - 1]), b = 2 * static_cast<std::size_t>(rows[i]);
            sum += std::hypot(double{places[a]} - double{places[b]}, double{places[a + 1]} - double{places[b + 1]});
        }
        return sum;
    };
    EXPECT_LT(steps(order), steps(all) / 10);
    EXPECT_EQ(planeOrder(std::vector<float>(6, 1.0F)), (std::vector<int>{0, 1, 2})) << "equal places keep their order";
}

} // namespace latentoscope
