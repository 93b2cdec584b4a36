"""Numbers for the tests of core/image, core/param and core/optimize, made by others: Pillow (resize),
PyTorch (FFT, Fourier parametrization, bilinear views, Adam) and a small PNG encoder of its own, so that
files of every kind exist with the pixels they must give.

    /usr/bin/python3 tests/golden/make_image_golden.py        # needs numpy, PIL, torch; rewrites image/

<name>.f32 are raw little-endian float32, <name>.rgb raw bytes (H,W,3). Everything is computed in float64 and
rounded once, except where Pillow works in float32.
"""
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image

HERE = pathlib.Path(__file__).parent / "image"
RANDOM = np.random.default_rng(20220501)


def save(name, values):
    np.ascontiguousarray(np.asarray(values), dtype="<f4").tofile(HERE / f"{name}.f32")


# ---- resize ------------------------------------------------------------------------------------

def resize_golden():
    picture = RANDOM.random((23, 31, 3)).astype(np.float32)
    save("resize_in", picture)
    for height, width in [(1, 1), (2, 45), (9, 7), (23, 12), (29, 31), (37, 50)]:
        planes = [np.asarray(Image.fromarray(picture[..., c].copy(), mode="F")
                             .resize((width, height), Image.BILINEAR)) for c in range(3)]
        save(f"resize_{height}x{width}", np.stack(planes, axis=-1))


# ---- FFT and Fourier images --------------------------------------------------------------------

