"""Two small sheets of the review: a note at a moment, and what Coach heard, put right by hand.

Owns the fields. Refuses to keep anything: what was written is handed back as a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from coach.call.events import SentenceHeard, Who
from coach.call.hand import Correction, Note
from coach.ui.axis import clock
from coach.ui.sheet import dress
from coach.ui.sheet import label as _label
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import CUSTOMER_CUES, REP_CUES, cue_name, say

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 460
_COLUMNS = 3


class NoteSheet(QDialog):
    """Write, change or remove the note at one moment.

    Args:
        note: what stands there now; its text is empty for a new one.
        keep: takes the note; an empty text removes it.
        look: the colours.
    """

    def __init__(
        self, note: Note, keep: Callable[[Note], object], look: Palette, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._note, self._keep = note, keep
        self.setWindowTitle(say("note.title", at=clock(note.at_ms)))
        dress(self, look)
        self.words = QPlainTextEdit(note.text)
        self.words.setPlaceholderText(say("note.hint"))
        self.words.setAccessibleName(say("note.hint"))
        self.words.setTabChangesFocus(True)
        self.words.setMinimumHeight(110)
        column = _column(self)
        column.addWidget(_label(say("note.title", at=clock(note.at_ms)), "heading"))
        column.addWidget(self.words)
        row = QHBoxLayout()
        if note.text:
            row.addWidget(_button(say("note.remove"), lambda: self._end("")))
        row.addStretch(1)
        row.addWidget(_button(say("note.cancel"), self.reject))
        save = _button(say("note.save"), lambda: self._end(self.words.toPlainText().strip()))
        save.setDefault(True)
        save.setObjectName("main")
        row.addWidget(save)
        column.addLayout(row)
        self.resize(_WIDTH, 210)
        self.words.setFocus()

    def _end(self, text: str) -> None:
        self._keep(Note(self._note.at_ms, text))
        self.accept()


class CorrectSheet(QDialog):
    """Put one sentence right: who spoke, what was said, what it was.

    Args:
        heard: the sentence as the machine heard it.
        now: as it stands now.
        sides: the sides of the call.
        keep: takes the correction; an empty one gives the sentence back to the machine.
        look: the colours.
    """

    def __init__(
        self,
        heard: SentenceHeard,
        now: SentenceHeard,
        sides: tuple[Who, ...],
        keep: Callable[[Correction], object],
        *,
        look: Palette,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._heard, self._now, self._keep = heard, now, keep
        title = say("correct.title", at=clock(heard.start_ms))
        self.setWindowTitle(title)
        dress(self, look)
        column = _column(self)
        column.addWidget(_label(title, "heading"))
        column.addWidget(_label(say("correct.machine", text=heard.text), "reason"))
        self.speakers = self._speakers(column, sides)
        column.addWidget(_label(say("correct.text"), "hint"))
        self.words = QPlainTextEdit(now.text)
        self.words.setAccessibleName(say("correct.text"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(70)
        column.addWidget(self.words)
        column.addWidget(_label(say("correct.cues"), "hint"))
        self.cues: dict[str, QCheckBox] = {}
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self._fill_cues(now.who, frozenset(now.cues))
        column.addWidget(_label(say("correct.beside"), "quiet"))
        row = QHBoxLayout()
        row.addWidget(_button(say("correct.back"), lambda: self._end(Correction(heard.who, heard.start_ms))))
        row.addStretch(1)
        row.addWidget(_button(say("note.cancel"), self.reject))
        save = _button(say("note.save"), lambda: self._end(self.written()))
        save.setDefault(True)
        save.setObjectName("main")
        row.addWidget(save)
        column.addLayout(row)
        self.resize(_WIDTH + 120, 10)
        self.words.setFocus()

    def written(self) -> Correction:
        """Return what was put right: only what differs from the machine."""
        who = self.speaker()
        text = " ".join(self.words.toPlainText().split())
        ticked = tuple(c for c, box in self.cues.items() if box.isChecked())
        # Cues of which the sheet shows no box, such as a newer Coach's, stay as they are.
        kept = tuple(c for c in self._now.cues if c not in REP_CUES and c not in CUSTOMER_CUES)
        cues = (*ticked, *kept) if who is self._now.who else ticked
        same = who is self._heard.who and set(cues) == set(self._heard.cues)
        return Correction(
            self._heard.who,
            self._heard.start_ms,
            None if who is self._heard.who else who,
            None if text in ("", self._heard.text) else text,
            None if same else cues,
        )

    def speaker(self) -> Who:
        """Return who is said to have spoken."""
        return next((who for who, button in self.speakers.items() if button.isChecked()), self._now.who)

    def _speakers(self, column: QVBoxLayout, sides: tuple[Who, ...]) -> dict[Who, QRadioButton]:
        buttons: dict[Who, QRadioButton] = {}
        if len(sides) < 2:  # noqa: PLR2004 - nobody else could have said it
            return buttons
        row = QHBoxLayout()
        row.addWidget(_label(say("correct.who"), "hint"))
        group = QButtonGroup(self)
        for who in sides:
            buttons[who] = button = QRadioButton(say(f"who.{who.value}"))
            button.setChecked(who is self._now.who)
            button.toggled.connect(self._changed_speaker)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return buttons

    def _changed_speaker(self, chosen: bool) -> None:  # noqa: FBT001 - Qt's signal
        if chosen:
            who = self.speaker()
            self._fill_cues(who, frozenset(self._now.cues) if who is self._now.who else frozenset())

    def _fill_cues(self, who: Who, ticked: frozenset[str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.cues = {}
        for k, cue in enumerate(REP_CUES if who is Who.REP else CUSTOMER_CUES):
            self.cues[cue] = box = QCheckBox(cue_name(cue))
            box.setChecked(cue in ticked)
            self._grid.addWidget(box, k // _COLUMNS, k % _COLUMNS)

    def _end(self, correction: Correction) -> None:
        self._keep(correction)
        self.accept()


def _column(sheet: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(sheet)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(METRICS.edge)
    return column


def _button(text: str, then: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked: then())
    return button
