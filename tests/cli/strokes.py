"""Sweeps of pen strokes as their users run them: pens given and found, starts from an SVG, larger
canvases, what users get wrong, and the command that computes a run again."""
import json
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

import h5py
import numpy as np

from report import read_chunk
from tool import PROGRAM, ToolTest, call, hash_folder

STROKES = """\
name: strokes
seed: 7
image: {size: 48, parametrization: strokes}
strokes: {count: 10, width: [1, 5], lr_points: 3}
plot: {page: Letter-landscape, margin: 12.3}
objective: {steps: 8, style: {layers: [relu1_1]}}
grid:
  layer: [relu2_1]
  channel: [1]
  lambda: [0, 50]
log: {every: 2, snapshots: [0, 8]}
"""
PENS = [["black", "#111111", 0.3], ["red", "#cc2222", 0.5]]
PENS_LIST = "palette.pens=[[black, \"#111111\", 0.3], [red, \"#cc2222\", 0.5]]"
PENS_FILE = "pens:\n- {name: black, color: \"#111111\", width: 0.3}\n- {name: red, color: \"#c22\", width: 0.5}\n"
STYLE = pathlib.Path(__file__).resolve().parents[1] / "golden/style64.png"
SVG = ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>"
       "<path d='M1 2C3 4 5 6 7 10' stroke='#00ff00' stroke-width='2' fill='none'/></svg>")


def own_weights(path):
    """The builtin ones but for one bias: another network, in a file that tells its family."""
    data = bytearray((pathlib.Path(__file__).resolve().parents[2] / "data/weights/vgg16-textures.safetensors").read_bytes())
    size = int.from_bytes(data[:8], "little")
    begin = json.loads(data[8:8 + size])["features.0.bias"]["data_offsets"][0] + 8 + size
    data[begin:begin + 2] = b"\0\0"
    path.write_bytes(data)
    return path


class StrokesTest(ToolTest):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="vggsweep-strokes-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.sweep = self.write("sweep.yaml", STROKES)

    def write(self, name, text):
        (self.place / name).write_text(text)
        return self.place / name

    def compute(self, *settings, out="results", sweep=None):
        """Runs the sweep with these --set; returns sweep.h5, open."""
        words = [word for setting in settings for word in ("--set", setting)]
        self.good("run", sweep or self.sweep, "--out", self.place / out, *words)
        file = h5py.File(self.place / out / "sweep.h5")
        self.addCleanup(file.close)
        self.assertEqual(set(file["runs"]["status"]), {b"done"})
        return file

    def pens_of(self, file, row):
        count = file["runs"]["pens"][row]
        names = [name.decode() for name in file["params/pen_names"][row, :count]]
        numbers = file["params/pens"][row, :count]
        colors = ["#" + "".join(f"{round(255 * float(c)):02x}" for c in pen[:3]) for pen in numbers]
        return [[name, color, round(float(pen[3]), 4)] for name, color, pen in zip(names, colors, numbers)]


