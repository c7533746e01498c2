#include "ui/latent/ProbeParts.h"

#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {

ItemCanvas::ItemCanvas(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("probeImage"));
    setAccessibleName(QStringLiteral("Decoded image"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setMinimumSize(84, 84);
}

void ItemCanvas::setImage(QImage image)
{
    m_image = std::move(image);
    update();
}

void ItemCanvas::setDim(double dim)
{
    if (dim == m_dim) return;
    m_dim = dim;
    update();
}

void ItemCanvas::paintEvent(QPaintEvent*)
{
    if (m_image.isNull()) return;
    QPainter painter(this);
    const double ratio = devicePixelRatioF();
    const QRectF target = itemRect(m_image.size(), QRectF(rect()), ratio);
    paintItem(painter, target, m_image, Frame::Rounded);
    if (m_dim <= 0) return;
    QColor veil = themeColors(palette()).panel;
    veil.setAlphaF(static_cast<float>(0.55 * m_dim));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(veil);
    painter.drawRoundedRect(target, 3, 3);
}

TrustBar::TrustBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("probeTrust"));
    setToolTip(QStringLiteral("Distance to the nearest code, against the typical distance between a code and its neighbour"));
    setMinimumHeight(32);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setGaps({});
}

void TrustBar::setGaps(std::optional<double> gaps)
{
    m_gaps = gaps;
    setAccessibleName(gaps ? QStringLiteral("Trust: ") + trustText(*gaps) : QStringLiteral("Trust: not known"));
    update();
}

void TrustBar::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF words(0, 0, width(), height() - 10);
    painter.setPen(colors.text);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Trust"));
    painter.setPen(colors.secondary);
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, m_gaps ? trustText(*m_gaps) : QStringLiteral("not known yet"));
    const QRectF bar(0, height() - 7, width(), 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.hairline);
    painter.drawRoundedRect(bar, 2, 2);
    if (!m_gaps) return;
    painter.setBrush(*m_gaps > 3 ? colors.warning : colors.accent);
    painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(4.0, bar.width() * trustLevel(*m_gaps)), bar.height())), 2, 2);
}

} // namespace latentoscope::ui
