"""`vggsweep report`: the folder of a tiny real sweep, whole, live, from a file, in hostile places."""
import base64
import html.parser
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree

import h5py
import numpy
from PIL import Image

from tool import TINY, TINY_RUNS, ToolTest, call, hash_folder, run_tiny_sweep

MARKER = ".vggsweep-report"
# A tiny sweep with what the plain one lacks: seeds, a number and a list as axes, --set.
AXES = """\
name: axes
image: {size: 32}
objective: {steps: 4, style: {layers: [relu1_1]}}
grid:
  layer: [relu1_2]
  channel: [3, 5]
  lambda: [0, 50]
  seed: [1, 2]
  optimizer.lr: [0.05, 0.1]
  transforms.scale: [[0.9, 1.1], [1, 1]]
log: {every: 2}
"""
# A tiny sweep of drawings, 4 of them.
DRAWINGS = """\
name: drawings
seed: 7
image: {size: 48, parametrization: strokes}
objective: {steps: 8, style: {layers: [relu1_1]}}
strokes: {count: 12}
palette: {colors: 3}
plot: {page: A6, margin: 10}
grid:
  layer: [relu1_2]
  channel: [1, 2]
  lambda: [0, 50]
log: {every: 2, snapshots: [0, 6]}
"""
DRAWINGS_RUNS = 4
SVG = "{http://www.w3.org/2000/svg}"
JPEG_QUALITY_LOSS = 24  # mean difference of a byte at quality 90 stays far below, for noise too


