"""Sheets for a plotter as their users get them: every SVG is read by a reader of this file's own,
by vpype where it is installed, and drawn by librsvg; what is in it is what the figures say."""
import importlib.util
import json
import math
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

from tool import ToolTest, call, run_tiny_sweep

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-plot-")
SCRATCH = pathlib.Path(scratch.name)
SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
PAGES = {"A6": (105, 148), "A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594),
         "Letter": (215.9, 279.4)}

PENS = """\
pens:
  - {name: "0.3 black", color: "#111111", width: 0.3}
  - {name: red & <blue>, color: "#e02040", width: 0.8}
  - {name: green, color: "#0a5", width: 0.5}
"""


def tearDownModule():
    scratch.cleanup()


def make_input(path, seed=1, strokes=120, opacity=False):
    """Curves of one to three cubics in five colours, some beyond the canvas; a closed one; a frame."""
    random = np.random.default_rng(seed)
    colors = ["#141414", "rgb(200, 30, 40)", "rgb(30, 70, 170)", "#f0c81e", "rgb(20, 140, 80)"]
    lines = ['<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">']
    for i in range(strokes):
        points = random.uniform((0, 0), (400, 300)) + np.cumsum(random.normal(0, 15, (10, 2)), axis=0)
        count = 1 + 3 * random.integers(1, 4)
        path_data = "M {} {} C ".format(*points[0]) + " ".join(f"{x} {y}" for x, y in points[1:count])
        seen = f' stroke-opacity="{random.uniform(0.3, 1):.3f}"' if opacity else ""
        lines.append(f'<path d="{path_data}" fill="none" stroke="{colors[i % 5]}"{seen} '
                     f'stroke-width="{random.uniform(1, 6)}" stroke-linecap="round"/>')
    lines.append('<ellipse cx="200" cy="150" rx="220" ry="100" fill="none" stroke="#141414"/>')
    lines.append('<rect width="400" height="300" fill="none" stroke="rgb(20, 140, 80)"/>')
    path.write_text("\n".join(lines) + "</svg>\n")
    return path


# --- a reader of our own --------------------------------------------------------------------------

def read_path(data):
    """(cubics (n,4,2), closed) of `M x y C ...`, which is all that may stand in our paths."""
    found = re.fullmatch(r"M ([-0-9. ]+) C ([-0-9. ]+?)( Z)?", data)
    assert found, data
    numbers = (found[1] + " " + found[2]).split()
    for number in numbers:
        assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d{0,2}[1-9])?", number), number
    points = np.array(numbers, float).reshape(-1, 2)
    assert len(points) % 3 == 1, data
    cubics = np.stack([points[k:len(points) - 3 + k:3] for k in range(3)] + [points[3::3]], axis=1)
    assert not found[3] or np.array_equal(points[0], points[-1]), data
    return cubics, found[3] is not None


def sample(cubics, steps=400):
    """Places on the curves, (n, steps + 1, 2)."""
    t = np.linspace(0, 1, steps + 1)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3], axis=1)
    return np.einsum("tk,nkc->ntc", weights, cubics)


class Sheet:
    """One of our SVGs: layers as lists of (cubics, closed), and what else is in it."""

    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        assert root.tag == SVG + "svg"
        self.width, self.height = root.get("width"), root.get("height")
        self.box = [float(number) for number in root.get("viewBox").split()]
        self.title = root.findtext(SVG + "title")
        self.metadata = root.findtext(SVG + "metadata")
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert tags <= {"svg", "g", "path", "title", "metadata"}, tags
        self.groups = root.findall(SVG + "g")
        self.layers = [[read_path(path.get("d")) for path in group] for group in self.groups]

    def lengths(self):
        """Of each layer, with the pen down."""
        return [sum(np.linalg.norm(np.diff(sample(cubics), axis=1), axis=2).sum() for cubics, _ in layer)
                for layer in self.layers]

    def travels(self):
        ways = []
        for layer in self.layers:
            ends = [np.zeros(2)]
            for cubics, _ in layer:
                ends += [cubics[0, 0], cubics[-1, 3]]
            ways.append(sum(math.dist(a, b) for a, b in zip(ends[::2], ends[1::2] + [np.zeros(2)])))
        return ways


