"""Sweeps under mpirun as their users run, stop, kill and resume them.

Results must not depend on the number of ranks or threads, on the order of runs, or on kills: every
way of computing a sweep is compared, bit for bit, with the same sweep done by one process. Needs
VGGSWEEP (the program), and mpirun in PATH.
"""
import glob
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import h5py

PROGRAM = os.environ["VGGSWEEP"]
BUILTIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data",
                       "weights", "vgg16-textures.safetensors")
LAUNCHER = ["mpirun", "--oversubscribe"]  # tests have more ranks than some machines cores
PATIENCE_S = 60  # for anything to happen that takes a second; a hang is a failure, not a long test

# 12 runs of two costs, with everything that is stored switched on; long enough to be killed on their way.
SWEEP = {
    "name": "ranks",
    "seed": 7,
    "image": {"size": 32},
    "objective": {"steps": 200, "style": {"layers": ["relu1_2"]}},
    "regularizers": {"tv": 1e-5},
    "grid": {"layer": ["relu1_2", "relu2_2"], "channel": [3, 7], "lambda": [0, 50, 500]},
    "log": {"every": 50, "snapshots": [0, 100, 200], "params": True},
}
PLANNED = 12

# Drawings: the stages of a run of strokes, with and without pens, on one canvas and on two.
DRAWINGS = {
    "name": "drawings",
    "seed": 7,
    "image": {"size": 64, "parametrization": "strokes"},
    "strokes": {"count": 8},
    "objective": {"steps": 12, "style": {"layers": ["relu1_2"]}},
    "palette": {"pens": [["black", "#111111", 0.3], ["red", "#cc2222", 0.5]]},
    "grid": {"layer": ["relu2_1"], "channel": [3], "lambda": [0, 50],
             "strokes.color": ["free", "palette"], "multiscale.levels": [1, 2]},
    "log": {"every": 5, "snapshots": [0, 12]},
}

# Columns of /runs that tell who computed a run and when, not what came out.
CIRCUMSTANCES = {"rank", "host", "seconds", "finished"}

EXIT_OK, EXIT_FAILURE, EXIT_USAGE, EXIT_SOME_FAILED, EXIT_STOPPED = 0, 1, 2, 3, 75

SLOW_RUN_S = 0.6  # what a run of a slow sweep takes, whatever the machine and the build

scratch = None
reference = None  # the results of one process, see rows_of()
slow_steps = None


def setUpModule():
    global scratch, reference, slow_steps
    scratch = tempfile.mkdtemp(prefix="vggsweep-ranks-")
    unittest.addModuleCleanup(shutil.rmtree, scratch)
    # What a killed mpirun leaves behind goes with the rest; of Open MPI 4 and 5.
    os.environ["TMPDIR"] = scratch
    os.environ["OMPI_MCA_btl_vader_backing_directory"] = scratch
    os.environ["OMPI_MCA_btl_sm_backing_directory"] = scratch
    write_sweep("sweep", SWEEP)
    done = run_to_end("sweep", "reference")
    assert done.returncode == EXIT_OK, done.stderr
    assert done.stdout == path("reference", "sweep.h5") + "\n", done.stdout
    reference = rows_of("reference")
    assert len(reference["runs"]) == PLANNED
    # By the quickest of the deeper runs: those that something else held up would make slow ones short.
    quickest = min(seconds for seconds, layer in zip(column("reference", "seconds"),
                                                     column("reference", "layer")) if layer == "relu2_2")
    slow_steps = round(SWEEP["objective"]["steps"] * SLOW_RUN_S / quickest)


# --- running -----------------------------------------------------------------------------------


def path(*names):
    return os.path.join(scratch, *names)


def write_sweep(name, sweep):
    with open(path(name + ".yaml"), "w", encoding="utf-8") as file:
        json.dump(sweep, file)  # JSON is YAML


def changed(**sections):
    """SWEEP with whole sections replaced."""
    return {**SWEEP, **sections}


def write_slow_sweep(name, runs):
    """Of runs that are all alike, long enough to do something while one is computed."""
    write_sweep(name, changed(grid={"layer": "relu2_2", "channel": list(range(runs)), "lambda": 5},
                              objective={"steps": slow_steps}, log={"every": slow_steps}))


def command_line(sweep, out, *options, ranks=0):
    line = [*LAUNCHER, "-n", str(ranks)] if ranks else []
    return line + [PROGRAM, "run", path(sweep + ".yaml"), "--out", path(out), *options]


