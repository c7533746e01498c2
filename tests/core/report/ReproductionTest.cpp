// The reference report again: computed part by part, going on where it was stopped, damaged or killed, with the same figures.
#include "core/report/Reproduction.h"
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/document/DocumentHtml.h"
#include "core/document/DocumentLatex.h"
#include "core/report/Published.h"
#include "core/report/ReportDocument.h"
#include "core/report/Tables.h"
#include "tests/support/Refusal.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

using test::TemporaryFolder;

const std::shared_ptr<const DataSet>& data()
{
    static const std::shared_ptr<const DataSet> small = [] {
        auto made = std::make_shared<DataSet>(*test::smallData({28, 28, 1}, 300, 100));
        made->known = kFashionMnist; // whose published figures stand beside ours
        return made;
    }();
    return small;
}

ReproductionSetup setupIn(const std::filesystem::path& folder)
{
    ReproductionSetup setup;
    setup.folder = folder;
    setup.settings.quick = true;
    setup.settings.folds = 2;
    setup.settings.seed = 3;
    setup.data = data();
    setup.threads = 2;
    setup.device = "cpu";
    return setup;
}

void unheard(const ReproductionNews&) {}

/// All words and numbers.
std::string textOf(const Reproduction& report)
{
    const Document document = reportDocument(readFindings(report));
    std::string text = documentHtml(document, [](const std::string&) { return std::nullopt; });
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) text += tableCsv(*table);
    return text;
}

/// Of one that nothing interrupted.
const std::string& wholeText()
{
    static const std::string text = [] {
        const TemporaryFolder folder;
        Reproduction report(setupIn(folder / "report"));
        EXPECT_TRUE(report.run(unheard));
        return textOf(report);
    }();
    return text;
}

} // namespace

TEST(Reproduction, MakesEveryTableAndFigureOfTheReport)
{
    const TemporaryFolder folder;
    Reproduction report(setupIn(folder / "report"));
    EXPECT_EQ(report.plan().size(), 14U);
    EXPECT_GT(report.secondsMissing(), 0);
    double last = -1;
    std::mutex mutex;
    EXPECT_TRUE(report.run([&](const ReproductionNews& news) {
        const std::lock_guard lock(mutex);
        EXPECT_GE(news.fraction, 0);
        EXPECT_LE(news.fraction, 1 + 1e-9);
        EXPECT_GE(news.secondsLeft, -1e-9);
        last = std::max(last, news.fraction);
    }));
    EXPECT_GT(last, 0.5);
    EXPECT_EQ(report.secondsMissing(), 0);
    const Findings findings = readFindings(report);
    const Document document = reportDocument(findings);
    std::vector<std::string> tables, figures;
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) {
        tables.push_back(table->number);
        EXPECT_FALSE(table->caption.empty());
        EXPECT_FALSE(table->rows.empty());
        for (const auto& row : table->rows) EXPECT_EQ(row.size(), table->columns.size()) << table->number;
    }
    for (const DocumentFigure* figure : blocksOf<DocumentFigure>(document)) {
        figures.push_back(figure->number);
        EXPECT_NE(figure->caption.find("seed 3"), std::string::npos) << figure->caption;
        for (const Panel& panel : figure->panels)
            EXPECT_FALSE(std::holds_alternative<std::monostate>(panel.figure)) << panel.name;
    }
    EXPECT_EQ(tables, (std::vector<std::string>{"I", "II", "III", "IV", "V", "VI", "VII"}));
    EXPECT_EQ(figures, (std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7", "8", "9"}));
    const std::string latex = documentLatex(document, false, [](const std::string& name) { return name + ".pdf"; });
    for (const char letter : latex) ASSERT_LT(static_cast<unsigned char>(letter), 0x80U) << "a sign that LaTeX is not told of";
}

TEST(Reproduction, TheResultsAreThoseOfTheRunsAndFolds)
{
    const TemporaryFolder folder;
    Reproduction report(setupIn(folder / "report"));
    ASSERT_TRUE(report.run(unheard));
    const Findings findings = readFindings(report);
    const DocumentTable table = resultsTable(findings);
    ASSERT_EQ(table.rows.size(), 7U);
    const std::vector<FoldScore> scores = readScores(folder / "report" / "runs" / "folds-autoencoder");
    ASSERT_EQ(scores.size(), 2U);
    std::vector<double> values;
    for (const FoldScore& score : scores) {
        for (const NamedValue& value : score.values) {
            if (value.name == "reconstruction_accuracy") values.push_back(value.value);
        }
    }
    ASSERT_EQ(values.size(), 2U);
    EXPECT_EQ(table.rows[0][2], fixedText((values[0] + values[1]) / 2));
    EXPECT_EQ(table.rows[0][3], fixedText(std::abs(values[0] - values[1]) / std::sqrt(2.0)));
    EXPECT_EQ(table.rows[0][4], "2");
    EXPECT_EQ(table.rows[0][6], "94.64");
    EXPECT_EQ(table.rows[1][6], "98.27");
    EXPECT_EQ(table.rows[6][6], "243");
    EXPECT_EQ(table.rows[6][4], "–") << "one run";
    EXPECT_NEAR(std::stod(table.rows[2][5]) + std::stod(table.rows[3][5]), 100, 0.011) << "accuracy and error";
    EXPECT_NE(table.rows[0][7].find("PCA-2 " + fixedText(100 * (1 - findings.references->pcaMse[1]))), std::string::npos);
}

TEST(Reproduction, EveryNumberOfTheTablesStandsInTheHtmlAsInTheCsv)
{
    const TemporaryFolder folder;
    Reproduction report(setupIn(folder / "report"));
    ASSERT_TRUE(report.run(unheard));
    const Document document = reportDocument(readFindings(report));
    std::string html = documentHtml(document, [](const std::string&) { return std::nullopt; });
    const std::string atTheRight = " class=\"number\"";
    for (std::size_t at = html.find(atTheRight); at != std::string::npos; at = html.find(atTheRight, at))
        html.erase(at, atTheRight.size());
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) {
        const std::string csv = tableCsv(*table);
        for (const auto& row : table->rows) {
            std::string cells;
            for (const std::string& cell : row) {
                cells += "<td>" + htmlText(cell) + "</td>";
                EXPECT_NE(csv.find(cell), std::string::npos);
            }
            EXPECT_NE(html.find("<tr>" + cells + "</tr>"), std::string::npos) << table->number;
        }
    }
}

