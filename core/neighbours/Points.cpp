#include "core/neighbours/Points.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <cmath>

namespace latentoscope {

Points rowsOf(const Points& points, const std::vector<int>& rows)
{
    Points part{points.dimension, {}};
    part.values.reserve(rows.size() * static_cast<std::size_t>(points.dimension));
    for (const int row : rows) part.values.insert(part.values.end(), points.row(row), points.row(row) + points.dimension);
    return part;
}

void requireFinite(const Points& points, const std::string& what)
{
    if (points.count() == 0) throw Error(Error::Kind::InvalidArgument, what + ": found no points, expected at least one");
    for (int row = 0; row < points.count(); ++row) {
        for (int d = 0; d < points.dimension; ++d) {
            const float value = points.row(row)[d];
            if (std::isfinite(value)) continue;
            throw Error(Error::Kind::InvalidArgument, what + ": found " + numberText(value) + " in dimension " +
                                                          std::to_string(d) + " of point " + std::to_string(row) +
                                                          ", expected finite values");
        }
    }
}

} // namespace latentoscope
