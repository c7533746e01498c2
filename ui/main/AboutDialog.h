/// The boxes of the Help menu: what this is, and which keys do what.
#pragma once

#include <QDialog>
#include <QList>

class QAction;

namespace latentoscope::ui {

/// Versions, licence, credits.
class AboutDialog : public QDialog {
    Q_OBJECT

public:
    explicit AboutDialog(QWidget* parent);
};

/// A table of all keys: those of the actions, and those of the views.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const QList<QAction*>& actions, QWidget* parent);
};

} // namespace latentoscope::ui
