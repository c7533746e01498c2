#include "core/models/kernels/Kernels.h"
#include "core/data/Label.h"
#include "core/kinds/Parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <thread>
#include <vector>

namespace latentoscope::kernels {
namespace {

using Values = std::vector<float>;
using Index = std::int64_t;

constexpr double kTolerance = 1e-5;

std::vector<InstructionSet> instructionSetsHere()
{
    std::vector<InstructionSet> sets;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512})
        if (find(set)) sets.push_back(set);
    return sets;
}

/// Random numbers that are the same on every machine.
class Numbers {
public:
    explicit Numbers(unsigned seed) : m_engine(seed) {}
    Index whole(Index least, Index most)
    {
        return least + static_cast<Index>(m_engine() % static_cast<unsigned>(most - least + 1));
    }
    Index one(std::initializer_list<Index> choices) { return choices.begin()[m_engine() % choices.size()]; }
    Values values(Index count)
    {
        Values v(static_cast<std::size_t>(count));
        for (float& x : v) x = static_cast<float>(m_engine() >> 8) * (2.0f / 16777216.0f) - 1.0f;
        return v;
    }

private:
    std::mt19937 m_engine;
};

/// Largest difference over largest value.
double relativeDifference(const Values& found, const std::vector<double>& expected)
{
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double d = std::abs(static_cast<double>(found[i]) - expected[i]);
        if (std::isnan(d)) return d; // smaller than no tolerance
        difference = std::max(difference, d);
        largest = std::max(largest, std::abs(expected[i]));
    }
    return difference / std::max(largest, 1e-30);
}

Index area(Index a, Index b) { return a * b; }
Index wideCount(const ConvolutionShape& s) { return s.wideChannels * area(s.wideHeight, s.wideWidth) * s.images; }
Index narrowCount(const ConvolutionShape& s) { return s.narrowChannels * area(s.narrowHeight, s.narrowWidth) * s.images; }
Index weightCount(const ConvolutionShape& s) { return s.narrowChannels * s.wideChannels * s.kernel * s.kernel; }

/// Calls visit(narrow index, wide index, weight index, image) for every product that a convolution consists of; the indices
/// are those of image 0.
template <class Visit> void forEachProduct(const ConvolutionShape& s, Visit visit)
{
    for (Index o = 0; o < s.narrowChannels; ++o)
        for (Index c = 0; c < s.wideChannels; ++c)
            for (Index y = 0; y < s.narrowHeight; ++y)
                for (Index x = 0; x < s.narrowWidth; ++x)
                    for (Index ky = 0; ky < s.kernel; ++ky)
                        for (Index kx = 0; kx < s.kernel; ++kx) {
                            const Index wy = y * s.stride + ky - s.padding, wx = x * s.stride + kx - s.padding;
                            if (wy < 0 || wy >= s.wideHeight || wx < 0 || wx >= s.wideWidth) continue;
                            const Index narrow = ((o * s.narrowHeight + y) * s.narrowWidth + x) * s.images;
                            const Index wide = ((c * s.wideHeight + wy) * s.wideWidth + wx) * s.images;
                            const Index weight = ((o * s.wideChannels + c) * s.kernel + ky) * s.kernel + kx;
                            for (Index n = 0; n < s.images; ++n)
                                visit(static_cast<std::size_t>(narrow + n), static_cast<std::size_t>(wide + n),
                                      static_cast<std::size_t>(weight));
                        }
}

ConvolutionShape randomShape(Numbers& numbers)
{
    ConvolutionShape s;
    s.images = numbers.one({16, 32, 48, 64, 80});
    s.wideChannels = numbers.one({1, 2, 3, 5, 8, 16});
    s.narrowChannels = numbers.one({1, 2, 3, 5, 7, 8, 16});
    s.kernel = numbers.whole(1, 7);
    s.stride = numbers.whole(1, 3);
    s.padding = numbers.whole(0, 3);
    s.narrowHeight = numbers.whole(1, 5);
    s.narrowWidth = numbers.whole(1, 7);
    const auto side = [&](Index narrow) { // with an output padding of 0 … stride − 1
        return std::max<Index>(1, (narrow - 1) * s.stride - 2 * s.padding + s.kernel + numbers.whole(0, s.stride - 1));
    };
    s.wideHeight = side(s.narrowHeight);
    s.wideWidth = side(s.narrowWidth);
    return s;
}

