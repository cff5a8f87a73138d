"""Both sides in, a microphone out that hears the rep alone; untouched where nothing leaks."""

from __future__ import annotations

import numpy as np
import pytest
from rigs.rooms import leaking, level_db, voice

from benchmarks.rooms import Room
from coach.audio.bleed import LONGEST_WAIT, BleedStage
from coach.audio.block import RATE
from coach.audio.cancel import FRAME, GUARD, Own
from coach.call.events import Leak, Who

REP, CUSTOMER = Who.REP, Who.CUSTOMER
AHEAD = 5 * RATE


def heard(stage, microphone, loopback, block=RATE // 10):
    """Send a call through; return the microphone as it comes out, and what became known."""
    out = []
    for at in range(0, len(microphone), block):
        out.append(stage.hear(REP, microphone[at : at + block]))
        stage.hear(CUSTOMER, loopback[at : at + block])
    out.append(stage.rest(REP))
    return np.concatenate(out), stage.news()


def never():
    raise AssertionError("a canceller was loaded where nothing leaks")


@pytest.mark.parametrize("ahead", [0, AHEAD])
def test_while_nothing_leaks_every_sample_goes_through_untouched(ahead):
    microphone, loopback = leaking(Room(None), voice(20, 1, (8, 14)), voice(20, 2, (0, 9), (13, 20)))
    out, _ = heard(BleedStage(ahead, never), microphone, loopback)
    assert np.array_equal(out, microphone)


def test_live_and_without_a_leak_nothing_waits():
    stage = BleedStage(0, never)
    block = np.full(960, 7, np.int16)
    assert np.array_equal(stage.hear(REP, block), block)
    assert np.array_equal(stage.hear(CUSTOMER, block), block)


def test_headphones_are_known_once_the_customer_was_heard_for_a_while():
    microphone, loopback = leaking(Room(None), np.zeros(20 * RATE), voice(20, 2))
    _, news = heard(BleedStage(0, never), microphone, loopback)
    assert news[-1].state is Leak.HEADPHONES
    assert (news[-1].gap_db, news[-1].lag_ms, news[-1].waits_ms) == (-np.inf, None, 0)


def test_a_leak_too_quiet_to_be_taken_for_a_voice_is_left_alone():
    microphone, loopback = leaking(Room(-45, noise_dbfs=-80), np.zeros(20 * RATE), voice(20, 2))
    out, _ = heard(BleedStage(0, never), microphone, loopback)
    assert np.array_equal(out, microphone)


@pytest.mark.parametrize(("echo_db", "state"), [(-3, Leak.STRONG), (-12, Leak.SOME)])
def test_in_a_recording_the_customer_is_never_in_the_rep_s_channel(echo_db, state):
    microphone, loopback = leaking(Room(echo_db), np.zeros(20 * RATE), voice(20, 2, (1, 20)))
    out, news = heard(BleedStage(AHEAD, Own), microphone, loopback)
    assert len(out) == len(microphone)
    assert level_db(out[2 * RATE :]) < level_db(microphone[2 * RATE :]) - 25
    assert news[0].state is state
    assert news[0].at <= RATE
    assert news[0].lag_ms == pytest.approx(40, abs=1)


class Beside:
    """Remembers what was laid beside the microphone."""

    name = "beside"

    def __init__(self):
        self.near, self.far = [], []

    def cancel(self, near, far):
        self.near.append(near)
        self.far.append(far)
        return near

    def lead(self, start_s, end_s):
        """Return by how many samples the far side led over some seconds."""
        said = slice(round(start_s * RATE), round(end_s * RATE))
        near, far = (np.concatenate(x)[said].astype(float) for x in (self.near, self.far))
        cross = np.fft.irfft(np.fft.rfft(near, 8 * RATE) * np.conj(np.fft.rfft(far, 8 * RATE)), 8 * 4 * RATE)
        return cross[:RATE].argmax() / 4


@pytest.mark.parametrize("ppm", [300, -300])
def test_in_a_recording_of_two_clocks_the_far_side_leads_as_much_after_a_silence_as_before(ppm):
    turns = [(at, at + 4) for at in range(1, 60, 20)]
    room = Room(-12, ppm=ppm, response=(1.0, *[0.0] * 999))
    microphone, loopback = leaking(room, np.zeros(47 * RATE), voice(47, 2, *turns))
    beside = Beside()
    heard(BleedStage(AHEAD, lambda: beside), microphone, loopback)
    for start, end in turns:
        assert beside.lead(start, start + 0.5) == pytest.approx(GUARD, abs=0.5)
        assert beside.lead(start + 0.5, end) == pytest.approx(GUARD, abs=0.5)


def test_in_a_live_call_the_leak_is_known_after_two_seconds_and_a_half_of_the_customer():
    microphone, loopback = leaking(Room(-12), np.zeros(12 * RATE), voice(12, 2))
    out, news = heard(BleedStage(0, Own), microphone, loopback)
    assert news[0].at <= 3.5 * RATE
    assert np.array_equal(out[: news[0].at], microphone[: news[0].at])
    assert level_db(out[5 * RATE :]) < level_db(microphone[5 * RATE :]) - 25


@pytest.mark.parametrize("ahead", [0, AHEAD])
def test_how_the_sound_is_cut_changes_nothing(ahead):
    microphone, loopback = leaking(Room(-12), voice(12, 1, (5, 8)), voice(12, 2, (0, 6), (7, 12)))
    first, known = heard(BleedStage(ahead, Own), microphone, loopback, block=960)
    again, known_again = heard(BleedStage(ahead, Own), microphone, loopback, block=3333)
    assert known == known_again
    assert np.array_equal(first, again)


def test_both_sides_of_a_recording_go_on_together():
    stage = BleedStage(AHEAD, never)
    second = np.ones(RATE, np.int16)
    passed = [(len(stage.hear(REP, second)), len(stage.hear(CUSTOMER, second))) for _ in range(9)]
    assert sum(customer for _, customer in passed) == 9 * RATE - AHEAD + RATE // 2
    assert sum(rep for rep, _ in passed) == 8 * RATE - AHEAD + RATE // 2
    assert len(stage.rest(REP)) + len(stage.rest(CUSTOMER)) == 18 * RATE - sum(map(sum, passed))


def test_the_microphone_waits_for_a_loopback_that_comes_late():
    microphone, loopback = leaking(Room(-12, delay_ms=10, late_ms=200), np.zeros(12 * RATE), voice(12, 2))
    out, news = heard(BleedStage(0, Own), microphone, loopback, block=FRAME)
    assert news[0].waits_ms == pytest.approx(190 + 10 + 20, abs=2)
    assert level_db(out[5 * RATE :]) < level_db(microphone[5 * RATE :]) - 20


def test_it_waits_no_longer_than_it_must_for_a_loopback_that_gives_nothing():
    stage = BleedStage(0, Own)
    microphone, loopback = leaking(Room(-12), np.zeros(8 * RATE), voice(8, 2))
    came = went = 0
    held = []
    for at in range(0, len(microphone), 960):
        block = microphone[at : at + 960]
        came, went = came + len(block), went + len(stage.hear(REP, block))
        held.append(came - went)
        if at < 6 * RATE:
            stage.hear(CUSTOMER, loopback[at : at + 960])
    assert max(held) <= LONGEST_WAIT + FRAME
    assert held[-1] > LONGEST_WAIT - FRAME


@pytest.mark.parametrize("alone", [REP, CUSTOMER])
def test_a_side_whose_other_is_lost_is_heard_on_and_not_hoarded(alone):
    stage = BleedStage(0, never)
    minute = leaking(Room(None), voice(60, 1), np.zeros(60 * RATE))[0]
    went = sum(len(stage.hear(alone, minute[at : at + 960])) for at in range(0, len(minute), 960))
    assert went == len(minute)
    assert max(len(stage._near._parts), len(stage._far._parts)) < 13 * RATE


class Broken:
    """A canceller that gives up after a second of work."""

    name = "broken"
    frames = 50

    def cancel(self, near, far):
        self.frames -= 1
        if not self.frames:
            raise RuntimeError("bad state")
        return near


def test_a_canceller_that_gives_up_is_replaced_by_our_own():
    microphone, loopback = leaking(Room(-12), np.zeros(12 * RATE), voice(12, 2))
    stage = BleedStage(0, Broken)
    out, _ = heard(stage, microphone, loopback)
    assert isinstance(stage.canceller, Own)
    assert level_db(out[6 * RATE :]) < level_db(microphone[6 * RATE :]) - 25


def test_headphones_in_the_middle_of_a_call_end_the_cancelling():
    stage = BleedStage(0, Own)
    loud = leaking(Room(-6), np.zeros(10 * RATE), voice(10, 2))
    clean = leaking(Room(None), np.zeros(25 * RATE), voice(25, 3))
    out, news = heard(stage, *(np.concatenate(both) for both in zip(loud, clean, strict=True)))
    assert [n.state for n in news][-1] is Leak.HEADPHONES
    assert np.array_equal(out[-4 * RATE :], clean[0][-4 * RATE :])
