// Where what can be made again is kept.
#include "core/base/CacheFolder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace latentoscope {
namespace {

/// Sets two variables of the environment, and puts back what there was.
class Surroundings {
public:
    Surroundings(const char* cache, const char* home)
    {
        set("XDG_CACHE_HOME", cache, m_cache);
        set("HOME", home, m_home);
    }
    ~Surroundings()
    {
        setenv("XDG_CACHE_HOME", m_cache.c_str(), 1);
        setenv("HOME", m_home.c_str(), 1);
    }

private:
    static void set(const char* name, const char* value, std::string& before)
    {
        const char* had = getenv(name);
        before = had != nullptr ? had : "";
        setenv(name, value, 1);
    }

    std::string m_cache;
    std::string m_home;
};

} // namespace

TEST(CacheFolder, FollowsTheEnvironment)
{
    {
        const Surroundings both("/caches", "/someone");
        EXPECT_EQ(cacheFolder(), "/caches/latentoscope");
    }
    {
        const Surroundings home("", "/someone");
        EXPECT_EQ(cacheFolder(), "/someone/.cache/latentoscope");
    }
    const Surroundings neither("", "");
    EXPECT_EQ(cacheFolder(), "") << "then nothing is kept";
}

} // namespace latentoscope
