#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/experiment/Evaluate.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/models/Network.h"
#include "core/models/Operations.h"
#include "core/storage/RunFolder.h"
#include "tests/core/training/SmallSession.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

namespace latentoscope {
namespace {

constexpr ImageShape kShape{9, 11, 1};

ModelOptions smallVae(PixelLikelihood likelihood = PixelLikelihood::Bernoulli)
{
    ModelOptions options;
    options.kind = "vae";
    options.channels = {4, 8};
    options.hidden = 16;
    options.latent = 3;
    options.likelihood = likelihood;
    options.initialWeights = WeightInitialisation::Kaiming;
    return options;
}

SessionSetup vaeSetup()
{
    SessionSetup setup = test::smallSetup();
    const std::vector<int> channels = setup.configuration.model.channels;
    setup.configuration.model = smallVae();
    setup.configuration.model.channels = channels;
    setup.configuration.data.validationFraction = 0.1;
    return setup;
}

/// What a textbook says, in double and from torch's plain operations: nothing of it is the program's own.
class Textbook {
public:
    Textbook(const ModelOptions& options, const std::vector<float>& weights) : m_options(options)
    {
        for (const ParameterEntry& entry : parameterLayout(options, kShape)) {
            m_weights[entry.name] =
                at::tensor(at::ArrayRef<float>(weights.data() + entry.offset, entry.count())).view(entry.shape).to(at::kDouble);
        }
    }

    /// Per image: mean and log-variance (N, D).
    std::pair<at::Tensor, at::Tensor> posterior(const at::Tensor& images) const
    {
        at::Tensor x = at::relu(at::conv2d(images, w("encoder.0.weight"), w("encoder.0.bias"), 2, 1));
        x = at::relu(at::conv2d(x, w("encoder.2.weight"), w("encoder.2.bias"), 2, 1)).flatten(1);
        x = at::relu(at::linear(x, w("encoder.5.weight"), w("encoder.5.bias")));
        return {at::linear(x, w("posterior.mean.weight"), w("posterior.mean.bias")),
                at::linear(x, w("posterior.log_variance.weight"), w("posterior.log_variance.bias"))};
    }

    /// −log p(x | z) of each image: (N).
    at::Tensor nats(const at::Tensor& codes, const at::Tensor& images) const
    {
        at::Tensor x = at::relu(at::linear(codes, w("decoder.0.weight"), w("decoder.0.bias")));
        x = at::relu(at::linear(x, w("decoder.2.weight"), w("decoder.2.bias"))).view({-1, 8, 3, 3});
        // 9 x 11 → 5 x 6 → 3 x 3: back with an output padding of 0 and 1 where the way there had rounded down.
        x = at::relu(at::conv_transpose2d(x, w("decoder.5.weight"), w("decoder.5.bias"), 2, 1, at::IntArrayRef{0, 1}));
        x = at::conv_transpose2d(x, w("decoder.7.weight"), w("decoder.7.bias"), 2, 1, 0);
        const at::Tensor p = 1 / (1 + (-x).exp());
        if (m_options.likelihood == PixelLikelihood::Gaussian) return (p - images).square().flatten(1).sum(1);
        return -(images * p.log() + (1 - images) * (1 - p).log()).flatten(1).sum(1);
    }

private:
    const at::Tensor& w(const std::string& name) const { return m_weights.at(name); }

    ModelOptions m_options;
    std::map<std::string, at::Tensor> m_weights;
};

/// log N(x; mean, deviation²), summed over the last dimension.
at::Tensor logNormal(const at::Tensor& x, const at::Tensor& mean, const at::Tensor& deviation)
{
    return (-0.5 * ((x - mean) / deviation).square() - deviation.log() - 0.5 * std::log(2 * std::numbers::pi)).sum(-1);
}

struct Case {
    std::shared_ptr<const DataSet> data = test::smallData(kShape, 40, 20);
    std::vector<int> items = std::vector<int>(20);
    ModelOptions options;
    std::vector<float> weights;
    at::Tensor images;

