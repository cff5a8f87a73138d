"""The trainer's stage: keys and buttons do what they say, all is large enough, and nothing is painted for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from classroom import CHAPTERS, LISTENED, SOLD, lesson, nudge, take
from playbook import CUSTOMER, REP
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from coach.report.lesson import CHOICES, Performance
from coach.ui.lanes import Lanes
from coach.ui.stage import FRAME_MS, SLOWEST_FRAME_MS, Stage
from coach.ui.stage_bar import ROWS, help_lines
from coach.ui.theme import LOOKS, MIN_TEXT_CONTRAST, contrast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

SIZES = [(1280, 720), (1920, 1080), (3840, 2160), (1024, 768)]


class Room:
    """A stage with a clock that the test turns on."""

    def __init__(
        self, qtbot: QtBot, show: Performance, size: tuple[int, int] = (1280, 720), look: str = "dark"
    ) -> None:
        self.now = 0
        self.show, self.qtbot = show, qtbot
        self.stage = Stage(show, look, lambda: self.now)
        qtbot.addWidget(self.stage)
        self.stage.resize(*size)
        self.stage.show()
        qtbot.waitExposed(self.stage)
        self.stage.activateWindow()
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def press(self, keys: str) -> None:
        for key in keys:
            self.qtbot.keyClicks(self.stage, key)
        self.settle()

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.stage, key)
        self.settle()

    def plays_to(self, at_s: float) -> None:
        """Let the clock run on to a moment, and wait until the stage has seen it."""
        wanted = round(1000 * at_s)
        self.now += wanted - self.show.at_ms
        self.qtbot.waitUntil(lambda: self.show.at_ms >= wanted or not self.stage.playing)
        self.settle()

    @property
    def captions(self) -> list[str]:
        return [text for _, text in self.stage.captions.lines]

    @property
    def page(self) -> QWidget:
        return self.stage._pages.currentWidget()


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, Performance(lesson()))


def of_two() -> Performance:
    sold = take(nudges=[nudge(24)], name="Sells", chapters=CHAPTERS)
    listened = take(LISTENED, 70, nudges=[nudge(40, "monologue", "Pause, let them in")], name="Listens")
    return Performance(lesson(sold, listened))


@pytest.fixture
def pair(qtbot: QtBot) -> Room:
    return Room(qtbot, of_two())


# A class, from the beginning.


def test_it_opens_with_what_to_watch_for_and_says_that_nothing_is_recorded(room: Room) -> None:
    assert room.stage.banner.text() == "Nothing is recorded"
    assert room.stage.banner.isVisible()
    assert room.page is room.stage.opening
    assert room.stage.opening.accessibleDescription() == "Who asks"
    assert room.stage.told.text() == "The rep sells."
    assert room.stage.clock.text() == "0:00 / 1:00"
    assert not room.stage.playing


def test_space_plays_the_words_come_and_the_card_comes_and_goes(room: Room) -> None:
    room.press(" ")
    room.plays_to(5)
    assert room.captions == ["By hand, and we lose two days."]
    assert room.stage.told.text() == "The beginning"
    assert room.stage.slots[0].nudge is None
    room.plays_to(24.1)
    assert room.stage.slots[0].nudge == nudge(24)
    assert room.stage.slots[0].card.isVisible()
    assert "Stay with that" in [label.text() for label in room.stage.slots[0].card.findChildren(QLabel)]
    room.plays_to(31)
    assert room.stage.slots[0].card is None
    room.press(" ")
    room.now += 5000
    room.settle()
    assert room.stage.clock.text() == "0:31 / 1:00"


def test_at_its_end_it_stops_and_plays_again_from_the_beginning(room: Room) -> None:
    room.stage.go(59_000)
    room.press(" ")
    room.plays_to(60)
    assert not room.stage.playing
    assert room.stage.told.text() == "The end of the call"
    room.press(" ")
    assert room.stage.playing
    assert room.show.at_ms < 1000


def test_it_goes_on_playing_from_where_it_was_sent(room: Room) -> None:
    room.press(" c")
    assert room.stage.playing
    room.plays_to(14)
    assert room.captions == ["Our lift does that."]


def test_arrows_chapters_and_nudges(room: Room) -> None:
    room.key(Qt.Key.Key_Right)
    assert room.show.at_ms == 5000
    room.key(Qt.Key.Key_Left)
    assert room.show.at_ms == 0
    places = []
    for key in "nnNcCC":
        room.press(key)
        places.append(room.show.at_ms)
    assert places == [24_000, 50_000, 24_000, 56_000, 13_000, 0]


def test_why_now_shows_rule_condition_numbers_and_source(room: Room) -> None:
    room.press("nw")
    assert room.page is room.stage.why
    why = room.stage.why.shown
    assert why.name == "0:24   A pounce on a need"
    assert why.condition.startswith("The rep's first words after a need are a pitch")
    assert why.numbers == ("1 s after the need", "Pitch at 0:13")
    assert (why.source, why.question) == ("Source: own default", "Could be asked: “What are two days?”")
    room.press("n")
    assert room.stage.why.shown.numbers == ("Run 26 s", "Limit 25 s")
    room.press("w")
    assert room.page is room.stage.captions


def test_why_before_any_nudge_says_that_there_was_none(room: Room) -> None:
    room.press("w")
    assert room.stage.why.shown.name == "The coach has said nothing yet"


def test_it_stops_at_nudges_where_that_is_wished(room: Room) -> None:
    room.press("p ")
    room.plays_to(24.5)
    assert not room.stage.playing
    assert room.show.at_ms == 24_000
    assert room.stage.slots[0].nudge is not None
    room.press(" ")
    room.plays_to(25)
    assert room.stage.playing


def test_the_room_guesses_and_is_told_kindly(room: Room) -> None:
    room.press("g ")
    room.plays_to(21)
    assert not room.stage.playing
    assert room.page is room.stage.guess
    room.press(str(CHOICES.index("pounce") + 1))
    assert room.stage.playing
    assert room.stage.told.text() == "Your guess: A pounce on a need. Let us hear."
    room.plays_to(24.2)
    assert room.stage.told.text() == "That is it: A pounce on a need."


def test_a_guess_by_hand_and_by_mouse(room: Room) -> None:
    room.press("g ")
    room.plays_to(10)
    room.key(Qt.Key.Key_Return)
    assert not room.stage.playing
    room.stage.guess.buttons[CHOICES.index("monologue")].click()
    assert room.stage.playing
    room.plays_to(20.5)
    room.press(" ")
    room.plays_to(24.5)
    assert room.stage.told.text() == "The coach waited 14 s more, and saw: A pounce on a need."


def test_digits_are_takes_when_nothing_is_asked(pair: Room) -> None:
    pair.press("2")
    assert pair.show.take.name == "Listens"
    pair.press("1")
    assert pair.show.take.name == "Sells"


def test_captions_can_be_switched_off(room: Room) -> None:
    room.stage.go(5000)
    assert room.captions
    room.press("t")
    assert room.captions == []


def test_questions_and_needs_stand_still_where_no_words_are_read(qtbot: QtBot) -> None:
    german = take([(REP, 1, 3, "Wie machen Sie das?"), (CUSTOMER, 4, 40, "Von Hand.")], language="de")
    room = Room(qtbot, Performance(lesson(german)))
    told = room.stage.meters.accessibleDescription()
    assert "In one go" in told
    assert "Questions" not in told


def test_the_meters_are_those_of_the_moment_going_on_and_back(room: Room) -> None:
    room.stage.go(40_000)
    later = room.stage.meters.accessibleDescription()
    assert later == (
        "In one go, without them: 27 s · Rep's share, last 3 min: not yet · Questions so far: 1 · Needs heard: 1"
    )
    room.stage.go(2000)
    room.stage.go(40_000)
    assert room.stage.meters.accessibleDescription() == later


# Two takes.


def test_side_by_side_both_lanes_share_one_axis_and_one_place(pair: Room) -> None:
    pair.press("b")
    first, second = pair.stage.findChildren(Lanes)[-2:]
    assert first.view.duration_ms == second.view.duration_ms == 70_000
    assert first.view.x(30_000) == second.view.x(30_000)
    pair.stage.go(40_000)
    assert first._position_ms == second._position_ms == 40_000
    assert [slot.nudge and slot.nudge.rule for slot in pair.stage.slots] == [None, "monologue"]
    assert pair.stage.beside.isVisible()
    assert "Talk share: 1 · Sells 78%, 2 · Listens 11%" in pair.stage.beside.accessibleDescription()
    assert not pair.stage.meters.isVisible()
    first.show_view(0, 10_000)
    assert second.view.end_ms == 10_000


def test_either_take_is_heard_beside_the_other(pair: Room) -> None:
    pair.press("b2")
    pair.stage.go(20_000)
    assert pair.show.both
    assert pair.captions == ["Every week, and my best man left."]
    pair.press("b")
    assert [slot.isVisible() for slot in pair.stage.slots] == [False, True]
    assert pair.stage.meters.isVisible()


def test_a_take_that_plays_goes_on_playing_as_the_other(pair: Room) -> None:
    pair.press(" ")
    pair.plays_to(3)
    pair.press("2")
    assert pair.stage.playing
    pair.plays_to(18)
    assert pair.captions == ["Every week, and my best man left."]


def test_one_take_alone_has_no_buttons_for_two(room: Room) -> None:
    assert not {"take_1", "take_2", "both"} & set(room.stage.bar.buttons)
    room.press("2b")
    assert room.show.heard == 0


# Buttons, keys, help.


def test_every_key_of_the_help_has_its_button_and_every_button_says_what_it_is(pair: Room) -> None:
    names = {act.name for acts in ROWS for act in acts}
    assert set(pair.stage.bar.buttons) == names
    assert names == set(pair.stage._acts())
    assert len({key for key, _ in help_lines()}) == len(names)
    assert all(b.accessibleName() == b.text() != "" for b in pair.stage.bar.buttons.values())
    assert all(what for _, what in help_lines())


@pytest.mark.parametrize("name", ["why", "guess", "stops", "captions", "both", "help"])
def test_a_button_does_what_its_key_does_and_shows_it(pair: Room, name: str) -> None:
    button = pair.stage.bar.buttons[name]
    before = button.isChecked()
    button.click()
    assert button.isChecked() is not before
    pair.press(next(act.key for acts in ROWS for act in acts if act.name == name))
    assert button.isChecked() is before


def test_speed_by_button_and_key(room: Room) -> None:
    room.stage.bar.buttons["faster"].click()
    room.press(" ")
    room.now += 4000
    room.qtbot.waitUntil(lambda: room.show.at_ms == 5000)
    assert room.stage.bar.buttons["faster"].text() == "Faster · 1.25\u00d7"
    room.press("--")
    assert room.show.speed == 0.75


def test_who_does_not_guess_has_no_button_to_speak(room: Room) -> None:
    assert not room.stage.bar.buttons["speak"].isEnabled()
    room.press("g")
    assert room.stage.bar.buttons["speak"].isEnabled()


def test_a_click_on_a_button_leaves_space_to_play(room: Room) -> None:
    room.qtbot.mouseClick(room.stage.bar.buttons["captions"], Qt.MouseButton.LeftButton)
    room.press(" ")
    assert room.stage.playing


def test_tab_walks_through_the_buttons_and_they_stay_while_it_does(room: Room) -> None:
    room.stage.bar.rest()
    assert not room.stage.bar.awake
    walked = []
    for _ in range(len(room.stage.bar.buttons) - 1):  # nobody guesses, so one cannot be pressed
        room.qtbot.keyClick(QApplication.focusWidget() or room.stage, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == [b for b in room.stage.bar.buttons.values() if b.isEnabled()]
    assert room.stage.bar.awake
    room.stage.bar.rest()
    assert room.stage.bar.awake


def test_the_buttons_fade_when_the_mouse_rests_and_come_back_when_it_moves(room: Room) -> None:
    room.stage.bar.rest()
    room.qtbot.waitUntil(lambda: room.stage.bar._effect.opacity() == 0.0)
    over = room.stage.captions
    at = QPointF(5, 5)
    QApplication.sendEvent(
        over,
        QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            over.mapToGlobal(at),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    assert room.stage.bar.awake
    room.qtbot.waitUntil(lambda: not room.stage.bar._effect.isEnabled())


def test_escape_puts_the_help_away_then_leaves(room: Room) -> None:
    room.press("?")
    assert room.stage.help.isVisible()
    room.key(Qt.Key.Key_Escape)
    assert not room.stage.help.isVisible()
    with room.qtbot.waitSignal(room.stage.left):
        room.key(Qt.Key.Key_Escape)
    assert not room.stage.isVisible()


def test_a_click_puts_the_help_away(room: Room) -> None:
    room.press("?")
    room.qtbot.mouseClick(room.stage.help, Qt.MouseButton.LeftButton)
    assert not room.stage.help.isVisible()


def test_full_screen_and_back(room: Room) -> None:
    room.press("f")
    assert room.stage.isFullScreen()
    room.press("f")
    assert not room.stage.isFullScreen()


def test_a_key_that_means_nothing_does_nothing(room: Room) -> None:
    room.press("x9")
    assert (room.show.at_ms, room.stage.playing) == (0, False)


def test_clicks_on_lanes_chapters_and_the_cards_cross(room: Room) -> None:
    lanes = room.stage._lanes[0]
    room.qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPointF(lanes.view.x(33_000), 60).toPoint())
    assert abs(room.show.at_ms - 33_000) < 200
    chapters = room.stage.chapters
    room.qtbot.mouseClick(chapters, Qt.MouseButton.LeftButton, pos=QPointF(lanes.view.x(20_000), 5).toPoint())
    assert room.show.at_ms == 13_000
    room.stage.go(24_000)
    room.stage.slots[0].card.dismiss_clicked.emit()
    assert room.stage.slots[0].nudge is None


# Sound.


class Gone:
    """A sound whose device goes as soon as it is played."""

    position_ms, playing, closed = 0, False, False

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        self.changed, self.trouble = changed, trouble

    def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None:
        self.trouble("The <b>loudspeaker</b> has gone.")
        self.changed()

    def pause(self) -> None: ...

    def seek(self, ms: int) -> None:
        self.position_ms = ms

    def set_speed(self, times: float) -> None: ...

    def close(self) -> None:
        self.closed = True


def test_a_loudspeaker_that_goes_does_not_stop_the_class(room: Room) -> None:
    gone = Gone()
    room.stage.go(4000)
    room.stage.show_sound(0, gone)
    assert gone.position_ms == 4000
    room.press(" ")
    room.plays_to(5)
    assert room.stage.playing
    assert gone.closed
    assert room.stage.note.text() == "No sound here: it runs on its own clock"
    assert "&lt;b&gt;" in room.stage.note.toolTip()
    assert room.captions == ["By hand, and we lose two days."]


def test_sound_that_comes_while_it_plays_goes_on_from_there(room: Room) -> None:
    class Heard(Gone):
        playing = True

        def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None: ...

    room.press(" ")
    room.plays_to(5)
    heard = Heard()
    room.stage.show_sound(0, heard)
    assert heard.position_ms == room.show.at_ms
    heard.position_ms = 24_100
    room.qtbot.waitUntil(lambda: room.stage.slots[0].nudge is not None)


def test_sounds_are_closed_with_the_window(room: Room) -> None:
    gone = Gone()
    room.stage.show_sound(0, gone)
    room.stage.close()
    assert gone.closed


# Large, legible, quiet.

LONG = " ".join(["our engine reads it, tags it, checks the order and drops it in the right queue"] * 6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("both", [False, True])
def test_captions_are_a_twenty_fifth_of_the_height_and_all_is_inside(
    qtbot: QtBot,
    size: tuple[int, int],
    both: bool,  # noqa: FBT001 - a column of the table
) -> None:
    lines = [(REP, 1, 30, LONG), (CUSTOMER, 10, 20, LONG)]
    room = Room(qtbot, Performance(lesson(take(lines), take(SOLD, name="Sells"))), size)
    if both:
        room.press("b")
    assert room.stage.size().toTuple() == size
    room.stage.go(15_000)
    room.settle()
    captions = room.stage.captions
    assert len(room.captions) == 2
    assert captions.letters_px() >= size[1] / 25 - 0.5
    _, placed = captions._fitted()
    assert placed[-1][2].bottom() <= captions.height()
    assert [text[:1] for _, text, _ in placed] == ["…", "…"]
    room.stage.go(500)
    for part in room.stage.findChildren(QWidget):
        if part.isVisible() and part.parent() is room.stage:
            assert room.stage.rect().contains(part.geometry()), part


def test_short_words_are_larger_than_long_ones(room: Room) -> None:
    room.stage.go(2000)
    assert room.stage.captions.letters_px() >= 0.055 * 720


@pytest.mark.parametrize("size", SIZES[:3])
def test_the_card_is_as_large_as_a_projector_needs(qtbot: QtBot, size: tuple[int, int]) -> None:
    room = Room(qtbot, Performance(lesson()), size)
    room.press("n")
    slot = room.stage.slots[0]
    assert slot.scale == pytest.approx(2.5 * size[1] / 1080, rel=0.01)
    assert slot.rect().contains(slot.card.geometry())


@pytest.mark.parametrize("look", list(LOOKS))
def test_all_is_readable_in_either_look(qtbot: QtBot, look: str) -> None:
    room = Room(qtbot, Performance(lesson()), look=look)
    room.press("n")
    colours = LOOKS[look]
    image = room.stage.grab().toImage()
    assert image.pixelColor(3, 3).name().upper() == colours.card
    for ink in (colours.title, colours.reason, colours.quiet, colours.rep, colours.customer):
        assert contrast(ink, colours.card) >= MIN_TEXT_CONTRAST
    for rule in CHOICES:
        assert contrast(colours.title, colours.tile(rule)) >= MIN_TEXT_CONTRAST
        assert contrast(colours.accent(rule), colours.card) >= MIN_TEXT_CONTRAST
    assert contrast(colours.title, colours.tile("pounce")) >= MIN_TEXT_CONTRAST


def test_what_was_said_is_text_and_never_markup(qtbot: QtBot) -> None:
    bad = "<h1>Hi</h1><img src=x>\x1b[31m"
    call = take([(REP, 1, 30, bad)], nudges=[nudge(5, text=bad)], name=bad, title=bad, watch=(bad,))
    room = Room(qtbot, Performance(lesson(call)))
    assert room.stage.told.text() == bad.replace("\x1b", " ")
    room.stage.go(5000)
    assert room.captions == [bad.replace("\x1b", " ")]
    for label in room.stage.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


class Paints(QObject):
    def __init__(self, stage: QWidget) -> None:
        super().__init__()
        self.seen: dict[QWidget, int] = {}
        for part in [stage, *stage.findChildren(QWidget)]:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.seen.setdefault(watched, event.region().boundingRect().width())
        return False


def test_nothing_is_painted_while_nothing_changes(room: Room) -> None:
    room.stage.go(15_000)
    room.stage.bar.rest()
    room.qtbot.waitUntil(lambda: room.stage.bar._effect.opacity() == 0.0)
    room.settle()
    paints = Paints(room.stage)
    room.stage.show_now()
    room.settle()
    assert paints.seen == {}


def test_while_it_plays_only_the_playheads_strips_are_painted(room: Room) -> None:
    room.press(" ")
    room.plays_to(15.1)
    room.settle()
    paints = Paints(room.stage)
    room.plays_to(15.3)
    lanes = room.stage._lanes[0]
    assert lanes in paints.seen
    assert paints.seen[lanes] < lanes.width() / 10
    assert not {room.stage.captions, room.stage.chapters, room.stage.meters, room.stage.bar} & set(
        paints.seen
    )
    assert not {b for b in paints.seen if isinstance(b, QPushButton)}


def test_the_playhead_moves_thirty_times_a_second_at_most(room: Room) -> None:
    room.press(" ")
    assert FRAME_MS <= room.stage._tick.interval() <= SLOWEST_FRAME_MS
    room.press("+++")
    assert room.stage._tick.interval() >= FRAME_MS
    room.press(" ")
    assert not room.stage._tick.isActive()
