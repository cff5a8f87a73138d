"""Measure what the overlay costs while nothing happens: processor time of the whole process, per cent of one core.

    DISPLAY=:0 python benchmarks/overlay.py [--seconds N]

Needs a screen (or QT_QPA_PLATFORM=offscreen, which paints and shows nobody). No microphone, no model: windows and
event loop alone.

waiting    no call: the tray's menu, the card hidden
watching   the same, with the watch for call programs that record (`system.suggest_calls`)
ring       in a call: the ring, given new figures every five seconds
card       the same, with a card held on the screen all the time
fading     a card that comes and goes every ten seconds, with the ring
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from coach.audio.callprograms import CallWatch, here
from coach.call.ambient import EVERY_MS, Ambient
from coach.settings import OverlaySettings
from coach.ui.card import CardContent
from coach.ui.overlay import Overlay
from coach.ui.ring import Ring
from coach.ui.tray import Tray

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT = CardContent("monologue", "Pause, let them in", "75 s without them · limit 75 s")


def used_s() -> float:
    """Return the processor time of this process so far, in seconds (``/proc`` where there is one)."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return time.process_time()
    fields = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(app: QApplication, name: str, seconds: float) -> None:
    """Let the event loop run for so long, and print what that cost."""
    began, used = time.perf_counter(), used_s()
    QTimer.singleShot(round(1000 * seconds), app.quit)
    app.exec()
    took, spent = time.perf_counter() - began, used_s() - used
    print(f"{name:9} {100 * spent / took:5.2f} % of a core ({spent:.2f} s in {took:.0f} s)")


def every(ms: int, then: Callable[[], None]) -> QTimer:
    """Return a running timer."""
    timer = QTimer()
    timer.timeout.connect(then)
    timer.start(ms)
    return timer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of each")
    seconds = parser.parse_args().seconds
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    settings = OverlaySettings(ring=True)
    card = Overlay(settings)
    ring = Ring(settings, card.standing)
    tray = Tray(available=lambda: True)
    tray.show()
    measured(app, "waiting", seconds)
    if (make := here()) is not None:
        watch = CallWatch(make, lambda _: None)
        measured(app, "watching", seconds)
        watch.stop()

    ring.in_call(listening=True)
    step = 0

    def new_figures() -> None:
        nonlocal step
        step += 1
        ring.take(Ambient(step % 24 / 24, 1000 * step % 180_000))

    figures = every(EVERY_MS, new_figures)
    measured(app, "ring", seconds)
    card.show_card(CONTENT)
    measured(app, "card", seconds)

    def come_or_go() -> None:
        if card.rule:
            card.hide_card("over")
        else:
            card.show_card(CONTENT)

    comings = every(5000, come_or_go)
    measured(app, "fading", seconds)
    for timer in (figures, comings):
        timer.stop()
    tray.hide()


if __name__ == "__main__":
    main()
