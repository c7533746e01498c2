/// The one line of commands: train, pause, stop, what is trained on what, and the epoch looked at.
#pragma once

#include <QString>
#include <QToolBar>

#include <vector>

class QAction;
class QComboBox;
class QLabel;

namespace latentoscope::ui {

class EpochBar;
class Replay;

class CommandBar : public QToolBar {
    Q_OBJECT

public:
    /// `workspaces` are exclusive, checkable actions: a switch at the left.
    CommandBar(const std::vector<QAction*>& workspaces, QAction& train, QAction& pause, QAction& stop, Replay& replay,
               QWidget* parent = nullptr);

    EpochBar& epochBar() const { return *m_epochs; }
    /// The names to choose from, and which of them the settings started from; a name not among them (a file's) is shown too.
    /// `remark` stands beside it in grey.
    void setPresets(const std::vector<std::string>& names, const std::string& current, const QString& remark);
    /// "Fashion-MNIST · 54,000 + 6,000 + 10,000 · seed 0", and what that means.
    void setDataWords(const QString& words, const QString& tip);

Q_SIGNALS:
    void presetChosen(const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elideData();

    QComboBox* m_presets;
    QLabel* m_changed;
    QLabel* m_data;
    QString m_dataWords;
    EpochBar* m_epochs;
};

} // namespace latentoscope::ui
