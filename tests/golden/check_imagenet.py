"""ImageNet's network, as scripts/fetch-weights.sh keeps it: the same in every format, and what it says of three photographs
against PyTorch in float64, computed here and now.

    check_imagenet.py SCRATCH_FOLDER      $VGGSWEEP names the program
"""
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import torch
import torch.nn.functional as F

import make_weights
from make_pytorch_golden import CONVS, POOLS, gram, picture

HERE = Path(__file__).parent
PROGRAM = os.environ["VGGSWEEP"]
RELU2_2 = 8
LAYERS = {"relu2_2": RELU2_2, "relu4_3": 22, "relu5_3": 29}
# As in check_eval.py: a loss sums about 1e6 float32 products; the gradient passes rectifiers and pools that decide
# differently where two values nearly tie, 1e-3 with exact products, sqrt(10) times that on the fast path.
LOSS_TOLERANCE, GRADIENT_TOLERANCE = 1e-5, 3e-3
MEAN_BGR = torch.tensor([103.939, 116.779, 123.68], dtype=torch.float64).view(1, 3, 1, 1)

failures = []


def expect(good, what):
    print(f"{'ok    ' if good else 'FAILED'} {what}")
    if not good:
        failures.append(what)


def call(*arguments, code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"vggsweep {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
    return done


def read_safetensors(path):
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    text = header.pop("__metadata__")
    body = data[8 + length:]
    return text, {name: np.frombuffer(body[slice(*about["data_offsets"])], "<f4").reshape(about["shape"])
                  for name, about in header.items()}


# --- the same network in every format -----------------------------------------------------------

def check_formats(scratch):
    """Returns the weights. One folder takes the runs of all files: they have the same names."""
    kept = scratch / "kept.safetensors"
    about = json.loads(call("weights", "imagenet", "--json").stdout)
    expect((about["known_as"], about["family"]) == ("imagenet", "caffe"), "`imagenet` is the published network, of family caffe")
    expect("CC BY 4.0" in about["attribution"], "whose it is is said")
    call("weights", "imagenet", "--convert", kept)
    text, weights = read_safetensors(kept)
    expect(make_weights.digest(weights) == about["digest"], f"digest {about['digest'][:16]}..., as hashlib has it")
    expect(text["preprocessing"] == "caffe" and "Oxford" in text["attribution"], "the file says how and whose")
    expect(abs(weights["features.0.weight"][0, 0, 0, 0] - 0.42947057) < 1e-8 and abs(weights["features.0.bias"][0] - 0.73429835) < 1e-8,
           "conv1_1 begins as published")
    sweep = scratch / "tiny.yaml"
    sweep.write_text("image: {size: 32}\nobjective: {steps: 1}\ngrid: {layer: [relu2_2], channel: [3], lambda: [0, 1]}\n")
    out = scratch / "results"
    call("run", sweep, "--out", out, "--weights", "imagenet")
    ids = [run["id"] for run in json.loads(call("rank", out, "--json").stdout)]
    writers = {"w.h5": make_weights.write_keras, "w.onnx": make_weights.write_onnx, "w.npz": make_weights.write_npz_keras,
               "w.safetensors": make_weights.write_safetensors}
    for name, write in writers.items():
        path = scratch / name
        write(weights, path)
        other = json.loads(call("weights", path, "--json").stdout)
        expect(other["digest"] == about["digest"] and other["family"] == "caffe", f"{name}: {other['format']}, the same digest and family")
        again = call("run", sweep, "--out", out, "--weights", path).stderr
        expect("all 2 runs are stored already" in again, f"{name}: the same ids, {' '.join(ids)}")
        path.unlink()
    kept.unlink()
    return weights


# --- against PyTorch ----------------------------------------------------------------------------

def activations(weights, image, last):
    x, taps = image.flip(1) * 255 - MEAN_BGR, {}
    for i in range(last + 1):
        if i in CONVS:
            x = F.conv2d(x, weights[f"features.{i}.weight"], weights[f"features.{i}.bias"], padding=1)
        else:
            x = F.max_pool2d(x, 2) if i in POOLS else F.relu(x)
        taps[i] = x
    return taps


def check_photograph(path, style, weights, scratch):
    with torch.no_grad():
        target = gram(activations(weights, picture(style), RELU2_2)[RELU2_2])
    for layer, tap in LAYERS.items():
        image = picture(path).requires_grad_()
        taps = activations(weights, image, max(tap, RELU2_2))
        sums = taps[tap][0].sum(dim=(1, 2))
        channel = int(sums.argmax())  # the one that the picture excites most: others may sleep
        exc, dist = -sums[channel], torch.linalg.norm(gram(taps[RELU2_2]) - target)
        weight = float(f"{-exc.item() / dist.item() / 2:.2g}")  # so that both have a say in the gradient
        (exc + weight * dist).backward()
        stored = scratch / "gradient.h5"
        ours = json.loads(call("eval", path, "--layer", layer, "--channel", channel, "--style", style, "--style-layer",
                               "relu2_2", "--lambda", weight, "--weights", "imagenet", "--gradient", stored, "--json").stdout)
        errors = [abs(ours["exc_loss"] - exc.item()) / abs(exc.item()), abs(ours["style_dist"] - dist.item()) / dist.item()]
        with h5py.File(stored) as f:
            gradient = f["gradient"][:]
        wanted = image.grad[0].permute(1, 2, 0).numpy()
        error = np.linalg.norm(gradient - wanted) / np.linalg.norm(wanted)
        expect(max(errors) <= LOSS_TOLERANCE and error <= GRADIENT_TOLERANCE,
               f"{path.stem} {layer}:{channel} exc_loss {ours['exc_loss']:.6g}; relative errors {errors[0]:.1e}, "
               f"style_dist {errors[1]:.1e}, gradient {error:.1e}")


def main():
    scratch = Path(sys.argv[1])
    subprocess.run(["rm", "-rf", scratch], check=True)
    scratch.mkdir(parents=True)
    weights = {name: torch.tensor(a, dtype=torch.float64) for name, a in check_formats(scratch).items()}
    photographs = sorted((HERE / "photographs").glob("*.png"))
    for path, style in zip(photographs, photographs[1:] + photographs[:1]):  # each in the style of the next
        check_photograph(path, style, weights, scratch)
    sys.exit(len(failures) != 0)


main()
