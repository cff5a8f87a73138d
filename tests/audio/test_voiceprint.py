"""A voice is known only where nobody could doubt it."""

from __future__ import annotations

import numpy as np
import pytest
from people import ANA, BEN, CARL, print_of, voices

from coach.audio.voiceprint import Known, know, take_print
from coach.trouble import Trouble


def test_a_print_knows_its_own_voice_among_others():
    assert know(voices(BEN, ANA), [print_of(ANA)]) == Known(1, "me")


def test_of_several_prints_the_nearest_speaks():
    prints = [print_of(CARL, "carl"), print_of(ANA, "ana")]
    assert know(voices(BEN, ANA), prints) == Known(1, "ana")


def test_a_stranger_is_not_known():
    assert know(voices(BEN, CARL), [print_of(ANA)]) is None


def test_somebody_much_alike_is_not_known():
    like = 0.75 * ANA + 0.25 * CARL
    assert know(voices(BEN, like / np.linalg.norm(like)), [print_of(ANA, noise=0.005)]) is None


def test_a_voice_that_hardly_leads_is_not_known():
    near = ANA + 0.01 * np.random.default_rng(6).standard_normal(256)
    assert know(voices(ANA, near / np.linalg.norm(near)), [print_of(ANA, noise=0.05)]) is None


def test_a_print_of_another_kind_of_line_plays_no_part():
    assert know(voices(BEN, ANA, high=0.0), [print_of(ANA)]) is None
    assert know(voices(BEN, ANA, high=0.0), [print_of(ANA, high=0.0)]) == Known(1, "me")


def test_who_names_the_rep_may_use_a_print_of_another_line_and_a_voice_that_changed():
    hoarse = ANA + 0.6 * CARL
    heard = voices(BEN, hoarse / np.linalg.norm(hoarse), high=0.0)
    assert know(heard, [print_of(ANA)], "me") == Known(1, "me")
    assert know(heard, [print_of(ANA)], "somebody") is None


def test_a_print_remembers_how_alike_its_own_windows_were():
    calm, lively = print_of(ANA, noise=0.01), print_of(ANA, noise=0.05)
    assert lively.own < calm.own <= 1
    assert lively.spread > 0
    assert (calm.band, calm.seconds, calm.made) == ("full", 12.0, "2026-11-22")
    assert float(np.linalg.norm(calm.vector)) == pytest.approx(1)


def test_too_little_voice_makes_no_print():
    with pytest.raises(Trouble, match=r"Only 6 seconds .* 10 are needed"):
        print_of(ANA, seconds=6.0)


def test_two_voices_make_no_print_until_one_is_chosen():
    both = voices(ANA, BEN)
    with pytest.raises(Trouble, match="2 voices speak"):
        take_print(both, "me", "recording", "2026-11-22")
    chosen = take_print(both, "me", "recording", "2026-11-22", 1)
    assert chosen.vector @ BEN > 0.99


def test_nobody_makes_no_print():
    with pytest.raises(Trouble, match="Only 0 seconds"):
        take_print(voices(ANA), "me", "recording", "2026-11-22", 3)
