/// Asks what a report is to hold and where it goes.
#pragma once

#include "ui/session/ReportRunner.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace latentoscope::ui {

class ReportDialog : public QDialog {
    Q_OBJECT

public:
    /// `last` is what was chosen last time; its folder is what is offered.
    ReportDialog(const ReportRequest& last, QWidget* parent);

    ReportRequest request() const;

Q_SIGNALS:
    /// The command that does the same is wanted.
    void copyRequested();

private:
    void chooseFolder();
    void explain();

    ReportRequest m_last;
    QLineEdit* m_folder;
    QCheckBox* m_quick;
    QCheckBox* m_crossValidation;
    QCheckBox* m_latentSpaces;
    QCheckBox* m_samples;
    QSpinBox* m_folds;
    QComboBox* m_search = nullptr;
    QSpinBox* m_trials = nullptr; ///< where it is searched first
    QComboBox* m_paper = nullptr;
    QLineEdit* m_seed;
    QLabel* m_words;
    QPushButton* m_make;
};

} // namespace latentoscope::ui
