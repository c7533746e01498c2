// A second kind of network, added here alone: that it trains, is kept, read back, measured and refused where it must be shows
// that engine, session, storage and evaluation know nothing of auto-encoders.
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/experiment/Evaluate.h"
#include "core/kinds/MeasureSlots.h"
#include "core/models/FrozenModel.h"
#include "core/models/Network.h"
#include "core/storage/RunFolder.h"
#include "core/storage/RunList.h"
#include "core/training/Snapshot.h"
#include "tests/core/training/SmallSession.h"

#include <ATen/ATen.h>

#include <cmath>

namespace latentoscope {
namespace {

constexpr double kPenalty = 0.01;

std::vector<ParameterEntry> linearLayout(const ModelOptions& options, const ImageShape& shape)
{
    const auto values = static_cast<std::int64_t>(shape.values());
    LayoutBuilder builder;
    builder.addBuffer("encoder.scale", {values}, ParameterEntry::Initial::One);
    builder.addLayer("encoder", {options.latent, values}, options.latent, values);
    builder.addLayer("decoder", {values, options.latent}, values, options.latent);
    return builder.take();
}

std::vector<Measure> linearMeasures(const ModelOptions&, const ImageShape& shape)
{
    return {{"loss", "Loss", "an image", 1, true},
            {"mse", "MSE", "a pixel", static_cast<double>(shape.values()), true},
            {"code_norm", "Code norm", "an image", 1, true}};
}

/// Codes are a linear map of the (noisy, while training) image, images one of the codes; the loss is the squared error and a
/// small penalty on the codes.
class LinearNetwork : public Network {
public:
    LinearNetwork(const ModelOptions& options, const ImageShape& shape)
        : m_options(options), m_shape(shape), m_layout(linearLayout(options, shape))
    {
        MeasureSlots slots(measuresOf(options, shape));
        m_loss = slots.take("loss");
        m_error = slots.take("mse");
        m_norm = slots.take("code_norm");
        slots.requireAllTaken();
    }
    const std::vector<ParameterEntry>& layout() const override { return m_layout; }
    const ImageShape& imageShape() const override { return m_shape; }
    int latentDimension() const override { return m_options.latent; }

    BatchResult compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const override
    {
        at::Tensor x = batch.input.narrow(0, 0, batch.count).contiguous();
        const at::Tensor target = batch.target.narrow(0, 0, batch.count).contiguous();
        if (key.training) {
            RandomStream random(key.seed, RandomPurpose::Noise, key.epoch, key.step, key.shard);
            at::Tensor noise = at::empty_like(x);
            for (std::int64_t i = 0; i < noise.numel(); ++i) noise.data_ptr<float>()[i] = 0.1F * random.uniform();
            x = x + noise;
        }
        const at::Tensor codes = encode(parameters, x);
        const at::Tensor error = (decode(parameters, codes) - target).square().sum();
        const at::Tensor norm = codes.square().sum();
        const at::Tensor loss = error + kPenalty * norm;
        BatchResult result{loss, std::vector<double>(3)};
        result.sums[m_loss] = loss.item<double>();
        result.sums[m_error] = error.item<double>();
        result.sums[m_norm] = norm.item<double>();
        return result;
    }
    at::Tensor encode(std::span<const at::Tensor> p, const at::Tensor& images) const override
    {
        return at::linear(images.flatten(1) * p[4], p[0], p[1]); // the buffer comes last
    }
    at::Tensor decode(std::span<const at::Tensor> p, const at::Tensor& codes) const override
    {
        return at::linear(codes, p[2], p[3]).view({-1, m_shape.channels, m_shape.height, m_shape.width});
    }

private:
    ModelOptions m_options;
    ImageShape m_shape;
    std::vector<ParameterEntry> m_layout;
    std::size_t m_loss = 0, m_error = 0, m_norm = 0;
};

std::unique_ptr<const Network> makeLinear(const ModelOptions& options, const ImageShape& shape)
{
    return std::make_unique<LinearNetwork>(options, shape);
}

/// As another author's would, its kind measures what its network does not compute.
std::vector<Measure> otherMeasures(const ModelOptions& options, const ImageShape& shape)
{
    std::vector<Measure> measures = linearMeasures(options, shape);
    measures.push_back({"sparsity", "Sparsity", "a code"});
    return measures;
}

const bool kAdded = [] {
    addKind({.name = "test-linear",
             .label = "Linear",
             .description = "For tests",
             .layout = linearLayout,
             .measures = linearMeasures});
    addNetwork("test-linear", makeLinear);
    // One whose codes are all there is.
    addKind({.name = "test-encoder",
             .label = "Encoder",
             .description = "For tests",
             .decodes = false,
             .layout = linearLayout,
             .measures = linearMeasures});
    addNetwork("test-encoder", makeLinear);
    addKind({.name = "test-mismatch",
             .label = "Mismatch",
             .description = "For tests",
             .layout = linearLayout,
             .measures = otherMeasures});
    addNetwork("test-mismatch", makeLinear);
    return true;
}();

SessionSetup linearSetup()
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.data.validationFraction = 0.1;
    setup.configuration.model.kind = "test-linear";
    setup.configuration.model.latent = 3;
    setup.configuration.training.epochs = 5;
    return setup;
}

} // namespace

