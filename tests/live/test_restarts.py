"""When a worker is begun anew, and when no more; when work hangs."""

from __future__ import annotations

from coach.live.restarts import CALM_S, FIRST_S, LONGEST_S, MOST, Restarts, Watchdog


def test_each_death_in_a_row_is_rested_for_twice_as_long_up_to_the_longest():
    lives, now_s, rests = Restarts(), 0.0, []
    for _ in range(MOST):
        rest_s = lives.died(now_s)
        assert lives.dead
        assert not lives.due(now_s + rest_s - 0.01)
        now_s += rest_s
        assert lives.due(now_s)
        lives.begun(now_s)
        assert not lives.dead
        rests.append(rest_s)
    assert rests == [FIRST_S, 1.0, 2.0, 4.0, LONGEST_S, LONGEST_S, LONGEST_S, LONGEST_S]


def test_one_death_too_many_is_the_last():
    lives = Restarts(most=2)
    assert lives.died(0.0) == FIRST_S
    assert lives.died(1.0) == 2 * FIRST_S
    assert lives.died(2.0) is None
    assert lives.over
    assert lives.dead
    assert not lives.due(1e9)
    assert lives.deaths == 3


def test_a_quiet_minute_begins_a_new_row():
    lives = Restarts(most=1)
    assert lives.died(0.0) == FIRST_S
    lives.begun(1.0)
    assert lives.died(1.0 + CALM_S) == FIRST_S
    lives.begun(100.0)
    assert lives.died(100.0 + CALM_S - 0.1) is None


def test_a_minute_in_which_it_was_dead_is_no_quiet_one():
    lives = Restarts(most=1)
    lives.died(0.0)
    assert lives.died(1000.0) is None


def test_what_will_not_mend_itself_is_given_up_at_once():
    lives = Restarts()
    lives.give_up()
    assert lives.over
    assert lives.deaths == 1


def test_work_that_takes_too_long_hangs():
    watch, work = Watchdog(3.0), object()
    seen = [watch.look(0.5 * i, work) for i in range(8)]
    assert seen == [False] * 7 + [True]


def test_other_work_is_timed_anew_and_none_never_hangs():
    watch = Watchdog(1.0)
    assert not any(watch.look(0.9 * i, object()) for i in range(20))
    assert not any(watch.look(0.9 * i, None) for i in range(20))


def test_a_machine_that_slept_is_no_work_that_hangs():
    watch, work = Watchdog(3.0), object()
    assert not watch.look(0.0, work)
    assert not watch.look(4000.0, work)
    assert not watch.look(4001.0, work)
    assert not watch.look(4002.0, work)
    assert watch.look(4003.0, work)


def test_what_came_back_after_all_makes_the_watch_more_patient():
    watch, work = Watchdog(1.0), object()
    watch.widen()
    assert [watch.look(float(i), work) for i in range(4)] == [False, False, False, True]
