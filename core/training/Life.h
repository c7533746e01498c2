/// The life of a training run: its state, what has been asked of it, and the one function that says what follows from what.
#pragma once

namespace latentoscope {

/// What a listener sees of a run.
enum class RunState {
    Ready,    ///< not started
    Running,  ///< training
    Paused,   ///< between two steps, ready to go on
    Finished, ///< all epochs done; can be trained further
    Stopped,  ///< a person stopped it; can be trained further
    Failed    ///< Snapshot::message says why; the last good weights are kept
};

/// Finished, Stopped or Failed.
inline bool hasEnded(RunState state)
{
    return state == RunState::Finished || state == RunState::Stopped || state == RunState::Failed;
}

/// A plain value; whoever shares it between threads guards it. Only transition() changes it.
struct Life {
    /// What the training thread is to do next.
    enum class Wish { Wait, Run, Pause, Stop, End };
    /// Whose last files are being written; a stop is shown before they are, a finish after.
    enum class Writing { Nothing, Stopped, Finished };

    RunState state = RunState::Ready;
    Wish wish = Wish::Wait;
    Writing writing = Writing::Nothing;

    bool operator==(const Life&) const = default;
};

enum class LifeEvent {
    // Asked by who controls the run.
    Start,
    Pause,
    Resume,
    Stop,
    TrainFurther,
    End, ///< the session goes away: as Stop, and for good
    // Told by the training thread.
    HasPaused,
    HasStopped,  ///< no step is under way any more
    HasFinished, ///< the last epoch is done
    HasWritten,  ///< all files of HasStopped or HasFinished
    HasFailed
};

/// Applies the event; false where it means nothing at this moment, and `life` is then as it was. What begins work (start,
/// resume, train further) is shown at once; what ends it when the training thread tells so.
bool transition(Life& life, LifeEvent event);

/// Finished, Stopped or Failed, and all is written.
bool hasEnded(const Life& life);

} // namespace latentoscope
