"""Measure who is counted as speaking where the loudspeakers leak into the microphone.

    python benchmarks/bleed.py [--data FOLDER] [--calls d01 ...] [--rooms clean ...] [--with none own aec3] [--live]

FOLDER holds ``calls/*.ogg`` with exact truth beside them, and ``speech/*_stereo.flac`` of people with turns that voice
activity found (``--calls aws_call40``). `rooms.py` makes the microphones. The sound goes through
stage and ear as in the program (voices alone, no words); ``--live`` hears it without looking ahead.

share     points of 100 between the talk share found and true: mean and worst over the calls
audible   the same against the truth cut back to what sounds, as in voice.py: mean
false     of the time in which only the customer speaks (0.3 s away from the rep), the part counted as the rep's
alone     of the time in which only the rep speaks, the part counted as the rep's
both      the same where both speak; the scripted calls hardly have any, so the customer's side is moved by half
          the call and all its talking over is made of that
known     seconds of the customer's voice until the leak was known
state     what the stage made of it at the end, over the calls
CPU       ms of processor time of the stage for a second of the call
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rooms import Agc, Room, heard_in
from voice import Channel, audible, channels, closed, framed

from coach.audio.bleed import BleedStage
from coach.audio.block import RATE, Block
from coach.audio.cancel import Aec3, Own
from coach.audio.voice import make_detector
from coach.call.events import CallEnded, CallStarted, Event, VoiceStarted, VoiceStopped, Who
from coach.call.figures import figures
from coach.call.meters import Meters
from coach.live.ear import Ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from coach.live.ports import Stage

    Sound = NDArray[np.float64]
    Frames = NDArray[np.bool_]

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "headphones": Room(None),
    "-3 dB": Room(-3),
    "-6 dB": Room(-6, delay_ms=80),
    "-12 dB": Room(-12),
    "-20 dB": Room(-20),
    "-12 dB 10 ms": Room(-12, delay_ms=10, reverb_s=0.2),
    "-12 dB 200 ms": Room(-12, delay_ms=200, reverb_s=0.5, direct_db=-3),
    "-3 dB AGC": Room(-3, agc=Agc()),
    "-12 dB AGC": Room(-12, agc=Agc()),
    "-12 dB noise": Room(-12, noise_dbfs=-45),
    "-6 dB overdriven": Room(-6, drive=3, delay_ms=10),
    "-12 dB late 300": Room(-12, delay_ms=10, late_ms=300),
    "-12 dB +300 ppm": Room(-12, ppm=300),
    "-12 dB -300 ppm": Room(-12, ppm=-300),
    "-12 dB dropouts": Room(-12, dropouts=20),
    "-12 dB AGC quick": Room(
        -12, delay_ms=70, reverb_s=0.45, agc=Agc(-19, most_db=15, up_db_s=9, down_db_s=45), seed=21
    ),
    "-6 dB AGC slow": Room(-6, delay_ms=120, reverb_s=0.5, agc=Agc(-23, most_db=10, up_db_s=2), seed=22),
    "-9 dB noise -40": Room(-9, delay_ms=25, reverb_s=0.4, direct_db=3, noise_dbfs=-40, seed=23),
}
AHEAD = 5 * RATE
BLOCK = RATE // 10
NEAR_S = 0.3


@dataclass(frozen=True)
class Call:
    """A call with what is true of it, in frames of 10 ms."""

    name: str
    rep: Sound
    customer: Sound
    spans: list[list[tuple[float, float]]]

    def frames(self) -> dict[str, Frames]:
        """Return which frames count for which figure."""
        count = len(self.rep) // 160 + 1
        sides = zip((self.rep, self.customer), self.spans, strict=True)
        heard = [framed(audible(Channel(whole(x), s)), count) for x, s in sides]
        wide = [framed([(a - NEAR_S, b + NEAR_S) for a, b in s], count) for s in self.spans]
        return {"false": heard[1] & ~wide[0], "alone": heard[0] & ~wide[1], "both": heard[0] & heard[1]}

    def moved(self) -> Call:
        """Return the call with the customer's side moved by half of it: much is said at the same time."""
        by = len(self.customer) // 2
        length, half = len(self.customer) / RATE, by / RATE
        later = closed(
            [((a + half) % length, min(length, (a + half) % length + b - a)) for a, b in self.spans[1]]
        )
        return replace(self, customer=np.roll(self.customer, by), spans=[self.spans[0], later])


