"""Every command on a tiny sweep: what it prints, its JSON, its exit code."""
import csv
import fcntl
import io
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
import unittest

import h5py
import numpy as np
from PIL import Image

from tool import PROGRAM, TINY, TINY_RUNS, ToolTest, call, hash_folder, run_tiny_sweep

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-cli-")
SCRATCH = pathlib.Path(scratch.name)
SWEEP = SCRATCH / "tiny.yaml"
RESULTS = SCRATCH / "results"


def read_terminal(master):
    """All that was written to a terminal whose other end is closed. One reading gives what has come through so
    far, which may be a part."""
    text = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux's way to say the end
            part = b""
        if not part:
            break
        text += part
    os.close(master)
    return text.decode().replace("\r\n", "\n")


def setUpModule():
    run_tiny_sweep(SCRATCH)


def tearDownModule():
    scratch.cleanup()


class Waiting(ToolTest):
    """How OpenMP's threads wait for one another, which its runtimes read when a program starts."""

    def policy_of(self, **variables):
        """The program's OMP_WAIT_POLICY once it computes, and the name by which ps knows it."""
        line = [PROGRAM, "run", SWEEP, "--out", SCRATCH / "waiting", "--threads", "2", "--set", "objective.steps=100000"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_"))}
        with subprocess.Popen(line, env={**environment, **variables}, stderr=subprocess.PIPE, text=True) as process:
            process.stderr.readline()  # what is to do
            with open(f"/proc/{process.pid}/environ", "rb") as file:
                found = dict(variable.split(b"=", 1) for variable in file.read().split(b"\0") if b"=" in variable)
            with open(f"/proc/{process.pid}/comm", encoding="ascii") as file:
                name = file.read().strip()
            process.kill()
        return found.get(b"OMP_WAIT_POLICY"), name

    def test_asleep_unless_told(self):
        self.assertEqual(self.policy_of(), (b"passive", "vggsweep"))
        self.assertEqual(self.policy_of(OMP_WAIT_POLICY="active"), (b"active", "vggsweep"))
        self.assertEqual(self.policy_of(GOMP_SPINCOUNT="1000"), (None, "vggsweep"))


class General(ToolTest):
    def test_help(self):
        commands = ["run", "plan", "status", "rank", "show", "sheet", "merge", "export", "eval",
                    "weights", "bench", "schema"]
        overview = self.good("--help")
        self.assertEqual(self.good("help"), overview)
        for command in commands:
            self.assertIn(f"  {command} ", overview)
            text = self.good("help", command)
            self.assertIn(f"Usage: vggsweep {command}", text)
            self.assertEqual(self.good(command, "--help"), text)
            self.assertLess(max(map(len, text.splitlines())), 101, text)

    def test_version(self):
        self.assertRegex(self.good("--version"), r"^vggsweep \d+\.\d+\.\d+ \(commit \S+\)\n$")

    def test_without_arguments(self):
        self.bad_usage = call()
        self.assertEqual(self.bad_usage.returncode, 2)
        self.assertIn("Usage: vggsweep COMMAND", self.bad_usage.stderr)

    def test_unknown_words(self):
        self.bad("evla", code=2, says=['"evla"', 'did you mean "eval"', "vggsweep --help"])
        self.bad("help", "rnak", code=2, says='did you mean "rank"')
        self.bad("rank", RESULTS, "--tpo", "3", code=2,
                 says=["--tpo", "did you mean --top", "vggsweep rank --help"])
        self.bad("rank", RESULTS, "-t", code=2, says="-t")
        self.bad("rank", code=2, says="DIR|FILE.h5 is missing")
        self.bad("rank", RESULTS, "more", code=2, says='unexpected argument "more"')
        self.bad("rank", RESULTS, "--top", code=2, says="--top: needs a value")
        self.bad("rank", RESULTS, "--json=1", code=2, says="--json: takes no value")
        self.bad("rank", RESULTS, "--format", "xml", code=2, says="table, csv or json")

    def test_numbers_are_whole_or_nothing(self):
        for number in ["", "3x", "0", "-1", "1.5", "0x10", " 3", "99999999999", "1e1"]:
            self.bad("rank", RESULTS, "--top", number, code=2, says="--top")
        for number in ["nan", "inf", "-1", "1e999", "0x1p3", "", "5 "]:
            self.bad("eval", "builtin:mondrian", "--layer", "relu1_1", "--channel", "0", "--lambda",
                     number, code=2, says="--lambda")

    def test_a_closed_pipe_is_no_crash(self):
        line = f"set -o pipefail; {PROGRAM} rank {RESULTS} --json | head -c 1"
        answer = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
        self.assertEqual((answer.returncode, answer.stdout, answer.stderr), (0, "[", ""))

    def test_a_full_or_closed_stdout_is_noticed(self):
        with open("/dev/full", "w") as full:
            answer = subprocess.run([PROGRAM, "rank", RESULTS], stdout=full, stderr=subprocess.PIPE,
                                    text=True, timeout=60)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("stdout: cannot write", answer.stderr)
        line = f"{PROGRAM} rank {RESULTS} >&-"
        answer = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 1)


