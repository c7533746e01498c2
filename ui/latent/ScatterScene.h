/// What the latent map shows and what lies under the mouse, computed without a widget.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/ScatterFigure.h"
#include "core/values/LatentCodes.h"
#include "ui/latent/ScatterPicture.h"
#include "ui/latent/SpreadMarker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// Pixels a data unit along both axes, to measure distances as the eye does.
struct PixelScale {
    double x = 1;
    double y = 1;
};

/// How a class is drawn.
enum class ClassState { Coloured, Greyed };

class ScatterScene {
public:
    /// Keeps dimensions and probe where they still fit.
    void setCodes(std::shared_ptr<const LatentCodes> codes);
    const std::shared_ptr<const LatentCodes>& codes() const { return m_codes; }
    bool empty() const { return !m_codes || m_codes->count() == 0; }
    int dimension() const { return m_codes ? m_codes->dimension : 0; }

    void setDimensions(int x, int y);
    int xDimension() const { return m_x; }
    int yDimension() const { return m_y; }
    double x(int row) const { return static_cast<double>(m_picture ? m_picture->places->row(row)[0] : m_codes->code(row)[m_x]); }
    /// Within its class' strip where the codes have one dimension only.
    double y(int row) const
    {
        if (m_picture) return static_cast<double>(m_picture->places->row(row)[1]);
        return static_cast<double>(strips() ? m_strips[static_cast<std::size_t>(row)] : m_codes->code(row)[m_y]);
    }
    /// Whether heights are of classStrips(), as codes of one dimension have none of their own.
    bool strips() const { return dimension() == 1 && !m_picture; }

    /// A projection of the codes in place of two dimensions; none: those. One that does not fit the codes counts as none. Codes
    /// of another count take it away.
    void setPicture(std::optional<ScatterPicture> picture);
    const std::optional<ScatterPicture>& picture() const { return m_picture; }

    void setClassNames(std::vector<std::string> names) { m_classNames = std::move(names); }
    const std::vector<std::string>& classNames() const { return m_classNames; }
    /// Names or labels there are, whichever is more.
    int classCount() const;
    bool isVisible(int label) const;
    void setState(int label, ClassState state);
    /// Only this class; where it is the only one already: all.
    void isolate(int label);
    void showAll() { m_visible.clear(); }
    int visibleCount() const; ///< points of visible classes

    /// D values, or none.
    const std::vector<float>& probe() const { return m_probe; }
    void setProbe(std::vector<float> code);
    /// Where on the map a code (D values) lies.
    Place placeOf(const std::vector<float>& code) const;
    /// The code at a place of the map: the two shown dimensions from there, the others of the probe, at first the mean code; in a
    /// picture what its map gives.
    std::vector<float> codeAt(double x, double y) const;

    /// Of all points in the two shown dimensions, with a margin of 4 %.
    AxisRange xRange() const;
    AxisRange yRange() const;

    /// The row of the visible point nearest to (x, y), at most `pixels` away; -1: none. Of equally near ones the one on top, the
    /// last.
    int rowNear(double x, double y, PixelScale scale, double pixels) const;

    /// The posterior around a row's code in the two shown dimensions; none without one, or beyond the rows.
    std::optional<Spread> spreadOf(int row) const;

    ScatterFigure figure() const;

private:
    std::shared_ptr<const LatentCodes> m_codes;
    std::vector<std::string> m_classNames;
    std::vector<std::uint8_t> m_visible; ///< by label; labels beyond its end are visible
    std::vector<float> m_probe;
    std::vector<float> m_mean;
    std::vector<float> m_strips; ///< of codes with one dimension
    std::optional<ScatterPicture> m_picture;
    int m_x = 0;
    int m_y = 1;
    int m_largestLabel = -1;
};

} // namespace latentoscope::ui