TEST(Reproduction, StoppedInAnyPartItGoesOnAndComesToTheSame)
{
    const TemporaryFolder folder;
    int parts = 0;
    for (int ended = 0, at = 0; ended == 0; ++at) {
        Reproduction report(setupIn(folder / "report"));
        parts = static_cast<int>(report.plan().size());
        for (int i = 0; i < parts; ++i) EXPECT_EQ(report.done(static_cast<std::size_t>(i)), i < at) << "finished parts stay";
        std::stop_source stop;
        const auto listen = [&](const ReproductionNews& news) {
            if (news.part > at) stop.request_stop();
        };
        ended = report.run(listen, stop.get_token()) ? 1 : 0;
        ASSERT_LE(at, parts);
    }
    const Reproduction report(setupIn(folder / "report"));
    EXPECT_EQ(report.secondsMissing(), 0);
    EXPECT_EQ(textOf(report), wholeText());
}

TEST(Reproduction, WhatIsDamagedIsComputedAgainAndSaid)
{
    const TemporaryFolder folder;
    const std::filesystem::path out = folder / "report";
    {
        Reproduction report(setupIn(out));
        ASSERT_TRUE(report.run(unheard));
    }
    const auto mended = [&](const std::string& words, std::size_t parts) {
        Reproduction report(setupIn(out));
        EXPECT_EQ(report.notes().size(), parts) << words;
        bool found = false;
        for (const std::string& note : report.notes()) found = found || note.find(words) != std::string::npos;
        EXPECT_TRUE(found) << words;
        EXPECT_TRUE(report.run(unheard));
        EXPECT_EQ(textOf(report), wholeText()) << words;
    };
    std::filesystem::resize_file(out / "runs" / "vae" / "model.safetensors", 1000);
    mended("Variational auto-encoder is computed again", 3); // its samples and picture, too, until it is as it was
    writeFileAtomically(out / "runs" / "autoencoder" / "metrics.csv", "epoch,split,metric,value\n");
    mended("metrics.csv", 1);
    writeFileAtomically(out / "parts" / "latent-vae.json", "{\"weights\":");
    mended("latent-vae.json", 1);
    std::filesystem::remove_all(out / "runs" / "fine-tune");
    std::filesystem::remove(out / "parts" / "folds-autoencoder.json");
    writeFileAtomically(out / "runs" / "folds-autoencoder" / "folds.csv", "nothing");
    mended("fine-tune", 7); // the classifier, its picture, and the five draws that it judged
}