std::vector<double> startingFrom(const Values& bias, Index plane)
{
    std::vector<double> values;
    for (const float b : bias) values.insert(values.end(), static_cast<std::size_t>(plane), b);
    return values;
}

void applyRelu(std::vector<double>& values)
{
    for (double& v : values) v = std::max(v, 0.0);
}

std::string describe(const ConvolutionShape& s)
{
    std::string text;
    for (const Index v : {s.images, s.wideChannels, s.wideHeight, s.wideWidth, s.narrowChannels, s.narrowHeight, s.narrowWidth,
                          s.kernel, s.stride, s.padding})
        text += std::to_string(v) + ' ';
    return text;
}

class KernelsTest : public testing::TestWithParam<InstructionSet> {
protected:
    const Kernels& kernels() const { return *find(GetParam()); }
};

TEST_P(KernelsTest, ConvolutionsAndTheirGradientsAreTheSumsTheyStandFor)
{
    Numbers numbers(1);
    for (int round = 0; round < 60; ++round) {
        const ConvolutionShape s = randomShape(numbers);
        SCOPED_TRACE(describe(s));
        const Values wide = numbers.values(wideCount(s)), narrow = numbers.values(narrowCount(s));
        const Values weight = numbers.values(weightCount(s));
        const Values narrowBias = numbers.values(s.narrowChannels), wideBias = numbers.values(s.wideChannels);
        std::vector<double> expectedNarrow = startingFrom(narrowBias, area(s.narrowHeight, s.narrowWidth) * s.images);
        std::vector<double> expectedWide = startingFrom(wideBias, area(s.wideHeight, s.wideWidth) * s.images);
        std::vector<double> expectedWeight(weight.size());
        forEachProduct(s, [&](std::size_t n, std::size_t w, std::size_t k) {
            expectedNarrow[n] += static_cast<double>(wide[w]) * static_cast<double>(weight[k]);
            expectedWide[w] += static_cast<double>(narrow[n]) * static_cast<double>(weight[k]);
            expectedWeight[k] += static_cast<double>(narrow[n]) * static_cast<double>(wide[w]);
        });
        const Activation activation = round % 2 ? Activation::Relu : Activation::None;
        if (activation == Activation::Relu) {
            applyRelu(expectedNarrow);
            applyRelu(expectedWide);
        }
        Values foundNarrow(narrow.size()), foundWide(wide.size()), foundWeight(weight.size());
        kernels().convolve(s, wide.data(), weight.data(), narrowBias.data(), activation, foundNarrow.data());
        kernels().convolveTransposed(s, narrow.data(), weight.data(), wideBias.data(), activation, foundWide.data());
        kernels().weightGradient(s, wide.data(), narrow.data(), foundWeight.data());
        EXPECT_LT(relativeDifference(foundNarrow, expectedNarrow), kTolerance);
        EXPECT_LT(relativeDifference(foundWide, expectedWide), kTolerance);
        EXPECT_LT(relativeDifference(foundWeight, expectedWeight), kTolerance);
    }
}

