/// Which weights of a training are kept, and when they and its curves go to disk.
#pragma once

#include "core/training/BestWeights.h"
#include "core/training/RunWriter.h"
#include "core/training/SessionSetup.h"
#include "core/training/Trainer.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace latentoscope {

struct EpochMetrics;
struct LossPoint;
class FrozenModel;

/// Writes to setup.runFolder, or nowhere where that is empty. What the disk refuses is told to `warn` and tried again; the
/// training goes on. Construct it anywhere; but for kept() and moved() it is the training thread's.
class RunRecorder {
public:
    /// `measures` are the kind's, the loss first. Throws as createRun.
    RunRecorder(const SessionSetup& setup, const std::vector<Measure>& measures,
                std::function<void(const std::string& sentence)> warn);

    void log(const std::string& line);
    /// A stretch of training begins that is to end after so many epochs.
    void begin(int epochs);
    void add(const LossPoint& loss);
    /// Remembers the weights of an epoch that has the best validation loss, where those are to be kept.
    void look(const EpochMetrics& metrics, std::shared_ptr<const FrozenModel> model, const Trainer& trainer);
    /// An epoch's row; and every ten seconds its weights, once they are judged. Throws Error(Numeric) as Trainer::judge.
    void add(const EpochMetrics& metrics, Trainer& trainer);
    /// What the run is to hold: the best weights, or the present ones.
    Kept keptOf(const Trainer& trainer) const;
    /// The weights must have been judged. Where the disk refuses them, the next save tries again.
    void save(const Trainer& trainer);
    /// As save(), but throws Error(Io).
    void saveNow(const Trainer& trainer);
    /// The last save, for which a disk that refuses it gets its time, unless that is given up. Throws Error(Io) saying what is
    /// lost.
    void saveAtLast(const Trainer& trainer, const std::stop_token& giveUp);
    /// Into figures/, of the first of the showcase.
    void writeThumbnail(const TimedModel& weights) const;
    /// Throws Error(Io).
    void flush();

    bool writes() const { return m_writer.has_value(); }
    /// Another run lies where this one is to be, until its first weights take that one's place.
    bool replacing() const { return m_writer && m_writer->replacing(); }
    /// Whether the disk refused something the last time.
    bool refused() const { return m_refused; }
    /// Whether the run folder holds weights of this training. Any thread.
    bool kept() const { return m_kept; }
    /// The run's folder was renamed. While no training thread is at work.
    void moved(const std::filesystem::path& folder);

private:
    using Clock = std::chrono::steady_clock;

    template <class Writing> bool wrote(const Writing& writing);
    void warn(const std::string& sentence);

    const SessionSetup& m_setup;
    std::function<void(const std::string&)> m_warn;
    std::optional<RunWriter> m_writer; ///< none where the run goes nowhere
    BestWeights m_best;                ///< looked at only where training.keep is best
    Clock::time_point m_nextSave;
    bool m_refused = false;
    std::atomic<bool> m_kept{false};
};

} // namespace latentoscope
