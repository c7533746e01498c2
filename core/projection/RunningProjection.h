/// A t-SNE or UMAP that forms on threads of its own while others look on: it is paused, resumed, stopped, and goes on from where
/// it is under other settings.
#pragma once

#include "core/projection/Quality.h"
#include "core/projection/Tsne.h"
#include "core/projection/Umap.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace latentoscope {

enum class FormingMethod { Tsne, Umap };

struct FormingSettings {
    FormingMethod method = FormingMethod::Tsne;
    std::vector<double> perplexities{30}; ///< of t-SNE
    TsneOptions tsne;
    UmapOptions umap;
};

enum class ProjectionState { Running, Paused, Finished, Stopped, Failed };

/// What there is to see of a projection; plain values for any thread.
struct ProjectionNews {
    ProjectionState state = ProjectionState::Running;
    std::string stage; ///< "Neighbours", "Affinities", "t-SNE", "UMAP", "Quality": what is being done, or was last
    double done = 0;   ///< of the stage, 0 … 1
    std::optional<double> secondsLeft;    ///< of the iterations; none where there is no telling
    int iteration = 0;                    ///< of the places
    int iterations = 0;                   ///< in all
    std::shared_ptr<const Points> places; ///< (N, 2), the newest; null before there are any
    std::optional<double> klDivergence;   ///< of a t-SNE's places, where it was computed for them
    std::optional<ProjectionQuality> quality;
    bool alike = false;  ///< of Finished: all points are the same, so that there is nothing to see or to measure
    std::string message; ///< of Failed
};

struct ProjectionSetup {
    std::shared_ptr<const Points> points;
    std::vector<std::uint8_t> labels; ///< (N), or none
    FormingSettings settings;
    int threads = 1;
    int niceness = 0; ///< of the threads, so that a window on the same cores stays quick
    std::uint64_t seed = 0;
};

/// Starts at once. All functions return at once and may be called from any thread; the destructor ends the work and waits.
class RunningProjection {
public:
    /// `wake` is called on some thread of the projection when there is news and none was waiting to be taken; it must not call
    /// back. Throws nothing about the points: what is wrong with them comes as Failed.
    RunningProjection(ProjectionSetup setup, std::function<void()> wake);
    ~RunningProjection();
    RunningProjection(const RunningProjection&) = delete;
    RunningProjection& operator=(const RunningProjection&) = delete;

    void pause();
    void resume();
    /// Ends the work; the newest places stay. Nothing starts it again.
    void stop();
    /// A warm restart: goes on from the present places under other settings of the same method; a t-SNE for at least
    /// kWarmIterations more, a UMAP through all its epochs again. Resumes what is paused or finished.
    void change(FormingSettings settings);

    /// The newest; what was not taken in between is lost.
    ProjectionNews take();

    static constexpr int kWarmIterations = 300;

private:
    void work();
    void embed(WorkerPool& pool);
    /// Those of t-SNE or the graph of UMAP; none where all is to end.
    std::optional<Affinities> affinities(WorkerPool& pool);
    /// Likewise null. From the present places where there are any.
    std::unique_ptr<Embedding> made(WorkerPool& pool, const Embedding* before);
    void finish(const Embedding& embedding, WorkerPool& pool);
    /// These are false where all is to end.
    bool iterate(std::unique_ptr<Embedding>& embedding, WorkerPool& pool);
    bool applyChange(std::unique_ptr<Embedding>& embedding, WorkerPool& pool);
    bool waitForChange();
    const char* stage() const;
    /// Waits while paused. Any thread.
    bool goOn();
    bool pausing();
    bool stopping();
    void begin(const char* stage);
    void publish(const std::function<void(ProjectionNews&)>& update);
    void publishPlaces(const Embedding& embedding, bool always);

    ProjectionSetup m_setup;
    std::function<void()> m_wake;
    std::optional<NeighbourTable> m_neighbours;

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_wished;
    bool m_paused = false;
    bool m_stopping = false;
    std::optional<FormingSettings> m_change;
    ProjectionNews m_news;
    bool m_fresh = false; ///< news that nobody has taken

    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace latentoscope
