"""Devices count samples, the call counts from its beginning: where a block belongs."""

from __future__ import annotations

import math

import pytest
from fakes import LoudnessDetector, sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE, Block
from coach.live.ear import Ear, Heard, VoiceChange
from coach.live.listener import LONG_QUIET_MS, RESTING_MS, Back, Listener, Steps
from coach.live.mailbox import Arrival, Opened
from coach.marks import VARIABLE, read_marks


def listener():
    return Listener(Ear((REP, CUSTOMER), LoudnessDetector), (REP, CUSTOMER), began_s=100.0)


def second(who, number, at_s, *voices):
    """Return the ``number``-th second of a device, as it arrives at ``at_s`` of the clock."""
    return Arrival(Block(who, number * RATE, sound(1, *voices)), at_s)


def test_the_first_block_is_placed_by_when_it_came():
    heard = listener().hear(second(REP, 0, 103.0))
    assert heard.until_ms == 3000


def test_later_blocks_are_placed_by_their_own_count():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert line.hear(second(REP, 1, 102.2)).until_ms == 2000
    assert line.hear(second(REP, 2, 102.9)).until_ms == 3000


def test_a_device_that_lost_sound_without_a_word_is_placed_anew():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert line.hear(second(REP, 1, 107.0)).until_ms == 7000


def what_came_of(heard):
    return [(c.known_ms, c.speaking, c.since_ms) for h in heard for c in h.changes], [
        (to_write.span, to_write.samples.tolist()) for h in heard for to_write in h.spans
    ]