class Runs(StrokesTest):
    def test_strokes_are_stored(self):
        file = self.compute()
        runs = file["runs"][:]
        self.assertEqual(list(runs["lambda"]), [0, 50])
        self.assertEqual(list(runs["strokes"]), [10, 10])
        self.assertTrue((runs["stroke_points"] == 7).all() and (runs["pens"] == 0).all())
        self.assertTrue((runs["exc_free"] == runs["exc_eval"]).all())
        for name in ("exc_quantized", "exc_refined", "exc_plotted"):
            self.assertTrue(np.isnan(runs[name]).all(), name)
        self.assertTrue((runs["drawn_mm"] > 0).all() and (runs["minutes"] > 0).all())
        self.assertNotIn("params/pens", file)
        self.assertEqual(file["params/points"].shape, (2, 10, 7, 2))
        snapshots = file["images/snapshots"][:]  # both lambdas begin with the same strokes
        self.assertTrue((snapshots[0, 0] == snapshots[1, 0]).all())
        self.assertFalse((snapshots[0, 1] == snapshots[1, 1]).all())
        budget = file["params/strokes"][0, :, 7]
        self.assertAlmostEqual(budget[9] / runs["exc_eval"][0], 1, delta=0.5)
        self.assertEqual(sorted(file["params/strokes"][0, :, 6]), list(range(10)))

    def test_pens_from_a_list_a_file_and_a_folder(self):
        pens = self.write("pens.yaml", PENS_FILE)
        listed = self.compute(PENS_LIST, out="listed")
        from_file = self.compute(f"palette.pens={pens}", out="file")
        beside = self.write("beside.yaml", STROKES + "palette: {pens: ./pens.yaml}\n")
        from_sweep = self.compute(sweep=beside, out="beside")
        for file in (from_file, from_sweep):
            self.assertEqual(list(file["runs"]["id"]), list(listed["runs"]["id"]))
        for row in range(2):
            self.assertEqual(self.pens_of(listed, row), PENS)
            self.assertEqual(self.pens_of(from_file, row), PENS)
            styles, pens = listed["params/strokes"][row], listed["params/pens"][row]
            self.assertTrue((styles[:, 1:4] == pens[styles[:, 5].astype(int), :3]).all())
            self.assertTrue((styles[:, 4] == 1).all())
            self.assertTrue((styles[:, 0] >= 1).all() and (styles[:, 0] <= 5).all())
        runs = listed["runs"][:]
        self.assertTrue((runs["steps"] == 12).all())  # 8, and a half of them with pens
        self.assertTrue((runs["exc_refined"] == runs["exc_eval"]).all())
        self.assertTrue(np.isfinite(runs["exc_quantized"]).all() and np.isfinite(runs["exc_plotted"]).all())

    def test_pens_are_found_and_chosen(self):
        found = self.compute("palette.colors=3", out="found")
        self.assertEqual([len(self.pens_of(found, row)) for row in range(2)], [3, 3])
        chosen = self.compute("palette.pens=bic-4-colour", "strokes.color=palette", out="chosen")
        self.assertEqual(len(self.pens_of(chosen, 0)), 4)

    def test_larger_canvases_share_a_file_with_small_ones(self):
        file = self.compute("image.size=96", "grid.multiscale.levels=1,2", PENS_LIST, "strokes.count=6")
        runs = file["runs"][:]
        self.assertEqual(list(runs["strokes"]), [6, 6, 24, 24])
        self.assertTrue((runs["height"] == 96).all())
        styles = file["params/strokes"][:]
        self.assertTrue(np.isnan(styles[0, 6:]).all() and np.isfinite(styles[2, :, :7]).all())
        self.assertTrue((styles[2, :, 5].reshape(4, 6) == styles[2, :6, 5]).all())  # copies have one pen

    def test_a_start_from_an_svg(self):
        start = self.write("start.svg", SVG)
        still = ["strokes.lr_points=0", "strokes.lr_width=0", "strokes.lr_color=0"]
        file = self.compute(f"strokes.start={start}", *still)
        first = file["params/points"][0, 0]
        self.assertTrue(np.allclose(first[[0, 3, 6]], [[2, 4], [8, 10.5], [14, 20]], atol=1e-4))
        self.assertTrue((file["params/strokes"][0, 0, :5] == [4, 0, 1, 0, 1]).all())

    def test_the_same_again_is_no_work(self):
        self.compute(PENS_LIST)
        before = hash_folder(self.place / "results")
        self.good("run", self.sweep, "--out", self.place / "results", "--set", PENS_LIST)
        self.assertEqual(hash_folder(self.place / "results"), before)

    def test_plans_know_stages(self):
        plain = self.good_json("plan", self.sweep, "--json")
        self.assertEqual(plain["runs"], 2)
        longer = self.good_json("plan", self.sweep, "--json", "--set", PENS_LIST, "--set", "palette.refine=4")
        self.assertGreater(longer["gflop"], 2 * plain["gflop"])
        self.assertFalse((self.place / "results").exists())

    def test_a_run_that_fails_on_its_way_does_not_end_the_sweep(self):
        """Of two white strokes no two colours can be found, which nobody knows before they are there."""
        white = self.write("white.svg", SVG.replace("#00ff00", "#fff").replace("</svg>", "<path d='M9 9L1 9' stroke='#fff'/></svg>"))
        answer = call("run", self.sweep, "--out", self.place / "results", "--set", f"strokes.start={white}", "--set", "strokes.count=2",
                      "--set", "grid.palette.colors=0,2", "--set", "strokes.lr_color=0")
        self.check_clean(answer)
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertIn("the drawing has 1 different colour, too few for 2 pens", answer.stderr)
        with h5py.File(self.place / "results" / "sweep.h5") as file:
            self.assertEqual(list(file["runs"]["status"]), [b"done", b"done", b"failed", b"failed"])
            self.assertTrue((file["images/final"][2:] == 0).all())
            self.assertEqual(list(file["runs"]["strokes"]), [2, 2, 0, 0])
        self.assertEqual(call("run", self.sweep, "--out", self.place / "results", "--set", f"strokes.start={white}",
                              "--set", "strokes.count=2", "--set", "grid.palette.colors=0,2", "--set", "strokes.lr_color=0",
                              "--retry-failed").returncode, 3)


