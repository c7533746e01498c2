#include "core/figures/FigureCsv.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/figures/BarsFigure.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/ConfusionFigure.h"
#include "core/figures/CurvesFigure.h"
#include "core/figures/FigureData.h"
#include "core/figures/Grid.h"
#include "core/figures/ScatterFigure.h"
#include "core/figures/TableFigure.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace latentoscope {
namespace {

/// The shortest text that reads back as the same number, of the value's own precision.
template <class Number> void appendNumber(std::string& text, Number value)
{
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    text.append(buffer, end);
}

void appendText(std::string& text, const std::string& field) { text += csvField(field); }

std::string nameOf(const std::vector<std::string>& names, int label)
{
    return static_cast<std::size_t>(label) < names.size() ? names[static_cast<std::size_t>(label)] : std::to_string(label);
}

void appendPixelHeader(std::string& text, const ImageShape& shape)
{
    for (std::size_t i = 0; i < shape.values(); ++i) text.append(",p").append(std::to_string(i));
    text += '\n';
}

void appendPixels(std::string& text, std::span<const std::uint8_t> pixels)
{
    for (const std::uint8_t pixel : pixels) {
        text += ',';
        appendNumber(text, static_cast<int>(pixel));
    }
    text += '\n';
}

const char* roleName(Curve::Role role)
{
    switch (role) {
    case Curve::Role::TrainStep:
        return "train step";
    case Curve::Role::Smoothed:
        return "smoothed";
    case Curve::Role::Train:
        return "train";
    case Curve::Role::Validation:
        return "validation";
    case Curve::Role::Fold:
        return "fold";
    case Curve::Role::Other:
        return "other run";
    }
    return "";
}

const char* roleName(ChartSeries::Role role)
{
    switch (role) {
    case ChartSeries::Role::Plain:
        return "trial";
    case ChartSeries::Role::Best:
        return "best";
    case ChartSeries::Role::Pruned:
        return "pruned";
    case ChartSeries::Role::Failed:
        return "failed";
    case ChartSeries::Role::Running:
        return "running";
    case ChartSeries::Role::Chosen:
        return "chosen";
    }
    return "";
}

struct Writer {
    std::string operator()(const std::monostate&) const
    {
        throw Error(Error::Kind::InvalidArgument, "there is nothing to show yet, so nothing to write");
    }

    std::string operator()(const CurvesFigure& figure) const
    {
        std::string text = "curve,role,epoch,value\n";
        for (const Curve& curve : figure.curves)
            for (std::size_t i = 0; i < curve.x.size(); ++i) {
                if (figure.xRange && !figure.xRange->contains(curve.x[i])) continue;
                appendText(text, curve.name);
                text += ',';
                text += roleName(curve.role);
                text += ',';
                appendNumber(text, curve.x[i]);
                text += ',';
                // Losses are floats; as doubles they would get digits that nobody measured.
                if (curve.role == Curve::Role::TrainStep)
                    appendNumber(text, static_cast<float>(curve.y[i]));
                else
                    appendNumber(text, curve.y[i]);
                text += '\n';
            }
        for (const ReferenceLine& line : figure.lines) {
            appendText(text, line.label);
            text += ",reference,,";
            appendNumber(text, line.y);
            text += '\n';
        }
        return text;
    }

    std::string operator()(const ScatterFigure& figure) const
    {
        std::string text = figure.hasClasses() ? "index,label,class,shown," : "index,";
        appendText(text, figure.xTitle);
        if (!figure.strips) {
            text += ',';
            appendText(text, figure.yTitle);
        }
        text += '\n';
        for (std::size_t i = 0; i < figure.x.size(); ++i) {
            if (figure.xRange && !figure.xRange->contains(static_cast<double>(figure.x[i]))) continue;
            if (figure.yRange && !figure.yRange->contains(static_cast<double>(figure.y[i]))) continue;
            appendNumber(text, figure.items[i]);
            if (figure.hasClasses()) {
                text.append(",").append(std::to_string(figure.labels[i])).append(",");
                appendText(text, nameOf(figure.classNames, figure.labels[i]));
                text += figure.isVisible(figure.labels[i]) ? ",1" : ",0";
            }
            text += ',';
            appendNumber(text, figure.x[i]);
            if (!figure.strips) {
                text += ',';
                appendNumber(text, figure.y[i]);
            }
            text += '\n';
        }
        return text;
    }

