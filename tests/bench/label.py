#!/usr/bin/env python3
"""Pictures judged by eye: labels for pairs of a run and its baseline, in random order, some of them twice.

    label.py page DIR... --out PAGE.html [--count 250] [--seed 1] [--twice 50]     keys 1 to 4; answers stay in the browser
    label.py sheets DIR... --out FOLDER [--count ...] [--rows 6] [--columns 4]     numbered PNGs, to label from pictures
    label.py table DIR... --answers FILE --out TABLE.csv [--count ...]             what was answered, as a table
    label.py agree TABLE... [--results DIR...] [--channels 100-] [--program PATH] [--rules RULES.yaml]

A pair is a finished run with its baseline (lambda, rho or strength 0 of its group), left the baseline, right the run.
Which pairs are drawn, and in which order, depends on the folders' runs, --count, --seed and --twice alone: page, sheets
and table agree if they are given the same. Nothing but the two pictures is shown. The answers:

    1 no-effect   the same picture, but for chance        3 tradeoff   both can be seen: the channel's forms, the style
    2 sparse      the channel's forms, with less ink      4 collapse   the style's picture; the channel's forms are gone

A file of answers holds "number answer" lines (17 sparse; digits 1 to 4 do too; # begins a comment), or is the page's CSV or
JSON. The table's columns: network (as --network says, or the digest's beginning), layer, channel, seed, strength, lambda,
run (id), answer, pass (1, or 2 the second time), and the figures that verdicts are made of, the baseline's beginning with
base_, so that rules can be tried again without the pictures (tests/cli/verdicts.py does). `agree` compares the passes, and the verdicts of `rank --json` with the
first passes: agreement, and precision and recall of each class. Verdicts that are none of the four (win, unproven and others)
count as disagreement and are listed. /usr/bin/python3 has what it needs: Debian's python3-h5py and python3-pil.
"""
import argparse
import base64
import collections
import csv
import io
import json
import pathlib
import random
import subprocess
import sys

CLASSES = ["no-effect", "sparse", "tradeoff", "collapse"]
FIGURES = ["exc_first", "exc_best", "exc_random_sd", "exc_eval", "style_eval", "coverage"]
COLUMNS = ["network", "layer", "channel", "seed", "strength", "lambda", "run", "answer", "pass"]
TABLE = [*COLUMNS, *FIGURES, *("base_" + name for name in FIGURES), "style_floor"]


# --- pairs --------------------------------------------------------------------------------------

def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def files_of(folder):
    folder = pathlib.Path(folder)
    found = [folder] if folder.is_file() else [p for p in [*sorted(folder.glob("segments/*.h5")), folder / "sweep.h5"] if p.exists()]
    if not found:
        sys.exit(f"{folder}: no results here")
    return found


def weight_of(row):
    for name in ("strength", "rho", "lambda"):
        if name in row.dtype.names and row[name] == row[name]:
            return float(row[name])
    return float("nan")


def network_of(file, name):
    if name is not None:
        return name
    canonical = json.loads(text(file.attrs["canonical"]))
    return str(canonical.get("weights.digest") or canonical.get("weights.sha256", "unknown"))[:12]


def read_folder(folder, network):
    """Finished runs by id: the table's columns, and where their pictures are."""
    import h5py
    runs = {}
    for path in files_of(folder):
        with h5py.File(path) as file:
            for at, row in enumerate(file["runs"][:]):
                if text(row["status"]) != "done":
                    continue
                runs[text(row["id"])] = {
                    "network": network_of(file, network), "layer": text(row["layer"]), "channel": int(row["channel"]),
                    "seed": int(row["seed"]), "strength": float(row["strength"]) if "strength" in row.dtype.names else float("nan"),
                    "lambda": float(row["lambda"]), "run": text(row["id"]), "group": text(row["group"]), "weight": weight_of(row),
                    "file": path, "at": at, "size": (int(row["height"]), int(row["width"])),
                    "figures": {name: float(row[name]) for name in [*FIGURES, "style_floor"] if name in row.dtype.names}}
    return runs


def find_pairs(folders, networks):
    """(baseline, run) of every run that has one, in an order that no file decides."""
    pairs = []
    for folder, network in zip(folders, networks):
        runs = read_folder(folder, network)
        baselines = {run["group"]: run for run in runs.values() if run["weight"] == 0}
        pairs += [(baselines[run["group"]], run) for run in runs.values() if run["weight"] > 0 and run["group"] in baselines]
    return sorted(pairs, key=lambda pair: (pair[1]["network"], pair[1]["run"]))


