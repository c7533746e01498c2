#include "core/search/RegressionForest.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace latentoscope {
namespace {

struct Node {
    std::vector<int> rows; ///< of the bootstrap sample, with repeats
    std::vector<LeafSide> sides;
};

struct Cut {
    std::size_t dimension = 0;
    double threshold = 0; ///< of numbers: at most it to the left
    int category = -1;    ///< of categories: this one to the left
    double gain = 0;      ///< by how much the squared error falls
};

struct Growing {
    const std::vector<std::vector<double>>& points;
    const std::vector<double>& values;
    const std::vector<ForestDimension>& dimensions;

    double at(int row, std::size_t d) const { return points[static_cast<std::size_t>(row)][d]; }
    double valueOf(int row) const { return values[static_cast<std::size_t>(row)]; }

    double sumOf(const std::vector<int>& rows) const
    {
        return std::accumulate(rows.begin(), rows.end(), 0.0, [&](double sum, int row) { return sum + valueOf(row); });
    }

    /// What a division into parts of these sums and counts takes from the squared error, but for a constant.
    static double merit(double left, double leftCount, double all, double count)
    {
        const double right = all - left;
        return left * left / leftCount + right * right / (count - leftCount) - all * all / count;
    }

    void cutNumbers(const Node& node, std::size_t d, Cut& best) const
    {
        std::vector<int> order = node.rows;
        std::sort(order.begin(), order.end(), [&](int a, int b) { return at(a, d) < at(b, d); });
        const double all = sumOf(order);
        const auto count = static_cast<double>(order.size());
        double left = 0;
        for (std::size_t i = 0; i + 1 < order.size(); ++i) {
            left += valueOf(order[i]);
            const double here = at(order[i], d), next = at(order[i + 1], d);
            if (!(here < next)) continue;
            const double gain = merit(left, static_cast<double>(i + 1), all, count);
            if (gain > best.gain) best = {d, here + (next - here) / 2, -1, gain};
        }
    }

    void cutCategories(const Node& node, std::size_t d, Cut& best) const
    {
        const double all = sumOf(node.rows);
        const auto count = static_cast<double>(node.rows.size());
        std::vector<double> sums(static_cast<std::size_t>(dimensions[d].categories)), counts(sums.size());
        for (const int row : node.rows) {
            sums[static_cast<std::size_t>(at(row, d))] += valueOf(row);
            counts[static_cast<std::size_t>(at(row, d))] += 1;
        }
        for (std::size_t c = 0; c < sums.size(); ++c) {
            if (counts[c] == 0 || counts[c] == count) continue;
            const double gain = merit(sums[c], counts[c], all, count);
            if (gain > best.gain) best = {d, 0, static_cast<int>(c), gain};
        }
    }

    std::optional<Cut> bestCut(const Node& node) const
    {
        const auto [least, most] =
            std::minmax_element(node.rows.begin(), node.rows.end(), [&](int a, int b) { return valueOf(a) < valueOf(b); });
        if (valueOf(*least) == valueOf(*most)) return std::nullopt;
        Cut best;
        best.gain = -std::numeric_limits<double>::infinity();
        for (std::size_t d = 0; d < dimensions.size(); ++d)
            dimensions[d].categories > 0 ? cutCategories(node, d, best) : cutNumbers(node, d, best);
        if (best.gain == -std::numeric_limits<double>::infinity()) return std::nullopt; // the same points, other values
        return best;
    }

    std::pair<Node, Node> divided(Node node, const Cut& cut) const
    {
        Node left{{}, node.sides}, right{{}, std::move(node.sides)};
        for (const int row : node.rows) {
            const double value = at(row, cut.dimension);
            const bool isLeft = cut.category >= 0 ? static_cast<int>(value) == cut.category : value <= cut.threshold;
            (isLeft ? left : right).rows.push_back(row);
        }
        LeafSide &leftSide = left.sides[cut.dimension], &rightSide = right.sides[cut.dimension];
        if (cut.category >= 0) {
            leftSide.contains.assign(leftSide.contains.size(), false);
            leftSide.contains[static_cast<std::size_t>(cut.category)] = true;
            rightSide.contains[static_cast<std::size_t>(cut.category)] = false;
        } else {
            leftSide.high = rightSide.low = cut.threshold;
        }
        return {std::move(left), std::move(right)};
    }
};

} // namespace

RegressionTree growTree(const std::vector<std::vector<double>>& points, const std::vector<double>& values,
                        const std::vector<ForestDimension>& dimensions, RandomStream& random)
{
    Node root;
    for (std::size_t i = 0; i < points.size(); ++i)
        root.rows.push_back(static_cast<int>(random.below(static_cast<std::uint32_t>(points.size()))));
    for (const ForestDimension& dimension : dimensions) {
        root.sides.push_back(
            {dimension.low, dimension.high, std::vector<bool>(static_cast<std::size_t>(dimension.categories), true)});
    }
    const Growing growing{points, values, dimensions};
    RegressionTree tree;
    std::vector<Node> open;
    open.push_back(std::move(root));
    while (!open.empty()) {
        Node node = std::move(open.back());
        open.pop_back();
        if (const auto cut = growing.bestCut(node)) {
            auto [left, right] = growing.divided(std::move(node), *cut);
            open.push_back(std::move(right));
            open.push_back(std::move(left));
        } else {
            tree.push_back({std::move(node.sides), growing.sumOf(node.rows) / static_cast<double>(node.rows.size())});
        }
    }
    return tree;
}

} // namespace latentoscope
