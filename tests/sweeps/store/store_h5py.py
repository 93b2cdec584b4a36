"""Results as others see them: h5py, pandas, h5dump and HDF5's table library open what the store writes,
and the examples of docs/results-format.md run.

usage: store_h5py.py WRITER FOLDER README     (WRITER is store_sample_main.c, compiled)
       store_h5py.py --renew WRITER README    writes the program's table of columns into the README
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy
import pandas

TRACES = ["exc_loss", "style_dist", "style_reg", "tv", "l2", "total", "grad_norm"]
IMAGE = {"CLASS": "IMAGE", "IMAGE_VERSION": "1.2", "IMAGE_SUBCLASS": "IMAGE_TRUECOLOR", "INTERLACE_MODE": "INTERLACE_PIXEL"}


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def check_attributes(f):
    for name in ["sweep", "sweep_sha256", "canonical", "weights_sha256", "weights_family", "program_version", "program_commit",
                 "name", "created", "finished"]:
        check(isinstance(f.attrs[name], str) and f.attrs[name], f"attribute {name}")
    check(f.attrs["format"] == "vggsweep-results" and f.attrs["format_version"] == 5, "format")
    check(f.attrs["runs_planned"] == 32, "runs_planned")
    check("ä" in f.attrs["sweep"], "the sweep file is verbatim")
    json.loads(f.attrs["canonical"])
    for name in ["created", "finished"]:
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f.attrs[name]), name)


def split_readme(readme):
    """What stands before, in and after the table of columns, which is the program's own."""
    before, begin, rest = readme.read_text().partition("<!-- columns:")
    comment, newline, rest = rest.partition("\n")
    table, end, after = rest.partition("<!-- end of columns -->")
    check(begin and end, "the README has a place for the table of columns")
    return before + begin + comment + newline, table, end + after