    std::string operator()(const ReconstructionsFigure& figure) const
    {
        if (!figure.reconstructions) return (*this)(std::monostate{});
        const Reconstructions& all = *figure.reconstructions;
        const bool labelled = !all.labels.empty();
        std::string text = labelled ? "index,label,class,row,column,picture" : "index,row,column,picture";
        appendPixelHeader(text, all.shape);
        const int shown = std::min(all.count(), figure.rows * figure.columns);
        for (int i = 0; i < shown; ++i) {
            const auto k = static_cast<std::size_t>(i);
            for (const GridLine line : figure.lines()) {
                appendNumber(text, all.items[k]);
                if (labelled) {
                    text.append(",").append(std::to_string(all.labels[k])).append(",");
                    appendText(text, nameOf(figure.classNames, all.labels[k]));
                }
                text.append(",").append(std::to_string(i / figure.columns)).append(",");
                text.append(std::to_string(i % figure.columns)).append(",");
                text += line == GridLine::Error ? "error" : lineName(line);
                appendPixels(text, linePixels(all, i, line));
            }
        }
        return text;
    }

    std::string operator()(const ManifoldFigure& figure) const
    {
        std::string text = "row,column,";
        appendText(text, figure.xTitle);
        text += ',';
        appendText(text, figure.yTitle);
        appendPixelHeader(text, figure.shape);
        const std::size_t values = figure.shape.values();
        for (int row = 0; row < figure.rows; ++row)
            for (int column = 0; column < figure.columns; ++column) {
                text.append(std::to_string(row)).append(",").append(std::to_string(column)).append(",");
                appendNumber(text, static_cast<float>(figure.xAt(column)));
                text += ',';
                appendNumber(text, static_cast<float>(figure.yAt(row)));
                const auto k = static_cast<std::size_t>(row * figure.columns + column);
                appendPixels(text, std::span(figure.pixels).subspan(k * values, values));
            }
        return text;
    }

    std::string operator()(const ImageFigure& figure) const
    {
        std::string text;
        for (std::size_t d = 0; d < figure.code.size(); ++d) text.append(d ? ",z" : "z").append(std::to_string(d));
        if (figure.code.empty()) text += "image";
        appendPixelHeader(text, figure.shape);
        for (std::size_t d = 0; d < figure.code.size(); ++d) {
            if (d) text += ',';
            appendNumber(text, figure.code[d]);
        }
        if (figure.code.empty()) text += '0';
        appendPixels(text, figure.pixels);
        return text;
    }

    std::string operator()(const SamplesFigure& figure) const
    {
        std::string text;
        const auto dimension = static_cast<std::size_t>(figure.dimension);
        const bool labelled = !figure.labels.empty();
        const bool judged = !figure.predicted.empty();
        if (labelled) text = "label,class,";
        if (judged) text += "predicted,predicted_class,";
        for (std::size_t d = 0; d < dimension; ++d) text.append(d ? ",z" : "z").append(std::to_string(d));
        appendPixelHeader(text, figure.shape);
        const std::size_t values = figure.shape.values();
        for (std::size_t i = 0; i < figure.pixels.size() / values; ++i) {
            if (labelled) {
                text.append(std::to_string(figure.labels[i])).append(",");
                appendText(text, nameOf(figure.classNames, figure.labels[i]));
                text += ',';
            }
            if (judged) {
                text.append(std::to_string(figure.predicted[i])).append(",");
                appendText(text, nameOf(figure.classNames, figure.predicted[i]));
                text += ',';
            }
            for (std::size_t d = 0; d < dimension; ++d) {
                if (d) text += ',';
                appendNumber(text, figure.codes[i * dimension + d]);
            }
            appendPixels(text, std::span(figure.pixels).subspan(i * values, values));
        }
        return text;
    }