TEST_P(KernelsTest, LargePicturesAreSummedAsExactlyAsSmallOnes)
{
    const ConvolutionShape s = {32, 2, 130, 94, 3, 130, 94, 3, 1, 1};
    Numbers numbers(2);
    Values wide = numbers.values(wideCount(s)), narrow = numbers.values(narrowCount(s));
    for (float& v : wide) v += 1.0f; // all terms of one sign lose most
    for (float& v : narrow) v += 1.0f;
    std::vector<double> expected(static_cast<std::size_t>(weightCount(s)));
    forEachProduct(s, [&](std::size_t n, std::size_t w, std::size_t k) {
        expected[k] += static_cast<double>(narrow[n]) * static_cast<double>(wide[w]);
    });
    Values found(expected.size());
    kernels().weightGradient(s, wide.data(), narrow.data(), found.data());
    EXPECT_LT(relativeDifference(found, expected), kTolerance);

    std::vector<double> expectedSums(2);
    for (std::size_t i = 0; i < wide.size(); ++i) expectedSums[i / (wide.size() / 2)] += static_cast<double>(wide[i]);
    Values sums(2);
    kernels().channelSums({2, static_cast<Index>(wide.size() / 2)}, wide.data(), sums.data());
    EXPECT_LT(relativeDifference(sums, expectedSums), 1e-6);
}

TEST_P(KernelsTest, LinearLayersAndTheirGradientsAreTheSumsTheyStandFor)
{
    Numbers numbers(3);
    for (int round = 0; round < 40; ++round) {
        const LinearShape s = {numbers.one({16, 32, 48, 64}), numbers.one({1, 2, 3, 7, 10, 16, 33, 64, 130}),
                               numbers.one({1, 2, 3, 7, 10, 16, 33, 64, 130})};
        SCOPED_TRACE(testing::Message() << s.images << ' ' << s.inputs << ' ' << s.outputs);
        const Values x = numbers.values(s.inputs * s.images), gradient = numbers.values(s.outputs * s.images);
        const Values weight = numbers.values(s.inputs * s.outputs), bias = numbers.values(s.outputs);
        std::vector<double> y = startingFrom(bias, s.images), xGradient(x.size()), weightGradient(weight.size());
        for (Index o = 0; o < s.outputs; ++o)
            for (Index i = 0; i < s.inputs; ++i)
                for (Index n = 0; n < s.images; ++n) {
                    const auto in = static_cast<std::size_t>(i * s.images + n), out = static_cast<std::size_t>(o * s.images + n);
                    const auto w = static_cast<std::size_t>(o * s.inputs + i);
                    y[out] += static_cast<double>(weight[w]) * static_cast<double>(x[in]);
                    xGradient[in] += static_cast<double>(weight[w]) * static_cast<double>(gradient[out]);
                    weightGradient[w] += static_cast<double>(gradient[out]) * static_cast<double>(x[in]);
                }
        const Activation activation = round % 2 ? Activation::Relu : Activation::None;
        if (activation == Activation::Relu) applyRelu(y);
        Values foundY(y.size()), foundX(x.size()), foundWeight(weight.size());
        kernels().linear(s, x.data(), weight.data(), bias.data(), activation, foundY.data());
        kernels().linearInputGradient(s, gradient.data(), weight.data(), foundX.data());
        kernels().linearWeightGradient(s, x.data(), gradient.data(), foundWeight.data());
        EXPECT_LT(relativeDifference(foundY, y), kTolerance);
        EXPECT_LT(relativeDifference(foundX, xGradient), kTolerance);
        EXPECT_LT(relativeDifference(foundWeight, weightGradient), kTolerance);
    }
}

TEST_P(KernelsTest, ReluGradientMasksAndSumsInPlaceToo)
{
    Numbers numbers(4);
    for (const Index values : {16, 48, 176, 9216}) {
        const PlaneShape s = {3, values};
        Values y = numbers.values(3 * values);
        y[5] = 0.0f; // the derivative at 0 is 0, as in torch
        Values gradient = numbers.values(3 * values);
        std::vector<double> expected(gradient.size()), expectedSums(3);
        for (std::size_t i = 0; i < y.size(); ++i) {
            expected[i] = y[i] > 0.0f ? static_cast<double>(gradient[i]) : 0.0;
            expectedSums[i / static_cast<std::size_t>(values)] += expected[i];
        }
        Values sums(3);
        kernels().reluGradient(s, y.data(), gradient.data(), gradient.data(), sums.data());
        EXPECT_EQ(relativeDifference(gradient, expected), 0.0);
        EXPECT_LT(relativeDifference(sums, expectedSums), kTolerance);
        kernels().reluGradient(s, y.data(), gradient.data(), gradient.data(), nullptr);
        EXPECT_EQ(relativeDifference(gradient, expected), 0.0);
    }
}

