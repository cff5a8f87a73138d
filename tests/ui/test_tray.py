"""What the tray shows in each state, what its actions ask for, and what stands in where there is no tray."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QImage
from shiboken6 import isValid

from coach.call.events import Leak
from coach.settings import CALL_TYPES, OverlaySettings
from coach.ui.controls import Phase, State
from coach.ui.icons import TRAY_SIZES, app_icon, pixmap, tray_icon, tray_pixmap
from coach.ui.theme import MIN_SHAPE_CONTRAST, PANELS, TRAY, contrast
from coach.ui.tray import MENU_LETTERS, Tray, state_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def tray(qapp: object) -> Iterator[Tray]:
    made = Tray("demo", available=lambda: True)
    yield made
    made.hide()


QUIET = "Be quiet until the call ends"
SOUND = "Keep words and sound of the next call, both sides"
PANIC = "Stop at once and hide everything"


def offered(tray: Tray) -> list[str]:
    return [a.text() for a in tray.menu.actions() if a.isVisible() and not a.isSeparator() and a.isEnabled()]


def action(tray: Tray, text: str) -> QAction:
    return next(a for a in tray.menu.actions() if a.text() == text)


@pytest.mark.parametrize(
    ("state", "line", "actions"),
    [
        (State(), "Not listening", ["Start listening", "Call type", SOUND, "Quit Coach"]),
        (
            State(Phase.LISTENING, "discovery"),
            "Listening · discovery",
            ["Pause", "Stop", QUIET, "Quit Coach"],
        ),
        (State(Phase.PAUSED, "first_contact"), "Paused · first contact", ["Resume", "Stop", "Quit Coach"]),
        (
            State(Phase.LISTENING, problem="No sound."),
            "Problem · No sound.",
            ["Pause", "Stop", QUIET, "Quit Coach"],
        ),
        (
            State(problem="No microphone."),
            "Problem · No microphone.",
            ["Start listening", "Call type", SOUND, "Quit Coach"],
        ),
    ],
)
def test_each_state_is_said_and_offers_what_fits(
    tray: Tray, state: State, line: str, actions: list[str]
) -> None:
    tray.show_state(state)
    assert state_line(state) == line
    assert tray.menu.actions()[0].text() == line
    assert tray._icon.toolTip() == f"Coach: {line}"
    offers = [
        "Prepare the next call…" if state.phase is Phase.IDLE else "What I prepared, shown or hidden",
        "Today's nudges…",
        "Show the ring",
        "The card",
        "My calls…",
        "Practise with recordings…",
        "What I sell…",
        "Sound check…",
        "Who listens…",
        "Preferences…",
    ]
    assert offered(tray) == [*actions[:-1], *offers, PANIC, actions[-1]]


def test_start_names_the_chosen_type(tray: Tray, qtbot: QtBot) -> None:
    assert tray.call_type == "demo"
    types = tray._types.actions()
    assert [a.data() for a in types] == list(CALL_TYPES)
    types[0].trigger()
    assert [a.isChecked() for a in types] == [True, False, False, False, False]
    with qtbot.waitSignal(tray.start_asked) as asked:
        action(tray, "Start listening").trigger()
    assert asked.args == ["discovery"]


@pytest.mark.parametrize(
    ("phase", "text", "signal"),
    [
        (Phase.LISTENING, "Pause", "pause_asked"),
        (Phase.PAUSED, "Resume", "resume_asked"),
        (Phase.LISTENING, "Stop", "stop_asked"),
        (Phase.IDLE, "What I sell…", "facts_asked"),
        (Phase.LISTENING, "What I sell…", "facts_asked"),
        (Phase.LISTENING, "Preferences…", "preferences_asked"),
        (Phase.LISTENING, QUIET, "quiet_asked"),
        (Phase.IDLE, "Today's nudges…", "today_asked"),
        (Phase.IDLE, "Quit Coach", "quit_asked"),
        (Phase.LISTENING, PANIC, "panic_asked"),
        (Phase.IDLE, PANIC, "panic_asked"),
    ],
)
def test_each_action_asks(tray: Tray, qtbot: QtBot, phase: Phase, text: str, signal: str) -> None:
    tray.show_state(State(phase))
    with qtbot.waitSignal(getattr(tray, signal)):
        action(tray, text).trigger()


def test_the_last_nudge_is_offered_once_there_is_one(tray: Tray, qtbot: QtBot) -> None:
    last = action(tray, "Show the last nudge")
    assert not last.isEnabled()
    tray.has_last()
    with qtbot.waitSignal(tray.last_asked):
        last.trigger()


@pytest.mark.parametrize(
    ("phase", "signal"),
    [(Phase.IDLE, "start_asked"), (Phase.LISTENING, "pause_asked"), (Phase.PAUSED, "resume_asked")],
)
def test_toggling_does_the_first_thing_that_fits(tray: Tray, qtbot: QtBot, phase: Phase, signal: str) -> None:
    tray.show_state(State(phase))
    with qtbot.waitSignal(getattr(tray, signal)):
        tray.toggle()


def test_the_card_is_changed_from_the_tray(tray: Tray) -> None:
    asked: list[tuple[str, object]] = []
    tray.card.setting_asked.connect(lambda name, value: asked.append((name, value)))
    size = {a.text(): a for a in tray.card.actions()}
    tray.card.show_settings(OverlaySettings(scale=1.5, ring=True))
    assert [a.text() for a in [*tray.card.actions(), tray.card.ring] if a.isChecked()] == [
        "Large",
        "Show the ring",
    ]
    size["For a projector"].trigger()
    size["Let clicks through"].trigger()
    action(tray, "Show the ring").trigger()
    assert asked == [("scale", 2.5), ("click_through", True), ("ring", False)]
    tray.card.show_settings(OverlaySettings(scale=1.25))
    assert not any(a.isChecked() for a in tray.card.actions())


def test_the_card_is_sent_home_from_the_tray(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.card.place_forgotten):
        next(a for a in tray.card.actions() if a.text() == "Back to its usual place").trigger()


def silhouette(kind: str, size: int) -> QImage:
    return tray_pixmap(kind, size).toImage().convertToFormat(QImage.Format.Format_Alpha8)


@pytest.mark.parametrize("size", TRAY_SIZES)
def test_the_states_differ_by_shape(qapp: object, size: int) -> None:
    shapes = [silhouette(kind, size) for kind in TRAY]
    for one, other in combinations(shapes, 2):
        different = sum(
            abs(one.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha()) > 100
            for x in range(size)
            for y in range(size)
        )
        assert different > size * size / 10


@pytest.mark.parametrize("size", [16, 22, 32, 48])
@pytest.mark.parametrize(("kind", "height"), [("listening", 0.45), ("paused", 0.5), ("idle", 0.45)])
def test_upright_edges_are_on_whole_pixels_where_trays_are(
    qapp: object, kind: str, height: float, size: int
) -> None:
    image = silhouette(kind, size)
    row = [image.pixelColor(x, round(height * size)).alpha() for x in range(size)]
    assert set(row) == {0, 255}


def test_the_program_has_an_icon_of_its_own_seen_on_any_panel(qapp: object) -> None:
    picture = app_icon().pixmap(64, 64).toImage()
    ground, bubble = (picture.pixelColor(x, y).name() for x, y in ((4, 32), (32, 12)))
    assert contrast(ground, bubble) >= MIN_SHAPE_CONTRAST
    for panel in PANELS:
        assert max(contrast(ground, panel), contrast(bubble, panel)) >= MIN_SHAPE_CONTRAST


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
def test_icons_are_drawn_at_the_screens_own_density(qapp: object, density: float) -> None:
    picture = pixmap("monologue", "#E69F00", 22, density)
    assert picture.width() == 22 * density
    assert picture.deviceIndependentSize().width() == 22
    assert not tray_icon("idle").isNull()


def test_where_no_tray_comes_the_bar_does(qtbot: QtBot) -> None:
    tray = Tray(available=lambda: False, patience_ms=20)
    tray.show()
    qtbot.waitUntil(lambda: tray.bar is not None)
    assert tray.bar is not None
    qtbot.addWidget(tray.bar)
    assert tray.bar.isVisible()
    tray.show_state(State(Phase.PAUSED, "demo"))
    assert tray.bar._line.text() == "Paused · demo"
    tray.bar.hide()
    tray.come_forward()
    assert tray.bar.isVisible()
    with qtbot.waitSignal(tray.quit_asked):
        tray.bar.close()
    tray.hide()


def test_a_long_problem_is_read_whole_on_the_bar(qtbot: QtBot) -> None:
    tray = Tray("demo", available=lambda: False, patience_ms=1)
    tray.show()
    qtbot.waitUntil(lambda: tray.bar is not None)
    bar = tray.bar
    assert bar is not None
    qtbot.addWidget(bar)
    usual, corner = bar.height(), bar.geometry().bottomRight()
    problem = "There is no microphone. " + "Plug one in, or allow Coach to use it. " * 4
    tray.show_state(State(Phase.LISTENING, "demo", problem.strip()))
    assert bar._line.text() == "Listening · demo"
    assert bar._why.text() == bar._why.toolTip() == problem.strip()
    assert bar.height() > usual
    assert bar._why.height() >= bar._why.heightForWidth(bar._why.width())
    assert bar.geometry().bottomRight() == corner, "it grows away from the edge of the screen"
    tray.show_state(State(problem="word " * 200))
    assert len(bar._why.text()) <= 400
    assert len(bar._why.accessibleName()) == 1000
    tray.show_state(State(Phase.PAUSED, "demo"))
    assert bar._why.text().startswith("This desktop shows no tray icons")
    assert bar.height() == usual
    tray.hide()


def test_a_tray_that_comes_late_needs_no_bar(qtbot: QtBot) -> None:
    answers = iter([False, True])
    tray = Tray(available=lambda: next(answers), patience_ms=200)
    tray.show()
    qtbot.waitUntil(lambda: not tray._look.isActive())
    assert tray.bar is None
    tray.hide()


def test_it_never_listens_unseen(qtbot: QtBot) -> None:
    tray = Tray(available=lambda: False)
    tray.show()
    assert tray.bar is None
    tray.show_state(State(Phase.LISTENING))
    assert tray.bar is not None
    qtbot.addWidget(tray.bar)
    tray.hide()


def test_files_dropped_on_the_bar_are_passed_on_and_text_is_not(qtbot: QtBot) -> None:
    tray = Tray(available=lambda: False, patience_ms=1)
    tray.show()
    qtbot.waitUntil(lambda: tray.bar is not None)
    qtbot.addWidget(tray.bar)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    files, text = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile("/calls/a.wav")])
    text.setText("a.wav")
    welcome = []
    for what in (files, text):
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, what, left, none)
        enter.ignore()
        tray.bar.dragEnterEvent(enter)
        welcome.append(enter.isAccepted())
    assert welcome == [True, False]
    with qtbot.waitSignal(tray.dropped) as told:
        tray.bar.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, files, left, none))
    assert told.args == [[Path("/calls/a.wav")]]
    tray.hide()


@pytest.mark.parametrize(
    ("leak", "gap_db", "line"),
    [
        (Leak.NONE, None, "Speakers: no leak heard so far"),
        (Leak.SOME, -18.4, "Speakers: a little leaks (−18 dB)"),  # noqa: RUF001 - a minus
        (Leak.SOME, None, "Speakers: a little leaks"),
        (Leak.STRONG, -3.6, "Speakers leak (−4 dB): figures are estimates, a headset helps"),  # noqa: RUF001 - a minus
        (Leak.STRONG, None, "Speakers leak: figures are estimates, a headset helps"),
        (Leak.HEADPHONES, None, "Headphones: nothing leaks"),
    ],
)
def test_what_leaks_is_a_line_of_the_menu_while_a_call_lasts(
    tray: Tray, leak: Leak, gap_db: float | None, line: str
) -> None:
    tray.show_leak(leak, gap_db)
    assert not action(tray, line).isVisible()  # no call, no leak
    tray.show_state(State(Phase.LISTENING))
    assert not tray._leak.isVisible()  # not measured yet
    tray.show_leak(leak, gap_db)
    assert action(tray, line).isVisible()
    assert not action(tray, line).isEnabled()
    assert len(line) <= MENU_LETTERS
    tray.show_state(State(Phase.PAUSED))
    assert tray._leak.isVisible()
    tray.show_state(State())
    tray.show_state(State(Phase.LISTENING))
    assert not tray._leak.isVisible()  # the next call knows nothing of it


def test_a_leak_that_stays_the_same_changes_nothing(qtbot: QtBot, tray: Tray) -> None:
    tray.show_state(State(Phase.LISTENING))
    tray.show_leak(Leak.SOME, -18.4)
    with qtbot.assertNotEmitted(tray._leak.changed, wait=0):
        tray.show_leak(Leak.SOME, -17.6)


def test_the_sound_check_is_asked_for_from_the_menu(qtbot: QtBot, tray: Tray) -> None:
    with qtbot.waitSignal(tray.sound_asked):
        action(tray, "Sound check…").trigger()


def test_the_sound_of_a_call_is_asked_for_before_each_and_never_remembered(tray: Tray) -> None:
    assert not tray.sound_wanted
    action(tray, SOUND).trigger()
    assert tray.sound_wanted
    tray.show_state(State(Phase.LISTENING, note="sound is kept"))
    assert state_line(tray.state) == "Listening · discovery · sound is kept"
    assert not action(tray, SOUND).isEnabled()
    tray.show_state(State(Phase.PAUSED))
    assert tray.sound_wanted
    tray.show_state(State())
    assert not tray.sound_wanted
    tray.show_state(State())
    assert action(tray, SOUND).isEnabled()


def test_what_became_of_a_call_that_was_stopped_at_once_stands_in_the_menu(tray: Tray) -> None:
    tray.show_state(State(note="Stopped. This call was deleted for good."))
    assert tray.menu.actions()[0].text() == "Stopped. This call was deleted for good."
    tray.show_state(State(problem="Stopped, but it stays."))
    assert tray.menu.actions()[0].text() == "Problem · Stopped, but it stays."


def test_a_bar_that_was_hidden_is_back_before_anything_listens_and_when_something_is_wrong(
    qtbot: QtBot,
) -> None:
    tray = Tray(available=lambda: False, patience_ms=1)
    tray.show()
    qtbot.waitUntil(lambda: tray.bar is not None)
    bar = tray.bar
    assert bar is not None
    for state, shown in (
        (State(note="Stopped."), False),
        (State(Phase.LISTENING), True),
        (State(problem="It stays."), True),
    ):
        bar.hide()
        tray.show_state(state)
        assert bar.isVisible() is shown
    bar.blockSignals(True)
    tray.hide()
    bar.close()


def test_a_panel_that_goes_and_comes_back_is_stood_in_for(qtbot: QtBot) -> None:
    here = [True]
    tray = Tray("demo", available=lambda: here[0], again_ms=20)
    tray.show()
    tray.show_state(State(Phase.LISTENING, "demo"))
    here[0] = False
    qtbot.waitUntil(lambda: tray.bar is not None, timeout=20_000)
    bar = tray.bar
    assert bar is not None
    assert bar.isVisible()
    quits: list[bool] = []
    tray.quit_asked.connect(lambda: quits.append(True))
    here[0] = True
    qtbot.waitUntil(lambda: tray.bar is None, timeout=20_000)
    assert tray._icon.isVisible()
    assert not isValid(bar) or not bar.isVisible()
    assert not quits  # the bar was put away, not closed by anybody
    here[0] = False
    qtbot.waitUntil(lambda: tray.bar is not None, timeout=20_000)  # it may go again
    assert tray.bar is not None
    qtbot.addWidget(tray.bar)
    tray.hide()


def test_nobody_looks_for_the_panel_while_nothing_is_listened_to(qtbot: QtBot) -> None:
    tray = Tray("demo", available=lambda: True, again_ms=20)
    tray.show()
    assert not tray._stays.isActive()
    tray.show_state(State(Phase.PAUSED, "demo"))
    assert tray._stays.isActive()
    tray.show_state(State(Phase.IDLE, "demo"))
    assert not tray._stays.isActive()
    tray.hide()


def test_a_tray_that_comes_after_the_bar_takes_its_place(qtbot: QtBot) -> None:
    here = [False]
    tray = Tray("demo", available=lambda: here[0], patience_ms=1, again_ms=20)
    tray.show()
    qtbot.waitUntil(lambda: tray.bar is not None, timeout=20_000)
    here[0] = True
    qtbot.waitUntil(lambda: tray.bar is None, timeout=20_000)
    assert tray._icon.isVisible()
    tray.hide()
