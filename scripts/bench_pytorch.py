#!/usr/bin/env python3
"""One iteration (forward, excitation and Gram losses, gradient to the image) in PyTorch and in
vggsweep, alternately on one thread, and the ratio of their medians.

    scripts/bench_pytorch.py [--size 224] [--layer relu4_3] [--style-layer relu2_2] [--rounds 7]

Debian: apt install python3-torch, and run it with /usr/bin/python3. $VGGSWEEP names the program, by
default build/vggsweep. Figures of a machine that does other things at the same time mean little.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("bench_pytorch.py: this Python has no PyTorch, so there is nothing to compare with "
             "(Debian: apt install python3-torch, then /usr/bin/python3)")

# (name, input channels, output channels); a pool stands before conv2_1, conv3_1, conv4_1, conv5_1
CONVS = [("1_1", 3, 64), ("1_2", 64, 64), ("2_1", 64, 128), ("2_2", 128, 128), ("3_1", 128, 256), ("3_2", 256, 256),
         ("3_3", 256, 256), ("4_1", 256, 512), ("4_2", 512, 512), ("4_3", 512, 512), ("5_1", 512, 512),
         ("5_2", 512, 512), ("5_3", 512, 512)]


class Iteration:
    """The same work as `vggsweep bench` times: random weights, channel 0, lambda 50."""

    def __init__(self, size, layer, style_layer):
        torch.manual_seed(0)
        self.layer, self.style_layer = layer, style_layer
        last = max(i for i, (name, _, _) in enumerate(CONVS) if "relu" + name in (layer, style_layer))
        self.convs = [(name, torch.randn(k, c, 3, 3) * (2 / (9 * c))**.5, torch.zeros(k)) for name, c, k in CONVS[:last + 1]]
        channels = next(k for name, _, k in CONVS if "relu" + name == style_layer)
        self.target = torch.rand(channels, channels)
        self.image = torch.rand(1, 3, size, size, requires_grad=True)

    def run(self):
        x, loss = self.image, 0.
        for name, weight, bias in self.convs:
            if name.endswith("_1") and name != "1_1":
                x = F.max_pool2d(x, 2)
            x = F.relu(F.conv2d(x, weight, bias, padding=1))
            if "relu" + name == self.style_layer:
                f = x.reshape(x.shape[1], -1)
                loss = loss + 50 * torch.linalg.norm(f @ f.T / f.numel() - self.target)
            if "relu" + name == self.layer:
                loss = loss - x[0, 0].sum()
        self.image.grad = None
        loss.backward()

    def median_ms(self, repeats=5):
        self.run()
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            self.run()
            times.append(1e3 * (time.perf_counter() - start))
        return statistics.median(times)


def ours_ms(program, options):
    line = [program, "bench", "--size", str(options.size), "--layer", options.layer, "--style-layer", options.style_layer, "--json"]
    return json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE).stdout)["iteration_ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    names = ["relu" + name for name, _, _ in CONVS]
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--layer", choices=names, default="relu4_3")
    parser.add_argument("--style-layer", choices=names, default="relu2_2")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    program = os.environ.get("VGGSWEEP", Path(__file__).parent.parent / "build" / "vggsweep")
    torch.set_num_threads(1)
    theirs = Iteration(options.size, options.layer, options.style_layer)
    pairs = []
    for i in range(options.rounds):
        pairs.append((theirs.median_ms(), ours_ms(program, options)))
        print(f"round {i + 1}: PyTorch {pairs[-1][0]:.1f} ms, vggsweep {pairs[-1][1]:.1f} ms", flush=True)
    them, us = (statistics.median(column) for column in zip(*pairs))
    print(f"{options.size} x {options.size}, {options.layer} + Gram at {options.style_layer}, one thread, PyTorch {torch.__version__}: "
          f"medians {them:.1f} and {us:.1f} ms, vggsweep is {them / us:.2f} times as fast")


if __name__ == "__main__":
    main()