    explicit Case(PixelLikelihood likelihood) : options(smallVae(likelihood))
    {
        std::iota(items.begin(), items.end(), 0);
        weights = initialWeights(parameterLayout(options, kShape), 5);
        const ImageSet& set = data->test;
        images = at::from_blob(const_cast<std::uint8_t*>(set.pixels.data()), {20, 1, 9, 11}, at::kByte).to(at::kDouble).div(255);
    }
    at::Tensor noise(std::uint64_t seed, std::uint32_t sample) const
    {
        RandomStream random(seed, RandomPurpose::Noise, 0, sample, 0);
        return operations::normalNoise(random, 32, options.latent, 20).narrow(0, 0, 20).to(at::kDouble);
    }
};

} // namespace

TEST(Vae, ItsBoundAgreesWithATextbooksInDouble)
{
    for (const PixelLikelihood likelihood : {PixelLikelihood::Bernoulli, PixelLikelihood::Gaussian}) {
        const Case c(likelihood);
        const Textbook book(c.options, c.weights);
        const auto [mean, logVariance] = book.posterior(c.images);
        const at::Tensor deviation = (logVariance / 2).exp();
        const at::Tensor nats = book.nats(mean + deviation * c.noise(7, 0), c.images);
        // The divergence of two normal distributions in its general form, against N(0, 1).
        const at::Tensor kl = (-deviation.log() + (deviation.square() + mean.square()) / 2 - 0.5).mean(0);

        const FrozenModel model(c.options, kShape, c.weights);
        const Evaluation found = evaluate(model, *c.data, {"test", c.items, true}, 1, 7);
        const double expectedKl = kl.sum().item<double>(), expectedNats = nats.mean().item<double>();
        EXPECT_NEAR(found.at("kl"), expectedKl, 1e-4 * expectedKl) << wordOf(likelihood);
        EXPECT_NEAR(found.at("reconstruction"), expectedNats, 1e-4 * expectedNats) << wordOf(likelihood);
        EXPECT_NEAR(found.at("negative_elbo"), expectedKl + expectedNats, 1e-4 * expectedNats) << wordOf(likelihood);
        for (int d = 0; d < c.options.latent; ++d) {
            const auto one = kl[d].item<double>();
            EXPECT_NEAR(found.at("kl_" + std::to_string(d)), one, 1e-4 * expectedKl) << wordOf(likelihood) << d;
        }
        const double active = (mean.var(0, false) > 0.01).sum().item<double>();
        EXPECT_EQ(found.at("active_units"), active);
        EXPECT_GT(active, 0);
    }
}

TEST(Vae, ItsImportanceWeightedBoundAgreesWithATextbooksInDouble)
{
    for (const PixelLikelihood likelihood : {PixelLikelihood::Bernoulli, PixelLikelihood::Gaussian}) {
        const Case c(likelihood);
        const Textbook book(c.options, c.weights);
        const auto [mean, logVariance] = book.posterior(c.images);
        const at::Tensor deviation = (logVariance / 2).exp();
        constexpr int kSamples = 40;
        std::vector<at::Tensor> weights;
        for (std::uint32_t k = 1; k <= kSamples; ++k) {
            const at::Tensor z = mean + deviation * c.noise(3, k);
            weights.push_back(logNormal(z, at::zeros_like(z), at::ones_like(z)) - book.nats(z, c.images) -
                              logNormal(z, mean, deviation));
        }
        const double expected = (at::logsumexp(at::stack(weights), 0) - std::log(kSamples)).mean().item<double>();
        const FrozenModel model(c.options, kShape, c.weights);
        const ItemSelection items{"test", c.items, true};
        const double found = importanceWeightedBound(model, *c.data, items, kSamples, 2, 3);
        EXPECT_NEAR(found, expected, 1e-4 * std::abs(expected)) << wordOf(likelihood);
        EXPECT_EQ(importanceWeightedBound(model, *c.data, items, kSamples, 1, 3), found) << "another thread count";
    }
}

TEST(Vae, MoreSamplesGiveAHigherBound)
{
    const Case c(PixelLikelihood::Bernoulli);
    const FrozenModel model(c.options, kShape, c.weights);
    const ItemSelection items{"test", c.items, true};
    // One sample's bound is an ELBO. In expectation it only rises; between so many samples it does here too.
    double last = -INFINITY;
    for (const int samples : {1, 8, 64, 512}) {
        const double bound = importanceWeightedBound(model, *c.data, items, samples, 1);
        EXPECT_GT(bound, last) << samples;
        last = bound;
    }
}

TEST(Vae, SamplesOnceAnImageFromTheEvaluationSeed)
{
    const Case c(PixelLikelihood::Bernoulli);
    const FrozenModel model(c.options, kShape, c.weights);
    const ItemSelection items{"test", c.items, true};
    const Evaluation one = evaluate(model, *c.data, items, 1, 1);
    EXPECT_EQ(one.at("reconstruction"), evaluate(model, *c.data, items, 2, 1).at("reconstruction"));
    EXPECT_NE(one.at("reconstruction"), evaluate(model, *c.data, items, 1, 2).at("reconstruction"));
    EXPECT_EQ(one.at("kl"), evaluate(model, *c.data, items, 1, 2).at("kl"));
}

TEST(Vae, LearnsAndIsKeptWithItsPosteriorsNames)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = vaeSetup();
    setup.configuration.training.epochs = 8;
    setup.runFolder = folder / "run";
    (void)test::weightsAfter(setup);
    const RunRecord record = readRun(setup.runFolder);
    const auto model = readModel(setup.runFolder, record.configuration.model, record.shape);
    EXPECT_TRUE(model->hasPosterior());
    const std::vector<EpochMetrics> epochs = readMetrics(setup.runFolder);
    for (const char* name : {"negative_elbo", "reconstruction", "kl", "kl_0", "kl_2", "mse"}) {
        EXPECT_TRUE(epochs.back().find("train", name)) << name;
        EXPECT_TRUE(epochs.back().find("validation", name)) << name;
    }
    EXPECT_TRUE(epochs.back().find("validation", "active_units"));
    EXPECT_FALSE(epochs.back().find("train", "active_units")) << "weights that drift look like codes that vary";
    EXPECT_FALSE(epochs.back().find("train", "posterior_mean_0"));
    EXPECT_FALSE(epochs.back().find("train", "loss")) << "the loss is the bound itself";
    EXPECT_LT(*epochs.back().find("validation", "negative_elbo"), 0.9 * *epochs.front().find("validation", "negative_elbo"));
    ASSERT_FALSE(readSteps(setup.runFolder).empty());
    EXPECT_EQ(readSteps(setup.runFolder).front().terms.size(), 3U) << "reconstruction, kl, mse";
    std::vector<std::string> names;
    for (const ParameterEntry& entry : parameterLayout(record.configuration.model, record.shape)) names.push_back(entry.name);
    for (const char* name : {"encoder.0.weight", "posterior.mean.weight", "posterior.log_variance.bias", "decoder.0.weight"})
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
}

