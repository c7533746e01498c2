#include "ui/figures/DocumentPdf.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "ui/figures/DocumentBoxes.h"

#include <QBuffer>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>

namespace latentoscope::ui {
namespace {

constexpr int kResolution = 1200;
constexpr double kUnit = kResolution / 96.0;
constexpr double kMargin = 72;     ///< units, of each side
constexpr double kNumberSize = 11; ///< of the font of page numbers

/// Indices of the boxes of each page.
struct Page {
    std::size_t first = 0;
    std::size_t end = 0;
};

std::vector<Page> pagesOf(const std::vector<DocumentBox>& boxes, double height)
{
    std::vector<Page> pages;
    for (std::size_t first = 0; first < boxes.size();) {
        std::size_t end = first;
        double used = 0;
        for (; end < boxes.size(); ++end) {
            used += (end > first ? boxes[end].before : 0) + boxes[end].height;
            if (used > height && end > first) break;
        }
        // What must not be last goes to the next page, unless that is all there is.
        std::size_t cut = end;
        if (end < boxes.size())
            while (cut > first + 1 && boxes[cut - 1].keepWithNext) --cut;
        if (cut > first + 1 || !boxes[first].keepWithNext) end = cut;
        pages.push_back({first, end});
        first = end;
    }
    return pages;
}

void drawPage(QCPPainter& painter, const std::vector<DocumentBox>& boxes, const Page& page)
{
    double y = kMargin;
    for (std::size_t i = page.first; i < page.end; ++i) {
        if (i > page.first) y += boxes[i].before;
        boxes[i].draw(painter, {kMargin, y});
        y += boxes[i].height;
    }
}

} // namespace

QByteArray documentPdf(const Document& document, Paper paper)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kResolution);
        writer.setCreator(QStringLiteral("Latentoscope"));
        writer.setTitle(QString::fromStdString(document.title));
        writer.setPageSize(QPageSize(paper == Paper::A4 ? QPageSize::A4 : QPageSize::Letter));
        writer.setPageMargins(QMarginsF());
        const QSizeF size(writer.width() / kUnit, writer.height() / kUnit);
        const std::vector<DocumentBox> boxes = documentBoxes(document, size.width() - 2 * kMargin);
        const std::vector<Page> pages = pagesOf(boxes, size.height() - 2 * kMargin);
        QCPPainter painter;
        if (!painter.begin(&writer)) throw Error(Error::Kind::Io, "report.pdf: drawing could not be started");
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(kUnit, kUnit);
        QFont font(QStringList{QStringLiteral("Inter"), QStringLiteral("DejaVu Sans")});
        font.setPixelSize(static_cast<int>(kNumberSize));
        for (std::size_t i = 0; i < pages.size(); ++i) {
            if (i > 0) writer.newPage();
            drawPage(painter, boxes, pages[i]);
            painter.setFont(font);
            painter.setPen(QPen(QColor(0x44, 0x44, 0x44)));
            painter.drawText(QRectF(0, size.height() - kMargin + 16, size.width(), 20), Qt::AlignCenter,
                             QStringLiteral("%1 / %2").arg(i + 1).arg(pages.size()));
        }
        painter.end();
    }
    return bytes;
}

void writeDocumentPdf(const std::filesystem::path& file, const Document& document, Paper paper)
{
    const QByteArray bytes = documentPdf(document, paper);
    writeFileAtomically(file, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

} // namespace latentoscope::ui
