#!/usr/bin/env python3
"""Whether two builds of the program give the same results: for changes that are meant to change none.

    /usr/bin/python3 tests/bench/same_results.py OLD NEW [--keep DIR] [--words] [--jobs N]

OLD and NEW are two vggsweep programs, say the last release and the one just restructured. In temporary folders (or
in DIR, where everything stays to be looked at) both compute the same small sweeps of every parametrization and are
asked everything there is to ask about them. Then NEW goes on in a copy of what OLD has left behind: it reads, merges
and resumes it. Tests hold a program against what is right; this holds it against what it was, in all that it writes:

  files of results   every group, array and attribute of sweep.h5 and of segments: shapes, types, chunks, filters, fill
                     values, dimension scales, and the bits of all values. Columns of /runs are compared by name.
  other files        manifest.json, progress.json (its keys), figures.json; SVG and PNG byte by byte; the report with its
                     data and chunks as JSON and its pictures byte by byte; prepared weights byte by byte
  answers            JSON as values, CSV by the names of its columns, paths, exit codes

Left out are times and what follows from them, the host, the version and the commit of the program, and the size of a
report in bytes, which is that of its page. Texts for people (tables, messages, the page of a report) may be reworded on
purpose: where they differ it is shown as "words", and only counts with --words. `--help` is not compared.

One line is printed for each thing compared, with the first differences below it. The exit code is 1 if anything
differs, 2 if nothing could be compared. It takes a minute or two for each program, and 1.6 GB of disk, most of it for
prepared weights. Two programs run at a time; --jobs 1 has them wait for each other.
"""
import argparse
import base64
import concurrent.futures
import csv
import hashlib
import io
import itertools
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import h5py
import numpy

# --- what is computed -------------------------------------------------------------------------------

# Together they have every parametrization, rules of the transforms, norm, schedule, kind of axis and stage, pictures of
# several sizes in one file, and runs that are done, that diverge and that fail.
SWEEPS = {
    "pixels": """\
name: pixels
seed: 3
image: {size: [56, 48], parametrization: pixels}
objective: {steps: 12, style: {image: builtin:mondrian, layers: [relu1_2, relu2_2], norm: gatys}}
regularizers: {tv: 0.01, l2: 0.001}
transforms: {jitter: 3, scale: [0.95, 1.05], rotate: 4, pad: 2}
grid:
  layer: [relu2_2, conv3_2]
  channel: [1, 7]
  lambda: [0, 50]
  optimizer.lr: [0.05, 0.1]
log: {every: 3, snapshots: [0, 5, 12]}
""",
    "fourier": """\
name: fourier
image: {size: 64, parametrization: fourier, decay: 0.8, sd: 0.02}
objective: {steps: 16, rescue: 4, style: {layers: [relu2_2]}}
transforms: {jitter: 4, scale: [0.9, 1.1], rotate: 6, crop: 48}
optimizer: {lr: 0.1, schedule: halving}
grid:
  layer: [relu2_1, relu4_1]
  channel: [2, 9]
  rho: [0, 0.5, 2]
  seed: [1, 2]
log: {every: 5, snapshots: [1, 16]}
""",
    "lambdas": """\
name: lambdas
image: {parametrization: fourier}
objective: {steps: 14, style: {image: style.png, layers: [relu1_1], norm: mse}}
grid:
  layer: [relu1_2, pool3]
  channel: {sample: 1, seed: 3}
  lambda: [0, 0.05, 1, 1.0e+300]
  seed: [1, 2]
  image.size: [32, [40, 36]]
log: {every: 1, params: false}
""",
    "strokes": """\
name: strokes
seed: 5
image: {size: 48, parametrization: strokes}
strokes: {count: 24, segments: 2, width: [1, 4]}
palette: {colors: 3}
plot: {page: A6, margin: 8, pen: 0.8}
objective: {steps: 12}
transforms: {jitter: 3, scale: [0.97, 1.03], rotate: 3}
grid:
  layer: [relu3_1]
  channel: [1, 7]
  lambda: [0, 20]
log: {every: 4, snapshots: [0, 12]}
""",
    "penned": """\
name: penned
seed: 6
image: {size: 64, parametrization: strokes}
strokes: {count: 12, segments: 1, width: [1, 5], opacity: 0.7, lr_opacity: 0.02, paper: '#ffeedd', start: start.svg}
palette: {pens: pens.yaml, refine: 1}
plot: {page: Letter-landscape, margin: 12.3}
objective: {steps: 10}
optimizer: {schedule: constant}
grid:
  layer: [relu2_2]
  channel: [4]
  lambda: [0, 10]
  strokes.color: [free, palette]
  strokes.closed: [false, true]
log: {every: 3, snapshots: [0, 4, 10]}
""",
    "levels": """\
name: levels
seed: 7
image: {size: 64, parametrization: strokes}
strokes: {count: 6, width: [1, 5], lr_points: 3}
palette: {pens: [[black, "#111111", 0.3], [red, "#cc2222", 0.5]]}
multiscale: {overlap: 0.1, share: 0.5}
objective: {steps: 10, style: {layers: [relu1_1]}}
grid:
  layer: [relu2_1]
  channel: [1]
  lambda: [0, 50]
  multiscale.levels: [1, 2]
log: {every: 2, snapshots: [0, 10]}
""",
    "tiles": """\
name: tiles
seed: 8
image: {size: 64}
multiscale: {levels: 2, overlap: 0.1, share: 1}
objective: {steps: 10}
optimizer: {schedule: cosine}
grid:
  layer: [relu2_2]
  channel: [3]
  lambda: [0, 20]
  image.parametrization: [pixels, fourier]
log: {every: 4, snapshots: [0, 20]}
""",
    "failing": """\
name: failing
image: {size: 48, parametrization: strokes}
strokes: {count: 2, start: white.svg, lr_color: 0}
objective: {steps: 4, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_2]
  channel: [1]
  lambda: [0, 50]
  palette.colors: [0, 2]
log: {every: 2}
""",
    "many": """\
name: many
image: {size: 32}
objective: {steps: 2, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_1]
  channel: {range: [0, 24]}
  lambda: [0, 50]
  seed: [1, 2]
log: {every: 1}
""",
}
OF_STROKES = ("strokes", "penned", "levels")
THREADS = {"strokes": 2}  # the others have one
FAILS = {"failing": 3, "lambdas": 3}  # exit codes; 0 of the others
# Sweeps that are computed a second time and stopped on the way, with the number of runs that are kept of that
# as segments of one run; of "many" so many runs were through that some are gathered in a larger segment too.
STOPPED = {"fourier": 3, "many": 1}

