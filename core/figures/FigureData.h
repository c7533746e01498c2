/// What each figure shows, as plain values: drawn by the window, by exports and by headless commands, written as CSV.
#pragma once

#include "core/base/AxisRange.h"
#include "core/data/ImageSet.h"
#include "core/latent/ClassRegions.h"
#include "core/latent/Codes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace latentoscope {

enum class AxisScale { Linear, Logarithmic };

/// One line of a curves figure; x ascending.
struct Curve {
    enum class Role {
        TrainStep,  ///< every optimizer step, drawn light and without markers
        Smoothed,   ///< a smoothed TrainStep, drawn over it
        Train,      ///< one value an epoch
        Validation, ///< one value an epoch
        Fold,       ///< one value an epoch of one of many folds, drawn as light as TrainStep
        Other       ///< the same of another run, drawn in that run's colour
    };

    std::string name; ///< as written beside the curve
    Role role = Role::Train;
    std::vector<double> x;
    std::vector<double> y; ///< as many as x
    int color = 0;         ///< of Other: index into the class colours
};

/// A horizontal line to compare with: "PCA-2".
struct ReferenceLine {
    enum class Meaning {
        Compare, ///< what another method reaches
        Floor    ///< what none can go below
    };

    std::string label;
    double y = 0;
    Meaning meaning = Meaning::Compare;
};

struct CurvesFigure {
    std::string title;
    std::string xTitle = "Epoch";
    std::string yTitle = "Loss";
    std::vector<Curve> curves;
    std::vector<ReferenceLine> lines;
    AxisScale yScale = AxisScale::Linear;
    std::optional<AxisRange> xRange; ///< none: all of it
    std::optional<AxisRange> yRange; ///< none: all of it
    std::optional<double> marker;    ///< a vertical line at this x: the epoch being looked at
};

/// Points of a plane coloured by class. Row i of x, y, labels and items is one item for ever: nothing is sorted.
struct ScatterFigure {
    std::string title;
    std::string xTitle = "z0";
    std::string yTitle = "z1";
    std::vector<float> x;
    std::vector<float> y;
    std::vector<std::uint8_t> labels;
    std::vector<int> items; ///< indices in their image set
    std::vector<std::string> classNames;
    bool strips = false;                         ///< y are places in classStrips(), which mean nothing but the class
    std::vector<std::uint8_t> visible;           ///< by label: 0 is drawn grey; empty: all are shown
    std::shared_ptr<const ClassRegions> regions; ///< drawn behind the points; null: nothing is
    std::optional<AxisRange> xRange;             ///< none: all of it
    std::optional<AxisRange> yRange;             ///< none: all of it

    bool isVisible(std::uint8_t label) const { return label >= visible.size() || visible[label] != 0; }
};

enum class ErrorRow { Hidden, Shown };

/// What one line of a band of pictures shows.
enum class GridLine { Input, Output, Sample, Error };

/// Inputs above outputs (above outputs of a posterior's samples, above |input - output|): `rows` bands of `columns` items, in
/// order.
struct ReconstructionsFigure {
    std::string title;
    std::shared_ptr<const Reconstructions> reconstructions;
    std::vector<std::string> classNames;
    ErrorRow errorRow = ErrorRow::Hidden;
    bool sampleRow = true; ///< where there are samples
    int columns = 8;
    int rows = 1;

    /// From the top of a band.
    std::vector<GridLine> lines() const;
};

/// Decoded points of a regular lattice over two dimensions of the latent space.
struct ManifoldFigure {
    std::string title;
    std::string xTitle = "z0";
    std::string yTitle = "z1";
    ImageShape shape;
    int rows = 0;
    int columns = 0;
    AxisRange xRange;                 ///< code of the first and last column
    AxisRange yRange;                 ///< code of the last and first row: row 0 is drawn at the top and has the largest value
    std::vector<std::uint8_t> pixels; ///< (rows · columns, H, W, C)

    double xAt(int column) const { return columns > 1 ? xRange.lower + xRange.size() * column / (columns - 1) : xRange.lower; }
    double yAt(int row) const { return rows > 1 ? yRange.upper - yRange.size() * row / (rows - 1) : yRange.upper; }
};

/// Decoded samples of a distribution over codes, row by row.
struct SamplesFigure {
    std::string title;
    ImageShape shape;
    int columns = 8;
    int dimension = 0;
    std::vector<float> codes;         ///< (N, dimension)
    std::vector<std::uint8_t> pixels; ///< (N, H, W, C)
    std::vector<std::uint8_t> labels; ///< (N) the class that each was drawn for; empty: none
    std::vector<std::string> classNames;
    std::vector<std::uint8_t> predicted; ///< (N) what a classifier takes each for, written below it; empty: none was asked

