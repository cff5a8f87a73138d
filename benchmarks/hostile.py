"""Open damaged files, each as `coach review` would: none may bring the program down.

    python benchmarks/hostile.py --files 10000 --jobs 2

Every file is opened and read to its end, through a decoding process of its own. It becomes sound or a sentence;
anything else is a failure, and its number makes it again (``--first NUMBER --files 1``). The last lines are the
figures of ``docs/security.md``. With ``--bomb`` it is a day of silence in a small FLAC file instead, really decoded.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from rigs.bomb import write_silence
from rigs.hostile import Mutant, mutants

from coach.audio.block import RATE
from coach.audio.media import LONGEST_S, Decoding, find_track
from coach.bench.table import peak_mb
from coach.trouble import Trouble

SHARE = 250


def become(mutant: Mutant, folder: Path) -> str:
    """Return what became of a file: sound, a damaged file's sound, nothing, or the words of a sentence."""
    path = folder / f"call.{mutant.kind}"
    path.write_bytes(mutant.data)
    try:
        decoding = Decoding(find_track(path))
        heard = 0
        for samples in decoding:
            if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] > 16_000:  # noqa: PLR2004 - rows and columns
                return "FAILED: no samples"
            heard += samples.shape[1]
    except Trouble as trouble:
        return "a sentence" if trouble.what and trouble.mend else f"FAILED: no sentence ({trouble})"
    except BaseException as e:  # noqa: BLE001 - this is what is looked for
        return f"FAILED: {type(e).__name__}: {e}"
    kind = "capped " if decoding.capped else "damaged " if decoding.damaged else ""
    return f"{kind}sound" if heard else f"{kind}nothing"


def share(asked: tuple[int, int, int]) -> list[tuple[str, str, int, str, float]]:
    """Open some of the files, and tell of each."""
    first, count, seed = asked
    told = []
    with tempfile.TemporaryDirectory(prefix="coach-hostile-") as folder:
        for mutant in mutants(count, seed, first):
            began = time.perf_counter()
            what = become(mutant, Path(folder))
            told.append((mutant.kind, mutant.how, mutant.number, what, time.perf_counter() - began))
    told.append(("", "", 0, "", peak_mb()))
    return told


def bomb() -> int:
    """Open a day of silence that says so, and one that does not; print what they cost. 1 where the cap did not hold."""
    with tempfile.TemporaryDirectory(prefix="coach-bomb-") as folder:
        said = write_silence(Path(folder, "said.flac"), 24, declared=True)
        unsaid = write_silence(Path(folder, "unsaid.flac"), 24, declared=False)
        began = time.perf_counter()
        try:
            find_track(said)
            told = "FAILED: not refused"
        except Trouble as trouble:
            told = str(trouble)
        print(
            f"a day that says so ({said.stat().st_size} bytes): {told} ({time.perf_counter() - began:.2f} s)"
        )
        before_mb, began, heard, most_kb = peak_mb() or 0.0, time.perf_counter(), 0, 0
        decoding = Decoding(find_track(unsaid))
        for number, samples in enumerate(decoding):
            heard += samples.shape[1]
            if not number % 1000:
                most_kb = max(most_kb, children_kb())
        took_s = time.perf_counter() - began
    print(
        "a day that does not say so:",
        f"left after {heard / RATE / 3600:.2f} hours in {took_s:.0f} s, capped {decoding.capped},"
        f" damaged {decoding.damaged}; decoding processes {most_kb / 1024:.0f} MB at most,"
        f" this one grew by {(peak_mb() or 0.0) - before_mb:.0f} MB",
    )
    return 0 if decoding.capped and heard == LONGEST_S * RATE and "FAILED" not in told else 1


def children_kb() -> int:
    """Return the memory of the processes below this one that stays with them, in KB; 0 where nobody tells."""
    of, kb = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        number = int(status.parent.name)
        of[number], kb[number] = int(lines["PPid"]), int(lines.get("VmRSS", "0 kB").split()[0])
    family = {os.getpid()}
    for _ in range(3):
        family |= {number for number, parent in of.items() if parent in family}
    return sum(kb.get(number, 0) for number in family - {os.getpid()})


def main() -> int:
    """Run, and print the figures; 1 when anything failed."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--files", type=int, default=10_000)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--seed", type=int, default=8)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--bomb", action="store_true")
    arguments = p.parse_args()
    if arguments.bomb:
        return bomb()
    last = arguments.first + arguments.files
    shares = [(at, min(SHARE, last - at), arguments.seed) for at in range(arguments.first, last, SHARE)]
    began, done, peak = time.perf_counter(), [], 0.0
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        for told in pool.imap_unordered(share, shares):
            peak = max(peak, told.pop()[4])
            done += told
            print(f"\r{len(done)} of {arguments.files}", end="", file=sys.stderr, flush=True)
    failed = [one for one in done if one[3].startswith("FAILED")]
    for kind, how, number, what, _ in failed:
        print(f"{number} ({kind}, {how}): {what}")
    kinds = sorted({one[0] for one in done})
    whats = sorted({one[3].split(":")[0] for one in done})
    table = collections.Counter((one[0], one[3].split(":")[0]) for one in done)
    print(f"\n| format | files | {' | '.join(whats)} |\n|---|{'---|' * (len(whats) + 1)}")
    for kind in kinds:
        counts = [table[kind, what] for what in whats]
        print(f"| {kind} | {sum(counts)} | {' | '.join(map(str, counts))} |")
    longest = max(done, key=lambda one: one[4])
    print(f"| all | {len(done)} | {' | '.join(str(sum(table[k, w] for k in kinds)) for w in whats)} |")
    print(
        f"{len(failed)} failed; {time.perf_counter() - began:.0f} s; longest {longest[4]:.1f} s "
        f"({longest[2]}, {longest[0]}, {longest[1]}); most memory of a reader {peak:.0f} MB"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
