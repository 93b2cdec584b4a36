"""make_sample.py - made-up report folders, laid out as `vggsweep report` writes them.

    make_sample.py TEMPLATE OUT [--large] [--hostile] [--live] [--pictures SAMPLE]

The small one has every verdict, two seeds, an axis, failed, diverged and missing runs, drawings that
thin out and collapse as lambda grows. --large has 12,672 runs (4,224 channels x 3 lambdas). --hostile
puts markup, quotes, line breaks, formulas and 4 kB into every text. Figures and pictures depend on
nothing but the options. Runs of two channels are drawings of strokes (only in the small one, which has
them as SVG but for one).
"""
import argparse
import base64
import hashlib
import html
import json
import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

SIDE, THUMB, CELLS, CHUNK = 224, 96, 16, 64
PICTURE_FOLDERS = ("pictures", "snapshots", "drawings", "sheets")
STROKES, PENS = 140, [("ink blue", "#1f3f7f"), ("red", "#b3261e"), ("light ochre", "#d9b45a"), ("black", "#1b1a17")]
BUDGET = [1, 2, 3, 5, 9, 15, 24, 38, 60, 96, 140]
DRAWN_CHANNELS = (20, 41)
SNAPSHOTS = [0, 50, 100, 200, 400]
STEPS = list(range(0, 401, 10))
TRACES = ["exc_loss", "style_dist", "style_reg", "tv", "l2", "total", "grad_norm"]
LAYERS13 = {"relu1_1": 64, "relu1_2": 64, "relu2_1": 128, "relu2_2": 128, "relu3_1": 256, "relu3_2": 256, "relu3_3": 256,
            "relu4_1": 512, "relu4_2": 512, "relu4_3": 512, "relu5_1": 512, "relu5_2": 512, "relu5_3": 512}
VERDICTS = [
    ("win", "more excited than without the style, in most seeds", "exc_gain >= 0.02 in at least 2/3 of the seeds"),
    ("unproven", "more excited with this seed, which may be chance", "exc_gain >= 0.02, with fewer seeds"),
    ("rescued", "more excited only because the baseline never woke", "exc_gain >= 0.02 and the baseline is dead"),
    ("sparse", "far less ink for little excitation", "coverage at most 0.7 of the baseline's and exc_gain >= -0.1"),
    ("tradeoff", "closer to the style, less excited", "style_gain >= 0.2 and exc_gain < -0.1"),
    ("no-effect", "the same picture as without the style", "effect < 0.1"),
    ("collapse", "the drawing became the style", "exc_gain <= -0.9 and style_gain >= 0.5"),
    ("dead", "the channel never rose", "|exc_eval| < 1"),
    ("diverged", "a loss was not finite", "status == \"diverged\""),
    ("failed", "could not be computed", "status == \"failed\""),
    ("baseline", "lambda 0: what the others are compared with", "lambda == 0 and alive"),
    ("unpaired", "no baseline to compare with", "the group has no finished run at lambda 0"),
]
V = {name: i for i, (name, _, _) in enumerate(VERDICTS)}
HOSTILE = ['<img src=x onerror="document.title=1">', "</script><script>throw 1</script>", "\"quotes' & <b>bold</b>",
           "=HYPERLINK(\"x\")", "line one\nline two\r\n\tthree", "long " + "x" * 4091]


# --- drawings -----------------------------------------------------------------------------------

