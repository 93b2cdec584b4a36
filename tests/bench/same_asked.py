"""What same_results.py has both programs compute, and all that it asks them."""
import json
import os
import shutil
import signal
import struct
import subprocess
import time
import zlib

import h5py

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
