#include "core/report/Tables.h"

#include "core/base/Text.h"
#include "core/data/ClassShares.h"
#include "core/data/DataSet.h"
#include "core/report/Published.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace latentoscope {
namespace {

const std::string kNone = "–";            ///< in a cell: nothing there
constexpr std::size_t kShownClasses = 40; ///< a row each; more would fill pages

const ModelOptions& modelOf(const Findings& findings, std::string_view network)
{
    return findings.runs.at(std::string(network)).record.configuration.model;
}

const TrainingOptions& trainingOf(const Findings& findings, std::string_view network)
{
    return findings.runs.at(std::string(network)).record.configuration.training;
}

std::string listText(const std::vector<int>& numbers)
{
    std::vector<std::string> texts;
    for (const int number : numbers) texts.push_back(std::to_string(number));
    return joined(texts);
}

std::string parametersText(const Findings& findings, const std::string& network)
{
    const RunRecord& record = findings.runs.at(network).record;
    return groupedText(static_cast<std::int64_t>(parameterCount(parameterLayout(record.configuration.model, record.shape))));
}

/// Without the columns of the reference report, where the data are others than its own.
DocumentTable onOwnData(DocumentTable table, const Findings& findings)
{
    if (hasPublishedFigures(*findings.data)) return table;
    for (std::size_t column = table.columns.size(); column-- > 0;) {
        const std::string& name = table.columns[column];
        if (!name.starts_with("Report") && !name.ends_with(", report")) continue;
        const auto at = static_cast<std::ptrdiff_t>(column);
        table.columns.erase(table.columns.begin() + at);
        for (std::vector<std::string>& row : table.rows)
            if (column < row.size()) row.erase(row.begin() + at);
    }
    return table;
}

/// A row of Table V: one figure of one network.
struct Result {
    std::string network;
    std::string name;  ///< of the figure
    std::string label; ///< of the figure, with its unit
    std::string report;
    std::string lines;
};

std::vector<std::string> rowOf(const Findings& findings, const Result& result)
{
    const RunFindings& run = findings.runs.at(result.network);
    const auto spread = spreadOf(findings, result.network, result.name);
    const auto folds = findings.folds.find(result.network);
    const auto found = run.test.find(result.name);
    return {run.label,
            result.label,
            spread ? fixedText(spread->mean) : kNone,
            spread ? fixedText(spread->deviation) : kNone,
            spread ? std::to_string(folds->second.size()) : kNone,
            found != run.test.end() ? fixedText(found->second) : kNone,
            result.report,
            result.lines};
}

/// "PCA-2 95.39; mean image 91.34" as accuracies.
std::string accuracyLines(const Findings& findings, const std::string& network)
{
    if (!findings.references) return kNone;
    const References& references = *findings.references;
    const auto latent = static_cast<std::size_t>(modelOf(findings, network).latent);
    std::string text;
    if (latent <= references.pcaMse.size())
        text = "PCA-" + std::to_string(latent) + " " + fixedText(100 * (1 - references.pcaMse[latent - 1])) + "; ";
    return text + "mean image " + fixedText(100 * (1 - references.meanImageMse));
}

bool hasPrincipalComponents(const Findings& findings) { return findings.references && !findings.references->pcaMse.empty(); }

/// " PCA-2 alone, at 95.39, lies above the report's 94.64: …" where that is so; else nothing.
std::string readingOfAccuracies(const Findings& findings)
{
    const auto latent = static_cast<std::size_t>(modelOf(findings, network::kAutoencoder).latent);
    if (!findings.references || latent > findings.references->pcaMse.size()) return {};
    const double linear = 100 * (1 - findings.references->pcaMse[latent - 1]);
    if (linear <= published::kAutoencoderAccuracy) return {};
    return " PCA-" + std::to_string(latent) + " alone, at " + fixedText(linear) + ", lies above the report's " +
           fixedText(published::kAutoencoderAccuracy) +
           " for its auto-encoder of as many dimensions: either that network was not trained to its end, or its accuracy is "
           "another "
           "measure than this reading of it.";
}

} // namespace

std::string settingText(double value)
{
    std::string text = numberText(value);
    const std::size_t exponent = text.find("e-0");
    return exponent == std::string::npos ? text : text.erase(exponent + 2, 1);
}

std::string shortSettingText(double value) { return settingText(parseReal(roundedText(value, 3)).value_or(value)); }

std::string optimizerText(const std::string& name)
{
    if (name == "adam") return "Adam";
    if (name == "adamw") return "AdamW";
    if (name == "rmsprop") return "RMSprop";
    return name == "sgd" ? "SGD" : name;
}

