"""The review window: whatever is clicked is heard, lanes and words move together, and what a person writes stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pastcalls import CUSTOMER, REP, Desk, FakeSound, a_call
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QToolButton

from coach.call.hand import Correction, Hand, Note
from coach.trouble import Trouble
from coach.ui.correct import CorrectSheet, NoteSheet
from coach.ui.review import ReviewActions, ReviewWindow
from coach.ui.theme import LOOKS, MIN_TEXT_CONTRAST, contrast
from coach.ui.transcript import lines, places
from coach.ui.transport import SPEEDS
from coach.ui.wording import cue_name, say

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Opened:
    """A window over a call, with a sound that only listens."""

    def __init__(self, qtbot: QtBot, *, heard: bool = True, call=None, look: str = "dark") -> None:
        self.desk, self.sound, self.qtbot = Desk(), FakeSound(), qtbot
        self.window = ReviewWindow(call or a_call(), ReviewActions(self.desk.note, self.desk.correct), look)
        if heard:
            self.window.show_sound(self.sound)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def press(self, key: Qt.Key | str, *modifiers: Qt.KeyboardModifier) -> None:
        focused = QApplication.focusWidget() or self.window
        if isinstance(key, str):
            self.qtbot.keyClicks(focused, key)
        else:
            self.qtbot.keyClick(focused, key, *modifiers)

    def sheet(self, kind: type) -> NoteSheet | CorrectSheet:
        self.qtbot.waitUntil(lambda: self.window.findChild(kind) is not None)
        return self.window.findChild(kind)


def button(parent: object, words: str) -> QPushButton:
    return next(b for b in parent.findChildren(QPushButton) if b.text() == words)


def row_of(window: ReviewWindow, words: str) -> int:
    return next(k for k, line in enumerate(window.transcript.lines) if words in line.text)


def click_row(qtbot: QtBot, window: ReviewWindow, row: int) -> None:
    index = window.transcript.model().index(row)
    window.transcript.scrollTo(index)
    place = window.transcript.visualRect(index).center()
    qtbot.mouseClick(window.transcript.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_sentence_lets_it_be_heard_and_moves_the_playhead(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    click_row(qtbot, opened.window, row_of(opened.window, "Our lift"))
    assert opened.sound.asked == [("play", 24_000, None)]
    assert opened.window.place_ms == 24_000
    assert opened.window.transport.clock.text() == "0:24 / 1:00"


def test_a_click_on_a_mark_lets_it_be_heard_and_finds_its_words(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    window = opened.window
    mark = next(m for m in window.call.timeline.marks if m.kind == "objection")
    window.lanes.chosen.emit(mark)
    assert opened.sound.asked == [("play", 16_000, None)]
    assert window.transcript.current().start_ms == 16_000


def test_space_plays_and_pauses_from_where_one_is(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Space)
    assert opened.sound.asked == [("seek", 5_000), ("play", 5_000, None)]
    assert opened.window.transport.play.accessibleName() == "Pause"
    opened.press(Qt.Key.Key_Space)
    assert opened.sound.asked[-1] == ("pause",)
    assert opened.window.transport.play.accessibleName() == "Play"


def test_while_it_plays_the_words_that_are_heard_are_marked(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.window.play_or_pause()
    opened.sound.position_ms = 14_000
    qtbot.waitUntil(lambda: opened.window.place_ms == 14_000)
    heard = opened.window.transcript._paint.heard
    assert opened.window.transcript.lines[heard].text == "What do the two days cost you?"
    opened.sound.pause()
    assert not opened.window._frames.isActive()


def test_nothing_moves_while_nothing_plays(qtbot: QtBot) -> None:
    assert not Opened(qtbot).window._frames.isActive()


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ([Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left], 5_000),
        ([Qt.Key.Key_Left], 0),
        (["]"], 1_000),
        (["]", "]", "]"], 13_000),
        (["]", "]", "]", "["], 4_000),
        (["["], 1_000),
        (["n"], 30_000),
        (["n", "n"], 42_000),
        (["n", "n", "n"], 42_000),
        (["2"], 42_000),
        (["2", "N"], 30_000),
        (["9"], 0),
    ],
)
def test_keys_go_through_the_call(qtbot: QtBot, keys: list, place: int) -> None:
    opened = Opened(qtbot)
    for key in keys:
        if key == "N":
            opened.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
        else:
            opened.press(key)
    assert opened.window.place_ms == place


def test_a_call_without_sound_is_read_and_walked_through_all_the_same(qtbot: QtBot) -> None:
    opened = Opened(qtbot, heard=False)
    assert opened.window.transport.note.text() == say("play.silent")
    assert not opened.window.transport.play.isEnabled()
    opened.press(Qt.Key.Key_Space)
    click_row(qtbot, opened.window, 1)
    assert opened.window.place_ms == 4_000


def test_a_loudspeaker_that_is_gone_is_said_and_may_come_back(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.sound.fail("The loudspeaker has gone.")
    qtbot.waitUntil(lambda: opened.window.transport.note.text() == "The loudspeaker has gone.")
    assert opened.window.transport.play.isEnabled()


def test_speeds_are_chosen_by_list_and_by_key(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.press(">")
    opened.press("<")
    opened.press("<")
    assert opened.sound.asked == [("speed", 1.25), ("speed", 1.0), ("speed", 0.75)]
    opened.window.transport.speed.setCurrentIndex(len(SPEEDS) - 1)
    assert opened.sound.asked[-1] == ("speed", 2.0)


def test_search_goes_from_place_to_place_and_says_where_one_is(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    window = opened.window
    opened.press("/")
    assert window.search.hasFocus()
    opened.press("two days")
    assert window._found.text() == "1 of 3"
    assert window.transcript.current().start_ms == 4_000
    opened.press(Qt.Key.Key_Return)
    assert window.transcript.current().start_ms == 13_000
    opened.press(Qt.Key.Key_F3)
    opened.press(Qt.Key.Key_F3)
    assert window._found.text() == "1 of 3"
    opened.press(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert window._found.text() == "3 of 3"
    window.search.setText("nobody said this")
    assert window._found.text() == say("review.found_none")
    opened.press(Qt.Key.Key_Escape)
    assert window.search.text() == ""
    assert window.transcript.hasFocus()
    assert window.isVisible()


def test_letters_typed_into_the_search_are_no_commands(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.press("/")
    opened.press("n2m [c]")
    assert opened.window.search.text() == "n2m [c]"
    assert opened.window.place_ms == 0
    assert opened.window.findChild(NoteSheet) is None


def test_cues_are_shown_on_demand(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    row = row_of(opened.window, "What do the two days")
    height = opened.window.transcript.sizeHintForRow(row)
    opened.press("c")
    qtbot.waitUntil(lambda: opened.window.transcript.sizeHintForRow(row) > height)


def test_a_note_is_written_where_one_is_changed_and_removed(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.press("n")
    opened.press("m")
    sheet = opened.sheet(NoteSheet)
    qtbot.keyClicks(sheet.words, "Breathe here.")
    button(sheet, say("note.save")).click()
    assert opened.desk.hand.notes == {30_000: Note(30_000, "Breathe here.")}
    assert [m.text for m in opened.window.call.timeline.marks if m.kind == "note"] == ["Breathe here."]
    assert any(label.text() == "Breathe here." for label in opened.window.beside.findChildren(QLabel))
    qtbot.waitUntil(lambda: opened.window.findChild(NoteSheet) is None)
    opened.window.beside.note_asked.emit(30_000)
    sheet = opened.sheet(NoteSheet)
    assert sheet.words.toPlainText() == "Breathe here."
    button(sheet, say("note.remove")).click()
    assert not opened.desk.hand.notes


def test_a_sentence_is_put_right_and_can_be_given_back(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    click_row(qtbot, opened.window, row_of(opened.window, "Our lift"))
    opened.press("e")
    sheet = opened.sheet(CorrectSheet)
    assert sheet.cues["pitch"].isChecked()
    sheet.cues["pitch"].setChecked(False)
    sheet.words.setPlainText("Our lift   does this.")
    button(sheet, say("note.save")).click()
    put = Correction(REP, 24_000, text="Our lift does this.", cues=())
    assert opened.desk.hand.corrections == {(REP, 24_000): put}
    qtbot.waitUntil(lambda: opened.window.findChild(CorrectSheet) is None)
    opened.window.put_right(opened.window.transcript.current())
    button(opened.sheet(CorrectSheet), say("correct.back")).click()
    assert not opened.desk.hand.corrections


def test_another_speaker_has_other_cues(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    said = opened.window.transcript.lines[row_of(opened.window, "Our lift")].said
    opened.window.put_right(said)
    sheet = opened.sheet(CorrectSheet)
    sheet.speakers[CUSTOMER].setChecked(True)
    assert "need" in sheet.cues
    assert "pitch" not in sheet.cues
    sheet.cues["need"].setChecked(True)
    assert sheet.written() == Correction(REP, 24_000, speaker=CUSTOMER, cues=("need",))


def test_a_correction_that_changes_nothing_is_none(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.window.put_right(opened.window.transcript.lines[2].said)
    assert not opened.sheet(CorrectSheet).written()


def test_what_cannot_be_kept_is_said_and_nothing_is_lost(qtbot: QtBot) -> None:
    def refuse(_: object) -> None:
        raise Trouble("The disk is full.", "Free some space.")

    window = ReviewWindow(a_call(), ReviewActions(refuse, refuse))
    qtbot.addWidget(window)
    window.show()
    window.write_note(1_000)
    sheet = window.findChild(NoteSheet)
    sheet.words.setPlainText("Mine.")
    button(sheet, say("note.save")).click()
    box = window.findChild(QMessageBox)
    assert box.text() == "The disk is full. Free some space."
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert not window.call.hand.notes


def test_what_was_said_is_text_everywhere(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    for label in opened.window.findChildren(QLabel):
        if "<b>" in label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText
    assert any("<b>honestly</b>" in line.text for line in opened.window.transcript.lines)


def test_every_button_and_field_has_a_name_and_can_be_reached_by_key(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    for widget in set(opened.window.findChildren(QToolButton)) - set(opened.window.search.children()):
        assert widget.text() or widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.text()
    model = opened.window.transcript.model()
    told = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert told == "0:01 You: How do you do that today? (open question)"


def test_the_moments_beside_the_words_can_be_heard(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    hear = next(
        b for b in opened.window.beside.findChildren(QToolButton) if "Stay with that" in b.accessibleName()
    )
    hear.click()
    assert opened.sound.asked == [("play", 30_000, None)]


def test_hiding_a_kind_of_mark_hides_it(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    action = next(a for a in opened.window.transport.marks.menu().actions() if a.data() == "pitch")
    action.setChecked(False)
    assert opened.window.lanes._hidden == {"pitch"}


def test_the_keys_are_told(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.window.tell_keys()
    assert "Space" in opened.window.findChild(QMessageBox).text()


def test_escape_closes_the_window_and_the_sound(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    with qtbot.waitSignal(opened.window.closed):
        opened.press(Qt.Key.Key_Escape)
    assert opened.sound.asked[-1] == ("close",)


def test_a_sentence_put_right_says_so_and_a_log_of_timings_has_no_lines() -> None:
    hand = Hand().put_right(Correction(REP, 24_000, text="Ours."))
    call = a_call(hand)
    made = lines(call.timeline.sentences, hand.corrections)
    assert [line.said.start_ms for line in made if line.by_hand] == [24_000]
    assert lines(a_call(lines=[(REP, 1, 2, "· · ·")]).timeline.sentences, {}) == ()


def test_places_are_counted_as_qt_counts_whatever_letters_stand_before() -> None:
    assert places("tür", "Die TÜR, die Tür") == [(4, 3), (13, 3)]
    assert places("ja", "\U0001f600 ja") == [(3, 2)]
    assert places("ende", "Stra\u00dfenende") == [(7, 4)]
    assert places("ss", "Stra\u00dfe") == [(4, 1)]
    assert places("", "anything") == []


def test_every_cue_has_a_name() -> None:
    assert cue_name("question.open") == "open question"
    assert cue_name("brand.new_cue") == "brand new cue"


@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_lanes_names_can_be_read(look: str) -> None:
    palette = LOOKS[look]
    assert contrast(palette.rep, palette.card) >= MIN_TEXT_CONTRAST
    assert contrast(palette.customer, palette.card) >= MIN_TEXT_CONTRAST


def test_the_window_is_no_larger_than_a_small_screen(qtbot: QtBot) -> None:
    window = Opened(qtbot).window
    assert window.minimumSizeHint().width() <= 900
    assert window.minimumSizeHint().height() <= 620
    window.resize(900, 620)
    assert window.transcript.height() >= 120
    assert window.lanes.mapTo(window, QPoint(0, 0)).y() >= 0
