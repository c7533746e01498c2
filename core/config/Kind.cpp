#include "core/config/Kind.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Geometry.h"

namespace latentoscope {
namespace {

std::vector<Measure> autoencoderMeasures(const ImageShape& shape)
{
    return {{"mse", "MSE", "a pixel", static_cast<double>(shape.values()), true}};
}

/// The report's reading: 100 (1 − MSE) percent.
std::vector<NamedValue> autoencoderAccuracy(const std::vector<NamedValue>& measured)
{
    return {{"reconstruction_accuracy", 100 * (1 - measured.front().value)}};
}

std::vector<Kind>& registry()
{
    static std::vector<Kind> all{{"autoencoder", "Auto-encoder",
                                  "Convolutions to a short code and mirrored ones back to the image (the report's Table I)", true,
                                  autoencoderLayout, autoencoderMeasures, autoencoderAccuracy, autoencoderValuesAnImage}};
    return all;
}

} // namespace

std::vector<double> meansOf(const std::vector<Measure>& measures, const std::vector<std::vector<double>>& sums,
                            std::size_t images)
{
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

std::vector<ParameterEntry> parameterLayout(const ModelOptions& options, const ImageShape& shape)
{
    return kindOf(options).layout(options, shape);
}

} // namespace latentoscope
