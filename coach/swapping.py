"""The other voice is the rep's after all: a session whose voices were told apart, turned round.

Owns how that is derived anew from what is kept: who spoke when and the words stay, cues are read again for the side
that said them now, and the rules look again. Refuses to listen: the recording is not needed. With more than two voices
"the other" is no voice, and where no words were kept there is nothing to read again; then the recording is coached
anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from coach import app, library
from coach.archive.discretion import DOT
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.call.events import (
    CallStarted,
    ChannelBack,
    ChannelLost,
    Missed,
    SentenceHeard,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.call.hand import turned
from coach.nudges.engine import Engine
from coach.settings import facts_from
from coach.trouble import Trouble
from coach.voices import ORDINALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coach.call.events import Event
    from coach.library import Opened
    from coach.settings import Settings

_OTHER: Final = {Who.REP: Who.CUSTOMER, Who.CUSTOMER: Who.REP}
_SIDED: Final = (VoiceStarted, VoiceStopped, SentenceHeard, ChannelLost, ChannelBack, Missed)
_TWO: Final = ORDINALS[:2]


def can_swap(opened: Opened) -> bool:
    """Say whether a past call can be turned round: two voices told apart, and the words kept."""
    source = opened.stored.head.get("recording") or {}
    two = source.get("voices") == len(_TWO) and source.get("rep") in _TWO
    said = (e.text for e in opened.stored.events if isinstance(e, SentenceHeard))
    return two and bool(opened.told_apart) and not any(DOT in text for text in said)


def swap_sides(opened: Opened, settings: Settings) -> Opened:
    """Turn a past call round, keep that, and return it.

    What was put right by hand stays as the person meant it: a sentence that they gave to a side is that side's.

    Args:
        opened: the call, for which `can_swap` is true.
        settings: with the limits, as `library.open_session` takes them.

    Raises:
        Trouble: when it cannot be turned round, or cannot be kept; then it stays what it was.
    """
    if not can_swap(opened):
        raise Trouble(
            "This call cannot be turned round from what is kept.",
            "Coach its recording again: coach review FILE --rep first, or --rep second.",
        )
    head = dict(opened.stored.head)
    head["recording"] = source = dict(head["recording"])
    source["rep"] = next(r for r in _TWO if r != source["rep"])
    path = opened.path
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        _write(part, head, opened, settings)
        part.replace(path)
    except OSError as e:
        raise Trouble("It could not be kept: {why}.", "Free some space and try again.", why=e) from e
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    hand = HandFile(path)
    hand.say_who(source["rep"])
    for correction in turned(opened.hand.corrections.values()):
        hand.correct(correction)
    return library.open_session(path, settings)


def _write(part: Path, head: dict[str, Any], opened: Opened, settings: Settings) -> None:
    """Write the session as the engine sees it now."""
    facts = facts_from(head.pop("facts", {}), str(opened.path))
    about = {k: v for k, v in head.items() if k not in {"format", "what"}}
    log = SessionLog(part, "words", facts, about)
    try:
        started = next(e for e in opened.stored.events if isinstance(e, CallStarted))
        chosen = app.with_speech(app.for_call(settings, started.call_type), None, started.language)
        engine = Engine(chosen)
        for event in _turned(opened.stored.events, app.with_facts(chosen, facts)):
            commands = engine.handle(event)
            log.event(event)
            for command in commands:
                log.command(command)
        log.moments(engine.moments)
    finally:
        log.close()
    if log.fault:
        raise Trouble(log.fault, "Free some space and try again.")


def _turned(events: tuple[Event, ...], settings: Settings) -> Iterator[Event]:
    """Yield events with the sides turned round, cues read for the side that said them now."""
    reader = app.make_reader(settings)
    for event in events:
        if not isinstance(event, _SIDED):
            yield event
            continue
        who = _OTHER[event.who]
        if isinstance(event, SentenceHeard):
            reading = reader.read(who, event.text, event.start_ms, event.end_ms)
            yield replace(event, who=who, cues=reading.cues, scores=reading.scores)
        else:
            yield replace(event, who=who)