def draw(pairs, count, seed, twice):
    """Questions (pair, pass): `count` pairs in random order, `twice` of them once more, in the second half."""
    rng = random.Random(seed)
    chosen = rng.sample(pairs, min(count, len(pairs)))
    again = rng.sample(chosen, min(twice, len(chosen)))
    half = len(chosen) // 2
    first = {id(pair): place for place, pair in enumerate(chosen)}
    later = [(pair, 2) for pair in again]
    tail = [(pair, 1) for pair in chosen[half:]] + later
    rng.shuffle(tail)
    order = [(pair, 1) for pair in chosen[:half]] + tail
    # A pair whose second time came first: the passes are exchanged.
    seen, questions = set(), []
    for pair, _ in order:
        questions.append((pair, 2 if id(pair) in seen else 1))
        seen.add(id(pair))
    assert len(first) == len(seen)
    return questions


def pictures_of(pair):
    import h5py
    from PIL import Image
    found = []
    for run in pair:
        with h5py.File(run["file"]) as file:
            height, width = run["size"]
            found.append(Image.fromarray(file["images/final"][run["at"], :height, :width]))
    return found


def chosen_questions(arguments):
    networks = arguments.network or [None] * len(arguments.folders)
    if len(networks) != len(arguments.folders):
        sys.exit("--network: one name for each folder")
    pairs = find_pairs(arguments.folders, networks)
    if not pairs:
        sys.exit("no finished run has a baseline: nothing to label")
    return draw(pairs, arguments.count, arguments.seed, arguments.twice)


