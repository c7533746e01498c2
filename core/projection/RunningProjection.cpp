#include "core/projection/RunningProjection.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"
#include "core/base/WorkerPool.h"
#include "core/values/LatentCodes.h"

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
        if (iteration < m_first) return begin(iteration); // another one
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

RunningProjection::RunningProjection(ProjectionSetup setup)
    : m_setup(std::move(setup)), m_forming(formingBy(m_setup.settings.method)), m_thread([this] { work(); })
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

void RunningProjection::stop() { m_stop.request_stop(); }

void RunningProjection::change(FormingSettings settings)
{
    const std::lock_guard lock(m_mutex);
    m_change = std::move(settings);
    m_paused = false;
    m_wished.notify_all();
}

void RunningProjection::begin(const char* stage)
{
    m_channel.publish([&](ProjectionNews& news) {
        news.state = ProjectionState::Running;
        news.stage = stage;
        news.done = 0;
        news.secondsLeft.reset();
    });
}

bool RunningProjection::pausing()
{
    const std::lock_guard lock(m_mutex);
    return m_paused && !stopping();
}

bool RunningProjection::goOn()
{
    std::unique_lock lock(m_mutex);
    if (!m_paused || stopping()) return !stopping();
    // Told under the lock, and again by a thread that wakes only when this is paused anew: otherwise the last word of several
    // threads could be another than what holds.
    const auto tell = [this](ProjectionState state) { m_channel.publish([state](ProjectionNews& news) { news.state = state; }); };
    m_wished.wait(lock, m_stop.get_token(), [&] {
        if (m_paused) tell(ProjectionState::Paused);
        return !m_paused;
    });
    tell(ProjectionState::Running);
    return !stopping();
}

/// For a stage: publishes how far it is, and holds it up while this is paused.
WorkProgress RunningProjection::telling()
{
    return [this](double done) {
        m_channel.publish([&](ProjectionNews& news) { news.done = done; });
        return goOn();
    };
}

void RunningProjection::work()
{
    try {
        WorkerPool pool(m_setup.threads, [niceness = m_setup.niceness] { giveWay(niceness); });
        giveWay(m_setup.niceness);
        embed(pool);
        m_channel.publish([](ProjectionNews& news) { news.state = ProjectionState::Stopped; });
    } catch (const std::exception& error) {
        m_channel.publish([&](ProjectionNews& news) {
            news.state = ProjectionState::Failed;
            news.message = error.what();
        });
    }
}

std::optional<Affinities> RunningProjection::affinities(WorkerPool& pool)
{
    const FormingSettings& settings = m_setup.settings;
    if (!m_neighbours || !m_forming->serves(m_neighbours->neighbours, settings)) {
        begin(kFirstStage);
        m_neighbours = nearestNeighbours(*m_setup.points, m_forming->neighbours(settings), pool, telling());
        if (!m_neighbours) return std::nullopt;
    }
    begin("Affinities");
    return m_forming->affinities(*m_neighbours, settings, pool, telling());
}

void RunningProjection::publishPlaces(bool always)
{
    // Copying places takes time: only for someone who has seen the last ones.
    if (!always && m_channel.fresh()) return;
    const Embedding& embedding = m_forming->embedding();
    auto places = std::make_shared<const Points>(embedding.places());
    m_channel.publish([&](ProjectionNews& news) {
        news.places = std::move(places);
        news.iteration = embedding.iteration();
        news.iterations = embedding.iterations();
        news.done = static_cast<double>(embedding.iteration()) / embedding.iterations();
        news.klDivergence.reset();
        news.quality.reset();
    });
}

bool RunningProjection::applyChange(WorkerPool& pool)
{
    std::optional<FormingSettings> change;
    {
        const std::lock_guard lock(m_mutex);
        change = std::exchange(m_change, std::nullopt);
    }
    if (!change) return true;
    change->method = m_setup.settings.method;
    const bool needsOthers = m_forming->needsOthers(m_setup.settings, *change);
    m_setup.settings = std::move(*change);
    std::optional<Affinities> others;
    if (needsOthers) {
        others = affinities(pool);
        if (!others) return false;
    }
    m_forming->goOn(std::move(others), m_setup.settings, pool);
    begin(m_forming->name());
    return true;
}

void RunningProjection::finish(WorkerPool& pool)
{
    publishPlaces(true);
    begin("Quality");
    const std::optional<double> kl = m_forming->klDivergence();
    std::optional<ProjectionQuality> quality;
    const bool alike = allAlike(m_setup.points->values, m_setup.points->dimension);
    if (!alike && m_setup.points->count() >= 2 * kQualityNeighbours + 2) {
        quality =
            projectionQuality(*m_setup.points, m_forming->embedding().places(), m_setup.labels, m_setup.seed, pool, telling());
    }
    m_channel.publish([&](ProjectionNews& news) {
        news.state = ProjectionState::Finished;
        news.done = 1;
        news.klDivergence = kl;
        news.quality = quality;
        news.alike = alike;
    });
}

bool RunningProjection::waitForChange()
{
    std::unique_lock lock(m_mutex);
    m_paused = false; // of what has ended
    m_wished.wait(lock, m_stop.get_token(), [this] { return m_change.has_value(); });
    return !stopping();
}

void RunningProjection::embed(WorkerPool& pool)
{
    requireFinite(*m_setup.points, "codes");
    auto first = affinities(pool);
    if (!first) return;
    m_forming->begin(std::move(*first), *m_setup.points, m_setup.settings, pool);
    do {
        if (!applyChange(pool)) return;
        begin(m_forming->name());
        if (!iterate(pool)) return publishPlaces(true);
        finish(pool);
    } while (waitForChange());
}

bool RunningProjection::iterate(WorkerPool& pool)
{
    Pace pace;
    pace.begin(m_forming->embedding().iteration());
    while (!m_forming->embedding().done()) {
        if (pausing()) publishPlaces(true);
        if (!goOn() || !applyChange(pool)) return false;
        Embedding& now = m_forming->embedding(); // a change may have made another
        now.iterate();
        pace.note(now.iteration());
        publishPlaces(false);
        const auto left = pace.left(now.iterations() - now.iteration());
        m_channel.note([&](ProjectionNews& news) { news.secondsLeft = left; });
    }
    return true;
}

} // namespace latentoscope
