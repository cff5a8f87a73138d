"""Measure what a review window waits for: the picture of an hour's sound, and the first sound after a click.

    python benchmarks/peaks.py [--json FILE] [--runs N]

A bundled call is repeated to one hour by ffmpeg, as FLAC and as Opus, in a temporary folder.

open       a recording is opened: two minutes of it are read
picture    peaks of the whole hour; in brackets, until the first minute of it can be drawn
keep, load the kept picture is written, read again
level      a level of it is made when it is first asked for, largest
click      from play() to 0.2 s of sound ready and the device opened, at places all over the hour: median and largest.
           The device is a fake: what a sound server takes to wake comes on top
stretch    processor time for a second of sound at 1.5x, decoding included
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.audio.block import RATE
from coach.audio.peaks import BIN_MS, FACTOR, LEVELS, load_peaks, make_peaks, save_peaks
from coach.audio.playback import Playback
from coach.audio.recording import Recording, open_recording
from coach.audio.stretch import ears, stretched

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

KINDS = {"FLAC": ("hour.flac", "flac"), "Opus": ("hour.ogg", "libopus")}
HOUR_S = 3600
CLICKS_MS = (1_234, 60_001, 754_321, 1_800_500, 2_718_281, 3_141_592, 3_590_000)
STRETCH_S = 60


class Opened:
    """A device that only says when it was opened."""

    latency = 0.0
    time = 0.0

    def __init__(self) -> None:
        self.now = threading.Event()

    def __call__(self, *_: Any, **__: Any) -> Opened:
        """Be opened."""
        self.now.set()
        return self

    def close(self) -> None:
        """Let go of nothing."""


def hour(folder: Path, kind: str) -> Path:
    """Return an hour of the bundled call."""
    name, codec = KINDS[kind]
    call = Path(__file__).resolve().parent.parent / "assets" / "demo" / "d01.ogg"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-stream_loop",
        "-1",
        "-i",
        str(call),
        "-t",
        str(HOUR_S),
        "-c:a",
        codec,
    ]
    subprocess.run([*command, str(folder / name)], check=True)
    return folder / name


def clicked(recording: Recording, at_ms: int) -> float:
    """Return the seconds until a click is heard, but for the device."""
    device = Opened()
    player = Playback(recording, device)
    began = time.perf_counter()
    player.play(at_ms)
    device.now.wait(60)
    took = time.perf_counter() - began
    player.close()
    return took


def a_minute(recording: Recording) -> Iterator[NDArray[np.int16]]:
    """Yield a minute of sound for two ears."""
    heard = 0
    for sides in recording.samples(1_000 * RATE):
        yield ears(sides, "both")
        heard += sides.shape[1]
        if heard > STRETCH_S * RATE:
            return


def measured(path: Path, runs: int) -> dict[str, float]:
    """Return the figures of a file, in milliseconds."""
    rows = []
    for _ in range(runs):
        t0 = time.perf_counter()
        recording = open_recording(path)
        t1 = time.perf_counter()
        first: list[float] = []
        picture = make_peaks(recording, lambda _, first=first: first.append(time.perf_counter()))
        t2 = time.perf_counter()
        cache = path.with_suffix(".peaks")
        save_peaks(picture, cache, path)
        t3 = time.perf_counter()
        kept = load_peaks(cache, path)
        t4 = time.perf_counter()
        levels = []
        for level in range(LEVELS):
            began = time.perf_counter()
            (kept or picture).level_for(BIN_MS * FACTOR**level)
            levels.append(time.perf_counter() - began)
        clicks = [clicked(recording, at) for at in CLICKS_MS]
        began = time.process_time()
        sum(len(piece) for piece in stretched(a_minute(recording), 1.5))
        spent = time.process_time() - began
        rows.append(
            {
                "open": t1 - t0,
                "picture": t2 - t1,
                "first_minute": first[0] - t1,
                "keep": t3 - t2,
                "load": t4 - t3,
                "level": max(levels),
                "click_median": statistics.median(clicks),
                "click_max": max(clicks),
                "stretch": spent / STRETCH_S,
            }
        )
    return {name: round(1000 * statistics.median(r[name] for r in rows), 1) for name in rows[0]}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    wanted = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            f = figures[kind] = measured(hour(Path(folder), kind), wanted.runs)
            print(
                f"{kind:5} open {f['open']:.0f} ms   picture {f['picture'] / 1000:.1f} s ({f['first_minute']:.0f} ms)"
                f"   keep {f['keep']:.0f} ms   load {f['load']:.0f} ms   level {f['level']:.1f} ms"
                f"   click {f['click_median']:.0f} ms, at most {f['click_max']:.0f} ms"
                f"   stretch {f['stretch']:.1f} ms/s",
                flush=True,
            )
    if wanted.json:
        wanted.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
