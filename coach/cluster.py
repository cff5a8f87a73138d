"""Coach many recordings on a Dask cluster: the same function, on machines that see the same folders.

Owns the way there and back. A worker coaches a recording as `coach.jobs` does, into a folder of its own, and sends the
session home; the archive is on the machine that asked, so that what is done is known there. Refuses to print. A worker
that dies loses nothing but the recording in its hand, which another takes up; one over which several die is given up
alone.

Together with `coach.speech.fetch` the only module that opens a connection, and only where `--scheduler` names an
address. Dask is an extra (``cluster``) and is loaded here alone.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import __version__, app, jobs, library, offline
from coach.jobs import Coached, Failed
from coach.language import Sentence, in_a_row
from coach.report.tables import EXTRA
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from coach.jobs import Tell
    from coach.live.ports import Transcriber
    from coach.settings import Settings

    Load = Callable[[Settings, int], Transcriber]

CONNECT_S = 10
"""A scheduler that is there answers within a second; a wrong address is worth no longer wait."""
_BEGINNINGS = 3
JOIN_S = 60
"""A worker may take this long to come up."""
TRIES = 3
"""A recording is given up after so many tries that ended in a fault; a death counts by Dask's own limit (four)."""
IN_HAND = 4
"""Recordings given to the cluster ahead of each of its threads: enough to keep it busy, little to take back."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a worker sends home.

    Args:
        ended: what became of the recording.
        session: the session to keep, whole; None where nothing is to be kept.
        name: of the session.
    """

    ended: Coached | Failed
    session: bytes | None = None
    name: str = ""


def coach_on_cluster(
    paths: Sequence[Path],
    settings: Settings,
    address: str,
    tell: Tell,
    *,
    folder: Path | None = None,
    load: Load = app.load_words_for_recordings,
) -> None:
    """Coach recordings on a cluster and tell of each; returns when all are done.

    Args:
        paths: the recordings, at the same place for every worker.
        settings: with the type of call.
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``.
        tell: is called on this thread.
        folder: where sessions are kept; None for the usual place.
        load: loads the speech model on a worker; another one is handed in by tests.

    Raises:
        Trouble: without Dask, without a scheduler or a worker at the address, or when the connection is lost.
    """
    with offline.allowed("the Dask cluster that --scheduler names", None, every_thread=True):
        distributed = _distributed()
        client = _connected(distributed, address)
        try:
            for event in _Round(distributed, client, paths, settings, load).ended():
                tell(_kept(event, folder))
        except _Gone as e:
            raise Trouble(
                "The scheduler at '{address}' has gone.",
                "What is done is kept; start it, then this again.",
                address=address,
            ) from e
        finally:
            client.close()


class _Gone(Exception):  # noqa: N818 - it has gone
    """The scheduler no longer answers."""


@dataclass(slots=True)
class _Round:
    """Recordings on their way to the cluster and back."""

    distributed: ModuleType
    client: Any
    paths: Sequence[Path]
    settings: Settings
    load: Load
    _next: int = 0
    _given: dict[Any, int] = field(default_factory=dict)

    def ended(self) -> Iterator[Sent]:
        """Yield what became of each, as it comes; take back the others when nobody asks any more."""
        threads = max(1, sum(self.client.nthreads().values()))
        try:
            queue = self.distributed.as_completed(self._give(IN_HAND * threads), loop=self.client.loop)
            for future in queue:
                yield self._home(future, self._given.pop(future))
                future.release()
                queue.update(self._give(1))
        finally:
            if self._given:
                self.client.cancel(list(self._given), force=True)

    def _give(self, count: int) -> list[Any]:
        futures = []
        for index in range(self._next, min(self._next + count, len(self.paths))):
            told = (index, str(self.paths[index].resolve()), self.settings, self.load, __version__)
            futures.append(self.client.submit(coach_there, *told, pure=False, retries=TRIES - 1))
            self._given[futures[-1]] = index
        self._next += len(futures)
        return futures

    def _home(self, future: Any, index: int) -> Sent:
        if future.status in ("cancelled", "lost"):
            raise _Gone
        try:
            sent: Sent = future.result()
        except Exception as e:  # noqa: BLE001 - whatever a worker raised or died of must not stop the others
            return Sent(Failed(index, _given_up(self.paths[index], e)))
        return sent


