#include "tests/support/RunProgram.h"

#include "core/base/AtomicFile.h"
#include "tests/support/SmallData.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>

extern char** environ;

namespace latentoscope::test {

Ended runProgram(const std::vector<std::string>& arguments)
{
    const TemporaryFolder folder;
    const std::string out = folder / "out";
    const std::string err = folder / "err";
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
    std::vector<std::string> copies = arguments;
    std::vector<char*> argv;
    for (std::string& argument : copies) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, readFile(out), readFile(err)};
}

std::string pythonPath()
{
    const char* given = std::getenv("LATENTOSCOPE_PYTHON"); // NOLINT(concurrency-mt-unsafe): nothing writes the environment
    return given != nullptr ? given : "/usr/bin/python3";
}

} // namespace latentoscope::test
