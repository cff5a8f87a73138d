"""What of a call was not heard, or heard and not known: told instead of being counted as nothing.

Owns the stretches and the sentences that say so. Refuses to know why: the log tells that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.call.meters import Meters

WORTH_MS: Final = 1_000
"""Less than a second missing in all changes no figure that is shown."""
_WHOSE: Final = {Who.REP: "You", Who.CUSTOMER: "The customer"}


def unheard(meters: Meters, who: Who) -> tuple[tuple[int, int], ...]:
    """Return the stretches in which one side could not be heard, in order, as milliseconds of the call.

    Empty for a side that was not heard at all: that is another kind of call, and said elsewhere.
    """
    end = meters.ended_ms if meters.ended_ms is not None else meters.now_ms
    stretches = [(since, end if until is None else until) for w, since, until in meters.lost if w is who]
    merged = _merged(stretches)
    return () if merged == ((0, end),) else merged


def unwritten(meters: Meters, who: Who) -> tuple[tuple[int, int], ...]:
    """Return the stretches of one side's voice of which nobody knows the words, in order."""
    return _merged((m.start_ms, m.end_ms) for m in meters.missed if m.who is who and m.what == "words")


def told(meters: Meters) -> str:
    """Return what is missing from a call, in a sentence or two; nothing where nothing is."""
    sentences = [
        f"{_WHOSE[who]} could not be heard for {_seconds(_total(gaps))}{_where(gaps)}; what was said then is not in the"
        " figures."
        for who in Who
        if _total(gaps := unheard(meters, who)) >= WORTH_MS
    ]
    silent = {who: unwritten(meters, who) for who in Who}
    missing = sum(_total(gaps) for gaps in silent.values())
    if missing >= WORTH_MS and meters.sentences:
        gaps = _merged(gap for of_side in silent.values() for gap in of_side)
        sentences.append(
            f"The words of {_seconds(missing)} of speech are missing{_where(gaps)}; questions and the like are counted"
            " in the rest."
        )
    unread = sum(m.what == "cues" for m in meters.missed)
    if unread:
        many = "one sentence" if unread == 1 else f"{unread} sentences"
        sentences.append(f"In {many} questions, needs and the like could not be looked for.")
    return " ".join(sentences)


def _merged(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _total(stretches: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in stretches)


def _seconds(ms: int) -> str:
    return f"{round(ms / 1000)} s"


def _where(stretches: tuple[tuple[int, int], ...]) -> str:
    """Return from where on: the place of the only one, or of the first."""
    minutes, seconds = divmod(stretches[0][0] // 1000, 60)
    return f" ({'' if len(stretches) == 1 else f'{len(stretches)} times, first '}at {minutes}:{seconds:02})"
