#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/experiment/Classification.h"
#include "core/figures/RunFigures.h"
#include "core/figures/StudyFigures.h"
#include "core/latent/Codes.h"
#include "core/report/ReportDocument.h"
#include "core/report/Tables.h"

#include <algorithm>
#include <array>

namespace latentoscope {
namespace {

constexpr int kShownReconstructions = 20;
constexpr std::size_t kShownClasses = 20; ///< a column each of a grid of samples

std::string runText(const std::string& name, const RunFindings& run)
{
    return "run " + name + ", " + settingsText(run.record.configuration);
}

DividedData dividedOf(const Findings& findings, const RunFindings& run)
{
    return divide(findings.data, run.record.configuration.data);
}

FigureData reconstructionsOf(const Findings& findings, const RunFindings& run)
{
    const auto items = showcaseItems(dividedOf(findings, run), kShownReconstructions);
    auto figure = reconstructionsFigure(
        reconstructItems(*run.model, *findings.data, items, static_cast<double>(run.epochs.size())), findings.data->classNames);
    figure.title.clear();
    return figure;
}

FigureData lossOf(const Findings& findings, const RunFindings& run)
{
    const Measure loss = measuresOf(run.record.configuration.model, run.record.shape).front();
    std::vector<ReferenceLine> lines;
    if (findings.references) {
        const auto all =
            referenceLines(*findings.references, run.record.configuration.model, classShares(findings.data->test.labels));
        if (const auto own = all.find(loss.name); own != all.end()) lines = own->second;
    }
    CurvesFigure figure = lossFigure(loss, run.losses, run.epochs, lines);
    figure.title.clear();
    return figure;
}

FigureData scatterOf(const Findings& findings, const PictureFindings& picture)
{
    ScatterFigure figure;
    figure.xTitle = "t-SNE 1";
    figure.yTitle = "t-SNE 2";
    figure.items = picture.items;
    figure.classNames = findings.data->classNames;
    for (std::size_t i = 0; i < picture.items.size(); ++i) {
        figure.x.push_back(picture.places[2 * i]);
        figure.y.push_back(picture.places[2 * i + 1]);
        if (findings.data->hasLabels())
            figure.labels.push_back(findings.data->test.labels[static_cast<std::size_t>(picture.items[i])]);
    }
    return figure;
}

FigureData codesOf(const Findings& findings, const RunFindings& run)
{
    const auto codes = encodeItems(*run.model, *findings.data, findings.pictureItems, 0);
    ScatterFigure figure = latentFigure(*codes, findings.data->classNames, 0, 1);
    figure.title.clear();
    return figure;
}

/// A column a class, kShownDraws of each below each other.
FigureData gridOf(const Findings& findings, const ClassDraws& draws)
{
    const std::size_t values = draws.samples.shape.values();
    const auto classes = static_cast<int>(std::min(findings.data->classNames.size(), kShownClasses));
    SamplesFigure figure;
    figure.shape = draws.samples.shape;
    figure.dimension = draws.samples.dimension;
    figure.columns = classes;
    figure.classNames = findings.data->classNames;
    const auto dimension = static_cast<std::size_t>(figure.dimension);
    for (int shown = 0; shown < kShownDraws; ++shown) {
        for (int label = 0; label < classes; ++label) {
            const auto row = static_cast<std::size_t>(label * kDrawsAClass + shown);
            if (row >= draws.predicted.size()) continue;
            const auto code = draws.samples.codes.begin() + static_cast<std::ptrdiff_t>(row * dimension);
            const auto image = draws.samples.images.begin() + static_cast<std::ptrdiff_t>(row * values);
            figure.codes.insert(figure.codes.end(), code, code + static_cast<std::ptrdiff_t>(dimension));
            figure.pixels.insert(figure.pixels.end(), image, image + static_cast<std::ptrdiff_t>(values));
            figure.labels.push_back(draws.samples.labels[row]);
            figure.predicted.push_back(draws.predicted[row]);
        }
    }
    return figure;
}

FigureData untitled(ConfusionFigure figure)
{
    figure.title.clear();
    return figure;
}

FigureData confusionOf(const Findings& findings, const RunFindings& run)
{
    const ItemSelection items = wholeSplit(dividedOf(findings, run), "test");
    return untitled(
        confusionFigure(predictItems(*run.model, *findings.data, items, findings.threads), findings.data->classNames));
}

std::string percentText(double share) { return fixedText(share, 1) + " %"; }

DocumentFigure latentSpaces(const Findings& findings)
{
    DocumentFigure figure{"3", "", {}};
    const RunFindings& plain = findings.runs.at(network::kAutoencoder);
    figure.panels.push_back({"figure-3a", "(a) auto-encoder: its two dimensions", codesOf(findings, plain)});
    std::string words;
    char letter = 'b';
    for (const char* name : {network::kSearched, network::kFineTune, network::kVae, network::kFound}) {
        if (!findings.pictures.contains(name)) continue; // found without a study
        const PictureFindings& picture = findings.pictures.at(name);
        const ModelOptions& model = findings.runs.at(name).record.configuration.model;
        const std::string label = name == network::kSearched ? "searched auto-encoder"
                                  : name == network::kFound  ? "auto-encoder found here"
                                  : name == network::kVae    ? "variational auto-encoder"
                                                             : "classifier's encoder";
        figure.panels.push_back({std::string("figure-3") + letter,
                                 std::string("(") + letter + ") " + label + ": t-SNE of its " + std::to_string(model.latent) +
                                     (model.latent == 1 ? " dimension" : " dimensions"),
                                 scatterOf(findings, picture)});
        words += std::string(" (") + letter + ") perplexity " + numberText(picture.perplexity) + ", KL divergence " +
                 fixedText(picture.klDivergence);
        if (picture.trustworthiness) words += ", trustworthiness " + fixedText(*picture.trustworthiness, 3);
        if (picture.labelAccuracy) {
            words += ", " + percentText(100 * *picture.labelAccuracy) +
                     " of the points share the class of most of their ten neighbours";
        }
        if (picture.alike) words += "; all codes are the same, for the network has collapsed, and the places mean nothing";
        words += ".";
        ++letter;
    }
    static constexpr std::array<const char*, 6> kNumbers{"no", "one", "two", "three", "four", "five"};
    figure.caption = std::string("Latent spaces of the ") + kNumbers[figure.panels.size()] + " networks: codes of " +
                     groupedText(static_cast<std::int64_t>(findings.pictureItems.items.size())) + " test images, seed " +
                     std::to_string(findings.settings.seed) + "." + words;
    return figure;
}

/// The grid of a network's draws and what the classifier takes them for.
DocumentFigure drawsFigure(const Findings& findings, const std::string& number, const std::string& name, const ClassDraws& draws,
                           const std::string& from)
{
    const RunFindings& run = findings.runs.at(name);
    const Predictions predictions = predictionsOf(draws, static_cast<int>(findings.data->classNames.size()));
    return {
        number,
        from + " (" + runText(name, run) + "); below each image the class that the fine-tuned classifier predicts. It takes " +
            percentText(confusionOf(predictions).accuracy()) + " of " + groupedText(draws.samples.count()) +
            " for the class that they were drawn for.",
        {{"figure-" + number + "a",
          "(a) " + std::to_string(kShownDraws) + " images of each" +
              (findings.data->classNames.size() > kShownClasses ? " of the first " + std::to_string(kShownClasses) + " classes"
                                                                : std::string(" class")),
          gridOf(findings, draws)},
         {"figure-" + number + "b", "(b) class drawn for (rows) and class predicted (columns)",
          untitled(confusionFigure(predictions, findings.data->classNames))}}};
}

} // namespace

DocumentFigure searchFigure(const FoundSearch& search, const std::string& number)
{
    DocumentFigure figure{
        number,
        "The search (study " + search.study +
            "): 100·(1−MSE) of its trials in their order with the best so far, and "
            "the share of its variance that each setting explains by fANOVA (Hutter et al. 2014), over complete "
            "trials that have them all.",
        {}};
    figure.panels.push_back({"figure-" + number + "a", "(a) trials", historyFigure(search.view)});
    BarsFigure importance = importanceFigure(search.view);
    if (!importance.names.empty()) figure.panels.push_back({"figure-" + number + "b", "(b) importance", std::move(importance)});
    return figure;
}

std::vector<DocumentFigure> figuresOf(const Findings& findings)
{
    const RunFindings& plain = findings.runs.at(network::kAutoencoder);
    const RunFindings& vae = findings.runs.at(network::kVae);
    std::vector<DocumentFigure> figures;
    figures.push_back({"1",
                       "Auto-encoder (" + runText(network::kAutoencoder, plain) +
                           "): loss of every step and epoch beside what simple methods reach, and test images above their "
                           "reconstructions.",
                       {{"figure-1a", "(a) loss", lossOf(findings, plain)},
                        {"figure-1b", "(b) input samples and their reconstructions", reconstructionsOf(findings, plain)}}});
    figures.push_back({"2",
                       "Variational auto-encoder (" + runText(network::kVae, vae) +
                           "): test images, their reconstructions from the posterior's mean and from a sample of it, after " +
                           std::to_string(vae.epochs.size()) + (vae.epochs.size() == 1 ? " epoch." : " epochs."),
                       {{"figure-2a", "(a) input batch and reconstruction", reconstructionsOf(findings, vae)},
                        {"figure-2b", "(b) loss", lossOf(findings, vae)}}});
    if (findings.settings.latentSpaces) figures.push_back(latentSpaces(findings));
    const auto number = [&] { return std::to_string(figures.size() + (findings.settings.latentSpaces ? 1 : 2)); };
    for (const char* name : {network::kAutoencoder, network::kSearched, network::kVae}) {
        if (const auto draws = findings.draws.find(name); draws != findings.draws.end())
            figures.push_back(
                drawsFigure(findings, number(), name, draws->second, "New images of each class from the mixtures of its codes"));
    }
    for (const char* name : {network::kSearched, network::kVae}) {
        const auto picture = findings.pictures.find(name);
        if (picture != findings.pictures.end() && picture->second.draws)
            figures.push_back(drawsFigure(findings, number(), name, *picture->second.draws,
                                          "Random places among each class's points in the t-SNE, decoded by the way back"));
    }
    if (!hasClassifiers(findings)) return figures;
    const RunFindings& tuned = findings.runs.at(network::kFineTune);
    const RunFindings& scratch = findings.runs.at(network::kScratch);
    figures.push_back({number(),
                       "What the classifiers take the " + groupedText(findings.data->test.count()) + " test images for (" +
                           runText(network::kFineTune, tuned) + "; the run " + network::kScratch +
                           " likewise). Rows are the true classes, columns the predicted ones.",
                       {{"figure-" + number() + "a", "(a) fine-tuned", confusionOf(findings, tuned)},
                        {"figure-" + number() + "b", "(b) from scratch", confusionOf(findings, scratch)}}});
    return figures;
}

} // namespace latentoscope
