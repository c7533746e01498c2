#!/usr/bin/env bash
# Usage: packaging/test.sh [CTEST-ARGUMENT...]
# Installs the packages that are missing (Debian 12 and 13), builds everything and runs all tests. Arguments go to ctest, for
# example `packaging/test.sh -L quick` or `packaging/test.sh -R app_tests`. Exit status: ctest's. The tests that failed, and those that
# were skipped for want of something, are named at the end; one alone is run as build/release/core_tests --gtest_filter=NAME.
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

# The tests that had nothing to look at, with their reason.
skipped_tests() {
  awk '/^[0-9]+\/[0-9]+ Testing: / { test = $3 }
       /^skipped: / { print "skipped: " test ": " substr($0, 10) }' "$1"
}

cd "$project"
status=0
ctest --preset "$preset" --parallel "$(jobs_that_fit)" "$@" || status=$?
skipped_tests "$build/Testing/Temporary/LastTest.log" >&2
[ "$status" -eq 0 ] || failed_tests "$build/Testing/Temporary/LastTest.log" >&2
exit "$status"
