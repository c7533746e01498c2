// A t-SNE on threads of its own: the same picture as without them, however it is paused; changes, ends and failures.
#include "core/projection/RunningProjection.h"
#include "core/base/Random.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace latentoscope {
namespace {

using test::pool;

ProjectionSetup setupOf(int count, int iterations)
{
    auto points = std::make_shared<Points>(Points{4, std::vector<float>(4 * static_cast<std::size_t>(count))});
    RandomStream random(3, RandomPurpose::Noise);
    random.fillNormal(points->values);
    ProjectionSetup setup;
    for (int i = 0; i < count; ++i) {
        points->values[static_cast<std::size_t>(4 * i)] += static_cast<float>(10 * (i % 3));
        setup.labels.push_back(static_cast<Label>(i % 3));
    }
    setup.points = points;
    setup.settings.perplexities = {10};
    setup.settings.tsne.iterations = iterations;
    setup.threads = 2;
    return setup;
}

/// Polls, since news comes when it comes; gives up after a minute.
ProjectionNews newsWhen(RunningProjection& projection, const std::function<bool(const ProjectionNews&)>& wanted)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    ProjectionNews news = projection.channel().take();
    while (!wanted(news) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        news = projection.channel().take();
    }
    EXPECT_TRUE(wanted(news)) << news.stage << " " << news.iteration << " " << news.message;
    return news;
}

bool finished(const ProjectionNews& news) { return news.state == ProjectionState::Finished; }

std::vector<float> directly(const ProjectionSetup& setup)
{
    const std::vector<double>& perplexities = setup.settings.perplexities;
    auto p =
        jointAffinities(*nearestNeighbours(*setup.points, neighboursFor(perplexities.front()), pool(1)), perplexities, pool(1));
    Tsne tsne(std::move(*p), tsneStart(*setup.points, pool(1)), setup.settings.tsne, pool(1));
    while (!tsne.done()) tsne.iterate();
    return tsne.places().values;
}

} // namespace