def _kept(sent: Sent, folder: Path | None) -> Coached | Failed:
    """Keep the session that a worker sent."""
    if sent.session is None or not isinstance(sent.ended, Coached):
        return sent.ended
    audio = dict(sent.ended.report.audio)
    try:
        audio["session"] = str(library.keep_session(sent.session, sent.name, folder))
    except OSError as e:
        del audio["session"]
        audio["note"] = in_a_row(audio.get("note", ""), Sentence("It could not be kept: {why}.", why=e))
    return replace(sent.ended, report=replace(sent.ended.report, audio=audio))


def _given_up(path: Path, e: BaseException) -> Trouble:
    if type(e).__name__ == "KilledWorker":
        return Trouble(
            "{name} could not be coached: every worker that took it up ended.",
            "Try it alone, here.",
            name=path.name,
        )
    if isinstance(e, ModuleNotFoundError):
        return Trouble(
            "{name} could not be coached: a worker has no {module}.",
            "Install the same Coach for every worker.",
            name=path.name,
            module=e.name,
        )
    return Trouble(
        "{name} could not be coached: {fault}: {why}.", "", name=path.name, fault=type(e).__name__, why=e
    )


def coach_there(index: int, path: str, settings: Settings, load: Load, version: str) -> Sent:
    """Coach one recording on a worker: what Dask runs there.

    Args:
        index: its place in the list.
        path: where it is.
        settings: with the type of call.
        load: loads the speech model, once a process.
        version: of the Coach that asks; another one would give other results.
    """
    if version != __version__:
        trouble = Trouble(
            "{name} could not be coached: a worker has Coach {theirs}, you have {version}.",
            "Install the same Coach for every worker.",
            name=Path(path).name,
            theirs=__version__,
            version=version,
        )
        return Sent(Failed(index, trouble))
    app.settle_environment()
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="coach-") as folder:
        try:
            words = _words(settings, load)
        except Trouble as trouble:
            return Sent(Failed(index, trouble))
        ended = jobs.coach_one(index, Path(path), settings, words, lambda _: None, folder=Path(folder))
        for session in library.sessions(Path(folder)):
            return Sent(ended, session.read_bytes(), session.name)
    return Sent(ended)


_one_at_a_time = threading.Lock()
"""A worker with several threads has one speech model, and gives it all of them."""
_held: dict[str, Transcriber] = {}


def _words(settings: Settings, load: Load) -> Transcriber:
    """Return this process's speech model; another one for other settings."""
    key = repr((settings.speech, settings.facts.names, load))
    if key not in _held:
        _held.clear()
        _held[key] = load(settings, _beside())
    return _held[key]


def _beside() -> int:
    """Return how many workers like this one share the machine's cores, as far as it can be told."""
    from distributed import get_worker  # noqa: PLC0415 - as in `_distributed`

    threads: int = get_worker().state.nthreads
    return max(1, (os.cpu_count() or 1) // threads)


def _distributed() -> ModuleType:
    try:
        import distributed  # noqa: PLC0415 - an extra: loaded only by whoever names a scheduler
    except ImportError as e:
        raise Trouble(
            "A cluster needs Dask, which is not installed.", "Install it: {command}", command=EXTRA
        ) from e
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in a sentence
    module: ModuleType = distributed
    return module


def _client(distributed: ModuleType, address: str) -> Any:
    """Return a client. distributed gives its own thread ten seconds to begin, and a very busy machine may need more."""

    class Client(distributed.Client):  # type: ignore[misc, name-defined]
        """Closes itself where it finds nobody.

        Dask leaves that to the garbage collector, and one that is collected while the next one begins waits for a
        lock that this thread holds: for ever (seen in distributed 2026.8).
        """

        def start(self, **options: Any) -> None:
            try:
                super().start(**options)
            except BaseException:
                self.close()
                self._loop_runner.stop()  # a client that closed itself over its first try leaves its thread
                raise

    for _ in range(_BEGINNINGS - 1):
        with suppress(AssertionError):
            return Client(address, timeout=CONNECT_S, set_as_default=False)
    return Client(address, timeout=CONNECT_S, set_as_default=False)


def _connected(distributed: ModuleType, address: str) -> Any:
    try:
        client = _client(distributed, address)
    except (OSError, ValueError, TimeoutError, AssertionError) as e:
        raise Trouble(
            "There is no Dask scheduler at '{address}'.",
            "Start one with 'dask scheduler', and name its address.",
            address=address,
        ) from e
    try:
        client.wait_for_workers(1, timeout=JOIN_S)
    except TimeoutError as e:
        client.close()
        raise Trouble(
            "No worker has joined the scheduler at '{address}'.",
            "Start one with 'dask worker {address} --nthreads 1'.",
            address=address,
        ) from e
    return client
