"""What users get wrong: every mistake ends in one message that names the file or key and the way
out, with exit code 2 (asked for what cannot be) or 1 (the world failed), and nothing that was
stored is touched."""
import json
import os
import pathlib
import resource
import struct
import sys
import tempfile
import unittest
import zlib

import numpy as np
from PIL import Image

from tool import TINY, TINY_RUNS, ToolTest, call, hash_folder, run_tiny_sweep

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "golden"))
from make_weights import LAYERS, he_weights, write_safetensors  # noqa: E402

scratch = tempfile.TemporaryDirectory(prefix="vggsweep-bad-")
SCRATCH = pathlib.Path(scratch.name)
SWEEP = SCRATCH / "tiny.yaml"
RESULTS = SCRATCH / "results"
EVAL = ["--layer", "relu1_1", "--channel", "0", "--size", "32"]


def setUpModule():
    run_tiny_sweep(SCRATCH)


def tearDownModule():
    scratch.cleanup()


class BadInput(ToolTest):
    """Checks after every test that the results stored before are what they were."""

    def setUp(self):
        self.before = hash_folder(RESULTS)

    def tearDown(self):
        self.assertEqual(hash_folder(RESULTS), self.before, "stored results were touched")

    def refused_sweep(self, *edits, says, code=2):
        """A sweep file with replacements is refused by plan, which makes no folder, and by run,
        which leaves the results of the good one alone."""
        text = TINY
        for old, new in edits:
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = SCRATCH / "bad.yaml"
        path.write_text(text)
        fresh = SCRATCH / "fresh"
        message = self.bad("plan", path, "--out", fresh, code=code, says=says)
        self.assertFalse(fresh.exists())
        self.bad("run", path, "--out", RESULTS, code=code, says=says)
        return message


