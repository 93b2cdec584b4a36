#!/usr/bin/env bash
# Everything that has to hold before a change goes in: a build without warnings; style; the structure
# that ARCHITECTURE.md promises; the unit and command line tests under AddressSanitizer and
# UndefinedBehaviorSanitizer; build and unit tests on the other Debian, in a bare tree; build and
# quick unit tests for arm64, in an emulator; and all tests of an optimized build, ranks and kills
# included. One of these builds with clang and MPICH (mpi.mpich).
# ctest's summary comes last.
#
# Tests on ImageNet's network (label imagenet) want its weights, which are fetched as npm's packages are; where they
# cannot be had, --offline leaves these tests out, and says so.
set -euo pipefail

offline=
case ${1:-} in
  '') ;;
  --offline) offline=yes ;;
  *) echo "usage: scripts/test.sh [--offline]" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

jobs=$(nproc)
say() { printf '\n== %s\n' "$*"; }
build() { # build PRESET
  cmake --preset "$1"
  cmake --build --preset "$1" --parallel "$jobs"
}

say "packages"
scripts/setup.sh --for test

say "build"
build test

choice=()
if [ -n "$offline" ]; then
  choice=(--label-exclude imagenet)
else
  say "ImageNet's weights"
  scripts/fetch-weights.sh --program build-test/vggsweep || {
    echo "test.sh: without ImageNet's weights; scripts/test.sh --offline leaves out the tests that want them" >&2
    exit 1
  }
fi

# The other machines: a Debian in a bare tree, and an arm64 in an emulator. They are made while this one lints and builds,
# since much of that is waiting for packages, on one core at most; and are through before tests begin here, of which some
# have clocks. In a process group of its own, so that it ends with this script.
other=13
if grep -q '^VERSION_ID="13"' /etc/os-release; then other=12; fi
other_machines() {
  say "build and unit tests on Debian $other"
  scripts/on-debian.sh $other "scripts/setup.sh --for unit && cmake --preset unit &&
    cmake --build --preset unit --parallel $jobs && ctest --preset unit --parallel $jobs" || return
  say "build and quick unit tests for arm64"
  scripts/cross-arm64.sh
}
say "builds and unit tests on Debian $other and for arm64 begin, and are shown below"
shown=$(mktemp)
set -m
other_machines >"$shown" 2>&1 &
others=$!
set +m
trap 'kill -- -$others 2>/dev/null || true; wait; rm -f "$shown"' EXIT

say "style and structure"
scripts/check-style.sh build-test
scripts/check_rooms.py build-test

say "build under sanitizers"
build asan

code=0
wait $others || code=$?
cat "$shown"
[ $code = 0 ] || exit $code

say "unit and command line tests under sanitizers"
ctest --preset asan --parallel "$jobs"

say "all tests"
ctest --preset test --parallel "$jobs" "${choice[@]}"
if [ -n "$offline" ]; then say "left out (--offline): tests on ImageNet's network, label imagenet"; fi
