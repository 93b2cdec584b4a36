"""Every command of the README, of the other pages, and of the comments on top of samples is run, smaller than it is
written, or looked up where running it here is out of the question; every path and link is followed.

A new command needs nothing to be added here unless it is not the program's: then a line in NOT_RUN says why."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import documents
from documents import ROOT
from tool import PROGRAM, ToolTest, call

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-readme-")
SCRATCH = pathlib.Path(scratch.name)
HAS_MPI = os.environ.get("VGGSWEEP_MPI", "ON") == "ON"

# How sweeps are run here, whatever the line sets: a second instead of minutes. As they are written they are planned.
SMALL = {"image.size": "32", "objective.steps": "4"}
FEWER = {"examples/case-study.yaml": {"grid.layer": "relu2_2", "grid.channel": "77", "grid.seed": "1"},
         "examples/demo.yaml": {"grid.layer": "relu4_3", "grid.channel": "1"},
         "examples/strokes.yaml": {"grid.layer": "relu2_2", "grid.channel": "1", "strokes.count": "12"}}
SMALLER = {"bench": ["--size", "32", "--layer", "relu1_2", "--style-layer", "relu1_1"], "eval": ["--size", "32"],
           "refine": ["--steps", "2"], "plan": ["--out", "results/planned"]}

# What stands for something of the reader's, and for a file by the word before it.
PLACEHOLDERS = {"SWEEP.yaml": "examples/first.yaml", "IN.svg": "drawing.svg", "IMAGE": "builtin:mondrian", "TAP": "relu2_2",
                "N": "2", "F.png": "swatches.png", "COMMAND": "rank"}
FILES = {"--png": "f.png", "--svg": "f.svg", "--pens": "data/pens/black.yaml", "--weights": "data/weights/vgg16-textures.safetensors",
         "weights": "data/weights/vgg16-textures.safetensors"}

# Why a line is looked up and not run, by its first word: files are there and know the options, presets and labels exist.
NOT_RUN = {
    "scripts/setup.sh": "installs packages",
    "scripts/demo.sh": "installs packages, builds, computes for minutes",
    "scripts/test.sh": "runs all tests, this one among them",
    "scripts/check-style.sh": "lints for minutes; scripts/test.sh runs it",
    "scripts/check_rooms.py": "looks at a whole build; scripts/test.sh runs it",
    "scripts/on-debian.sh": "makes a whole Debian; scripts/test.sh runs it",
    "scripts/fetch-weights.sh": "needs the network",
    "tests/bench/defaults.py": "computes for minutes",
    "tests/bench/balance.py": "computes for minutes",
    "podman": "needs the network, and a container runtime",
    "cmake": "builds",
    "ctest": "runs other tests",
    "npm": "needs the network; the build runs it",
    "python3": "trains for minutes, on a GPU",
    "sbatch": "needs a cluster; tests/mpi/batch.py runs the script",
    "qsub": "needs a cluster; tests/mpi/batch.py runs the script",
}

# Code blocks of pages that are no commands, by how they begin.
SHOWN = {
    ("README.md", "sparse       11 runs"): "what the demo prints",
    ("README.md", "vggsweep: my.yaml"): "what a mistake looks like",
    ("README.md", "sparse: exc_eval"): "what verdicts look like",
}
PAGES_OF_SHOWN = {"ARCHITECTURE.md": "calls of functions, indented as they nest"}
PYTHON_ELSEWHERE = {"docs/results-format.md": "cli.store_h5py runs its examples"}

# Options in running text that are another program's.
FOREIGN_OPTIONS = {"--map-by": "mpirun", "--bind-to": "mpirun", "--privileged": "podman"}

# Paths that are not there.
EXCUSED_PATHS = {("analysis/web/README.md", "tests/web/screenshots"): "in the build folder"}
SOURCES_ELSEWHERE = {"ARCHITECTURE.md": "scripts/check_rooms.py looks for its sources and functions"}


def call_here(*arguments):
    return call(*arguments, cwd=SCRATCH, timeout=200)


def setUpModule():
    """A folder that looks like the repository after a build, with the results that the pages begin with."""
    for name in ["analysis", "data", "docs", "examples", "scripts", "tests"]:
        (SCRATCH / name).symlink_to(ROOT / name)
    (SCRATCH / "build").mkdir()
    (SCRATCH / "build" / "vggsweep").symlink_to(PROGRAM)
    shutil.copy(ROOT / "examples" / "first.yaml", SCRATCH / "my.yaml")
    for sweep in ["demo", "strokes"]:
        done = call_here(*shrink(["run", f"examples/{sweep}.yaml"]))
        assert done.returncode == 0, done.stderr
    done = call_here("export", "results/strokes", some_run("results/strokes"), "--svg", "drawing.svg", "--page", "native")
    assert done.returncode == 0, done.stderr


def tearDownModule():
    scratch.cleanup()


def some_run(folder):
    return json.loads(call_here("rank", folder, "--json", "--top", 1).stdout)[0]["id"]


def shrink(arguments):
    """The same line of the program, over what is here and in a second."""
    command, words = arguments[0], list(arguments)
    of_strokes = command == "refine" or (command == "export" and "--svg" in words)
    for i, word in enumerate(words):
        before = words[i - 1] if i > 0 else ""
        if word in ("F", "FILE"):
            words[i] = FILES[before]
        elif word == "DIR" and command != "help":
            words[i] = "results/strokes" if of_strokes else "results/demo"
        elif word == "imagenet" and before == "--weights":
            words[i] = "builtin"  # which every machine has
        elif word == "RUN" or re.fullmatch("[0-9a-f]{8}", word):
            words[i] = some_run(words[1])
        else:
            words[i] = PLACEHOLDERS.get(word, word)
    if command == "run":
        words = shrink_sweep(words)
    return words + SMALLER.get(command, [])


def shrink_sweep(words):
    settings = SMALL | FEWER.get(words[1], {})
    kept, rest = [], iter(words)
    for word in rest:
        pair = [word, next(rest)] if word == "--set" else [word]
        if pair[-1].partition("=")[0] not in settings:
            kept += pair
    for key, value in settings.items():
        kept += ["--set", f"{key}={value}"]
    return kept


class Commands(ToolTest):
    """Runs or looks up a line, by its first word."""

    def good_here(self, *arguments):
        return self.good(*arguments, cwd=SCRATCH, timeout=200)

    def setUp(self):
        self.variables, self.folder = {}, ROOT

    # --- dispatch ---------------------------------------------------------------------------------

    def follow(self, line):
        for name, value in self.variables.items():
            line = line.replace(f"${name}", value)
        assigned = re.fullmatch(r'(\w+)="(.*)"', line)
        if assigned:
            self.variables[assigned[1]] = assigned[2]
            return
        words = shlex.split(line, comments=True)
        while "&&" in words:
            self.follow_words(words[:words.index("&&")])
            words = words[words.index("&&") + 1:]
        self.follow_words(words)

    def follow_words(self, words):
        if not words:
            return
        if words[0] in ("vggsweep", "build/vggsweep"):
            self.run_program(words[1:])
        elif words[0] == "mpirun":
            self.run_job(words[1:])
        elif words[0] == "cp":
            subprocess.run(words, cwd=SCRATCH, check=True)
        elif words[0] == "cd":
            self.folder = self.folder / words[1]
        else:
            self.look_up(words)

    # --- run --------------------------------------------------------------------------------------

    def run_program(self, words):
        if words[0] == "run" and "--set" in words:
            self.plan(words)
        target = words.pop()[1:] if words[-1].startswith(">") else None
        printed = self.good_here(*shrink(words))
        if target:
            (SCRATCH / target).write_text(printed)

    def plan(self, words):
        """A sweep as it is written; nothing is computed."""
        out = words.index("--out") if "--out" in words else len(words)
        self.good_here(*shrink(["plan", *words[1:out], *words[out + 2:]]))

    def run_job(self, words):
        start = next(i for i, word in enumerate(words) if word.endswith("vggsweep"))
        arguments = shrink(words[start + 1:])
        if not HAS_MPI:
            self.good_here(*arguments)
            return
        launch = ["mpirun", "--oversubscribe", "--bind-to", "none", *(words[:start] or ["-n", "2"])]
        done = subprocess.run([*launch, PROGRAM, *arguments], cwd=SCRATCH, capture_output=True, text=True, timeout=200)
        self.check_clean(done)
        self.assertEqual(done.returncode, 0, done.stderr)

    # --- look up ----------------------------------------------------------------------------------

    def look_up(self, words):
        self.assertIn(words[0], NOT_RUN, f"neither run nor excused in NOT_RUN: {' '.join(words)}")
        if "/" in words[0]:
            self.look_up_script(words)
        elif words[0] in ("cmake", "ctest"):
            self.look_up_build(words)
        elif words[0] == "npm":
            self.look_up_npm(words)
        elif words[0] in ("sbatch", "qsub"):
            self.look_up_job(words)
        elif words[0] == "python3":
            self.look_up_python(words)

    def look_up_script(self, words):
        script = ROOT / words[0]
        self.assertTrue(script.is_file() and os.access(script, os.X_OK), f"{words[0]}: not an executable file")
        if script.suffix == ".sh":
            subprocess.run(["bash", "-n", script], check=True)
        for option in self.options_of(words):
            self.assertIn(option, script.read_text(), f"{words[0]} has no {option}")

    def look_up_build(self, words):
        presets = json.loads((ROOT / "CMakePresets.json").read_text())
        names = {preset["name"] for key in presets if key.endswith("Presets") for preset in presets[key]}
        for option, value in zip(words, words[1:]):
            if option == "--preset":
                self.assertIn(value, names)
            if option in ("-L", "--label"):
                for label in value.split("|"):
                    self.assertIn(label, (ROOT / "tests" / "CMakeLists.txt").read_text(), "no such label")
        for word in words:
            self.check_definition(word)

    def check_definition(self, word):
        """-DVGGSWEEP_NAME=... is one of ours."""
        if word.startswith("-DVGGSWEEP_"):
            name = word[2:].partition("=")[0]
            lists = [ROOT / "CMakeLists.txt", ROOT / "analysis" / "web" / "CMakeLists.txt"]
            self.assertTrue(any(name in file.read_text() for file in lists), f"no build option {name}")

    def look_up_npm(self, words):
        if words[1] == "run":
            package = json.loads((ROOT / "analysis" / "web" / "package.json").read_text())
            self.assertIn(words[2], package["scripts"])

    def look_up_job(self, words):
        kind = {"sbatch": "slurm.sh", "qsub": "pbs.sh"}[words[0]]
        self.assertTrue(any(word.endswith(kind) for word in words), words)
        script = (ROOT / "scripts" / "batch" / kind).read_text()
        for word in words:
            for variable in re.findall(r"(?:^|,)([A-Z_]+)=", word):
                self.assertIn("${" + variable, script, f"{kind} reads no {variable}")

    def look_up_python(self, words):
        script = self.folder / words[1]
        self.assertTrue(script.is_file(), f"no script {words[1]}")
        for option in self.options_of(words):
            self.assertIn(option, script.read_text(), f"{words[1]} has no {option}")

    def options_of(self, words):
        return [word.partition("=")[0] for word in words if word.startswith("-")]


class CodeBlocks(Commands):
    """Blocks of pages in the order in which a reader meets them: the README first, then what it leads to."""

    def test_pages(self):
        pages = documents.manuals()
        for page in sorted(pages, key=lambda page: (page.name != "README.md" or len(page.parts) > 1, page)):
            for block in documents.split_page(page)[0]:
                self.variables, self.folder = {}, ROOT
                with self.subTest(page=str(page), line=block.lines[0][0]):
                    self.follow_block(str(page), block)

    def follow_block(self, page, block):
        if block.language == "python":
            if page not in PYTHON_ELSEWHERE:
                done = subprocess.run([sys.executable, "-c", block.text()], cwd=SCRATCH, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
        elif block.language == "yaml":
            (SCRATCH / "pens.yaml").write_text(block.text())
            self.good_here("plot", "drawing.svg", "--svg", "f.svg", "--pens", "pens.yaml")
        else:
            self.assertEqual(block.language, "", "code in a language that nothing here follows")
            if page in PAGES_OF_SHOWN or any(page == shown and block.text().startswith(words) for shown, words in SHOWN):
                return
            for number, line in block.lines:
                with self.subTest(page=page, line=number, command=line):
                    self.follow(line)

    def test_samples(self):
        for sample in documents.samples():
            for number, line in documents.opening_block(sample).lines:
                with self.subTest(sample=str(sample), line=number, command=line):
                    self.follow(line)


class RunningText(Commands):
    """Code in sentences: whole lines are run; of parts the commands and options are looked up."""

    @classmethod
    def setUpClass(cls):
        overview = call("help").stdout
        cls.helps = {name: call("help", name).stdout for name in re.findall(r"^  ([a-z]+) ", overview, re.M) if name != "help"}
        cls.all_help = overview + "".join(cls.helps.values())

    def test_pages(self):
        for page in documents.manuals():
            for span in dict.fromkeys(documents.code_spans(documents.split_page(page)[1])):
                with self.subTest(page=str(page), span=span):
                    self.follow_span(span)

    def follow_span(self, span):
        words = shlex.split(span) if span.count("'") % 2 == 0 else span.split()  # an apostrophe opens nothing
        if words[0].endswith("vggsweep") and len(words) > 1:
            words = words[1:]
            self.assertIn(words[0], [*self.helps, "help", "--version"], "no such command")
        if words[0] in [*self.helps, "help"] and len(words) > 1 and not re.match("export [A-Z_]+=", span):
            self.follow_command(words)
        elif re.match("--[a-z]", span) and words[0].partition("=")[0] not in FOREIGN_OPTIONS:
            self.assertIn(words[0].partition("=")[0], self.all_help + self.texts_of_scripts(), "nothing has this option")
        elif words[0].startswith("scripts/") and len(words) > 1:
            self.look_up(words)
        else:
            self.check_definition(span)

    def follow_command(self, words):
        command = words[0]
        for option in self.options_of(words):
            self.assertIn(option, self.helps[command], f"{command} has no such option")
        if words[1].startswith("-"):
            return
        if command == "run":
            self.plan(words)
        else:
            self.good_here(*shrink(words))

    def texts_of_scripts(self):
        return "".join(script.read_text() for script in (ROOT / "scripts").glob("*.*") if script.is_file())


class Paths(unittest.TestCase):
    def test_paths(self):
        for page in documents.manuals():
            for path in documents.named_paths(page):
                is_elsewhere = str(page) in SOURCES_ELSEWHERE and path.endswith((".c", ".h"))
                if not is_elsewhere and (str(page), path) not in EXCUSED_PATHS:
                    with self.subTest(page=str(page), path=path):
                        self.assertTrue(any(ROOT.glob(path)), "a path that is not there")

    def test_sources(self):
        known = [file.name for room in documents.ROOMS for file in (ROOT / room).rglob("*.[ch]")]
        for page in documents.manuals():
            for name in documents.named_sources(page) if str(page) not in SOURCES_ELSEWHERE else []:
                with self.subTest(page=str(page), source=name):
                    pattern = re.compile(re.escape(name).replace(r"\*", ".*"))
                    self.assertTrue(any(map(pattern.fullmatch, known)), "a source that is not there")

    def test_links(self):
        for page in documents.manuals():
            for target in documents.linked_files(page):
                with self.subTest(page=str(page), target=str(target)):
                    self.assertTrue((ROOT / target).exists(), "a link that leads nowhere")


class Excuses(unittest.TestCase):
    """What is excused above is still there to be excused."""

    def test_blocks(self):
        for page, words in SHOWN:
            blocks = documents.split_page(pathlib.Path(page))[0]
            self.assertTrue(any(block.text().startswith(words) for block in blocks), f"{page}: {words}")

    def test_paths(self):
        for page, path in EXCUSED_PATHS:
            self.assertIn(path, documents.named_paths(pathlib.Path(page)), "mended: take it out of EXCUSED_PATHS")


if __name__ == "__main__":
    unittest.main()