INPUTS = {
    "pens.yaml": """\
pens:
  - {name: "0.3 black", color: "#111111", width: 0.3}
  - {name: red & <blue>, color: "#e02040", width: 0.8}
  - {name: green, color: "#0a5", width: 0.5}
""",
    "rules.yaml": "win_gain: 0.001\ncollapse: 0.1\nsparse_ink: 0.05\n",
    "start.svg": """\
<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path d='M1 2C3 4 5 6 7 10' stroke='#00ff00' stroke-width='2'
fill='none'/><circle cx='12' cy='9' r='5' stroke='#a00' fill='none'/></svg>
""",
    "white.svg": """\
<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path d='M1 2C3 4 5 6 7 10M9 9L1 9' stroke='#fff'
stroke-width='2' fill='none'/></svg>
""",
    "drawing.svg": """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="200" viewBox="-10 -10 150 100"
  fill="none" stroke="#204080" stroke-linecap="round"><style>.fat { stroke-width: 6 } g path.small { stroke: teal }</style>
<line x1="1" y1="2" x2="40%" y2="30" stroke-width="2"/><polyline points="5,50 10,60,15 50 -3,9" stroke="rgb(200, 30, 40)"/>
<polygon points="60 5 80 5 70 20" stroke-width="2mm"/><rect x="90" y="30" width="30" height="20" rx="5" stroke="#e0b000"/>
<ellipse cx="50" cy="70" rx="14" ry="7" stroke-width="1pt" stroke-opacity="0.5"/><rect width="9" height="9" fill="red" stroke="none"/>
<g transform="translate(60,40) rotate(30) scale(0.6)"><path class="small" d="M0 0h40v20q30 10 30 50a30 20 30 1 1 10 20"/>
<path id="p" class="fat" d="M0 0c10 30 40-20 60 20s-10,10-20,0T90,120z"/></g><use xlink:href="#p" x="20" y="10" stroke="#209050"/>
<path d="M10 20L30 40"/><path d="M30 40L50 20"/><path d="M50 20L900 20" stroke="black"/></svg>
""",
    "bad.yaml": """\
name: bad
image: {sise: 48}
objective: {steps: 0, style: {layers: [relu9_9]}}
grid: {layer: [relu4_4], channel: [1, 999], lambda: [0, -1]}
""",
}


