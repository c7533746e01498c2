/// A hyper-parameter study by itself, for whoever shows it.
#pragma once

#include "core/studies/Journal.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// A study as it stands, by itself.
struct StudyView {
    Study study;
    std::vector<Trial> trials;           ///< by number
    std::vector<std::string> objectives; ///< their names, one a direction; where none are known "value", "value 1", …
    std::string storage;                 ///< where it lies

    bool empty() const { return trials.empty(); }
    double sign(int objective) const
    {
        return study.directions[static_cast<std::size_t>(objective)] == Direction::Minimize ? 1 : -1;
    }
};

/// `trials` by number; `storage` is where it lies.
StudyView studyView(Study study, std::vector<Trial> trials, const std::string& storage);
StudyView studyView(const Journal& journal, const Study& study, const std::string& storage);

/// "latent" of "model.latent": what a parameter is called where there is little room.
std::string shortName(const std::string& parameter);

/// The parameters that any trial has, in order.
std::vector<std::string> parametersOf(const StudyView& view);

/// A trial's parameter as people write it, in full; empty where it has none.
std::string parameterText(const Trial& trial, const std::string& name);

/// A trial's value of an objective; none where it has none, or none that is finite.
std::optional<double> valueOf(const Trial& trial, int objective);

/// Numbers of the best complete trials, as bestTrials.
std::vector<int> bestNumbers(const StudyView& view);

/// Where a trial's run lies, in a cross-validation that of its first fold; empty: nowhere on this machine.
std::filesystem::path runOf(const Trial& trial);

/// Seconds since 1970 of a journal's time, local ("2026-01-31T17:05:09.123456") or with an offset; none where it is none.
std::optional<double> secondsOf(const std::string& time);

} // namespace latentoscope
