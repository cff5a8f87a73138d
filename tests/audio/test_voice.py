"""Voice is found, noise is not, and the size of the blocks changes nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import webrtcvad
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.audio.block import RATE
from coach.audio.recording import open_recording
from coach.audio.silero import WINDOW, Silero
from coach.audio.voice import FRAME, _Webrtc, make_detector
from coach.call.events import Who
from coach.settings import VOICE_ENGINES
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coach.audio.voice import Change

SECONDS = 30


def rep_speaking() -> NDArray[np.int16]:
    """Return the rep's channel of the first bundled call, its first half minute."""
    samples: list[NDArray[np.int16]] = []
    for block in open_recording(shipped("assets", "demo", "d01.ogg")).blocks(1000):
        if block.who is Who.REP:
            samples.append(block.samples)
        if block.start >= SECONDS * RATE:
            break
    return np.concatenate(samples)[: SECONDS * RATE]


SPEECH = rep_speaking()


def heard(engine: str, sound: NDArray[np.int16], cuts: list[int] | None = None) -> list[Change]:
    detector = make_detector(engine)
    edges = [0, *sorted(cuts or []), len(sound)]
    return [change for a, b in pairwise(edges) for change in detector.hear(sound[a:b])]


def voiced_s(changes: list[Change], end: int) -> float:
    total, since = 0, None
    for _, speaking, at in changes:
        if speaking:
            since = at
        elif since is not None:
            total, since = total + at - since, None
    return (total + (end - since if since is not None else 0)) / RATE


def as_sound(wave: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("engine", VOICE_ENGINES)
def test_a_speaker_is_heard_where_she_speaks(engine: str) -> None:
    # d01: the rep speaks from 0.8 to 2.8 s and from 11.9 to 19.5 s; the customer's turns lie between.
    changes = heard(engine, SPEECH)
    starts = [since / RATE for _, speaking, since in changes if speaking]
    assert starts[0] == pytest.approx(0.8, abs=0.15)
    assert any(s == pytest.approx(11.9, abs=0.15) for s in starts)
    assert voiced_s(changes, len(SPEECH)) == pytest.approx(9.0, abs=1.5)


@pytest.mark.parametrize("engine", VOICE_ENGINES)
def test_changes_alternate_and_never_run_ahead_of_what_was_heard(engine: str) -> None:
    changes = heard(engine, SPEECH)
    assert [speaking for _, speaking, _ in changes] == [i % 2 == 0 for i in range(len(changes))]
    assert all(since <= known for known, _, since in changes)
    assert [k for k, _, _ in changes] == sorted(k for k, _, _ in changes)
    assert [s for _, _, s in changes] == sorted(s for _, _, s in changes)


@pytest.mark.parametrize("engine", VOICE_ENGINES)
def test_a_stop_is_known_before_a_breath_is_over(engine: str) -> None:
    stops = [(known - since) / RATE for known, speaking, since in heard(engine, SPEECH) if not speaking]
    assert stops
    assert max(stops) <= 0.15


@pytest.mark.parametrize("engine", VOICE_ENGINES)
@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, 4 * RATE), max_size=40))
def test_the_size_of_the_blocks_changes_nothing(engine: str, cuts: list[int]) -> None:
    sound = SPEECH[: 4 * RATE]
    assert heard(engine, sound, cuts) == heard(engine, sound)


@pytest.mark.parametrize("engine", VOICE_ENGINES)
def test_live_blocks_and_one_long_block_agree(engine: str) -> None:
    assert heard(engine, SPEECH, list(range(0, len(SPEECH), 320))) == heard(engine, SPEECH)


@pytest.mark.parametrize("engine", ["both", "silero"])
def test_a_microphone_turned_down_by_30_db_is_heard_like_any_other(engine: str) -> None:
    loud = voiced_s(heard(engine, SPEECH), len(SPEECH))
    quiet = voiced_s(heard(engine, as_sound(SPEECH * 10 ** (-30 / 20))), len(SPEECH))
    assert quiet == pytest.approx(loud, rel=0.1)


def keys(rng: np.random.Generator) -> NDArray[np.float64]:
    wave = rng.standard_normal(SECONDS * RATE) * 10
    for at in np.cumsum(rng.uniform(0.08, 0.35, 120)):
        start = int(at * RATE)
        if start + 400 < len(wave):
            wave[start : start + 400] += rng.standard_normal(400) * 8000 * np.exp(-np.arange(400) / 60)
    return wave


