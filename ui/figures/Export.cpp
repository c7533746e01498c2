#include "ui/figures/Export.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/ImageShape.h"
#include "core/figures/BarsFigure.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/ConfusionFigure.h"
#include "core/figures/CurvesFigure.h"
#include "core/figures/FigureCsv.h"
#include "core/figures/FigureData.h"
#include "core/figures/ImageFigures.h"
#include "core/figures/ScatterFigure.h"
#include "core/figures/TableFigure.h"
#include "core/values/LatentCodes.h"
#include "ui/common/PlotLibrary.h"
#include "ui/figures/ClassFigures.h"
#include "ui/figures/FigurePainter.h"
#include "ui/figures/TablePainter.h"

#include <QBuffer>
#include <QMimeData>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr double kUnitsPerMillimetre = 96 / 25.4;
constexpr double kSmallestSide = 32; ///< units
constexpr double kLargestSide = 8000;
constexpr int kLargestPixels = 30'000; ///< a side of a PNG

[[noreturn]] void refuse(const std::string& sentence) { throw Error(Error::Kind::InvalidArgument, sentence); }

void checkSize(const QSizeF& size)
{
    const auto fits = [](double side) { return side >= kSmallestSide && side <= kLargestSide; };
    if (!fits(size.width()) || !fits(size.height()))
        refuse("figure size: " + std::to_string(std::lround(size.width())) + " x " + std::to_string(std::lround(size.height())) +
               " pixels cannot be drawn, each side must be 32 to 8000");
}

void drawVectors(QPaintDevice& device, const FigureData& figure, const QSizeF& size, double unitsScale)
{
    QCPPainter painter;
    if (!painter.begin(&device)) throw Error(Error::Kind::Io, "figure: drawing could not be started");
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(unitsScale, unitsScale);
    drawFigure(painter, figure, size, 1);
    painter.end();
}

QByteArray pdfBytes(const FigureData& figure, const QSizeF& size, const QString& name)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        constexpr int kResolution = 1200;
        writer.setResolution(kResolution);
        writer.setCreator(QStringLiteral("Latentoscope"));
        writer.setTitle(name);
        writer.setPageSize(QPageSize(size * 0.75, QPageSize::Point, {}, QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF());
        drawVectors(writer, figure, size, kResolution / 96.0);
    }
    return bytes;
}

QByteArray svgBytes(const FigureData& figure, const QSizeF& size, const QString& name)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setTitle(name.isEmpty() ? QStringLiteral("Figure") : name);
    generator.setDescription(QStringLiteral("Drawn by Latentoscope"));
    drawVectors(generator, figure, size, 1);
    return bytes;
}

QByteArray pngBytes(const FigureData& figure, const QSizeF& size, double scale)
{
    QImage image = renderImage(figure, size, scale);
    if (image.isNull()) refuse("figure size: there is not enough memory for a picture of this size, choose a smaller scale");
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) throw Error(Error::Kind::Io, "figure: the picture could not be made a PNG");
    return bytes;
}

bool isEmpty(const FigureData& figure) { return std::holds_alternative<std::monostate>(figure); }

QSizeF gridSize(const ReconstructionsFigure& figure)
{
    if (!figure.reconstructions || figure.reconstructions->count() == 0) return {320, 120};
    const int shown = std::min(figure.reconstructions->count(), figure.rows * figure.columns);
    const int columns = std::max(1, std::min(figure.columns, shown));
    const int bands = std::max(1, (shown + columns - 1) / columns);
    const int lines = static_cast<int>(figure.lines().size());
    const ImageShape& shape = figure.reconstructions->shape;
    const double factor = std::max(1.0, std::floor(56.0 / std::max(shape.width, shape.height)));
    const double width = columns * shape.width * factor + (columns - 1) * 3 + 44 + 14;
    const double height = bands * lines * shape.height * factor + bands * (lines - 1) * 3 + (bands - 1) * 8 + 14;
    return {width, height + (figure.title.empty() ? 0 : 20)};
}

QSizeF samplesSize(const SamplesFigure& figure)
{
    const int columns = std::max(1, figure.columns);
    const auto count = static_cast<int>(figure.pixels.size() / std::max<std::size_t>(1, figure.shape.values()));
    const int rows = (count + columns - 1) / columns;
    const double factor = std::max(1.0, std::floor(56.0 / std::max(1, std::max(figure.shape.width, figure.shape.height))));
    return {columns * (figure.shape.width * factor + 3) + 12,
            rows * (figure.shape.height * factor + (figure.predicted.empty() ? 0 : kBelowSample) + 3) + 12 +
                (figure.title.empty() ? 0 : 20) + (figure.classesAreColumns() ? kColumnNames : 0)};
}

QSizeF manifoldSize(const ManifoldFigure& figure)
{
    const double width = figure.columns * figure.shape.width;
    const double height = figure.rows * figure.shape.height;
    if (!(width > 0) || !(height > 0)) return {480, 480};
    const double longest = std::max(width, height);
    const double factor = longest > 640 ? 640 / longest : std::max(1.0, std::floor(640 / longest));
    return {std::ceil(width * factor) + 70, std::ceil(height * factor) + 64 + (figure.title.empty() ? 0 : 20)};
}

/// As high as its rows, which are told to a hundred pictures; the CSV has all.
QSizeF mistakesSize(const MistakesFigure& figure)
{
    constexpr double kWide = 720, kMargins = 14;
    constexpr int kDrawn = 100;
    if (figure.items.empty()) return {kWide, 100};
    const double top = figure.title.empty() ? 0 : 20;
    const MistakesLayout layout(figure, QRectF(0, 0, kWide - kMargins, 1e6), printStyle().font, 1);
    const int last = std::min(static_cast<int>(figure.items.size()), kDrawn) - 1;
    return {kWide, std::ceil(layout.words(last).bottom() + top + kMargins)};
}

} // namespace