    /// Whether each column is a class, of several.
    bool classesAreColumns() const
    {
        if (columns < 2 || static_cast<int>(labels.size()) < columns) return false;
        const auto wide = static_cast<std::size_t>(columns);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] != labels[i % wide] || (i > 0 && i < wide && labels[i] == labels[i - 1])) return false;
        }
        return true;
    }
};

/// One bar a name, the marked ones in the accent's colour.
struct BarsFigure {
    std::string title;
    std::string xTitle;
    std::string yTitle;
    std::vector<std::string> names;
    std::vector<double> values;       ///< as many as names
    std::vector<std::uint8_t> marked; ///< likewise; empty: all are
    std::string markedName;           ///< what marked bars are: "active"; empty: not said
};

/// How often images of each class are taken for each class.
struct ConfusionFigure {
    std::string title;
    std::vector<std::string> classNames; ///< (C)
    std::vector<int> counts;             ///< (C, C): a row a true class, a column a predicted one
};

/// Images that were taken for another class than theirs, the most confidently wrong first.
struct MistakesFigure {
    std::string title;
    ImageShape shape;
    int columns = 8;
    std::vector<std::string> classNames;
    std::vector<int> items;              ///< (N) indices in their image set
    std::vector<std::uint8_t> labels;    ///< (N)
    std::vector<std::uint8_t> predicted; ///< (N)
    std::vector<float> probability;      ///< (N) of the predicted class
    std::vector<std::uint8_t> pixels;    ///< (N, H, W, C)
};

/// One decoded image and where in the latent space it is.
struct ImageFigure {
    std::string title;
    std::string caption;
    ImageShape shape;
    std::vector<std::uint8_t> pixels; ///< (H, W, C)
    std::vector<float> code;
};

/// An axis of a chart: numbers, or words at places.
struct ChartAxis {
    std::string title;
    AxisScale scale = AxisScale::Linear;
    std::vector<std::pair<double, std::string>> ticks = {}; ///< empty: numbers
    std::optional<AxisRange> range = {};                    ///< none: all of the data
    bool whole = false;                                     ///< counts something: there is nothing between two numbers
};

/// Points, a line or bars of a chart. NaN and infinite values are not drawn.
struct ChartSeries {
    enum class Shape {
        Points,
        Line,  ///< from each to the next
        Steps, ///< level from each to the next, then up or down
        Bars   ///< horizontal, from x to x2
    };
    /// What a series stands out as.
    enum class Role { Plain, Best, Pruned, Failed, Running, Chosen };

    std::string name;
    Shape shape = Shape::Points;
    Role role = Role::Plain;
    std::vector<double> x = {};
    std::vector<double> y = {};     ///< as many as x
    std::vector<double> x2 = {};    ///< of Bars, likewise
    std::vector<double> shade = {}; ///< of Plain, likewise or one for all: 0 … 1, from a faint colour to the accent; empty: 1
    std::vector<int> trials = {};   ///< likewise: what each is, for whoever points at it; empty: nothing
};

/// A picture of values behind a chart, row 0 at the bottom.
struct ChartField {
    int columns = 0;
    int rows = 0;
    std::vector<double> shade; ///< (rows, columns) 0 … 1
};

/// Words at a place of a chart, centred on x; below y, or above.
struct ChartWords {
    double x = 0;
    double y = 0;
    bool below = false;
    std::string text;
};

/// Words and numbers in rows and columns.
struct TableFigure {
    std::string title;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< each as long as columns
};

/// What trials of a study tell.
struct ChartFigure {
    std::string title;
    ChartAxis x;
    ChartAxis y;
    std::vector<ChartSeries> series; ///< later ones are drawn over earlier ones
    ChartField field = {};           ///< over the whole of both axes' ranges, which are then given
    std::vector<ChartWords> words = {};
    TableFigure numbers = {}; ///< what is drawn in numbers, where places in the chart are not they; empty: they are
};

/// monostate: there is nothing to show yet.
using FigureData = std::variant<std::monostate, CurvesFigure, ScatterFigure, ReconstructionsFigure, ManifoldFigure, ImageFigure,
                                SamplesFigure, BarsFigure, ConfusionFigure, MistakesFigure, ChartFigure, TableFigure>;

} // namespace latentoscope
