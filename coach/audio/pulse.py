"""Talk to PulseAudio, or to PipeWire in its clothes.

Owns the list of its sources, the watch that notices when a stream of ours is moved, and the bell that rings when
devices come and go. Refuses to know blocks and sides.

The watch is there because of the worst thing a sound server does: when a microphone is pulled out, the server
moves our stream to another source without a word, and then the customer's own voice arrives as the rep's.
"""

from __future__ import annotations

import math
import os
import select
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulsectl
from pulsectl import PulseError as PulseError  # noqa: PLC0414 - handed on to whoever connects through here

from coach.audio.clocks import awake_s
from coach.language import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STALL_S = 5.0
"""No block for so long, or no stream of ours in the server's list, and the source is lost.

The first block of a null sink took up to 2 s; after that a source never pauses while it is open.
"""

_TICK_S = 0.2
"""How long a watch waits for an event before it looks again for a stream that it has not found yet..."""
_CALM_S = 1.0
"""...and, once it has, whether the stream stalls: a wake-up is dearer than all that it looks at."""

KNOCK_S = 0.5
"""A server that has gone is tried again this often; nothing tells when it is back. A try takes a third of a ms."""

REST_S = 0.1
"""The bell rests so long after it rang: a meeting that turns up its microphone does so ten times a second."""


@dataclass(frozen=True, slots=True)
class PulseSource:
    """A source of the server: a microphone, or the monitor of a sink."""

    name: str
    label: str
    monitor_of: str
    default_input: bool
    """The server's default source."""
    default_output: bool
    """The monitor of the server's default sink."""
    card: str = ""
    """The sound card's own name, the same in each of its profiles; empty for what has no card."""
    bus_path: str = ""
    """Where it is plugged in."""
    product: str = ""
    """Maker, product and serial number as its bus tells them."""
    address: str = ""
    """The address of a Bluetooth device."""


_PRODUCT = ("device.vendor.id", "device.product.id", "device.serial")


def sources() -> tuple[PulseSource, ...] | None:
    """Return what can be recorded; None when no server answers."""
    try:
        with connected("coach devices") as pulse:
            server = pulse.server_info()
            sinks = {s.index: s.name for s in pulse.sink_list()}
            cards = {c.index: c.name for c in pulse.card_list()}
            return tuple(
                PulseSource(
                    s.name,
                    s.description or s.name,
                    monitor_of,
                    s.name == server.default_source_name,
                    bool(monitor_of) and monitor_of == server.default_sink_name,
                    cards.get(s.card, ""),
                    s.proplist.get("device.bus_path", ""),
                    " ".join(filter(None, (s.proplist.get(name, "") for name in _PRODUCT))),
                    # elsewhere device.string is no more than the number of a card
                    s.proplist.get("device.string", "")
                    if s.proplist.get("device.bus") == "bluetooth"
                    else "",
                )
                for s in pulse.source_list()
                for monitor_of in [sinks.get(s.monitor_of_sink, "")]
            )
    except (PulseError, pulsectl.PulseDisconnected):
        return None


def connected(name: str) -> pulsectl.Pulse:
    """Connect to the user's server without starting one. Raises `PulseError` when none answers."""
    pulse = pulsectl.Pulse(name, connect=False)
    try:
        pulse.connect(autospawn=False)  # with a timeout, pulsectl sits the whole of it out
    except PulseError:
        pulse.close()
        raise
    return pulse


def own_streams() -> frozenset[int]:
    """Return the indices of the recording streams of this process."""
    with connected("coach watch") as pulse:
        return frozenset(_own(pulse))


def _own(pulse: pulsectl.Pulse) -> list[int]:
    pid = str(os.getpid())
    return [s.index for s in pulse.source_output_list() if s.proplist.get("application.process.id") == pid]


class _Word:
    """A word to a thread that waits in a server's loop: end. A file of Linux's own, which any thread may write to."""

    def __init__(self) -> None:
        self.said = threading.Event()
        self.file = os.eventfd(0)
        self._use = threading.Lock()

    def say(self) -> None:
        """Wake the thread; harmless when it has ended."""
        self.said.set()
        with self._use:
            if self.file >= 0:
                os.eventfd_write(self.file, 1)

    def close(self) -> None:
        """Nobody waits any more."""
        with self._use:
            os.close(self.file)
            self.file = -1


def _polled(
    pulse: pulsectl.Pulse, word: _Word, fds: list[Any], timeout_s: float
) -> tuple[int, tuple[int, ...]]:
    """Wait on a connection's files, as libpulse asks, and for the word to end; return how many are ready, and all."""
    poller = _for_reading((word.file,))
    for asked in fds:
        poller.register(asked.fd, asked.events)
    ready = dict(poller.poll(None if timeout_s < 0 else math.ceil(timeout_s * 1000)))
    if ready.pop(word.file, 0):
        pulse.event_listen_stop()  # its own loop, from within: nothing else may stop it
    for asked in fds:
        asked.revents = ready.get(asked.fd, 0)
    return len(ready), tuple(asked.fd for asked in fds)


