"""A program built without MPI: alone it computes a sweep, and where a launcher has started several
processes it refuses, as each would do the whole job."""
import os
import pathlib
import tempfile
import unittest

from tool import TINY, ToolTest

ALONE = [{}, {"OMPI_COMM_WORLD_SIZE": "1"},
         # the shell of a batch script
         {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "4", "SLURM_PROCID": "0"},
         # mpirun -n 1 in a step of several tasks
         {"OMPI_COMM_WORLD_SIZE": "1", "SLURM_STEP_NUM_TASKS": "4"}]
AMONG_OTHERS = [{"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"},
                {"PMI_SIZE": "3", "PMI_RANK": "0"},
                {"SLURM_NTASKS": "4", "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "4"}]


class Serial(ToolTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="vggsweep-serial-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "tiny.yaml").write_text(TINY)

    def test_alone(self):
        for variables in ALONE:
            self.good("run", self.folder / "tiny.yaml", "--out", self.folder / "results",
                      env={**os.environ, **variables})

    def test_among_others(self):
        for variables in AMONG_OTHERS:
            self.bad("run", self.folder / "tiny.yaml", "--out", self.folder / "results", code=2,
                     says=["built without MPI", "without mpirun", "-DVGGSWEEP_MPI=ON"],
                     env={**os.environ, **variables})
        self.assertFalse((self.folder / "results").exists())


if __name__ == "__main__":
    unittest.main()
