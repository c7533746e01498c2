/// How a classifier does, class by class and image by image.
#pragma once

#include "core/data/Label.h"
#include "core/figures/ConfusionFigure.h"
#include "core/figures/ImageFigures.h"

#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
struct ItemSelection;
struct LatentCodes;
struct Samples;
class FrozenModel;

/// What a classifier takes each of some items for.
struct Predictions {
    int classes = 0;
    std::string split;              ///< "test", or one of the training images: what items index
    std::vector<int> items;         ///< (N) indices in their image set
    std::vector<Label> labels;      ///< (N) what they are
    std::vector<Label> predicted;   ///< (N) the most likely class; of equally likely ones the first
    std::vector<float> probability; ///< (N) of that class

    int count() const { return static_cast<int>(items.size()); }
};

/// Throws Error(InvalidArgument) where the data have no labels that predictions could be held against.
void requireLabels(const DataSet& data);

/// What a classifier takes the chosen items for. The same at any thread count. Throws Error(InvalidArgument) where the model is
/// no classifier, or a label is none of its classes, and as requireLabels.
Predictions predictItems(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads);

/// The same, of codes that a classifier gave. None where another network did, and where the data have no labels.
std::optional<Predictions> predictionsOf(const LatentCodes& codes, int classes);

/// "every image is taken for Shirt": of a classifier that has collapsed to one class of several; empty where it has not.
std::string collapseOf(const Predictions& predictions, const std::vector<std::string>& classNames);

/// What a classifier takes samples for that were drawn for a class each: their labels are what they ought to be. Throws as
/// predictItems, and where the samples have no classes or another shape of image.
Predictions judgeSamples(const FrozenModel& classifier, const Samples& samples, int threads);

/// counts[label · classes + predicted].
struct ConfusionMatrix {
    int classes = 0;
    std::vector<int> counts;

    int at(int label, int predicted) const { return counts[static_cast<std::size_t>(label * classes + predicted)]; }
    /// Percent of all that lie on the diagonal.
    double accuracy() const;
    /// Percent of those taken for the class that are of it; none where none is.
    std::optional<double> precision(int label) const;
    /// Percent of the class's images that are taken for it; none where it has none.
    std::optional<double> recall(int label) const;
};
ConfusionMatrix confusionOf(const Predictions& predictions);

/// Rows of the wrong predictions, the most confident first, at most `most`; of equally confident ones the first.
std::vector<int> mistakes(const Predictions& predictions, int most);

/// The confusion matrix as a figure.
ConfusionFigure confusionFigure(const Predictions& predictions, const std::vector<std::string>& classNames);

/// The most confidently wrong images as a figure, at most `most`.
MistakesFigure mistakesFigure(const Predictions& predictions, const DataSet& data, int most);
/// These rows' images as a figure, in their order.
MistakesFigure mistakesFigure(const Predictions& predictions, const DataSet& data, const std::vector<int>& rows);

} // namespace latentoscope
