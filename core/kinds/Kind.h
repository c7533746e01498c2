/// The registry of the kinds of network: what can be said of each without a tensor.
#pragma once

#include "core/kinds/Parameters.h"

#include <string>
#include <vector>

namespace latentoscope {

struct ImageShape;
struct ModelOptions;

/// One figure that a network measures over images; a kind's first is what its training makes small.
struct Measure {
    std::string name;  ///< in metrics.csv and JSON: "mse"
    std::string label; ///< in sentences and plots: "MSE"
    std::string unit;  ///< "a pixel", "nats/image"
    /// Things of an image that the figure is a mean over: its values for a figure a pixel, 1 for one an image.
    double partsAnImage = 1;
    bool lowerIsBetter = true;
    /// How often it is recorded; what is Hidden serves only to derive other figures from.
    enum class Detail { Step, Epoch, Hidden } detail = Detail::Step;

    /// "MSE a pixel", "BCE + KL (nats/image)".
    std::string title() const
    {
        if (unit.empty()) return label;
        return unit.starts_with("a ") ? label + " " + unit : label + " (" + unit + ")";
    }
};

/// The mean of each measure, in order, from its sums over pieces of `images` images in all (≥ 1); pieces are added in their
/// order. Throws Error(InvalidArgument) where a piece has not one sum for each measure.
std::vector<double> meansOf(const std::vector<Measure>& measures, const std::vector<std::vector<double>>& sums,
                            std::size_t images);

/// A figure by its name.
struct NamedValue {
    std::string name;
    double value = 0;
};

/// A kind of network. The network itself stands in core/models under the same name (Network.h): these two are all that a new
/// kind adds. They agree by name: a network takes its layers and the slots of its measures by theirs, and refuses others.
struct Kind {
    std::string name;          ///< of model.kind: "autoencoder"
    std::string label;         ///< "Auto-encoder"
    std::string description;   ///< one sentence
    bool decodes = true;       ///< whether it makes images from codes
    bool hasPosterior = false; ///< whether a code is the mean of a distribution
    bool classifies = false;   ///< whether it makes probabilities of classes from codes
    /// All parameters in the order in which they lie in the flat buffer; the encoder's, in the order of computing, have names
    /// that begin with "encoder." or "posterior.mean.", the latter giving the code. Throws Error(InvalidArgument) naming the
    /// field.
    std::vector<ParameterEntry> (*layout)(const ModelOptions& options, const ImageShape& shape) = nullptr;
    std::vector<Measure> (*measures)(const ModelOptions& options, const ImageShape& shape) = nullptr;
    /// Figures that follow from the measured ones, such as an accuracy; null: none.
    std::vector<NamedValue> (*derived)(const std::vector<NamedValue>& measured) = nullptr;
    /// Values that computing one image keeps in memory, gradients included; null: not told.
    double (*valuesAnImage)(const ModelOptions& options, const ImageShape& shape) = nullptr;
    std::vector<std::string> unusedFields = {}; ///< paths of fields that mean nothing to it: "model.beta"
};

/// All kinds, in the order shown.
const std::vector<Kind>& kinds();

/// Adds a kind. Before anything else asks for kinds or fields, from one thread: at a program's start.
void addKind(const Kind& kind);

/// Throws Error(InvalidArgument) naming the known ones.
const Kind& kindOf(const ModelOptions& options);

/// Whether the model's kind has a use for the field of that path (unusedFields).
bool uses(const ModelOptions& options, const std::string& path);

/// Whether the loss weighs the KL divergence other than the evidence lower bound does (beta, warm-up).
bool isWeighted(const ModelOptions& options);

/// The measures of a model's kind for it.
std::vector<Measure> measuresOf(const ModelOptions& options, const ImageShape& shape);

/// The figures worth showing of all measured means (in the measures' order): those that are not hidden, then what follows from
/// all of them.
std::vector<NamedValue> figuresOf(const ModelOptions& options, const ImageShape& shape, const std::vector<double>& means);

/// Whether a figure means something as a mean over an epoch's steps, between which the weights move. The count of active units
/// does not: it is told by a variance over images, to which the weights' own drift would add.
bool isMeanOfSteps(const std::string& figure);

/// The names of those that tables show: of the measures those recorded every step (not by dimension), then what follows.
std::vector<std::string> tabledFigures(const ModelOptions& options, const ImageShape& shape);

/// The parameters of a model, as its kind lays them out.
std::vector<ParameterEntry> parameterLayout(const ModelOptions& options, const ImageShape& shape);

} // namespace latentoscope
