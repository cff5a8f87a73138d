"""Find voice in one channel.

Owns the three engines and every number in them. Refuses to know whose voice it is, what it says, and what a
turn is: short gaps are closed further down the line.

Sound is cut into frames of 10 ms, whatever the blocks were, and brought to an even level. Silero (a small
neural network) says for each window of 32 ms how likely a voice is; webrtcvad says yes or no for each frame.
Silero tells voice from noise, which webrtcvad cannot; webrtcvad is the finer ruler. So ``both`` lets Silero
decide that there is a voice and webrtcvad say where it begins and ends; ``benchmarks/voice.py`` measures this
choice against each of them alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
import webrtcvad

from coach.audio.block import RATE
from coach.audio.silero import WINDOW, Silero
from coach.trouble import Trouble

if TYPE_CHECKING:
    from numpy.typing import NDArray

Change = tuple[int, bool, int]
"""``(known_sample, speaking, since_sample)``, as the line's `VoiceDetector` port has it."""

FRAME = RATE // 100
"""10 ms: the shortest frame webrtcvad takes, and the grid on which speech is measured."""

ON, OFF = 0.5, 0.35
"""Silero's published thresholds: a voice begins at 0.5 and lasts until 0.15 below it."""

ONSET_WINDOWS = 2
"""Windows in a row before a voice is one (64 ms): a click is shorter, the shortest "mm" is longer."""

HANGOVER_WINDOWS = 4
"""Quiet windows before a voice is over (128 ms): the first step above Silero's published 100 ms.

A stop is known about 130 ms after the voice ended, well inside the 250 ms that make a breath.
"""

PAD = RATE * 30 // 1000
"""Silero alone cuts both ends short; 30 ms on each side is its published padding."""

MODE = 3
"""webrtcvad's strictest mode: the others miss two to four times as many pauses (10 % against 29 to 41 %)."""

ONSET_FRAMES, HANGOVER_FRAMES = 4, 13
"""The same for webrtcvad alone, in frames: 40 ms (no plosive or key is longer) and 130 ms."""

ANEW_FRAMES = 5 * 60 * 100
"""webrtcvad is begun anew every five minutes: its models of noise and speech wander. The same call heard again and
again had 1 % less voice after three hours, and all its figures were measured on sounds of a few minutes."""

WARM_FRAMES = 10 * 100
"""The new one hears so much beside the old one before it takes over."""

REACH = 2 * WINDOW // FRAME
"""How far webrtcvad may move an edge outward: two Silero windows, the network's own uncertainty (60 ms)."""

LOOK_BACK = RATE // 4
"""A beginning lies at most 250 ms back; uncertain sound before that is not claimed as voice."""

REMEMBERED = LOOK_BACK // FRAME + 2 * REACH
"""Frames of webrtcvad that an edge may still ask for."""

TARGET = 3277.0
"""Level that speech is brought to: -20 dBFS RMS, at which both engines were trained and measured."""

MOST_GAIN = 10 ** (30 / 20)
"""At most 30 dB louder: a microphone turned far down; more would only raise its noise."""

_LEAST = TARGET / MOST_GAIN
"""The level below which nothing is raised any further."""

FADE = 10 ** (-2 / 20 / 100)
"""The remembered level falls by 2 dB a second, so a quiet speaker after a loud one is heard in seconds."""


class Detector:
    """Voice activity of one channel: the `VoiceDetector` of the line. Make one with `make_detector`."""

    def __init__(self, score: _Score, spans: _Spans, edges: _Edges) -> None:
        self._score = score
        self._spans = spans
        self._edges = edges
        self._even = _EvenLevel()
        self._held: NDArray[np.int16] = np.zeros(0, np.int16)
        self._heard = 0
        """Frames so far."""
        self._last_edge = 0

    def hear(self, samples: NDArray[np.int16]) -> list[Change]:
        """Take the next samples, in any count, and return the changes that became known."""
        held = np.concatenate((self._held, samples)) if len(self._held) else samples
        count = len(held) // FRAME
        self._held = held[count * FRAME :].copy()
        if not count:
            return []
        frames = held[: count * FRAME].reshape(count, FRAME)
        even = self._even.bring(frames)
        self._edges.hear(even)
        changes: list[Change] = []
        for end, score in self._score.of(frames, even):
            change = self._spans.hear(score)
            if change is not None:
                changes.append(self._placed(*change, self._heard + end))
        self._heard += count
        return changes

    def _placed(self, speaking: bool, since: int, heard: int) -> Change:  # noqa: FBT001 - half of a change
        """Place a change that became known with the frame before ``heard``; what came after it is not known yet."""
        edge = self._edges.before(since, heard) if speaking else self._edges.after(since, heard)
        known = heard * FRAME
        self._last_edge = min(max(edge, self._last_edge), known)
        return known, speaking, self._last_edge


def make_detector(engine: str) -> Detector:
    """Make a detector for one channel.

    Args:
        engine: ``both``, ``silero`` or ``webrtc``, as in the settings.

    Raises:
        Trouble: for another name, or when the Silero network is missing from the installation.
    """
    if engine == "webrtc":
        return Detector(_WebrtcScore(), _Spans(FRAME, ONSET_FRAMES, HANGOVER_FRAMES), _Edges(0))
    spans = _Spans(WINDOW, ONSET_WINDOWS, HANGOVER_WINDOWS)
    if engine == "silero":
        return Detector(Silero(), spans, _Edges(PAD))
    if engine == "both":
        return Detector(Silero(), spans, _WebrtcEdges())
    raise Trouble("There is no voice engine '{engine}'.", "Choose both, silero or webrtc.", engine=engine)


