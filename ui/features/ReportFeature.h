/// The reproduced report in the window: its dialog, and what begins, continues and ends it.
#pragma once

#include "ui/features/FeatureContext.h"
#include "ui/session/ReportRunner.h"

#include <QObject>

#include <filesystem>

namespace latentoscope::ui {

class StudyController;

class ReportFeature : public QObject {
    Q_OBJECT

public:
    /// `study` is the one that a report may show the best trial of.
    ReportFeature(const FeatureContext& window, const StudyController& study, QObject* parent);

    ReportRunner& runner() { return m_report; }
    const ReportRunner& runner() const { return m_report; }
    /// The latentoscope that makes reports.
    void setProgram(const std::filesystem::path& program) { m_program = program; }

    /// Asks what the report is to hold, and makes it.
    void ask();
    /// Makes a report, or goes on with the one that is in its folder.
    void make(const ReportRequest& request);

Q_SIGNALS:
    void busyChanged(); ///< begun or ended

private:
    ReportRequest lastRequest() const;
    void connectRunner();
    QString folder() const;

    FeatureContext m_window;
    const StudyController& m_study;
    std::filesystem::path m_program;
    ReportRunner m_report;
};

} // namespace latentoscope::ui
