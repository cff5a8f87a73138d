"""Break the devices of one live call in ten ways, on a sound server of its own, and see what the call makes of it.

    python benchmarks/devices.py [--out 5] [--calls 1] [--busy 0] [--json FILE]

PulseAudio in a temporary folder, two microphones and two outputs that are plugged in and out, moved, killed; the call
is the program's own, with its log, and without words. The rep sings 440 Hz, the customer 880, so that every block says
of itself whose it is.

outage   seconds in which there was nothing to be heard
gap      seconds of which the log says that nothing was heard
back     seconds from the return (or from the fault, where something else was there) to the first block
marked   seconds from the fault to the word that the side is lost; - where it was heard again before
wrong    seconds of a side in which the other is heard
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import multiprocessing
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from rigs.faults import Outcome, call_with, ten  # noqa: E402 - the rigs are beside the tests


def _spin() -> None:
    while True:
        pass


def _print(outcome: Outcome) -> None:
    print(f"{'fault':40} {'side':9} {'outage':>7} {'gap':>7} {'off':>6} {'back':>6} {'marked':>7}")
    for s in outcome.struck:
        marked = "-" if s.marked is None else f"{s.marked:.2f}"
        print(
            f"{s.fault:40} {s.who:9} {s.outage:7.2f} {s.gap:7.2f} {s.gap - s.outage:+6.2f} {s.back:6.2f} {marked:>7}"
        )
    wrong = ", ".join(f"{who} {seconds:.2f}" for who, seconds in outcome.wrong_s.items())
    told = ", ".join(t.code for t in outcome.told if t.code.startswith("lost")) or "nothing"
    print(
        f"call {outcome.length_s:.1f} s, log {outcome.events[-1].at_ms / 1000:.1f} s; wrong: {wrong} s;"
        f" devices of the other side: {len(outcome.alien)}; told: {told}; blocks dropped {outcome.dropped};"
        f" stopped in {outcome.stop_s:.2f} s; threads left {len(outcome.threads)}",
        flush=True,
    )


def _plain(outcome: Outcome) -> dict[str, object]:
    plain = {
        name: value
        for name, value in dataclasses.asdict(outcome).items()
        if name not in {"told", "over", "events"}
    }
    return {**plain, "log_s": outcome.events[-1].at_ms / 1000, "told": [t.code for t in outcome.told]}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=float, default=5.0, help="seconds for which a device is away")
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--busy", type=int, default=0, help="processes that do nothing but spin")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    wanted = parser.parse_args()
    spinning = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(wanted.busy)]
    for process in spinning:
        process.start()
    outcomes = []
    try:
        for _ in range(wanted.calls):
            with tempfile.TemporaryDirectory() as folder:
                outcomes.append(call_with(Path(folder), ten(wanted.out)))
            _print(outcomes[-1])
    finally:
        for process in spinning:
            process.kill()
    if wanted.json is not None:
        wanted.json.write_text(json.dumps([_plain(o) for o in outcomes], indent=1) + "\n")


if __name__ == "__main__":
    main()
