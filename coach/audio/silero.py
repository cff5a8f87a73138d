"""Ask Silero, a small neural network, how likely a voice is.

Owns the network, its memory and its windows. Refuses to know thresholds: what a likelihood means is for
`voice` to say. The network travels inside faster-whisper and is loaded without it.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from numpy.lib.stride_tricks import sliding_window_view

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WINDOW, CONTEXT = 512, 64
"""Samples of a Silero window, and of the sound before it that it wants to see (its own fixed sizes)."""

SILENT_WINDOWS = 10
"""So many windows of exact zeros in a row (320 ms), and Silero rests until sound comes back.

Exact zeros only: a gate at -80 dBFS took 5 points of F1 from speech recorded 30 dB too quiet.
"""


STEADY_WINDOWS = 625
"""So many windows in a row (20 s) that are surely no voice, and Silero rests until one is louder than all of these.

Source: `benchmarks/voice.py`. With 94 (3 s) it rests in the pauses of a conversation too, and in noise at 10 dB a soft
first word after one was missed: F1 of people's speech .933, then .926.
"""

SURELY_NONE = 0.25
"""Below this a window is no voice: a voice ends at 0.35 (`coach.audio.voice.OFF`), hiss scores 0.22 at most."""

EVEN = 4.0
"""A noise is steady where its loudest window has at most so many times the mean energy (6 dB): of hiss it has 1.2.
Behind a door that fell shut a voice would have to be louder than the door."""

LOOK_AGAIN = 94
"""Where it was not steady, so many windows later (3 s) it may be."""

LOUDER = 10 ** (1 / 10)
"""A window is louder from 1 dB on: of steady hiss the loudest is about as much above the mean, and seldom more."""

TOGETHER = 256
"""At most so many windows (8 s) in one call of the network: each needs about 9 kB on its way through."""

WARM_WINDOWS = 10
"""Woken, it hears so many windows again (320 ms) whose score is known already: its memory is of sound, not of a gap."""

_SCALE = np.float32(1 / 32768)
_NOTHING_HEARD = np.zeros((1, 1, 128), np.float32)


class Silero:
    """Silero, window after window; it remembers what it heard before (``h`` and ``c``).

    Windows that are complete go through the network in one call: taken singly, the calls cost as much as what
    they compute. Only its last layer looks back, and walks over the windows in order, so a window scores the
    same in whatever company it comes. In a steady noise without a voice it rests: a voice is louder than what it
    stands on.
    """

    def __init__(self) -> None:
        self._session = _session(_network())
        self._even = np.zeros(CONTEXT, np.float32)
        """What the next window sees of the sound before it, and what has come of itself."""
        self._raw = np.zeros(0, np.int16)
        """What has come of the next window, as it came."""
        self._silent_windows = 0
        self._h = self._c = _NOTHING_HEARD
        self._steady = 0
        """Windows in a row that were surely no voice."""
        self._energies: deque[int] = deque(maxlen=STEADY_WINDOWS)
        """Theirs, of the last of them."""
        self._slept: list[NDArray[np.float32]] = []
        """The last windows that were slept through."""

    def of(self, raw: NDArray[np.int16], even: NDArray[np.int16]) -> list[tuple[int, float]]:
        """Take the next frames, as they came and at an even level; return the scores they complete.

        Each score comes with a count of these frames: its window is complete with the frame that holds its
        last sample.
        """
        size, before = raw.shape[1], len(self._raw)
        self._even = np.concatenate((self._even, even.reshape(-1) * _SCALE))
        self._raw = np.concatenate((self._raw, raw.reshape(-1)))
        count = len(self._raw) // WINDOW
        if not count:
            return []
        ends = [-(-(k * WINDOW - before) // size) for k in range(1, count + 1)]
        silent = [not self._raw[k * WINDOW : before + end * size].any() for k, end in enumerate(ends)]
        windows = sliding_window_view(self._even, CONTEXT + WINDOW)[::WINDOW]
        raw_windows = self._raw[: count * WINDOW].reshape(count, WINDOW)
        energies = np.einsum("ij,ij->i", raw_windows, raw_windows, dtype=np.int64)
        scores = [
            score
            for asleep, part in self._parts(silent)
            for score in (
                self._silent(windows[part]) if asleep else self._score(windows[part], energies[part])
            )
        ]
        self._even, self._raw = self._even[count * WINDOW :], self._raw[count * WINDOW :]
        return list(zip(ends, scores, strict=True))

    def _parts(self, silent: list[bool]) -> Iterator[tuple[bool, slice]]:
        """Cut windows into runs that are slept through for exact silence, and runs that are not."""
        asleep = []
        for nothing in silent:
            self._silent_windows = self._silent_windows + 1 if nothing else 0
            asleep.append(self._silent_windows > SILENT_WINDOWS)
        start = 0
        for rests, run in groupby(asleep):
            end = start + len(list(run))
            yield rests, slice(start, end)
            start = end

    def _silent(self, windows: NDArray[np.float32]) -> list[float]:
        self._h = self._c = _NOTHING_HEARD
        self._wake()
        return [0.0] * len(windows)

    def _score(self, windows: NDArray[np.float32], energies: NDArray[np.int64]) -> list[float]:
        """Score windows in order, but those that are slept through; the same in whatever company they come."""
        scores: list[float] = []
        while (at := len(scores)) < len(windows):
            step = self._rest if self._steady >= STEADY_WINDOWS else self._listen
            scores += step(windows[at:], energies[at:])
        return scores

    def _rest(self, windows: NDArray[np.float32], energies: NDArray[np.int64]) -> list[float]:
        """Sleep through the windows before the first that is louder; none, and awake, where that is the first."""
        louder = np.flatnonzero(energies > LOUDER * max(self._energies))
        count = int(louder[0]) if len(louder) else len(windows)
        self._slept = [*self._slept, *windows[:count].copy()][-WARM_WINDOWS:]
        if len(louder):
            if self._slept:
                self._ask(np.stack(self._slept))
            self._wake()
        return [0.0] * count

    def _listen(self, windows: NDArray[np.float32], energies: NDArray[np.int64]) -> list[float]:
        """Score the first windows, no further than a rest could begin: whether it does depends on these scores."""
        count = min(TOGETHER, STEADY_WINDOWS - self._steady)
        scores = self._ask(windows[:count])
        for score, energy in zip(scores, energies[:count].tolist(), strict=True):
            if score < SURELY_NONE:
                self._steady += 1
                self._energies.append(energy)
            else:
                self._wake()
        if self._steady >= STEADY_WINDOWS and not self._is_even():
            self._steady -= LOOK_AGAIN
        return scores

    def _is_even(self) -> bool:
        return max(self._energies) * len(self._energies) <= EVEN * sum(self._energies)

    def _wake(self) -> None:
        self._steady, self._slept = 0, []
        self._energies.clear()

    def _ask(self, windows: NDArray[np.float32]) -> list[float]:
        given = {"input": np.ascontiguousarray(windows), "h": self._h, "c": self._c}
        scores, self._h, self._c = self._session.run(None, given)
        found: list[float] = scores.tolist()
        return found


def _network() -> Path:
    """Find the network that travels inside faster-whisper, without loading faster-whisper."""
    spec = find_spec("faster_whisper")
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = next((p for place in places if (p := Path(place, "assets", "silero_vad_v6.onnx")).is_file()), None)
    if path is None:
        raise Trouble(
            "The Silero voice network is missing.", "Install the program again, or choose 'webrtc'."
        )
    return path


def load_anew() -> None:
    """Let the next Silero have a network of its own: the one that others share may be what failed."""
    _session.cache_clear()


@cache
def _session(path: Path) -> onnxruntime.InferenceSession:
    """Load the network, once for all channels: it remembers nothing, so they only share its weights."""
    onnxruntime.disable_telemetry_events()  # on Windows the variable that `coach` sets says nothing to it
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # a waiting thread must not burn a core
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
