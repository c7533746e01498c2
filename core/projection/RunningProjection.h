/// A t-SNE or UMAP that forms on threads of its own while others look on: it is paused, resumed, stopped, and goes on from where
/// it is under other settings.
#pragma once

#include "core/base/Channel.h"
#include "core/base/WorkProgress.h"
#include "core/data/Label.h"
#include "core/projection/Forming.h"
#include "core/projection/Quality.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace latentoscope {

class WorkerPool;

enum class ProjectionState { Running, Paused, Finished, Stopped, Failed };

/// The stage that every projection begins with.
inline constexpr const char* kFirstStage = "Neighbours";

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
    std::vector<Label> labels; ///< (N), or none
    FormingSettings settings;
    int threads = 1;
    int niceness = 0; ///< of the threads, so that a window on the same cores stays quick
    std::uint64_t seed = 0;
};

/// Starts at once. All functions return at once and may be called from any thread; the destructor ends the work and waits.
class RunningProjection {
public:
    /// Throws nothing about the points: what is wrong with them comes as Failed.
    explicit RunningProjection(ProjectionSetup setup);
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

    /// The newest wins: what was not taken in between is lost.
    Channel<ProjectionNews>& channel() { return m_channel; }

private:
    void work();
    void embed(WorkerPool& pool);
    /// None where all is to end.
    std::optional<Affinities> affinities(WorkerPool& pool);
    void finish(WorkerPool& pool);
    /// These are false where all is to end.
    bool iterate(WorkerPool& pool);
    bool applyChange(WorkerPool& pool);
    bool waitForChange();
    /// Waits while paused. Any thread.
    bool goOn();
    bool pausing();
    bool stopping() const { return m_stop.stop_requested(); }
    void begin(const char* stage);
    WorkProgress telling();
    void publishPlaces(bool always);

    ProjectionSetup m_setup;
    std::unique_ptr<Forming> m_forming;
    std::optional<NeighbourTable> m_neighbours;
    Channel<ProjectionNews> m_channel;

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_wished;
    bool m_paused = false;
    std::optional<FormingSettings> m_change;

    std::stop_source m_stop;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace latentoscope
