/// Where Optuna's journal lies: what a file and a server have in common.
#pragma once

#include <string>
#include <vector>

namespace latentoscope {

/// What becomes of lines where others have appended some that were not read yet.
enum class Unread {
    Follow, ///< they are appended behind them
    Refuse  ///< nothing is appended: what was read is no longer all that there is to decide by
};

/// Where a journal's lines lie: a file, or a server.
class JournalBackend {
public:
    virtual ~JournalBackend() = default;
    /// The whole lines, without their ends, that were appended since the last call. Throws Error.
    virtual std::vector<std::string> readNew() = 0;
    /// Appends lines (without ends) together: others see all of them one after the other. Whether it did: false only with
    /// Unread::Refuse, where there is something that readNew() has not given yet. Throws Error; none is then appended.
    virtual bool append(const std::vector<std::string>& lines, Unread unread) = 0;
    /// How it is called in sentences.
    virtual std::string name() const = 0;
};

} // namespace latentoscope
