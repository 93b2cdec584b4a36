#!/usr/bin/python3
"""What scikit-learn's k-means reaches on weighted colours: the bounds that test_kmeans.c holds.

    make_palette.py > palette.json

Points are CIE L*a*b* (D65), two decimals, so that both sides see the same numbers; each set is asked
for several numbers of clusters, and the best inertia of ten starts is kept.
"""
import json
import sys
import warnings

import numpy as np
from sklearn.cluster import KMeans

CLUSTERS = [1, 2, 3, 5, 8, 12]
random = np.random.default_rng(2022)


def lab(rgb):
    rgb = np.asarray(rgb, float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])
    xyz = linear @ matrix.T / matrix.sum(1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def blobs():
    """Seven pens, scanned."""
    centers = lab(random.random((7, 3)))
    points = centers[random.integers(0, 7, 160)] + random.normal(0, 4, (160, 3))
    return points, random.gamma(1.0, 10.0, 160)


def anything():
    """Optimized strokes before any colour was frozen: all over the cube."""
    return lab(random.random((200, 3))), random.gamma(0.7, 20.0, 200)


def drawing():
    """Mostly dark lines, some reds and blues of many opacities on white paper, a few accents."""
    ink = np.concatenate([np.tile([[0.1, 0.1, 0.12]], (90, 1)), np.tile([[0.8, 0.15, 0.1]], (40, 1)),
                          np.tile([[0.1, 0.2, 0.7]], (40, 1)), np.tile([[0.95, 0.8, 0.1]], (8, 1))])
    opacity = random.uniform(0.2, 1.0, (len(ink), 1))
    return lab(1 + opacity * (ink - 1)), random.gamma(2.0, 5.0, len(ink))


def duplicates():
    """Fourteen colours, each many times: at twelve clusters two pairs have to share."""
    return lab(random.random((14, 3)))[random.integers(0, 14, 150)], np.ones(150)


def few():
    return lab(random.random((13, 3))), random.uniform(0.0, 3.0, 13)


def measure(points, weights):
    best = {}
    for clusters in CLUSTERS:
        model = KMeans(n_clusters=clusters, n_init=10, random_state=0, tol=0, max_iter=1000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            best[clusters] = float(model.fit(points, sample_weight=weights).inertia_)
    return best


sets = []
for make in [blobs, anything, drawing, duplicates, few]:
    points, weights = make()
    points, weights = np.round(points, 2), np.round(weights, 2)
    best = measure(points, weights)
    sets.append({"name": make.__name__, "points": points.tolist(), "weights": weights.tolist(),
                 "best": [{"clusters": k, "inertia": round(v, 6)} for k, v in best.items()]})
sys.stdout.write("[\n" + ",\n".join(json.dumps(s, separators=(",", ":")) for s in sets) + "\n]\n")