@dataclass
class Tally:
    """What was counted over calls."""

    shares: list[float] = field(default_factory=list)
    audible: list[float] = field(default_factory=list)
    counted: dict[str, list[int]] = field(
        default_factory=lambda: {k: [0, 0] for k in ("false", "alone", "both")}
    )
    known: list[float] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    spent: float = 0.0
    seconds: float = 0.0

    def row(self) -> dict[str, Any]:
        """Return the figures."""
        parts = {k: hit / of if of else None for k, (hit, of) in self.counted.items()}
        return {
            "share": statistics.mean(self.shares),
            "share_worst": max(self.shares),
            "audible": statistics.mean(self.audible),
            **parts,
            "known": max(self.known, default=None),
            "states": dict(self.states),
            "cpu_ms": 1000 * self.spent / self.seconds,
        }


class Watched:
    """A stage that counts its processor time."""

    def __init__(self, stage: BleedStage) -> None:
        self.stage, self.spent = stage, 0.0
        self.news_heard: list[Any] = []

    def hear(self, who: Who, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """See `BleedStage`."""
        began = time.thread_time()
        passed = self.stage.hear(who, samples)
        self.spent += time.thread_time() - began
        return passed

    def rest(self, who: Who) -> NDArray[np.int16]:
        """See `BleedStage`."""
        return self.stage.rest(who)

    def news(self) -> tuple[Any, ...]:
        """See `BleedStage`."""
        news = self.stage.news()
        self.news_heard += news
        return news


def whole(sound: Sound) -> NDArray[np.int16]:
    """Return samples as a device brings them."""
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)


def opened(path: Path) -> Call:
    """Read a scripted call, or one of people whose turns were labelled by voice activity."""
    name = path.stem.removesuffix("_stereo")
    rep, customer = (x / 32768 for x in channels(path))
    if name != path.stem:
        turns = json.loads(path.with_name(f"{name}_turns.json").read_text())["turns"]
        said = [[(t["start"], t["end"]) for t in turns if t["who"] == w] for w in ("agent", "caller")]
    else:
        truth = json.loads(path.with_suffix(".json").read_text())
        said = [
            [(s["start_s"], s["end_s"]) for s in truth["sentences"] if s["who"] == w]
            for w in truth["channels"]
        ]
    return Call(name, rep, customer, [closed(spans) for spans in said])


def listened(rep: Sound, customer: Sound, stage: Stage | None) -> list[list[tuple[float, float]]]:
    """Return the spans of voice of both sides, in seconds."""
    ear = Ear(tuple(Who), lambda: make_detector("both"), stage)
    sides = {Who.REP: whole(rep), Who.CUSTOMER: whole(customer)}
    changes = [
        c
        for at in range(0, len(rep), BLOCK)
        for who, x in sides.items()
        for c in ear.hear(Block(who, at, x[at : at + BLOCK])).changes
    ]
    changes += [c for heard in ear.rest() for c in heard.changes]
    spans: dict[Who, list[tuple[float, float]]] = {who: [] for who in Who}
    for c in changes:
        if c.speaking:
            spans[c.who].append((c.since_ms / 1000, len(rep) / RATE))
        else:
            spans[c.who][-1] = (spans[c.who][-1][0], c.since_ms / 1000)
    return [closed(spans[who]) for who in Who]


def share(sides: list[list[tuple[float, float]]]) -> float:
    """Return the rep's part of all that is said, as the program counts it: voices alone, without words."""
    meters = Meters()
    end_ms = 1 + max(round(1000 * e) for spans in sides for _, e in spans)
    events: list[Event] = [CallStarted(0, "discovery", tuple(Who))]
    for who, spans in zip(Who, sides, strict=True):
        for s, e in ((round(1000 * a), round(1000 * b)) for a, b in spans):
            events += [VoiceStarted(s, who, s), VoiceStopped(e, who, e)]
    for event in sorted(events, key=lambda event: event.at_ms):
        meters.fold(event)
    meters.fold(CallEnded(end_ms))
    found = next(f.value for f in figures(meters, heard_words=False) if f.name == "talk_share")
    return found or 0.0


