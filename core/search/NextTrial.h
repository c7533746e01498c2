/// Begins a study's next trial: an enqueued one, else a new one with values that the sampler suggests.
#pragma once

#include "core/search/ConditionalSpace.h"
#include "core/search/StudyStorage.h"

#include <optional>

namespace latentoscope {

/// A grid beside the samplers: every point once.
struct TrialSource {
    ConditionalSpace space;
    SamplerOptions sampler;
    int grid = 0; ///< values a range of a grid (gridOf); 0: the sampler suggests
};

/// The id of a running trial that is this storage's, with its parameters; none where a grid has no point left. Enqueued trials
/// come first, with the values that their system attribute fixed_params fixes, as Optuna's do. What one trial is given depends on
/// its number, the seed and the study alone. Throws Error(InvalidArgument) where what is enqueued does not fit the space: that
/// trial is then failed, with the reason.
std::optional<int> beginTrial(StudyStorage& storage, int study, const TrialSource& source, const Attributes& user = {},
                              const Attributes& system = {});

/// Enqueues a trial's parameters once more, as Optuna's RetryFailedTrialCallback does, and says so in the new one's system
/// attributes: failed_trial, retry_history. Its id; none where that was done `most` times already.
std::optional<int> enqueueAgain(StudyStorage& storage, int trial, int most);

/// Throws Error(InvalidArgument) naming a parameter of the space that a trial of the study has with another kind of range, scale
/// or choices: a journal refuses such trials, and a sampler learns nothing from them.
void requireCompatible(const Journal& journal, const Study& study, const SearchSpace& space);

/// The user attribute that says why a trial failed, as JSON text of a sentence.
inline constexpr const char* kFailureAttribute = "failure";

/// Its value where a person stopped the trial, which is enqueued again.
inline constexpr const char* kStoppedFailure = "\"stopped\"";

/// How a trial stands, for people: "stopped" and "died" beside stateName's, which has "fail" for both.
std::string stateText(const Trial& trial);

/// The user attribute that says where a trial's run lies, as JSON text of an absolute path.
inline constexpr const char* kRunFolderAttribute = "run_folder";

/// The system attribute that lists the numbers of the trials that one is enqueued again for; Optuna's name.
inline constexpr const char* kRetryHistory = "retry_history";

} // namespace latentoscope