class PlotTest(ToolTest):
    def setUp(self):
        self.out = SCRATCH / "sheet.svg"
        self.out.unlink(missing_ok=True)

    def plot(self, source, *arguments):
        figures = self.good_json("plot", source, "--svg", self.out, "--json", *arguments)
        return figures, Sheet(self.out)

    def check(self, figures, sheet, margin):
        """Layers are the pens, ink is within the margins, and lengths are what was printed."""
        width, height = figures["page_mm"]
        self.assertEqual((sheet.width, sheet.height), (f"{width:g}mm", f"{height:g}mm"))
        self.assertEqual(sheet.box, [0, 0, width, height])
        self.assertEqual(len(sheet.layers), len(figures["pens"]))
        for group, layer, pen in zip(sheet.groups, sheet.layers, figures["pens"]):
            self.assertEqual(group.get(INKSCAPE + "groupmode"), "layer")
            self.assertEqual(group.get("id"), f"layer{pen['layer']}")
            label = group.get(INKSCAPE + "label")
            self.assertEqual(re.findall(r"\d+", label), [str(pen["layer"])], label)
            self.assertTrue(label.startswith(f"{pen['layer']}-"))
            self.assertEqual((group.get("stroke"), float(group.get("stroke-width")), group.get("fill")),
                             (pen["color"], pen["width_mm"], "none"))
            self.assertEqual((group.get("stroke-linecap"), group.get("stroke-linejoin")), ("round", "round"))
            for path in group:
                self.assertEqual(set(path.keys()), {"d"}, "looks stand in the group")
            self.assertEqual(len(layer), pen["strokes"])
            room = margin + pen["width_mm"] / 2 - 0.002  # of places in thousandths
            for cubics, _ in layer:
                places = sample(cubics, 50).reshape(-1, 2)
                self.assertGreater(places.min(), room)
                self.assertLess((places - (width, height)).max(), -room)
        self.assertEqual(figures["lifts"], sum(map(len, sheet.layers)))
        for key, ways in [("drawn_mm", sheet.lengths()), ("travel_mm", sheet.travels())]:
            self.assertAlmostEqual(sum(ways) / figures[key], 1, delta=1e-3)
            for pen, way in zip(figures["pens"], ways):
                self.assertAlmostEqual(way / pen[key], 1, delta=1e-3)
        self.assertAlmostEqual(sum(pen["minutes"] for pen in figures["pens"]), figures["minutes"], delta=1e-6)
        # no faster than at full speed, no slower than with a stop at every 0.5 mm
        least = (figures["drawn_mm"] / 50 + figures["travel_mm"] / 200 + 0.24 * figures["lifts"]) / 60
        self.assertTrue(least < figures["minutes"] < 3 * least + 1)