def style_picture():
    """A PNG of 40 x 30 pixels: stripes, blocks and a ramp, so that its Gram matrices have something in them."""
    rows = [b"\0" + bytes(value % 256 for x in range(40) for value in (x * 37 // 8 * 9, (x // 7 + y // 5) % 2 * 200 + x, y * 8))
            for y in range(30)]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
                                           for name, data in chunks)


# --- a program and its folder -----------------------------------------------------------------------

class Unable(Exception):
    """Why nothing can be compared."""


class Answer:
    """What the program said. `kind` is how its stdout is compared: as json, csv, exact or words; or as keys, JSON of which
    the values depend on time."""

    def __init__(self, kind, code, text, messages=""):
        self.kind, self.code, self.text, self.messages = kind, code, text, messages


class Side:
    """A program in a folder of its own, where all its files are, and all its answers by name."""

    def __init__(self, program, folder):
        self.program, self.folder, self.answers = program, folder, {}

    def line(self, arguments):
        return [self.program, *map(str, arguments)]

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "PMI", "SLURM_", "VGGSWEEP_CACHE"))}
        return {**kept, "LC_ALL": "C", "COLUMNS": "150", "VGGSWEEP_CACHE": str(self.folder / "cache"), **more}

    def call(self, name, kind, *arguments, **more):
        """Runs the program in its folder. Relative paths look the same on both sides."""
        answer = subprocess.run(self.line(arguments), cwd=self.folder, env=self.environment(**more), stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=1200)
        text, messages = (part.decode("utf-8", "surrogateescape") for part in (answer.stdout, answer.stderr))
        if name in self.answers:
            raise Unable(f"two calls are named {name}")
        self.answers[name] = Answer(kind, answer.returncode, text, messages)
        return self.answers[name]

    def results(self):
        """Names of the results folders."""
        return sorted(path.name for path in (self.folder / "results").iterdir())

    def runs(self, name):
        """Ids of the runs of a results folder, in the order of the grid."""
        table = {}
        for path in h5_files(self.folder / "results" / name):
            with h5py.File(path) as file:
                table.update((int(row["index"]), row["id"].decode()) for row in file["runs"][:])
        return [table[index] for index in sorted(table)]

    # --- computing

    def compute(self):
        """All sweeps, and those that are stopped on the way."""
        (self.folder / "results").mkdir(parents=True)
        for name, text in {**INPUTS, **{f"{name}.yaml": text for name, text in SWEEPS.items()}}.items():
            (self.folder / name).write_text(text)
        (self.folder / "style.png").write_bytes(style_picture())
        for name in SWEEPS:
            answer = self.call(f"run {name}", "exact", "run", f"{name}.yaml", "--threads", THREADS.get(name, 1))
            if answer.code != FAILS.get(name, 0):
                raise Unable(f"{self.program} run {name}.yaml: exit code {answer.code}\n{answer.messages}")
        running = self.compute_a_part("fourier", signal.SIGKILL,
                                      lambda counts, running: counts[-1] > STOPPED["fourier"] and running.get("ranks"))
        self.answers["progress.json, running"] = Answer("keys", 0, json.dumps(running))
        # The number of segments falls when they are gathered.
        self.compute_a_part("many", signal.SIGUSR1, lambda counts, _: max(counts) >= 32 and 2 <= counts[-1] < 32)

    def compute_a_part(self, name, how, is_enough):
        """A folder with exactly the runs that STOPPED says: those that were through first are the same everywhere.
        Gives progress.json as it was when there was enough by the counts of segments so far, and by itself."""
        folder = self.folder / "results" / f"{name}-part"
        child = subprocess.Popen(self.line(["run", f"{name}.yaml", "--out", f"results/{folder.name}"]), cwd=self.folder,
                                 env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        counts, running = [0], {}
        while not is_enough(counts, running):
            if child.poll() is not None:
                raise Unable(f"{self.program} run {name}.yaml was through before it was stopped")
            time.sleep(0.01)
            counts.append(len(list((folder / "segments").glob("*.h5"))))
            running = json.loads((folder / "progress.json").read_text()) if (folder / "progress.json").exists() else {}
        child.send_signal(how)
        self.answers[f"run {name}, stopped"] = Answer("exact", child.wait(), "")
        (folder / "progress.json").unlink()
        singles = []
        for path in h5_files(folder):
            with h5py.File(path) as file:
                if len(file["runs"]) == 1:
                    singles.append((float(file["runs"]["finished"][0]), path))
        for _, path in sorted(singles)[STOPPED[name]:]:
            path.unlink()
        return running

    # --- asking

    def ask(self):
        """Everything that only reads results."""
        (self.folder / "out").mkdir()
        for name in self.results():
            self.ask_about_progress(name)
            self.ask_for_rankings(name)
            self.ask_for_runs(name)
            self.call(f"sheet {name}", "exact", "sheet", f"results/{name}", "--png", f"out/{name}-sheet.png")
            self.call(f"report {name}", "json", "report", f"results/{name}", "--json", "--threads", 2)
        self.call("sheet --layer", "exact", "sheet", "results/pixels", "--png", "out/sheet-layer.png", "--layer", "conv3_2", "--top", 1,
                  "--cell", 32)
        self.call("report of a file", "words", "report", "results/levels/sweep.h5", "--out", "out/report-file", "--drawings", 1, "--top", 2,
                  "--verdicts", "rules.yaml")
        for name in OF_STROKES:
            self.ask_for_drawings(name)
        self.ask_about_svg()
        self.ask_without_results()
        self.make_mistakes()

    def ask_about_progress(self, name):
        self.call(f"status {name}", "json", "status", f"results/{name}", "--json")
        self.call(f"status {name}, table", "words", "status", f"results/{name}")
        line = ["plan", f"{name.removesuffix('-part')}.yaml", "--out", f"results/{name}"]
        self.call(f"plan {name}", "json", *line, "--json", "--ranks", 3)
        if name.startswith("fourier"):
            self.call(f"plan {name}, table", "words", *line)

    def ask_for_rankings(self, name):
        weight = "rho" if name.startswith("fourier") else "lambda"
        options = [[], ["--where", f"{weight} > 0 && exc_gain > -0.5"], ["--by", "exc_gain + 0.5*effect"], ["--collapse"], ["--shares"]]
        if name in ("fourier", "lambdas", "penned", "fourier-part"):
            options += [["--by", "style_dist"], ["--verdicts", "rules.yaml"], ["--diverse", "--top", "3"], ["--pictures"],
                        ["--where", 'verdict == "tradeoff" || status != "done"', "--by", "zscore", "--ascending"],
                        ["--by", "abs(end_slope) * 2 - min(coverage, 0.5)"], ["--verdict", "collapse"], ["--by", "minutes"],
                        ["--where", "kept_plotted > 0.5 && pens <= 3"]]
        for number, option in enumerate(options):
            line = ["rank", f"results/{name}", *option]
            self.call(f"rank {name} {' '.join(option)}", "json", *line, "--json")
            if number % 2 == 0:
                self.call(f"rank {name} {' '.join(option)}, csv", "csv", *line, "--format", "csv")
            if number % 3 == 0:
                self.call(f"rank {name} {' '.join(option)}, table", "words", *line)
        self.call(f"rank {name} --baselines, narrow", "words", "rank", f"results/{name}", "--baselines", COLUMNS="70")
        if (self.folder / "results" / name / "sweep.h5").exists():
            self.call(f"rank {name}, file", "json", "rank", f"results/{name}/sweep.h5", "--json")

    def ask_for_runs(self, name):
        runs = self.runs(name)
        for run in (runs[0], runs[1 if name == "failing" else -1]):
            self.call(f"show {name} {run}", "json", "show", f"results/{name}", run, "--json")
            self.call(f"show {name} {run}, table", "words", "show", f"results/{name}", run[:10], "--verdicts", "rules.yaml")
            self.call(f"export {name} {run}", "exact", "export", f"results/{name}", run, "--png", f"out/{name}-{run}.png")

    def ask_for_drawings(self, name):
        first, last = self.runs(name)[0], self.runs(name)[-1]
        for number, (run, options) in enumerate([
                (first, ["--preview", f"out/{name}-preview.png"]), (last, ["--pens", "stabilo-point-88", "--page", "A5", "--margin", "5"]),
                (last, ["--page", "native", "--strokes", "5"]), (first, ["--pens", "pens.yaml", "--threads", "2"])]):
            self.call(f"export {name} {number}", "json", "export", f"results/{name}", run, "--svg", f"out/{name}-{number}.svg", *options)
        for number, options in enumerate([["--pens", "1"], ["--pens", "bic-4-colour", "--png", f"out/{name}-refined.png"], []]):
            line = ["refine", f"results/{name}", last, "--steps", 3, "--svg", f"out/{name}-refined-{number}.svg", *options]
            self.call(f"refine {name} {number}", "json", *line, "--json")
        self.call(f"refine {name}, table", "words", *line)

    def ask_about_svg(self):
        drawings = {"drawing": "drawing.svg", "exported": "out/strokes-2.svg"}
        for name, svg in drawings.items():
            preview = ["--preview", f"out/plot-{name}.png"]
            for number, options in enumerate([[], ["--pens", "sakura-micron", "--page", "A3-landscape", "--margin", "20", *preview],
                                              ["--page", "native", "--strokes", "3"], ["--pens", "pens.yaml", "--page", "letter"]]):
                line = ["plot", svg, "--svg", f"out/plot-{name}-{number}.svg", *options]
                self.call(f"plot {name} {number}", "json", *line, "--json")
            self.call(f"plot {name}, table", "words", *line)
            for number, options in enumerate([[], ["--pens", "2"], ["--pens", "staedtler-triplus"], ["--pens", "pens.yaml"]]):
                line = ["palette", svg, "--svg", f"out/palette-{name}-{number}.svg", "--swatches", f"out/swatches-{name}-{number}.png",
                        *options]
                self.call(f"palette {name} {number}", "json", *line, "--json")
            self.call(f"palette {name}, table", "words", *line)

    def ask_without_results(self):
        self.call("schema", "json", "schema")
        self.call("weights", "json", "weights", "builtin", "--json")
        self.call("weights, table", "words", "weights", "builtin")
        self.call("bench", "keys", "bench", "--size", 32, "--layer", "relu2_2", "--json")
        for option in ("metrics", "verdicts"):
            self.call(f"rank --help-{option}", "words", "rank", f"--help-{option}")
        picture = f"out/fourier-{self.runs('fourier')[0]}.png"
        for number, (image, options) in enumerate([
                (picture, ["--layer", "relu3_1", "--channel", 5, "--lambda", 3]),
                (picture, ["--layer", "conv2_2", "--channel", 0, "--conv", "reference", "--gradient", "out/gradient.h5"]),
                (picture, ["--layer", "relu2_2", "--channel", 3, "--conv", "fast", "--gradient", "out/gradient-fast.h5", "--norm", "mse",
                           "--style", "style.png", "--style-layer", "relu1_1,relu2_1", "--threads", 2]),
                ("builtin:mondrian", ["--layer", "pool2", "--channel", 9, "--size", 40, "--norm", "gatys", "--family", "torchvision"])]):
            self.call(f"eval {number}", "json", "eval", image, *options, "--json")
            self.call(f"eval {number}, table", "words", "eval", image, *options)

    def make_mistakes(self):
        """What is refused, and with which exit code."""
        run = self.runs("pixels")[0]
        for number, line in enumerate([
                ["plan", "bad.yaml"], ["run", "bad.yaml"], ["plan", "none.yaml"], ["run", "pixels.yaml", "--set", "objective.steps=13"],
                ["plan", "pixels.yaml", "--set", "objective.steps=13"], ["plan", "pixels.yaml", "--set", "objective.stepz=13"],
                ["show", "results/pixels", "0123"], ["show", "results/none", "0"], ["rank", "results/pixels", "--by", "exc_gian"],
                ["rank", "results/pixels", "--where", "lambda >"], ["rank", "results/pixels", "--verdicts", "pens.yaml"],
                ["export", "results/pixels", run, "--svg", "out/none.svg"], ["refine", "results/pixels", run],
                ["plot", "none.svg", "--svg", "x"], ["plot", "drawing.svg", "--svg", "x", "--page", "A9"], 
                ["palette", "drawing.svg", "--pens", "99"], ["eval", "drawing.svg"],
                ["eval", "style.png", "--layer", "relu2_2", "--channel", "128"], ["weights", "style.png"], ["rnak"], [], ["rank"],
                ["report", "results/pixels", "--out", "out"]]):
            # The fifth prints the plan, with its times, before it refuses.
            self.call(f"mistake {number} ({' '.join(line)})", "words" if number == 4 else "exact", *line)

    # --- going on

    def go_on(self):
        """What writes into the folders that are there."""
        for name in SWEEPS:
            path = self.folder / "results" / name / "sweep.h5"
            before = path.read_bytes()
            self.call(f"run {name} again", "exact", "run", f"{name}.yaml")
            if path.read_bytes() != before:
                self.answers[f"run {name} again"].text += f"{self.folder.name} has written sweep.h5 anew\n"
        self.call("run failing --retry-failed", "exact", "run", "failing.yaml", "--out", "results/failing", "--retry-failed")
        for name in STOPPED:
            shutil.copytree(self.folder / "results" / f"{name}-part", self.folder / "results" / f"{name}-part-merged")
            self.call(f"merge {name}-part", "exact", "merge", f"results/{name}-part-merged")
            self.call(f"run {name}-part", "exact", "run", f"{name}.yaml", "--out", f"results/{name}-part")


def h5_files(folder):
    """The files that a results folder consists of; its segments are read first, as one that was merged is in both."""
    return [path for path in [*sorted((folder / "segments").glob("*.h5")), folder / "sweep.h5"] if path.exists()]


# --- comparisons ------------------------------------------------------------------------------------

# Times and what follows from them, the host, and which program it was: not compared, but for being there.
LEFT_OUT = {"seconds", "finished", "created", "generated", "started", "updated", "since", "hours", "hours_left", "longest_run_seconds",
            "seconds_left", "runs_per_hour", "gflops_per_rank", "host", "version", "commit", "program_version", "program_commit", "bytes"}
SHOWN = 4  # differences of each kind below a line


class Comparison:
    """One line of what is printed: a thing, how many values of it were compared, and where they differ."""

    def __init__(self, title):
        self.title, self.count, self.differences, self.words = title, 0, [], []

    def values(self, count):
        self.count += count

    def differ(self, where, old, new):
        if isinstance(old, str) and isinstance(new, str):
            old, new = first_difference(old, new)
        self.differences.append(f"{where}: {brief(old)} against {brief(new)}")

    def same(self, where, old, new):
        """One value; says whether it is the same."""
        self.count += 1
        if type(old) is type(new) and old == new:
            return True
        self.differ(where, old, new)
        return False

    def same_names(self, where, old, new):
        """Names that either has; gives those that both have."""
        self.count += len(set(old) | set(new))
        for name in sorted(set(old) ^ set(new)):
            self.differ(f"{where} {name}", *("there" if name in names else "missing" for names in (old, new)))
        return [name for name in old if name in new]

    def same_words(self, where, old, new):
        self.count += 1
        if old != new:
            self.words.append("{}: {} against {}".format(where, *map(brief, first_difference(old, new))))

    def print(self):
        verdict = "DIFFERS" if self.differences else "words" if self.words else "same" if self.count else "nothing"
        said = f"{self.count:,} values"
        for number, what in ((len(self.differences), "differ"), (len(self.words), "texts differ in words")):
            said += f", {number:,} {what}" if number else ""
        print(f"{verdict:8} {self.title}: {said}", flush=True)
        for found in (self.differences, self.words):
            for line in found[:SHOWN]:
                print(f"           {line}")
            if len(found) > SHOWN:
                print(f"           and {len(found) - SHOWN:,} more")


def first_difference(*texts):
    """The first lines in which two texts differ."""
    lines = [text.split("\n") for text in texts]
    return next(((a, b) for a, b in itertools.zip_longest(*lines, fillvalue="(the end)") if a != b), texts)


def brief(value):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 110 else f"{text[:107]}..."


# --- HDF5 -------------------------------------------------------------------------------------------

def type_of(kind):
    """All that there is to a type, but for the order of columns and their places in a row."""
    form = kind.get_class()
    if form == h5py.h5t.COMPOUND:
        members = {kind.get_member_name(i).decode(): type_of(kind.get_member_type(i)) for i in range(kind.get_nmembers())}
        return ("compound", members)
    if form == h5py.h5t.STRING:
        return ("text", "variable" if kind.is_variable_str() else kind.get_size(), kind.get_strpad(), kind.get_cset())
    if form == h5py.h5t.INTEGER:
        return ("integer", kind.get_size(), kind.get_order(), kind.get_sign(), kind.get_precision())
    if form == h5py.h5t.FLOAT:
        return ("float", kind.get_size(), kind.get_order(), kind.get_fields(), kind.get_ebias(), kind.get_norm())
    if form == h5py.h5t.VLEN:
        return ("list", type_of(kind.get_super()))
    if form == h5py.h5t.REFERENCE:
        return ("reference", kind.get_size())
    return ("other", kind.encode())


def plain_value(value, file):
    """A value of an attribute as something that == compares: bits of numbers, names of what is referred to."""
    if isinstance(value, h5py.Reference):
        name = h5py.h5r.get_name(value, file.id) if value else None
        return name.decode() if name else "nowhere"
    if isinstance(value, numpy.void) and value.dtype.names:
        return {name: plain_value(value[name], file) for name in value.dtype.names}
    if isinstance(value, numpy.ndarray):
        if value.dtype.names or value.dtype.hasobject:
            return [plain_value(one, file) for one in value]
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, numpy.generic) and not isinstance(value, (numpy.bytes_, numpy.str_)):
        return value.dtype.str, repr(value.item()), value.tobytes().hex()
    if isinstance(value, str):  # texts may name the source that says more, which may have moved
        return re.sub(r"\bcore/\w+/\w+[.]h\b", "core/...", value)
    return value