TEST(Reproduction, AnotherReportOrOtherFilesAreLeftAlone)
{
    const TemporaryFolder folder;
    const std::filesystem::path out = folder / "report";
    {
        Reproduction report(setupIn(out));
        std::stop_source stop;
        EXPECT_FALSE(report.run([&](const ReproductionNews&) { stop.request_stop(); }, stop.get_token()));
        EXPECT_NE(test::refusal([&] { Reproduction twice(setupIn(out)); }).find("at work"), std::string::npos);
    }
    ReproductionSetup other = setupIn(out);
    other.settings.seed = 4;
    other.settings.folds = 3;
    const std::string sentence = test::refusal([&] { Reproduction report(other); });
    EXPECT_NE(sentence.find("seed: found 3, asked for 4; folds: found 2, asked for 3"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("--overwrite"), std::string::npos) << sentence;
    other.overwrite = true;
    EXPECT_EQ(test::refusal([&] { Reproduction report(other); }), "");
    EXPECT_NE(test::refusal([&] { Reproduction report(setupIn(out)); }).find("seed: found 4"), std::string::npos);

    std::filesystem::create_directories(folder / "letters");
    writeFileAtomically(folder / "letters" / "mine.txt", "dear");
    for (const bool overwrite : {false, true}) {
        ReproductionSetup wrong = setupIn(folder / "letters");
        wrong.overwrite = overwrite;
        EXPECT_NE(test::refusal([&] { Reproduction report(wrong); }).find("found other files than a report's"),
                  std::string::npos);
        EXPECT_EQ(readFile(folder / "letters" / "mine.txt"), "dear");
    }
    EXPECT_NE(test::refusal([&] { Reproduction report(setupIn(folder / "letters" / "mine.txt")); }).find("found a file"),
              std::string::npos);
    writeFileAtomically(out / "report.json", "[");
    EXPECT_NE(test::refusal([&] { Reproduction report(setupIn(out)); }).find("begins anew"), std::string::npos);
    ReproductionSetup few = setupIn(folder / "few");
    few.settings.folds = 1;
    EXPECT_NE(test::refusal([&] { Reproduction report(few); }).find("--folds: found 1"), std::string::npos);
}

TEST(Reproduction, PartsThatAreLeftOutAreSaidToBe)
{
    const TemporaryFolder folder;
    ReproductionSetup setup = setupIn(folder / "report");
    setup.settings.crossValidation = setup.settings.latentSpaces = setup.settings.samples = false;
    Reproduction report(setup);
    EXPECT_EQ(report.plan().size(), 5U);
    ASSERT_TRUE(report.run(unheard));
    const Document document = reportDocument(readFindings(report));
    EXPECT_EQ(blocksOf<DocumentTable>(document).size(), 6U);
    EXPECT_EQ(blocksOf<DocumentFigure>(document).size(), 3U);
    EXPECT_EQ(blocksOf<DocumentFigure>(document).back()->number, "4") << "3 is the latent spaces'";
    const std::string html = documentHtml(document, [](const std::string&) { return std::nullopt; });
    EXPECT_NE(html.find("Cross-validation was left out"), std::string::npos);
    EXPECT_NE(html.find("class=\"number\""), std::string::npos) << "numbers stand at the right";
    EXPECT_EQ(html.find("van der Maaten"), std::string::npos) << "only works that the text names are listed";
    EXPECT_NE(html.find("Kingma, M. Welling"), std::string::npos);
}

TEST(Reproduction, OnOtherDataNothingIsHeldAgainstTheReferenceReport)
{
    const TemporaryFolder folder;
    ReproductionSetup setup = setupIn(folder / "report");
    auto own = std::make_shared<DataSet>(*test::smallData({12, 10, 3}, 90, 40));
    own->name = "Buttons";
    own->classNames.resize(10);
    setup.data = own;
    Reproduction report(setup);
    EXPECT_EQ(report.plan().size(), 14U);
    EXPECT_EQ(report.plan()[0].configuration.training.batchSize, 16) << "of few images smaller batches";
    ASSERT_TRUE(report.run(unheard));
    const Document document = reportDocument(readFindings(report));
    const std::string html = documentHtml(document, [](const std::string&) { return std::nullopt; });
    for (const char* word : {"against the report", "Report<", "94.64", "98.27", "243", "9.7 ", "grey"})
        EXPECT_EQ(html.find(word), std::string::npos)
            << word << " in " << html.substr(std::min(html.size() - 1, html.find(word)) - 100, 200);
    EXPECT_NE(html.find("pixels in three colours, in 10 classes"), std::string::npos);
    EXPECT_NE(html.find("Auto-encoders on Buttons"), std::string::npos);
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) {
        for (const auto& row : table->rows) EXPECT_EQ(row.size(), table->columns.size()) << table->number;
        for (const std::string& column : table->columns) EXPECT_EQ(column.find("eport"), std::string::npos) << column;
    }
}

