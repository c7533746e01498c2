#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/experiment/Classification.h"
#include "core/experiment/Evaluate.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/models/Transfer.h"
#include "core/training/Collapse.h"
#include "tests/core/training/SmallSession.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace latentoscope {
namespace {

constexpr ImageShape kShape{8, 8, 1};

SessionSetup classifierSetup()
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.model.kind = "classifier";
    setup.configuration.model.latent = 4;
    setup.configuration.model.head = {12};
    setup.configuration.model.dropout = 0.1;
    setup.configuration.training.epochs = 40;
    setup.configuration.training.learningRate = 0.01;
    return setup;
}

ItemSelection testItems(int count)
{
    std::vector<int> items(static_cast<std::size_t>(count));
    std::iota(items.begin(), items.end(), 0);
    return {"test", items, true};
}

FrozenModel smallModel(const std::string& kind, std::uint64_t seed)
{
    ModelOptions options = classifierSetup().configuration.model;
    options.kind = kind;
    return {options, kShape, initialWeights(parameterLayout(options, kShape), seed)};
}

std::vector<float> tensor(const ModelOptions& options, std::span<const float> weights, const std::string& name)
{
    for (const ParameterEntry& entry : parameterLayout(options, kShape)) {
        if (entry.name != name) continue;
        const auto part = weights.subspan(entry.offset, entry.count());
        return {part.begin(), part.end()};
    }
    ADD_FAILURE() << name;
    return {};
}

std::string refusal(const SessionSetup& setup)
{
    try {
        const TrainingSession session(setup);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::InvalidArgument);
        return error.what();
    }
    return "accepted";
}

Predictions somePredictions()
{
    Predictions all;
    all.classes = 3;
    all.items = {10, 11, 12, 13, 14, 15};
    all.labels = {0, 0, 1, 1, 1, 2};
    all.predicted = {0, 1, 1, 0, 1, 1};
    all.probability = {0.9F, 0.8F, 0.7F, 0.95F, 0.6F, 0.8F};
    return all;
}

} // namespace

TEST(Classifier, LearnsToTellTheClassesApart)
{
    SessionSetup setup = classifierSetup();
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Evaluation found = evaluate(*session.model(), *setup.data, testItems(50), 2);
    EXPECT_GT(found.at("accuracy"), 80);
    EXPECT_DOUBLE_EQ(found.at("error"), 100 - found.at("accuracy"));
    EXPECT_LT(found.at("nll"), 0.7);
    EXPECT_FALSE(session.model()->decodes());
    EXPECT_TRUE(session.model()->classifies());
    EXPECT_TRUE(session.channel().take().warning.empty());

    const Predictions predictions = predictItems(*session.model(), *setup.data, testItems(50), 2);
    EXPECT_DOUBLE_EQ(confusionOf(predictions).accuracy(), found.at("accuracy")) << "two ways to count the same";
    // Probabilities are a distribution, and their logarithm is what the loss sums up.
    const std::vector<float> p = session.model()->probabilities(session.model()->encode(setup.data->test.pixels));
    double nats = 0;
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_NEAR(std::accumulate(p.begin() + 10 * static_cast<std::ptrdiff_t>(i),
                                    p.begin() + 10 * static_cast<std::ptrdiff_t>(i + 1), 0.0),
                    1, 1e-5);
        nats -= std::log(double{p[10 * i + setup.data->test.labels[i]]});
    }
    EXPECT_NEAR(nats / 50, found.at("nll"), 1e-4);
}

TEST(Classifier, GivesTheSameBytesAtAnyThreadCount)
{
    SessionSetup setup = classifierSetup();
    setup.configuration.training.epochs = 3;
    const std::vector<float> one = test::weightsAfter(setup);
    for (const int threads : {2, 4}) {
        setup.threads = threads;
        EXPECT_EQ(test::weightsAfter(setup), one) << threads;
    }
}

TEST(Classifier, NamesItsParametersAsPyTorchsSequencesWould)
{
    const ModelOptions options = presetOrFile("report-fine-tune").model;
    std::vector<std::string> names;
    for (const ParameterEntry& entry : parameterLayout(options, {28, 28, 1})) {
        if (entry.name.ends_with("weight")) names.push_back(entry.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"encoder.0.weight", "encoder.2.weight", "encoder.4.weight", "encoder.7.weight",
                                               "encoder.9.weight", "head.0.weight", "head.3.weight", "head.6.weight"}));
}

