"""What was said as subtitles: WebVTT and SubRip, each line with its speaker.

Owns both forms. Words are text in both: WebVTT has escapes for what would be a tag or an arrow; SubRip has none, and
players take tags there too, so the characters of tags become look-alikes that are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.report.plain import called, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.events import SentenceHeard
    from coach.report.card import Card

_NO_WORDS: Final = "No words were kept of this call."
_LEAST_MS: Final = 1
_FOR_VTT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_FOR_SRT: Final = str.maketrans({"<": "\u2039", ">": "\u203a", "{": "(", "}": ")", "\\": "/"})


def vtt(card: Card) -> str:
    """Return WebVTT with a voice for each line (W3C WebVTT, 2019)."""
    blocks = ["WEBVTT"]
    for s, words in _said(card):
        times = f"{_moment(s.start_ms, '.')} --> {_moment(_end(s), '.')}"
        blocks.append(f"{times}\n<v {called(s.who, card.report)}>{words.translate(_FOR_VTT)}")
    if len(blocks) == 1:
        blocks.append(f"NOTE {_NO_WORDS}")
    return "\n\n".join(blocks) + "\n"


def srt(card: Card) -> str:
    """Return SubRip with the speaker in front of each line; empty where no words were kept."""
    blocks = (
        f"{n}\n{_moment(s.start_ms, ',')} --> {_moment(_end(s), ',')}\n"
        f"{called(s.who, card.report)}: {words.translate(_FOR_SRT)}\n"
        for n, (s, words) in enumerate(_said(card), 1)
    )
    return "\n".join(blocks)


def _said(card: Card) -> Iterator[tuple[SentenceHeard, str]]:
    for s in card.line.sentences:
        if words := quoted(s.text).strip():
            yield s, words


def _end(s: SentenceHeard) -> int:
    return max(s.end_ms, s.start_ms + _LEAST_MS)


def _moment(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"
