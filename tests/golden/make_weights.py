"""Random VGG16 weights, and every file format that the program reads them from.

The weights are He-scaled uniform numbers (variance 2 / fan-in) from a counter hash in integer
arithmetic: the same seed gives the same bits with any version of numpy on any machine. They are
written as they are: nothing is converted between the families' preprocessing, so whoever evaluates
such a file names the family.

    make_weights.py --format safetensors OUT
    make_weights.py --format keras-h5 --seed 7 OUT.h5
"""
import argparse
import hashlib
import json
import math
import struct
from collections import OrderedDict

import numpy as np

# (torchvision index in `features`, input channels, output channels, Keras name)
LAYERS = [
    (0, 3, 64, "block1_conv1"), (2, 64, 64, "block1_conv2"),
    (5, 64, 128, "block2_conv1"), (7, 128, 128, "block2_conv2"),
    (10, 128, 256, "block3_conv1"), (12, 256, 256, "block3_conv2"), (14, 256, 256, "block3_conv3"),
    (17, 256, 512, "block4_conv1"), (19, 512, 512, "block4_conv2"), (21, 512, 512, "block4_conv3"),
    (24, 512, 512, "block5_conv1"), (26, 512, 512, "block5_conv2"), (28, 512, 512, "block5_conv3"),
]
BIAS_BOUND = 0.05


