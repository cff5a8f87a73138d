"""What a live call loses when its process is killed: a call under way, SIGKILL at a seeded moment, a look at its log.

    python benchmarks/kills.py [--kills 200] [--at-once 2] [--seed 1] [--longest-s 6] [--locked] [--sound] [--json OUT]

Each child is a real live call in real time: devices played from two voices made here, every thread of a call, the log
on disk as it always is; no model, so a scribe that writes the same sentence for every span. After the log was handed an
event, the child tells of it over a pipe, which the kernel keeps when the child dies. The parent kills it at a moment
drawn between the first event and ``--longest-s`` later, reads the log and compares: what was told of and is not there
was lost, and how old it was at the kill is the loss. Beside that: how far behind the last moment told of the log's
last moment is; whether the calls kept earlier are as they were, byte for byte; whether the next start recovers
the call, once. With ``--locked`` the library is locked, the child has no passphrase, and no file may hold in plain text
what is said in every call; the parent opens it. With ``--sound`` the sound of the call is kept too, and how far it ends
behind that moment is counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from coach import app, library
from coach.archive import converting
from coach.archive.envelope import PASSPHRASE, Secret
from coach.archive.log import SessionLog, read_session
from coach.archive.recovery import recover
from coach.archive.soundfile import sound_path
from coach.audio.block import RATE, Block
from coach.audio.recording import reopen_recording
from coach.call import wire
from coach.call.events import CallEnded, CallStarted, TimePassed, Who
from coach.live.player import Player
from coach.settings import Settings
from coach.speech.words import Word
from coach.trouble import Trouble

CHILD = "child"
SAID = b"VoiceStarted"
_TOLD_EVERY = 20


@dataclass(frozen=True)
class Kill:
    """What one kill did.

    Args:
        events: told of before it.
        lost: of those, not in the log.
        loss_ms: how long before the kill the first of the lost happened; 0 where none was lost.
        behind_ms: how much earlier the log ends than what was told of.
        past: the calls kept earlier are as they were.
        recovered: the next start recovers the call, and one after it none.
        torn: the log's last line was torn.
        silent_ms: how much earlier the sound that can be played ends than what was told of; 0 where none was kept.
    """

    events: int
    lost: int
    loss_ms: float
    behind_ms: float
    past: bool
    recovered: bool
    torn: bool
    silent_ms: float = 0.0

    @property
    def survived(self) -> bool:
        """Say whether the promise was kept: a second at most, and nothing of the past."""
        late_ms = max(self.loss_ms, self.behind_ms, self.silent_ms)
        return self.past and self.recovered and late_ms <= 1000  # noqa: PLR2004


def kill_one(seed: int, folder: Path, longest_s: float, *, locked: bool = False, sound: bool = False) -> Kill:
    """Run one call in a child, kill it at a moment drawn by ``seed``, and look."""
    after_s = random.Random(seed).uniform(0.0, longest_s)  # noqa: S311 - a moment, no secret
    home = folder / f"home-{seed}"
    earlier = _earlier(home / "coach" / "sessions")
    if locked:
        converting.lock(home / "coach", Secret(PASSPHRASE, "four plain words here"))
        earlier = {path: _sum(path) for path in earlier}
    near, far = os.pipe()
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__)), CHILD, str(far), *(["sound"] if sound else [])],
        pass_fds=[far],
        env={**os.environ, "XDG_DATA_HOME": str(home)},
        stderr=subprocess.PIPE,
    )
    os.close(far)
    told: list[tuple[int, str]] = []
    with child, os.fdopen(near, encoding="utf-8") as pipe:
        first = pipe.readline()
        if not first:
            raise RuntimeError((child.stderr.read() if child.stderr else b"").decode())
        timer = threading.Timer(after_s, child.send_signal, [signal.SIGKILL])
        timer.start()
        lines = [first, *pipe]
        killed_ns = (
            time.monotonic_ns()
        )  # the pipe ends with the child, never before the kill: no loss looks smaller
    for line in lines:
        at, _, event = line.partition(" ")
        if event.endswith("\n"):
            told.append((int(at), event))
    (log,) = [p for p in library.sessions(home / "coach" / "sessions") if p not in earlier]
    torn = "torn" in read_session(log).damage
    plain = [p for p in home.rglob("*") if p.is_file() and SAID in p.read_bytes()]
    if bool(plain) is locked:
        raise RuntimeError(f"in plain text: {plain}")
    kept = list(read_session(log).events)
    events = [(at, wire.load(event)) for at, event in told]
    lost = [(at, e) for at, e in events if not isinstance(e, TimePassed) and e not in kept]
    past = all(_sum(path) == was for path, was in earlier.items())
    once, again = (recover(log.parent, library.ENDING) for _ in range(2))
    opened = library.open_session(log, Settings())
    recovered = [r.path for r in once] == [log] and not again and "ended early" in opened.report.audio["note"]
    return Kill(
        len(events),
        len(lost),
        (killed_ns - lost[0][0]) / 1e6 if lost else 0.0,
        max(0.0, float(events[-1][1].at_ms - kept[-1].at_ms)),
        past and all(_sum(path) == was for path, was in earlier.items()),
        recovered,
        torn,
        max(0.0, events[-1][1].at_ms - _playable_ms(log)) if sound else 0.0,
    )


def _playable_ms(log: Path) -> float:
    """Return how much of a call's sound can be played, in ms; 0 where there is none yet."""
    try:
        recording = reopen_recording(sound_path(log), (Who.REP, Who.CUSTOMER))
        return 1000 * sum(part.shape[1] for part in recording.samples()) / RATE
    except Trouble:
        return 0.0


