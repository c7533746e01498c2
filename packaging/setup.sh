# Shared by run.sh and test.sh, which source it: installs the packages that are missing, configures, builds. Does nothing,
# and takes a fraction of a second, where all is done already.
#
# LATENTOSCOPE_PACKAGES=skip   use what the machine has, install nothing (systems other than Debian want this)
# CMAKE_PREFIX_PATH=FOLDER     where CMake looks first, for example another libtorch
# shellcheck shell=bash

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
logs=$project/build/logs
watcher=

# What is configured, built and tested from here on: a preset of CMakePresets.json.
use_preset() { # PRESET
  preset=$1
  build=$project/build/$preset
}
use_preset release

# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$project/packaging/packages.sh"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "latentoscope: $*"
  exit 1
}

stop_watching() {
  [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
  watcher=
}
trap stop_watching EXIT

# Says every few seconds how far the log has come: on one line of a terminal, else a line each half minute. Its sleeps hold
# neither a stream of the caller nor the build's lock: they outlive it, and others would wait for them.
watch_log() { # WHAT LOG
  local period=30 seconds=0 last
  [ ! -t 2 ] || period=2
  while sleep 1 >/dev/null 2>&1 9>&-; do
    [ $((++seconds % period)) -eq 0 ] || continue
    last=$(grep -oE '^\[[0-9]+/[0-9]+\]' "$2" 2>/dev/null | tail -n 1) || true
    if [ -t 2 ]; then
      printf '\r\033[K%s' "$1${last:+ $last}" >&2
    else
      say "$1${last:+ $last}"
    fi
  done
}

# Runs a command with its output in a log; when it fails, shows the log's end and stops.
logged() { # WHAT NAME COMMAND...
  local what=$1 log=$logs/$2.log status=0
  shift 2
  mkdir -p "$logs"
  watch_log "$what" "$log" &
  watcher=$!
  disown
  "$@" >"$log" 2>&1 </dev/null || status=$?
  stop_watching
  [ ! -t 2 ] || printf '\r\033[K' >&2
  [ "$status" -eq 0 ] && return
  tail -n 40 "$log" >&2
  fail "$what failed (exit code $status); the whole log is $log"
}

# Which Debian this is: 12, 13 (and what is newer counts as 13), or nothing where it is another system. What is built on
# Debian counts as that where it says so by the name of the release.
debian_release() {
  local ID='' VERSION_ID='' VERSION_CODENAME='' DEBIAN_CODENAME=''
  # shellcheck source=/dev/null
  . "${LATENTOSCOPE_OS_RELEASE:-/etc/os-release}" 2>/dev/null || true
  case ${DEBIAN_CODENAME:-$([ "$ID" != debian ] || printf '%s' "${VERSION_CODENAME:-}")} in
    bookworm) echo 12 ;;
    trixie) echo 13 ;;
    *)
      [ "$ID" = debian ] || return 0
      # Testing and unstable have no number.
      [ "${VERSION_ID:-14}" -lt 13 ] 2>/dev/null && return 0
      echo 13
      ;;
  esac
}

# The packages of these purposes for the Debian that this is.
packages_for() { # RELEASE PURPOSE...
  local release=$1 purpose name
  shift
  for purpose in "$@"; do
    for name in "packages_$purpose" "packages_${purpose}_$release"; do
      declare -p "$name" >/dev/null 2>&1 || continue
      local -n list=$name
      printf '%s\n' "${list[@]}"
      unset -n list
    done
  done
}

# The packages among the arguments that are not installed, in their order.
missing_packages() { # PACKAGE...
  local package status
  declare -A installed=()
  while read -r status package; do
    [ "$status" != ii ] || installed[$package]=1
  done < <(LC_ALL=C dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null)
  for package in "$@"; do
    [ -n "${installed[$package]:-}" ] || printf '%s\n' "$package"
  done
}

# Whether sudo works, asking for a password where a person is there to type it.
may_become_root() {
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null && return
  [ -t 0 ] || return 1
  say "Packages have to be installed; sudo may ask for your password."
  sudo -v
}