class Sweeps(ToolTest):
    def test_plan(self):
        plan = self.good_json("plan", SWEEP, "--out", SCRATCH / "nowhere", "--ranks", 2, "--json")
        self.assertEqual((plan["runs"], plan["done"], plan["left"]), (TINY_RUNS, 0, TINY_RUNS))
        self.assertEqual((plan["name"], plan["ranks"], plan["waiting"]), ("tiny", 2, 0))
        for key in ["gflop", "memory_bytes_per_rank", "hours", "longest_run_seconds"]:
            self.assertGreater(plan[key], 0, key)
        axes = {axis["name"]: axis["values"] for axis in plan["axes"]}
        self.assertEqual(axes["layer"], ["relu1_2", "relu2_2"])
        self.assertEqual(axes["channel"], ["1", "2"])
        self.assertEqual(axes["lambda"], ["0", "50"])
        self.assertFalse((SCRATCH / "nowhere").exists(), "plan writes nothing")

    def test_a_trial_leaves_out_snapshots_beyond_its_end(self):
        """Only where --set makes runs shorter than the file does; it is then the sweep of a shorter list."""
        line = "log.snapshots: {} left out, beyond the end of runs that --set made shorter\n".format
        trial, short = SCRATCH / "trial", SCRATCH / "short"
        answer = call("run", SWEEP, "--out", trial, "--set", "objective.steps=4")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(answer.stderr.count("warning:"), 1)
        self.assertIn("vggsweep: warning: " + line(6), answer.stderr)
        (SCRATCH / "short.yaml").write_text(TINY.replace("steps: 6", "steps: 4").replace("[0, 6]", "[0]"))
        self.good("run", SCRATCH / "short.yaml", "--out", short)
        with h5py.File(trial / "sweep.h5") as a, h5py.File(short / "sweep.h5") as b:
            self.assertEqual(list(a["runs"]["id"]), list(b["runs"]["id"]))
            self.assertEqual(a.attrs["canonical"], b.attrs["canonical"])
            self.assertEqual(a["images/snapshot_step"][:].tolist(), [0])
            self.assertTrue((a["images/snapshots"][:] == b["images/snapshots"][:]).all())
        before = hash_folder(trial)
        self.good("run", SWEEP, "--out", trial, "--set", "steps=4")
        self.assertEqual(hash_folder(trial), before, "the same again is no work")

        plan = call("plan", SWEEP, "--out", short, "--set", "objective={steps: 4, style: {layers: [relu1_1]}}", "--json")
        self.assertIn("warning: " + line(6), plan.stderr)
        many = SCRATCH / "many.yaml"
        many.write_text(TINY.replace("[0, 6]", "[0, 3, 4, 5, 6]"))
        self.assertIn(line("4, 5, 6"), call("plan", many, "--out", short, "--set", "grid.steps=3,4").stderr)
        self.assertIn(line("3, 4, 5, 6"), call("plan", many, "--out", short, "--set", "steps=2").stderr)

    def test_snapshots_beyond_the_end_stay_an_error(self):
        says = "a snapshot after step {}, but runs have {} steps (objective.steps)".format
        nowhere = SCRATCH / "nowhere"
        wrong = SCRATCH / "wrong.yaml"
        wrong.write_text(TINY.replace("[0, 6]", "[0, 7]"))
        for command in ("plan", "run"):
            self.bad(command, wrong, "--out", nowhere, code=2, says=[f"{wrong}:9:", says(7, 6)])
            self.bad(command, wrong, "--out", nowhere, "--set", "seed=1", code=2, says=says(7, 6))
            self.bad(command, wrong, "--out", nowhere, "--set", "steps=5", code=2, says=says(7, 5))  # wrong as it is written
            self.bad(command, SWEEP, "--out", nowhere, "--set", "log.snapshots=0,9", code=2, says=["--set log.snapshots: ", says(9, 6)])
            self.bad(command, SWEEP, "--out", nowhere, "--set", "steps=4", "--set", "log.snapshots=0,6", code=2, says=says(6, 4))
        self.assertFalse(nowhere.exists())

    def test_plan_knows_what_is_done(self):
        before = hash_folder(RESULTS)
        plan = self.good_json("plan", SWEEP, "--out", RESULTS, "--json")
        self.assertEqual((plan["done"], plan["left"], plan["gflop_left"]), (TINY_RUNS, 0, 0))
        self.assertEqual(plan["hours_left"], 0)
        self.assertIn(f"{TINY_RUNS} done, 0 left", self.good("plan", SWEEP, "--out", RESULTS))
        self.assertEqual(hash_folder(RESULTS), before)

    def test_plan_of_an_overridden_sweep(self):
        plan = self.good_json("plan", SWEEP, "--out", SCRATCH / "nowhere", "--json", "--set",
                              "grid.lambda=0,5,50", "--set", "optimizer.lr=0.1")
        self.assertEqual(plan["runs"], 12)

    def test_plan_counts_what_waits_for_a_baseline(self):
        answer = call("plan", SWEEP, "--out", SCRATCH / "nowhere", "--json", "--set", "grid.strength=1,2")
        plan = json.loads(answer.stdout)
        self.assertEqual((plan["runs"], plan["waiting"]), (12, 8))  # 4 of strength 0, which was added
        self.assertIn("grid.strength: 0 added", answer.stderr)

    def test_plan_counts_channels_of_a_layer(self):
        plan = self.good("plan", SWEEP, "--out", SCRATCH / "nowhere", "--set",
                         "grid.channel={sample: 3}")
        self.assertRegex(plan, r"\nchannel +3  of each layer: (\d+, ){5}\d+\n")
        self.assertIn("\nruns          12,", plan)
        plan = self.good("plan", SWEEP, "--out", SCRATCH / "nowhere", "--set", "grid.channel=all")
        self.assertRegex(plan, r"\nchannel +64-128  of each layer: 0, 1, 2,")
        plan = self.good("plan", SWEEP, "--out", SCRATCH / "nowhere")
        self.assertRegex(plan, r"\nchannel +2  1, 2\n")

    def test_plan_lines_up(self):
        plan = self.good("plan", SWEEP, "--out", SCRATCH / "nowhere", "--set",
                         "grid.regularizers.tv=0,1", "--set", "grid.image.parametrization=pixels")
        heading, *axes = plan.split("\n\n")[0].splitlines()
        self.assertEqual(len(axes), 6)
        for axis in axes:  # counts end below the end of the word "values"
            self.assertRegex(axis[:len(heading)], r"\d$", plan)
            self.assertEqual(axis[len(heading):len(heading) + 2], "  ", plan)

    def test_a_missing_baseline_is_told(self):
        says = "warning: no baseline: 0 is not in grid.{}, so exc_gain and effect"
        for key in ["lambda", "rho"]:
            for command in ["plan", "run"]:
                answer = call(command, SWEEP, "--out", SCRATCH / key, "--set", f"grid.{key}=5,50")
                self.assertEqual((answer.returncode, answer.stderr.count(says.format(key))), (0, 1))
            answer = call("plan", SWEEP, "--out", SCRATCH / "nowhere", "--set", f"grid.{key}=0,50")
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    def test_plan_names_the_default_folder(self):
        plan = self.good_json("plan", SWEEP, "--json", cwd=SCRATCH)
        self.assertEqual(plan["folder"], "results/tiny")

    def test_run_again_does_nothing(self):
        before = hash_folder(RESULTS)
        self.good("run", SWEEP, "--out", RESULTS)
        self.assertEqual(hash_folder(RESULTS), before)

    def test_status(self):
        status = self.good_json("status", RESULTS, "--json")
        self.assertEqual((status["done"], status["failed"], status["left"]), (TINY_RUNS, 0, 0))
        self.good("status", RESULTS)

    def test_merge_again_changes_no_data(self):
        before = self.good("rank", RESULTS, "--json")
        self.good("merge", RESULTS)
        self.assertEqual(self.good("rank", RESULTS, "--json"), before)

    def test_schema(self):
        schema = self.good_json("schema")
        self.assertIn("$schema", schema)
        self.assertIn("grid", schema["properties"])