def fft_golden():
    for height, width in [(1, 1), (5, 1), (1, 6), (2, 2), (7, 9), (10, 14), (17, 22)]:
        spectrum = torch.tensor(RANDOM.standard_normal((height, width // 2 + 1, 2)).astype(np.float32),
                                dtype=torch.float64, requires_grad=True)
        image = torch.fft.irfft2(torch.view_as_complex(spectrum), s=(height, width), norm="ortho")
        dimage = torch.tensor(RANDOM.standard_normal((height, width)).astype(np.float32), dtype=torch.float64)
        (image * dimage).sum().backward()
        name = f"fft_{height}x{width}"
        save(name + "_spectrum", spectrum.detach())
        save(name + "_image", image.detach())
        save(name + "_dimage", dimage)
        save(name + "_dspectrum", spectrum.grad)


def fourier_golden(height, width, decay, sd):
    """As Lucid has it: scale with sqrt(H W), inverse FFT that divides by H W, / 4, colours, sigmoid."""
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.arange(width // 2 + 1) / width
    frequency = np.sqrt(fy ** 2 + fx ** 2)
    scale = torch.tensor(np.sqrt(height * width) / np.maximum(frequency, 1.0 / max(height, width)) ** decay)
    root = torch.tensor([[.26, .09, .02], [.27, 0., -.05], [.27, -.09, .03]], dtype=torch.float64)
    colours = root / root.norm(dim=0).max()
    theta = torch.tensor((sd * RANDOM.standard_normal((3, height, width // 2 + 1, 2))).astype(np.float32),
                         dtype=torch.float64, requires_grad=True)
    t = torch.fft.irfft2(torch.view_as_complex(theta) * scale, s=(height, width)) / 4
    image = torch.sigmoid(t.permute(1, 2, 0) @ colours.T)
    dimage = torch.tensor(RANDOM.standard_normal((height, width, 3)).astype(np.float32), dtype=torch.float64)
    (image * dimage).sum().backward()
    name = f"fourier_{height}x{width}"
    save(name + "_theta", theta.detach())
    save(name + "_image", image.detach())
    save(name + "_dimage", dimage)
    save(name + "_dtheta", theta.grad)


# ---- views of the canvas -----------------------------------------------------------------------

def view_golden():
    height, width, view_height, view_width = 13, 17, 15, 19
    canvas = RANDOM.random((height, width, 3)).astype(np.float32)
    a, b, c, d, e, f = 0.9, 0.3, -2.25, -0.3, 0.9, 1.5  # the map in test_transform.c
    y, x = np.mgrid[0:view_height, 0:view_width].astype(np.float64)
    at_x, at_y = a * x + b * y + c, d * x + e * y + f
    grid = np.stack([2 * at_x / (width - 1) - 1, 2 * at_y / (height - 1) - 1], axis=-1)
    shifted = torch.tensor(canvas.astype(np.float64) - 0.5).permute(2, 0, 1)[None]  # so that grey is 0
    view = torch.nn.functional.grid_sample(shifted, torch.tensor(grid)[None], mode="bilinear",
                                           padding_mode="zeros", align_corners=True)[0] + 0.5
    save("view_canvas", canvas)
    save("view", view.permute(1, 2, 0))


# ---- Adam --------------------------------------------------------------------------------------

def adam_golden():
    count, steps = 19, 20
    theta = torch.tensor(RANDOM.standard_normal(count).astype(np.float32), dtype=torch.float64, requires_grad=True)
    gradients = (RANDOM.standard_normal((steps, count)) + 0.5) * 10.0 ** RANDOM.integers(-4, 5, count)
    gradients[:, 0] = 0.0     # never moves
    gradients[:, 1] *= 1e-13  # beside epsilon
    gradients = gradients.astype(np.float32)
    optimizer = torch.optim.Adam([theta], lr=0.05)
    save("adam_start", theta.detach())
    path = []
    for gradient in gradients:
        theta.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        path.append(theta.detach().clone().numpy())
    save("adam_gradients", gradients)
    save("adam_path", path)


# ---- PNG ---------------------------------------------------------------------------------------

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scanlines(samples, depth):
    """Filter byte 0 and the samples (h,w,c) of each row, packed."""
    out = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            packed = row.astype(">u2").tobytes()
        elif depth == 8:
            packed = row.astype("u1").tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            packed = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        out += b"\0" + packed
    return out


def encode(samples, colour_type, depth, interlaced=False, extra=b""):
    height, width = samples.shape[:2]
    if interlaced:
        passes = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in ADAM7]
        raw = b"".join(scanlines(p, depth) for p in passes if p.size)
    else:
        raw = scanlines(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def to_8_bits(samples, depth):
    return np.floor(samples * 255.0 / (2 ** depth - 1) + 0.5)


def over_white(rgb, alpha):
    return np.floor((rgb * alpha + 255.0 * (255.0 - alpha)) / 255.0 + 0.5)


def png_case(name, colour_type, depth, interlaced=False, transparent=None):
    """A file of random samples, and the 8-bit RGB it must give over white paper."""
    height, width = 6, 9
    samples = RANDOM.integers(0, 2 ** depth, (height, width, CHANNELS[colour_type]))
    extra = b""
    if colour_type == 3:
        palette = RANDOM.integers(0, 256, (2 ** depth, 3)).astype(np.float64)
        extra += chunk(b"PLTE", palette.astype("u1").tobytes())
        rgb = palette[samples[..., 0]]
    else:
        colours = samples if colour_type in (0, 2) else samples[..., :-1]
        rgb = np.broadcast_to(to_8_bits(colours, depth), (height, width, 3))
    alpha = np.full((height, width, 1), 255.0)
    if colour_type in (4, 6):
        alpha = to_8_bits(samples[..., -1:], depth)
    elif colour_type == 3 and transparent is not None:
        extra += chunk(b"tRNS", bytes(transparent))
        full = np.concatenate([transparent, np.full(2 ** depth - len(transparent), 255)]).astype(np.float64)
        alpha = full[samples]
    elif transparent is not None:  # one colour is transparent: that of the first pixel
        key = samples[0, 0]
        extra += chunk(b"tRNS", key.astype(">u2").tobytes())
        alpha = np.where((samples == key).all(axis=-1, keepdims=True), 0.0, 255.0)
    (HERE / f"{name}.png").write_bytes(encode(samples, colour_type, depth, interlaced, extra))
    over_white(rgb, alpha).astype("u1").tofile(HERE / f"{name}.rgb")


def png_golden():
    png_case("grey1", 0, 1)
    png_case("grey4-key", 0, 4, transparent=True)
    png_case("grey8", 0, 8)
    png_case("grey16", 0, 16)
    png_case("greyalpha8", 4, 8)
    png_case("greyalpha16-interlaced", 4, 16, interlaced=True)
    png_case("palette2", 3, 2)
    png_case("palette4-alpha", 3, 4, transparent=[0, 50, 100, 200], interlaced=True)
    png_case("rgb8", 2, 8)
    png_case("rgb8-key", 2, 8, transparent=True)
    png_case("rgb8-interlaced", 2, 8, interlaced=True)
    png_case("rgb16", 2, 16)
    png_case("rgba8", 6, 8)
    png_case("rgba16", 6, 16)
    # Files to be refused: their headers are whole, their sizes are not acceptable.
    for name, width, height in [("wide", 16385, 1), ("tall", 1, 2 ** 31 - 1), ("many", 16384, 16384)]:
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        (HERE / f"refused-{name}.png").write_bytes(
            SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    resize_golden()
    fft_golden()
    fourier_golden(17, 22, 1.0, 0.05)
    fourier_golden(8, 11, 1.5, 0.05)
    view_golden()
    adam_golden()
    png_golden()