std::string settingsText(const Configuration& configuration)
{
    const TrainingOptions& training = configuration.training;
    return "seed " + std::to_string(training.seed) + ", " + std::to_string(training.epochs) +
           (training.epochs == 1 ? " epoch, " : " epochs, ") + optimizerText(wordOf(training.optimizer)) + ", learning rate " +
           settingText(training.learningRate) + ", weight decay " + settingText(training.weightDecay) + ", batch " +
           std::to_string(training.batchSize);
}

DocumentTable networkTable(const Findings& findings)
{
    const ModelOptions& model = modelOf(findings, network::kAutoencoder);
    const ModelOptions& searched = modelOf(findings, network::kSearched);
    DocumentTable table{"table-1", "I", "The auto-encoder's network", {"Part", "Here", "Report"}, {}, {}};
    table.rows = {
        {"Convolutions of the encoder",
         std::to_string(model.channels.size()) + ", with " + listText(model.channels) + " channels", "3"},
        {"Kernel, stride, padding",
         std::to_string(model.kernel) + ", " + std::to_string(model.stride) + ", " + std::to_string(model.padding), "3, 2, 1"},
        {"Linear layers of the encoder", "2, with " + std::to_string(model.hidden) + " units and those of the code", "2"},
        {"Latent dimensions", std::to_string(model.latent) + "; searched " + std::to_string(searched.latent),
         "2; searched " + std::string(published::kLatentFound)},
        {"Decoder", "the encoder mirrored, with transposed convolutions", "mirrored"},
        {"Activation", "ReLU; sigmoid at the output", "ReLU"},
        {"Parameters",
         parametersText(findings, network::kAutoencoder) + "; searched " + parametersText(findings, network::kSearched), kNone},
    };
    return onOwnData(std::move(table), findings);
}

DocumentTable trainingTable(const Findings& findings)
{
    const TrainingOptions& plain = trainingOf(findings, network::kAutoencoder);
    const TrainingOptions& searched = trainingOf(findings, network::kSearched);
    DocumentTable table{
        "table-2", "II", "How the auto-encoder is trained", {"Setting", "Here", "Report", "Here, searched", "Report, searched"},
        {},        {}};
    const auto add = [&](const std::string& name, const auto& text, const std::string& report, const std::string& found) {
        table.rows.push_back({name, text(plain), report, text(searched), found});
    };
    add(
        "Loss", [](const TrainingOptions&) { return std::string("MSE"); }, "MSE", kNone);
    add(
        "Optimizer", [](const TrainingOptions& t) { return optimizerText(wordOf(t.optimizer)); }, "Adam", kNone);
    add(
        "Learning rate", [](const TrainingOptions& t) { return settingText(t.learningRate); }, "5e-4",
        published::kLearningRateFound);
    add(
        "Weight decay", [](const TrainingOptions& t) { return settingText(t.weightDecay); }, "1e-5",
        published::kWeightDecayFound);
    add(
        "Batch size", [](const TrainingOptions& t) { return std::to_string(t.batchSize); }, "256", kNone);
    add(
        "Epochs", [](const TrainingOptions& t) { return std::to_string(t.epochs); }, "10", kNone);
    add(
        "Schedule", [](const TrainingOptions& t) { return wordOf(t.schedule); }, kNone, kNone);
    return onOwnData(std::move(table), findings);
}

DocumentTable classifierTable(const Findings& findings)
{
    const ModelOptions& model = modelOf(findings, network::kFineTune);
    const TrainingOptions& training = trainingOf(findings, network::kFineTune);
    DocumentTable table{"table-3", "III", "The fine-tuned classifier", {"Setting", "Here", "Report"}, {}, {}};
    std::vector<int> units = model.head;
    units.push_back(model.classes);
    table.rows = {
        {"Encoder", "that of the searched auto-encoder, trained further", "the auto-encoder's"},
        {"Linear layers after the code", std::to_string(units.size()) + ", with " + listText(units) + " units", "3"},
        {"Activation", "ReLU; softmax at the output", "ReLU"},
        {"Loss", "negative log-likelihood", "NLL"},
        {"Optimizer", optimizerText(wordOf(training.optimizer)), "Adam"},
        {"Learning rate", settingText(training.learningRate), "0.02"},
        {"Weight decay", settingText(training.weightDecay), "1.5e-5"},
        {"Dropout", settingText(model.dropout), "0.1"},
        {"Batch size", std::to_string(training.batchSize), "256"},
        {"Epochs", std::to_string(training.epochs), "20"},
        {"Folds", findings.settings.crossValidation ? std::to_string(findings.settings.folds) : kNone,
         std::to_string(published::kFolds)},
    };
    return onOwnData(std::move(table), findings);
}

