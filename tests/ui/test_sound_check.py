"""The sound check: what is offered, shown and asked for, without a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from soundroom import Controls, TryControls

from coach.call.events import Who
from coach.ui.call_guide import LINES, PROGRAMS, CallGuide
from coach.ui.level_bar import LevelBar
from coach.ui.picker import Picker
from coach.ui.sound_check import SoundCheck
from coach.ui.sound_values import ALONE, SYSTEMS, Choice, Level, Offer, ToneHeard
from coach.ui.theme import DARK

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

REP, CUSTOMER = Who.REP, Who.CUSTOMER
YETI, JABRA = Choice("usb-yeti", "Yeti"), Choice("bluez.0A", "Jabra", here=False)
SPEAKERS = Choice("pci.monitor", "Monitor of Speakers")
OFFERS = {
    REP: Offer((YETI, JABRA), "bluez.0A", "Yeti"),
    CUSTOMER: Offer((SPEAKERS,), SYSTEMS, "Monitor of Speakers"),
}


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest.fixture
def window(qtbot: QtBot, controls: Controls) -> SoundCheck:
    made = SoundCheck(controls, TryControls(), "dark", "linux")
    qtbot.addWidget(made)
    made.show_centred()
    qtbot.waitExposed(made)
    made.panel.show_offers(OFFERS)
    return made


def offered(combo: Picker) -> list[str]:
    return [combo.itemText(i) for i in range(combo.count())]


def line(window: SoundCheck, who: Who) -> str:
    return window.panel.rows[who].line.words.text()


def pick(window: SoundCheck, who: Who, value: str) -> None:
    combo = window.panel.rows[who].combo
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_the_system_s_choice_comes_first_and_what_is_gone_is_named_and_kept(window: SoundCheck) -> None:
    rows = window.panel.rows
    assert offered(rows[REP].combo) == ["System's choice (Yeti)", "Yeti", "Jabra (not connected)"]
    assert rows[REP].combo.currentText() == "Jabra (not connected)"
    assert offered(rows[CUSTOMER].combo) == [
        "System's choice (Monitor of Speakers)",
        "Monitor of Speakers",
        "Only my microphone",
    ]


def test_where_the_system_has_no_choice_it_is_not_given_a_name(window: SoundCheck) -> None:
    window.panel.show_offers({CUSTOMER: Offer()})
    assert offered(window.panel.rows[CUSTOMER].combo) == ["System's choice", "Only my microphone"]


def test_two_of_one_name_are_told_apart(window: SoundCheck) -> None:
    twins = (Choice("a", "Headset"), Choice("b", "Headset"))
    window.panel.show_offers({REP: Offer(twins)})
    assert offered(window.panel.rows[REP].combo)[1:] == ["Headset", "Headset (2)"]


def test_a_choice_is_handed_out_by_identity_and_the_same_one_is_not(
    window: SoundCheck, controls: Controls
) -> None:
    pick(window, REP, "usb-yeti")
    pick(window, CUSTOMER, ALONE)
    pick(window, CUSTOMER, SYSTEMS)
    wishes = [a for a in controls.asked if isinstance(a, tuple)]
    assert wishes == [(REP, "usb-yeti"), (CUSTOMER, ALONE)]


def test_a_list_that_is_the_same_shows_what_is_kept_and_is_not_made_anew(
    qtbot: QtBot, window: SoundCheck
) -> None:
    combo = window.panel.rows[REP].combo
    combo.setCurrentIndex(1)
    with qtbot.assertNotEmitted(combo.model().rowsInserted, wait=0):
        window.panel.show_offers(dict(OFFERS))
    assert combo.currentData() == "bluez.0A"


def test_why_a_choice_could_not_be_kept_stays_until_one_could(window: SoundCheck) -> None:
    window.panel.show_refusal("The disk is full.")
    window.panel.show_level(REP, Level(-12, -9, "heard"))
    assert window.panel.refusal.isVisible()
    assert window.panel.refusal.words.text() == "The disk is full."
    window.panel.show_refusal("")
    assert not window.panel.refusal.isVisible()


@pytest.mark.parametrize(
    ("who", "level", "words", "sign"),
    [
        (REP, Level(-12, -9, "heard"), "Hears you.", "well"),
        (REP, Level(-60, -60, "silent"), "Silent. Say a few words.", "wait"),
        (REP, Level(-40, -39, "steady"), "A steady noise, no voice yet. Say a few words.", "wait"),
        (
            REP,
            Level(0, 0, "loud"),
            "Too loud. Turn the microphone down a little, or move away from it.",
            "loud",
        ),
        (REP, Level(-60, -60, "zeros"), "Gives only zeros: muted, or permission missing?", "ask"),
        (CUSTOMER, Level(-20, -20, "heard"), "Hears what plays.", "well"),
        (
            CUSTOMER,
            Level(-60, -60, "silent"),
            "Silent: nothing plays there now. Play a test tone.",
            "wait",
        ),
        (CUSTOMER, Level(state="off"), "Off. Coach tells your airtime and no talk share.", "wait"),
        (CUSTOMER, Level(state="trouble", sentence="It was unplugged."), "It was unplugged.", "ask"),
    ],
)
def test_a_level_is_said_and_has_a_sign(
    window: SoundCheck, who: Who, level: Level, words: str, sign: str
) -> None:
    window.panel.show_level(who, level)
    row = window.panel.rows[who]
    assert row.line.words.text() == words
    assert row.line.words.accessibleName() == words
    assert row.line.sign.kind == sign


@pytest.mark.parametrize("kind", ["well", "wait", "ask", "loud"])
def test_signs_differ_by_shape_and_not_only_by_colour(window: SoundCheck, kind: str) -> None:
    sign = window.panel.rows[REP].line.sign
    shapes = {}
    for one in ("well", "wait", "ask", "loud"):
        sign.show_kind(one)
        image = sign.grab().toImage()
        ground = image.pixel(0, 0)
        shapes[one] = bytes(
            image.pixel(x, y) != ground for y in range(image.height()) for x in range(image.width())
        )
    assert [k for k, shape in shapes.items() if shape == shapes[kind] and k != kind] in (
        [],
        ["loud"],
        ["ask"],
    )
    inks = {k: _ink(window, k) for k in shapes}
    assert sum(inks[k] == inks[kind] for k in inks) == 1


def _ink(window: SoundCheck, kind: str) -> bytes:
    """Return where a sign is darker than its own colour: its mark, whatever the colour."""
    sign = window.panel.rows[REP].line.sign
    sign.show_kind(kind)
    image = sign.grab().toImage()
    grey = [image.pixelColor(x, y).lightness() for y in range(image.height()) for x in range(image.width())]
    middle = (max(grey) + min(grey)) / 2
    return bytes(g > middle for g in grey)


def test_a_bar_is_painted_when_it_moved_and_never_else(qtbot: QtBot) -> None:
    bar = LevelBar(DARK.rep, DARK, "Level")
    qtbot.addWidget(bar)
    bar.resize(300, 30)
    bar.show()
    qtbot.waitUntil(lambda: bar.painted > 0)
    bar.show_level(-20, -10)
    before = bar.painted
    qtbot.waitUntil(lambda: bar.painted == before + 1)
    for _ in range(50):
        bar.show_level(-20.05, -10)
        QApplication.processEvents()
    assert bar.painted == before + 1
    bar.hide()
    for db in range(-60, 0):
        bar.show_level(db, db)
        QApplication.processEvents()
    assert bar.painted == before + 1


def test_a_bar_reaches_as_far_as_its_level(qtbot: QtBot) -> None:
    bar = LevelBar(DARK.rep, DARK, "Level")
    qtbot.addWidget(bar)
    bar.resize(300, 30)
    for db in (-60, -45, -30, -15):
        bar.show_level(db, -60)
        image = bar.grab().toImage()
        lit = [x for x in range(image.width()) if image.pixelColor(x, 6).name().upper() == DARK.rep]
        assert len(lit) == pytest.approx((60 + db) / 60 * 300, abs=8)


def test_it_hears_only_while_it_can_be_seen(window: SoundCheck, controls: Controls) -> None:
    assert controls.asked == ["listen"]
    window.hide()
    assert controls.asked == ["listen", "rest"]
    window.show()
    assert controls.asked == ["listen", "rest", "listen"]
    window.setWindowState(Qt.WindowState.WindowMinimized)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowStateChange))
    assert controls.asked[-1] == "rest"
    assert not window.panel.listening


def test_a_window_that_comes_forward_looks_for_devices(window: SoundCheck, controls: Controls) -> None:
    controls.asked.clear()
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert controls.asked == []  # it was never away
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    window.panel.again.click()
    assert controls.asked == ["look", "look"]


def told(window: SoundCheck) -> list[str]:
    panel = window.panel
    parts = (panel.heard.words, panel.leak.words, panel.simple)
    return [p.text() for p in parts if p.isVisible()]


def test_the_tone_is_played_once_and_its_story_is_told(window: SoundCheck, controls: Controls) -> None:
    window.panel.tone.click()
    window.panel.tone.click()
    assert controls.asked.count("tone") == 1
    assert told(window) == ["Two soft notes… this takes a few seconds."]
    window.panel.show_tone(ToneHeard("heard", "some", -18))
    assert told(window) == [
        "The tone was heard on the other side.",
        "A little leaks into the microphone (−18 dB). Coach takes it out; a headset is better.",  # noqa: RUF001 - a minus
        "A simple check by the pitch of two notes. In a call Coach measures it by the voices.",
    ]
    assert window.panel.tone.isEnabled()


@pytest.mark.parametrize(
    ("tone", "words"),
    [
        (ToneHeard("heard", "none"), ["heard on the other side", "No leak heard", "simple check"]),
        (ToneHeard("heard", "strong", -4), ["heard on the other", "figures are estimates", "simple check"]),
        (ToneHeard("heard", "unknown"), ["heard on the other", "gave nothing"]),
        (ToneHeard("silent"), ["check that it is not muted"]),
        (ToneHeard("elsewhere"), ["you chose another"]),
        (ToneHeard("room", "heard"), ["Your microphone heard the tone", "a headset helps"]),
        (ToneHeard("off", "heard"), ["no other side", "a headset helps"]),
        (ToneHeard(sentence="There is no loudspeaker."), ["There is no loudspeaker."]),
    ],
)
def test_every_end_of_the_tone_has_its_words(window: SoundCheck, tone: ToneHeard, words: list[str]) -> None:
    window.panel.show_tone(tone)
    assert len(told(window)) == len(words)
    assert all(part in text for part, text in zip(words, told(window), strict=True))


def test_where_the_window_is_low_what_the_tone_told_is_scrolled_to(qtbot: QtBot, window: SoundCheck) -> None:
    window.resize(window.width(), 300)
    panel = window.panel
    panel.show_tone(ToneHeard("heard", "some", -18))

    def in_sight() -> bool:
        place = panel.simple.mapTo(window, panel.simple.rect().bottomLeft())
        return 0 < place.y() < window.height()

    qtbot.waitUntil(in_sight)


def test_another_device_makes_the_last_tone_forgotten(window: SoundCheck) -> None:
    window.panel.show_tone(ToneHeard("heard", "none"))
    pick(window, REP, "usb-yeti")
    assert told(window) == []


def test_while_a_call_runs_nothing_is_heard_and_devices_can_be_chosen(
    window: SoundCheck, controls: Controls
) -> None:
    window.panel.show_busy(True)
    assert window.panel.busy.isVisible()
    assert not window.panel.tone.isEnabled()
    assert not any(row.bar.isVisible() or row.line.isVisible() for row in window.panel.rows.values())
    pick(window, REP, "usb-yeti")
    assert (REP, "usb-yeti") in controls.asked
    window.panel.show_busy(False)
    assert window.panel.tone.isEnabled()
    assert all(row.bar.isVisible() for row in window.panel.rows.values())


def test_tab_walks_from_the_first_device_to_the_guide(qtbot: QtBot, window: SoundCheck) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    panel = window.panel
    devices = [panel.rows[REP].combo, panel.rows[CUSTOMER].combo, panel.tone, panel.again]
    walk = [*devices, window.tryout.button, window.guide.program]
    for widget in walk:
        assert window.focusWidget() is widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)


def test_everything_that_takes_the_focus_has_a_name_and_letters_lead_to_the_devices(
    window: SoundCheck,
) -> None:
    for combo in window.findChildren(Picker):
        assert combo.accessibleName()
    assert all(b.text() for b in window.findChildren(QPushButton))
    buddies = {label.buddy() for label in window.findChildren(QLabel) if "&" in label.text()}
    assert {row.combo for row in window.panel.rows.values()} <= buddies


def test_foreign_names_are_never_markup(window: SoundCheck) -> None:
    window.panel.show_level(REP, Level(state="trouble", sentence="<b>Yeti</b>"))
    label = window.panel.rows[REP].line.words
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert line(window, REP) == "<b>Yeti</b>"


def test_escape_closes_and_says_so(qtbot: QtBot, window: SoundCheck) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


@pytest.mark.parametrize("system", ["linux", "win32", "darwin", "haiku"])
def test_the_guide_has_five_lines_for_each_program(qtbot: QtBot, system: str) -> None:
    guide = CallGuide(system, DARK)
    qtbot.addWidget(guide)
    seen = set()
    for at in range(len(PROGRAMS)):
        guide.program.setCurrentIndex(at)
        lines = tuple(line.text() for line in guide.lines)
        assert len(lines) == LINES
        assert all(lines)
        seen.add(lines)
    assert len(seen) == len(PROGRAMS)


def test_the_wheel_does_not_choose_a_device(qtbot: QtBot, window: SoundCheck) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    combo = window.panel.rows[REP].combo
    before = combo.currentIndex()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    combo.wheelEvent(turn)
    assert combo.currentIndex() == before
    assert not turn.isAccepted()
