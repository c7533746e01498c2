#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/report/ReportDocument.h"
#include "core/report/Tables.h"

namespace latentoscope {
namespace {

std::string counted(int count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string listText(const std::vector<int>& numbers)
{
    std::vector<std::string> texts;
    for (const int number : numbers) texts.push_back(std::to_string(number));
    return joined(texts);
}

std::string encoderText(const ModelOptions& model)
{
    return counted(static_cast<int>(model.channels.size()), "convolution", "convolutions") + " with " + listText(model.channels) +
           " channels (kernel " + std::to_string(model.kernel) + ", stride " + std::to_string(model.stride) + ", padding " +
           std::to_string(model.padding) + ") and two linear layers of " + std::to_string(model.hidden) + " and " +
           std::to_string(model.latent) + " units";
}

/// "a code of 11 dimensions".
std::string codeText(const ModelOptions& model) { return "a code of " + counted(model.latent, "dimension", "dimensions"); }

std::string trainedText(const Configuration& configuration)
{
    const TrainingOptions& training = configuration.training;
    std::string text = "for " + counted(training.epochs, "epoch", "epochs") + " in batches of " +
                       std::to_string(training.batchSize) + " with " + optimizerText(wordOf(training.optimizer)) +
                       " at a learning rate of " + shortSettingText(training.learningRate) + " (" + wordOf(training.schedule) +
                       ") and a weight decay of " + shortSettingText(training.weightDecay);
    if (configuration.model.dropout > 0) text += ", with a dropout of " + settingText(configuration.model.dropout);
    if (training.flip) text += ", images mirrored at random";
    if (training.shift > 0) text += ", images moved by up to " + counted(training.shift, "pixel", "pixels");
    if (training.inputNoise > 0) text += ", inputs with noise of deviation " + settingText(training.inputNoise);
    return text;
}

} // namespace

std::vector<Block> methodsOf(const Findings& findings)
{
    const DataSet& data = *findings.data;
    const auto configurationOf = [&](const char* name) -> const Configuration& {
        return findings.runs.at(name).record.configuration;
    };
    const Configuration& plain = configurationOf(network::kAutoencoder);
    const Configuration& searched = configurationOf(network::kSearched);
    const Configuration& vae = configurationOf(network::kVae);
    std::vector<Block> blocks;
    const auto say = [&](const std::string& lead, const std::string& text) { blocks.emplace_back(Paragraph{text, lead}); };
    say("Data.", "" + data.name + ": " + groupedText(data.train.count()) + " training and " + groupedText(data.test.count()) +
                     " test images of " + std::to_string(data.train.shape.height) + " × " +
                     std::to_string(data.train.shape.width) +
                     (data.train.shape.channels == 3 ? " pixels in three colours, " : " grey pixels ") +
                     (data.hasLabels() ? "in " + counted(static_cast<int>(data.classNames.size()), "class", "classes")
                                       : std::string("without labels")) +
                     ", values divided by 255. SHA-256 of the data: " + data.digest.substr(0, 16) + "….");
    say("Auto-encoder.", "The encoder has " + encoderText(plain.model) +
                             ", rectified (ReLU) but for the last; the decoder mirrors it with transposed convolutions and ends "
                             "in a sigmoid. It is "
                             "trained "
                             "on the mean squared error a pixel " +
                             trainedText(plain) + ". The searched one has " + codeText(searched.model) + " and is trained " +
                             trainedText(searched) + ".");
    if (findings.settings.search) {
        const FoundSearch& search = *findings.settings.search;
        say("Search.", "The ranges of Table VI were searched in " + counted(search.trials, "trial", "trials") + " (" +
                           search.how + "). The auto-encoder found here has the settings of the best trial, " +
                           codeText(configurationOf(network::kFound).model) + ", and is trained anew " +
                           trainedText(configurationOf(network::kFound)) +
                           ". Which trials are made depends on the order in which workers end them, so the study itself, not the "
                           "seed alone, is what can be read again.");
    }
    say("Variational auto-encoder.", "The same layers with " + std::to_string(vae.model.hidden) +
                                         " hidden units give the mean and the "
                                         "log-variance of a normal posterior over " +
                                         counted(vae.model.latent, "latent dimension", "latent dimensions") +
                                         " (Kingma & Welling 2014); first weights: " + wordOf(vae.model.initialWeights) +
                                         ". The loss is the binary cross-entropy summed over the pixels plus " +
                                         (vae.model.beta == 1 ? "" : settingText(vae.model.beta) + " times ") +
                                         "the KL divergence from the prior N(0, I), trained " + trainedText(vae) + ".");
    if (hasClassifiers(findings)) {
        const Configuration& classifier = configurationOf(network::kFineTune);
        say("Classifier.",
            "The encoder of the searched auto-encoder, followed by linear layers of " + listText(classifier.model.head) +
                " and " + std::to_string(classifier.model.classes) +
                " units, is trained on the negative log-likelihood of the labels " + trainedText(classifier) +
                (classifier.model.freezeEncoder ? "; the encoder stays as it is" : "; the encoder is trained further") +
                ". The baseline is the same network from scratch.");
    }
    if (findings.settings.crossValidation) {
        say("Cross-validation.",
            "The training images are divided into " + counted(findings.settings.folds, "fold", "folds") +
                (data.hasLabels() ? ", every class evenly" : "") +
                ". Each network is trained once for each fold, on all others, and measured on the images of "
                "the fold." +
                (hasClassifiers(findings)
                     ? " The classifier's encoder is trained in each fold anew, so that nothing has seen what is held out."
                     : ""));
    }
    if (findings.settings.latentSpaces) {
        say("Latent spaces.",
            "Codes of " + groupedText(static_cast<std::int64_t>(findings.pictureItems.items.size())) +
                " test images. Of more than two dimensions they are drawn by t-SNE (van der Maaten & Hinton 2008) with exact "
                "neighbours, "
                "a start from the principal components, exaggeration 12 for 250 of 1,000 iterations and a learning rate of a "
                "twelfth "
                "of "
                "the points.");
    }
    if (findings.settings.samples && hasClassifiers(findings)) {
        say("Samples.",
            "To each class's training codes a mixture of normal distributions is fitted, with as many components as the "
            "Bayesian information criterion favours, up to ten; " +
                std::to_string(kDrawsAClass) + " codes a class are drawn, decoded, and shown to the fine-tuned classifier.");
    }
    say("Random numbers.", "Every one follows from the seed " + std::to_string(findings.settings.seed) +
                               ": on the same processor the same command gives the same figures, at any number of threads.");
    return blocks;
}

} // namespace latentoscope