TEST_P(KernelsTest, NotANumberIsPassedOn)
{
    const ConvolutionShape s = {16, 1, 3, 3, 1, 3, 3, 3, 1, 1};
    Values wide(static_cast<std::size_t>(wideCount(s)), 1.0f), narrow(wide.size());
    wide[0] = std::numeric_limits<float>::quiet_NaN();
    const Values weight(9, 1.0f);
    kernels().convolve(s, wide.data(), weight.data(), nullptr, Activation::Relu, narrow.data());
    EXPECT_TRUE(std::isnan(narrow[0]));
    EXPECT_EQ(narrow[1], 4.0f);
}

TEST_P(KernelsTest, GatherTakesImagesInAnyOrderAndFillsWithBlack)
{
    Numbers numbers(5);
    for (const auto& [channels, height, width, count] :
         {std::array<Index, 4>{1, 28, 28, 40}, {3, 9, 11, 32}, {3, 5, 5, 16}, {1, 1, 3, 5}, {2, 4, 8, 0}, {4, 33, 7, 17}}) {
        GatherShape s = {channels, height, width, 48, count};
        const Index bytes = channels * height * width;
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(bytes * 50));
        for (std::uint8_t& p : pixels) p = static_cast<std::uint8_t>(numbers.whole(0, 255));
        std::vector<Index> indices;
        for (Index i = 0; i < count; ++i) indices.push_back(numbers.whole(0, 49));
        if (count > 0) indices.back() = 49; // the very last byte is read, and nothing after it
        Values result(static_cast<std::size_t>(bytes * s.images), -1.0f), expected(result.size(), 0.0f);
        for (Index i = 0; i < count; ++i)
            for (Index c = 0; c < channels; ++c)
                for (Index p = 0; p < height * width; ++p)
                    expected[static_cast<std::size_t>((c * height * width + p) * s.images + i)] =
                        static_cast<float>(
                            pixels[static_cast<std::size_t>(indices[static_cast<std::size_t>(i)] * bytes + p * channels + c)]) /
                        255.0f;
        kernels().gather(s, pixels.data(), indices.data(), result.data());
        EXPECT_EQ(result, expected);
    }
}

TEST_P(KernelsTest, EveryByteBecomesItsExactShareOf255)
{
    std::vector<std::uint8_t> pixels(256);
    Values expected;
    for (std::size_t i = 0; i < 256; ++i) {
        pixels[i] = static_cast<std::uint8_t>(i);
        expected.push_back(static_cast<float>(i) / 255.0f);
    }
    const Index first = 0;
    Values result(256 * 16), column;
    kernels().gather({1, 16, 16, 16, 1}, pixels.data(), &first, result.data());
    for (std::size_t i = 0; i < 256; ++i) column.push_back(result[i * 16]);
    EXPECT_EQ(column, expected);
}

TEST_P(KernelsTest, SquaredErrorCountsOnlyTheFirstImages)
{
    Numbers numbers(6);
    for (const Index count : {Index{0}, Index{1}, Index{23}, Index{48}}) {
        const LossShape s = {70, 48, count};
        Values logits = numbers.values(70 * 48), targets = numbers.values(70 * 48);
        for (float& x : logits) x *= 12.0f;
        for (float& t : targets) t = (t + 1.0f) / 2.0f;
        double expected = 0;
        std::vector<double> expectedGradient(logits.size());
        for (std::size_t i = 0; i < logits.size(); ++i) {
            if (static_cast<Index>(i % 48) >= count) continue;
            const double sigmoid = 1.0 / (1.0 + std::exp(-static_cast<double>(logits[i])));
            const double difference = sigmoid - static_cast<double>(targets[i]);
            expected += difference * difference;
            expectedGradient[i] = 2.0 * difference * sigmoid * (1.0 - sigmoid);
        }
        Values gradient(logits.size(), 7.0f);
        EXPECT_NEAR(kernels().sigmoidSquaredError(s, logits.data(), targets.data(), gradient.data()), expected, 1e-6 * expected);
        EXPECT_LE(relativeDifference(gradient, expectedGradient), 1e-6);
        EXPECT_NEAR(kernels().sigmoidSquaredError(s, logits.data(), targets.data(), nullptr), expected, 1e-6 * expected);
    }
}

