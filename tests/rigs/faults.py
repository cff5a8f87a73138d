"""Ten faults of devices in one live call, with what the call made of them.

The rep sings A4 into every microphone, the customer A5 through every loudspeaker, without end: whose sound a block
holds can be heard from its pitch. Owns the faults, their true times and the measuring; refuses to judge. Used by the
test of a whole call and by ``benchmarks/devices.py``.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from rigs.sound import RATE, SoundRig, sound_rig, tone

from coach import app
from coach.archive.log import read_log
from coach.audio.clocks import always_s
from coach.call.events import DeviceHeard, Who
from coach.nudges.commands import TellOnce, ToldIsOver
from coach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from coach.audio.block import Block, KeptSource
    from coach.call.events import Event
    from coach.nudges.commands import Command
    from coach.speech.streaming import Drafter

PITCH = {Who.REP: 440.0, Who.CUSTOMER: 880.0}
LOUD = 400.0
"""A tone of a twentieth of what is sung: nothing of the other side may be as loud."""
LIMIT_S = 30.0
STEADY_S = 2.5
"""A device is let be for so long between two faults, as it is in life."""


@dataclass
class Tap:
    """A side of a call that remembers what it was handed, and when."""

    source: KeptSource
    blocks: list[tuple[float, str, Block]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    """When it was told as lost."""
    device: str = ""
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def who(self) -> Who:
        return self.source.who

    @property
    def name(self) -> str:
        return self.source.name

    def tell(self, opened: Callable[[Who, str, str], None]) -> None:
        def told(who: Who, label: str, identity: str) -> None:
            self.device = identity
            opened(who, label, identity)

        self.source.tell(told)

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        def take(block: Block) -> None:
            with self.came:
                self.blocks.append((always_s(), self.device, block))
                self.came.notify_all()
            deliver(block)

        def gone(who: Who, why: str) -> None:
            with self.came:
                self.losses.append(always_s())
                self.came.notify_all()
            lost(who, why)

        self.source.start(take, gone)

    def stop(self) -> None:
        self.source.stop()

    def wait_for(self, device: str, after_s: float) -> float:
        """Wait until a device that was opened after a moment is heard; return when its first block came."""
        with self.came:
            first: list[float] = []

            def there() -> bool:
                new = [i for i, (at_s, _, b) in enumerate(self.blocks) if at_s > after_s and b.start == 0]
                fit = [i for i in new if self.blocks[i][1] == device]
                first[:] = [self.blocks[i][0] for i in fit[-1:]]
                return bool(fit)

            if not self.came.wait_for(there, LIMIT_S):
                raise TimeoutError(f"{self.who} is not heard through '{device}'")
        return first[0]


@dataclass(frozen=True)
class Fault:
    """One fault.

    Args:
        name: what happens.
        expect: which device each side that is struck hears afterwards.
        begin: breaks something.
        end: mends it after ``out_s``; None where something else is there to be heard at once.
        out_s: seconds between the two.
    """

    name: str
    expect: dict[Who, str]
    begin: Callable[[SoundRig], object]
    end: Callable[[SoundRig], object] | None = None
    out_s: float = 0.0


@dataclass(frozen=True)
class Struck:
    """What one fault did to one side, in seconds."""

    fault: str
    who: Who
    outage: float
    """How long there was nothing to be heard."""
    gap: float
    """How long nothing was heard, by the log."""
    back: float
    """From the return, or from the fault where something else was there, to the first block."""
    marked: float | None
    """From the fault to the word that the side is lost; None where it was heard again before."""


@dataclass(frozen=True)
class Outcome:
    """A whole call with its faults."""

    struck: tuple[Struck, ...]
    events: tuple[Event, ...]
    told: tuple[TellOnce, ...]
    over: tuple[ToldIsOver, ...]
    heard_s: dict[Who, float]
    wrong_s: dict[Who, float]
    """Seconds of each side in which the other's tone is heard."""
    alien: tuple[str, ...]
    """Devices that were heard for a side and are not its own."""
    length_s: float
    stop_s: float
    dropped: int
    threads: tuple[str, ...]
    """Threads of the call that outlived it."""


