/// Where the images of a reconstructions figure lie, the same on the screen and on a page, without a widget.
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace latentoscope {
struct ReconstructionsFigure;
}

namespace latentoscope::ui {

/// One picture of the grid: which item (position in the Reconstructions) and which line of its band.
struct GridCell {
    int item = -1;
    int line = 0; ///< index into the figure's lines()
};

/// Columns and rows (bands) of items; 0: as many as fit.
struct GridCounts {
    int columns = 0;
    int rows = 0;
};

/// Those that fill `available` with large pictures: the largest whole factor at which at least six stand side by side, or as many
/// as are wanted, and as many bands as there is room for. Images too large for even one band are shrunk.
GridCounts fittingGrid(const ReconstructionsFigure& figure, const QSizeF& available, double devicePixelRatio,
                       const GridCounts& wanted = {});

class ImageGridLayout {
public:
    /// As large as itemFactor() allows within `available`, from its top left corner.
    ImageGridLayout(const ReconstructionsFigure& figure, const QRectF& available, double devicePixelRatio);

    int count() const { return m_count; } ///< items shown
    int lines() const { return m_lines; } ///< of a band
    QRectF cell(int item, int line) const;
    QRectF bounds() const;
    /// item -1: between the pictures.
    GridCell at(const QPointF& position) const;

private:
    int m_count = 0;
    int m_columns = 1;
    int m_lines = 2;
    QPointF m_origin;
    QSizeF m_picture;
    double m_gap = 3;
    double m_bandGap = 8;
};

} // namespace latentoscope::ui