TEST_P(KernelsTest, SquaredErrorIsRightAtExtremeLogits)
{
    Values logits(16, 0.0f), targets(16, 0.0f), gradient(16);
    logits[0] = 1e4f; // sigmoid 1
    logits[1] = -1e4f;
    logits[2] = std::numeric_limits<float>::infinity();
    logits[3] = -std::numeric_limits<float>::infinity();
    targets[1] = 1.0f;
    EXPECT_NEAR(kernels().sigmoidSquaredError({1, 16, 4}, logits.data(), targets.data(), gradient.data()), 3.0, 1e-6);
    for (int i = 0; i < 16; ++i) EXPECT_NEAR(gradient[static_cast<std::size_t>(i)], 0.0f, 1e-30f);
    logits[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(kernels().sigmoidSquaredError({1, 16, 4}, logits.data(), targets.data(), gradient.data())));
}

TEST_P(KernelsTest, CrossEntropyCountsOnlyTheFirstImages)
{
    Numbers numbers(8);
    for (const Index count : {Index{0}, Index{1}, Index{23}, Index{48}}) {
        const LossShape s = {70, 48, count};
        Values logits = numbers.values(70 * 48), targets = numbers.values(70 * 48);
        for (float& x : logits) x *= 20.0f;
        for (float& t : targets) t = (t + 1.0f) / 2.0f;
        double nats = 0, squares = 0;
        std::vector<double> expectedGradient(logits.size()), expectedImages(48);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double x = static_cast<double>(logits[i]), t = static_cast<double>(targets[i]);
            const double sigmoid = 1.0 / (1.0 + std::exp(-x));
            const double one = -t * std::log(sigmoid) - (1 - t) * std::log(1.0 / (1.0 + std::exp(x)));
            expectedImages[i % 48] += one;
            if (static_cast<Index>(i % 48) >= count) continue;
            nats += one;
            squares += (sigmoid - t) * (sigmoid - t);
            expectedGradient[i] = sigmoid - t;
        }
        Values gradient(logits.size(), 7.0f), images(48);
        const CrossEntropy found = kernels().crossEntropy(s, logits.data(), targets.data(), gradient.data(), images.data());
        EXPECT_NEAR(found.nats, nats, 2e-6 * nats);
        EXPECT_NEAR(found.squaredError, squares, 2e-6 * squares);
        EXPECT_LE(relativeDifference(gradient, expectedGradient), 1e-6);
        EXPECT_LE(relativeDifference(images, expectedImages), 2e-6);
        EXPECT_EQ(kernels().crossEntropy(s, logits.data(), targets.data(), nullptr, nullptr).nats, found.nats);
    }
}

TEST_P(KernelsTest, CrossEntropyDoesNotSaturate)
{
    Values logits(16, 0.0f), targets(16, 0.0f), gradient(16), images(16);
    logits[0] = 1e4f; // wrong by far: the loss grows with the logit, where the logarithm of a sigmoid would be infinite
    logits[1] = -1e4f;
    logits[2] = -15.0f; // right: the loss is e^-15, not 0
    const auto found = kernels().crossEntropy({1, 16, 3}, logits.data(), targets.data(), gradient.data(), images.data());
    EXPECT_NEAR(found.nats, 1e4, 1e-2);
    EXPECT_EQ(gradient[0], 1.0f);
    EXPECT_NEAR(gradient[1], 0.0f, 1e-30f);
    EXPECT_NEAR(static_cast<double>(images[2]), std::log1p(std::exp(-15.0)), 1e-6 * std::exp(-15.0));
    logits[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(kernels().crossEntropy({1, 16, 3}, logits.data(), targets.data(), gradient.data(), nullptr).nats));
}

