// Who closes an open file, and when.
#include "core/base/FileDescriptor.h"

#include <gtest/gtest.h>

#include <fcntl.h>

namespace latentoscope {
namespace {

int openNothing() { return ::open("/dev/null", O_WRONLY | O_CLOEXEC); }

bool isOpen(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

TEST(FileDescriptor, ClosesWhatItOwnsOnce)
{
    int value = -1;
    {
        FileDescriptor first(openNothing());
        value = first.get();
        ASSERT_TRUE(isOpen(value));
        const FileDescriptor second(std::move(first));
        EXPECT_FALSE(first.isOpen()); // NOLINT(bugprone-use-after-move): it says that it is empty
        EXPECT_EQ(second.get(), value);
        EXPECT_TRUE(isOpen(value));
    }
    EXPECT_FALSE(isOpen(value));
}

TEST(FileDescriptor, AssignmentClosesWhatWasThere)
{
    FileDescriptor one(openNothing());
    FileDescriptor other(openNothing());
    const int before = one.get();
    const int taken = other.get();
    one = std::move(other);
    EXPECT_FALSE(isOpen(before));
    EXPECT_EQ(one.get(), taken);
    one = FileDescriptor();
    EXPECT_FALSE(isOpen(taken));
    EXPECT_FALSE(one.isOpen());
}

TEST(FileDescriptor, SaysWhetherClosingWentWell)
{
    FileDescriptor open(openNothing());
    EXPECT_TRUE(open.close());
    EXPECT_TRUE(open.close()) << "nothing is open any more";
    FileDescriptor failed(::open("/nowhere/at/all", O_RDONLY | O_CLOEXEC));
    EXPECT_FALSE(failed.isOpen());
    EXPECT_TRUE(failed.close());
}

} // namespace
} // namespace latentoscope