class Page(html.parser.HTMLParser):
    """The data, the title, and every element with its attributes."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.data, self.title, self.text, self.open = [], "", "", "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, attributes = self.open[-1] if self.open else ("", {})
        if attributes.get("id") == "report-data":
            self.data += data
        elif tag == "title":
            self.title += data
        elif tag not in ("script", "style"):
            self.text += data

    def pictures(self):
        return [attributes for tag, attributes in self.elements if tag == "img"]


def read_page(folder):
    return Page((pathlib.Path(folder) / "index.html").read_text(encoding="utf-8"))


def read_chunk(folder, number):
    text = (pathlib.Path(folder) / "chunks" / f"{number}.js").read_text(encoding="utf-8")
    match = re.fullmatch(r"vggsweepChunk\((\d+),(\{.*\})\)\n", text, re.S)
    assert match and int(match[1]) == number, text[:80]
    return json.loads(match[2])


class ReportTest(ToolTest):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.scratch.name)
        run_tiny_sweep(cls.root)
        cls.results = cls.root / "results"

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def setUp(self):
        self.place = tempfile.TemporaryDirectory(dir=self.root)
        self.out = pathlib.Path(self.place.name) / "out"

    def tearDown(self):
        self.place.cleanup()

    def report(self, *arguments, results=None):
        return self.good_json("report", results or self.results, "--out", self.out, "--json", *arguments)

    def data(self):
        return json.loads(read_page(self.out).data)

    def sweep_file(self, text, *settings):
        """Runs a sweep in a folder of its own; returns the folder of its results."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place.name))
        (folder / "sweep.yaml").write_text(text)
        self.good("run", folder / "sweep.yaml", "--out", folder / "results", *settings)
        return folder / "results"

    # --- the folder --------------------------------------------------------------------------

    def check_files(self, data):
        """Every file that the data name is there, as what it should be; and no other."""
        expected = {"index.html", MARKER}
        if (self.out / "licences.txt").exists():
            expected.add("licences.txt")
        side = data["thumbnail"]["side"]
        sheet_size = (side * data["thumbnail"]["columns"], side * data["thumbnail"]["rows"])
        picture = data["picture"]
        for row, run in enumerate(data["values"]["id"]):
            sheet = data["thumbnail"]["sheet"][row]
            if sheet < 0:
                continue
            height, width = (side[row] if isinstance(side, list) else side
                             for side in (picture["height"], picture["width"]))
            taken = bin(data["snapshots"]["taken"][row]).count("1")
            wanted = [(f"sheets/{sheet}.jpg", sheet_size), (f"pictures/{run}.jpg", (width, height))]
            if taken:
                wanted.append((f"snapshots/{run}.jpg", (width * taken, height)))
            for name, size in wanted:
                expected.add(name)
                with Image.open(self.out / name) as image:
                    image.load()
                    self.assertEqual((image.format, image.size, image.mode), ("JPEG", size, "RGB"), name)
        for kind, ending in (("svg", ""), ("plotted", "-plotted")):
            expected |= {f"drawings/{data['values']['id'][row]}{ending}.svg" for row in data["drawings"][kind]}
        runs, chunk = len(data["values"]["id"]), data["traces"]["chunk"]
        expected |= {f"chunks/{n}.js" for n in range(math.ceil(runs / chunk))}
        found = {str(path.relative_to(self.out)) for path in self.out.rglob("*") if not path.is_dir()}
        self.assertEqual(found, expected)
        self.assertEqual(sorted(p.name for p in self.out.parent.iterdir() if p.name.startswith("out")), ["out"])

    def test_every_file_that_the_data_name_is_there(self):
        answer = self.report()
        data = self.data()
        self.check_files(data)
        self.assertEqual(answer["index"], str(self.out / "index.html"))
        self.assertEqual((answer["stored"], answer["pictures"], answer["snapshots"]), (TINY_RUNS,) * 3)
        self.assertFalse(answer["live"])
        sizes = sum(p.stat().st_size for p in self.out.rglob("*") if p.is_file() and p.name != MARKER)
        self.assertEqual(answer["bytes"], sizes)

    def test_the_data_are_the_results(self):
        self.report()
        data = self.data()
        with h5py.File(self.results / "sweep.h5") as file:
            runs = file["runs"][:]
            self.assertEqual(data["values"]["id"], [i.decode() for i in runs["id"]])
            for name in ("layer", "status", "host", "group"):
                coded = data["values"][name]
                self.assertEqual([coded["words"][c] for c in coded["codes"]], [t.decode() for t in runs[name]])
            for name in ("channel", "lambda", "seed", "steps", "exc_eval", "style_eval", "seconds"):
                # 9 digits are given of figures
                numpy.testing.assert_allclose(data["values"][name], runs[name], rtol=1e-8, err_msg=name)
            self.assertEqual(data["traces"]["steps"], file["trace/step"][:].tolist())
            self.assertEqual(data["snapshots"]["steps"], file["images/snapshot_step"][:].tolist())
            chunk = read_chunk(self.out, 0)
            for name in data["traces"]["names"]:
                trace = numpy.frombuffer(base64.b64decode(chunk["traces"][name]), "<f4")
                numpy.testing.assert_array_equal(trace.reshape(TINY_RUNS, -1), file["trace"][name][:], name)
            self.assertEqual([json.loads(s) for s in chunk["spec"]], [json.loads(s) for s in file["specs"][:]])
            self.assertEqual(data["sweep"], file.attrs["sweep"])
            for row, run in enumerate(data["values"]["id"]):
                with Image.open(self.out / "pictures" / f"{run}.jpg") as image:
                    difference = numpy.asarray(image, float) - file["images/final"][row]
                self.assertLess(abs(difference).mean(), JPEG_QUALITY_LOSS, run)
        for name in ("exc_gain", "effect", "style_gain"):
            listed = json.loads(self.good("rank", self.results, "--by", name, "--json"))
            ranked = {run["id"]: run for run in listed}
            expected = [ranked[i][name] for i in data["values"]["id"]]
            for value, other in zip(data["values"][name], expected):
                self.assertEqual(value is None, other is None, name)
                if value is not None:
                    self.assertAlmostEqual(value, other, delta=1e-8 * max(1, abs(other)), msg=name)
        self.assertEqual(sum(v["count"] for v in data["verdicts"]), TINY_RUNS)
        self.assertEqual(len(data["reason"]), TINY_RUNS)

    def test_thumbnails_are_where_the_data_say(self):
        self.report()
        data = self.data()
        side, columns = data["thumbnail"]["side"], data["thumbnail"]["columns"]
        for row, run in enumerate(data["values"]["id"]):
            sheet, cell = data["thumbnail"]["sheet"][row], data["thumbnail"]["cell"][row]
            x, y = cell % columns * side, cell // columns * side
            with Image.open(self.out / "sheets" / f"{sheet}.jpg") as image:
                thumbnail = numpy.asarray(image.crop((x, y, x + side, y + side)), float)
            with Image.open(self.out / "pictures" / f"{run}.jpg") as image:
                picture = numpy.asarray(image.resize((side, side), Image.BILINEAR), float)
            self.assertLess(abs(thumbnail - picture).mean(), JPEG_QUALITY_LOSS, run)

    def test_a_second_report_replaces_its_own_files_only(self):
        self.report()
        (self.out / "notes.txt").write_text("mine")
        (self.out / "pictures" / "notes.txt").write_text("mine too")
        (self.out / "pictures" / "0123456789abcdef.jpg").write_bytes(b"of an older report")
        self.report()
        self.assertEqual((self.out / "notes.txt").read_text(), "mine")
        self.assertEqual((self.out / "pictures" / "notes.txt").read_text(), "mine too")
        (self.out / "notes.txt").unlink()
        (self.out / "pictures" / "notes.txt").unlink()
        self.check_files(self.data())

    def test_other_folders_are_refused(self):
        self.out.mkdir()
        (self.out / "thesis.tex").write_text("years of work")
        (self.out / "pictures").mkdir()
        before = hash_folder(self.out)
        self.bad("report", self.results, "--out", self.out, code=2, says=["out", "no report", "--out"])
        self.bad("report", self.results, "--out", self.out / "thesis.tex", code=2, says=["thesis.tex", "--out"])
        self.bad("report", self.results, "--out", self.results, code=2, says="no report")
        self.assertEqual(hash_folder(self.out), before)
        (self.out.parent / "new.part").mkdir()
        (self.out.parent / "new.part" / "thesis.tex").write_text("more of it")
        self.bad("report", self.results, "--out", self.out.parent / "new", code=2, says="in the way")
        self.assertTrue((self.out.parent / "new.part" / "thesis.tex").exists())

    def test_an_empty_folder_and_what_a_killed_report_left_are_taken(self):
        self.out.mkdir()
        part = self.out.parent / "out.part"
        (part / "pictures").mkdir(parents=True)
        (part / MARKER).write_text("")
        (part / "pictures" / "0123456789abcdef.jpg").write_bytes(b"half a picture")
        self.report()
        self.check_files(self.data())

    def test_a_failure_leaves_the_old_report(self):
        self.report()
        before = hash_folder(self.out)
        broken = pathlib.Path(self.place.name) / "broken.yaml"
        broken.write_text("win_gian: 0.1\n")
        self.bad("report", self.results, "--out", self.out, "--verdicts", broken, code=2, says="win_gian")
        self.assertEqual(hash_folder(self.out), before)
        self.bad("report", self.out / "nothing", code=1, says="nothing")

    def test_the_usual_place_is_in_the_results(self):
        copy = pathlib.Path(self.place.name) / "copy"
        shutil.copytree(self.results, copy)
        self.assertEqual(self.good("report", copy).strip(), str(copy / "report/index.html"))
        self.assertEqual(self.good("report", copy / "sweep.h5").strip(), str(copy / "report/index.html"))
        self.good("status", copy)
        self.good("run", self.root / "tiny.yaml", "--out", copy)  # the report is in nobody's way

    def test_results_that_cannot_be_written_to(self):
        copy = pathlib.Path(self.place.name) / "copy"
        shutil.copytree(self.results, copy)
        for path in [*copy.rglob("*"), copy]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        try:
            before = hash_folder(copy)
            self.report(results=copy)
            self.check_files(self.data())
            self.assertEqual(hash_folder(copy), before)
            if os.getuid() != 0:  # root may write anywhere
                self.bad("report", copy, code=1, says="--out")
        finally:
            copy.chmod(0o700)

    # --- what is stored so far ---------------------------------------------------------------

    def test_segments_files_and_merged_folders_give_the_same(self):
        def essence(data):
            return {k: v for k, v in data.items() if k not in ("generated", "finished")}

        self.report()
        merged = essence(self.data())
        shutil.rmtree(self.out)
        self.report(results=self.results / "sweep.h5")
        self.assertEqual(essence(self.data()), merged)
        # The runs in two segments, as before a merge.
        folder = pathlib.Path(self.place.name) / "split"
        (folder / "segments").mkdir(parents=True)
        shutil.copy(self.results / "manifest.json", folder)
        shutil.copy(self.results / "sweep.h5", folder / "segments/a.h5")
        self.report(results=folder)
        self.assertEqual(essence(self.data()), merged)

    def live_folder(self, age_s):
        """The tiny sweep, of which a job says that it is still writing, last `age_s` ago."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place.name))
        (folder / "tiny.yaml").write_text(TINY.replace("channel: [1, 2]", "channel: [1, 2, 9]"))
        self.good("run", folder / "tiny.yaml", "--out", folder / "results")
        with h5py.File(folder / "results/sweep.h5") as file:
            canonical = file.attrs["canonical"]
        manifest = json.loads((folder / "results/manifest.json").read_text())
        # A file of all but channel 9, made by a sweep of the others that says it is one of three.
        part = folder / "results/segments/part.h5"
        shutil.copy(self.results / "sweep.h5", part)
        (folder / "results/sweep.h5").unlink()
        with h5py.File(part, "r+") as file:
            file.attrs["canonical"] = canonical
            file.attrs["runs_planned"] = numpy.uint64(manifest["runs"])
            runs = file["runs"][:]
            runs["index"] = [0, 1, 2, 3, 6, 7, 8, 9]  # channels 1, 2 of both layers
            file["runs"][:] = runs
        progress = {"state": "running", "started": time.time() - 60, "updated": time.time() - age_s,
                    "planned": 12, "done": 8, "failed": 0, "diverged": 0, "running": 1, "left": 3,
                    "runs_per_hour": 100.0, "seconds_left": 100.0, "ranks": []}
        (folder / "results/progress.json").write_text(json.dumps(progress))
        return folder / "results"

    def test_a_running_sweep_shows_what_is_stored(self):
        folder = self.live_folder(0)
        answer = self.report(results=folder)
        data = self.data()
        self.check_files(data)
        self.assertTrue(answer["live"] and data["live"])
        self.assertEqual((answer["missing"], data["counts"]["missing"], data["counts"]["planned"]), (4, 4, 12))
        expected = [{"layer": layer, "channel": 9, "weight": weight, "seed": 7, "axes": {}}
                    for layer in ("relu1_2", "relu2_2") for weight in (0, 50)]
        self.assertEqual(data["missing"], expected)
        self.assertIn("still running", read_page(self.out).text)

    def test_a_dead_job_is_not_live(self):
        self.report(results=self.live_folder(3600))
        self.assertFalse(self.data()["live"])

    def changed(self, change):
        """A copy of the results whose file `change` has altered."""
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.place.name)) / "results"
        shutil.copytree(self.results, copy)
        with h5py.File(copy / "sweep.h5", "r+") as file:
            change(file)
        return copy

    def test_failed_and_diverged_runs_are_there(self):
        def change(file):
            runs = file["runs"][:]
            for row, status in ((1, b"failed"), (2, b"diverged")):
                runs["status"][row] = status
                for name in ("exc_eval", "style_eval", "exc_final", "style_final"):
                    runs[name][row] = numpy.nan
            file["runs"][:] = runs
            file["trace/exc_loss"][2, 1:] = numpy.nan

        answer = self.report(results=self.changed(change))
        data = self.data()
        self.check_files(data)
        self.assertEqual((answer["done"], answer["failed"], answer["diverged"]), (TINY_RUNS - 2, 1, 1))
        self.assertEqual(data["thumbnail"]["sheet"][1], -1)
        self.assertGreaterEqual(data["thumbnail"]["sheet"][2], 0)
        names = [data["verdicts"][v]["name"] for v in data["verdict"]]
        self.assertEqual((names[1], names[2]), ("failed", "diverged"))
        self.assertEqual((data["values"]["exc_eval"][1], data["values"]["exc_gain"][2]), (None, None))
        trace = numpy.frombuffer(base64.b64decode(read_chunk(self.out, 0)["traces"]["exc_loss"]), "<f4")
        steps = len(data["traces"]["steps"])
        self.assertTrue(numpy.isnan(trace[2 * steps + 1:3 * steps]).all())
        self.assertFalse(numpy.isnan(trace[2 * steps]))

    def test_a_damaged_picture_is_left_out(self):
        copy = self.changed(lambda file: None)
        with h5py.File(copy / "sweep.h5") as file:
            chunk = file["images/final"].id.get_chunk_info(3)
        with open(copy / "sweep.h5", "r+b") as file:
            file.seek(chunk.byte_offset + chunk.size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0xFF]))
        answer = self.report(results=copy)
        self.assertEqual((answer["unreadable"], answer["pictures"]), (1, TINY_RUNS - 1))
        self.assertEqual(self.data()["thumbnail"]["sheet"][3], -1)
        self.check_files(self.data())

    # --- drawings ----------------------------------------------------------------------------

    def test_pictures_have_no_drawings(self):
        answer = self.report()
        data = self.data()
        self.assertEqual((answer["drawings"], data["drawings"]), (0, {"svg": [], "plotted": []}))
        self.assertNotIn("drawing", read_chunk(self.out, 0))
        names = {column["name"] for column in data["columns"]}
        self.assertIn("ink_saved", names)
        self.assertFalse(names & {"minutes", "drawn_mm", "kept_plotted", "plot_gain"})

    def lines_of(self, run, ending):
        """Paths of a drawing's file with their look, inherited or own, and the sheet's attributes."""
        root = xml.etree.ElementTree.parse(self.out / "drawings" / f"{run}{ending}.svg").getroot()
        self.assertEqual({child.tag for child in root.iter()}, {SVG + tag for tag in ("svg", "title", "rect", "g", "path")})
        lines = [{**group.attrib, **path.attrib} for group in root.iter(SVG + "g") for path in group.iter(SVG + "path")]
        return lines, root.attrib

    def test_drawings_are_there_as_vectors(self):
        results = self.sweep_file(DRAWINGS)
        answer = self.report(results=results)
        data, everything = self.data(), list(range(DRAWINGS_RUNS))
        self.check_files(data)
        self.assertEqual((answer["drawings"], answer["unreadable"]), (DRAWINGS_RUNS, 0))
        self.assertEqual(data["drawings"], {"svg": everything, "plotted": everything})
        sizes = sum(p.stat().st_size for p in self.out.rglob("*") if p.is_file() and p.name != MARKER)
        self.assertEqual(answer["bytes"], sizes)
        with h5py.File(results / "sweep.h5") as file:
            strokes, pens, names = file["params/strokes"][:], file["params/pens"][:], file["params/pen_names"][:]
            runs = file["runs"][:]
        chunk = read_chunk(self.out, 0)
        scale = (105 - 20 - 0.4) / 48  # mm for a px: A6, margins, half a pen on either side
        for row, run in enumerate(data["values"]["id"]):
            lines, sheet = self.lines_of(run, "")
            self.assertEqual(sheet["viewBox"], "0 0 48 48")
            self.assertEqual(len(lines), runs["strokes"][row])
            numpy.testing.assert_allclose([float(line["stroke-width"]) for line in lines], strokes[row, :, 0], atol=6e-4)
            plotted, _ = self.lines_of(run, "-plotted")
            colours = ["#" + "".join(f"{round(255 * float(c)):02x}" for c in pen[:3]) for pen in pens[row]]
            by_pen = sorted(strokes[row, :, 5])  # as they are plotted: one pen over the other
            self.assertEqual([line["stroke"] for line in plotted], [colours[int(s)] for s in by_pen])
            self.assertTrue(all(abs(float(line["stroke-width"]) - .4 / scale) < 6e-4 for line in plotted))
            facts = chunk["drawing"][row]
            self.assertEqual([pen["color"] for pen in facts["pens"]], colours)
            self.assertEqual([pen["name"] for pen in facts["pens"]], [name.decode() for name in names[row]])
            self.assertEqual([pen["strokes"] for pen in facts["pens"]],
                             [int((strokes[row, :, 5] == pen).sum()) for pen in range(len(colours))])
            measured = numpy.flatnonzero(numpy.isfinite(strokes[row, :, 7]))
            self.assertEqual(facts["budget"]["strokes"], (measured + 1).tolist())
            numpy.testing.assert_allclose(facts["budget"]["exc_loss"], strokes[row, measured, 7], rtol=1e-7)
        for name in ("exc_free", "exc_quantized", "exc_refined", "exc_plotted", "drawn_mm", "minutes"):
            numpy.testing.assert_allclose(data["values"][name], runs[name], rtol=1e-8, err_msg=name)
        numpy.testing.assert_allclose(data["values"]["kept_plotted"], 1 + (runs["exc_free"] - runs["exc_plotted"]) / abs(runs["exc_free"]), rtol=1e-7)
        self.check_commands(results, [3])

    def test_few_drawings_are_chosen(self):
        results = self.sweep_file(DRAWINGS)
        for most in (0, 2):
            answer = self.report("--drawings", most, results=results)
            data = self.data()
            self.check_files(data)
            self.assertEqual((answer["drawings"], len(data["drawings"]["svg"])), (most, most))
            self.assertEqual(sum(facts is not None for facts in read_chunk(self.out, 0)["drawing"]), DRAWINGS_RUNS)
        first, second = data["drawings"]["svg"]
        self.assertEqual(data["baseline"][second], first)  # a headline with what it is compared with
        self.assertEqual(data["headlines"][0]["row"], second)

    def test_drawings_through_rank_and_show(self):
        """A drawing that is plotted in 20% less time, nearly as excited, is sparse, though it covers more."""
        results = self.sweep_file(DRAWINGS)
        with h5py.File(results / "sweep.h5", "r+") as file:
            runs = file["runs"][:]
            base, run = 0, 1
            for column in ("exc_eval", "exc_final", "exc_best"):
                runs[column][base], runs[column][run] = -1000, -950
            runs["exc_first"], runs["exc_random_sd"] = -10, 1
            runs["style_eval"], runs["style_floor"] = 4000, 400
            runs["coverage"][base], runs["coverage"][run] = .5, .6
            runs["minutes"][base], runs["minutes"][run] = 10, 8
            runs["drawn_mm"][base], runs["drawn_mm"][run] = 5000, 5000
            runs["exc_free"][run], runs["exc_refined"][run], runs["exc_plotted"][run] = -1000, -950, -400
            file["runs"][:] = runs
        listed = {entry["id"]: entry for entry in self.good_json("rank", results, "--json")}
        sparse = listed[runs["id"][run].decode()]
        self.assertEqual(sparse["verdict"], "sparse")
        self.assertEqual(sparse["reason"], "sparse: exc_eval -950 against -1000 at lambda 0, -5.0%, with 20% less ink: "
                                           "coverage 60.0% against 50.0%, 5.00 m of line against 5.00, plotted in 8 min against 10")
        self.assertAlmostEqual(sparse["ink_saved"], .2)
        self.assertAlmostEqual(sparse["kept_plotted"], .4)
        quickest = self.good_json("rank", results, "--json", "--by", "minutes", "--where", "channel == 1")
        self.assertEqual([entry["minutes"] for entry in quickest], [8, 10])
        self.assertIn("minutes", self.good("rank", results).split("\nplace ")[1].splitlines()[0])
        shown = self.good("show", results, sparse["id"])
        self.assertRegex(shown, r"\n  plotted +-400 +40\.0%\n")
        for words in ("best strokes", "5.00 m drawn", "8.0 min", "0.40 mm"):
            self.assertIn(words, shown)
        facts = self.good_json("show", results, sparse["id"], "--json")
        self.assertEqual((facts["minutes"], facts["exc_plotted"], facts["strokes"]), (8, -400, 12))
        self.assertEqual(sum(pen["strokes"] for pen in facts["drawing"]["pens"]), 12)
        self.assertEqual(facts["drawing"]["budget"]["strokes"][-1], 12)
        picture = self.good("show", self.results, json.loads(self.good("rank", self.results, "--json"))[0]["id"])
        self.assertNotIn("kept_plotted", picture)

    # --- the command of a run ----------------------------------------------------------------

    def check_commands(self, results, rows):
        """Runs what a chunk gives as a run's command, in a folder with the sweep file, by a shell."""
        self.report(results=results)
        data = self.data()
        chunk = read_chunk(self.out, 0)
        program = pathlib.Path(os.environ["VGGSWEEP"]).resolve()
        for row in rows:
            command = chunk["command"][row]
            self.assertTrue(command.startswith(f"vggsweep run {data['name']}.yaml "), command)
            folder = pathlib.Path(tempfile.mkdtemp(dir=self.place.name))
            (folder / f"{data['name']}.yaml").write_text(data["sweep"])
            shell = f"vggsweep() {{ {shlex.quote(str(program))} \"$@\"; }}; {command}"
            answer = subprocess.run(["sh", "-c", shell], cwd=folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(answer.returncode, 0, f"{command}\n{answer.stderr}")
            files = list(folder.glob("results/*/sweep.h5"))
            with h5py.File(files[0]) as file:
                ids = [i.decode() for i in file["runs"]["id"]]
                self.assertEqual(ids[-1], data["values"]["id"][row], command)
                self.assertEqual(len(ids), 2 if ",0.5 " in command else 1)  # with the baseline of a strength

    def test_the_command_computes_the_same_run(self):
        self.check_commands(self.results, [0, 7])

    def test_the_command_knows_axes(self):
        self.check_commands(self.sweep_file(AXES), [0, 13, 31])

    def test_the_command_knows_what_was_set(self):
        results = self.sweep_file(TINY, "--set", "objective.steps=3", "--set", "log.snapshots=0,3",
                                  "--set", "grid.lambda=0,7.5", "--set", "regularizers.tv=1e-5",
                                  "--set", "objective.style.layers=relu1_1,relu1_2",
                                  "--set", "grid.optimizer.lr=0.01,0.3", "--set", "seed=12")
        self.check_commands(results, [3, 5])

    def test_the_command_knows_rho(self):
        self.check_commands(self.sweep_file(TINY, "--set", "grid.rho=0,0.5"), [1])

    def test_the_command_knows_strength(self):
        results = self.sweep_file(TINY, "--set", "grid.strength=0.5")
        self.check_commands(results, [0, 1])
        self.assertIn(" --set grid.strength=0,0.5 ", read_chunk(self.out, 0)["command"][1])
        data = self.data()
        self.assertEqual((data["weight"], data["values"]["strength"][:2]), ("strength", [0, 0.5]))

    # --- texts from strangers ----------------------------------------------------------------

    HOSTILE = ("</script><script>alert(1)</script>", "<!--<script>", "\"'><img src=x onerror=alert(1)>&amp;",
               "line\nbreak\u2028\u2029", "x" * 4096, "$(touch owned) `touch owned` ; touch owned", "")

    def test_hostile_names_are_text(self):
        for name in self.HOSTILE:
            with self.subTest(name=name[:40]):
                def change(file):
                    for attribute in ("name", "sweep"):
                        file.attrs[attribute] = name

                copy = self.changed(change)
                self.report(results=copy / "sweep.h5")
                raw = (self.out / "index.html").read_text(encoding="utf-8")
                page = Page(raw)
                self.assertEqual(page.title, name)
                data = json.loads(page.data)
                self.assertEqual((data["name"], data["sweep"]), (name, name))
                self.assertNotIn("<", page.data)
                self.assertEqual([a for _, a in page.elements if "onerror" in a or a.get("src") == "x"], [])
                command = read_chunk(self.out, 0)["command"][0]
                words = shlex.split(command)
                self.assertEqual(words[:2], ["vggsweep", "run"])
                self.assertRegex(words[2], r"^[A-Za-z0-9][-_.A-Za-z0-9]*\.yaml$")
                # No script, style or frame but the page's own.
                clean = Page(self.plain_page())
                tags = [t for t, _ in page.elements if t in ("script", "style", "iframe", "object")]
                self.assertEqual(tags, [t for t, _ in clean.elements if t in ("script", "style")])

    def plain_page(self):
        out = self.out.parent / "clean"
        self.good("report", self.results, "--out", out)
        return (out / "index.html").read_text(encoding="utf-8")

    def test_hostile_specs_are_quoted(self):
        def change(file):
            spec = json.loads(file["specs"][0])
            spec["objective.style.image"] = "builtin:it's; touch owned $(touch owned)"
            text = json.dumps(spec)
            size = file["specs"].dtype.itemsize
            file["specs"][0] = text[:size] if len(text) <= size else json.dumps({"layer": "a'b; touch owned"})

        self.report(results=self.changed(change))
        words = shlex.split(read_chunk(self.out, 0)["command"][0])
        self.assertNotIn("touch", words)
        self.assertTrue(any("touch owned" in word for word in words))

    # --- without JavaScript ------------------------------------------------------------------

    def test_the_best_runs_are_shown_without_javascript(self):
        self.report("--top", "2")
        page = read_page(self.out)
        best = [run["id"] for run in json.loads(self.good("rank", self.results, "--json"))
                if run["lambda"] > 0][:2]
        shown = [picture["src"] for picture in page.pictures()]
        self.assertEqual(shown[-2:], [f"pictures/{i}.jpg" for i in best])
        for picture in page.pictures():
            self.assertTrue(picture["alt"] and (self.out / picture["src"]).exists(), picture)

    def test_help_and_mistakes(self):
        text = self.good("report", "--help")
        for word in ("--out", "--top", "--drawings", "--verdicts", "--json", "DIR"):
            self.assertIn(word, text)
        self.bad("report", code=2, says="DIR")
        self.bad("report", self.results, "--top", "0", code=2, says="--top")
        self.bad("report", self.results, "--out", "/proc/report", code=1, says="/proc/report")

    def test_a_pipe_sees_no_progress(self):
        answer = call("report", self.results, "--out", self.out)
        self.assertEqual(answer.stdout, f"{self.out}/index.html\n")
        self.assertNotIn("\r", answer.stderr)
        self.assertEqual(len(answer.stderr.splitlines()), 2 if "plain page" in answer.stderr else 1)


if __name__ == "__main__":
    unittest.main()
