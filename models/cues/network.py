"""MiniLM in JAX, as far as it takes to tune its upper half: forward pass, loss, one step of Adam.

Owns the arithmetic of training and the way of the arrays in and out. Refuses to know where examples come from
and what a cue is. Coach itself never loads this: `coach.cues.learned` runs the converted weights.

Source: the layers are those of BERT (Devlin et al. 2019) as MiniLM has them (Wang et al. 2020), the optimiser is
Adam with decoupled decay (Loshchilov & Hutter 2019).
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

HEADS_OF_ATTENTION: Final = 12
FROZEN: Final = 3
"""Layers that stay as they were published; those above are tuned."""
_DROPPED: Final = 0.1
_NO: Final = -1e9
_NAMES: Final = {
    "wo": "attention.output.dense.weight",
    "bo": "attention.output.dense.bias",
    "g1": "attention.output.LayerNorm.weight",
    "b1": "attention.output.LayerNorm.bias",
    "w1": "intermediate.dense.weight",
    "c1": "intermediate.dense.bias",
    "w2": "output.dense.weight",
    "c2": "output.dense.bias",
    "g2": "output.LayerNorm.weight",
    "b2": "output.LayerNorm.bias",
}
_QKV: Final = ("query", "key", "value")
Tree = Any
"""A nest of dictionaries and lists of arrays."""


class Batch(NamedTuple):
    """Sentences of about one length: (sentences, pieces) numbers and masks, then features and targets."""

    ids: np.ndarray
    types: np.ndarray
    mask: np.ndarray
    said: np.ndarray
    small: np.ndarray
    true: np.ndarray
    known: np.ndarray


class Tuned(NamedTuple):
    """What is learned, with Adam's two means."""

    weights: Tree
    mean: Tree
    square: Tree


def below(arrays: dict[str, np.ndarray], keep: list[int]) -> Tree:
    """Return the part that stays: embeddings of the kept pieces and the lower layers."""
    return jax.tree.map(
        jnp.asarray,
        {
            "word": arrays["embeddings.word_embeddings.weight"][keep],
            "type": arrays["embeddings.token_type_embeddings.weight"],
            "position": arrays["embeddings.position_embeddings.weight"],
            "g": arrays["embeddings.LayerNorm.weight"],
            "b": arrays["embeddings.LayerNorm.bias"],
            "layers": [_layer(arrays, n) for n in range(FROZEN)],
        },
    )


def fresh(arrays: dict[str, np.ndarray], layers: int, heads: np.ndarray) -> Tuned:
    """Return what is to be tuned: the layers as published, and heads that begin with what the rules say.

    ``heads`` is what each head makes of the small features at the start, (small features, heads). A head without a
    rule knows at first only that most things are no.
    """
    width = arrays["embeddings.LayerNorm.weight"].size
    start = np.zeros((heads.shape[0] + 2 * width, heads.shape[1]), np.float32)
    start[: heads.shape[0]] = heads
    weights = jax.tree.map(
        jnp.asarray,
        {
            "layers": [_layer(arrays, n) for n in range(FROZEN, layers)],
            "heads": {
                "w": start,
                "b": np.where(heads.any(axis=0), 0.0, -1.5).astype(np.float32),
            },
        },
    )
    return Tuned(weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights))


def into(arrays: dict[str, np.ndarray], weights: Tree) -> None:
    """Write the tuned layers over the published ones, by their published names."""
    for number, layer in enumerate(weights["layers"]):
        at = f"encoder.layer.{FROZEN + number}"
        for kind, name in (("wqkv", "weight"), ("bqkv", "bias")):
            parts = np.split(np.asarray(layer[kind]).T, len(_QKV))
            for part, of in zip(parts, _QKV, strict=True):
                arrays[f"{at}.attention.self.{of}.{name}"] = np.ascontiguousarray(part)
        for short, name in _NAMES.items():
            arrays[f"{at}.{name}"] = np.ascontiguousarray(np.asarray(layer[short]).T)


def _layer(arrays: dict[str, np.ndarray], number: int) -> Tree:
    at = f"encoder.layer.{number}"
    joined = {
        kind: np.concatenate([arrays[f"{at}.attention.self.{of}.{name}"] for of in _QKV]).T.copy()
        for kind, name in (("wqkv", "weight"), ("bqkv", "bias"))
    }
    return joined | {short: arrays[f"{at}.{name}"].T.copy() for short, name in _NAMES.items()}


def _norm(x: jax.Array, gain: jax.Array, shift: jax.Array) -> jax.Array:
    mean = x.mean(-1, keepdims=True)
    spread = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(spread + 1e-12) * gain + shift


