#include "ui/latent/ClassChipsArea.h"

#include "ui/latent/ClassChips.h"

#include <QEvent>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kMostHeight = 104; ///< three lines and the beginning of a fourth, so that it shows that there are more

} // namespace

ClassChipsArea::ClassChipsArea(ClassChips* chips, QWidget* parent) : QScrollArea(parent), m_chips(chips)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus); // the chips are its stops
    setWidget(chips);
    viewport()->setAutoFillBackground(false);
    chips->setAutoFillBackground(false);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

int ClassChipsArea::heightForWidth(int width) const { return std::min(kMostHeight, m_chips->heightForWidth(width)); }

QSize ClassChipsArea::sizeHint() const { return {400, std::min(kMostHeight, m_chips->sizeHint().height())}; }

QSize ClassChipsArea::minimumSizeHint() const { return {120, std::min(kMostHeight, m_chips->minimumSizeHint().height())}; }

/// Other chips want another height.
bool ClassChipsArea::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) updateGeometry();
    return QScrollArea::event(event);
}

} // namespace latentoscope::ui
