// The report's process: its words, its lines, and every way in which it can end. A shell script stands for the program.
#include "ui/session/ReportRunner.h"

#include "tests/support/SmallData.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <fstream>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 30'000;

class ReportRunnerTest : public testing::Test {
protected:
    /// A program that does this.
    std::filesystem::path program(const std::string& script)
    {
        const std::filesystem::path path = m_folder / "program";
        std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }

    void run(const std::string& script)
    {
        m_runner.start(program(script), m_request);
        ASSERT_TRUE(QTest::qWaitFor([&] { return m_finished.size() + m_stopped.size() + m_failed.size() > 0; }, kPatienceMs));
    }

    test::TemporaryFolder m_folder;
    ReportRequest m_request{m_folder / "out"};
    ReportRunner m_runner;
    QSignalSpy m_progressed{&m_runner, &ReportRunner::progressed};
    QSignalSpy m_noted{&m_runner, &ReportRunner::noted};
    QSignalSpy m_finished{&m_runner, &ReportRunner::finished};
    QSignalSpy m_stopped{&m_runner, &ReportRunner::stopped};
    QSignalSpy m_failed{&m_runner, &ReportRunner::failed};
};

std::string wordsOf(const ReportRequest& request)
{
    std::string words;
    for (const std::string& word : reportArguments(request)) words += (words.empty() ? "" : " ") + word;
    return words;
}

} // namespace

TEST(ReportArguments, HoldOnlyWhatDiffersFromTheCommandsDefaults)
{
    ReportRequest request;
    request.folder = "/r";
    EXPECT_EQ(wordsOf(request), "report --out /r");
    request.quick = true;
    EXPECT_EQ(wordsOf(request), "report --out /r --quick --folds 10") << "quick alone would mean two";
    request.folds = 2;
    EXPECT_EQ(wordsOf(request), "report --out /r --quick");
    request.quick = false;
    EXPECT_EQ(wordsOf(request), "report --out /r --folds 2");
}

TEST(ReportArguments, HoldEverythingThatWasAskedFor)
{
    ReportRequest request;
    request.folder = "/r";
    request.seed = 7;
    request.crossValidation = request.samples = false;
    request.study = "s";
    request.storage = "/s.log";
    request.trials = 9;
    request.letter = request.overwrite = true;
    request.dataFolder = "/d";
    request.threads = 3;
    request.device = "cpu";
    EXPECT_EQ(wordsOf(request),
              "report --out /r --seed 7 --without cross-validation,samples --study s --storage /s.log --trials 9 "
              "--paper letter --overwrite --data /d --threads 3 --device cpu");
}

TEST_F(ReportRunnerTest, TellsProgressNotesAndThePage)
{
    run(R"(echo '{"doing": "t-SNE", "fraction": 0.25, "seconds_left": 12.5}'
echo 'no JSON at all'
echo '[1, 2]'
echo '{"note": "a part was damaged"}'
echo '{"report": "/r/report.html"}')");
    ASSERT_EQ(m_progressed.size(), 1) << "lines of another kind are passed over";
    EXPECT_EQ(m_progressed[0][0].toString(), QStringLiteral("t-SNE"));
    EXPECT_EQ(m_progressed[0][1].toDouble(), 0.25);
    EXPECT_EQ(m_progressed[0][2].toDouble(), 12.5);
    ASSERT_EQ(m_noted.size(), 1);
    ASSERT_EQ(m_finished.size(), 1);
    EXPECT_EQ(m_finished[0][0].value<std::filesystem::path>(), "/r/report.html");
    EXPECT_FALSE(m_runner.running());
}

TEST_F(ReportRunnerTest, GivesTheCommandItsWords)
{
    m_request.seed = 3;
    run("echo \"$@\" > '" + (m_folder / "words").string() + "'");
    std::ifstream file(m_folder / "words");
    std::string words;
    std::getline(file, words);
    EXPECT_EQ(words, wordsOf(m_request) + " --json");
}

TEST_F(ReportRunnerTest, AFailureIsTheProgramsLastSentence)
{
    run("echo 'a warning' >&2; echo 'latentoscope: the disk is full' >&2; exit 1");
    ASSERT_EQ(m_failed.size(), 1);
    EXPECT_EQ(m_failed[0][0].toString(), QStringLiteral("the disk is full"));
}

TEST_F(ReportRunnerTest, AProcessThatIsKilledIsNoReport)
{
    run("kill -9 $$");
    ASSERT_EQ(m_failed.size(), 1);
    EXPECT_TRUE(m_failed[0][0].toString().contains(QStringLiteral("ended from outside")));
    EXPECT_TRUE(m_finished.empty());
}

TEST_F(ReportRunnerTest, AProgramThatIsNotThereIsSaid)
{
    m_runner.start(m_folder / "nothing", m_request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_failed.size() == 1; }, kPatienceMs));
    EXPECT_FALSE(m_runner.running());
}

TEST_F(ReportRunnerTest, StopsWhenAskedTo)
{
    m_runner.start(program("trap 'exit 1' TERM; echo '{\"fraction\": 0}'; while :; do sleep 0.01; done"), m_request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_progressed.size() == 1; }, kPatienceMs));
    m_runner.stop();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_stopped.size() == 1; }, kPatienceMs));
    EXPECT_TRUE(m_failed.empty()) << "what was asked for is no failure";
}

TEST_F(ReportRunnerTest, EndsOneThatDoesNotListen)
{
    m_runner.start(program("trap '' TERM; echo '{\"fraction\": 0}'; while :; do sleep 0.01; done"), m_request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_progressed.size() == 1; }, kPatienceMs));
    m_runner.stop();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_stopped.size() == 1; }, kPatienceMs));
    EXPECT_FALSE(m_runner.running());
}

TEST_F(ReportRunnerTest, AReportThatIsDoneBeforeTheStopIsDone)
{
    m_runner.start(program("trap 'echo \"{\\\"report\\\": \\\"/r\\\"}\"; exit 0' TERM; echo '{\"fraction\": 1}'; "
                           "while :; do sleep 0.01; done"),
                   m_request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_progressed.size() == 1; }, kPatienceMs));
    m_runner.stop();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_finished.size() == 1; }, kPatienceMs));
}

TEST_F(ReportRunnerTest, OneAtATime)
{
    m_runner.start(program("sleep 30"), m_request);
    ReportRequest other = m_request;
    other.seed = 9;
    m_runner.start(program("exit 0"), other);
    EXPECT_EQ(m_runner.request().seed, 0U) << "the second is passed over";
    EXPECT_TRUE(m_runner.running());
}

} // namespace latentoscope::ui
