// Work on another thread: its result, its error, and an owner that goes first.
#include "tests/ui/WindowFixture.h"

#include "ui/common/Application.h"
#include "ui/common/Latest.h"

#include <QThread>
#include <QThreadPool>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

namespace latentoscope::ui {
namespace {

TEST(Background, TellsTheResultOnTheThreadThatAsked)
{
    QObject owner;
    std::unique_ptr<int> told; // results need not be copied
    const QThread* worked = nullptr;
    const QThread* heard = nullptr;
    inBackground(
        &owner,
        [&worked] {
            worked = QThread::currentThread();
            return std::make_unique<int>(7);
        },
        [&](std::unique_ptr<int> result) {
            heard = QThread::currentThread();
            told = std::move(result);
        });
    ASSERT_TRUE(QTest::qWaitFor([&] { return told != nullptr; }, kPatienceMs));
    EXPECT_EQ(*told, 7);
    EXPECT_EQ(heard, QThread::currentThread());
    EXPECT_NE(worked, QThread::currentThread());
}

TEST(Background, TellsWhatWentWrongInsteadOfAResult)
{
    QObject owner;
    QString sentence;
    bool done = false;
    inBackground(
        &owner, []() -> int { throw std::runtime_error("the disk is gone"); }, [&](int) { done = true; },
        [&](const std::exception_ptr& error) { sentence = sentenceOf(error); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return !sentence.isEmpty(); }, kPatienceMs));
    EXPECT_EQ(sentence, QStringLiteral("the disk is gone"));
    EXPECT_FALSE(done);
}

TEST(Background, AnErrorThatNobodyTakesIsAMessage)
{
    auto& application = static_cast<Application&>(*qApp);
    QString said;
    application.setOnError([&](const QString& sentence) { said = sentence; });
    QObject owner;
    inBackground(
        &owner, []() -> int { throw std::runtime_error("the disk is gone"); }, [](int) {});
    EXPECT_TRUE(QTest::qWaitFor([&] { return !said.isEmpty(); }, kPatienceMs));
    EXPECT_EQ(said, QStringLiteral("the disk is gone"));
    application.setOnError(nullptr);
}

TEST(Background, IsNotToldToAnOwnerThatIsGone)
{
    std::atomic<bool> go = false;
    std::atomic<bool> worked = false;
    bool told = false;
    {
        QObject owner;
        inBackground(
            &owner,
            [&] {
                go.wait(false);
                worked = true;
                return 1;
            },
            [&](int) { told = true; });
    }
    go = true;
    go.notify_all();
    ASSERT_TRUE(QTest::qWaitFor([&] { return worked.load(); }, kPatienceMs));
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::processEvents();
    EXPECT_FALSE(told);
}

TEST(Background, FinishWaitsForWhatAnOwnerHasBegun)
{
    QObject owner;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 3; ++i)
        inBackground(
            &owner,
            [&] {
                QThread::msleep(5);
                return ++ended;
            },
            [](int) {});
    finishBackground(owner);
    EXPECT_EQ(ended, 3);
}

TEST(Latest, ComputesTheFirstAndTheNewestOfManyWishesAndGoesOnAfterAnError)
{
    auto& application = static_cast<Application&>(*qApp);
    QString said;
    application.setOnError([&](const QString& sentence) { said = sentence; });
    QObject owner;
    Latest<int> latest(&owner);
    std::atomic<bool> go = false;
    std::vector<int> told;
    const auto tell = [&](int result) { told.push_back(result); };
    latest.ask(
        [&]() -> int {
            go.wait(false);
            throw std::runtime_error("no such file");
        },
        tell);
    for (int wish = 1; wish <= 5; ++wish) latest.ask([wish] { return wish; }, tell);
    EXPECT_FALSE(latest.idle());
    go = true;
    go.notify_all();
    ASSERT_TRUE(QTest::qWaitFor([&] { return latest.idle(); }, kPatienceMs));
    EXPECT_EQ(told, std::vector<int>{5});
    EXPECT_EQ(said, QStringLiteral("no such file"));
    // What is forgotten is computed, but not told.
    latest.ask([] { return 6; }, tell);
    latest.forget();
    latest.ask([] { return 7; }, tell);
    ASSERT_TRUE(QTest::qWaitFor([&] { return latest.idle(); }, kPatienceMs));
    EXPECT_EQ(told, (std::vector<int>{5, 7}));
    application.setOnError(nullptr);
}

} // namespace
} // namespace latentoscope::ui
