#include "core/report/ReportDocument.h"

#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/data/DataSet.h"
#include "core/report/Published.h"
#include "core/report/Tables.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace latentoscope {
namespace {

std::string standing(const Findings& findings, const char* network, double report)
{
    const auto spread = spreadOf(findings, network, "reconstruction_accuracy");
    const double value = spread ? spread->mean : findings.runs.at(network).test.at("reconstruction_accuracy");
    return fixedText(value) + (hasPublishedFigures(*findings.data) ? " against the report's " + fixedText(report) : "");
}

/// ", 98.41 for the one found here".
std::string foundText(const Findings& findings)
{
    if (!findings.settings.search) return {};
    const auto spread = spreadOf(findings, network::kFound, "reconstruction_accuracy");
    const double value = spread ? spread->mean : findings.runs.at(network::kFound).test.at("reconstruction_accuracy");
    return ", " + fixedText(value) + " for the one that our own search found";
}

/// By how much, in points, two runs' accuracies differ by chance at most (two deviations of their difference): folds deviate, and
/// so does what is counted on so many test images. None without folds.
std::optional<double> chanceOfDifference(const Findings& findings)
{
    const auto spread = spreadOf(findings, network::kFineTune, "accuracy");
    if (!spread) return std::nullopt;
    const RunFindings& run = findings.runs.at(network::kFineTune);
    const double share = run.test.at("accuracy") / 100;
    const double counted = 100 * std::sqrt(share * (1 - share) / std::max(1, run.testImages));
    return 2 * std::sqrt(2.0) * std::hypot(spread->deviation, counted);
}

std::string differenceText(const Findings& findings, double difference)
{
    const auto chance = chanceOfDifference(findings);
    if (!chance) return {};
    return std::abs(difference) < *chance ? ": a difference that can be chance, as the folds deviate"
                                          : ": more than can be chance, as the folds deviate";
}

std::string summary(const Findings& findings)
{
    std::string text = std::string("Reconstruction accuracies are ") +
                       (findings.settings.crossValidation ? "means over folds: " : "of one run: ") +
                       standing(findings, network::kAutoencoder, published::kAutoencoderAccuracy) + " for the auto-encoder, " +
                       standing(findings, network::kSearched, published::kSearchedAccuracy) + " for the searched one" +
                       foundText(findings) + ". The variational auto-encoder's loss on the test images is " +
                       fixedText(findings.runs.at(network::kVae).test.at("negative_elbo")) + " nats an image";
    if (hasPublishedFigures(*findings.data)) text += " against " + fixedText(published::kVaeLoss, 0);
    text += ".";
    if (hasClassifiers(findings)) {
        const double fine = findings.runs.at(network::kFineTune).test.at("accuracy");
        const double scratch = findings.runs.at(network::kScratch).test.at("accuracy");
        text += " With all labels, the fine-tuned classifier is right for " + fixedText(fine) +
                " % of the test images and the same network from scratch for " + fixedText(scratch) + " %, one run each" +
                differenceText(findings, fine - scratch) + ".";
    }
    if (findings.settings.quick)
        text += " This is a quick report, of one epoch each: its figures only show that everything works.";
    return text;
}

std::string introduction(const Findings& findings)
{
    const DataSet& data = *findings.data;
    const bool classes = hasClassifiers(findings);
    std::string text = "An auto-encoder learns, without labels, a short code from which an image can be drawn again. This report "
                       "asks " +
                       std::string(classes ? "three things of " : "of ") + data.name + (classes ? ": how well" : " how well") +
                       " networks with codes of few dimensions draw its images";
    if (classes) {
        text += ", what their codes tell about the " + std::to_string(data.classNames.size()) +
                " classes that they were never shown, and whether a classifier that begins with such an encoder does better than "
                "one that begins with random weights";
    } else {
        text += " and how these codes lie";
    }
    return text +
           (hasPublishedFigures(data)
                ? ". Networks, settings and tables follow a report on the same questions, whose published figures stand "
                  "beside the ones measured here."
                : ". Networks and tables follow a report on the same questions about Fashion-MNIST, whose figures are of no "
                  "account for other data; what the networks reach is held against what simple methods reach.");
}

/// What there is nothing of, where the data have no classes; empty where they have.
std::string leftOut(const Findings& findings)
{
    if (hasClassifiers(findings)) return {};
    return std::string("The data have ") + (findings.data->hasLabels() ? "one class alone" : "no labels") +
           ": classifiers, samples of classes, and with them Table III, Table VII and the figures of predictions are left out.";
}

/// What a network makes of its codes beside the best linear code of as many dimensions.
std::string besideLinear(const Findings& findings, const char* network)
{
    const RunFindings& run = findings.runs.at(network);
    const auto latent = static_cast<std::size_t>(run.record.configuration.model.latent);
    if (!findings.references || latent == 0 || latent > findings.references->pcaMse.size()) return {};
    const double linear = findings.references->pcaMse[latent - 1];
    const double mse = 1 - run.test.at("reconstruction_accuracy") / 100;
    const double share = 100 * (1 - mse / linear);
    return "With " + std::to_string(latent) + (latent == 1 ? " dimension" : " dimensions") + " the squared error is " +
           fixedText(std::abs(share), 0) + " % " + (share >= 0 ? "below" : "above") + " that of as many principal components. ";
}

/// What beginning with an encoder changed.
std::string ofLabels(const Findings& findings)
{
    const double fine = findings.runs.at(network::kFineTune).test.at("accuracy");
    const double scratch = findings.runs.at(network::kScratch).test.at("accuracy");
    const auto chance = chanceOfDifference(findings);
    std::string words = "With all labels at hand, beginning with the auto-encoder's encoder changed the accuracy by " +
                        fixedText(fine - scratch) + " points";
    words += chance && std::abs(fine - scratch) < *chance
                 ? ", which is within what two runs differ by anyway: labels of every image teach the encoder as much as its "
                   "pixels did. Where labels are scarce this can be otherwise; that was not measured here."
                 : ". One run each decides nothing by itself; repeat both with other seeds before resting on it.";
    return words;
}

std::vector<Block> discussionOf(const Findings& findings)
{
    std::vector<Block> blocks;
    const std::string linear = besideLinear(findings, network::kAutoencoder) + besideLinear(findings, network::kSearched);
    if (!linear.empty()) {
        blocks.emplace_back(
            Paragraph{linear +
                      "A network that does not beat its principal components has not learned what its layers could; that is the "
                      "line to judge an auto-encoder by, for a mean image alone is already right to " +
                      fixedText(100 * (1 - findings.references->meanImageMse)) + " % in this measure."});
    }
    if (hasClassifiers(findings)) blocks.emplace_back(Paragraph{ofLabels(findings)});
    blocks.emplace_back(Paragraph{
        "Every network was trained on one data set with one seed" +
        std::string(findings.settings.crossValidation ? ", or once a fold of one division" : "") +
        ". Deviations over folds are of networks that share most of their training images: they are no confidence intervals. " +
        (findings.settings.quick    ? "This report is a quick one, of one epoch each, from which nothing follows."
         : hasClassifiers(findings) ? "The variational auto-encoder and the classifier from scratch were measured once."
                                    : "The variational auto-encoder was measured once.")});
    return blocks;
}

/// Only works that the text names.
std::vector<Block> citedWorks(const Findings& findings)
{
    std::vector<Block> blocks;
    blocks.emplace_back(
        Paragraph{"D. P. Kingma, M. Welling. Auto-encoding variational Bayes. International Conference on Learning "
                  "Representations, 2014."});
    if (findings.settings.latentSpaces) {
        blocks.emplace_back(Paragraph{"L. van der Maaten, G. Hinton. Visualizing data using t-SNE. Journal of Machine Learning "
                                      "Research 9, 2579–2605, 2008."});
    }
    if (findings.settings.search) {
        blocks.emplace_back(Paragraph{"F. Hutter, H. Hoos, K. Leyton-Brown. An efficient approach for assessing hyperparameter "
                                      "importance. International Conference on Machine Learning, 2014."});
    }
    return blocks;
}

} // namespace

