#!/usr/bin/env bash
# Usage: packaging/run.sh [ARGUMENT...]
# Starts Latentoscope from a bare checkout: installs the packages that are missing (Debian 12 and 13), builds, and runs the program
# with the arguments as given. Without arguments it opens the window; without a display it trains and evaluates the report's
# auto-encoder instead.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

install_missing build run
configure_and_build latentoscope

program=$build/latentoscope
if [ $# -gt 0 ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$program" "$@"
fi

runs=${XDG_DATA_HOME:-${HOME:?is not set, so there is no place for runs}/.local/share}/latentoscope/runs
mkdir -p "$runs"
run=$runs/report-autoencoder
for ((number = 2; ; ++number)); do
  mkdir "$run" 2>/dev/null && break
  [ -e "$run" ] || fail "cannot make the folder $run"
  run=$runs/report-autoencoder-$number
done
say "No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): training the report's auto-encoder without a window."
say "The run goes to $run"
"$program" train --preset report-autoencoder --out "$run"
exec "$program" evaluate "$run" --json