DocumentTable vaeTable(const Findings& findings)
{
    const ModelOptions& model = modelOf(findings, network::kVae);
    const TrainingOptions& training = trainingOf(findings, network::kVae);
    DocumentTable table{"table-4", "IV", "The variational auto-encoder", {"Setting", "Here", "Report"}, {}, {}};
    table.rows = {
        {"Convolutions of the encoder",
         std::to_string(model.channels.size()) + ", with " + listText(model.channels) + " channels", "3"},
        {"Kernel, stride, padding",
         std::to_string(model.kernel) + ", " + std::to_string(model.stride) + ", " + std::to_string(model.padding), "3, 2, 1"},
        {"Linear layers of the encoder", "2", "2"},
        {"Hidden units", std::to_string(model.hidden), "64"},
        {"Latent dimensions", std::to_string(model.latent), "10"},
        {"First weights",
         model.initialWeights == WeightInitialisation::Kaiming ? "Kaiming, normal" : wordOf(model.initialWeights), "Kaiming"},
        {"Posterior", "normal, diagonal", "normal"},
        {"Loss",
         std::string(model.likelihood == PixelLikelihood::Bernoulli ? "binary cross-entropy" : "squared error") +
             " summed over the pixels + KL",
         kNone},
        {"Optimizer", optimizerText(wordOf(training.optimizer)), "Adam"},
        {"Learning rate", settingText(training.learningRate), "1e-3"},
        {"Weight decay", settingText(training.weightDecay), "1e-5"},
        {"Batch size", std::to_string(training.batchSize), "256"},
        {"Epochs", std::to_string(training.epochs), "20"},
    };
    return onOwnData(std::move(table), findings);
}

DocumentTable resultsTable(const Findings& findings)
{
    DocumentTable table{
        "table-5",
        "V",
        hasPublishedFigures(*findings.data) ? "What the networks reach, beside the report's figures and what simple methods reach"
                                            : "What the networks reach, beside what simple methods reach",
        {"Network", "Measure", "Mean over folds", "Deviation", "Folds", "Test set, one run", "Report", "Reference lines"},
        {},
        {}};
    const ClassShares classes = classShares(findings.data->test.labels);
    const double chance = 100 * classes.largest();
    const std::string guess = classes.largest() * classes.present < 1.0001 ? "chance " : "largest class ";
    const std::string accuracyChance = guess + fixedText(chance), errorChance = guess + fixedText(100 - chance);
    const std::string unclear = fixedText(published::kFineTune, 1);
    const auto addAccuracy = [&](const char* name, const std::string& report) {
        table.rows.push_back(
            rowOf(findings, {name, "reconstruction_accuracy", "100·(1−MSE), %", report, accuracyLines(findings, name)}));
    };
    addAccuracy(network::kAutoencoder, fixedText(published::kAutoencoderAccuracy));
    addAccuracy(network::kSearched, fixedText(published::kSearchedAccuracy));
    if (findings.settings.search) addAccuracy(network::kFound, kNone);
    if (hasClassifiers(findings)) {
        table.rows.push_back(
            rowOf(findings, {network::kFineTune, "accuracy", "accuracy, %", unclear + ", if an accuracy", accuracyChance}));
        table.rows.push_back(rowOf(findings, {network::kFineTune, "error", "error, %", unclear + ", if an error", errorChance}));
        table.rows.push_back(rowOf(findings, {network::kScratch, "accuracy", "accuracy, %", kNone, accuracyChance}));
        table.rows.push_back(rowOf(findings, {network::kScratch, "error", "error, %", kNone, errorChance}));
    }
    std::string floor = kNone;
    if (findings.references)
        floor = "entropy floor " + fixedText(findings.references->entropyFloor) + "; mean image " +
                fixedText(findings.references->meanImageBce);
    table.rows.push_back(
        rowOf(findings, {network::kVae, "negative_elbo", "BCE + KL, nats an image", fixedText(published::kVaeLoss, 0), floor}));
    const bool beside = hasPublishedFigures(*findings.data);
    table.notes = {
        (beside ? std::string("100·(1−MSE) is our reading of the report's accuracies of auto-encoders. ") : std::string()) +
            (hasPrincipalComponents(findings)
                 ? "PCA-d is the same of d principal components of the training images, the best linear code of d dimensions, on "
                   "the test images."
                 : "Principal components are not computed of images of more than " +
                       groupedText(static_cast<std::int64_t>(kMostPcaValues)) + " values.") +
            (beside ? readingOfAccuracies(findings) : ""),
        findings.settings.crossValidation
            ? "Means and sample deviations are over the folds of one division of the training images, each measured on the fold "
              "that its network never saw" +
                  (beside ? "; the report's figures are means over " + std::to_string(published::kFolds) +
                                " folds. A dash: one run, as the report has it."
                          : ". A dash: one run.")
            : "Cross-validation was left out of this report: figures are those of one run each.",
        "The cross-entropy of pixels between 0 and 1 cannot fall below their own entropy, the floor. The sum is no likelihood of "
        "the "
        "images.",
    };
    if (hasClassifiers(findings)) table.notes.push_back(beside ? fineTuneReading(findings) : collapsesText(findings));
    return onOwnData(std::move(table), findings);
}

