#!/usr/bin/env python3
"""What drawings are worth: prints, decides nothing.

    tests/bench/strokes.py kept      excitation of strokes as a share of the Fourier image's of the same channel; then with
                                     six pens, and refined with them
    tests/bench/strokes.py plotted   what reaches the paper of examples/strokes.yaml, and of the drawings that it made before
                                     widths came from the pen (160 strokes of 1 to 4 px, free colours): the share of the free
                                     strokes' excitation, and of that of a Fourier image of as many steps at a constant rate
    tests/bench/strokes.py enlarge   two by two tiles of 224 px fine-tuned at 448 px, against 448 px from scratch: excitation
                                     of the whole picture, and what both cost

Run it with /usr/bin/python3. $VGGSWEEP names the program (default build/vggsweep); --weights FILE takes other weights
than the builtin ones.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import h5py  # Debian: python3-h5py

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VGGSWEEP", str(ROOT / "build" / "vggsweep"))
CHANNELS = {"relu3_3": [1, 7, 20, 33], "relu4_3": [1, 7, 41, 60]}
PLOTTED = {"relu3_3": [1, 20, 77], "relu4_3": [1, 20, 77]}
BEFORE = ["strokes.count=160", "strokes.width=[1,4]", "strokes.color=free", "objective.zero_below=0"]
PICTURE = """streams: channel
image: {size: 128, sd: 0.01}
objective: {steps: 120, zero_below: 0}
optimizer: {lr: 0.05, schedule: constant, weight_decay: 0}
regularizers: {tv_strength: 0}
transforms: {jitter: 6, scale: [0.97, 1.03], rotate: 3}
grid: {layer: [relu3_3], channel: [1], seed: 2022, lambda: 0}
"""
COMMON = "transforms: {jitter: 6, scale: [1, 1], rotate: 0}\nlog: {every: 100}\n"


class Runs:
    """A sweep that was computed: its rows, and exc_loss of each final picture seen whole."""

    def __init__(self, folder, name, text, options):
        self.folder, self.options = Path(folder) / name, options
        sweep = Path(folder) / f"{name}.yaml"
        sweep.write_text(f"name: {name}\n{COMMON}{text}")
        line = [PROGRAM, "run", str(sweep), "--out", str(self.folder)] + options
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with h5py.File(self.folder / "sweep.h5") as file:
            self.rows = {(row["layer"].decode(), int(row["channel"])): row for row in file["runs"][:]}

    def whole(self, layer, channel):
        identity = self.rows[layer, channel]["id"].decode()
        picture = self.folder / f"{identity}.png"
        subprocess.run([PROGRAM, "export", str(self.folder), identity, "--png", str(picture)], check=True)
        line = [PROGRAM, "eval", str(picture), "--layer", layer, "--channel", str(channel), "--json"] + self.options
        return json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE).stdout)["exc_loss"]


def grid(layer):
    return f"grid: {{layer: [{layer}], channel: {CHANNELS[layer]}, lambda: [0]}}\n"


def kept(folder, options):
    print("share of the Fourier image's excitation (whole picture), 128 px, 100 steps, 200 strokes of 2 cubics;\n"
          "then of the free strokes' (mean over the fixed views): reduced to 6 pens, refined for 50 steps, as plotted\n"
          "layer    channel  strokes/fourier  6 pens  refined  plotted")
    shares, refined = [], []
    for layer in CHANNELS:
        size = "image: {size: 128, parametrization: %s}\nobjective: {steps: 100}\n" + grid(layer)
        fourier = Runs(folder, "fourier-" + layer, size % "fourier", options)
        free = Runs(folder, "free-" + layer, size % "strokes", options)
        pens = Runs(folder, "pens-" + layer, size % "strokes" + "palette: {colors: 6}\n", options)
        for channel in CHANNELS[layer]:
            row = pens.rows[layer, channel]
            share = free.whole(layer, channel) / fourier.whole(layer, channel)
            stages = [row[name] / row["exc_free"] for name in ("exc_quantized", "exc_refined", "exc_plotted")]
            shares.append(share)
            refined.append(stages[1])
            print(f"{layer}  {channel:7}  {share:15.2f}  {stages[0]:6.2f}  {stages[1]:7.2f}  {stages[2]:7.2f}", flush=True)
    print(f"mean              {statistics.mean(shares):15.2f}          {statistics.mean(refined):7.2f}"
          f"   (refined: lowest {min(refined):.2f})")


def compute(folder, name, sweep, options, settings):
    """A sweep of one weight over the channels of PLOTTED: its rows by layer and channel."""
    rows = {}
    for layer, channels in PLOTTED.items():
        out = Path(folder) / f"{name}-{layer}"
        line = [PROGRAM, "run", str(sweep), "--out", str(out), *options]
        for setting in [f"grid.layer={layer}", f"grid.channel={','.join(map(str, channels))}", *settings]:
            line += ["--set", setting]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        with h5py.File(out / "sweep.h5") as file:
            rows.update({(row["layer"].decode(), int(row["channel"])): row for row in file["runs"][:]})
    return rows


def plotted(folder, options):
    print("examples/strokes.yaml at strength 0, before (160 strokes of 1 to 4 px, free colours) and today: what the paper keeps of the free\n"
          "strokes' excitation, and exc_plotted over that of a Fourier image of 120 steps at a constant rate of .05\n"
          "layer    channel   kept: before  today   over Fourier: before  today")
    picture, sample = Path(folder) / "fourier.yaml", ROOT / "examples" / "strokes.yaml"
    picture.write_text(PICTURE)
    fourier = compute(folder, "fourier", picture, options, [])
    before = compute(folder, "before", sample, options, ["grid.strength=0", *BEFORE])
    today = compute(folder, "today", sample, options, ["grid.strength=0"])
    table = []
    for place in sorted(today):
        kept_plotted = [rows[place]["exc_plotted"] / rows[place]["exc_free"] for rows in (before, today)]
        over = [rows[place]["exc_plotted"] / fourier[place]["exc_eval"] for rows in (before, today)]
        table.append(kept_plotted + over)
        print(f"{place[0]}  {place[1]:7}  {kept_plotted[0]:13.2f} {kept_plotted[1]:6.2f}  {over[0]:21.3f} {over[1]:6.3f}", flush=True)
    means = [statistics.mean(column) for column in zip(*table)]
    print(f"mean              {means[0]:13.2f} {means[1]:6.2f}  {means[2]:21.3f} {means[3]:6.3f}")


def enlarge(folder, options):
    print("two by two tiles of 224 px, fine-tuned at 448 px for a quarter of the steps, against 448 px from scratch\n"
          "layer    channel  parametrization  excitation  time")
    for layer in CHANNELS:
        for kind, more in [("strokes", "strokes: {count: %d}\n"), ("fourier", "")]:
            text = ("image: {size: 448, parametrization: %s}\nobjective: {steps: 100}\n" % kind +
                    "grid: {layer: [%s], channel: %s, lambda: [0]}\n" % (layer, CHANNELS[layer][:2]))
            counts = (300, 1200) if kind == "strokes" else ((), ())
            tiled = Runs(folder, f"tiled-{kind}-{layer}", text + more % counts[0] + "multiscale: {levels: 2, share: 0.25}\n", options)
            scratch = Runs(folder, f"scratch-{kind}-{layer}", text + more % counts[1], options)
            for channel in CHANNELS[layer][:2]:
                share = tiled.whole(layer, channel) / scratch.whole(layer, channel)
                time = tiled.rows[layer, channel]["seconds"] / scratch.rows[layer, channel]["seconds"]
                print(f"{layer}  {channel:7}  {kind:15}  {share:10.2f}  {time:4.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = {"kept": kept, "plotted": plotted, "enlarge": enlarge}
    parser.add_argument("what", choices=measures)
    parser.add_argument("--weights")
    parser.add_argument("--folder", help="where the runs stay; a second call goes on with them")
    arguments = parser.parse_args()
    options = ["--weights", arguments.weights] if arguments.weights else []
    if arguments.folder:
        Path(arguments.folder).mkdir(parents=True, exist_ok=True)
        measures[arguments.what](arguments.folder, options)
        return
    with tempfile.TemporaryDirectory() as folder:
        measures[arguments.what](folder, options)


if __name__ == "__main__":
    main()
