"""Coach many recordings, some of them at the same time.

Owns the processes: one a job, each with a speech model of its own, and the end of every one of them. Refuses to
print and to write files: whoever asked is told how far each recording is and what became of it, by its place in
the list. A recording that cannot be coached, and a process that dies over one, never stop the others.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from coach import app, library, offline
from coach.archive import locker
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from coach.app import Ask
    from coach.live.ports import Transcriber
    from coach.report.document import CallReport
    from coach.settings import Settings
    from coach.voices import Answer, Unknown

    Tell = Callable[["Progress | Coached | Failed"], None]
    Work = Callable[[Connection, Settings, int], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """A recording is coached to this part, 0 to 1."""

    index: int
    share: float


@dataclass(frozen=True, slots=True)
class Coached:
    """A recording is done."""

    index: int
    report: CallReport


@dataclass(frozen=True, slots=True)
class Failed:
    """A recording could not be coached."""

    index: int
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Asking:
    """A recording waits for a person to say which of its voices is the rep's."""

    index: int
    unknown: Unknown


class _Wanted(Exception):  # noqa: N818 - nothing went wrong
    """Somebody is to be asked, and not here."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__()
        self.unknown = unknown


def coach_all(
    paths: Sequence[Path], settings: Settings, jobs: int, tell: Tell, ask: Callable[[Path], Ask] | None = None
) -> None:
    """Coach recordings and tell of each; returns when all are done, and leaves no process behind.

    Args:
        paths: the recordings.
        settings: with the type of call.
        jobs: so many at a time; one needs no process of its own.
        tell: is called on this thread.
        ask: makes of a recording what is asked, on this thread, which of its voices is the rep's; nobody is asked
            where several are coached at a time.

    Raises:
        Trouble: when the speech model cannot be loaded.
    """
    jobs = min(jobs, len(paths))
    with suppress(Trouble):  # asked before the work, and not in the midst of it; new calls need no key
        locker.must_be_open(library.sessions_folder())
    if jobs > 1:
        _in_processes(paths, settings, jobs, tell, coach_in_process)
        return
    words = app.load_words_for_recordings(settings)
    for index, path in enumerate(paths):
        tell(coach_one(index, path, settings, words, tell, ask=ask(path) if ask is not None else None))


def coach_or_ask(
    index: int,
    path: Path,
    settings: Settings,
    words: Transcriber,
    tell: Tell,
    *,
    answer: Answer | None = None,
) -> Coached | Failed | Asking:
    """Coach one recording as `coach_one` does; where nobody knows which voice is the rep's, return the question."""

    def pass_on(unknown: Unknown) -> Answer:
        raise _Wanted(unknown)

    try:
        return coach_one(index, path, settings, words, tell, answer=answer, ask=pass_on)
    except _Wanted as wanted:
        return Asking(index, wanted.unknown)


def coach_one(
    index: int,
    path: Path,
    settings: Settings,
    words: Transcriber,
    tell: Tell,
    *,
    folder: Path | None = None,
    answer: Answer | None = None,
    ask: Ask | None = None,
) -> Coached | Failed:
    """Coach one recording; tell of its progress, return what became of it.

    Args:
        index: its place in the list.
        path: where it is.
        settings: with the type of call.
        words: the speech model.
        tell: is told of progress.
        folder: where its session is kept; None for the usual place.
        answer: what a person said of its voices.
        ask: is asked that where nobody knows.
    """
    try:
        recording = app.open_call(path, settings)
        whole = max(1, recording.duration_ms or 1)
        report = library.coach_and_keep(
            recording,
            settings,
            words,
            lambda done_ms, _: tell(Progress(index, min(1.0, done_ms / whole))),
            folder,
            answer=answer,
            ask=ask,
        )
    except _Wanted:
        raise
    except Trouble as trouble:
        return Failed(index, trouble)
    except Exception as e:  # noqa: BLE001 - a file that finds a fault of ours must not stop the others
        return Failed(
            index,
            Trouble(
                "{name} could not be coached: {fault}: {why}.",
                "",
                name=path.name,
                fault=type(e).__name__,
                why=e,
            ),
        )
    return Coached(index, report)


def walled(work: Callable[..., None], *args: object, keys: Mapping[str, bytes] | None = None) -> None:
    """Do the work of a process behind the guard against the network: the body of every process of ours.

    ``keys`` are those of locked calls that the process that asks holds; they come over its pipe.
    """
    offline.install()
    app.settle_environment()
    locker.hold(keys or {})
    work(*args)


def coach_in_process(line: Connection, settings: Settings, jobs: int) -> None:
    """Coach the recordings that come in on a line until it closes: the body of a process.

    Ctrl-C is for the process that asked; when that one ends, so does this.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, name="parent", daemon=True).start()
    try:
        words = app.load_words_for_recordings(settings, jobs)
    except Trouble as trouble:
        line.send(trouble)
        return
    with suppress(EOFError):
        while True:
            index, path = line.recv()
            line.send(coach_one(index, path, settings, words, seldom(line.send)))


def end_with_parent() -> None:
    """Wait for the process that asked, and end with it: the body of a thread."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def seldom(tell: Tell) -> Tell:
    """Pass on progress by whole percents: a line between processes is no place for thousands."""
    last = -1

    def told(event: Progress | Coached | Failed) -> None:
        nonlocal last
        if isinstance(event, Progress):
            if int(100 * event.share) == last:
                return
            last = int(100 * event.share)
        tell(event)

    return told


class _Worker:
    """One process and the recording it has in hand."""

    def __init__(self, settings: Settings, jobs: int, work: Work) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=walled,
            args=(work, other, settings, jobs),
            kwargs={"keys": locker.held()},
            daemon=True,
        )
        self.process.start()
        other.close()
        self.has: int | None = None

    def give(self, index: int, path: Path) -> None:
        self.has = index
        with suppress(OSError):  # it died: its line tells so when it is read
            self.line.send((index, path))

    def end(self) -> None:
        self.line.close()
        self.process.terminate()
        self.process.join()
        library.sweep_parts(self.process.pid or 0)


def _in_processes(paths: Sequence[Path], settings: Settings, jobs: int, tell: Tell, work: Work) -> None:
    waiting = deque(enumerate(paths))
    workers: list[_Worker] = []
    try:
        for _ in range(jobs):
            workers.append(_Worker(settings, jobs, work))
            workers[-1].give(*waiting.popleft())
        while busy := [w for w in workers if w.has is not None]:
            ready = wait([w.line for w in busy])
            for worker in [w for w in busy if w.line in ready]:
                _heard(worker, paths, tell)
                if worker.has is None and waiting:
                    if not worker.process.is_alive():
                        workers.remove(worker)
                        worker.end()
                        worker = _Worker(settings, jobs, work)  # noqa: PLW2901 - the dead one's place
                        workers.append(worker)
                    worker.give(*waiting.popleft())
    finally:
        for worker in workers:
            worker.end()


def _heard(worker: _Worker, paths: Sequence[Path], tell: Tell) -> None:
    """Take one message of a process, or notice that it died."""
    index = worker.has if worker.has is not None else 0
    try:
        event = worker.line.recv()
    except (EOFError, OSError):
        worker.process.join()
        worker.has = None
        trouble = Trouble(
            "{name} could not be coached: its process ended (code {code}).",
            "Try it alone, with --jobs 1.",
            name=paths[index].name,
            code=worker.process.exitcode,
        )
        tell(Failed(index, trouble))
        return
    if isinstance(event, Trouble):
        raise event
    if not isinstance(event, Progress):
        worker.has = None
    tell(event)
