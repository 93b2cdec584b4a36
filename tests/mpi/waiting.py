"""Sweeps in which runs wait for others: those of a strength above 0 for the run at 0 of their group.

As in ranks.py, whose helpers these tests use, every way of computing a sweep is compared, bit for
bit, with the same sweep done by one process. Needs VGGSWEEP (the program), and mpirun in PATH.
"""
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

import ranks
from ranks import (EXIT_OK, EXIT_SOME_FAILED, EXIT_STOPPED, PROGRAM, Job, changed, column, path,
                   rows_of, run_to_end, sealed, status_of, write_sweep)

# 4 groups of a baseline and two others, of two costs. 0 is not in the list: it is added.
GRID = {"layer": ["relu1_2", "relu2_2"], "channel": [3, 7], "strength": [1, 2.5]}
GROUPS, PLANNED = 4, 12

reference = None  # the results of one process


def setUpModule():
    global reference
    ranks.scratch = tempfile.mkdtemp(prefix="vggsweep-waiting-")
    unittest.addModuleCleanup(shutil.rmtree, ranks.scratch)
    os.environ["TMPDIR"] = ranks.scratch
    write_sweep("sweep", changed(grid=GRID, objective={"steps": 100, "style": {"layers": ["relu1_2"]}},
                                 log={"every": 50, "snapshots": [0, 100]}))
    done = run_to_end("sweep", "reference")
    assert done.returncode == EXIT_OK, done.stderr
    assert "grid.strength: 0 added" in done.stderr, done.stderr
    reference = rows_of("reference")


