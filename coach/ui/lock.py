"""Two windows about the lock: one asks for the passphrase, one puts the lock on, takes it off and changes it.

Own what is typed and what is said about it; what was typed goes to whoever does it, and is cleared. Refuse to know
files, keys and keyrings. The keyboard walks through both, Enter does what stands on the coloured button, Escape leaves
all as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.ui.icons import tray_icon
from coach.ui.lock_words import word
from coach.ui.place import CENTRE, Spot, stand
from coach.ui.scrolled import page_height, scrolled
from coach.ui.sheet import dress, label
from coach.ui.theme import LOOKS, METRICS

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

_WIDTH: Final = 460
_FROM_THE_EDGE: Final = 16


@dataclass(frozen=True, slots=True)
class Lock:
    """How the lock stands, for a window.

    Args:
        way: ``passphrase`` or ``keyring``; empty where there is none.
        open: the calls can be read.
        leaving: it is being taken off.
        keyring: there is a keyring that could be used.
        what: what a lock covers and what not, in sentences.
        warnings: what is lost with a passphrase, and with a keyring.
        sentence: what must be typed under that.
    """

    way: str
    open: bool
    leaving: bool
    keyring: bool
    what: str
    warnings: tuple[str, str]
    sentence: str


class _Window(QWidget):
    """A small window in the middle of the screen, with a line of its own for what is wrong."""

    closed = Signal()

    def __init__(self, title: str, look: str) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        self.setWindowIcon(tray_icon("idle"))
        dress(self, LOOKS[look])
        self.said = label("", "hint")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(METRICS.pad)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def show_centred(self) -> None:
        """Show the window in the middle of its screen, as high as its words need."""
        self.fit()
        self.show()
        self.raise_()
        self.activateWindow()

    def fit(self) -> None:
        """Give the window the height that its words need."""
        self.column.activate()
        room = self.screen().availableGeometry()
        width = self._width()
        wanted = QSize(width, self._height(width))
        self.setGeometry(stand(wanted.boundedTo(room.size()), room, Spot(CENTRE, CENTRE), _FROM_THE_EDGE))

    def _width(self) -> int:
        return _WIDTH

    def _height(self, width: int) -> int:
        by_width = self.column.totalHeightForWidth(width)
        return by_width if by_width > 0 else self.column.totalSizeHint().height()

    def say(self, text: str) -> None:
        """Say something, to the eye and to a screen reader."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        if text and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.fit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that it is over, and keep nothing of what was typed."""
        for field in self.findChildren(QLineEdit):
            field.clear()
        super().closeEvent(event)
        self.closed.emit()


