"""The windows before a call and at its start: keyboard, words as text, ticks, time, and what the reminder says."""

from __future__ import annotations

import ctypes
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHoverEvent, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from coach.call.events import Who
from coach.call.plan import Plan
from coach.settings import ConsentSettings, OverlaySettings, Settings, StorageSettings
from coach.trouble import Trouble
from coach.ui import before_words, capture, reminder
from coach.ui.before_words import to_read_out
from coach.ui.consent import ConsentSheet
from coach.ui.prepare import PrepareSheet
from coach.ui.prepared import PreparedWindow, left_in_words
from coach.ui.reminder import Reminder
from coach.ui.standing import Standing

PLAN = Plan("demo", 30.0, "monologue", ("Anna <b>decides</b>",), ("Why now?", "Who signs?"))
WAIT_MS = 20_000


def settings(keep: str = "words", region: str = "all", theirs: str = "words", **consent: object) -> Settings:
    storage = StorageSettings(keep, other_side=theirs)
    return Settings(storage=storage, consent=replace(ConsentSettings(region=region), **consent))


# The sentence to read out.


@pytest.mark.parametrize("region", ["all", "one", "eu"])
@pytest.mark.parametrize("keep", ["words", "timings", "nothing"])
def test_the_sentence_says_what_is_kept_and_asks_as_the_region_wants(region: str, keep: str) -> None:
    said = to_read_out(settings(keep, region))
    assert ("writes down what is said" in said) is (keep == "words")
    assert said.endswith("?") is (region == "all")
    assert ("say no" in said) is (region == "eu")
    assert "leaves my computer" in said
    assert not re.search(r"[{}]", said)


def test_the_sentence_says_whose_words_are_kept_and_whether_sound_is() -> None:
    assert "writes down what I say, and of you only when you speak" in to_read_out(settings(theirs="timings"))
    assert "notes who speaks when, not what is said" in to_read_out(settings("timings", theirs="words"))
    assert "if you agree it records us both" in to_read_out(settings(), sound=True)
    assert "records" not in to_read_out(settings())


def test_how_long_it_is_kept_is_said_in_the_union() -> None:
    words = settings(region="eu")
    assert "after 30 days" in to_read_out(words)
    assert "no longer need it" in to_read_out(replace(words, storage=replace(words.storage, keep_days=0)))
    assert "nothing is kept" in to_read_out(settings("nothing", "eu"))


def test_the_reps_own_sentence_stands_instead_of_ours() -> None:
    assert to_read_out(settings(sentence="Mind if I take notes?")) == "Mind if I take notes?"


# The consent sheet.


def test_the_sheet_is_answered_by_nothing_but_its_button(qtbot) -> None:
    sheet = ConsentSheet(settings())
    qtbot.addWidget(sheet)
    answers: list[str] = []
    sheet.agreed.connect(lambda: answers.append("yes"))
    sheet.closed.connect(lambda: answers.append("closed"))
    sheet.show_centred()
    assert not sheet.agree.hasFocus()
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert answers == []
    qtbot.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert answers == ["yes"]
    sheet.later.click()
    assert answers == ["yes", "closed"]


def test_an_answered_sheet_says_when_and_can_be_taken_back(qtbot) -> None:
    sheet = ConsentSheet(settings(), "2026-11-23")
    qtbot.addWidget(sheet)
    sheet.show_centred()
    assert sheet.status.text() == "You answered this on 23 November 2026."
    assert sheet.agree.isHidden()
    with qtbot.waitSignal(sheet.taken_back):
        sheet.back.click()
    sheet.show_answer("")
    assert sheet.back.isHidden()
    assert sheet.agree.isVisible()


def test_another_region_is_told_and_changes_the_sentence(qtbot) -> None:
    sheet = ConsentSheet(settings())
    qtbot.addWidget(sheet)
    chosen: list[str] = []
    sheet.region_chosen.connect(chosen.append)
    sheet.show_centred()
    qtbot.keyClick(sheet.region, Qt.Key.Key_Down)
    assert chosen == ["one"]
    sheet.show_settings(settings(region="one"))
    assert "Just so you know" in sheet.sentence.text()


# The sheet for the next call.


def opened(qtbot, plan: Plan, save, **how: str) -> PrepareSheet:
    sheet = PrepareSheet(plan, save, **how)
    qtbot.addWidget(sheet)
    sheet.show_centred()
    return sheet


def test_what_was_prepared_stands_in_the_sheet_and_comes_back(qtbot) -> None:
    kept: list[Plan] = []
    sheet = opened(qtbot, PLAN, kept.append)
    assert sheet.typed() == PLAN
    qtbot.keyClicks(sheet.questions, "")
    sheet.done.click()
    assert kept == [PLAN]
    assert not sheet.isVisible()


