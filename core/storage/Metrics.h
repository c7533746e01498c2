/// The curves of a run, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// One optimizer step.
struct LossPoint {
    double epoch = 0;         ///< passes over the training data so far; 1.5 is halfway through the second
    float loss = 0;           ///< mean over its batch of the kind's first measure, with the weights before the step
    std::vector<float> terms; ///< likewise of its other measures, in their order; empty where it has none
};

/// One figure of an epoch: a row of metrics.csv.
struct Metric {
    std::string split; ///< "train" or "validation"
    std::string name;  ///< of a kind's measure, or "images_per_second", "seconds" of the training steps
    double value = 0;

    bool operator==(const Metric&) const = default;
};

/// Metrics of one whole epoch. "train" figures are means over its steps, weighted by images; "validation" ones are measured
/// with the weights at the epoch's end and missing without a validation split.
struct EpochMetrics {
    int epoch = 0; ///< 1, 2, …
    std::vector<Metric> values;

    std::optional<double> find(std::string_view split, std::string_view name) const
    {
        for (const Metric& metric : values) {
            if (metric.split == split && metric.name == name) return metric.value;
        }
        return std::nullopt;
    }
    double imagesPerSecond() const { return find("train", "images_per_second").value_or(0); }
    double seconds() const { return find("train", "seconds").value_or(0); }
};

/// How far weights have been trained.
struct TrainedTo {
    int epoch = 0;         ///< whole epochs
    std::int64_t step = 0; ///< optimizer steps in all
};

} // namespace latentoscope
