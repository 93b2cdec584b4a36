#!/usr/bin/env python3
"""What strength, lambda and rho cost a share of the excitation, channel by channel: prints, decides nothing.

    tests/bench/balance.py FOLDER --channels relu3_3=1,7,20 --channels relu4_3=1,77,200
        [--weights FILE --family caffe] [--loss 0.3] [--set optimizer.schedule=cosine]

Of FOLDER/balance.yaml the strengths of each layer are computed into FOLDER/LAYER-strength; a second call goes on with it. Of a channel's losses over the
strengths the first that reaches --loss is found by interpolation over the logarithm. lambda and rho need no sweeps of their
own: a run with a strength is the run with the lambda that is stored with it, and rho is lambda over that of rho 1, which
FOLDER/LAYER-rho holds (runs of one step from the same start). With several seeds a loss is that of the seeds' mean.

A last line for each measure: the 10th and 90th percentile over channels, and their ratio, which is 1 for a measure that
means the same everywhere; channels that never lose as much are counted, and left out of it. Those that lose it at the least
strength already have no figure either, and are counted apart.

Run it with /usr/bin/python3. $VGGSWEEP names the program (default build/vggsweep).
"""
import argparse
import math
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import h5py  # Debian: python3-h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VGGSWEEP", str(ROOT / "build" / "vggsweep"))
STRENGTHS = [0.5, 1, 2, 4, 8, 16, 32]


def write_sweep(arguments, path):
    """One start for a channel, whatever the steps. Returns {layer: channels as --set takes them}."""
    channels = {}
    for given in arguments.channels:
        layer, equals, numbers = given.partition("=")
        if not equals:
            sys.exit(f"--channels {given}: write it as LAYER=1,7,20")
        channels[layer] = numbers
    path.write_text(f"streams: channel\nimage: {{size: {arguments.size}}}\n"
                    f"objective: {{steps: {arguments.steps}, style: {{layers: [{arguments.style}]}}}}\n"
                    f"optimizer: {{schedule: cosine}}\nlog: {{every: {arguments.steps}, params: false}}\n"
                    f"grid: {{layer: [relu1_1], channel: [0], seed: {arguments.seeds}}}\n")
    return channels


def compute(arguments, sweep, name, *settings):
    """The rows of a sweep, from its folder if they are there."""
    out = Path(arguments.folder) / name
    line = ["mpirun", "--oversubscribe", "-n", str(arguments.ranks)] if arguments.ranks > 1 else []
    line += [PROGRAM, "run", str(sweep), "--out", str(out)]
    if arguments.weights:
        line += ["--weights", arguments.weights]
    if arguments.family:
        line += ["--family", arguments.family]
    for setting in [*arguments.set, *settings]:
        line += ["--set", setting]
    done = subprocess.run(line, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):  # 3: some runs failed, which rows tell
        sys.exit(f"{' '.join(line)}: exit code {done.returncode}")
    with h5py.File(out / "sweep.h5") as file:
        return file["runs"][:]


def means(rows, column, weight):
    """{(layer, channel): {weight: mean over seeds}}; NaN where a seed has no figure."""
    found = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["layer"].decode(), int(row["channel"])][float(row[weight])].append(float(row[column]))
    return {place: {w: float(np.mean(values)) for w, values in by.items()} for place, by in found.items()}


def crossing(losses, wanted):
    """The strength at which `wanted` is lost: interpolated; 0 below the least, NaN if it never is."""
    before = None
    for strength, loss in sorted(losses.items()):
        if loss >= wanted:
            if before is None:
                return 0.0
            share = (wanted - before[1]) / (loss - before[1])
            return math.exp(math.log(before[0]) + share * math.log(strength / before[0]))
        if not math.isnan(loss):
            before = strength, loss
    return math.nan


def print_summary(name, values):
    low, high = np.percentile(values, [10, 90]) if values else (math.nan, math.nan)
    print(f"{name:9s} {len(values):3d} channels  10th percentile {low:.4g}, 90th {high:.4g}: ratio {high / low:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--channels", action="append", required=True, metavar="LAYER=C,C,...")
    parser.add_argument("--weights")
    parser.add_argument("--family")
    parser.add_argument("--style", default="relu1_1", help="style layer, default relu1_1")
    parser.add_argument("--loss", type=float, default=0.3, help="share of the excitation, default 0.3")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--strengths", type=float, nargs="+", default=STRENGTHS)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--ranks", type=int, default=1)
    arguments = parser.parse_args()
    Path(arguments.folder).mkdir(parents=True, exist_ok=True)
    sweep = Path(arguments.folder) / "balance.yaml"
    strengths = ",".join(f"{s:g}" for s in [0, *arguments.strengths])
    rows, starts = [], []
    for layer, channels in write_sweep(arguments, sweep).items():
        place = [f"grid.layer={layer}", f"grid.channel={channels}"]
        rows.extend(compute(arguments, sweep, f"{layer}-strength", *place, f"grid.strength={strengths}"))
        starts.extend(compute(arguments, sweep, f"{layer}-rho", *place, "grid.rho=1", "objective.steps=1", "log.every=1"))
    excitations = means(rows, "exc_eval", "strength")
    lambdas = means(rows, "lambda", "strength")
    of_rho_1 = means(starts, "lambda", "rho")
    print("layer    channel  " + " ".join(f"{'at ' + format(s, 'g'):>7s}" for s in arguments.strengths) +
          f"   strength     lambda        rho   of a loss of {arguments.loss:.0%}")
    found = {"strength": [], "lambda": [], "rho": []}
    never = at_least = asleep = 0
    for (layer, channel), by in sorted(excitations.items()):
        losses = {s: 1 - exc / by[0] for s, exc in by.items() if s > 0} if by[0] else {}
        strength = crossing(losses, arguments.loss)
        place = layer, channel
        unit = lambdas[place].get(1.0, math.nan)
        if math.isnan(unit):  # strength 1 is not in the list
            unit = lambdas[place][max(lambdas[place])] / max(lambdas[place])
        values = {"strength": strength, "lambda": strength * unit, "rho": strength * unit / of_rho_1[place][1.0]
                  if of_rho_1[place][1.0] > 0 else math.nan}
        print(f"{layer:8s} {channel:7d}  " + " ".join(f"{losses.get(s, math.nan):+7.1%}" for s in arguments.strengths) +
              "  " + " ".join(f"{value:10.4g}" for value in values.values()))
        asleep += not losses
        never += bool(losses) and math.isnan(strength)
        at_least += strength == 0
        if strength > 0:
            for name, value in values.items():
                if value > 0:
                    found[name].append(value)
    for name, values in found.items():
        print_summary(name, values)
    print(f"{never} never lose as much, {at_least} lose it at {arguments.strengths[0]:g} already, {asleep} are not excited at all")


if __name__ == "__main__":
    main()
