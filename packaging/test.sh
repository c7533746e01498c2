#!/usr/bin/env bash
# Usage: packaging/test.sh [CTEST-ARGUMENT...]
# Installs the packages that are missing (Debian 12 and 13), builds everything and runs all tests. Arguments go to ctest, for
# example `packaging/test.sh -L quick` or `packaging/test.sh -R app_tests`. Exit status: ctest's; the tests that failed are
# named at the end, and one alone is run as build/release/core_tests --gtest_filter=NAME.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

install_missing build run test
configure_and_build all

# The tests of GoogleTest that failed, or during which a program ended.
failed_tests() {
  awk '/^\[  FAILED  \] [^ ]+ \(/ { print "failed: " $4 }
       /^\[ RUN      \] / { running = $4 }
       /^\[(       OK|  FAILED ) / { running = "" }
       /^<end of output>/ { if (running != "") print "ended by: " running; running = "" }' "$1" | sort -u
}

cd "$project"
status=0
ctest --preset "$preset" --parallel "$(jobs_that_fit)" "$@" || status=$?
[ "$status" -eq 0 ] || failed_tests "$build/Testing/Temporary/LastTest.log" >&2
exit "$status"
