#include "ui/figures/ImageGridLayout.h"

#include "core/data/ImageShape.h"
#include "core/figures/ImageFigures.h"
#include "core/values/LatentCodes.h"
#include "ui/common/ItemImage.h"

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {

GridCounts fittingGrid(const ReconstructionsFigure& figure, const QSizeF& available, double devicePixelRatio,
                       const GridCounts& wanted)
{
    constexpr int kFewestColumns = 6;
    constexpr int kMostColumns = 32;
    constexpr int kMostRows = 8;
    constexpr double kGap = 4;
    constexpr double kBandGap = 9;
    if (!figure.reconstructions) return {8, 1};
    const ImageShape& shape = figure.reconstructions->shape;
    const int lines = static_cast<int>(figure.lines().size());
    const int fewestColumns = wanted.columns > 0 ? wanted.columns : kFewestColumns;
    const int fewestRows = std::max(1, wanted.rows);
    GridCounts counts{fewestColumns, fewestRows}; // of pictures that are shrunk
    for (int factor = 1;; ++factor) {
        const double width = shape.width * factor / devicePixelRatio;
        const double height = shape.height * factor / devicePixelRatio;
        const int columns = static_cast<int>((available.width() + kGap) / (width + kGap));
        const int rows = static_cast<int>((available.height() + kBandGap) / (lines * (height + kGap) - kGap + kBandGap));
        if (columns < fewestColumns || rows < fewestRows) break;
        counts = {wanted.columns > 0 ? wanted.columns : std::min(columns, kMostColumns),
                  wanted.rows > 0 ? wanted.rows : std::min(rows, kMostRows)};
    }
    return counts;
}

ImageGridLayout::ImageGridLayout(const ReconstructionsFigure& figure, const QRectF& available, double devicePixelRatio)
    : m_lines(static_cast<int>(figure.lines().size())), m_origin(available.topLeft())
{
    if (!figure.reconstructions || figure.rows < 1 || figure.columns < 1) return;
    const ImageShape& shape = figure.reconstructions->shape;
    m_count = std::min(figure.reconstructions->count(), figure.rows * figure.columns);
    m_columns = std::max(1, std::min(figure.columns, m_count));
    const int bands = std::max(1, (m_count + m_columns - 1) / m_columns);
    // Gaps on whole device pixels keep every picture on them too.
    m_gap = std::max(1.0, std::round(3 * devicePixelRatio)) / devicePixelRatio;
    m_bandGap = std::max(1.0, std::round(8 * devicePixelRatio)) / devicePixelRatio;
    const QSizeF room((available.width() - (m_columns - 1) * m_gap) / m_columns,
                      (available.height() - (bands - 1) * m_bandGap - bands * (m_lines - 1) * m_gap) / (bands * m_lines));
    const double factor = itemFactor(QSize(shape.width, shape.height), room, devicePixelRatio);
    m_picture = QSizeF(std::max(1.0, std::floor(shape.width * factor)), std::max(1.0, std::floor(shape.height * factor))) /
                devicePixelRatio;
}

QRectF ImageGridLayout::cell(int item, int line) const
{
    const int column = item % m_columns;
    const int band = item / m_columns;
    const double bandHeight = m_lines * m_picture.height() + (m_lines - 1) * m_gap + m_bandGap;
    return {m_origin + QPointF(column * (m_picture.width() + m_gap), band * bandHeight + line * (m_picture.height() + m_gap)),
            m_picture};
}

QRectF ImageGridLayout::bounds() const
{
    if (m_count == 0) return {m_origin, QSizeF()};
    QRectF all = cell(0, 0).united(cell(m_count - 1, m_lines - 1));
    return all.united(cell(std::min(m_count, m_columns) - 1, 0));
}

GridCell ImageGridLayout::at(const QPointF& position) const
{
    for (int item = 0; item < m_count; ++item)
        for (int line = 0; line < m_lines; ++line)
            if (cell(item, line).contains(position)) return {item, line};
    return {};
}

} // namespace latentoscope::ui
