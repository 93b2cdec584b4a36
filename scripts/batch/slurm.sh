#!/usr/bin/env bash
# A sweep under Slurm, as many jobs as it takes:
#
#   sbatch --ntasks=64 --time=4:00:00 slurm.sh SWEEP.yaml [options of vggsweep run]
#
# Two minutes before its time is over Slurm signals the job; the ranks finish the runs they are at,
# save, and leave with code 75; the job then puts itself back into the queue, and the next one goes
# on from there. A node that dies, a preemption or scancel cost at most the runs in progress: nothing
# stored is lost or done twice. Results go to results/<name of the sweep> in the folder of
# submission, which all nodes must see, as they must see the sweep file and the program.
#
#SBATCH --job-name=vggsweep
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@120
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

# The signal comes to this shell alone (B:); the launcher hands it to the ranks. Bash runs a trap
# only between commands, so the launcher is in the background and wait is repeated until it ends.
"${launch[@]}" "$program" run "$@" &
launcher=$!
trap 'echo "slurm.sh: time is nearly over, stopping" >&2; kill -USR1 $launcher' USR1
trap 'kill -TERM $launcher' TERM
code=0
while true; do
  wait $launcher && code=0 || code=$?
  kill -0 $launcher 2>/dev/null || break
done

if [ "$code" = 75 ]; then
  echo "slurm.sh: stopped early, everything saved; back into the queue" >&2
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
