// A report made from the window: what is asked, how it goes, stops, goes on, ends, and what is said where it cannot.
#include "core/base/AtomicFile.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/MessageBar.h"
#include "ui/features/ReportFeature.h"
#include "ui/report/ReportDialog.h"
#include "ui/runs/StatusLine.h"
#include "ui/settings/CommandText.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTimer>

namespace latentoscope::ui {
namespace {

class ReportWindow : public WindowTest {
protected:
    ReportWindow()
    {
        std::filesystem::create_directories(m_folder / "images");
        test::writeIdxFolder(m_folder / "images", *test::smallData({28, 28, 1}, 300, 100), test::Compression::None);
        m_request.dataFolder = m_folder / "images";
        m_request.program = LATENTOSCOPE_PROGRAM;
        m_report.folder = m_folder / "report";
        m_report.quick = true;
        m_report.folds = 2;
        m_report.threads = 1;
        m_report.dataFolder = m_folder / "images";
    }

    ReportRequest m_report;
};

template <class Widget> Widget& part(QWidget& of, const char* name)
{
    auto* widget = of.findChild<Widget*>(QString::fromLatin1(name));
    EXPECT_NE(widget, nullptr) << name;
    return *widget;
}

} // namespace

TEST(ReportArguments, NameOnlyWhatDiffersFromTheUsual)
{
    ReportRequest request;
    request.folder = "my report";
    EXPECT_EQ(reportCommandText(request), "latentoscope report --out 'my report'");
    request.quick = true;
    request.folds = 2;
    EXPECT_EQ(reportCommandText(request), "latentoscope report --out 'my report' --quick");
    request.quick = false;
    request.seed = 7;
    request.crossValidation = request.samples = false;
    request.threads = 3;
    request.dataFolder = "/data";
    EXPECT_EQ(reportCommandText(request), "latentoscope report --out 'my report' --folds 2 --seed 7 --without "
                                          "cross-validation,samples --data /data --threads 3");
}

TEST(ReportDialog, AsksWhatTheReportIsToHold)
{
    const test::TemporaryFolder folder;
    ReportRequest last;
    last.folder = folder / "new";
    last.threads = 2;
    last.study = "mine";
    last.storage = "s.log";
    ReportDialog dialog(last, nullptr);
    auto* make = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
    auto& words = part<QLabel>(dialog, "reportWords");
    auto& path = part<QLineEdit>(dialog, "reportFolder");
    EXPECT_TRUE(make->isEnabled());
    EXPECT_TRUE(words.text().startsWith(QStringLiteral("A new report is made")));
    part<QCheckBox>(dialog, "reportQuick").setChecked(true);
    EXPECT_EQ(dialog.request().folds, 2) << "the usual number of a quick one";
    part<QCheckBox>(dialog, "reportQuick").setChecked(false);
    EXPECT_EQ(dialog.request().folds, 10);
    part<QSpinBox>(dialog, "reportFolds").setValue(5);
    part<QCheckBox>(dialog, "reportQuick").setChecked(true);
    EXPECT_EQ(dialog.request().folds, 5) << "one's own stays";
    part<QCheckBox>(dialog, "reportCrossValidation").setChecked(false);
    EXPECT_FALSE(part<QSpinBox>(dialog, "reportFolds").isEnabled());
    part<QLineEdit>(dialog, "reportSeed").setText(QStringLiteral("42"));
    const ReportRequest request = dialog.request();
    EXPECT_EQ(request.seed, 42U);
    EXPECT_FALSE(request.crossValidation);
    EXPECT_TRUE(request.quick);
    EXPECT_EQ(request.threads, 2) << "what is not asked stays";
    EXPECT_TRUE(request.study.empty()) << "a search is in it only where one is asked for";
    auto& search = part<QComboBox>(dialog, "reportSearch");
    search.setCurrentIndex(1);
    part<QSpinBox>(dialog, "reportTrials").setValue(12);
    part<QComboBox>(dialog, "reportPaper").setCurrentIndex(1);
    const auto words1 = reportArguments(dialog.request());
    EXPECT_NE(std::find(words1.begin(), words1.end(), "--trials"), words1.end());
    EXPECT_NE(std::find(words1.begin(), words1.end(), "letter"), words1.end());
    search.setCurrentIndex(2);
    const auto words2 = reportArguments(dialog.request());
    const auto study = std::find(words2.begin(), words2.end(), "--study");
    ASSERT_NE(study, words2.end());
    EXPECT_EQ(std::vector<std::string>(study + 1, study + 4), (std::vector<std::string>{"mine", "--storage", "s.log"}));
    EXPECT_EQ(std::find(words2.begin(), words2.end(), "--trials"), words2.end());
    part<QLineEdit>(dialog, "reportSeed").clear();
    EXPECT_FALSE(make->isEnabled());
    part<QLineEdit>(dialog, "reportSeed").setText(QStringLiteral("0"));
    path.clear();
    EXPECT_FALSE(make->isEnabled());
    writeFileAtomically(folder / "mine.txt", "dear");
    path.setText(QString::fromStdString(folder.path().string()));
    EXPECT_FALSE(make->isEnabled());
    EXPECT_TRUE(words.text().contains(QStringLiteral("other files")));
    std::filesystem::create_directories(folder / "begun");
    writeFileAtomically(folder / "begun" / "report.json", "{}");
    path.setText(QString::fromStdString((folder / "begun").string()));
    EXPECT_TRUE(make->isEnabled());
    EXPECT_TRUE(words.text().contains(QStringLiteral("is continued")));
}

TEST_F(ReportWindow, MakesAReportBesideTheWindowAndOffersToOpenIt)
{
    MainWindow& window = open();
    EXPECT_TRUE(window.actions().report->isEnabled());
    const QSignalSpy progress(&window.report().runner(), &ReportRunner::progressed);
    window.report().make(m_report);
    EXPECT_TRUE(window.report().runner().running());
    EXPECT_FALSE(window.actions().report->isEnabled()) << "one at a time";
    EXPECT_FALSE(window.actions().train->isEnabled());
    EXPECT_TRUE(window.actions().stop->isEnabled());
    EXPECT_FALSE(window.isSettled());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window.report().runner().running(); }, kPatienceMs));
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.messages().isShown(); }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().startsWith(QStringLiteral("The report is written into")))
        << window.messages().text().toStdString();
    EXPECT_TRUE(std::filesystem::exists(m_folder / "report" / "report.html"));
    EXPECT_TRUE(std::filesystem::exists(m_folder / "report" / "report.pdf"));
    EXPECT_GE(progress.size(), 14) << "each part is told";
    EXPECT_EQ(progress.first().first().toString(), QStringLiteral("Auto-encoder"));
    EXPECT_TRUE(window.actions().train->isEnabled());
    EXPECT_EQ(window.statusLine().words(), QStringLiteral("The report is written"));
}

