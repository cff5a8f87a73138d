"""A side outlives its devices: tried again with patience, told once, never on the other's device. No clock runs."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from coach.audio.block import Block, KeptSource
from coach.audio.devices import Device
from coach.audio.kept import ALONE_S, ANOTHER, LOOK_S, SLEPT, STALL_S, STOPPED, Keeper
from coach.audio.side import FIRST_S, GRACE_S, MOST_S, OPENING_S
from coach.audio.wish import Found, Wish
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

REP, CUSTOMER = Who.REP, Who.CUSTOMER
BLOCK = Block(REP, 0, np.ones(960, np.int16))


def mic(name: str, *, default: bool = False) -> Device:
    return Device(name, name.title(), "microphone", default)


def out(name: str, *, default: bool = False) -> Device:
    return Device(name, name.title(), "loopback", default)


HEADSET, WEBCAM = mic("headset", default=True), mic("webcam")
SPEAKERS, HDMI = out("speakers", default=True), out("hdmi")


class Capture:
    """What hears a device, in the hands of a test."""

    rests = False

    def __init__(self, world: World, who: Who, device: Device) -> None:
        self.world, self.who, self.device = world, who, device
        self.came_s: float | None = None
        self.open = False
        self.held: Block | None = None

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        self.world.tried.append((self.world.now, self.device.identity))
        if self.device.identity in self.world.refusing:
            raise Trouble(f"'{self.device.label}' cannot be opened.", "Choose another.")
        self.deliver, self.lost, self.open = deliver, lost, True

    def stop(self) -> None:
        if self.open and self.held is not None:
            self.deliver(self.held)
        self.open = False

    def give(self) -> None:
        assert self.open
        self.came_s = self.world.now
        self.deliver(BLOCK)

    def lose(self, why: str = "unplugged") -> None:
        self.lost(self.who, f"'{self.device.label}' is no longer heard: {why}.")


class Bell:
    """Rings when the test does."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.ring = ring
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True


class World:
    """Devices, clocks and a call that listens; steps are taken by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, follow: bool = True) -> None:
        self.now = 100.0
        self.asleep = 0.0
        self.there: tuple[Device, ...] | None = (HEADSET, WEBCAM, SPEAKERS, HDMI)
        self.refusing: set[str] = set()
        self.tried: list[tuple[float, str]] = []
        self.captures: list[Capture] = []
        self.told: list[tuple[str, Who, str]] = []
        self.blocks: list[Who] = []
        self.keeper = Keeper(
            {
                CUSTOMER: (Wish(SPEAKERS, follow=follow), SPEAKERS),
                REP: (Wish(HEADSET, follow=follow), HEADSET),
            },
            lambda: None if self.there is None else Found(self.there),
            self.make,
            Bell,
            lambda: self.now,
            lambda: self.now + self.asleep,
        )
        monkeypatch.setattr(self.keeper, "_employ", lambda: None)  # the test takes the steps
        for source in self.keeper.sources:
            source.tell(lambda who, label, _identity: self.told.append(("heard", who, label)))

    def make(self, who: Who, device: Device) -> Capture:
        self.captures.append(Capture(self, who, device))
        return self.captures[-1]

    def lost(self, who: Who, why: str) -> None:
        self.told.append(("lost", who, why))

    def start(self, *sides: Who) -> None:
        for source in self.keeper.sources:
            if source.who in (sides or (REP, CUSTOMER)):
                source.start(lambda _, who=source.who: self.blocks.append(who), self.lost)
        self.give()

    def heard(self, who: Who) -> Capture:
        return next(c for c in reversed(self.captures) if c.who is who and c.open)

    def open(self) -> dict[Who, str]:
        return {c.who: c.device.identity for c in self.captures if c.open}

    def give(self) -> None:
        """Let every open device bring a block."""
        for capture in self.captures:
            if capture.open:
                capture.give()

    def live(self, seconds: float, *, giving: bool = True) -> None:
        """Let time pass as the keeper's thread would."""
        until = self.now + seconds
        while self.now < until:
            if giving:
                self.give()
            rest_s = self.keeper.step()
            self.now = min(
                until, self.now + min(0.1 if giving else 100, 100 if rest_s is None else rest_s or 0.01)
            )
        self.keeper.step()

    def losses(self) -> list[tuple[Who, str]]:
        return [(who, why) for what, who, why in self.told if what == "lost"]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_each_side_is_opened_told_and_heard(world: World) -> None:
    assert all(isinstance(source, KeptSource) for source in world.keeper.sources)
    assert [s.who for s in world.keeper.sources] == [REP, CUSTOMER]
    world.start()
    assert world.open() == {REP: "headset", CUSTOMER: "speakers"}
    assert world.told == [("heard", REP, "Headset"), ("heard", CUSTOMER, "Speakers")]
    assert world.blocks == [REP, CUSTOMER]


