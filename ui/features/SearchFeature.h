/// Hyper-parameter search in the window: its panels, what begins and ends a search, and what opens a study.
#pragma once

#include "ui/features/FeatureContext.h"
#include "ui/session/StudyController.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <string>

namespace latentoscope::ui {

class SearchPanel;
class StudyViews;

class SearchFeature : public QObject {
    Q_OBJECT

public:
    /// `busy` tells whether something is trained, or about to be.
    SearchFeature(const FeatureContext& window, std::function<bool()> busy, QWidget* parent);

    StudyController& study() { return m_study; }
    const StudyController& study() const { return m_study; }
    SearchPanel& panel() const { return *m_panel; }
    StudyViews& views() const { return *m_views; }

    /// Searches what the panel says.
    void start();
    /// Shows the study of a journal, the newest one where `name` is empty.
    void open(const std::string& storage, const std::string& name);
    void askOpen();
    void askOpenOnServer();

Q_SIGNALS:
    void busyChanged();                                    ///< begun or ended
    void shown();                                          ///< its panels have something new to look at
    void trainingShown();                                  ///< a trial's settings are in the panel at the left now
    void trainRequested();                                 ///< of these settings
    void openRequested(const std::filesystem::path& path); ///< a trial's run

private:
    void connectPanel();
    void connectStudy();
    void connectTrials();
    void progressed();
    void ended(RunState how);
    /// The panel takes the opened study's plan, so that Start goes on with it.
    void opened();
    void offerOther(const QString& sentence, const SearchPlan& begun);
    void chooseAnother();
    void copyCommand();
    void takeSettings(int trial);
    void showData();

    FeatureContext m_window;
    std::function<bool()> m_busy;
    StudyController m_study;
    SearchPanel* m_panel;
    StudyViews* m_views;
    bool m_storageAway = false; ///< it was said that the search's storage cannot be reached
};

} // namespace latentoscope::ui
