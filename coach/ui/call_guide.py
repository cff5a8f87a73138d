"""What to choose in the call program, so that Coach hears both sides: five lines for each.

Owns the choice of a program and the lines. The words are in `coach.ui.wording`; ``docs/calls-setup.md`` says more.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from coach.ui.picker import Picker
from coach.ui.sheet import label
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import say

PROGRAMS: Final = ("zoom", "teams", "meet", "other")
LINES: Final = 5
_WIDE: Final = 240
SYSTEMS: Final = ("linux", "win32", "darwin")


class CallGuide(QWidget):
    """The guide in a window.

    Args:
        system: ``linux``, ``win32`` or ``darwin``; another one is given no line of its own.
        look: the colours.
    """

    def __init__(self, system: str, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.program = Picker(look.reason, say("guide.program"))
        self.program.setMinimumWidth(_WIDE)
        self.program.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for program in PROGRAMS:
            self.program.addItem(say(f"guide.{program}"), program)
        self.lines: list[QLabel] = [label("") for _ in range(LINES)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(METRICS.edge)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.program, 0, 0, 1, 2)
        for row, line in enumerate(self.lines, 1):
            number = label(f"{row}", "hint")
            grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line, row, 1)
        extra = [say(f"guide.system.{system}")] if system in SYSTEMS else []
        for row, text in enumerate(extra, LINES + 1):
            grid.addWidget(label(text), row, 0, 1, 2)
        grid.addWidget(label(say("guide.differ"), "quiet"), LINES + 2, 0, 1, 2)
        self.program.currentIndexChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        program = self.program.currentData()
        for number, line in enumerate(self.lines, 1):
            line.setText(say(f"guide.{program}.{number}"))
