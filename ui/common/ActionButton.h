/// A push button that is an action: its words, icon and whether it can be pressed.
#pragma once

#include <QPointer>
#include <QPushButton>

class QAction;

namespace latentoscope::ui {

/// The action's property "drawing" names the drawing, "primary" says that it is the one next step, which carries the accent.
class ActionButton : public QPushButton {
    Q_OBJECT

public:
    ActionButton(QAction& action, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    void updateIcon();

    QPointer<QAction> m_action; ///< windows delete actions and buttons in any order
};

} // namespace latentoscope::ui
