#!/usr/bin/env bash
# A sweep under Slurm, as many jobs as it takes:
#
#   sbatch --ntasks=64 --time=4:00:00 slurm.sh SWEEP.yaml [options of vggsweep run]
#
# Five minutes before its time is over, or up to a minute earlier, Slurm warns the job: the ranks
# finish the runs they are at, save, and leave with code 75; the job then puts itself back into the
# queue, under the same number and with the same log, and goes on from there. Runs that take longer
# than is left are put down half a minute before the end, and begun again by the next job: with long
# runs (`vggsweep plan` says how long) give a longer warning, --signal=B:USR1@SECONDS.
#
# A node that dies, a preemption or scancel cost at most the runs in progress: nothing stored is
# lost or done twice. `scancel --batch --signal=USR1 JOB` gives the warning by hand. Results go to
# results/<name of the sweep> in the folder of submission, which all nodes must see, as they must
# see the sweep file and the program.
#
#SBATCH --job-name=vggsweep
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=vggsweep-%j.log
set -euo pipefail

if [ $# -lt 1 ]; then
  echo "usage: sbatch slurm.sh SWEEP.yaml [options of vggsweep run]" >&2
  exit 2
fi

# Where clusters differ: how the program and MPI come into PATH.
#   module load openmpi openblas hdf5
# and how MPI programs start. mpirun knows Slurm and passes signals on; with a PMIx in Slurm that
# fits your Open MPI, VGGSWEEP_LAUNCH="srun --mpi=pmix" does as well.
read -r -a launch <<<"${VGGSWEEP_LAUNCH:-mpirun}"
program=${VGGSWEEP:-vggsweep}

say() {
  echo "slurm.sh: $*" >&2
}

# How many runs are stored, as `plan` counts them. It takes what `run` takes, but --retry-failed.
count_stored() {
  "$program" plan "${plan[@]}" --json 2>/dev/null | sed -n 's/^ *"done": \([0-9]*\).*/\1/p' || true
}

# Back into the queue, unless this job has stored nothing: then the next one would store nothing
# either, and the one after it, for ever.
requeue() {
  if [ "$(count_stored)" = "$stored_before" ]; then
    say "nothing new was stored in this job, so it is not put back: give it more time"
  elif scontrol requeue "$SLURM_JOB_ID"; then
    say "back in the queue"
  else
    say "cannot put the job back into the queue; submit the same line again to go on"
  fi
}

# ALRM for this shell after some seconds; no sleep is left behind when it is called off with TERM.
alarm_in() {
  trap 'kill $!' TERM
  sleep "$1" &
  wait $! && kill -ALRM $$
}

# The warning. Where the end of the job is known, ALRM comes half a minute before it.
stop_early() {
  local end left
  say "warned by Slurm: stopping"
  kill -USR1 "$launcher" || return 0
  [ -z "$alarm" ] || return 0
  end=$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%e) || return 0
  end=$(date --date="${end:-unknown}" +%s 2>/dev/null) || return 0
  left=$((end - 30 - $(date +%s)))
  alarm_in "$((left > 0 ? left : 0))" >/dev/null 2>&1 &
  alarm=$!
}

give_up() {
  say "time is over before the running runs are through: they are put down"
  requeue
}

# scancel, a preemption, or the end of time. Who ended the job decides whether it comes back.
end_now() {
  ended=yes
  kill -TERM "$launcher" || true
}

plan=()
for argument in "$@"; do
  [ "$argument" = --retry-failed ] || plan+=("$argument")
done
stored_before=$(count_stored)

# The signal comes to this shell alone (B:); the launcher hands it to the ranks. Bash runs a trap
# only between commands, so the launcher is in the background and wait is repeated until it ends.
alarm='' ended=''
"${launch[@]}" "$program" run "$@" &
launcher=$!
trap stop_early USR1
trap give_up ALRM
trap end_now TERM
while kill -0 "$launcher" 2>/dev/null; do
  wait "$launcher" || true
done
wait "$launcher" && code=0 || code=$?
trap '' ALRM
[ -z "$alarm" ] || kill "$alarm" 2>/dev/null || true

if [ "$code" = 75 ] && [ -z "$ended" ]; then
  say "stopped early with everything saved (this is the code 75 that the launcher reports)"
  requeue
fi
exit "$code"
