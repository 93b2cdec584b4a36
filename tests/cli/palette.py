"""`palette` on SVG files of all kinds: what it reads, as librsvg draws it and as it draws what was
written; what it prints; and what users get wrong, after which nothing has been written."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

from tool import ToolTest

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-palette-")
SCRATCH = pathlib.Path(scratch.name)
SVG = "{http://www.w3.org/2000/svg}"
LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
SPACES = ('xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
          'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"')
ROUND = 'fill="none" stroke="#204080" stroke-linecap="round" stroke-linejoin="round"'

# Of 255, over the whole picture. Both are drawn by librsvg, from numbers that differ by half a
# thousandth of a unit; its arcs and ours are cubics of the same handles.
SAME_PICTURE = 0.02

# Files of one colour each, as strokes of several would be sorted by their pens.
SAME = {
    "commands": f"""<svg {SPACES} width="200" height="200" {ROUND} stroke-width="3">
        <path d="M10,10 L50,20 l20-10 H100 h10 V40 v10 C120,60 140,60 150,50 c10-10 20 10 30 0
        S190,90 180,100 s-10,10-20,0 Q140,80 130,110 q-5,20-20,0 T90,120 t-20,10 z m5,80.5.5-9 9,3
        M150 150a30 20 30 1 1 10 20 A5 5 0 0 0 130 180a10,10,0,01-20-10a10 10 0 00-20 3zl-9 9"/></svg>""",
    "shapes": f"""<svg {SPACES} width="300" height="200" viewBox="-10 -10 150 100" {ROUND}>
        <line x1="1" y1="2" x2="40%" y2="30" stroke-width="2"/><polyline points="5,50 10,60,15 50 -3,9"/>
        <polygon points="60 5 80 5 70 20" stroke-width="2mm"/><rect x="90" width="30" height="20"/>
        <rect x="90" y="30" width="30" height="20" rx="5" stroke-width=".5"/>
        <rect x="90" y="60" width="20" height="20" rx="4" ry="40"/><circle cx="20" cy="70" r="12"/>
        <ellipse cx="50" cy="70" rx="14" ry="7" stroke-width="1pt"/></svg>""",
    "transforms": f"""<svg {SPACES} width="200" height="200" {ROUND} stroke-width="2">
        <g transform="translate(100,100)"><g transform="rotate(30) scale(1.5)"><path d="M0 0h40v20"/>
        <rect width="20" height="10" transform="translate(-30 -10),rotate(10 5,5)"/></g>
        <path transform="matrix(0 1 -1 0 5 5)" d="M0 0q30 10 30 50"/></g></svg>""",
    "css": f"""<svg {SPACES} width="200" height="200" {ROUND} stroke-width="2"><style>
        .turned {{ transform: translate(96px, 100px) rotate(-30deg) }} path.small {{ transform: scale(2) rotate(36deg) }}
        </style><g class="turned"><path d="M0 0h40v20"/><path class="small" d="M0 0q30 10 30 50"/></g>
        <path style="transform: matrix(0, 1, -1, 0, 80, 30) translateX(10px) scaleX(1.5) scaleY(1.5)" d="M0 0q30 10 30 50"/><switch>
        <g requiredExtensions="http://nowhere"><path d="M0 0L200 200"/></g><g><path d="M10 180H180"/></g>
        <path d="M0 200L200 0"/></switch></svg>""",
    "inkscape": f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?><svg {SPACES} width="60mm"
        height="40mm" viewBox="0 0 60 40"><g inkscape:label="Layer 1" inkscape:groupmode="layer"
        transform="translate(-10.5,-20.25)" id="layer1"><path id="p" style="fill:none;stroke:#204080;
        stroke-width:0.5;stroke-linecap:round;stroke-linejoin:round" d="m 15.1,25.2 c 5.5,-3 20,18
        30,3 l 2,20"/><use xlink:href="#p" transform="rotate(20,40,40)" x="0" y="3"/></g></svg>""",
    "uses": f"""<svg {SPACES} width="200" height="200" {ROUND}><use xlink:href="#late" x="20" y="10"
        stroke-width="4"/><defs><g id="late"><path d="M0 0c10 30 40-20 60 20"/></g><path d="M0 0h99"/>
        <style>.fat {{ stroke-width: 6 }} path.fat {{ stroke-opacity: 1 }}</style></defs><symbol id="s"
        viewBox="0 0 20 10"><circle cx="10" cy="5" r="4" stroke-width=".5"/></symbol>
        <use xlink:href="#s" x="50" y="60" width="100" height="60"/><svg x="10" y="120" width="60"
        height="60" viewBox="0 0 6 12" preserveAspectRatio="xMaxYMid"><path d="M1 1 5 11"
        stroke-width=".3"/></svg><path class="a fat" d="M100 150h50" display="inline"/>
        <path d="M0 0L200 200" display="none"/><path d="M0 9L200 200" visibility="hidden"/></svg>""",
}