def attributes_of(item):
    """{name: (type, shape, value)}. What a table says of its columns by number is named by the column."""
    found = {}
    columns = item.dtype.names if isinstance(item, h5py.Dataset) else None
    for name in item.attrs:
        attribute = item.attrs.get_id(name)
        value = None if name in LEFT_OUT else plain_value(item.attrs[name], item.file)
        kind = "left out" if name in LEFT_OUT else type_of(attribute.get_type())
        of_column = re.fullmatch(r"FIELD_(\d+)_(\w+)", name)
        if columns and of_column and int(of_column[1]) < len(columns):
            name = f"{of_column[2]} of the column {columns[int(of_column[1])]}"
        found[name] = (kind, attribute.shape, value)
    return found


def storage_of(array):
    """How an array is stored, as {what: value}."""
    plan = array.id.get_create_plist()
    fill = array.fillvalue
    fills = {name: fill[name].tobytes() for name in array.dtype.names} if array.dtype.names else numpy.asarray(fill).tobytes()
    stored = {"shape": array.shape, "most": array.maxshape, "type": type_of(array.id.get_type()), "layout": plan.get_layout(),
              "chunks": array.chunks, "filters": [plan.get_filter(i) for i in range(plan.get_nfilters())],
              "fill": (plan.fill_value_defined(), fills), "times": (plan.get_fill_time(), plan.get_alloc_time())}
    if array.chunks:
        places = range(array.id.get_num_chunks())
        stored["chunks written"] = sorted(array.id.get_chunk_info(i).chunk_offset for i in places)
    return stored