class Commands(StrokesTest):
    """The command that a report gives for a run computes that run."""

    def check_commands(self, file, sweep, rows=(0, 1)):
        out = self.place / "report"
        self.good("report", pathlib.Path(file.filename).parent, "--out", out)
        for row in rows:
            command = read_chunk(out, 0)["command"][row]
            folder = pathlib.Path(tempfile.mkdtemp(dir=self.place))
            (folder / "strokes.yaml").write_text(sweep.read_text())
            for name in ("pens.yaml", "start.svg"):
                if (self.place / name).exists():
                    (folder / name).write_text((self.place / name).read_text())
            shell = f"vggsweep() {{ {shlex.quote(str(pathlib.Path(PROGRAM).resolve()))} \"$@\"; }}; {command}"
            answer = subprocess.run(["sh", "-c", shell], cwd=folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(answer.returncode, 0, f"{command}\n{answer.stderr}")
            with h5py.File(next(folder.glob("results/*/sweep.h5"))) as again:
                self.assertEqual(list(again["runs"]["id"]), [file["runs"]["id"][row]], command)
                count = again["runs"]["strokes"][0]
                self.assertTrue((again["params/points"][0] == file["params/points"][row, :count]).all())

    def test_of_listed_pens(self):
        self.check_commands(self.compute(PENS_LIST), self.sweep)

    def test_of_pens_with_hard_names(self):
        pens = [["null", "#111", 0.3], ["true", "#c22", 0.3], ["it's: a, \"pen\" [1]", "#2c2", 0.3], ["1e3", "#22c", 1],
                ["ä ö", "#cc2", 0.1]]
        text = "[" + ", ".join(f"[{self.quoted(name)}, '{color}', {width}]" for name, color, width in pens) + "]"
        file = self.compute(f"palette.pens={text}", "palette.refine=0")
        self.assertEqual([pen[0] for pen in self.pens_of(file, 0)], [pen[0] for pen in pens])
        self.check_commands(file, self.sweep, rows=[1])

    def quoted(self, text):
        return "\"" + text.replace("\"", "\\\"") + "\""

    def test_of_pens_in_a_file(self):
        self.write("pens.yaml", PENS_FILE)
        sweep = self.write("filed.yaml", STROKES + "palette: {pens: pens.yaml}\n")
        self.check_commands(self.compute(sweep=sweep), sweep)
        self.check_commands(self.compute(f"palette.pens={self.place / 'pens.yaml'}", out="set"), self.sweep, rows=[1])

    def test_of_pens_on_an_axis(self):
        file = self.compute(f"grid.{PENS_LIST.replace('=', '=[none, ')}]", "grid.strokes.count=4,5", "palette.refine=0.5")
        self.assertEqual(len(file["runs"]), 8)
        self.check_commands(file, self.sweep, rows=[0, 5, 7])

    def test_of_a_start_in_the_file(self):
        self.write("start.svg", SVG)
        sweep = self.write("started.yaml", STROKES.replace("lr_points: 3", "lr_points: 3, start: start.svg, paper: '#fed'"))
        self.check_commands(self.compute(sweep=sweep), sweep)


class Exports(StrokesTest):
    """`export --svg` makes the sheet that the run was planned for, but for what the command line says."""

    def export(self, file, row, *arguments):
        run = file["runs"]["id"][row].decode()
        sheet = self.place / "sheet.svg"
        figures = self.good_json("export", self.place / "results", run, "--svg", sheet, *arguments)
        return figures, re.search(r'<svg[^>]* width="(\S+)mm" height="(\S+)mm"', sheet.read_text())

    def test_the_sheet_of_the_sweep(self):
        file = self.compute("plot.page=A5", PENS_LIST)
        figures, size = self.export(file, 1)
        self.assertEqual((figures["page"], figures["page_mm"], figures["margin_mm"]), ("A5", [148, 210], 12.3))
        self.assertEqual(size.groups(), ("148", "210"))
        for key in ("off_canvas", "cut", "joined"):
            self.assertIsInstance(figures["strokes_" + key], int)
        stored = file["runs"][1]
        for key in ("drawn_mm", "travel_mm", "minutes", "exc_plotted"):
            self.assertAlmostEqual(figures[key] / stored[key], 1, delta=1e-4, msg=key)

    def test_flags_overrule(self):
        file = self.compute("plot.page=A5")
        figures, size = self.export(file, 0, "--page", "a4")
        self.assertEqual((figures["page"], figures["margin_mm"], size.groups()), ("a4", 12.3, ("210", "297")))
        figures, size = self.export(file, 0, "--margin", "0")
        self.assertEqual((figures["page"], figures["margin_mm"], size.groups()), ("A5", 0, ("148", "210")))
        figures, _ = self.export(file, 0, "--page", "native")
        self.assertEqual((figures["page"], figures["strokes"]), ("native", 10))

    def test_a_sheet_that_lies_and_the_line_of_pens(self):
        file = self.compute("plot.pen=1.5")
        figures, size = self.export(file, 0)
        self.assertEqual((figures["page"], size.groups()), ("Letter-landscape", ("279.4", "215.9")))
        self.assertEqual({pen["width_mm"] for pen in figures["pens"]}, {1.5})

    def test_without_a_sheet_in_the_sweep(self):
        plain = self.write("plain.yaml", STROKES.replace("plot: {page: Letter-landscape, margin: 12.3}\n", ""))
        figures, size = self.export(self.compute(sweep=plain), 0)
        self.assertEqual((figures["page"], figures["margin_mm"], size.groups()), ("A4", 10, ("210", "297")))
        self.assertEqual({pen["width_mm"] for pen in figures["pens"]}, {0.4})

    def test_margins_of_a_larger_sheet(self):
        file = self.compute("plot.page=A2", "plot.margin=100")
        run, sheet = file["runs"]["id"][0].decode(), self.place / "sheet.svg"
        self.bad("export", self.place / "results", run, "--svg", sheet, "--page", "A6", code=2, says=["--margin: ", "margins of 100 mm"])
        self.assertFalse(sheet.exists())


class OwnWeights(StrokesTest):
    """The weights of a sweep are found again from where it read them, wherever one stands."""
    def export(self, *arguments):
        answer = call("export", self.place / "results", self.run_id, "--svg", self.place / "out.svg", *arguments, cwd="/")
        self.check_clean(answer)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout), answer.stderr

    def test_an_export_is_scored_by_the_sweeps_weights(self):
        weights = own_weights(self.place / "own.safetensors")
        self.sweep.write_text(STROKES.replace("seed: 7", "seed: 7\nweights: own.safetensors"))
        file = self.compute(PENS_LIST, "objective.steps=2", "log.snapshots=[]", "grid.lambda=0")
        self.run_id, plotted = file["runs"]["id"][0].decode(), file["runs"]["exc_plotted"][0]
        self.assertEqual(file.attrs["weights_file"], str(weights.resolve()))
        sheet, messages = self.export()
        self.assertAlmostEqual(sheet["exc_plotted"] / plotted, 1, places=6)
        self.assertNotIn("not scored", messages)
        self.assertIn('"name":"own.safetensors"', self.report())
        moved = weights.rename(self.place / "moved.safetensors")
        sheet, messages = self.export()
        self.assertIsNone(sheet["exc_plotted"])
        self.assertIn("own.safetensors: the weights of the sweep are not there any more; name them with --weights", messages)
        self.assertIn("the sheet is not scored", messages)
        sheet, _ = self.export("--weights", moved)
        self.assertAlmostEqual(sheet["exc_plotted"] / plotted, 1, places=6)
        self.bad("refine", self.place / "results", self.run_id, "--pens", 2, "--svg", self.place / "refined.svg", code=2,
                 says="not there any more")

    def report(self):
        self.good("report", self.place / "results", "--out", self.place / "report")
        return (self.place / "report/index.html").read_text()