class Results(ToolTest):
    def runs(self):
        return self.good_json("rank", RESULTS, "--json")

    def test_rank_formats_agree(self):
        runs = self.runs()
        self.assertEqual(len(runs), TINY_RUNS)
        self.assertEqual(self.good_json("rank", RESULTS, "--format", "json"), runs)
        rows = list(csv.DictReader(io.StringIO(self.good("rank", RESULTS, "--format", "csv"))))
        self.assertEqual([row["id"] for row in rows], [run["id"] for run in runs])
        self.assertEqual([float(row["exc_eval"]) for row in rows], [run["exc_eval"] for run in runs])
        table = self.good("rank", RESULTS, "--baselines")
        for run in runs:
            self.assertIn(run["id"][:8], table)
        self.assertEqual(self.good_json("rank", RESULTS / "sweep.h5", "--json"), runs)

    def test_rank_chooses_and_orders(self):
        runs = self.good_json("rank", RESULTS, "--json", "--by", "exc_eval", "--where",
                              'layer == "relu2_2" && lambda > 0')
        self.assertEqual([(run["layer"], run["lambda"]) for run in runs], [("relu2_2", 50)] * 2)
        scores = [run["exc_eval"] for run in self.good_json("rank", RESULTS, "--json", "--by",
                                                            "0 - exc_eval")]
        self.assertEqual(scores, sorted(scores))
        self.assertEqual(len(self.good_json("rank", RESULTS, "--json", "--top", 3)), 3)

    def places(self, *arguments, **options):
        """Ids in the order of the table, and what stands below it."""
        lines = self.good("rank", RESULTS, *arguments, **options).splitlines()
        while not lines[0].startswith("place "):  # the best of each verdict
            del lines[0]
        rows = [line.split() for line in lines[1:] if re.match(r" *\d+  [0-9a-f]{8} ", line)]
        return [row[1] for row in rows], "\n".join(lines[1 + len(rows):])

    def test_rank_leaves_out_baselines(self):
        runs = self.runs()
        ids = [run["id"][:8] for run in runs]
        compared = [run["id"][:8] for run in runs if run["lambda"] > 0]
        places, below = self.places()
        self.assertEqual(sorted(places), sorted(compared))
        self.assertRegex(below, "by (merit|exc_gain), largest first")  # by merit, if there is ink
        places, below = self.places("--by", "exc_gain")
        self.assertEqual(places, self.places("--by", "2 * exc_gain")[0])
        self.assertIn("by exc_gain, largest first", below)
        self.assertTrue(below.endswith("4 baselines (lambda 0) left out: --baselines lists them"), below)
        for arguments in [("--baselines",), ("--where", "lambda >= 0")]:
            places, below = self.places(*arguments)
            self.assertEqual(sorted(places), sorted(ids))
            self.assertNotIn("left out", below)
        places, below = self.places("--by", "style_dist")
        self.assertEqual(len(places), TINY_RUNS)
        self.assertIn("by style_dist, smallest first", below)
        self.assertEqual(self.places("--by", "2 * style_dist", "--ascending")[0], places)
        self.assertEqual(self.places("--by", "2 * style_dist")[0], places[::-1])

    def test_rank_is_as_wide_as_asked_for(self):
        def width(text):
            return max(map(len, text[:text.index("\nall:")].splitlines()))

        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        self.assertNotIn("all:", self.good("rank", RESULTS, env=environment))
        narrow = self.good("rank", RESULTS, env={**environment, "COLUMNS": "80"})
        self.assertLess(width(narrow), 81)
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 70, 0, 0))
        subprocess.run([PROGRAM, "rank", RESULTS], stdout=slave, check=True, env=environment,
                       timeout=60)
        os.close(slave)
        text = read_terminal(master)
        self.assertLess(width(text), 71)
        self.assertIn("no room for exc_eval", text)

    def test_rank_help_lists_the_metrics(self):
        self.assertIn("--help-metrics", self.good("rank", "--help"))
        text = self.good("rank", "--help-metrics")
        for metric in ["exc_gain", "effect", "effect_gram", "collapse", "coverage", "edge_density", "end_slope",
                       "steps_to_95", "zscore", "style_gain", "style_dist", "seconds", "gain_mean"]:
            self.assertRegex(text, f"(?m)^  {metric} ")
        self.assertIn("lower is better", text)

    def test_rank_help_lists_the_verdicts(self):
        text = self.good("rank", "--help-verdicts")
        rules = SCRATCH / "rules.yaml"
        rules.write_text(text)
        self.assertEqual(self.good_json("rank", RESULTS, "--json", "--verdicts", rules), self.runs())
        for verdict in ["win", "unproven", "rescued", "sparse", "tradeoff", "no-effect", "collapse", "dead", "diverged"]:
            self.assertIn(f"# {verdict} ", text)

    def test_verdicts_have_reasons(self):
        for run in self.runs():
            self.assertTrue(run["reason"].startswith(run["verdict"] + ": "), run["reason"])
            self.assertEqual(run["verdict"] == "baseline", run["lambda"] == 0)
            text = self.good("show", RESULTS, run["id"])
            self.assertIn(f"verdict     {run['reason']}\n", text)
            shown = self.good_json("show", RESULTS, run["id"], "--json")
            self.assertEqual((shown["verdict"], shown["reason"]), (run["verdict"], run["reason"]))

    def test_thresholds_are_checked(self):
        rules = SCRATCH / "rules.yaml"
        rules.write_text("win_gian: 0.1\ncollapse: 20\n")
        for command in [("rank", RESULTS), ("show", RESULTS, self.runs()[0]["id"])]:
            self.bad(*command, "--verdicts", rules, code=2,
                     says=[f"{rules}:1:1: ", 'did you mean "win_gain"', f"{rules}:2:11: collapse"])
        rules.write_text("unproven_gain: 1.0e-9\n")
        gains = [run for run in self.good_json("rank", RESULTS, "--json", "--verdicts", rules) if run["exc_gain"] > 1e-9]
        self.assertTrue(all(run["verdict"] in ("unproven", "collapse", "sparse") for run in gains))

    def test_pictures_are_read_when_asked_for(self):
        self.assertTrue(all(run["effect"] is None for run in self.runs()))
        for arguments in [("--pictures",), ("--by", "effect"), ("--where", "effect >= 0")]:
            runs = self.good_json("rank", RESULTS, "--json", *arguments)
            self.assertTrue(all(0 <= run["effect"] <= 2 for run in runs))
        self.assertNotIn(" effect ", self.good("rank", RESULTS))
        self.assertIn(" effect ", self.good("rank", RESULTS, "--pictures"))

    def test_show(self):
        run = next(run for run in self.runs() if run["lambda"] == 50)
        shown = self.good_json("show", RESULTS, run["id"], "--json")
        for key in ["id", "layer", "channel", "lambda", "seed", "exc_eval", "style_eval"]:
            self.assertEqual(shown[key], run[key], key)
        self.assertEqual(shown["trace"]["step"], [0, 2, 4, 6])
        np.testing.assert_allclose(np.multiply(shown["trace"]["style_dist"], 50),
                                   shown["trace"]["style_reg"], rtol=1e-6)
        self.assertIsInstance(shown["spec"], dict)
        text = self.good("show", RESULTS, run["id"][:6])
        self.assertIn(run["id"], text)
        self.assertRegex(text, "exc_loss +[▁-█]+")

    def test_show_prints_numbers_for_people(self):
        run = next(run for run in self.runs() if run["lambda"] == 50)
        text = self.good("show", RESULTS, run["id"])
        self.assertIn(f"exc_gain       {100 * run['exc_gain']:.1f}%\n", text)
        for line in ['"optimizer.beta1":0.9\n', '"optimizer.epsilon":1e-08\n', '"lambda":50\n',
                     '"seed":7\n', '"transforms.scale":[0.95,1.05]\n']:
            self.assertIn(line, text)

    def test_a_silent_channel_has_no_negative_zero(self):
        folder = SCRATCH / "silent"
        sweep = SCRATCH / "silent.yaml"
        # Of a uniform grey picture the first layer's channels are silent or not; one of 64 is.
        sweep.write_text("image: {size: 32, sd: 1.0e-9}\nobjective: {steps: 1, rescue: 0}\n"
                         "grid: {layer: relu1_1, channel: all}\n")
        self.good("run", sweep, "--out", folder)
        runs = self.good_json("rank", folder, "--json", "--where", "exc_first == 0")
        self.assertGreater(len(runs), 0)
        text = self.good("show", folder, runs[0]["id"])
        self.assertRegex(text, r"exc_loss +0 ")
        self.assertNotRegex(text, r"-0\b(?![.])")

    def test_export_is_what_is_stored(self):
        run = self.runs()[0]
        png = SCRATCH / "run.png"
        self.good("export", RESULTS, run["id"], "--png", png)
        with h5py.File(RESULTS / "sweep.h5") as file:
            row = [name.decode() for name in file["runs"]["id"]].index(run["id"])
            stored = file["images/final"][row]
        np.testing.assert_array_equal(np.asarray(Image.open(png)), stored)

    def test_export_needs_to_know_where_to(self):
        self.bad("export", RESULTS, self.runs()[0]["id"], code=2, says="--png or --svg is missing")

    def test_sheet(self):
        png, one = SCRATCH / "sheet.png", SCRATCH / "one.png"
        self.good("sheet", RESULTS, "--png", png)
        self.good("sheet", RESULTS, "--png", one, "--layer", "relu2_2", "--top", 1)
        with Image.open(png) as whole, Image.open(one) as part:
            self.assertGreater(whole.height, part.height)
            self.assertGreaterEqual(part.width, 64)
        self.bad("sheet", RESULTS, code=2, says="--png")

    def test_sheet_of_chosen_runs(self):
        png, one = SCRATCH / "sheet.png", SCRATCH / "chosen.png"
        self.good("sheet", RESULTS, "--png", png)
        self.good("sheet", RESULTS, "--png", one, "--where", "layer == 'relu2_2'")
        with Image.open(png) as whole, Image.open(one) as part:
            self.assertGreater(whole.height, part.height)
        self.bad("sheet", RESULTS, "--png", one, "--where", "channel == 77", code=2, says="--where: no run")
        self.bad("sheet", RESULTS, "--png", one, "--where", "chanel == 7", code=2, says='"channel"')


