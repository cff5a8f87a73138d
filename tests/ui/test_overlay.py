"""What the card does when it is told to, and while somebody looks into it. Focus and stacking: `test_desktop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QHoverEvent
from PySide6.QtWidgets import QApplication, QLabel

from coach.live.restarts import Restarts
from coach.nudges.suggestions import MOST_LETTERS
from coach.settings import OverlaySettings
from coach.ui import overlay as module
from coach.ui.card import Card, CardContent
from coach.ui.overlay import Overlay
from coach.ui.place import ANCHORS
from coach.ui.quiet import Cross, Words
from coach.ui.theme import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    Make = Callable[[OverlaySettings], Overlay]

PAUSE = CardContent(
    "monologue",
    "Pause, let them in",
    "75 s without them · limit 75 s",
    ("A long run without the customer.", "run 75 s · limit 75 s", "Source: Gong"),
)
ASK = CardContent(
    "ask_question", "Ask another question", "190 s without a question", ("A while.", "gap 190 s")
)


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def made(settings: OverlaySettings) -> Overlay:
        card = Overlay(settings)
        qtbot.addWidget(card)
        return card

    return made


@pytest.fixture
def card(make: Make) -> Overlay:
    return make(OverlaySettings())


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[QPoint]:
    """The pointer, where the test puts it."""
    place = [QPoint(5, 5)]
    monkeypatch.setattr(QCursor, "pos", lambda *_: place[0])
    return place


def hover(card: Overlay, kind: QEvent.Type) -> None:
    at = QPointF(60, 20)
    QApplication.sendEvent(card, QHoverEvent(kind, at, card.mapToGlobal(at), at))


def come(card: Overlay, pointer: list[QPoint]) -> None:
    pointer[0] = card.geometry().center()
    hover(card, QEvent.Type.HoverMove)


def click(qtbot: QtBot, card: Overlay, words: str) -> None:
    button = next(b for b in card.findChildren(Words) + card.findChildren(Cross) if b.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words_of(card: Overlay) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible() and label.text()]


def test_it_shows_what_it_is_given_and_says_when_it_was_seen(card: Overlay, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.painted) as seen:
        card.show_card(PAUSE)
    assert seen.args == ["monologue"]
    assert card.rule == "monologue"
    assert words_of(card) == [PAUSE.title, PAUSE.reason]
    assert PAUSE.title in card.accessibleName()


def test_each_nudge_is_reported_seen_once(card: Overlay, qtbot: QtBot) -> None:
    seen: list[str] = []
    card.painted.connect(seen.append)
    card.show_card(PAUSE)
    qtbot.waitUntil(lambda: seen == ["monologue"])
    card.repaint()
    card.show_card(ASK)
    qtbot.waitUntil(lambda: seen == ["monologue", "ask_question"])


def test_it_never_asks_for_the_focus(card: Overlay) -> None:
    flags = card.windowFlags()
    for flag in (
        Qt.WindowType.WindowDoesNotAcceptFocus,
        Qt.WindowType.FramelessWindowHint,
        Qt.WindowType.WindowStaysOnTopHint,
        Qt.WindowType.Tool,
    ):
        assert flags & flag
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    buttons = card.findChildren(Words) + card.findChildren(Cross)
    assert all(b.focusPolicy() is Qt.FocusPolicy.NoFocus for b in buttons)


def test_it_leaves_when_told(card: Overlay, elsewhere: list[QPoint]) -> None:
    card.show_card(PAUSE)
    card.hide_card("over")
    assert not card.isVisible()
    assert card.rule == ""


def test_a_pointer_that_was_there_before_does_not_hold_it(card: Overlay, elsewhere: list[QPoint]) -> None:
    elsewhere[0] = QPoint(400, 40)
    card.show_card(PAUSE)
    hover(card, QEvent.Type.HoverEnter)
    card.hide_card("over")
    assert not card.isVisible()


def test_a_pointer_that_comes_holds_it_until_it_leaves(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    card.hide_card("over")
    assert card.isVisible()
    hover(card, QEvent.Type.HoverLeave)
    qtbot.waitUntil(lambda: not card.isVisible())


def test_a_pointer_that_comes_back_at_once_keeps_it(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    card.hide_card("over")
    hover(card, QEvent.Type.HoverLeave)
    hover(card, QEvent.Type.HoverMove)
    qtbot.waitUntil(lambda: not card._leaving.isActive())
    assert card.isVisible()


def test_the_pointer_brings_the_buttons_in_the_reasons_place(card: Overlay, elsewhere: list[QPoint]) -> None:
    card.show_card(PAUSE)
    size = card.size()
    come(card, elsewhere)
    assert words_of(card) == [PAUSE.title]
    assert card.size() == size
    hover(card, QEvent.Type.HoverLeave)
    assert words_of(card) == [PAUSE.title, PAUSE.reason]


def test_unseen_buttons_take_no_clicks(card: Overlay, qtbot: QtBot) -> None:
    card.show_card(PAUSE)
    through = Qt.WidgetAttribute.WA_TransparentForMouseEvents
    assert all(b.testAttribute(through) for b in card.findChildren(Words))


def test_why_unfolds_everything_and_less_folds_it(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    folded = card.geometry()
    come(card, elsewhere)
    with qtbot.waitSignal(card.why_opened) as opened:
        click(qtbot, card, "Why?")
    assert opened.args == ["monologue"]
    assert words_of(card) == [PAUSE.title, *PAUSE.why]
    assert card.height() > folded.height()
    assert card.geometry().topLeft() == folded.topLeft()
    click(qtbot, card, "Less")
    assert card.geometry() == folded


def test_at_the_bottom_why_unfolds_upwards(make: Make, qtbot: QtBot, elsewhere: list[QPoint]) -> None:
    card = make(OverlaySettings(corner="bottom"))
    card.show_card(PAUSE)
    folded = card.geometry()
    come(card, elsewhere)
    click(qtbot, card, "Why?")
    assert card.geometry().bottom() == folded.bottom()
    assert card.geometry().top() < folded.top()


def test_an_unfolded_card_waits_for_its_reader(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READING_MS", 30)
    card.show_card(PAUSE)
    come(card, elsewhere)
    click(qtbot, card, "Why?")
    hover(card, QEvent.Type.HoverLeave)
    card.hide_card("over")
    assert card.isVisible()
    qtbot.waitUntil(lambda: not card.isVisible())


def test_dismissing_names_the_rule_and_takes_the_card_away(card: Overlay, qtbot: QtBot) -> None:
    card.show_card(PAUSE)
    with qtbot.waitSignal(card.dismissed) as waved:
        click(qtbot, card, "Dismiss")
    assert waved.args == ["monologue"]
    assert not card.isVisible()


def test_not_now_takes_the_card_away(card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    with qtbot.waitSignal(card.not_now):
        click(qtbot, card, "Not now")
    assert not card.isVisible()


def test_a_new_nudge_takes_the_place_of_the_old(card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    click(qtbot, card, "Why?")
    card.hide_card("over")
    card.show_card(ASK)
    assert card.rule == "ask_question"
    hover(card, QEvent.Type.HoverLeave)
    assert card.isVisible()
    assert words_of(card) == [ASK.title, ASK.reason]


def test_the_last_nudge_comes_again_and_waving_it_away_tells_nobody(
    card: Overlay, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, elsewhere: list[QPoint]
) -> None:
    card.show_last()
    assert not card.isVisible()
    card.show_card(PAUSE)
    card.hide_card("over")
    card.show_last()
    assert card.isVisible()
    with qtbot.assertNotEmitted(card.dismissed):
        click(qtbot, card, "Dismiss")
    monkeypatch.setattr(module, "AGAIN_MS", 20)
    card.show_last()
    qtbot.waitUntil(lambda: not card.isVisible())


def test_a_sentence_about_the_listening_waits_for_the_nudge_and_leaves_by_itself(
    card: Overlay, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, elsewhere: list[QPoint]
) -> None:
    monkeypatch.setattr(module, "TOLD_MS", 10)
    monkeypatch.setattr(module, "TOLD_LETTER_MS", 0)
    card.show_card(PAUSE)
    card.tell("No sound from the microphone.")
    card.tell("The words lag behind.")
    assert words_of(card)[0] == PAUSE.title
    card.hide_card("over")
    assert words_of(card) == ["No sound from the microphone."]
    assert card.rule == ""
    qtbot.waitUntil(lambda: words_of(card) == ["The words lag behind."])
    qtbot.waitUntil(lambda: not card.isVisible())


def test_hiding_a_nudge_leaves_a_sentence_alone(card: Overlay) -> None:
    card.tell("No sound from the microphone.")
    card.hide_card("over")
    assert card.isVisible()


def test_words_are_never_read_as_markup(card: Overlay) -> None:
    card.show_card(CardContent("monologue", "<b>Pause</b>", "<img src=x>", ("<i>a</i>", "b", "c")))
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.5, 2.5])
@pytest.mark.parametrize(
    "title", ["Pause", "Ask another question", "Zusammenfassen, was Sie gehört haben, bitte"]
)
def test_titles_wrap_and_are_never_cut(make: Make, scale: float, title: str) -> None:
    card = make(OverlaySettings(scale=scale))
    card.show_card(CardContent("monologue", title, "75 s without them · limit 75 s"))
    label = card.findChildren(QLabel)[0]
    need = label.fontMetrics().boundingRect(
        QRect(0, 0, label.width(), 10_000), Qt.TextFlag.TextWordWrap.value, label.text()
    )
    assert need.width() <= label.width()
    assert need.height() <= label.height()
    assert card.width() <= METRICS.px(METRICS.most_width, scale)
    assert card.rect().contains(label.geometry())


def test_its_targets_are_large_enough(card: Overlay) -> None:
    card.show_card(PAUSE)
    for button in card.findChildren(Words) + card.findChildren(Cross):
        assert button.width() >= 24
        assert button.height() >= 24
        assert card.rect().contains(button.geometry())
        assert button.accessibleName()


def test_without_the_reason_the_buttons_stay_in_its_place(make: Make) -> None:
    card = make(OverlaySettings(show_reason=False))
    card.show_card(PAUSE)
    assert words_of(card) == [PAUSE.title]
    assert not any(
        b.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents) for b in card.findChildren(Words)
    )


@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_icon_and_the_surface_are_painted(make: Make, look: str) -> None:
    card = make(OverlaySettings(look=look))
    pictures = []
    for rule in ("monologue", "ask_question"):
        card.show_card(CardContent(rule, "Same words", "same reason"))
        pictures.append(card.grab().toImage())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_question_stands_in_the_reasons_place_whole_and_in_two_lines_at_most(
    make: Make, look: str, scale: float
) -> None:
    question = "What happens when the other driver never arrives in the morning?"
    assert len(question) == MOST_LETTERS
    card = make(OverlaySettings(look=look, scale=scale))
    card.show_card(CardContent("pounce", "Stay with that", "They had just named a need", ("A.",), question))
    label = card.findChildren(QLabel)[1]
    assert label.text() == question
    need = label.fontMetrics().boundingRect(
        QRect(0, 0, label.width(), 10_000), Qt.TextFlag.TextWordWrap.value, question
    )
    assert need.width() <= label.width()
    assert need.height() <= label.height()
    assert need.height() < 3 * label.fontMetrics().lineSpacing()
    assert card.rect().contains(label.geometry())
    assert card.accessibleDescription() == question


def test_a_question_is_shown_even_where_reasons_are_not(make: Make) -> None:
    card = make(OverlaySettings(show_reason=False))
    card.show_card(CardContent("pounce", "Stay with that", "Why.", (), "What did those nine weeks cost you?"))
    assert card.findChildren(QLabel)[1].text() == "What did those nine weeks cost you?"


def test_what_did_not_help_names_the_rule_and_takes_the_card_away(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    with qtbot.assertNotEmitted(card.dismissed), qtbot.waitSignal(card.unhelpful) as said:
        click(qtbot, card, "Not helpful")
    assert said.args == ["monologue"]
    assert not card.isVisible()
    card.show_last()
    with qtbot.assertNotEmitted(card.unhelpful):
        click(qtbot, card, "Not helpful")


def test_only_what_is_shown_for_the_first_time_goes_into_the_history(
    card: Overlay, elsewhere: list[QPoint]
) -> None:
    shown: list[CardContent] = []
    card.shown.connect(shown.append)
    card.show_card(PAUSE)
    card.hide_card("over")
    card.show_last()
    card.tell("The words lag behind.")
    assert shown == [PAUSE]


def test_another_size_and_look_hold_at_once(card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]) -> None:
    seen: list[str] = []
    card.painted.connect(seen.append)
    card.show_card(PAUSE)
    qtbot.waitUntil(lambda: seen == ["monologue"], timeout=20_000)
    small, dark = card.size(), card.grab().toImage()
    card.use(OverlaySettings(scale=2.5))
    assert card.height() > 2 * small.height()
    assert words_of(card) == [PAUSE.title, PAUSE.reason]
    card.use(OverlaySettings(look="light"))
    assert card.size() == small
    assert card.grab().toImage() != dark
    come(card, elsewhere)
    with qtbot.waitSignal(card.dismissed):
        next(b for b in card._card.findChildren(Cross)).click()
    assert seen == ["monologue"]


def test_another_corner_holds_at_once(card: Overlay, elsewhere: list[QPoint]) -> None:
    card.show_card(PAUSE)
    card.use(OverlaySettings(corner="left"))
    home = card.standing.home
    assert home is not None
    assert card.x() == home.availableGeometry().x() + METRICS.margin


def test_clicks_pass_through_without_hiding_it_and_nothing_holds_it_then(
    card: Overlay, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    come(card, elsewhere)
    card.hide_card("over")
    assert card.isVisible()
    card.use(OverlaySettings(click_through=True))
    assert card.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput
    card._leaving.timeout.emit()
    assert not card.isVisible()
    card.show_card(ASK)
    assert card.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput
    card.use(OverlaySettings())
    assert not card.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput
    assert card.isVisible()


@pytest.mark.parametrize(
    ("motion", "reduced", "fades"), [("system", False, True), ("system", True, False), ("none", False, False)]
)
def test_it_fades_only_where_motion_is_welcome(
    make: Make, monkeypatch: pytest.MonkeyPatch, motion: str, *, reduced: bool, fades: bool
) -> None:
    monkeypatch.setattr(module, "_FADING_PLATFORMS", frozenset({"offscreen", "xcb"}))
    monkeypatch.setattr(module, "blends", lambda: True)
    monkeypatch.setattr(module, "motion_reduced", lambda: reduced)
    card = make(OverlaySettings(motion=motion))
    card.show_card(PAUSE)
    assert (card._fade.state() is card._fade.State.Running) is fades
    assert (card.windowOpacity() < 1.0) is fades


def test_a_card_in_the_hand_stays_there_and_snaps_when_let_go(
    card: Overlay, qtbot: QtBot, elsewhere: list[QPoint]
) -> None:
    card.show_card(PAUSE)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(card, left, pos=QPoint(20, 20))
    qtbot.mouseMove(card, QPoint(20, 320))
    held = card.pos()
    assert card.dragging
    card.standing.changed.emit()  # a screen changes in the middle of it
    assert card.pos() == held
    qtbot.mouseRelease(card, left, pos=QPoint(20, 20))
    home = card.standing.home
    assert home is not None
    assert card.standing.spot in ANCHORS.values()
    assert home.availableGeometry().contains(card.geometry())
    assert card.pos() != held


def test_a_card_that_cannot_be_painted_is_made_anew_with_its_window(
    card: Overlay, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = iter([True])
    paint = Card._paint_icon

    def broken(face: Card, painter: object) -> None:
        if next(faults, False):
            raise RuntimeError("no such icon")
        paint(face, painter)  # type: ignore[arg-type]

    monkeypatch.setattr(Card, "_paint_icon", broken)
    first = card._card
    with qtbot.waitSignal(card.painted, timeout=20_000) as painted:
        card.show_card(PAUSE)
    assert painted.args == ["monologue"]
    assert card._card is not first
    assert card.isVisible()
    assert card.rule == "monologue"
    assert "could not be painted" in caplog.text


def test_a_card_that_can_never_be_painted_is_given_up(
    card: Overlay, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Card, "_paint_icon", lambda *_: 1 / 0)
    card._restarts = Restarts(most=2, first_s=0.0)
    card.show_card(PAUSE)
    qtbot.waitUntil(lambda: card._restarts.over, timeout=20_000)
    qtbot.waitUntil(lambda: not card.isVisible() and not card.rule, timeout=20_000)


def test_a_sentence_that_was_told_keeps_its_time_through_a_new_window(card: Overlay) -> None:
    card.tell("Words come late.")
    card.renew()
    assert card.isVisible()
    assert card._own_time.isActive()
    assert card._content.title == "Words come late."


def test_a_new_window_that_shows_nothing_stays_away(card: Overlay) -> None:
    card.renew()
    assert not card.isVisible()
