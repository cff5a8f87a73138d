"""A queue of recordings to practise with: one after the other, in a process of its own, beside all else.

Owns the queue, its file, the thread that minds it and the process that does the work. Refuses to know windows: whoever
asked is told of every change. The process loads the speech model once for all that waits and steps back behind
whatever else the machine has to do; it can be ended at any moment, and leaves no half session behind.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coach import app, library
from coach.archive.hand import HandFile, read_hand
from coach.audio.media import find_track
from coach.batch import recordings_in
from coach.jobs import Asking, Coached, Failed, Progress
from coach.language import Sentence
from coach.practice_process import PracticeProcess, coach_gently
from coach.practice_queue import (
    BUSY,
    MOST_LETTERS,
    Item,
    Queue,
    Stage,
    Voice,
    keep_queue,
    tags_of,
    take_up_queue,
)
from coach.trouble import Trouble
from coach.voices import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.practice_process import Work
    from coach.settings import Settings

SURE_SHARE: Final = 0.03
"""Before so much is done nobody can say how long the rest takes."""


class Practice:
    """Mind the queue.

    Args:
        settings: as recordings are coached.
        changed: is told of the queue whenever it changes, on the thread that minds it.
        file: where the queue is kept; None for the usual place.
        folder: where sessions are kept; None for the usual place.
        work: the body of the process.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        settings: Settings,
        changed: Callable[[Queue], None],
        *,
        file: Path | None = None,
        folder: Path | None = None,
        work: Work = coach_gently,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._changed, self._work, self._clock = settings, changed, work, clock
        self._file = file or app.data_folder() / "practice.json"
        self._folder = folder or library.sessions_folder()
        self._queue = Queue()
        self._next = 0
        self._again: set[str] = set()
        self._process: PracticeProcess | None = None
        self._has = ""
        self._began = self._gone = 0.0
        self._wishes: deque[tuple[Callable[[], None], str]] = deque()
        self._wake, self._bell = multiprocessing.Pipe(duplex=False)
        self._over = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._mind, name="coach-practice", daemon=True)

    def start(self) -> None:
        """Take up what was left the last time, and go on."""
        self._wish(self._take_up)
        self._thread.start()

    def close(self) -> None:
        """End the work and leave the queue for the next time; what was being coached begins anew then.

        A window may wait for it: a large file is read no further, and what is new is taken in without a look into it.
        """
        self._closing.set()
        self._wish(self._end)
        self._thread.join()

    def use(self, settings: Settings) -> None:
        """Coach what comes from now on with these settings."""
        self._wish(lambda: self._settle(settings))

    def hold(self, *, held: bool) -> None:
        """Step aside while a call is under way, and go on after it: where a process can be frozen it is."""
        self._wish(lambda: self._hold(held=held))

    def add(self, paths: Sequence[Path], call_type: str, exercise: str = "") -> None:
        """Put recordings into the queue, and those in folders; what is none is told of."""
        self._wish(lambda: self._add(tuple(paths), call_type, exercise))

    def stop(self, key: str) -> None:
        """Stop a recording; nothing of it is kept."""
        self._wish(lambda: self._stop(key), key)

    def retry(self, key: str) -> None:
        """Coach a recording anew."""
        self._wish(lambda: self._retry(key), key)

    def answer(self, key: str, answer: Answer) -> None:
        """Say which voice of a recording is the rep's, and let it be coached."""
        self._wish(lambda: self._answer(key, answer), key)

    def remove(self, key: str) -> None:
        """Take a recording out of the queue; what is kept of it stays kept."""
        self._wish(lambda: self._remove(key), key)

    def clear(self) -> None:
        """Take all that is done out of the queue."""
        self._wish(self._clear)

    # All below runs on the thread that minds the queue.

    def _wish(self, wish: Callable[[], None], key: str = "") -> None:
        self._wishes.append((wish, key))
        with suppress(OSError):  # closed already: there is nobody to wake
            self._bell.send_bytes(b".")

    def _mind(self) -> None:
        while not self._over:
            lines = [self._wake, *([self._process.line] if self._process is not None else [])]
            ready = wait(lines)
            if self._wake in ready:
                self._wake.recv_bytes()
                self._grant(*self._wishes.popleft())
            elif self._process is not None:
                self._hear_or_give_up(self._process)
            while not self._over and self._go_on_or_give_up() and not self._wake.poll():
                pass
        self._wake.close()
        self._bell.close()

    # A fault of ours costs one recording, and never the thread: without it nothing could be stopped or closed.

    def _grant(self, wish: Callable[[], None], key: str) -> None:
        try:
            wish()
        except Exception as e:  # noqa: BLE001 - it is told
            self._tell_fault(self._queue.item(key), e)

    def _hear_or_give_up(self, process: PracticeProcess) -> None:
        key = self._has
        try:
            self._hear(process)
        except Exception as e:  # noqa: BLE001 - it is told
            item = self._queue.item(key)
            self._give_up(item if item is not None and item.stage in BUSY else None, e)

    def _go_on_or_give_up(self) -> bool:
        try:
            return self._go_on()
        except Exception as e:  # noqa: BLE001 - it is told
            waiting = next((i for i in self._queue.items if i.stage is Stage.WAITING), None)
            item = self._queue.item(self._has) or waiting
            self._give_up(item, e)
            return item is not None

    def _give_up(self, item: Item | None, fault: Exception) -> None:
        """End the process, which nobody knows the state of, and tell what became of the recording."""
        self._has = ""
        self._end_process()
        self._tell_fault(item, fault)

    def _tell_fault(self, item: Item | None, fault: Exception) -> None:
        because = f"{type(fault).__name__}: {fault}."
        if item is None:
            self._queue = replace(
                self._queue, refused=(*self._queue.refused, Sentence("That went wrong ({why})", why=because))
            )
        else:
            told = f"{item.path.name} could not be coached: {because}"
            self._queue = self._queue.having(replace(item, stage=Stage.FAILED, left_s=None, told=told))
        with suppress(Exception):  # whoever is told may be the one who failed
            self._told()

    def _go_on(self) -> bool:
        """Hand out the next recording, or see that it is done already; say whether there may be more to do at once.

        With none left the process ends, and its memory is free.
        """
        if self._has or self._queue.problem or self._queue.held:
            return False
        waiting = next((i for i in self._queue.items if i.stage is Stage.WAITING), None)
        if waiting is None:
            self._end_process()
            return False
        kept = self._kept(waiting) if waiting.key not in self._again else None
        if self._closing.is_set():
            return False
        if kept is not None:
            self._put(replace(self._tagged(waiting, kept), share=1.0))
            return True
        stage = Stage.RUNNING
        if self._process is None:
            self._process, stage = PracticeProcess(self._work, self._settings), Stage.LOADING
        self._has, self._began = waiting.key, self._clock()
        self._put(replace(waiting, stage=stage, share=0.0, told="", left_s=None))
        with suppress(OSError):  # it died: its line tells so when it is read
            said = Answer(waiting.rep, waiting.remember) if waiting.rep else None
            self._process.line.send((0, waiting.path, waiting.call_type, said))
        return False

    def _hear(self, process: PracticeProcess) -> None:
        item = self._queue.item(self._has)
        try:
            event = process.line.recv()
        except (EOFError, OSError):
            code = process.end()
            self._process, self._has = None, ""
            self._sweep(process.pid)
            if item is not None:
                told = Sentence(
                    "{name} could not be coached: its process ended (code {code}).",
                    name=item.path.name,
                    code=code,
                )
                self._put(replace(item, stage=Stage.FAILED, left_s=None, told=told))
            return
        if isinstance(event, Trouble):
            # No speech model, no practice: what waits goes on waiting until somebody has seen to it.
            self._end_process()
            self._has = ""
            self._queue = replace(self._queue, problem=event.sentence)
            if item is not None:
                self._put(replace(item, stage=Stage.WAITING))
        elif item is not None and isinstance(event, Progress):
            self._progress(item, event.share)
        elif item is not None and isinstance(event, Asking):
            self._has = ""
            voices = tuple(Voice(s.voice, s.start_ms, s.end_ms, s.spoken_ms) for s in event.unknown.samples)
            others = event.unknown.count - len(voices)
            self._put(replace(item, stage=Stage.ASKING, voices=voices, others=others, left_s=None))
        elif item is not None:
            self._has = ""
            self._again.discard(item.key)
            self._put(self._ended(item, event))

    def _progress(self, item: Item, share: float) -> None:
        if item.stage is Stage.LOADING:
            self._began = self._clock()
        gone = self._clock() - self._began
        left = gone * (1 - share) / share if share >= SURE_SHARE and gone > 0 else None
        self._put(replace(item, stage=Stage.RUNNING, share=share, left_s=left), keep=False)

    def _ended(self, item: Item, event: Coached | Failed) -> Item:
        if isinstance(event, Failed):
            return replace(item, stage=Stage.FAILED, left_s=None, told=event.trouble.sentence)
        session = event.report.audio.get("session")
        note = event.report.audio.get("note", "")
        if session is None:
            told = note or Sentence("Your settings keep nothing of a call, so there is nothing to open.")
            return replace(item, stage=Stage.DONE, share=1.0, left_s=None, told=told)
        # What was answered is kept by hand beside the session now, and may be turned round there.
        kept = replace(item, share=1.0, left_s=None, told=note, voices=(), others=0, rep="", remember=False)
        return self._tagged(kept, Path(str(session)))

    def _tagged(self, item: Item, session: Path) -> Item:
        """Return it as done, its session tagged as practice."""
        told = item.told
        try:
            before = read_hand(session).tags
            if (tags := tags_of(item.exercise, before)) != before:
                HandFile(session).tag(tags)
        except Trouble as trouble:
            told = trouble.sentence
        return replace(item, stage=Stage.DONE, session=session, told=told)

    def _kept(self, item: Item) -> Path | None:
        """Return the session of a recording that was coached just so before; None where there is none."""
        with suppress(Trouble):
            checksum = library.checksum(item.path, self._closing.is_set)
            if not checksum:
                return None
            session = library.recording_session(checksum, self._folder)
            wanted = library.made_with(app.for_call(self._settings, item.call_type))
            if library.is_done(session, wanted) and not library.is_unanswered(session):
                return session
        return None

    def _add(self, paths: Sequence[Path], call_type: str, exercise: str) -> None:
        refused: list[str] = []
        found: list[Path] = []
        for path in paths:
            try:
                found += recordings_in(path, recursive=True) if path.is_dir() else [path]
            except Trouble as trouble:
                refused.append(trouble.what)
        open_ = {Stage.WAITING, Stage.ASKING, *BUSY}
        there = {(i.path, i.call_type) for i in self._queue.items if i.stage in open_}
        new = []
        for path in dict.fromkeys(found):
            if (path, call_type) in there:
                refused.append(Sentence("{name} is in the queue already.", name=path.name))
                continue
            try:
                if not self._closing.is_set():  # else whoever coaches it looks
                    find_track(path)
            except Trouble as trouble:
                refused.append(trouble.what)
                continue
            self._next += 1
            new.append(Item(str(self._next), path, call_type, " ".join(exercise.split())[:MOST_LETTERS]))
        self._queue = replace(
            self._queue, items=(*self._queue.items, *new), refused=tuple(refused), problem=""
        )
        self._told()

    def _hold(self, *, held: bool) -> None:
        if held is self._queue.held:
            return
        self._queue = replace(self._queue, held=held)
        item = self._queue.item(self._has)
        if self._process is not None and self._process.freeze(frozen=held):
            now = self._clock()
            self._began = now - self._gone if not held else self._began
            self._gone = now - self._began
        elif held and item is not None:
            self._end_process()
            self._has = ""
            self._queue = self._queue.having(replace(item, stage=Stage.WAITING, share=0.0, left_s=None))
        self._told(keep=False)

    def _stop(self, key: str) -> None:
        item = self._queue.item(key)
        if item is None or item.stage not in {Stage.WAITING, *BUSY}:
            return
        if key == self._has:
            self._end_process()
            self._has = ""
        self._put(replace(item, stage=Stage.STOPPED, share=0.0, left_s=None))

    def _retry(self, key: str) -> None:
        item = self._queue.item(key)
        if item is None or item.stage in BUSY:
            return
        self._again.add(key)
        self._queue = replace(self._queue, problem="")
        self._put(replace(item, stage=Stage.WAITING, share=0.0, told="", session=None))

    def _answer(self, key: str, answer: Answer) -> None:
        item = self._queue.item(key)
        if item is None or item.stage is not Stage.ASKING:
            return
        self._again.add(key)
        self._put(replace(item, stage=Stage.WAITING, share=0.0, rep=answer.rep, remember=answer.remember))

    def _remove(self, key: str) -> None:
        self._stop(key)
        self._queue = replace(self._queue, items=tuple(i for i in self._queue.items if i.key != key))
        self._told()

    def _clear(self) -> None:
        left = tuple(i for i in self._queue.items if i.stage is not Stage.DONE)
        self._queue = replace(self._queue, items=left, refused=())
        self._told()

    def _settle(self, settings: Settings) -> None:
        self._settings = settings
        if not self._has:
            self._end_process()
        if self._queue.problem:
            self._queue = replace(self._queue, problem="")
            self._told()

    def _end(self) -> None:
        self._over = True
        item = self._queue.item(self._has)
        self._end_process()
        if item is not None:
            self._queue = self._queue.having(replace(item, stage=Stage.WAITING, share=0.0, left_s=None))
        self._keep()

    def _take_up(self) -> None:
        kept, process = take_up_queue(self._file)
        self._queue = replace(self._queue, items=kept.items)
        self._sweep(process)
        self._next = max((int(i.key) for i in self._queue.items), default=0)
        self._told(keep=False)

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.end()
            self._sweep(self._process.pid)
            self._process = None

    def _sweep(self, process: int) -> None:
        """Take away the half session that an ended process may have left."""
        library.sweep_parts(process, self._folder)

    def _put(self, item: Item, *, keep: bool = True) -> None:
        self._queue = self._queue.having(item)
        self._told(keep=keep)

    def _told(self, *, keep: bool = True) -> None:
        if keep:
            self._keep()
        self._changed(self._queue)

    def _keep(self) -> None:
        keep_queue(self._file, self._queue, self._process.pid if self._process is not None else 0)
