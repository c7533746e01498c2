// Batch normalisation, from its kernels to whole trainings: held to torch's own operation, and to what it must not do.
#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/experiment/Evaluate.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/models/Operations.h"
#include "core/models/Transfer.h"
#include "core/storage/RunFolder.h"
#include "core/training/Engine.h"
#include "core/training/RunningStatistics.h"
#include "tests/core/models/RecordedNode.h"
#include "tests/core/training/SmallSession.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace latentoscope {
namespace {

using operations::Activation;
using operations::emptyBatchInnermost;
using operations::Path;

double relativeDifference(const at::Tensor& found, const at::Tensor& expected)
{
    const at::Tensor difference = found.to(at::kDouble).sub(expected.to(at::kDouble)).abs().max();
    return difference.item<double>() / std::max(expected.abs().max().item<double>(), 1e-30);
}

SessionSetup normalisedSetup(const std::string& kind)
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.model.kind = kind;
    setup.configuration.model.latent = 3;
    setup.configuration.model.head = {16, 12};
    setup.configuration.model.batchNorm = true;
    setup.configuration.training.learningRate = 3e-3;
    return setup;
}

EngineSetup engineSetup(const SessionSetup& setup, int threads)
{
    EngineSetup engine;
    engine.model = setup.configuration.model;
    engine.training = setup.configuration.training;
    engine.shape = setup.data->train.shape;
    engine.threads = threads;
    return engine;
}

std::vector<int> firstItems(int count)
{
    std::vector<int> items(static_cast<std::size_t>(count));
    std::iota(items.begin(), items.end(), 0);
    return items;
}

/// One tensor out of a flat buffer.
std::vector<float> tensorOf(const ModelOptions& options, std::span<const float> weights, const std::string& name)
{
    for (const ParameterEntry& entry : parameterLayout(options, {8, 8, 1})) {
        if (entry.name != name) continue;
        const auto part = weights.subspan(entry.offset, entry.count());
        return {part.begin(), part.end()};
    }
    ADD_FAILURE() << "no tensor " << name;
    return {};
}

