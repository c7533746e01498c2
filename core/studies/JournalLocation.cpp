#include "core/studies/JournalLocation.h"

#include "core/base/Error.h"
#include "core/studies/JournalFile.h"
#include "core/studies/JournalRedis.h"

#include <filesystem>

namespace latentoscope {

std::unique_ptr<JournalBackend> openJournal(const std::string& location, MissingJournal missing,
                                            std::chrono::milliseconds patience)
{
    if (location.find("://") != std::string::npos) return std::make_unique<JournalRedis>(redisLocationOf(location), patience);
    const bool refuse = missing == MissingJournal::Refuse;
    std::error_code unknown; // a folder that may not be looked into: opening says so
    if (refuse && !std::filesystem::exists(location, unknown) && !unknown)
        throw Error(Error::Kind::NotFound, location + ": found no such file, expected a journal of studies");
    return std::make_unique<JournalFile>(location, refuse ? JournalFile::Missing::Refuse : JournalFile::Missing::Make, patience);
}

std::string locationText(const std::string& location)
{
    return location.find("://") == std::string::npos ? location : redisLocationOf(location).text();
}

} // namespace latentoscope
