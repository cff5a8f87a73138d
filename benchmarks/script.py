"""Hold what was heard on one channel against its script.

Owns the figures of benchmarks/words.py: wrong words, what became of each sentence, and how late it was known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from coach.bench.wrong_words import edit_distance, scored_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coach.speech.spans import Span
    from coach.speech.words import Utterance


@dataclass(frozen=True, slots=True)
class Heard:
    """What one channel came to: spans, and sentences with the audio time at which each was known."""

    spans: list[Span]
    sentences: list[tuple[int, Utterance]]
    decode_s: float


@dataclass(slots=True)
class Figures:
    """Sums over channels; `row` turns them into figures."""

    edits: int = 0
    words: int = 0
    audio_s: float = 0.0
    decode_s: float = 0.0
    span_ms: list[int] = field(default_factory=list)
    closing_ms: list[int] = field(default_factory=list)
    known_ms: list[int] = field(default_factory=list)
    end_error_ms: list[int] = field(default_factory=list)
    sentences: int = 0
    whole: int = 0
    split: int = 0
    merged: int = 0

    def add(self, other: Figures) -> None:
        """Add another channel's sums."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self) -> dict[str, float]:
        """Return the figures, each name ending in its unit."""
        return {
            "wer": self.edits / max(1, self.words),
            "whole_share": self.whole / max(1, self.sentences),
            "split_share": self.split / max(1, self.sentences),
            "merged_share": self.merged / max(1, self.sentences),
            "end_error_p50_ms": _quantile(self.end_error_ms, 0.5),
            "end_error_p90_ms": _quantile(self.end_error_ms, 0.9),
            "spans": len(self.span_ms),
            "span_p50_ms": _quantile(self.span_ms, 0.5),
            "span_p95_ms": _quantile(self.span_ms, 0.95),
            "closing_p50_ms": _quantile(self.closing_ms, 0.5),
            "closing_p95_ms": _quantile(self.closing_ms, 0.95),
            "known_p50_ms": _quantile(self.known_ms, 0.5),
            "known_p95_ms": _quantile(self.known_ms, 0.95),
            "decode_s_per_audio_s": self.decode_s / max(1e-9, self.audio_s),
        }


def compare(script: Sequence[dict[str, Any]], heard: Heard, audio_s: float) -> Figures:
    """Hold one channel against its script."""
    script = sorted(script, key=lambda s: s["start_s"])
    reference = [scored_words(s["text"]) if s["cues"] != ["backchannel"] else [] for s in script]
    found = [scored_words(u.text) for _, u in heard.sentences]
    flat_reference, flat_found = _flat(reference), _flat(found)
    figures = Figures(
        edits=edit_distance(flat_reference, flat_found),
        words=len(flat_reference),
        audio_s=audio_s,
        decode_s=heard.decode_s,
        span_ms=[s.end_ms - s.start_ms for s in heard.spans],
    )
    true_cuts, found_cuts = _cuts(reference), _aligned_cuts(flat_reference, found)
    _count_sentences(figures, reference, true_cuts, set(found_cuts))
    for s, words, cut in zip(script, reference, true_cuts, strict=True):
        end_ms = round(s["end_s"] * 1000)
        closing = [p.closed_at_ms for p in heard.spans if p.start_ms < end_ms - 100 <= p.closed_at_ms]
        figures.closing_ms += [closing[0] - end_ms] if closing else []
        if cut in found_cuts and words:
            known_ms, u = heard.sentences[found_cuts[cut]]
            figures.known_ms.append(known_ms - end_ms)
            figures.end_error_ms.append(abs(u.end_ms - end_ms))
    return figures


def _flat(sentences: Iterable[Sequence[str]]) -> list[str]:
    return [word for sentence in sentences for word in sentence]


def _cuts(sentences: Sequence[Sequence[str]]) -> list[int]:
    total, cuts = 0, []
    for s in sentences:
        total += len(s)
        cuts.append(total)
    return cuts


def _count_sentences(
    figures: Figures, reference: Sequence[Sequence[str]], ends: Sequence[int], found: set[int]
) -> None:
    """Count the script's sentences by what became of them; one cut and run on at once counts as split."""
    for words, end in zip(reference, ends, strict=True):
        if not words:
            continue
        begin = end - len(words)
        figures.sentences += 1
        if any(begin < cut < end for cut in found):
            figures.split += 1
        elif end in found and (begin == 0 or begin in found):
            figures.whole += 1
        else:
            figures.merged += 1


def _aligned_cuts(reference: Sequence[str], found: Sequence[Sequence[str]]) -> dict[int, int]:
    """Return where the found sentences end, as counts of reference words, and which sentence ends there."""
    flat = _flat(found)
    partner = _alignment(reference, flat)
    cuts: dict[int, int] = {}
    for index, cut in enumerate(_cuts(found)):
        if cut and found[index]:
            cuts[partner[cut]] = index
    return cuts


def _alignment(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """Return, for each count of words of ``b``, the count of words of ``a`` that stand before it."""
    n, m = len(a), len(b)
    cost = np.zeros((n + 1, m + 1), np.int32)
    cost[:, 0], cost[0, :] = np.arange(n + 1), np.arange(m + 1)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost[i, j] = min(
                cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            )
    partner, i, j = [0] * (m + 1), n, m
    while j > 0:
        if partner[j] == 0:
            partner[j] = i
        if i and cost[i, j] == cost[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
        elif cost[i, j] == cost[i, j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return partner


def _quantile(values: Sequence[int], q: float) -> float:
    return float(sorted(values)[min(len(values) - 1, int(len(values) * q))]) if values else 0.0
