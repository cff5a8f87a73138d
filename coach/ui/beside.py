"""What stands beside the words: what stood out, the nudges with their why, what was noticed, notes and figures.

Owns the column. Refuses to judge: findings, figures and their words come from the report; every one has its moment, and
a click on the moment asks to hear it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from coach.call.figures import MEASURED
from coach.language import phrase, recalled
from coach.report.nudged import reason_of, text_of
from coach.report.plain import NAMES, amount, quoted
from coach.report.planned import TITLE
from coach.ui.axis import clock
from coach.ui.sheet import label as text
from coach.ui.theme import METRICS
from coach.ui.wording import explain, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.call.hand import Note
    from coach.nudges.commands import Noticed, Nudge
    from coach.report.document import CallReport
    from coach.report.findings import Finding
    from coach.report.planned import Prepared

_SHOWN_MOMENTS = 12
"""More than a person listens to in one sitting; the page has them all."""


class Beside(QScrollArea):
    """The column beside the words."""

    asked = Signal(int)
    """A moment to hear, in ms."""
    note_asked = Signal(int)
    """A note to be changed, by its moment in ms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say("review.beside"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_report(self, report: CallReport, notes: Iterable[Note]) -> None:
        """Show a call; where one was in the column, one stays."""
        top = self.verticalScrollBar().value()
        page = QWidget()
        page.setObjectName("page")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(14, 6, 14, 14)
        self._column.setSpacing(METRICS.edge)
        if note := recalled(report.audio.get("note") or ""):
            self._column.addWidget(text(note, "hint"))
        known = not report.meters.mixed  # else the window says why there is nothing to tell
        if known and report.caution:
            self._column.addWidget(text(report.caution, "hint"))
        if known:
            self._findings(report.findings)
            self._prepared(report.prepared)
            self._nudges(report.nudges)
            self._moments(report)
        self._notes(tuple(notes))
        if known:
            self._figures(report)
        self._column.addStretch(1)
        self.setWidget(page)
        self.verticalScrollBar().setValue(top)

    def _findings(self, findings: Iterable[Finding]) -> None:
        found = tuple(findings)
        if not found:
            return
        self._column.addWidget(text(say("review.findings"), "heading"))
        asked: set[str] = set()
        for f in found:
            tile = self._tile(say(f"finding.{f.kind}"), round(1000 * f.at_s))
            tile.addWidget(text(f.told))
            self._quote(tile, f.quote)
            if f.suggestion not in asked:  # one question is enough, wherever it stands
                self._question(tile, f.suggestion)
            asked.add(f.suggestion)

    def _prepared(self, made: Prepared | None) -> None:
        if made is None:
            return
        self._column.addWidget(text(phrase(TITLE), "heading"))
        for line in made.known:
            self._column.addWidget(text(line, "reason"))
        if made.lead:
            self._column.addWidget(text(made.lead, "reason"))
        for q in made.questions:
            tile = self._tile(q.question, None if q.at_s is None else round(1000 * q.at_s))
            if not q.quote:
                tile.addWidget(text(q.told, "quiet"))
            self._quote(tile, q.quote)

    def _nudges(self, nudges: Iterable[Nudge]) -> None:
        shown = tuple(nudges)
        self._column.addWidget(text(say("review.nudges"), "heading"))
        if not shown:
            self._column.addWidget(text(say("review.quiet_call"), "reason"))
        for number, n in enumerate(shown, 1):
            tile = self._tile(f"{number}  {text_of(n)}", n.at_ms)
            tile.addWidget(text(reason_of(n), "reason"))
            for line in explain(n):
                tile.addWidget(text(line, "quiet"))
            self._question(tile, n.suggestion)

    def _moments(self, report: CallReport) -> None:
        if not report.moments:
            return
        self._column.addWidget(text(say("review.moments"), "heading"))
        asked = {f.suggestion for f in report.findings} | {n.suggestion for n in report.nudges}
        for m in report.moments[:_SHOWN_MOMENTS]:
            self._moment(m, report.words_at(m.at_ms), asked)

    def _moment(self, m: Noticed, words: str, asked: set[str]) -> None:
        tile = self._tile(text_of(m), m.at_ms)
        tile.addWidget(text(reason_of(m), "reason"))
        self._quote(tile, words)
        if m.suggestion not in asked:
            self._question(tile, m.suggestion)

    def _notes(self, notes: tuple[Note, ...]) -> None:
        if not notes:
            return
        self._column.addWidget(text(say("review.notes"), "heading"))
        for n in notes:
            tile = self._tile("", n.at_ms)
            words = text(n.text)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            tile.addWidget(words)
            change = QToolButton()
            change.setText(say("review.note"))
            change.clicked.connect(lambda _checked, at=n.at_ms: self.note_asked.emit(at))
            tile.addWidget(change, alignment=Qt.AlignmentFlag.AlignRight)

    def _figures(self, report: CallReport) -> None:
        self._column.addWidget(text(say("review.figures"), "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(METRICS.pad)
        grid.setVerticalSpacing(3)
        shown = [f for f in report.shown if f.value is not None]
        for row, f in enumerate(shown):
            grid.addWidget(text(NAMES[f.name], "reason"), row, 0)
            value = text(amount(f))
            value.setWordWrap(False)
            value.setToolTip(f"<p>{phrase(f.source)}</p>" if f.source.isprintable() else "")
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
            if f.how != MEASURED:
                grid.addWidget(text(phrase(f.how), "quiet"), row, 2)
        self._column.addLayout(grid)

    def _tile(self, heading: str, at_ms: int | None) -> QVBoxLayout:
        """Add a tile with its heading and its moment, if it has one; return where its lines go."""
        tile = QFrame()
        tile.setObjectName("tile")
        lines = QVBoxLayout(tile)
        lines.setContentsMargins(12, 8, 12, 10)
        lines.setSpacing(3)
        head = QHBoxLayout()
        title = text(heading)
        title.setStyleSheet("font-weight: 600;")
        head.addWidget(title, 1)
        if at_ms is not None:
            hear = QToolButton()
            hear.setText(clock(at_ms))
            hear.setAccessibleName(f"{say('play.play')} {clock(at_ms)} {heading}")
            hear.clicked.connect(lambda _checked: self.asked.emit(at_ms))
            head.addWidget(hear)
        lines.addLayout(head)
        self._column.addWidget(tile)
        return lines

    @staticmethod
    def _quote(tile: QVBoxLayout, words: str) -> None:
        if said := quoted(words):
            tile.addWidget(text(f"“{said}”", "reason"))

    @staticmethod
    def _question(tile: QVBoxLayout, suggestion: str) -> None:
        if suggestion:
            tile.addWidget(text(say("review.could_ask"), "quiet"))
            tile.addWidget(text(f"“{quoted(suggestion)}”"))
