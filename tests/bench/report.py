#!/usr/bin/env python3
"""How long `vggsweep report` takes for a large sweep, and how much memory.

    VGGSWEEP=build/vggsweep tests/bench/report.py [--runs 12672] [--source SWEEP.h5] [--keep DIR]

Grows results with pictures of 224 px (grow_results.py) from a small sweep, which is computed first unless --source
names one (two minutes on one core), writes their report, and prints seconds, MB of memory (the most at any
time) and of files. The target for 12,672 runs on two cores is 90 s and 600 MB; no test depends on it.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SMALL = """\
name: small
image: {size: 224}
objective: {steps: 40}
grid: {layer: [relu2_2, relu3_3], channel: [1, 7], lambda: [0, 50, 500]}
log: {every: 1, params: false}
"""


def compute_source(program, folder):
    (folder / "small.yaml").write_text(SMALL)
    subprocess.run([program, "run", folder / "small.yaml", "--out", folder / "small"], check=True, stdout=subprocess.DEVNULL)
    return folder / "small/sweep.h5"


def measure(program, results, out):
    """What the program says of the report, seconds, and the most MB that it took."""
    begun = time.monotonic()
    child = subprocess.Popen([program, "report", results, "--out", out, "--json"], stdout=subprocess.PIPE)
    answer = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit("report.py: the report failed")
    return answer, time.monotonic() - begun, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description="Measures the writing of a report.")
    parser.add_argument("--runs", type=int, default=12672)
    parser.add_argument("--source", type=pathlib.Path, help="a small sweep.h5 to grow from")
    parser.add_argument("--keep", type=pathlib.Path, help="where results and report go, and stay")
    arguments = parser.parse_args()
    program = os.environ.get("VGGSWEEP", "build/vggsweep")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        source = arguments.source or compute_source(program, folder)
        subprocess.run([sys.executable, HERE / "grow_results.py", source, folder / "grown", "--runs", str(arguments.runs),
                        "--pictures"], check=True, stdout=subprocess.DEVNULL)
        answer, seconds, memory, processor = measure(program, folder / "grown", folder / "report")
        print(f"{answer['stored']} runs, {answer['pictures']} pictures, {answer['bytes'] / 1e6:.0f} MB of files: "
              f"{seconds:.1f} s ({processor:.1f} s of processor), {memory:.0f} MB of memory")


if __name__ == "__main__":
    main()
