"""The labelling of pictures by eye (tests/bench/label.py): its page, sheets, tables, and what agreement comes to."""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import label  # noqa: E402
from tool import ToolTest, run_tiny_sweep  # noqa: E402

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-labels-")
SCRATCH = pathlib.Path(scratch.name)
RESULTS = SCRATCH / "results"
DRAWN = ["--count", "4", "--twice", "2", "--seed", "3", "--network", "tiny"]


def setUpModule():
    run_tiny_sweep(SCRATCH)


def tearDownModule():
    scratch.cleanup()


def call(*arguments):
    return subprocess.run([sys.executable, label.__file__, *map(str, arguments)], capture_output=True, text=True, timeout=60)


class Labels(ToolTest):
    def run_label(self, *arguments):
        answer = call(*arguments)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout

    def table(self, answers):
        (SCRATCH / "answers.txt").write_text(answers)
        self.run_label("table", RESULTS, "--answers", SCRATCH / "answers.txt", "--out", SCRATCH / "table.csv", *DRAWN)
        with open(SCRATCH / "table.csv", newline="") as file:
            return list(csv.DictReader(file))

    def test_a_page_holds_all_pairs(self):
        page = SCRATCH / "page.html"
        self.run_label("page", RESULTS, "--out", page, *DRAWN)
        text = page.read_text()
        questions = json.loads(re.search(r"const questions = (\[.*?\]), classes", text).group(1))
        self.assertEqual([q["pass"] for q in questions].count(2), 2)
        self.assertEqual(len({q["row"]["run"] for q in questions}), 4)
        self.assertTrue(all(q["row"]["lambda"] == 50 and q["left"] != q["right"] for q in questions))
        self.assertEqual(len(re.findall("data:image/jpeg;base64,", text)), 8)
        self.assertNotIn("http", text)
        self.run_label("page", RESULTS, "--out", SCRATCH / "again.html", *DRAWN)
        self.assertEqual((SCRATCH / "again.html").read_text(), text)

    def test_sheets_and_table_have_the_order_of_the_page(self):
        self.run_label("sheets", RESULTS, "--out", SCRATCH / "sheets", "--rows", 1, "--columns", 4, "--cell", 32, *DRAWN)
        sheets = sorted((SCRATCH / "sheets").glob("*.png"))
        for sheet in sheets:
            with Image.open(sheet) as picture:
                self.assertEqual(picture.size, (4 * 76, 52))
        self.assertEqual(len(sheets), 2)
        rows = self.table("# by hand\n1 sparse\n2: 4\n3 1\n4 tradeoff\n5, collapse\n6 no-effect\n")
        self.assertEqual([row["answer"] for row in rows], ["sparse", "collapse", "no-effect", "tradeoff", "collapse", "no-effect"])
        self.assertEqual(list(rows[0]), label.TABLE)
        self.assertTrue(all(float(row["exc_eval"]) and float(row["base_exc_eval"]) and float(row["style_floor"]) for row in rows))
        self.assertEqual({row["network"] for row in rows}, {"tiny"})
        page = SCRATCH / "order.html"
        self.run_label("page", RESULTS, "--out", page, *DRAWN)
        questions = json.loads(re.search(r"const questions = (\[.*?\]), classes", page.read_text()).group(1))
        self.assertEqual([(row["run"], int(row["pass"])) for row in rows], [(q["row"]["run"], q["pass"]) for q in questions])

    def test_wrong_answers_are_told_by_line(self):
        (SCRATCH / "answers.txt").write_text("1 sparse\n9 sparse\n2 good\n1 collapse\n")
        answer = call("table", RESULTS, "--answers", SCRATCH / "answers.txt", "--out", SCRATCH / "no.csv", *DRAWN)
        self.assertNotEqual(answer.returncode, 0)
        self.assertEqual(re.findall(r"answers.txt:(\d)", answer.stderr), ["2", "3", "4"])
        self.assertFalse((SCRATCH / "no.csv").exists())

    def test_agreement_is_counted(self):
        pairs = [("sparse", "sparse"), ("sparse", "tradeoff"), ("collapse", "collapse"), ("no-effect", "win")]
        agreement, classes = label.scores(pairs)
        self.assertEqual(agreement, 0.5)
        by_name = {name: rest for name, *rest in classes}
        self.assertEqual(by_name["sparse"], [1.0, 0.5, 2])
        self.assertEqual(by_name["tradeoff"], [0.0, None, 0])
        self.assertEqual(by_name["no-effect"], [None, 0.0, 1])
        self.table("1 sparse\n2 4\n3 1\n4 tradeoff\n5 collapse\n6 no-effect\n")
        text = self.run_label("agree", SCRATCH / "table.csv", "--results", RESULTS, "--program", os.environ["VGGSWEEP"])
        self.assertRegex(text, r"the eye with itself: \S+ of 2\n")
        self.assertRegex(text, r"verdicts with the eye, tiny: \S+ of 4\n")


if __name__ == "__main__":
    unittest.main()
