/// Points of any dimension, as values: what is projected, and what it becomes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace latentoscope {

struct Points {
    int dimension = 0;
    std::vector<float> values; ///< (N, dimension), row-major

    int count() const { return dimension > 0 ? static_cast<int>(values.size() / static_cast<std::size_t>(dimension)) : 0; }
    const float* row(int i) const { return values.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(dimension); }
};

/// These rows of the points, in this order.
Points rowsOf(const Points& points, const std::vector<int>& rows);

/// Summed in double.
inline double squaredDistance(const float* a, const float* b, int dimension)
{
    double sum = 0;
    for (int d = 0; d < dimension; ++d) {
        const double difference = static_cast<double>(a[d]) - static_cast<double>(b[d]);
        sum += difference * difference;
    }
    return sum;
}

/// Throws Error(InvalidArgument) naming `what`, row and dimension where a value is NaN or infinite, or where there are no points.
void requireFinite(const Points& points, const std::string& what);

} // namespace latentoscope
