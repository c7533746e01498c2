// TPE against real Optuna's TPESampler and against chance: five functions, 100 trials, 100 seeds each.
#include "core/base/AtomicFile.h"
#include "core/search/ParetoFront.h"
#include "core/search/Sampler.h"
#include "core/studies/StudyStorage.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

namespace latentoscope {
namespace {

using Values = std::map<std::string, double>;

constexpr int kTrials = 100;
constexpr int kSeeds = 100;

/// Keeps what is written, for one storage.
class JournalInMemory : public JournalBackend {
public:
    std::vector<std::string> readNew() override { return std::exchange(m_new, {}); }
    bool append(const std::vector<std::string>& lines, Unread unread) override
    {
        if (unread == Unread::Refuse && !m_new.empty()) return false;
        m_new.insert(m_new.end(), lines.begin(), lines.end());
        return true;
    }
    std::string name() const override { return "memory"; }

private:
    std::vector<std::string> m_new;
};

/// As optuna_samplers.py has them.
struct Function {
    std::string name;
    SearchSpace space;
    double (*value)(const Values&);
    double noise = 0;
};

double branin(const Values& at)
{
    constexpr double kPi = std::numbers::pi;
    const double x = at.at("x"), y = at.at("y");
    const double bend = y - 5.1 / (4 * kPi * kPi) * x * x + 5 / kPi * x - 6;
    return bend * bend + 10 * (1 - 1 / (8 * kPi)) * std::cos(x) + 10;
}

double hartmann(const Values& at)
{
    constexpr std::array<std::array<double, 6>, 4> kA{
        {{10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}}};
    constexpr std::array<std::array<double, 6>, 4> kP{{{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                                       {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                                       {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                                       {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}}};
    constexpr std::array<double, 4> kAlpha{1.0, 1.2, 3.0, 3.2};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        double exponent = 0;
        for (std::size_t d = 0; d < 6; ++d) {
            const double off = at.at("x" + std::to_string(d)) - kP[i][d];
            exponent += kA[i][d] * off * off;
        }
        sum -= kAlpha[i] * std::exp(-exponent);
    }
    return sum;
}

double rosenbrock(const Values& at)
{
    double sum = 0;
    for (int d = 0; d < 3; ++d) {
        const double x = at.at("x" + std::to_string(d)), next = at.at("x" + std::to_string(d + 1));
        sum += 100 * (next - x * x) * (next - x * x) + (1 - x) * (1 - x);
    }
    return sum;
}

double mixed(const Values& at)
{
    const double rate = std::log10(at.at("rate")) + 2.5, units = (at.at("units") - 12) / 5;
    const int kind = static_cast<int>(at.at("kind"));
    return rate * rate + units * units + (kind == 0 ? 0.5 : kind == 1 ? 0 : 1) + (kind == 1 && at.at("units") > 15 ? 0.3 : 0);
}

double bowl(const Values& at)
{
    double sum = 0;
    for (int d = 0; d < 3; ++d) sum += std::pow(at.at("x" + std::to_string(d)) - 0.7, 2);
    return sum;
}

double waveOf(int seed, int number)
{
    const double wave = std::sin(12.9898 * (1000 * seed + number + 1)) * 43758.5453;
    return wave - std::floor(wave) - 0.5;
}

SearchSpace cube(int dimensions, double low, double high)
{
    SearchSpace space;
    for (int d = 0; d < dimensions; ++d) space.emplace("x" + std::to_string(d), FloatDistribution{low, high});
    return space;
}

std::vector<Function> functions()
{
    return {{"branin", {{"x", FloatDistribution{-5, 10}}, {"y", FloatDistribution{0, 15}}}, branin},
            {"hartmann", cube(6, 0, 1), hartmann},
            {"rosenbrock", cube(4, -2, 2), rosenbrock},
            {"mixed",
             {{"rate", FloatDistribution{1e-5, 0.1, true}},
              {"units", IntDistribution{1, 20}},
              {"kind", CategoricalDistribution{{std::string("a"), std::string("b"), std::string("c")}}}},
             mixed},
            {"noisy", cube(3, -3, 3), bowl, 0.4}};
}

/// What the best of the trials has, without the noise.
double best(const Function& function, SamplerKind kind, int seed)
{
    StudyStorage storage(std::make_unique<JournalInMemory>());
    const int study = storage.openStudy("s", {Direction::Minimize});
    SamplerOptions options;
    options.kind = kind;
    options.seed = static_cast<std::uint64_t>(seed);
    std::vector<double> plain;
    for (int number = 0; number < kTrials; ++number) {
        NewTrial trial;
        const Values values = suggest(storage.journal(), storage.study("s"), function.space, number, options);
        for (const auto& [name, value] : values)
            trial.parameters[name] = {std::make_shared<const Distribution>(function.space.at(name)), value};
        plain.push_back(function.value(values));
        storage.finish(storage.createTrial(study, trial), TrialState::Complete,
                       {plain.back() + function.noise * waveOf(seed, number)});
    }
    return plain[static_cast<std::size_t>(bestTrials(storage.journal(), storage.study("s")).front())];
}

std::vector<double> bests(const Function& function, SamplerKind kind)
{
    std::vector<double> all;
    for (int seed = 0; seed < kSeeds; ++seed) all.push_back(best(function, kind, seed));
    return all;
}

/// The chance that values of a as small against b's as these, or smaller, come of the same distribution: the Mann-Whitney U test,
/// one-sided, by its normal approximation.
double chanceOfSmaller(const std::vector<double>& a, const std::vector<double>& b)
{
    double wins = 0;
    for (const double x : a) {
        for (const double y : b) wins += x < y ? 1 : x == y ? 0.5 : 0;
    }
    const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
    const double z = (wins - n * m / 2) / std::sqrt(n * m * (n + m + 1) / 12);
    return std::erfc(z / std::numbers::sqrt2) / 2;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return (values[values.size() / 2] + values[(values.size() - 1) / 2]) / 2;
}

} // namespace

TEST(SamplerQuality, TpeIsNoWorseThanOptunasAndBetterThanChance)
{
    const auto optuna = nlohmann::json::parse(readFile(LATENTOSCOPE_SOURCE "/tests/slow/search/optuna-samplers.json"));
    for (const Function& function : functions()) {
        const std::vector<double> theirs = optuna.at(function.name).get<std::vector<double>>();
        ASSERT_EQ(theirs.size(), static_cast<std::size_t>(kSeeds));
        const std::vector<double> random = bests(function, SamplerKind::Random);
        for (const SamplerKind kind : {SamplerKind::Tpe, SamplerKind::MultivariateTpe}) {
            const std::vector<double> ours = bests(function, kind);
            const double worse = chanceOfSmaller(theirs, ours), better = chanceOfSmaller(ours, random);
            std::printf("%-10s %-12s median %9.4f, Optuna's TPE %9.4f (p %.3f), random %9.4f (p %.1e)\n", function.name.c_str(),
                        kind == SamplerKind::Tpe ? "TPE" : "multivariate", median(ours), median(theirs), worse, median(random),
                        better);
            if (kind != SamplerKind::Tpe) continue; // Optuna's default is the univariate one
            EXPECT_GE(worse, 0.01) << function.name;
            EXPECT_LT(better, 0.01) << function.name;
        }
    }
}

} // namespace latentoscope
