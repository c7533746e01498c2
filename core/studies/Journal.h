/// The state of Optuna's journal: what its records, one after the other, have made.
#pragma once

#include "core/studies/Study.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace latentoscope {

/// Follows the rules of Optuna 3.1's JournalStorage, so that it and we see the same: records that are refused have no effect. Of
/// newer programs' records, unknown ones are passed over. One thread at a time.
class Journal {
public:
    /// Applies one line without its end. Throws Error(CorruptData) saying what is wrong with it.
    void apply(std::string_view line);

    /// By id; a deleted study's id is not there any more.
    const std::map<int, Study>& studies() const { return m_studies; }
    /// Null where there is none of the name.
    const Study* find(const std::string& name) const;
    /// By id, which is its place; of deleted studies, too.
    const std::vector<Trial>& trials() const { return m_trials; }
    const Trial& trial(int id) const { return m_trials.at(static_cast<std::size_t>(id)); }

    /// The newest trial that this worker's records created; -1: none.
    int lastCreatedBy(const std::string& worker) const;
    /// The newest trial that was this worker's to train: created running, or claimed; -1: none.
    int claimedBy(const std::string& worker) const;

private:
    struct Record;
    void createStudy(const Record& record);
    void createTrial(const Record& record);
    void setParameter(const Record& record);
    void setState(const Record& record);
    Study* study(const Record& record);
    /// Null where there is none, or it is finished.
    Trial* updatable(const Record& record);
    std::shared_ptr<const Distribution> distribution(const std::string& text);

    std::map<int, Study> m_studies;
    std::vector<Trial> m_trials;
    int m_nextStudy = 0;
    std::unordered_map<std::string, int> m_created;
    std::unordered_map<std::string, int> m_claimed;
    std::unordered_map<std::string, std::shared_ptr<const Distribution>> m_distributions; ///< by their text: few differ
    /// Of each study and parameter, the distribution of the lowest trial that has it: newer ones must fit it.
    std::map<int, std::map<std::string, std::pair<int, std::shared_ptr<const Distribution>>>> m_first;
};

} // namespace latentoscope
