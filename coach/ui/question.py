"""A question within a window: answered by a button or by typing, never in the way of the rest.

Owns the asking. Refuses to know what is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from coach.ui.calls_sheet import button
from coach.ui.sheet import label as words
from coach.ui.theme import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable


class Question(QFrame):
    """The question; hidden while none is asked."""

    over = Signal()
    """It was answered, or left."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._then: Callable[[], None] | None = None
        self.said, self.typed = words(""), QLineEdit()
        self.no, self.yes = button(""), button("", "main")
        self.yes.clicked.connect(lambda: self.answer(yes=True))
        self.no.clicked.connect(lambda: self.answer(yes=False))
        self.typed.returnPressed.connect(lambda: self.answer(yes=True))
        leave = QAction(self)
        leave.setShortcut("Esc")
        leave.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.triggered.connect(lambda: self.answer(yes=False))
        self.addAction(leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(METRICS.edge)
        row.addWidget(self.said, 3)
        row.addWidget(self.typed, 3)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        self.hide()

    def ask(
        self, question: str, yes: str, no: str, then: Callable[[], None], text: str | None = None
    ) -> None:
        """Ask; the answer at hand is no, or the field where there is something to type.

        Args:
            question: what is asked.
            yes: the button that does it.
            no: the button that leaves all as it is.
            then: is done after yes.
            text: what the field begins with; None for a question without one.
        """
        self._then = then
        self.said.setText(question)
        self.typed.setVisible(text is not None)
        self.typed.setText(text or "")
        self.typed.setAccessibleName(question)
        for answer, name in ((self.yes, yes), (self.no, no)):
            answer.setText(name)
            answer.setAccessibleDescription(question)
        self.show()
        (self.no if text is None else self.typed).setFocus()

    def answer(self, *, yes: bool) -> None:
        """Take the answer."""
        then, self._then = self._then, None
        self.hide()
        self.over.emit()
        if yes and then is not None:
            then()
