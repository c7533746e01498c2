/// An open file of the system's, closed when it goes.
#pragma once

#include <unistd.h>

#include <utility>

namespace latentoscope {

/// Owns what open(2) gave; below 0 where it failed, and then nothing is closed.
class FileDescriptor {
public:
    explicit FileDescriptor(int value = -1) : m_value(value) {}
    ~FileDescriptor() { close(); }
    FileDescriptor(FileDescriptor&& other) noexcept : m_value(std::exchange(other.m_value, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept
    {
        if (this != &other) {
            close();
            m_value = std::exchange(other.m_value, -1);
        }
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    bool isOpen() const { return m_value >= 0; }
    int get() const { return m_value; }

    /// Closes it now. False where the system says that what was written may be lost (errno says why); true where it was not open.
    bool close() { return m_value < 0 || ::close(std::exchange(m_value, -1)) == 0; }

private:
    int m_value;
};

} // namespace latentoscope
