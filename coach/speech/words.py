"""Words and sentences as values, with times in milliseconds since the call began."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, punctuation kept at its end."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of one speaker."""

    start_ms: int
    end_ms: int
    text: str
