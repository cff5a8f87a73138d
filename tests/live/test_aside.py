"""Calls that may never come back: waited for as long as there is patience, and then left to themselves."""

from __future__ import annotations

import threading

import pytest
from fakes import LoudnessDetector
from playbook import CUSTOMER, REP

from coach import app
from coach.audio import voice
from coach.live.aside import HEAR_HANG_S, MOST_LEFT, Aside, Hung
from coach.live.mailbox import ROOM_S
from coach.settings import Settings

LIMIT_S = 60


class Hangs:
    """A call that hangs until it is let go, and a clock that runs only while one does."""

    def __init__(self, step_s=0.5):
        self.go, self.began, self.aside, self.now, self.step_s = threading.Event(), 0, None, 0.0, step_s
        self.looks = 0

    def __call__(self):
        self.began += 1
        self.go.wait(2 * LIMIT_S)
        return "late"

    def clock(self):
        if self.aside is not None and self.began > self.aside.left:
            self.now += self.step_s
            self.looks += 1
        return self.now


@pytest.fixture
def hangs():
    made = Hangs()
    made.aside = Aside("coach-test", 2.0, made.clock, step_s=0.005)
    before = set(threading.enumerate())
    yield made
    made.go.set()
    made.aside.let_go()
    for thread in set(threading.enumerate()) - before:
        thread.join(LIMIT_S)
    assert set(threading.enumerate()) <= before


def test_what_comes_back_is_handed_on_whatever_it_is(hangs):
    assert [hangs.aside.do(lambda n=n: n * n) for n in range(100)] == [n * n for n in range(100)]
    with pytest.raises(KeyError):
        hangs.aside.do(lambda: {}[1])
    assert hangs.aside.do(lambda: None) is None
    assert hangs.aside.left == 0


def test_all_of_it_is_done_on_one_thread_that_ends(hangs):
    threads = {hangs.aside.do(threading.current_thread) for _ in range(10)}
    assert [t.name for t in threads] == ["coach-test"]
    hangs.aside.let_go()
    hangs.aside.let_go()
    (thread,) = threads
    thread.join(LIMIT_S)
    assert not thread.is_alive()


def test_what_hangs_is_left_and_the_next_call_is_done_by_another(hangs):
    first = hangs.aside.do(threading.current_thread)
    with pytest.raises(Hung) as hung:
        hangs.aside.do(hangs)
    assert not hung.value.over
    assert hangs.aside.do(threading.current_thread) is not first
    assert first.is_alive()


def test_what_comes_late_reaches_nobody_and_makes_the_watch_more_patient(hangs):
    first = hangs.aside.do(threading.current_thread)
    with pytest.raises(Hung):
        hangs.aside.do(hangs)
    hangs.go.set()
    first.join(LIMIT_S)
    assert not first.is_alive()
    assert hangs.aside.do(lambda: "in time") == "in time"
    assert hangs.aside._watch.patience_s == 4.0


def test_too_many_that_hang_are_one_reason_to_stop(hangs):
    said = []
    for _ in range(MOST_LEFT + 1):
        with pytest.raises(Hung) as hung:
            hangs.aside.do(hangs)
        said.append(hung.value.over)
    assert said == [False] * MOST_LEFT + [True]


def test_a_machine_that_slept_is_no_call_that_hangs(hangs):
    hangs.step_s = 3600.0
    hangs.aside._watch.patience_s = 20.0
    done = threading.Thread(target=lambda: said.append(hangs.aside.do(hangs)))
    said = []
    done.start()
    for _ in range(LIMIT_S * 1000):
        if hangs.looks >= 5:
            break
        threading.Event().wait(0.001)
    hangs.go.set()
    done.join(LIMIT_S)
    assert said == ["late"]
    assert hangs.aside.left == 0


def test_the_end_said_in_the_midst_of_a_call_leaves_no_thread_and_nothing_is_called_after_it(hangs):
    hangs.step_s, before = 0.0, set(threading.enumerate())
    said = []
    calling = threading.Thread(target=lambda: said.append(hangs.aside.do(hangs)))
    calling.start()
    until(lambda: hangs.began)
    hangs.aside.let_go()
    hangs.go.set()
    calling.join(LIMIT_S)
    assert said == ["late"]  # what was being called still comes back
    with pytest.raises(Hung) as hung:
        hangs.aside.do(lambda: said.append("called"))
    assert hung.value.over
    assert said == ["late"]
    until(lambda: set(threading.enumerate()) <= before)


def test_what_hangs_when_the_end_is_said_is_not_tried_again(hangs):
    hangs.step_s = 0.0
    over = []

    def call():
        with pytest.raises(Hung) as hung:
            hangs.aside.do(hangs)
        over.append(hung.value.over)

    calling = threading.Thread(target=call)
    calling.start()
    until(lambda: hangs.began)
    hangs.aside.let_go()
    hangs.step_s = 0.5
    calling.join(LIMIT_S)
    assert over == [True]


def test_the_end_may_be_said_while_a_worker_is_being_left(hangs):
    # The worker is gone right after it was looked at.

    class Between(Aside):
        looked = False

        @property
        def _worker(self):
            worker = self.__dict__.get("worker")
            if self.looked and worker is not None:
                self.__dict__["worker"] = None
            return worker

        @_worker.setter
        def _worker(self, worker):
            self.__dict__["worker"] = worker

    aside = Between("coach-test", 2.0, hangs.clock, step_s=0.005)
    thread = aside.do(threading.current_thread)
    aside.looked = True
    aside.let_go()
    thread.join(LIMIT_S)
    assert not thread.is_alive()


def test_patience_grows_no_further_than_its_limit(hangs):
    hangs.aside._watch = Aside("coach-test", 2.0, most_s=3.0)._watch
    first = hangs.aside.do(threading.current_thread)
    with pytest.raises(Hung):
        hangs.aside.do(hangs)
    hangs.go.set()
    first.join(LIMIT_S)
    assert hangs.aside._watch.patience_s == 3.0


def test_hearing_is_never_waited_for_until_the_mailbox_is_full(monkeypatch):
    monkeypatch.setattr(voice, "make_detector", lambda _: LoudnessDetector())
    watch = app.make_ear(Settings(), (REP, CUSTOMER), sturdy=True)._aside._watch
    for _ in range(5):
        watch.widen()
    assert HEAR_HANG_S < watch.patience_s < ROOM_S - 2 * watch.STEP_S


def until(done):
    """Wait for another thread."""
    for _ in range(LIMIT_S * 1000):
        if done():
            return
        threading.Event().wait(0.001)
    pytest.fail("it did not come to that")
