"""Which words may be written down: each side's own, and nothing of theirs through a back door."""

from __future__ import annotations

import pytest

from coach.archive.discretion import Discretion, blanked
from coach.call.events import (
    BleedMeasured,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    Leak,
    SentenceHeard,
    TimePassed,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.nudges.commands import HideNudge, Noticed, Nudge, ShowNudge

REP, CUSTOMER = Who.REP, Who.CUSTOMER
MINE = SentenceHeard(13_000, REP, 10_000, 12_000, "What would help you?", ("question.open",))
THEIRS = SentenceHeard(9_000, CUSTOMER, 5_000, 8_000, "Our lift stands still.", ("need",))
MM = SentenceHeard(9_500, CUSTOMER, 9_000, 9_400, "Mm-hm.", ("backchannel",))


@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        ("words", "words", (MINE, THEIRS)),
        ("words", "timings", (MINE, blanked(THEIRS))),
        ("timings", "timings", (blanked(MINE), blanked(THEIRS))),
    ],
)
def test_each_side_keeps_what_was_chosen_for_it(mine: str, theirs: str, kept: tuple) -> None:
    discretion = Discretion(mine, theirs)
    assert (discretion.event(MINE), discretion.event(THEIRS)) == kept
    assert discretion.event(MM) == MM
    assert blanked(THEIRS).cues == ("need",)
    assert blanked(THEIRS).text == "· · · ·"


def after(*events: object) -> SentenceHeard:
    discretion = Discretion("words", "timings")
    for event in events:
        assert discretion.event(event) == event
    return discretion.event(MINE)


HEADPHONES = BleedMeasured(1_000, Leak.HEADPHONES, 0.1)


@pytest.mark.parametrize(
    "events",
    [
        [VoiceStarted(11_100, CUSTOMER, 11_000)],
        [VoiceStarted(5_100, CUSTOMER, 5_000), VoiceStopped(10_200, CUSTOMER, 10_100)],
        [VoiceStarted(5_100, CUSTOMER, 5_000), VoiceStopped(10_050, CUSTOMER, 9_950)],
        [ChannelLost(4_000, CUSTOMER, "unplugged", 3_500)],
        [ChannelLost(4_000, CUSTOMER, "unplugged")],
        [BleedMeasured(1_000, Leak.STRONG, 0.9, -3.0), VoiceStarted(11_100, CUSTOMER, 11_000)],
        [HEADPHONES, BleedMeasured(2_000, Leak.SOME, 0.5, -20.0), VoiceStarted(11_100, CUSTOMER, 11_000)],
        [HEADPHONES, DeviceHeard(9_000, CUSTOMER, "Loudspeaker"), VoiceStarted(11_100, CUSTOMER, 11_000)],
        [CallStarted(0, "demo", (REP, CUSTOMER), estimated=True)],
        [CallStarted(0, "demo", (REP,), mixed=True)],
    ],
)
def test_what_a_microphone_may_have_heard_of_them_is_not_written_as_yours(events: list) -> None:
    assert after(*events) == blanked(MINE)


@pytest.mark.parametrize(
    "events",
    [
        [CallStarted(0, "demo", (REP, CUSTOMER)), TimePassed(500)],
        [VoiceStarted(5_100, CUSTOMER, 5_000), VoiceStopped(9_900, CUSTOMER, 9_800)],
        [VoiceStarted(12_100, CUSTOMER, 12_000)],
        [VoiceStarted(11_100, REP, 11_000), ChannelLost(11_200, REP, "unplugged")],
        [VoiceStopped(900, CUSTOMER, 800)],
        [ChannelLost(4_000, CUSTOMER, "unplugged", 3_500), ChannelBack(9_000, CUSTOMER)],
        [HEADPHONES, VoiceStarted(11_100, CUSTOMER, 11_000)],
    ],
)
def test_what_was_surely_yours_is(events: list) -> None:
    assert after(*events) == MINE


def test_a_question_built_from_their_words_is_not_written_without_them() -> None:
    nudge = Nudge("pounce", "Stay with that", "", 0, 0, (), "", "What does the lift cost you?")
    shown = ShowNudge(0, nudge, "What does the lift cost you?")
    noticed = Noticed("pounce", "Stay with that", "", 0, (), "", "What does the lift cost you?")
    closed, open_ = Discretion("words", "timings"), Discretion("words", "words")
    assert "lift" not in repr(closed.command(shown))
    assert "lift" not in repr(closed.moments([noticed]))
    assert open_.command(shown) == shown
    assert list(open_.moments([noticed])) == [noticed]
    assert closed.command(HideNudge(0, "pounce", "time")) == HideNudge(0, "pounce", "time")
