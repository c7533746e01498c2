/// Finds any command by a few letters (Ctrl+K).
#pragma once

#include <QDialog>

#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace latentoscope::ui {

class CommandPalette : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const QList<QAction*>& actions, QWidget* parent);

    QLineEdit& line() const { return *m_line; }
    QListWidget& list() const { return *m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void runCurrent();

    QList<QAction*> m_actions;
    QLineEdit* m_line;
    QListWidget* m_list;
};

/// How well `words` is found by typing `typed`: all letters in order, word beginnings and runs count more; -1: not at all.
int matchScore(const QString& words, const QString& typed);

} // namespace latentoscope::ui
