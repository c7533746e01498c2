/// Studies in a journal that others use at the same time: what is written is there for all, what others write is seen.
#pragma once

#include "core/studies/Journal.h"
#include "core/studies/JournalBackend.h"
#include "core/studies/JournalOperation.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// What a trial is created with.
struct NewTrial {
    std::map<std::string, Parameter> parameters;
    Attributes user;
    Attributes system;
    TrialState state = TrialState::Running; ///< Running, or Waiting: enqueued for whoever comes
};

/// One writer: its records carry a text that no other's do. One thread at a time. All functions throw Error(Io) where the journal
/// cannot be read or written, Error(CorruptData) naming the line that cannot be understood.
class StudyStorage {
public:
    explicit StudyStorage(std::unique_ptr<JournalBackend> backend);

    /// Sees what others have written.
    void sync();
    const Journal& journal() const { return m_journal; }
    /// Null where there is none of the name.
    const Study* find(const std::string& name) const { return m_journal.find(name); }
    /// Throws Error(NotFound) naming the studies that there are.
    const Study& study(const std::string& name) const;

    /// The id of the study, which is created where it is missing. Throws Error(InvalidArgument) where it is there with other
    /// directions.
    int openStudy(const std::string& name, const std::vector<Direction>& directions);
    void setStudyUser(int study, const std::string& name, const std::string& json);
    void setStudySystem(int study, const std::string& name, const std::string& json);

    /// Its id. One record.
    int createTrial(int study, const NewTrial& trial);
    /// As createTrial(), if nobody has written anything since what was read last; else none, and that is read.
    std::optional<int> createTrialUnlessNews(int study, const NewTrial& trial);
    /// Whether this worker has taken a waiting trial now, with these attributes in the same write: false where another was first,
    /// or has written anything since what was read last, which is then read.
    bool claim(int trial, const Attributes& user = {}, const Attributes& system = {});
    /// Together in one write. Throws Error(InvalidArgument) where the trial is finished.
    void setParameters(int trial, const std::map<std::string, Parameter>& parameters);
    void setIntermediate(int trial, std::int64_t step, double value);
    void setUser(int trial, const Attributes& attributes);
    void setSystem(int trial, const Attributes& attributes);
    /// Complete (with a value an objective), Pruned or Fail; attributes go out in the same write, before it. Whether it took
    /// effect: false where another had finished the trial.
    bool finish(int trial, TrialState state, const std::vector<double>& values, const Attributes& user = {});
    /// Fail, and in the same write `next`, which is to take its place: nobody ever sees one without the other. Its id; none where
    /// another had finished the trial.
    std::optional<int> failAndCreate(int trial, const Attributes& user, const NewTrial& next);

    /// The text that this writer's records carry.
    const std::string& worker() const { return m_worker; }

private:
    void write(const std::vector<std::string>& records);
    bool writeUnlessNews(const std::vector<std::string>& records);
    std::vector<std::string> attributed(int trial, const Attributes& user, const Attributes& system) const;
    std::string created(int study, const NewTrial& trial) const;
    int madeIn(int study) const;
    std::vector<std::string> ended(int trial, TrialState state, const std::vector<double>& values, const Attributes& user,
                                   const std::string& time) const;
    std::string record(JournalOperation operation, const std::string& fields) const;
    void requireOpen(int trial) const;

    std::unique_ptr<JournalBackend> m_backend;
    Journal m_journal;
    std::string m_worker;
    std::size_t m_lines = 0; ///< read so far
};

/// Now, as Optuna writes it: local time with microseconds, "2026-01-31T17:05:09.123456".
std::string journalTime();

} // namespace latentoscope
