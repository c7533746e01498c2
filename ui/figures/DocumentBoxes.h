/// What a page of a document is made of: boxes of the page's width, one below the other.
#pragma once

#include "core/document/Document.h"
#include "ui/common/PlotLibrary.h"

#include <functional>
#include <vector>

namespace latentoscope::ui {

/// Units are 1/96 inch.
struct DocumentBox {
    double height = 0;
    double before = 0;         ///< space above it, but not at a page's top
    bool keepWithNext = false; ///< never the last of a page
    std::function<void(QCPPainter& painter, const QPointF& topLeft)> draw;
};

/// The boxes of a document for pages of this width; they draw from `document`, which outlives them. Paragraphs are a box a line,
/// tables and figures one each.
std::vector<DocumentBox> documentBoxes(const Document& document, double width);

} // namespace latentoscope::ui
