"""What a call loses when its workers die: a recording through the very line of a live call, each killed several times.

    python benchmarks/workers.py [RECORDING] [--deaths 3] [--seconds N] [--seed 1] [--json OUT]

The recording is played in real time twice, through `coach.app.LiveRun` with the real model, voice engine and reader of
cues, the card painted where nobody looks: once as it is; once with both voice detectors, the stage before them, the
speech model, the reader of cues and the painter of the card made to raise at seeded moments, and the model made to hang
once. Then the two calls are compared. Without a name the second of the bundled calls is played.
"""

# ruff: noqa: SLF001, PLR0915 - whoever kills a worker reaches into it, and one call is told in one piece
from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from coach import app
from coach.audio import bleed, voice
from coach.call.events import Missed, SentenceHeard, Who
from coach.call.gaps import unheard, unwritten
from coach.demo.scenes import scenes
from coach.live.player import Player
from coach.nudges.commands import Nudge, TellOnce
from coach.settings import Settings
from coach.ui.bridge import Bridge
from coach.ui.card import Card
from coach.ui.overlay import Overlay
from coach.ui.tray import Tray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.nudges.commands import Command

HANG_S = 60.0
"""So long a model that hangs stays away; the watch gives it 20 s."""
NEAR_MS = 1_000


class OrderedDeathError(RuntimeError):
    """A worker was told to die."""


@dataclass
class Executioner:
    """Lets workers die at moments of the call, drawn by a seed; without moments everybody lives."""

    moments: dict[str, list[float]]
    died: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    began_s: float | None = None

    def visit(self, who: str) -> None:
        """Raise, or hang, where it is time for this worker."""
        waiting = self.moments.get(who)
        if not waiting or self.began_s is None or time.monotonic() - self.began_s < waiting[0]:
            return
        waiting.pop(0)
        self.died[who] += 1
        if who == "model hangs":
            threading.Event().wait(HANG_S)
        else:
            raise OrderedDeathError(who)

    def mortal(self, name: str, make: Callable[[], Any], *calls: str) -> Callable[[], Any]:
        """Return what makes a worker that can die in these calls."""

        def made(*args: Any, **kwargs: Any) -> Any:
            whole = make(*args, **kwargs)
            self.made[name] += 1

            class Mortal:
                def __getattr__(_, called: str) -> Any:  # noqa: N805 - the other self is the one that counts
                    value = getattr(whole, called)
                    if called not in calls:
                        return value

                    def call(*args: Any, **kwargs: Any) -> Any:
                        self.visit(name)
                        if name == "model":
                            self.visit("model hangs")
                        return value(*args, **kwargs)

                    return call

            return Mortal()

        return made


@dataclass
class Played:
    """What became of a call."""

    nudges: list[Nudge]
    told: Counter[str]
    sentences: list[SentenceHeard]
    missed: list[Missed]
    deaf_s: dict[str, float]
    wordless_s: float
    threads: list[str]
    stop_s: float
    figures: dict[str, float | None]
    painted: int


class _Controls:
    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_: None


class _Over(QObject):
    over = Signal()


def play(path: Path, settings: Settings, hand: Executioner, seconds: float | None) -> Played:
    """Play a recording through a live call whose workers may die."""
    application = QApplication.instance() or QApplication(["coach"])
    kept = (voice.make_detector, bleed.BleedStage, app.make_reader, Card._paint_icon)
    paint = Card._paint_icon

    def painted(card: Card, painter: Any) -> None:
        hand.visit("card")
        paint(card, painter)

    overlay = Overlay(settings.overlay)
    hand.made["card"] += 1
    make_card = overlay._made_card

    def made_card() -> Card:
        hand.made["card"] += 1
        return make_card()

    overlay._made_card = made_card  # type: ignore[method-assign]
    tray = Tray(available=lambda: True)
    bridge = Bridge(overlay, tray, _Controls())  # type: ignore[arg-type]
    told: Counter[str] = Counter()
    seen: list[str] = []
    overlay.painted.connect(seen.append)

    def show(commands: Sequence[Command]) -> None:
        for command in commands:
            if isinstance(command, TellOnce):
                told[command.code] += 1
            bridge.post(command)

    before = set(threading.enumerate())
    try:
        voice.make_detector = hand.mortal("voice detector", voice.make_detector, "hear")  # type: ignore[assignment]
        bleed.BleedStage = hand.mortal("stage", bleed.BleedStage, "hear")  # type: ignore[assignment, misc]
        app.make_reader = hand.mortal("reader", app.make_reader, "read")  # type: ignore[assignment]
        Card._paint_icon = painted  # type: ignore[method-assign]
        recording = app.open_call(path, settings)
        blocks = [b for b in recording.blocks(20) if seconds is None or b.start < seconds * 16_000]
        player = Player(blocks, recording.channels)
        model = hand.mortal("model", lambda: app.load_words(settings, settings.speech.threads), "draft")
        run = app.LiveRun(settings, player.sources, show, words=model)
        end = _Over()
        end.over.connect(application.quit, Qt.ConnectionType.QueuedConnection)
        took: list[float] = []

        def conduct() -> None:
            run.call._inbox.put(list)
            hand.began_s = time.monotonic()
            run.start()
            player.finished.wait()
            began_s = time.monotonic()
            run.stop()
            took.append(time.monotonic() - began_s)
            end.over.emit()

        conductor = threading.Thread(target=conduct, name="conductor")
        conductor.start()
        application.exec()
        conductor.join()
    finally:
        voice.make_detector, bleed.BleedStage, app.make_reader = kept[:3]  # type: ignore[misc]
        Card._paint_icon = kept[3]  # type: ignore[method-assign]
    player._thread.join()
    overlay.hide()
    tray.hide()
    meters = run.session.engine.meters
    from coach.call.figures import figures  # noqa: PLC0415 - beside its one use

    return Played(
        run.nudges,
        told,
        list(meters.sentences),
        list(meters.missed),
        {who.value: sum(b - a for a, b in unheard(meters, who)) / 1000 for who in Who},
        sum(b - a for who in Who for a, b in unwritten(meters, who)) / 1000,
        [t.name for t in threading.enumerate() if t not in before],
        took[0],
        {f.name: f.value for f in figures(meters)},
        len(seen),
    )