def test_a_device_that_is_lost_and_still_there_is_opened_again_at_once_and_nobody_is_told(
    world: World,
) -> None:
    world.start()
    world.live(10)
    world.heard(REP).lose("the system switched to another device")
    world.live(3)
    assert world.open()[REP] == "headset"
    assert world.losses() == []
    assert world.told[2:] == [("heard", REP, "Headset")]


def test_a_loss_that_lasts_is_told_once_within_two_seconds_and_its_return_too(world: World) -> None:
    world.start()
    world.live(10)
    world.there = (SPEAKERS,)
    world.heard(REP).lose()
    world.live(GRACE_S - 0.2)
    assert world.losses() == []
    world.live(0.4)
    assert world.losses() == [(REP, "'Headset' is no longer heard: unplugged. Reconnecting.")]
    world.live(60)
    world.there = (HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(1)
    assert world.told[-1] == ("heard", REP, "Headset")
    assert len(world.losses()) == 1
    assert world.open()[CUSTOMER] == "speakers"


def test_what_is_refused_is_tried_after_twice_as_long_each_time(world: World) -> None:
    world.start()
    world.live(10)
    world.tried.clear()
    world.refusing = {"headset"}
    world.heard(REP).lose()
    world.live(40)
    waits = [later - sooner for (sooner, _), (later, _) in pairwise(world.tried)]
    expected = [FIRST_S, 1.0, 2.0, 4.0, MOST_S, MOST_S, MOST_S]
    assert waits[: len(expected)] == pytest.approx(expected, abs=0.11)
    assert world.losses() == [(REP, "'Headset' is no longer heard: unplugged. Reconnecting.")]


def test_news_from_the_system_bring_a_try_forward_but_never_make_a_storm(world: World) -> None:
    world.start()
    world.live(10)
    world.refusing = {"headset"}
    world.heard(REP).lose()
    world.live(20)
    world.tried.clear()
    for _ in range(20):
        world.keeper.ring()
        world.live(0.1)
    assert 3 <= len(world.tried) <= 5
    world.refusing = set()
    world.keeper.ring()
    world.live(0.7)
    assert world.open()[REP] == "headset"


def test_a_device_that_dies_again_and_again_is_not_tried_without_end(world: World) -> None:
    world.start()
    world.live(10)
    world.tried.clear()
    for _ in range(100):
        if REP in world.open():
            world.heard(REP).lose()
        world.live(0.1)
    assert len(world.tried) <= 7


def test_the_default_is_followed_without_a_word(world: World) -> None:
    world.start()
    world.live(10)
    world.there = (mic("headset"), mic("webcam", default=True), out("speakers"), out("hdmi", default=True))
    world.keeper.ring()
    world.live(1)
    assert world.open() == {REP: "webcam", CUSTOMER: "hdmi"}
    assert world.losses() == []
    assert world.told[2:] == [("heard", REP, "Webcam"), ("heard", CUSTOMER, "Hdmi")]
    assert [s.name for s in world.keeper.sources] == ["Webcam", "Hdmi"]


def test_a_named_device_waits_for_its_return(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, follow=False)
    world.start()
    world.live(10)
    world.there = (mic("webcam", default=True), SPEAKERS)
    world.heard(REP).lose()
    world.keeper.ring()
    world.live(30)
    assert REP not in world.open()
    world.there = (mic("webcam", default=True), HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(1)
    assert world.open()[REP] == "headset"


def test_no_two_sides_are_ever_on_one_device(world: World) -> None:
    world.start()
    world.live(10)
    both = (mic("filter", default=True), out("filter", default=True))
    world.there = both
    world.keeper.ring()
    world.live(5)
    assert world.open() == {REP: "filter"}
    assert [who for who, _ in world.losses()] == [CUSTOMER]
    world.there = (*both[:1], out("filter"), out("hdmi", default=True))
    world.keeper.ring()
    world.live(1)
    assert world.open() == {REP: "filter", CUSTOMER: "hdmi"}


def test_a_device_that_the_other_side_is_to_have_is_let_go_first(world: World) -> None:
    world.start()
    world.live(10)
    world.there = (mic("speakers", default=True), out("speakers"), out("hdmi", default=True))
    opened: list[dict[Who, str]] = []
    make = world.keeper._make
    world.keeper._make = lambda who, device: (opened.append(world.open()), make(who, device))[1]
    world.keeper.ring()
    world.live(1)
    assert opened == [{}, {REP: "speakers"}]


def test_the_death_of_the_server_closes_both_before_either_is_tried(world: World) -> None:
    world.start()
    world.live(10)
    world.there = None
    for who in Who:
        world.heard(who).lose("the sound server has gone")
    world.tried.clear()
    world.live(20)
    assert world.open() == {}
    assert world.tried == []
    assert [who for who, _ in world.losses()] == [REP, CUSTOMER]
    world.there = (WEBCAM, HDMI, HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(1)
    assert world.open() == {REP: "headset", CUSTOMER: "speakers"}
    assert len(world.losses()) == 2


def test_a_device_that_stops_without_a_word_is_opened_again_while_the_other_goes_on(world: World) -> None:
    world.start()
    world.live(10)
    hanging, other = world.heard(REP), world.heard(CUSTOMER)
    hanging.held = BLOCK
    before = world.blocks.count(REP)
    for _ in range(30):
        other.give()
        world.keeper.step()
        world.now += 0.05
        if not hanging.open:
            break
    assert STALL_S - 0.1 < world.now - (hanging.came_s or 0) < STALL_S + LOOK_S
    assert world.blocks.count(REP) == before  # what it held is from before the gap
    assert world.open()[REP] == "headset"


def test_a_device_that_stays_stuck_is_lost_within_two_seconds_of_its_last_block(world: World) -> None:
    world.start()
    world.live(10)
    stuck_s = world.now
    while not world.losses():
        world.heard(CUSTOMER).give()
        world.keeper.step()
        world.now += 0.05
    assert world.losses() == [(REP, f"'Headset' is no longer heard: {STOPPED}. Reconnecting.")]
    assert world.now - stuck_s <= STALL_S + OPENING_S + 0.2


def test_where_nothing_can_be_compared_a_device_gets_longer(world: World) -> None:
    world.start(REP)
    world.live(10)
    first = world.heard(REP)
    world.live(ALONE_S - 0.1, giving=False)
    assert first.open
    world.live(0.5, giving=False)
    assert not first.open
    assert world.open()[REP] == "headset"


def test_a_loopback_that_may_rest_is_left_to_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Capture, "rests", True)
    world.start()
    world.live(60, giving=False)
    assert len(world.captures) == 2


def test_after_a_sleep_every_device_is_opened_anew(world: World) -> None:
    world.start()
    world.live(10)
    before = list(world.captures)
    world.asleep = 3600.0
    world.live(1)
    assert not any(c.open for c in before)
    assert world.open() == {REP: "headset", CUSTOMER: "speakers"}
    assert world.losses() == []
    world.live(10)
    assert len(world.captures) == 4


def test_without_the_first_microphone_there_is_no_call(world: World) -> None:
    world.refusing = {"headset"}
    with pytest.raises(Trouble, match="'Headset' cannot be opened"):
        world.start(REP)
    world.there = (SPEAKERS,)
    with pytest.raises(Trouble, match="'Headset' is not there"):
        world.start(REP)
    world.there = (HEADSET, SPEAKERS)
    world.refusing = set()
    world.start()
    with pytest.raises(RuntimeError, match="open already"):
        world.start(REP)


def test_another_side_that_is_not_there_at_first_is_told_and_sought(world: World) -> None:
    world.there = (HEADSET,)
    world.start()
    assert [who for who, _ in world.losses()] == [CUSTOMER]
    world.there = (HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(1)
    assert world.told[-1] == ("heard", CUSTOMER, "Speakers")


def test_a_pause_in_an_outage_opens_nothing_and_a_resume_does(world: World) -> None:
    world.start()
    world.live(10)
    world.there = (SPEAKERS,)
    world.heard(REP).lose()
    world.live(5)
    for source in world.keeper.sources:
        source.stop()
    world.there = (HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(20)
    assert world.open() == {}
    world.start()
    assert world.open() == {REP: "headset", CUSTOMER: "speakers"}


def test_a_resume_while_the_microphone_is_away_goes_on_seeking(world: World) -> None:
    world.start()
    for source in world.keeper.sources:
        source.stop()
    world.there = (SPEAKERS,)
    world.start()
    assert [who for who, _ in world.losses()] == [REP]
    world.there = (HEADSET, SPEAKERS)
    world.keeper.ring()
    world.live(1)
    assert world.told[-1] == ("heard", REP, "Headset")


def test_a_stop_hands_over_what_was_held_and_nothing_comes_after_it(world: World) -> None:
    world.start()
    capture = world.heard(REP)
    capture.held = BLOCK
    world.blocks.clear()
    for source in world.keeper.sources:
        source.stop()
        source.stop()
    assert world.blocks == [REP]
    capture.lose()
    assert world.keeper.step() is None
    assert world.losses() == []


def test_sentences_name_the_reason(world: World) -> None:
    world.start()
    world.live(10)
    world.refusing = {"webcam"}
    world.there = (mic("headset"), mic("webcam", default=True), SPEAKERS)
    world.keeper.ring()
    world.live(5)
    world.asleep = 60
    world.refusing = {"webcam", "speakers"}
    world.live(5)
    assert world.losses() == [
        (REP, f"'Headset' is no longer heard: {ANOTHER}. Reconnecting."),
        (CUSTOMER, f"'Speakers' is no longer heard: {SLEPT}. Reconnecting."),
    ]


class Patient:
    """A world in which the keeper's own thread takes the steps."""

    def __init__(self) -> None:
        self.bells: list[Bell] = []
        self.opened = threading.Semaphore(0)
        self.there: tuple[Device, ...] = (HEADSET, SPEAKERS)
        self.captures: list[Capture] = []
        world = self
        self.now, self.refusing, self.tried = 0.0, set[str](), list[tuple[float, str]]()

        def make(who: Who, device: Device) -> Capture:
            capture = Capture(world, who, device)  # type: ignore[arg-type]
            world.captures.append(capture)
            world.opened.release()
            return capture

        def bell(ring: Callable[[], None]) -> Bell:
            world.bells.append(Bell(ring))
            return world.bells[-1]

        self.keeper = Keeper(
            {REP: (Wish(HEADSET, follow=True), HEADSET), CUSTOMER: (Wish(SPEAKERS, follow=True), SPEAKERS)},
            lambda: Found(world.there),
            make,
            bell,
        )


def of_keeper() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "coach-devices"]


def test_one_thread_minds_all_sides_and_ends_with_the_last() -> None:
    world = Patient()
    for source in world.keeper.sources:
        source.start(lambda _: None, lambda *_: None)
        assert world.opened.acquire(timeout=20)
    assert len(of_keeper()) == 1
    world.captures[0].lose()
    assert world.opened.acquire(timeout=20)
    for source in world.keeper.sources:
        source.stop()
    assert of_keeper() == []
    assert [b.stopped for b in world.bells] == [True]


def test_a_step_that_fails_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    world = Patient()
    rep, customer = world.keeper.sources
    for source in (rep, customer):
        source.start(lambda _: None, lambda *_: None)
    look, failed = world.keeper._look, threading.Event()

    def broken() -> Found:
        world.keeper._look = look
        failed.set()
        raise OSError("out of luck")

    world.keeper._look = broken
    world.bells[0].ring()
    assert failed.wait(20)
    for _ in range(2):
        assert world.opened.acquire(timeout=20)
    world.there = (mic("webcam", default=True), SPEAKERS)
    world.bells[0].ring()
    assert world.opened.acquire(timeout=20)
    rep.stop()
    customer.stop()
    assert "could not be minded" in caplog.text