# Two colours, and everything that ends up as one pen.
TWO = f"""<svg {SPACES} width="100" height="50" fill="none" stroke-width="2">
    <path d="M5 5h80" stroke="rgb(200, 10, 10)"/><path d="M5 15h40" stroke="black"/>
    <path d="M5 25h40" stroke="black" stroke-opacity="0.9"/></svg>"""

PENS = """pens:
  - {name: carmine, color: "#c00020", width: 0.3}
  - {name: ink, color: "#111111", width: 0.5}
  - {name: sun, color: "#ffd000", width: 0.5}
"""


def tearDownModule():
    scratch.cleanup()


def write(name, content):
    path = SCRATCH / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def render(path):
    png = SCRATCH / "render.png"
    subprocess.run(["rsvg-convert", "--background-color=white", "--zoom=2", path, "-o", png],
                   check=True)
    return np.asarray(Image.open(png).convert("RGB")).astype(float)


class Reads(ToolTest):
    @unittest.skipUnless(shutil.which("rsvg-convert"), "needs librsvg2-bin")
    def test_as_librsvg_does(self):
        for name, text in SAME.items():
            with self.subTest(name):
                source, out = write(f"{name}.svg", text), SCRATCH / f"{name}-out.svg"
                self.good("palette", source, "--pens", 1, "--svg", out)
                before, after = render(source), render(out)
                self.assertEqual(before.shape, after.shape)
                self.assertGreater(np.abs(255 - before).mean(), 2, "it draws something")
                difference = np.abs(before - after).mean()
                print(f"{name}: {difference:.4f} of 255")
                self.assertLess(difference, SAME_PICTURE)

    def test_what_it_wrote_is_what_it_reads(self):
        first, second = SCRATCH / "first.svg", SCRATCH / "second.svg"
        self.good("palette", write("two.svg", TWO), "--pens", 2, "--svg", first)
        self.good("palette", first, "--pens", 2, "--svg", second)
        self.assertEqual(first.read_bytes(), second.read_bytes())


