"""Voices of one channel, told apart: with made-up vectors, so that every number is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fakes import LOUD, LoudnessDetector

from coach.audio.block import RATE
from coach.audio.speakers import Stretch, tell_apart
from coach.audio.voiced import Listener, Voiced

A, B, C = 0, 1, 2


class Pitch:
    """An encoder that knows a voice by its loudest band: a vector of its own for each, with a little noise."""

    def __init__(self) -> None:
        self.dice = np.random.default_rng(1)

    def vectors(self, windows):
        loudest = windows.mean(axis=1).argmax(axis=1)
        return unit(np.eye(256, dtype=np.float32)[loudest] + 0.02 * self.dice.random((len(windows), 256)))


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def conversation(*said: tuple[int, float, float], noise: float = 0.02, seed: int = 3) -> Voiced:
    """Return what is heard when voices speak in spans of seconds: each window a mixture of who speaks in it."""
    dice = np.random.default_rng(seed)
    owns = unit(dice.random((4, 256)) ** 4)
    joined: list[list[float]] = []
    for _, start, end in said:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    windows, vectors = [], []
    for a, b in joined:
        count = max(1, int(np.ceil((b - a - 1.6) / 0.4)) + 1)
        for k in range(count):
            start = a + max(0.0, b - a - 1.6) * k / max(1, count - 1)
            end = min(start + 1.6, b)
            shares = sum(max(0.0, min(end, y) - max(start, x)) * owns[who] for who, x, y in said)
            windows.append((round(1000 * start), round(1000 * end)))
            vectors.append(shares + noise * dice.standard_normal(256) * (end - start))
    powers = np.full(round(100 * joined[-1][1]) + 10, 0.01, np.float32)
    spans = tuple((round(1000 * a), round(1000 * b)) for a, b in joined)
    return Voiced(spans, np.array(windows), unit(np.array(vectors)), powers)


def turns(*lengths: float, gap: float = 0.4, first: int = A) -> list[tuple[int, float, float]]:
    """Return two voices taking turns."""
    out, at = [], 1.0
    for k, length in enumerate(lengths):
        out.append(((first + k) % 2, at, at + length))
        at += length + gap
    return out


def owner(stretches: list[Stretch], at_s: float) -> int | None:
    return next(s.voice for s in stretches if s.start_ms <= 1000 * at_s < s.end_ms)


def test_two_voices_that_take_turns_are_told_apart_and_numbered_as_they_begin():
    said = turns(6, 4, 5, 8, 3, 6)
    voices = tell_apart(conversation(*said))
    assert voices.count == 2
    assert [s.voice for s in voices.stretches()] == [0, 1, 0, 1, 0, 1]
    assert [(s.start_ms, s.end_ms) for s in voices.stretches()] == [
        (round(1000 * a), round(1000 * b)) for _, a, b in said
    ]


def test_a_short_answer_between_pauses_is_its_speakers_own():
    said = [(A, 1, 9), (B, 9.4, 9.9), (A, 10.3, 16), (B, 17, 26), (A, 27, 30)]
    voices = tell_apart(conversation(*said))
    assert owner(voices.stretches(), 9.6) == 1


def test_a_change_without_a_pause_is_found_and_moved_to_the_quietest_moment():
    heard = conversation((A, 1, 7), (B, 7, 14), (A, 15, 20), (B, 21, 26))
    heard.powers[708:712] = 0.0
    stretches = tell_apart(heard).stretches()
    change = next(b for a, b in pairwise(stretches) if a.voice == 0 and b.voice == 1)
    assert change.start_ms == pytest.approx(7100, abs=20)


def test_one_voice_is_one_voice():
    voices = tell_apart(conversation((A, 1, 20), (A, 21, 30), (A, 31, 50)))
    assert voices.count == 1
    assert {s.voice for s in voices.stretches()} == {0}


@pytest.mark.parametrize(("odd", "expected"), [(4, 1), (40, 2)])
def test_a_few_odd_windows_are_chance_and_many_are_a_voice(odd, expected):
    dice = np.random.default_rng(5)
    way, off = np.linalg.qr(dice.standard_normal((256, 2)))[0].T
    own = np.concatenate([np.tile(way, (3 * odd, 1)), np.tile(way + 0.54 * off, (odd, 1))])
    vectors = unit(own + 0.024 * dice.standard_normal(own.shape))
    starts = 2_000 * np.arange(len(own))
    windows = np.stack([starts, starts + 1_600], axis=1)
    heard = Voiced(tuple(map(tuple, windows.tolist())), windows, vectors, np.full(100, 0.01, np.float32))
    assert tell_apart(heard).count == expected


def test_three_voices_are_three_and_two_of_them_can_be_one_side():
    said = [(A, 1, 9), (B, 10, 17), (C, 18, 26), (A, 27, 33), (C, 34, 40), (B, 41, 48)]
    voices = tell_apart(conversation(*said))
    assert voices.count == 3
    assert [s.voice for s in voices.stretches([0, 1, 1])] == [0, 1, 1, 0, 1, 1]


def test_where_two_speak_at_once_there_is_no_third_voice():
    both = [(who, at, at + 3) for at in range(60, 100, 4) for who in (A, B)]
    voices = tell_apart(conversation(*turns(6, 7, 5, 8, 6, 9), *both))
    assert voices.count == 2


def test_what_could_be_anybodys_is_nobodys():
    said = [(A, 1, 9), (B, 10, 18), (A, 19, 25), (B, 26, 33)]
    heard = conversation(*said)
    between = unit(
        heard.vectors[heard.windows[:, 0] < 8000].mean(axis=0, keepdims=True)
        + heard.vectors[heard.windows[:, 0] > 26_000].mean(axis=0, keepdims=True)
    )
    heard = Voiced(
        (*heard.spans, (40_000, 41_500)),
        np.concatenate([heard.windows, [(40_000, 41_500)]]),
        np.concatenate([heard.vectors, between]),
        np.full(4200, 0.01, np.float32),
    )
    assert tell_apart(heard).stretches()[-1] == Stretch(40_000, 41_500, None)


def test_nobody_is_no_voice():
    nothing = Voiced((), np.zeros((0, 2), np.int64), np.zeros((0, 256), np.float32), np.zeros(0, np.float32))
    voices = tell_apart(nothing)
    assert (voices.count, voices.stretches()) == (0, [])


def test_a_sample_is_five_seconds_of_one_voice():
    voices = tell_apart(conversation(*turns(3, 7, 4, 9, 3, 6)))
    for voice in range(2):
        start, end = voices.sample(voice)
        assert 2500 <= end - start <= 5000
        assert {owner(voices.stretches(), ms / 1000) for ms in (start + 50, end - 50)} == {voice}


def test_spoken_time_is_the_time_of_a_voice():
    voices = tell_apart(conversation(*turns(6, 4, 5, 8)))
    assert [voices.spoken_ms(k) for k in range(2)] == [11_000, 12_000]


# From sound.


def sound(*said: tuple[float, float, float]):
    """Return tones of ``(hertz, start_s, end_s)``."""
    out = np.zeros(round(RATE * (max(end for *_, end in said) + 0.5)), np.int16)
    for hertz, start, end in said:
        at = np.arange(round(RATE * start), round(RATE * end))
        out[at] = (8 * LOUD * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16)
    return out


TALK = (
    (300, 1.0, 5.0),
    (900, 5.5, 10.0),
    (300, 10.6, 14.0),
    (900, 14.5, 15.0),
    (300, 15.4, 19.0),
    (900, 20, 24),
)


def listened(block: int):
    listener = Listener(LoudnessDetector(), Pitch())
    whole = sound(*TALK)
    for k in range(0, len(whole), block):
        listener.hear(whole[k : k + block])
    return listener.end()


def test_a_channel_is_heard_from_its_sound():
    heard = listened(16_000)
    assert len(heard.spans) == len(TALK)
    assert heard.windows.min(axis=0)[0] == pytest.approx(1000, abs=20)
    assert (heard.windows[:, 1] - heard.windows[:, 0]).max() == 1600
    assert len(heard.vectors) == len(heard.windows)
    assert len(heard.powers) == pytest.approx(len(sound(*TALK)) / 160, abs=1)
    assert [s.voice for s in tell_apart(heard).stretches()] == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("block", [320, 1601, 48_000])
def test_the_size_of_the_blocks_changes_nothing(block):
    expected, heard = listened(16_000), listened(block)
    assert heard.spans == expected.spans
    assert (heard.windows == expected.windows).all()
    assert np.allclose(heard.powers, expected.powers)


def test_a_line_without_anything_above_four_kilohertz_is_a_telephones():
    assert listened(16_000).band == "telephone"


def test_a_stretch_without_a_pause_is_taken_in_parts():
    listener = Listener(LoudnessDetector(), Pitch())
    whole = sound((300, 1.0, 50.0))
    for k in range(0, len(whole), 16_000):
        listener.hear(whole[k : k + 16_000])
    spans = listener.end().spans
    assert len(spans) == 3
    assert all(b - a <= 20_000 for a, b in spans)
    assert spans[0][1] == spans[1][0]
