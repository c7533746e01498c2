#include "core/studies/JournalRedis.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Reply = std::unique_ptr<redisReply, void (*)(void*)>;

constexpr timeval kConnectTimeout{5, 0};
constexpr timeval kAnswerTimeout{20, 0};
constexpr std::chrono::milliseconds kMostPatience{60'000}; ///< with a server that is restarted
constexpr long long kAtOnce = 1000;                        ///< records a request

/// Appends all of ARGV behind the first two: the prefix, and the last number there may be, "" for any. Whether it did.
constexpr const char* kAppend = "if ARGV[2] ~= '' and redis.call('get', ARGV[1] .. ':log_number') ~= ARGV[2] then return 0 end "
                                "for k = 3, #ARGV do "
                                "local n = redis.call('incr', ARGV[1] .. ':log_number') "
                                "redis.call('set', ARGV[1] .. ':log:' .. string.format('%d', n), ARGV[k]) end return 1";

[[noreturn]] void refuse(const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::InvalidArgument, "storage: found " + found + ", expected " + expected);
}

constexpr const char* kForm = "redis://HOST:PORT/DB?prefix=TEXT, such as redis://localhost:6379/0?prefix=mine";

std::string unescaped(const std::string& text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        if (i + 2 >= text.size() || std::isxdigit(static_cast<unsigned char>(text[i + 1])) == 0 ||
            std::isxdigit(static_cast<unsigned char>(text[i + 2])) == 0)
            refuse("an invalid %-escape", "%XX with two hexadecimal digits");
        plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
    }
    return plain;
}

int numberIn(const std::string& text, int most, const std::string& what)
{
    const auto number = parseInteger(text);
    if (!number || *number < 0 || *number > most) refuse(what + " " + text, "a whole number up to " + std::to_string(most));
    return static_cast<int>(*number);
}

/// The connection broke: the request may be tried again on another.
class Broken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace

std::string RedisLocation::text() const
{
    return "redis://" + host + ":" + std::to_string(port) + "/" + std::to_string(database) +
           (prefix.empty() ? "" : "?prefix=" + prefix);
}

RedisLocation redisLocationOf(const std::string& url)
{
    const std::string scheme = "redis://";
    if (!url.starts_with(scheme)) refuse(url.substr(0, url.find("://")) + "://…", kForm);
    std::string rest = url.substr(scheme.size());
    RedisLocation location;
    if (const std::size_t query = rest.find('?'); query != std::string::npos) {
        const std::string option = rest.substr(query + 1);
        if (!option.starts_with("prefix=") || option.find('&') != std::string::npos) refuse("?" + option, kForm);
        location.prefix = unescaped(option.substr(7));
        rest.resize(query);
    }
    if (const std::size_t at = rest.rfind('@'); at != std::string::npos) {
        const std::string credentials = rest.substr(0, at);
        const std::size_t colon = credentials.find(':');
        if (colon == std::string::npos) refuse("a URL with @ but no password", "USER:PASSWORD@ or :PASSWORD@ before the host");
        location.user = unescaped(credentials.substr(0, colon));
        location.password = unescaped(credentials.substr(colon + 1));
        rest.erase(0, at + 1);
    }
    if (const std::size_t slash = rest.find('/'); slash != std::string::npos) {
        if (slash + 1 < rest.size()) location.database = numberIn(rest.substr(slash + 1), 1'000'000, "database");
        rest.resize(slash);
    }
    const std::size_t bracket = rest.find(']'); // [::1]:6379
    if (const std::size_t colon = rest.find(':', bracket == std::string::npos ? 0 : bracket); colon != std::string::npos) {
        location.port = numberIn(rest.substr(colon + 1), 65535, "port");
        rest.resize(colon);
    }
    if (rest.starts_with("[") && rest.ends_with("]")) rest = rest.substr(1, rest.size() - 2);
    if (rest.empty()) refuse(location.text(), kForm);
    location.host = rest;
    return location;
}

struct JournalRedis::Connection {
    Connection(const RedisLocation& where, std::chrono::milliseconds wait)
        : location(where), patience(std::min(wait, kMostPatience))
    {
        connect();
    }

    void connect()
    {
        context.reset(redisConnectWithTimeout(location.host.c_str(), location.port, atMost(kConnectTimeout)));
        if (!context) throw std::bad_alloc();
        if (context->err != 0) throw Broken(context->errstr);
        redisSetTimeout(context.get(), atMost(kAnswerTimeout));
        if (!location.password.empty()) {
            if (location.user.empty())
                command({"AUTH", location.password});
            else
                command({"AUTH", location.user, location.password});
        }
        if (location.database != 0) command({"SELECT", std::to_string(location.database)});
    }