TEST(RunningProjection, FinishesWithTheSamePictureHoweverItIsPaused)
{
    const ProjectionSetup setup = setupOf(300, 120);
    std::atomic<int> woken{0};
    RunningProjection projection(setup);
    projection.channel().setWake([&] { ++woken; });
    for (int pauses = 0; pauses < 3; ++pauses) {
        projection.pause();
        newsWhen(projection, [](const ProjectionNews& news) { return news.state != ProjectionState::Running; });
        const int before = projection.channel().take().iteration;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        EXPECT_EQ(projection.channel().take().iteration, before) << "paused";
        projection.resume();
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    const ProjectionNews news = newsWhen(projection, finished);
    EXPECT_EQ(news.iteration, 120);
    EXPECT_EQ(news.places->values, directly(setup));
    EXPECT_GT(*news.klDivergence, 0);
    ASSERT_TRUE(news.quality);
    EXPECT_GT(news.quality->trustworthiness, 0.8);
    EXPECT_GT(*news.quality->labelAccuracy, 0.8);
    EXPECT_GT(woken, 0);
}

TEST(RunningProjection, SaysThatItIsPausedWhicheverOfItsThreadsComesToRestLast)
{
    ProjectionSetup setup = setupOf(300, 1);
    setup.threads = 4;
    for (int again = 0; again < 20; ++again) {
        RunningProjection projection(setup);
        for (int pauses = 0; pauses < 20; ++pauses) { // while it looks for neighbours, which is done by all threads
            projection.pause();
            newsWhen(projection, [](const ProjectionNews& news) { return news.state != ProjectionState::Running; });
            projection.resume();
        }
        newsWhen(projection, finished);
    }
}

TEST(RunningProjection, GoesOnFromWhereItIsWithAnotherPerplexityOrExaggeration)
{
    RunningProjection projection(setupOf(300, 150));
    const ProjectionNews first = newsWhen(projection, finished);
    FormingSettings wider = setupOf(300, 150).settings;
    wider.perplexities = {25}; // needs more neighbours than there are so far
    projection.change(wider);
    const ProjectionNews second =
        newsWhen(projection, [](const ProjectionNews& news) { return finished(news) && news.iteration > 150; });
    EXPECT_EQ(second.iteration, 150 + kWarmIterations);
    EXPECT_NE(*second.klDivergence, *first.klDivergence);

    FormingSettings tighter = wider;
    tighter.tsne.lateExaggeration = 4;
    projection.change(tighter);
    const ProjectionNews third =
        newsWhen(projection, [&](const ProjectionNews& news) { return finished(news) && news.iteration > second.iteration; });
    const auto extent = [](const ProjectionNews& news) {
        float most = 0;
        for (const float value : news.places->values) most = std::max(most, std::abs(value));
        return most;
    };
    EXPECT_LT(extent(third), 0.8F * extent(second)) << "exaggeration draws the picture together";
    // Warm: classes keep the sides on which they were.
    double product = 0;
    for (std::size_t i = 0; i < third.places->values.size(); ++i)
        product += double{third.places->values[i]} * double{second.places->values[i]};
    EXPECT_GT(product, 0);
}

TEST(RunningProjection, OfUmapFinishesAsWithoutThreadsAndStartsAgainFromWhereItIs)
{
    ProjectionSetup setup = setupOf(300, 0);
    setup.settings.method = FormingMethod::Umap;
    setup.settings.umap.epochs = 60;
    RunningProjection projection(setup);
    const ProjectionNews news = newsWhen(projection, finished);
    EXPECT_EQ(news.iterations, 60);
    EXPECT_FALSE(news.klDivergence);
    ASSERT_TRUE(news.quality);
    const UmapOptions& options = setup.settings.umap;
    const auto graph = fuzzyUnion(*nearestNeighbours(*setup.points, options.neighbours - 1, pool(1)), pool(1));
    Umap umap(*graph, umapStart(*setup.points, pool(1)), options, pool(1));
    while (!umap.done()) umap.iterate();
    EXPECT_EQ(news.places->values, umap.places().values);

    FormingSettings wider = setup.settings;
    wider.umap.neighbours = 40;
    projection.change(wider);
    const ProjectionNews second =
        newsWhen(projection, [&](const ProjectionNews& now) { return finished(now) && now.places != news.places; });
    EXPECT_EQ(second.iteration, 60);
    EXPECT_NE(second.places->values, news.places->values);
}

TEST(RunningProjection, StopKeepsTheNewestPlacesAndEndsForGood)
{
    RunningProjection projection(setupOf(500, 100'000));
    newsWhen(projection, [](const ProjectionNews& news) { return news.iteration > 5; });
    projection.stop();
    const ProjectionNews news =
        newsWhen(projection, [](const ProjectionNews& now) { return now.state == ProjectionState::Stopped; });
    EXPECT_GT(news.iteration, 5);
    EXPECT_EQ(news.places->count(), 500);
    projection.resume();
    projection.change({});
    EXPECT_EQ(projection.channel().take().state, ProjectionState::Stopped);
}

TEST(RunningProjection, EndsWithItsOwnerAtAnyMoment)
{
    for (const int milliseconds : {0, 1, 5, 20}) {
        const RunningProjection projection(setupOf(2000, 100'000));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    }
    std::optional<RunningProjection> paused(std::in_place, setupOf(200, 100'000));
    paused->pause();
    newsWhen(*paused, [](const ProjectionNews& news) { return news.state == ProjectionState::Paused; });
    const auto asked = std::chrono::steady_clock::now();
    paused.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(5));
}

TEST(RunningProjection, SaysWhatIsWrongWithThePoints)
{
    ProjectionSetup setup = setupOf(100, 10);
    auto broken = std::make_shared<Points>(*setup.points);
    broken->values[42] = std::numeric_limits<float>::quiet_NaN();
    setup.points = broken;
    RunningProjection projection(setup);
    const auto failed = [](const ProjectionNews& news) { return news.state == ProjectionState::Failed; };
    EXPECT_NE(newsWhen(projection, failed).message.find("of point 10,"), std::string::npos)
        << newsWhen(projection, failed).message;

    ProjectionSetup few = setupOf(20, 10);
    RunningProjection tooFew(few);
    EXPECT_FALSE(newsWhen(tooFew, failed).message.empty()) << "20 points for 30 neighbours each";
}

} // namespace latentoscope
