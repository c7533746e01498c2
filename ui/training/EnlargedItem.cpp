#include "ui/training/EnlargedItem.h"

#include "core/figures/Grid.h"
#include "core/values/LatentCodes.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <span>

namespace latentoscope::ui {
namespace {

constexpr int kPadding = 10;
constexpr int kGap = 6;
constexpr double kLargestSide = 112; ///< units of a picture: 28 pixels four times

} // namespace

EnlargedItem::EnlargedItem(QWidget* window) : QWidget(window)
{
    setObjectName(QStringLiteral("enlargedItem"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void EnlargedItem::setItem(const ReconstructionsFigure& figure, int item)
{
    const Reconstructions& all = *figure.reconstructions;
    const auto at = static_cast<std::size_t>(item);
    ReconstructionsFigure whole = figure;
    whole.errorRow = ErrorRow::Shown;
    m_images.clear();
    for (const GridLine line : whole.lines()) {
        const std::vector<std::uint8_t> pixels = linePixels(all, item, line);
        m_images.push_back(itemImage(all.shape, std::span<const std::uint8_t>(pixels)));
    }
    const std::vector<std::uint8_t> error = linePixels(all, item, GridLine::Error);
    double squares = 0;
    for (const std::uint8_t difference : error) squares += difference * difference;
    const double mse = squares / (255.0 * 255.0) / static_cast<double>(error.size());
    m_words = tr("%1 item %2 · MSE %3").arg(QString::fromStdString(all.split)).arg(all.items[at]).arg(mse, 0, 'f', 4);
    const QString name = classNameAt(figure.classNames, all.labels, at);
    if (!name.isEmpty()) m_words = name + QStringLiteral(" · ") + m_words;
    update();
}

QSizeF EnlargedItem::pictureSize() const
{
    const double ratio = devicePixelRatioF();
    return QSizeF(m_images[0].size()) * (itemFactor(m_images[0].size(), {kLargestSide, kLargestSide}, ratio) / ratio);
}

void EnlargedItem::showBeside(const QRect& rect)
{
    const QSizeF picture = pictureSize();
    const auto count = static_cast<double>(m_images.size());
    const double pictures = count * picture.width() + (count - 1) * kGap;
    const double words = fontMetrics().horizontalAdvance(m_words) + 1;
    const QSize size(static_cast<int>(std::ceil(std::max(pictures, words))) + 2 * kPadding,
                     static_cast<int>(std::ceil(picture.height())) + kGap + fontMetrics().height() + 2 * kPadding);
    const QRect room = parentWidget()->rect();
    const int x = std::clamp(rect.center().x() - size.width() / 2, 2, std::max(2, room.width() - size.width() - 2));
    int y = rect.bottom() + 8;
    if (y + size.height() > room.height() - 2 && rect.top() > room.height() - rect.bottom()) y = rect.top() - 8 - size.height();
    setGeometry(QRect(QPoint(x, std::max(2, y)), size));
    show();
    raise();
}

void EnlargedItem::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.hairline, 1));
    painter.setBrush(colors.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QSizeF side = pictureSize();
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        const QPointF at(kPadding + static_cast<double>(i) * (side.width() + kGap), kPadding);
        paintItem(painter, QRectF(at, side), m_images[i], Frame::Rounded);
    }
    painter.setPen(colors.text);
    painter.drawText(QRectF(kPadding, kPadding + side.height() + kGap, width() - 2 * kPadding, fontMetrics().height()),
                     Qt::AlignLeft | Qt::AlignVCenter, m_words);
}

} // namespace latentoscope::ui
