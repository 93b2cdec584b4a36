#!/usr/bin/env bash
# Builds the program and its unit tests for arm64 on an x86-64 Debian, and runs the unit tests in an
# emulator: whether code that every other test sees on x86-64 alone holds on the other processor.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/cross-arm64.sh [--tree DIR] [CTEST OPTION...]
Takes the arm64 libraries of this machine's Debian (12 or 13) from where its packages come from, into a
folder and not into the machine, builds the working tree against them without MPI, with every warning an
error, and runs those unit tests under qemu that do not take long there. With options of ctest, it runs
what these choose instead:

  scripts/cross-arm64.sh
  scripts/cross-arm64.sh --tree /var/tmp/arm64 -L unit --timeout 3600

The folder is removed at the end; --tree keeps it in DIR, with the build in DIR/build, and goes on with what
an earlier call has left there. Needs no root, but what scripts/setup.sh --for test installs. Exits as ctest
does; with 2 if the tests could not be built or started.
END
}

fail() { echo "cross-arm64.sh: $*" >&2; exit 2; }
say() { echo "cross-arm64.sh: $*" >&2; }

tree=
case ${1:-} in
  -h | --help) usage; exit 0 ;;
  --tree) tree=${2:-}; shift 2 || fail "--tree wants a folder" ;;
  --tree=*) tree=${1#--tree=}; shift ;;
esac

here=$(cd "$(dirname "$0")/.." && pwd)
if [ "$(uname -m)" = aarch64 ]; then
  say "this machine is an arm64: its own tests are these"
  exit 0
fi
suite=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}") ||
  fail "this machine is no Debian, whose arm64 libraries these are"
for tool in apt-get aarch64-linux-gnu-gcc qemu-aarch64 cmake ninja; do
  command -v $tool >/dev/null || fail "$tool is missing: scripts/setup.sh --for test installs it"
done

if [ -n "$tree" ]; then
  mkdir -p "$tree"
  tree=$(cd "$tree" && pwd)
  if [ ! -e "$tree/made" ] && [ -n "$(ls -A "$tree")" ]; then
    fail "--tree: $tree is neither empty nor of an earlier call; choose another folder"
  fi
else
  # Not /tmp, which may be a file system in memory.
  tree=$(mktemp -d "${TMPDIR:-/var/tmp}"/arm64.XXXXXX)
  trap 'rm -rf "$tree"' EXIT
  chmod 755 "$tree" # where root runs this, apt fetches as a user that is not root
fi
sysroot=$tree/sysroot

# --- libraries --------------------------------------------------------------------------------

# mirror LABEL: where this machine takes such packages from.
mirror() {
  { apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null || true; } |
    sed -n "s/^$1|\(https\{0,1\}:.*[^/]\).*/\1/p" | head -n 1
}

# An apt that takes proxies, certificates and passwords from this machine's settings, and knows nothing of its
# packages. What they have it do after an update is for this machine, and for its own.
make_apt() {
  local debian security
  debian=$(mirror Debian)
  security=$(mirror Debian-Security)
  debian=${debian:-http://deb.debian.org/debian} # where apt's lists have been deleted, it does not know
  rm -rf "$tree/apt"
  mkdir -p "$tree"/apt/{lists,archives}/partial
  : >"$tree/apt/status"
  cat >"$tree/apt/apt.conf" <<END
#clear APT::Architectures;
#clear APT::Update;
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
Dir::State "$tree/apt";
Dir::State::status "$tree/apt/status";
Dir::Cache "$tree/apt";
Dir::Etc::sourcelist "$tree/apt/sources.list";
Dir::Etc::sourceparts "-";
END
  local source='deb [arch=arm64 target=Packages signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  cat >"$tree/apt/sources.list" <<END
$source $debian $suite main
$source $debian $suite-updates main
$source ${security:-$debian-security} $suite-security main
END
}

# Unpacked, and not installed: no script of a package runs. What these would have done and is needed here are
# the links to OpenBLAS, of which Debian has several.
unpack() {
  local lib=$sysroot/usr/lib/aarch64-linux-gnu package link target
  rm -rf "$sysroot"
  mkdir -p "$sysroot/usr/lib"
  ln -s usr/lib "$sysroot/lib"
  for package in "$tree"/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
      tar -x -C "$sysroot" --no-same-owner --keep-directory-symlink --exclude='./usr/share/doc' --exclude='./usr/share/man'
  done
  ln -s openblas-pthread/libopenblas.so openblas-pthread/libopenblas.so.0 "$lib"
  ln -s ../openblas-pthread/pkgconfig/openblas.pc "$lib/pkgconfig"
  # Links to absolute paths mean the folder's.
  find "$sysroot" -type l -lname '/*' -printf '%p|%l\n' | while IFS='|' read -r link target; do
    ln -sfnr "$sysroot$target" "$link"
  done
}

libraries="$("$here/scripts/setup.sh" --libraries | xargs) libgomp1" # libgomp1: OpenMP
if [ "$(cat "$tree/made" 2>/dev/null)" != "$suite $libraries" ]; then
  say "taking arm64 libraries of $suite into $sysroot"
  : >"$tree/made" # nothing, but this folder is ours
  make_apt
  apt=(apt-get -c "$tree/apt/apt.conf" -qq)
  "${apt[@]}" update || fail "apt has no lists for arm64"
  "${apt[@]}" -y --no-install-recommends --download-only install $libraries || fail "apt has not all arm64 libraries"
  unpack
  rm -rf "$tree/apt" "$tree/build"
  echo "$suite $libraries" >"$tree/made"
fi

# --- build and tests --------------------------------------------------------------------------

jobs=$(nproc)
# Optimized as released, but with assertions.
if ! cmake -G Ninja -S "$here" -B "$tree/build" --toolchain "$here/scripts/cmake/arm64.cmake" \
  -DCMAKE_SYSROOT="$sysroot" -DCMAKE_C_FLAGS_RELEASE=-O3 -DVGGSWEEP_STRICT=ON -DVGGSWEEP_MPI=OFF \
  -DVGGSWEEP_WEB=OFF >"$tree/configure.log" 2>&1; then
  cat "$tree/configure.log" >&2
  fail "cmake failed"
fi
cmake --build "$tree/build" --parallel "$jobs" || fail "the build failed"

# What takes an emulated core 15 s or more is built, and run only if it is asked for: convolutions, drawings and
# runs of which every number is compared (minutes each), stores of whole sweeps, fuzz. unit.tensor takes 45 s
# and runs: it has convolutions of both kinds, poolings and matrix products.
slow='cost|objective|palette|raster|run|run_steps|run_strokes|store_(damage|loss|merge|runs)|sweep_fuzz|weights|winograd'
# On an arm64 there is one kernel, which the tests of "lesser" processors would test three times.
[ $# -gt 0 ] || set -- -L unit -E "^unit[.]($slow)\$|[.](avx2|baseline)\$"

# The emulated processor is one that OpenBLAS has kernels for; by itself qemu takes one that has everything, and
# that nobody knows. What is set for this machine's processor is not meant for that one.
export QEMU_CPU=cortex-a72
unset OPENBLAS_CORETYPE VGGSWEEP_SIMD
code=0
ctest --test-dir "$tree/build" --parallel "$jobs" --output-on-failure "$@" || code=$?
exit $code
