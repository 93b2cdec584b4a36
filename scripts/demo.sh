#!/usr/bin/env bash
# From a fresh clone to a contact sheet: installs, builds, runs examples/demo.yaml on all cores,
# prints the ranking and writes a report. Interrupted, it goes on where it was when called again.
set -euo pipefail
cd "$(dirname "$0")/.."

results=results/demo
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

ranks=$(count_cores)
say "sweep: examples/demo.yaml on $ranks ranks"
# mpirun refuses root unless told, counts slots its own way, and need not pin what fills the machine.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
code=0
mpirun --oversubscribe --bind-to none -n "$ranks" \
  $build/vggsweep run examples/demo.yaml --out $results || code=$?
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

== done
  $results/report/index.html   all runs, to be opened in a browser: best cases, atlas, table
  $results/sheet.png           rows are channels, columns lambdas: textures at 0, thinned, collapsed
  $results/sweep.h5            all runs, for h5py, HDFView, h5web: docs/results-format.md says what is where

Look further:
  $build/vggsweep show $results RUN             a run of the table: its figures and traces
  $build/vggsweep export $results RUN --png F   its picture
  $build/vggsweep plan examples/first.yaml          what a sweep takes; copy that file, change it
END
exit $code
