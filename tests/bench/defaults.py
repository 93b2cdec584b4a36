#!/usr/bin/env python3
"""Defaults of pictures, each change alone: what is measured, and the pictures. Prints, decides nothing.

    tests/bench/defaults.py FOLDER [--weights imagenet] [--seeds 1 2 3] [--quick-seeds 1] [--layers relu3_3 relu4_3]
        [--channels 1 20 45 77 125 205] [--size 80] [--ranks 2]

The reference is what pictures were once made with, under a cosine of 200 steps: Adam's steps of .05, start .01, nothing that
fades, no total variation. Every row of the first table differs from it, or from today's defaults, by what it is called.
Excitation is that over the reference's of the same channel (means over seeds first): median, least, and how many channels lie
below it by more than twice the standard deviation over seeds of their ratio. Other columns are means over pictures: share of
bytes within 2 of their ends, power of luma above .25 cycles/px (without its mean), standard deviation of bytes over 255, coverage.
The second table compares style layers at strength 1: what is lost and covered. FOLDER/defaults.png has a row for each row of
the tables and a column for each channel. A second call goes on with what is there.

Run it with /usr/bin/python3. $VGGSWEEP names the program (default build/vggsweep).
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

import h5py  # Debian: python3-h5py
import numpy as np
from PIL import Image  # Debian: python3-pil

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VGGSWEEP", str(ROOT / "build" / "vggsweep"))
ONCE = {"optimizer.schedule": "cosine", "optimizer.lr": ".05", "optimizer.weight_decay": "0", "image.sd": ".01", "objective.steps": "200",
        "regularizers.tv_strength": "0", "objective.zero_below": "0"}
SHORT = {**ONCE, "objective.steps": "120"}
# (name, settings, with all seeds). What a row does not name has today's default.
FREE = [
    ("once, cosine, 200 steps (reference)", ONCE, True),
    ("once, constant rate, 200 steps", {**ONCE, "optimizer.schedule": "constant"}, False),
    ("once, cosine, 120 steps", SHORT, False),
    ("  + lr .25 alone", {**SHORT, "optimizer.lr": ".25"}, False),
    ("  + weight_decay .2 alone", {**SHORT, "optimizer.weight_decay": ".2"}, False),
    ("  + sd .5 alone", {**SHORT, "image.sd": ".5"}, False),
    ("  + tv_strength .05 alone", {**SHORT, "regularizers.tv_strength": ".05"}, False),
    ("  + zero_below 3e-7 alone", {**SHORT, "objective.zero_below": "3e-7"}, False),
    ("today's defaults", {}, True),
    ("  without tv_strength", {"regularizers.tv_strength": "0"}, True),
    ("  without zero_below", {"objective.zero_below": "0"}, False),
    ("  jitter 4", {"transforms.jitter": "4"}, False),
    ("  contrast held at .19", {"image.contrast": ".19"}, False),
]
STYLES = ["relu1_1", "relu2_2"]


def compute(arguments, name, settings, seeds):
    """Rows of a sweep (by layer, channel, seed, strength) and their pictures, from its folder if they are there."""
    out = Path(arguments.folder) / "".join(c if c.isalnum() or c == "." else "-" for c in name).strip("-")
    sweep = Path(arguments.folder) / "defaults.yaml"
    channels = ", ".join(str(c) for c in arguments.channels)
    sweep.write_text(f"streams: channel\nimage: {{size: {arguments.size}}}\nlog: {{every: 200, params: false}}\n"
                     f"grid: {{layer: [{', '.join(arguments.layers)}], channel: [{channels}], seed: [{', '.join(map(str, seeds))}], lambda: 0}}\n")
    line = ["mpirun", "--oversubscribe", "-n", str(arguments.ranks)] if arguments.ranks > 1 else []
    line += [PROGRAM, "run", str(sweep), "--out", str(out)]
    if arguments.weights:
        line += ["--weights", arguments.weights]
    for key, value in settings.items():
        line += ["--set", f"{key}={value}"]
    done = subprocess.run(line, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):  # 3: some runs failed, which rows tell
        sys.exit(f"{' '.join(line)}: exit code {done.returncode}")
    with h5py.File(out / "sweep.h5") as file:
        rows, pictures = file["runs"][:], file["images/final"][:]
    return {(row["layer"].decode(), int(row["channel"]), int(row["seed"]), 0.0 if np.isnan(row["strength"]) else float(row["strength"])):
            (row, picture) for row, picture in zip(rows, pictures)}


def high_share(picture):
    """Power of luma above .25 cycles/px over all power without the mean."""
    luma = picture.astype(float) @ [0.299, 0.587, 0.114]
    power = np.abs(np.fft.fft2(luma - luma.mean())) ** 2
    y, x = (np.fft.fftfreq(n) for n in luma.shape)
    return power[np.hypot(y[:, None], x[None, :]) > 0.25].sum() / power.sum()


def picture_figures(runs):
    pictures = [picture for _, picture in runs.values()]
    clipped = np.mean([((p <= 2) | (p >= 253)).mean() for p in pictures])
    return (clipped, np.mean([high_share(p) for p in pictures]), np.mean([p.std() / 255 for p in pictures]),
            np.mean([row["coverage"] for row, _ in runs.values()]))


def by_channel(runs):
    """{(layer, channel): excitation of each seed}."""
    found = {}
    for (layer, channel, seed, _), (row, _) in sorted(runs.items()):
        found.setdefault((layer, channel), {})[seed] = -float(row["exc_eval"])
    return found


def compare(runs, reference):
    """Ratios of channels' means over the seeds that both have, and the deviation of seeds' ratios (NaN of one)."""
    ratios, deviations = [], []
    for place, ours in by_channel(runs).items():
        theirs = {seed: value for seed, value in reference[place].items() if seed in ours}
        if np.mean(list(theirs.values())) <= 0:
            continue  # asleep
        ratios.append(np.mean(list(ours.values())) / np.mean(list(theirs.values())))
        single = [ours[seed] / theirs[seed] for seed in theirs if theirs[seed] > 0]
        deviations.append(np.std(single, ddof=1) if len(single) > 1 else np.nan)
    return np.array(ratios), np.array(deviations)


def print_free(arguments, shown):
    print(f"{'lambda 0':36s} seeds  excitation: median   least  below by 2 sd  clipped  >.25 c/px     sd  coverage")
    reference = None
    for name, settings, is_full in FREE:
        seeds = arguments.seeds if is_full else arguments.quick_seeds
        runs = compute(arguments, name, settings, seeds)
        reference = reference or by_channel(runs)
        ratios, deviations = compare(runs, reference)
        below = f"{int((ratios < 1 - 2 * deviations).sum())} of {len(ratios)}" if len(seeds) > 1 else ""
        clipped, high, deviation, coverage = picture_figures(runs)
        print(f"{name:36s} {len(seeds):5d}  {np.median(ratios):18.3f} {ratios.min():7.3f}  {below:>13s}  {clipped:7.4f} {high:10.3f} {deviation:6.3f} "
              f"{coverage:9.3f}", flush=True)
        shown.append(runs)


def print_styles(arguments, shown):
    print(f"\n{'strength 1':36s} excitation lost: median  10th, 90th percentile   coverage: without, with")
    for style in STYLES:
        settings = {"objective.style.layers": f"[{style}]", "grid.lambda": "null", "grid.strength": "[0,1]"}
        runs = compute(arguments, f"style {style}", settings, arguments.quick_seeds)
        free = {place: run for place, run in runs.items() if place[3] == 0}
        styled = {place: run for place, run in runs.items() if place[3] == 1}
        lost = [1 - styled[place[:3] + (1.0,)][0]["exc_eval"] / run["exc_eval"] for place, (run, _) in
                ((place, run) for place, run in free.items()) if run["exc_eval"] < 0]
        low, high = np.percentile(lost, [10, 90])
        print(f"{'style layer ' + style:36s} {np.median(lost):+23.3f}  {low:+12.3f}, {high:+.3f}  {picture_figures(free)[3]:23.3f}, "
              f"{picture_figures(styled)[3]:.3f}", flush=True)
        shown.append(styled)


def draw(arguments, shown):
    columns = [(layer, channel) for layer in arguments.layers for channel in arguments.channels]
    side, gap = arguments.size, 4
    sheet = Image.new("RGB", (len(columns) * (side + gap) + gap, len(shown) * (side + gap) + gap), (208, 208, 208))
    for y, runs in enumerate(shown):
        pictures = {(layer, channel): picture for (layer, channel, seed, _), (_, picture) in runs.items() if seed == arguments.quick_seeds[0]}
        for x, place in enumerate(columns):
            sheet.paste(Image.fromarray(pictures[place]), (gap + x * (side + gap), gap + y * (side + gap)))
    sheet.save(Path(arguments.folder) / "defaults.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--weights")
    parser.add_argument("--layers", nargs="+", default=["relu3_3", "relu4_3"])
    parser.add_argument("--channels", type=int, nargs="+", default=[1, 20, 45, 77, 125, 205])
    parser.add_argument("--size", type=int, default=80)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="of reference and defaults")
    parser.add_argument("--quick-seeds", type=int, nargs="+", default=[1], help="of other rows; among --seeds")
    parser.add_argument("--ranks", type=int, default=1)
    arguments = parser.parse_args()
    Path(arguments.folder).mkdir(parents=True, exist_ok=True)
    shown = []
    print_free(arguments, shown)
    print_styles(arguments, shown)
    draw(arguments, shown)


if __name__ == "__main__":
    main()