std::vector<float> runningOf(const ModelOptions& options, std::span<const float> weights)
{
    std::vector<float> all;
    for (const ParameterEntry& entry : parameterLayout(options, {8, 8, 1})) {
        if (entry.role != ParameterEntry::Role::Running) continue;
        const auto part = weights.subspan(entry.offset, entry.count());
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

} // namespace

TEST(BatchNorm, AgreesWithTorchsOwnInValueAndGradient)
{
    at::manual_seed(5);
    const std::vector<std::vector<std::int64_t>> shapes{{16, 1}, {64, 7}, {48, 3, 5, 4}, {64, 8, 14, 14}, {32, 2, 33, 9}};
    for (const std::vector<std::int64_t>& sizes : shapes) {
        for (const std::int64_t missing : {0, 5}) {
            for (const Activation activation : {Activation::None, Activation::Relu}) {
                SCOPED_TRACE(testing::Message() << at::IntArrayRef(sizes) << " without " << missing);
                const std::int64_t count = sizes[0] - missing;
                // Far from 0 and of different spread, so that a careless variance would show.
                const at::Tensor x = at::randn(sizes) * 3 + 20;
                const at::Tensor scale = at::randn({sizes[1]}), shift = at::randn({sizes[1]}) * 2;
                at::Tensor outer = at::randn(sizes);
                if (missing > 0) outer.narrow(0, count, missing).zero_();

                at::Tensor own = emptyBatchInnermost(sizes).copy_(x).requires_grad_(true);
                at::Tensor ownScale = scale.clone().requires_grad_(true), ownShift = shift.clone().requires_grad_(true);
                const operations::Normalised found = operations::normaliseByBatch(own, ownScale, ownShift, count, activation);
                ASSERT_TRUE(isRecorded(found.y, "Normalisation")) << "the kernels were not taken";
                const auto gradients =
                    torch::autograd::grad({found.y}, {own, ownScale, ownShift}, {emptyBatchInnermost(sizes).copy_(outer)});

                at::Tensor exact = x.narrow(0, 0, count).to(at::kDouble).requires_grad_(true);
                at::Tensor exactScale = scale.to(at::kDouble).requires_grad_(true);
                at::Tensor exactShift = shift.to(at::kDouble).requires_grad_(true);
                at::Tensor mean = at::zeros({sizes[1]}, at::kDouble), variance = at::ones({sizes[1]}, at::kDouble);
                at::Tensor y = at::batch_norm(exact, exactScale, exactShift, mean, variance, true, 1.0, 1e-5, false);
                // Values next to 0 may fall on either side of it: the same ones pass in both.
                const at::Tensor passes = found.y.detach().narrow(0, 0, count).gt(0).to(at::kDouble);
                if (activation == Activation::Relu) y = y * passes;
                const auto expected =
                    torch::autograd::grad({y}, {exact, exactScale, exactShift}, {outer.narrow(0, 0, count).to(at::kDouble)});

                EXPECT_LT(relativeDifference(found.y.narrow(0, 0, count), y), 1e-5);
                EXPECT_LT(relativeDifference(gradients[0].narrow(0, 0, count), expected[0]), 1e-5);
                if (missing > 0) {
                    EXPECT_EQ(gradients[0].narrow(0, count, missing).abs().max().item<float>(), 0);
                }
                EXPECT_LT(relativeDifference(gradients[1], expected[1]), 1e-5);
                EXPECT_LT(relativeDifference(gradients[2], expected[2]), 1e-5);
                // With a momentum of 1 torch's running ones are the batch's: the variance unbiased.
                const double values = static_cast<double>(y.numel() / sizes[1]);
                EXPECT_LT(relativeDifference(found.moments.mean, mean), 1e-5);
                EXPECT_LT(relativeDifference(found.moments.variance.to(at::kDouble) * (values / (values - 1)), variance), 1e-5);
            }
        }
    }
}

TEST(BatchNorm, ByGivenMomentsAgreesWithTorchsOwn)
{
    at::manual_seed(6);
    const at::Tensor x = at::randn({32, 4, 5, 5}), scale = at::randn({4}), shift = at::randn({4}),
                     outer = at::randn({32, 4, 5, 5});
    const operations::ChannelMoments moments{at::randn({4}), at::rand({4}) + 0.1};
    std::vector<std::vector<at::Tensor>> gradients;
    std::vector<at::Tensor> values;
    for (const bool own : {true, false}) {
        at::Tensor leaf = emptyBatchInnermost(x.sizes()).copy_(x).requires_grad_(true);
        at::Tensor a = scale.clone().requires_grad_(true), b = shift.clone().requires_grad_(true);
        const at::Tensor y = own ? operations::normaliseBy(moments, leaf, a, b, Activation::None)
                                 : at::batch_norm(leaf, a, b, moments.mean, moments.variance, false, 0.1, 1e-5, false);
        values.push_back(y.detach());
        gradients.push_back(torch::autograd::grad({y}, {leaf, a, b}, {outer}));
    }
    EXPECT_LT(relativeDifference(values[0], values[1]), 1e-5);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_LT(relativeDifference(gradients[0][i], gradients[1][i]), 1e-5) << i;
}

TEST(BatchNorm, BothPathsAgreeAndOneValueIsRefused)
{
    at::manual_seed(7);
    const at::Tensor x = emptyBatchInnermost({32, 3, 4, 4}).copy_(at::randn({32, 3, 4, 4}));
    const at::Tensor scale = at::randn({3}), shift = at::randn({3});
    const auto own = operations::normaliseByBatch(x, scale, shift, 27, Activation::Relu);
    const auto reference = operations::normaliseByBatch(x, scale, shift, 27, Activation::Relu, Path::Reference);
    EXPECT_LT(relativeDifference(own.y.narrow(0, 0, 27), reference.y.narrow(0, 0, 27)), 1e-5);
    EXPECT_LT(relativeDifference(own.moments.variance, reference.moments.variance), 1e-5);
    EXPECT_THROW((void)operations::normaliseByBatch(at::randn({16, 3}), scale, shift, 1, Activation::None), c10::Error);
}

TEST(BatchNorm, KernelsOfAllInstructionSetsAgree)
{
    using namespace kernels;
    at::manual_seed(8);
    const NormalisationShape shape{3, 70, 48, 41};
    const at::Tensor x = at::randn({3, 70, 48}), gradient = at::randn({3, 70, 48});
    const at::Tensor scale = at::randn({3}), shift = at::randn({3});
    std::vector<at::Tensor> first;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512}) {
        const Kernels* table = find(set);
        if (table == nullptr) continue;
        at::Tensor mean = at::empty({3}), variance = at::empty({3}), y = at::empty_like(x), xGradient = at::empty_like(x);
        at::Tensor scaleGradient = at::empty({3}), shiftGradient = at::empty({3});
        table->channelMoments(shape, x.data_ptr<float>(), mean.data_ptr<float>(), variance.data_ptr<float>());
        const at::Tensor inverse = variance.add(1e-5).rsqrt();
        table->normalise({3, 70 * 48}, x.data_ptr<float>(), mean.data_ptr<float>(), inverse.data_ptr<float>(),
                         scale.data_ptr<float>(), shift.data_ptr<float>(), kernels::Activation::Relu, y.data_ptr<float>());
        table->normaliseGradient(shape,
                                 {x.data_ptr<float>(), y.data_ptr<float>(), mean.data_ptr<float>(), inverse.data_ptr<float>(),
                                  scale.data_ptr<float>(), true},
                                 gradient.data_ptr<float>(), xGradient.data_ptr<float>(), scaleGradient.data_ptr<float>(),
                                 shiftGradient.data_ptr<float>());
        EXPECT_EQ(xGradient.narrow(2, 41, 7).abs().max().item<float>(), 0);
        const std::vector<at::Tensor> found{mean, variance, y, xGradient, scaleGradient, shiftGradient};
        if (first.empty()) first = found;
        for (std::size_t i = 0; i < found.size(); ++i) EXPECT_LT(relativeDifference(found[i], first[i]), 1e-5) << name(set) << i;
    }
    EXPECT_FALSE(first.empty());
}

