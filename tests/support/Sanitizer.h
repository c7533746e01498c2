/// Whether this is a sanitized build, for tests that such a build cannot bear.
#pragma once

namespace latentoscope::test {

/// A sanitizer reserves terabytes of addresses when a program starts, so one whose addresses are limited (`ulimit -v`) ends at once.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

} // namespace latentoscope::test