def music() -> NDArray[np.float64]:
    t = np.arange(RATE // 2) / RATE
    note = {
        f: sum(np.sin(2 * np.pi * f * h * t) / h for h in (1, 2, 3)) * 3000 * np.exp(-3 * t)
        for f in (262, 330, 392, 523)
    }
    return np.concatenate([note[f] for f in (262, 330, 392, 523)] * (SECONDS // 2))


T = np.arange(SECONDS * RATE) / RATE
NOISES = {
    "digital silence": np.zeros(SECONDS * RATE),
    "hiss at -60 dBFS": np.random.default_rng(1).standard_normal(SECONDS * RATE) * 33,
    "hiss at -20 dBFS": np.random.default_rng(2).standard_normal(SECONDS * RATE) * 3277,
    "mains hum": np.sin(2 * np.pi * 50 * T) * 1000 + np.sin(2 * np.pi * 150 * T) * 300,
    "a steady tone": np.sin(2 * np.pi * 440 * T) * 8000,
    "a ringing phone": np.where(T % 6 < 2, np.sin(2 * np.pi * 440 * T) + np.sin(2 * np.pi * 480 * T), 0)
    * 5000,
    "a keyboard": keys(np.random.default_rng(3)),
    "hold music": music(),
}


@pytest.mark.parametrize("engine", ["both", "silero"])
@pytest.mark.parametrize("noise", list(NOISES))
def test_noise_is_no_voice(engine: str, noise: str) -> None:
    sound = as_sound(NOISES[noise])
    assert voiced_s(heard(engine, sound), len(sound)) <= 0.02 * SECONDS


def test_speech_is_heard_again_after_a_long_digital_silence() -> None:
    sound = np.concatenate([np.zeros(20 * RATE, np.int16), SPEECH[: 4 * RATE]])
    first = next(since for _, speaking, since in heard("both", sound) if speaking)
    assert first / RATE == pytest.approx(20.8, abs=0.15)


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(Trouble, match="no voice engine 'magic'"):
        make_detector("magic")


def test_a_missing_network_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.audio.silero.find_spec", lambda _name: None)
    with pytest.raises(Trouble, match="Install the program again"):
        make_detector("both")


def in_steady_noise(speech: NDArray[np.int16], quiet_s: int) -> NDArray[np.int16]:
    """Return hiss at -50 dBFS, and speech on top of it after so many seconds."""
    hiss = np.random.default_rng(3).standard_normal(quiet_s * RATE + len(speech)) * 100
    hiss[quiet_s * RATE :] += speech
    return as_sound(hiss)


class Asked:
    """The network, with a count of the windows it was asked about."""

    def __init__(self) -> None:
        self.windows = 0

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ask = Silero._ask

        def counted(silero: Silero, windows: NDArray[np.float32]) -> list[float]:
            self.windows += len(windows)
            return ask(silero, windows)

        monkeypatch.setattr(Silero, "_ask", counted)


def test_the_network_rests_in_a_steady_noise_and_a_voice_after_it_is_heard_as_without_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speech = SPEECH[RATE // 2 : 4 * RATE]
    (short, long) = (heard("both", in_steady_noise(speech, s)) for s in (5, 120))
    asked = Asked()
    asked.watch(monkeypatch)
    assert heard("both", in_steady_noise(speech, 120)) == long
    assert asked.windows < 45 * RATE / WINDOW
    later = 115 * RATE
    assert [c[1] for c in short] == [c[1] for c in long]
    for (known, _, since), (known_long, _, since_long) in zip(short, long, strict=True):
        assert abs(known_long - later - known) <= WINDOW * 2
        assert abs(since_long - later - since) <= WINDOW * 2


def test_behind_a_door_that_fell_shut_the_network_does_not_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    hiss = as_sound(np.random.default_rng(3).standard_normal(30 * RATE) * 100).reshape(-1, FRAME)
    door = hiss.copy()
    door[1_500:1_510] = 9_000
    asked = {}
    for name, frames in (("hiss", hiss), ("door", door)):
        counted = []
        monkeypatch.setattr(
            Silero,
            "_ask",
            lambda _, windows, counted=counted: counted.append(len(windows)) or [0.0] * len(windows),
        )
        Silero().of(frames, frames)
        asked[name] = sum(counted)
    assert asked == {"hiss": 20 * RATE // WINDOW, "door": 30 * RATE // WINDOW}


def test_a_call_that_comes_again_and_again_is_heard_as_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.audio.voice.ANEW_FRAMES", 4_000)
    frames = np.tile(SPEECH[: 25 * RATE], 8).reshape(-1, FRAME)
    begun = []
    real = webrtcvad.Vad
    monkeypatch.setattr("coach.audio.voice.webrtcvad.Vad", lambda mode: begun.append(mode) or real(mode))
    whole, cut = (_Webrtc() for _ in range(2))
    flags = whole.flags(frames)
    assert len(begun) - 2 == 5
    assert [flag for k in range(0, len(frames), 37) for flag in cut.flags(frames[k : k + 37])] == flags
    anew = _Webrtc()
    anew.flags(frames[3_000:4_000])
    assert flags[4_000:6_000] == anew.flags(frames[4_000:6_000])


def test_blocks_change_nothing_about_a_rest() -> None:
    sound = in_steady_noise(SPEECH[: 3 * RATE], 30)
    assert heard("both", sound, list(range(960, len(sound), 960))) == heard("both", sound)


def test_the_network_rests_no_longer_when_the_noise_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(4).standard_normal(50 * RATE) * 100
    noise[40 * RATE :] *= 2
    asked = Asked()
    asked.watch(monkeypatch)
    assert heard("both", as_sound(noise)) == []
    assert 28 * RATE / WINDOW < asked.windows < 36 * RATE / WINDOW
