#include "core/projection/RunningProjection.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRateIterations = 50; ///< over which the time left is estimated: iterations slow down as the picture grows
constexpr double kNewest = 0.3;     ///< weight of the newest of these estimates

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double largest(const std::vector<double>& perplexities)
{
    return perplexities.empty() ? 0 : *std::max_element(perplexities.begin(), perplexities.end());
}

/// Seconds an iteration, over the last ones.
class Pace {
public:
    void begin(int iteration)
    {
        m_first = iteration;
        m_start = Clock::now();
    }
    void note(int iteration)
    {
        if (iteration - m_first < kRateIterations) return;
        const double now = secondsSince(m_start) / (iteration - m_first);
        m_seconds = m_seconds ? (1 - kNewest) * *m_seconds + kNewest * now : now;
        begin(iteration);
    }
    std::optional<double> left(int iterations) const { return m_seconds ? std::optional(*m_seconds * iterations) : std::nullopt; }

private:
    int m_first = 0;
    Clock::time_point m_start;
    std::optional<double> m_seconds;
};

} // namespace

RunningProjection::RunningProjection(ProjectionSetup setup, std::function<void()> wake)
    : m_setup(std::move(setup)), m_wake(std::move(wake)), m_thread([this] { work(); })
{
}

RunningProjection::~RunningProjection() { stop(); }

void RunningProjection::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void RunningProjection::resume()
{
    const std::lock_guard lock(m_mutex);
    m_paused = false;
    m_wished.notify_all();
}

void RunningProjection::stop()
{
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
    m_wished.notify_all();
}

void RunningProjection::change(TsneSettings settings)
{
    const std::lock_guard lock(m_mutex);
    m_change = std::move(settings);
    m_paused = false;
    m_wished.notify_all();
}

ProjectionNews RunningProjection::take()
{
    const std::lock_guard lock(m_mutex);
    m_fresh = false;
    return m_news;
}

void RunningProjection::publish(const std::function<void(ProjectionNews&)>& update)
{
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        update(m_news);
        wake = !std::exchange(m_fresh, true);
    }
    if (wake && m_wake) m_wake();
}

void RunningProjection::begin(const char* stage)
{
    publish([&](ProjectionNews& news) {
        news.state = ProjectionState::Running;
        news.stage = stage;
        news.done = 0;
        news.secondsLeft.reset();
    });
}

bool RunningProjection::pausing()
{
    const std::lock_guard lock(m_mutex);
    return m_paused && !m_stopping;
}

bool RunningProjection::stopping()
{
    const std::lock_guard lock(m_mutex);
    return m_stopping;
}

bool RunningProjection::goOn()
{
    if (!pausing()) return !stopping();
    publish([](ProjectionNews& news) { news.state = ProjectionState::Paused; });
    {
        std::unique_lock lock(m_mutex);
        m_wished.wait(lock, [this] { return !m_paused || m_stopping; });
    }
    publish([](ProjectionNews& news) { news.state = ProjectionState::Running; });
    return !stopping();
}

void RunningProjection::work()
{
    try {
        WorkerPool pool(m_setup.threads, [niceness = m_setup.niceness] { giveWay(niceness); });
        giveWay(m_setup.niceness);
        embed(pool);
        publish([](ProjectionNews& news) { news.state = ProjectionState::Stopped; });
    } catch (const std::exception& error) {
        publish([&](ProjectionNews& news) {
            news.state = ProjectionState::Failed;
            news.message = error.what();
        });
    }
}

std::optional<Affinities> RunningProjection::affinities(WorkerPool& pool)
{
    const auto told = [this](double done) {
        publish([&](ProjectionNews& news) { news.done = done; });
        return goOn();
    };
    const std::vector<double>& perplexities = m_setup.settings.perplexities;
    const int needed = neighboursFor(largest(perplexities));
    if (!m_neighbours || m_neighbours->neighbours < needed) {
        begin("Neighbours");
        m_neighbours = nearestNeighbours(*m_setup.points, needed, pool, told);
        if (!m_neighbours) return std::nullopt;
    }
    begin("Affinities");
    return jointAffinities(*m_neighbours, perplexities, pool, told);
}

void RunningProjection::publishPlaces(const Tsne& tsne, bool always)
{
    {
        // Copying places takes time: only for someone who has seen the last ones.
        const std::lock_guard lock(m_mutex);
        if (m_fresh && !always) return;
    }
    auto places = std::make_shared<const Points>(tsne.places());
    publish([&](ProjectionNews& news) {
        news.places = std::move(places);
        news.iteration = tsne.iteration();
        news.iterations = tsne.iterations();
        news.done = static_cast<double>(tsne.iteration()) / tsne.iterations();
        news.klDivergence.reset();
        news.quality.reset();
    });
}

bool RunningProjection::applyChange(Tsne& tsne, WorkerPool& pool)
{
    std::optional<TsneSettings> change;
    {
        const std::lock_guard lock(m_mutex);
        change = std::exchange(m_change, std::nullopt);
    }
    if (!change) return true;
    const bool samePerplexities = change->perplexities == m_setup.settings.perplexities;
    m_setup.settings = std::move(*change);
    m_setup.settings.options.iterations = std::max(m_setup.settings.options.iterations, tsne.iteration() + kWarmIterations);
    tsne.setOptions(m_setup.settings.options);
    if (!samePerplexities) {
        auto others = affinities(pool);
        if (!others) return false;
        tsne.setAffinities(std::move(*others));
        begin("t-SNE");
    }
    return true;
}

void RunningProjection::finish(const Tsne& tsne, WorkerPool& pool)
{
    publishPlaces(tsne, true);
    begin("Quality");
    const double kl = tsne.klDivergence();
    std::optional<ProjectionQuality> quality;
    if (tsne.places().count() >= 2 * kQualityNeighbours + 2) {
        quality = projectionQuality(*m_setup.points, tsne.places(), m_setup.labels, m_setup.seed, pool, [this](double done) {
            publish([&](ProjectionNews& news) { news.done = done; });
            return goOn();
        });
    }
    publish([&](ProjectionNews& news) {
        news.state = ProjectionState::Finished;
        news.done = 1;
        news.klDivergence = kl;
        news.quality = quality;
    });
}

bool RunningProjection::waitForChange()
{
    std::unique_lock lock(m_mutex);
    m_paused = false; // of what has ended
    m_wished.wait(lock, [this] { return m_change || m_stopping; });
    return !m_stopping;
}

void RunningProjection::embed(WorkerPool& pool)
{
    requireFinite(*m_setup.points, "codes");
    auto first = affinities(pool);
    if (!first) return;
    Tsne tsne(std::move(*first), tsneStart(*m_setup.points, pool), m_setup.settings.options, pool);
    do {
        if (!applyChange(tsne, pool)) return;
        begin("t-SNE");
        if (!iterate(tsne, pool)) return publishPlaces(tsne, true);
        finish(tsne, pool);
    } while (waitForChange());
}

bool RunningProjection::iterate(Tsne& tsne, WorkerPool& pool)
{
    Pace pace;
    pace.begin(tsne.iteration());
    while (!tsne.done()) {
        if (pausing()) publishPlaces(tsne, true);
        if (!goOn() || !applyChange(tsne, pool)) return false;
        tsne.iterate();
        pace.note(tsne.iteration());
        publishPlaces(tsne, false);
        const auto left = pace.left(tsne.iterations() - tsne.iteration());
        const std::lock_guard lock(m_mutex);
        m_news.secondsLeft = left;
    }
    return true;
}

} // namespace latentoscope