def compare_bits(comparison, where, old, new):
    """Two numpy arrays of the same shape."""
    comparison.values(old.size)
    if old.dtype != new.dtype or old.dtype.hasobject:
        for index in numpy.ndindex(old.shape):
            if type(old[index]) is not type(new[index]) or old[index] != new[index]:
                comparison.differ(f"{where}[{', '.join(map(str, index))}]", old[index], new[index])
        return
    rows = [numpy.frombuffer(array.tobytes(), numpy.uint8).reshape(old.size, old.dtype.itemsize) for array in (old, new)]
    for at in numpy.flatnonzero((rows[0] != rows[1]).any(axis=1)):
        index = numpy.unravel_index(at, old.shape)
        values = [f"{float(array[index])!r}" if array.dtype.kind == "f" else str(array[index]) for array in (old, new)]
        if values[0] == values[1]:  # as of two kinds of NaN
            values = [rows[i][at].tobytes().hex() for i in range(2)]
        comparison.differ(f"{where}[{', '.join(map(str, index))}]", *values)


def compare_arrays(comparison, where, old, new):
    stored = [storage_of(array) for array in (old, new)]
    for what in comparison.same_names(f"{where} has", *stored):
        comparison.same(f"{where} {what}", stored[0][what], stored[1][what])
    if old.shape != new.shape or old.shape is None:
        return
    values = [array[()] for array in (old, new)]
    if not (old.dtype.names and new.dtype.names):
        compare_bits(comparison, where, *map(numpy.asarray, values))
        return
    for column in comparison.same_names(f"{where} column", old.dtype.names, new.dtype.names):
        if column not in LEFT_OUT:
            compare_bits(comparison, f"{where}.{column}", values[0][column], values[1][column])