def noise(rng, side, scale):
    """Smooth noise in 0..1: random values on a coarse grid, bicubic in between."""
    coarse = rng.random((max(2, side // scale), max(2, side // scale))).astype(np.float32)
    return np.asarray(Image.fromarray(coarse, "F").resize((side, side), Image.BICUBIC))


def texture(rng, side):
    """What a channel wants to see: waves and cells in colours of its own."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    kind, angle, period = rng.integers(4), rng.random() * 3.14, rng.uniform(5, 16)
    warp = (noise(rng, side, 24) - .5) * 26
    u = x * np.cos(angle) + y * np.sin(angle) + warp
    v = -x * np.sin(angle) + y * np.cos(angle) + warp
    a, b = np.sin(u * 6.28 / period), np.sin(v * 6.28 / (period * rng.uniform(.8, 2)))
    t = [a, a * b, np.maximum(a, b), np.sin(3 * (a + b))][kind] * .5 + .5
    one, two = rng.random(3) * .55, .45 + rng.random(3) * .55
    mixed = t[..., None] * two + (1 - t[..., None]) * one
    return np.clip(mixed + (noise(rng, side, 12)[..., None] - .5) * (rng.random(3) - .5), 0, 1)


def mondrian(rng, side):
    """Pale ground with few black lines."""
    ground = .93 + .07 * np.stack([noise(rng, side, 60) for _ in range(3)], -1) - .03
    ink = np.zeros((side, side), np.float32)
    for _ in range(rng.integers(4, 9)):
        p, q, width, length = *rng.integers(8, side - 8, 2), rng.integers(3, 7), rng.integers(30, 130)
        bend = (3 * np.sin(np.arange(side) / 17 + rng.random() * 6)).astype(int)
        for k in range(max(0, q - length // 2), min(side, q + length // 2)):
            at = int(np.clip(p + bend[k], 0, side - width))
            (ink if p % 2 else ink.T)[k, at:at + width] = 1
    return ground * (1 - ink[..., None]) + .07 * ink[..., None]


def drawing(seed, strength, side=SIDE):
    """A channel's drawing; strength 0 is all texture, 1 all style."""
    rng = np.random.default_rng(seed)
    dense, style, field = texture(rng, side), mondrian(rng, side), noise(rng, side, 40)
    keep = np.clip((field - strength * 1.05) * 9 + .5 + (1 - strength) * 2 * (strength < .05), 0, 1)[..., None]
    return np.uint8(np.clip(dense * keep + style * (1 - keep), 0, 1) * 255)


def unformed(final, share):
    """The drawing as it was after a share of the steps: out of grey noise."""
    rng = np.random.default_rng(7)
    grey = .5 + .1 * (np.stack([noise(rng, SIDE, 6) for _ in range(3)], -1) - .5)
    return np.uint8(np.clip(255 * grey * (1 - share) + share * np.asarray(final), 0, 255))


# --- strokes ------------------------------------------------------------------------------------

def strokes_of(run):
    """(path, colour of the picture below it) of curved strokes."""
    rng = np.random.default_rng(run["seed_of_drawing"])
    picture, found = drawing(run["seed_of_drawing"] % 64_000, round(run["strength"], 3)), []
    for i in range(STROKES):
        x, y, angle, length = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(0, 6.28), rng.uniform(20, 60)
        bend = rng.uniform(-25, 25, 4)
        places = [(x + t * length * np.cos(angle) - b * np.sin(angle), y + t * length * np.sin(angle) + b * np.cos(angle))
                  for t, b in ((0, 0), (.33, bend[0]), (.66, bend[1]), (1, 0))]
        rgb = picture[int(y), int(x)] / 255
        start, *rest = [f" {px:.2f} {py:.2f}" for px, py in places]
        found.append((f"M{start} C{''.join(rest)}", rgb))
    return found


def nearest_pen(rgb):
    pens = np.array([[int(c[k:k + 2], 16) / 255 for k in (1, 3, 5)] for _, c in PENS])
    return int(np.argmin(((pens - rgb) ** 2).sum(1)))


def svg_of(run, as_plotted):
    lines = []
    for i, (path, rgb) in enumerate(strokes_of(run)):
        colour = PENS[nearest_pen(rgb)][1] if as_plotted else "#" + "".join(f"{round(255 * c):02x}" for c in rgb)
        look = 'stroke-width="1.6"' if as_plotted else f'stroke-width="{2 + i % 5}" stroke-opacity="{.6 + .1 * (i % 4):.1f}"'
        lines.append(f'<path stroke="{colour}" {look} d="{path}"/>')
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}px" height="{SIDE}px" viewBox="0 0 {SIDE} {SIDE}">\n'
            f'<rect width="{SIDE}" height="{SIDE}" fill="#ffffff"/>\n<g fill="none" stroke-linecap="round" stroke-linejoin="round">\n' + "\n".join(lines) + "\n</g>\n</svg>\n")


def is_drawn(run, large):
    return not large and run["channel"] in DRAWN_CHANNELS


def plan_plot(run, rng):
    """Figures of a drawing: the stronger the style, the less there is to plot."""
    run.update(strokes=STROKES, pens=len(PENS), drawn_mm=round(5600 * (1 - .5 * run["strength"]) * rng.uniform(.97, 1.03), 3),
               travel_mm=round(4000 * rng.uniform(.95, 1.05), 3), lifts=STROKES + int(rng.integers(9)))
    run["minutes"] = round(run["drawn_mm"] / 2400 + run["travel_mm"] / 9000 + run["lifts"] * .012, 4)
    run["exc_refined"] = run["exc_eval"]
    for name, share in (("exc_free", 1 / .93), ("exc_quantized", .88 / .93), ("exc_plotted", .61 / .93)):
        run[name] = round(run["exc_eval"] * share * rng.uniform(.99, 1.01), 2)
    for stage in ("quantized", "refined", "plotted"):
        run[f"kept_{stage}"] = round(run[f"exc_{stage}"] / run["exc_free"], 4)


def facts_of(run):
    if run["strokes"] == 0:
        return None
    pens = [nearest_pen(rgb) for _, rgb in strokes_of(run)]
    return {"paper": "#ffffff", "pens": [{"name": name, "color": colour, "width_mm": .4 if i else .8, "strokes": pens.count(i), "is_paper": False} for i, (name, colour) in enumerate(PENS)],
            "budget": {"strokes": BUDGET, "exc_loss": [round(run["exc_eval"] * (n / STROKES) ** .7, 2) for n in BUDGET]}}


# --- runs ---------------------------------------------------------------------------------------

def column(name, kind, group, unit="", direction="none", formula=""):
    return {"name": name, "kind": kind, "unit": unit, "direction": direction, "formula": formula, "group": group}


OF_DRAWINGS = ("kept_quantized", "kept_refined", "kept_plotted", "exc_quantized", "exc_refined", "exc_plotted", "strokes", "pens",
               "drawn_mm", "travel_mm", "lifts", "minutes")


def columns_of(axes, large):
    shares = "shares of 1"
    columns = [column("id", "text", "identity"), column("layer", "text", "identity"), column("channel", "number", "identity"),
            column("lambda", "number", "identity", formula="weight of the style, as used"), column("seed", "number", "identity"),
            *[column(axis, "number", "axis") for axis in axes],
            column("status", "text", "identity"), column("verdict", "text", "identity"),
            column("exc_gain", "number", "metric", shares, "higher", "(exc_eval of the baseline - exc_eval) / |exc_eval of the baseline|; positive: more excited than without style regularization"),
            column("effect", "number", "metric", "", "higher", "1 - SSIM of the final image and the baseline's, on luma; 0: the same picture"),
            column("coverage", "number", "metric", shares, "lower", "pixels that are ink: CIE 1976 colour difference to white paper above 30"),
            column("style_dist", "number", "metric", "", "lower", "style_eval: distance of the Gram matrices to the style's, not multiplied by lambda"),
            column("style_gain", "number", "metric", shares, "higher", "(style_eval of the baseline - style_eval) / |style_eval of the baseline|"),
            column("convergence", "number", "metric", "per step", "none", "slope of exc_loss over the last fifth of the steps, as a share of its whole change"),
            column("ink_saved", "number", "metric", shares, "higher", "share of the baseline's ink that is saved"),
            *[column(name, "number", "metric", shares, "higher", "share of exc_free that is left") for name in ("kept_quantized", "kept_refined", "kept_plotted")],
            *[column(name, "number", "figure", "", "lower") for name in ("exc_free", "exc_quantized", "exc_refined", "exc_plotted")],
            column("strokes", "number", "figure"), column("pens", "number", "figure"), *[column(name, "number", "figure", "mm", "lower") for name in ("drawn_mm", "travel_mm")],
            column("lifts", "number", "figure", "", "lower"), column("minutes", "number", "figure", "min", "lower"),
            *[column(name, "number", "figure", "", "lower") for name in ("exc_first", "exc_final", "exc_eval", "style_first", "style_final", "style_eval")],
            column("steps", "number", "figure"), column("seconds", "number", "figure", "s", "lower"),
            column("rank", "number", "figure"), column("host", "text", "figure"), column("group", "text", "figure")]
    return [c for c in columns if not large or c["name"] not in OF_DRAWINGS]


def plan(large):
    """(layer, channel, seed, axes) of every case and group, and the lambdas."""
    if large:
        return [(layer, c, 1, {}) for layer, count in LAYERS13.items() for c in range(count)], [0, 50, 1000]
    groups = [(layer, c, seed, {"optimizer.lr": lr}) for layer in ("relu2_2", "relu3_3", "relu4_3")
              for c in (1, 7, 20, 33, 41, 60) for lr in (0.02, 0.05) for seed in (1, 2)]
    return groups, [0, 15, 50, 500]


def judge(run, base):
    if run["status"] == "failed":
        return "failed"
    if run["status"] == "diverged":
        return "diverged"
    if run["lambda"] == 0:
        return "dead" if abs(run["exc_eval"]) < 1 else "baseline"
    if base is None:
        return "unpaired"
    if abs(base["exc_eval"]) < 1:
        return "rescued" if abs(run["exc_eval"]) > 1 else "dead"
    if run["exc_gain"] <= -.9:
        return "collapse"
    if run["exc_gain"] >= .02:
        return "win"
    if run["effect"] < .1:
        return "no-effect"
    return "sparse" if run["coverage"] < .75 * base["coverage"] and run["exc_gain"] >= -.2 else "tradeoff"


def compute(run, rng, index, strength, base_exc, first):
    """Figures of one run, from how strongly the style acted on it."""
    nan = None
    run.update(dict.fromkeys(("exc_gain", "effect", "coverage", "style_dist", "style_gain", "convergence", "exc_first", "exc_final",
                              "exc_eval", "style_first", "style_final", "style_eval", "ink_saved", "kept_quantized", "kept_refined", "kept_plotted", "exc_free",
                              "exc_quantized", "exc_refined", "exc_plotted", "drawn_mm", "travel_mm", "lifts", "minutes"), nan), strokes=0, pens=0)
    run.update(steps=400, seconds=round(rng.uniform(11, 19), 2), rank=index % 8, host=f"node{index % 4:02d}")
    if run["status"] == "failed":
        run.update(steps=0)
        return
    run.update(exc_first=first, style_first=6125.0)
    if run["status"] == "diverged":
        run.update(steps=170)
        return
    woken = 1.16 if .05 < strength < .35 and run["channel"] % 3 == 1 else 1  # the surprise: a little style helps some channels
    share = max(.004, 1 - strength ** 1.4) * rng.uniform(.98, 1.02) * woken
    run["exc_eval"] = round(base_exc * share, 2)
    run["exc_final"] = round(run["exc_eval"] * rng.uniform(1.0, 1.1), 2)
    run["style_eval"] = run["style_dist"] = round(11000 * (1 - strength) ** 1.5 + 1400 * rng.uniform(1, 1.2), 1)
    run["style_final"] = round(run["style_eval"] * rng.uniform(.95, 1.02), 1)
    run["coverage"] = round(float(np.clip((.97 - .75 * strength ** .6 + rng.normal() * .02), .05, 1)), 4)
    run["convergence"] = round(rng.uniform(1e-5, 9e-4), 7)


def make_runs(large):
    groups, lambdas = plan(large)
    rng, rng_of_plots = np.random.default_rng(4), np.random.default_rng(5)
    runs, missing = [], []
    for g, (layer, channel, seed, axes) in enumerate(groups):
        depth = int(layer[4]) - 1
        base_exc, star = -9e5 / 3 ** depth * rng.uniform(.5, 1.5), 10 ** rng.uniform(1.9, 3.6) / (1 + .3 * depth)
        dead = g % 37 == 5
        base = None
        for w in lambdas:
            run = {"layer": layer, "channel": channel, "lambda": w, "seed": seed, **axes, "status": "done"}
            text = json.dumps(run, sort_keys=True)
            run["id"] = hashlib.sha256(text.encode()).hexdigest()[:16]
            run["group"] = hashlib.sha256(f"{layer}{channel}{seed}{axes}".encode()).hexdigest()[:16]
            strength = float(np.clip(w / star, 0, 1)) ** .8 if w else 0.0
            if (g * 7 + int(w)) % 61 == 3:
                run["status"] = "diverged" if g % 2 else "failed"
            if not large and ((g * 5 + int(w)) % 83 == 11 or g % 70 == 69):
                missing.append({"layer": layer, "channel": channel, "weight": w, "seed": seed, "axes": axes})
                continue
            compute(run, rng, len(runs), strength, base_exc, base_exc * .004)
            if dead and run["status"] == "done" and (w == 0 or g % 3 == 0):
                run.update(exc_eval=-.4, exc_final=-.4, exc_first=-.4)
            run["strength"], run["seed_of_drawing"] = strength, g * 1000 + 17
            if is_drawn(run, large) and run["status"] == "done":
                plan_plot(run, rng_of_plots)
            if w == 0 and run["status"] == "done":
                base = run
            if base is not None and w and run["status"] == "done":
                run["exc_gain"] = round((base["exc_eval"] - run["exc_eval"]) / abs(base["exc_eval"]), 4)
                run["style_gain"] = round((base["style_eval"] - run["style_eval"]) / base["style_eval"], 4)
                run["effect"] = round(min(1, strength ** .8 * 1.1), 4)
                if run["strokes"] and base["strokes"]:
                    run["ink_saved"] = round(1 - run["minutes"] / base["minutes"], 4)
            run["base"], run["verdict"] = base, judge(run, base)
            runs.append(run)
    return runs, missing, lambdas


def reason_of(run):
    verdict, base = run["verdict"], run["base"]
    if verdict in ("failed", "diverged"):
        return f"{verdict}: " + ("could not be computed: no memory" if verdict == "failed" else "total was not finite after step 170")
    if run["exc_gain"] is None:
        return f"{verdict}: exc_eval {run['exc_eval']:.0f}"
    return (f"{verdict}: exc_eval {run['exc_eval']:.0f} against {base['exc_eval']:.0f} at lambda 0, {100 * run['exc_gain']:+.1f}%; "
            f"style_dist {run['style_dist']:.0f} against {base['style_dist']:.0f}, effect {run['effect']:.2f}, coverage {100 * run['coverage']:.0f}%; 2 of 2 seeds")


def coded(values):
    words = list(dict.fromkeys(values))
    place = {word: i for i, word in enumerate(words)}
    return {"words": words, "codes": [place[v] for v in values]}


def cases_of(runs, axes):
    numbers, members = {}, []
    case = []
    for i, run in enumerate(runs):
        key = (run["layer"], run["channel"], run["lambda"], *[run[a] for a in axes])
        case.append(numbers.setdefault(key, len(numbers)))
        if case[-1] == len(members):
            members.append([])
        members[case[-1]].append(i)
    gains = [[runs[i]["exc_gain"] for i in rows if runs[i]["exc_gain"] is not None] for rows in members]
    verdicts = [min(V[runs[i]["verdict"]] for i in rows) for rows in members]
    return case, {"verdict": verdicts, "seeds": [len(rows) for rows in members],
                  "agreeing": [sum(V[runs[i]["verdict"]] == v for i in rows) for rows, v in zip(members, verdicts)],
                  "gain_mean": [sum(g) / len(g) if g else None for g in gains],
                  "gain_low": [min(g) if g else None for g in gains], "gain_high": [max(g) if g else None for g in gains]}


def headlines_of(runs):
    lines = []
    for name, v in V.items():
        if name == "baseline":
            continue
        rows = [i for i, r in enumerate(runs) if r["verdict"] == name]
        rows.sort(key=lambda i: -(runs[i]["exc_gain"] or 0))
        lines += [{"verdict": v, "row": i} for i in rows[:4]]
    return lines


def shares_of(runs, lambdas):
    table = {}
    for run in runs:
        counts = table.setdefault((run["layer"], run["lambda"]), [0] * len(VERDICTS))
        counts[V[run["verdict"]]] += 1
    return [{"layer": layer, "weight": w, "counts": counts} for (layer, w), counts in table.items()]


def collapse_of(runs, axes):
    groups = {}
    for run in runs:
        groups.setdefault(run["group"], []).append(run)
    found = []
    for members in groups.values():
        above = [r["lambda"] for r in members if r["verdict"] == "collapse"]
        below = [r["lambda"] for r in members if r["lambda"] and r["verdict"] not in ("collapse", "failed", "diverged")]
        first = members[0]
        if above or below:
            low, high = max((b for b in below if not above or b < min(above)), default=None), min(above, default=None)
            found.append({"layer": first["layer"], "channel": first["channel"], "seed": first["seed"], "axes": {a: first[a] for a in axes},
                          "below": low, "above": high, "estimate": round((low * high) ** .5) if low and high else None,
                          "lambda": round((low * high) ** .5) if low and high else None, "strength": None})
    return found


# --- files --------------------------------------------------------------------------------------

def thumbnails(out, runs, pictures):
    """Sheets of one (layer, lambda) each; equal cells of a layer's sheets are the same group."""
    layers, sheet_of = {}, {}
    for run in runs:
        groups = layers.setdefault(run["layer"], {})
        groups.setdefault(run["group"], len(groups))
    sheets, cells, images = [], [], []
    for i, run in enumerate(runs):
        if run["status"] == "failed":
            sheets.append(-1)
            cells.append(0)
            continue
        place = layers[run["layer"]][run["group"]]
        key = (run["layer"], run["lambda"], place // CELLS ** 2)
        if key not in sheet_of:
            sheet_of[key] = len(images)
            images.append(Image.new("RGB", (CELLS * THUMB, CELLS * THUMB), "white"))
        cell = place % CELLS ** 2
        images[sheet_of[key]].paste(pictures(run, THUMB), (cell % CELLS * THUMB, cell // CELLS * THUMB))
        sheets.append(sheet_of[key])
        cells.append(cell)
    for n, image in enumerate(images):
        image.save(out / "sheets" / f"{n}.jpg", quality=88)
    return {"side": THUMB, "columns": CELLS, "rows": CELLS, "sheet": sheets, "cell": cells}


def trace_of(run, name, rng):
    """(S) float32 of one trace."""
    steps = np.array(STEPS, np.float32)
    grown = 1 - np.exp(-steps / (45 + 60 * run["strength"]))
    wobble = 1 + rng.normal(0, .025, len(steps)) * np.minimum(1, steps / 50)
    exc = (run["exc_first"] or 0) + ((run["exc_final"] or -2e5) - (run["exc_first"] or 0)) * grown * wobble
    style = 6125 + ((run["style_final"] or 5000) - 6125) * grown + rng.normal(0, 60, len(steps))
    tv = 9e3 * grown * wobble
    values = {"exc_loss": exc, "style_dist": style, "style_reg": style * run["lambda"], "tv": tv, "l2": 300 + tv * .3,
              "total": exc + style * run["lambda"] + tv * 1e-5, "grad_norm": 900 * np.exp(-steps / 130) * wobble + 20}[name].astype(np.float32)
    if run["status"] == "diverged":
        values[steps > 170] = np.nan
    if run["status"] == "failed":
        values[:] = np.nan
    return values


def write_chunks(out, runs, hostile):
    rng = np.random.default_rng(9)
    for n in range((len(runs) + CHUNK - 1) // CHUNK):
        part = runs[n * CHUNK:(n + 1) * CHUNK]
        traces = {name: base64.b64encode(np.concatenate([trace_of(r, name, rng) for r in part]).tobytes()).decode() for name in TRACES}
        spec = [json.dumps({"grid": {"channel": r["channel"], "lambda": r["lambda"], "layer": r["layer"]}, "image": {"size": SIDE},
                            "objective": {"steps": 400, "style": {"image": "builtin:mondrian", "layers": ["relu2_2"], "norm": "frobenius"}},
                            "optimizer": {"lr": r.get("optimizer.lr", .05), "name": "adam"}, "seed": r["seed"],
                            **({"note": HOSTILE[1]} if hostile else {})}, separators=(",", ":")) for r in part]
        command = [f"vggsweep run sweep.yaml --set grid.layer={r['layer']} --set grid.channel={r['channel']} --set grid.lambda={r['lambda']} --set seed={r['seed']}" for r in part]
        chunk = {"first": n * CHUNK, "count": len(part), "traces": traces, "spec": spec, "command": command}
        if any(r["strokes"] for r in runs):
            chunk["drawing"] = [facts_of(r) for r in part]
            if hostile:
                for facts in filter(None, chunk["drawing"]):
                    for i, pen in enumerate(facts["pens"]):
                        pen["name"] = HOSTILE[i]
        text = json.dumps(chunk)
        (out / "chunks" / f"{n}.js").write_text(f"vggsweepChunk({n}, {text.replace('<', chr(92) + 'u003c')})\n")


def write_pictures(out, runs, pictures, large):
    # Of the large sample a picture per texture is drawn, the rest are links to it.
    drawn = {}
    for run in runs:
        if run["status"] == "failed":
            continue
        path, key = out / "pictures" / f"{run['id']}.jpg", (run["seed_of_drawing"] % 64_000, round(run["strength"], 1))
        if large and key in drawn:
            os.link(drawn[key], path)
        else:
            pictures(run, SIDE).save(path, quality=90, subsampling=0)
            drawn[key] = path
    if large:
        return [0] * len(runs)
    for run in runs:
        if run["status"] == "failed":
            continue
        final, strip = pictures(run, SIDE), Image.new("RGB", (SIDE * len(SNAPSHOTS), SIDE), "white")
        for k, step in enumerate(SNAPSHOTS):
            strip.paste(Image.fromarray(unformed(final, min(1, (step / 300) ** .5))), (k * SIDE, 0))
        strip.save(out / "snapshots" / f"{run['id']}.jpg", quality=88)
    return [0 if r["status"] == "failed" else (1 << len(SNAPSHOTS)) - 1 for r in runs]


def written_as_svg(runs):
    """Rows with a drawing as SVG, and those with one as plotted: the last drawing has neither, the one before only the first."""
    rows = [i for i, run in enumerate(runs) if run["strokes"]]
    return {"svg": rows[:-1], "plotted": rows[:-2]}


def write_drawings(out, runs):
    written = written_as_svg(runs)
    for row in written["svg"]:
        (out / "drawings" / f"{runs[row]['id']}.svg").write_text(svg_of(runs[row], False))
    for row in written["plotted"]:
        (out / "drawings" / f"{runs[row]['id']}-plotted.svg").write_text(svg_of(runs[row], True))


def picture_maker(large):
    kept = {}

    def picture(run, side):
        key = (run["seed_of_drawing"] % 64_000, round(run["strength"], 1 if large else 3))
        if key not in kept:
            kept[key] = Image.fromarray(drawing(key[0], key[1]))
        return kept[key] if side == SIDE else kept[key].resize((side, side), Image.BOX)
    return picture


def report_data(runs, missing, lambdas, options):
    axes = [] if options.large else ["optimizer.lr"]
    columns = columns_of(axes, options.large)
    case, cases = cases_of(runs, axes)
    row_of = {run["id"]: i for i, run in enumerate(runs)}
    statuses = [r["status"] for r in runs]
    values = {"id": [r["id"] for r in runs]}
    for c in columns[1:]:
        if c["name"] == "verdict":
            continue
        cells = [r[c["name"]] for r in runs]
        values[c["name"]] = coded(cells) if c["kind"] == "text" else cells
    verdict = [V[r["verdict"]] for r in runs]
    sweep = "name: sample\nweights: builtin\nimage: {size: 224}\nobjective: {steps: 400}\ngrid:\n  lambda: [" + ", ".join(map(str, lambdas)) + "]\n"
    data = {
        "format": 1, "name": "every-channel" if options.large else "relu4-mondrian", "sweep": sweep,
        "created": "2026-11-25T12:00:00Z", "finished": "2026-11-25T14:12:09Z", "generated": "2026-11-25T14:13:00Z",
        "program": {"version": "0.1.0", "commit": "5fa32c8"}, "weights": {"family": "torchvision", "sha256": hashlib.sha256(b"w").hexdigest(), "name": "vgg16.safetensors"},
        "counts": {"planned": len(runs) + len(missing), "stored": len(runs), **{s: statuses.count(s) for s in ("done", "diverged", "failed")}, "missing": len(missing)},
        "live": options.live, "weight": "lambda", "columns": columns, "values": values,
        "baseline": [row_of[r["base"]["id"]] if r["base"] else -1 for r in runs], "case": case,
        "verdicts": [{"name": n, "meaning": m, "rule": rule, "count": verdict.count(i)} for i, (n, m, rule) in enumerate(VERDICTS)],
        "verdict": verdict, "reason": [reason_of(r) for r in runs], "cases": cases, "headlines": headlines_of(runs), "channels": {"excited": [], "different": []},
        "shares": shares_of(runs, lambdas), "collapse": collapse_of(runs, axes), "picture": {"height": SIDE, "width": SIDE},
        "drawings": written_as_svg(runs), "traces": {"names": TRACES, "steps": STEPS, "chunk": CHUNK}, "missing": missing[:1000],
    }
    if options.hostile:
        data.update(name=HOSTILE[1] + HOSTILE[0], sweep="\n".join(HOSTILE))
        data["values"]["host"] = coded([HOSTILE[i % len(HOSTILE)] for i in range(len(runs))])
        data["reason"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(runs))]
        for c in data["columns"]:
            c["formula"] = HOSTILE[0]
        for v in data["verdicts"]:
            v["meaning"] = v["rule"] = HOSTILE[2]
    return data


def write_page(out, template, data):
    page = template.read_text()
    payload = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    rows = "".join(f"<tr><td>{html.escape(data['values']['id'][line['row']])}</td><td>{html.escape(data['reason'][line['row']])}</td></tr>"
                   for line in data["headlines"])
    page = page.replace("<!--vggsweep-title-->", html.escape(data["name"])).replace("<!--vggsweep-noscript-->", f"<table>{rows}</table>")
    page = page.replace("<!--vggsweep-data-->", f'<script type="application/json" id="report-data">{payload}</script>')
    (out / "index.html").write_text(page)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("template", type=Path)
    parser.add_argument("out", type=Path)
    for option in ("large", "hostile", "live"):
        parser.add_argument(f"--{option}", action="store_true")
    parser.add_argument("--pictures", type=Path, metavar="SAMPLE", help="take the pictures of this sample, of the same runs (may be OUT itself)")
    options = parser.parse_args()
    out, lender = options.out, options.pictures
    (out / "chunks").mkdir(parents=True, exist_ok=True)
    runs, missing, lambdas = make_runs(options.large)
    data = report_data(runs, missing, lambdas, options)
    for folder in PICTURE_FOLDERS:
        if lender is None:
            shutil.rmtree(out / folder, ignore_errors=True)
            (out / folder).mkdir()
        elif not (out / folder).exists():
            (out / folder).symlink_to((lender / folder).resolve())
    if lender is None:
        pictures = picture_maker(options.large)
        taken = write_pictures(out, runs, pictures, options.large)
        write_drawings(out, runs)
        made = {"thumbnail": thumbnails(out, runs, pictures), "snapshots": {"steps": SNAPSHOTS, "taken": taken}}
        (out / "pictures.json").write_text(json.dumps(made))
    else:
        made = json.loads((lender / "pictures.json").read_text())
    data.update(made)
    write_chunks(out, runs, options.hostile)
    write_page(out, options.template, data)
    print(f"{out}: {len(runs)} runs, {len(missing)} missing, " + ", ".join(f"{v['name']} {v['count']}" for v in data["verdicts"]))


main()
