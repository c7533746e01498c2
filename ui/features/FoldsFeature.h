/// Cross-validation in the window: its dialog, its panel, and what begins, continues and ends it.
#pragma once

#include "ui/features/FeatureContext.h"
#include "ui/session/FoldsController.h"
#include "ui/settings/CrossValidateDialog.h"

#include <QObject>

#include <filesystem>

namespace latentoscope::ui {

class FineTuneFeature;
class FoldsView;

class FoldsFeature : public QObject {
    Q_OBJECT

public:
    FoldsFeature(const FeatureContext& window, const FineTuneFeature& fineTuning, QObject* parent);

    FoldsController& controller() { return m_folds; }
    const FoldsController& controller() const { return m_folds; }
    FoldsView& view() const { return *m_view; }

    /// Asks how many folds, and begins.
    void ask();
    /// Trains the settings at the left once for each fold, into a new folder among the runs.
    void crossValidate(const FoldsRequest& request);
    /// What does the same as a cross-validation of the settings at the left.
    void copyCommand(const FoldsRequest& request);

Q_SIGNALS:
    void busyChanged();                                    ///< begun or ended
    void shown();                                          ///< the panel has something new to look at
    void runsChanged();                                    ///< a folder among the runs has changed
    void openRequested(const std::filesystem::path& path); ///< a fold's run
    void figuresReady();                                   ///< the view's, of what has ended: to be written

private:
    void continueFolds();
    void begun();
    void changed();
    void ended(RunState how);

    FeatureContext m_window;
    const FineTuneFeature& m_fineTuning;
    FoldsController m_folds;
    FoldsView* m_view;
};

} // namespace latentoscope::ui
