"""The page of calls: find one, open it, name it, tag it, set two side by side, forget it.

Owns the list, its keys and its questions. Refuses to know files: it is given plain rows and says by signals what is
wanted; a row changes when whoever keeps it brings it back changed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coach.report.plain import clean
from coach.settings import split_names
from coach.ui.calls_sheet import Empty, button
from coach.ui.question import Question
from coach.ui.sessions_filter import SessionsFilter
from coach.ui.sessions_model import COLUMNS, TITLE, SessionsModel
from coach.ui.sessions_table import SessionsTable
from coach.ui.sheet import label as words
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import say
from coach.writing import count as count_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from coach.report.listing import Listed

_TITLE_LETTERS: Final = 60


class SessionsPage(QWidget):
    """The page.

    Args:
        look: ``dark`` or ``light``.
        today: how days are told.
    """

    opened = Signal(str)
    """A call is to be opened: its path."""
    compared = Signal(str, str)
    """Two calls are to be seen side by side, the earlier first."""
    renamed = Signal(str, str)
    """A call is to have another title; an empty one is the machine's."""
    tagged = Signal(object)
    """Calls are to have these tags, all of them: a tuple of tags by path."""
    forgotten = Signal(object)
    """Calls are to be deleted, and the rep is sure: a list of paths."""
    located = Signal(str)
    """A call's file is to be shown."""

    def __init__(self, look: str, today: date) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        palette = LOOKS[look]
        self.model = SessionsModel(today)
        self.model.renamed.connect(self.renamed)
        self.filter = SessionsFilter(palette, today)
        self.table = SessionsTable(self.model, palette)
        self.count = words("", "count")
        self.question = Question()
        self.question.over.connect(self.table.setFocus)
        self.actions_by_name = {
            "open": self._deed("open", self.open, "Return", "Enter"),
            "rename": self._deed("rename", self.rename, "F2"),
            "tag": self._deed("tag", self.ask_tags, "Ctrl+T"),
            "beside": self._deed("beside", self.compare, "Ctrl+B"),
            "folder": self._deed("folder", self.locate),
            "forget": self._deed("forget", self.ask_forget, "Del"),
        }
        self._comparable = self._whole = True
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        self.filter.changed.connect(self._wish)
        self.filter.left.connect(self.enter_list)
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.table.doubleClicked.connect(self.open)
        self.table.customContextMenuRequested.connect(self._menu)
        self.model.modelReset.connect(self._tell)
        for column in range(len(COLUMNS)):
            sort = QAction(self)
            sort.setShortcut(f"Ctrl+{column + 1}")
            sort.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            sort.triggered.connect(lambda _=False, column=column: self.model.sort_by(column))
            self.addAction(sort)
        self._find(self, "Ctrl+F", Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._find(self.table, "/", Qt.ShortcutContext.WidgetShortcut)
        self._tell()

    # What is shown.

    def show_calls(self, calls: Iterable[Listed], *, whole: bool = True) -> None:
        """Show these calls and no others; with ``whole`` False, more of them are about to come."""
        self._whole = whole
        with self._arriving():
            self.model.show(calls)

    def update_calls(self, calls: Iterable[Listed]) -> None:
        """Show these calls as they are now; new ones are added."""
        with self._arriving():
            self.model.update(calls)

    def drop_calls(self, paths: Iterable[str]) -> None:
        """Show these calls no longer."""
        self.model.drop(paths)
        self._offer()

    def chosen(self) -> list[Listed]:
        """Return the calls that are chosen, from the top."""
        return self.table.chosen()

    def offer_side_by_side(self, *, can: bool) -> None:
        """Offer to set two calls side by side, where something can show them."""
        self.actions_by_name["beside"].setVisible(can)
        self._comparable = can
        self._tell()

    # What can be done.

    def open(self) -> None:
        """Ask for the chosen call to be opened."""
        if len(chosen := self._readable()) == 1:
            self.opened.emit(chosen[0].path)

    def rename(self) -> None:
        """Let the title of the chosen call be typed over."""
        if len(chosen := self._readable()) == 1 and (row := self.model.row_of(chosen[0].path)) is not None:
            self.table.setFocus()
            self.table.edit(self.model.index(row, TITLE))

    def compare(self) -> None:
        """Ask for the two chosen calls side by side, the earlier first."""
        if len(chosen := self._readable()) == 2:  # noqa: PLR2004 - side by side is two
            one, other = sorted(chosen, key=lambda c: c.at or 0.0)
            self.compared.emit(one.path, other.path)

    def locate(self) -> None:
        """Ask for the chosen call's file to be shown."""
        if len(chosen := self.chosen()) == 1:
            self.located.emit(chosen[0].path)

    def ask_tags(self) -> None:
        """Ask for the tags of the chosen calls; of several, those that all of them have."""
        chosen = self._readable()
        if not chosen:
            return
        common = [t for t in chosen[0].tags if all(t in c.tags for c in chosen)]
        one = len(chosen) == 1
        question = say("sessions.tags_of") if one else say("sessions.tags_of_many", count=str(len(chosen)))

        def keep() -> None:
            typed = split_names(self.question.typed.text())
            wanted = {}
            for call in chosen:
                others = [t for t in call.tags if t not in common]
                wanted[call.path] = tuple(dict.fromkeys([*typed, *others] if not one else typed))
            self.tagged.emit(wanted)

        self.question.ask(question, say("sessions.keep_tags"), say("sessions.leave"), keep, ", ".join(common))

    def ask_forget(self) -> None:
        """Ask whether the chosen calls are really to be deleted; the answer at hand is no."""
        chosen = self.chosen()
        if not chosen:
            return
        question = say("sessions.sure", count=str(len(chosen)))
        if len(chosen) == 1:
            question = say("sessions.sure_1", title=clean(chosen[0].title)[:_TITLE_LETTERS])
        paths = [c.path for c in chosen]
        self.question.ask(
            question, say("sessions.sure_yes"), say("sessions.sure_no"), lambda: self.forgotten.emit(paths)
        )

    def _readable(self) -> list[Listed]:
        return [c for c in self.chosen() if not c.fault]

    # How it is put together.

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self._empty = Empty()
        self.pages.addWidget(self._empty)
        bar = QHBoxLayout()
        bar.setSpacing(METRICS.edge)
        bar.addWidget(self.count, 1)
        for name in ("forget", "folder", "tag", "rename", "beside", "open"):
            made = self.buttons[name] = button(say(f"sessions.{name}"), "main" if name == "open" else "")
            made.clicked.connect(self.actions_by_name[name].trigger)
            bar.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(METRICS.pad)
        column.addWidget(self.filter)
        column.addWidget(self.pages, 1)
        column.addWidget(self.question)
        column.addLayout(bar)

    def _deed(self, name: str, then: Callable[[], None], *keys: str) -> QAction:
        action = QAction(say(f"sessions.{name}"), self)
        action.setShortcuts([QKeySequence(k) for k in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(then)
        self.table.addAction(action)
        return action

    def _find(self, where: QWidget, keys: str, context: Qt.ShortcutContext) -> None:
        find = QAction(where)
        find.setShortcut(keys)
        find.setShortcutContext(context)
        find.triggered.connect(self._enter_search)
        where.addAction(find)

    def _enter_search(self) -> None:
        self.filter.text.setFocus()
        self.filter.text.selectAll()

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(list(self.actions_by_name.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _wish(self) -> None:
        self.model.want(self.filter.wanted)
        self._tell()

    def _offer(self) -> None:
        self.filter.offer(self.model.calls())
        self._tell()

    @contextmanager
    def _arriving(self) -> Iterator[None]:
        """Let the first calls that come into an empty list take the keys, where nothing else here has them."""
        first = not self.model.count
        yield
        self._offer()
        keys = QApplication.focusWidget()
        if first and self.model.count and self.isVisible() and not (keys and self.isAncestorOf(keys)):
            self.enter_list()

    def enter_list(self) -> None:
        """Lead the keys to the list; with nothing chosen, to the first call."""
        self.table.setFocus()
        if not self.table.selectionModel().hasSelection() and self.model.rowCount():
            self.table.selectRow(0)

    def _tell(self) -> None:
        """Say how many there are, and offer what can be done with those that are chosen."""
        shown, whole = self.model.rowCount(), self.model.count
        rest = say("sessions.count_1") if whole == 1 else say("sessions.count", count=count_of(whole))
        if self.model.wanted:
            rest = say("sessions.some", count=count_of(shown), all=count_of(whole))
        chosen = self.chosen()
        told = say("sessions.chosen", count=count_of(len(chosen)), rest=rest) if len(chosen) > 1 else rest
        self.count.setText(told if whole and self._whole else "")
        readable = len([c for c in chosen if not c.fault])
        for name, can in {
            "open": readable == 1 == len(chosen),
            "rename": readable == 1 == len(chosen),
            "tag": readable > 0,
            "beside": readable == 2 == len(chosen),  # noqa: PLR2004 - side by side is two
            "folder": len(chosen) == 1,
            "forget": bool(chosen),
        }.items():
            self.actions_by_name[name].setEnabled(can)
            self.buttons[name].setEnabled(can)
        self._empty.tell("sessions.no_fit" if whole else "sessions.none")
        self.pages.setCurrentIndex(0 if shown else 1)
        self.filter.setVisible(bool(whole))
        for name, made in self.buttons.items():
            made.setVisible(bool(whole) and (name != "beside" or self._comparable))