class Writes(ToolTest):
    def test_layers_of_pens(self):
        source, out = write("two.svg", TWO), SCRATCH / "out.svg"
        answer = self.good_json("palette", source, "--pens", 2, "--svg", out, "--json")
        self.assertEqual(answer["strokes"], 3)
        self.assertEqual([pen["name"] for pen in answer["pens"]], ["black", "red"])
        self.assertEqual([pen["strokes"] for pen in answer["pens"]], [2, 1])
        self.assertEqual(answer["pens"][1]["color"], "#c80a0a")
        self.assertAlmostEqual(sum(pen["ink_share"] for pen in answer["pens"]), 1)
        root = ElementTree.parse(out).getroot()
        self.assertEqual((root.get("width"), root.get("viewBox")), ("100px", "0 0 100 50"))
        layers = root.findall(f"{SVG}g")
        self.assertEqual([layer.get(LABEL) for layer in layers], ["1-black", "2-red"])
        self.assertEqual(layers[0].get("stroke"), answer["pens"][0]["color"])
        self.assertEqual(len(layers[0].findall(f"{SVG}path")), 2)
        for path in root.iter(f"{SVG}path"):
            self.assertIsNone(path.get("stroke-opacity"))

    def test_table(self):
        text = self.good("palette", write("two.svg", TWO), "--pens", 2, "--svg", SCRATCH / "out.svg")
        self.assertRegex(text, r"1  black +#[0-9a-f]{6} +5\d\.\d% +2 +\d+\.\d\n")
        self.assertRegex(text, r"2  red +#c80a0a +4\d\.\d% +1 +0\.0\n")

    def test_by_rule(self):
        source = write("two.svg", TWO.replace("0.9", "1"))
        for pens in [[], ["--pens", "auto"]]:
            answer = self.good_json("palette", source, *pens, "--svg", SCRATCH / "o.svg", "--json")
            self.assertEqual(len(answer["pens"]), 2)
            self.assertLess(answer["mean_distance"], 1e-5)

    def test_pens_from_a_file(self):
        pens = write("pens.yaml", PENS)
        answer = self.good_json("palette", write("two.svg", TWO), "--pens", pens, "--svg",
                                SCRATCH / "o.svg", "--json")
        self.assertEqual([(pen["name"], pen["strokes"], pen["width"]) for pen in answer["pens"]],
                         [("carmine", 1, 0.3), ("ink", 2, 0.5), ("sun", 0, 0.5)])
        self.assertIsNone(answer["pens"][2]["mean_distance"])
        self.assertIsNone(answer["inertia"])

    def test_millimetres_stay(self):
        self.good("palette", write("mm.svg", SAME["inkscape"]), "--svg", SCRATCH / "o.svg")
        root = ElementTree.parse(SCRATCH / "o.svg").getroot()
        self.assertEqual((root.get("width"), root.get("viewBox")), ("60mm", "0 0 60 40"))

    def test_swatches(self):
        png = SCRATCH / "swatches.png"
        answer = self.good_json("palette", write("two.svg", TWO), "--pens", 2, "--svg",
                                SCRATCH / "o.svg", "--swatches", png, "--json")
        picture = np.asarray(Image.open(png).convert("RGB")).reshape(-1, 3)
        for pen in answer["pens"]:  # at least its part of the bar
            color = list(bytes.fromhex(pen["color"][1:]))
            self.assertGreater((picture == color).all(1).sum(), 40000)

    def test_nothing_depends_on_the_run(self):
        outs = []
        for name in ["a", "b"]:
            svg, png = SCRATCH / f"{name}.svg", SCRATCH / f"{name}.png"
            self.good("palette", write("two.svg", TWO), "--svg", svg, "--swatches", png)
            outs.append((svg.read_bytes(), png.read_bytes()))
        self.assertEqual(outs[0], outs[1])

    def test_remarks(self):
        text = TWO.replace("</svg>", '<circle r="3" fill="red"/><text>a</text></svg>')
        out = subprocess.run([os.environ["VGGSWEEP"], "palette", write("r.svg", text), "--svg",
                              SCRATCH / "o.svg"], capture_output=True, text=True)
        self.assertEqual(out.returncode, 0)
        self.assertIn("a fill and no stroke: shapes: 1", out.stderr)
        self.assertIn("texts: 1", out.stderr)