TEST(BatchNorm, NamesItsParametersAsPyTorchsSequencesWould)
{
    const auto names = [](const std::string& kind, bool frozen) {
        ModelOptions options = normalisedSetup(kind).configuration.model;
        options.freezeEncoder = frozen;
        std::vector<std::string> all;
        for (const ParameterEntry& entry : parameterLayout(options, {8, 8, 1})) all.push_back(entry.name);
        return all;
    };
    // conv, norm, ReLU, conv, norm, ReLU, flatten, linear, norm, ReLU, linear; and mirrored: linear, norm, ReLU, linear, norm,
    // ReLU, unflatten, conv, norm, ReLU, conv. What is followed by a norm has no bias.
    EXPECT_EQ(names("autoencoder", false),
              (std::vector<std::string>{
                  "encoder.0.weight",       "encoder.1.weight",      "encoder.1.bias",         "encoder.3.weight",
                  "encoder.4.weight",       "encoder.4.bias",        "encoder.7.weight",       "encoder.8.weight",
                  "encoder.8.bias",         "encoder.10.weight",     "encoder.10.bias",        "decoder.0.weight",
                  "decoder.1.weight",       "decoder.1.bias",        "decoder.3.weight",       "decoder.4.weight",
                  "decoder.4.bias",         "decoder.7.weight",      "decoder.8.weight",       "decoder.8.bias",
                  "decoder.10.weight",      "decoder.10.bias",       "encoder.1.running_mean", "encoder.1.running_var",
                  "encoder.4.running_mean", "encoder.4.running_var", "encoder.8.running_mean", "encoder.8.running_var",
                  "decoder.1.running_mean", "decoder.1.running_var", "decoder.4.running_mean", "decoder.4.running_var",
                  "decoder.8.running_mean", "decoder.8.running_var"}));
    const std::vector<std::string> head = names("classifier", true);
    EXPECT_EQ(head.front(), "head.0.weight") << "a frozen encoder comes after what learns";
    EXPECT_EQ(head[1], "head.1.weight");
    EXPECT_EQ(head[3], "head.4.weight") << "linear, norm, ReLU, dropout";
    EXPECT_EQ(head.back(), "head.5.running_var");
}

TEST(BatchNorm, EveryKindLearnsWithItAndGivesTheSameBytesAtAnyThreadCount)
{
    for (const char* kind : {"autoencoder", "vae", "classifier"}) {
        SessionSetup setup = normalisedSetup(kind);
        setup.configuration.data.validationFraction = 0.1;
        setup.configuration.model.dropout = 0.1;
        setup.configuration.training.epochs = 12;
        const std::vector<float> one = test::weightsAfter(setup);
        for (const int threads : {2, 4}) {
            setup.threads = threads;
            EXPECT_EQ(test::weightsAfter(setup), one) << kind << ' ' << threads;
        }
        const FrozenModel fresh(setup.configuration.model, {8, 8, 1},
                                initialWeights(parameterLayout(setup.configuration.model, {8, 8, 1}), 0));
        const FrozenModel trained(setup.configuration.model, {8, 8, 1}, one);
        const auto loss = [&](const FrozenModel& model) { return model.measure(setup.data->test, firstItems(50), 1, 0)[0]; };
        EXPECT_LT(loss(trained), 0.7 * loss(fresh)) << kind << ", measured as it is used";
    }
}