class Sheets(PlotTest):
    def test_pages_and_margins(self):
        source = make_input(SCRATCH / "in.svg")
        for page, margin in [("A4", 10), ("a6", 0), ("A3-landscape", 25.5), ("Letter", 5), ("A5", 12.25),
                             ("A2", 100)]:
            figures, sheet = self.plot(source, "--page", page, "--margin", margin)
            name, _, lying = page.partition("-")
            size = PAGES[name.upper() if len(name) == 2 else name]
            self.assertEqual(figures["page_mm"], list(size[::-1] if lying else size))
            self.assertEqual((figures["page"], figures["margin_mm"]), (page, margin))
            self.check(figures, sheet, margin)
            width, height = figures["page_mm"]
            self.assertAlmostEqual(figures["mm_per_unit"], min((width - 2 * margin - 0.4) / 400,
                                                               (height - 2 * margin - 0.4) / 300))
        self.assertEqual(sheet.title, "in.svg")

    def test_colors_are_pens(self):
        figures, sheet = self.plot(make_input(SCRATCH / "in.svg"))
        self.assertEqual({pen["color"] for pen in figures["pens"]},
                         {"#141414", "#c81e28", "#1e46aa", "#f0c81e", "#148c50"})
        self.assertTrue(all(pen["width_mm"] == 0.4 for pen in figures["pens"]))
        closed = [is_closed for layer in sheet.layers for _, is_closed in layer]
        self.assertEqual(sum(closed), 1, "the frame; the ellipse is cut")

    def test_too_many_colors(self):
        source = make_input(SCRATCH / "many.svg", opacity=True)
        self.bad("plot", source, "--svg", self.out, code=2, says=["more than 32 colours", "--pens", "palette"])
        self.assertFalse(self.out.exists())
        figures, sheet = self.plot(source, "--pens", "stabilo-point-88")
        self.check(figures, sheet, 10)

    def test_pens(self):
        pens = SCRATCH / "pens.yaml"
        pens.write_text(PENS)
        source = make_input(SCRATCH / "in.svg", opacity=True)
        figures, sheet = self.plot(source, "--pens", pens)
        self.check(figures, sheet, 10)
        self.assertEqual([pen["name"] for pen in figures["pens"]], ["0.3 black", "red & <blue>", "green"])
        self.assertEqual([group.get(INKSCAPE + "label") for group in sheet.groups],
                         ["1-black", "2-red & <blue>", "3-green"])
        (SCRATCH / "pens.json").write_text(json.dumps({"pens": [
            {"name": "0.3 black", "color": "#111111", "width": 0.3},
            {"name": "red & <blue>", "color": "#e02040", "width": 0.8},
            {"name": "green", "color": "#00aa55", "width": 0.5}]}))
        again, _ = self.plot(source, "--pens", SCRATCH / "pens.json")
        self.assertEqual(again, figures)
        one, sheet = self.plot(source, "--pens", "black")
        self.check(one, sheet, 10)
        self.assertEqual(len(sheet.layers), 1)

    def test_strokes_and_order(self):
        source = make_input(SCRATCH / "in.svg")
        figures, sheet = self.plot(source, "--pens", "black", "--strokes", 10)
        self.check(figures, sheet, 10)
        self.assertLessEqual(figures["strokes"], 20)
        whole = self.plot(source, "--pens", "black")[0]
        text = self.out.read_bytes()
        self.assertEqual(self.plot(source, "--pens", "black")[0], whole)
        self.assertEqual(self.out.read_bytes(), text, "the same drawing, the same sheet")
        # 122 strokes in 190 x 142 mm, in any order: half the width of the page from one to the next
        self.assertLess(whole["travel_mm"], 0.35 * 122 * 95)

    def test_a_sheet_of_a_sheet_is_the_same(self):
        """Our own SVG as an input: at one unit a millimetre, without margins, nothing is to be done."""
        source = make_input(SCRATCH / "in.svg")
        figures, _ = self.plot(source)
        shutil.copy(self.out, SCRATCH / "again.svg")
        again, sheet = self.plot(SCRATCH / "again.svg", "--margin", 0)
        self.check(again, sheet, 0)
        self.assertEqual(again["strokes"], figures["strokes"])
        self.assertAlmostEqual(again["mm_per_unit"], 209.6 / 210, delta=1e-9)
        self.assertAlmostEqual(again["drawn_mm"] / figures["drawn_mm"], 209.6 / 210, delta=1e-4)

    def test_native(self):
        source = make_input(SCRATCH / "in.svg", opacity=True)
        figures = self.good_json("plot", source, "--svg", self.out, "--json", "--page", "native")
        self.assertEqual(figures, {"svg": str(self.out), "page": "native", "strokes": 122})
        sheet = Sheet(self.out)
        self.assertEqual((sheet.width, sheet.height, sheet.box), ("400px", "300px", [0, 0, 400, 300]))
        self.assertEqual([len(layer) for layer in sheet.layers], [122])
        first = ElementTree.parse(source).getroot()[0]
        ours = sheet.layers[0][0][0].reshape(-1)[:2]
        np.testing.assert_allclose(ours, [float(word) for word in first.get("d").split()[1:3]], atol=6e-4)
        for option in [("--pens", "black"), ("--preview", SCRATCH / "p.png")]:
            self.bad("plot", source, "--svg", self.out, "--page", "native", *option, code=2, says=option[0])

    def test_what_is_left_out_cut_and_joined(self):
        source = SCRATCH / "edges.svg"
        line = '<path d="M {} {} L {} {}" stroke="{}"/>'.format
        source.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" fill="none">' +
                          line(10, 10, 20, 10, "red") + line(20, 10, 30, 30, "red") + line(30, 30, 130, 30, "red") +  # meet; leaves
                          line(-5, 50, 105, 50, "red") + line(20, 10, 20, 90, "blue") +
                          line(200, 10, 210, 10, "red") + line(-50, -50, -1, -1, "red") + line(-9, 120, 90, 120, "blue") + "</svg>")
        answer = call("plot", source, "--svg", self.out, "--json")
        figures = json.loads(answer.stdout)
        self.check(figures, Sheet(self.out), 10)
        self.assertEqual([figures["strokes_" + what] for what in ("off_canvas", "cut", "joined")], [3, 2, 3])
        self.assertEqual(figures["strokes"], 3)
        self.assertEqual(answer.stderr, f"vggsweep: {self.out}: strokes left out, off the canvas: 3; cut at its edge: 2; "
                                        "joined where ends meet: 3\n")
        source.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">' + line(0, 0, 9, 9, "red") + "</svg>")
        answer = call("plot", source, "--svg", self.out, "--json")
        self.assertEqual([json.loads(answer.stdout)["strokes_" + what] for what in ("off_canvas", "cut", "joined")], [0, 0, 0])
        self.assertEqual(answer.stderr, "", "nothing to tell")

    def test_strokes_of_the_papers_colour_are_left_out_and_said(self):
        source = SCRATCH / "white.svg"
        line = '<path d="M {} {} L {} {}" stroke="{}" fill="none"/>'.format
        lines = line(10, 10, 90, 10, "#111") + line(10, 40, 90, 40, "#fefefe") + line(50, 5, 50, 95, "white")
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{}</svg>'.format
        source.write_text(svg(lines))
        for pens in ([], ["--pens", "stabilo-point-88"]):
            answer = call("plot", source, "--svg", self.out, "--json", *pens)
            figures = json.loads(answer.stdout)
            self.assertEqual((figures["strokes"], figures["strokes_of_paper"], len(figures["pens"])), (1, 2, 1))
            self.assertEqual(answer.stderr, f"vggsweep: {self.out}: strokes left out, of the paper's colour (#ffffff): 2\n")
        source.write_text(svg('<rect width="100" height="100" fill="#101010"/>' + lines))
        figures = json.loads(call("plot", source, "--svg", self.out, "--json").stdout)
        self.assertEqual((figures["strokes"], figures["strokes_of_paper"]), (2, 1), "white ink on black paper")
        source.write_text(svg(line(10, 10, 90, 10, "white")))
        self.bad("plot", source, "--svg", self.out, code=2, says="of the paper's colour")

    def test_figures_for_people(self):
        text = self.good("plot", make_input(SCRATCH / "in.svg"), "--svg", self.out, "--pens", "bic-4-colour")
        for word in ["1 black", "0.32 mm", "minutes", "A4, 210 x 297 mm"]:
            self.assertIn(word, text)