def true_share(sides: list[list[tuple[float, float]]]) -> float:
    """Return the rep's part of the scripted spans, as the scorer counts it."""
    rep, customer = (sum(e - s for s, e in spans) for spans in sides)
    return rep / (rep + customer)


def measure(tally: Tally, call: Call, room: Room, make: Callable[[], Any] | None, ahead: int) -> None:
    """Add one call in one room to the tally."""
    for moved in (False, True):
        said = call.moved() if moved else call
        microphone, loopback = heard_in(room, said.rep, said.customer)
        stage = Watched(BleedStage(ahead, make)) if make else None
        found = listened(microphone, loopback, stage)
        frames = said.frames()
        got = framed(found[0], len(said.rep) // 160 + 1)
        for name in ("both",) if moved else ("false", "alone"):
            tally.counted[name][0] += int((got & frames[name]).sum())
            tally.counted[name][1] += int(frames[name].sum())
        if not moved:
            sides = zip((said.rep, said.customer), said.spans, strict=True)
            sounds = [audible(Channel(whole(x), s)) for x, s in sides]
            tally.shares.append(100 * abs(true_share(said.spans) - share(found)))
            tally.audible.append(100 * abs(share(sounds) - share(found)))
        if stage is None:
            continue
        tally.spent += stage.spent
        tally.seconds += len(said.rep) / RATE
        if not moved:
            tally.states[stage.stage.state.value] += 1
            first = next((n.at for n in stage.news_heard if n.lag_ms is not None), None)
            if first is not None:
                tally.known.append(
                    sum(min(e, first / RATE) - s for s, e in said.spans[1] if s < first / RATE)
                )


def rows(wanted: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield a row for each way of cancelling, room and group of calls."""
    ways: dict[str, Callable[[], Any] | None] = {"none": None, "own": Own, "aec3": Aec3}
    files = sorted([*wanted.data.glob("calls/*.ogg"), *wanted.data.glob("speech/*_stereo.flac")])
    groups = [
        [p for p in files if p.stem.removesuffix("_stereo") in names]
        for names in ((wanted.calls,) if wanted.calls else (TUNED, APART))
    ]
    opened_groups = [[opened(p) for p in group] for group in groups]
    for way in wanted.ways:
        for name in wanted.rooms:
            for calls in opened_groups:
                tally = Tally(seconds=1e-9)
                for call in calls:
                    measure(tally, call, ROOMS[name], ways[way], 0 if wanted.live else AHEAD)
                yield {"way": way, "room": name, "calls": f"{calls[0].name}-{calls[-1].name}", **tally.row()}


TUNED = [f"d{n:02}" for n in range(1, 7)]
APART = [f"d{n:02}" for n in range(7, 13)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument(
        "--calls", nargs="+", help="these alone; else d01-d06, tuned on, and the others apart"
    )
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=list(ROOMS))
    parser.add_argument("--with", dest="ways", nargs="+", choices=("none", "own", "aec3"), default=["own"])
    parser.add_argument("--live", action="store_true", help="do not look ahead")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    wanted = parser.parse_args()
    print(
        f"{'with':5} {'room':17} {'calls':8} {'share':>11} {'audible':>7}"
        f" {'false':>6} {'alone':>6} {'both':>6} {'known':>5}"
        f" {'CPU':>5} state"
    )
    made = []
    for r in rows(wanted):
        made.append(r)
        shares = f"{r['share']:.2f}/{r['share_worst']:.2f}"
        states = " ".join(f"{state} {count}" for state, count in r["states"].items())
        known = "" if r["known"] is None else f"{r['known']:.1f}"
        print(
            f"{r['way']:5} {r['room']:17} {r['calls']:8} {shares:>11} {r['audible']:7.2f}"
            f" {r['false']:6.1%} {r['alone']:6.3f}"
            f" {r['both']:6.3f} {known:>5} {r['cpu_ms']:5.1f} {states}",
            flush=True,
        )
    if wanted.json:
        wanted.json.write_text(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
