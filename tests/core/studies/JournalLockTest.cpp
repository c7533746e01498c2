// The journal's lock: it leads to a file that names its owner, and nobody waits long for the dead.
#include "core/studies/JournalLock.h"
#include "core/base/AtomicFile.h"
#include "core/base/ProcessMark.h"
#include "core/studies/JournalFile.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <regex>

#include <sys/wait.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using test::TemporaryFolder;

std::filesystem::path lockOf(const std::filesystem::path& file) { return file.string() + ".lock"; }

std::vector<std::filesystem::path> ownersIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> owners;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".owner") owners.push_back(entry.path());
    }
    return owners;
}

/// Leaves the lock as a process that was killed does.
void dieHolding(const std::filesystem::path& file)
{
    const pid_t child = fork();
    if (child == 0) {
        const JournalLock lock(file);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_TRUE(std::filesystem::is_symlink(lockOf(file))) << "the dead still hold it";
}

double secondsToTake(const std::filesystem::path& file)
{
    const auto start = std::chrono::steady_clock::now();
    const JournalLock lock(file);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string replaced(const std::string& text, const std::string& pattern, const std::string& with)
{
    return std::regex_replace(text, std::regex(pattern), with);
}

} // namespace

TEST(JournalLock, LeadsToAFileThatNamesItsOwnerAndIsThereAsLongAsTheLock)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    {
        const JournalLock lock(file);
        ASSERT_TRUE(std::filesystem::is_symlink(lockOf(file)));
        EXPECT_TRUE(std::filesystem::is_regular_file(lockOf(file))) << "a link that leads nowhere stops Optuna for ever";
        EXPECT_EQ(readFile(lockOf(file)), ownProcessMark() + "\n");
        EXPECT_TRUE(std::filesystem::read_symlink(lockOf(file)).is_relative()) << "a folder may be moved, or mounted elsewhere";
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(JournalLock, OfAKilledProcessIsTakenOverAtOnce)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    dieHolding(file);
    EXPECT_TRUE(std::filesystem::is_regular_file(lockOf(file)));
    EXPECT_LT(secondsToTake(file), 5) << "not after the 30 s of a stranger's";
    EXPECT_FALSE(std::filesystem::is_symlink(lockOf(file)));
    EXPECT_TRUE(ownersIn(folder.path()).empty());
}

TEST(JournalLock, WhatOptunaLeavesOfATakenOverOneIsSweptAwayWhenTheJournalIsOpened)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    dieHolding(file);
    std::filesystem::remove(lockOf(file)); // as Optuna's release does
    ASSERT_EQ(ownersIn(folder.path()).size(), 1U);
    const JournalLock held(file);
    const JournalFile journal(file);
    const auto owners = ownersIn(folder.path());
    ASSERT_EQ(owners.size(), 1U) << "that of the lock in use stays";
    EXPECT_EQ(readFile(owners[0]), ownProcessMark() + "\n");
}

TEST(JournalLock, OfTheDeadIsLeftToWhoTakesItOverWhileAJournalIsOpened)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    dieHolding(file);
    const JournalFile journal(file);
    EXPECT_TRUE(std::filesystem::is_regular_file(lockOf(file))) << "swept from behind the link, it would lead nowhere";
}

TEST(JournalLock, ThatWasTakenOverFromAnotherIsNotTakenAwayByIt)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "study.log";
    {
        const JournalLock lock(file);
        std::filesystem::remove(lockOf(file));
        std::filesystem::create_symlink(file, lockOf(file)); // an Optuna's
    }
    EXPECT_TRUE(std::filesystem::is_symlink(lockOf(file)));
    EXPECT_TRUE(ownersIn(folder.path()).empty());
}

TEST(ProcessMark, IsGoneOnlyWhenItsProcessIsKnownToBe)
{
    const std::string own = ownProcessMark();
    EXPECT_FALSE(isGone(own));
    const std::string dead = replaced(own, ":[0-9]+:([0-9]+)$", ":4194305:$1"); // above what a kernel gives
    ASSERT_NE(dead, own);
    EXPECT_TRUE(isGone(dead));
    EXPECT_TRUE(isGone(replaced(own, "[0-9]+$", "1"))) << "another process has the number now";
    EXPECT_FALSE(isGone("elsewhere" + dead.substr(dead.find(':')))) << "another machine";
    EXPECT_FALSE(isGone(replaced(dead, ":[0-9a-f-]{36}:", ":00000000-0000-0000-0000-000000000000:"))) << "another start of it";
    EXPECT_FALSE(isGone(replaced(dead, "pid\\[[0-9]+\\]", "pid[1]"))) << "another container";
    EXPECT_FALSE(isGone(""));
    EXPECT_FALSE(isGone("host:4194305:1")) << "nothing is known of what is no mark";
}

TEST(ProcessMark, IsSaidInWords)
{
    EXPECT_EQ(ownerText("lab7:b:pid[1]:123:456"), "process 123 on lab7");
    EXPECT_EQ(ownerText("someone else's"), "someone else's");
}

} // namespace latentoscope
