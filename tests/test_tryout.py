"""A try-out: the line of a call hears a synthetic voice, and the engine decides; time is that of the sound."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import FakeSource, LoudnessDetector, blocks, sound
from playbook import CUSTOMER, REP

from coach import app, consent
from coach.audio.levels import Level
from coach.nudges.commands import HideNudge, ShowNudge
from coach.settings import CallSettings, RuleSettings, Settings, WordingSettings
from coach.trouble import Trouble
from coach.tryout import LIMIT_S, Ended, Talked, Tryout, profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT_S = 30


class Bench:
    """One try-out whose microphone is in the hands of a test."""

    def __init__(self, settings: Settings | None = None, source: FakeSource | None = None) -> None:
        self.now = 50.0
        self.news: list[object] = []
        self.microphone = source or FakeSource(REP)
        self.asked: list[Settings] = []
        self.tried = Tryout(settings or Settings(), self.devices, self.news.append, lambda: self.now)
        self.thread = threading.Thread(target=self.tried.run, daemon=True)

    def devices(self, settings: Settings) -> tuple[list[FakeSource], str]:
        self.asked.append(settings)
        return [self.microphone], ""

    def wait_for(self, condition: Callable[[], bool]) -> None:
        for _ in range(round(WAIT_S / 0.002)):
            if condition() or not self.thread.is_alive():
                return
            threading.Event().wait(0.002)
        raise TimeoutError

    def play(self, *voices: tuple[float, float], length_s: float, room: bool = True) -> None:
        """Speak into the microphone, as fast as the line hears; with a room there is a little noise, as there lives."""
        self.thread.start()
        self.wait_for(lambda: self.microphone.deliver is not None)
        samples = sound(length_s, *voices)
        if room:
            samples += np.random.default_rng(0).integers(-20, 20, len(samples)).astype(np.int16)
        for block in blocks({REP: samples}, block_ms=100):
            self.now = 50.0 + block.end / 16_000
            if (deliver := self.microphone.deliver) is None:
                break
            deliver(block)
            heard_ms = (
                block.end // 16 - 400
            )  # a quiet line tells that time has passed every quarter of a second
            self.wait_for(lambda: self.tried._call._session.now_ms >= heard_ms)  # noqa: B023 - called at once

    def over(self) -> Ended:
        assert self.tried.closed.wait(WAIT_S)
        self.thread.join(WAIT_S)
        assert self.microphone.deliver is None
        ended = self.news[-1]
        assert isinstance(ended, Ended)
        return ended

    def of(self, kind: type) -> list:
        return [n for n in self.news if isinstance(n, kind)]


@pytest.fixture(autouse=True)
def quick_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.audio.voice.make_detector", lambda _engine: LoudnessDetector())


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [t.name for t in set(threading.enumerate()) - before if t.name.startswith("coach-")] == []


def test_who_talks_without_a_pause_is_nudged_after_eight_seconds_and_no_sooner() -> None:
    bench = Bench()
    bench.play((1, 18), length_s=25)
    assert bench.over().how == "shown"
    (shown,) = bench.of(ShowNudge)
    assert shown.nudge.rule == "monologue"
    assert dict(shown.nudge.because)["limit_s"] == LIMIT_S
    assert 1000 * (1 + LIMIT_S) <= shown.at_ms <= 1000 * (1 + LIMIT_S + 2)
    (hidden,) = bench.of(HideNudge)
    assert (hidden.why, hidden.at_ms - shown.at_ms) == ("time is over", 6000)


def test_it_comes_at_a_breath_and_leaves_as_soon_as_one_pauses() -> None:
    bench = Bench()
    bench.play((1, 9.2), (30, 31), length_s=32)
    assert bench.over().how == "shown"
    (shown,), (hidden,) = bench.of(ShowNudge), bench.of(HideNudge)
    assert 9_400 <= shown.at_ms <= 9_800
    assert (hidden.why, hidden.at_ms - shown.at_ms) == ("done", 3000)


def test_a_shorter_talk_is_no_monologue_here_either() -> None:
    bench = Bench()
    bench.play((1, 8), (10.5, 17), length_s=60)
    ended = bench.over()
    assert (ended.how, bench.of(ShowNudge)) == ("short", [])
    assert 13_000 <= ended.voice_ms <= 14_500


def test_a_run_that_began_late_may_come_to_its_end() -> None:
    bench = Bench()
    bench.play((15, 26), length_s=60)
    assert bench.over().how == "shown"


def test_whoever_says_nothing_is_told_so_after_twenty_seconds() -> None:
    bench = Bench()
    bench.play(length_s=60)
    assert bench.over() == Ended("silent")
    assert 50 + 20 <= bench.now <= 50 + 60
    assert bench.of(Talked) == []


def test_a_muted_microphone_is_known_at_once() -> None:
    bench = Bench()
    bench.play(length_s=60, room=False)
    ended = bench.over()
    assert ended.how == "silent"
    assert "Is it muted" in ended.sentence


def test_how_far_the_run_is_and_how_loud_is_told_meanwhile() -> None:
    bench = Bench()
    bench.play((1, 4), (6, 7), length_s=60)
    bench.over()
    runs = [t.run_ms for t in bench.of(Talked)]
    assert max(runs) == pytest.approx(3000, abs=300)
    assert 0 in runs
    assert len(runs) < 40
    assert {level.state for level in bench.of(Level)} >= {"heard", "silent"}


@pytest.mark.parametrize(("answer", "why"), [("dismiss", "dismissed"), ("unhelpful", "not helpful")])
def test_the_card_is_answered_as_in_a_call(answer: str, why: str) -> None:
    bench = Bench()
    take = bench.news.append

    def tell(news: object) -> None:
        take(news)
        if isinstance(news, ShowNudge):
            getattr(bench.tried, answer)(news.nudge.rule)

    bench.tried._tell = tell
    bench.play((1, 18), length_s=25)
    assert bench.over().how == "shown"
    assert [h.why for h in bench.of(HideNudge)] == [why]


def test_quiet_that_is_asked_for_takes_the_card_away() -> None:
    bench = Bench()
    take = bench.news.append
    bench.tried._tell = lambda news: (
        take(news),
        bench.tried.not_now() if isinstance(news, ShowNudge) else None,
    )
    bench.play((1, 18), length_s=25)
    bench.over()
    assert [h.why for h in bench.of(HideNudge)] == ["not now"]


@pytest.mark.parametrize("how", ["end", "let_go"])
def test_it_can_be_ended_at_any_time(how: str) -> None:
    bench = Bench()
    bench.play((1, 5), length_s=5)
    getattr(bench.tried, how)()
    assert bench.over().how == "ended"
    assert bench.of(ShowNudge) == []


def test_one_that_was_ended_before_it_began_opens_nothing() -> None:
    bench = Bench()
    for answer in ("dismiss", "unhelpful"):
        getattr(bench.tried, answer)("monologue")
    bench.tried.not_now()
    bench.tried.let_go()
    bench.tried.run()
    assert bench.news == [Ended("ended")]
    assert bench.microphone.starts == 0


def test_without_a_microphone_it_says_so() -> None:
    def none(_settings: Settings) -> tuple[list[FakeSource], str]:
        raise Trouble("There is no microphone.", "Plug one in.")

    news: list[object] = []
    Tryout(Settings(), none, news.append).run()
    assert news == [Ended("trouble", "There is no microphone. Plug one in.")]


def test_a_microphone_that_cannot_be_opened_is_told_of() -> None:
    bench = Bench(source=FakeSource(REP, Trouble("It is busy.")))
    bench.tried.run()
    assert bench.news == [Ended("trouble", "It is busy.")]


def test_a_microphone_that_is_lost_ends_it() -> None:
    bench = Bench()
    bench.play((1, 4), length_s=4)
    bench.microphone.lost(REP, "'Yeti' is no longer heard.")
    ended = bench.over()
    assert (ended.how, ended.sentence) == ("trouble", "'Yeti' is no longer heard.")


@pytest.mark.usefixtures("unanswered")
def test_only_the_rep_is_heard_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{home}_HOME", str(tmp_path / home))
    bench = Bench()
    bench.play((1, 18), length_s=25)
    bench.over()
    assert consent.answer(app.data_folder()) is None, "nobody was asked: the other side is not heard"
    assert [s.audio.other_side for s in bench.asked] == ["none"]
    assert list(tmp_path.iterdir()) == []


def test_a_second_side_is_never_opened() -> None:
    bench = Bench()
    other = FakeSource(CUSTOMER)
    bench.tried._devices = lambda _: ([other, bench.microphone], "")
    bench.play((1, 2), length_s=2)
    bench.tried.end()
    bench.over()
    assert other.starts == 0


def test_the_profile_takes_over_what_is_the_reps_own_and_lets_one_rule_speak() -> None:
    mine = Settings(
        call=CallSettings("demo", 30.0, "pounce"),
        rules=RuleSettings(monologue=False),
        wording=WordingSettings(monologue="Breathe"),
    )
    made = profile(mine)
    assert made.wording == mine.wording
    assert made.overlay == mine.overlay
    bench = Bench(mine)
    bench.play((1, 18), length_s=25)
    bench.over()
    assert [s.nudge.text for s in bench.of(ShowNudge)] == ["Breathe"]