    std::string operator()(const ConfusionFigure& figure) const
    {
        std::string text = "label,class";
        for (const std::string& name : figure.classNames) {
            text += ',';
            appendText(text, name);
        }
        text += '\n';
        const std::size_t classes = figure.classNames.size();
        for (std::size_t label = 0; label < classes; ++label) {
            text.append(std::to_string(label)).append(",");
            appendText(text, figure.classNames[label]);
            for (std::size_t c = 0; c < classes; ++c) text.append(",").append(std::to_string(figure.counts[label * classes + c]));
            text += '\n';
        }
        return text;
    }

    std::string operator()(const MistakesFigure& figure) const
    {
        std::string text = "index,label,class,predicted,predicted_class,probability";
        appendPixelHeader(text, figure.shape);
        const std::size_t values = figure.shape.values();
        for (std::size_t i = 0; i < figure.items.size(); ++i) {
            text += std::to_string(figure.items[i]);
            for (const int label : {figure.labels[i], figure.predicted[i]}) {
                text.append(",").append(std::to_string(label)).append(",");
                appendText(text, nameOf(figure.classNames, label));
            }
            text += ',';
            appendNumber(text, figure.probability[i]);
            appendPixels(text, std::span(figure.pixels).subspan(i * values, values));
        }
        return text;
    }

    std::string operator()(const TableFigure& figure) const
    {
        std::string text;
        const auto add = [&](const std::vector<std::string>& cells) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (i > 0) text += ',';
                appendText(text, cells[i]);
            }
            text += '\n';
        };
        add(figure.columns);
        for (const auto& row : figure.rows) add(row);
        return text;
    }

    std::string operator()(const ChartFigure& figure) const
    {
        if (!figure.numbers.columns.empty()) return (*this)(figure.numbers);
        std::string text = "series,role,trial," + csvField(figure.x.title.empty() ? "x" : figure.x.title) + "," +
                           csvField(figure.y.title.empty() ? "y" : figure.y.title) + ",until,shade\n";
        for (const ChartSeries& series : figure.series) {
            for (std::size_t i = 0; i < series.x.size(); ++i) {
                appendText(text, series.name);
                text += std::string(",") + roleName(series.role) + ",";
                if (i < series.trials.size()) appendNumber(text, series.trials[i]);
                text += ',';
                appendNumber(text, series.x[i]);
                text += ',';
                appendNumber(text, series.y[i]);
                text += ',';
                if (i < series.x2.size()) appendNumber(text, series.x2[i]);
                text += ',';
                if (!series.shade.empty()) appendNumber(text, series.shade[std::min(i, series.shade.size() - 1)]);
                text += '\n';
            }
        }
        return text;
    }

    std::string operator()(const BarsFigure& figure) const
    {
        std::string text = "name,value" + (figure.markedName.empty() ? std::string() : "," + figure.markedName) + "\n";
        for (std::size_t i = 0; i < figure.names.size(); ++i) {
            appendText(text, figure.names[i]);
            text += ',';
            appendNumber(text, figure.values[i]);
            if (!figure.markedName.empty()) text += figure.marked.empty() || figure.marked[i] != 0 ? ",1" : ",0";
            text += '\n';
        }
        return text;
    }
};

} // namespace

std::string figureCsv(const FigureData& figure) { return std::visit(Writer{}, figure); }

void writeFigureCsv(const std::filesystem::path& file, const FigureData& figure) { writeFileAtomically(file, figureCsv(figure)); }

} // namespace latentoscope
