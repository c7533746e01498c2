#include "core/search/JournalLocation.h"

#include "core/base/Error.h"

#include <filesystem>

namespace latentoscope {

std::unique_ptr<JournalBackend> openJournal(const std::string& location, MissingJournal missing)
{
    if (location.find("://") != std::string::npos)
        throw Error(Error::Kind::InvalidArgument, "storage: found " + location + ", expected a journal file");
    if (missing == MissingJournal::Refuse && !std::filesystem::exists(location))
        throw Error(Error::Kind::NotFound, location + ": found no such file, expected a journal of studies");
    return std::make_unique<JournalFile>(location);
}

} // namespace latentoscope
