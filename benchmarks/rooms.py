"""Make rooms in which the loudspeakers leak: clean two-channel calls in, what a microphone there would hear out.

Owns nothing of the product; `benchmarks/bleed.py` and the tests hear with it. The echo is the customer's own sound
through a loudspeaker that saturates (tanh), a delay, and a room whose response is a direct path and noise that decays
by 60 dB in the reverberation time. ``echo_db`` is the power of the echo against the power of the loopback, both while
the customer speaks: a laptop measured -3.2 dB (meeting-transcriber 603), another -6 dB (wngmn 15).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soxr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float64]

RATE = 16_000
FRAME = RATE // 100


@dataclass(frozen=True)
class Agc:
    """A microphone's own control of its gain; without other numbers down at once, up by 3 dB a second.

    Args:
        target_dbfs: level that it would have.
        most_db: gain at the most, and as much down.
        up_db_s: how fast it turns itself up.
        down_db_s: how fast it turns itself down.
    """

    target_dbfs: float = -20.0
    most_db: float = 12.0
    up_db_s: float = 3.0
    down_db_s: float = math.inf


@dataclass(frozen=True)
class Room:
    """One room with its devices.

    Args:
        echo_db: level of the echo, None for headphones.
        delay_ms: from the loopback to the microphone.
        reverb_s: reverberation time (RT60).
        direct_db: direct path against the reverberation.
        drive: how far the loudspeaker saturates: peak of the sound at its input, 0 for a perfect one.
        noise_dbfs: noise of the room in the microphone.
        agc: the microphone levels its own gain, if so.
        late_ms: the loopback arrives so much too late.
        ppm: the loopback's clock runs fast by so many parts in a million.
        dropouts: holes of 10 ms in either channel, filled with silence as a gap in the count is.
        response: a recorded response in place of the made one.
        seed: of all that is drawn.
    """

    echo_db: float | None = -12.0
    delay_ms: float = 40.0
    reverb_s: float = 0.3
    direct_db: float = 0.0
    drive: float = 1.0
    noise_dbfs: float = -65.0
    agc: Agc | None = None
    late_ms: float = 0.0
    ppm: float = 0.0
    dropouts: int = 0
    response: tuple[float, ...] = ()
    seed: int = 1


def heard_in(room: Room, rep: Sound, customer: Sound) -> tuple[Sound, Sound]:
    """Return what microphone and loopback bring, full scale 1, both as long as ``rep``."""
    rng = np.random.default_rng(room.seed)
    microphone = rep + rng.standard_normal(len(rep)) * 10 ** (room.noise_dbfs / 20)
    if room.echo_db is not None:
        microphone += echo(room, customer, rng)[: len(rep)]
    if room.agc:
        microphone = levelled(microphone, room.agc)
    loopback = customer
    if room.ppm:
        loopback = soxr.resample(customer, RATE, RATE * (1 + room.ppm * 1e-6))
    loopback = np.concatenate((np.zeros(round(room.late_ms * RATE / 1000)), loopback, np.zeros(RATE)))[
        : len(rep)
    ]
    microphone, loopback = microphone.copy(), loopback.copy()
    for channel in (microphone, loopback):
        for at in rng.integers(0, len(rep) - FRAME, room.dropouts):
            channel[at : at + FRAME] = 0
    return np.clip(microphone, -1, 1), loopback


def echo(room: Room, customer: Sound, rng: np.random.Generator) -> Sound:
    """Return the echo alone."""
    played = customer
    if room.drive:
        loud = room.drive / max(1e-9, float(np.abs(customer).max()))
        played = np.tanh(customer * loud) / loud
    arrived = convolved(played, response(room, rng))
    want = 10 ** ((room.echo_db or 0.0) / 20) * spoken_level(customer)
    arrived *= want / max(1e-12, spoken_level(arrived))
    return np.concatenate((np.zeros(round(room.delay_ms * RATE / 1000)), arrived))


def response(room: Room, rng: np.random.Generator) -> Sound:
    """Return the response of the room from the direct path on."""
    if room.response:
        given = np.array(room.response)
        return given[np.argmax(np.abs(given)) :]
    tail = rng.standard_normal(round(room.reverb_s * RATE)) * 10 ** (
        -3 * np.arange(round(room.reverb_s * RATE)) / (room.reverb_s * RATE)
    )
    tail *= 10 ** (-room.direct_db / 20) / math.sqrt(float(tail @ tail))
    tail[0] += 1.0
    return tail


def convolved(sound: Sound, with_response: Sound) -> Sound:
    """Convolve by pieces in the frequency domain."""
    size = 1 << (2 * len(with_response) - 1).bit_length()
    step = size - len(with_response) + 1
    spectrum = np.fft.rfft(with_response, size)
    out = np.zeros(len(sound) + size)
    for at in range(0, len(sound), step):
        piece = np.fft.irfft(np.fft.rfft(sound[at : at + step], size) * spectrum, size)
        out[at : at + size] += piece
    return out[: len(sound) + len(with_response) - 1]


def spoken_level(sound: Sound) -> float:
    """Return the RMS of the frames of 10 ms that are within 30 dB of the loudest ones."""
    power = np.mean(sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME) ** 2, axis=1)
    loud = float(np.percentile(power, 99))
    return math.sqrt(float(np.mean(power[power > loud / 1000]))) if loud > 0 else 0.0


def levelled(sound: Sound, agc: Agc) -> Sound:
    """Level the gain as a microphone's own control does."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    level_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    up, down = agc.up_db_s * FRAME / RATE, agc.down_db_s * FRAME / RATE
    gain_db, gains = 0.0, []
    for db in level_db.tolist():
        if db > agc.target_dbfs - 25:  # noise alone does not open it
            wanted = min(agc.most_db, max(-agc.most_db, agc.target_dbfs + 6 - db))
            gain_db = max(gain_db - down, min(gain_db + up, wanted))
        gains.append(gain_db)
    smooth = np.interp(np.arange(len(sound)), np.arange(len(gains)) * FRAME + FRAME / 2, gains)
    out: Sound = sound * 10 ** (smooth / 20)
    return out
