"""What was said in a recording and when, found with time to spare: what a live call is compared with.

Owns the comparison of words. The reference is the program's own careful pass over the same file, and the script
where one stands beside it (a JSON of the same name with ``sentences``); nothing is made up where neither knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from coach import app
from coach.bench.wrong_words import scored_words
from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coach.audio.recording import Recording
    from coach.settings import Settings
    from coach.speech.whisper import Whisper


@dataclass(frozen=True, slots=True)
class Said:
    """A word, bare of case and marks, and when it was over (ms since the call began)."""

    word: str
    end_ms: int


def bare(text: str) -> str:
    """Return a word without case and marks."""
    return "".join(c for c in text.lower() if c.isalnum())


def said(recording: Recording, settings: Settings, whisper: Whisper) -> dict[Who, list[Said]]:
    """Hear a recording span by span, with all its sound known, and place every word."""
    ear = app.make_ear(settings, recording.channels)
    words: dict[Who, list[Said]] = {who: [] for who in recording.channels}
    spans = [s for block in recording.blocks(app.BLOCK_MS) for s in ear.hear(block).spans]
    spans += [s for heard in ear.rest() for s in heard.spans]
    for span in [*spans, *ear.end()]:
        written = whisper.transcribe(span.samples, span.span.from_ms, span.span.voiced)
        if not written:
            continue
        ends = whisper.ends(span.samples, [w.text for w in written])
        for word, end_ms in zip(written, ends, strict=True):
            # Attention may wander beyond the voice; nobody's word ends there.
            end_ms = min(max(span.span.from_ms + end_ms, span.span.start_ms), span.span.end_ms)  # noqa: PLW2901 - bounded
            words[span.who].append(Said(bare(word.text), end_ms))
    return words


def script(path: Path) -> dict[Who, list[str]] | None:
    """Return the words of the script beside a recording, a side; None without one."""
    beside = path.with_suffix(".json")
    if not beside.exists():
        return None
    sentences = json.loads(beside.read_text(encoding="utf-8")).get("sentences")
    if not sentences:
        return None
    return {
        who: [w for s in sentences if s["who"] == who.value for w in scored_words(s["text"])] for who in Who
    }


def matched(reference: Sequence[Said], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs ``(index heard, end in ms)`` of the words that both have, in order."""
    matcher = SequenceMatcher(None, [s.word for s in reference], list(heard), autojunk=False)
    return [
        (block.b + k, reference[block.a + k].end_ms)
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    ]