def compare_items(comparison, where, old, new):
    """Two groups or arrays and what is below them."""
    found = [attributes_of(item) for item in (old, new)]
    for name in comparison.same_names(f"{where} attribute", *found):
        for what, before, after in zip(("type of ", "shape of ", ""), found[0][name], found[1][name]):
            comparison.same(f"{where} {what}attribute {name}", before, after)
    if not comparison.same(f"{where} is", type(old).__name__, type(new).__name__):
        return
    if isinstance(old, h5py.Dataset):
        compare_arrays(comparison, where, old, new)
    elif isinstance(old, h5py.Group):
        orders = [item.id.get_create_plist().get_link_creation_order() for item in (old, new)]
        comparison.same(f"{where} order of links", *orders)
        for name in comparison.same_names(f"{where} has", list(old), list(new)):
            links = [item.get(name, getlink=True) for item in (old, new)]
            comparison.same(f"{where.rstrip('/')}/{name} link", *(type(link).__name__ for link in links))
            compare_items(comparison, f"{where.rstrip('/')}/{name}", old[name], new[name])


def compare_h5(comparison, where, old, new):
    with h5py.File(old) as before, h5py.File(new) as after:
        comparison.same(f"{where} version", *(file.id.get_create_plist().get_version() for file in (before, after)))
        compare_items(comparison, f"{where}/", before["/"], after["/"])


def segments_of(folder):
    """{ids of the runs: file}: files have names that tell of a process."""
    found = {}
    for path in (folder / "segments").glob("*.h5"):
        with h5py.File(path) as file:
            found[" ".join(sorted(row.decode() for row in file["runs"]["id"]))] = path
    return found


# --- JSON, CSV, words -------------------------------------------------------------------------------

