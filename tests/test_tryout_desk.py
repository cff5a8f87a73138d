"""The try-out at its desk: a thread of its own, the card where it comes up in a call, and a call goes first."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playbook import REP
from rigs.screen import Screen, close
from rigs.screen import until as until_seen
from rigs.sound import MICROPHONE, sound_rig

from coach import app, tryout_desk
from coach.audio.levels import Level as Heard
from coach.audio.recording import open_recording
from coach.demo.scenes import scenes
from coach.nudges.commands import HideNudge, Nudge, ShowNudge
from coach.settings import CallSettings, RuleSettings, Settings
from coach.trouble import Trouble
from coach.tryout import Ended, Talked
from coach.tryout_desk import TryoutDesk
from coach.ui.overlay import Overlay
from coach.ui.tryout import Trying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fakes import FakeSource
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from coach.tryout import News

WAIT_MS = 30_000
NUDGE = Nudge("monologue", "Pause, let them in", "8 s without a pause", 0, 0, (("monologue_s", 8.0),), "")


class ByHand:
    """A try-out whose news a test makes."""

    made: list[ByHand]

    def __init__(self, settings: Settings, _devices: object, tell: Callable[[News], object]) -> None:
        self.settings, self.tell = settings, tell
        self.closed, self.over, self.began = threading.Event(), threading.Event(), threading.Event()
        self.stuck, self.last = False, Ended("ended")
        self.answers: list[tuple[str, ...]] = []
        ByHand.made.append(self)

    def run(self) -> None:
        self.began.set()
        self.over.wait(60)
        self.closed.set()
        self.tell(self.last)

    def close(self, end: Ended) -> None:
        self.last = end
        self.over.set()

    def end(self) -> None:
        if not self.stuck:
            self.over.set()

    let_go = end

    def dismiss(self, rule: str) -> None:
        self.answers.append(("dismiss", rule))

    def unhelpful(self, rule: str) -> None:
        self.answers.append(("unhelpful", rule))

    def not_now(self) -> None:
        self.answers.append(("not_now",))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ByHand]]:
    ByHand.made = []
    monkeypatch.setattr(tryout_desk, "Tryout", ByHand)
    yield ByHand.made
    for tried in ByHand.made:
        tried.over.set()


@pytest.fixture
def overlay(qtbot: QtBot) -> Overlay:
    shown = Overlay(Settings().overlay)
    qtbot.addWidget(shown)
    return shown


@pytest.fixture
def desk(qtbot: QtBot, made: list[ByHand], overlay: Overlay) -> Iterator[TryoutDesk]:
    desk = TryoutDesk(Settings, overlay, lambda then: then())
    yield desk
    for tried in made:
        tried.stuck = False
    desk.close()
    with qtbot.waitSignal(desk.over, timeout=1000, raising=False):
        pass


def until(qtbot: QtBot, desk: TryoutDesk, state: str) -> None:
    qtbot.waitUntil(lambda: desk.trying.state == state, timeout=WAIT_MS)


def shown(qtbot: QtBot, desk: TryoutDesk, made: list[ByHand]) -> None:
    desk.begin()
    made[-1].tell(ShowNudge(0, NUDGE))
    until(qtbot, desk, "shown")


def test_from_the_button_to_the_card_and_to_its_end(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand], overlay: Overlay
) -> None:
    seen: list[Trying] = []
    desk.went.connect(seen.append)
    desk.begin()
    tried = made[0]
    tried.tell(Heard(-20.0, -12.0, "heard"))
    tried.tell(Talked(4000))
    tried.tell(ShowNudge(0, NUDGE))
    tried.tell(Talked(9000))
    until(qtbot, desk, "shown")
    qtbot.waitUntil(overlay.isVisible, timeout=WAIT_MS)
    assert overlay.rule == "monologue"
    tried.tell(HideNudge(0, "monologue", "time is over"))
    tried.close(Ended("shown", voice_ms=9100))
    until(qtbot, desk, "over")
    qtbot.waitUntil(lambda: not overlay.isVisible(), timeout=WAIT_MS)
    assert [(t.state, t.done) for t in seen] == [
        ("opening", 0.0),
        ("listening", 0.0),
        ("listening", 0.5),
        ("shown", 1.0),
        ("over", 0.0),
    ]
    desk.show_again()
    qtbot.waitUntil(overlay.isVisible, timeout=WAIT_MS)


def test_levels_go_out_as_plain_values(qtbot: QtBot, desk: TryoutDesk, made: list[ByHand]) -> None:
    desk.begin()
    with qtbot.waitSignal(desk.level, timeout=WAIT_MS) as told:
        made[0].tell(Heard(-20.0, -12.0, "heard"))
    assert (told.args[0].peak_db, told.args[0].state) == (-20.0, "heard")


@pytest.mark.parametrize("how", ["silent", "short", "trouble"])
def test_how_it_ended_is_told(qtbot: QtBot, desk: TryoutDesk, made: list[ByHand], how: str) -> None:
    desk.begin()
    made[0].close(Ended(how, "A sentence.", 4200))
    until(qtbot, desk, how)
    assert desk.trying == Trying(how, 0.0, 4, "A sentence.")


def test_what_is_pressed_on_the_card_reaches_the_line(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand], overlay: Overlay
) -> None:
    shown(qtbot, desk, made)
    overlay.dismissed.emit("monologue")
    overlay.unhelpful.emit("monologue")
    overlay.not_now.emit()
    assert made[0].answers == [("dismiss", "monologue"), ("unhelpful", "monologue"), ("not_now",)]
    made[0].close(Ended("shown"))
    until(qtbot, desk, "over")
    overlay.dismissed.emit("monologue")
    assert len(made[0].answers) == 3, "a card that is shown again is nobody's"


def test_it_is_ended_by_whoever_began_it_and_only_one_runs(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand]
) -> None:
    desk.begin()
    desk.begin()
    assert len(made) == 1
    assert desk.running
    with qtbot.waitSignal(desk.over, timeout=WAIT_MS):
        desk.end()
        assert desk.trying.state == "ready"
    assert not desk.running
    desk.end()
    assert desk.trying.state == "ready"


def test_the_next_one_waits_until_the_microphone_is_let_go(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand]
) -> None:
    desk.begin()
    assert made[0].began.wait(20)
    made[0].stuck = True
    desk.end()
    desk.begin()
    assert len(made) == 2
    assert not made[1].began.wait(0.2)
    made[0].over.set()
    assert made[1].began.wait(20)


def test_a_call_goes_first_and_what_was_on_its_way_is_not_shown(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand], overlay: Overlay
) -> None:
    desk.begin()
    made[0].tell(ShowNudge(0, NUDGE))
    made[0].tell(Talked(1000))
    with qtbot.waitSignal(desk.over, timeout=WAIT_MS):
        desk.hold(held=True)
        assert made[0].closed.is_set(), "before the call opens its own"
    assert desk.trying.state == "busy"
    assert not overlay.isVisible()
    desk.begin()
    assert len(made) == 1
    desk.hold(held=False)
    assert desk.trying.state == "ready"


def test_a_device_that_does_not_let_go_keeps_no_call_waiting_for_ever(
    desk: TryoutDesk, made: list[ByHand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tryout_desk, "PATIENCE_S", 0.05)
    desk.begin()
    made[0].stuck = True
    desk.hold(held=True)
    assert desk.trying.state == "busy"


def test_the_panic_key_is_told_when_the_microphone_is_free(
    qtbot: QtBot, desk: TryoutDesk, made: list[ByHand]
) -> None:
    assert desk.let_go() is None
    desk.begin()
    free = desk.let_go()
    assert free is not None
    assert free.wait(20)
    assert desk.trying.state == "ready"


def test_closing_waits_for_the_device(desk: TryoutDesk, made: list[ByHand]) -> None:
    desk.begin()
    desk.close()
    assert made[0].closed.is_set()


def test_the_limits_are_those_of_the_next_call_and_none_where_the_rule_is_off(overlay: Overlay) -> None:
    settings = [Settings()]
    desk = TryoutDesk(lambda: settings[0], overlay, lambda then: then())
    assert desk.limits_s == (8.0, 75.0)
    settings[0] = Settings(call=CallSettings("demo"))
    assert desk.limits_s == (8.0, 150.0)
    settings[0] = Settings(rules=RuleSettings(monologue=False))
    assert desk.limits_s == (8.0, 0.0)


def test_without_a_microphone_one_is_told_and_without_an_overlay_it_has_its_own(qtbot: QtBot) -> None:
    def none(_settings: Settings) -> tuple[list[FakeSource], str]:
        raise Trouble("There is no microphone.", "Plug one in.")

    desk = TryoutDesk(Settings, None, lambda then: then(), none)
    with qtbot.waitSignal(desk.over, timeout=WAIT_MS):
        desk.begin()
    assert desk.trying.sentence == "There is no microphone. Plug one in."
    desk.show_again()
    assert desk._overlay is not None
    assert not desk._overlay.isVisible(), "there is none to show"


@pytest.mark.desktop
def test_a_real_voice_at_a_real_microphone_brings_the_real_card(tmp_path: Path) -> None:
    """Null sinks are the devices, a demo rep without their pauses is the voice; button and cross are clicked."""
    said: list[str] = []

    def heard(word: str) -> list[str]:
        until_seen(lambda: any(line.split()[0] == word for line in said), 60)
        return next(line for line in said if line.split()[0] == word).split()[1:]

    with sound_rig() as rig, Screen(height=1000) as screen:
        homes = {f"XDG_{home}_HOME": str(tmp_path / home) for home in ("DATA", "CONFIG", "CACHE", "STATE")}
        program = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).parent / "ui" / "trying.py"),
                str(tmp_path / "settings.toml"),
            ],
            env=screen.env | rig.env | homes | {"PYTHONPATH": str(Path(app.__file__).parents[1])},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert program.stdout is not None
        lines = program.stdout
        reader = threading.Thread(target=lambda: said.extend(iter(lines.readline, "")), name="trying-reader")
        reader.start()
        try:
            x, y = heard("ready")
            rig.play(MICROPHONE, in_one_go(), ahead_ms=500)
            before = {p.relative_to(tmp_path) for p in tmp_path.rglob("*")}
            screen.click(int(x), int(y))
            x, y = heard("card:monologue")
            assert screen.pixel(int(x) - 12, int(y)) == (0x14, 0x18, 0x1F), "the card's ground, at the top"
            assert int(y) < 150
            screen.click(int(x), int(y))
            heard("free")
            heard("over")
            assert rig.control("list", "short", "source-outputs") == "", "no device is left open"
            assert {p.relative_to(tmp_path) for p in tmp_path.rglob("*")} == before, "nothing is kept"
        finally:
            close(program)
            reader.join()


def in_one_go(seconds: float = 40) -> NDArray[np.int16]:
    """Return a demo rep's voice without its pauses, 16 kHz."""
    rep = [b.samples for b in open_recording(scenes()[0].sound).blocks(100) if b.who is REP]
    loud = [part for part in rep if float(np.abs(part.astype(np.int32)).mean()) > 300]
    once = np.concatenate(loud)
    return np.resize(once, round(seconds * 16_000))