TEST(Vae, GivesTheSameBytesAtAnyThreadCountWithAllNoiseThereIs)
{
    SessionSetup setup = vaeSetup();
    setup.configuration.model.dropout = 0.2;
    setup.configuration.model.klWarmup = 1.5;
    setup.configuration.training.inputNoise = 0.1;
    setup.configuration.training.flip = true;
    setup.configuration.training.shift = 1;
    setup.configuration.training.schedule = LearningRateSchedule::OneCycle;
    const std::vector<float> one = test::weightsAfter(setup);
    for (const int threads : {2, 4}) {
        setup.threads = threads;
        EXPECT_EQ(test::weightsAfter(setup), one) << threads;
    }
}

TEST(Vae, EachOfItsOptionsChangesWhatIsLearned)
{
    SessionSetup setup = vaeSetup();
    setup.configuration.training.epochs = 1;
    const std::vector<float> plain = test::weightsAfter(setup);
    for (const auto& [field, value] : std::vector<std::pair<std::string, std::string>>{{"model.beta", "4"},
                                                                                       {"model.kl_warmup", "2"},
                                                                                       {"model.dropout", "0.3"},
                                                                                       {"model.likelihood", "gaussian"},
                                                                                       {"model.initial_weights", "uniform"},
                                                                                       {"training.schedule", "cosine"},
                                                                                       {"training.warmup", "0.5"},
                                                                                       {"training.input_noise", "0.2"},
                                                                                       {"training.flip", "yes"},
                                                                                       {"training.shift", "2"}}) {
        SessionSetup changed = setup;
        setFieldFromText(changed.configuration, field, value);
        EXPECT_NE(test::weightsAfter(changed), plain) << field;
    }
}

TEST(Vae, WeighsTheDivergenceByBetaAndGrowsIntoIt)
{
    const auto network = makeNetwork(smallVae(), kShape);
    const Case c(PixelLikelihood::Bernoulli);
    const at::Tensor flat = at::tensor(at::ArrayRef<float>(c.weights));
    const std::vector<at::Tensor> parameters = parameterViews(network->layout(), flat);
    const Batch batch{c.images.to(at::kFloat), c.images.to(at::kFloat), {}, 20};
    const auto lossOf = [&](double beta, double warmup, const ShardKey& key) {
        ModelOptions options = smallVae();
        options.beta = beta;
        options.klWarmup = warmup;
        return makeNetwork(options, kShape)->compute(parameters, batch, key);
    };
    const std::vector<double> plain = lossOf(1, 0, {}).sums; // bound, reconstruction, kl
    const double reconstruction = plain[1], kl = plain[2];
    EXPECT_NEAR(lossOf(4, 0, {}).loss.item<double>(), reconstruction + 4 * kl, 1e-3);
    EXPECT_NEAR(lossOf(4, 0, {}).sums[0], reconstruction + 4 * kl, 1e-3);
    EXPECT_NEAR(lossOf(4, 0, {}).sums[1], plain[0], 1e-3) << "the bound itself knows no beta";
    const auto at = [&](double passed) { return ShardKey{.training = true, .passed = passed}; };
    EXPECT_NEAR(lossOf(2, 4, at(0)).loss.item<double>(), reconstruction, 1e-3);
    EXPECT_NEAR(lossOf(2, 4, at(1)).loss.item<double>(), reconstruction + 0.5 * kl, 1e-3);
    EXPECT_NEAR(lossOf(2, 4, at(9)).loss.item<double>(), reconstruction + 2 * kl, 1e-3);
    EXPECT_NEAR(lossOf(2, 4, {}).loss.item<double>(), reconstruction + 2 * kl, 1e-3) << "all of it where it is measured";
}