# Installs what is missing for the last of these purposes; the others are part of it.
install_missing() { # PURPOSE...
  local name=${*: -1} stamp=$project/build/packages.${*: -1} have stamped line release
  local -a wanted missing as_root=()
  [ "${LATENTOSCOPE_PACKAGES:-}" != skip ] || return 0
  release=$(debian_release)
  if [ -z "$release" ] || ! command -v dpkg-query >/dev/null; then
    say "Packages can be installed by themselves on Debian 12 and 13 alone. What is wanted here, by whatever names this system has:"
    say "$libraries_wanted"
    [ "$name" != test ] || say "$tools_wanted"
    fail "install these, then call this again with LATENTOSCOPE_PACKAGES=skip in the environment"
  fi
  mapfile -t wanted < <(packages_for "$release" "$@")
  set -- "${wanted[@]}"
  have=$(stat -c %Y /var/lib/dpkg/status 2>/dev/null) || have=0
  stamped="$have $*"
  [ ! -e "$stamp" ] || [ "$(<"$stamp")" != "$stamped" ] || return 0

  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -gt 0 ]; then
    line="apt-get install --no-install-recommends ${missing[*]}"
    command -v apt-get >/dev/null ||
      fail "these packages are missing and there is no apt-get to install them: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
      may_become_root || fail "packages are missing and only an administrator may install them: $line"
      as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8)
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    # A list that could not be refreshed may still be good enough; if not, the installation says so.
    "${as_root[@]}" apt-get update -qq </dev/null >&2 || say "apt-get update failed; going on with the package lists that are here"
    logged "Installing packages" "install-$name" \
      "${as_root[@]}" apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] || fail "apt-get said it was done, yet these packages are missing: ${missing[*]}"
    have=$(stat -c %Y /var/lib/dpkg/status)
  fi
  mkdir -p "$project/build"
  printf '%s\n' "$have $*" >"$stamp"
}

# As many compilers as there are cores, and no more than memory holds: a source file with torch's headers takes 1.5 GiB.
jobs_that_fit() {
  local cores kib limit
  cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  kib=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null) || kib=
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) || limit=max
  [[ $kib =~ ^[0-9]+$ ]] || kib=$((cores * 1536 * 1024))
  [[ ! $limit =~ ^[0-9]{1,15}$ ]] || [ $((limit / 1024)) -ge "$kib" ] || kib=$((limit / 1024))
  limit=$((kib / (1536 * 1024)))
  [ "$limit" -ge 1 ] || limit=1
  echo $((cores < limit ? cores : limit))
}

configure() {
  local stamp=$build/configured inputs
  inputs="$project ${CMAKE_PREFIX_PATH:-} $(cksum <"$project/CMakePresets.json")"
  [ ! -e "$build/build.ninja" ] || [ ! -e "$stamp" ] || [ "$(<"$stamp")" != "$inputs" ] || return 0
  rm -f "$stamp"
  logged "Configuring $preset" "configure-$preset" cmake -S "$project" --preset "$preset" --fresh
  printf '%s\n' "$inputs" >"$stamp"
}

# What the compiler warned of in sources of ours, each once, as a build's log has it.
warnings_in() { # LOG
  grep -E "^$project/.* warning: " "$1" | sort -u || true
}

# Configures and builds under a lock, so that two starts at once do not disturb each other. An empty target: the preset's.
configure_and_build() { # TARGET
  local tool
  for tool in cmake ninja c++; do
    command -v "$tool" >/dev/null || fail "$tool is missing; it is needed to build"
  done
  mkdir -p "$build"
  (
    trap stop_watching EXIT
    if command -v flock >/dev/null && ! flock -n 9; then
      say "Waiting for another build in $build to end"
      flock 9
    fi
    configure
    cd "$project" || exit
    logged "Building $preset" "build-$preset" cmake --build --preset "$preset" -j "$(jobs_that_fit)" ${1:+--target "$1"}
  ) 9>"$build/lock"
}
