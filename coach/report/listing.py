"""Which of the kept calls are wanted: by text, type, tag and day.

Owns what a listed call has and how a wish is held against it. Refuses to know where the list is kept and how it is
shown: a window and a terminal ask in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date


class Listed(Protocol):
    """One kept call in a list; title and tags are untrusted."""

    @property
    def path(self) -> str:
        """Its log."""

    @property
    def name(self) -> str:
        """What it is called by programs."""

    @property
    def began(self) -> str:
        """When it was, as ISO 8601 with the day first; empty where nobody knows."""

    @property
    def at(self) -> float | None:
        """The same in seconds since 1970."""

    @property
    def call_type(self) -> str:
        """The kind of call."""

    @property
    def title(self) -> str:
        """What it is called by people."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Given by hand."""

    @property
    def duration_s(self) -> float:
        """How long it was."""

    @property
    def source(self) -> str:
        """``live`` or ``recording``."""

    @property
    def nudges(self) -> int:
        """Count of nudges shown."""

    @property
    def notes(self) -> int:
        """Count of notes by hand."""

    @property
    def practice(self) -> bool:
        """Say whether it was practice."""

    @property
    def fault(self) -> str:
        """Why it cannot be read; empty where it can."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish: what is empty or None wants everything.

    Args:
        text: words that must all stand in title, tags or name, whatever their case.
        call_type: the kind of call.
        tag: one of its tags.
        since: the first day; a call of an unknown day fits no wish for days.
        until: the last day, itself included.
    """

    text: str = ""
    call_type: str = ""
    tag: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.text.strip() or self.call_type or self.tag or self.since or self.until)

    def fitting(self, calls: list[tuple[str, Listed]]) -> list[int]:
        """Return the places of the calls that fit, in order.

        Args:
            calls: each with its text to search, from `searched`.
        """
        words = self.text.casefold().split()
        since = self.since.isoformat() if self.since else ""
        until = self.until.isoformat() if self.until else ""
        return [
            at
            for at, (text, call) in enumerate(calls)
            if (not self.call_type or call.call_type == self.call_type)
            and (not self.tag or self.tag in call.tags)
            and (not since or call.began[:10] >= since)
            and (not until or "" < call.began[:10] <= until)
            and all(word in text for word in words)
        ]


def searched(call: Listed) -> str:
    """Return the text of a call in which a wish is looked for."""
    return "\n".join((call.title, call.name, *call.tags)).casefold()