class Watch:
    """Watch one stream of this process until it is moved, removed or stalls.

    It vouches for the stream while it has seen it on its source and no word of the server waits to be read. A server
    sends the word of a move before the first sound from the other source (in PulseAudio both go through one loop, and
    events first), so a block that has come while nothing waits is from the right one, however late the watch's own
    thread gets its turn.

    Args:
        source: name of the source that the stream must stay on.
        before: `own_streams` from before it was opened; the one that is new is ours.
        progress: returns a count that rises with each block.
        gone: called once, from the watch's thread, with the reason in a few words.
    """

    def __init__(
        self, source: str, before: frozenset[int], progress: Callable[[], int], gone: Callable[[str], None]
    ) -> None:
        self._source, self._before = source, before
        self._progress, self._gone = progress, gone
        self._stream: int | None = None
        self.sure = threading.Event()
        """Set once the stream was seen on its source."""
        self._look_now = True
        self._quiet = False
        """All that the server has said so far was looked into."""
        self._waiting: tuple[tuple[int, ...], select.poll] = ((), select.poll())
        """The connection's files, and what tells whether anything waits in them; for `vouches` alone."""
        self._count, self._moved_s = 0, 0.0
        self._pulse = connected("coach watch")
        self._stopping = _Word()
        self._pulse.set_poll_func(self._poll)
        self._thread = threading.Thread(target=self._run, name=f"watch {source}", daemon=True)

    def start(self) -> None:
        """Begin to watch; find the stream at once, before another of this process is opened."""
        try:
            self._pulse.event_mask_set("source", "source_output", "server")
            self._pulse.event_callback_set(self._noticed)
            self._find()
        except Exception:  # noqa: BLE001 - the thread meets it again, and tells it
            self._look_now = True
        self._thread.start()

    def vouches(self) -> bool:
        """Say whether all that has come of the stream until now is from its source; takes microseconds."""
        return self.sure.is_set() and self._quiet and not self._waiting[1].poll(0)

    def close(self) -> None:
        """Give the connection back, before the watch was ever started."""
        self._pulse.close()
        self._stopping.close()

    def stop(self) -> None:
        """End the watch and its thread; harmless from within `gone`."""
        self._stopping.say()
        if self._thread is not threading.current_thread() and self._thread.is_alive():
            self._thread.join()

    def _noticed(self, _event: object) -> None:
        self._look_now = True
        raise pulsectl.PulseLoopStop

    def _poll(self, fds: list[Any], timeout_s: float) -> int:
        """Wait as libpulse asks; whatever comes is not looked into yet."""
        ready, files = _polled(self._pulse, self._stopping, fds, timeout_s)
        if ready:
            self._quiet = False
        if files != self._waiting[0]:
            self._waiting = (files, _for_reading(files))
        return ready

    def _run(self) -> None:
        reason = ""
        self._moved_s = awake_s()
        try:
            while not reason:
                ending = self._stopping.said.is_set()
                if self._look_now or ending or not self.sure.is_set():
                    self._look_now = False
                    reason = self._look()
                reason = reason or self._stalled()
                if ending:
                    break
                if not reason and not self._look_now:
                    self._quiet = True
                    self._pulse.event_listen(timeout=_CALM_S if self.sure.is_set() else _TICK_S)
        except Exception:  # noqa: BLE001 - a watch that fails, however it fails, can vouch for nothing any more
            reason = Sentence("the sound server has gone")
        finally:
            self._quiet, self._waiting = not reason, ((), select.poll())
            self._pulse.close()
            self._stopping.close()
        if reason:
            self._gone(reason)

    def _stalled(self) -> str:
        """Return a reason once no block has come for too long."""
        count, now_s = self._progress(), awake_s()
        if count != self._count or not self.sure.is_set():
            self._count, self._moved_s = count, now_s
        return Sentence("no sound arrives from it") if now_s - self._moved_s > STALL_S else ""

    def _find(self) -> bool:
        """Say whether our stream is in the server's list."""
        if self._stream is None:
            self._stream = min((s for s in _own(self._pulse) if s not in self._before), default=None)
        return self._stream is not None

    def _look(self) -> str:
        """Return why the stream is lost, or nothing."""
        if not self._find():
            return ""
        try:
            here = self._pulse.source_info(self._pulse.source_output_info(self._stream).source).name
        except pulsectl.PulseIndexError:
            return Sentence("it was unplugged or switched off")
        if here != self._source:
            return Sentence("the system switched to another device")
        self.sure.set()
        return ""


def _for_reading(files: Iterable[int]) -> select.poll:
    poller = select.poll()
    for file in files:
        poller.register(file, select.POLLIN)
    return poller


class Bell:
    """Ring when devices come, go or change, when another becomes the default, and when the server is back.

    Args:
        ring: called from the bell's thread, often and for nothing; returns at once.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._stopping = _Word()
        self._thread = threading.Thread(target=self._run, name="coach-bell", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the bell and its thread."""
        self._stopping.say()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.said.is_set():
            try:
                with connected("coach bell") as pulse:
                    pulse.set_poll_func(
                        lambda fds, timeout_s: _polled(pulse, self._stopping, fds, timeout_s)[0]
                    )
                    self._listen(pulse)
            except Exception:  # noqa: BLE001 - however it fails, the server has gone: knock until it is back
                self._ring()
            self._stopping.said.wait(KNOCK_S)
        self._stopping.close()

    def _listen(self, pulse: pulsectl.Pulse) -> None:
        rung = True

        def noticed(_event: object) -> None:
            nonlocal rung
            rung = True
            raise pulsectl.PulseLoopStop

        pulse.event_mask_set("source", "server", "card")
        pulse.event_callback_set(noticed)
        while not self._stopping.said.is_set():
            if rung:
                self._ring()
                self._stopping.said.wait(REST_S)
            rung = False
            pulse.event_listen()
