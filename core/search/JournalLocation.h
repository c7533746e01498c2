/// Where studies lie, as people write it.
#pragma once

#include "core/search/JournalFile.h"

#include <memory>
#include <string>

namespace latentoscope {

enum class MissingJournal { Refuse, Make };

/// A journal file's name. Throws Error(InvalidArgument) where it is a URL of another kind, Error(NotFound) where the file is not
/// there and is not to be made.
std::unique_ptr<JournalBackend> openJournal(const std::string& location, MissingJournal missing);

} // namespace latentoscope