class Stages(StrokesTest):
    """`show` and `refine` call what a drawing goes through by one name, that of columns and keys."""

    def stages_of(self, table):
        """Names and excitations in the table that begins with the word stage(s)."""
        lines = re.search(r"^stages? .*\n((?:.+\n)+)", table, re.M)[1].splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines}

    def check(self, names, *settings):
        file = self.compute(*settings, PENS_LIST)
        run = file["runs"]["id"][1].decode()
        shown = self.stages_of(self.good("show", self.place / "results", run))
        self.assertEqual(list(shown), names)
        stored = self.good_json("show", self.place / "results", run, "--json")
        for name in names:
            column = "exc_eval" if name == "enlarged" else "exc_" + name
            self.assertAlmostEqual(shown[name] / stored[column], 1, delta=1e-5, msg=name)
        line = ["refine", self.place / "results", run, "--svg", self.place / "refined.svg", "--steps", 2]
        return shown, self.stages_of(self.good(*line)), self.good_json(*line, "--json")

    def test_of_one_canvas(self):
        shown, refined, figures = self.check(["free", "quantized", "refined", "plotted"])
        self.assertEqual(list(refined), list(shown))
        self.assertEqual([key for key in figures if isinstance(figures[key], dict)], list(shown))
        self.assertAlmostEqual(refined["free"] / shown["free"], 1, delta=1e-2)

    def test_of_larger_canvases(self):
        shown, refined, figures = self.check(["free", "quantized", "refined", "enlarged", "plotted"],
                                             "image.size=96", "multiscale.levels=2", "strokes.count=6")
        self.assertEqual(list(refined), ["enlarged", "quantized", "refined", "plotted"])
        self.assertAlmostEqual(refined["enlarged"] / shown["enlarged"], 1, delta=1e-2)
        self.assertEqual([key for key in figures if isinstance(figures[key], dict)], list(refined))
        self.assertEqual(figures["enlarged"]["kept_percent"], 100)


