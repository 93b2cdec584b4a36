#!/usr/bin/env python3
"""A results folder of any size, grown from a small one, with planted figures: for tests and measurements of
what reads results (rank, report), which should not have to wait for a hundred thousand runs.

    grow_results.py SOURCE.h5 OUT --runs 100000 [--lambdas 0,50,500] [--seeds 1] [--pictures]
                    [--files 1] [--shuffle SEED] [--plan PLAN.json]

Every row is a copy of one of SOURCE's (so new columns and arrays follow by themselves) with an id, a place in the
grid and figures of its own. What the figures are is decided by the channel: KINDS below says which verdict each
lambda gets; --plan writes them as {id: verdict}. A few runs are not stored at all, so that some are missing.
Pictures, snapshots and parameters are left out unless --pictures asks for the first two: chunks are then copied as they
are compressed. With --files the rows are spread over so many segments; --shuffle changes the order of rows in
files and which file has them. None of this changes what is to be read out of the folder.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys

import h5py
import numpy

BLOCK = 1024
# By channel modulo their number: what becomes of lambda 0, of those between, and of the largest. None: not stored.
KINDS = [
    ("baseline", "unproven", "collapse"),
    ("baseline", "no-effect", "tradeoff"),
    ("baseline", "sparse", "collapse"),
    ("baseline", "tradeoff", "collapse"),
    ("dead", "dead", "dead"),
    ("dead", "rescued", "rescued"),
    ("baseline", "diverged", "collapse"),
    ("failed", "unpaired", "unpaired"),
    ("baseline", "win", "win"),
    (None, "unpaired", "unpaired"),
    ("baseline", "failed", "tradeoff"),
    ("baseline", "no-effect", "dead"),
]

# Of a group whose baseline has exc_eval -100000: exc_eval and style_eval as shares of the baseline's, gram_style,
# coverage, edge_density, and how far the Gram features moved. Each lies well inside its verdict.
LIVING = {"exc_first": -1000.0, "exc_style": -2000.0, "exc_paper": -300.0, "exc_random_mean": -400.0,
          "exc_random_sd": 500.0, "style_floor": 600.0}
FIGURES = {
    "baseline": (1.00, 1.00, 0.80, 0.90, 0.40, 0.00),
    "win": (1.06, 0.70, 0.70, 0.90, 0.38, 0.30),
    "unproven": (1.06, 0.70, 0.70, 0.90, 0.38, 0.30),
    "no-effect": (1.005, 0.98, 0.79, 0.90, 0.40, 0.02),
    "sparse": (0.95, 0.60, 0.70, 0.70, 0.20, 0.40),
    "tradeoff": (0.70, 0.50, 0.70, 0.88, 0.38, 0.50),
    "collapse": (0.05, 0.20, 0.35, 0.50, 0.20, 0.80),
    "unpaired": (0.90, 0.50, 0.70, 0.80, 0.30, 0.50),
    "rescued": (0.40, 0.50, 0.75, 0.80, 0.30, 0.50),
}


def kind_of(channel, seed_number, weight_number, weights, seeds):
    """The verdict planted for a point of the grid. The second seed of what is unproven is a tradeoff, so that seeds
    disagree; a win has the same gain with all, but takes three."""
    kinds = KINDS[channel % len(KINDS)]
    kind = kinds[0 if weight_number == 0 else 2 if weight_number == weights - 1 else 1]
    if kind == "unproven" and seed_number == 1:
        return "tradeoff"
    return "unproven" if kind == "win" and seeds < 3 else kind


def identify(*parts):
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16].encode()


def points(arguments, layers):
    """(index, layer, channel, seed number, weight number), the last fastest, as a sweep numbers its runs."""
    channels = -(-arguments.runs // (len(layers) * arguments.seeds * len(arguments.lambdas)))
    grid = ((layer, channel, seed, weight) for layer in range(len(layers)) for channel in range(channels)
            for seed in range(arguments.seeds) for weight in range(len(arguments.lambdas)))
    return [(index, *point) for index, point in enumerate(grid)][:arguments.runs]


def plant(row, kind, scale):
    """Figures of one verdict, in a group `scale` times as excited as the one of FIGURES."""
    nothing = [name for name in row.dtype.names if name.startswith(("exc_", "style_"))]
    nothing += ["coverage", "edge_density", "gram_style"]
    row["status"] = {"failed": b"failed", "diverged": b"diverged"}.get(kind, b"done")
    if kind in ("failed", "diverged"):
        for name in nothing:
            row[name] = numpy.nan
        row["steps"] = 0 if kind == "failed" else row["steps"] // 2
        return
    for name, value in LIVING.items():
        row[name] = value
    exc, style, row["gram_style"], row["coverage"], row["edge_density"], _ = FIGURES.get(kind, FIGURES["baseline"])
    row["exc_eval"] = -100000.0 * exc * scale
    if kind == "dead":
        row["exc_first"], row["exc_eval"] = 0.0, 0.0
    row["exc_best"] = row["exc_final"] = row["exc_eval"]
    row["style_first"] = 6000.0
    row["style_final"] = row["style_eval"] = 6000.0 * style


def make_rows(source, arguments, layers):
    """The table, and for each row the source row it is a copy of and how far its features moved."""
    template = source["runs"][:]
    at_layer = {layer: numpy.flatnonzero(template["layer"] == layer) for layer in layers}
    rows, origins, moved, plan = [], [], [], {}
    for index, layer, channel, seed, weight in points(arguments, layers):
        kind = kind_of(channel, seed, weight, len(arguments.lambdas), arguments.seeds)
        if kind is None:
            continue
        choices = at_layer[layers[layer]]
        origin = int(choices[(channel * len(arguments.lambdas) + weight) % len(choices)])
        row = template[origin].copy()
        row["id"] = identify("run", index)
        row["group"] = identify("group", layer, channel, seed)
        row["index"], row["channel"], row["seed"] = index, channel, seed + 1
        row["lambda"], row["rho"] = arguments.lambdas[weight], numpy.nan
        row["param_count"] = 0
        if not arguments.pictures:
            row["height"], row["width"] = 0, 0
            row["strokes"], row["pens"] = 0, 0
        plant(row, kind, 1.0 + channel * 1e-3)
        plan[row["id"].decode()] = kind
        rows.append(row)
        origins.append(origin)
        moved.append(FIGURES.get(kind, FIGURES["baseline"])[5])
    return numpy.array(rows, dtype=template.dtype), numpy.array(origins), numpy.array(moved), plan


def create_like(file, name, dataset, rows):
    """An empty array like `dataset` for so many rows: type, filters, fill values and simple attributes."""
    shape = (rows, *dataset.shape[1:])
    properties = dataset.id.get_create_plist().copy()
    row_bytes = max(1, dataset.dtype.itemsize * int(numpy.prod(dataset.shape[1:], dtype=numpy.int64)))
    whole = name.startswith("images/") and name != "images/taken"
    chunk = dataset.chunks if whole else (max(1, min(rows, 65536 // row_bytes)), *dataset.shape[1:])
    properties.set_chunk(chunk)
    made = h5py.h5d.create(file.id, name.encode(), dataset.id.get_type(), h5py.h5s.create_simple(shape), properties)
    copy = h5py.Dataset(made)
    for key, value in dataset.attrs.items():
        if key not in ("DIMENSION_LIST", "REFERENCE_LIST"):
            copy.attrs[key] = value
    return copy


def copy_pictures(target, source, origins):
    """Every chunk of a row as it is compressed."""
    chunks = range(source.shape[1]) if source.ndim == 5 else [None]
    for at, origin in enumerate(origins):
        for k in chunks:
            tail = (0, 0, 0) if k is None else (k, 0, 0, 0)
            if source.id.get_chunk_info_by_coord((int(origin), *tail)).byte_offset is None:
                continue  # never written: the fill value in the copy too
            mask, data = source.id.read_direct_chunk((int(origin), *tail))
            target.id.write_direct_chunk((at, *tail), data, mask)


def copy_small(target, source, origins, moved, channels):
    for begin in range(0, len(origins), BLOCK):
        values = source[:][origins[begin:begin + BLOCK]]
        if source.name == "/features/gram":
            # One direction for each channel, so that channels differ; what moved did so along it.
            generator = numpy.random.default_rng(1)
            basis = generator.standard_normal((257, values.shape[1]))
            values = basis[channels[begin:begin + BLOCK] % 257]
            values = values * (1.0 + moved[begin:begin + BLOCK, None])
        target[begin:begin + BLOCK] = values


def grown_form(arguments, source, layers):
    """The canonical form of the grown sweep: what a report lists missing runs by."""
    form = json.loads(source.attrs["canonical"])
    names = [layer.decode() for layer in layers]
    channels = -(-arguments.runs // (len(layers) * arguments.seeds * len(arguments.lambdas)))
    form = {key: value for key, value in form.items() if not key.startswith("grid.") and key != "seed"}
    form |= {"grid.layer": names, "grid.channel": {name: f"0..{channels - 1}" for name in names},
             "grid.seed": list(range(1, arguments.seeds + 1)), "grid.lambda": arguments.lambdas, "grid.order": []}
    return json.dumps(form, sort_keys=True)


def write_file(path, arguments, source, rows, origins, moved, form):
    part = path.with_suffix(".h5.part")
    shutil.copyfile(arguments.source, part)
    with h5py.File(part, "r+") as file:
        file.attrs.modify("runs_planned", arguments.runs)
        file.attrs.modify("canonical", form)
        names = []
        source.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        for name in names:
            one = source[name]
            if name in ("trace/step", "images/snapshot_step"):
                continue
            del file[name]
            if name == "params/theta" or (name.startswith(("images/", "params/")) and not arguments.pictures):
                continue
            target = create_like(file, name, one, len(rows))
            if name == "runs":
                target[:] = rows
            elif name == "trace/run":
                target[:] = numpy.arange(len(rows))
            elif name in ("images/final", "images/snapshots"):
                copy_pictures(target, one, origins)
            else:
                copy_small(target, one, origins, moved, rows["channel"])
        for group in ("images", "params"):
            if group in file and (len(file[group]) == 0 or not arguments.pictures):
                del file[group]
    os.replace(part, path)


def main():
    parser = argparse.ArgumentParser(description="Grows a results folder with planted figures.")
    parser.add_argument("source", type=pathlib.Path, help="a small sweep.h5 of this program")
    parser.add_argument("out", type=pathlib.Path, help="folder to make")
    parser.add_argument("--runs", type=int, default=100000, help="of the whole grid; a few are left out")
    parser.add_argument("--lambdas", type=lambda text: [float(part) for part in text.split(",")], default=[0.0, 50.0, 500.0])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--files", type=int, default=1, help="1: sweep.h5; more: so many segments")
    parser.add_argument("--shuffle", type=int, help="seed of an order of rows")
    parser.add_argument("--plan", type=pathlib.Path, help="where the planted verdicts are written, as JSON")
    arguments = parser.parse_args()
    if arguments.runs < 1 or arguments.files < 1 or len(arguments.lambdas) < 2 or arguments.lambdas[0] != 0.0:
        sys.exit("grow_results.py: --runs and --files are at least 1, and --lambdas begins with 0 and has another")
    with h5py.File(arguments.source) as source:
        layers = sorted(set(source["runs"]["layer"]))
        rows, origins, moved, plan = make_rows(source, arguments, layers)
        order = list(range(len(rows)))
        if arguments.shuffle is not None:
            random.Random(arguments.shuffle).shuffle(order)
        folder = arguments.out / "segments" if arguments.files > 1 else arguments.out
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(arguments.files):
            chosen = numpy.array(order[number::arguments.files])
            name = "sweep.h5" if arguments.files == 1 else f"grown-{number:04d}.h5"
            write_file(folder / name, arguments, source, rows[chosen], origins[chosen], moved[chosen],
                       grown_form(arguments, source, layers))
    if arguments.plan:
        arguments.plan.write_text(json.dumps(plan))
    print(f"{len(rows)} of {arguments.runs} runs in {arguments.out}")


if __name__ == "__main__":
    main()
