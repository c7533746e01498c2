#!/usr/bin/env bash
# Usage: packaging/fresh.sh [--keep] SUITE [COMMAND [ARGUMENT...]]
# Runs a command, or packaging/test.sh where none is given, on the last commit in a bare Debian that is made for it: SUITE is
# bookworm (12), trixie (13) or any other that mmdebstrap knows. Nothing but apt is installed there, so a missing step of the
# set-up shows. Exit status: the command's.
#
# --keep   leave the system under build/fresh/SUITE; the next call with --keep goes on with it (its packages, its build, its
#          compiler's cache) and the commit of then. Otherwise it is taken away at the end.
#
# Wants administrator's rights, mmdebstrap, and unshare of util-linux.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "fresh.sh: $*"
  exit 2
}

keep=
if [ "${1:-}" = --keep ]; then
  keep=1
  shift
fi
[[ ${1:-} =~ ^[a-z]+$ ]] || fail "usage: packaging/fresh.sh [--keep] SUITE [COMMAND [ARGUMENT...]], with a suite as bookworm or trixie"
suite=$1
shift
[ $# -gt 0 ] || set -- packaging/test.sh

[ "$(id -u)" -eq 0 ] || fail "only an administrator can make a system inside this one; call it with sudo"
for tool in git mmdebstrap unshare tar flock; do
  command -v "$tool" >/dev/null || fail "$tool is missing (Debian packages git, mmdebstrap, util-linux, tar)"
done

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
systems=$project/build/fresh
system=$systems/$suite
base=$systems/$suite.tar
mkdir -p "$systems"
exec 8>"$systems/$suite.lock"
flock -n 8 || fail "another call works on $system"
# What the command starts must not hold the lock, hence the 8>&- below.

# shellcheck disable=SC2317 # called by the trap
finish() { [ -n "$keep" ] || rm -rf --one-file-system "$system"; }
trap finish EXIT
[ -n "$keep" ] || rm -rf --one-file-system "$system"

if [ ! -e "$base" ]; then
  say "Making a bare Debian $suite"
  # The archive that this machine itself uses, where it is a Debian; else the one that mmdebstrap knows.
  mirrors=()
  archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    sed -nE '/^#/d; s,.*(https?://[^ ]*/debian)/?( .*)?$,\1,p; T; q') || true
  [ -z "$archive" ] || mirrors=("deb $archive $suite main")
  mmdebstrap --quiet --format=tar --variant=apt --mode=root "$suite" "$base.part" "${mirrors[@]}" 8>&-
  mv "$base.part" "$base"
fi
if [ ! -e "$system/etc/debian_version" ]; then
  mkdir -p "$system"
  tar -xf "$base" -C "$system"
fi
# The way to the network is this machine's, proxies of apt and of the environment included.
cp -L /etc/resolv.conf "$system/etc/resolv.conf"
cp -r /etc/apt/apt.conf.d/. "$system/etc/apt/apt.conf.d/"
environment=(HOME=/var/lib/latentoscope PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
  TERM="${TERM:-dumb}")
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done

source=$system/usr/src/latentoscope
mkdir -p "$system/var/lib/latentoscope"
[ -z "$(git -C "$project" status --porcelain)" ] || say "What is not committed is left out."
if [ -d "$source" ]; then
  git -C "$source" fetch -q "$project" HEAD
  git -C "$source" reset -q --hard FETCH_HEAD
else
  git clone -q "$project" "$source"
fi

# Mounts and processes of its own: all of them are gone when the command ends, however it ends.
status=0
# shellcheck disable=SC2016 # expanded by the inner shell
unshare --mount --pid --fork --kill-child bash -euc '
  system=$1
  shift
  mkdir -p "$system/proc" "$system/dev" "$system/sys"
  mount -t proc proc "$system/proc"
  mount --rbind /dev "$system/dev"
  mount -t sysfs -o ro sysfs "$system/sys" 2>/dev/null || true
  exec chroot "$system" env -i "$@"
' - "$system" "${environment[@]}" bash -c 'cd /usr/src/latentoscope && exec "$@"' - "$@" 8>&- || status=$?
exit "$status"
