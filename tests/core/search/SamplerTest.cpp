// TPE as Optuna 3.1 has it: the same densities, the same trials held for good, and suggestions that find the minimum.
#include "core/search/Sampler.h"
#include "core/base/Error.h"
#include "core/search/ParzenEstimator.h"
#include "core/search/TruncatedNormal.h"
#include "core/studies/JournalFile.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace latentoscope {
namespace {

using test::TemporaryFolder;

const std::map<std::string, Distribution>& distributions()
{
    static const std::map<std::string, Distribution> all{
        {"real", FloatDistribution{-2, 3}},
        {"log", FloatDistribution{1e-5, 0.1, true}},
        {"step", FloatDistribution{0, 1, false, 0.25}},
        {"int", IntDistribution{2, 20}},
        {"intlog", IntDistribution{1, 64, true}},
        {"cat", CategoricalDistribution{{std::string("a"), std::string("b"), std::string("c")}}}};
    return all;
}

/// As the golden values were computed for.
std::vector<double> observed(const std::string& name, int count)
{
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        const double u = (std::sin(12.9898 * (i + 1)) + 1) / 2, v = (std::sin(78.233 * (i + 1)) + 1) / 2;
        values.push_back(name == "real"     ? -2 + 5 * u
                         : name == "log"    ? std::pow(10, -5 + 4 * v)
                         : name == "step"   ? std::nearbyint(4 * u) / 4
                         : name == "int"    ? std::nearbyint(2 + 18 * v)
                         : name == "intlog" ? std::nearbyint(std::pow(64, u))
                                            : static_cast<double>(i * 7 % 3));
    }
    return values;
}

const std::map<std::string, std::array<double, 3>>& points()
{
    static const std::map<std::string, std::array<double, 3>> all{{"real", {-1.9, 0.3, 2.75}}, {"log", {1.1e-5, 3e-3, 0.09}},
                                                                  {"step", {0, 0.5, 1}},       {"int", {2, 9, 20}},
                                                                  {"intlog", {1, 8, 64}},      {"cat", {0, 1, 2}}};
    return all;
}

struct Golden {
    int observations;
    std::string name;
    std::array<double, 3> logDensities;
};

/// Computed (tests/golden/optuna_parts.py) by Optuna 3.1's _ParzenEstimator with TPESampler's defaults; "all": multivariate.
/// Equal observations were kept in their order (NumPy's default sort leaves that open).
const std::vector<Golden>& golden()
{
    static const std::vector<Golden> all{
        {0, "real", {-0.074222199509050402, 0.040177800490949545, -0.060272199509050495}},
        {0, "log", {-0.078901656188791192, 0.033863903875160029, -0.078367942812166413}},
        {0, "step", {-1.6498593707377667, -1.570125667851616, -1.6498593707377667}},
        {0, "int", {-3.0157390640610933, -2.909115480906153, -3.0157390640610933}},
        {0, "intlog", {-0.022879436148081411, 0.038491721646293109, -0.083222818992130909}},
        {0, "cat", {-1.0986122886681098, -1.0986122886681098, -1.0986122886681098}},
        {0, "all", {-5.9402140153128933, -5.4653200114134757, -5.986073684780318}},
        {3, "real", {-1.4586668478467943, -1.0924396027210803, -0.51688247414752464}},
        {3, "log", {-1.0880855915849272, -0.70466485387876499, -0.87097563505750419}},
        {3, "step", {-2.9699597834101978, -1.5922649586402315, -1.1519574505762749}},
        {3, "int", {-3.4951281292287772, -3.0184174290338559, -2.9712448304131605}},
        {3, "intlog", {-1.3840562615878707, -0.88337039843802567, -0.50062633462997363}},
        {3, "cat", {-1.0986122886681096, -1.0986122886681096, -1.0986122886681096}},
        {3, "all", {-7.3265083762131509, -6.8393790803654415, -5.5330248466945049}},
        {40, "real", {-2.1938832341581209, -3.0829886357734382, -2.7550691364808499}},
        {40, "log", {-2.1473880085698975, -2.6074120611691951, -2.1736809975706786}},
        {40, "step", {-1.6680571914695461, -1.7819737871213222, -1.3062504981136809}},
        {40, "int", {-2.3149331605565111, -3.2944307362169445, -2.2667933767190469}},
        {40, "intlog", {-2.1424360591922076, -2.7285077202381638, -2.2779864830740371}},
        {40, "cat", {-1.07252961773515, -1.1266626996723179, -1.0973781999761683}},
        {40, "all", {-8.8068247714874115, -8.9704759549892827, -7.6962188241636689}},
    };
    return all;
}

StudyStorage storageIn(const TemporaryFolder& folder)
{
    return StudyStorage(std::make_unique<JournalFile>(folder / "study.log"));
}

