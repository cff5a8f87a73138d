"""The preferences: every setting of the table, by section or by search, changed while one looks on.

Owns the window: sections, search, rows that are made when they are first shown, and what is said. Refuses to know
files: a value that was chosen is handed to ``change``, and ``read`` tells what stands in the file by now. An ordinary
window: the keyboard walks through it, Escape ends a search, then the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from coach.settings import value_at, with_values
from coach.trouble import Trouble
from coach.ui.announce import announce
from coach.ui.before_words import say as words
from coach.ui.icons import tray_icon
from coach.ui.lock_words import word
from coach.ui.place import CENTRE, Spot, stand
from coach.ui.preference_controls import Number
from coach.ui.preference_page import PreferencePage
from coach.ui.preference_rows import row_sheet
from coach.ui.preference_sections import SectionList
from coach.ui.preference_words import settings_in_words, when
from coach.ui.sheet import dress, label, window_sheet
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from coach.settings import Settings, Value
    from coach.ui.preference_words import Setting

    Change = Callable[[Mapping[str, Value | None]], Settings]
    Read = Callable[[], Settings | None]

_SIZE: Final = QSize(860, 660)
_FROM_THE_EDGE: Final = 16
_TITLE_BAR: Final = 32
SETTLE_MS: Final = 300
"""A number is written once it has stood still for this long."""


class Preferences(QWidget):
    """The window.

    Args:
        settings: what stands in the file.
        change: takes values by name, None for as it comes; returns the settings after it. Raises `Trouble`.
        read: returns the settings of a file that was changed by hand, None for one that was not. Raises `Trouble`.
        open_file: opens the file in what the desktop opens such with. Raises `Trouble`.
        where: the file's path, to be shown.
        problem: a sentence to begin with.
        known: names offered for a setting, by its name.
        ours: what stands in an empty field of a setting, by its name.
        lock: opens the window in which calls are locked; None where there is none. Raises `Trouble`.
    """

    closed = Signal()
    consent_asked = Signal()
    """The answer about who listens is to be read again, or taken back."""

    def __init__(
        self,
        settings: Settings,
        change: Change,
        read: Read,
        open_file: Callable[[], None],
        where: str,
        *,
        problem: str = "",
        known: Mapping[str, Sequence[str]] | None = None,
        ours: Mapping[str, str] | None = None,
        lock: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._lock = lock
        self._settings, self._change, self._read, self._open_file = settings, change, read, open_file
        self._pending: dict[str, Value] = {}
        self._look_name = ""
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(say("prefs.title"))
        self.setWindowIcon(tray_icon("idle"))
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        self.page = PreferencePage(settings.call.type, known, ours)
        self._make(where)
        self._wear()
        self.list.count_changed(self._settings)
        self.list.setCurrentRow(0)
        self._say_problem(problem)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)

    def show_centred(self) -> None:
        """Show the window in the middle of its screen, as large as the screen allows."""
        room = self.screen().availableGeometry()
        allowed = room.adjusted(0, 0, -2 * _FROM_THE_EDGE, -_TITLE_BAR - 2 * _FROM_THE_EDGE).size()
        self.setGeometry(stand(_SIZE.boundedTo(allowed), room, Spot(CENTRE, CENTRE), _FROM_THE_EDGE))
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    def show_settings(self, settings: Settings) -> None:
        """Show what the settings are now."""
        self._settings = settings
        for name, row in self.page.rows.items():
            if name not in self._pending and not row.wrong:
                row.put(value_at(settings, name))
        self._wear()
        self.list.count_changed(self._settings)

    @Slot()
    def flush(self) -> None:
        """Hand over what was chosen and not yet written."""
        self._settle.stop()
        pending, self._pending = self._pending, {}
        if pending:
            self._hand_over(pending)

    # What is chosen.

    @Slot(str, object)
    def _chosen(self, name: str, value: Value) -> None:
        row = self.page.rows[name]
        try:
            with_values(self._settings, {name: value}, row.setting.whole_label)
        except Trouble as trouble:
            self._pending.pop(name, None)
            row.say_wrong(str(trouble))
            self._announce(str(trouble))
            return
        row.say_wrong("")
        self._pending[name] = value
        if isinstance(row.control, Number):
            self._settle.start()
        else:
            self.flush()

    @Slot(str)
    def _reset(self, name: str) -> None:
        self._pending.pop(name, None)
        self.flush()
        self.page.rows[name].say_wrong("")
        self.page.rows[name].control.setFocus()  # the button that had the focus goes
        self._hand_over({name: None})

    def _hand_over(self, values: Mapping[str, Value | None]) -> None:
        try:
            settings = self._change(values)
        except Trouble as trouble:
            self._say_problem(str(trouble))
            return
        self._say_problem("")
        self.show_settings(settings)
        self._say_saved(*values)

    def _say_saved(self, *names: str) -> None:
        told = [s for s in settings_in_words() if s.name in names]
        labels = ", ".join(s.whole_label for s in told)
        self._say(say("prefs.saved_when", label=labels, when=when(told[-1].section)))

    def _look_again(self) -> None:
        """Read what somebody changed in the file meanwhile."""
        self.flush()
        try:
            settings = self._read()
        except Trouble as trouble:
            self._say_problem(str(trouble))
            return
        if settings is not None:
            self._say_problem("")
            self.show_settings(settings)
            self._refresh()
            self._say(say("prefs.read_anew"))

    @Slot()
    def _open(self) -> None:
        self.flush()
        try:
            self._open_file()
        except Trouble as trouble:
            self._say_problem(str(trouble))

    @Slot()
    def _open_lock(self) -> None:
        try:
            if self._lock is not None:
                self._lock()
        except Trouble as trouble:
            self._say_problem(str(trouble))

    # What is shown.

    @Slot()
    def _refresh(self) -> None:
        """Show the section that is chosen, or what a search finds."""
        query, only = self.search.text(), self.only.isChecked()
        self.list.mark(marked=not query.strip() and not only)
        found: list[Setting] = []
        for setting in settings_in_words():
            value = value_at(self._settings, setting.name)
            if query.strip() or only:
                wanted = setting.fits(query, value, self.page.call_type if not only else setting.call_type)
                wanted = wanted and not (only and value == setting.knob.default)
            else:
                wanted = setting.section == self.list.section and setting.call_type in {
                    "",
                    self.page.call_type,
                }
            if wanted:
                found.append(setting)
        self.page.none.setText(say("prefs.none_fit") if query.strip() else say("prefs.none_changed"))
        self.page.show_found(found, self._settings, LOOKS[self._look_name], mixed=only)
        self.page.chain(self.file)

    def _wear(self) -> None:
        name = self._settings.overlay.look
        if name == self._look_name:
            return
        self._look_name = name
        look = LOOKS[name]
        dress(self, look)
        self.setStyleSheet(window_sheet(look) + row_sheet(look))
        for row in self.page.rows.values():
            row.wear(look)

    # What is said.

    def _say(self, text: str) -> None:
        self.status.setText(text)
        self._announce(text)

    def _say_problem(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setAccessibleName(problem)
        self.problem.setVisible(bool(problem))
        if problem:
            self.status.clear()
            self._announce(problem)

    def _announce(self, text: str) -> None:
        if self.isVisible():
            announce(self, text)

    # Making the window.

    def _make(self, where: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(METRICS.pad)
        column.addLayout(self._head())
        self.problem = label("", "wrong")
        column.addWidget(self.problem)
        middle = QHBoxLayout()
        middle.setSpacing(METRICS.pad)
        self.list = SectionList()
        middle.addWidget(self.list)
        middle.addWidget(self.page, 1)
        column.addLayout(middle, 1)
        column.addLayout(self._foot(where))
        self.page.chosen.connect(self._chosen)
        self.page.back.connect(self._reset)
        self.search.textChanged.connect(self._refresh)
        self.only.toggled.connect(self._refresh)
        self.page.types.currentIndexChanged.connect(self._refresh)
        self.list.currentRowChanged.connect(self._to_section)
        self.list.itemClicked.connect(self._to_section)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(METRICS.pad)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("prefs.search"))
        self.search.setAccessibleName(say("prefs.search"))
        self.only = QPushButton(say("prefs.changed_only"))
        self.only.setCheckable(True)
        self.only.setAutoDefault(False)
        row.addWidget(self.search, 1)
        row.addWidget(self.only)
        return row

    def _foot(self, where: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(METRICS.pad)
        self.status = label("", "hint")
        path = label(say("prefs.file", where=where), "quiet")
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.status)
        said.addWidget(path)
        self.file = QPushButton(say("prefs.open_file"))
        self.file.clicked.connect(self._open)
        self.consent = QPushButton(words("consent.button"))
        self.consent.clicked.connect(lambda _checked: self.consent_asked.emit())
        row.addLayout(said, 1)
        row.addWidget(self.consent, 0, Qt.AlignmentFlag.AlignBottom)
        if self._lock is not None:
            self.lock = QPushButton(word("button"))
            self.lock.clicked.connect(self._open_lock)
            row.addWidget(self.lock, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.file, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    # Keys and the window's own events.

    @Slot()
    def _to_section(self) -> None:
        """Leave a search for the section that was chosen."""
        if self.search.text() or self.only.isChecked():
            for part in (self.search, self.only):
                part.blockSignals(True)
            self.search.clear()
            self.only.setChecked(False)
            for part in (self.search, self.only):
                part.blockSignals(False)
        self._refresh()

    @Slot()
    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def _leave(self) -> None:
        if self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from the search to what it found with the arrow down."""
        if self.search.hasFocus() and event.key() == Qt.Key.Key_Down and self.page.shown:
            self.page.rows[self.page.shown[0]].control.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the list of sections its part of the window."""
        super().resizeEvent(event)
        self.list.fit(self.width())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the file again when somebody comes back to the window."""
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._look_again()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Write what was chosen last."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()  # a line of text is told when it is left
        self.flush()
        super().closeEvent(event)
        self.closed.emit()
