/// Begins a study's next trial: an enqueued one, else a new one with values that the sampler suggests.
#pragma once

#include "core/search/ConditionalSpace.h"
#include "core/search/Sampler.h"
#include "core/studies/StudyStorage.h"

#include <optional>

namespace latentoscope {

/// A grid beside the samplers: every point once.
struct TrialSource {
    ConditionalSpace space;
    SamplerOptions sampler;
    int grid = 0; ///< values a range of a grid (gridOf); 0: the sampler suggests
};

/// The id of a running trial that is this storage's, with its parameters; none where a grid has no point left, or the study has
/// `most` trials (0: any number) that are begun (StaleTrials.h), however many programs begin some at the same time. Enqueued
/// trials come first, with the values that their system attribute fixed_params fixes, as Optuna's do; those that were enqueued
/// again are begun already, and are taken in any case. What one trial is given depends on its number, the seed and the study
/// alone. Throws Error(InvalidArgument) where what is enqueued does not fit the space: that trial is then failed, with the
/// reason.
std::optional<int> beginTrial(StudyStorage& storage, int study, const TrialSource& source, const Attributes& user = {},
                              const Attributes& system = {}, int most = 0);

/// Fails an unfinished trial, with these user attributes, and enqueues its parameters once more, as Optuna's
/// RetryFailedTrialCallback does; the new one's system attributes say so: failed_trial, retry_history. Whether this took effect:
/// false where another had finished it. Where that was done `most` times already, it is failed and not enqueued.
bool failAndEnqueueAgain(StudyStorage& storage, int trial, const Attributes& user, int most);

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