TEST_P(KernelsTest, PosteriorIsSampledAndItsDivergenceSummed)
{
    Numbers numbers(9);
    for (const Index count : {Index{1}, Index{17}, Index{32}}) {
        const PosteriorShape s = {3, 32, count};
        Values mean = numbers.values(96), logVariance = numbers.values(96);
        const Values noise = numbers.values(96), codeGradient = numbers.values(96);
        for (float& v : logVariance) v *= 6.0f;
        Values code(96), deviation(96), meanGradient(96), logVarianceGradient(96);
        std::array<PosteriorSums, 3> sums;
        kernels().samplePosterior(s, mean.data(), logVariance.data(), noise.data(), code.data(), deviation.data(), sums.data());
        kernels().posteriorGradient(s, mean.data(), deviation.data(), noise.data(), codeGradient.data(), 0.7f,
                                    meanGradient.data(), logVarianceGradient.data());
        std::vector<double> codes(96), deviations(96), means(96), variances(96);
        std::array<PosteriorSums, 3> expected{};
        for (std::size_t i = 0; i < 96; ++i) {
            const double m = static_cast<double>(mean[i]), v = static_cast<double>(logVariance[i]);
            const double root = std::exp(v / 2), e = static_cast<double>(noise[i]), g = static_cast<double>(codeGradient[i]);
            const bool real = static_cast<Index>(i % 32) < count;
            codes[i] = m + root * e;
            deviations[i] = root;
            means[i] = g + (real ? 0.7 * m : 0);
            variances[i] = 0.5 * g * root * e + (real ? 0.35 * (root * root - 1) : 0);
            if (!real) continue;
            expected[i / 32].kl += 0.5 * (m * m + root * root - 1 - v);
            expected[i / 32].mean += m;
            expected[i / 32].meanSquare += m * m;
        }
        EXPECT_LE(relativeDifference(code, codes), 1e-6);
        EXPECT_LE(relativeDifference(deviation, deviations), 1e-6);
        EXPECT_LE(relativeDifference(meanGradient, means), 1e-6);
        EXPECT_LE(relativeDifference(logVarianceGradient, variances), 1e-6);
        for (std::size_t d = 0; d < 3; ++d) {
            EXPECT_NEAR(sums[d].kl, expected[d].kl, 1e-6 * expected[d].kl);
            EXPECT_NEAR(sums[d].mean, expected[d].mean, 1e-5);
            EXPECT_NEAR(sums[d].meanSquare, expected[d].meanSquare, 1e-5);
        }
        kernels().posteriorGradient(s, mean.data(), deviation.data(), noise.data(), nullptr, 0.0f, meanGradient.data(),
                                    logVarianceGradient.data());
        for (const float g : meanGradient) EXPECT_EQ(g, 0.0f);
    }
}

