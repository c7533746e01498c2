/// What a feature of the window (folds, search, report, fine-tuning) shares with the rest of it.
#pragma once

#include "ui/common/MessageBar.h"

class QWidget;

namespace latentoscope::ui {

class ControlPanel;
class RunController;
class StatusLine;

/// All of it outlives the features.
struct FeatureContext {
    RunController& controller;
    ControlPanel& controls;
    MessageBar& messages;
    StatusLine& status;
    QWidget& window; ///< parent of dialogs

    void raiseProblem(const QString& sentence) const { messages.show(MessageBar::Kind::Error, sentence); }
};

} // namespace latentoscope::ui
