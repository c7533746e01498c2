// What a person sees of a network while it trains: one picture an epoch, and what is due between.
#include "core/training/LiveViews.h"

#include "core/base/Channel.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/latent/Codes.h"
#include "core/models/Network.h"
#include "core/values/LatentCodes.h"
#include "tests/core/training/SmallSession.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

class LiveViewsTest : public testing::Test {
protected:
    LiveViewsTest() : m_setup(test::smallSetup())
    {
        m_setup.configuration.data.validationFraction = 0.2;
        m_setup.split = divide(m_setup.data, m_setup.configuration.data).split; // as a session does first
        m_setup.monitor.codes = 30;
        m_setup.monitor.reconstructions = 6;
        EngineSetup engine;
        engine.model = m_setup.configuration.model;
        engine.training = m_setup.configuration.training;
        engine.shape = m_setup.data->train.shape;
        m_engine = std::make_unique<Engine>(engine);
    }

    std::shared_ptr<const FrozenModel> model() const
    {
        return std::make_shared<FrozenModel>(m_setup.configuration.model, m_setup.data->train.shape, m_engine->weights());
    }

    std::unique_ptr<LiveViews> views() { return std::make_unique<LiveViews>(m_setup, m_channel, *m_engine); }

    static TimedModel never()
    {
        ADD_FAILURE() << "weights were asked for, and nothing is due";
        return {};
    }

    SessionSetup m_setup;
    std::unique_ptr<Engine> m_engine;
    SnapshotChannel m_channel;
};

} // namespace

TEST_F(LiveViewsTest, EveryEpochIsAPictureInOrder)
{
    const auto live = views();
    live->addEpoch(0, model());
    live->addEpoch(1, model());
    live->catchUp({});
    const Snapshot news = m_channel.take();
    ASSERT_EQ(news.pictures.size(), 2U);
    EXPECT_EQ(news.pictures[0]->epoch, 0);
    EXPECT_EQ(news.pictures[1]->epoch, 1);
    EXPECT_EQ(news.codes, news.pictures[1]->codes) << "the newest";
    EXPECT_EQ(news.pictures[1]->codes->count(), 30);
    EXPECT_EQ(news.pictures[1]->codes->split, "validation");
    EXPECT_EQ(news.pictures[1]->reconstructions->count(), 6);
}

TEST_F(LiveViewsTest, CodesAreThoseOfTheHeldOutItemsWhoeverComputesThem)
{
    const auto live = views();
    live->addEpoch(3, model());
    live->catchUp({});
    const auto seen = m_channel.take().codes;
    const auto alone = encodeItems(*model(), *m_setup.data, heldOutItems(m_setup.divided(), 30), 3);
    EXPECT_EQ(seen->values, alone->values);
    EXPECT_EQ(seen->items, alone->items);
    EXPECT_EQ(seen->epoch, 3);
}

TEST_F(LiveViewsTest, NothingIsShownBetweenEpochsUnlessAskedFor)
{
    const auto live = views();
    live->refresh(never, {});
    EXPECT_FALSE(m_channel.fresh());
}

TEST_F(LiveViewsTest, ShowsReconstructionsAndCodesWhenTheyAreDue)
{
    m_setup.monitor.reconstructionInterval = std::chrono::hours(1);
    m_setup.monitor.codeInterval = std::chrono::hours(1);
    const auto live = views();
    live->refresh([this] { return TimedModel{model(), 0.5}; }, {});
    const Snapshot news = m_channel.take();
    ASSERT_TRUE(news.reconstructions);
    ASSERT_TRUE(news.codes);
    EXPECT_EQ(news.codes->epoch, 0.5);
    EXPECT_TRUE(news.pictures.empty()) << "the middle of an epoch is no picture";
    live->refresh(never, {}); // an hour is not over
    EXPECT_FALSE(m_channel.fresh());
}

TEST_F(LiveViewsTest, AnEpochsPictureCountsAsSeen)
{
    m_setup.monitor.reconstructionInterval = std::chrono::hours(1);
    m_setup.monitor.codeInterval = std::chrono::hours(1);
    const auto live = views();
    live->addEpoch(1, model());
    live->refresh(never, {});
    EXPECT_EQ(m_channel.take().pictures.size(), 1U);
}

TEST_F(LiveViewsTest, WhatAStopInterruptsComesTheNextTime)
{
    const auto live = views();
    std::stop_source asked;
    asked.request_stop();
    live->addEpoch(1, model());
    live->catchUp(asked.get_token());
    EXPECT_FALSE(m_channel.fresh()) << "nothing half done is shown";
    live->catchUp({});
    EXPECT_EQ(m_channel.take().pictures.size(), 1U);
    live->catchUp({});
    EXPECT_FALSE(m_channel.fresh()) << "once";
}

TEST_F(LiveViewsTest, ANetworkWithoutADecoderShowsCodesAlone)
{
    m_setup.configuration.model.kind = "classifier";
    EngineSetup engine;
    engine.model = m_setup.configuration.model;
    engine.training = m_setup.configuration.training;
    engine.shape = m_setup.data->train.shape;
    m_engine = std::make_unique<Engine>(engine);
    m_setup.monitor.reconstructionInterval = std::chrono::hours(1);
    const auto live = views();
    live->addEpoch(1, model());
    live->refresh(never, {});
    const Snapshot news = m_channel.take();
    EXPECT_FALSE(news.reconstructions);
    ASSERT_EQ(news.pictures.size(), 1U);
    EXPECT_FALSE(news.pictures[0]->reconstructions);
    EXPECT_EQ(news.codes->predicted.size(), 30U) << "and what it takes them for";
}

} // namespace latentoscope
