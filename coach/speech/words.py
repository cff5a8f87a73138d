"""Words and sentences as values, with times in milliseconds since the call began."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, punctuation kept at its end.

    ``behind`` is the next word of the same span: its mark may change yet, its letters will not. Empty where none is
    known; None where it is certain that the text ends here for now.
    """

    start_ms: int
    end_ms: int
    text: str
    behind: str | None = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of one speaker."""

    start_ms: int
    end_ms: int
    text: str