TEST(Classifier, AFrozenEncoderStaysAsItIs)
{
    SessionSetup setup = classifierSetup();
    setup.configuration.training.epochs = 2;
    setup.configuration.training.weightDecay = 0.1;
    setup.configuration.model.freezeEncoder = true;
    const ModelOptions& options = setup.configuration.model;
    const FrozenModel trained = smallModel("autoencoder", 9);
    const std::vector<float> first = withEncoderOf(trained, options, 1);
    setup.weights = std::make_shared<std::vector<float>>(first);
    const std::vector<float> after = test::weightsAfter(setup);
    for (const char* name : {"encoder.0.weight", "encoder.5.bias", "encoder.7.weight"}) {
        EXPECT_EQ(tensor(options, after, name), tensor(options, first, name)) << name;
        EXPECT_EQ(tensor(options, after, name), tensor(trained.options(), trained.weights(), name)) << name;
    }
    EXPECT_NE(tensor(options, after, "head.0.weight"), tensor(options, first, "head.0.weight"));
    const FrozenModel model(options, kShape, after);
    EXPECT_EQ(model.encode(setup.data->test.pixels), trained.encode(setup.data->test.pixels));
}

TEST(Transfer, TakesTheEncoderOfAnyKind)
{
    const auto data = test::smallData(kShape);
    const ModelOptions to = classifierSetup().configuration.model;
    for (const char* kind : {"autoencoder", "vae", "classifier"}) {
        const FrozenModel from = smallModel(kind, 4);
        const FrozenModel model(to, kShape, withEncoderOf(from, to, 1));
        EXPECT_EQ(model.encode(data->test.pixels), from.encode(data->test.pixels)) << kind;
    }
    const std::vector<float> fresh = initialWeights(parameterLayout(to, kShape), 1);
    EXPECT_EQ(tensor(to, withEncoderOf(smallModel("vae", 4), to, 1), "head.3.weight"), tensor(to, fresh, "head.3.weight"));
}

TEST(Transfer, RefusesAnEncoderOfOtherSizes)
{
    ModelOptions to = classifierSetup().configuration.model;
    to.hidden = 20;
    try {
        (void)withEncoderOf(smallModel("autoencoder", 1), to, 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("encoder.5.weight (20"), std::string::npos) << error.what();
    }
}

TEST(Classifier, SeesTheShareOfLabelsItIsAllowed)
{
    SessionSetup setup = classifierSetup();
    setup.configuration.data.validationFraction = 0.2;
    setup.configuration.data.labelsFraction = 0.25;
    const TrainingSession session(setup);
    EXPECT_EQ(session.setup().split->train.size(), 40U) << "a quarter of 160";
    EXPECT_EQ(session.setup().split->validation.size(), 40U) << "all of it is measured on";
    std::vector<int> counts(10);
    for (const int item : session.setup().split->train) ++counts[setup.data->train.labels[static_cast<std::size_t>(item)]];
    EXPECT_EQ(counts, std::vector<int>(10, 4));
    // Another kind has no use for labels.
    setup.configuration.model.kind = "autoencoder";
    EXPECT_EQ(TrainingSession(setup).setup().split->train.size(), 160U);
}

TEST(Classifier, RefusesLabelsThatAreNotThere)
{
    SessionSetup setup = classifierSetup();
    setup.configuration.data.labelsFraction = 0.001;
    EXPECT_NE(refusal(setup).find("data.labels_fraction: found 0.001, which leaves class 0 with none of its 18 images"),
              std::string::npos)
        << refusal(setup);
    setup = classifierSetup();
    setup.configuration.model.classes = 7;
    EXPECT_NE(refusal(setup).find("model.classes: found 7, but"), std::string::npos) << refusal(setup);
    EXPECT_NE(refusal(setup).find("has 10 classes; set it to 10"), std::string::npos);
}

TEST(Classifier, SaysWhenItHasCollapsed)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = classifierSetup();
    setup.configuration.data.validationFraction = 0.1;
    setup.configuration.training.learningRate = 3; // kills every ReLU at once
    setup.configuration.training.optimizer = OptimizerRule::Adam;
    setup.configuration.training.epochs = 30;
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    session.wait();
    ASSERT_EQ(session.state(), RunState::Finished);
    const std::string warning = session.channel().take().warning;
    EXPECT_NE(warning.find("the network has collapsed"), std::string::npos) << warning;
    EXPECT_NE(warning.find("the classes' entropy is 2.303"), std::string::npos) << warning;
    EXPECT_NE(readFile(setup.runFolder / "log.txt").find("the network has collapsed"), std::string::npos);
}