/// Runs so many trials of an objective and returns the best value.
double minimized(const SearchSpace& space, const SamplerOptions& options, int trials,
                 const std::function<double(const std::map<std::string, double>&)>& objective)
{
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Minimize});
    double best = 1e300;
    for (int i = 0; i < trials; ++i) {
        const auto values = suggest(storage.journal(), storage.study("s"), space, i, options);
        NewTrial trial;
        for (const auto& [name, value] : values)
            trial.parameters[name] = {std::make_shared<const Distribution>(space.at(name)), value};
        const int id = storage.createTrial(study, trial);
        const double value = objective(values);
        storage.finish(id, TrialState::Complete, {value});
        best = std::min(best, value);
    }
    return best;
}

} // namespace

TEST(ParzenEstimator, HasOptunasDensities)
{
    for (const Golden& one : golden()) {
        std::vector<Distribution> space;
        std::vector<std::vector<double>> observations;
        for (const auto& [name, distribution] : distributions()) {
            if (one.name != "all" && one.name != name) continue;
            space.push_back(distribution);
            observations.push_back(observed(name, one.observations));
        }
        const ParzenEstimator estimator(
            space, observations, one.name == "all" ? ParzenEstimator::Bandwidth::Scott : ParzenEstimator::Bandwidth::Neighbours);
        for (std::size_t i = 0; i < 3; ++i) {
            std::vector<double> point;
            for (const auto& [name, values] : points()) {
                if (one.name == "all" || one.name == name) point.push_back(values[i]);
            }
            EXPECT_NEAR(estimator.logDensity(point), one.logDensities[i], 1e-9 * std::max(1.0, std::abs(one.logDensities[i])))
                << one.name << " of " << one.observations << " at point " << i;
        }
    }
}

TEST(ParzenEstimator, DrawsAsItsDensitySays)
{
    // Of whole numbers every value's frequency can be held against its probability.
    const std::vector<Distribution> space{IntDistribution{2, 20}};
    const ParzenEstimator estimator(space, {observed("int", 12)}, ParzenEstimator::Bandwidth::Neighbours);
    RandomStream random(1, RandomPurpose::Sampler);
    constexpr int kDraws = 40'000;
    std::map<int, int> counts;
    for (int i = 0; i < kDraws; ++i) ++counts[static_cast<int>(estimator.draw(random)[0])];
    double sum = 0, chiSquare = 0;
    for (int value = 2; value <= 20; ++value) {
        const double at = value;
        const double expected = std::exp(estimator.logDensity({&at, 1}));
        sum += expected;
        chiSquare += std::pow(counts[value] - kDraws * expected, 2) / (kDraws * expected);
    }
    EXPECT_NEAR(sum, 1, 1e-9) << "all there is";
    EXPECT_LT(chiSquare, 42.3) << "18 degrees of freedom, one in a thousand";
    EXPECT_EQ(counts.size(), 19U);
}

TEST(ParzenEstimator, DrawsStayInTheirRangeAndOnTheirSteps)
{
    RandomStream random(2, RandomPurpose::Sampler);
    for (const auto& [name, distribution] : distributions()) {
        for (const int count : {0, 1, 30}) {
            const ParzenEstimator estimator({distribution}, {observed(name, count)}, ParzenEstimator::Bandwidth::Neighbours);
            for (int i = 0; i < 300; ++i) {
                for (const double value : {estimator.draw(random)[0], drawUniform(distribution, random)}) {
                    EXPECT_TRUE(name != "real" || (value >= -2 && value <= 3));
                    EXPECT_TRUE(name != "log" || (value >= 1e-5 && value <= 0.1));
                    EXPECT_TRUE(name != "step" || (value >= 0 && value <= 1 && 4 * value == std::floor(4 * value)));
                    EXPECT_TRUE(name != "int" || (value >= 2 && value <= 20 && value == std::floor(value)));
                    EXPECT_TRUE(name != "intlog" || (value >= 1 && value <= 64 && value == std::floor(value)));
                    EXPECT_TRUE(name != "cat" || (value == 0 || value == 1 || value == 2));
                }
            }
        }
    }
}

TEST(TruncatedNormal, QuantilesAreTheInverseOfTheMass)
{
    EXPECT_NEAR(logNormalCdf(0), std::log(0.5), 1e-15);
    EXPECT_NEAR(logNormalCdf(-30), -454.32124395634327, 1e-9) << "scipy.special.log_ndtr";
    EXPECT_NEAR(logNormalCdf(-19.99), -203.71670771720844, 1e-9);
    for (const auto& [a, b] :
         std::vector<std::pair<double, double>>{{-1, 2}, {-8, -7}, {5, 9}, {-40, -38}, {0, 1e-3}, {-1e3, 1e3}}) {
        double before = a;
        for (const double q : {0.0, 1e-6, 0.1, 0.5, 0.9, 1.0}) {
            const double x = truncatedNormalQuantile(q, a, b);
            EXPECT_GE(x, before);
            EXPECT_LE(x, b);
            before = x;
            if (q <= 0 || q >= 1) continue;
            EXPECT_NEAR(std::exp(logNormalMass(a, x) - logNormalMass(a, b)), q, 1e-6 * std::max(q, 1e-3)) << a << " " << q;
        }
    }
}

