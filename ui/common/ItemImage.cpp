#include "ui/common/ItemImage.h"

#include "core/data/ImageShape.h"

#include <QCoreApplication>
#include <QPaintEngine>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace latentoscope::ui {

QImage itemImage(const ImageShape& shape, std::span<const std::uint8_t> pixels)
{
    if (pixels.size() != shape.values() || pixels.empty()) return {};
    const bool grey = shape.channels == 1;
    QImage image(shape.width, shape.height, grey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const auto line = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.channels);
    for (int y = 0; y < shape.height; ++y)
        std::memcpy(image.scanLine(y), pixels.data() + static_cast<std::size_t>(y) * line, line);
    return image;
}

QImage itemImage(const ImageShape& shape, std::span<const float> values)
{
    std::vector<std::uint8_t> bytes(values.size());
    std::transform(values.begin(), values.end(), bytes.begin(), [](float value) {
        // NaN fails both comparisons and becomes 0.
        return static_cast<std::uint8_t>(value > 0.0F ? (value < 1.0F ? std::lround(value * 255.0F) : 255) : 0);
    });
    return itemImage(shape, std::span<const std::uint8_t>(bytes));
}

QString itemWords(const std::string& split, int item)
{
    const QString words = QCoreApplication::translate("ItemImage", "item %1").arg(item);
    return split == "all" ? words : QString::fromStdString(split) + QLatin1Char(' ') + words;
}

double itemFactor(const QSize& image, const QSizeF& available, double devicePixelRatio)
{
    if (image.isEmpty()) return 1;
    const double factor = std::min(available.width() / image.width(), available.height() / image.height()) * devicePixelRatio;
    if (factor < 1) return std::max(factor, 1.0 / std::max(image.width(), image.height()));
    return std::floor(factor + 1e-6);
}

QRectF itemRect(const QSize& image, const QRectF& area, double devicePixelRatio)
{
    const double factor = itemFactor(image, area.size(), devicePixelRatio) / devicePixelRatio;
    const QSizeF size(image.width() * factor, image.height() * factor);
    const auto aligned = [devicePixelRatio](double value) { return std::floor(value * devicePixelRatio) / devicePixelRatio; };
    return {QPointF(aligned(area.center().x() - size.width() / 2), aligned(area.center().y() - size.height() / 2)), size};
}

void paintItem(QPainter& painter, const QRectF& target, const QImage& image, Frame frame)
{
    painter.save();
    painter.setRenderHint(QPainter::LosslessImageRendering); // PDF would make a JPEG of it
    // Without it a line of a large image would be there or not as chance has it. On paper there are pixels enough.
    const bool raster = painter.paintEngine() != nullptr && painter.paintEngine()->type() == QPaintEngine::Raster;
    const double pixels = target.width() * painter.device()->devicePixelRatioF() * painter.transform().m11();
    const bool smooth = raster && pixels < image.width() - 0.5;
    if (frame == Frame::Rounded) {
        // The picture is a texture of the rounded shape, so that the corners are smooth; a clip's would not be.
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        QPainterPath shape;
        shape.addRoundedRect(target, 3, 3);
        painter.fillPath(shape, Qt::black);
        if (!image.isNull()) {
            QBrush brush(image);
            QTransform transform;
            transform.translate(target.x(), target.y());
            transform.scale(target.width() / image.width(), target.height() / image.height());
            brush.setTransform(transform);
            painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
            painter.fillPath(shape, brush);
        }
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
        painter.fillRect(target, Qt::black);
        if (!image.isNull()) painter.drawImage(target, image);
    }
    painter.restore();
}

} // namespace latentoscope::ui