class Strengths(StrokesTest):
    """A run of a strength above 0 is taken up again with the lambda of its row, and without its baseline."""

    def take_up(self, file, out):
        """What `refine` and `export` make of the run at the weight: figures, and the lines drawn."""
        run, sheet = file["runs"]["id"][1].decode(), self.place / "sheet.svg"
        line = [self.place / out, run, "--svg", sheet]
        self.bad("refine", *line, code=2, says=f"at lambda {file['runs']['lambda'][1]:g}: name it with --style")
        refined = self.good_json("refine", *line, "--steps", 4, "--style", STYLE, "--json")
        drawn = re.findall("<path.*", sheet.read_text())
        exported = self.good_json("export", *line)
        self.assertAlmostEqual(exported["exc_plotted"] / file["runs"]["exc_plotted"][1], 1, places=6)
        return [value for value in refined.values() if isinstance(value, dict)], drawn

    def test_they_are_taken_up_with_the_lambda_of_the_row(self):
        """By a sweep of that very lambda, whose runs are the same but for their names."""
        settings = [PENS_LIST, f"objective.style.image={STYLE}"]
        strong = self.compute("grid.strength=0,3", *settings, out="strong")
        weight = float(strong["runs"]["lambda"][1])
        self.assertGreater(weight, 0)
        plain = self.compute(f"grid.lambda=0,{weight!r}", *settings, out="plain")
        self.assertTrue((plain["params/points"][1] == strong["params/points"][1]).all())
        self.assertEqual(self.take_up(strong, "strong"), self.take_up(plain, "plain"))


