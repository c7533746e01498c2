/// k-fold cross-validation: every fold is a run of its own, trained on the other folds and measured on itself.
#pragma once

#include "core/base/Channel.h"
#include "core/config/Configuration.h"
#include "core/storage/FoldsFolder.h"
#include "core/storage/Metrics.h"
#include "core/training/TrainingSession.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct ImageShape;

struct CrossValidationSetup {
    /// Of every fold; its split, folder, monitor and goOn are not looked at, configuration.data.fold neither. `existing` is of
    /// the whole: Refuse continues the same cross-validation, and refuses another.
    SessionSetup training;
    int folds = 10; ///< 2 … the least images of a class
    /// What each fold's encoder is trained as before its classifier, on the same images, which are then seen without labels.
    std::optional<Configuration> pretraining;
    std::filesystem::path folder; ///< where everything goes; empty: nowhere
};

/// One fold as it stands.
struct FoldState {
    enum class Stage { Waiting, Pretraining, Training, Measuring, Done };

    int fold = 1;
    Stage stage = Stage::Waiting;
    bool fromBefore = false;          ///< Done when this began
    double fraction = 0;              ///< of its work, 0 … 1
    std::vector<EpochMetrics> epochs; ///< of its training so far; of one from before as its run has them
    std::string warning;              ///< of a training that has gone wrong; empty: none
    FoldScore score;                  ///< of Done
};

/// The whole as it stands.
struct CrossValidationState {
    RunState state = RunState::Ready; ///< Ready, Running, Finished, Stopped or Failed
    std::vector<FoldState> folds;     ///< all, by number
    double fraction = 0;              ///< of all work, 0 … 1
    std::optional<double> secondsLeft;
    std::string message; ///< of Failed: which fold, what happened and what to try

    /// Of the folds that are done, by number.
    std::vector<FoldScore> scores() const;
};

/// One that lies on disk: Finished or, where folds are missing, Stopped. Throws Error naming the file.
CrossValidationState readCrossValidation(const std::filesystem::path& folder, const FoldsRecord& record);

/// Trains as many folds at a time as there are threads, one thread each, which beats all threads at one fold: nothing waits for
/// the others at a step's end. Where fewer folds are left than threads, those share them. A fold's figures are the same bytes
/// however many run beside it. A finished fold is on disk before the next one begins in its place; a fold that is stopped is
/// trained anew by whoever continues. Calls are safe from one controlling thread and return at once; the destructor stops and
/// waits.
class CrossValidation {
public:
    /// Checks everything that can be checked before anything is written, and opens the folder. Throws Error.
    explicit CrossValidation(CrossValidationSetup setup);
    ~CrossValidation();
    CrossValidation(const CrossValidation&) = delete;
    CrossValidation& operator=(const CrossValidation&) = delete;

    void start(); ///< Ready → Running
    void stop();  ///< keeps what is finished; within 100 ms no fold computes any more
    /// Waits for the end for at most `limit`; whether it has come.
    bool waitFor(std::chrono::milliseconds limit);

    /// The newest wins.
    Channel<CrossValidationState>& channel();
    /// Any thread.
    CrossValidationState state() const;
    /// With device and threads as they are used.
    const CrossValidationSetup& setup() const;
    /// As cross-validation.json has it.
    const FoldsRecord& record() const;
    /// What a fold is trained with, as TrainingSession takes it.
    SessionSetup foldSetup(int fold) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// What a reader of the figures must know to take them rightly, a sentence each without a capital and full stop.
std::vector<std::string> caveats(const CrossValidationSetup& setup);

/// The spreads of the figures that tables show (tabledFigures), in their order.
std::vector<FoldSpread> shownSpreads(const Configuration& configuration, const ImageShape& shape,
                                     const std::vector<FoldScore>& scores);

} // namespace latentoscope