Document reportDocument(const Findings& findings)
{
    Document document;
    document.title = "Auto-encoders on " + findings.data->name;
    document.subtitle = std::string("Made by Latentoscope ") + version() + " with seed " +
                        std::to_string(findings.settings.seed) + (findings.settings.quick ? "; quick: one epoch" : "");
    std::vector<Block>& blocks = document.blocks;
    blocks.emplace_back(Heading{1, "Introduction"});
    blocks.emplace_back(Paragraph{introduction(findings)});
    blocks.emplace_back(Heading{1, "Methods"});
    for (Block& block : methodsOf(findings)) blocks.push_back(std::move(block));
    if (const std::string without = leftOut(findings); !without.empty()) blocks.emplace_back(Paragraph{without, "Left out."});
    blocks.emplace_back(networkTable(findings));
    blocks.emplace_back(trainingTable(findings));
    if (hasClassifiers(findings)) blocks.emplace_back(classifierTable(findings));
    blocks.emplace_back(vaeTable(findings));
    blocks.emplace_back(Heading{1, "Results"});
    blocks.emplace_back(Paragraph{summary(findings)});
    blocks.emplace_back(resultsTable(findings));
    blocks.emplace_back(searchTable(findings));
    std::vector<DocumentFigure> figures = figuresOf(findings);
    for (DocumentFigure& figure : figures) {
        if (figure.number == "1") {
            blocks.emplace_back(Heading{2, "Reconstructions"});
            blocks.emplace_back(
                Paragraph{"Figure 1 shows how the auto-encoder learns and what it makes of test images, Figure 2 the same of "
                          "the variational auto-encoder."});
        }
        if (figure.number == "3") {
            blocks.emplace_back(Heading{2, "Latent spaces"});
            blocks.emplace_back(Paragraph{"Figure 3 shows where the test images lie in the networks' latent spaces. In a t-SNE, "
                                          "neighbours can be trusted; distances between groups and their sizes cannot."});
        }
        if (figure.number == "4") {
            blocks.emplace_back(Heading{2, "Classes: samples and predictions"});
            DocumentTable table = samplesTable(findings);
            std::string words = "Figure " + figures.back().number + " shows what the classifiers take the test images for.";
            if (table.columns.size() > 1) {
                blocks.emplace_back(
                    Paragraph{"Table VII says how often new images of a class are taken for it; the figures from Figure 4 "
                              "on show them. " +
                              words});
                blocks.emplace_back(std::move(table));
            } else {
                blocks.emplace_back(Paragraph{words});
            }
        }
        blocks.emplace_back(std::move(figure));
    }
    if (findings.settings.search) {
        blocks.emplace_back(Heading{2, "The search"});
        blocks.emplace_back(
            searchFigure(*findings.settings.search, std::to_string(figures.size() + (findings.settings.latentSpaces ? 1 : 2))));
    }
    blocks.emplace_back(Heading{1, "Discussion"});
    for (Block& block : discussionOf(findings)) blocks.push_back(std::move(block));
    blocks.emplace_back(Heading{1, "References"});
    for (Block& block : citedWorks(findings)) blocks.push_back(std::move(block));
    return document;
}

} // namespace latentoscope
