"""Every window of the program, opened with something to show: for tests that look at all of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from classroom import lesson
from pastcalls import FakeSound, a_call
from PySide6.QtCore import QDate, QDateTime, QTime
from soundroom import Controls, TryControls

from coach.archive.catalogue import Row, instant
from coach.call.events import Who
from coach.call.hand import Note
from coach.call.plan import Plan
from coach.nudges.commands import Nudge
from coach.nudges.rules import CATALOGUE
from coach.report.habits import Habit, Practice, progress
from coach.report.lesson import Performance
from coach.report.takes import Take
from coach.report.trends import trends
from coach.settings import Facts, Limits, OverlaySettings, Settings
from coach.ui.bridge import content_of
from coach.ui.calls import CallsWindow
from coach.ui.card import Card
from coach.ui.consent import ConsentSheet
from coach.ui.controls import Phase, State
from coach.ui.correct import NoteSheet
from coach.ui.facts import FactsPage
from coach.ui.first_start import STEPS, FirstStart
from coach.ui.lock import Lock, LockWindow, OpenWindow
from coach.ui.preference_words import SECTIONS
from coach.ui.preferences import Preferences
from coach.ui.prepare import PrepareSheet
from coach.ui.prepared import PreparedWindow
from coach.ui.queue import QueuePage
from coach.ui.queue_row import Row as Queued
from coach.ui.reminder import Reminder
from coach.ui.review import ReviewActions, ReviewWindow
from coach.ui.sound_check import SoundCheck
from coach.ui.sound_values import SYSTEMS, Choice, Level, Offer, ToneHeard
from coach.ui.stage import Stage
from coach.ui.standing import Standing
from coach.ui.suggestion import Suggestion
from coach.ui.takes import TakesView
from coach.ui.theme import LOOKS
from coach.ui.today import Today, TodayWindow
from coach.ui.tray import Tray
from coach.ui.trends import TrendsPage
from coach.ui.tryout import Trying
from coach.ui.whatif import PastCall, WhatIf
from coach.ui.which_voice import Candidate, WhichVoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from coach.report.listing import Listed

TODAY = date(2026, 11, 22)
_PLAN = Plan("demo", 30.0, "monologue", ("1 < 2",), ("3?", "4?"))


def _nudge(name: str) -> Nudge:
    rule = next(r for r in CATALOGUE if r.name == name)
    found = rule.find(rule.fires[0].moment, Limits())
    assert found is not None
    reason = (found.reason or rule.reason).format(**dict(found.because))
    return Nudge(name, rule.text, reason, 0, 0, found.because, rule.source)


NUDGES = {rule.name: _nudge(rule.name) for rule in CATALOGUE}


def card(name: str = "monologue", *, unfolded: bool = True) -> Card:
    """Return the card's face with a nudge on it."""
    made = Card(LOOKS["dark"], 1.0, show_reason=True)
    made.show_content(content_of(NUDGES[name]))
    made.unfold(unfolded=unfolded)
    made.resize(made.fit(420))
    return made


def _bar() -> QWidget:
    tray = Tray("demo", available=lambda: False)
    tray._open_bar()
    assert tray.bar is not None
    tray.bar._tray_of_the_test = tray
    tray.show_state(State(Phase.LISTENING, "demo"))
    return tray.bar


def _today() -> QWidget:
    past = Today(lambda: QDateTime(QDate(2026, 11, 22), QTime(14, 3)))
    for nudge in NUDGES.values():
        past.note(content_of(nudge))
    return TodayWindow(past, "dark")


def _sound() -> SoundCheck:
    made = SoundCheck(Controls(), TryControls(), "dark", "linux")
    _offered(made.panel)
    return made


def _offered(panel: object) -> None:
    panel.show_offers(
        {
            Who.REP: Offer((Choice("usb-yeti", "Yeti"),), SYSTEMS, "Yeti"),
            Who.CUSTOMER: Offer((Choice("m", "Monitor"),), SYSTEMS, "Monitor of Speakers"),
        }
    )
    panel.show_level(Who.REP, Level(-20.0, -12.0, "heard"))
    panel.show_level(Who.CUSTOMER, Level(-60.0, -60.0, "silent"))
    panel.show_tone(ToneHeard("elsewhere", "strong", -12))


def _first(step: int) -> Callable[[], QWidget]:
    def make() -> QWidget:
        made = FirstStart(
            Controls(),
            TryControls(),
            Settings(),
            lambda *_: Settings(),
            folder="/home/ana/calls",
            file="/home/ana/settings.toml",
        )
        _offered(made.panel)
        made._go(step)
        return made

    return make


def _tried(*states: Trying) -> Callable[[], QWidget]:
    def make() -> QWidget:
        made = _first(STEPS.index("try"))()
        assert isinstance(made, FirstStart)
        for state in states:
            made.tryout.show_trying(state)
        made.tryout.show_level(Level(-20.0, -12.0, "heard"))
        return made

    return make


def _preferences(section: int) -> Callable[[], QWidget]:
    def make() -> QWidget:
        mine = Settings()
        made = Preferences(
            mine, lambda _: mine, lambda: None, lambda: None, "/home/ana/settings.toml", problem=""
        )
        made.list.setCurrentRow(section)
        return made

    return make


