#include "core/experiment/RunPictures.h"

#include "core/data/DataSet.h"
#include "core/experiment/Classification.h"
#include "core/experiment/References.h"
#include "core/figures/FigureData.h"
#include "core/figures/RunFigures.h"
#include "core/kinds/Kind.h"
#include "core/latent/ClassRegions.h"
#include "core/latent/Codes.h"
#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"
#include "core/values/Samples.h"

#include <algorithm>
#include <memory>

namespace latentoscope {
namespace {

constexpr int kManifoldSide = 20;
constexpr int kScatterCodes = 10'000;
constexpr int kShownReconstructions = 20;
constexpr int kSamples = 64;
constexpr int kMistakes = 40;
constexpr int kSampleColumns = 8;

} // namespace

std::vector<std::pair<std::string, FigureData>> runPictures(const SessionSetup& setup, const FrozenModel& model,
                                                            const std::vector<LossPoint>& losses,
                                                            const std::vector<EpochMetrics>& epochs)
{
    const DataSet& data = *setup.data;
    const double epoch = static_cast<double>(epochs.size());
    const auto codes = encodeItems(model, data, heldOutItems(setup.divided(), kScatterCodes), epoch);
    const Measure loss = measuresOf(setup.configuration.model, data.train.shape).front();
    std::vector<ReferenceLine> lines;
    if (const auto references = referencesOf(data, setup.threads)) {
        const auto all = referenceLines(*references, setup.configuration.model, classShares(setup.data->test.labels));
        if (const auto own = all.find(loss.name); own != all.end()) lines = own->second;
    }
    ScatterFigure latent = latentFigure(*codes, data.classNames, 0, 1);
    if (model.classifies()) {
        LatentPlane plane = planeOf(*codes, 0, std::min(1, codes->dimension - 1));
        if (latent.strips) plane.y = *latent.yRange;
        latent.regions = std::make_shared<const ClassRegions>(classRegions(model, plane));
        latent.xRange = plane.x;
        latent.yRange = plane.y;
    }
    std::vector<std::pair<std::string, FigureData>> figures{{"loss", lossFigure(loss, losses, epochs, lines)},
                                                            {"latent", std::move(latent)}};
    if (model.decodes()) {
        const auto items = showcaseItems(setup.divided(), kShownReconstructions);
        figures.push_back(
            {"reconstructions", reconstructionsFigure(reconstructItems(model, data, items, epoch), data.classNames)});
    }
    if (model.decodes() && model.latentDimension() == 2)
        figures.push_back({"manifold", manifoldFigure(decodeManifold(model, *codes, kManifoldSide))});
    if (model.hasPosterior()) {
        Samples samples = decodeCodes(model, priorCodes(model.latentDimension(), kSamples, 1, 0));
        figures.push_back({"samples", samplesFigure(std::move(samples), "Samples from the prior", kSampleColumns)});
    }
    if (const auto kl = epochs.empty() ? std::nullopt : klFigure(epochs.back())) figures.push_back({"kl", *kl});
    if (model.classifies()) {
        const Predictions found = predictItems(model, data, heldOutItems(setup.divided(), data.train.count()), setup.threads);
        figures.push_back({"confusion", confusionFigure(found, data.classNames)});
        figures.push_back({"mistakes", mistakesFigure(found, data, kMistakes)});
    }
    return figures;
}

} // namespace latentoscope