class Losses(ToolTest):
    def eval(self, *arguments):
        return self.good_json("eval", *arguments, "--json")

    def test_eval(self):
        losses = self.eval("builtin:mondrian", "--layer", "relu2_1", "--channel", 3, "--size", 40,
                           "--style-layer", "relu1_1,relu1_2", "--lambda", 2.5)
        self.assertEqual((losses["height"], losses["width"]), (40, 40))
        self.assertEqual((losses["layer"], losses["channel"]), ("relu2_1", 3))
        self.assertEqual(losses["style_layers"], ["relu1_1", "relu1_2"])
        self.assertEqual(losses["style_reg"], 2.5 * losses["style_dist"])
        self.assertAlmostEqual(losses["total"], losses["exc_loss"] + losses["style_reg"], delta=1e-6)
        self.assertLess(losses["exc_loss"], 0)
        table = self.good("eval", "builtin:mondrian", "--layer", "relu2_1", "--channel", 3, "--size",
                          40)
        for word in ["exc_loss", "style_dist", "style_reg", "total",
                     "weights builtin, pictures prepared as torchvision does"]:
            self.assertIn(word, table)

    def test_eval_of_the_images_own_size_is_eval_of_it_resized(self):
        picture = np.random.default_rng(1).integers(0, 256, (48, 33, 3), dtype=np.uint8)
        Image.fromarray(picture).save(SCRATCH / "odd.png")
        losses = self.eval(SCRATCH / "odd.png", "--layer", "conv2_1", "--channel", 0)
        self.assertEqual((losses["height"], losses["width"]), (48, 33))
        repeated = self.eval(SCRATCH / "odd.png", "--layer", "conv2_1", "--channel", 0, "--threads", 2,
                             "--style-layer", "relu2_2")
        self.assertEqual(losses["exc_loss"], repeated["exc_loss"], "bits do not depend on threads")

    def test_gradient_is_the_derivative(self):
        # Between a step forth and one back the total changes by twice their product with the
        # gradient: up to 2% for the ReLUs and pools that switch on the way of one level of 255.
        # The fewer values move, the fewer switch: with a hundredth of them it is 0.7%, with a tenth
        # 4.6%.
        rng = np.random.default_rng(2)
        picture = rng.integers(64, 192, (32, 32, 3), dtype=np.uint8)
        arguments = ["--layer", "relu2_2", "--channel", 5, "--style-layer", "relu1_1", "--lambda", 10]
        Image.fromarray(picture).save(SCRATCH / "before.png")
        before = self.eval(SCRATCH / "before.png", *arguments, "--gradient", SCRATCH / "g.h5")
        with h5py.File(SCRATCH / "g.h5") as file:
            gradient = file["gradient"][()]
        self.assertEqual((gradient.shape, gradient.dtype), ((32, 32, 3), np.float32))
        step = np.sign(gradient) * (np.abs(gradient) > np.quantile(np.abs(gradient), 0.99))
        Image.fromarray((picture + step).astype(np.uint8)).save(SCRATCH / "after.png")
        Image.fromarray((picture - step).astype(np.uint8)).save(SCRATCH / "other.png")
        difference = (self.eval(SCRATCH / "after.png", *arguments)["total"] -
                      self.eval(SCRATCH / "other.png", *arguments)["total"])
        expected = 2 * float((gradient.astype(np.float64) * step / 255).sum())
        self.assertAlmostEqual(difference / expected, 1, delta=0.02)
        self.assertNotEqual(before["total"], 0)

    def test_reference_and_fast_agree(self):
        arguments = ["builtin:mondrian", "--size", 32, "--layer", "relu3_1", "--channel", 9]
        fast = self.eval(*arguments)
        reference = self.eval(*arguments, "--conv", "reference")
        self.assertAlmostEqual(fast["exc_loss"] / reference["exc_loss"], 1, delta=1e-5)

    def test_weights(self):
        weights = self.good_json("weights", "builtin", "--json")
        self.assertEqual((weights["family"], weights["format"], weights["layout"]),
                         ("torchvision", "safetensors", "OIHW"))
        self.assertEqual(weights["sha256"],
                         "bc4d52f055d4736ab0cf1de38d61ce18717ab8ecf720988489979dfcb0c6db1e")
        self.assertEqual(weights["parameters"], 14714688)
        self.assertEqual(weights["layers"][12], {"name": "conv5_3", "shape": [512, 512, 3, 3]})
        table = self.good("weights", "builtin")
        self.assertIn("conv5_3", table)
        self.assertIn("pictures    prepared as torchvision does (--family torchvision)\n", table)
        self.assertNotIn("torchvision weights", table)

    def test_bench(self):
        figures = self.good_json("bench", "--size", 32, "--layer", "relu2_2", "--json")
        self.assertGreater(figures["iteration_ms"], 0)
        self.assertEqual([layer["name"] for layer in figures["layers"]],
                         ["conv1_1", "conv1_2", "conv2_1", "conv2_2"])
        for layer in figures["layers"]:
            self.assertGreater(layer["forward_ms"], 0)
            self.assertGreater(layer["backward_gflops"], 0)
        self.assertGreater(figures["sgemm_peak_gflops"], 0)

    def test_nothing_is_put_in_the_place_of_a_pipe(self):
        pipe = SCRATCH / "pipe"
        os.mkfifo(pipe)
        self.bad("eval", "builtin:mondrian", "--size", 32, "--layer", "relu1_1", "--channel", 0,
                 "--gradient", pipe, code=1, says=str(pipe))
        self.assertTrue(pipe.is_fifo())
        self.assertEqual(list(SCRATCH.glob("pipe.*")), [])


if __name__ == "__main__":
    unittest.main()