TEST(BatchNorm, WithOneShardRunningStatisticsAreThoseOfTorch)
{
    SessionSetup setup = normalisedSetup("autoencoder");
    setup.configuration.training.shardSize = 64;
    Engine engine(engineSetup(setup, 1));
    const ModelOptions& options = setup.configuration.model;
    const ImageSet& images = setup.data->train;
    at::Tensor mean = at::zeros({4}), variance = at::ones({4});
    for (std::uint32_t step = 0; step < 3; ++step) {
        const std::vector<float> before = engine.weights();
        std::vector<int> items(50);
        std::iota(items.begin(), items.end(), static_cast<int>(step) * 50);
        ASSERT_TRUE(engine.step(images, items, {1, step, 0, 1e-3F}, {}));
        // The first layer, by torch alone.
        at::Tensor x = at::empty({50, 1, 8, 8});
        for (std::int64_t i = 0; i < x.numel(); ++i)
            x.data_ptr<float>()[i] = static_cast<float>(images.pixels[step * 50 * 64 + static_cast<std::size_t>(i)]) / 255;
        std::vector<float> kernel = tensorOf(options, before, "encoder.0.weight");
        const at::Tensor weight = at::from_blob(kernel.data(), {4, 1, 3, 3});
        (void)at::batch_norm(at::conv2d(x, weight, {}, 2, 1), {}, {}, mean, variance, true, 0.1, 1e-5, false);
    }
    const std::vector<float> after = engine.weights();
    const std::vector<float> ownMean = tensorOf(options, after, "encoder.1.running_mean");
    const std::vector<float> ownVariance = tensorOf(options, after, "encoder.1.running_var");
    for (std::int64_t c = 0; c < 4; ++c) {
        EXPECT_NEAR(ownMean[static_cast<std::size_t>(c)], mean[c].item<float>(), 1e-6);
        EXPECT_NEAR(ownVariance[static_cast<std::size_t>(c)], variance[c].item<float>(), 1e-5);
    }
}

TEST(RunningStatistics, AreMergedByTheirValues)
{
    LayoutBuilder builder;
    builder.addNormalisedLayer("a", "b", {2, 1}, 2, 1);
    builder.addNormalisedLayer("c", "d", {1, 2}, 1, 2);
    const std::vector<ParameterEntry> layout = builder.take();
    std::vector<float> flat = initialWeights(layout, 1);
    const std::vector<float> before = flat;
    // The second layer saw nothing in the first shard, as one image gives it.
    const std::vector<std::vector<LayerMoments>> shards{{{{1, 2}, {4, 0}, 5}, {}}, {{{4, 2}, {1, 3}, 10}, {{7}, {2}, 2}}};
    EXPECT_TRUE(mergeMoments(layout, shards, flat));
    const std::size_t running = flat.size() - 6;
    EXPECT_TRUE(std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(running), flat.begin()));
    EXPECT_FLOAT_EQ(flat[running + 0], 0.1F * 3); // (5 · 1 + 10 · 4) / 15
    EXPECT_FLOAT_EQ(flat[running + 1], 0.1F * 2);
    EXPECT_FLOAT_EQ(flat[running + 2], 0.9F + 0.1F * (5 * 4 * 1.25F + 10 * 10.0F / 9) / 15); // unbiased
    EXPECT_FLOAT_EQ(flat[running + 3], 0.9F + 0.1F * (10 * 30.0F / 9) / 15);
    EXPECT_FLOAT_EQ(flat[running + 4], 0.1F * 7);
    EXPECT_FLOAT_EQ(flat[running + 5], 0.9F + 0.1F * 4);

    const std::vector<float> merged = flat;
    const std::vector<std::vector<LayerMoments>> nothing{{{}, {}}};
    EXPECT_TRUE(mergeMoments(layout, nothing, flat));
    EXPECT_EQ(flat, merged);
    const std::vector<std::vector<LayerMoments>> bad{{{{0, 0}, {INFINITY, 0}, 5}, {}}};
    EXPECT_FALSE(mergeMoments(layout, bad, flat));
}

TEST(BatchNorm, MeasuringGoesByRunningStatisticsAndChangesNothing)
{
    SessionSetup setup = normalisedSetup("autoencoder");
    TrainingSession session(setup);
    session.start();
    session.wait();
    const auto model = session.model();
    const std::vector<float> kept(model->weights().begin(), model->weights().end());
    // An image's code does not depend on those beside it.
    const std::size_t values = setup.data->test.shape.values();
    const std::span<const std::uint8_t> pixels(setup.data->test.pixels);
    const std::vector<float> together = model->encode(pixels);
    const std::vector<float> alone = model->encode(pixels.subspan(7 * values, values));
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(alone[d], together[7 * 3 + d], 1e-6);
    EXPECT_EQ(std::vector<float>(model->weights().begin(), model->weights().end()), kept);

    Engine engine(engineSetup(setup, 2));
    const std::vector<float> first = engine.weights();
    ASSERT_TRUE(engine.evaluate(setup.data->train, firstItems(50), {}));
    EXPECT_EQ(engine.weights(), first);
    ASSERT_TRUE(engine.step(setup.data->train, firstItems(50), {1, 0, 0, 1e-3F}, {}));
    EXPECT_NE(runningOf(setup.configuration.model, engine.weights()), runningOf(setup.configuration.model, first));
    engine.takeBack();
    EXPECT_EQ(engine.weights(), first) << "statistics too";
}

