"""The same weights in every file format give the same figures, bit for bit; wrong weights, and files that are cut
short, give one clear message. Files are written as torch and h5py write them (tests/golden/make_weights.py)."""
import os
import pathlib
import sys
import tempfile
import unittest

import numpy as np

from tool import ToolTest

GOLDEN = pathlib.Path(__file__).parent.parent / "golden"
sys.path.insert(0, str(GOLDEN))
import make_weights  # noqa: E402

FIGURES = ("exc_loss", "style_dist", "style_reg", "total")
# What `vggsweep weights` calls a file that make_weights.py wrote as ...
FORMAT_NAMES = {
    "safetensors": "safetensors",
    "torch-zip": "torch-zip",
    "torch-legacy": "torch-legacy",
    "torch-first": "torch-legacy",
    "torch-parameters": "torch-zip",
    "keras-h5": "keras-h5",
    "keras-model-h5": "keras-h5",
    "keras3-h5": "keras3-h5",
    "keras3-named-h5": "keras3-h5",
    "keras3-dependencies-h5": "keras3-h5",
    "npz": "npz",
    "npz-keras": "npz",
    "onnx": "onnx",
}


class WeightFormats(ToolTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name) / "weights"  # no ending: the content decides
        cls.weights = make_weights.he_weights(3)

    def tearDown(self):
        self.path.unlink(missing_ok=True)

    def figures(self, *family):
        """Of a shallow layer, since every convolution of a file has its part in the digest that `weights` tells, and
        a deep one takes seconds to prepare."""
        answer = self.good_json("eval", GOLDEN / "image.png", "--layer", "relu2_1", "--channel", 7,
                                "--lambda", 50, "--size", 32, "--weights", self.path,
                                *(family or ("--family", "torchvision")), "--json")
        return [answer[key] for key in FIGURES]

    def refused(self, *says):
        self.bad("weights", self.path, "--family", "torchvision", code=1,
                 says=[str(self.path), *says])

    def test_every_format(self):
        """Files are as large as the network, so one of each format is written for all that is asked of it."""
        self.assertEqual(set(FORMAT_NAMES), set(make_weights.FORMATS))
        make_weights.write_safetensors(self.weights, self.path)
        expected = self.figures()
        self.assertTrue(all(np.isfinite(expected)), expected)
        digest = make_weights.digest(self.weights)
        for name, write in make_weights.FORMATS.items():
            write(self.weights, self.path)
            with self.subTest(name):
                self.assertEqual(self.figures(), expected)
                about = self.good_json("weights", self.path, "--family", "torchvision", "--json")
                self.assertEqual(about["format"], FORMAT_NAMES[name])
                self.assertEqual(about["parameters"], 14714688)
                self.assertEqual(about["layout"], "HWIO" if "keras" in name else "OIHW")
                self.assertEqual(about["digest"], digest)
                self.assertIsNone(about["known_as"])
            self.check_cut_short(name)
            self.path.unlink()

    def check_cut_short(self, name):
        whole = self.path.stat().st_size
        for length in (whole - 1, whole // 3, 100, 8, 1, 0):
            with self.subTest(name, length=length):
                os.truncate(self.path, length)
                self.refused()

    def check_numbers(self, weights):
        """Every number of the file, by the digest of what it becomes as float32."""
        about = self.good_json("weights", self.path, "--family", "torchvision", "--json")
        self.assertEqual(about["digest"], make_weights.digest(weights))

    def test_16_bit_numbers_are_converted_exactly(self):
        halves = make_weights.round_float16(self.weights)
        make_weights.write_safetensors(halves, self.path, dtype="F16")
        self.check_numbers(halves)
        for write in make_weights.write_torch_zip, make_weights.write_torch_legacy:
            write(halves, self.path, half=True)
            self.check_numbers(halves)
        upper = make_weights.round_bfloat16(self.weights)
        make_weights.write_safetensors(upper, self.path, dtype="BF16")
        self.check_numbers(upper)

    def test_families(self):
        make_weights.write_torch_zip(self.weights, self.path, prefix="module.")
        self.bad("eval", "builtin:mondrian", "--size", 32, "--layer", "relu1_1", "--channel", 0,
                 "--weights", self.path, code=2,
                 says=[str(self.path), "family: torchvision|keras|caffe|amdegroot}", "--family"])
        keras = self.figures("--family", "keras")
        self.assertEqual(self.figures("--family", "caffe"), keras)
        self.assertNotEqual(self.figures("--family", "torchvision"), keras)
        self.assertNotEqual(self.figures("--family", "amdegroot"), keras)
        make_weights.write_keras(self.weights, self.path)
        about = self.good_json("weights", self.path, "--json")
        self.assertEqual(about["family"], "keras")
        self.assertIn("CC BY 4.0", about["attribution"])
        self.bad("weights", "builtin", "--family", "keras", code=2, says="torchvision, not keras")

    def test_converted(self):
        """The same network gives the same file, from whatever it was read."""
        out = self.path.with_name("out.safetensors")
        make_weights.write_keras(self.weights, self.path)
        self.good("weights", self.path, "--family", "caffe", "--convert", out)
        first = out.read_bytes()
        make_weights.write_onnx(self.weights, self.path)
        self.good("weights", self.path, "--family", "caffe", "--convert", out)
        self.assertEqual(out.read_bytes(), first)
        about = self.good_json("weights", out, "--json")
        self.assertEqual((about["family"], about["digest"]), ("caffe", make_weights.digest(self.weights)))
        self.bad("weights", self.path, "--convert", out, code=2, says="--family")
        self.bad("weights", out, "--convert", out, code=2, says="--convert")
        self.assertEqual(out.read_bytes(), first)

    def test_other_networks(self):
        one = np.zeros(1, np.float32)
        for name, word in [("features.34.weight", "VGG19"), ("features.16.bias", "VGG19"),
                           ("features.1.running_mean", "batch normalization"),
                           ("features.1.weight", "batch normalization"),
                           ("features.3.weight", "another network")]:
            other = {**self.weights, name: one}
            make_weights.write_safetensors(other, self.path)
            self.refused(name, word)
            make_weights.write_torch_zip(other, self.path)
            self.refused(name, word)
        fewer = dict(self.weights)
        del fewer["features.28.bias"]
        make_weights.write_torch_legacy(fewer, self.path)
        self.refused("no tensor features.28.bias")

    def test_numbers_that_are_not_finite(self):
        broken = {name: a.copy() for name, a in self.weights.items()}
        broken["features.21.weight"][3, 2, 1, 0] = np.nan
        for write in make_weights.FORMATS.values():
            write(broken, self.path)
            self.refused("features.21.weight: number 13845 is", "damaged")
            self.path.unlink()

    def test_a_whole_model_is_refused(self):
        import torch
        torch.save(torch.nn.Sequential(torch.nn.Conv2d(3, 64, 3)), self.path)
        self.refused("torch.nn.modules", "state_dict()")
        torch.save({"state_dict": {}, "epoch": 3}, self.path)
        self.refused("training checkpoint")


if __name__ == "__main__":
    unittest.main()
