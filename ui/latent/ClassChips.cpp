#include "ui/latent/ClassChips.h"

#include "ui/common/Colors.h"
#include "ui/common/Keyboard.h"
#include "ui/common/Theme.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kGap = 6;
constexpr int kHeight = 24;
constexpr int kMargin = 12;
constexpr int kWidest = 200; ///< longer names are cut in the middle: their ends often tell them apart

class Chip : public QAbstractButton {
public:
    Chip(int label, const QString& name, QWidget* parent) : QAbstractButton(parent), m_color(classColor(label))
    {
        setText(name);
        setCheckable(true);
        setChecked(true);
        setObjectName(QStringLiteral("classChip%1").arg(label));
        setAccessibleName(name);
        setToolTip(
            QCoreApplication::translate("ClassChips", "%1: click to show or grey out, double-click or Alt+click to show alone")
                .arg(name));
        setFocusPolicy(Qt::TabFocus);
        setCursor(Qt::PointingHandCursor);
    }

    QSize sizeHint() const override { return {std::min(fontMetrics().horizontalAdvance(text()) + 34, kWidest), kHeight}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const ThemeColors& colors = themeColors(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
        painter.setPen(QPen(hasFocus() ? colors.accent : colors.hairline, hasFocus() ? 2 : 1));
        painter.setBrush(underMouse() ? colors.hover : colors.panel);
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), frame.height() / 2, frame.height() / 2);
        // Switched off is an empty ring and grey words: seen without colours too.
        const QRectF dot(10, height() / 2.0 - 4.5, 9, 9);
        painter.setPen(isChecked() ? QPen(Qt::NoPen) : QPen(colors.secondary, 1.2));
        painter.setBrush(isChecked() ? QBrush(m_color) : QBrush(Qt::NoBrush));
        painter.drawEllipse(dot);
        painter.setPen(isChecked() ? colors.text : colors.secondary);
        painter.drawText(QRectF(24, 0, width() - 26, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(text(), Qt::ElideMiddle, width() - 28));
    }

private:
    QColor m_color;
};

} // namespace

ClassChips::ClassChips(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("classChips"));
    setAccessibleName(tr("Classes"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ClassChips::setClasses(const std::vector<std::string>& names, int count)
{
    std::vector<QString> wanted;
    for (int label = 0; label < count; ++label) wanted.push_back(className(names, label));
    if (wanted == m_names) return;
    m_names = wanted;
    for (QAbstractButton* chip : m_chips) delete chip;
    m_chips.clear();
    for (int label = 0; label < count; ++label) {
        auto* chip = new Chip(label, m_names[static_cast<std::size_t>(label)], this);
        chip->installEventFilter(this);
        // The scene decides what is visible; the chip only shows it.
        connect(chip, &QAbstractButton::clicked, this, [this, chip, label](bool now) {
            chip->setChecked(!now);
            Q_EMIT toggled(label);
        });
        chip->show();
        m_chips.push_back(chip);
    }
    joinTabOrder(m_tabAfter, {m_chips.begin(), m_chips.end()});
    updateGeometry();
    arrange(width(), Pass::Place);
}

void ClassChips::setState(int label, ClassState state)
{
    if (label >= 0 && label < count()) m_chips[static_cast<std::size_t>(label)]->setChecked(state == ClassState::Coloured);
}

int ClassChips::heightForWidth(int width) const { return arrange(width, Pass::Measure); }

QSize ClassChips::sizeHint() const { return {400, arrange(std::max(width(), 160), Pass::Measure)}; }

QSize ClassChips::minimumSizeHint() const { return {120, arrange(std::max(width(), 160), Pass::Measure)}; }

void ClassChips::resizeEvent(QResizeEvent*)
{
    arrange(width(), Pass::Place);
    updateGeometry();
}

bool ClassChips::eventFilter(QObject* watched, QEvent* event)
{
    const bool pressed = event->type() == QEvent::MouseButtonPress;
    const bool doubled = event->type() == QEvent::MouseButtonDblClick;
    if (!pressed && !doubled) return QWidget::eventFilter(watched, event);
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const bool alone = doubled || mouse->modifiers().testFlag(Qt::AltModifier);
    if (mouse->button() != Qt::LeftButton || !alone) return QWidget::eventFilter(watched, event);
    const auto found = std::find(m_chips.begin(), m_chips.end(), watched);
    if (found == m_chips.end()) return false;
    const int label = static_cast<int>(found - m_chips.begin());
    // The first click of a double click has toggled the class already; it is taken back.
    if (doubled && !mouse->modifiers().testFlag(Qt::AltModifier)) Q_EMIT toggled(label);
    Q_EMIT isolated(label);
    return true;
}

int ClassChips::arrange(int width, Pass pass) const
{
    int x = kMargin;
    int y = 4;
    for (QAbstractButton* chip : m_chips) {
        const QSize size = chip->sizeHint();
        if (x > kMargin && x + size.width() > width - kMargin) {
            x = kMargin;
            y += kHeight + kGap;
        }
        if (pass == Pass::Place) chip->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + kGap;
    }
    return m_chips.empty() ? 8 : y + kHeight + 10;
}

} // namespace latentoscope::ui