def test_what_is_typed_is_kept_before_anything_is_pressed(qtbot) -> None:
    kept: list[Plan] = []
    sheet = opened(qtbot, Plan(), kept.append)
    qtbot.keyClicks(sheet.questions, "Why now?")
    qtbot.waitUntil(lambda: bool(kept), timeout=WAIT_MS)
    assert kept[-1] == Plan("discovery", questions=("Why now?",))


def test_cancel_gives_back_what_was_there_before(qtbot) -> None:
    kept: list[Plan] = []
    sheet = opened(qtbot, PLAN, kept.append)
    sheet.clear.click()
    qtbot.waitUntil(lambda: kept == [Plan()], timeout=WAIT_MS)
    sheet.leave.click()
    assert kept[-1] == PLAN
    assert not sheet.isVisible()


def test_closing_keeps_what_was_typed_last(qtbot) -> None:
    kept: list[Plan] = []
    sheet = opened(qtbot, Plan(), kept.append)
    qtbot.keyClicks(sheet.known, "Forty lifts")
    sheet.close()
    assert kept[-1].known == ("Forty lifts",)


def test_an_empty_sheet_prepares_nothing(qtbot) -> None:
    kept: list[Plan] = []
    opened(qtbot, Plan(), kept.append, call_type="demo").done.click()
    assert kept == [Plan()]


def test_minutes_from_a_terminal_are_offered_too(qtbot) -> None:
    sheet = opened(qtbot, Plan(minutes=25.0), lambda _: None)
    assert sheet.minutes.currentText() == "25 min"


def test_a_disk_that_refuses_is_told_and_the_sheet_stays(qtbot) -> None:
    def refuse(_: Plan) -> None:
        raise Trouble("The disk is full.", "Free some space.")

    sheet = opened(qtbot, PLAN, refuse)
    sheet.finish()
    assert sheet.isVisible()
    assert sheet.problem.text().startswith("The disk is full.")


def test_the_keys_save_and_cancel(qtbot) -> None:
    sheet = opened(qtbot, PLAN, lambda _: None)
    keys = {s.key().toString(): s for s in sheet.findChildren(QShortcut)}
    assert set(keys) == {"Esc", "Ctrl+S"}
    keys["Ctrl+S"].activated.emit()
    assert not sheet.isVisible()


def test_every_field_has_a_name_and_a_key(qtbot) -> None:
    sheet = opened(qtbot, PLAN, lambda _: None)
    for field in (sheet.questions, sheet.known, sheet.types, sheet.minutes, sheet.focus_on):
        assert field.accessibleName()
        label = next(lab for lab in sheet.findChildren(QLabel) if lab.buddy() is field)
        assert "&" in label.text()


# What was prepared, beside the call.


@pytest.fixture
def beside(qtbot) -> PreparedWindow:
    window = PreparedWindow(PLAN, OverlaySettings(), Standing("right"))
    qtbot.addWidget(window)
    return window


def test_it_is_shown_on_request_and_takes_no_focus(beside: PreparedWindow) -> None:
    assert not beside.isVisible()
    assert beside.show_or_hide()
    assert beside.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    for part in beside.findChildren(QWidget):
        assert part.focusPolicy() == Qt.FocusPolicy.NoFocus, part
    assert not beside.show_or_hide()


def test_a_question_is_ticked_as_heard_or_by_hand(qtbot, beside: PreparedWindow) -> None:
    ticked: list[tuple[int, bool]] = []
    beside.ticked.connect(lambda number, on: ticked.append((number, on)))
    beside.show_or_hide()
    beside.show_asked(0, asked=True)
    beside.show_asked(9, asked=True)
    assert [q.isChecked() for q in beside.questions] == [True, False]
    assert ticked == []
    qtbot.mouseClick(beside.questions[1], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(beside.questions[0], Qt.MouseButton.LeftButton)
    assert ticked == [(1, True), (0, False)]
    assert beside.questions[1].accessibleDescription() == "asked"


def test_what_was_written_is_text(beside: PreparedWindow) -> None:
    known = next(lab for lab in beside.findChildren(QLabel) if "Anna" in lab.text())
    assert known.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("minutes", "gone", "words"),
    [
        (0.0, 5, ""),
        (30.0, 0, "about 30 min left"),
        (30.0, 11, "about 20 min left"),
        (30.0, 28, "a few minutes left"),
        (30.0, 30, "past the planned end"),
    ],
)
def test_the_time_left_is_told_in_steps_and_demands_nothing(minutes: float, gone: float, words: str) -> None:
    assert left_in_words(minutes, round(gone * 60_000)) == words