TEST_P(KernelsTest, NegativeLogLikelihoodCountsOnlyTheFirstImages)
{
    Numbers numbers(10);
    for (const Index classes : {Index{2}, Index{10}, Index{17}}) {
        for (const Index count : {Index{0}, Index{1}, Index{23}, Index{32}}) {
            const ClassShape s = {classes, 32, count};
            Values logits = numbers.values(classes * 32);
            for (float& x : logits) x *= 30.0f;
            std::vector<Label> labels;
            for (Index i = 0; i < count; ++i) labels.push_back(static_cast<Label>(numbers.whole(0, classes - 1)));
            std::vector<double> own(logits.size()), expectedGradient(logits.size());
            double nats = 0;
            std::int64_t correct = 0;
            std::vector<std::int64_t> taken(static_cast<std::size_t>(classes));
            for (std::size_t i = 0; i < 32; ++i) {
                const auto at = [&](Index c) { return static_cast<double>(logits[static_cast<std::size_t>(c) * 32 + i]); };
                Index best = 0;
                for (Index c = 1; c < classes; ++c) best = at(c) > at(best) ? c : best;
                double sum = 0;
                for (Index c = 0; c < classes; ++c) sum += std::exp(at(c) - at(best));
                for (Index c = 0; c < classes; ++c) own[static_cast<std::size_t>(c) * 32 + i] = at(c) - at(best) - std::log(sum);
                if (static_cast<Index>(i) >= count) continue;
                nats -= own[labels[i] * 32 + i];
                correct += best == labels[i];
                ++taken[static_cast<std::size_t>(best)];
                for (Index c = 0; c < classes; ++c) {
                    const std::size_t cell = static_cast<std::size_t>(c) * 32 + i;
                    expectedGradient[cell] = std::exp(own[cell]) - (c == labels[i] ? 1 : 0);
                }
            }
            Values gradient(logits.size(), 7.0f), probabilities(logits.size());
            std::vector<std::int64_t> predicted(static_cast<std::size_t>(classes));
            const ClassLoss found =
                kernels().negativeLogLikelihood(s, logits.data(), labels.data(), gradient.data(), predicted.data());
            EXPECT_NEAR(found.nats, nats, 2e-6 * nats);
            EXPECT_EQ(found.correct, correct);
            EXPECT_EQ(predicted, taken);
            EXPECT_LE(relativeDifference(gradient, expectedGradient), 2e-6);
            EXPECT_EQ(kernels().negativeLogLikelihood(s, logits.data(), labels.data(), nullptr, nullptr).nats, found.nats);
            kernels().logSoftmax(s, logits.data(), probabilities.data());
            EXPECT_LE(relativeDifference(probabilities, own), 1e-6);
        }
    }
}

TEST_P(KernelsTest, DropoutDropsBelowItsThresholdAndScalesTheRest)
{
    const Values x = {1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    std::vector<std::uint32_t> random(17, 5);
    random[1] = 4;
    random[16] = 0;
    Values y(17);
    kernels().dropout(17, x.data(), random.data(), 5, 2.0f, y.data());
    for (std::size_t i = 0; i < 17; ++i) EXPECT_EQ(y[i], i == 1 || i == 16 ? 0.0f : 2 * x[i]) << i;
}

TEST_P(KernelsTest, TheSameInputGivesTheSameBytesOnAnyThread)
{
    const ConvolutionShape s = {64, 8, 14, 14, 16, 7, 7, 3, 2, 1};
    Numbers numbers(7);
    const Values wide = numbers.values(wideCount(s)), narrow = numbers.values(narrowCount(s)),
                 weight = numbers.values(weightCount(s));
    const auto compute = [&] {
        std::array<Values, 3> results = {Values(narrow.size()), Values(wide.size()), Values(weight.size())};
        kernels().convolve(s, wide.data(), weight.data(), nullptr, Activation::None, results[0].data());
        kernels().convolveTransposed(s, narrow.data(), weight.data(), nullptr, Activation::None, results[1].data());
        kernels().weightGradient(s, wide.data(), narrow.data(), results[2].data());
        return results;
    };
    const std::array<Values, 3> here = compute();
    std::array<Values, 3> there;
    std::thread([&] { there = compute(); }).join();
    for (std::size_t i = 0; i < here.size(); ++i)
        EXPECT_EQ(std::memcmp(here[i].data(), there[i].data(), here[i].size() * sizeof(float)), 0);
}

INSTANTIATE_TEST_SUITE_P(Each, KernelsTest, testing::ValuesIn(instructionSetsHere()), [](const auto& instance) {
    switch (instance.param) {
    case InstructionSet::Avx512:
        return std::string("Avx512");
    case InstructionSet::Avx2:
        return std::string("Avx2");
    case InstructionSet::Baseline:
        break;
    }
    return std::string("Baseline");
});

TEST(Kernels, TheBestAreTheWidestOfThisProcessor)
{
    EXPECT_EQ(best().instructionSet, instructionSetsHere().back());
    EXPECT_EQ(find(InstructionSet::Baseline)->instructionSet, InstructionSet::Baseline);
    EXPECT_STREQ(name(InstructionSet::Avx512), "AVX-512");
}

} // namespace
} // namespace latentoscope::kernels
