"""One recording of the queue: its name, how far it is, and what one can do about it.

Owns one row. Refuses to know the queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout

from coach.ui.theme import METRICS
from coach.ui.wording import call_type_name, say
from coach.writing import number

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from coach.ui.theme import Palette

BUSY: Final = frozenset({"loading", "running"})
_ACTIONS: Final = {
    "waiting": ("remove",),
    "loading": ("stop",),
    "running": ("stop",),
    "asking": ("choose_voice", "remove"),
    "done": ("open", "retry", "remove"),
    "failed": ("retry", "remove"),
    "stopped": ("retry", "remove"),
}
"""What can be done about a recording at each stage."""
_WHOLE: Final = 1000
_MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as it is shown.

    Args:
        key: tells it from the others.
        name: of the file; untrusted.
        call_type: what kind of call it is.
        exercise: what was practised; untrusted.
        stage: ``waiting``, ``loading``, ``running``, ``asking``, ``done``, ``failed`` or ``stopped``.
        share: the part that is done, 0 to 1.
        left_s: about how long the rest takes; None where nobody can say.
        told: the sentence about what became of it.
        opens: whether there is a session to open.
    """

    key: str
    name: str
    call_type: str
    exercise: str
    stage: str
    share: float = 0.0
    left_s: float | None = None
    told: str = ""
    opens: bool = False


class QueueRow(QFrame):
    """The row.

    Args:
        row: what it shows.
        look: the colours.
    """

    open_asked = Signal(str)
    retry_asked = Signal(str)
    stop_asked = Signal(str)
    remove_asked = Signal(str)
    choose_asked = Signal(str)
    """Which voice is the rep's?"""

    def __init__(self, row: Row, look: Palette) -> None:
        super().__init__()
        self._row: Row | None = None
        self._look = look
        self.setObjectName("row")
        self._name, self._state = QLabel(), QLabel()
        self._name.setObjectName("name")
        self._state.setObjectName("state")
        for label in (self._name, self._state):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._state.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setRange(0, _WHOLE)
        self._buttons: dict[str, QPushButton] = {}
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._name)
        words.addWidget(self._state)
        words.addWidget(self._bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 12, 10)
        line.setSpacing(METRICS.edge)
        line.addLayout(words, 1)
        line.addSpacing(METRICS.pad)
        signals = {
            "choose_voice": self.choose_asked,
            "open": self.open_asked,
            "retry": self.retry_asked,
            "stop": self.stop_asked,
            "remove": self.remove_asked,
        }
        for what, signal in signals.items():
            button = QPushButton(say(f"queue.{what}"))
            button.clicked.connect(lambda _=False, s=signal: s.emit(row.key))
            if what == "choose_voice":
                button.setObjectName("main")
            self._buttons[what] = button
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_row(row)

    def show_row(self, row: Row) -> None:
        """Show how far it is now; nothing is drawn where nothing changed."""
        if row == self._row:
            return
        before, self._row = self._row, row
        self._elide()
        told = state_line(row)
        self._state.setText(told)
        if before is None or before.stage != row.stage:
            self._state.setProperty("stage", row.stage)
            self._state.style().polish(self._state)
            self._bar.setVisible(row.stage in BUSY)
        self._bar.setValue(round(_WHOLE * row.share))
        self._bar.setAccessibleName(say("queue.progress", name=row.name))
        for what, button in self._buttons.items():
            button.setVisible(what in _ACTIONS[row.stage] and (what != "open" or row.opens))
            button.setAccessibleName(f"{say(f'queue.{what}')}: {row.name}")
        self.setAccessibleName(f"{row.name}: {told}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shorten the name anew."""
        super().resizeEvent(event)
        self._elide()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take it out of the queue with Delete."""
        if event.key() == Qt.Key.Key_Delete and self._row is not None:
            self.remove_asked.emit(self._row.key)
        else:
            super().keyPressEvent(event)

    def _elide(self) -> None:
        if self._row is None:
            return
        room = max(60, self._name.width())
        mode = Qt.TextElideMode.ElideMiddle
        self._name.setText(self._name.fontMetrics().elidedText(self._row.name, mode, room))


def state_line(row: Row) -> str:
    """Return how far a recording is, in one line."""
    parts = [call_type_name(row.call_type), row.exercise]
    if row.stage == "running":
        parts.append(f"{number(100 * row.share)} %")
        if row.left_s is not None:
            parts.append(time_left(row.left_s))
    else:
        parts.append(say(f"queue.stage.{row.stage}"))
    parts.append(row.told)
    return " · ".join(filter(None, parts))


def time_left(seconds: float) -> str:
    """Write how long something takes, as nobody would doubt it: to ten seconds, then to minutes."""
    if seconds < _MINUTE_S - 5:
        return say("queue.left_s", n=str(max(10, 10 * round(seconds / 10))))
    return say("queue.left_min", n=str(max(1, round(seconds / _MINUTE_S))))
