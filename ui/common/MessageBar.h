/// What a person must know, in the window: a sentence and the buttons that help.
#pragma once

#include <QString>
#include <QToolBar>
#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace latentoscope::ui {

/// One message at a time, the newest; the same sentence again changes nothing. Not modal.
class MessageBar : public QWidget {
    Q_OBJECT

public:
    enum class Kind { Information, Warning, Error };
    struct Action {
        QString text;
        std::function<void()> run;
    };

    explicit MessageBar(QWidget* parent = nullptr);

    void show(Kind kind, const QString& sentence, const std::vector<Action>& actions = {});
    QString text() const;
    bool isShown() const { return m_shown; }
    /// As high as the words need at the present width.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

public Q_SLOTS:
    void dismiss();

Q_SIGNALS:
    void shownChanged(bool shown);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateIcon();

    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
    Kind m_kind = Kind::Information;
    bool m_shown = false;
};

/// The tool bar that a MessageBar lies in: seen as long as there is a message, whatever a layout that is restored says of it.
class MessageStrip : public QToolBar {
    Q_OBJECT

public:
    using QToolBar::QToolBar;

    void holds(const MessageBar* bar) { m_bar = bar; }
    void setVisible(bool visible) override { QToolBar::setVisible(m_bar == nullptr ? visible : !m_bar->text().isEmpty()); }

private:
    const MessageBar* m_bar = nullptr;
};

} // namespace latentoscope::ui
