"""The batch scripts under a made-up scheduler: a warning half-way ends the job with code 75 and
puts it back into the queue, and the next job goes on from there; a job that is cancelled, or that
stores nothing, does not come back."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SCRIPTS = pathlib.Path(__file__).parent.parent.parent / "scripts" / "batch"
PROGRAM = os.environ["VGGSWEEP"]
RUNS = 24
SWEEP = """\
name: queue
image: {size: 64}
objective: {steps: 15}
grid: {layer: [relu2_2], channel: {range: [0, 24]}, lambda: [0]}
"""
NOTHING = {"done": 0, "running": 0, "left": RUNS}
FOREVER = 1000000
LONG_SWEEP = """\
name: queue
image: {{size: 32}}
grid: {{layer: [relu1_1], channel: [0], lambda: [0], objective.steps: {steps}}}
"""


class Batch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="vggsweep-batch-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "sweep.yaml").write_text(SWEEP)
        self.calls = self.folder / "calls"
        for command in ["scontrol", "qsub"]:
            self.write_command(command, f'echo {command} "$@" >>{self.calls}')
        self.write_command("squeue", "date --date=1hour +%FT%T")
        self.write_command("launch", 'exec mpirun --oversubscribe -n 2 "$@"')
        self.environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                            "VGGSWEEP_LAUNCH": "launch", "SLURM_JOB_ID": "41",
                            "SWEEP": "sweep.yaml", "PBS_O_WORKDIR": str(self.folder)}

    def write_command(self, name, line):
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def start(self, *command):
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def status(self):
        answer = subprocess.run([PROGRAM, "status", self.folder / "results" / "queue", "--json"],
                                capture_output=True, text=True)
        return json.loads(answer.stdout) if answer.returncode == 0 else NOTHING

    def wait_for(self, job, condition):
        deadline = time.monotonic() + 60
        while not condition(self.status()):
            self.assertIsNone(job.poll(), "the job ended early")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def wait_for_runs(self, job, count):
        self.wait_for(job, lambda status: status["done"] >= count)

    def end(self, job, code):
        out, err = job.communicate(timeout=120)
        self.assertEqual(job.returncode, code, out + err)

    def test_slurm(self):
        script = ["bash", SCRIPTS / "slurm.sh", "sweep.yaml"]
        job = self.start(*script)
        self.wait_for_runs(job, 1)
        job.send_signal(signal.SIGUSR1)
        self.end(job, 75)
        self.assertEqual(self.calls.read_text(), "scontrol requeue 41\n")
        stopped = self.status()
        self.assertGreater(stopped["done"], 0)
        self.assertGreater(stopped["left"], 0)
        self.end(self.start(*script), 0)
        self.assertEqual(self.status()["done"], RUNS)
        self.assertEqual(self.calls.read_text(), "scontrol requeue 41\n")

    def give_up(self, steps, count):
        """A job that is at a run of FOREVER steps half a minute before its end, with `count` runs
        stored; ended as Slurm ends what is requeued. Returns what it said up to then."""
        (self.folder / "sweep.yaml").write_text(LONG_SWEEP.format(steps=steps))
        self.write_command("squeue", "date --date='32 seconds' +%FT%T")
        job = self.start("bash", SCRIPTS / "slurm.sh", "sweep.yaml")
        self.wait_for(job, lambda status: status["done"] == count and status["running"] > 0)
        job.send_signal(signal.SIGUSR1)
        said = ""
        while "back in" not in said and "not put back" not in said:
            line = job.stderr.readline()
            self.assertNotEqual(line, "", said)
            said += line
        job.send_signal(signal.SIGTERM)
        self.end(job, 1)  # mpirun's code for SIGTERM
        return said

    def test_slurm_puts_down_what_takes_too_long(self):
        self.assertIn("back in the queue", self.give_up([1, 2, FOREVER], 2))
        self.assertEqual(self.calls.read_text(), "scontrol requeue 41\n")

    def test_slurm_does_not_come_back_for_nothing(self):
        self.assertIn("nothing new was stored", self.give_up([FOREVER], 0))
        self.assertFalse(self.calls.exists())

    def test_slurm_leaves_a_cancelled_job_alone(self):
        # Under srun, here nothing, the code is 75 after SIGTERM too.
        self.environment["VGGSWEEP_LAUNCH"] = "env"
        job = self.start("bash", SCRIPTS / "slurm.sh", "sweep.yaml")
        self.wait_for_runs(job, 1)
        job.send_signal(signal.SIGTERM)
        self.end(job, 75)
        self.assertFalse(self.calls.exists())

    def test_slurm_passes_usage_errors_on(self):
        self.end(self.start("bash", SCRIPTS / "slurm.sh"), 2)
        self.end(self.start("bash", SCRIPTS / "slurm.sh", "absent.yaml"), 1)
        self.assertFalse(self.calls.exists())

    def test_pbs(self):
        # What mpirun is to the script, with two ranks; and jobs of two seconds.
        mpirun = subprocess.run(["which", "mpirun"], capture_output=True, text=True).stdout.strip()
        self.write_command("mpirun", f'exec {mpirun} --oversubscribe -n 2 "$@"')
        self.environment["VGGSWEEP_MINUTES"] = "0.033"
        for job in range(30):
            running = self.start("bash", SCRIPTS / "pbs.sh")
            out, err = running.communicate(timeout=120)
            if running.returncode == 0:
                break
            self.assertEqual(running.returncode, 75, out + err)
        self.assertEqual(self.status()["done"], RUNS)
        submitted = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.assertEqual(len(submitted), job, "each job that stopped early submitted the next")
        for line in submitted:
            self.assertRegex(line, "^qsub -v SWEEP=sweep.yaml,.*,VGGSWEEP_SCRIPT=pbs.sh pbs.sh$")


if __name__ == "__main__":
    sys.exit(unittest.main())
