"""The program as clang and MPICH make it: it computes the bits that gcc's does without MPI, says a mistake
once, and wants a launcher of its own kind. Builds it first; needs clang, mpicc.mpich and mpirun.mpich."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import ranks
from ranks import EXIT_OK, EXIT_USAGE, JobsTest, column, path, run_to_end

FEDORAS = "/usr/lib64/mpich/bin"  # where the same commands have no suffix
ROOT = pathlib.Path(__file__).parent.parent.parent


def of_mpich(command):
    """A command of MPICH's, which stands beside those of Open MPI."""
    return shutil.which(command + ".mpich") or shutil.which(command, path=FEDORAS) or command + ".mpich"


def setUpModule():
    ranks.setUpModule()  # the reference is of the other program
    build = tempfile.mkdtemp(dir=ranks.scratch)
    for line in (["cmake", "-S", ROOT, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DVGGSWEEP_STRICT=ON",
                  "-DVGGSWEEP_TESTS=OFF", "-DVGGSWEEP_WEB=OFF", "-DCMAKE_C_COMPILER=clang",
                  "-DMPI_C_COMPILER=" + of_mpich("mpicc")],
                 ["cmake", "--build", build, "--parallel", "2"]):
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
    ranks.PROGRAM = build + "/vggsweep"
    ranks.LAUNCHER = [of_mpich("mpirun")]


class MpichTest(JobsTest):
    def test_it_is_mpich(self):
        libraries = subprocess.run(["ldd", ranks.PROGRAM], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertIn("libmpich", libraries)

    def test_alone(self):
        done = run_to_end("sweep", "alone")
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assert_same_results("alone")

    def test_three_ranks(self):
        done = run_to_end("sweep", "three", ranks=3)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assertEqual(done.stdout, path("three", "sweep.h5") + "\n")
        self.assert_same_results("three")
        self.assertGreater(len(set(column("three", "rank"))), 1)

    def test_killed_and_resumed(self):
        with ranks.Job("sweep", "killed", ranks=2) as job:
            job.wait_for_runs(3)
            job.process.terminate()
            job.end()
        self.assert_all_sealed_files_open("killed")
        self.assertEqual(run_to_end("sweep", "killed", "--threads", "2", ranks=2).returncode, EXIT_OK)
        self.assert_same_results("killed")

    def test_a_mistake_is_heard_once(self):
        for _ in range(5):
            done = run_to_end("sweep", "mistaken", "--bad", ranks=3)
            self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
            self.assertEqual(done.stderr.count("--bad"), 1, done.stderr)

    def test_the_other_mpirun(self):
        line = ["mpirun", "--oversubscribe", "-n", "2", *ranks.command_line("sweep", "strangers")]
        done = subprocess.run(line, capture_output=True, text=True, timeout=ranks.PATIENCE_S, check=False)
        self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
        self.assertEqual(done.stderr.count("mpirun of the MPI that vggsweep is built with"), 1, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