class Refuses(ToolTest):
    """Whatever is wrong, no output is there afterwards."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH))

    def refused(self, content, *arguments, code, says, name="bad.svg"):
        source = content if isinstance(content, pathlib.Path) else write(name, content)
        svg, png = self.folder / "o.svg", self.folder / "o.png"
        message = self.bad("palette", source, "--svg", svg, "--swatches", png, *arguments,
                           code=code, says=says)
        self.assertEqual(list(self.folder.iterdir()), [], "something was written")
        self.assertIsNone(re.search(r"[\x00-\x09\x0b-\x1f\x7f]", message))
        self.assertEqual(message.count("bad.svg"), 1 if name in message else 0)

    def test_files(self):
        self.refused(SCRATCH / "absent.svg", code=1, says=["absent.svg", "No such file"])
        self.refused(SCRATCH, code=1, says="not a file")
        self.refused("", code=2, says="empty")
        self.refused("\0\1\2", code=2, says=["bad.svg:1: ", "not well-formed"])
        self.refused(f"<svg {SPACES}><path></svg>", code=2, says=["bad.svg:1: ", "mismatched tag"])
        self.refused("<html><svg/></html>", code=2, says="not SVG")
        self.refused(TWO[:200], code=2, says="not well-formed")
        self.refused(b"\x1f\x8b\x08\0\0\0\0\0", code=2, says="gunzip")
        self.refused("<svg width='9' height='9'/>", code=2, says="nothing in it is stroked")
        huge = SCRATCH / "huge.svg"
        with open(huge, "wb") as file:
            file.truncate(65 << 20)
        self.refused(huge, code=2, says=["huge.svg", "at most"])
        huge.unlink()

    def test_what_grows(self):
        laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'>\n" + "".join(
            f"<!ENTITY {b} '&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};'>"
            for a, b in zip("abcdefgh", "bcdefghi")) + "]><svg><title>&i;</title></svg>"
        self.refused(laughs, code=2, says=["bad.svg:1: ", "entity declarations"])
        self.refused(f"<svg {SPACES} viewBox='0 0 9 9'><g id='a'>\n<use href='#a'/></g></svg>", code=2,
                     says=["bad.svg:2: ", "refers to itself"])
        levels = "".join(f"<g id='g{i}'>" + f"<use href='#g{i - 1}'/>" * 20 + "</g>\n"
                         for i in range(1, 20))
        self.refused(f"<svg {SPACES} viewBox='0 0 9 9'><g id='g0'/>{levels}</svg>", code=2,
                     says="multiply")
        self.refused(f"<svg {SPACES} viewBox='0 0 9 9'>{'<g>' * 5000}", code=2, says="deep")
        self.refused(f"<svg {SPACES} viewBox='0 0 9 9' stroke='red'>" + "<line x2='3'/>" * 70000 +
                     "</svg>", code=2, says="65536 strokes")

    def test_numbers(self):
        for d, says in [("M0 0L nan 0", "a number expected"), ("M0 0L1e999 0", "coordinates go to"),
                        ("M0 0L 0 1e7", "coordinates go to"), ("0 0", "a command expected"),
                        ("M0 0C1 2 3", "a number expected"), ("M0 0L\x7f", "a number expected")]:
            self.refused(f"<svg {SPACES} viewBox='0 0 9 9' stroke='red'>\n\n<path d='{d}'/></svg>",
                         code=2, says=["bad.svg:3: data, character", says] if "go to" not in says
                         else ["bad.svg:3: ", says])
        self.refused(f"<svg {SPACES} viewBox='0 0 -9 9'/>", code=2, says="viewBox")
        self.refused(f"<svg {SPACES}/>", code=2, says="neither a viewBox")

    def test_pens(self):
        good = write("two.svg", TWO)
        self.refused(good, "--pens", 4, code=2, says=["3 different colours", "4 pens"])
        for count in [0, -3, 33, "99999999999999999999"]:
            self.refused(good, "--pens", count, code=2, says=["--pens", "32"])
        self.refused(good, "--pens", self.folder / "absent.yaml", code=1, says=["--pens", "absent.yaml"])
        self.refused(good, "--pens", write("broken.yaml", "pens: [{name: x}]"), code=2,
                     says=["--pens", "broken.yaml"])
        self.refused(good, "--pens", "nosuchset", code=2, says=["--pens", "nosuchset"])
        outside = TWO.replace('viewBox', 'x').replace('width="100"', 'width="1" x="2"')
        self.refused(outside.replace("M5", "M50"), code=2, says="no stroke lies on the canvas")

    def test_command_line(self):
        good = write("two.svg", TWO)
        self.bad("palette", good, code=2, says="--svg is missing")
        self.bad("palette", code=2, says="IN.svg")
        self.bad("palette", good, "--svg", good, code=2, says=["two.svg", "is read"])
        link = SCRATCH / "link.svg"
        link.symlink_to(good)
        self.bad("palette", good, "--svg", link, code=2, says=["link.svg", "is read"])
        self.bad("palette", good, "--svg", SCRATCH / "x.svg", "--swatches", good, code=2,
                 says=["--swatches", "is read"])
        self.bad("palette", good, "--svg", SCRATCH / "x", "--swatches", SCRATCH / "x", code=2,
                 says="--swatches")
        pens = write("pens.yaml", PENS)
        self.bad("palette", good, "--svg", pens, "--pens", pens, code=2, says="file of pens")
        self.assertEqual(good.read_text(), TWO)
        self.assertEqual(pens.read_text(), PENS)

    def test_outputs(self):
        good, text = write("two.svg", TWO), write("notes.txt", "keep me")
        png = self.folder / "o.png"
        for path, code in [("/proc/none/o.svg", 1), (self.folder / "absent" / "o.svg", 1),
                           (SCRATCH, 1), (text, 2)]:
            self.bad("palette", good, "--svg", path, "--swatches", png, code=code,
                     says=["--svg", str(path)])
            self.assertEqual(list(self.folder.iterdir()), [], "a picture was left")
        for path, code in [(self.folder / "absent" / "o.png", 1), (text, 2)]:
            self.bad("palette", good, "--svg", self.folder / "o.svg", "--swatches", path, code=code,
                     says=["--swatches", str(path)])
            self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(text.read_text(), "keep me")


if __name__ == "__main__":
    unittest.main(verbosity=2)