TEST_F(ReportWindow, StopsAndGoesOn)
{
    MainWindow& window = open();
    const QSignalSpy progress(&window.report().runner(), &ReportRunner::progressed);
    window.report().make(m_report);
    ASSERT_TRUE(QTest::qWaitFor([&] { return progress.size() > 1; }, kPatienceMs));
    window.actions().stop->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window.report().runner().running(); }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().startsWith(QStringLiteral("The report was stopped")))
        << window.messages().text().toStdString();
    EXPECT_FALSE(std::filesystem::exists(m_folder / "report" / "report.html"));
    window.report().make(window.report().runner().request());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window.report().runner().running(); }, kPatienceMs));
    EXPECT_TRUE(std::filesystem::exists(m_folder / "report" / "report.html")) << window.messages().text().toStdString();
}

TEST_F(ReportWindow, SaysWhyItCannotBeMade)
{
    MainWindow& window = open();
    std::filesystem::create_directories(m_folder / "report");
    writeFileAtomically(m_folder / "report" / "mine.txt", "dear");
    window.report().make(m_report);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window.report().runner().running() && window.messages().isShown(); }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("found other files than a report's")))
        << window.messages().text().toStdString();

    ReportRunner nowhere;
    const QSignalSpy failed(&nowhere, &ReportRunner::failed);
    nowhere.start("/nonexistent/latentoscope", m_report);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !failed.isEmpty(); }, kPatienceMs));
    EXPECT_TRUE(failed.first().first().toString().startsWith(QStringLiteral("The report could not be started")));
    EXPECT_FALSE(nowhere.running());
}

TEST_F(ReportWindow, ClosedInTheMiddleItEndsTheReportAndKeepsWhatIsFinished)
{
    MainWindow& window = open();
    const QSignalSpy progress(&window.report().runner(), &ReportRunner::progressed);
    window.report().make(m_report);
    ASSERT_TRUE(QTest::qWaitFor([&] { return progress.size() > 1; }, kPatienceMs));
    m_window.reset();
    EXPECT_TRUE(std::filesystem::exists(m_folder / "report" / "report.json"));
    ReportRunner again;
    const QSignalSpy finished(&again, &ReportRunner::finished);
    const QSignalSpy failed(&again, &ReportRunner::failed);
    again.start(LATENTOSCOPE_PROGRAM, m_report); // nobody is at work in the folder any more
    ASSERT_TRUE(QTest::qWaitFor([&] { return !again.running(); }, kPatienceMs));
    EXPECT_EQ(failed.size(), 0);
    EXPECT_EQ(finished.size(), 1);
}

} // namespace latentoscope::ui