def tenths(count, *, lost_after=None, late_s=0.0):
    """Return blocks of a tenth of a second with two spans of voice, as a device gives them; some may be missing."""
    voice = sound(count / 10, (1.0, 2.0), (3.5, 4.5))
    for n in range(count):
        if lost_after is None or not 0 < n - lost_after <= 30:
            yield Arrival(
                Block(REP, n * RATE // 10, voice[n * RATE // 10 : (n + 1) * RATE // 10]),
                100.1 + n / 10 + late_s,
            )


@pytest.mark.parametrize("lost_after", [None, 25])
def test_blocks_that_are_heard_together_are_heard_as_one_by_one(lost_after):
    arrivals = list(tenths(90, lost_after=lost_after))
    one, ten = listener(), listener()
    singly = [one.hear(arrival) for arrival in arrivals]
    together = [h for at in range(0, 90, 10) for h in ten.hear_together(arrivals[at : at + 10])]
    assert what_came_of(together) == what_came_of(singly)
    assert what_came_of(singly)[0]
    assert together[-1].until_ms == singly[-1].until_ms


def test_blocks_that_do_not_follow_each_other_are_each_heard_in_their_place():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    first, then = second(REP, 1, 102.0), second(REP, 2, 106.0)
    assert [h.until_ms for h in line.hear_together([first, then])] == [2000, 6000]


def test_a_lost_side_hears_nothing_of_what_comes_together():
    line = listener()
    line.lose(REP)
    assert line.hear_together([second(REP, 0, 101.0), second(REP, 1, 102.0)]) == []


def test_a_machine_on_which_blocks_come_did_not_stand_still_between_two_looks():
    line = listener()
    line.hear(second(CUSTOMER, 0, 101.0))
    line.fill(101.0)
    for n in range(1, 20):
        line.hear(Arrival(Block(REP, n * RATE // 10, sound(0.1)), 101.0 + n / 10))
    assert [h.until_ms for h in line.fill(102.9)] == [2400]


class Placing:
    """An ear that only remembers where blocks were placed."""

    def __init__(self):
        self.placed = []

    def hear(self, block):
        self.placed.append(block)
        return Heard(block.who, 0, (), ())

    def until(self, who):
        return self.placed[-1].end if self.placed else 0


def misplaced(blocks, *, speaks=False, ppm=0.0, lost=(), busy=(), handed_on=None):
    """Return by how many ms each block of 60 ms of a device stands away from where it belongs."""
    ear = Placing()
    line = Listener(ear, (REP,), began_s=0.0)
    voice = sound(0.06, (0, 0.06)) if speaks else sound(0.06)
    given, away = 0, []
    for i in range(blocks):
        if i in lost:
            continue
        true_s = i * 0.06 / (1 + ppm * 1e-6)
        late_s = busy[1] if busy and busy[0] <= i < busy[0] + 3 else 0.02 * (i % 3)
        came_s = handed_on(true_s + 0.06) if handed_on else true_s + 0.06 + late_s
        line.hear(Arrival(Block(REP, given, voice), came_s))
        given += len(voice)
        away.append(1000 * (ear.placed[-1].start / RATE - true_s))
    return away


def test_clocks_that_drift_apart_are_brought_together_where_it_is_quiet():
    for ppm in (300, -300):
        away = misplaced(5000, ppm=ppm)
        assert max(abs(a) for a in away[100:]) < 10


def test_somebody_who_never_pauses_is_interrupted_for_thirty_milliseconds_only():
    away = misplaced(5000, ppm=300, speaks=True)
    assert 25 < max(abs(a) for a in away) < 35
    assert misplaced(1000, ppm=300, speaks=True)[-1] == pytest.approx(1000 * 60 * 300e-6, abs=2)


def test_blocks_that_nobody_knows_to_be_lost_are_a_gap_within_a_second():
    away = misplaced(200, lost=(50,))
    assert away[50] == pytest.approx(-60, abs=1)
    assert max(abs(a) for a in away[70:]) < 6


@pytest.mark.parametrize("late_s", [0.3, 0.8, 2.0])
def test_a_device_whose_first_second_comes_late_is_soon_in_its_place(late_s):
    away = misplaced(200, busy=(0, late_s))
    assert away[0] > 250
    assert max(abs(a) for a in away[60:]) < 6


@pytest.mark.parametrize("speaks", [True, False])
def test_a_server_that_hands_on_at_a_pace_of_its_own_moves_nothing(speaks):
    """PulseAudio looks every 62.5 ms: each block of 60 comes a little later, until two come at once."""
    pace_s = 0.0625
    away = misplaced(2000, speaks=speaks, handed_on=lambda ready_s: math.ceil(ready_s / pace_s) * pace_s)
    assert len({round(a, 3) for a in away[100:]}) == 1


@pytest.mark.parametrize("stood_s", [0.6, 0.95, 1.5])
def test_a_machine_that_stood_still_loses_nothing_of_what_it_held_up(stood_s):
    away = misplaced(400, handed_on=lambda ready_s: max(ready_s, 12 + stood_s) if ready_s > 12 else ready_s)
    assert max(abs(a) for a in away[10:]) < 1


@pytest.mark.parametrize("stood_s", [0.45, 0.7, 0.95, 1.5])
@pytest.mark.parametrize("pace", [0.3, 0.6])
def test_what_was_held_up_and_comes_slowly_is_in_its_place_too(stood_s, pace):
    def handed_on(ready_s):
        return max(ready_s, 12 + stood_s + (ready_s - 12) * pace) if ready_s > 12 else ready_s

    away = misplaced(400, handed_on=handed_on)
    assert max(abs(a) for a in away[10:]) < 1


def test_a_block_that_comes_before_its_time_moves_nothing():
    """A device that is stopped hands over what it held back: its last block comes 60 ms early."""
    away = misplaced(200, handed_on=lambda ready_s: ready_s + (0.0 if ready_s > 199.5 * 0.06 else 0.06))
    assert away[-1] == away[-2]


def test_blocks_of_a_second_are_kept_together_with_the_clock_too():
    ear = Placing()
    line = Listener(ear, (REP,), began_s=0.0)
    for i in range(200):
        line.hear(Arrival(Block(REP, i * RATE, sound(1)), (i + 1) * (1 + 300e-6)))
    assert ear.placed[-1].end / RATE == pytest.approx(200 * (1 + 300e-6), abs=0.01)


def test_half_a_second_that_nobody_knows_to_be_lost_is_a_gap_a_moment_later():
    away = misplaced(400, lost=range(100, 112))
    assert away[100] == pytest.approx(-720, abs=1)
    assert max(abs(a) for a in away[108:]) < 50


def test_a_machine_that_is_busy_for_a_moment_moves_nothing():
    away = misplaced(200, busy=(100, 0.3))
    assert max(abs(a) for a in away[60:]) < 6


def test_a_side_that_gives_nothing_is_silent_and_time_goes_on():
    assert listener().fill(100.9) == []
    line = listener()
    line.hear(second(REP, 0, 101.0))
    filled = {h.who: h.until_ms for h in line.fill(103.0)}
    assert filled == {REP: 2500, CUSTOMER: 2500}


def test_a_machine_that_stood_still_waits_for_what_is_on_its_way():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    line.hear(second(CUSTOMER, 0, 101.0))
    line.fill(101.0)
    assert line.fill(102.6) == []  # nothing was looked at for 1.6 s
    assert line.hear(second(REP, 1, 102.6)).until_ms == 2000
    assert line.fill(102.6) == []
    assert [h.who for h in line.fill(102.9)] == [CUSTOMER]  # what does not come now does not come


def test_after_silence_a_side_comes_back_in_its_place():
    line = listener()
    line.hear(second(CUSTOMER, 0, 101.0, (0, 1)))
    line.fill(105.0)
    heard = line.hear(second(CUSTOMER, 1, 106.0, (0.5, 1)))
    assert heard.until_ms == 6000
    assert [(c.speaking, c.since_ms) for c in heard.changes] == [(True, 5500)]


def test_a_lost_side_is_silent_until_another_device_is_opened_for_it():
    line = listener()
    line.hear(second(CUSTOMER, 0, 101.0))
    assert line.lose(CUSTOMER) == RATE
    assert line.hear(second(CUSTOMER, 1, 102.0)) is None
    assert {h.who: h.until_ms for h in line.fill(103.0)} == {REP: 2500, CUSTOMER: 2500}
    line.open(Opened(CUSTOMER, "Headset", "usb"))
    assert line.back() is None
    assert line.hear(second(CUSTOMER, 0, 107.0)).until_ms == 7000
    assert line.back() == Back(Opened(CUSTOMER, "Headset", "usb"), at=6 * RATE, gap=5 * RATE)
    assert line.back() is None


def test_what_the_rep_did_not_want_heard_is_no_gap():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    line.fill(161.0)
    line.resume(161.0)
    line.open(Opened(REP, "Headset"))
    line.hear(second(REP, 0, 162.5))
    assert line.back().gap == RATE // 2


def test_a_microphone_that_was_silent_is_known_to_be_so_through_another_device():
    line = listener()
    for i in range(3):
        line.hear(second(REP, i, 101.0 + i))
    assert line.gives_zeros(REP)
    line.lose(REP)
    line.open(Opened(REP, "Headset"))
    line.hear(second(REP, 0, 110.0))
    assert not line.gives_sound_again(REP)
    line.hear(second(REP, 1, 111.0, (0, 1)))
    assert line.gives_sound_again(REP)
    assert not line.gives_sound_again(REP)


def test_three_seconds_of_exact_zeros_are_told_once():
    line = listener()
    told = []
    for i in range(6):
        line.hear(second(REP, i, 101.0 + i))
        told.append(line.gives_zeros(REP))
    assert told == [False, False, True, False, False, False]


def test_sound_after_zeros_is_told_once_too():
    line = listener()
    back = []
    for i in range(7):
        line.hear(second(REP, i, 101.0 + i, (0, 1)) if i > 3 else second(REP, i, 101.0 + i))
        line.gives_zeros(REP)
        back.append(line.gives_sound_again(REP))
    assert back == [False, False, False, False, True, False, False]


def test_a_sound_starts_the_count_of_zeros_anew():
    line = listener()
    for i in range(6):
        line.hear(second(REP, i, 101.0 + i, (0, 0.001)) if i % 2 else second(REP, i, 101.0 + i))
        assert not line.gives_zeros(REP)


def test_it_says_once_that_it_listens_when_every_side_has_been_heard(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "marks"))
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert read_marks(tmp_path / "marks") == {}
    line.hear(second(CUSTOMER, 0, 101.0))
    line.hear(second(REP, 1, 102.0))
    assert (tmp_path / "marks").read_text().count("listening") == 1


def quiet(who, until_ms):
    return Heard(who, until_ms, (), ())


def voice(who, until_ms, speaking):
    return Heard(who, until_ms, (VoiceChange(who, until_ms, speaking, until_ms),), ())


def told(steps, until_ms, step_ms=50):
    """Return when the session is told, as both sides are quiet up to here."""
    times = range(steps._told_ms + step_ms, until_ms + 1, step_ms)
    return [at for at in times if steps.take([quiet(REP, at), quiet(CUSTOMER, at)])]


def test_what_happens_is_told_at_once():
    steps = Steps()
    began = voice(REP, 100, True)
    assert steps.take([quiet(CUSTOMER, 50), began]) == [quiet(CUSTOMER, 50), began]


def test_while_somebody_speaks_every_step_is_told():
    steps = Steps()
    steps.take([voice(CUSTOMER, 100, True)])
    late = 100 + 2 * LONG_QUIET_MS
    assert len(told(steps, late)) == (late - 100) // 50


def test_in_a_long_quiet_time_is_told_now_and_then():
    steps = Steps()
    steps.take([voice(REP, 100, True)])
    steps.take([voice(REP, 1000, False)])
    settled = 1000 + LONG_QUIET_MS
    assert told(steps, settled) == list(range(1050, settled + 1, 50))
    assert told(steps, settled + 1000) == [settled + RESTING_MS * i for i in range(1, 5)]


def test_a_quiet_is_long_until_somebody_speaks():
    steps = Steps()
    steps.take([voice(REP, 100, True)])
    steps.take([voice(REP, 1000, False)])
    told(steps, 1000 + LONG_QUIET_MS)
    assert not steps.long_quiet
    told(steps, 1100 + LONG_QUIET_MS)
    assert steps.long_quiet
    steps.take([voice(CUSTOMER, 1200 + LONG_QUIET_MS, True)])
    assert not steps.long_quiet


def test_what_waited_is_told_before_what_happens_and_at_the_end():
    steps = Steps()
    told(steps, LONG_QUIET_MS)
    at = LONG_QUIET_MS + 50
    assert steps.take([quiet(REP, at), quiet(CUSTOMER, at)]) == []
    again = voice(REP, at + 50, True)
    assert steps.take([again]) == [quiet(REP, at), quiet(CUSTOMER, at), again]
    assert steps.rest() == []
