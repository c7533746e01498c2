/// Writes a run while it trains. What the disk refuses (it is full, it is not there for a moment) is kept and tried again.
#pragma once

#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"
#include "core/storage/RunFolder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

class FrozenModel;

/// Lines and rows are kept until flush() has them on disk, in their order; weights are the caller's to give again. One thread's.
class RunWriter {
public:
    /// `measures` are the kind's (measuresOf). Makes the run, or a place beside the one that it replaces. Throws as createRun.
    RunWriter(const std::filesystem::path& folder, RunRecord record, Existing existing, const std::vector<Measure>& measures);
    /// Takes away what never became worth the run that it was to replace.
    ~RunWriter();
    RunWriter(const RunWriter&) = delete;
    RunWriter& operator=(const RunWriter&) = delete;

    /// The run's folder has been renamed, after it has taken the place of whatever it replaces.
    void moved(const std::filesystem::path& folder);
    const std::filesystem::path& files() const { return m_run.files; }
    bool replacing() const { return m_run.replacing(); }

    void log(const std::string& line);
    /// With a line of the log.
    void add(const EpochMetrics& metrics);
    void add(const LossPoint& loss) { m_steps.push_back(loss); }
    /// For config.json, which flush() writes anew where that is another number than before.
    void setEpochs(int epochs) { m_epochsAsked = epochs; }

    /// Lines of the log and rows of epochs that are not on disk yet. Throws Error(Io); what is left then is tried the next time.
    void flush();
    /// All that flush() writes, the rows of steps and weights, and puts the run in the place of the older one. Throws Error(Io).
    void save(const FrozenModel& model, const TrainedTo& trained);

    /// Of the weights on disk; none where there are none of this training.
    const std::optional<TrainedTo>& saved() const { return m_saved; }

private:
    NewRun m_run;
    RunRecord m_record; ///< as config.json has it
    int m_epochsAsked;
    std::vector<Measure> m_measures; ///< those of every step, the loss first
    std::string m_log;
    std::vector<EpochMetrics> m_epochs;
    std::vector<LossPoint> m_steps;
    std::optional<TrainedTo> m_saved;
};

} // namespace latentoscope
