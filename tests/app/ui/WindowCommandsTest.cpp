// The commands that need the window built in.
#include "tests/support/RunProgram.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentoscope {
namespace {

using test::Ended;

void expectOneLine(const Ended& ended, int code, const std::string& part)
{
    EXPECT_EQ(ended.code, code) << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_TRUE(ended.err.starts_with("latentoscope: ")) << ended.err;
    EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
}

} // namespace

TEST(Gui, WithoutADisplayIsSaid)
{
    for (const std::string display : {"LC_ALL=C", "DISPLAY=:4711"}) { // none at all, and one that nobody serves
        expectOneLine(test::runProgram({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "QT_QPA_PLATFORM", display,
                                        LATENTOSCOPE_PROGRAM, "gui"}),
                      1, "display");
    }
}

TEST(BenchWindow, LooksAtItsPresetAndDevice)
{
    expectOneLine(test::runProgram({LATENTOSCOPE_PROGRAM, "bench", "window", "--preset", "nonsense"}), 2, "nonsense");
    expectOneLine(test::runProgram({LATENTOSCOPE_PROGRAM, "bench", "window", "--device", "cuda:7"}), 2, "cuda:7");
}

} // namespace latentoscope