/// Folds of the fine-tuned classifier that take everything for one class.
static int collapsedFolds(const Findings& findings)
{
    int collapsed = 0;
    if (const auto folds = findings.folds.find(network::kFineTune); folds != findings.folds.end()) {
        for (const FoldScore& score : folds->second) {
            for (const NamedValue& value : score.values)
                collapsed += value.name == "classes_predicted" && value.value == 1 ? 1 : 0;
        }
    }
    return collapsed;
}

std::string collapsesText(const Findings& findings)
{
    const int collapsed = collapsedFolds(findings);
    if (!spreadOf(findings, network::kFineTune, "error")) return "The classifiers were trained once each.";
    if (collapsed == 0) return "No fold of the fine-tuned classifier collapsed to one class.";
    return std::to_string(collapsed) + (collapsed == 1 ? " fold" : " folds") +
           " of the fine-tuned classifier collapsed to one class; the mean above is over all of them.";
}

std::string fineTuneReading(const Findings& findings)
{
    const auto spread = spreadOf(findings, network::kFineTune, "error");
    const double error = spread ? spread->mean : findings.runs.at(network::kFineTune).test.at("error");
    const double chance = 100 * classShares(findings.data->test.labels).largest();
    const int collapsed = collapsedFolds(findings);
    const double asError = std::abs(error - published::kFineTune), asAccuracy = std::abs(100 - error - published::kFineTune);
    std::string text = "The report's " + fixedText(published::kFineTune, 1) + " for fine-tuning can be an error rate or, near " +
                       fixedText(chance, 0) +
                       " %, the accuracy of a network that has collapsed to one class. Here the error is " + fixedText(error) +
                       " % and the accuracy " + fixedText(100 - error) + " %";
    text += asError < asAccuracy ? ", nearer to the reading as an error rate" : ", nearer to the reading as a collapse";
    // Nearer is not near: two deviations of our folds are what another division of the data may make of it.
    const double away = std::min(asError, asAccuracy);
    if (spread && away > 2 * spread->deviation)
        text += ", though " + fixedText(away) + " points away from it where folds deviate by " + fixedText(spread->deviation) +
                ": neither is borne out.";
    else
        text += spread ? ", within two deviations of our folds." : "; one run says no more.";
    if (collapsed > 0) {
        text += " " + std::to_string(collapsed) + (collapsed == 1 ? " fold" : " folds") +
                " of ours collapsed to one class: at this learning rate both happen, and the mean above is over all of them.";
    } else if (spread) {
        text += " None of our folds collapsed.";
    }
    return text;
}