def columns_of(table):
    """[(name, type)] of the README's table."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()[2:]]
    return [(row[0].strip("`"), row[1]) for row in rows if row[0] != "*axes*"]


def renew_readme(writer, readme):
    before, _, after = split_readme(readme)
    readme.write_text(before + subprocess.run([writer, "--columns"], check=True, capture_output=True, text=True).stdout + after)


def check_columns(writer, readme):
    _, table, _ = split_readme(readme)
    done = subprocess.run([writer, "--columns"], check=True, capture_output=True, text=True)
    check(table == done.stdout, f"the table of columns in {readme} is not the program's; renew it: store_h5py.py --renew {writer} {readme}")
    return columns_of(table)


def check_table(f, count, columns):
    table = f["runs"]
    check([table.attrs[k] for k in ("CLASS", "VERSION", "TITLE")] == [b"TABLE", b"3.0", b"runs"], "table attributes")
    check([table.attrs[f"FIELD_{i}_NAME"].decode() for i in range(len(table.dtype))] == list(table.dtype.names), "field names")
    fixed = [name for name, _ in columns]
    check([n for n in table.dtype.names if n in fixed] == fixed, f"columns {table.dtype.names}")
    check(set(table.dtype.names) - set(fixed) == {"image.size", "objective.steps"}, "axes")
    for name, kind in columns:
        found = table.dtype[name]
        check(found.kind == "S" if kind == "text" else found.name == kind, f"{name} is {found}, not {kind}")
    runs = pandas.DataFrame(table[:])
    check(len(runs) == count and runs.id.is_unique, "rows")
    check(list(runs["index"]) == sorted(runs["index"]), "order of the grid")
    check(runs["objective.steps"].dtype == numpy.float64 and set(runs["objective.steps"]) <= {20.0, 25.0}, "a numeric axis")
    check(runs["image.size"].map(type).eq(bytes).all(), "a text axis")
    check(set(runs.layer) <= {b"relu3_3", b"relu4_3"} and set(runs["lambda"]) <= {0.0, 50.0}, "layer, lambda")
    check(list(runs.status[1:]) == [b"done"] * (count - 1) and runs.status[0] == b"failed", "status")
    check(runs.rho.isna().all() and runs.strength.isna().all() and (runs.seed == 7).all(), "rho, strength, seed")
    return runs


def filters(dataset):
    plist = dataset.id.get_create_plist()
    return [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]


def check_array(f, path, dtype, axes, shape):
    dataset = f[path]
    check(dataset.dtype == dtype and dataset.shape == shape, f"{path}: {dataset.dtype} {dataset.shape}")
    check([d.label for d in dataset.dims] == axes, f"{path}: labels")
    check(filters(dataset) == [h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_FLETCHER32], f"{path}: filters")
    group = path.rpartition("/")[0]
    for dim, axis in zip(dataset.dims, axes):
        scale = f.get(f"{group}/{axis}")
        if isinstance(scale, h5py.Dataset):
            check(len(dim) == 1 and dim[0] == scale, f"{path}: scale of {axis}")
            check(h5py.h5ds.is_scale(scale.id), f"{axis} is a dimension scale")
    return dataset


def check_image_attributes(dataset):
    for name, value in IMAGE.items():
        attribute = dataset.attrs.get_id(name)
        text = attribute.get_type()
        check(not text.is_variable_str() and text.get_strpad() == h5py.h5t.STR_NULLTERM
              and text.get_cset() == h5py.h5t.CSET_ASCII, f"{dataset.name}: {name} is fixed-length ASCII")
        check(dataset.attrs[name].decode() == value, f"{dataset.name}: {name}")


def check_arrays(f, runs):
    count, steps = len(runs), list(f["trace/step"][:])
    check(steps == [0, 10, 20, 25] if count == 32 else steps[:3] == [0, 10, 20], f"steps {steps}")
    check(list(f["trace/run"][:]) == list(range(count)), "run scale")
    shape = (count, len(steps))
    logged = check_array(f, "/trace/logged", numpy.uint8, ["run", "step"], shape)[:]
    for name in TRACES:
        values = check_array(f, f"/trace/{name}", numpy.float32, ["run", "step"], shape)[:]
        check((numpy.isfinite(values) == (logged == 1))[1:].all() and numpy.isnan(values[0]).all(), f"{name}: NaN where not logged")
    height, width = runs.height.max(), runs.width.max()
    final = check_array(f, "/images/final", numpy.uint8, ["run", "y", "x", "rgb"], (count, height, width, 3))
    snapshots = check_array(f, "/images/snapshots", numpy.uint8, ["run", "snapshot_step", "y", "x", "rgb"],
                            (count, 2, height, width, 3))
    check_array(f, "/images/taken", numpy.uint8, ["run", "snapshot_step"], (count, 2))
    check(final.chunks == (1, height, width, 3) and snapshots.chunks == (1, 1, height, width, 3), "chunked by run")
    check_image_attributes(final)
    check_image_attributes(snapshots)
    check((final[0, :runs.height[0], :runs.width[0]] == 0).all(), "the failed run is black")
    for row in range(1, count):
        h, w = runs.height[row], runs.width[row]
        picture = final[row]
        check((picture[h:] == 255).all() and (picture[:, w:] == 255).all() and picture[:h, :w].std() > 10, f"image {row}")
    theta = check_array(f, "/params/theta", numpy.float32, ["run", "param"], (count, runs.param_count.max()))[:]
    check((numpy.isfinite(theta).sum(axis=1) == runs.param_count).all(), "theta and param_count")
    sketches = check_array(f, "/features/gram", numpy.float32, ["run", "sketch"], (count, 64))[:]
    check(numpy.isfinite(sketches[1:]).all() and (runs.gram_tap[1:] == b"relu1_2").all(), "sketches")
    check(all(isinstance(json.loads(text), dict) for text in f["specs"][:]), "specs are JSON")
    check(f.attrs["default"] == "trace" and f["trace"].attrs["signal"] == "exc_loss", "NeXus hints")


def check_file(path, count, columns):
    with h5py.File(path) as f:
        check_attributes(f)
        runs = check_table(f, count, columns)
        check_arrays(f, runs)
        return runs


def check_drawings(path):
    """Pictures and drawings of 3 and 7 strokes, with 0, 1 and 2 pens, in one file."""
    with h5py.File(path) as f:
        runs = pandas.DataFrame(f["runs"][:])
        count = len(runs)
        points = check_array(f, "/params/points", numpy.float32, ["run", "stroke", "point", "xy"], (count, 7, 7, 2))
        styles = check_array(f, "/params/strokes", numpy.float32, ["run", "stroke", "stroke_style"], (count, 7, 8))
        pens = check_array(f, "/params/pens", numpy.float32, ["run", "pen", "pen_style"], (count, 2, 4))
        paper = check_array(f, "/params/paper", numpy.float32, ["run", "paper_rgb"], (count, 3))[:]
        names = f["params/pen_names"]
        check(points.chunks == (1, 7, 7, 2) and styles.chunks == (1, 7, 8) and pens.chunks == (1, 2, 4), "chunked by run")
        check(names.shape == (count, 2) and h5py.check_string_dtype(names.dtype).encoding == "utf-8", "names of pens")
        check("stroke" in points.attrs["layout"] and "budget" in styles.attrs["layout"] and "mm" in pens.attrs["layout"], "layouts")
        check(set(runs.strokes) == {0, 3, 7} and set(runs.pens) == {0, 1, 2} and set(runs.stroke_points) == {0, 6, 7}, "sizes")
        for row, run in runs.iterrows():
            n, q, m = run.strokes, run.stroke_points, run.pens
            check(numpy.isfinite(points[row]).sum() == n * q * 2 and numpy.isfinite(points[row, :n, :q]).all(), f"points {row}")
            check(numpy.isfinite(styles[row, :n, :7]).all() and numpy.isnan(styles[row, n:]).all(), f"strokes {row}")
            check(numpy.isfinite(pens[row, :m]).all() and numpy.isnan(pens[row, m:]).all(), f"pens {row}")
            check([bool(name) for name in names[row]] == [k < m for k in range(2)], f"names {row}")
            check(numpy.isfinite(paper[row]).all() == (n > 0), f"paper {row}")
            check((run.parametrization == b"strokes") == (n > 0) and numpy.isfinite(run.lifts) == (n > 0), f"columns {row}")


def check_h5dump(path):
    for options in (["-H"], ["-d", "/runs"], ["-d", "/images/taken", "-p"], []):
        done = subprocess.run(["h5dump", *options, str(path)], capture_output=True, text=True, errors="replace")
        check(done.returncode == 0 and not done.stderr and "unable" not in done.stdout, f"h5dump {options}: {done.stderr}")


def check_readme(readme, folder):
    """Its examples, one after the other, with our sweep in the place of results/demo."""
    blocks = re.findall(r"```python\n(.*?)```", readme.read_text(), re.S)
    check(len(blocks) >= 5, "examples in the README")
    (folder / "results").mkdir()
    os.symlink(folder / "merged", folder / "results" / "demo")
    os.symlink(folder / "drawings", folder / "results" / "strokes")
    os.chdir(folder)
    names = {}
    for block in blocks:
        exec(block, names)
    check(names["points"].shape == (7, 6, 2) and names["names"] == ["a", "ä"] and numpy.isfinite(names["points"]).all()
          and set(names["pen"]) <= {0.0, 1.0} and (names["width"] > 0).all(), "the drawing that the README reads")
    check(len(names["table"]) == 32 and (folder / "best.png").exists(), "what the README's examples give")


def main():
    if sys.argv[1] == "--renew":
        return renew_readme(sys.argv[2], Path(sys.argv[3]))
    writer, folder, readme = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
    columns = check_columns(writer, readme)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([writer, str(folder)], check=True)
    check_file(folder / "merged" / "sweep.h5", 32, columns)
    check_h5dump(folder / "merged" / "sweep.h5")
    segments = sorted((folder / "open" / "segments").iterdir())
    check(len(segments) == 3 and all(p.suffix == ".h5" for p in segments), f"segments {segments}")
    for path in segments:
        with h5py.File(path) as f:
            check_attributes(f)
            check(len(f["runs"]) == 1 and f["images/final"].shape[0] == 1, "a segment of one run")
        check_h5dump(path)
    check_drawings(folder / "drawings" / "sweep.h5")
    check_h5dump(folder / "drawings" / "sweep.h5")
    check_readme(readme, folder)


main()