def _field(name: str) -> tuple[QWidget, QLineEdit]:
    """Return a label with the hidden field that it names."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name.replace("&", ""))
    named = label(name)
    named.setBuddy(field)
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(4)
    rows.addWidget(named)
    rows.addWidget(field)
    return box, field


def _button(text: str, *, main: bool = False) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    if main:
        made.setObjectName("main")
    return made


def _switch(text: str) -> QPushButton:
    """Return a button that stays down; a box to tick has no frame that is seen in the dark look."""
    made = _button(text)
    made.setCheckable(True)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


class OpenWindow(_Window):
    """Ask for the passphrase of the calls that are kept.

    Args:
        look: ``dark`` or ``light``.
        why: a sentence to begin with, such as a keyring that did not answer.
    """

    typed = Signal(str)

    def __init__(self, look: str = "dark", why: str = "") -> None:
        super().__init__(word("open.title"), look)
        box, self.field = _field(word("open.passphrase"))
        self.yes, self.no = _button(word("open.yes"), main=True), _button(word("open.no"))
        self.yes.clicked.connect(self._hand_over)
        self.no.clicked.connect(self.close)
        self.field.returnPressed.connect(self._hand_over)
        self.field.textChanged.connect(lambda text: self.yes.setEnabled(bool(text)))
        self.yes.setEnabled(False)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        for part in (label(word("open.title"), "title"), label(word("open.why"), "reason"), box, self.said):
            self.column.addWidget(part)
        self.column.addLayout(row)
        self.say(why)

    @Slot()
    def _hand_over(self) -> None:
        text = self.field.text()
        if not text or not self.field.isEnabled():
            return
        for part in (self.field, self.yes):
            part.setEnabled(False)
        self.say(word("open.trying"))
        self.typed.emit(text)

    def refuse(self, why: str) -> None:
        """Say what was wrong, and let another be typed."""
        self.field.setEnabled(True)
        self.field.clear()
        self.field.setFocus()
        self.say(why)


class LockWindow(_Window):
    """Put the lock on, take it off, let another passphrase open it.

    Args:
        lock: how it stands.
        look: ``dark`` or ``light``.
    """

    put_on = Signal(str, str, str)
    """The way, the passphrase, and what was typed under the warning."""
    taken_off = Signal()
    changed = Signal(str)
    """Another passphrase."""

    def __init__(self, lock: Lock, look: str = "dark") -> None:
        super().__init__(word("title"), look)
        self._page: QScrollArea | None = None
        self._held: QWidget | None = None
        """What scrolls in the page."""
        self._foot: QWidget | None = None
        self.first: QWidget = self
        self.column.addWidget(self.said)
        self.show_lock(lock)

    def show_lock(self, lock: Lock, said: str = "") -> None:
        """Show how the lock stands now."""
        self.lock = lock
        for part in (self._page, self._foot):
            if part is not None:
                self.column.removeWidget(part)
                part.hide()
                part.deleteLater()
        page, foot = QWidget(), QWidget()
        page.setObjectName("page")
        self._page, self._held, self._foot = scrolled(page), page, foot
        self._buttons = QHBoxLayout(foot)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(METRICS.pad)
        if lock.way:
            self._show_on(rows)
        else:
            self._show_off(rows)
        self.column.insertWidget(0, self._page, 1)
        self.column.addWidget(foot)
        self._page.show()
        foot.show()
        self.say(said)
        self.first.setFocus()

    def _width(self) -> int:
        """Return the width at which no button is cut."""
        return max(_WIDTH, self._beside() + (self._held.minimumSizeHint().width() if self._held else 0))

    def _height(self, width: int) -> int:
        """Return the height at which nothing scrolls; a small screen has less."""
        if self._page is None or self._held is None:
            return super()._height(width)
        held = page_height(self._held, width - self._beside())
        return super()._height(width) - self._page.sizeHint().height() + held

    def _beside(self) -> int:
        margins = self.column.contentsMargins()
        return margins.left() + margins.right()

    def work(self, text: str) -> None:
        """Say how far it is; nothing can be typed meanwhile."""
        self._enable(can=False)
        self.say(text)

    def refuse(self, why: str) -> None:
        """Say what was wrong; what was typed stays, to be mended."""
        self._enable(can=True)
        self.say(why)

    def _enable(self, *, can: bool) -> None:
        for part in (self._page, self._foot):
            if part is not None:
                part.setEnabled(can)

    def _show_off(self, rows: QVBoxLayout) -> None:
        one, self.passphrase = _field(word("off.first"))
        two, self.again = _field(word("off.again"))
        three, self.sentence = _field(word("off.sentence", sentence=self.lock.sentence))
        self.sentence.setEchoMode(QLineEdit.EchoMode.Normal)
        self.keyring = _switch(word("off.keyring"))
        self.keyring.setEnabled(self.lock.keyring)
        self.keyring.setToolTip("" if self.lock.keyring else word("off.no_keyring"))
        self.visible = _switch(word("show"))
        self.warning = label(self.lock.warnings[0])
        self.warning.setObjectName("heading")
        self.warning.setIndent(0)
        self.yes = _button(word("off.yes"), main=True)
        heading, what = label(word("off.heading"), "title"), label(self.lock.what, "reason")
        parts: tuple[QWidget, ...] = (
            heading,
            what,
            self.keyring,
            one,
            two,
            self.visible,
            self.warning,
            three,
        )
        for part in parts:
            rows.addWidget(part)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.yes)

        def by_keyring(*, chosen: bool) -> None:
            for typed in (one, two, self.visible):
                typed.setVisible(not chosen)
            self.warning.setText(self.lock.warnings[chosen])
            self.fit()

        self.keyring.toggled.connect(lambda chosen: by_keyring(chosen=chosen))
        self._let_be_seen(self.passphrase, self.again)
        self.yes.clicked.connect(self._put_on)
        self.sentence.returnPressed.connect(self._put_on)
        self.first = self.passphrase

    def _show_on(self, rows: QVBoxLayout) -> None:
        lock = self.lock
        rows.addWidget(label(word("on.heading"), "title"))
        rows.addWidget(label(word("on.leaving" if lock.leaving else f"on.way.{lock.way}"), "reason"))
        self.off = _button(word("on.off"))
        self.off.clicked.connect(self._take_off)
        self.first = self.off
        if not lock.open:
            rows.addWidget(label(word("closed")))
            self.off.setEnabled(False)
        elif not lock.leaving:
            one, self.passphrase = _field(word("on.change"))
            two, self.again = _field(word("off.again"))
            self.visible = _switch(word("show"))
            self._let_be_seen(self.passphrase, self.again)
            self.first = self.passphrase
            self.change = _button(word("on.change.yes"), main=True)
            self.change.clicked.connect(self._change)
            self.again.returnPressed.connect(self._change)
            for part in (one, two, self.visible):
                rows.addWidget(part)
        self._buttons.addWidget(self.off)
        self._buttons.addStretch(1)
        if lock.open and not lock.leaving:
            self._buttons.addWidget(self.change)

    def _let_be_seen(self, *fields: QLineEdit) -> None:
        def show(*, seen: bool) -> None:
            for field in fields:
                field.setEchoMode(QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password)

        self.visible.toggled.connect(lambda seen: show(seen=seen))

    @Slot()
    def _put_on(self) -> None:
        if self.keyring.isChecked():
            self.put_on.emit("keyring", "", self.sentence.text())
        elif self.passphrase.text() != self.again.text():
            self.refuse(word("off.unlike"))
            self.again.setFocus()
        else:
            self.put_on.emit("passphrase", self.passphrase.text(), self.sentence.text())

    @Slot()
    def _change(self) -> None:
        if self.passphrase.text() != self.again.text():
            self.refuse(word("off.unlike"))
            self.again.setFocus()
        else:
            self.changed.emit(self.passphrase.text())

    @Slot()
    def _take_off(self) -> None:
        if self.off.text() == word("on.off"):
            self.off.setText(word("on.off.sure"))
            self.say(word("on.off.then"))
        else:
            self.taken_off.emit()
