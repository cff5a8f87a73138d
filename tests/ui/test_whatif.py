"""The panel: a slider turned shows at once what would be said; what is kept is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playbook import CUSTOMER, REP, talk, told
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSlider

from coach.nudges.tape import Tape
from coach.nudges.whatif import judge
from coach.report.timeline import Block
from coach.settings import Settings
from coach.trouble import Trouble
from coach.ui.dials import value_of
from coach.ui.theme import LOOKS, MIN_SHAPE_CONTRAST, contrast
from coach.ui.whatif import PastCall, WhatIf

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

EVENTS = told([(CUSTOMER, 1, 100), *talk(REP, 101, 178), (REP, 178.8, 185), (CUSTOMER, 186, 215)], 220)
RUN = "limits.discovery.monologue_s"


def opened(qtbot: QtBot, keep=lambda _: None, title: str = "Acme", **how: str) -> WhatIf:
    tape = Tape(EVENTS)
    blocks = (Block(CUSTOMER, 1000, 100_000), Block(REP, 101_000, 185_000))
    call = PastCall(title, "discovery", 220_000, blocks, judge(tape, Settings()).nudges)
    panel = WhatIf(call, Settings(), keep, **how)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_judge(lambda settings: judge(tape, settings))
    return panel


def line(panel: WhatIf) -> str:
    return panel.findChild(QLabel, "told").text()


def slider(panel: WhatIf, name: str) -> QSlider:
    return panel.rows[name].findChild(QSlider)


def press(panel: WhatIf, words: str) -> None:
    next(b for b in panel.findChildren(QPushButton) if b.text() == words and b.isVisible()).click()


def test_it_begins_with_my_limits_and_nothing_changed(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    assert line(panel) == "Nudges: 1 then, 1 with these limits · nothing changes"
    assert panel.values[RUN] == 75.0
    assert panel.list.count() == 1


def test_before_the_call_is_heard_again_it_says_so(qtbot: QtBot) -> None:
    panel = WhatIf(PastCall("Acme", "discovery", 0, (), ()), Settings(), lambda _: None)
    qtbot.addWidget(panel)
    panel.set_values({RUN: 30.0})
    panel._look_again()  # a turn before there is a way to judge asks for nothing
    assert line(panel) == "Listening to the call again…"
    panel.show_problem("The log is damaged.")
    assert line(panel) == "The log is damaged."


def test_a_key_on_a_slider_is_a_step_and_shows_at_once_what_would_be_said(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    control = slider(panel, RUN)
    control.setFocus()
    for _ in range(3):
        qtbot.keyClick(control, Qt.Key.Key_Left)
    assert panel.values[RUN] == 60.0
    qtbot.waitUntil(lambda: "1 would move" in line(panel))
    assert control.accessibleDescription() == "60 s; mine is 75 s"
    assert "was at" in panel.strip.accessibleDescription()


def test_a_rule_switched_off_takes_its_nudge_away_and_back_brings_it(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.set_values({"rules.monologue": False, "rules.ask_question": False, "rules.talk_share": False})
    qtbot.waitUntil(lambda: "0 with these limits · 1 would go" in line(panel))
    press(panel, "Back to mine")
    qtbot.waitUntil(lambda: line(panel).endswith("nothing changes"))
    assert all(value_of(Settings(), name) == value for name, value in panel.values.items())


def test_a_click_on_a_nudge_asks_for_its_moment(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    at = panel.list.item(0).data(Qt.ItemDataRole.UserRole).nudge.at_ms
    where = panel.list.visualItemRect(panel.list.item(0)).center()
    with qtbot.waitSignal(panel.asked) as asked:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked.args == [at]
    left = panel.strip._left
    here = panel.strip._axis.laid(left, panel.strip.width() - left - 14)
    with qtbot.waitSignal(panel.asked) as asked:
        qtbot.mouseClick(panel.strip, Qt.MouseButton.LeftButton, pos=QPoint(round(here.x(at)) + 3, 17))
    assert asked.args == [at]
    with qtbot.waitSignal(panel.asked) as asked:
        qtbot.mouseClick(panel.strip, Qt.MouseButton.LeftButton, pos=QPoint(round(here.x(50_000)), 17))
    assert asked.args[0] == pytest.approx(50_000, abs=300)


def test_enter_in_the_list_asks_too(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    with qtbot.waitSignal(panel.asked):
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)


def test_what_will_change_is_said_before_it_is_kept(qtbot: QtBot) -> None:
    kept: list[dict] = []
    panel = opened(qtbot, lambda values: kept.append(dict(values)))
    panel.set_values({RUN: 60.0, "manners.most": 3})
    press(panel, "Keep these limits…")
    said = panel.findChild(QLabel, "will").text()
    assert "A run this long is nudged: 75 s → 60 s" in said
    assert kept == []
    press(panel, "Leave as it was")
    assert kept == []
    press(panel, "Keep these limits…")
    press(panel, "Keep")
    assert kept == [{RUN: 60.0, "manners.most": 3}]
    assert line(panel) == "Kept. Used from the next call on."
    assert not any(b.isEnabled() for b in panel.findChildren(QPushButton) if b.text() == "Keep these limits…")


def test_what_cannot_be_kept_is_said_and_stays_turned(qtbot: QtBot) -> None:
    def full(_: object) -> None:
        raise Trouble("The disk is full.", "Free some space.")

    panel = opened(qtbot, full)
    panel.set_values({RUN: 60.0})
    press(panel, "Keep these limits…")
    press(panel, "Keep")
    assert "The disk is full." in panel.findChild(QLabel, "will").text()
    assert panel.values[RUN] == 60.0


def test_as_coach_comes_is_a_way_back_for_who_has_changed_limits(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.set_values({RUN: 90.0})
    press(panel, "Keep these limits…")
    press(panel, "Keep")
    press(panel, "As Coach comes")
    assert panel.values[RUN] == 75.0


def test_more_limits_are_a_click_away(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    assert not panel.rows["manners.breath_s"].isVisible()
    press(panel, "More limits")
    assert panel.rows["manners.breath_s"].isVisible()


def test_a_title_is_text_and_never_markup(qtbot: QtBot) -> None:
    panel = opened(qtbot, title="<b>Acme</b>")
    labels = [label for label in panel.findChildren(QLabel) if "<b>Acme</b>" in label.text()]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in panel.findChildren(QLabel))


@pytest.mark.parametrize("look", LOOKS)
def test_every_control_has_a_name_and_its_handle_can_be_seen(qtbot: QtBot, look: str) -> None:
    panel = opened(qtbot, look=look)
    assert all(s.accessibleName() for s in panel.findChildren(QSlider))
    palette = LOOKS[look]
    assert contrast(palette.accent("ask_question"), palette.card) >= MIN_SHAPE_CONTRAST
    assert not panel.grab().isNull()
