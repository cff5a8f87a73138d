"""Which of these two voices is yours? Asked once, after a recording with one channel in which nobody was known.

Owns two tiles, each with a sample to hear and a button to choose, and the question whether the voice may be remembered.
Refuses to know how voices were told apart: it is given places in a recording, and hands back a number. Who is neither
of them, or both, says so; Escape puts the question off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.ui.axis import clock
from coach.ui.sheet import dress, window_sheet
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.transport import play_icon
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

    from coach.ui.sound import Sound

_WIDTH: Final = 520
_TILE: Final = 220
_ICON: Final = 14
_KEYS: Final = ("1", "2")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice to choose from.

    Args:
        voice: its number, handed back when it is chosen.
        start_ms: begin of its sample in the recording.
        end_ms: end of it.
        spoken_ms: for how long it speaks in all.
    """

    voice: int
    start_ms: int
    end_ms: int
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Args:
        voice: the number of the rep's voice; None where none is theirs, or all are.
        all_mine: all voices are the rep's: one person was taken for several.
        remember: they agreed that a print of that voice is kept.
    """

    voice: int | None = None
    all_mine: bool = False
    remember: bool = False


class WhichVoice(QDialog):
    """Ask which voice is the rep's.

    Args:
        title: what the recording is called; foreign text.
        candidates: two voices, in the order in which they first speak.
        chosen: takes what was chosen; not called where the question is put off.
        look: the colours.
        others: voices beside these two.
    """

    _changed = Signal()
    _silent = Signal(str)

    def __init__(
        self,
        title: str,
        candidates: Sequence[Candidate],
        chosen: Callable[[Choice], None],
        look: Palette,
        *,
        others: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._sound: Sound | None = None
        self._candidates = tuple(candidates)
        self._playing: int | None = None
        self._icons = {now: play_icon(look.title, playing=now) for now in (True, False)}
        self.setWindowTitle(say("which.title"))
        dress(self, look)
        self.setStyleSheet(window_sheet(look) + _sheet(look))
        self.listen: list[QPushButton] = []
        self.mine: list[QPushButton] = []
        self.told = _label("", "hint")
        self.neither = QPushButton(say("which.neither"))
        self.both = QPushButton(say("which.all" if others else "which.both"))
        self.remember = QCheckBox(say("which.remember"))
        self._lay_out(title, others)
        self._changed.connect(self._show_playing)
        self._silent.connect(self.show_silent)
        self._make_keys()
        self._show_playing()
        self._tell(say("which.wait"))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Be as high as the words need, now that their fonts are known."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and (needed := layout.totalHeightForWidth(self.width())) > self.height():
            self.resize(self.width(), needed)

    def hear_by(self, sound: Sound) -> None:
        """Take what plays the recording; until then nothing can be heard, and all can be chosen."""
        self._sound = sound
        sound.listen(self._changed.emit, self._silent.emit)
        self._tell("")
        for button in self.listen:
            button.setEnabled(True)

    def play(self, place: int) -> None:
        """Play the sample of a tile, or stop it."""
        if self._sound is None:
            return
        if self._playing == place and self._sound.playing:
            self._sound.pause()
            return
        self._playing = place
        sample = self._candidates[place]
        self._sound.play(sample.start_ms, sample.end_ms)

    def choose(self, place: int) -> None:
        """Hand back the voice of a tile, and close."""
        self._settle(Choice(self._candidates[place].voice, remember=self.remember.isChecked()))

    def _settle(self, choice: Choice) -> None:
        self._chosen(choice)
        self.accept()

    def done(self, result: int) -> None:
        """Be silent when closed, however."""
        if self._sound is not None and self._sound.playing:
            self._sound.pause()
        super().done(result)

    def _lay_out(self, title: str, others: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(METRICS.edge)
        column.addWidget(_label(say("which.title"), "title"))
        column.addWidget(_label(say("which.why", title=title), "reason"))
        column.addSpacing(METRICS.edge)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for place, candidate in enumerate(self._candidates):
            tiles.addWidget(self._tile(place, candidate))
        column.addLayout(tiles)
        if others:
            column.addWidget(_label(say("which.others"), "hint"))
        column.addWidget(self.told)
        column.addSpacing(METRICS.edge)
        why = _label(say("which.remember_why"), "hint")
        self.remember.setAccessibleDescription(why.text())
        column.addWidget(self.remember)
        column.addWidget(why)
        column.addSpacing(METRICS.edge)
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        later = QPushButton(say("which.later"))
        deeds: tuple[tuple[QPushButton, Callable[[], None]], ...] = (
            (self.neither, lambda: self._settle(Choice())),
            (self.both, lambda: self._settle(Choice(all_mine=True))),
            (later, self.reject),
        )
        for button, then in deeds:
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked, then=then: then())
        row.addWidget(self.neither)
        row.addWidget(self.both)
        row.addStretch(1)
        row.addWidget(later)
        column.addLayout(row)
        self.setMinimumWidth(_WIDTH)

    def _tile(self, place: int, candidate: Candidate) -> QFrame:
        tile = QFrame()
        tile.setObjectName("tile")
        tile.setMinimumWidth(_TILE)
        tile.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(14, 12, 14, 14)
        inside.setSpacing(METRICS.edge)
        name = say(f"which.voice.{place}")
        about = say("which.about", at=clock(candidate.start_ms), spoken=clock(candidate.spoken_ms))
        inside.addWidget(_label(name, "heading"))
        inside.addWidget(_label(about, "hint"))
        listen = QPushButton(say("which.listen"))
        listen.setObjectName("listen")
        listen.setIconSize(QSize(_ICON, _ICON))
        listen.setEnabled(False)
        listen.setAccessibleDescription(f"{name}. {about}")
        listen.clicked.connect(lambda _checked: self.play(place))
        mine = QPushButton(say("which.mine"))
        mine.setObjectName("main")
        mine.setAccessibleName(f"{name}: {say('which.mine')}")
        mine.clicked.connect(lambda _checked: self.choose(place))
        for button in (listen, mine):
            button.setAutoDefault(True)  # Enter presses whichever has the focus
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            inside.addWidget(button)
        self.listen.append(listen)
        self.mine.append(mine)
        return tile

    def _make_keys(self) -> None:
        for place, key in enumerate(_KEYS[: len(self._candidates)]):
            QShortcut(QKeySequence(key), self, lambda place=place: self.play(place))
            self.listen[place].setToolTip(say("which.key", key=key))

    def _show_playing(self) -> None:
        playing = self._sound is not None and self._sound.playing
        if not playing:
            self._playing = None
        for place, button in enumerate(self.listen):
            now = place == self._playing
            button.setText(say("which.stop" if now else "which.listen"))
            button.setAccessibleName(f"{say(f'which.voice.{place}')}: {button.text()}")
            button.setIcon(self._icons[now])

    def show_silent(self, why: str) -> None:
        """Say in a sentence why nothing can be heard; choosing is possible all the same."""
        self._playing = None
        self._tell(why)
        self._show_playing()

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setIndent(0)
    return label


def _sheet(look: Palette) -> str:
    """Return what this sheet has beside the windows' own: one main button a tile, and a box to tick that is seen."""
    accent, raised = look.accent("ask_question"), blend(look.pressed, look.card, 0.55)
    return f"""
QPushButton#listen, QPushButton#listen:default {{ color: {look.title}; background: {raised};
  border-color: {look.quiet}; font-weight: 400; min-height: 20px; }}
QPushButton#listen:focus {{ border-color: {accent}; }}
QPushButton#listen:disabled {{ color: {look.quiet}; }}
QPushButton#main {{ min-height: 20px; }}
QCheckBox {{ background: transparent; padding: 2px 0; }}
QCheckBox:focus {{ border: none; padding: 2px 0; color: {accent}; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid {look.quiet}; border-radius: 4px;
  background: {look.card}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; }}
"""
