"""Ask Silero, a small neural network, how likely a voice is.

Owns the network, its memory and its windows. Refuses to know thresholds: what a likelihood means is for
`voice` to say. The network travels inside faster-whisper and is loaded without it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from coach.trouble import Trouble

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW, CONTEXT = 512, 64
"""Samples of a Silero window, and of the sound before it that it wants to see (its own fixed sizes)."""

SILENT_WINDOWS = 10
"""So many windows of exact zeros in a row (320 ms), and Silero rests until sound comes back.

Exact zeros only: a gate at -80 dBFS took 5 points of F1 from speech recorded 30 dB too quiet.
"""


class Silero:
    """Silero, window after window; it remembers what it heard before (``h`` and ``c``)."""

    def __init__(self) -> None:
        self._session = _session()
        self._input = np.zeros((1, CONTEXT + WINDOW), np.float32)
        self._filled = CONTEXT
        self._h = self._c = np.zeros((1, 1, 128), np.float32)
        self._sound = False
        self._silent_windows = 0

    def of(self, raw: NDArray[np.int16], frame: NDArray[np.int16]) -> list[float]:
        """Take the next frame, as it came and at an even level; return the score of a window it completes."""
        self._sound = self._sound or bool(raw.any())
        room = CONTEXT + WINDOW - self._filled
        sound = frame.astype(np.float32) / 32768.0
        self._input[0, self._filled : self._filled + len(sound)] = sound[:room]
        self._filled += len(sound)
        if len(sound) < room:
            return []
        score = self._window()
        self._input[0, :CONTEXT] = self._input[0, WINDOW:].copy()
        rest = sound[room:]
        self._input[0, CONTEXT : CONTEXT + len(rest)] = rest
        self._filled = CONTEXT + len(rest)
        self._sound = bool(raw[room:].any())
        return [score]

    def _window(self) -> float:
        self._silent_windows = 0 if self._sound else self._silent_windows + 1
        if self._silent_windows > SILENT_WINDOWS:
            self._rest()
            return 0.0
        score, self._h, self._c = self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        return float(score[0])

    def _rest(self) -> None:
        self._h = self._c = np.zeros((1, 1, 128), np.float32)


def _session() -> onnxruntime.InferenceSession:
    """Load the network that travels inside faster-whisper, without loading faster-whisper."""
    spec = find_spec("faster_whisper")
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = next((p for place in places if (p := Path(place, "assets", "silero_vad_v6.onnx")).is_file()), None)
    if path is None:
        raise Trouble(
            "The Silero voice network is missing.", "Install the program again, or choose 'webrtc'."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # a waiting thread must not burn a core
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
