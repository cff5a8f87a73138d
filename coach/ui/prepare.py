"""The sheet before a call: its type, planned minutes, one focus, what is known of their business, what to ask.

Owns the fields. What was typed is handed to ``save`` a second after the last key, so that a crash takes nothing of it;
*Cancel* hands back what was there before. Refuses to know files and calls. All text is the rep's own and private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from coach.call.plan import MOST_KNOWN, MOST_QUESTIONS, Plan, tidy
from coach.settings import CALL_TYPES, RULES
from coach.trouble import Trouble
from coach.ui.before_words import say
from coach.ui.icons import tray_icon
from coach.ui.picker import Picker
from coach.ui.scrolled import fit, scrolled
from coach.ui.sheet import dress, label
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import call_type_name, rule_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from coach.ui.theme import Palette

SETTLE_MS: Final = 1_000
_WIDTH: Final = 520
_AROUND: Final = 150
_MINUTES: Final = (0.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0)
"""To choose from; 0 where nobody has planned it."""
_QUESTION_LINES: Final = 6
_LEAST_LETTERS: Final = 8


class PrepareSheet(QWidget):
    """The window.

    Args:
        plan: what the fields begin with.
        save: keeps what was typed. Raises `Trouble` when it cannot be kept.
        call_type: the type that is chosen, where the plan names none.
        look: ``dark`` or ``light``.
        problem: a sentence to begin with.
    """

    closed = Signal()

    def __init__(
        self,
        plan: Plan,
        save: Callable[[Plan], None],
        *,
        call_type: str = "discovery",
        look: str = "dark",
        problem: str = "",
    ) -> None:
        super().__init__()
        self._before, self._save, self._usual = plan, save, call_type
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._keep)
        self.setObjectName("window")
        self.setWindowTitle(say("prepare.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dress(self, LOOKS[look])
        self._make_fields(LOOKS[look])
        self._page = self._made_page()
        self.problem = label("", "reason")
        self._lay_out()
        self._fill(plan)
        self._say_problem(problem)
        for changed in (
            self.types.currentIndexChanged,
            self.minutes.currentIndexChanged,
            self.focus_on.currentIndexChanged,
            self.known.textChanged,
            self.questions.textChanged,
        ):
            changed.connect(self._settle.start)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.cancel)
        QShortcut(QKeySequence.StandardKey.Save, self, self.finish)

    def show_centred(self) -> None:
        """Show the sheet in the middle of its screen."""
        fit(self, self._page, _WIDTH, _AROUND)
        self.show()
        self.raise_()
        self.activateWindow()
        self.questions.setFocus()

    def typed(self) -> Plan:
        """Return what stands in the fields."""
        known, questions = (tidy(f.toPlainText().splitlines()) for f in (self.known, self.questions))
        plan = Plan(
            "", float(self.minutes.currentData()), str(self.focus_on.currentData()), known[:MOST_KNOWN],
            questions[:MOST_QUESTIONS],
        )  # fmt: skip
        chosen = str(self.types.currentData())
        # The type that is chosen anyway is no preparation of its own.
        named = chosen if plan or chosen != self._usual else ""
        return Plan(named, plan.minutes, plan.focus, plan.known, plan.questions)

    @Slot()
    def finish(self) -> None:
        """Keep what was typed and close; say what is wrong where it cannot be kept."""
        if self._keep():
            self._before = self.typed()
            self.close()

    @Slot()
    def cancel(self) -> None:
        """Leave all as it was before the sheet was opened."""
        self._settle.stop()
        if self.typed() != self._before:
            self._fill(self._before)
            self._settle.stop()
            self._try_save(self._before)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what was typed last: closing the window is no cancelling."""
        if self._settle.isActive():
            self._keep()
        super().closeEvent(event)
        self.closed.emit()

    @Slot()
    def _clear(self) -> None:
        self._fill(Plan())
        self.questions.setFocus()

    @Slot()
    def _keep(self) -> bool:
        self._settle.stop()
        return self._try_save(self.typed())

    def _try_save(self, plan: Plan) -> bool:
        try:
            self._save(plan)
        except Trouble as trouble:
            self._say_problem(str(trouble))
            return False
        self._say_problem("")
        return True

    def _say_problem(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setAccessibleName(problem)
        self.problem.setVisible(bool(problem))

    def _fill(self, plan: Plan) -> None:
        self.types.setCurrentIndex(CALL_TYPES.index(plan.call_type or self._usual))
        if self.minutes.findData(plan.minutes) < 0:  # said in a terminal
            self._offer_minutes(plan.minutes)
        self.minutes.setCurrentIndex(self.minutes.findData(plan.minutes))
        self.focus_on.setCurrentIndex(self.focus_on.findData(plan.focus))
        self.known.setPlainText("\n".join(plan.known))
        self.questions.setPlainText("\n".join(plan.questions))

    def _make_fields(self, look: Palette) -> None:
        self.types, self.minutes, self.focus_on = (
            Picker(look.reason, _plain(name)) for name in ("type", "minutes", "focus")
        )
        for call_type in CALL_TYPES:
            self.types.addItem(call_type_name(call_type), call_type)
        self.focus_on.addItem(say("prepare.focus.none"), "")
        for rule in RULES:
            self.focus_on.addItem(rule_name(rule), rule)
        for choice in (self.types, self.minutes, self.focus_on):
            # As wide as the sheet has room for, not as the longest name.
            choice.setMinimumWidth(0)
            choice.setMinimumContentsLength(_LEAST_LETTERS)
        for minutes in _MINUTES:
            self._offer_minutes(minutes)
        self.known = _field(say("prepare.known.hint"), MOST_KNOWN)
        self.questions = _field(say("prepare.questions.hint"), _QUESTION_LINES)

    def _offer_minutes(self, minutes: float) -> None:
        words = (
            say("prepare.minutes.some", minutes=f"{minutes:g}") if minutes else say("prepare.minutes.none")
        )
        self.minutes.addItem(words, minutes)

    def _made_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(18, 6, 18, 8)
        rows.setSpacing(4)
        for name, field in (("questions", self.questions), ("known", self.known)):
            rows.addWidget(_named(name, field))
            rows.addWidget(field)
            rows.addSpacing(METRICS.edge)
        line = QHBoxLayout()
        line.setSpacing(METRICS.pad)
        for name, control in (("type", self.types), ("minutes", self.minutes), ("focus", self.focus_on)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(_named(name, control))
            column.addWidget(control)
            line.addLayout(column, 2 if name == "focus" else 1)
        rows.addLayout(line)
        rows.addStretch(1)
        return page

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(METRICS.edge)
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.addWidget(label(say("prepare.title"), "title"))
        head.addWidget(label(say("prepare.why"), "hint"))
        column.addLayout(head)
        column.addWidget(scrolled(self._page), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.addWidget(self.problem)
        buttons = QHBoxLayout()
        buttons.setSpacing(METRICS.edge)
        self.clear, self.leave, self.done = (
            QPushButton(say(f"prepare.{name}")) for name in ("clear", "cancel", "save")
        )
        self.done.setObjectName("main")
        buttons.addWidget(self.clear)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.done)
        foot.addLayout(buttons)
        column.addLayout(foot)
        self.clear.clicked.connect(lambda _checked: self._clear())
        self.leave.clicked.connect(lambda _checked: self.cancel())
        self.done.clicked.connect(lambda _checked: self.finish())


def _field(hint: str, lines: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleDescription(hint)
    field.setTabChangesFocus(True)
    field.setFixedHeight(lines * round(1.5 * METRICS.reason_px) + 2 * METRICS.edge + 8)
    return field


def _named(name: str, control: QWidget) -> QWidget:
    made = label(say(f"prepare.{name}"))
    made.setWordWrap(False)
    made.setBuddy(control)
    control.setAccessibleName(_plain(name))
    return made


def _plain(name: str) -> str:
    """Return what a field is called, without its key."""
    return say(f"prepare.{name}").replace("&", "")
