#include "core/projection/RunningProjection.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"
#include "core/latent/Codes.h"

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

void RunningProjection::change(FormingSettings settings)
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

const char* RunningProjection::stage() const { return m_setup.settings.method == FormingMethod::Tsne ? "t-SNE" : "UMAP"; }

std::optional<Affinities> RunningProjection::affinities(WorkerPool& pool)
{
    const auto told = [this](double done) {
        publish([&](ProjectionNews& news) { news.done = done; });
        return goOn();
    };
    const FormingSettings& settings = m_setup.settings;
    const bool isTsne = settings.method == FormingMethod::Tsne;
    // UMAP counts the point itself.
    const int needed = isTsne ? neighboursFor(largest(settings.perplexities)) : settings.umap.neighbours - 1;
    if (!m_neighbours || (isTsne ? m_neighbours->neighbours < needed : m_neighbours->neighbours != needed)) {
        begin("Neighbours");
        m_neighbours = nearestNeighbours(*m_setup.points, needed, pool, told);
        if (!m_neighbours) return std::nullopt;
    }
    begin("Affinities");
    return isTsne ? jointAffinities(*m_neighbours, settings.perplexities, pool, told) : fuzzyUnion(*m_neighbours, pool, told);
}

std::unique_ptr<Embedding> RunningProjection::made(WorkerPool& pool, const Embedding* before)
{
    auto drawn = affinities(pool);
    if (!drawn) return nullptr;
    if (m_setup.settings.method == FormingMethod::Tsne)
        return std::make_unique<Tsne>(std::move(*drawn), tsneStart(*m_setup.points, pool), m_setup.settings.tsne, pool);
    const Points start = before ? before->places() : umapStart(*m_setup.points, pool);
    return std::make_unique<Umap>(*drawn, start, m_setup.settings.umap, pool);
}

void RunningProjection::publishPlaces(const Embedding& embedding, bool always)
{
    {
        // Copying places takes time: only for someone who has seen the last ones.
        const std::lock_guard lock(m_mutex);
        if (m_fresh && !always) return;
    }
    auto places = std::make_shared<const Points>(embedding.places());
    publish([&](ProjectionNews& news) {
        news.places = std::move(places);
        news.iteration = embedding.iteration();
        news.iterations = embedding.iterations();
        news.done = static_cast<double>(embedding.iteration()) / embedding.iterations();
        news.klDivergence.reset();
        news.quality.reset();
    });
}

bool RunningProjection::applyChange(std::unique_ptr<Embedding>& embedding, WorkerPool& pool)
{
    std::optional<FormingSettings> change;
    {
        const std::lock_guard lock(m_mutex);
        change = std::exchange(m_change, std::nullopt);
    }
    if (!change) return true;
    change->method = m_setup.settings.method;
    const bool samePerplexities = change->perplexities == m_setup.settings.perplexities;
    m_setup.settings = std::move(*change);
    if (auto* tsne = dynamic_cast<Tsne*>(embedding.get())) {
        TsneOptions& options = m_setup.settings.tsne;
        options.iterations = std::max(options.iterations, tsne->iteration() + kWarmIterations);
        tsne->setOptions(options);
        if (samePerplexities) return true;
        auto others = affinities(pool);
        if (!others) return false;
        tsne->setAffinities(std::move(*others));
    } else {
        auto next = made(pool, embedding.get());
        if (!next) return false;
        embedding = std::move(next);
    }
    begin(stage());
    return true;
}

void RunningProjection::finish(const Embedding& embedding, WorkerPool& pool)
{
    publishPlaces(embedding, true);
    begin("Quality");
    const auto* tsne = dynamic_cast<const Tsne*>(&embedding);
    const std::optional<double> kl = tsne ? std::optional(tsne->klDivergence()) : std::nullopt;
    std::optional<ProjectionQuality> quality;
    const bool alike = allAlike(m_setup.points->values, m_setup.points->dimension);
    if (!alike && m_setup.points->count() >= 2 * kQualityNeighbours + 2) {
        quality = projectionQuality(*m_setup.points, embedding.places(), m_setup.labels, m_setup.seed, pool, [this](double done) {
            publish([&](ProjectionNews& news) { news.done = done; });
            return goOn();
        });
    }
    publish([&](ProjectionNews& news) {
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
    m_wished.wait(lock, [this] { return m_change || m_stopping; });
    return !m_stopping;
}

void RunningProjection::embed(WorkerPool& pool)
{
    requireFinite(*m_setup.points, "codes");
    auto embedding = made(pool, nullptr);
    if (!embedding) return;
    do {
        if (!applyChange(embedding, pool)) return;
        begin(stage());
        if (!iterate(embedding, pool)) return publishPlaces(*embedding, true);
        finish(*embedding, pool);
    } while (waitForChange());
}

bool RunningProjection::iterate(std::unique_ptr<Embedding>& embedding, WorkerPool& pool)
{
    Pace pace;
    pace.begin(embedding->iteration());
    while (!embedding->done()) {
        if (pausing()) publishPlaces(*embedding, true);
        if (!goOn() || !applyChange(embedding, pool)) return false;
        embedding->iterate();
        pace.note(embedding->iteration());
        publishPlaces(*embedding, false);
        const auto left = pace.left(embedding->iterations() - embedding->iteration());
        const std::lock_guard lock(m_mutex);
        m_news.secondsLeft = left;
    }
    return true;
}

} // namespace latentoscope
