"""What is missing from a call, in a sentence or two.

Owns those sentences. Refuses to know why it is missing, and to mend any figure: what is not known is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.call.gaps import merged, total, unheard, unwritten
from coach.language import phrase
from coach.writing import plural

if TYPE_CHECKING:
    from coach.call.meters import Meters

WORTH_MS: Final = 1_000
"""Less than a second missing in all changes no figure that is shown."""


def told(meters: Meters) -> str:
    """Return what is missing from a call; nothing where nothing is."""
    return " ".join(
        filter(
            None,
            [
                *(_unheard(meters, who) for who in Who),
                _unwritten(meters),
                _unread(meters),
                _unkept(meters),
            ],
        )
    )


def _unheard(meters: Meters, who: Who) -> str:
    gaps = unheard(meters, who)
    if total(gaps) < WORTH_MS:
        return ""
    if who is Who.REP:
        return phrase(
            "You could not be heard for {seconds} s ({where}); what was said then is not in the figures.",
            seconds=_seconds(gaps),
            where=_where(gaps),
        )
    return phrase(
        "The customer could not be heard for {seconds} s ({where}); what was said then is not in the figures.",
        seconds=_seconds(gaps),
        where=_where(gaps),
    )


def _unwritten(meters: Meters) -> str:
    silent = [unwritten(meters, who) for who in Who]
    missing = sum(map(total, silent))
    if missing < WORTH_MS or not meters.sentences:
        return ""
    return phrase(
        "The words of {seconds} s of speech are missing ({where}); questions and the like are counted in the rest.",
        seconds=round(missing / 1000),
        where=_where(merged(gap for gaps in silent for gap in gaps)),
    )


def _unread(meters: Meters) -> str:
    unread = sum(m.what == "cues" for m in meters.missed)
    if not unread:
        return ""
    return plural(
        "In one sentence questions, needs and the like could not be looked for.",
        "In {n} sentences questions, needs and the like could not be looked for.",
        unread,
    )


def _unkept(meters: Meters) -> str:
    if meters.sound_until_ms is None:
        return ""
    return phrase("The sound of this call is kept only up to {time}.", time=_time(meters.sound_until_ms))


def _seconds(stretches: tuple[tuple[int, int], ...]) -> int:
    return round(total(stretches) / 1000)


def _where(stretches: tuple[tuple[int, int], ...]) -> str:
    """Return the place of the only one, or of the first."""
    at = _time(stretches[0][0])
    return (
        phrase("at {time}", time=at)
        if len(stretches) == 1
        else phrase("{n} times, first at {time}", n=len(stretches), time=at)
    )


def _time(at_ms: int) -> str:
    minutes, seconds = divmod(at_ms // 1000, 60)
    return f"{minutes}:{seconds:02}"