def _splitmix64(counter):
    """The output function of SplitMix64 (Steele, Lea, Flood, 2014) at `counter`, uint64 in and out."""
    z = (counter + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _uniform(seed, stream, shape, bound):
    """float32 numbers, uniform in (-bound, bound): an odd 25-bit integer / 2^24, times the bound."""
    count = math.prod(shape)
    key = _splitmix64(np.array([seed], dtype=np.uint64) * np.uint64(1000) + np.uint64(stream))
    bits = _splitmix64(key + np.arange(count, dtype=np.uint64)) >> np.uint64(40)
    unit = (2 * bits.astype(np.int64) + 1 - (1 << 24)).astype(np.float64) / (1 << 24)
    return (unit * bound).astype(np.float32).reshape(shape)


def he_weights(seed):
    """features.N.weight (K,C,3,3) and features.N.bias (K), float32, in the order of depth."""
    weights = OrderedDict()
    for i, (index, c, k, _) in enumerate(LAYERS):
        bound = math.sqrt(6.0 / (9 * c))
        weights[f"features.{index}.weight"] = _uniform(seed, 2 * i, (k, c, 3, 3), bound)
        weights[f"features.{index}.bias"] = _uniform(seed, 2 * i + 1, (k,), BIAS_BOUND)
    return weights


# --- safetensors --------------------------------------------------------------------------------

def _as_float32(a):
    return a.astype("<f4").tobytes()


def _as_float16(a):
    return a.astype("<f2").tobytes()


def _as_bfloat16(a):
    """The upper half of each float32: exact for numbers that round_bfloat16 made."""
    return (a.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()


def digest(weights):
    """The name of a network: the SHA-256 of its kernels, then its biases (core/vgg/weights_digest.h)."""
    sha256 = hashlib.sha256()
    for what in ("weight", "bias"):
        for index, _, _, _ in LAYERS:
            sha256.update(_as_float32(weights[f"features.{index}.{what}"]))
    return sha256.hexdigest()


def round_float16(weights):
    return OrderedDict((k, a.astype(np.float16).astype(np.float32)) for k, a in weights.items())


def round_bfloat16(weights):
    """Towards zero, which is all that the tests need."""
    return OrderedDict((k, (a.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32))
                       for k, a in weights.items())


SAFETENSORS_TYPES = {"F32": _as_float32, "F16": _as_float16, "BF16": _as_bfloat16}


def write_safetensors(weights, path, dtype="F32", metadata=None):
    header, pieces, offset = {}, [], 0
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, a in weights.items():
        data = SAFETENSORS_TYPES[dtype](a)
        header[name] = {"dtype": dtype, "shape": list(a.shape),
                        "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        pieces.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(pieces))


# --- torch --------------------------------------------------------------------------------------

def _torch_state(weights, half=False, prefix=""):
    import torch
    state = OrderedDict()
    for name, a in weights.items():
        tensor = torch.from_numpy(a.copy())
        state[prefix + name] = tensor.half() if half else tensor
    return state


def write_torch_zip(weights, path, **options):
    import torch
    torch.save(_torch_state(weights, **options), path)


def write_torch_legacy(weights, path, **options):
    import torch
    torch.save(_torch_state(weights, **options), path, _use_new_zipfile_serialization=False)


def write_torch_parameters(weights, path):
    """A zip whose tensors are Parameters, views into one storage, beside a classifier of NaN."""
    import torch
    flat = torch.cat([torch.from_numpy(a).reshape(-1) for a in weights.values()])
    state, offset = OrderedDict(), 0
    for name, a in weights.items():
        view = flat[offset:offset + a.size].view(a.shape)
        state["module." + name] = torch.nn.Parameter(view)
        offset += a.size
    state["module.classifier.0.weight"] = torch.full((4, 4), math.nan)
    torch.save(state, path)


class _Pickle:
    """Opcodes of protocol 2 as the first releases of torch wrote them under Python 2."""

    def __init__(self):
        self.bytes = b"\x80\x02"

    def put(self, *pieces):
        for piece in pieces:
            self.bytes += piece

    @staticmethod
    def text(s):
        return b"U" + bytes([len(s)]) + s.encode()

    @staticmethod
    def number(n):
        return b"J" + struct.pack("<i", n)

    def numbers(self, values):
        self.put(b"(", *[self.number(v) for v in values], b"t")


def write_torch_first(weights, path):
    """The legacy stream of torch 0.1: FloatTensor + BUILD, OrderedDict made from a list of pairs."""
    head = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e\x80\x02\x4d\xe9\x03\x2e"
    info = _Pickle()
    info.put(b"}(", info.text("protocol_version"), b"M\xe9\x03", info.text("little_endian"), b"\x88u.")
    body, keys = _Pickle(), _Pickle()
    body.put(b"ccollections\nOrderedDict\n](")
    keys.put(b"](")
    data = b""
    for i, (name, a) in enumerate(weights.items()):
        key = str(94000000 + 16 * i)
        strides = [math.prod(a.shape[d + 1:]) for d in range(a.ndim)]
        body.put(b"](", body.text(name), b"ctorch\nFloatTensor\n)\x81(")
        body.put(b"(", body.text("storage"), b"ctorch\nFloatStorage\n", body.text(key),
                 body.text("cpu"), body.number(a.size), b"NtQ", body.number(0))
        body.numbers(a.shape)
        body.numbers(strides)
        body.put(b"tbe")
        keys.put(keys.text(key))
        data += struct.pack("<q", a.size) + _as_float32(a)
    body.put(b"e\x85R.")
    keys.put(b"e.")
    with open(path, "wb") as out:
        out.write(head + info.bytes + body.bytes + keys.bytes + data)


# --- Keras --------------------------------------------------------------------------------------

def _hwio(kernel):
    return np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))


def _layer_arrays(weights):
    for index, _, _, name in LAYERS:
        yield name, _hwio(weights[f"features.{index}.weight"]), weights[f"features.{index}.bias"]


def write_keras(weights, path):
    """As the official files of 2016: fixed-length names, block1_conv1_W_1:0."""
    import h5py
    with h5py.File(path, "w") as out:
        names = ["input_1"]
        out.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
        for name, kernel, bias in _layer_arrays(weights):
            group = out.create_group(name)
            group.create_dataset(f"{name}_W_1:0", data=kernel)
            group.create_dataset(f"{name}_b_1:0", data=bias)
            group.attrs["weight_names"] = np.array([f"{name}_W_1:0", f"{name}_b_1:0"], dtype="S")
            names.append(name)
        out.attrs["layer_names"] = np.array(names, dtype="S")


def write_keras_model(weights, path):
    """A whole model of Keras 2: /model_weights, variable-length names, split attributes."""
    import h5py
    text = h5py.string_dtype()
    with h5py.File(path, "w") as out:
        out.attrs["keras_version"] = "2.11.0"
        root = out.create_group("model_weights")
        root.attrs["backend"] = "tensorflow"
        names = []
        for name, kernel, bias in _layer_arrays(weights):
            group = root.create_group(name)
            group.create_dataset(f"{name}/kernel:0", data=kernel)
            group.create_dataset(f"{name}/bias:0", data=bias)
            group.attrs.create("weight_names", [f"{name}/kernel:0", f"{name}/bias:0"], dtype=text)
            names.append(name)
        root.attrs.create("layer_names0", names[:5], dtype=text)
        root.attrs.create("layer_names1", names[5:], dtype=text)


def _write_keras3(weights, path, container, named):
    import h5py
    with h5py.File(path, "w") as out:
        out.create_group("vars")
        layers = out.create_group(container)
        layers.create_group("input_layer/vars")
        for i, (name, kernel, bias) in enumerate(_layer_arrays(weights)):
            numbered = "conv2d" if i == 0 else f"conv2d_{i}"
            group = layers.create_group(f"{name if named else numbered}/vars")
            group.create_dataset("0", data=kernel)
            group.create_dataset("1", data=bias)


def write_keras3(weights, path):
    _write_keras3(weights, path, "layers", named=False)


def write_keras3_named(weights, path):
    _write_keras3(weights, path, "layers/functional/layers", named=True)


def write_keras3_dependencies(weights, path):
    _write_keras3(weights, path, "_layer_checkpoint_dependencies", named=False)


# --- numpy --------------------------------------------------------------------------------------

def write_npz(weights, path):
    with open(path, "wb") as out:  # a name without .npz stays as it is
        np.savez(out, **weights)


def write_npz_keras(weights, path):
    """As public dumps of the Caffe model: conv1_1_W (3,3,C,K), conv1_1_b; here packed, kernels in Fortran's order."""
    arrays = {}
    for name, kernel, bias in _layer_arrays(weights):
        block, conv = name.removeprefix("block").split("_conv")
        arrays[f"conv{block}_{conv}_W"] = np.asfortranarray(kernel)
        arrays[f"conv{block}_{conv}_b"] = bias
    with open(path, "wb") as out:
        np.savez_compressed(out, **arrays)


# --- ONNX ---------------------------------------------------------------------------------------

def _varint(n):
    out = b""
    while n >= 128:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def _field(number, value):
    """A whole number, or bytes (texts and messages too)."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    value = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _onnx_tensor(name, array):
    dims = b"".join(_field(1, d) for d in array.shape)
    return dims + _field(2, 1) + _field(8, name) + _field(9, _as_float32(array))


def _onnx_node(op, inputs, output, attributes=b""):
    return b"".join(_field(1, i) for i in inputs) + _field(2, output) + _field(4, op) + attributes


def write_onnx(weights, path):
    """A chain of Conv, Relu and MaxPool, initializers behind the nodes and in reverse, as tf2onnx does it."""
    pads = _field(1, "pads") + b"".join(_field(8, 1) for _ in range(4)) + _field(20, 7)
    nodes, tensors, last = [], [], "input"
    for i, (index, c, k, _) in enumerate(LAYERS):
        names = [f"features.{index}.weight", f"features.{index}.bias"]
        tensors += [_onnx_tensor(name, weights[name]) for name in names]
        nodes.append(_onnx_node("Conv", [last, *names], f"conv{i}", _field(5, pads)))
        nodes.append(_onnx_node("Relu", [f"conv{i}"], f"relu{i}"))
        last = f"relu{i}"
        if i + 1 == len(LAYERS) or LAYERS[i + 1][0] > index + 2:  # a pool has an index too
            nodes.append(_onnx_node("MaxPool", [last], f"pool{i}"))
            last = f"pool{i}"
    graph = b"".join(_field(1, node) for node in nodes) + b"".join(_field(5, tensor) for tensor in reversed(tensors))
    with open(path, "wb") as out:
        out.write(_field(1, 7) + _field(2, "make_weights.py") + _field(7, graph) + _field(8, _field(2, 13)))


# Every way to write float32 numbers that must read back as the same bits.
FORMATS = {
    "safetensors": write_safetensors,
    "torch-zip": write_torch_zip,
    "torch-legacy": write_torch_legacy,
    "torch-first": write_torch_first,
    "torch-parameters": write_torch_parameters,
    "keras-h5": write_keras,
    "keras-model-h5": write_keras_model,
    "keras3-h5": write_keras3,
    "keras3-named-h5": write_keras3_named,
    "keras3-dependencies-h5": write_keras3_dependencies,
    "npz": write_npz,
    "npz-keras": write_npz_keras,
    "onnx": write_onnx,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--format", choices=sorted(FORMATS), default="safetensors")
    parser.add_argument("--seed", type=int, default=0, help="not negative (default 0)")
    parser.add_argument("out")
    options = parser.parse_args()
    FORMATS[options.format](he_weights(options.seed), options.out)


if __name__ == "__main__":
    main()