    /// Of one attempt, which must not outlast the patience by much.
    timeval atMost(timeval usual) const
    {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
        return {std::max<time_t>(1, std::min<time_t>(usual.tv_sec, seconds)), 0};
    }

    /// Throws Broken where the connection is lost, Error(Io) with what the server says against it.
    Reply command(const std::vector<std::string>& words) const
    {
        std::vector<const char*> texts;
        std::vector<std::size_t> lengths;
        for (const std::string& word : words) {
            texts.push_back(word.data());
            lengths.push_back(word.size());
        }
        if (!context || context->err != 0) throw Broken("the connection is lost");
        Reply reply(static_cast<redisReply*>(
                        redisCommandArgv(context.get(), static_cast<int>(words.size()), texts.data(), lengths.data())),
                    freeReplyObject);
        if (!reply) throw Broken(context->errstr);
        if (reply->type == REDIS_REPLY_ERROR) {
            const std::string said(reply->str, reply->len);
            if (said.starts_with("LOADING")) throw Broken(said); // a server that has just been started
            throw Error(Error::Kind::Io, location.text() + ": the server refuses " + words.front() + ": " + said);
        }
        return reply;
    }

    /// Carries out `work`, on another connection where this one is lost; `work` is told whether it was tried before.
    template <class Result> Result patiently(const std::function<Result(bool again)>& work)
    {
        const auto start = Clock::now();
        auto sleep = std::chrono::milliseconds(20);
        for (bool again = false;; again = true) {
            try {
                if (again) connect();
                return work(again);
            } catch (const Broken& broken) {
                if (Clock::now() - start > patience) {
                    throw Error(Error::Kind::Io, location.text() + ": cannot be reached (" + broken.what() +
                                                     "); is the server running, and may this machine reach it?");
                }
                std::this_thread::sleep_for(sleep);
                sleep = std::min(2 * sleep, std::chrono::milliseconds(1000));
            }
        }
    }

    long long count() const
    {
        const Reply reply = command({"GET", location.prefix + ":log_number"});
        if (reply->type == REDIS_REPLY_NIL) return 0;
        return parseInteger(std::string(reply->str, reply->len)).value_or(-1) + 1;
    }

    /// Records [first, end), fewer where one is not there yet.
    std::vector<std::string> records(long long first, long long end) const
    {
        std::vector<std::string> lines;
        while (first < end) {
            const long long next = std::min(end, first + kAtOnce);
            std::vector<std::string> words{"MGET"};
            for (long long n = first; n < next; ++n) words.push_back(location.prefix + ":log:" + std::to_string(n));
            const Reply reply = command(words);
            for (std::size_t i = 0; i < reply->elements; ++i) {
                const redisReply* one = reply->element[i];
                if (one->type != REDIS_REPLY_STRING) return lines;
                lines.emplace_back(one->str, one->len);
            }
            first = next;
        }
        return lines;
    }

    RedisLocation location;
    std::chrono::milliseconds patience;
    std::unique_ptr<redisContext, void (*)(redisContext*)> context{nullptr, redisFree};
};

JournalRedis::JournalRedis(RedisLocation location, std::chrono::milliseconds patience) : m_location(std::move(location))
{
    try {
        m_connection = std::make_unique<Connection>(m_location, patience);
    } catch (const Broken& broken) { // at the beginning more likely a wrong address than a server that is restarted
        throw Error(Error::Kind::Io, m_location.text() + ": cannot be reached (" + broken.what() +
                                         "); is the server running, and may this machine reach it?");
    }
}

JournalRedis::~JournalRedis() = default;

std::vector<std::string> JournalRedis::readNew()
{
    std::vector<std::string> lines = m_connection->patiently<std::vector<std::string>>(
        [&](bool) { return m_connection->records(m_read, m_connection->count()); });
    m_read += static_cast<long long>(lines.size());
    return lines;
}

bool JournalRedis::append(const std::vector<std::string>& lines, Unread unread)
{
    if (lines.empty()) return true;
    std::vector<std::string> words{"EVAL", kAppend, "0", m_location.prefix,
                                   unread == Unread::Refuse ? std::to_string(m_read - 1) : std::string()};
    words.insert(words.end(), lines.begin(), lines.end());
    return m_connection->patiently<bool>([&](bool again) {
        if (again) { // the script may have run before the connection broke
            const std::vector<std::string> since = m_connection->records(m_read, m_connection->count());
            if (std::search(since.begin(), since.end(), lines.begin(), lines.end()) != since.end()) return true;
        }
        m_connection->command({"SETNX", m_location.prefix + ":log_number", "-1"});
        return m_connection->command(words)->integer == 1;
    });
}

} // namespace latentoscope