def _drop(key: jax.Array | None, x: jax.Array) -> jax.Array:
    if key is None:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - _DROPPED, x.shape), x / (1 - _DROPPED), 0)


def _block(layer: Tree, x: jax.Array, hidden: jax.Array, key: jax.Array | None) -> jax.Array:
    """Return one layer's output; ``hidden`` is added to attention and hides the padding."""
    sentences, pieces, width = x.shape
    keys = (None, None) if key is None else jax.random.split(key, 2)
    parts = (x @ layer["wqkv"] + layer["bqkv"]).reshape(sentences, pieces, 3, HEADS_OF_ATTENTION, -1)
    query, at, value = parts.transpose(2, 0, 3, 1, 4)
    looks = jax.nn.softmax(query @ at.swapaxes(2, 3) / np.sqrt(width // HEADS_OF_ATTENTION) + hidden, -1)
    seen = (looks @ value).swapaxes(1, 2).reshape(sentences, pieces, width) @ layer["wo"] + layer["bo"]
    x = _norm(x + _drop(keys[0], seen), layer["g1"], layer["b1"])
    made = jax.nn.gelu(x @ layer["w1"] + layer["c1"], approximate=False) @ layer["w2"] + layer["c2"]
    return _norm(x + _drop(keys[1], made), layer["g2"], layer["b2"])


def _lower(stays: Tree, batch: Batch) -> tuple[jax.Array, jax.Array]:
    x = stays["word"][batch.ids] + stays["type"][batch.types] + stays["position"][: batch.ids.shape[1]]
    x = _norm(x, stays["g"], stays["b"])
    hidden = (1 - batch.mask)[:, None, None, :] * _NO
    for layer in stays["layers"]:
        x = _block(layer, x, hidden, None)
    return x, hidden


def _heads(weights: Tree, x: jax.Array, hidden: jax.Array, batch: Batch, key: jax.Array | None) -> jax.Array:
    count = len(weights["layers"]) + 1
    keys = [None] * count if key is None else jax.random.split(key, count)
    for layer, one in zip(weights["layers"], keys[:-1], strict=True):
        x = _block(layer, x, hidden, one)
    mean = (x * batch.said[:, :, None]).sum(1) / batch.said.sum(1, keepdims=True)
    vector = _drop(keys[-1], jnp.concatenate([x[:, 0], mean], 1))
    return jnp.concatenate([batch.small, vector], 1) @ weights["heads"]["w"] + weights["heads"]["b"]


@jax.jit
def predict(stays: Tree, weights: Tree, batch: Batch) -> jax.Array:
    """Return the heads' numbers, (sentences, heads)."""
    return _heads(weights, *_lower(stays, batch), batch, None)


def _loss(weights: Tree, x: jax.Array, hidden: jax.Array, batch: Batch, key: jax.Array) -> jax.Array:
    """Return the mean over sentences of the cross entropy of their known heads."""
    out = _heads(weights, x, hidden, batch, key)
    entropy = jnp.maximum(out, 0) - out * batch.true + jnp.log1p(jnp.exp(-jnp.abs(out)))
    return (entropy * batch.known).sum() / out.shape[0]


@partial(jax.jit, donate_argnums=1)
def step(
    stays: Tree, tuned: Tuned, when: tuple[int, float], batch: Batch, key: jax.Array
) -> tuple[Tuned, jax.Array]:
    """Return the weights after one step of Adam, and the loss before it; heads learn twenty times as fast.

    ``when`` is the number of the step, from 1, and the rate at it.
    """
    number, rate = when
    slope_of = jax.value_and_grad(_loss)
    loss, slope = slope_of(tuned.weights, *_lower(stays, batch), batch, key)
    length = jnp.sqrt(sum((g**2).sum() for g in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda g: g * jnp.minimum(1.0, 2.0 / length), slope)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, tuned.mean, slope)
    square = jax.tree.map(lambda v, g: 0.98 * v + 0.02 * g * g, tuned.square, slope)

    def moved(path: Tree, p: jax.Array, m: jax.Array, v: jax.Array) -> jax.Array:
        own = rate * jnp.where(path[0].key == "heads", 20.0, 1.0)
        step_ = (m / (1 - 0.9**number)) / (jnp.sqrt(v / (1 - 0.98**number)) + 1e-6)
        return p - own * (step_ + 0.01 * p)

    weights = jax.tree_util.tree_map_with_path(moved, tuned.weights, mean, square)
    return Tuned(weights, mean, square), loss
