#!/usr/bin/env bash
# Everything that has to hold before a change goes in: a build without warnings; style; the structure
# that ARCHITECTURE.md promises; the unit and command line tests under AddressSanitizer and
# UndefinedBehaviorSanitizer; build and unit tests on the other Debian, in a bare tree; build and
# quick unit tests for arm64, in an emulator; and all tests of an optimized build, ranks and kills
# included. One of these builds with clang and MPICH (mpi.mpich).
# ctest's summary comes last.
set -euo pipefail
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

say "style and structure"
scripts/check-style.sh build-test
scripts/check_rooms.py build-test

say "unit and command line tests under sanitizers"
build asan
ctest --preset asan --parallel "$jobs"

other=13
if grep -q '^VERSION_ID="13"' /etc/os-release; then other=12; fi
say "build and unit tests on Debian $other"
scripts/on-debian.sh $other "scripts/setup.sh --for unit && cmake --preset unit &&
  cmake --build --preset unit --parallel $jobs && ctest --preset unit --parallel $jobs"

say "build and quick unit tests for arm64"
scripts/cross-arm64.sh

say "all tests"
ctest --preset test --parallel "$jobs"
