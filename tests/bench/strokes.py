#!/usr/bin/env python3
"""What drawings are worth: prints, decides nothing.

    tests/bench/strokes.py kept      excitation of strokes as a share of the Fourier image's of the same channel; then with
                                     six pens, and refined with them
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
    measures = {"kept": kept, "enlarge": enlarge}
    parser.add_argument("what", choices=measures)
    parser.add_argument("--weights")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measures[arguments.what](folder, ["--weights", arguments.weights] if arguments.weights else [])


if __name__ == "__main__":
    main()
