"""What is settled before a live call: the answer about who listens, and what was prepared for it.

Owns how a call takes what was prepared: its focus and planned minutes count for this call alone. Refuses to know
windows; what is printed in a terminal is its business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from coach import app, consent
from coach.next_call import NextCall
from coach.trouble import Trouble
from coach.ui.before_words import kept_of, say, to_read_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.plan import Plan
    from coach.settings import Settings


def now() -> datetime:
    """Return what time it is here."""
    return datetime.now().astimezone()  # noqa: TID251 - the day of an answer, the age of a plan


def next_call() -> NextCall:
    """Return where what was prepared is kept."""
    return NextCall(app.data_folder())


def plan_for_next() -> tuple[Plan | None, str]:
    """Return what was prepared for the next call, and why it could not be read, in a sentence."""
    try:
        return next_call().read(now()), ""
    except Trouble as trouble:
        return None, str(trouble)


def with_plan(settings: Settings, plan: Plan | None) -> Settings:
    """Return the settings of a call with what was prepared for it; not its type, which whoever starts it chooses."""
    if plan is None:
        return settings
    call = settings.call
    return replace(
        settings,
        call=replace(
            call, planned_minutes=plan.minutes or call.planned_minutes, focus=plan.focus or call.focus
        ),
    )


def check_consent() -> None:
    """Raise `Trouble` where nobody answered who may listen."""
    consent.check(app.data_folder())


def sheet_lines(settings: Settings) -> Iterator[str]:
    """Yield the consent sheet for a terminal."""
    yield say("consent.title")
    for part in ("hears", "stays", "others"):
        yield ""
        yield f"  {say(f'consent.{part}.title')}"
        words = say(f"consent.{part}")
        yield f"  {words.format(keep=say(f'keep.{kept_of(settings.storage)}')) if part == 'stays' else words}"
    yield f"\n  “{to_read_out(settings)}”"
