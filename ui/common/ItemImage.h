/// Painting of data items: pixels stay pixels.
#pragma once

#include <QColor>
#include <QImage>
#include <QPainter>
#include <QSizeF>

#include <cstdint>
#include <span>
#include <string>

namespace latentoscope {
struct ImageShape;
}

namespace latentoscope::ui {

/// Bytes (H, W, C) as an image of H × W pixels that owns its memory; empty where the length does not fit the shape.
QImage itemImage(const ImageShape& shape, std::span<const std::uint8_t> pixels);

/// Values in [0, 1] (H, W, C) likewise.
QImage itemImage(const ImageShape& shape, std::span<const float> values);

/// "test item 12"; of a whole data set "item 60012".
QString itemWords(const std::string& split, int item);

/// Device pixels a pixel of the image so that it fits into `available` (logical units): the largest whole number, or a fraction
/// where not even 1 fits.
double itemFactor(const QSize& image, const QSizeF& available, double devicePixelRatio);

/// Where the image comes to lie, centred in `area`, on whole device pixels. Logical units.
QRectF itemRect(const QSize& image, const QRectF& area, double devicePixelRatio);

enum class Frame { Rounded, Plain };

/// Paints without smoothing (but where a screen has fewer pixels than the image) on black into exactly `target`, its frame
/// rounded by 3 units if asked.
void paintItem(QPainter& painter, const QRectF& target, const QImage& image, Frame frame);

} // namespace latentoscope::ui