class Mistakes(StrokesTest):
    def refused(self, settings, says, code=2, sweep=None):
        words = [word for setting in settings for word in ("--set", setting)]
        for command in ("plan", "run"):
            self.bad(command, sweep or self.sweep, "--out", self.place / "results", *words, code=code, says=says)
        self.assertFalse((self.place / "results").exists(), "nothing is written")

    def in_file(self, line, says, code=2):
        bad = self.write("bad.yaml", STROKES + line + "\n")
        number = STROKES.count("\n") + 1
        self.refused([], [f"{bad}:{number}:"] + says, code=code, sweep=bad)

    def test_values(self):
        for line, says in [
                ("palette: {colors: many}", ["palette.colors: must be a whole number in 0..32, not \"many\""]),
                ("palette: {pens: [[black, '#11', 1]]}", ["palette.pens.color: \"#11\" is no colour; write it as \"#rrggbb\""]),
                ("palette: {refine: -1}", ["palette.refine: must be a number in 0..100"]),
                ("multiscale: {levels: 2}", ["multiscale.levels: 2 sizes", "begin with a side of 24 px, and the net needs 32"]),
                ("multiscale: {turn: maybe}", ["multiscale.turn: must be true or false"]),
                ("multiscale: {share: x}", ["multiscale.share: must be a number"]),
                ("transforms: {crop: 7}", ["transforms.crop: must be 0 or at least 32"]),
                ("optimizer: {schedule: fast}", ["optimizer.schedule: must be auto, constant, halving or cosine"])]:
            with self.subTest(line):
                self.in_file(line, says)

    def test_settings(self):
        for setting, says in [
                ("strokes.paper=white", "--set strokes.paper: must be a colour in quotes, as in \"#ffffff\""),
                ("strokes.width=5,1", "--set strokes.width: the first number is the larger one"),
                ("strokes.color=palette", "strokes choose among palette.pens, but there are none"),
                ("palette.colors=11", "11 colours cannot be found in 10 strokes"),
                ("plot.page=A7", "--set plot.page: must be A6, A5"),
                ("plot.margin=108", "leave nothing of the page"),
                ("palette.pens=[[black, red, 0.3]]", "--set palette.pens.color: \"red\" is no colour"),
                ("strokes.pens=3", "--set strokes.pens: unknown key")]:
            with self.subTest(setting):
                self.refused([setting], says)

    def test_files(self):
        self.refused([f"palette.pens={self.place}/absent.yaml"], "absent.yaml", code=1)
        self.refused(["palette.pens=stabilo"], ["palette.pens", "no set of pens is called \"stabilo\"", "stabilo-point-88"])
        pens = self.write("pens.yaml", "pens:\n- {name: black, color: \"#111111\", width: 0}\n")
        self.refused([f"palette.pens={pens}"], f"{pens}:2:42: pens.width: must be a number, greater than 0")
        broad = self.write("broad.yaml", "pens: [{name: broad, color: \"#111111\", width: 6}]\n")
        self.refused([f"palette.pens={broad}", "plot.page=A6", "plot.margin=50"], "broad: a line of 6 mm is wider")
        self.refused([f"strokes.start={self.place}/absent.svg"], "absent.svg", code=1)
        svg = self.write("bad.svg", "<svg><path d='M 1 2 L'")
        self.refused([f"strokes.start={svg}"], [f"{svg}:1:", "strokes.start"], code=2)


if __name__ == "__main__":
    unittest.main()