def unique(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def refuse(word):
    raise ValueError(f"{word} is no JSON")


def read_json(comparison, where, *texts):
    """Both parsed, or None with the difference noted."""
    try:
        return [json.loads(text, object_pairs_hook=unique, parse_constant=refuse) for text in texts]
    except ValueError as problem:
        comparison.differ(where, "JSON", str(problem))
        return None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def compare_json(comparison, where, old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        for key in comparison.same_names(f"{where} key", old, new):
            if key not in LEFT_OUT:
                compare_json(comparison, f"{where}.{key}", old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list):
        comparison.same(f"{where} length", len(old), len(new))
        for index, (before, after) in enumerate(zip(old, new)):
            compare_json(comparison, f"{where}[{index}]", before, after)
    elif is_number(old) and is_number(new) and type(old) is not type(new):
        comparison.same(where, repr(float(old)), repr(float(new)))  # 1 and 1.0 are one number, 0.0 and -0.0 are two
    elif isinstance(old, float) and isinstance(new, float):
        comparison.same(where, repr(old), repr(new))
    else:
        comparison.same(where, old, new)


def keys_of(value, path=""):
    """Paths of all keys; entries of a list are one."""
    if isinstance(value, dict):
        return {path}.union(*(keys_of(one, f"{path}.{key}") for key, one in value.items()))
    if isinstance(value, list):
        return {path}.union(*(keys_of(one, f"{path}[]") for one in value))
    return {path}


def compare_csv(comparison, where, old, new):
    tables = [list(csv.reader(io.StringIO(text))) for text in (old, new)]
    comparison.same(f"{where} rows", *map(len, tables))
    if not all(tables):
        comparison.same(where, old, new)
        return
    columns = [dict(zip(table[0], zip(*table[1:]) if len(table) > 1 else [()] * len(table[0]))) for table in tables]
    for name in comparison.same_names(f"{where} column", *columns):
        if name not in LEFT_OUT:
            for row, (before, after) in enumerate(zip(columns[0][name], columns[1][name])):
                comparison.same(f"{where} {name}[{row}]", before, after)


# What a job says of itself every half minute.
PROGRESS = re.compile(r"\d+ of \d+ runs(, \d+ (failed|diverged))*(, \d+ runs/h)?(, [^,]* left)?")
TIMED = re.compile(r"\b\d[\d.,]*(e[-+]?\d+)? ?(ns|us|ms|s|min|minutes?|h|hours?|days?|GFLOP/s|MB)\b|\d{4}-\d\d-\d\d[T ][\d:]+Z?")


def words_of(text, folder):
    """A text without times, news of progress, and the path of its folder. Where a time was the columns may have moved."""
    def line_of(line):
        timeless = TIMED.sub("*", line)
        return line if timeless == line else re.sub(r"\s+", " ", timeless)
    lines = text.replace(str(folder), "FOLDER").split("\n")
    return "\n".join(line_of(line) for line in lines if not PROGRESS.fullmatch(line))


def compare_answers(comparison, name, sides):
    answers = [side.answers[name] for side in sides]
    folders = [side.folder for side in sides]
    kind = answers[0].kind
    comparison.same(f"{name}: exit code", *(answer.code for answer in answers))
    if not name.startswith("run ") and (answers[0].code != 0) != name.startswith("mistake"):
        comparison.differ(f"{name}: what this script asks", "to fail" if name.startswith("mistake") else "to be answered",
                          f"exit code {answers[0].code} of OLD: {answers[0].messages}")
    texts = [answer.text.replace(str(folder), "FOLDER") for answer, folder in zip(answers, folders)]
    if kind == "csv":
        compare_csv(comparison, name, *texts)
    elif kind in ("json", "keys") and any(texts):
        parsed = read_json(comparison, name, *texts)
        if parsed and kind == "json":
            compare_json(comparison, name, *parsed)
        elif parsed:
            comparison.same_names(f"{name}: key", *map(keys_of, parsed))
    elif kind == "words":
        comparison.same_words(name, *(words_of(answer.text, folder) for answer, folder in zip(answers, folders)))
    else:
        comparison.same(name, *texts)
    comparison.same_words(f"{name}: messages", *(words_of(answer.messages, folder) for answer, folder in zip(answers, folders)))


# --- files ------------------------------------------------------------------------------------------

def files_of(folder):
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def compare_bytes(comparison, where, old, new):
    contents = [path.read_bytes() for path in (old, new)]
    comparison.values(1)
    if contents[0] == contents[1]:
        return
    at = next((i for i, (a, b) in enumerate(zip(*contents)) if a != b), min(map(len, contents)))
    told = [f"{len(data):,} bytes, at {at:,} {data[at:at + 24]!r}" for data in contents]
    comparison.differ(where, *told)


DATA = re.compile(r'(<script type="application/json" id="report-data">)(.*?)(</script>)', re.S)
CHUNK = re.compile(r"vggsweepChunk\((\d+),(\{.*\})\)\n", re.S)


def compare_page(comparison, where, old, new, folders):
    """The data of a report as JSON, the rest of its page as words."""
    texts = [path.read_text(encoding="utf-8") for path in (old, new)]
    data = [DATA.search(text) for text in texts]
    if comparison.same(f"{where} has data", *(found is not None for found in data)) and data[0]:
        parsed = read_json(comparison, where, *(found[2] for found in data))
        if parsed:
            compare_json(comparison, where, *parsed)
    pages = [DATA.sub(r"\1\3", text) for text in texts]
    comparison.same_words(f"{where}: page", *(words_of(page, folder) for page, folder in zip(pages, folders)))


def compare_chunk(comparison, where, old, new):
    chunks = [CHUNK.fullmatch(path.read_text(encoding="utf-8")) for path in (old, new)]
    if not comparison.same(f"{where} is a chunk", *(chunk is not None for chunk in chunks)) or chunks[0] is None:
        return
    comparison.same(f"{where} number", *(chunk[1] for chunk in chunks))
    parsed = read_json(comparison, where, *(chunk[2] for chunk in chunks))
    if not parsed:
        return
    traces = [one.pop("traces", {}) for one in parsed]
    compare_json(comparison, where, *parsed)
    for name in comparison.same_names(f"{where} trace", *traces):
        values = [numpy.frombuffer(base64.b64decode(one[name]), "<f4") for one in traces]
        if comparison.same(f"{where} {name} size", *map(len, values)):
            compare_bits(comparison, f"{where} {name}", *values)


def compare_report(comparison, folders, roots):
    files = [files_of(folder) for folder in folders]
    for name in comparison.same_names("file", *files):
        pair = [one[name] for one in files]
        if name == "index.html":
            compare_page(comparison, name, *pair, roots)
        elif name.startswith("chunks/"):
            compare_chunk(comparison, name, *pair)
        elif pair[0].suffix in (".jpg", ".png", ".svg"):
            compare_bytes(comparison, name, *pair)
        else:
            comparison.same_words(name, *(path.read_text(encoding="utf-8", errors="replace") for path in pair))


def compare_small_files(comparison, folders):
    """What lies beside the runs in a results folder."""
    for name, by_keys in (("manifest.json", False), ("progress.json", True), ("figures.json", False)):
        paths = [folder / name for folder in folders]
        if not comparison.same(f"{name} is there", *(path.exists() for path in paths)) or not paths[0].exists():
            continue
        parsed = read_json(comparison, name, *(path.read_text() for path in paths))
        if not parsed:
            continue
        if name == "figures.json":  # each figure with the times at which its two runs were finished
            for one in parsed:
                for metric in (value for value in one.values() if isinstance(value, dict)):
                    metric.update((run, figures[0]) for run, figures in metric.items())
        if by_keys:
            comparison.same_names(f"{name}: key", *map(keys_of, parsed))
        else:
            compare_json(comparison, name, *parsed)


# --- the whole --------------------------------------------------------------------------------------

class Verdict:
    """All comparisons, printed one by one."""

    def __init__(self):
        self.all = []

    def tell(self, title, compare, *arguments):
        comparison = Comparison(title)
        compare(comparison, *arguments)
        if comparison.count == 0:
            comparison.differ("nothing was compared", "something", "nothing")
        comparison.print()
        self.all.append(comparison)


def compare_results(verdict, name, sides, title):
    """One results folder; its arrays, and the small files."""
    folders = [side.folder / "results" / name for side in sides]
    segments = [segments_of(folder) for folder in folders]

    def compare(comparison):
        comparison.same("sweep.h5 is there", *((folder / "sweep.h5").exists() for folder in folders))
        if all((folder / "sweep.h5").exists() for folder in folders):
            compare_h5(comparison, "", *(folder / "sweep.h5" for folder in folders))
        for ids in comparison.same_names("segment of", *segments):
            compare_h5(comparison, f"segment of {ids[:8]}...", *(one[ids] for one in segments))
        compare_small_files(comparison, folders)
    verdict.tell(f"{title} {name}", compare)


def compare_talk(verdict, sides, title, known=()):
    """All answers that are not known already, by command."""
    groups = {}
    for side in sides:
        for name in side.answers:
            if name not in known:
                groups.setdefault(name.split()[0].rstrip(","), ({}, {}))[sides.index(side)][name] = None

    def compare(comparison, answers):
        for name in comparison.same_names("answer of", *answers):
            compare_answers(comparison, name, sides)
    for group, answers in groups.items():
        verdict.tell(f"{title} {group}, {len(answers[0])} answers", compare, answers)


def compare_written(verdict, sides, results, title):
    """What was written on demand, and reports of these results."""
    def compare_out(comparison):
        files = [{name: path for name, path in files_of(side.folder / "out").items() if not name.startswith("report-")} for side in sides]
        for name in comparison.same_names("file", *files):
            pair = [one[name] for one in files]
            if name.endswith(".h5"):
                compare_h5(comparison, name, *pair)
            else:
                compare_bytes(comparison, name, *pair)
    verdict.tell(f"{title} SVG, PNG and gradients", compare_out)
    for name in results:
        folders = [side.folder / "results" / name / "report" for side in sides]
        verdict.tell(f"{title} report of {name}", compare_report, folders, [side.folder for side in sides])
    verdict.tell(f"{title} report of a file", compare_report, [side.folder / "out/report-file" for side in sides],
                 [side.folder for side in sides])


def compare_caches(comparison, folders):
    """Prepared weights, under names that are digests of what they were made of."""
    files = [files_of(folder) for folder in folders]
    for name in comparison.same_names("file", *files):
        digests = []
        for one in files:
            with open(one[name], "rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        comparison.same(name, *digests)


def tell_progress(text):
    print(f"-- {text}", file=sys.stderr, flush=True)


def at_once(jobs, *calls):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def compare_all(programs, root, jobs):
    # Paths of equal length, so that no text in a file is longer than its twin.
    old, new, mixed = (Side(program, root / name) for program, name in zip([*programs, programs[1]], ("old", "new", "mix")))
    verdict = Verdict()
    tell_progress("OLD and NEW compute sweeps")
    at_once(jobs, old.compute, new.compute)
    names, computed = old.results(), set(old.answers)
    compare_talk(verdict, (old, new), "computed:")
    for name in names:
        compare_results(verdict, name, (old, new), "computed:")
    shutil.copytree(old.folder, mixed.folder)

    tell_progress("they are asked about these, and NEW about those of OLD")
    at_once(jobs, old.ask, new.ask, mixed.ask)
    asked = computed | set(old.answers)
    for side, title in ((new, "asked:"), (mixed, "NEW asked about OLD's files:")):
        compare_talk(verdict, (old, side), title, computed)
        compare_written(verdict, (old, side), names, title)
        verdict.tell(f"{title} prepared weights", compare_caches, [old.folder / "cache", side.folder / "cache"])

    tell_progress("they go on with these, and NEW with those of OLD")
    at_once(jobs, old.go_on, new.go_on, mixed.go_on)
    for side, title in ((new, "gone on:"), (mixed, "NEW gone on in OLD's folders:")):
        compare_talk(verdict, (old, side), title, asked)
        for name in old.results():
            compare_results(verdict, name, (old, side), title)
    for name in STOPPED:
        for side, who in ((old, "OLD"), (new, "NEW"), (mixed, "NEW in OLD's folder")):
            paths = [old.folder / "results" / name / "sweep.h5", side.folder / "results" / f"{name}-part" / "sweep.h5"]
            verdict.tell(f"stopped and ended by {who}, against OLD's {name} in one go", compare_h5, "", *paths)
    return verdict


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description="Whether two builds of the program give the same results.")
    parser.add_argument("old", type=pathlib.Path, help="a vggsweep program")
    parser.add_argument("new", type=pathlib.Path, help="another one")
    parser.add_argument("--keep", type=pathlib.Path, help="where all results go, and stay: a folder that is not there yet")
    parser.add_argument("--words", action="store_true", help="texts for people have to be the same too")
    parser.add_argument("--jobs", type=int, default=2, help="programs that run at a time [2]")
    arguments = parser.parse_args()
    programs = [path.resolve() for path in (arguments.old, arguments.new)]
    for program in programs:
        if not os.access(program, os.X_OK):
            parser.error(f"{program}: no program")
    if arguments.keep and arguments.keep.exists():
        parser.error(f"{arguments.keep}: is there already")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="same-results-") as scratch:
        root = (arguments.keep or pathlib.Path(scratch)).resolve()
        root.mkdir(parents=True, exist_ok=True)
        try:
            verdict = compare_all(programs, root, max(1, arguments.jobs))
        except Unable as problem:
            print(f"same_results.py: {problem}", file=sys.stderr)
            return 2
    values, differences, words = (sum(figures) for figures in zip(
        *((one.count, len(one.differences), len(one.words)) for one in verdict.all)))
    print(f"\n{values:,} values compared in {len(verdict.all)} groups: {differences:,} differ, and {words:,} texts in their words; "
          f"{time.monotonic() - begun:.0f} s, {processor_seconds():.0f} s of processor for the three lots")
    return 1 if differences or (arguments.words and words) else 0


if __name__ == "__main__":
    sys.exit(main())