TEST(Vae, TellsItsPosteriorsSpread)
{
    const Case c(PixelLikelihood::Bernoulli);
    const FrozenModel model(c.options, kShape, c.weights);
    const Posteriors posteriors = model.posteriors(c.data->test.pixels);
    EXPECT_EQ(posteriors.means, model.encode(c.data->test.pixels));
    const std::vector<float>& found = posteriors.deviations;
    const at::Tensor expected = (Textbook(c.options, c.weights).posterior(c.images).second / 2).exp();
    ASSERT_EQ(found.size(), 60U);
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_NEAR(found[i], expected.flatten()[static_cast<std::int64_t>(i)].item<double>(), 1e-4);
    const FrozenModel other({}, {28, 28, 1}, initialWeights(parameterLayout({}, {28, 28, 1}), 1));
    EXPECT_FALSE(other.hasPosterior());
    EXPECT_THROW((void)other.posteriors(std::vector<std::uint8_t>(784)), Error);
}

TEST(InitialWeights, KaimingNormalHasTheGainOfReluAndNoBiases)
{
    ModelOptions options;
    options.kind = "vae";
    options.latent = 10;
    options.initialWeights = WeightInitialisation::Kaiming;
    const auto layout = parameterLayout(options, {28, 28, 1});
    const std::vector<float> weights = initialWeights(layout, 3);
    for (const ParameterEntry& entry : layout) {
        double squares = 0;
        for (std::size_t i = 0; i < entry.count(); ++i) squares += std::pow(double{weights[entry.offset + i]}, 2);
        if (entry.name.ends_with("bias")) {
            EXPECT_EQ(squares, 0) << entry.name;
        }
        if (entry.name.ends_with("bias") || entry.count() < 500) continue;
        const double deviation = std::sqrt(2.0 / static_cast<double>(entry.fanIn));
        EXPECT_NEAR(std::sqrt(squares / static_cast<double>(entry.count())), deviation, 0.1 * deviation) << entry.name;
    }
}

TEST(Autoencoder, WithBernoulliLikelihoodTellsItsSquaredErrorToo)
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.model.likelihood = PixelLikelihood::Bernoulli;
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Evaluation found = evaluate(*session.model(), *setup.data, {"test", {0, 1, 2, 3}, true}, 1);
    EXPECT_GT(found.at("bce"), 64 * 2 * found.at("mse")) << "Pinsker's inequality, and the targets' own entropy";
    EXPECT_DOUBLE_EQ(found.at("reconstruction_accuracy"), 100 * (1 - found.at("mse")));
}

TEST(Keep, TheBestEpochByValidationLossIsWhatTheRunHolds)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::smallSetup();
    setup.configuration.data.validationFraction = 0.2;
    setup.configuration.training.epochs = 12;
    setup.configuration.training.learningRate = 0.3; // jumps about: the last epoch is rarely the best
    setup.configuration.training.keep = KeptWeights::Best;
    setup.runFolder = folder / "run";
    (void)test::weightsAfter(setup);
    const std::vector<EpochMetrics> epochs = readMetrics(setup.runFolder);
    const EpochMetrics& best = *std::min_element(epochs.begin(), epochs.end(), [](const auto& a, const auto& b) {
        return *a.find("validation", "mse") < *b.find("validation", "mse");
    });
    ASSERT_LT(best.epoch, 12) << "choose settings whose last epoch is not the best";
    EXPECT_EQ(readTrainedTo(setup.runFolder)->epoch, best.epoch);
    const RunRecord record = readRun(setup.runFolder);
    const auto model = readModel(setup.runFolder, record.configuration.model, record.shape);
    const DividedData divided = divide(setup.data, {.validationFraction = 0.2});
    EXPECT_NEAR(evaluate(*model, *setup.data, wholeSplit(divided, "validation"), 1).at("mse"), *best.find("validation", "mse"),
                1e-6);
}

TEST(Keep, BestNeedsHeldOutImages)
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.data.validationFraction = 0;
    setup.configuration.training.keep = KeptWeights::Best;
    try {
        const TrainingSession session(setup);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("training.keep: found best"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("data.validation_fraction"), std::string::npos) << error.what();
    }
}

} // namespace latentoscope
