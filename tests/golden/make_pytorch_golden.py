"""Numbers that the program is held against, computed once with PyTorch in float64.

    make_pytorch_golden.py            writes its outputs beside itself:

    image.png, style.png, style64.png   what is looked at
    eval.json, eval_gradient.npz        `eval` at 224 x 224: relu4_3 channel 7, style at relu2_2, lambda 50
    trajectory.json                     20 steps of Adam on pixels at 64 x 64: relu3_3 channel 5

The weights are make_weights.he_weights(1). exc_loss is a sum, Gram matrices are over (C H W), the norm is
not squared. The gradient is stored in float16 after division by its largest entry: its rounding is at
most 5e-4 of an entry, in the mean 3e-4.
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from make_weights import he_weights

HERE = Path(__file__).parent
CONVS = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
POOLS = [4, 9, 16, 23, 30]
RELU2_2, RELU3_3, RELU4_3 = 8, 15, 22
MEAN = torch.tensor([0.485, 0.456, 0.406], dtype=torch.float64).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225], dtype=torch.float64).view(1, 3, 1, 1)


def activations(weights, image, last):
    """Every tap up to `last` (torchvision's numbering) of an image (1,3,H,W) in 0..1."""
    x, taps = (image - MEAN) / STD, {}
    for i in range(last + 1):
        if i in CONVS:
            x = F.conv2d(x, weights[f"features.{i}.weight"], weights[f"features.{i}.bias"], padding=1)
        elif i in POOLS:
            x = F.max_pool2d(x, 2)
        else:
            x = F.relu(x)
        taps[i] = x
    return taps


def gram(x):
    _, c, h, w = x.shape
    f = x.reshape(c, h * w)
    return f @ f.T / (c * h * w)


def losses(weights, image, target, tap, channel, weight):
    taps = activations(weights, image, max(tap, RELU2_2))
    exc = -taps[tap][0, channel].sum()
    dist = torch.linalg.norm(gram(taps[RELU2_2]) - target)
    return exc, dist, exc + weight * dist


def picture(path):
    a = np.asarray(Image.open(path).convert("RGB"), dtype=np.float64) / 255
    return torch.tensor(a).permute(2, 0, 1)[None]


def draw_image(size):
    """A few plane waves with noise over them: on a flat ground neighbours tie in every pool, and rounding
    alone would decide where the gradient goes."""
    y, x = np.mgrid[0:size, 0:size] / size
    rng = np.random.RandomState(3)
    a = np.zeros((size, size, 3))
    for _ in range(9):
        u, v, phase = rng.uniform(-14, 14), rng.uniform(-14, 14), rng.uniform(0, 6.28)
        a += np.sin(2 * math.pi * (u * x + v * y) + phase)[..., None] * rng.uniform(-1, 1, 3)
    a = (a - a.min()) / (a.max() - a.min())
    return Image.fromarray((a * 223 + rng.randint(0, 33, a.shape)).astype(np.uint8))


def draw_style(size):
    """Bars and blocks at whole pixels."""
    a = np.full((size, size, 3), 255, np.uint8)
    s = size / 64
    for y0, y1, x0, x1, colour in [(0, 20, 0, 17, (200, 30, 20)), (40, 64, 30, 64, (20, 60, 160)),
                                   (24, 40, 50, 64, (240, 200, 40)), (20, 24, 0, 64, (10, 10, 10)),
                                   (0, 64, 17, 20, (10, 10, 10)), (40, 43, 17, 64, (10, 10, 10))]:
        a[round(y0 * s):round(y1 * s), round(x0 * s):round(x1 * s)] = colour
    return Image.fromarray(a)


# --- Philox4x32-10, as Salmon et al. 2011 describe it, for the start of the trajectory -----------

def philox(counter, key):
    c, k = [np.uint64(v) for v in counter], [np.uint64(v) for v in key]
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ k[0], p1 & low, (p0 >> np.uint64(32)) ^ c[3] ^ k[1], p0 & low]
        k = [(k[0] + np.uint64(0x9E3779B9)) & low, (k[1] + np.uint64(0xBB67AE85)) & low]
    return [int(v) for v in c]