TEST(Collapse, IsToldFromSlowLearningByLossAndAccuracy)
{
    Configuration configuration;
    configuration.model.kind = "classifier";
    const auto epoch = [](double nll, double accuracy, double classes) {
        EpochMetrics metrics;
        metrics.values = {{"train", "nll", 0.5},
                          {"validation", "nll", nll},
                          {"validation", "accuracy", accuracy},
                          {"validation", "classes_predicted", classes}};
        return metrics;
    };
    const ClassShares even{std::vector<double>(10, 0.1), 10};
    EXPECT_NE(collapse(configuration, even, epoch(2.3026, 10, 1))->find("every image is taken for the same class"),
              std::string::npos);
    EXPECT_NE(collapse(configuration, even, epoch(2.31, 11, 4))->find("by guessing"), std::string::npos);
    EXPECT_FALSE(collapse(configuration, even, epoch(2.29, 31, 5))) << "it tells some apart";
    EXPECT_FALSE(collapse(configuration, even, epoch(2.1, 11, 5))) << "it is surer than guessing";
    const ClassShares uneven{{0.5, 0.3, 0.2}, 3};
    EXPECT_NE(collapse(configuration, uneven, epoch(0.9, 50, 1))->find("the largest class has 50 %"), std::string::npos);
    EXPECT_NE(collapse(configuration, uneven, epoch(1.03, 50.5, 2))->find("by guessing"), std::string::npos);
    EXPECT_FALSE(collapse(configuration, uneven, epoch(1.03, 60, 2)));
    EXPECT_FALSE(collapse(configuration, {{1}, 1}, epoch(0, 100, 1))) << "there is only one class to name";
    configuration.model.kind = "autoencoder";
    EXPECT_FALSE(collapse(configuration, even, epoch(2.3026, 10, 1)));
}

TEST(ClassShares, GiveTheLargestAndTheEntropy)
{
    const std::vector<Label> labels{3, 1, 1, 1};
    const ClassShares all = classShares(labels);
    EXPECT_EQ(all.shares, (std::vector<double>{0, 0.75, 0, 0.25}));
    EXPECT_EQ(all.present, 2);
    EXPECT_EQ(all.largest(), 0.75);
    EXPECT_NEAR(all.entropy(), 0.5623351446188083, 1e-15); // scipy.stats.entropy([0.75, 0.25])
    EXPECT_EQ(classShares(labels, std::vector<int>{1, 2}).present, 1);
    EXPECT_EQ(classShares({}).largest(), 0);
}

TEST(Confusion, CountsAndGivesPrecisionAndRecallInPercent)
{
    const ConfusionMatrix matrix = confusionOf(somePredictions());
    EXPECT_EQ(matrix.counts, (std::vector<int>{1, 1, 0, 1, 2, 0, 0, 1, 0}));
    EXPECT_DOUBLE_EQ(matrix.accuracy(), 50);
    EXPECT_DOUBLE_EQ(*matrix.precision(0), 50);
    EXPECT_DOUBLE_EQ(*matrix.precision(1), 50);
    EXPECT_FALSE(matrix.precision(2)) << "nothing is taken for it";
    EXPECT_DOUBLE_EQ(*matrix.recall(0), 50);
    EXPECT_NEAR(*matrix.recall(1), 200.0 / 3, 1e-12);
    EXPECT_DOUBLE_EQ(*matrix.recall(2), 0);
}

TEST(Confusion, MistakesComeMostConfidentFirst)
{
    EXPECT_EQ(mistakes(somePredictions(), 10), (std::vector<int>{3, 1, 5}));
    EXPECT_EQ(mistakes(somePredictions(), 2), (std::vector<int>{3, 1}));
    EXPECT_TRUE(mistakes(somePredictions(), 0).empty());
}

TEST(Confusion, AskedOfAnotherKindIsRefused)
{
    const auto data = test::smallData(kShape);
    EXPECT_THROW((void)predictItems(smallModel("autoencoder", 1), *data, testItems(3), 1), Error);
    EXPECT_THROW((void)smallModel("classifier", 1).probabilities(std::vector<float>(3)), Error) << "3 values are no code of 4";
    EXPECT_THROW((void)smallModel("classifier", 1).decode(std::vector<float>(4)), Error);
}

TEST(Split, AShareIsTheSameOfEveryClass)
{
    const auto data = test::smallData(kShape);
    std::vector<int> all(200);
    std::iota(all.begin(), all.end(), 0);
    const std::vector<int> share = shareByClass(data->train, all, 0.3, 7);
    EXPECT_EQ(share.size(), 60U);
    EXPECT_TRUE(std::is_sorted(share.begin(), share.end()));
    EXPECT_EQ(share, shareByClass(data->train, all, 0.3, 7));
    EXPECT_NE(share, shareByClass(data->train, all, 0.3, 8));
    EXPECT_EQ(shareByClass(data->train, all, 1, 7), all);
}

} // namespace latentoscope
