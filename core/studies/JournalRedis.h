/// Optuna's journal on a Redis server: many machines share a study without a common file system.
#pragma once

#include "core/studies/JournalBackend.h"
#include "core/studies/JournalLock.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

/// redis://[[USER]:PASSWORD@]HOST[:PORT][/DB][?prefix=TEXT]; user, password and prefix may have %XX escapes.
struct RedisLocation {
    std::string host;
    int port = 6379;
    int database = 0;
    std::string user;
    std::string password;
    std::string prefix; ///< of keys; as the argument of Optuna's JournalRedisStorage

    /// Without the password, for sentences.
    std::string text() const;
};

/// Throws Error(InvalidArgument) saying what was found and expected.
RedisLocation redisLocationOf(const std::string& url);

/// Keys as Optuna's JournalRedisStorage has them: PREFIX:log:N, counted by PREFIX:log_number. Its snapshots, pickled Python, are
/// neither read nor written. Lines appended together are one script, so nothing comes between them. Where the server goes away,
/// calls wait for it, a minute at most; an append that may have been carried out before the connection broke is looked for first,
/// so that nothing is written twice.
class JournalRedis : public JournalBackend {
public:
    /// Connects. Throws Error(Io) where there is no server, or it does not let us in.
    explicit JournalRedis(RedisLocation location, std::chrono::milliseconds patience = kJournalPatience);
    ~JournalRedis() override;

    std::vector<std::string> readNew() override;
    bool append(const std::vector<std::string>& lines, Unread unread) override;
    std::string name() const override { return m_location.text(); }

private:
    struct Connection;

    RedisLocation m_location;
    std::unique_ptr<Connection> m_connection;
    long long m_read = 0; ///< records
};

} // namespace latentoscope