TEST(OtherKind, TrainsIsKeptReadBackAndMeasured)
{
    ASSERT_TRUE(kAdded);
    const test::TemporaryFolder folder;
    SessionSetup setup = linearSetup();
    setup.runFolder = folder / "run";
    const std::vector<float> weights = test::weightsAfter(setup);

    const RunRecord record = readRun(setup.runFolder);
    EXPECT_EQ(record.configuration.model.kind, "test-linear");
    const auto model = readModel(setup.runFolder, record.configuration.model, record.shape);
    EXPECT_EQ(std::vector<float>(model->weights().begin(), model->weights().end()), weights);
    EXPECT_TRUE(readFile(setup.runFolder / "steps.csv").starts_with("epoch,loss,mse,code_norm\n"));
    const std::vector<LossPoint> steps = readSteps(setup.runFolder);
    ASSERT_EQ(steps.size(), 20U);
    for (const LossPoint& step : steps) {
        ASSERT_EQ(step.terms.size(), 2U);
        EXPECT_NEAR(step.loss, 64 * step.terms[0] + static_cast<float>(kPenalty) * step.terms[1], 1e-4F * step.loss);
    }
    const std::vector<EpochMetrics> epochs = readMetrics(setup.runFolder);
    ASSERT_EQ(epochs.size(), 5U);
    for (const char* split : {"train", "validation"}) {
        for (const char* name : {"loss", "mse", "code_norm"}) EXPECT_TRUE(epochs[4].find(split, name)) << split << name;
    }
    EXPECT_LT(*epochs[4].find("validation", "loss"), *epochs[0].find("validation", "loss"));
    EXPECT_EQ(listRuns(folder.path()).front().bestLabel, "validation Loss");

    const Evaluation one = evaluate(*model, *setup.data, {"test", {0, 1, 2, 3, 4}, true}, 1);
    EXPECT_NEAR(one.at("loss"), 64 * one.at("mse") + kPenalty * one.at("code_norm"), 1e-5 * one.at("loss"));
    EXPECT_THROW((void)one.at("reconstruction_accuracy"), Error);
}

TEST(OtherKind, GivesTheSameBytesAtAnyThreadCountThoughItsTrainingIsNoisy)
{
    SessionSetup setup = linearSetup();
    const std::vector<float> one = test::weightsAfter(setup);
    for (const int threads : {2, 3}) {
        setup.threads = threads;
        EXPECT_EQ(test::weightsAfter(setup), one) << threads;
    }
}

TEST(OtherKind, ItsBuffersAreKeptButNotTrained)
{
    SessionSetup setup = linearSetup();
    setup.configuration.training.weightDecay = 0.5; // would pull a weight of 1 away from it
    const std::vector<float> weights = test::weightsAfter(setup);
    const std::vector<ParameterEntry> layout = parameterLayout(setup.configuration.model, {8, 8, 1});
    ASSERT_EQ(layout.back().name, "encoder.scale");
    for (std::size_t i = layout.back().offset; i < weights.size(); ++i) EXPECT_EQ(weights[i], 1);
    EXPECT_NE(weights[0], 0);
}

TEST(OtherKind, OneWhoseNetworkComputesOtherMeasuresIsRefusedWhenItIsMade)
{
    SessionSetup setup = linearSetup();
    setup.configuration.model.kind = "test-mismatch";
    try {
        const TrainingSession session(setup);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("measures sparsity, which its network does not compute"), std::string::npos)
            << error.what();
    }
}

TEST(OtherKind, OneThatMakesNoImagesTrainsAndRefusesToDecode)
{
    SessionSetup setup = linearSetup();
    setup.configuration.model.kind = "test-encoder";
    setup.monitor.pictures = true;
    setup.monitor.reconstructionInterval = std::chrono::milliseconds(1);
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot news = session.channel().take();
    ASSERT_EQ(session.state(), RunState::Finished) << news.message;
    ASSERT_FALSE(news.pictures.empty());
    EXPECT_TRUE(news.pictures.back()->codes);
    EXPECT_FALSE(news.pictures.back()->reconstructions);
    EXPECT_FALSE(session.model()->decodes());
    try {
        (void)session.model()->decode(std::vector<float>{0, 0, 0});
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("makes no images"), std::string::npos) << error.what();
    }
}

} // namespace latentoscope
