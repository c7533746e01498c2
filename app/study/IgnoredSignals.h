/// What whoever started the program wants to be ignored (nohup, `trap '' HUP`), kept through libraries that take signals over as
/// they are loaded: UCX, which Debian's libtorch brings by way of MPI, gives SIGHUP a handler of its own before main() begins.
#pragma once

namespace latentoscope {

/// Writes into the environment which of SIGHUP, SIGINT and SIGTERM are ignored now: called before such libraries are loaded.
void rememberIgnoredSignals();

/// Ignores those that were remembered, and clears them from the environment. Nothing where none were.
void ignoreRememberedSignals();

} // namespace latentoscope
