/// Figures made of images, as plain values.
#pragma once

#include "core/base/AxisRange.h"
#include "core/data/ImageShape.h"
#include "core/data/Label.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

struct Reconstructions;

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
    std::vector<Label> labels;        ///< (N) the class that each was drawn for; empty: none
    std::vector<std::string> classNames;
    std::vector<Label> predicted; ///< (N) what a classifier takes each for, written below it; empty: none was asked

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

/// Images that were taken for another class than theirs, the most confidently wrong first.
struct MistakesFigure {
    std::string title;
    ImageShape shape;
    int columns = 8;
    std::vector<std::string> classNames;
    std::vector<int> items;           ///< (N) indices in their image set
    std::vector<Label> labels;        ///< (N)
    std::vector<Label> predicted;     ///< (N)
    std::vector<float> probability;   ///< (N) of the predicted class
    std::vector<std::uint8_t> pixels; ///< (N, H, W, C)
};

/// One decoded image and where in the latent space it is.
struct ImageFigure {
    std::string title;
    std::string caption;
    ImageShape shape;
    std::vector<std::uint8_t> pixels; ///< (H, W, C)
    std::vector<float> code;
};

} // namespace latentoscope
