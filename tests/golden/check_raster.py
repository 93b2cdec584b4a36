"""Our pictures of random drawings against librsvg's of the same drawings as SVG.

    check_raster.py RASTER_SCENES FOLDER      RASTER_SCENES: the program of raster_scenes.c

Prints a Markdown row a scene."""
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

SCENES = 20
# Of 255, over all pixels and colours of a scene; measured .23 to .43, .35 in the mean. With ramps of half
# width .60 and .70 that is .40 and .43, with 1.0, as diffvg has it, 1.6; lines a quarter pixel off give .9
# to 2.3. librsvg rounds its coverage, and pixels to 8 bits after every stroke.
MEAN = 0.75
# At most one pixel in a thousand differs by more than this; measured: up to 6 in ten thousand. An eighth
# of a pixel more or less of an opaque black line on white is 32.
FEW, SHARE = 32, 1e-3
# No pixel differs by more. A pixel that two edges of one stroke share, at a slit or a fold narrower than
# itself, knows only the nearer: it may miss up to half its area. An edge that is missing or in the wrong
# place differs by up to 255, and in more than one pixel in a thousand.
MOST = 128


def rendered_by_librsvg(svg):
    png = subprocess.run(["rsvg-convert", svg], check=True, stdout=subprocess.PIPE).stdout
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.float64)


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([program, folder, str(SCENES)], check=True)
    print("| scene | touched | mean difference | share over 32 | most | |\n|---|---|---|---|---|---|")
    failed = 0
    for scene in range(SCENES):
        svg = folder / f"{scene:02}.svg"
        theirs = rendered_by_librsvg(svg)
        ours = 255 * np.fromfile(svg.with_suffix(".f32"), np.float32).astype(np.float64).reshape(theirs.shape)
        off = np.abs(ours - theirs)
        touched = (theirs.min(axis=2) < 255).mean()
        assert touched > 0.1, f"scene {scene} is nearly empty"
        mean, share, most = off.mean(), (off.max(axis=2) > FEW).mean(), off.max()
        ok = mean <= MEAN and share <= SHARE and most <= MOST
        failed += not ok
        print(f"| {scene} | {touched:.2f} | {mean:.3f} | {share:.5f} | {most:.0f} | {'ok' if ok else 'FAILED'} |")
    sys.exit(failed != 0)


main()