_SONG = tone(PITCH[Who.CUSTOMER], 300)


def headset(rig: SoundRig) -> None:
    rig.add_microphone("headset", PITCH[Who.REP])
    rig.control("set-default-source", "headset")


def webcam(rig: SoundRig) -> None:
    rig.add_microphone("webcam", PITCH[Who.REP])


def output(name: str, rate: int = 48_000) -> Callable[[SoundRig], None]:
    def add(rig: SoundRig) -> None:
        rig.add_sink(name, rate)
        rig.play(name, _SONG)

    return add


def no_output(name: str) -> Callable[[SoundRig], object]:
    """Unplug an output; what plays on it falls silent with it."""
    return lambda rig: (rig.silence(name), rig.remove_sink(name))


def all_back(rig: SoundRig) -> None:
    """Start the server again, its devices in another order than before."""
    rig.revive()
    output("hdmi")(rig)
    output("speakers")(rig)
    webcam(rig)
    headset(rig)
    rig.control("set-default-sink", "speakers")


SPEAKERS, HDMI = "speakers.monitor", "hdmi.monitor"
REP, CUSTOMER = Who.REP, Who.CUSTOMER
OWN = {REP: {"headset", "webcam"}, CUSTOMER: {SPEAKERS, HDMI}}


def ten(out_s: float) -> tuple[Fault, ...]:
    """Return the faults, in an order in which each leaves what the next needs."""
    return (
        Fault(
            "the only microphone unplugged",
            {REP: "headset"},
            lambda rig: rig.remove_microphone("headset"),
            headset,
            out_s,
        ),
        Fault(
            "microphone moved to the loudspeaker",
            {REP: "headset"},
            lambda rig: rig.move_streams("headset", SPEAKERS),
        ),
        Fault(
            "microphone unplugged, another there",
            {REP: "webcam"},
            lambda rig: (webcam(rig), rig.remove_microphone("headset")),
        ),
        Fault("microphone back as the default", {REP: "headset"}, headset),
        Fault(
            "another output the default",
            {CUSTOMER: HDMI},
            lambda rig: (output("hdmi")(rig), rig.control("set-default-sink", "hdmi")),
        ),
        Fault("the default output unplugged", {CUSTOMER: SPEAKERS}, no_output("hdmi")),
        Fault(
            "loudspeaker moved to the microphone",
            {CUSTOMER: SPEAKERS},
            lambda rig: rig.move_streams(SPEAKERS, "headset"),
        ),
        Fault(
            "last output unplugged, back at 44.1 kHz",
            {CUSTOMER: SPEAKERS},
            no_output("speakers"),
            output("speakers", 44_100),
            out_s,
        ),
        Fault(
            "the sound server killed",
            {REP: "headset", CUSTOMER: SPEAKERS},
            lambda rig: rig.die(),
            all_back,
            out_s,
        ),
        Fault(
            "microphone hangs without a word",
            {REP: "headset"},
            lambda rig: rig.hold("headset", held=True),
            lambda rig: rig.hold("headset", held=False),
            out_s,
        ),
    )


@contextmanager
def call_in(folder: Path) -> Iterator[tuple[SoundRig, app.LiveRun, dict[Who, Tap]]]:
    """Run a call on a server of its own; its log goes to the folder. Ended with the block."""
    with sound_rig(furnished=False) as rig, rig.here(), _logged_in(folder):
        headset(rig)
        output("speakers")(rig)
        sources, _ = app.devices(Settings())
        taps = {s.who: Tap(s) for s in sources}  # type: ignore[arg-type]
        run = app.LiveRun(Settings(), tuple(taps.values()), lambda _: None, words=_no_words)
        run.start()
        try:
            yield rig, run, taps
        finally:
            if not run.call.ended.is_set():
                run.stop()


