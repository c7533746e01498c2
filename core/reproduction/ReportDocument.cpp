#include "core/reproduction/ReportDocument.h"

#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/reproduction/Published.h"
#include "core/reproduction/Tables.h"

#include <utility>

namespace latentoscope {
namespace {

std::string standing(const Findings& findings, const char* network, double report)
{
    const auto spread = spreadOf(findings, network, "reconstruction_accuracy");
    const double value = spread ? spread->mean : findings.runs.at(network).test.at("reconstruction_accuracy");
    return fixedText(value) + " against the report's " + fixedText(report);
}

/// ", 98.41 for the one found here".
std::string foundText(const Findings& findings)
{
    if (!findings.settings.search) return {};
    const auto spread = spreadOf(findings, network::kFound, "reconstruction_accuracy");
    const double value = spread ? spread->mean : findings.runs.at(network::kFound).test.at("reconstruction_accuracy");
    return ", " + fixedText(value) + " for the one that our own search found";
}

std::string summary(const Findings& findings)
{
    const double fine = findings.runs.at(network::kFineTune).test.at("accuracy");
    const double scratch = findings.runs.at(network::kScratch).test.at("accuracy");
    std::string text = std::string("Reconstruction accuracies are ") +
                       (findings.settings.crossValidation ? "means over folds: " : "of one run: ") +
                       standing(findings, network::kAutoencoder, published::kAutoencoderAccuracy) + " for the auto-encoder, " +
                       standing(findings, network::kSearched, published::kSearchedAccuracy) + " for the searched one" +
                       foundText(findings) + ". The variational auto-encoder's loss on the test images is " +
                       fixedText(findings.runs.at(network::kVae).test.at("negative_elbo")) + " nats an image against " +
                       fixedText(published::kVaeLoss, 0) + ". With all labels, fine-tuning reaches " + fixedText(fine) +
                       " % of the test images and the same network from scratch " + fixedText(scratch) + " %.";
    if (findings.settings.quick)
        text += " This is a quick report, of one epoch each: its figures only show that everything works.";
    return text;
}

} // namespace

Document reportDocument(const Findings& findings)
{
    Document document;
    document.title = "Auto-encoders on " + findings.data->name;
    document.subtitle = std::string("Made by Latentoscope ") + version() + " with seed " +
                        std::to_string(findings.settings.seed) + (findings.settings.quick ? "; quick: one epoch" : "");
    std::vector<Block>& blocks = document.blocks;
    blocks.emplace_back(Heading{1, "Methods"});
    for (Block& block : methodsOf(findings)) blocks.push_back(std::move(block));
    for (DocumentTable& table :
         std::vector{networkTable(findings), trainingTable(findings), classifierTable(findings), vaeTable(findings)})
        blocks.emplace_back(std::move(table));
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
    return document;
}

} // namespace latentoscope
