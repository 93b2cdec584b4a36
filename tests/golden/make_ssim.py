#!/usr/bin/python3
"""Structural similarity of made-up pictures, by plain numpy: the numbers that test_metrics compares with.

    make_ssim.py > ssim.txt

An implementation of its own, written from the paper (Wang et al., IEEE TIP 13(4), 2004): the whole
11 x 11 window at once, not separated into rows and columns, and variances as means of squared
differences from the window's mean. The pictures are formulas, the same in test_metrics.c.
"""
import numpy as np

SIZES = [(11, 11), (11, 40), (33, 17), (48, 64)]
PAIRS = [("waves", "waves"), ("waves", "shifted"), ("waves", "noisy"), ("noisy", "flat"),
         ("flat", "white")]


def picture(name, height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    if name == "waves":
        return (x * 7 + y * 13 + c * 29 + (x * y) % 31 * 3) % 256
    if name == "shifted":
        return (x * 7 + y * 13 + c * 29 + (x * y) % 31 * 3 + 20) % 256
    if name == "noisy":
        return (x * x * 5 + y * y * 3 + x * y * 11 + c * 101) % 256
    if name == "flat":
        return 90 + c * 20 + 0 * x
    if name == "white":
        return 255 + 0 * x
    raise ValueError(name)


def luma(rgb):
    return rgb @ np.array([0.299, 0.587, 0.114])


def ssim(a, b, size=11, sd=1.5, peak=255.0):
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    offset = np.arange(size) - size // 2
    window = np.exp(-(offset[:, None] ** 2 + offset[None, :] ** 2) / (2 * sd**2))
    window /= window.sum()
    windows_a = np.lib.stride_tricks.sliding_window_view(a, (size, size))
    windows_b = np.lib.stride_tricks.sliding_window_view(b, (size, size))
    mean_a = (window * windows_a).sum((2, 3), keepdims=True)
    mean_b = (window * windows_b).sum((2, 3), keepdims=True)
    var_a = (window * (windows_a - mean_a) ** 2).sum((2, 3))
    var_b = (window * (windows_b - mean_b) ** 2).sum((2, 3))
    cov = (window * (windows_a - mean_a) * (windows_b - mean_b)).sum((2, 3))
    mean_a, mean_b = mean_a[..., 0, 0], mean_b[..., 0, 0]
    similarity = ((2 * mean_a * mean_b + c1) * (2 * cov + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    return similarity.mean()


for height, width in SIZES:
    for left, right in PAIRS:
        value = ssim(luma(picture(left, height, width)), luma(picture(right, height, width)))
        print(f"{height} {width} {left} {right} {value:.17g}")
