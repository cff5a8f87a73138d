"""What a lock costs: a line of a live call, a call that is read, a passphrase that is tried, a library that is locked.

    python benchmarks/locking.py [--lines 20000] [--calls 300] [--kills 0]

With ``--kills N`` a library is locked and opened for good in turns, each in a process of its own that is killed at a
seeded moment; after each every file is compared, opened, with what was kept.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coach.archive import converting, envelope, locker
from coach.archive.envelope import PASSPHRASE, Secret
from coach.archive.log import SessionLog, read_session
from coach.archive.records import sealed
from coach.call import wire
from coach.call.events import CallEnded, CallStarted, SentenceHeard, Who

SECRET = Secret(PASSPHRASE, "four plain words here")
PROGRAM = """
import sys
from pathlib import Path
from coach.archive import converting, locker
from coach.archive.envelope import Secret
from coach.archive import envelope
envelope.COST = (2, 8, 1)
secret = Secret("passphrase", "four plain words here")
locker.ask_with(lambda *_: secret)
print("ready", flush=True)
home = Path(sys.argv[1])
converting.lock(home, secret) if sys.argv[2] == "on" else converting.unlock_for_good(home)
"""


def line(number: int) -> bytes:
    """Return a line as a call writes it."""
    said = "We lose two days by hand, every week, and nobody knows why that is."
    return sealed(wire.dump(SentenceHeard(number, Who.CUSTOMER, number, number, said, ("need",), ())))


def lines(count: int) -> None:
    """Time what a line costs the thread that writes it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "sessions").mkdir()
        converting.lock(home, SECRET)
        seal = locker.sealer(home / "sessions" / "call.jsonl")
        told, size, plain = [], 0, 0
        for number in range(count):
            one = line(number)
            began = time.perf_counter()
            out = seal(one)
            told.append(time.perf_counter() - began)
            size, plain = size + len(out), plain + len(one)
    told.sort()
    print(
        f"a line, median / 99 % / worst, us     {1e6 * statistics.median(told):.0f} / "
        f"{1e6 * told[int(0.99 * count)]:.0f} / {1e6 * told[-1]:.0f}"
    )
    print(f"size, sealed to plain                 {size / plain:.2f}")


def library(count: int) -> None:
    """Time a library as it is locked, read and opened for good."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, count, 2000)
        one = next((home / "sessions").glob("*.jsonl"))
        read_ms = 1000 * timed(lambda: read_session(one))
        print(f"a call of {one.stat().st_size / 1e6:.2f} MB, read plain, ms       {read_ms:.0f}")
        print(f"locking {count} calls, s                 {timed(lambda: converting.lock(home, SECRET)):.2f}")
        print(f"the same call, read locked, ms        {1000 * timed(lambda: read_session(one)):.0f}")
        locker.let_go()
        print(
            f"a passphrase, tried, ms               {1000 * timed(lambda: locker.unlock(home, SECRET)):.0f}"
        )
        print(
            f"opening {count} calls for good, s        {timed(lambda: converting.unlock_for_good(home)):.2f}"
        )


def fill(home: Path, count: int, events: int) -> None:
    """Keep so many calls."""
    for number in range(count):
        log = SessionLog(home / "sessions" / f"call-{number:04}.jsonl", "words")
        log.event(CallStarted(0, "discovery", (Who.REP, Who.CUSTOMER)))
        for at in range(events):
            log.event(
                SentenceHeard(
                    at, Who.CUSTOMER, at, at, "We lose two days by hand, every week.", ("need",), ()
                )
            )
        log.event(CallEnded(events))
        log.close()


def timed(work) -> float:  # noqa: ANN001 - anything that can be called
    """Return how long something takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def kills(count: int, seed: int) -> bool:
    """Kill so many lockings and openings; say whether every file survived each."""
    envelope.COST = (2, 8, 1)
    dice = random.Random(seed)  # noqa: S311 - moments, no secrets
    survived = midst = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, 20, 100)
        before = {p: p.read_bytes() for p in (home / "sessions").iterdir()}
        for number in range(count):
            turning = "off" if locker.envelope_in(home) is not None else "on"
            with subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(home), turning],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as child:
                assert child.stdout is not None  # noqa: S101 - it is a pipe
                child.stdout.readline()
                time.sleep(dice.uniform(0.0, 0.3))  # noqa: TID251 - the moment of the kill
                child.send_signal(signal.SIGKILL)
            locker.let_go()
            locker.ask_with(lambda *_: SECRET)
            stood = {locker.is_sealed(p) for p in before}
            midst += len(stood) > 1
            survived += {p: locker.read(p) for p in before} == before
            if number % 2 and locker.envelope_in(home) is not None and not locker.state(home).leaving:
                converting.seal(home)
    print(f"killed while it was locked or opened   {count}, {midst} of them in the midst of it")
    print(f"every file as it was kept              {survived}")
    return survived == count


def main() -> None:
    """Measure, and print it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--lines", type=int, default=20_000)
    arguments.add_argument("--calls", type=int, default=300)
    arguments.add_argument("--kills", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    if given.kills:
        sys.exit(not kills(given.kills, given.seed))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    lines(given.lines)
    library(given.calls)


if __name__ == "__main__":
    main()
