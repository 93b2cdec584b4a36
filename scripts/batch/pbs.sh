#!/usr/bin/env bash
# A sweep under PBS (OpenPBS, PBS Pro, Torque), as many jobs as it takes. Copy this file, set what a
# job takes in the #PBS lines (the next job is made from them: what qsub is told beside -v is not
# passed on), and
#
#   qsub -v SWEEP=my.yaml,VGGSWEEP_MINUTES=235,VGGSWEEP_SCRIPT=my-pbs.sh my-pbs.sh
#
# PBS sends no early warning, so the job keeps its own time: VGGSWEEP_MINUTES (less than the
# walltime by what the longest run takes, which `vggsweep plan` says) after its start the ranks are
# asked to stop; they finish the runs they are at, save, and leave with code 75; then the script
# submits itself again and the next job goes on from there. A node that dies or a qdel cost at most
# the runs in progress.
#
#PBS -N vggsweep
#PBS -l select=1:ncpus=16:mpiprocs=16
#PBS -l walltime=01:00:00
#PBS -j oe
#PBS -r y
set -euo pipefail
cd "${PBS_O_WORKDIR:-.}"

if [ -z "${SWEEP:-}" ]; then
  echo "usage: qsub -v SWEEP=my.yaml[,VGGSWEEP_MINUTES=N][,VGGSWEEP_SCRIPT=pbs.sh] pbs.sh" >&2
  exit 2
fi
minutes=${VGGSWEEP_MINUTES:-50}
program=${VGGSWEEP:-vggsweep}
script=${VGGSWEEP_SCRIPT:-pbs.sh} # PBS runs a copy; the next job is made from the original

# Where clusters differ: how the program and MPI come into PATH.
#   module load openmpi openblas hdf5

say() {
  echo "pbs.sh: $*" >&2
}

# How many runs are stored, as `plan` counts them.
count_stored() {
  "$program" plan "$SWEEP" --json 2>/dev/null | sed -n 's/^ *"done": \([0-9]*\).*/\1/p' || true
}

# The next job, unless this one has stored nothing: then that one would store nothing either, and
# the one after it, for ever.
submit_next() {
  if [ "$(count_stored)" = "$stored_before" ]; then
    say "nothing new was stored in this job, so no other is submitted: give it more time"
  elif qsub -v "SWEEP=$SWEEP,VGGSWEEP_MINUTES=$minutes,VGGSWEEP=$program,VGGSWEEP_SCRIPT=$script" \
    "$script"; then
    say "the next job is submitted"
  else
    say "cannot submit the next job; submit $script again to go on"
  fi
}

stored_before=$(count_stored)

# mpirun passes USR1 on to the ranks; --preserve-status keeps its exit code.
code=0
timeout --preserve-status --signal=USR1 "${minutes}m" mpirun "$program" run "$SWEEP" || code=$?

if [ "$code" = 75 ]; then
  say "stopped early with everything saved (this is the code 75 that mpirun reports)"
  submit_next
fi
exit "$code"
