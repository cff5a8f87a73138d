"""Play, pause, speed and where one is: the row between the lanes and the words.

Owns the buttons. Refuses to know the sound: it says what is wished for and is told what is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from coach.report.timeline import KINDS, SHAPES
from coach.ui.announce import name_choice
from coach.ui.axis import clock
from coach.ui.shapes import shape_path
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import say
from coach.writing import localised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SPEEDS: Final = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
_ICON = 18


class Transport(QWidget):
    """The row of buttons."""

    play_asked = Signal()
    speed_asked = Signal(float)
    zoom_asked = Signal(float)
    whole_asked = Signal()
    kinds_changed = Signal(object)
    """The kinds of marks that are hidden now, as a frozenset."""
    cues_asked = Signal(bool)

    def __init__(
        self, look: Palette, duration_ms: int, kinds: Iterable[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._duration_ms = look, duration_ms
        self._icons = {
            True: _drawn(look.card, _pause),
            False: _drawn(look.card, _play),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(METRICS.edge)
        self.play = QToolButton()
        self.play.setObjectName("play")
        self.play.setFixedSize(40, 32)
        self.play.setIconSize(QSize(_ICON, _ICON))
        self.play.setStyleSheet(
            f"QToolButton#play {{ background: {look.accent('ask_question')}; padding: 0; "
            "border: 2px solid transparent; }"
            f"QToolButton#play:disabled {{ background: {look.border}; }}"
            f"QToolButton#play:focus {{ border-color: {look.title}; }}"
        )
        self.play.clicked.connect(lambda _checked: self.play_asked.emit())
        self.clock = QLabel()
        self.clock.setObjectName("clock")
        self.speed = QComboBox()
        for times in SPEEDS:
            self.speed.addItem(localised(f"{times:g}\u00d7"), times)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        name_choice(self.speed, say("play.speed"))
        self.speed.setToolTip(say("play.speed"))
        self.speed.currentIndexChanged.connect(lambda k: self.speed_asked.emit(SPEEDS[k]))
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        for widget in (self.play, self.clock, self.speed):
            row.addWidget(widget)
        row.addSpacing(METRICS.edge)
        row.addWidget(self.note, 1)
        self.cues = self._button(say("review.cues"), lambda: self.cues_asked.emit(self.cues.isChecked()))
        self.cues.setCheckable(True)
        self.marks = self._kinds_menu(kinds)
        row.addWidget(self.cues)
        row.addWidget(self.marks)
        row.addSpacing(METRICS.edge)
        for text, name, then in (
            ("+", "play.in", lambda: self.zoom_asked.emit(0.5)),
            ("\u2212", "play.out", lambda: self.zoom_asked.emit(2.0)),
        ):
            button = self._button(text, then)
            button.setAccessibleName(say(name))
            button.setToolTip(say(name))
            row.addWidget(button)
        row.addWidget(self._button(say("play.all"), self.whole_asked.emit))
        self.show_playing(playing=False)
        self.show_position(0)

    def show_playing(self, *, playing: bool) -> None:
        """Show whether it plays."""
        self.play.setIcon(self._icons[playing])
        words = say("play.pause" if playing else "play.play")
        self.play.setAccessibleName(words)
        self.play.setToolTip(words)

    def show_position(self, ms: int) -> None:
        """Show where one is."""
        told = f"{clock(ms)} / {clock(self._duration_ms)}"
        if told != self.clock.text():
            self.clock.setText(told)

    def show_silent(self, why: str) -> None:
        """Say why there is nothing to hear; empty where there is."""
        self.note.setText(why)
        self.play.setEnabled(not why)
        self.speed.setEnabled(not why)

    def faster(self, step: int) -> None:
        """Go one speed up, or with -1 down."""
        self.speed.setCurrentIndex(min(len(SPEEDS) - 1, max(0, self.speed.currentIndex() + step)))

    def _button(self, text: str, then: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.clicked.connect(lambda _checked: then())
        return button

    def _kinds_menu(self, kinds: Iterable[str]) -> QToolButton:
        """Return the legend, which is also what hides a kind of mark."""
        button = QToolButton()
        button.setText(say("review.marks"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        there = frozenset(kinds)
        for kind, name in KINDS.items():
            action = menu.addAction(mark_icon(kind, self._look), name)
            action.setCheckable(True)
            action.setChecked(True)
            action.setEnabled(kind in there)
            action.setData(kind)
            action.toggled.connect(lambda _on: self.kinds_changed.emit(self.hidden_kinds()))
        button.setMenu(menu)
        return button

    def hidden_kinds(self) -> frozenset[str]:
        """Return the kinds that are switched off."""
        return frozenset(str(a.data()) for a in self.marks.menu().actions() if not a.isChecked())


def mark_icon(kind: str, look: Palette) -> QIcon:
    """Return a kind of mark as an icon, in its shape and colour."""
    return _drawn(look.marks[kind], lambda painter: painter.drawPath(shape_path(SHAPES[kind], _ICON * 0.66)))


def play_icon(colour: str, *, playing: bool) -> QIcon:
    """Return the icon of a button that plays: what a press would do now."""
    return _drawn(colour, _pause if playing else _play)


def _drawn(colour: str, paint: Callable[[QPainter], None]) -> QIcon:
    picture = QPixmap(3 * _ICON, 3 * _ICON)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(3, 3)
    painter.translate(_ICON / 2, _ICON / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    paint(painter)
    painter.end()
    return QIcon(picture)


def _play(painter: QPainter) -> None:
    painter.drawPolygon(QPolygonF([QPointF(-5, -7), QPointF(7, 0), QPointF(-5, 7)]))


def _pause(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(-6, -7, 4.5, 14), 1, 1)
    painter.drawRoundedRect(QRectF(1.5, -7, 4.5, 14), 1, 1)