class _EvenLevel:
    """Bring speech to one level, so that a microphone turned down by 30 dB is heard like any other.

    The level is the loudest frame of late: it rises at once and falls slowly. Silence is raised with the
    rest; what hears it afterwards must know noise from voice.
    """

    def __init__(self) -> None:
        self._level = TARGET  # no gain until the sound has been quiet for a while

    def bring(self, frames: NDArray[np.int16]) -> NDArray[np.int16]:
        """Return frames of shape ``(n, FRAME)`` at an even level."""
        energies = np.einsum(
            "ij,ij->i", frames, frames, dtype=np.int64
        )  # whole numbers: the same in any grouping
        level, gains = self._level, []
        for energy in energies.tolist():
            level = max(math.sqrt(energy / FRAME), level * FADE, _LEAST)
            gains.append(max(1.0, TARGET / level))
        self._level = level
        even = frames * np.array(gains, np.float32)[:, np.newaxis]
        np.rint(even, out=even)
        np.minimum(even, 32767, out=even)
        np.maximum(even, -32768, out=even)
        whole: NDArray[np.int16] = even.astype(np.int16)
        return whole


class _Score(Protocol):
    """How likely a voice is, step after step."""

    def of(self, raw: NDArray[np.int16], even: NDArray[np.int16]) -> list[tuple[int, float]]:
        """Return the scores that the next frames complete, each with the count of frames it took."""
        ...


def _flags(vad: webrtcvad.Vad, frames: NDArray[np.int16]) -> list[bool]:
    """Return what webrtcvad says of each frame; it remembers, so each is asked once and in order."""
    data, size = frames.tobytes(), frames.shape[1] * frames.itemsize
    return [vad.is_speech(data[at : at + size], RATE) for at in range(0, len(data), size)]


class _Webrtc:
    """webrtcvad, begun anew every so often, always at the same frame of the call."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(MODE)
        self._next: webrtcvad.Vad | None = None
        self._frames = 0
        """Since this one took over."""

    def flags(self, frames: NDArray[np.int16]) -> list[bool]:
        """Return what it says of each of the next frames."""
        flags: list[bool] = []
        while (at := len(flags)) < len(frames):
            until = ANEW_FRAMES if self._next is not None else ANEW_FRAMES - WARM_FRAMES
            part = frames[at : at + until - self._frames]
            flags += _flags(self._vad, part)
            if self._next is not None:
                _flags(self._next, part)
            self._frames += len(part)
            if self._frames == ANEW_FRAMES and self._next is not None:
                self._vad, self._next, self._frames = self._next, None, 0
            elif self._frames == until:
                self._next = webrtcvad.Vad(MODE)
        return flags


class _WebrtcScore:
    def __init__(self) -> None:
        self._webrtc = _Webrtc()

    def of(self, raw: NDArray[np.int16], even: NDArray[np.int16]) -> list[tuple[int, float]]:  # noqa: ARG002 - one shape for both
        return [(end, float(flag)) for end, flag in enumerate(self._webrtc.flags(even), 1)]


class _Spans:
    """Scores into spans of voice: hysteresis, a beginning after some steps, an end after some quiet ones."""

    def __init__(self, step: int, onset: int, hangover: int) -> None:
        self._step, self._onset, self._hangover = step, onset, hangover
        self._now = 0
        self._speaking = False
        self._run = 0
        """Steps in a row at or above `OFF`, while nobody speaks."""
        self._voiced_until = 0

    def hear(self, score: float) -> tuple[bool, int] | None:
        """Take the next score; return ``(speaking, since)`` when that changed."""
        self._now += self._step
        if self._speaking:
            if score >= OFF:
                self._voiced_until = self._now
            elif self._now - self._voiced_until >= self._hangover * self._step:
                self._speaking, self._run = False, 0
                return False, self._voiced_until
            return None
        self._run = self._run + 1 if score >= OFF else 0
        if score < ON or self._run < self._onset:
            return None
        self._speaking, self._voiced_until = True, self._now
        return True, max(self._now - self._run * self._step, self._now - LOOK_BACK)


class _Edges:
    """Move both ends of a span outward by a fixed padding."""

    def __init__(self, pad: int) -> None:
        self._pad = pad

    def hear(self, frames: NDArray[np.int16]) -> None:
        """Take the next frames."""

    def before(self, since: int, heard: int) -> int:  # noqa: ARG002 - one shape for both
        """Return where a span begins, knowing so many frames."""
        return since - self._pad

    def after(self, since: int, heard: int) -> int:  # noqa: ARG002 - the same
        """Return where a span ends, knowing so many frames."""
        return since + self._pad


class _WebrtcEdges(_Edges):
    """Move an end outward over the frames that webrtcvad calls voice, at most `REACH` of them."""

    def __init__(self) -> None:
        super().__init__(0)
        self._webrtc = _Webrtc()
        self._flags: list[bool] = []
        self._heard = 0

    def hear(self, frames: NDArray[np.int16]) -> None:
        del self._flags[:-REMEMBERED]
        self._flags += self._webrtc.flags(frames)
        self._heard += len(frames)

    def before(self, since: int, heard: int) -> int:
        first = -(-since // FRAME)  # the first whole frame inside the span
        return min(since, (first - self._voiced(range(first - 1, first - 1 - REACH, -1), heard)) * FRAME)

    def after(self, since: int, heard: int) -> int:
        last = since // FRAME
        return max(since, (last + self._voiced(range(last, last + REACH), heard)) * FRAME)

    def _voiced(self, frames: range, heard: int) -> int:
        """Count frames from the first of these to the last voiced one, forgiving one unvoiced between."""
        oldest = self._heard - len(self._flags)
        reach = 0
        for count, frame in enumerate(frames, 1):
            if oldest <= frame < heard and self._flags[frame - oldest]:
                reach = count
            elif count - reach > 1:
                break
        return reach