def _earlier(folder: Path) -> dict[Path, str]:

    kept = {}
    for number in range(3):
        log = SessionLog(folder / f"2026-01-0{number + 1}-100000.jsonl", "words")
        log.event(CallStarted(0, "discovery", (Who.REP,)))
        log.event(CallEnded(1000 * number))
        log.close()
        kept[log.path] = _sum(log.path)
    return kept


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "gone"


def call(pipe: int, *, sound: bool = False) -> None:
    """Be the child: run a call until killed, and tell of each event that the log was handed."""

    class Same:
        def transcribe(self, samples, start_ms, voiced):  # noqa: ANN001, ANN202, ARG002 - as the speech room's
            return [Word(voiced[0][0], voiced[-1][1], "Hello.")]

        def transcribe_many(self, spans):  # noqa: ANN001, ANN202
            return [self.transcribe(s.samples, s.span.from_ms, s.span.voiced) for s in spans]

        def draft(self, samples, said, voiced, *, careful=False):  # noqa: ANN001, ANN202, ARG002
            return ["Hello."]

    size = RATE * 20 // 1000
    dice = np.random.default_rng(os.getpid())

    def blocks():  # noqa: ANN202
        """Two who talk in turns of 300 to 900 ms: more happens than in any call."""
        at, speaker, left = 0, 0, 20
        while True:
            for side, who in enumerate(Who):
                loud = 6000 if side == speaker else 30
                noise = dice.standard_normal(size) * loud * (1 + np.sin(np.arange(size) / 7)) / 2
                yield Block(who, at, np.clip(noise, -32000, 32000).astype(np.int16))
            at, left = at + size, left - 1
            if not left:
                speaker, left = int(dice.integers(0, 3)), int(dice.integers(15, 45))

    settings = app.with_set(Settings(), ['audio.voice_engine="webrtc"', 'storage.other_side="words"'])
    player = Player(blocks(), tuple(Who))
    run = app.LiveRun(settings, player.sources, lambda _: None, words=Same, keep_sound=sound)
    write = run.log.event

    def told(event) -> None:  # noqa: ANN001
        write(event)
        os.write(pipe, f"{time.monotonic_ns()} {wire.dump(event)}\n".encode())

    run.log.event = told  # type: ignore[method-assign]
    run.start()
    player.finished.wait()


def kills(
    count: int, seed: int, at_once: int, longest_s: float, *, locked: bool = False, sound: bool = False
) -> list[Kill]:
    """Kill so many calls."""
    with tempfile.TemporaryDirectory(prefix="coach-kills-") as folder, ThreadPoolExecutor(at_once) as pool:
        found: list[Kill] = []
        seeds = range(seed, seed + count)
        one = partial(kill_one, folder=Path(folder), longest_s=longest_s, locked=locked, sound=sound)
        for kill in pool.map(one, seeds):
            found.append(kill)
            if len(found) % _TOLD_EVERY == 0:
                print(f"{len(found)} of {count}", file=sys.stderr, flush=True)
        return found


def main() -> None:
    """Kill, and print what it did."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--at-once", type=int, default=2)
    arguments.add_argument("--longest-s", type=float, default=6.0)
    arguments.add_argument("--locked", action="store_true")
    arguments.add_argument("--sound", action="store_true")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    found = kills(
        given.kills, given.seed, given.at_once, given.longest_s, locked=given.locked, sound=given.sound
    )
    behind = [k.behind_ms for k in found]
    figures = {
        "kills": len(found),
        "survived": sum(k.survived for k in found),
        "past untouched": sum(k.past for k in found),
        "recovered once": sum(k.recovered for k in found),
        "events told of": sum(k.events for k in found),
        "events lost": sum(k.lost for k in found),
        "kills that lost an event": sum(k.lost > 0 for k in found),
        "worst loss, ms": round(max(k.loss_ms for k in found), 1),
        "log behind the call, median, ms": statistics.median(behind),
        "log behind the call, worst, ms": max(behind),
        **({"sound behind the call, worst, ms": max(k.silent_ms for k in found)} if given.sound else {}),
        "last lines torn": sum(k.torn for k in found),
    }
    for name, value in figures.items():
        print(f"{name:<34} {value}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    sys.exit(figures["survived"] != figures["kills"])


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        call(int(sys.argv[2]), sound=sys.argv[3:] == ["sound"])
    else:
        main()
