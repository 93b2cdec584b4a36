"""`vggsweep eval` against PyTorch's float64 numbers, on the plain and on the fast convolutions.

    check_eval.py REPORT_FOLDER      $VGGSWEEP names the program
"""
import json
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

from make_weights import he_weights, write_safetensors

HERE = Path(__file__).parent
# A loss sums about 1e6 float32 products of random sign: 1e-5 relative is the bound we promise.
LOSS_TOLERANCE = 1e-5
# The gradient passes ReLUs and pools that decide differently in float32 and float64 where two values
# nearly tie. A unit in 1e7 does at a rounding of 1e-7, and each such error has full size: sqrt(1e-7) in
# each of 10 layers is 1e-3. The fast path's products are less exact by a factor of up to ten: sqrt(10).
GRADIENT_TOLERANCE = {"reference": 1e-3, "fast": 3e-3}


def main():
    scratch = Path(sys.argv[1])
    scratch.mkdir(parents=True, exist_ok=True)
    weights = scratch / "he.safetensors"
    write_safetensors(he_weights(1), weights)
    golden = json.load(open(HERE / "eval.json"))
    stored = np.load(HERE / "eval_gradient.npz")
    expected = stored["scaled"].astype(np.float64) * stored["peak"]
    failed = 0
    for algorithm, bound in GRADIENT_TOLERANCE.items():
        gradient_file = scratch / f"gradient-{algorithm}.h5"
        out = subprocess.run(
            [os.environ["VGGSWEEP"], "eval", HERE / "image.png", "--layer", golden["layer"], "--channel", str(golden["channel"]),
             "--style", HERE / "style.png", "--style-layer", golden["style_layer"], "--lambda", str(golden["lambda"]),
             "--weights", weights, "--family", "torchvision", "--conv", algorithm, "--gradient", gradient_file, "--json"],
            check=True, stdout=subprocess.PIPE).stdout
        ours = json.loads(out)
        for key in ("exc_loss", "style_dist", "style_reg", "total"):
            error = abs(ours[key] - golden[key]) / abs(golden[key])
            ok = error <= LOSS_TOLERANCE
            failed += not ok
            print(f"{algorithm:10} {key:11} {ours[key]:.9g} relative error {error:.1e} {'ok' if ok else 'FAILED'}")
        with h5py.File(gradient_file) as f:
            gradient = f["gradient"][:]
        assert gradient.shape == expected.shape and gradient.dtype == np.float32
        error = np.linalg.norm(gradient - expected) / np.linalg.norm(expected)
        ok = error <= bound
        failed += not ok
        print(f"{algorithm:10} gradient    relative L2 error {error:.1e} {'ok' if ok else 'FAILED'}")
    sys.exit(failed != 0)


main()
