#include "core/kinds/Kind.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Layouts.h"
#include "core/kinds/ModelOptions.h"

#include <algorithm>
#include <map>

namespace latentoscope {
namespace {

using Detail = Measure::Detail;

Measure meanSquaredError(const ImageShape& shape) { return {"mse", "MSE", "a pixel", static_cast<double>(shape.values())}; }

std::vector<Measure> autoencoderMeasures(const ModelOptions& options, const ImageShape& shape)
{
    if (options.likelihood == PixelLikelihood::Gaussian) return {meanSquaredError(shape)};
    return {{"bce", "BCE", "nats/image"}, meanSquaredError(shape)};
}

/// The report's reading: 100 (1 − MSE) percent.
std::vector<NamedValue> autoencoderAccuracy(const std::vector<NamedValue>& measured)
{
    for (const NamedValue& value : measured) {
        if (value.name == "mse") return {{"reconstruction_accuracy", 100 * (1 - value.value)}};
    }
    return {};
}

constexpr const char* kKl = "kl_";
constexpr const char* kActiveUnits = "active_units";
constexpr const char* kMean = "posterior_mean_";
constexpr const char* kMeanSquare = "posterior_mean_square_";

/// The loss where it is another than the bound, the bound and its two parts, the squared error, then of each dimension of the
/// code the KL divergence and two moments of the posterior's mean.
std::vector<Measure> variationalMeasures(const ModelOptions& options, const ImageShape& shape)
{
    const std::string unit = "nats/image";
    std::vector<Measure> measures;
    if (isWeighted(options)) measures.push_back({"loss", "Loss", unit});
    const bool bernoulli = options.likelihood == PixelLikelihood::Bernoulli;
    measures.push_back({"negative_elbo", bernoulli ? "BCE + KL" : "Squared error + KL", unit});
    measures.push_back({"reconstruction", bernoulli ? "BCE" : "Squared error", unit});
    measures.push_back({"kl", "KL", unit});
    measures.push_back(meanSquaredError(shape));
    const auto add = [&](const char* name, const char* label, Detail detail) {
        for (int d = 0; d < options.latent; ++d) {
            const std::string number = std::to_string(d);
            measures.push_back({name + number, std::string(label) + " of z" + number, unit, 1, true, detail});
        }
    };
    add(kKl, "KL", Detail::Epoch);
    add(kMean, "Mean", Detail::Hidden);
    add(kMeanSquare, "Mean square", Detail::Hidden);
    return measures;
}

/// Dimensions whose posterior mean varies over the data (Burda et al. 2016): the others carry nothing.
std::vector<NamedValue> activeUnits(const std::vector<NamedValue>& measured)
{
    constexpr double kLeastVariance = 0.01;
    std::map<std::string, double> squares;
    for (const NamedValue& value : measured) {
        if (value.name.starts_with(kMeanSquare)) squares[value.name.substr(std::string(kMeanSquare).size())] = value.value;
    }
    int active = 0;
    for (const NamedValue& value : measured) {
        if (!value.name.starts_with(kMean) || value.name.starts_with(kMeanSquare)) continue;
        const double square = squares.at(value.name.substr(std::string(kMean).size()));
        if (square - value.value * value.value > kLeastVariance) ++active;
    }
    return {{kActiveUnits, static_cast<double>(active)}};
}

constexpr const char* kPredicted = "predicted_";

/// The loss, the accuracy, and how often each class is predicted.
std::vector<Measure> classifierMeasures(const ModelOptions& options, const ImageShape&)
{
    std::vector<Measure> measures{{"nll", "NLL", "nats/image"}, {"accuracy", "Accuracy", "%", 1, false}};
    for (int c = 0; c < options.classes; ++c) {
        const std::string number = std::to_string(c);
        measures.push_back({kPredicted + number, "Predicted " + number, "", 1, false, Detail::Hidden});
    }
    return measures;
}

std::vector<NamedValue> classifierFigures(const std::vector<NamedValue>& measured)
{
    double accuracy = 0;
    int predicted = 0;
    for (const NamedValue& value : measured) {
        if (value.name == "accuracy") accuracy = value.value;
        if (value.name.starts_with(kPredicted) && value.value > 0) ++predicted;
    }
    return {{"error", 100 - accuracy}, {"classes_predicted", static_cast<double>(predicted)}};
}

/// What only a classifier has a use for.
const std::vector<std::string> kClassifierFields{"data.labels_fraction", "model.head", "model.classes", "model.freeze_encoder"};

std::vector<std::string> withClassifierFields(std::vector<std::string> fields)
{
    fields.insert(fields.end(), kClassifierFields.begin(), kClassifierFields.end());
    return fields;
}

std::vector<Kind>& registry()
{
    static std::vector<Kind> all{{.name = "autoencoder",
                                  .label = "Auto-encoder",
                                  .description = "Convolutions to a short code and mirrored ones back to the image (the report's "
                                                 "Table I)",
                                  .layout = autoencoderLayout,
                                  .measures = autoencoderMeasures,
                                  .derived = autoencoderAccuracy,
                                  .valuesAnImage = autoencoderValuesAnImage,
                                  .unusedFields = withClassifierFields({"model.beta", "model.kl_warmup"})},
                                 {.name = "vae",
                                  .label = "Variational auto-encoder",
                                  .description = "Convolutions to a normal posterior over codes, whose samples are decoded (the "
                                                 "report's Table IV)",
                                  .hasPosterior = true,
                                  .layout = variationalLayout,
                                  .measures = variationalMeasures,
                                  .derived = activeUnits,
                                  .valuesAnImage = variationalValuesAnImage,
                                  .unusedFields = withClassifierFields({})},
                                 {.name = "classifier",
                                  .label = "Classifier",
                                  .description =
                                      "Convolutions to a short code and linear layers from it to classes (the report's "
                                      "Table III)",
                                  .decodes = false,
                                  .classifies = true,
                                  .layout = classifierLayout,
                                  .measures = classifierMeasures,
                                  .derived = classifierFigures,
                                  .valuesAnImage = classifierValuesAnImage,
                                  .unusedFields = {"model.likelihood", "model.beta", "model.kl_warmup", "training.input_noise"}}};
    return all;
}

} // namespace

std::vector<double> meansOf(const std::vector<Measure>& measures, const std::vector<std::vector<double>>& sums,
                            std::size_t images)
{
    for (const std::vector<double>& piece : sums) {
        if (piece.size() == measures.size()) continue;
        throw Error(Error::Kind::InvalidArgument, "measures: found " + std::to_string(piece.size()) + " sums, expected " +
                                                      std::to_string(measures.size()) + ", one for each measure of the kind");
    }
    std::vector<double> means;
    for (std::size_t m = 0; m < measures.size(); ++m) {
        double sum = 0;
        for (const std::vector<double>& piece : sums) sum += piece[m];
        means.push_back(sum / (static_cast<double>(images) * measures[m].partsAnImage));
    }
    return means;
}

const std::vector<Kind>& kinds() { return registry(); }

void addKind(const Kind& kind) { registry().push_back(kind); }

const Kind& kindOf(const ModelOptions& options)
{
    std::vector<std::string> names;
    for (const Kind& kind : registry()) {
        if (kind.name == options.kind) return kind;
        names.push_back(kind.name);
    }
    throw Error(Error::Kind::InvalidArgument, "model.kind: found " + options.kind + ", expected one of " + joined(names));
}

bool uses(const ModelOptions& options, const std::string& path)
{
    const std::vector<std::string>& unused = kindOf(options).unusedFields;
    return std::find(unused.begin(), unused.end(), path) == unused.end();
}

bool isWeighted(const ModelOptions& options) { return options.beta != 1 || options.klWarmup > 0; }

std::vector<Measure> measuresOf(const ModelOptions& options, const ImageShape& shape)
{
    return kindOf(options).measures(options, shape);
}

std::vector<NamedValue> figuresOf(const ModelOptions& options, const ImageShape& shape, const std::vector<double>& means)
{
    const Kind& kind = kindOf(options);
    const std::vector<Measure> measures = kind.measures(options, shape);
    std::vector<NamedValue> all;
    std::vector<NamedValue> figures;
    for (std::size_t m = 0; m < measures.size(); ++m) {
        all.push_back({measures[m].name, means[m]});
        if (measures[m].detail != Measure::Detail::Hidden) figures.push_back(all.back());
    }
    if (kind.derived == nullptr) return figures;
    for (NamedValue& value : kind.derived(all)) figures.push_back(std::move(value));
    return figures;
}

bool isMeanOfSteps(const std::string& figure) { return figure != kActiveUnits; }

std::vector<std::string> tabledFigures(const ModelOptions& options, const ImageShape& shape)
{
    const std::vector<Measure> measures = measuresOf(options, shape);
    std::vector<std::string> names;
    for (const NamedValue& figure : figuresOf(options, shape, std::vector<double>(measures.size(), 0))) {
        const bool detail = std::any_of(measures.begin(), measures.end(), [&](const Measure& measure) {
            return measure.name == figure.name && measure.detail != Detail::Step;
        });
        if (!detail) names.push_back(figure.name);
    }
    return names;
}

std::vector<ParameterEntry> parameterLayout(const ModelOptions& options, const ImageShape& shape)
{
    return kindOf(options).layout(options, shape);
}

} // namespace latentoscope
