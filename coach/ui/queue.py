"""The page "Practice": drop recordings, see how far each is, open what is done.

Owns the drop area, the fields beside it and the list. Refuses to know how a recording is coached: rows come in as plain
values, wishes go out as signals. Only rows that changed are drawn anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from coach.settings import CALL_TYPES
from coach.ui.dropped import files_of
from coach.ui.queue_row import BUSY, QueueRow, Row
from coach.ui.sheet import label as _label
from coach.ui.sheet import window_sheet
from coach.ui.theme import LOOKS, METRICS, Palette, blend
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent

EXERCISE_LETTERS: Final = 60
MOST_REFUSED: Final = 4
"""So many refused files are named; of the rest their number."""
_FIELD_WIDTH: Final = 220


class QueuePage(QWidget):
    """The page.

    Args:
        call_type: chosen at first.
        look: ``dark`` or ``light``.
    """

    dropped = Signal(list, str, str)
    """Paths, their type of call and their exercise."""
    open_asked = Signal(str)
    retry_asked = Signal(str)
    stop_asked = Signal(str)
    remove_asked = Signal(str)
    choose_asked = Signal(str)
    """Which voice of this recording is the rep's?"""
    clear_asked = Signal()
    go_on_asked = Signal()
    """What stood in the way may be mended."""
    compare_asked = Signal(str)
    """The takes of this exercise side by side."""

    def __init__(self, call_type: str = "discovery", look: str = "dark") -> None:
        super().__init__()
        self._look = LOOKS[look]
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(window_sheet(self._look) + _sheet(self._look))
        self.setAcceptDrops(True)
        self._rows: dict[str, QueueRow] = {}
        self._problem, self._refused = _label("", "problem"), _label("", "refused")
        self._summary = _label("", "heading")
        self._clear = QPushButton(say("queue.clear"))
        self._clear.clicked.connect(self.clear_asked)
        self._comparable = ""
        self._compare = QPushButton("")
        self._compare.clicked.connect(lambda: self.compare_asked.emit(self._comparable))
        self._on = QPushButton(say("queue.go_on"))
        self._on.clicked.connect(self.go_on_asked)
        trouble = QHBoxLayout()
        trouble.addWidget(self._problem, 1)
        trouble.addWidget(self._on)
        head = QHBoxLayout()
        head.addWidget(self._summary, 1)
        head.addWidget(self._compare)
        head.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(METRICS.pad)
        column.addWidget(self._drop_area(call_type))
        column.addLayout(trouble)
        column.addWidget(self._refused)
        column.addLayout(head)
        column.addWidget(self._list(), 1)
        QShortcut(QKeySequence.StandardKey.Paste, self, self.paste).setContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self.show_queue((), (), "")

    @property
    def call_type(self) -> str:
        """The type that is chosen for what is dropped."""
        return str(self._type.currentData())

    def show_queue(
        self,
        rows: Sequence[Row],
        refused: Sequence[str],
        problem: str,
        comparable: str = "",
        *,
        held: bool = False,
    ) -> None:
        """Show the queue.

        Args:
            rows: in order.
            refused: a sentence for each thing of the last drop that is no recording.
            problem: why nothing goes on; empty where it does.
            comparable: an exercise of which there are two takes or more; empty for none.
            held: whether the problem passes by itself.
        """
        keys = {r.key for r in rows}
        for key in [k for k in self._rows if k not in keys]:
            gone = self._rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(rows):
            if (shown := self._rows.get(row.key)) is None:
                shown = self._rows[row.key] = self._new_row(row)
                self._column.insertWidget(place, shown)
                shown.show()
            else:
                shown.show_row(row)
        self._tell(self._problem, problem)
        self._on.setVisible(bool(problem) and not held)
        self._tell(self._refused, _told(refused))
        self._empty.setVisible(not rows)
        told = _counted(rows)
        if told != self._summary.text():
            self._summary.setText(told)
        self._clear.setVisible(any(r.stage == "done" for r in rows))
        self._comparable = comparable
        self._compare.setVisible(bool(comparable))
        self._compare.setText(say("queue.compare", exercise=comparable))

    def offer_exercises(self, names: Sequence[str]) -> None:
        """Offer names of earlier exercises while one is typed."""
        completer = QCompleter(list(names), self._exercise)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._exercise.setCompleter(completer)

    def take(self, paths: Sequence[Path]) -> None:
        """Take recordings as if they were dropped here: from the control bar, for one."""
        if paths:
            self.dropped.emit(list(paths), self.call_type, " ".join(self._exercise.text().split()))

    def paste(self) -> None:
        """Take the files that were copied in a file manager; text that is typed goes where it is typed."""
        self.take(files_of(QGuiApplication.clipboard().mimeData()))

    def choose_files(self) -> None:
        """Let files be chosen."""
        names, _ = QFileDialog.getOpenFileNames(self, say("queue.choose"))
        self.take([Path(n) for n in names])

    def choose_folder(self) -> None:
        """Let a folder be chosen."""
        name = QFileDialog.getExistingDirectory(self, say("queue.folder"))
        self.take([Path(name)] if name else [])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome files."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()
            self._welcome(here=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Calm down."""
        super().dragLeaveEvent(event)
        self._welcome(here=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take files; they stay where they are."""
        self._welcome(here=False)
        paths = files_of(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.take(paths)

    def _welcome(self, *, here: bool) -> None:
        self._area.setProperty("here", here)
        self._area.style().polish(self._area)

    def _drop_area(self, call_type: str) -> QFrame:
        self._area = area = QFrame()
        area.setObjectName("drop")
        what, why = _label(say("queue.drop"), "strong"), _label(say("queue.drop_why"), "hint")
        files, folder = QPushButton(say("queue.choose_files")), QPushButton(say("queue.choose_folder"))
        files.setObjectName("main")
        files.clicked.connect(self.choose_files)
        folder.clicked.connect(self.choose_folder)
        self._type = _Choice(self._look)
        for kind in CALL_TYPES:
            self._type.addItem(call_type_name(kind), kind)
        self._type.setCurrentIndex(max(0, self._type.findData(call_type)))
        self._exercise = QLineEdit()
        self._exercise.setMaxLength(EXERCISE_LETTERS)
        self._exercise.setPlaceholderText(say("queue.exercise_hint"))
        self._exercise.setFixedWidth(_FIELD_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        row.addWidget(files)
        row.addWidget(folder)
        row.addStretch(1)
        for key, field in (("queue.type", self._type), ("queue.exercise", self._exercise)):
            label = _label(say(key), "reason")
            label.setBuddy(field)
            label.setWordWrap(False)
            field.setAccessibleName(say(key).replace("&", ""))
            row.addWidget(label)
            row.addWidget(field)
            row.addSpacing(METRICS.edge)
        column = QVBoxLayout(area)
        column.setContentsMargins(18, 16, 14, 16)
        column.setSpacing(6)
        column.addWidget(what)
        column.addWidget(why)
        column.addSpacing(METRICS.edge)
        column.addLayout(row)
        return area

    def _list(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("page")
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 4, 0)
        self._column = QVBoxLayout()
        self._column.setSpacing(METRICS.edge)
        self._empty = _label(say("queue.empty"), "hint")
        whole.addLayout(self._column)
        whole.addWidget(self._empty)
        whole.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _new_row(self, row: Row) -> QueueRow:
        shown = QueueRow(row, self._look)
        shown.open_asked.connect(self.open_asked)
        shown.retry_asked.connect(self.retry_asked)
        shown.stop_asked.connect(self.stop_asked)
        shown.remove_asked.connect(self.remove_asked)
        shown.choose_asked.connect(self.choose_asked)
        return shown

    @staticmethod
    def _tell(label: QLabel, sentence: str) -> None:
        if sentence != label.text():
            label.setText(sentence)
            label.setAccessibleName(sentence)
        label.setVisible(bool(sentence))


class _Choice(QComboBox):
    """A box to choose from, with the chevron that the sheet takes away."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._ink = QColor(look.reason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the chevron."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._ink, 1.6))
        x, y = self.width() - 14.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        painter.end()


def _told(refused: Sequence[str]) -> str:
    shown = list(refused[:MOST_REFUSED])
    if (rest := len(refused) - len(shown)) > 0:
        shown.append(say("queue.refused_more", n=str(rest)))
    return "\n".join(shown)


def _counted(rows: Sequence[Row]) -> str:
    """Return how the queue stands, in one line."""
    if not rows:
        return ""
    stages = [r.stage for r in rows]
    counts = {
        "busy": sum(s in BUSY for s in stages),
        **{s: stages.count(s) for s in ("asking", "waiting", "done", "failed", "stopped")},
    }
    told = [say(f"queue.count.{s}", n=str(n)) for s, n in counts.items() if n]
    return " · ".join(told)


def _sheet(look: Palette) -> str:
    accent, warm = look.accent("ask_question"), look.accent("monologue")
    return f"""
QFrame#drop {{ border: 2px dashed {look.quiet}; border-radius: 12px;
  background: {blend(look.pressed, look.card, 0.3)}; }}
QFrame#drop[here="true"] {{ border-color: {accent}; background: {blend(accent, look.card, 0.14)}; }}
QFrame#row {{ background: {blend(look.pressed, look.card, 0.45)}; border: none; border-radius: 10px; }}
QLabel#state {{ color: {look.reason}; font-size: {METRICS.why_px}px; }}
QLabel#state[stage="failed"] {{ color: {warm}; }}
QLabel#state[stage="asking"] {{ color: {look.title}; font-weight: 600; }}
QProgressBar {{ background: {blend(look.quiet, look.card, 0.3)}; }}
QComboBox {{ padding: 4px 8px; min-width: 110px; }}
"""
