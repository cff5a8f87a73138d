"""What a rep sees before a call and at its start, put together: the sheets, the reminder, the window beside the call.

A composition root of Qt beside `coach.desktop`. Owns which of these windows is open, what was prepared, and the answer
about who listens, on disk. Every window is made when it is first wanted. Refuses to run a call: it is told of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach import app, before, consent
from coach.call.events import Who
from coach.call.plan import Plan, QuestionTicked, asked
from coach.call.vocabulary import LANGUAGE
from coach.language import phrase
from coach.trouble import Trouble
from coach.ui.before_words import say, to_read_out
from coach.ui.instance import Answer
from coach.ui.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.audio.block import Block
    from coach.audio.levels import LevelMeter
    from coach.call.plan import Answer as Answered
    from coach.settings import Settings
    from coach.settings import Value as Chosen
    from coach.ui.consent import ConsentSheet
    from coach.ui.prepare import PrepareSheet
    from coach.ui.prepared import PreparedWindow
    from coach.ui.reminder import Reminder

REGION: Final = "consent.region"
REMINDER: Final = "consent.reminder"
_LOW_LEFTS: Final = frozenset({"bottom", "bottom-left", "left"})
_RIGHTS: Final = frozenset({"right", "top-right", "bottom-right"})


class BeforeDesk(QObject):
    """Mind what comes before a call, and what stands beside it.

    Args:
        settings: every knob.
        path: the user's settings file; None for the usual one.
        changed: takes values by name that were chosen and written.
        told: takes a sentence for the rep.
    """

    prepared = Signal(str)
    """Something was prepared for a call of this type; on the window's thread."""
    _levelled = Signal(object, float, float)
    _answered = Signal(object)
    _began = Signal(object)
    _ended = Signal()

    def __init__(
        self,
        settings: Settings,
        path: Path | None,
        changed: Callable[[dict[str, Chosen]], None],
        told: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._settings, self._path, self._changed, self._told = settings, path, changed, told
        self.sheet: ConsentSheet | None = None
        self.preparing: PrepareSheet | None = None
        self.reminder: Reminder | None = None
        self.beside: PreparedWindow | None = None
        self._then: Callable[[], None] | None = None
        self._otherwise: Callable[[], None] | None = None
        self._run: app.LiveRun | None = None
        self._meters: dict[Who, LevelMeter] = {}
        queued = Qt.ConnectionType.QueuedConnection
        self._levelled.connect(self._show_level, queued)
        self._answered.connect(self._show_answer, queued)
        self._began.connect(self._begin, queued)
        self._ended.connect(self._end, queued)

    def use(self, settings: Settings) -> None:
        """Go on with other settings, in every window that is opened from now on."""
        self._settings = settings
        if self.sheet is not None:
            self.sheet.show_settings(settings)

    # Who listens.

    def ask(self, then: Callable[[], None], otherwise: Callable[[], None] = lambda: None) -> bool:
        """Do this now where it was answered who may listen; else open the sheet, and do it once it is.

        Args:
            then: what waits for the answer.
            otherwise: is called when the sheet is closed without one.

        Returns:
            Whether the sheet was needed.
        """
        if consent.answer(app.data_folder()) is not None:
            then()
            return False
        self._then, self._otherwise = then, otherwise
        self.open_consent()
        return True

    def give_up(self) -> None:
        """Close the sheet about who listens: what waits for it begins no more."""
        if self.sheet is not None:
            self.sheet.close()

    @Slot()
    def open_consent(self) -> None:
        """Open the sheet about who listens, or bring it forward."""
        if self.sheet is None:
            from coach.ui.consent import ConsentSheet

            given = consent.answer(app.data_folder())
            self.sheet = ConsentSheet(self._settings, given.day if given is not None else "")
            self.sheet.agreed.connect(self._agree)
            self.sheet.taken_back.connect(self._take_back)
            self.sheet.region_chosen.connect(lambda region: self._save(REGION, region))
            self.sheet.closed.connect(self._sheet_closed)
        self.sheet.show_centred()

    @Slot()
    def _agree(self) -> None:
        sheet = self.sheet
        assert sheet is not None  # noqa: S101 - only its own buttons lead here
        try:
            consent.agree(app.data_folder(), before.now())
        except Trouble as trouble:
            sheet.say_status(str(trouble))
            return
        then, self._then, self._otherwise = self._then, None, None
        sheet.close()
        if then is not None:
            then()

    @Slot()
    def _take_back(self) -> None:
        sheet = self.sheet
        assert sheet is not None  # noqa: S101 - only its own buttons lead here
        try:
            consent.take_back(app.data_folder())
        except Trouble as trouble:
            sheet.say_status(str(trouble))
            return
        sheet.show_answer("")
        sheet.say_status(say("consent.taken_back"))

    @Slot()
    def _sheet_closed(self) -> None:
        sheet, self.sheet = self.sheet, None
        if sheet is not None:
            sheet.deleteLater()
        otherwise, self._then, self._otherwise = self._otherwise, None, None
        if otherwise is not None:
            otherwise()

    @property
    def waits(self) -> bool:
        """Whether a call waits for the answer."""
        return self._then is not None

    # What is prepared.

    @property
    def call_type(self) -> str:
        """The type of call that was prepared; empty for none."""
        plan, _ = before.plan_for_next()
        return plan.call_type if plan is not None else ""

    def open_prepare(self) -> None:
        """Open the sheet for the next call, or bring it forward."""
        if self.preparing is None:
            from coach.ui.prepare import PrepareSheet

            plan, problem = before.plan_for_next()
            if not problem and self._settings.storage.keep != "words":
                problem = say("prepare.kept_out")
            self.preparing = PrepareSheet(
                plan or Plan(),
                before.next_call().write,
                call_type=self._settings.call.type,
                look=self._settings.overlay.look,
                problem=problem,
            )
            self.preparing.closed.connect(self._prepare_closed)
        self.preparing.show_centred()

    @Slot()
    def _prepare_closed(self) -> None:
        sheet, self.preparing = self.preparing, None
        if sheet is not None:
            self.prepared.emit(sheet.typed().call_type)
            sheet.deleteLater()

    def bring(self) -> Answer:
        """Answer the word ``prepare``: the sheet before a call, the window beside one."""
        if self._run is None:
            self.open_prepare()
            return Answer(done=True, line=say("prepared.sheet"))
        if self.beside is None:
            return Answer(done=False, line=say("prepared.none"))
        shown = self.beside.show_or_hide()
        return Answer(done=True, line=say("prepared.shown" if shown else "prepared.hidden"))

    @Slot()
    def show_prepared(self) -> None:
        """Open the sheet before a call; show or hide what was prepared in one."""
        answer = self.bring()
        if not answer.done:
            self._told(phrase(answer.line))

    # In a call. These come from its own threads.

    def began(self, run: app.LiveRun) -> None:
        """A call began."""
        self._began.emit(run)

    def ended(self) -> None:
        """The call ended."""
        self._ended.emit()

    def answered(self, answer: Answered) -> None:
        """A planned question was heard or ticked."""
        self._answered.emit(answer)

    def hear(self, block: Block) -> None:
        """Measure a block for as long as somebody looks."""
        meter = self._meters.get(block.who)
        if meter is not None and (level := meter.hear(block.samples)) is not None:
            self._levelled.emit(block.who, level.peak_db, level.held_db)

    @property
    def reminds(self) -> bool:
        """Whether a call begins with the reminder."""
        return self._settings.consent.reminder

    def measure(self) -> None:
        """Be ready to measure the call that is about to begin, where it begins with the reminder."""
        if self.reminds:
            from coach.audio.levels import LevelMeter

            self._meters = {who: LevelMeter(plays=who is Who.CUSTOMER) for who in Who}

    def close(self) -> None:
        """Take every window off the screen."""
        self._then = self._otherwise = None
        self._meters = {}
        for window in (self.sheet, self.preparing, self.reminder, self.beside):
            if window is not None:
                window.close()

    def hide(self) -> None:
        """Take the reminder off the screen."""
        if self.reminder is not None:
            self.reminder.leave()

    @Slot(object)
    def _begin(self, run: app.LiveRun) -> None:
        self._run = run
        if self.preparing is not None:
            self.preparing.close()  # its call has begun with what stood there
        corner = self._settings.overlay.corner
        if run.plan:
            from coach.ui.prepared import PreparedWindow

            note = say("prepared.by_hand") if self._settings.speech.language != LANGUAGE else ""
            standing = Standing("left" if corner in _RIGHTS else "right")
            self.beside = PreparedWindow(
                run.plan, self._settings.overlay, standing, note if run.plan.questions else ""
            )
            self.beside.ticked.connect(lambda number, on: run.tick(number, asked=on))
            self.beside.begin()
        if self.reminds:
            from coach.ui.reminder import Reminder

            standing = Standing("bottom-left" if corner not in _LOW_LEFTS else "top-left")
            sentence = to_read_out(run.settings, sound=run.tape is not None)
            self.reminder = Reminder(sentence, run.sides, self._settings.overlay, standing)
            self.reminder.over.connect(self._look_away)
            self.reminder.switched_off.connect(lambda: self._save(REMINDER, False))
            self.reminder.appear()

    @Slot()
    def _end(self) -> None:
        self._run = None
        self.hide()
        self._look_away()
        if self.beside is not None:
            self.beside.hide()
            self.beside.deleteLater()
            self.beside = None

    @Slot()
    def _look_away(self) -> None:
        self._meters = {}

    @Slot(object, float, float)
    def _show_level(self, who: Who, peak_db: float, held_db: float) -> None:
        if self.reminder is not None:
            self.reminder.show_level(who, peak_db, held_db)

    @Slot(object)
    def _show_answer(self, answer: Answered) -> None:
        if self.beside is None or self._run is None or isinstance(answer, QuestionTicked):
            return  # who ticked sees it already
        became = asked(self._run.plan, self._run.planned.answers)
        if answer.question < len(became):
            self.beside.show_asked(answer.question, asked=became[answer.question].at_ms is not None)

    def _save(self, name: str, value: str | bool) -> None:  # noqa: FBT001 - whatever the setting holds
        from coach.settings_file import save_values

        try:
            save_values(self._path or app.settings_file(), {name: value})
        except Trouble as trouble:
            self._told(str(trouble))
        else:
            self._changed({name: value})
