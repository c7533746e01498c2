// Two of our processes and two of real Optuna's on one journal, killed again and again in the midst of it.
#include "core/base/AtomicFile.h"
#include "core/base/Text.h"
#include "core/search/NextTrial.h"
#include "core/studies/JournalFile.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/OptunaSpace.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTrials = 400;
constexpr int kKills = 20;
constexpr std::uintmax_t kLogLine = 12; ///< bytes at least of a trial

int endedIn(const StudyStorage& storage)
{
    int ended = 0;
    for (const Trial& trial : storage.journal().trials()) ended += isFinished(trial.state) ? 1 : 0;
    return ended;
}

/// What one of our processes does: as the script's work.
void work(const std::string& journal, const std::string& log)
{
    const std::filesystem::path more = std::filesystem::path(log).parent_path() / "more";
    StudyStorage storage(std::make_unique<JournalFile>(journal));
    const int study = storage.study("s").id;
    TrialSource source{{test::optunaSpace()}, {}, 0};
    source.sampler.seed = static_cast<std::uint64_t>(getpid());
    while (endedIn(storage) < kTrials || std::filesystem::exists(more)) {
        const int id = beginTrial(storage, study, source).value();
        const auto& parameters = storage.journal().trial(id).parameters;
        const double value = parameters.at("real").internal + parameters.at("int").internal;
        for (int step = 0; step < 3; ++step) storage.setIntermediate(id, step, value / (step + 1));
        storage.finish(id, TrialState::Complete, {value});
        appendToFile(log, std::to_string(storage.journal().trial(id).number) + " " + numberText(value) + "\n");
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // so that Optuna gets its share of the trials
    }
}

/// One of the four places where a process works; a killed one is followed by another.
struct Place {
    bool optunas = false;
    std::string log;
    pid_t process = 0;
    std::uintmax_t logged = 0; ///< bytes of the log when the process was started
};

std::uintmax_t sizeOf(const std::string& file)
{
    std::error_code missing;
    const std::uintmax_t size = std::filesystem::file_size(file, missing);
    return missing ? 0 : size;
}

void start(Place& place, const std::string& journal)
{
    place.logged = sizeOf(place.log);
    const std::string python = test::pythonPath();
    place.process = fork();
    if (place.process != 0) return;
    if (place.optunas) {
        const std::string script = LATENTOSCOPE_SOURCE "/tests/core/studies/optuna_study.py";
        const std::string count = std::to_string(kTrials);
        execl(python.c_str(), python.c_str(), script.c_str(), "work", journal.c_str(), "s", count.c_str(), place.log.c_str(),
              nullptr);
        _exit(9);
    }
    try {
        work(journal, place.log);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(8);
    }
    _exit(0);
}

} // namespace

TEST(SharedStudy, LosesAndDoublesNothingWhereProcessesAreKilled)
{
    const test::TemporaryFolder folder;
    const std::string journal = (folder / "study.log").string();
    StudyStorage(std::make_unique<JournalFile>(journal)).openStudy("s", {Direction::Minimize});
    writeFileAtomically(folder / "more", "while there are processes to be killed");
    std::vector<Place> places(4);
    for (std::size_t i = 0; i < places.size(); ++i) {
        places[i].optunas = i >= 2;
        places[i].log = (folder / ("log-" + std::to_string(i))).string();
        start(places[i], journal);
    }
    std::mt19937 random(7);
    const auto limit = Clock::now() + std::chrono::minutes(8);
    int kills = 0;
    int gaveUp = 0;
    Clock::time_point nextKill = Clock::now() + std::chrono::milliseconds(2500);
    for (std::size_t busy = places.size(); busy > 0;) {
        ASSERT_LT(Clock::now(), limit) << "someone waits for ever";
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        for (Place& place : places) {
            int status = 0;
            if (place.process == 0 || waitpid(place.process, &status, WNOHANG) != place.process) continue;
            if (place.optunas && WIFEXITED(status) && WEXITSTATUS(status) == 7) { // see optuna_study.py
                ++gaveUp;
                start(place, journal);
                continue;
            }
            ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << (place.optunas ? "Optuna" : "ours") << " " << status;
            place.process = 0;
            --busy;
        }
        // One of ours and one of Optuna's in turn, at any moment of their work.
        Place& victim = places[static_cast<std::size_t>(kills % 2 == 0 ? kills / 2 % 2 : 2 + kills / 2 % 2)];
        if (kills >= kKills || Clock::now() < nextKill || victim.process == 0) continue;
        if (sizeOf(victim.log) < victim.logged + 4 * kLogLine) continue; // still starting
        kill(victim.process, SIGKILL);
        waitpid(victim.process, nullptr, 0);
        if (++kills == kKills) std::filesystem::remove(folder / "more");
        start(victim, journal);
        nextKill = Clock::now() + std::chrono::microseconds(100'000 + random() % 400'000);
    }
    std::printf("%d processes were killed, Optuna's gave up %d times by themselves\n", kills, gaveUp);
    EXPECT_EQ(kills, kKills);
    const StudyStorage storage(std::make_unique<JournalFile>(journal));
    const Study& study = storage.study("s");
    EXPECT_GE(endedIn(storage), kTrials);
    int number = 0;
    std::map<std::string, int> writers;
    for (const int id : study.trials) EXPECT_EQ(storage.journal().trial(id).number, number++);
    // What each process knew to be done is there, once, with its value.
    std::map<int, double> done;
    for (const Place& place : places) {
        std::istringstream lines(readFile(place.log));
        int trial = 0;
        double value = 0;
        int own = 0;
        while (lines >> trial >> value) {
            EXPECT_TRUE(done.emplace(trial, value).second) << trial;
            ++own;
        }
        EXPECT_GE(own, 10) << place.log;
    }
    for (const auto& [trial, value] : done) {
        const Trial& found = storage.journal().trial(study.trials.at(static_cast<std::size_t>(trial)));
        EXPECT_EQ(found.state, TrialState::Complete);
        EXPECT_EQ(found.values, std::vector{value});
        EXPECT_EQ(found.parameters.size(), 6U);
        EXPECT_EQ(found.intermediate.size(), 3U);
    }
    EXPECT_GE(done.size(), static_cast<std::size_t>(kTrials - 4 - kKills - gaveUp));
    std::ifstream file(journal);
    for (std::string line; std::getline(file, line);) EXPECT_EQ(line.front(), '{');
}

} // namespace latentoscope
