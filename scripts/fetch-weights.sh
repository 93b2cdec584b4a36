#!/bin/sh
# Downloads ImageNet weights of VGG16 from where their authors publish them. See --help.
set -eu

usage() {
  cat <<'END'
usage: scripts/fetch-weights.sh [torchvision|keras]... [--to FOLDER] [--check]

Downloads VGG16 weights trained on ImageNet, compares their published hash, and says under which
licence they stand. The program works without them, with its builtin weights.

  torchvision   vgg16-397923af.pth, 528 MB, SHA-256, BSD 3-Clause (the default)
  keras         vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5, 59 MB, MD5, CC BY 4.0
  --to FOLDER   where to put them (default: weights)
  --check       only compares the hash of files that are there already

Needs the internet, and curl or wget. It could only be tried without: the addresses and hashes are
the published ones, but no download has been made with it. An interrupted download is continued when
the command is run again.
END
}

fail() {
  echo "fetch-weights: $*" >&2
  exit 1
}

# Sets address, file, hash_kind, hash, licence for a name.
describe() {
  case $1 in
  torchvision)
    file=vgg16-397923af.pth
    address=https://download.pytorch.org/models/$file
    hash_kind=sha256
    hash=397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0
    licence="VGG16 by torchvision, BSD 3-Clause (github.com/pytorch/vision), after K. Simonyan and A. Zisserman, arXiv:1409.1556"
    ;;
  keras)
    file=vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5
    address=https://storage.googleapis.com/tensorflow/keras-applications/vgg16/$file
    hash_kind=md5
    hash=6d6bbae143d832006294945121d1f1fc
    licence="VGG16 by K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, CC BY 4.0, arXiv:1409.1556, converted by Keras Applications"
    ;;
  *) fail "$1: unknown weights; there are torchvision and keras" ;;
  esac
}

# $1 file, $2 kind, $3 hash
check() {
  found=$("$2sum" "$1" | cut -d' ' -f1)
  [ "$found" = "$3" ] || fail "$1: its $2 is $found, published is $3: remove it and try again"
}

# $1 address, $2 file
download() {
  if command -v curl >/dev/null; then
    curl --fail --location --retry 3 --continue-at - --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --continue --tries=3 --output-document="$2" "$1"
  else
    fail "neither curl nor wget is installed"
  fi || fail "$1: the download failed; is there a connection to the internet?"
}

fetch() {
  describe "$1"
  target=$folder/$file
  if [ ! -f "$target" ]; then
    [ "$check_only" = no ] || fail "$target: not there"
    mkdir -p "$folder"
    download "$address" "$target.part"
    check "$target.part" "$hash_kind" "$hash"
    mv "$target.part" "$target"
  else
    check "$target" "$hash_kind" "$hash"
  fi
  echo "$target: as published"
  echo "  $licence"
  echo "  use it:  weights: $target   in the sweep, or  --weights $target"
}

folder=weights
check_only=no
names=
while [ $# -gt 0 ]; do
  case $1 in
  -h | --help) usage && exit 0 ;;
  --to)
    [ $# -ge 2 ] || fail "--to needs a folder"
    folder=$2
    shift
    ;;
  --check) check_only=yes ;;
  -*) fail "$1: unknown option; see --help" ;;
  *)
    describe "$1"
    names="$names $1"
    ;;
  esac
  shift
done
for name in ${names:-torchvision}; do fetch "$name"; done
