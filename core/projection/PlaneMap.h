/// The way between a picture in the plane and the codes it was made of: a code for any place, a place for any code.
#pragma once

#include "core/neighbours/Points.h"
#include "core/projection/Pca.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace latentoscope {

using Place = std::array<double, 2>;

/// Never changes; all functions are safe from any thread.
class PlaneMap {
public:
    virtual ~PlaneMap() = default;
    /// A code (D) for a place of the picture.
    virtual std::vector<float> codeAt(const Place& place) const = 0;
    /// Where in the picture a code (D) belongs.
    virtual Place placeOf(std::span<const float> code) const = 0;
};

/// Of a projection onto the first two principal components (of one, the second is 0): exact both ways for codes that lie in
/// their plane.
std::unique_ptr<const PlaneMap> mapOfPca(Pca pca);

/// Of any picture `places` (N, 2) of `codes` (N, D), N ≥ 1: the mean of the nearest points' codes or places, weighted so that it
/// passes through every point and has no jumps (Franke & Nielson 1980's modification of Shepard's method). Takes some ten
/// microseconds for 10,000 points.
std::unique_ptr<const PlaneMap> mapOfNeighbours(std::shared_ptr<const Points> codes, std::shared_ptr<const Points> places);

/// How far a place (D values) lies from the nearest point, in the gaps that are usual there: the mean distance of the three
/// nearest points to their own nearest others. Dense and thin places so have scales of their own. None where that is not known:
/// fewer than four points, or only equal ones.
std::optional<double> gapsAt(const Points& points, const float* place);

} // namespace latentoscope