QSizeF naturalSize(const FigureData& figure)
{
    if (std::holds_alternative<CurvesFigure>(figure)) return {480, 300};
    if (std::holds_alternative<ScatterFigure>(figure)) return {560, 420};
    if (const auto* grid = std::get_if<ReconstructionsFigure>(&figure)) return gridSize(*grid);
    if (const auto* manifold = std::get_if<ManifoldFigure>(&figure)) return manifoldSize(*manifold);
    if (const auto* samples = std::get_if<SamplesFigure>(&figure)) return samplesSize(*samples);
    if (std::holds_alternative<BarsFigure>(figure)) return {420, 280};
    if (const auto* chart = std::get_if<ChartFigure>(&figure))
        return chart->words.empty() ? QSizeF(560, 340)
                                    : QSizeF(std::max(560.0, 120.0 * static_cast<double>(chart->x.ticks.size())), 360);
    if (std::holds_alternative<ConfusionFigure>(figure)) return {640, 440};
    if (const auto* table = std::get_if<TableFigure>(&figure))
        return tableSize(*table) + QSizeF(14, 14 + (table->title.empty() ? 0 : 20));
    if (const auto* mistakes = std::get_if<MistakesFigure>(&figure)) return mistakesSize(*mistakes);
    return {320, 340};
}

QSizeF exportSize(const FigureData& figure, const ExportOptions& options)
{
    if (options.size.isEmpty()) return naturalSize(figure);
    return options.unit == ExportOptions::Unit::Pixels ? options.size : options.size * kUnitsPerMillimetre;
}

QSize pixelSize(const FigureData& figure, const ExportOptions& options)
{
    const QSizeF size = exportSize(figure, options) * options.scale;
    return {static_cast<int>(std::lround(size.width())), static_cast<int>(std::lround(size.height()))};
}

QImage renderImage(const FigureData& figure, const QSizeF& size, double scale)
{
    QImage image(static_cast<int>(std::lround(size.width() * scale)), static_cast<int>(std::lround(size.height() * scale)),
                 QImage::Format_RGB32);
    if (image.isNull()) return image;
    image.fill(Qt::white);
    const int dots = static_cast<int>(std::lround(96 * scale / 0.0254));
    QCPPainter painter;
    if (!painter.begin(&image)) return {};
    painter.setMode(QCPPainter::pmNoCaching);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    drawFigure(painter, figure, size, scale);
    painter.end();
    // After painting: it would change the size of fonts stated in points.
    image.setDotsPerMeterX(dots);
    image.setDotsPerMeterY(dots);
    return image;
}

QByteArray renderFigure(const FigureData& figure, const ExportOptions& options, const QString& name)
{
    if (isEmpty(figure)) refuse("there is nothing to show yet, so nothing to export");
    if (options.format == ExportOptions::Format::Csv) return QByteArray::fromStdString(figureCsv(figure));
    const QSizeF size = exportSize(figure, options);
    checkSize(size);
    if (options.format == ExportOptions::Format::Svg) return svgBytes(figure, size, name);
    if (options.format == ExportOptions::Format::Pdf) return pdfBytes(figure, size, name);
    const QSize pixels = pixelSize(figure, options);
    if (!(options.scale >= 0.25 && options.scale <= 16) || pixels.width() > kLargestPixels || pixels.height() > kLargestPixels)
        refuse("figure scale: a PNG of " + std::to_string(pixels.width()) + " x " + std::to_string(pixels.height()) +
               " pixels cannot be written, choose a smaller size or scale");
    return pngBytes(figure, size, options.scale);
}

void exportFigure(const FigureData& figure, const std::filesystem::path& file, const ExportOptions& options)
{
    const QByteArray bytes = renderFigure(figure, options, QString::fromStdString(file.stem().string()));
    writeFileAtomically(file, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

void writeFigureFiles(const std::filesystem::path& folder, const std::string& name, const FigureData& figure)
{
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Error::Kind::Io, folder.string() + ": the folder cannot be made: " + failure.message());
    using Format = ExportOptions::Format;
    for (const Format format : {Format::Png, Format::Svg, Format::Pdf, Format::Csv}) {
        ExportOptions options;
        options.format = format;
        options.scale = 3;
        exportFigure(figure, folder / (name + "." + suffixOf(format).toStdString()), options);
    }
}

std::unique_ptr<QMimeData> figureMimeData(const FigureData& figure)
{
    auto data = std::make_unique<QMimeData>();
    ExportOptions options;
    options.format = ExportOptions::Format::Svg;
    data->setData(QStringLiteral("image/svg+xml"), renderFigure(figure, options));
    data->setImageData(renderImage(figure, naturalSize(figure), options.scale));
    return data;
}

QString suffixOf(ExportOptions::Format format)
{
    switch (format) {
    case ExportOptions::Format::Png:
        return QStringLiteral("png");
    case ExportOptions::Format::Svg:
        return QStringLiteral("svg");
    case ExportOptions::Format::Pdf:
        return QStringLiteral("pdf");
    case ExportOptions::Format::Csv:
        return QStringLiteral("csv");
    }
    return {};
}

std::optional<ExportOptions::Format> formatOf(const std::filesystem::path& file)
{
    using Format = ExportOptions::Format;
    const QString suffix = QString::fromStdString(file.extension().string()).mid(1).toLower();
    for (const Format format : {Format::Png, Format::Svg, Format::Pdf, Format::Csv})
        if (suffix == suffixOf(format)) return format;
    return {};
}

} // namespace latentoscope::ui