def same_nudges(one: Played, other: Played) -> bool:
    """Say whether two calls had the same nudges, each within a second of the other's."""
    pairs = list(zip(one.nudges, other.nudges, strict=False))
    alike = all(a.rule == b.rule and abs(a.at_ms - b.at_ms) <= NEAR_MS for a, b in pairs)
    return alike and len(one.nudges) == len(other.nudges)


def main() -> None:
    """Play both calls and print what the deaths cost."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("recording", type=Path, nargs="?")
    p.add_argument("--deaths", type=int, default=3)
    p.add_argument("--seconds", type=float)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--json", type=Path)
    given = p.parse_args()
    logging.disable(logging.ERROR)  # every death is one that was ordered
    path = given.recording or scenes()[-1].sound
    dice = random.Random(given.seed)  # noqa: S311 - moments, no secret
    with tempfile.TemporaryDirectory(prefix="coach-workers-") as home:
        os.environ["XDG_DATA_HOME"] = home
        settings = Settings()
        recording = app.open_call(path, settings)
        length_s = given.seconds or (recording.duration_ms or 0) / 1000
        calm = play(path, settings, Executioner({}), given.seconds)
        print("undisturbed call played", file=sys.stderr, flush=True)
        mortals = ("voice detector", "stage", "model", "reader", "card")
        moments = {m: sorted(dice.uniform(5, length_s - 20) for _ in range(given.deaths)) for m in mortals}
        moments["model hangs"] = [dice.uniform(0.2, 0.5) * length_s]
        hand = Executioner(moments)
        hurt = play(path, settings, hand, given.seconds)
    first = {"voice detector": 2, "stage": 1, "model": 1, "reader": 1, "card": 1}
    restarts = {m: hand.made[m] - first[m] for m in mortals}
    texts = Counter((s.who, s.text) for s in calm.sentences)
    alike = sum((texts & Counter((s.who, s.text) for s in hurt.sentences)).values())
    shares = {
        name: (calm.figures[name], hurt.figures[name])
        for name in ("talk_share", "questions", "longest_monologue")
        if name in calm.figures
    }
    figures: dict[str, Any] = {
        "recording": f"{path.name}, {length_s:.0f} s",
        "deaths": dict(hand.died),
        "begun anew": restarts,
        "told, each once": dict(hurt.told),
        "told, undisturbed": dict(calm.told),
        "voice not heard, s": {who: round(s, 1) for who, s in hurt.deaf_s.items()},
        "words lost, s of speech": round(hurt.wordless_s, 1),
        "sentences without cues": sum(m.what == "cues" for m in hurt.missed),
        "sentences, undisturbed and disturbed": (len(calm.sentences), len(hurt.sentences)),
        "sentences the same": alike,
        "nudges, undisturbed": [(n.rule, n.at_ms) for n in calm.nudges],
        "nudges, disturbed": [(n.rule, n.at_ms) for n in hurt.nudges],
        "nudges equal": "yes" if same_nudges(calm, hurt) else "no",
        "cards seen": (calm.painted, hurt.painted),
        "figures, undisturbed and disturbed": shares,
        "call ended after, s": (round(calm.stop_s, 1), round(hurt.stop_s, 1)),
        "threads left": (calm.threads, hurt.threads),
    }
    for name, value in figures.items():
        print(f"{name:<38} {value}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
