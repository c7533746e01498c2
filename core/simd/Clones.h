/// Plain loops that the compiler turns into vector code for several processors.
#pragma once

/// Before a function's definition: GCC compiles it once for each of these, and the program chooses when it is loaded. Elsewhere,
/// and under a sanitizer, which is not there yet at that moment, it is compiled once. Functions that it calls are not compiled
/// so.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&   \
    !defined(__SANITIZE_THREAD__)
#define LATENTOSCOPE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LATENTOSCOPE_CLONES
#endif
