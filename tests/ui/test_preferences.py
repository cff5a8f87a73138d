"""The preferences: what is chosen is handed over, what cannot be is said, and the keyboard does it all."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from coach.settings import Settings, value_at, with_values
from coach.trouble import Trouble
from coach.ui.preference_controls import Choice, Line, Number, Switch
from coach.ui.preference_words import sections
from coach.ui.preferences import Preferences
from coach.ui.theme import LOOKS, MIN_TEXT_CONTRAST, contrast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytestqt.qtbot import QtBot

    from coach.settings import Value


class File:
    """A settings file in memory."""

    def __init__(self, **values: Any) -> None:
        self.settings = with_values(Settings(), values)
        self.written: list[dict[str, Value | None]] = []
        self.by_hand: Settings | None = None
        self.broken: Trouble | None = None
        self.opened = 0

    def change(self, values: Mapping[str, Value | None]) -> Settings:
        if self.broken:
            raise self.broken
        self.written.append(dict(values))
        full = {n: value_at(Settings(), n) if v is None else v for n, v in values.items()}
        self.settings = with_values(self.settings, full)
        return self.settings

    def read(self) -> Settings | None:
        if self.broken:
            raise self.broken
        found, self.by_hand = self.by_hand, None
        return found

    def open(self) -> None:
        self.opened += 1
        if self.broken:
            raise self.broken


def opened(qtbot: QtBot, file: File, **how: Any) -> Preferences:
    window = Preferences(file.settings, file.change, file.read, file.open, "/home/ana/settings.toml", **how)
    qtbot.addWidget(window)
    window.show_centred()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    return window


def go(window: Preferences, section: str) -> None:
    window.list.setCurrentRow(sections().index(section))


def control(window: Preferences, name: str) -> Any:
    return window.page.rows[name].control


def type_into(qtbot: QtBot, field: Any, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def problem(window: Preferences) -> str:
    return window.problem.text() if not window.problem.isHidden() else ""


def test_only_the_rows_that_are_seen_are_made(qtbot: QtBot) -> None:
    window = opened(qtbot, File())
    assert set(window.page.rows) == {"call.type", "call.planned_minutes", "call.focus"}
    assert window.page.shown == ("call.type", "call.planned_minutes", "call.focus")
    go(window, "overlay")
    assert window.page.shown[:4] == (
        "overlay.corner",
        "overlay.scale",
        "overlay.look",
        "overlay.show_reason",
    )
    assert set(window.page.shown) <= set(window.page.rows)


def test_every_section_can_be_walked_through_and_each_setting_gets_its_control(qtbot: QtBot) -> None:
    window = opened(qtbot, File())
    for section in sections():
        go(window, section)
    kinds = {
        "rules.pounce": Switch,
        "manners.most": Number,
        "manners.breath_s": Number,
        "overlay.corner": Choice,
        "call.focus": Choice,
        "audio.microphone": Line,
        "facts.products": Line,
    }
    assert {name: type(control(window, name)) for name in kinds} == kinds


def test_limits_are_shown_for_one_type_of_call_at_a_time(qtbot: QtBot) -> None:
    window = opened(qtbot, File(**{"call.type": "demo"}))
    go(window, "limits")
    assert {n.split(".")[1] for n in window.page.shown} == {"demo"}
    window.page.types.setCurrentIndex(window.page.types.findData("listening"))
    assert {n.split(".")[1] for n in window.page.shown} == {"listening"}
    assert control(window, "limits.listening.share_nudge").value() == 45


def test_a_switch_is_written_at_once(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "rules")
    qtbot.keyClick(control(window, "rules.pounce"), Qt.Key.Key_Space)
    assert file.written == [{"rules.pounce": False}]
    assert window.status.text() == "Saved: A pounce on a need. Used from the next call or recording on."
    assert not window.page.rows["rules.pounce"].mark.isHidden()


def test_a_number_is_written_once_it_stands_still(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "manners")
    spin = control(window, "manners.cooldown_s")
    spin.setFocus()
    for _ in range(3):
        qtbot.keyClick(spin, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: bool(file.written), timeout=20_000)
    assert file.written == [{"manners.cooldown_s": 60.0}]
    go(window, "limits")
    type_into(qtbot, control(window, "limits.discovery.share_nudge"), "62.5")
    window.flush()
    assert file.written[-1] == {"limits.discovery.share_nudge": 0.625}
    type_into(qtbot, control(window, "limits.discovery.pitch_needs"), "3")
    window.flush()
    assert file.written[-1] == {"limits.discovery.pitch_needs": 3}
    assert isinstance(file.written[-1]["limits.discovery.pitch_needs"], int)


def test_a_number_stays_in_its_range(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "manners")
    type_into(qtbot, control(window, "manners.cooldown_s"), "2")  # 5 is the least
    window.flush()
    assert value_at(file.settings, "manners.cooldown_s") == 45


def test_the_wheel_turns_nothing_that_was_not_chosen(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "manners")
    spin, at = control(window, "manners.warm_up_s"), QPointF(5, 5)
    window.search.setFocus()
    wheel = QWheelEvent(
        at,
        spin.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(spin, wheel)
    assert spin.value() == 90


def test_words_and_names_are_written_when_they_are_done(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "wording")
    type_into(qtbot, control(window, "wording.pounce"), "Stay here now ")
    go(window, "facts")
    type_into(qtbot, control(window, "facts.products"), "Ferrolift,, Doorman ")
    assert file.written == [{"wording.pounce": "Stay here now"}, {"facts.products": ("Ferrolift", "Doorman")}]


def test_what_cannot_be_is_said_beneath_it_and_not_written(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "wording")
    line = control(window, "wording.pounce")
    type_into(qtbot, line, "one two three four five")
    row = window.page.rows["wording.pounce"]
    assert row.wrong.startswith("A pounce on a need: 'wording.pounce' has more than four words.")
    assert line.accessibleDescription() == row.wrong
    control(window, "wording.monologue").setFocus()
    qtbot.keyClicks(control(window, "wording.monologue"), "Breathe")
    qtbot.keyClick(control(window, "wording.monologue"), Qt.Key.Key_Return)
    assert line.text() == "one two three four five", "what was typed waits to be mended"
    type_into(qtbot, line, "one two")
    assert row.wrong == ""
    assert file.written == [{"wording.monologue": "Breathe"}, {"wording.pounce": "one two"}]


def test_what_was_changed_is_marked_counted_and_goes_back(qtbot: QtBot) -> None:
    file = File(**{"overlay.corner": "bottom", "overlay.scale": 2.0})
    window = opened(qtbot, file)
    go(window, "overlay")
    item = window.list.currentItem()
    assert item.text() == "The card  ● 2"
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "The card · 2 changed"
    row = window.page.rows["overlay.corner"]
    assert not row.mark.isHidden()
    assert row.reset.accessibleName() == "Set “Place” back to Top, in the middle"
    assert "(changed)" in row.control.accessibleDescription()
    row.reset.click()
    assert file.written == [{"overlay.corner": None}]
    assert row.control.currentData() == "top"
    assert row.mark.isHidden()
    assert row.reset.isHidden()
    assert row.control.hasFocus()
    assert item.text() == "The card  ● 1"


def test_only_what_was_changed_is_shown_of_every_type_of_call(qtbot: QtBot) -> None:
    file = File(**{"overlay.scale": 2.0, "limits.demo.monologue_s": 99.0})
    window = opened(qtbot, file)
    window.only.click()
    assert window.page.shown == ("limits.demo.monologue_s", "overlay.scale")
    assert "Long run, nudged · Demo" in [
        w.text() for w in window.page.rows[window.page.shown[0]].findChildren(QLabel)
    ]
    assert not window.list.currentItem().isSelected()
    go(window, "call")
    window.list.itemClicked.emit(window.list.currentItem())
    assert not window.only.isChecked()
    assert len(window.page.shown) == 3


def test_nothing_changed_is_said(qtbot: QtBot) -> None:
    window = opened(qtbot, File())
    window.only.click()
    assert window.page.shown == ()
    assert window.page.none.text() == "Everything is as it comes."


def test_typing_narrows_the_list_and_the_arrow_leads_into_it(qtbot: QtBot) -> None:
    window = opened(qtbot, File())
    assert window.search.hasFocus()
    qtbot.keyClicks(window.search, "card")
    many = set(window.page.shown)
    qtbot.keyClicks(window.search, " projector")
    assert window.page.shown == ("overlay.scale",)
    assert set(window.page.shown) < many
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    assert control(window, "overlay.scale").hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.search.hasFocus()
    qtbot.keyClicks(window.search, "zebra")
    assert window.page.shown == ()
    assert window.page.none.text() == "No setting fits. Try fewer words."
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.page.shown == ("call.type", "call.planned_minutes", "call.focus")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_the_tabulator_walks_as_the_eye_does_whenever_the_rows_were_made(qtbot: QtBot) -> None:
    window = opened(qtbot, File(**{"overlay.scale": 2.0}))
    window.search.setText("projector")  # this row is made before its neighbours
    go(window, "overlay")
    rows = window.page.rows
    rows["overlay.corner"].control.setFocus()
    walked = []
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    scale = rows["overlay.scale"]
    others = [
        rows[f"overlay.{n}"].control for n in ("look", "show_reason", "motion", "click_through", "ring")
    ]
    assert walked == [scale.control, scale.reset, *others, window.file]


def test_a_screen_reader_is_told_name_sentence_default_and_range(qtbot: QtBot) -> None:
    window = opened(qtbot, File())
    go(window, "limits")
    spin = control(window, "limits.discovery.monologue_s")
    assert spin.accessibleName() == "Long run, nudged · Discovery"
    assert spin.accessibleDescription() == "A run this long is nudged. default 75 s · 0 to 1800 s"
    for section in sections():
        go(window, section)
    assert all(
        row.control.accessibleName() and row.control.accessibleDescription()
        for row in window.page.rows.values()
    )
    assert all(part.accessibleName() for part in (window.search, window.list, window.page.types))


def test_a_file_changed_by_hand_is_shown_when_one_comes_back(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "overlay")
    file.by_hand = with_values(Settings(), {"overlay.scale": 2.5, "overlay.look": "light"})
    window._look_again()
    assert control(window, "overlay.scale").value() == 2.5
    assert window.status.text() == "The file was changed by hand, and read again."
    assert window.grab().toImage().pixelColor(3, 3).name().upper() == LOOKS["light"].card
    window.status.clear()
    window._look_again()
    assert window.status.text() == ""
    assert file.written == []


def test_a_broken_file_is_told_and_nothing_goes_over_it(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "rules")
    file.broken = Trouble("Line 3 is no setting.", "Mend it.")
    window._look_again()
    assert problem(window) == "Line 3 is no setting. Mend it."
    qtbot.keyClick(control(window, "rules.pounce"), Qt.Key.Key_Space)
    assert problem(window) == "Line 3 is no setting. Mend it."
    assert file.written == []
    file.broken, file.by_hand = None, Settings()
    window._look_again()
    assert problem(window) == ""
    assert control(window, "rules.pounce").isChecked(), "as it stands in the file"


def test_it_begins_with_a_problem_and_opens_the_file(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file, problem="<b>Line 3</b> is wrong.")
    assert problem(window) == "<b>Line 3</b> is wrong."
    assert window.problem.textFormat() is Qt.TextFormat.PlainText
    assert any("/home/ana/settings.toml" in part.text() for part in window.findChildren(QLabel))
    window.file.click()
    assert file.opened == 1
    file.broken = Trouble("This desktop opens no text files.", "Open it by hand.")
    window.file.click()
    assert problem(window).startswith("This desktop opens no text files.")


def test_what_was_typed_last_is_written_when_the_window_is_closed(qtbot: QtBot) -> None:
    file = File()
    window = opened(qtbot, file)
    go(window, "audio")
    field = control(window, "audio.microphone")
    field.setFocus()
    qtbot.keyClicks(field, "Jabra")
    with qtbot.waitSignal(window.closed):
        window.close()
    assert file.written == [{"audio.microphone": "Jabra"}]
    window = opened(qtbot, file)
    go(window, "manners")
    control(window, "manners.most").setFocus()
    qtbot.keyClick(control(window, "manners.most"), Qt.Key.Key_Down)
    window.close()
    assert file.written[-1] == {"manners.most": 4}


def test_names_are_offered_and_ours_stands_in_an_empty_line(qtbot: QtBot) -> None:
    window = opened(
        qtbot, File(), known={"speech.model": ("tiny.en", "base")}, ours={"wording.pounce": "Stay with that"}
    )
    go(window, "speech")
    completer = control(window, "speech.model").completer()
    assert [completer.model().index(n, 0).data() for n in range(2)] == ["tiny.en", "base"]
    go(window, "wording")
    assert control(window, "wording.pounce").placeholderText() == "Stay with that"


@pytest.mark.parametrize("look", list(LOOKS))
def test_everything_can_be_read_in_either_look(qtbot: QtBot, look: str) -> None:
    window = opened(qtbot, File(**{"overlay.look": look}))
    colours = LOOKS[look]
    assert window.grab().toImage().pixelColor(3, 3).name().upper() == colours.card
    for text in (colours.title, colours.reason, colours.quiet, colours.accent("monologue")):
        assert contrast(text, colours.card) >= MIN_TEXT_CONTRAST
        assert contrast(text, colours.pressed) >= 4.0  # a row's ground lies between the two


def test_long_words_widen_the_window_instead_of_being_cut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coach.ui import preference_words

    long = "Bildschirmbereichsauswahl für die Karte"
    monkeypatch.setitem(preference_words._CHOICES, "overlay.corner.top", long)
    window = opened(qtbot, File())
    window.resize(300, 400)
    go(window, "overlay")
    qtbot.waitUntil(
        lambda: window.page.width() >= window.page.inside.minimumSizeHint().width(), timeout=20_000
    )
    row = window.page.rows["overlay.corner"]
    assert row.control.y() > row.findChildren(QLabel)[1].y(), "a wide control stands beneath its sentence"


def test_a_value_finer_than_a_control_shows_is_left_as_it_is(qtbot: QtBot) -> None:
    file = File(**{"manners.breath_s": 0.123})
    window = opened(qtbot, file)
    go(window, "manners")
    assert control(window, "manners.breath_s").text() == "0.12 s"
    window.close()
    assert file.written == []
    assert dataclasses.asdict(file.settings)["manners"]["breath_s"] == 0.123
