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
    setAccessibleName(tr("Decoded image"));
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

void ItemCanvas::setFar(bool far)
{
    if (far == m_far) return;
    m_far = far;
    setToolTip(far ? tr("No codes lie near this place, so the decoder extrapolates") : QString());
    update();
}

void ItemCanvas::paintEvent(QPaintEvent*)
{
    if (m_image.isNull()) return;
    QPainter painter(this);
    const double ratio = devicePixelRatioF();
    const QRectF target = itemRect(m_image.size(), QRectF(rect()), ratio);
    paintItem(painter, target, m_image, Frame::Rounded);
    if (!m_far) return;
    QPen pen(themeColors(palette()).warning, 2);
    pen.setDashPattern({3, 3});
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(target.adjusted(-2, -2, 2, 2), 4, 4);
}

namespace {

constexpr int kTrustLine = 32; ///< height: words above a bar

}

TrustBar::TrustBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("probeTrust"));
    setToolTip(tr("Distance to the nearest code, relative to the usual distance between neighbouring codes there; in a "
                  "t-SNE or UMAP, where neighbours may be torn apart, also within the picture"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setGaps({}, {});
}

QSize TrustBar::sizeHint() const { return {200, m_picture ? 2 * kTrustLine : kTrustLine}; }

void TrustBar::setGaps(std::optional<double> latent, std::optional<double> picture)
{
    const bool resized = picture.has_value() != m_picture.has_value();
    m_latent = latent;
    m_picture = picture;
    QString words = latent ? tr("Trust in latent space: ") + trustText(*latent) : tr("Trust: not known");
    if (picture) words += tr("; in the picture: ") + trustText(*picture);
    setAccessibleName(words);
    if (resized) updateGeometry();
    update();
}

void TrustBar::drawLine(QPainter& painter, int top, const QString& name, std::optional<double> gaps) const
{
    const ThemeColors& colors = themeColors(palette());
    const QRectF words(0, top, width(), kTrustLine - 10);
    const QFontMetrics metrics = fontMetrics();
    QString text = gaps ? trustText(*gaps) : tr("not known yet");
    const int room = width() - 8;
    // The unit goes first where there is little room; the tooltip has it.
    if (metrics.horizontalAdvance(name) + metrics.horizontalAdvance(text) > room) text.remove(tr(" usual gap"));
    const int left =
        metrics.horizontalAdvance(name) + metrics.horizontalAdvance(text) > room ? 0 : metrics.horizontalAdvance(name);
    painter.setPen(colors.text);
    if (left > 0) painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setPen(colors.secondary);
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideRight, width() - left));
    const QRectF bar(0, top + kTrustLine - 7, width(), 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.hairline);
    painter.drawRoundedRect(bar, 2, 2);
    if (!gaps) return;
    painter.setBrush(*gaps > 3 ? colors.warning : colors.accent);
    painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(4.0, bar.width() * trustLevel(*gaps)), bar.height())), 2, 2);
}

void TrustBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawLine(painter, 0, m_picture ? tr("In latent space") : tr("Trust"), m_latent);
    if (m_picture) drawLine(painter, kTrustLine, tr("In the picture"), m_picture);
}

ClassBars::ClassBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("classBars"));
    setAccessibleName(tr("Probabilities of classes at the probed place"));
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
