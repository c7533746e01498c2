#include "core/training/Collapse.h"

#include "core/base/Text.h"
#include "core/config/Kind.h"

#include <cmath>

namespace latentoscope {
namespace {

constexpr double kChanceLoss = 0.97;     ///< of ln C: a network that has learned anything is below
constexpr double kChanceAccuracy = 1.25; ///< times 100 / C percent

} // namespace

std::optional<std::string> collapse(const Configuration& configuration, const EpochMetrics& epoch)
{
    const ModelOptions& model = configuration.model;
    if (!kindOf(model).classifies) return std::nullopt;
    const char* split = epoch.find("validation", "nll") ? "validation" : "train";
    const std::optional<double> loss = epoch.find(split, "nll");
    const std::optional<double> accuracy = epoch.find(split, "accuracy");
    const double chance = std::log(static_cast<double>(model.classes));
    if (!loss || !accuracy || *loss < kChanceLoss * chance || *accuracy > kChanceAccuracy * 100 / model.classes)
        return std::nullopt;
    const auto predicted = epoch.find(split, "classes_predicted");
    const std::string classes = predicted == 1.0 ? "every image is taken for the same class" : "images are classified at chance";
    return "the network has collapsed: " + classes + ", and the loss stands at " + numberText(std::round(*loss * 1000) / 1000) +
           " (ln " + std::to_string(model.classes) + " = " + numberText(std::round(chance * 1000) / 1000) +
           "); try another seed, or a learning rate below " + numberText(configuration.training.learningRate);
}

} // namespace latentoscope
