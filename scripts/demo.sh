#!/usr/bin/env bash
# From a fresh clone to a contact sheet: installs, builds, runs examples/demo.yaml on all cores,
# prints the ranking and writes a report. Interrupted, it goes on where it was when called again.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/demo.sh [imagenet|builtin]
Shows examples/demo.yaml on ImageNet's VGG16 (results/demo) if that is there or can be had within a minute, else
on the builtin weights (results/demo-builtin). A demo that was begun goes on with its network; the word chooses one.
END
}

network=
case ${1:-} in
  '') ;;
  imagenet | builtin) network=$1 ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
build=build

say() { printf '\n== %s\n' "$*" >&2; }

# Physical cores that this process may use: hyperthreads share the units that sgemm keeps busy.
count_cores() {
  local usable physical
  usable=$(nproc)
  physical=$(lscpu -b -p=CORE,SOCKET 2>/dev/null | grep -v '^#' | sort -u | wc -l)
  if [ "$physical" -ge 1 ] && [ "$physical" -lt "$usable" ]; then echo "$physical"
  else echo "$usable"
  fi
}

say "packages"
scripts/setup.sh --for demo

say "build"
generator=()
if [ ! -e $build/CMakeCache.txt ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
cmake "${generator[@]}" -S . -B $build -DCMAKE_BUILD_TYPE=Release -DVGGSWEEP_TESTS=OFF >&2
cmake --build $build --parallel "$(nproc)" >&2

say "weights"
if [ -z "$network" ]; then
  if [ -e results/demo/manifest.json ]; then network=imagenet
  elif [ -e results/demo-builtin/manifest.json ]; then network=builtin
  fi
  if [ -n "$network" ]; then echo "goes on with $network, with which it was begun" >&2; fi
fi
if [ "$network" != builtin ]; then
  if scripts/fetch-weights.sh --program $build/vggsweep --within 60 >&2; then network=imagenet
  elif [ "$network" = imagenet ]; then exit 1
  else network=builtin
  fi
fi
case $network in
  imagenet) results=results/demo ;;
  builtin)
    results=results/demo-builtin
    echo "this demo shows the builtin weights, which drew their own textures to learn from; scripts/demo.sh imagenet tries again" >&2 ;;
esac

ranks=$(count_cores)
say "sweep: examples/demo.yaml with $network weights on $ranks ranks"
# mpirun refuses root unless told, counts slots its own way, and need not pin what fills the machine.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
code=0
mpirun --oversubscribe --bind-to none -n "$ranks" \
  $build/vggsweep run examples/demo.yaml --weights $network --out $results || code=$?
# An interrupted mpirun returns 1 whatever the ranks return, as for a failure: the results tell.
case $code in
  0) ;;
  3) echo "demo.sh: some runs failed; what was computed is shown" >&2 ;;
  1 | 75 | 130 | 143)
    state=$($build/vggsweep status $results --json 2>/dev/null | sed -n 's/^ *"state": "\(.*\)",$/\1/p')
    if [ "$state" = stopped ] || [ "$state" = running ]; then
      echo "demo.sh: stopped early; every finished run is saved: run scripts/demo.sh again to go on" >&2
      exit 75
    fi
    exit "$code" ;;
  *) exit "$code" ;;
esac

say "ranking"
$build/vggsweep rank $results
$build/vggsweep sheet $results --png $results/sheet.png
$build/vggsweep report $results

cat >&2 <<END

== done, with $network weights
  $results/report/index.html   all runs, to be opened in a browser: best cases, atlas, table
  $results/sheet.png           rows are channels, columns lambdas: textures at 0, thinned, collapsed
  $results/sweep.h5            all runs, for h5py, HDFView, h5web: docs/results-format.md says what is where

Look further:
  $build/vggsweep show $results RUN             a run of the table: its figures and traces
  $build/vggsweep export $results RUN --png F   its picture
  $build/vggsweep plan examples/first.yaml          what a sweep takes; copy that file, change it
END
exit $code
