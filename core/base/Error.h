/// The one exception that core throws: a sentence a person can act on.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace latentoscope {

/// One sentence on one line: what failed, on what, what was found, what was expected, what to do.
class Error : public std::runtime_error {
public:
    enum class Kind {
        InvalidArgument, ///< a field, option or call that cannot be right; exit code 2
        NotFound,        ///< a file or data set that is not there
        CorruptData,     ///< a file that is there and cannot be understood
        Io,              ///< the operating system refused to read or write
        Numeric          ///< NaN or infinity where a finite number is needed
    };

    Error(Kind kind, const std::string& sentence) : std::runtime_error(sentence), m_kind(kind) {}

    /// The same error with a noun put before it, as each layer knows more of what was going on.
    Error within(std::string_view noun) const { return {m_kind, std::string(noun) + ": " + what()}; }

    Kind kind() const { return m_kind; }

private:
    Kind m_kind;
};

} // namespace latentoscope