class WaitingTest(unittest.TestCase):
    maxDiff = 1000

    def assert_same_results(self, out):
        found = rows_of(out)
        self.assertEqual(set(found), set(reference))
        for name, values in reference.items():
            self.assertEqual(found[name], values, name)

    def goes_on(self, sweep, out, *options, says, code=EXIT_OK, on=2):
        done = run_to_end(sweep, out, *options, ranks=on)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(says, done.stderr)

    def test_lambda_follows_from_the_baseline(self):
        strengths, lambdas = column("reference", "strength"), column("reference", "lambda")
        exc, style = column("reference", "exc_eval"), column("reference", "style_eval")
        self.assertEqual(strengths, [0, 1, 2.5] * GROUPS)
        for run, strength in enumerate(strengths):
            baseline = run - run % 3
            unit = abs(exc[baseline]) / style[baseline]
            self.assertEqual(lambdas[run], strength * unit)
            self.assertEqual(column("reference", "failure")[run], "")

    def test_three_ranks(self):
        self.goes_on("sweep", "three", says="12 to do", on=3)
        self.assert_same_results("three")

    def test_more_ranks_than_groups(self):
        """Idle ranks wait for the one baseline, and then get runs."""
        one = ("--set", "grid.layer=relu2_2", "--set", "grid.channel=7")
        self.assertEqual(run_to_end("sweep", "alone", *one).returncode, EXIT_OK)
        self.goes_on("sweep", "crowd", *one, says="3 to do on 4 ranks", on=4)
        self.assertEqual(rows_of("crowd"), rows_of("alone"))

    def test_killed_and_resumed(self):
        with Job("sweep", "killed", ranks=3) as job:
            job.wait_for_runs(GROUPS + 1)
            job.kill()
            job.end()
        stored = len(sealed("killed"))
        self.goes_on("sweep", "killed", says=f"{stored} stored, {PLANNED - stored} to do")
        self.assert_same_results("killed")

    def test_only_baselines_are_stored(self):
        """They come first; others take their lambda from a sweep.h5 as from segments."""
        with Job("sweep", "merged") as job:
            job.wait_for_runs(GROUPS)
            job.kill()
            job.end()
        merged = subprocess.run([PROGRAM, "merge", path("merged")], capture_output=True, check=False)
        self.assertEqual(merged.returncode, EXIT_OK, merged.stderr)
        self.assertEqual(sealed("merged"), [])
        strengths = column("merged", "strength")
        self.assertEqual(strengths.count(0), GROUPS)
        self.goes_on("sweep", "merged", says=f"{PLANNED - len(strengths)} to do")
        self.assert_same_results("merged")

    def test_a_stop_while_ranks_wait(self):
        write_sweep("long", changed(grid={"layer": "relu2_2", "channel": 3, "strength": [0, 1]},
                                    objective={"steps": 400}, log={"every": 400}))
        with Job("long", "stopped", ranks=3) as job:
            until_running = 1
            while status_of_or_none("stopped") is None or status_of("stopped")["running"] < until_running:
                self.assertIsNone(job.process.poll())
            os.kill(job.pids()[1], signal.SIGUSR1)
            self.assertEqual(job.end(), EXIT_STOPPED, job.stderr)
        self.assertEqual(column_of_segments("stopped"), [0])
        self.goes_on("long", "stopped", says="1 stored, 1 to do")

    def test_a_baseline_that_diverged(self):
        write_sweep("diverging", changed(grid={**GRID, "layer": "relu1_2", "channel": [3],
                                               "regularizers.tv": [0, 1e60]}, regularizers={"l2": 0},
                                         objective={"steps": 20}, log={"every": 10}))
        self.goes_on("diverging", "diverging", code=EXIT_SOME_FAILED,
                     says="its baseline, the run of strength 0, diverged")
        self.assertEqual(column("diverging", "status"), ["done"] * 3 + ["diverged"] + ["failed"] * 2)
        self.assertEqual(column("diverging", "failure"),
                         [""] * 4 + ["its baseline, the run of strength 0, diverged"] * 2)
        self.goes_on("diverging", "diverging", says="all 6 runs are stored", code=EXIT_SOME_FAILED)
        self.goes_on("diverging", "diverging", "--retry-failed", says="3 stored, 3 to do",
                     code=EXIT_SOME_FAILED)

    def test_a_baseline_that_sleeps(self):
        """Channel 7 of the builtin weights is 0 on grey; without rescue it stays so."""
        write_sweep("asleep", {"image": {"size": 32, "sd": 0.01}, "objective": {"steps": 2, "rescue": 0},
                               "transforms": {"jitter": 0, "scale": [1, 1], "rotate": 0}, "optimizer": {"lr": 0.05},
                               "grid": {"layer": "relu3_3", "channel": [7, 8], "strength": [0, 1]}})
        self.goes_on("asleep", "asleep", code=EXIT_SOME_FAILED, says="has an excitation of 0")
        self.assertEqual(column("asleep", "status"), ["done", "failed", "done", "done"])
        self.assertEqual(column("asleep", "failure")[1],
                         "its baseline, the run of strength 0, has an excitation of 0 (exc_eval)")

    def test_failed_baselines_are_done_again(self):
        """What failed for their sake is, too."""
        picture = path("style.png")
        run = next(iter(reference["runs"])).decode()
        subprocess.run([PROGRAM, "export", path("reference"), run, "--png", picture], check=True,
                       capture_output=True)
        write_sweep("styled", changed(grid=GRID, objective={"steps": 50, "style": {"image": picture}},
                                      log={"every": 50}))
        self.assertEqual(run_to_end("styled", "whole").returncode, EXIT_OK)
        with Job("styled", "styled", ranks=2) as job:
            job.wait_for_runs(1)
            os.rename(picture, picture + ".away")
            self.assertEqual(job.end(), EXIT_SOME_FAILED, job.stderr)
        reasons = column("styled", "failure")
        self.assertTrue(any("style.png" in reason for reason in reasons), reasons)
        self.assertIn("its baseline, the run of strength 0, failed", reasons)
        failed = column("styled", "status").count("failed")
        os.rename(picture + ".away", picture)
        self.goes_on("styled", "styled", "--retry-failed", says=f"{failed} to do")
        self.assertEqual(rows_of("styled"), rows_of("whole"))


def status_of_or_none(out):
    return status_of(out) if os.path.exists(path(out, "progress.json")) else None


def column_of_segments(out):
    """The strengths of what is stored before a merge."""
    subprocess.run([PROGRAM, "merge", path(out)], check=True, capture_output=True)
    return column(out, "strength")


if __name__ == "__main__":
    unittest.main()
