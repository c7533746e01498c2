/// Where studies lie, as people write it.
#pragma once

#include "core/studies/JournalFile.h"

#include <memory>
#include <string>

namespace latentoscope {

enum class MissingJournal { Refuse, Make };

/// Of a file's name, or of redis://… (redisLocationOf). Throws Error(InvalidArgument) where it is a URL of another kind,
/// Error(NotFound) where a file is not there and is not to be made, Error(Io) where a server cannot be reached.
/// `patience`: how long a call waits for whoever holds the journal, or for a server that has gone away (a minute at most).
std::unique_ptr<JournalBackend> openJournal(const std::string& location, MissingJournal missing,
                                            std::chrono::milliseconds patience = kJournalPatience);

/// The location for a sentence: without a server's password.
std::string locationText(const std::string& location);

} // namespace latentoscope