class Weights(BadInput):
    @classmethod
    def setUpClass(cls):
        # Only conv1_1 .. conv2_2 are looked into by what runs here; the rest is as small as zeros.
        cls.weights = he_weights(1)

    def refused(self, name, says):
        path = SCRATCH / name
        self.bad("eval", "builtin:mondrian", *EVAL, "--weights", path, "--family", "torchvision",
                 code=1, says=[str(path), *says])
        self.bad("run", SWEEP, "--out", RESULTS, "--weights", path, "--family", "torchvision",
                 code=1, says=[str(path), *says])

    def write(self, name, weights):
        write_safetensors(weights, SCRATCH / name)
        return SCRATCH / name

    def test_missing(self):
        self.refused("absent.safetensors", ["No such file"])

    def test_no_weights_at_all(self):
        (SCRATCH / "picture.pth").write_bytes(b"no weights" * 100)
        self.refused("picture.pth", [])
        (SCRATCH / "empty.pth").write_bytes(b"")
        self.refused("empty.pth", [])
        self.refused(".", [])

    def test_truncated(self):
        whole = self.write("whole.safetensors", self.weights).read_bytes()
        for size in [7, 100, len(whole) // 2, len(whole) - 1]:
            (SCRATCH / "short.safetensors").write_bytes(whole[:size])
            self.refused("short.safetensors", [])

    def test_corrupt_header(self):
        data = bytearray((self.write("whole.safetensors", self.weights)).read_bytes())
        data[8:10] = b"[["
        (SCRATCH / "corrupt.safetensors").write_bytes(data)
        self.refused("corrupt.safetensors", [])
        data[:8] = struct.pack("<Q", 1 << 62)
        (SCRATCH / "huge.safetensors").write_bytes(data)
        self.refused("huge.safetensors", [])

    def test_missing_tensor(self):
        weights = dict(self.weights)
        del weights["features.2.weight"]
        self.write("hole.safetensors", weights)
        self.bad("weights", SCRATCH / "hole.safetensors", "--family", "torchvision", code=1,
                 says=["hole.safetensors", "features.2.weight"])
        self.bad("run", SWEEP, "--out", RESULTS, "--weights", SCRATCH / "hole.safetensors",
                 "--family", "torchvision", code=1, says="features.2.weight")

    def test_not_finite(self):
        weights = dict(self.weights)
        weights["features.0.weight"] = weights["features.0.weight"].copy()
        weights["features.0.weight"][3, 1, 2, 0] = np.nan
        self.write("nan.safetensors", weights)
        self.refused("nan.safetensors", ["features.0.weight"])

    def test_vgg19(self):
        # VGG19's convolutions stand at 0 2 5 7 10 12 14 16 ...
        weights = dict(self.weights)
        weights["features.16.weight"] = weights["features.14.weight"]
        weights["features.16.bias"] = weights["features.14.bias"]
        self.write("vgg19.safetensors", weights)
        self.refused("vgg19.safetensors", ["VGG19"])

    def test_batch_normalization(self):
        weights = dict(self.weights)
        weights["features.1.running_mean"] = np.zeros(64, np.float32)
        self.write("bn.safetensors", weights)
        self.refused("bn.safetensors", ["batch normalization"])

    def test_unknown_family_asks_for_it(self):
        path = self.write("plain.safetensors", self.weights)
        self.bad("eval", "builtin:mondrian", *EVAL, "--weights", path, code=2,
                 says=["plain.safetensors", "--family"])
        self.assertEqual(json.loads(self.good("weights", path, "--json"))["family"], "unknown")
        self.assertIn("prepared in a way that the file does not tell", self.good("weights", path))

    def test_contradicting_family(self):
        self.bad("weights", "builtin", "--family", "keras", code=2, says=["torchvision", "keras"])


    def test_missing_weights_of_a_sweep(self):
        self.refused_sweep(("seed: 7", "weights: absent.h5"), code=1,
                           says=["bad.yaml:2:10: weights: ", "absent.h5: cannot open"])
        for command in ["plan", "run"]:
            self.bad(command, SWEEP, "--out", RESULTS, "--set", "weights=absent.h5", code=1,
                     says="--set weights: absent.h5: cannot open")
            message = self.bad(command, SWEEP, "--out", RESULTS, "--weights", "absent.h5", code=1,
                               says="absent.h5: cannot open")
            self.assertNotIn(str(SWEEP), message)

    def test_imagenet_that_is_not_there(self):
        nowhere = {**os.environ, "XDG_DATA_HOME": str(SCRATCH / "nowhere")}
        for place, arguments in [("--set weights: ", ["--set", "weights=imagenet"]), ("", ["--weights", "imagenet"])]:
            self.bad("run", SWEEP, "--out", RESULTS, *arguments, code=1, env=nowhere,
                     says=[place, f"{SCRATCH}/nowhere/vggsweep/weights/vgg16-imagenet.safetensors",
                           "scripts/fetch-weights.sh"])


class Pictures(BadInput):
    def refused(self, path, code=1):
        self.bad("eval", path, *EVAL, code=code, says=str(path))
        self.bad("eval", "builtin:mondrian", *EVAL, "--style", path, code=code, says=str(path))

    def test_missing_or_none(self):
        self.refused(SCRATCH / "absent.png")
        (SCRATCH / "text.png").write_text("no picture")
        self.refused(SCRATCH / "text.png")
        (SCRATCH / "empty.png").write_bytes(b"")
        self.refused(SCRATCH / "empty.png")
        self.refused(SCRATCH)

    def test_damaged(self):
        good = SCRATCH / "good.png"
        noise = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(noise).save(good)
        data = good.read_bytes()
        for size in [8, 20, len(data) // 2, len(data) - 20]:
            (SCRATCH / "short.png").write_bytes(data[:size])
            self.refused(SCRATCH / "short.png")
        damaged = bytearray(data)
        damaged[len(data) // 2] ^= 0xFF
        (SCRATCH / "damaged.png").write_bytes(damaged)
        self.refused(SCRATCH / "damaged.png")

    def test_a_header_that_claims_too_much(self):
        header = b"IHDR" + struct.pack(">IIBBBBB", 100000, 100000, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
        (SCRATCH / "claims.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
        self.refused(SCRATCH / "claims.png")

    def test_too_small_without_size(self):
        Image.new("RGB", (8, 100)).save(SCRATCH / "small.png")
        self.bad("eval", SCRATCH / "small.png", "--layer", "relu1_1", "--channel", 0, code=2,
                 says=["small.png", "8 x 100", "--size"])

    def test_a_jpeg_is_to_be_converted(self):
        Image.new("RGB", (64, 64)).save(SCRATCH / "photo.jpg")
        self.refused(SCRATCH / "photo.jpg")
        self.refused_sweep(("style: {", "style: {image: photo.jpg, "), code=1,
                           says=["bad.yaml:4:38: objective.style.image", "photo.jpg: not a PNG",
                                 "magick a.jpg a.png"])

    def test_style_image_of_a_sweep(self):
        self.refused_sweep(("style: {", "style: {image: absent.png, "), says="absent.png", code=1)


class SweepFiles(BadInput):
    def test_missing(self):
        self.bad("plan", SCRATCH / "absent.yaml", code=1, says="absent.yaml")
        self.bad("run", SCRATCH / "absent.yaml", code=1, says="absent.yaml")
        self.bad("run", SCRATCH, code=1, says=str(SCRATCH))

    def test_malformed(self):
        self.refused_sweep(("image: {", "image: {{"), says="bad.yaml:3:")
        self.refused_sweep(("seed: 7", "seed: 7\nseed: 8"), says=["bad.yaml:3:", "seed"])
        self.refused_sweep(("seed: 7", "- 7"), says="bad.yaml:2:")
        (SCRATCH / "bytes.yaml").write_bytes(b"\xff\xfe\x00name")
        self.bad("plan", SCRATCH / "bytes.yaml", code=2, says="bytes.yaml")
        (SCRATCH / "void.yaml").write_bytes(b"")
        self.bad("plan", SCRATCH / "void.yaml", code=2, says="void.yaml")

    def test_unknown_keys_and_taps(self):
        self.refused_sweep(("seed: 7", "sede: 7"), says=["bad.yaml:2:1", "sede", '"seed"'])
        self.refused_sweep(("relu2_2]", "relu2_22]"), says=["bad.yaml:6:", "relu2_22", '"relu2_2"'])

    def test_all_errors_at_once(self):
        message = self.refused_sweep(("size: 32", "size: 8"), ("steps: 6", "steps: none"),
                                     ("relu2_2]", "relu9]"), says=["image.size", "steps", "relu9"])
        for line in [3, 4, 6]:
            self.assertIn(f"bad.yaml:{line}:", message)

    def test_channels(self):
        self.refused_sweep(("[relu1_2, relu2_2]", "[relu4_3]"), ("[1, 2]", "[512]"),
                           says=["channel", "512"])
        self.refused_sweep(("[1, 2]", "[1, 64]"), says=["channel", "64", "relu1_2"])
        self.refused_sweep(("[1, 2]", "[-1]"), says=["channel", "-1"])
        self.refused_sweep(("[1, 2]", "[1.5]"), says=["channel", "1.5"])

    def test_lambdas(self):
        for value in ["-1", ".nan", ".inf", "nan", "inf", "1e999", "many", "''"]:
            self.refused_sweep(("[0, 50]", f"[0, {value}]"), says=["bad.yaml:8:", "lambda"])

    def test_empty_and_overflowing_grids(self):
        self.refused_sweep(("[0, 50]", "[]"), says="lambda")
        self.refused_sweep(("channel: [1, 2]", "channel: {range: [3, 3]}"), says="channel")
        many = "[" + ", ".join(str(i) for i in range(3000)) + "]"
        self.refused_sweep(("seed: 7\n", ""), ("lambda: [0, 50]", f"lambda: {many}\n  seed: {many}"),
                           says="runs")

    def test_overrides(self):
        self.bad("plan", SWEEP, "--set", "grid.lamda=0", code=2, says=["grid.lamda", '"lambda"'])
        self.bad("plan", SWEEP, "--set", "grid.lambda", code=2, says="grid.lambda")
        self.bad("plan", SWEEP, "--set", "seed=1,2", code=2,
                 says='--set seed: takes one value, not "1,2" (did you mean grid.seed=1,2?)')
        self.bad("plan", SWEEP, "--set", "grid.lambda=-3", code=2, says=["grid.lambda", "-3"])


class Folders(BadInput):
    def test_another_sweep(self):
        other = SCRATCH / "other.yaml"
        other.write_text(TINY.replace("steps: 6", "steps: 8").replace("snapshots: [0, 6]",
                                                                      "snapshots: [0, 8]"))
        self.bad("run", other, "--out", RESULTS, code=2, says=[str(RESULTS), "steps", "6", "8"])
        refused = self.bad("run", other, "--out", RESULTS, code=2, says="another sweep")
        plan = call("plan", other, "--out", RESULTS)
        self.assertEqual((plan.returncode, plan.stderr), (2, refused), "plan says what run says")
        self.assertIn(f"runs          {TINY_RUNS}, 0 done", plan.stdout)

    def test_other_weights(self):
        path = SCRATCH / "other.safetensors"
        write_safetensors(he_weights(2), path)
        self.bad("run", SWEEP, "--out", RESULTS, "--weights", path, "--family", "torchvision",
                 code=2, says=[str(RESULTS), "weights"])

    def test_a_folder_of_something_else(self):
        folder = SCRATCH / "homework"
        folder.mkdir()
        (folder / "essay.txt").write_text("not results")
        before = hash_folder(folder)
        self.bad("run", SWEEP, "--out", folder, code=2, says=str(folder))
        self.assertEqual(hash_folder(folder), before)

    def test_not_writable(self):
        (SCRATCH / "file").write_text("")
        self.bad("run", SWEEP, "--out", SCRATCH / "file" / "below", code=1, says="file")
        self.bad("run", SWEEP, "--out", SCRATCH / "file", code=1, says="file")
        self.bad("run", SWEEP, "--out", "/proc/vggsweep", code=1, says="/proc/vggsweep")
        if os.getuid() != 0:  # root may write anywhere
            closed = SCRATCH / "closed"
            closed.mkdir(mode=0o555)
            self.bad("run", SWEEP, "--out", closed / "results", code=1, says="closed")

    def test_a_full_disk(self):
        # A limit on the size of files is what a full disk is to the program: writing fails.
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

        run = self.good_json("rank", RESULTS, "--json", "--top", 1)[0]["id"]
        folder = SCRATCH / "outputs"
        folder.mkdir()
        for line in [("export", RESULTS, run, "--png", folder / "full.png"),
                     ("sheet", RESULTS, "--png", folder / "full.png"),
                     ("eval", "builtin:mondrian", *EVAL, "--gradient", folder / "full.h5")]:
            self.bad(*line, code=1, says=str(folder / "full"), preexec_fn=limit)
        self.assertEqual(list(folder.iterdir()), [], "nothing half-written is left")

    def test_outputs_that_cannot_be_written(self):
        run = self.good_json("rank", RESULTS, "--json", "--top", 1)[0]["id"]
        nowhere = SCRATCH / "no" / "where.png"
        self.bad("export", RESULTS, run, "--png", nowhere, code=1, says=str(nowhere))
        self.bad("sheet", RESULTS, "--png", nowhere, code=1, says=str(nowhere))
        self.bad("eval", "builtin:mondrian", *EVAL, "--gradient", SCRATCH / "no" / "g.h5", code=1,
                 says="g.h5")
        self.bad("export", RESULTS, run, "--png", SCRATCH, code=1, says=str(SCRATCH))


class Reading(BadInput):
    """Commands that read results meet something else."""

    READERS = [("rank",), ("status",), ("merge",), ("show", "abcd"), ("sheet", "--png", "s.png"),
               ("export", "abcd", "--png", "e.png")]

    def each_reader(self, path, **expected):
        for command, *rest in self.READERS:
            self.bad(command, path, *rest, cwd=SCRATCH, says=str(path), **expected)

    def test_outputs_never_replace_another_kind_of_file(self):
        run = json.loads(self.good("rank", RESULTS, "--format", "json", "--top", 1))[0]["id"]
        stored = RESULTS / "sweep.h5"
        self.bad("export", RESULTS, run, "--png", stored, code=2, says=[str(stored), "another name"])
        self.bad("sheet", RESULTS, "--png", SWEEP, code=2, says=[str(SWEEP), "another name"])
        self.assertEqual(SWEEP.read_text(), TINY)
        self.bad("eval", "builtin:mondrian", *EVAL, "--gradient", stored, code=2, says=str(stored))
        picture = SCRATCH / "scored.png"
        self.good("export", RESULTS, run, "--png", picture)
        before = picture.read_bytes()
        self.bad("eval", picture, *EVAL, "--gradient", picture, code=2, says=str(picture))
        self.assertEqual(picture.read_bytes(), before)
        self.good("export", RESULTS, run, "--png", picture)  # a PNG may be made anew

    def test_losses_beyond_single_precision(self):
        gradient = SCRATCH / "beyond.h5"
        image = pathlib.Path(__file__).parent.parent / "golden" / "image.png"  # at the style itself the gradient is 0
        self.bad("eval", image, *EVAL, "--lambda", "1e300", "--gradient", gradient,
                 code=1, says=["image.png", "--lambda"])
        self.assertFalse(gradient.exists())

    def test_nothing_there(self):
        self.each_reader(SCRATCH / "absent", code=1)
        empty = SCRATCH / "empty"
        empty.mkdir()
        self.each_reader(empty, code=1)
        self.assertEqual(list(empty.iterdir()), [])

    def test_files_that_are_not_ours(self):
        text, truncated = SCRATCH / "text.h5", SCRATCH / "truncated.h5"
        text.write_text("no HDF5")
        truncated.write_bytes((RESULTS / "sweep.h5").read_bytes()[:5000])
        for path in [text, truncated]:
            self.bad("rank", path, code=1, says=str(path))
            self.bad("show", path, "abcd", code=1, says=str(path))

    def test_unknown_runs(self):
        self.bad("show", RESULTS, "ffffffffffffffff", code=2, says="ffffffffffffffff")
        self.bad("show", RESULTS, "12", code=2, says="12")
        self.bad("export", RESULTS, "../../etc", "--png", SCRATCH / "x.png", code=2, says="etc")

    def test_expressions(self):
        self.bad("rank", RESULTS, "--by", "exc_gian", code=2, says=["exc_gian", "exc_gain"])
        self.bad("rank", RESULTS, "--where", "layer > 3", code=2, says=["--where", "column 7"])
        self.bad("rank", RESULTS, "--where", "lambda", code=2, says=["--where", "not a condition"])
        self.bad("rank", RESULTS, "--where", "lambda == (1", code=2, says="column 13")
        self.bad("rank", RESULTS, "--where", "(" * 1000, code=1, says="--where")

    def test_unknown_layers(self):
        self.bad("sheet", RESULTS, "--png", SCRATCH / "x.png", "--layer", "relu2_3", code=2,
                 says=["relu2_3", "did you mean"])
        self.bad("eval", "builtin:mondrian", "--layer", "relu43", "--channel", 0, code=2,
                 says=['"relu43"', '"relu4_3"'])
        self.bad("eval", "builtin:mondrian", "--layer", "relu4_3", "--channel", 512, code=2,
                 says=["--channel", "512", "0 to 511"])
        self.bad("eval", "builtin:mondrian", "--layer", "relu1_1", "--channel", 64, code=2,
                 says=["--channel", "64", "relu1_1"])
        self.bad("eval", "builtin:mondrian", *EVAL, "--style-layer", "relu2_2,", code=2,
                 says="--style-layer")


if __name__ == "__main__":
    unittest.main()
