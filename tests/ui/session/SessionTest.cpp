// What brings workers' news to the interface thread.
#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "tests/support/SmallData.h"
#include "tests/support/TinyConfiguration.h"
#include "ui/session/DataLoader.h"
#include "ui/session/Prober.h"
#include "ui/session/Replay.h"
#include "ui/session/SessionBridge.h"

#include <QTest>

#include <gtest/gtest.h>

#include <atomic>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 60'000;

std::unique_ptr<TrainingSession> tinySession(int epochs)
{
    SessionSetup setup;
    setup.configuration = test::tinyConfiguration(epochs);
    setup.data = test::smallData({8, 8, 1}, 200, 50);
    setup.monitor.pictures = true;
    setup.threads = 1;
    return std::make_unique<TrainingSession>(std::move(setup));
}

TEST(SessionBridge, EveryLossAndPictureArrivesBeforeTheEnd)
{
    SessionBridge bridge(tinySession(5));
    std::size_t losses = 0;
    std::size_t epochs = 0;
    std::vector<int> pictures;
    bool ended = false;
    QObject::connect(&bridge, &SessionBridge::lossesArrived, [&](const auto& points) { losses += points.size(); });
    QObject::connect(&bridge, &SessionBridge::epochsArrived, [&](const auto& metrics) { epochs += metrics.size(); });
    QObject::connect(&bridge, &SessionBridge::pictureArrived, [&](const auto& picture) { pictures.push_back(picture->epoch); });
    QObject::connect(&bridge, &SessionBridge::stateChanged, [&](RunState state) { ended = state == RunState::Finished; });
    bridge.start();
    ASSERT_TRUE(QTest::qWaitFor([&] { return ended; }, kPatienceMs));
    EXPECT_EQ(losses, 5U * 4U); // 160 images in batches of 40
    EXPECT_EQ(epochs, 5U);
    EXPECT_EQ(pictures, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST(Prober, NewestRequestIsDecodedAsTheModelDoes)
{
    const auto session = tinySession(1);
    const auto model = session->model();
    Prober prober;
    prober.setModelSource([model] { return model; });
    std::vector<ProbeResult> results;
    QObject::connect(&prober, &Prober::decoded, [&](const ProbeResult& result) { results.push_back(result); });
    for (int i = 0; i <= 50; ++i) prober.probe({static_cast<float>(i), 1});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !results.empty() && results.back().code[0] == 50; }, kPatienceMs));
    EXPECT_EQ(results.back().image, model->decode(std::vector<float>{50, 1}));
    EXPECT_GE(results.back().milliseconds, 0);
}

TEST(Prober, RenewedModelDecodesTheSamePlaceAgain)
{
    const auto first = tinySession(1);
    SessionSetup other = first->setup();
    other.configuration.training.seed = 1;
    const TrainingSession second(std::move(other));
    std::atomic<std::shared_ptr<const FrozenModel>> model = first->model();
    Prober prober;
    prober.setModelSource([&model] { return model.load(); });
    std::vector<float> image;
    QObject::connect(&prober, &Prober::decoded, [&](const ProbeResult& result) { image = result.image; });
    prober.probe({0.5F, -0.5F});
    const std::vector<float> code{0.5F, -0.5F};
    ASSERT_TRUE(QTest::qWaitFor([&] { return image == first->model()->decode(code); }, kPatienceMs));
    model = second.model();
    EXPECT_TRUE(QTest::qWaitFor([&] { return image == second.model()->decode(code); }, kPatienceMs));
}

TEST(Prober, CodeOfAnotherLengthIsPassedOver)
{
    const auto session = tinySession(1);
    Prober prober;
    prober.setModelSource([&] { return session->model(); });
    std::vector<std::vector<float>> decoded;
    QObject::connect(&prober, &Prober::decoded, [&](const ProbeResult& result) { decoded.push_back(result.code); });
    QObject::connect(&prober, &Prober::failed, [&](const QString& sentence) { ADD_FAILURE() << sentence.toStdString(); });
    prober.probe({1, 2, 3});
    prober.probe({1, 2});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !decoded.empty(); }, kPatienceMs));
    EXPECT_EQ(decoded.front(), (std::vector<float>{1, 2}));
}

TEST(DataLoader, MissingFolderIsToldAsMissing)
{
    DataLoader loader;
    QString told;
    bool isMissing = false;
    QObject::connect(&loader, &DataLoader::failed, [&](const QString& sentence, bool missing) {
        told = sentence;
        isMissing = missing;
    });
    const test::TemporaryFolder folder;
    loader.load(folder / "nothing", {});
    EXPECT_TRUE(loader.loading());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !told.isEmpty(); }, kPatienceMs));
    EXPECT_TRUE(isMissing);
    EXPECT_FALSE(loader.loading());
}

TEST(DataLoader, OnlyTheLastFolderAskedForIsReported)
{
    const test::TemporaryFolder folder;
    for (const char* name : {"a", "b"}) std::filesystem::create_directories(folder / name);
    test::writeIdxFolder(folder / "a", *test::smallData({8, 8, 1}, 20, 10), test::Compression::None);
    test::writeIdxFolder(folder / "b", *test::smallData({9, 9, 1}, 20, 10), test::Compression::None);
    DataLoader loader;
    std::vector<int> widths;
    QObject::connect(&loader, &DataLoader::loaded, [&](const auto& data) { widths.push_back(data->train.shape.width); });
    loader.load(folder / "a", {});
    loader.load(folder / "b", {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !loader.loading(); }, kPatienceMs));
    EXPECT_EQ(widths, (std::vector<int>{9}));
}

std::shared_ptr<const EpochPicture> picture(int epoch)
{
    auto made = std::make_shared<EpochPicture>();
    made->epoch = epoch;
    return made;
}

TEST(Replay, NewPicturesDoNotMoveWhoLooksAtAnEarlierOne)
{
    Replay replay;
    replay.begin(5, {});
    for (int epoch = 0; epoch < 3; ++epoch) replay.addPicture(picture(epoch));
    replay.showEpoch(1);
    replay.addPicture(picture(3));
    EXPECT_EQ(replay.epoch(), 1);
    EXPECT_EQ(replay.lastEpoch(), 3);
    replay.showEpoch(5);
    EXPECT_TRUE(replay.following());
    EXPECT_EQ(replay.epoch(), 3);
}

} // namespace
} // namespace latentoscope::ui
