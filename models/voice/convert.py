"""Turn Resemblyzer's published weights into the small voice encoder of `coach.audio.voiceprint`.

    pip download --no-deps Resemblyzer==0.1.4 -d DIR
    python models/voice/convert.py DIR/Resemblyzer-0.1.4-py3-none-any.whl

Owns the way from the wheel (pinned by SHA-256) to ``weights.f16``, and the check that little was lost on it: a plain
float32 network, written here a second time and run on the weights as published, gives ``reference.json``, which the
tests hold against the program. Needs numpy, no torch: the pickle is read by an unpickler that knows three names and
refuses every other. Run once; Coach itself never runs it. The same wheel gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import pickle
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import numpy as np

_WHEEL_SHA256: Final = "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f"
_PICKLE_SHA256: Final = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
_INSIDE: Final = "resemblyzer/pretrained.pt"
_HERE: Final = Path(__file__).resolve().parent
NAMES: Final = (
    *(
        f"lstm.{part}_l{layer}"
        for layer in range(3)
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    ),
    "linear.weight",
    "linear.bias",
)
"""The arrays in the order in which they lie in the file; both biases of a layer are added up there."""
_SHOWN: Final = 16  # numbers of each reference vector that are kept


class _Storage:
    """Stands for a class of torch: a kind of number."""


class _Arrays(pickle.Unpickler):
    """Reads a checkpoint of arrays and nothing else: three names are known, every other is refused."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.used: dict[str, tuple[Any, int]] = {}

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuilt,
            ("torch", "FloatStorage"): _Storage,
        }
        if (module, name) not in known:
            sys.exit(f"The checkpoint asks for {module}.{name}, which this script does not know.")
        return known[module, name]

    def persistent_load(self, pid: Any) -> str:
        kind, storage, key, _place, count, *_ = pid
        if kind != "storage" or storage is not _Storage:
            sys.exit("The checkpoint holds something that is no array.")
        self.used[key] = (storage, count)
        return str(key)


def _rebuilt(storage: str, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Any:
    return storage, offset, size, stride


def _tensors(raw: bytes) -> dict[str, np.ndarray]:
    """Return the float32 arrays of a checkpoint in PyTorch's format before 1.6."""
    file = io.BytesIO(raw)
    for _ in range(3):  # a magic number, the protocol, the sizes of C's types
        _Arrays(file).load()
    state = _Arrays(file).load()["model_state"]
    keys = _Arrays(file).load()
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        storages[key] = np.frombuffer(file.read(4 * count), "<f4")
    out = {}
    for name in NAMES:
        storage, offset, size, stride = state[name]
        flat = storages[storage][offset:]
        out[name] = np.lib.stride_tricks.as_strided(flat, size, tuple(4 * s for s in stride)).copy()
    return out


def arrays_of(wheel: Path) -> dict[str, np.ndarray]:
    """Return the published arrays by name."""
    whole = wheel.read_bytes()
    if hashlib.sha256(whole).hexdigest() != _WHEEL_SHA256:
        sys.exit(f"{wheel} is not the wheel that this script knows.")
    with zipfile.ZipFile(wheel) as inside:
        raw = inside.read(_INSIDE)
    if hashlib.sha256(raw).hexdigest() != _PICKLE_SHA256:
        sys.exit("The checkpoint in the wheel is not the one that this script knows.")
    return _tensors(raw)


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """Return the file: half precision, the arrays one behind the other."""
    parts = []
    for layer in range(3):
        parts += [arrays[f"lstm.weight_ih_l{layer}"], arrays[f"lstm.weight_hh_l{layer}"]]
        parts.append(arrays[f"lstm.bias_ih_l{layer}"] + arrays[f"lstm.bias_hh_l{layer}"])
    parts += [arrays["linear.weight"], arrays["linear.bias"]]
    return b"".join(p.astype("<f2").tobytes() for p in parts)


def embedded(arrays: dict[str, np.ndarray], mels: np.ndarray) -> np.ndarray:
    """Return the vector of one window, frame by frame and in float32 throughout: slow, and plainly right."""
    below = mels.astype(np.float32)
    for layer in range(3):
        w, u = arrays[f"lstm.weight_ih_l{layer}"], arrays[f"lstm.weight_hh_l{layer}"]
        b = arrays[f"lstm.bias_ih_l{layer}"] + arrays[f"lstm.bias_hh_l{layer}"]
        h = c = np.zeros(u.shape[1], np.float32)
        above = []
        for frame in below:
            i, f, g, o = np.split(w @ frame + u @ h + b, 4)  # PyTorch's order of the gates
            c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
            h = _sigmoid(o) * np.tanh(c)
            above.append(h)
        below = np.array(above)
    raw = np.maximum(arrays["linear.weight"] @ below[-1] + arrays["linear.bias"], 0)
    return np.asarray(raw / np.linalg.norm(raw))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)


def pretended_mels(seed: int) -> np.ndarray:
    """Return a window of invented mel frames, shape ``(160, 40)``: the same numbers on every machine."""
    n = np.arange(160 * 40, dtype=np.int64) * (2 * seed + 1)
    return ((n * n % 9973).reshape(160, 40) / 9973).astype(np.float32) ** 4 * 0.02


def main() -> None:
    """Convert and say what was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=_HERE)
    args = parser.parse_args()
    arrays = arrays_of(args.wheel)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "weights.f16").write_bytes(packed(arrays))
    vectors = [embedded(arrays, pretended_mels(seed)) for seed in range(3)]
    reference = [
        {"seed": seed, "begins": [round(float(x), 6) for x in v[:_SHOWN]], "sum": round(float(v.sum()), 5)}
        for seed, v in enumerate(vectors)
    ]
    (args.out / "reference.json").write_text(json.dumps(reference, indent=1) + "\n", encoding="ascii")
    sums = [
        (hashlib.sha256((args.out / n).read_bytes()).hexdigest(), n)
        for n in ("weights.f16", "reference.json")
    ]
    (args.out / "SHA256SUMS").write_text("".join(f"{d}  {n}\n" for d, n in sums), encoding="ascii")
    for digest, name in sums:
        print(name, (args.out / name).stat().st_size, digest)  # noqa: T201 - what was written


if __name__ == "__main__":
    main()
