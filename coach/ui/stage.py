"""The trainer's stage: a call before a class, large enough for the back row.

Owns the window's keys and the way between two others: `coach.report.lesson.Performance`, which knows what holds at
which moment, and a sound, which knows how far it is. Refuses to know files and devices; nothing is recorded here, and
the banner says so. While nothing moves nothing is painted; while it plays, the playhead's two strips and what changed.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from coach.report.lesson import CHOICES, STEP_MS, Performance
from coach.ui.silent import SilentClock
from coach.ui.stage_view import StageView
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent

    from coach.ui.sound import Sound

FRAME_MS, SLOWEST_FRAME_MS = 33, 100
"""The playhead moves 30 times a second at most, and no oftener than it moves by a pixel; words ten times a second."""
_KEYS: Final = {
    Qt.Key.Key_Space: "play",
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "on",
    Qt.Key.Key_Return: "speak",
    Qt.Key.Key_Enter: "speak",
    Qt.Key.Key_Escape: "leave",
}
_LETTERS: Final = {
    "n": "nudge_on",
    "N": "nudge_back",
    "c": "chapter_on",
    "C": "chapter_back",
    "p": "stops",
    "w": "why",
    "g": "guess",
    "t": "captions",
    "f": "full",
    "b": "both",
    "1": "take_1",
    "2": "take_2",
    "?": "help",
    "+": "faster",
    "=": "faster",
    "-": "slower",
}


class Stage(StageView):
    """The window; silent until it is given a sound.

    Args:
        performance: the state of the lesson.
        look: ``dark`` or ``light``.
        elapsed_ms: the clock of a take without sound; None for the machine's own.
    """

    left = Signal()
    """The window was closed."""
    _changed = Signal()
    _troubled = Signal(str)

    def __init__(
        self, performance: Performance, look: str = "dark", elapsed_ms: Callable[[], int] | None = None
    ) -> None:
        super().__init__(performance, look)
        self._elapsed_ms = elapsed_ms
        self._sounds: dict[int, Sound] = {}
        self._wanted = False
        self._tick = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._play_on)
        self._changed.connect(self._sound_changed)
        self._troubled.connect(self._go_silent)
        self.acted.connect(self.act)
        self.asked.connect(self.go)
        self.guessed.connect(self._choose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # the mouse is over children

    # --- sound and time -----------------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Say whether it plays."""
        return self._tick.isActive()

    @property
    def _sound(self) -> Sound:
        return self._sound_of(self._show.heard)

    def _sound_of(self, number: int) -> Sound:
        if number not in self._sounds:
            take = self._show.lesson.takes[number]
            self._sounds[number] = SilentClock(take.duration_ms, self._elapsed_ms)
        return self._sounds[number]

    def show_sound(self, number: int, sound: Sound) -> None:
        """Let a take be heard from now on; one that runs goes on where it is."""
        played = self.playing and number == self._show.heard
        if played:
            self._tick.stop()
        self._sound_of(number).close()
        self._sounds[number] = sound
        sound.listen(self._changed.emit, self._troubled.emit)
        if number == self._show.heard:
            sound.seek(self._show.at_ms)
        if played:
            self.play()

    def play(self) -> None:
        """Play from where it is; from the beginning once it has ended."""
        show = self._show
        if show.at_ms >= min(show.end_ms, show.take.duration_ms):
            show.seek(0)
        show.going_on()
        self._wanted = True
        sound = self._sound
        sound.set_speed(show.speed)
        sound.seek(show.at_ms)
        sound.play()
        self._tick.start(self._frame_ms())
        self.show_now()

    def pause(self) -> None:
        """Stay where it is."""
        self._wanted = False
        self._tick.stop()
        self._sound.pause()
        self.show_now()

    def _frame_ms(self) -> int:
        lanes = self._lanes.get(self._show.heard)
        if lanes is None:
            return SLOWEST_FRAME_MS
        a_pixel = lanes.view.ms_per_px / lanes.devicePixelRatioF() / self._show.speed
        return max(FRAME_MS, min(SLOWEST_FRAME_MS, round(a_pixel)))

    @Slot()
    def _play_on(self) -> None:
        stop = self._show.played(self._sound.position_ms)
        if stop is not None:
            self._wanted = False
            self._tick.stop()
            self._sound.pause()
            self._sound.seek(stop)
        elif not self._sound.playing:
            self._tick.stop()
        self.show_now()

    @Slot()
    def _sound_changed(self) -> None:
        if self._tick.isActive() and not self._sound.playing:
            self._play_on()

    @Slot(str)
    def _go_silent(self, sentence: str) -> None:
        """Go on without the sound that cannot be played: the class is in the room."""
        number = self._show.heard
        self._tick.stop()
        self._sounds.pop(number).close()
        self._sound.seek(self._show.at_ms)
        self.show_silent(sentence)
        if self._wanted:
            self.play()
        else:
            self.show_now()

    def show_silent(self, sentence: str) -> None:
        """Say that there is no sound, and why on the tip."""
        self.note.setText(say("stage.silent"))
        self.note.setToolTip(f"<p>{escape(sentence)}</p>" if sentence else "")
        self.show_now()

    # --- what can be done ---------------------------------------------------------------------------------------

    @Slot(str)
    def act(self, name: str) -> None:
        """Do what a key or a button says, by the name of its action (`stage_bar.ROWS`)."""
        self._acts()[name]()
        if name != "leave":
            self.show_now()

    def _acts(self) -> dict[str, Callable[[], object]]:
        show = self._show
        return {
            "play": self.pause if self.playing else self.play,
            "back": lambda: self.go(show.at_ms - STEP_MS),
            "on": lambda: self.go(show.at_ms + STEP_MS),
            "nudge_on": lambda: self._gone(show.to_nudge(forward=True)),
            "nudge_back": lambda: self._gone(show.to_nudge(forward=False)),
            "chapter_on": lambda: self._gone(show.to_chapter(forward=True)),
            "chapter_back": lambda: self._gone(show.to_chapter(forward=False)),
            "take_1": lambda: self._hear(0),
            "take_2": lambda: self._hear(1),
            "both": lambda: self._switch(lambda: show.show_both(both=not show.both)),
            "faster": lambda: self._play_faster(1),
            "slower": lambda: self._play_faster(-1),
            "speak": self._ask,
            "why": lambda: show.turn("why"),
            "guess": lambda: show.guess_on(on=not show.guessing),
            "stops": lambda: show.turn("stops"),
            "captions": lambda: show.turn("captions"),
            "full": lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
            "help": lambda: self.help.setVisible(not self.help.isVisible()),
            "leave": self.help.hide if self.help.isVisible() else self.close,
        }

    def _ask(self) -> None:
        if self._show.ask():
            self.pause()

    def _play_faster(self, by: int) -> None:
        self._sound.set_speed(self._show.faster(by))
        if self.playing:
            self._tick.start(self._frame_ms())

    def _hear(self, number: int) -> None:
        """Hear another take: alone where one is shown, beside the other where both are."""
        if number < len(self._show.lesson.takes):
            self._switch(lambda: self._show.hear(number))

    def _switch(self, change: Callable[[], object]) -> None:
        playing = self.playing
        self._tick.stop()
        self._sound.pause()
        change()
        self._sound.seek(self._show.at_ms)
        self.lay()
        if playing:
            self.play()
        else:
            self.show_now()

    def _choose(self, number: int) -> None:
        if self._show.choose(number):
            self.play()

    @Slot(int)
    def go(self, ms: int) -> None:
        """Go to a moment; go on playing from there if it plays."""
        self._gone(self._show.seek(ms))

    def _gone(self, ms: int | None) -> None:
        if ms is not None:
            self._sound.seek(ms)
            for lanes in self._lanes.values():
                lanes.bring(ms)
        self.show_now()

    # --- keys, mouse, window ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do what the key means; digits answer while the room is asked."""
        if self._show.asked and event.text().isdecimal() and self._choice(int(event.text())):
            return
        name = _KEYS.get(Qt.Key(event.key())) or _LETTERS.get(event.text())
        if name is None:
            super().keyPressEvent(event)
        else:
            self.act(name)

    def _choice(self, number: int) -> bool:
        if not 1 <= number <= len(CHOICES):
            return False
        self._choose(number - 1)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wake the buttons when the mouse moves anywhere over the window."""
        if (
            event.type() is QEvent.Type.MouseMove
            and isinstance(watched, QWidget)
            and watched.window() is self
        ):
            self.bar.wake()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys: no button has them until Tab is pressed."""
        super().showEvent(event)
        self.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the sound go and say that the class is over."""
        self._tick.stop()
        for sound in self._sounds.values():
            sound.close()
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        super().closeEvent(event)
        self.left.emit()
