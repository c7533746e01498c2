/// The operations of Optuna 3.1's journal.
#pragma once

namespace latentoscope {

/// With Optuna's numbers, as records have them at op_code.
enum class JournalOperation {
    CreateStudy,
    DeleteStudy,
    SetStudyUser,
    SetStudySystem,
    CreateTrial,
    SetParameter,
    SetState,
    SetIntermediate,
    SetTrialUser,
    SetTrialSystem
};

} // namespace latentoscope
