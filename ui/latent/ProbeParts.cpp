#include "ui/latent/ProbeParts.h"

#include "ui/common/Colors.h"
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

ClassBars::ClassBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("classBars"));
    setAccessibleName(QStringLiteral("Probabilities of classes at the probed place"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ClassBars::setProbabilities(std::vector<std::string> names, std::vector<float> probabilities)
{
    const bool resized = probabilities.size() != m_probabilities.size();
    m_names = std::move(names);
    m_probabilities = std::move(probabilities);
    if (resized) updateGeometry();
    update();
}

QSize ClassBars::sizeHint() const { return {240, static_cast<int>(m_probabilities.size()) * (fontMetrics().height() + 6)}; }

void ClassBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& colors = themeColors(palette());
    const int line = fontMetrics().height() + 6;
    constexpr int kName = 86;
    constexpr int kNumber = 48;
    const auto likeliest = std::max_element(m_probabilities.begin(), m_probabilities.end());
    for (std::size_t c = 0; c < m_probabilities.size(); ++c) {
        const int top = static_cast<int>(c) * line;
        const bool first = m_probabilities.begin() + static_cast<std::ptrdiff_t>(c) == likeliest;
        painter.setPen(first ? colors.text : colors.secondary);
        painter.drawText(QRect(0, top, kName, line), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(className(m_names, static_cast<int>(c)), Qt::ElideRight, kName));
        const auto share = static_cast<double>(m_probabilities[c]);
        painter.drawText(QRect(width() - kNumber, top, kNumber, line), Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1));
        const QRectF track(kName + 6, top + line / 2.0 - 4, width() - kName - kNumber - 12, 8);
        painter.fillRect(track, colors.hover);
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), classColor(static_cast<int>(c)));
    }
}

} // namespace latentoscope::ui
