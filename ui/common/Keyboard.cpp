#include "ui/common/Keyboard.h"

#include "ui/common/Theme.h"

#include <QFocusEvent>
#include <QPainter>

namespace latentoscope::ui {
namespace {

bool isStop(const QWidget& widget) { return (widget.focusPolicy() & Qt::TabFocus) != 0; }

class FocusRing : public QWidget {
public:
    explicit FocusRing(QWidget& around) : QWidget(&around)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
        around.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        auto& around = *static_cast<QWidget*>(watched);
        if (event->type() == QEvent::FocusIn) {
            const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
            setGeometry(around.rect());
            raise();
            setVisible(reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::OtherFocusReason);
        }
        if (event->type() == QEvent::FocusOut) hide();
        if (event->type() == QEvent::Resize) setGeometry(around.rect());
        return false;
    }

    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(QPen(themeColors(palette()).accent, 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
};

} // namespace

void joinTabOrder(QWidget* after, const std::vector<QWidget*>& widgets)
{
    for (QWidget* widget : widgets) {
        if (widget == nullptr || !isStop(*widget)) continue;
        if (after != nullptr && after != widget && after->window() == widget->window()) QWidget::setTabOrder(after, widget);
        after = widget;
    }
}

void orderTabs(const std::vector<QWidget*>& containers)
{
    QWidget* before = nullptr;
    for (const QWidget* container : containers) {
        if (container == nullptr) continue;
        for (QWidget* widget : container->findChildren<QWidget*>()) {
            if (!isStop(*widget) || widget->window() != container->window() || widget->focusProxy() != nullptr) continue;
            if (before != nullptr) QWidget::setTabOrder(before, widget);
            before = widget;
        }
    }
}

void ringWhenFocused(QWidget& widget) { new FocusRing(widget); }

} // namespace latentoscope::ui
