"""Let two devices run for an hour with clocks of their own, and see how far apart their sound is placed.

    python benchmarks/drift.py [--minutes 60] [--ppm 300] [--lost 0.01]

Devices are simulated at their real pace in call time and as fast as the machine can: blocks of 60 ms, handed on when a
server next looks (PulseAudio: every 62.5 ms) and a draw later (mostly under 1 ms, up to 30), one in a hundred lost,
told or untold by the device. The sound says of itself where it belongs, so what is printed is the true misplacement.

microphone  its clock's error in ppm; the loopback's is the opposite
lost        how losses show: told (the device flags them) or not
apart       ms between what was placed at the same moment of both sides: median, 99 of 100, most
over 50 ms  part of the time for which it was more
moved       times an hour that a side was moved by more than the 5 ms that no ear hears
CPU         ms for a second of a side
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.audio.block import RATE, Block
from coach.audio.capture import BLOCK, Capture
from coach.audio.devices import Device
from coach.call.events import Who
from coach.live.ear import Heard
from coach.live.listener import Listener
from coach.live.mailbox import Arrival

BEGAN_S = 1000.0
LOOKS_S = 0.0625
"""The server hands on what it has at this pace (seen on a null sink)."""
HEARD_S = 0.0055
LATE_PART = 0.1
"""So many blocks come noticeably late."""


class Placed:
    """An ear that only remembers what was placed where."""

    def __init__(self) -> None:
        self.next = dict.fromkeys(Who, 0)
        self.places: dict[Who, list[tuple[int, float]]] = {who: [] for who in Who}
        self.true_s = 0.0

    def hear(self, block: Block) -> Heard:
        """Note by how much the block stands away from where it belongs."""
        self.places[block.who].append((block.start, block.start / RATE - self.true_s))
        self.next[block.who] = max(self.next[block.who], block.end)
        return Heard(block.who, 0, (), ())

    def until(self, who: Who) -> int:
        """Return up to where a side has come."""
        return self.next[who]


def lived(
    minutes: float, ppm: float, lost: float, *, told: bool, seed: int = 1
) -> tuple[list[float], float, float]:
    """Return ms between the sides, block for block, moves an hour, and processor time in ms for a second of a side."""
    rng = np.random.default_rng(seed)
    ear = Placed()
    listener = Listener(ear, tuple(Who), BEGAN_S)  # type: ignore[arg-type]
    arrivals: list[tuple[float, float, Who, bool, int]] = []
    for who, sign in ((Who.REP, 1), (Who.CUSTOMER, -1)):
        block_s = BLOCK / RATE / (1 + sign * ppm * 1e-6)
        count = int(minutes * 60 / block_s)
        late = np.where(
            rng.random(count) < LATE_PART, rng.uniform(0, 0.03, count), rng.exponential(0.0005, count)
        )
        gone = rng.random(count) < lost
        gone[0] = False
        speaking = (np.arange(count) * block_s // 8 + (who is Who.REP)) % 2 == 0
        flagged, came_s = False, 0.0
        for i in range(count):
            if gone[i]:
                flagged = told
                continue
            true_s = 0.2 + i * block_s
            ready_s = math.ceil((true_s + block_s) / LOOKS_S) * LOOKS_S
            came_s = max(came_s, ready_s + late[i])
            arrivals.append((came_s, true_s, who, flagged, int(speaking[i])))
            flagged = False
    arrivals.sort(key=lambda a: a[0])
    sides = {who: Capture(who, Device("d", "d", "microphone")) for who in Who}
    blocks: list[Block] = []
    for side in sides.values():
        side._begin()  # noqa: SLF001 - a device that this benchmark is itself
        side._deliver = blocks.append  # noqa: SLF001 - the same
    waiting: dict[Who, list[float]] = {who: [] for who in Who}
    voice = {0: np.zeros(BLOCK, np.int16), 1: np.full(BLOCK, 3000, np.int16)}
    began = time.thread_time()
    for at_s, true_s, who, flagged, speaks in arrivals:
        waiting[who].append(true_s)
        sides[who].take(voice[speaks], true_s, at_s, lost_some=flagged)
        for block in blocks:
            ear.true_s = waiting[who].pop(0)
            listener.hear(Arrival(block, BEGAN_S + at_s))
        blocks.clear()
    spent = time.thread_time() - began
    rep, customer = (np.array(ear.places[who]) for who in Who)
    other = np.interp(rep[:, 0], customer[:, 0], customer[:, 1])
    settled = rep[:, 0] > 10 * RATE
    moves = sum(int((np.abs(np.diff(side[:, 1])) > HEARD_S).sum()) for side in (rep, customer)) * 60 / minutes
    apart = (1000 * np.abs(rep[settled, 1] - other[settled])).tolist()
    return apart, moves, 1000 * spent / (minutes * 120)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--ppm", type=float, default=300, help="between the two clocks")
    parser.add_argument("--lost", type=float, default=0.01)
    wanted = parser.parse_args()
    print(
        f"{'microphone':>10} {'lost':6} {'apart: median':>13} {'99 %':>6} {'most':>6} {'over 50 ms':>10}"
        f" {'moved':>6} {'CPU':>6}"
    )
    for ppm in (0.0, wanted.ppm / 2, -wanted.ppm / 2):
        for told in (True, False):
            apart, moves, cpu = lived(wanted.minutes, ppm, wanted.lost, told=told)
            median, most_of, most = np.percentile(apart, [50, 99, 100])
            print(
                f"{ppm:+10.0f} {'told' if told else 'untold':6} {median:13.1f} {most_of:6.1f} {most:6.1f}"
                f" {np.mean(np.array(apart) > 50):10.3%} {moves:6.0f} {cpu:6.2f}",  # noqa: PLR2004 - the figure to reach
                flush=True,
            )


if __name__ == "__main__":
    main()