class Viewers(PlotTest):
    """What others make of our sheets."""

    def setUp(self):
        super().setUp()
        self.source = make_input(SCRATCH / "in.svg")

    @unittest.skipUnless(shutil.which("rsvg-convert"), "needs librsvg2-bin")
    def test_librsvg_draws_what_we_do(self):
        figures, _ = self.plot(self.source, "--page", "A6", "--margin", 4)
        png = SCRATCH / "sheet.png"
        subprocess.run(["rsvg-convert", "-d", "254", "-p", "254", "-b", "white", "-o", png, self.out],
                       check=True, timeout=60)
        picture = np.asarray(Image.open(png).convert("RGB"), float)
        self.assertEqual(picture.shape, (1480, 1050, 3))  # 10 pixels a millimetre
        ink = np.argwhere(picture.min(axis=2) < 128)
        self.assertGreater(ink.min(), 38)
        self.assertLess(ink[:, 0].max(), 1442)
        self.assertLess(ink[:, 1].max(), 1012)
        # ink covers at most its length times its width, and a good part of that where lines cross
        area = (picture.min(axis=2) < 128).mean() * 105 * 148
        whole = sum(pen["drawn_mm"] * pen["width_mm"] for pen in figures["pens"])
        self.assertTrue(0.7 * whole < area < 1.05 * whole, (area, whole))
        for pen in figures["pens"]:
            color = [int(pen["color"][i:i + 2], 16) for i in (1, 3, 5)]
            self.assertGreater((np.abs(picture - color).max(axis=2) < 2).sum(), 100, pen)

    @unittest.skipUnless(importlib.util.find_spec("vpype"), "needs vpype")
    def test_vpype_reads_the_same(self):
        import vpype
        figures, _ = self.plot(self.source)
        document = vpype.read_multilayer_svg(str(self.out), quantization=0.05)  # in pixels of 1/96 inch
        self.assertEqual(sorted(document.layers), [pen["layer"] for pen in figures["pens"]])
        for pen in figures["pens"]:
            length = document.layers[pen["layer"]].length() * 25.4 / 96
            self.assertAlmostEqual(length / pen["drawn_mm"], 1, delta=5e-3)

    def test_a_preview_shows_the_sheet(self):
        png = SCRATCH / "preview.png"
        figures, _ = self.plot(self.source, "--preview", png)
        picture = np.asarray(Image.open(png), float)
        self.assertEqual(picture.shape, (1188, 840, 3))
        for pen in figures["pens"]:
            color = [int(pen["color"][i:i + 2], 16) for i in (1, 3, 5)]
            self.assertGreater((np.abs(picture - color).max(axis=2) < 2).sum(), 50, pen)