def test_nobody_counts_minutes_that_nobody_reads(beside: PreparedWindow) -> None:
    beside.begin()
    assert not beside._minute.isActive()
    beside.show_or_hide()
    assert beside._minute.isActive()
    beside.cross.click()
    assert not beside.isVisible()
    assert not beside._minute.isActive()


def test_a_long_list_stays_on_the_screen(qtbot) -> None:
    long = Plan(questions=tuple(f"{n} {'and what about that ' * 8}?" for n in range(12)))
    window = PreparedWindow(long, OverlaySettings(scale=2.5), Standing("right"))
    qtbot.addWidget(window)
    window.show_or_hide()
    assert QGuiApplication.primaryScreen().availableGeometry().contains(window.geometry())


# The reminder.


@pytest.fixture
def reminding(qtbot, monkeypatch) -> Reminder:
    monkeypatch.setattr(reminder, "SHOWN_MS", 150)
    monkeypatch.setattr(reminder, "LETTER_MS", 0)
    window = Reminder("May I?", (Who.REP, Who.CUSTOMER), OverlaySettings(), Standing("bottom-left"))
    qtbot.addWidget(window)
    return window


def test_it_is_gone_by_itself(qtbot, reminding: Reminder) -> None:
    with qtbot.waitSignal(reminding.over, timeout=WAIT_MS):
        reminding.appear()
        assert reminding.isVisible()
    assert not reminding.isVisible()


def test_a_pointer_on_it_holds_it(qtbot, reminding: Reminder) -> None:
    at = QPoint(5, 5)
    reminding.appear()
    for kind in (QEvent.Type.HoverEnter,):
        QGuiApplication.sendEvent(reminding, QHoverEvent(kind, at, at, at))
    qtbot.waitUntil(lambda: not reminding._time.isActive(), timeout=WAIT_MS)
    assert reminding.isVisible()
    with qtbot.waitSignal(reminding.over, timeout=WAIT_MS):
        QGuiApplication.sendEvent(reminding, QHoverEvent(QEvent.Type.HoverLeave, at, at, at))


def test_both_sides_have_a_meter_and_take_levels_while_it_is_shown(reminding: Reminder) -> None:
    reminding.show_level(Who.REP, -10.0, -5.0)
    assert reminding.bars[Who.REP]._levels == (-60.0, -60.0)
    reminding.appear()
    reminding.show_level(Who.REP, -10.0, -5.0)
    assert reminding.bars[Who.REP]._levels == (-10.0, -5.0)


def test_one_side_alone_is_said(qtbot) -> None:
    window = Reminder("May I?", (Who.REP,), OverlaySettings(), Standing("top"))
    qtbot.addWidget(window)
    assert before_words.say("reminder.alone") in [lab.text() for lab in window.findChildren(QLabel)]


def test_it_can_be_switched_off_after_reading(qtbot, reminding: Reminder) -> None:
    reminding.appear()
    with qtbot.waitSignal(reminding.switched_off):
        qtbot.mouseClick(reminding.off, Qt.MouseButton.LeftButton)
    assert not reminding.isVisible()


# Hidden from screen share, as it truly is.


class User32:
    """Windows' library, as it answers on one machine."""

    def __init__(self, takes: int, told: int | None) -> None:
        self.takes, self.told = takes, told

    def SetWindowDisplayAffinity(self, _window, wanted):  # noqa: N802 - Windows' name
        assert wanted == capture.EXCLUDE
        return self.takes

    def GetWindowDisplayAffinity(self, _window, place):  # noqa: N802 - Windows' name
        if self.told is None:
            return 0
        ctypes.cast(place, ctypes.POINTER(ctypes.c_uint32))[0] = self.told
        return 1


@pytest.mark.parametrize(
    ("takes", "told", "answer"), [(1, 0x11, "yes"), (1, 1, "no"), (0, 0, "no"), (1, None, "unknown")]
)
def test_windows_is_believed_only_when_it_says_so_itself(qtbot, monkeypatch, takes, told, answer) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "windows")
    assert capture.hide_from_capture(window, lambda: User32(takes, told)) == answer


@pytest.mark.parametrize(
    ("platform", "answer"), [("xcb", "no"), ("wayland", "no"), ("cocoa", "no"), ("offscreen", "unknown")]
)
def test_elsewhere_nothing_is_promised(qtbot, monkeypatch, platform: str, answer: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    assert capture.hide_from_capture(window) == answer


def test_a_windows_without_its_library_cannot_say(qtbot, monkeypatch) -> None:
    def nothing():
        raise OSError

    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "windows")
    assert capture.hide_from_capture(window, nothing) == "unknown"


def test_the_reminder_says_it_as_it_is(reminding: Reminder) -> None:
    reminding.appear()
    assert reminding.shared.text() == "Hidden from screen share: cannot be known here"
