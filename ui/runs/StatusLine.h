/// The bottom line: how far training is, how fast, how long still, and where the run lies.
#pragma once

#include "core/training/Life.h"

#include <QStatusBar>
#include <QTimer>

#include <filesystem>
#include <optional>

class QLabel;
class QProgressBar;

namespace latentoscope {
struct Progress;
}

namespace latentoscope::ui {

class StatusLine : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    /// `name` is that of the trained run where another one is shown; else empty.
    void showTraining(RunState state, const Progress& progress, const QString& name = {});
    /// A job with a bar of its own, such as opening a run; `fraction` 0 … 1.
    void showJob(const QString& words, double fraction, std::optional<double> secondsLeft = {});
    /// Words without a bar.
    void showWords(const QString& words);
    /// What a command has done: beside all else for some seconds.
    void remark(const QString& words);
    QString remarkWords() const;
    /// At the right end; empty: nothing.
    void setRunFolder(const std::filesystem::path& folder);
    QString words() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elideFolder();

    QProgressBar* m_bar;
    QLabel* m_words;
    QLabel* m_rate;
    QLabel* m_remark;
    QTimer m_remarkEnds;
    QLabel* m_folder;
    QString m_folderText;
};

} // namespace latentoscope::ui
