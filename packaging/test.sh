#!/usr/bin/env bash
# Usage: packaging/test.sh [--preset NAME]... [--all-presets] [--werror] [CTEST-ARGUMENT...]
# Installs the packages that are missing (Debian 12 and 13), builds everything and runs all tests. Arguments go to ctest, for
# example `packaging/test.sh -L quick` or `packaging/test.sh -R app_tests`. Exit status: 0 when all passed. The tests that failed, and
# those that were skipped for want of something, are named at the end; one alone is run as build/release/core_tests --gtest_filter=NAME.
#   --preset NAME   builds and tests this preset of CMakePresets.json instead of release; several one after the other
#   --all-presets   release (every test), then headless, asan and tsan with the tests of their presets
#   --werror        fails where the compiler warned of something that was compiled now. (The option -Werror would be for all: a newer
#                   compiler that warns of more must still build the program, and what was compiled without it would not be found again.)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

presets=()
werror=
ctest_arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --preset)
      [ $# -ge 2 ] || fail "--preset: expected a preset's name after it"
      presets+=("$2")
      shift
      ;;
    --all-presets) presets+=(release headless asan tsan) ;;
    --werror) werror=1 ;;
    *) ctest_arguments+=("$1") ;;
  esac
  shift
done
[ ${#presets[@]} -gt 0 ] || presets=(release)

install_missing build run test

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

# With --werror shows what the compiler warned of, each once. Sanitizers make GCC guess wrongly: their builds are not asked.
warnings() { # LOG
  local found
  [ -n "$werror" ] && [[ $preset != *san ]] || return 0
  found=$(warnings_in "$1")
  [ -n "$found" ] || return 0
  say "The compiler warns, which --werror takes for a failure:"
  say "$found"
  return 1
}

# Builds a preset and runs its tests; says how long each took. Status: ctest's.
test_preset() { # PRESET
  local status=0 begin=$SECONDS built
  use_preset "$1"
  configure_and_build '' || return
  built=$SECONDS
  warnings "$logs/build-$preset.log" || status=1
  (cd "$project" && ctest --preset "$preset" --parallel "$(jobs_that_fit)" "${ctest_arguments[@]}") || status=$?
  say "$preset: built in $((built - begin)) s, tested in $((SECONDS - built)) s, $([ "$status" -eq 0 ] && echo passed || echo failed)"
  return "$status"
}

status=0
said=$(mktemp)
trap 'stop_watching; rm -f "$said"' EXIT
for name in "${presets[@]}"; do
  test_preset "$name" || status=$?
  log=$build/Testing/Temporary/LastTest.log
  [ ! -e "$log" ] || { skipped_tests "$log" && failed_tests "$log"; } | sed "s/^/$name: /" >>"$said"
done
cat "$said" >&2
exit "$status"
