#include "core/training/Collapse.h"

#include "core/base/Text.h"
#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"

#include <cmath>
#include <utility>

namespace latentoscope {
namespace {

constexpr double kGuessingLoss = 0.97; ///< of the shares' entropy: a network that has learned anything is below
/// Of what separates the largest share from certainty, what a network may be above it by luck: 12.5 % for ten even classes.
constexpr double kLuck = 1.0 / 36;

std::string rounded(double value) { return numberText(std::round(value * 1000) / 1000); }

} // namespace

std::optional<std::string> collapse(const Configuration& configuration, const ClassShares& shares, const EpochMetrics& epoch)
{
    if (!kindOf(configuration.model).classifies || shares.present < 2) return std::nullopt;
    const char* split = epoch.find("validation", "nll") ? "validation" : "train";
    const std::optional<double> loss = epoch.find(split, "nll");
    const std::optional<double> accuracy = epoch.find(split, "accuracy");
    if (!loss || !accuracy) return std::nullopt;
    const double largest = shares.largest();
    const bool one = epoch.find(split, "classes_predicted") == 1.0;
    const bool guesses = *loss >= kGuessingLoss * shares.entropy() && *accuracy <= 100 * (largest + kLuck * (1 - largest));
    if (!one && !guesses) return std::nullopt;
    return std::string("the network has collapsed: ") +
           (one ? "every image is taken for the same class" : "images are classified as by guessing") + ", " +
           rounded(*accuracy) + " % right where the largest class has " + rounded(100 * largest) + " %, and the loss stands at " +
           rounded(*loss) + " (the classes' entropy is " + rounded(shares.entropy()) +
           "); try another seed, or a learning rate below " + numberText(configuration.training.learningRate);
}

std::string CollapseWatch::look(const EpochMetrics& epoch, int stepsPerEpoch)
{
    const std::optional<std::string> collapsed = collapse(m_configuration, m_shares, epoch);
    m_epochs = collapsed ? m_epochs + 1 : 0;
    const bool lasting = m_epochs >= kCollapseEpochs && m_epochs * stepsPerEpoch >= kCollapseSteps;
    return lasting && !std::exchange(m_said, true) ? *collapsed : std::string();
}

} // namespace latentoscope