# --- the page -----------------------------------------------------------------------------------

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Labels</title>
<style>
body { font: 16px/1.4 sans-serif; margin: 1rem auto; max-width: 60rem; text-align: center; background: #ddd }
img { width: min(44vw, 28rem); image-rendering: pixelated; background: #fff; margin: .3rem }
button { font: inherit; padding: .4rem .9rem; margin: .2rem }
button[aria-pressed=true] { background: #1f4f99; color: #fff }
p { margin: .4rem }
</style>
<p id="place" aria-live="polite"></p>
<p><img id="left" alt="without a style"><img id="right" alt="the run"></p>
<p id="keys"></p>
<p><button id="back">back (left arrow)</button><button id="next">next (right arrow)</button>
<button id="csv">save CSV</button><button id="json">save JSON</button></p>
<p>Left without a style, right the run. 1 no-effect: the same but for chance. 2 sparse: the channel's forms with less ink.
3 tradeoff: its forms and the style's. 4 collapse: the style's picture.</p>
<script>
const questions = @QUESTIONS@, classes = @CLASSES@, columns = @COLUMNS@, pictures = @PICTURES@, key = @KEY@
const answers = JSON.parse(localStorage.getItem(key) ?? '{}')
let at = 0
const $ = (id) => document.getElementById(id)
const nextOpen = () => { const open = questions.findIndex((_, i) => !(i in answers)); return open < 0 ? questions.length - 1 : open }
function show() {
  const q = questions[at]
  $('left').src = pictures[q.left]
  $('right').src = pictures[q.right]
  $('place').textContent = `${at + 1} of ${questions.length}, ${Object.keys(answers).length} answered`
  $('keys').querySelectorAll('button').forEach((b, i) => b.setAttribute('aria-pressed', String(answers[at] === classes[i])))
}
function answer(i) {
  answers[at] = classes[i]
  localStorage.setItem(key, JSON.stringify(answers))
  if (at + 1 < questions.length) at++
  show()
}
function move(by) { at = Math.min(questions.length - 1, Math.max(0, at + by)); show() }
const table = () => questions.flatMap((q, i) => i in answers ? [{ ...q.row, answer: answers[i], pass: q.pass }] : [])
function save(name, type, content) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
}
const csv = () => [columns, ...table().map((row) => columns.map((c) => row[c] ?? ''))].map((line) => line.join(',')).join('\\n') + '\\n'
classes.forEach((name, i) => {
  const button = document.createElement('button')
  button.textContent = `${i + 1} ${name}`
  button.onclick = () => answer(i)
  $('keys').append(button)
})
$('back').onclick = () => move(-1)
$('next').onclick = () => move(1)
$('csv').onclick = () => save('labels.csv', 'text/csv', csv())
$('json').onclick = () => save('labels.json', 'application/json', JSON.stringify(table(), null, 1))
addEventListener('keydown', (e) => {
  if (e.key >= '1' && e.key <= String(classes.length)) answer(Number(e.key) - 1)
  else if (e.key === 'ArrowLeft') move(-1)
  else if (e.key === 'ArrowRight') move(1)
})
at = nextOpen()
show()
</script></html>
"""


def known(value):
    return None if isinstance(value, float) and value != value else value


def row_of(run):
    return {name: known(run[name]) for name in COLUMNS[:-2]}


def figures_of(pair):
    """What verdicts are made of, as texts of nine digits."""
    baseline, run = (one["figures"] for one in pair)
    found = {**run, **{"base_" + name: baseline.get(name, float("nan")) for name in FIGURES}}
    return {name: f"{value:.9g}" for name, value in found.items() if value == value}


def encode(picture):
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def for_script(value):
    return json.dumps(value).replace("<", "\\u003c")


def write_page(arguments):
    questions, pictures, places = chosen_questions(arguments), [], {}
    listed = []
    for pair, number in questions:
        for run, picture in zip(pair, pictures_of(pair) if any((r["network"], r["run"]) not in places for r in pair) else (None, None)):
            if (run["network"], run["run"]) not in places:
                places[run["network"], run["run"]] = len(pictures)
                pictures.append(encode(picture))
        left, right = (places[run["network"], run["run"]] for run in pair)
        listed.append({"left": left, "right": right, "pass": number, "row": row_of(pair[1])})
    key = "labels-" + "-".join(str(part) for part in (arguments.seed, len(listed), listed[0]["row"]["run"], listed[-1]["row"]["run"]))
    page = PAGE
    for name, value in (("QUESTIONS", listed), ("CLASSES", CLASSES), ("COLUMNS", COLUMNS), ("PICTURES", pictures), ("KEY", key)):
        page = page.replace(f"@{name}@", for_script(value))
    pathlib.Path(arguments.out).write_text(page)
    print(f"{arguments.out}: {len(listed)} questions, {len(page) / 1e6:.1f} MB")


# --- sheets -------------------------------------------------------------------------------------

def write_sheets(arguments):
    from PIL import Image, ImageDraw
    questions, folder = chosen_questions(arguments), pathlib.Path(arguments.out)
    folder.mkdir(parents=True, exist_ok=True)
    side, gap, foot = arguments.cell, 4, 16
    cell_width, cell_height = 2 * side + 3 * gap, side + gap + foot
    per_sheet = arguments.rows * arguments.columns
    for sheet, begin in enumerate(range(0, len(questions), per_sheet)):
        page = Image.new("RGB", (arguments.columns * cell_width, arguments.rows * cell_height), (208, 208, 208))
        pen = ImageDraw.Draw(page)
        for i, (pair, _) in enumerate(questions[begin:begin + per_sheet]):
            x, y = i % arguments.columns * cell_width, i // arguments.columns * cell_height
            for place, picture in enumerate(pictures_of(pair)):
                scale = side / max(picture.size)
                picture = picture.resize([max(1, round(scale * length)) for length in picture.size], Image.LANCZOS)
                page.paste(picture, (x + gap + place * (side + gap), y + gap))
            pen.text((x + cell_width // 2 - 10, y + side + gap + 2), str(begin + i + 1), fill=(0, 0, 0))
        page.save(folder / f"sheet-{sheet + 1:02d}.png")
    print(f"{folder}: {len(questions)} pairs on {-(-len(questions) // per_sheet)} sheets")


# --- answers and tables -------------------------------------------------------------------------

def read_answers(path, questions):
    """Rows of the table, of a text of numbers and answers or of what the page saved."""
    content = pathlib.Path(path).read_text()
    if content.lstrip().startswith("["):
        return json.loads(content)
    if content.startswith(",".join(COLUMNS[:3])):
        return list(csv.DictReader(io.StringIO(content)))
    rows, wrong = [], []
    answered = {}
    for number, line in enumerate(content.splitlines(), 1):
        words = line.split("#")[0].replace(",", " ").replace(":", " ").split()
        if not words:
            continue
        answer = CLASSES[int(words[1]) - 1] if len(words) == 2 and words[1] in ("1", "2", "3", "4") else words[-1]
        if len(words) != 2 or not words[0].isdigit() or answer not in CLASSES or not 1 <= int(words[0]) <= len(questions):
            wrong.append(f"{path}:{number}: a number from 1 to {len(questions)} and one of {', '.join(CLASSES)}, not {line.strip()!r}")
        elif int(words[0]) in answered:
            wrong.append(f"{path}:{number}: {words[0]} is answered twice, first in line {answered[int(words[0])]}")
        else:
            answered[int(words[0])] = number
            pair, passed = questions[int(words[0]) - 1]
            rows.append({**row_of(pair[1]), "answer": answer, "pass": passed})
    if wrong:
        sys.exit("\n".join(wrong))
    return rows


def write_table(arguments):
    questions = chosen_questions(arguments)
    rows = read_answers(arguments.answers, questions)
    figures = {(pair[1]["network"], pair[1]["run"]): figures_of(pair) for pair, _ in questions}
    with open(arguments.out, "w", newline="") as out:
        writer = csv.DictWriter(out, TABLE, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            told = {name: row[name] for name in COLUMNS if row.get(name) is not None}
            writer.writerow(told | figures.get((told["network"], told["run"]), {}))
    print(f"{arguments.out}: {len(rows)} answers")


def read_tables(paths):
    rows = []
    for path in paths:
        with open(path, newline="") as file:
            rows += list(csv.DictReader(file))
    for row in rows:
        if row.get("answer") not in CLASSES or row.get("pass") not in ("1", "2"):
            sys.exit(f"a row without an answer or a pass: {row}")
    return rows


def verdicts_of(program, folders, rules):
    found = {}
    for folder in folders:
        command = [program, "rank", str(folder), "--json", "--by", "index", "--baselines"] + (["--verdicts", rules] if rules else [])
        for run in json.loads(subprocess.run(command, check=True, capture_output=True).stdout):
            found[run["id"]] = run["verdict"]
    return found


def scores(pairs):
    """Of (truth, said): agreement, and (class, precision, recall, count) of each; None where there is nothing to count."""
    right = sum(truth == said for truth, said in pairs)
    classes = []
    for name in CLASSES:
        hits = sum(truth == said == name for truth, said in pairs)
        told, there = sum(said == name for _, said in pairs), sum(truth == name for truth, _ in pairs)
        classes.append((name, hits / told if told else None, hits / there if there else None, there))
    return right / len(pairs) if pairs else None, classes


def percent(share):
    return "-" if share is None else f"{100 * share:.1f}%"


def print_scores(title, pairs):
    agreement, classes = scores(pairs)
    print(f"{title}: {percent(agreement)} of {len(pairs)}")
    for name, precision, recall, there in classes:
        print(f"  {name:10} precision {percent(precision):>6}  recall {percent(recall):>6}  of {there}")


def agree(arguments):
    low, _, high = arguments.channels.partition("-")
    rows = [row for row in read_tables(arguments.tables) if int(low or 0) <= int(row["channel"]) <= int(high or 10**6)]
    first = {(row["network"], row["run"]): row["answer"] for row in rows if row["pass"] == "1"}
    again = [(first[row["network"], row["run"]], row["answer"]) for row in rows
             if row["pass"] == "2" and (row["network"], row["run"]) in first]
    print_scores("the eye with itself", again)
    if not arguments.results:
        return
    verdicts = verdicts_of(arguments.program, arguments.results, arguments.rules)
    judged = collections.defaultdict(list)
    for (network, run), answer in first.items():
        if run in verdicts:
            judged[network].append((answer, verdicts[run]))
    for network in sorted(judged):
        print_scores(f"verdicts with the eye, {network}", judged[network])
    all_pairs = [pair for pairs in judged.values() for pair in pairs]
    if len(judged) > 1:
        print_scores("verdicts with the eye, all", all_pairs)
    mistakes = collections.Counter(pair for pair in all_pairs if pair[0] != pair[1])
    for (truth, said), count in mistakes.most_common():
        print(f"  {count:4}  {truth} by eye, {said} by rule")
    missing = len(first) - len(all_pairs)
    if missing:
        print(f"{missing} labelled runs are not in these results")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("page", "sheets", "table"):
        command = commands.add_parser(name)
        command.add_argument("folders", nargs="+", help="results folders")
        command.add_argument("--network", action="append", help="its name in the table, once for each folder")
        command.add_argument("--out", required=True)
        command.add_argument("--count", type=int, default=250, help="pairs")
        command.add_argument("--seed", type=int, default=1, help="of their order")
        command.add_argument("--twice", type=int, default=50, help="of them shown once more")
        if name == "sheets":
            command.add_argument("--rows", type=int, default=6)
            command.add_argument("--columns", type=int, default=4)
            command.add_argument("--cell", type=int, default=128, help="side of a picture in px")
        if name == "table":
            command.add_argument("--answers", required=True)
    command = commands.add_parser("agree")
    command.add_argument("tables", nargs="+")
    command.add_argument("--results", nargs="*", default=[], help="folders whose verdicts are compared")
    command.add_argument("--channels", default="-", metavar="FROM-TO", help="labels of these alone, e.g. 100-")
    command.add_argument("--program", default="build/vggsweep")
    command.add_argument("--rules", help="thresholds, as rank --verdicts takes them")
    arguments = parser.parse_args()
    {"page": write_page, "sheets": write_sheets, "table": write_table, "agree": agree}[arguments.command](arguments)


if __name__ == "__main__":
    main()
