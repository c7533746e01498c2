#include "ui/main/CommandPalette.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

TEST(CommandPalette, LettersInOrderAreFoundAndWordBeginningsCountMore)
{
    EXPECT_EQ(matchScore(QStringLiteral("Pause"), QStringLiteral("x")), -1);
    EXPECT_GE(matchScore(QStringLiteral("Export all figures"), QStringLiteral("eaf")), 0);
    EXPECT_GT(matchScore(QStringLiteral("Train"), QStringLiteral("tr")),
              matchScore(QStringLiteral("Reset layout"), QStringLiteral("tr")));
}

TEST(CommandPalette, TypedLettersAndReturnTriggerTheCommand)
{
    QAction pause(QStringLiteral("&Pause"));
    QAction stop(QStringLiteral("&Stop"));
    int stopped = 0;
    QObject::connect(&stop, &QAction::triggered, [&] { ++stopped; });
    CommandPalette palette({&pause, &stop}, nullptr);
    QTest::keyClicks(&palette.line(), QStringLiteral("sto"));
    ASSERT_EQ(palette.list().count(), 1);
    QTest::keyClick(&palette.line(), Qt::Key_Return);
    EXPECT_TRUE(QTest::qWaitFor([&] { return stopped == 1; }));
}

TEST(CommandPalette, DisabledCommandsAreShownButNotRun)
{
    QAction stop(QStringLiteral("Stop"));
    stop.setEnabled(false);
    int stopped = 0;
    QObject::connect(&stop, &QAction::triggered, [&] { ++stopped; });
    CommandPalette palette({&stop}, nullptr);
    EXPECT_EQ(palette.list().count(), 1);
    QTest::keyClick(&palette.line(), Qt::Key_Return);
    QCoreApplication::processEvents();
    EXPECT_EQ(stopped, 0);
}

} // namespace
} // namespace latentoscope::ui
