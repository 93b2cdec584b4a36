"""What the tests of the command line share: calling the program, a tiny sweep, a folder's hash."""
import hashlib
import json
import os
import pathlib
import subprocess
import unittest

PROGRAM = os.environ["VGGSWEEP"]

# Small enough to take a second, with two of everything that is compared.
TINY = """\
name: tiny
seed: 7
image: {size: 32, parametrization: fourier}
objective: {steps: 6, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_2, relu2_2]
  channel: [1, 2]
  lambda: [0, 50]
log: {every: 2, snapshots: [0, 6]}
"""
TINY_RUNS = 8

# What no message to a user may look like, whatever went wrong.
INNARDS = ("HDF5-DIAG", "Assertion", "runtime error:", "Sanitizer", "Traceback", "#000")


def call(*arguments, **options):
    """Runs the program; the answer has returncode, stdout, stderr."""
    options.setdefault("timeout", 60)
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, **options)


def run_tiny_sweep(folder):
    """Writes the tiny sweep as folder/tiny.yaml and computes it into folder/results."""
    (folder / "tiny.yaml").write_text(TINY)
    answer = call("run", folder / "tiny.yaml", "--out", folder / "results")
    if answer.returncode != 0:
        raise RuntimeError(f"the tiny sweep did not run: {answer.stderr}")


def hash_folder(folder):
    """One digest of all names and contents in a folder but the lock, the news of the last job, and kept figures."""
    digest = hashlib.sha256()
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.name in ("lock", "progress.json", "figures.json"):
            continue
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


class ToolTest(unittest.TestCase):
    maxDiff = None

    def check_clean(self, answer):
        for innard in INNARDS:
            self.assertNotIn(innard, answer.stderr)
        self.assertGreaterEqual(answer.returncode, 0, f"killed by a signal: {answer.stderr}")

    def good(self, *arguments, code=0, **options):
        """Runs the program, which has to succeed; returns its stdout."""
        answer = call(*arguments, **options)
        self.check_clean(answer)
        self.assertEqual(answer.returncode, code, answer.stderr)
        return answer.stdout

    def good_json(self, *arguments, **options):
        return json.loads(self.good(*arguments, **options))

    def bad(self, *arguments, code, says, **options):
        """Runs the program, which has to refuse with this code and one message with these words."""
        answer = call(*arguments, **options)
        self.check_clean(answer)
        self.assertEqual(answer.returncode, code, f"{arguments}\n{answer.stdout}\n{answer.stderr}")
        self.assertEqual(answer.stdout, "", "a refusal prints no data")
        self.assertTrue(answer.stderr.startswith("vggsweep"), answer.stderr)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, answer.stderr, f"{arguments}")
        return answer.stderr