class Mistakes(PlotTest):
    """Each ends in one message, and nothing is written."""

    def setUp(self):
        super().setUp()
        self.source = make_input(SCRATCH / "in.svg")

    def tearDown(self):
        self.assertFalse(self.out.exists())
        self.assertEqual(list(SCRATCH.glob("*.part")), [])

    def refused(self, *arguments, says, code=2):
        self.bad("plot", self.source, "--svg", self.out, *arguments, code=code, says=says)

    def test_pages(self):
        self.refused("--page", "A44", says=["--page", "A44", "A6, A5, A4, A3, A2 and Letter"])
        self.refused("--page", "leter", says='did you mean "Letter"')
        self.refused("--margin", "105", says=["210 x 297 mm", "margins of 105 mm"])
        self.refused("--page", "A6-landscape", "--margin", "52.4", says=["148 x 105 mm"])
        self.refused("--margin", "-1", says="--margin")
        self.refused("--margin", "1e9", says="--margin")
        self.refused("--strokes", "0", says="--strokes")

    def test_pens(self):
        pens = SCRATCH / "wrong.yaml"
        pens.write_text("pens:\n  - {name: a, color: red, width: 0}\n  - {name: a, colour: '#123', width: 21}\n")
        self.refused("--pens", pens, says=[f"{pens}:2:22: pens.color", f"{pens}:2:34: pens.width", f"{pens}:3:12: pens.name",
                                           f"{pens}:3:15: pens", "colour", f"{pens}:3:38: pens.width"])
        self.refused("--pens", SCRATCH / "absent.yaml", says="absent.yaml", code=1)
        self.refused("--pens", "bic-4-color", says=["bic-4-colour", "stabilo-point-88"])

    def test_drawings(self):
        self.bad("plot", SCRATCH / "absent.svg", "--svg", self.out, code=1, says="absent.svg")
        (SCRATCH / "damaged.svg").write_text(self.source.read_text()[:500])
        self.bad("plot", SCRATCH / "damaged.svg", "--svg", self.out, code=2, says="damaged.svg")
        empty = SCRATCH / "outside.svg"
        empty.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
                         '<path d="M 20 20 L 30 30" stroke="red"/></svg>')
        self.bad("plot", empty, "--svg", self.out, code=2, says="no stroke lies on the canvas")
        empty.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
                         '<path d="M 0 0 L 9 9" stroke="red" stroke-opacity="0"/></svg>')
        self.bad("plot", empty, "--svg", self.out, code=2, says="")

    def test_outputs(self):
        self.bad("plot", self.source, code=2, says="--svg is missing")
        text = self.source.read_text()
        self.bad("plot", self.source, "--svg", self.source, code=2, says="is the drawing itself")
        self.assertEqual(self.source.read_text(), text)
        self.refused("--preview", self.out, says="is where --svg goes")
        other = SCRATCH / "notes.txt"
        other.write_text("notes")
        self.bad("plot", self.source, "--svg", other, code=2, says="notes.txt")
        self.assertEqual(other.read_text(), "notes")
        self.bad("plot", self.source, "--svg", SCRATCH / "no" / "folder.svg", code=1, says="folder.svg")
        self.bad("plot", self.source, "--svg", SCRATCH, code=1, says=str(SCRATCH))

    def test_runs_without_strokes(self):
        run_tiny_sweep(SCRATCH)
        results = SCRATCH / "results"
        run = json.loads(call("rank", results, "--json").stdout)[0]["id"]
        self.bad("export", results, run, "--svg", self.out, code=2,
                 says=[run, "not a drawing of strokes"])
        self.bad("export", results, run, code=2, says="--png or --svg is missing")
        self.bad("export", results, run, "--svg", self.out, "--page", "A9", code=2, says="A9")


if __name__ == "__main__":
    unittest.main()