TEST(Reproduction, WithoutLabelsClassifiersAndSamplesAreLeftOutAndSaidToBe)
{
    const TemporaryFolder folder;
    ReproductionSetup setup = setupIn(folder / "report");
    auto own = std::make_shared<DataSet>(*test::smallData({12, 10, 1}, 90, 40));
    own->classNames.clear();
    for (ImageSet* set : {&own->train, &own->test}) set->labels.assign(set->labels.size(), 0);
    setup.data = own;
    Reproduction report(setup);
    ASSERT_TRUE(report.run(unheard));
    const Document document = reportDocument(readFindings(report));
    std::vector<std::string> tables, figures;
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) tables.push_back(table->number);
    for (const DocumentFigure* figure : blocksOf<DocumentFigure>(document)) {
        figures.push_back(figure->number);
        EXPECT_EQ(figure->caption.find("class"), std::string::npos) << figure->caption;
    }
    EXPECT_EQ(tables, (std::vector<std::string>{"I", "II", "IV", "V", "VI"}));
    EXPECT_EQ(figures, (std::vector<std::string>{"1", "2", "3"}));
    const std::string html = documentHtml(document, [](const std::string&) { return std::nullopt; });
    EXPECT_NE(html.find("The data have no labels: classifiers, samples of classes"), std::string::npos);
    EXPECT_NE(html.find("grey pixels without labels"), std::string::npos);
    EXPECT_EQ(html.find("accuracy, %"), std::string::npos);
}

TEST(Reproduction, TheReadingOfTheReportsFineTuningFollowsTheFigures)
{
    Findings findings;
    auto data = std::make_shared<DataSet>(*test::smallData({4, 4, 1}, 20, 20));
    data->test.labels.assign(data->test.labels.size(), 0);
    for (std::size_t i = 0; i < data->test.labels.size(); i += 4) data->test.labels[i] = 1; // three quarters are of class 0
    findings.data = data;
    findings.runs[network::kFineTune].test = {{"accuracy", 88}, {"error", 12}};
    EXPECT_NE(fineTuneReading(findings).find("nearer to the reading as an error rate; one run"), std::string::npos);
    EXPECT_NE(fineTuneReading(findings).find("near 75 %, the accuracy of"), std::string::npos) << "of the largest class";
    const auto fold = [](int number, double accuracy, double predicted = 2) {
        return FoldScore{number, 1, 1, {{"accuracy", accuracy}, {"error", 100 - accuracy}, {"classes_predicted", predicted}}};
    };
    // A tenth right of one class in ten is no collapse where the network tells several apart, and eight tenths may be one.
    findings.folds[network::kFineTune] = {fold(1, 12), fold(2, 13), fold(3, 75, 1)};
    EXPECT_NE(fineTuneReading(findings).find("1 fold of ours collapsed"), std::string::npos) << fineTuneReading(findings);
    findings.folds[network::kFineTune] = {fold(1, 88), fold(2, 90)};
    EXPECT_NE(fineTuneReading(findings).find("within two deviations"), std::string::npos) << fineTuneReading(findings);
    EXPECT_NE(fineTuneReading(findings).find("error is 11.00 % and the accuracy 89.00 %"), std::string::npos);
    EXPECT_NE(fineTuneReading(findings).find("None of our folds collapsed"), std::string::npos);
    findings.folds[network::kFineTune] = {fold(1, 88), fold(2, 88.1)};
    EXPECT_NE(fineTuneReading(findings).find("neither is borne out"), std::string::npos)
        << "2.25 points where folds deviate by 0.07";
    findings.folds[network::kFineTune] = {fold(1, 10, 1), fold(2, 10, 1), fold(3, 12, 1)};
    EXPECT_NE(fineTuneReading(findings).find("nearer to the reading as a collapse"), std::string::npos);
    EXPECT_NE(fineTuneReading(findings).find("3 folds of ours collapsed"), std::string::npos);
}

} // namespace latentoscope