def normals(stream, purpose, step, count):
    """Box-Muller over pairs of words: core/base/random.c."""
    out = []
    for block in range((count + 3) // 4):
        u = [((w >> 9) + 0.5) / 2**23 for w in philox([block, 0, step, purpose], [stream & 0xFFFFFFFF, stream >> 32])]
        for a, b in ((u[0], u[1]), (u[2], u[3])):
            r = math.sqrt(-2 * math.log(a))
            out += [r * math.cos(2 * math.pi * b), r * math.sin(2 * math.pi * b)]
    return np.array(out[:count])


def make_eval(weights):
    size, channel, lam = 224, 7, 50.0
    draw_image(size).save(HERE / "image.png", optimize=True)
    draw_style(size).save(HERE / "style.png", optimize=True)
    image = picture(HERE / "image.png").requires_grad_()
    with torch.no_grad():
        target = gram(activations(weights, picture(HERE / "style.png"), RELU2_2)[RELU2_2])
    exc, dist, total = losses(weights, image, target, RELU4_3, channel, lam)
    total.backward()
    g = image.grad[0].permute(1, 2, 0).numpy()
    peak = np.abs(g).max()
    np.savez_compressed(HERE / "eval_gradient.npz", peak=peak, scaled=(g / peak).astype(np.float16))
    with open(HERE / "eval.json", "w") as f:
        json.dump({"layer": "relu4_3", "channel": channel, "style_layer": "relu2_2", "lambda": lam,
                   "exc_loss": exc.item(), "style_dist": dist.item(), "style_reg": lam * dist.item(),
                   "total": total.item()}, f, indent=1)
        f.write("\n")


def total_variation(x):
    """core/objective/smoothness.h"""
    eps = 1e-4
    dx = F.pad(x[..., :, 1:] - x[..., :, :-1], (0, 1))
    dy = F.pad(x[..., 1:, :] - x[..., :-1, :], (0, 0, 0, 1))
    return (torch.sqrt(dx**2 + dy**2 + eps**2) - eps).sum()


def make_trajectory(weights):
    size, channel, lam, tv, l2, lr, steps, stream, sd = 64, 5, 50.0, 1e-2, 1e-2, 0.05, 20, 0x123456789ABCDEF0, 0.5
    draw_style(size).save(HERE / "style64.png", optimize=True)
    with torch.no_grad():
        target = gram(activations(weights, picture(HERE / "style64.png"), RELU2_2)[RELU2_2])
    start = sd * normals(stream, 1, 0, size * size * 3).reshape(size, size, 3)
    theta = torch.tensor(start.astype(np.float32).astype(np.float64)).requires_grad_()
    adam = torch.optim.Adam([theta], lr=lr)
    rows = []
    for step in range(steps + 1):
        image = torch.sigmoid(theta).permute(2, 0, 1)[None]
        exc, dist, total = losses(weights, image, target, RELU3_3, channel, lam)
        v, grey = total_variation(image), ((image - 0.5)**2).sum()
        total = total + tv * v + l2 * grey
        rows.append([exc.item(), dist.item(), v.item(), grey.item(), total.item()])
        if step < steps:
            adam.zero_grad()
            total.backward()
            adam.step()
    with open(HERE / "trajectory.json", "w") as f:
        json.dump({"size": size, "layer": "relu3_3", "channel": channel, "style_layer": "relu2_2", "lambda": lam,
                   "tv": tv, "l2": l2, "lr": lr, "steps": steps, "stream": f"{stream:016x}", "init_sd": sd,
                   "columns": ["exc_loss", "style_dist", "tv", "l2", "total"], "rows": rows}, f, indent=1)
        f.write("\n")


def main():
    weights = {k: torch.tensor(v, dtype=torch.float64) for k, v in he_weights(1).items()}
    make_eval(weights)
    make_trajectory(weights)


if __name__ == "__main__":
    main()
