/// Figures as files and on the clipboard: always on white, nothing thinned.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSizeF>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

class QMimeData;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

struct ExportOptions {
    enum class Format { Png, Svg, Pdf, Csv };
    enum class Unit { Millimetres, Pixels };

    Format format = Format::Png;
    QSizeF size;              ///< empty: naturalSize()
    Unit unit = Unit::Pixels; ///< of size; a pixel is 1/96 inch
    double scale = 2;         ///< of PNG: pixels of the file a pixel of the size, 0.5 … 16
};

/// Size in units of 1/96 inch at which the figure looks well.
QSizeF naturalSize(const FigureData& figure);

/// The size in units of 1/96 inch that the options ask for.
QSizeF exportSize(const FigureData& figure, const ExportOptions& options);

/// Pixels of a PNG with these options.
QSize pixelSize(const FigureData& figure, const ExportOptions& options);

/// The figure drawn as PNG would show it, `scale` pixels a unit.
QImage renderImage(const FigureData& figure, const QSizeF& size, double scale);

/// The bytes of the file. Throws Error(InvalidArgument) for an empty figure or a size that cannot be.
QByteArray renderFigure(const FigureData& figure, const ExportOptions& options, const QString& name = {});

/// Writes the file, whole or not at all. Throws Error(Io) naming it, or as renderFigure(). Interface thread.
void exportFigure(const FigureData& figure, const std::filesystem::path& file, const ExportOptions& options);

/// name.png, name.svg, name.pdf and name.csv in the folder (made if missing). Needs a QApplication, the offscreen platform does.
/// Throws Error(Io).
void writeFigureFiles(const std::filesystem::path& folder, const std::string& name, const FigureData& figure);

/// PNG and SVG for the clipboard (the data themselves as text: figureCsv()). Throws as renderFigure().
std::unique_ptr<QMimeData> figureMimeData(const FigureData& figure);

/// "png", "svg", "pdf" or "csv".
QString suffixOf(ExportOptions::Format format);

/// By the file's suffix, any case.
std::optional<ExportOptions::Format> formatOf(const std::filesystem::path& file);

} // namespace latentoscope::ui
