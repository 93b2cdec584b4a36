#!/usr/bin/env bash
# Everything that has to hold before a change goes in: style; a build without warnings; the unit and
# command line tests under AddressSanitizer and UndefinedBehaviorSanitizer; build and unit tests on
# the other Debian, in a bare tree; and all tests of an optimized build, ranks and kills included.
# ctest's summary comes last.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=$(nproc)
say() { printf '\n== %s\n' "$*"; }

# configure FOLDER OPTIONS...
configure() {
  local folder=$1 generator=()
  shift
  if [ ! -e "$folder/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
  cmake "${generator[@]}" -S . -B "$folder" -DVGGSWEEP_STRICT=ON "$@"
}

say "packages"
scripts/setup.sh --for test

# Optimized as released, but with assertions.
say "build"
configure build-test -DVGGSWEEP_WEB=ON -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O3
cmake --build build-test --parallel "$jobs"

say "style"
scripts/check-style.sh build-test

# Without MPI, which keeps memory of its own until the end and would be reported for it.
say "unit and command line tests under sanitizers"
configure build-asan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g" -DVGGSWEEP_MPI=OFF \
  -DVGGSWEEP_SANITIZE=ON
cmake --build build-asan --parallel "$jobs"
ctest --test-dir build-asan -L 'unit|cli' --parallel "$jobs" --output-on-failure

other=13
if grep -q '^VERSION_ID="13"' /etc/os-release; then other=12; fi
say "build and unit tests on Debian $other"
scripts/on-debian.sh $other "scripts/setup.sh --for unit &&
  cmake -G Ninja -S . -B build -DCMAKE_C_FLAGS_RELEASE=-O3 -DVGGSWEEP_STRICT=ON &&
  cmake --build build --parallel $jobs && ctest --test-dir build -L unit --parallel $jobs --output-on-failure"

say "all tests"
ctest --test-dir build-test --output-on-failure --parallel "$jobs"