def call_with(folder: Path, faults: Sequence[Fault]) -> Outcome:
    """Run a call with faults and return what became of it."""
    threads = set(threading.enumerate())
    commands: list[Command] = []
    times: list[_Times] = []
    began_s = always_s()
    with call_in(folder) as (rig, run, taps):
        run._show = commands.extend
        for tap, device in ((taps[REP], "headset"), (taps[CUSTOMER], SPEAKERS)):
            tap.wait_for(device, began_s)
        call_s = _call_began_s(run)
        for fault in faults:
            _live(STEADY_S)
            times.append(_strike(rig, fault, taps))
        _live(1.0)
        stop_s = always_s()
        run.stop()
        ended_s = always_s()
        left = {t for t in threading.enumerate() if t not in threads and not t.name.startswith("rig-")}
        events = tuple(read_log(run.log.path))
    return Outcome(
        tuple(
            _measured(one, who, taps[who], until_s, events)
            for one, until_s in zip(times, [t.asked_s for t in times[1:]] + [stop_s], strict=True)
            for who in one.fault.expect
        ),
        events,
        tuple(c for c in commands if isinstance(c, TellOnce)),
        tuple(c for c in commands if isinstance(c, ToldIsOver)),
        {who: sum(len(b.samples) for _, _, b in tap.blocks) / RATE for who, tap in taps.items()},
        {who: _wrong_s(tap) for who, tap in taps.items()},
        tuple(sorted({d for who, tap in taps.items() for _, d, _ in tap.blocks if d not in OWN[who]})),
        stop_s - call_s,
        ended_s - stop_s,
        run.call.mailbox.dropped,
        tuple(t.name for t in left),
    )


def _live(seconds: float) -> None:
    """Let life go on: nothing happens that could be waited for."""
    threading.Event().wait(seconds)


def _call_began_s(run: app.LiveRun) -> float:
    listener = run.call._listener  # where the call's own time begins
    assert listener is not None
    return listener.began_s


@dataclass(frozen=True)
class _Times:
    """When a fault began and was mended, and when each side was heard again."""

    fault: Fault
    asked_s: float
    began_s: float
    ended_s: float
    back_s: dict[Who, float]


def _strike(rig: SoundRig, fault: Fault, taps: dict[Who, Tap]) -> _Times:
    asked_s = always_s()
    fault.begin(rig)
    began_s = ended_s = always_s()
    if fault.end is not None:
        _live(fault.out_s)
        fault.end(rig)
        ended_s = always_s()
    back_s = {who: taps[who].wait_for(device, asked_s) for who, device in fault.expect.items()}
    return _Times(fault, asked_s, began_s, ended_s, back_s)


def _measured(times: _Times, who: Who, tap: Tap, until_s: float, events: Sequence[Event]) -> Struck:
    openings = [at_s for at_s, _, block in tap.blocks if block.start == 0]
    heard = [e for e in events if isinstance(e, DeviceHeard) and e.who is who]
    of_fault = [e for at_s, e in zip(openings, heard, strict=True) if times.asked_s < at_s < until_s]
    marked = [at for at in tap.losses if times.asked_s < at < until_s]
    return Struck(
        times.fault.name,
        who,
        times.ended_s - times.began_s,
        sum(e.gap_ms for e in of_fault) / 1000,
        times.back_s[who] - times.ended_s,
        marked[0] - times.began_s if marked else None,
    )


def _wrong_s(tap: Tap) -> float:
    """Return for how many seconds the other side's tone is heard in what this side was handed."""
    other = PITCH[CUSTOMER if tap.who is REP else REP]
    return sum(len(b.samples) for _, _, b in tap.blocks if _strength(b, other) > LOUD) / RATE


def _strength(block: Block, hertz: float) -> float:
    t = np.arange(len(block.samples)) / RATE
    window = np.hanning(len(t)) / np.hanning(len(t)).mean()
    return float(2 * abs(np.mean(window * block.samples * np.exp(-2j * np.pi * hertz * t))))


class _Wordless:
    """A speech model that hears no words."""

    def transcribe_many(self, spans: Sequence[object]) -> list[list[object]]:
        return [[] for _ in spans]

    def draft(self, *_: object, **__: object) -> list[str]:
        return []


def _no_words() -> Drafter:
    return _Wordless()  # type: ignore[return-value] - no span of a tone is ever written


@contextmanager
def _logged_in(folder: Path) -> Iterator[None]:
    """Let sessions be logged in this folder."""
    before = app.data_folder
    app.data_folder = lambda: folder
    try:
        yield
    finally:
        app.data_folder = before