TEST(Sampler, HoldsATenthForGoodAndKnowsItsSeed)
{
    EXPECT_EQ(goodOnes(10), 1);
    EXPECT_EQ(goodOnes(11), 2);
    EXPECT_EQ(goodOnes(1000), 25);
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    storage.openStudy("s", {Direction::Minimize});
    const Study& study = storage.study("s");
    const auto of = [&](std::uint64_t seed, int number) {
        SamplerOptions options;
        options.seed = seed;
        return suggest(storage.journal(), study, distributions(), number, options);
    };
    EXPECT_EQ(of(1, 0), of(1, 0));
    EXPECT_NE(of(1, 0), of(1, 1));
    EXPECT_NE(of(1, 0), of(2, 0));
    EXPECT_EQ(of(1, 0).size(), 6U);
    EXPECT_EQ(suggest(storage.journal(), study, {{"one", IntDistribution{4, 4}}}, 0, {}).at("one"), 4);
}

TEST(Sampler, TpeOfTwoObjectivesComesToTheFront)
{
    // The front of (x² + y², -((x - 1)² + y²)), the second up, is y = 0 with x from 0 to 1.
    const SearchSpace space{{"x", FloatDistribution{-5, 5}}, {"y", FloatDistribution{-5, 5}}};
    const auto awayFromFront = [&](SamplerKind kind) {
        const TemporaryFolder folder;
        StudyStorage storage(std::make_unique<JournalFile>(folder / "study.log"));
        const int study = storage.openStudy("s", {Direction::Minimize, Direction::Maximize});
        double sum = 0;
        for (int i = 0; i < 80; ++i) {
            SamplerOptions options;
            options.kind = kind;
            const auto values = suggest(storage.journal(), storage.study("s"), space, i, options);
            const double x = values.at("x"), y = values.at("y");
            NewTrial trial;
            for (const auto& [name, value] : values)
                trial.parameters[name] = {std::make_shared<const Distribution>(space.at(name)), value};
            storage.finish(storage.createTrial(study, trial), TrialState::Complete,
                           {x * x + y * y, -((x - 1) * (x - 1) + y * y)});
            if (i >= 50) sum += std::hypot(y, x - std::clamp(x, 0.0, 1.0)) / 30;
        }
        return sum;
    };
    const double random = awayFromFront(SamplerKind::Random);
    EXPECT_LT(awayFromFront(SamplerKind::Tpe), 0.5 * random);
    EXPECT_LT(awayFromFront(SamplerKind::MultivariateTpe), 0.75 * random) << "its bandwidth is wider";
}

TEST(Sampler, TpeComesNearerThanChance)
{
    const SearchSpace space{{"x", FloatDistribution{-5, 5}},
                            {"lr", FloatDistribution{1e-5, 1e-1, true}},
                            {"c", CategoricalDistribution{{std::string("a"), std::string("b"), std::string("c")}}}};
    const auto objective = [](const std::map<std::string, double>& at) {
        return std::pow(at.at("x") - 2, 2) + std::pow(std::log10(at.at("lr")) + 2, 2) + (at.at("c") == 1 ? 0 : 1);
    };
    std::map<SamplerKind, std::vector<double>> best;
    for (const SamplerKind kind : {SamplerKind::Random, SamplerKind::Tpe, SamplerKind::MultivariateTpe}) {
        for (std::uint64_t seed = 0; seed < 7; ++seed) {
            SamplerOptions options;
            options.kind = kind;
            options.seed = seed;
            best[kind].push_back(minimized(space, options, 60, objective));
        }
        std::sort(best[kind].begin(), best[kind].end());
    }
    EXPECT_LT(best[SamplerKind::Tpe][3], best[SamplerKind::Random][3] / 3) << "medians of seven";
    EXPECT_LT(best[SamplerKind::MultivariateTpe][3], best[SamplerKind::Random][3] / 3);
}

TEST(Sampler, PrunedTrialsCountByHowFarTheyCameAndRunningOnesAsBad)
{
    // Good values lie at x near 1: if pruned or running trials at x near 0 were taken for good, suggestions would go there.
    const TemporaryFolder folder;
    StudyStorage storage = storageIn(folder);
    const int study = storage.openStudy("s", {Direction::Maximize});
    const SearchSpace space{{"x", FloatDistribution{0, 1}}};
    const auto add = [&](double x) {
        NewTrial trial;
        trial.parameters["x"] = {std::make_shared<const Distribution>(space.at("x")), x};
        return storage.createTrial(study, trial);
    };
    for (int i = 0; i < 12; ++i) storage.finish(add(0.9 + 0.005 * i), TrialState::Complete, {10.0 + i});
    for (int i = 0; i < 12; ++i) {
        const int id = add(0.3 + 0.01 * i);
        storage.setIntermediate(id, i, 1e9); // it would be the best of all
        storage.finish(id, TrialState::Pruned, {});
    }
    for (int i = 0; i < 12; ++i) add(0.01 * i);
    int near = 0;
    for (int number = 0; number < 40; ++number) {
        SamplerOptions options;
        options.seed = 5;
        const double x = suggest(storage.journal(), storage.study("s"), space, 100 + number, options).at("x");
        if (x > 0.7) ++near;
    }
    EXPECT_GT(near, 34);
}

} // namespace latentoscope
