"""A sound check without devices: its controls, and what hears, in the hands of a test."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from coach.audio.hearing import Tone
from coach.ui.tryout import Trying

if TYPE_CHECKING:
    from coach.call.events import Who
    from coach.trouble import Trouble


class Controls:
    """Whoever owns the devices: takes note of every wish."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def look(self) -> None:
        self.asked.append("look")

    def listen(self) -> None:
        self.asked.append("listen")

    def rest(self) -> None:
        self.asked.append("rest")

    def choose(self, who: Who, value: str) -> None:
        self.asked.append((who, value))

    def play_tone(self) -> None:
        self.asked.append("tone")


class TryControls:
    """Whoever runs try-outs: takes note of every wish."""

    limits_s = (8.0, 75.0)

    def __init__(self) -> None:
        self.trying = Trying()
        self.asked: list[str] = []

    def begin(self) -> None:
        self.asked.append("begin")

    def end(self) -> None:
        self.asked.append("end")

    def show_again(self) -> None:
        self.asked.append("show_again")


class FakeHearing:
    """What hears, as `coach.audio.hearing.Hearing` does, without a device."""

    def __init__(self, tell, lost) -> None:
        self.tell, self.lost = tell, lost
        self.open_now: dict[Who, str] = {}
        self.opened: list[tuple[Who, str]] = []
        self.refuses: Trouble | None = None
        self.tone: Tone | Trouble = Tone(-20.0, None)
        self.wait_for_hush = False
        self._hush = threading.Event()

    def open(self, who, device) -> None:
        self.close(who)
        if self.refuses is not None:
            raise self.refuses
        self.open_now[who] = device.identity
        self.opened.append((who, device.identity))

    def close(self, who) -> None:
        self.open_now.pop(who, None)

    @property
    def hushed(self) -> bool:
        return self._hush.is_set()

    def hush(self) -> None:
        self._hush.set()

    def play_tone(self) -> Tone:
        self._hush.clear()
        if self.wait_for_hush:
            self._hush.wait(20)
        if not isinstance(self.tone, Tone):
            raise self.tone
        return self.tone
