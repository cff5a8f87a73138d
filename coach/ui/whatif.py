"""What the coach would have said with other limits: sliders, and what becomes of each nudge, at once.

Owns the panel. Refuses to know logs, rules and files: it is handed what was shown then and a way to judge the call
again, and hands over what should be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from coach.language import phrase
from coach.report.whatif import Change, changes
from coach.settings import Settings
from coach.trouble import Trouble
from coach.ui.changes import CHANGE, ChangesList, panel_sheet
from coach.ui.dial import DialRow
from coach.ui.dials import MANNERS, Dial, dials, turned, unlike, value_of
from coach.ui.sheet import label as _label
from coach.ui.sheet import window_sheet
from coach.ui.theme import LOOKS, METRICS
from coach.ui.thenandnow import ThenAndNow, told_in_words
from coach.ui.wording import call_type_name, say, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QCloseEvent

    from coach.nudges.commands import Nudge
    from coach.nudges.whatif import Judged
    from coach.report.timeline import Block
    from coach.ui.dials import Value

    Judge = Callable[[Settings], Judged]
    Keep = Callable[[Mapping[str, Value]], None]

AT_ONCE_MS: Final = 25
"""Turns of a slider that come faster than this are judged together: nobody sees forty pictures a second."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """A past call as the panel shows it.

    Args:
        title: what it is called; untrusted.
        call_type: its type.
        duration_ms: how long it was.
        blocks: who spoke when.
        then: the nudges that were shown.
    """

    title: str
    call_type: str
    duration_ms: int
    blocks: Sequence[Block]
    then: tuple[Nudge, ...]


class WhatIf(QWidget):
    """The panel.

    Args:
        call: the past call.
        mine: the user's settings.
        keep: takes values by full name for the user's settings; raises `Trouble` when they cannot be kept.
        look: ``dark`` or ``light``.
    """

    asked = Signal(int)
    """Somebody wants to hear this moment, in ms."""
    closed = Signal()
    """The panel was closed."""

    def __init__(self, call: PastCall, mine: Settings, keep: Keep, look: str = "dark") -> None:
        super().__init__()
        self._call, self._mine, self._keep = call, mine, keep
        self._judge: Judge | None = None
        self._look = LOOKS[look]
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(window_sheet(self._look) + panel_sheet(self._look))
        self.setWindowTitle(say("whatif.title"))
        self.rows: dict[str, DialRow] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AT_ONCE_MS)
        self._soon.timeout.connect(self._look_again)
        self.strip = ThenAndNow(call.duration_ms, call.blocks, self._look)
        self.strip.asked.connect(self.asked)
        self._told = _label(say("whatif.waiting"), "told")
        self.list = ChangesList(self._look)
        self.list.itemActivated.connect(lambda item: self.asked.emit(item.data(CHANGE).nudge.at_ms))
        self.list.itemClicked.connect(lambda item: self.asked.emit(item.data(CHANGE).nudge.at_ms))
        self.list.currentItemChanged.connect(self._chosen)
        self._empty = _label("", "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(METRICS.pad)
        column.addWidget(_label(say("whatif.title"), "title"))
        of = f"{call.title} · {call_type_name(call.call_type)}"
        column.addWidget(_label(f"{of}\n{say('whatif.why')}", "hint"))
        column.addWidget(self.strip)
        column.addWidget(self._told)
        column.addWidget(self._halves(), 1)
        column.addWidget(self._asking())
        column.addLayout(self._buttons())
        self._show_turned()

    def show_judge(self, judge: Judge) -> None:
        """Take the way to judge the call: from now on every turn of a slider shows what would have been said."""
        self._judge = judge
        self._look_again()

    def close(self) -> bool:
        """Close the panel; harmless where it was closed, and is gone, already."""
        return super().close() if isValid(self) else True

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the call go, whoever still holds the panel, and tell that it is closed."""
        self._soon.stop()
        self._judge = None
        super().closeEvent(event)
        self.closed.emit()

    def show_problem(self, problem: str) -> None:
        """Say why the call cannot be judged."""
        self._told.setText(problem)
        self._told.setAccessibleName(problem)

    @property
    def values(self) -> dict[str, Value]:
        """The values of all sliders, by full name."""
        return {name: row.value for name, row in self.rows.items()}

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Turn sliders to these values."""
        for name, value in values.items():
            self.rows[name].turn(value)

    def _halves(self) -> QSplitter:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(14, 0, 0, 0)
        column.addWidget(_label(say("whatif.list"), "heading"))
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(1)
        halves.addWidget(self._dials())
        halves.addWidget(right)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 1)
        halves.setSizes([640, 440])
        return halves

    def _dials(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 14, 0)
        column.setSpacing(2)
        self._more = QWidget()
        behind = QVBoxLayout(self._more)
        behind.setContentsMargins(0, 0, 0, 0)
        behind.setSpacing(2)
        shown = dials(self._call.call_type, self._mine)
        for rest, layout in ((False, column), (True, behind)):
            self._fill(layout, [d for d in shown if d.first is not rest])
        self._open = QPushButton(say("whatif.more"))
        self._open.setCheckable(True)
        self._open.toggled.connect(self._show_more)
        column.addSpacing(METRICS.edge)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._more)
        column.addStretch(1)
        self._more.hide()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(460)
        area.setWidget(inside)
        return area

    def _fill(self, column: QVBoxLayout, shown: Sequence[Dial]) -> None:
        for group, members in groupby(shown, key=lambda d: d.group):
            of_group = list(members)
            if not of_group[0].speaks:
                column.addWidget(_label(say(f"whatif.group.{group}"), "heading"))
            for dial in of_group:
                row = DialRow(dial, value_of(self._mine, dial.name), self._look)
                row.turned.connect(self._turned)
                self.rows[dial.name] = row
                if not dial.speaks:
                    row.setContentsMargins(0 if group == MANNERS else 22, 0, 0, 0)
                column.addWidget(row)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        self._to_mine = QPushButton(say("whatif.mine"))
        self._to_mine.clicked.connect(lambda: self.set_values(self._of(self._mine)))
        self._to_own = QPushButton(say("whatif.default"))
        self._to_own.clicked.connect(lambda: self.set_values(self._of(Settings())))
        self._ask = QPushButton(say("whatif.keep"))
        self._ask.setObjectName("main")
        self._ask.clicked.connect(self._ask_first)
        row.addWidget(self._to_mine)
        row.addWidget(self._to_own)
        row.addStretch(1)
        row.addWidget(self._ask)
        return row

    def _asking(self) -> QFrame:
        """Make the tile that says what will change before anything does."""
        self._asked_tile = tile = QFrame()
        tile.setObjectName("tile")
        self._will = _label("", "will")
        keep, leave = QPushButton(say("whatif.keep_now")), QPushButton(say("whatif.leave"))
        keep.setObjectName("main")
        keep.clicked.connect(self._keep_now)
        leave.clicked.connect(self._leave)
        self._keep_button = keep
        row = QHBoxLayout(tile)
        row.setContentsMargins(14, 10, 14, 10)
        row.addWidget(self._will, 1)
        row.addWidget(leave)
        row.addWidget(keep)
        tile.hide()
        return tile

    def _leave(self) -> None:
        self._asked_tile.hide()
        self._ask.setFocus()

    def _of(self, settings: Settings) -> dict[str, Value]:
        return {name: value_of(settings, name) for name in self.rows}

    def _show_more(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._more.setVisible(shown)
        self._open.setText(say("whatif.less" if shown else "whatif.more"))

    def _turned(self, _name: str, _value: object) -> None:
        self._asked_tile.hide()
        self._show_turned()
        if not self._soon.isActive():
            self._soon.start()

    def _show_turned(self) -> None:
        unlike_mine = bool(unlike(self.values, self._mine))
        self._to_mine.setEnabled(unlike_mine)
        self._ask.setEnabled(unlike_mine)
        self._to_own.setEnabled(bool(unlike(self.values, Settings())))

    def _look_again(self) -> None:
        if self._judge is None:
            return
        try:
            judged = self._judge(turned(self._mine, self.values))
        except Trouble as trouble:
            self.show_problem(str(trouble))
            return
        found = changes(self._call.then, judged.nudges)
        told = _counted(found)
        self._told.setText(told)
        self._told.setAccessibleName(told)
        self.strip.show_changes(found, told_in_words(found))
        self._show_list(found)

    def _show_list(self, found: tuple[Change, ...]) -> None:
        self.list.show_changes(found)
        self.list.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._empty.setText("" if found else say("whatif.quiet"))

    def _chosen(self, item: QListWidgetItem | None) -> None:
        self.strip.choose(item.data(CHANGE) if item is not None else None)

    def _ask_first(self) -> None:
        lines = [
            say(
                "whatif.will",
                what=phrase(self.rows[name].dial.what).removesuffix("."),
                before=self.rows[name].dial.in_words(value_of(self._mine, name)),
                after=self.rows[name].dial.in_words(value),
            )
            for name, value in unlike(self.values, self._mine).items()
        ]
        head = say("whatif.will_change", call_type=within(call_type_name(self._call.call_type)))
        self._will.setText("\n".join((head, *lines)))
        self._asked_tile.show()
        self._keep_button.setFocus()

    def _keep_now(self) -> None:
        wanted = unlike(self.values, self._mine)
        try:
            self._keep(wanted)
        except Trouble as trouble:
            self._will.setText(str(trouble))
            return
        self._mine = turned(self._mine, wanted)
        for name, row in self.rows.items():
            row.own(value_of(self._mine, name))
        self._asked_tile.hide()
        self._show_turned()
        self._told.setText(say("whatif.kept"))
        self._told.setAccessibleName(say("whatif.kept"))


def _counted(found: Sequence[Change]) -> str:
    """Return how many nudges there were, would be, and what becomes of them, in one line."""
    kinds = [c.kind for c in found]
    then = sum(c.before is not None for c in found)
    now = sum(c.after is not None for c in found)
    told = [say(f"whatif.count.{k}", n=str(kinds.count(k))) for k in ("comes", "goes", "moves") if k in kinds]
    line = say("whatif.count", then=str(then), now=str(now))
    return f"{line} · {' · '.join(told)}" if told else f"{line} · {say('whatif.count.same')}"
