#!/usr/bin/env bash
# Usage: packaging/test.sh [CTEST-ARGUMENT...]
# Installs the packages that are missing (Debian 12), builds everything and runs all tests. Arguments go to ctest, for
# example `packaging/test.sh -L style` or `packaging/test.sh -R TrainingSession`. Exit status: ctest's.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

install_missing test "${packages_build[@]}" "${packages_run[@]}" "${packages_test[@]}"
configure_and_build all

cd "$project"
exec ctest --preset "$preset" "$@"