def run_to_end(sweep, out, *options, ranks=0):
    return subprocess.run(command_line(sweep, out, *options, ranks=ranks), capture_output=True,
                          text=True, timeout=PATIENCE_S, check=False)


class Job:
    """A job in the background; ends with its block, whatever happens."""

    def __init__(self, sweep, out, *options, ranks=0):
        self.out = out
        self.ranks = ranks
        self.process = subprocess.Popen(command_line(sweep, out, *options, ranks=ranks),
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
        self.process.communicate()

    def pids(self):
        """Process ids of the ranks, by rank."""
        if not self.ranks:
            return {0: self.process.pid}
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = [int(word) for word in file.read().split()]
        ranks = {}
        for child in children:
            with open(f"/proc/{child}/environ", "rb") as file:
                for variable in file.read().split(b"\0"):
                    if variable.startswith(b"OMPI_COMM_WORLD_RANK="):
                        ranks[int(variable.split(b"=")[1])] = child
        return ranks

    def wait_for_runs(self, count):
        """Returns when so many runs are stored, and how many are by then."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            stored = len(sealed(self.out))
            if stored >= count:
                return stored
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.005)
        raise AssertionError(f"{count} runs are not stored after {PATIENCE_S} s")

    def kill(self):
        """As a power cut would: the ranks, and mpirun."""
        for pid in [*self.pids().values(), self.process.pid]:
            os.kill(pid, signal.SIGKILL)

    def end(self):
        self.stdout, self.stderr = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode


# --- looking at results ------------------------------------------------------------------------


def sealed(out):
    return glob.glob(path(out, "segments", "*.h5"))


def rows_of(out):
    """Every value stored in sweep.h5, as bytes: by data set and run id, and what is not by run."""
    with h5py.File(path(out, "sweep.h5"), "r") as file:
        table = file["runs"][:]
        columns = [name for name in table.dtype.names if name not in CIRCUMSTANCES]
        ids = [row["id"] for row in table]
        found = {"runs": {row["id"]: {c: row[c].tobytes() for c in columns} for row in table}}

        def visit(name, item):
            if not isinstance(item, h5py.Dataset) or name == "runs":
                return
            if item.shape and item.shape[0] == len(ids):
                found[name] = {run: item[i].tobytes() for i, run in enumerate(ids)}
            else:
                found[name] = item[()].tobytes()

        file.visititems(visit)
    return found


def column(out, name):
    with h5py.File(path(out, "sweep.h5"), "r") as file:
        return [value.decode() if isinstance(value, bytes) else value
                for value in file["runs"][name]]


def contents(out):
    """All files of a results folder but those that say what is going on."""
    found = {}
    for folder, _, names in os.walk(path(out)):
        for name in names:
            if name in ("progress.json", "lock"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                found[os.path.join(folder, name)] = file.read()
    return found


def status_of(out):
    done = subprocess.run([PROGRAM, "status", path(out), "--json"], capture_output=True, text=True,
                          timeout=PATIENCE_S, check=True)
    return json.loads(done.stdout)


class JobsTest(unittest.TestCase):
    """What is said of results, without a test of its own."""

    def assert_same_results(self, out):
        found = rows_of(out)
        self.assertEqual(set(found), set(reference))
        for name, values in reference.items():
            self.assertEqual(found[name], values, name)

    def wait_for_state(self, out, state):
        """A rank that was killed while it said how far it was leaves `running` for half a minute."""
        until = time.monotonic() + PATIENCE_S
        while status_of(out)["state"] != state and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(status_of(out)["state"], state)

    def assert_all_sealed_files_open(self, out):
        files = sealed(out)
        self.assertTrue(files)
        for name in files:
            with h5py.File(name, "r") as file:
                self.assertGreaterEqual(len(file["runs"][:]), 1)
                file.visititems(lambda _, item: item[()] if hasattr(item, "shape") else None)


class RanksTest(JobsTest):
    # --- the same bits, whoever computes ---------------------------------------------------

    def test_one_rank_under_mpirun(self):
        self.assertEqual(run_to_end("sweep", "one", ranks=1).returncode, EXIT_OK)
        self.assert_same_results("one")

    def test_three_ranks(self):
        done = run_to_end("sweep", "three", ranks=3)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assertEqual(done.stdout, path("three", "sweep.h5") + "\n")
        # what is to do and what was done, and nothing that MPI has to say
        self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assert_same_results("three")
        self.assertGreater(len(set(column("three", "rank"))), 1)

    def test_two_ranks_of_two_threads(self):
        self.assertEqual(run_to_end("sweep", "threads", "--threads", "2", ranks=2).returncode,
                         EXIT_OK)
        self.assert_same_results("threads")

    def test_drawings_on_two_ranks_of_two_threads(self):
        write_sweep("drawings", DRAWINGS)
        self.assertEqual(run_to_end("drawings", "drawn").returncode, EXIT_OK)
        expected = rows_of("drawn")
        self.assertEqual(len(expected["params/points"]), 8)
        for out, options, ranks in [("drawn-1", [], 1), ("drawn-2", ["--threads", "2"], 2)]:
            done = run_to_end("drawings", out, *options, ranks=ranks)
            self.assertEqual(done.returncode, EXIT_OK, done.stderr)
            self.assertEqual(rows_of(out), expected)

    # --- with and without a launcher -------------------------------------------------------

    def run_with(self, variables, out, ranks=0):
        return subprocess.run(command_line("sweep", out, ranks=ranks), capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False, env={**os.environ, **variables})

    def test_alone_no_mpi_is_started(self):
        """An MPI that cannot start shows who starts it; and that a choice of components is kept."""
        broken = {"OMPI_MCA_pml": "no_such_component"}
        self.assertNotEqual(self.run_with(broken, "broken", ranks=1).returncode, EXIT_OK)
        done = self.run_with(broken, "alone")
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assert_same_results("alone")

    def test_a_batch_script_is_alone(self):
        variables = {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "4", "SLURM_PROCID": "0"}
        done = self.run_with(variables, "batch")
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)

    def test_processes_that_know_nothing_of_one_another(self):
        """srun without PMI, whose last process says nothing; a launcher of another MPI."""
        for variables, said in [
                ({"SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "0"}, 1),
                ({"SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "1"}, 0),
                ({"PMI_SIZE": "3", "PMI_RANK": "0"}, 1)]:
            done = self.run_with(variables, "strangers")
            self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
            self.assertEqual(done.stderr.count("srun --mpi=pmix"), said, done.stderr)
        self.assertFalse(os.path.exists(path("strangers")))

    # --- kills and stops -------------------------------------------------------------------

    def test_killed_and_resumed(self):
        with Job("sweep", "killed", ranks=3) as job:
            job.wait_for_runs(PLANNED // 2 - 1)
            job.kill()
            job.end()
        self.assert_all_sealed_files_open("killed")
        stored = len(sealed("killed"))
        self.assertLess(stored, PLANNED)
        done = run_to_end("sweep", "killed", ranks=2)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assertIn(f"{stored} stored, {PLANNED - stored} to do", done.stderr)
        self.assert_same_results("killed")

    def test_terminated_mpirun_and_resumed(self):
        write_slow_sweep("long", 8)
        with Job("long", "terminated", ranks=2) as job:
            job.wait_for_runs(1)
            job.process.send_signal(signal.SIGTERM)  # mpirun passes it on,
            self.assertNotEqual(job.end(), EXIT_OK)  # and has a code of its own
        # Open MPI 5 shows nothing of what ranks say then, and kills them a quarter of a second later.
        self.wait_for_state("terminated", "stopped")
        self.assertGreater(status_of("terminated")["seconds_left"], 0)
        text = subprocess.run([PROGRAM, "status", path("terminated")], capture_output=True,
                              text=True, check=True).stdout
        self.assertIn("Run the same command again to go on.", text)
        self.assert_all_sealed_files_open("terminated")
        self.assertEqual(run_to_end("long", "terminated", ranks=2).returncode, EXIT_OK)
        self.assertEqual(len(rows_of("terminated")["runs"]), 8)

    def test_a_signal_to_any_rank_stops_all(self):
        with Job("sweep", "signalled", ranks=3) as job:
            job.wait_for_runs(2)
            os.kill(job.pids()[2], signal.SIGTERM)
            self.assertEqual(job.end(), EXIT_STOPPED, job.stderr)
            self.assertEqual(job.stdout, "")
            self.assertIn("runs in progress are dropped and will be done again", job.stderr)
            self.assertIn("the same command goes on", job.stderr)
        self.assertEqual(status_of("signalled")["state"], "stopped")
        self.assertEqual(run_to_end("sweep", "signalled", ranks=3).returncode, EXIT_OK)
        self.assert_same_results("signalled")

    def test_usr1_drains_all_ranks(self):
        with Job("sweep", "drained", ranks=2) as job:
            job.wait_for_runs(2)
            job.process.send_signal(signal.SIGUSR1)  # mpirun passes it on
            self.assertEqual(job.end(), EXIT_STOPPED, job.stderr)
        self.assertEqual(glob.glob(path("drained", "segments", "*.part")), [])
        self.assertEqual(run_to_end("sweep", "drained").returncode, EXIT_OK)
        self.assert_same_results("drained")

    def stopped_in_the_second_run(self, out, signal_number):
        """How many runs are stored when the signal came while the second was computed."""
        with Job("slow", out) as job:
            self.assertEqual(job.wait_for_runs(1), 1)
            time.sleep(0.3 * SLOW_RUN_S)
            self.assertEqual(len(sealed(out)), 1)
            job.process.send_signal(signal_number)
            self.assertEqual(job.end(), EXIT_STOPPED, job.stderr)
        return len(sealed(out))

    def test_term_puts_down_and_usr2_finishes(self):
        write_slow_sweep("slow", 3)
        self.assertEqual(self.stopped_in_the_second_run("put-down", signal.SIGTERM), 1)
        self.assertEqual(self.stopped_in_the_second_run("finished", signal.SIGUSR2), 2)
        self.assertEqual(self.stopped_in_the_second_run("interrupted", signal.SIGINT), 1)
        self.assertEqual(run_to_end("slow", "put-down", ranks=2).returncode, EXIT_OK)
        self.assertEqual(run_to_end("slow", "finished", ranks=2).returncode, EXIT_OK)
        self.assertEqual(rows_of("put-down"), rows_of("finished"))

    # --- what is done already --------------------------------------------------------------

    def test_nothing_is_done_twice(self):
        shutil.copytree(path("reference"), path("again"))
        before = contents("again")
        done = run_to_end("sweep", "again", ranks=2)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assertIn(f"all {PLANNED} runs are stored already", done.stderr)
        self.assertEqual(done.stdout, path("again", "sweep.h5") + "\n")
        self.assertEqual(contents("again"), before)

    def test_a_second_job_is_refused(self):
        write_slow_sweep("busy", 3)
        with Job("busy", "busy") as job:
            job.wait_for_runs(1)
            job.process.send_signal(signal.SIGSTOP)  # it holds the folder, however fast it is
            second = run_to_end("busy", "busy")
            job.process.send_signal(signal.SIGCONT)
            self.assertEqual(second.returncode, EXIT_USAGE, second.stderr)
            self.assertIn(path("busy"), second.stderr)
            self.assertEqual(job.end(), EXIT_OK, job.stderr)
        self.assertEqual(len(rows_of("busy")["runs"]), 3)

    def test_another_sweep_is_refused(self):
        before = contents("reference")
        done = run_to_end("sweep", "reference", "--set", "optimizer.lr=0.125", ranks=2)
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertIn("optimizer.lr", done.stderr)
        self.assertIn("0.125", done.stderr)
        self.assertEqual(contents("reference"), before)

    def other_weights(self):
        """The builtin weights with one bit changed: the lowest of a mantissa."""
        with open(BUILTIN, "rb") as file:
            data = bytearray(file.read())
        start = 8 + int.from_bytes(data[:8], "little")
        data[start] ^= 1
        with open(path("other.safetensors"), "wb") as file:
            file.write(data)
        return path("other.safetensors")

    def run_with_more_on_rank_1(self, out, *options):
        """Ranks with different command lines. Not as two parts of one mpirun line, which not every mpirun takes."""
        script = 'if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then exec "$@"; fi; exec "${@:1:5}"'
        line = ["bash", "-c", script, "bash", PROGRAM, "run", path("sweep.yaml"), "--out", path(out), *options]
        return subprocess.run([*LAUNCHER, "-n", "2", *line], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)

    def test_other_weights_are_refused(self):
        other = self.other_weights()
        before = contents("reference")
        done = run_to_end("sweep", "reference", "--weights", other, "--family", "torchvision")
        self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
        self.assertIn("weights", done.stderr)
        self.assertEqual(contents("reference"), before)

        # and on one node alone
        done = self.run_with_more_on_rank_1("mixed", "--weights", other, "--family", "torchvision")
        self.assertEqual(done.returncode, EXIT_FAILURE, done.stderr)
        self.assertIn("rank 1 on ", done.stderr)
        self.assertIn("other.safetensors", done.stderr)
        self.assertFalse(os.path.exists(path("mixed")))

    # --- runs that go wrong ----------------------------------------------------------------

    def test_a_diverging_run_is_an_outcome(self):
        write_sweep("diverging", changed(grid={"layer": "relu1_2", "channel": [3, 7],
                                               "lambda": [0, 1e300]}))
        done = run_to_end("diverging", "diverging", ranks=3)
        self.assertEqual(done.returncode, EXIT_SOME_FAILED, done.stderr)
        outcomes = dict(zip(zip(column("diverging", "channel"), column("diverging", "lambda")),
                            column("diverging", "status")))
        self.assertEqual(outcomes, {(3, 0): "done", (7, 0): "done", (3, 1e300): "diverged",
                                    (7, 1e300): "diverged"})
        again = run_to_end("diverging", "diverging")
        self.assertEqual(again.returncode, EXIT_SOME_FAILED)
        self.assertIn("all 4 runs are stored already", again.stderr)
        retried = run_to_end("diverging", "diverging", "--retry-failed")
        self.assertEqual(retried.returncode, EXIT_SOME_FAILED)
        self.assertIn("2 stored, 2 to do", retried.stderr)
        self.assertEqual(len(column("diverging", "id")), 4)
        self.assertEqual(status_of("diverging"),
                         {"state": "finished", "planned": 4, "done": 2, "failed": 0, "diverged": 2,
                          "running": 0, "left": 0, "runs_per_hour": None, "seconds_left": 0})

    def test_failed_runs_can_be_done_again(self):
        picture = path("style.png")
        exported = subprocess.run([PROGRAM, "export", path("reference"), self.a_run(), "--png",
                                   picture], capture_output=True, text=True, check=False)
        self.assertEqual(exported.returncode, EXIT_OK, exported.stderr)
        write_sweep("styled", changed(objective={"steps": 200, "style": {"image": picture}}))
        with Job("styled", "styled", ranks=2) as job:
            job.wait_for_runs(2)
            os.rename(picture, picture + ".away")
            self.assertEqual(job.end(), EXIT_SOME_FAILED, job.stderr)
            self.assertRegex(job.stderr, r"run [0-9a-f]{16} .* failed on rank \d: .*style\.png")
        failed = column("styled", "status").count("failed")
        self.assertGreater(failed, 0)
        self.assertLess(failed, PLANNED)
        self.assertEqual(status_of("styled")["failed"], failed)
        os.rename(picture + ".away", picture)
        done = run_to_end("styled", "styled", "--retry-failed", ranks=2)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assertIn(f"{failed} to do", done.stderr)
        self.assertEqual(column("styled", "status"), ["done"] * PLANNED)

    def a_run(self):
        return next(iter(reference["runs"])).decode()

    # --- a world that fails ----------------------------------------------------------------

    def test_an_unwritable_folder(self):
        with open(path("file"), "w", encoding="ascii") as file:
            file.write("not a folder")
        done = run_to_end("sweep", "file/below", ranks=3)
        self.assertEqual(done.returncode, EXIT_FAILURE, done.stderr)
        self.assertIn(path("file"), done.stderr)
        self.assertEqual(done.stderr.count("vggsweep: "), 1, done.stderr)

    def test_a_mistake_is_said_once(self):
        for wrong in (["--threads", "many"], ["--set", "grid.layer=relu9_9"]):
            done = run_to_end("sweep", "mistaken", *wrong, ranks=3)
            self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
            word = wrong[1].split("=")[-1]
            self.assertEqual(done.stderr.count(word), 1, done.stderr)
        self.assertFalse(os.path.exists(path("mistaken")))

    def test_a_mistake_is_heard(self):
        """A launcher ends a job with its first rank that fails, which must not be one that says nothing."""
        for line in [["run", path("sweep.yaml"), "--bad"]] * 20 + [["ruun"], ["rank", path("nowhere")]]:
            done = subprocess.run([*LAUNCHER, "-n", "3", PROGRAM, *line], capture_output=True, text=True,
                                  timeout=PATIENCE_S, check=False)
            self.assertNotEqual(done.returncode, EXIT_OK)
            self.assertIn(line[-1], done.stderr)

    def test_a_mistake_beside_one_that_has_left(self):
        """Nobody waits for ever for a rank whose line was another."""
        script = 'if [ "$OMPI_COMM_WORLD_RANK" = 0 ]; then exit 0; fi; exec "$@"'
        for line in ["run", path("sweep.yaml"), "--bad"], ["rank", path("nowhere")]:
            done = subprocess.run([*LAUNCHER, "-n", "2", "bash", "-c", script, "bash", PROGRAM, *line],
                                  capture_output=True, text=True, timeout=PATIENCE_S, check=False)
            self.assertNotEqual(done.returncode, EXIT_OK)  # in time, else subprocess raises

    def test_a_mistake_of_one_rank_alone(self):
        done = self.run_with_more_on_rank_1("alone-mistaken", "--bad")
        self.assertNotEqual(done.returncode, EXIT_OK)
        self.assertIn("rank 1 on ", done.stderr)
        self.assertIn("has refused its command line", done.stderr)
        self.assertFalse(os.path.exists(path("alone-mistaken")))

    def test_threads_without_cores(self):
        """Bound to one core, as mpirun binds ranks; free to use all; alone."""
        advice = "--threads 2, but this process may use 1 core"
        for launcher, says, ranks in [
                (["mpirun", "--bind-to", "core", "-n", "1"], [advice, "pass --map-by slot:PE=2 to mpirun"], 1),
                (["mpirun", "--bind-to", "none", "-n", "1"], [], 1),
                (["taskset", "--cpu-list", str(min(os.sched_getaffinity(0)))], [advice, "taskset"], 0)]:
            out = f"cores-{len(launcher)}-{ranks}-{len(says)}"
            line = launcher + command_line("sweep", out, "--threads", "2", "--set", "objective.steps=2")
            done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual(done.returncode, EXIT_OK, done.stderr)
            self.assertEqual("--threads 2" in done.stderr, bool(says), done.stderr)
            for words in says:
                self.assertIn(words, done.stderr)

    def test_help_is_printed_once(self):
        for line in (["--help"], ["help", "run"], ["run", "--help"], ["rank", "--help"],
                     ["--version"]):
            alone = subprocess.run([PROGRAM, *line], capture_output=True, text=True, check=True)
            done = subprocess.run([*LAUNCHER, "-n", "2", PROGRAM, *line], capture_output=True,
                                  text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual((done.returncode, done.stdout), (EXIT_OK, alone.stdout))

    def full_disk(self, out, rank, ranks):
        """A file size limit on one rank stands for its full disk."""
        with Job("sweep", out, ranks=ranks) as job:
            job.wait_for_runs(2)
            resource.prlimit(job.pids()[rank], resource.RLIMIT_FSIZE, (64, 64))
            self.assertEqual(job.end(), EXIT_FAILURE, job.stderr)
        self.assertEqual(job.stdout, "")
        self.assertEqual(job.stderr.count("vggsweep: "), 1, job.stderr)
        self.assertIn(path(out, "segments"), job.stderr)
        self.assert_all_sealed_files_open(out)
        done = run_to_end("sweep", out, ranks=2)
        self.assertEqual(done.returncode, EXIT_OK, done.stderr)
        self.assert_same_results(out)
        return job.stderr

    def test_a_full_disk_stops_the_job(self):
        self.full_disk("full-alone", rank=0, ranks=0)
        self.assertIn("rank 2 on ", self.full_disk("full", rank=2, ranks=3))

    # --- being watched ---------------------------------------------------------------------

    def test_status(self):
        write_slow_sweep("watched", 4)
        with Job("watched", "watched", ranks=2) as job:
            job.wait_for_runs(1)
            time.sleep(0.5 * SLOW_RUN_S)
            status = status_of("watched")
            self.assertEqual(status["state"], "running")
            self.assertEqual(status["planned"], 4)
            self.assertEqual(sum(status[key] for key in ("done", "failed", "diverged", "running",
                                                         "left")), 4)
            self.assertGreaterEqual(status["running"], 1)
            self.assertGreater(status["seconds_left"], 0)
            job.kill()
            job.end()
        with open(path("watched", "progress.json"), encoding="utf-8") as file:
            progress = json.load(file)
        self.assertEqual(progress["state"], "running")
        progress["updated"] -= 60
        with open(path("watched", "progress.json"), "w", encoding="utf-8") as file:
            json.dump(progress, file)
        status = status_of("watched")
        self.assertEqual((status["state"], status["running"]), ("stopped", 0))
        self.assertEqual(run_to_end("watched", "watched", ranks=2).returncode, EXIT_OK)
        status = status_of("watched")
        self.assertEqual((status["state"], status["done"], status["left"]), ("finished", 4, 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