TEST(BatchNorm, ALastImageByItselfIsNoTrouble)
{
    for (const char* kind : {"autoencoder", "vae", "classifier"}) {
        SessionSetup setup = normalisedSetup(kind);
        setup.configuration.training.shardSize = 16;
        Engine engine(engineSetup(setup, 2));
        // 17 images: shards of 16 and 1.
        for (std::uint32_t step = 0; step < 20; ++step) {
            const auto found = engine.step(setup.data->train, firstItems(17), {1, step, 0, 1e-3F}, {});
            ASSERT_TRUE(found) << kind;
            EXPECT_TRUE(std::isfinite(found->loss()));
        }
        for (const float value : engine.weights()) ASSERT_TRUE(std::isfinite(value)) << kind;
    }
}

TEST(BatchNorm, AFrozenEncoderKeepsItsStatistics)
{
    SessionSetup encoder = normalisedSetup("autoencoder");
    const FrozenModel trained(encoder.configuration.model, {8, 8, 1}, test::weightsAfter(encoder));
    SessionSetup setup = normalisedSetup("classifier");
    setup.configuration.model.freezeEncoder = true;
    const ModelOptions& options = setup.configuration.model;
    const std::vector<float> first = withEncoderOf(trained, options, 1);
    setup.weights = std::make_shared<std::vector<float>>(first);
    const std::vector<float> after = test::weightsAfter(setup);
    for (const char* name : {"encoder.0.weight", "encoder.1.bias", "encoder.1.running_mean", "encoder.8.running_var"})
        EXPECT_EQ(tensorOf(options, after, name), tensorOf(trained.options(), trained.weights(), name)) << name;
    EXPECT_NE(tensorOf(options, after, "head.1.running_mean"), tensorOf(options, first, "head.1.running_mean"));
    EXPECT_EQ(FrozenModel(options, {8, 8, 1}, after).encode(setup.data->test.pixels), trained.encode(setup.data->test.pixels));
}

TEST(BatchNorm, AnEncoderTakesItsStatisticsAlong)
{
    for (const char* kind : {"autoencoder", "vae"}) {
        const SessionSetup from = normalisedSetup(kind);
        const FrozenModel trained(from.configuration.model, {8, 8, 1}, test::weightsAfter(from));
        ModelOptions to = normalisedSetup("classifier").configuration.model;
        const FrozenModel model(to, {8, 8, 1}, withEncoderOf(trained, to, 1));
        EXPECT_EQ(model.encode(from.data->test.pixels), trained.encode(from.data->test.pixels)) << kind;
        to.batchNorm = false;
        EXPECT_THROW((void)withEncoderOf(trained, to, 1), Error);
        takeEncoderOptions(to, from.configuration.model);
        EXPECT_TRUE(to.batchNorm);
    }
}

TEST(BatchNorm, ARunIsReadBackWithItsStatistics)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = normalisedSetup("vae");
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    session.wait();
    ASSERT_EQ(session.state(), RunState::Finished);
    const RunRecord record = readRun(folder / "run");
    EXPECT_TRUE(record.configuration.model.batchNorm);
    const auto read = readModel(folder / "run", record.configuration.model, record.shape);
    EXPECT_EQ(read->reconstruct(setup.data->test.pixels), session.model()->reconstruct(setup.data->test.pixels));
}

TEST(BatchNorm, NeedsTwoImagesTogether)
{
    for (const char* field : {"training.shard_size", "training.batch_size"}) {
        Configuration configuration;
        configuration.model.batchNorm = true;
        setFieldFromText(configuration, field, "1");
        try {
            validate(configuration, {28, 28, 1});
            FAIL() << field;
        } catch (const Error& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with(std::string(field) + ": found 1, expected at least 2"))
                << error.what();
        }
        configuration.model.batchNorm = false;
        EXPECT_NO_THROW(validate(configuration, {28, 28, 1}));
    }
}

} // namespace latentoscope
