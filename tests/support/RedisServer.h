/// A Redis server of a test's own, on a free port of this machine, which keeps nothing on disk.
#pragma once

#include "tests/support/SmallData.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace latentoscope::test {

class RedisServer {
public:
    /// Waits until it answers. Throws where it does not within ten seconds.
    explicit RedisServer(const std::vector<std::string>& more = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    int port() const { return m_port; }
    /// "redis://127.0.0.1:PORT/0".
    std::string url() const;
    /// Ends it at once.
    void kill();

private:
    TemporaryFolder m_folder;
    int m_port = 0;
    pid_t m_process = 0;
};

} // namespace latentoscope::test
