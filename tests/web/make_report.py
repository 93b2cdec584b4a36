"""Reports that the program itself writes, of small real sweeps: what the page's contract is tested with.

    make_report.py PROGRAM OUT     writes OUT/whole/ (all runs, some diverged, pictures and drawings), OUT/alone/ (lambda 0 alone) and OUT/part/
                                   (while its job computes); OUT/selected.json: what `rank --where` makes of whole/
"""
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

WHOLE = """\
name: whole # </script><b>&amp; \u2028
image: {size: 40}
objective: {steps: 4, style: {layers: [relu1_1]}}
strokes: {count: 12}
palette: {colors: 3}
plot: {page: A6, margin: 10}
grid:
  layer: [relu1_2, relu2_2]
  channel: [1]
  lambda: [0, 50, 1.0e38]
  seed: [1, 2]
  image.parametrization: [fourier, strokes]
  optimizer.lr: [0.05, 0.1]
log: {every: 2, snapshots: [0, 2]}
"""
# More than is computed while the report is written.
PART = """\
name: part
image: {size: 32}
objective: {steps: 40, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_2]
  channel: {range: [0, 63, 1]}
  rho: [0, 0.5, 1]
  optimizer.lr: [0.05, 0.1]
"""
# Of every kind that an expression can name: columns, axes by their last part, metrics, the verdict, its case.
EXPRESSIONS = [
    'layer == "relu2_2" && exc_gain > -0.2',
    "!(lambda > 0) || status == 'diverged'",
    "lr == 0.1 && parametrization == 'strokes'",
    "exc_eval != exc_eval",
    "verdict == 'tradeoff' || verdict == 'collapse'",
    "seeds_agreeing < seeds",
    "gain_low + gain_high < 2 * gain_mean + 1e-6 && abs(effect) >= min(0.1, coverage)",
    "layer == 'pool5'",
    "strokes > 0 && minutes / 2 < 10 - -max(pens, 3)",
]


# What one begins with: nothing is compared.
ALONE = """\
name: alone
image: {size: 48}
objective: {steps: 12, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_2, relu2_2]
  channel: {range: [0, 8, 1]}
"""


def call(*command):
    answer = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if answer.returncode not in (0, 3):  # 3: some runs diverged
        sys.exit(f"{command}: exit code {answer.returncode}\n{answer.stdout}{answer.stderr}")
    return answer.stdout


def write_whole(program, work, out):
    (work / "whole.yaml").write_text(WHOLE)
    results = work / "whole"
    call(program, "run", work / "whole.yaml", "--out", results)
    call(program, "report", results, "--out", out / "whole")
    selected = []
    for where in EXPRESSIONS:
        runs = json.loads(call(program, "rank", results, "--by", "exc_eval", "--where", where, "--json"))
        selected.append({"where": where, "ids": sorted(run["id"] for run in runs)})
    (out / "selected.json").write_text(json.dumps(selected))


def write_alone(program, work, out):
    (work / "alone.yaml").write_text(ALONE)
    call(program, "run", work / "alone.yaml", "--out", work / "alone")
    call(program, "report", work / "alone", "--out", out / "alone")


def write_part(program, work, out):
    (work / "part.yaml").write_text(PART)
    results = work / "part"
    with open(work / "part.log", "w") as log:
        job = subprocess.Popen([program, "run", work / "part.yaml", "--out", results], stdout=log, stderr=log)
    try:
        end = time.monotonic() + 120
        while len(list((results / "segments").glob("*.h5"))) < 3:
            if job.poll() is not None or time.monotonic() > end:
                sys.exit("the job of part.yaml stores nothing:\n" + (work / "part.log").read_text())
            time.sleep(0.05)
        call(program, "report", results, "--out", out / "part")
    finally:
        job.send_signal(signal.SIGTERM)
        job.wait(60)


def main():
    program, out = sys.argv[1], Path(sys.argv[2])
    shutil.rmtree(out, ignore_errors=True)
    work = out / "work"
    work.mkdir(parents=True)
    write_whole(program, work, out)
    write_alone(program, work, out)
    write_part(program, work, out)


main()
