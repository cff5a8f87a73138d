"""The way from the loudspeakers into the microphone: how late, how loud, and whether there is one."""

from __future__ import annotations

import numpy as np
import pytest
from rigs.rooms import leaking, voice

from benchmarks.rooms import Room
from coach.audio.block import RATE
from coach.audio.route import GONE, HOP, RouteMeter

SILENT = np.zeros(12 * RATE)


def measured(microphone, loopback, meter=None):
    meter = meter or RouteMeter()
    for at in range(0, len(microphone) - HOP + 1, HOP):
        meter.hear(microphone[at : at + HOP], loopback[at : at + HOP])
    return meter


@pytest.mark.parametrize("echo_db", [-3, -20, -30])
def test_it_knows_how_late_and_how_loud_the_customer_comes_back(echo_db):
    route = measured(*leaking(Room(echo_db, delay_ms=40), SILENT, voice(12, 1))).route
    assert route.lag == pytest.approx(0.040 * RATE, abs=4)
    assert route.gap_db == pytest.approx(echo_db, abs=2)
    assert route.correlation > 0.7


def test_a_loopback_that_comes_late_is_behind_its_own_echo():
    route = measured(*leaking(Room(-12, delay_ms=10, late_ms=300), SILENT, voice(12, 1))).route
    assert route.lag == pytest.approx(-0.290 * RATE, abs=4)


def test_two_people_who_speak_at_once_are_no_leak():
    route = measured(*leaking(Room(None), voice(12, 1), voice(12, 2))).route
    assert (route.lag, route.gap_db) == (None, -np.inf)
    assert route.correlation < 0.3
    assert route.windows > 15


def test_the_leak_is_found_under_a_rep_who_speaks_too():
    route = measured(*leaking(Room(-6), voice(12, 1), voice(12, 2))).route
    assert route.lag == pytest.approx(0.040 * RATE, abs=4)


def test_one_window_never_decides():
    meter = RouteMeter()
    microphone, loopback = leaking(Room(-3), SILENT, voice(12, 1))
    while not meter.route.windows:
        microphone, loopback = microphone[HOP:], loopback[HOP:]
        meter.hear(microphone[:HOP], loopback[:HOP])
    assert meter.route.lag is None


@pytest.mark.parametrize("ppm", [300, -300])
def test_clocks_that_drift_apart_are_followed_beyond_a_minute_of_silence(ppm):
    customer = voice(22, 1, (0, 20))
    meter = measured(*leaking(Room(-12, ppm=ppm), np.zeros(22 * RATE), customer))
    for at_s in (22, 80, 90):
        lag = 0.040 * RATE - at_s * RATE * ppm * 1e-6
        assert meter.route.line.lag_at(at_s * RATE) == pytest.approx(lag, abs=1.5)


def test_a_clock_that_has_run_further_than_any_echo_is_late_is_still_followed():
    room = Room(-12, delay_ms=10, late_ms=345, ppm=300)  # after 50 s beyond the 350 ms that are looked for
    meter = measured(*leaking(room, np.zeros(80 * RATE), voice(80, 1)))
    assert meter.route.line.lag_at(80 * RATE) == pytest.approx(-0.335 * RATE - 80 * RATE * 300e-6, abs=2)
    assert meter.route.gap_db == pytest.approx(-12, abs=2)


def test_where_nobody_plays_anything_nothing_is_measured():
    meter = measured(*leaking(Room(None), voice(5, 1), np.zeros(5 * RATE)))
    assert meter.route.windows == 0


def test_a_muted_microphone_is_no_proof_of_headphones():
    meter = measured(np.zeros(5 * RATE, np.int16), leaking(Room(None), SILENT, voice(12, 1))[1][: 5 * RATE])
    assert meter.route.windows == 0


@pytest.mark.parametrize("customer_speaks", [False, True])
def test_a_rep_whom_the_customer_s_telephone_sends_back_is_no_leak(customer_speaks):
    rep, customer = voice(20, 1), voice(20, 2) * (0.3 if customer_speaks else 0)
    returned = np.concatenate((np.zeros(RATE // 5), rep))[: len(rep)] * 10 ** (-10 / 20)
    route = measured(*leaking(Room(None), rep, customer + returned)).route
    assert (route.lag, route.correlation) == (None, pytest.approx(0, abs=0.1))


def test_a_microphone_that_cleans_itself_lets_nothing_leak():
    rep, customer = voice(40, 1, (0, 2)), voice(40, 2, (2, 40))
    meter = measured(*leaking(Room(None, noise_dbfs=-120), rep, customer))
    assert meter.route.windows >= 70
    assert (meter.route.lag, meter.route.correlation) == (None, 0.0)


def test_a_leak_is_over_once_the_customer_was_long_enough_not_in_the_microphone():
    meter = measured(*leaking(Room(-6), SILENT, voice(12, 1)))
    seconds = GONE * HOP / RATE
    microphone, loopback = leaking(Room(None), np.zeros(40 * RATE), voice(40, 3))
    measured(microphone[: int((seconds - 2) * RATE)], loopback[: int((seconds - 2) * RATE)], meter)
    assert meter.route.lag is not None
    measured(microphone[int((seconds - 2) * RATE) :], loopback[int((seconds - 2) * RATE) :], meter)
    assert meter.route.lag is None


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Room(-6, delay_ms=470), Room(-6, delay_ms=20)),
        (Room(-6, delay_ms=10, late_ms=330), Room(-6, delay_ms=250)),
    ],
)
def test_other_loudspeakers_are_found_though_the_first_were_as_late_as_any(first, then):
    meter = measured(*leaking(first, SILENT, voice(12, 1)))
    assert meter.route.lag == pytest.approx((first.delay_ms - first.late_ms) * RATE / 1000, abs=4)
    measured(*leaking(then, np.zeros(24 * RATE), voice(24, 2)), meter)
    assert meter.route.lag == pytest.approx(then.delay_ms * RATE / 1000, abs=4)


def test_clocks_that_ran_far_apart_are_found_again_after_headphones():
    far_s = 1.2  # after an hour at 300 ppm
    customer = voice(12, 1)
    behind = np.concatenate((np.zeros(round(far_s * RATE)), customer))[: len(customer)]
    meter = RouteMeter(_middle=round(far_s * RATE / 2))
    measured(*leaking(Room(-6), SILENT, behind)[:1], leaking(Room(-6), SILENT, customer)[1], meter)
    assert meter.route.lag == pytest.approx((far_s + 0.04) * RATE, abs=4)
    seconds = round(2.5 * GONE * HOP / RATE)
    measured(*leaking(Room(None), np.zeros(seconds * RATE), voice(seconds, 3)), meter)
    assert meter.route.lag is None
    customer = voice(24, 4)
    behind = np.concatenate((np.zeros(round(far_s * RATE)), customer))[: len(customer)]
    measured(
        leaking(Room(-6), np.zeros(24 * RATE), behind)[0], leaking(Room(-6), customer * 0, customer)[1], meter
    )
    assert meter.route.lag == pytest.approx((far_s + 0.04) * RATE, abs=4)