def _review() -> QWidget:
    call = a_call(nudges=tuple(NUDGES.values()))
    made = ReviewWindow(call, ReviewActions(lambda _: call, lambda _: call), "dark")
    made.show_sound(FakeSound())
    return made


def _calls() -> QWidget:
    made = CallsWindow(TODAY)
    rows = [
        _listed("a", "2026-11-22T09:05:00+01:00", duration_s=1830.0, notes=2, tags=("won",)),
        _listed("b", "2026-11-20T10:00:00+01:00", nudges=3),
        _listed("c", "2025-03-01T10:00:00+01:00"),
    ]
    made.sessions.show_calls(rows)
    return made


def _listed(name: str, began: str, **more: object) -> Listed:
    return Row(f"/s/{name}.jsonl", name, began, instant(began), "discovery", f"Ana {name}", **more)


def _trends() -> QWidget:
    page = TrendsPage("dark", TODAY)
    page.resize(1120, 700)
    calls = [_listed(n, f"2026-11-{10 + i}T10:00:00+01:00") for i, n in enumerate("abcde")]
    shares = (0.7, 0.6, 0.65, 0.5, 0.4)
    values = {c.path: {"talk_share": v, "layers": 2.5} for c, v in zip(calls, shares, strict=True)}
    drawn = trends(calls, values)
    page.show_types([("discovery", 5), ("demo", 1)])
    page.show_trends("discovery", drawn)
    page.show_practice(Practice((0,) * 25 + (1, 0, 2), 2))
    share = next(t for t in drawn if t.name == "talk_share")
    page.show_progress(progress(Habit("talk_share", 0.5, "discovery"), share))
    return page


def _queue() -> QWidget:
    page = QueuePage("demo")
    page.resize(820, 640)
    page.show_queue(
        (
            Queued("1", "one.wav", "discovery", "", "done", 1.0, opens=True),
            Queued("2", "two.wav", "demo", "pricing", "running", 0.42, 95.0),
            Queued("3", "memo.m4a", "discovery", "", "asking"),
            Queued("4", "three.wav", "discovery", "", "waiting"),
        ),
        (),
        "",
    )
    return page


def _takes() -> QWidget:
    call = a_call()
    view = TakesView("pricing", [Take("One", "1 Nov", call.report, call.timeline)] * 2, "dark")
    view.resize(1000, 800)
    return view


def _stage() -> QWidget:
    stage = Stage(Performance(lesson()), "dark", lambda: 0)
    stage.resize(1280, 720)
    return stage


def _whatif() -> QWidget:
    call = PastCall("Acme", "discovery", 220_000, (), tuple(NUDGES.values())[:2])
    panel = WhatIf(call, Settings(), lambda _: None)
    panel.resize(1000, 700)
    return panel


def _note() -> QWidget:
    return NoteSheet(Note(24_000, ""), lambda _: None, LOOKS["dark"])


def _prepared() -> QWidget:
    window = PreparedWindow(_PLAN, OverlaySettings(), Standing("left"))
    window.begin()
    return window


def _reminder() -> QWidget:
    window = Reminder("Mind if I take notes?", tuple(Who), OverlaySettings(), Standing("bottom-left"))
    window.appear()
    return window


def _suggestion() -> QWidget:
    window = Suggestion(OverlaySettings(), Standing("top-right"))
    window.ask("Zoom")
    return window


def _lock(way: str, *, leaving: bool = False) -> Callable[[], QWidget]:
    """Return how to make the window of the lock; numbers stand for what `coach.locking` says in it."""
    return lambda: LockWindow(Lock(way, True, leaving, True, "1.", ("2.", "3."), "4."))


def windows() -> dict[str, Callable[[], QWidget]]:
    """Return how to make each window, by name."""
    return {
        "card": card,
        "bar": _bar,
        "today": _today,
        "facts": lambda: FactsPage(Facts(), lambda _: None),
        "sound": _sound,
        **{f"first_{name}": _first(step) for step, name in enumerate(STEPS)},
        "trying": _tried(Trying("opening"), Trying("listening", 0.6)),
        "tried": _tried(Trying("shown", 1.0), Trying("over")),
        "tried_short": _tried(Trying("short", 0.0, 12)),
        "tried_silent": _tried(Trying("silent")),
        **{f"preferences_{n}": _preferences(n) for n in range(len(SECTIONS))},
        "review": _review,
        "calls": _calls,
        "trends": _trends,
        "queue": _queue,
        "prepare": lambda: PrepareSheet(_PLAN, lambda _: None),
        "prepared": _prepared,
        "reminder": _reminder,
        "suggestion": _suggestion,
        "consent": lambda: ConsentSheet(Settings()),
        "consent_given": lambda: ConsentSheet(Settings(), "2026-11-23"),
        "unlock": OpenWindow,
        "lock": _lock(""),
        "locked": _lock("passphrase"),
        "leaving": _lock("keyring", leaving=True),
        "takes": _takes,
        "note": _note,
        "whatif": _whatif,
        "stage": _stage,
        "which": lambda: WhichVoice(
            "memo",
            (Candidate(2, 3_000, 8_000, 134_000), Candidate(0, 20_500, 25_000, 61_000)),
            lambda _: None,
            LOOKS["dark"],
            others=1,
        ),
    }
