#include "core/search/JournalLocation.h"

#include "core/base/Error.h"
#include "core/search/JournalRedis.h"

#include <filesystem>

namespace latentoscope {

std::unique_ptr<JournalBackend> openJournal(const std::string& location, MissingJournal missing)
{
    if (location.find("://") != std::string::npos) return std::make_unique<JournalRedis>(redisLocationOf(location));
    if (missing == MissingJournal::Refuse && !std::filesystem::exists(location))
        throw Error(Error::Kind::NotFound, location + ": found no such file, expected a journal of studies");
    return std::make_unique<JournalFile>(location);
}

} // namespace latentoscope
