#!/usr/bin/env bash
# Installs what the program is built from, on Debian and its relatives; elsewhere says what to
# install and checks that it is there.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/setup.sh [--for demo|unit|test]
       scripts/setup.sh --libraries
Installs what is missing to build vggsweep (demo, the default), to run its unit tests (unit), or all of
its tests (test), with apt as root or through sudo. Elsewhere it prints the packages' names for Debian,
Fedora and Spack, and goes on if what they bring is present. --libraries installs nothing: it prints the
names of Debian's packages of the libraries that program and unit tests are linked with, MPI left out.
END
}

purpose=demo
print_libraries=
while [ $# -gt 0 ]; do
  case $1 in
    --for) purpose=${2:-}; shift ;;
    --for=*) purpose=${1#--for=} ;;
    --libraries) print_libraries=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "setup.sh: unknown argument \"$1\"" >&2; usage >&2; exit 2 ;;
  esac
  shift || { usage >&2; exit 2; }
done
case $purpose in
  demo | unit | test) ;;
  *) echo "setup.sh: --for: \"$purpose\" is none of demo, unit, test" >&2; exit 2 ;;
esac

debian_libraries=(libc6-dev libopenblas-dev libhdf5-dev libpng-dev libjpeg-dev libyaml-dev libjansson-dev
  libzip-dev libkissfft-dev librandom123-dev libssl-dev libexpat1-dev libxxhash-dev libcmocka-dev)
debian_build=(gcc make ninja-build cmake pkg-config git python3 python3-pip libopenmpi-dev openmpi-bin
  "${debian_libraries[@]}")
debian_unit=(python3-numpy) # makes weights
debian_test=("${debian_unit[@]}" hdf5-tools python3-h5py python3-pandas python3-pil python3-torch
  clang clang-format clang-tidy libomp-dev # libomp-dev: clang's omp.h
  mpich libmpich-dev # the other MPI
  debootstrap debian-archive-keyring # scripts/on-debian.sh
  librsvg2-bin # what others make of SVG, read and written
  libdnnl-dev # the peer of tests/bench, where it is oneDNN 2
  fonts-liberation) # with chromium, below: the report's page in a real browser
# scripts/cross-arm64.sh, which has nothing to do on an arm64.
if [ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ]; then
  debian_test+=(gcc-aarch64-linux-gnu qemu-user)
fi
# What the report's page is built with; a build without it writes plain reports. npm from elsewhere
# (nodesource) comes inside nodejs, and does not go together with Debian's. Unit tests want none.
[ "$purpose" = unit ] || command -v npm >/dev/null || debian_build+=(nodejs npm)
# Ubuntu's chromium is a snap, which needs a running system and sees no hidden folders.
if ! grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then debian_test+=(chromium)
elif [ "$purpose" = test ] && ! command -v chromium >/dev/null; then
  echo "setup.sh: the tests of the report's page need a chromium in PATH that is no snap" >&2
fi
fedora='gcc make ninja-build cmake pkgconf git python3 python3-pip openmpi-devel openblas-devel hdf5-devel
  libpng-devel libjpeg-turbo-devel libyaml-devel jansson-devel libzip-devel kiss-fft-devel
  Random123-devel openssl-devel expat-devel xxhash-devel libcmocka-devel nodejs nodejs-npm'
fedora_test='hdf5 python3-numpy python3-h5py python3-pandas python3-pillow python3-torch
  librsvg2-tools clang clang-tools-extra libomp-devel mpich-devel debootstrap debian-keyring chromium
  liberation-sans-fonts'
spack='gcc cmake ninja pkgconf openmpi openblas hdf5+hl~mpi libpng libjpeg-turbo libyaml jansson
  libzip kissfft random123 openssl expat xxhash cmocka node-js npm py-pip'
spack_test='py-numpy py-h5py py-pandas py-pillow py-torch librsvg llvm mpich'
modules=(openblas libpng libjpeg libyaml-0.1:yaml-0.1 jansson libzip openssl:libcrypto expat
  xxhash:libxxhash cmocka)

if [ -n "$print_libraries" ]; then
  printf '%s\n' "${debian_libraries[@]}"
  exit 0
fi
wanted=("${debian_build[@]}")
case $purpose in
  unit) wanted+=("${debian_unit[@]}") ;;
  test) wanted+=("${debian_test[@]}") ;;
esac

# --- Debian and its relatives -----------------------------------------------------------------

missing_packages() {
  local package
  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  else sudo "$@"
  fi
}

# Root, or sudo that either asks nothing or can ask someone.
can_be_root() {
  [ "$(id -u)" = 0 ] && return 0
  command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

install_with_apt() {
  local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq --no-install-recommends
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
  echo "setup.sh: installing $*" >&2
  # The lists are fetched only if they do not do as they are: absent, or out of date.
  if as_root "${quiet[@]}" install "$@" >/dev/null 2>&1; then return 0; fi
  as_root apt-get -qq update >&2
  as_root "${quiet[@]}" install "$@" >/dev/null
}

# --- elsewhere --------------------------------------------------------------------------------

print_names() {
  echo "vggsweep is built from these packages:" >&2
  echo "  Debian, Ubuntu  apt install ${wanted[*]}" >&2
  if [ "$purpose" != demo ]; then
    echo "  Fedora          dnf install" $fedora $fedora_test >&2
    echo "  Spack           spack install" $spack $spack_test >&2
  else
    echo "  Fedora          dnf install" $fedora >&2
    echo "  Spack           spack install" $spack >&2
  fi
}

# What can be told without building: commands and pkg-config modules; cmake finds out the rest.
check_present() {
  local absent=() tool module
  for tool in cc cmake pkg-config mpicc mpirun; do
    command -v "$tool" >/dev/null || absent+=("$tool")
  done
  for module in "${modules[@]}"; do
    pkg-config --exists "${module#*:}" 2>/dev/null || absent+=("${module%%:*}")
  done
  if [ ${#absent[@]} -gt 0 ]; then
    echo "setup.sh: still missing: ${absent[*]}" >&2
    return 1
  fi
  echo "setup.sh: what can be checked here is present" >&2
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
  if can_be_root; then
    install_with_apt "${missing[@]}"
    exit 0
  fi
  echo "setup.sh: neither root nor sudo; not installed: ${missing[*]}" >&2
fi
print_names
check_present