DocumentTable searchTable(const Findings& findings)
{
    /// What the report says of a field: its range and the best.
    struct Told {
        const char* path;
        const char* label;
        const char* range;
        const char* best;
    };
    constexpr std::array<Told, 4> kTold{
        {{"model.latent", "Latent dimensions", published::kLatentRange, published::kLatentFound},
         {"training.learning_rate", "Learning rate", published::kRateRange, published::kLearningRateFound},
         {"training.weight_decay", "Weight decay", published::kRateRange, published::kWeightDecayFound},
         {"training.optimizer", "Optimizer", "several", "–"}}};
    DocumentTable table{"table-6", "VI", "The search for hyper-parameters", {"Hyper-parameter", "Range, report", "Best, report"},
                        {},        {}};
    for (const Told& told : kTold) table.rows.push_back({told.label, told.range, told.best});
    const bool beside = hasPublishedFigures(*findings.data);
    if (!findings.settings.search) {
        const Configuration& used = findings.runs.at(network::kSearched).record.configuration;
        table.columns.push_back("Used here");
        table.rows[0].push_back(std::to_string(used.model.latent));
        table.rows[1].push_back(settingText(used.training.learningRate));
        table.rows[2].push_back(settingText(used.training.weightDecay));
        table.rows[3].push_back(optimizerText(wordOf(used.training.optimizer)));
        table.notes = {beside ? "No search was run for this report: the searched auto-encoder has the report's best values, and "
                                "Table V says what they reach here."
                              : "No search was run for this report: the searched auto-encoder has the values that the reference "
                                "report found on Fashion-MNIST. `latentoscope report --trials N` searches on these data."};
        return onOwnData(std::move(table), findings);
    }
    const FoundSearch& search = *findings.settings.search;
    table.columns.insert(table.columns.end(), {"Range, here", "Best, here"});
    for (const FoundSearch::Row& row : search.rows) {
        const auto told = std::find_if(kTold.begin(), kTold.end(), [&](const Told& one) { return row.path == one.path; });
        if (told == kTold.end()) table.rows.push_back({row.label, kNone, kNone});
        auto& cells = told == kTold.end() ? table.rows.back() : table.rows[static_cast<std::size_t>(told - kTold.begin())];
        cells.insert(cells.end(), {row.range, row.best.empty() ? kNone : row.best});
    }
    for (std::vector<std::string>& cells : table.rows) cells.resize(table.columns.size(), kNone);
    table.notes = {
        "Study " + search.study + ": " + groupedText(search.trials) + " trials, of which " + std::to_string(search.pruned) +
        " were pruned and " + std::to_string(search.failed) + " failed; " + search.how + ". The best, trial " +
        std::to_string(search.number) + ", had 100·(1−MSE) = " + fixedText(search.accuracy) +
        " % on images that it did not learn; Table V says what its settings reach on all training images. The searched "
        "auto-encoder has " +
        (beside ? "the report's best values." : "the values that the reference report found on Fashion-MNIST.")};
    return onOwnData(std::move(table), findings);
}

DocumentTable samplesTable(const Findings& findings)
{
    DocumentTable table{"table-7", "VII", "Images drawn for a class that the fine-tuned classifier takes for it, in percent",
                        {"Class"}, {},    {}};
    const auto shown = std::min(findings.data->classNames.size(), kShownClasses);
    for (std::size_t label = 0; label < shown; ++label) table.rows.push_back({findings.data->classNames[label]});
    table.rows.push_back({"All"});
    table.rows.push_back({"Images"});
    const auto classes = static_cast<int>(findings.data->classNames.size());
    double chance = 0;
    const auto add = [&](const std::string& name, const std::string& from, const ClassDraws& draws) {
        table.columns.push_back(findings.runs.at(name).label + ": " + from);
        const Predictions predictions = predictionsOf(draws, classes);
        chance = std::max(chance, 100 * classShares(predictions.labels).largest());
        const ConfusionMatrix matrix = confusionOf(predictions);
        for (int label = 0; label < static_cast<int>(shown); ++label) {
            const std::optional<double> share = matrix.recall(label);
            table.rows[static_cast<std::size_t>(label)].push_back(share ? fixedText(*share, 0) : kNone);
        }
        table.rows[table.rows.size() - 2].push_back(fixedText(matrix.accuracy(), 1));
        table.rows.back().push_back(groupedText(draws.samples.count()));
    };
    for (const char* name : {network::kAutoencoder, network::kSearched, network::kVae}) {
        if (const auto draws = findings.draws.find(name); draws != findings.draws.end()) add(name, "codes", draws->second);
        const auto picture = findings.pictures.find(name);
        if (picture != findings.pictures.end() && picture->second.draws) add(name, "t-SNE", *picture->second.draws);
    }
    table.notes = {
        "Codes: from a mixture of normal distributions fitted to the codes of the class's training images, with as many "
        "components as the Bayesian information criterion favours, up to ten. t-SNE: random places between neighbouring points "
        "of the "
        "class in the picture, decoded by the mean of the nearest points' codes. A classifier that always says the same has " +
        fixedText(chance, 1) +
        " in the row of all classes. One draw with the report's seed; the standard error of a share s of n images is the root of "
        "s (1−s) / n." +
        (shown < findings.data->classNames.size()
             ? " The first " + std::to_string(shown) + " of " +
                   groupedText(static_cast<std::int64_t>(findings.data->classNames.size())) + " classes have a row."
             : "")};
    return table;
}

} // namespace latentoscope
