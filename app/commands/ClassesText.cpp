#include "app/commands/ClassesText.h"

#include "core/base/Text.h"

#include <cstdio>

namespace latentoscope {

void addClasses(nlohmann::ordered_json& object, const Predictions& predictions)
{
    const ConfusionMatrix matrix = confusionOf(predictions);
    auto rows = nlohmann::ordered_json::array();
    auto precision = nlohmann::ordered_json::array();
    auto recall = nlohmann::ordered_json::array();
    const auto percent = [](const std::optional<double>& value) { return value ? nlohmann::ordered_json(*value) : nullptr; };
    for (int label = 0; label < matrix.classes; ++label) {
        auto row = nlohmann::ordered_json::array();
        for (int c = 0; c < matrix.classes; ++c) row.push_back(matrix.at(label, c));
        rows.push_back(row);
        precision.push_back(percent(matrix.precision(label)));
        recall.push_back(percent(matrix.recall(label)));
    }
    object["confusion"] = rows;
    object["precision"] = precision;
    object["recall"] = recall;
}

void printClasses(const Predictions& predictions, const std::vector<std::string>& names)
{
    const ConfusionMatrix matrix = confusionOf(predictions);
    std::printf("  %-26s %9s %9s   percent\n", "class", "precision", "recall");
    for (int label = 0; label < matrix.classes; ++label) {
        const auto at = static_cast<std::size_t>(label);
        // A class that is never predicted has no precision, one without an image no recall.
        const auto percent = [](const std::optional<double>& value) { return value ? fixedText(*value, 2) : std::string("-"); };
        std::printf("  %-26s %9s %9s\n", (at < names.size() ? names[at] : std::to_string(label)).c_str(),
                    percent(matrix.precision(label)).c_str(), percent(matrix.recall(label)).c_str());
    }
}

} // namespace latentoscope
