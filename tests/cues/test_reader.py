"""What a reading of a sentence holds: a call keeps one for each."""

from __future__ import annotations

from typing import ClassVar

import pytest
from playbook import CUSTOMER, REP

from coach.cues.reader import Reader


def test_scores_that_are_alike_are_held_once():
    reader = Reader()
    readings = [reader.read(REP, "We ship on Mondays.").scores for _ in range(4)]
    pairs = [pair for scores in readings for pair in scores]
    assert len({id(pair) for pair in pairs}) == len(set(pairs)) < len(pairs) / 2


class Deaf:
    """Weights that read nothing in any sentence."""

    lines: ClassVar[dict[str, float]] = {}

    def weigh(self, who, said, rules, near, heard):
        return dict.fromkeys(rules, 0.0)


@pytest.mark.parametrize(
    ("who", "text", "cue"),
    [
        (CUSTOMER, "We don't have the budget for that.", "objection"),
        (CUSTOMER, "Not interested, thanks.", "objection"),
        (CUSTOMER, "Just send me an e-mail.", "objection"),
        (CUSTOMER, "What does it cost?", "asks_for_pitch"),
        (REP, "Thank you for telling me.", "acknowledge"),
    ],
)
def test_what_a_rule_is_sure_of_stands_whatever_the_weights_say(who, text, cue):
    assert cue in Reader(Deaf()).read(who, text).cues


@pytest.mark.parametrize(
    ("who", "text", "cue"),
    [
        (CUSTOMER, "I'd have to talk to my partner first.", "objection"),  # .65
        (REP, "I'm sorry to hear that.", "acknowledge"),  # .77
    ],
)
def test_what_a_rule_only_supposes_is_for_the_weights_to_say(who, text, cue):
    assert cue not in Reader(Deaf()).read(who, text).cues


class Sold:
    """Weights that take every sentence of the rep for a pitch, a plan and pressure, as surely as they are told to."""

    lines: ClassVar[dict[str, float]] = {}

    def __init__(self, plan: float, pressure: float) -> None:
        self.says = {"pitch": 0.9, "next_step": plan, "pressure": pressure}

    def weigh(self, who, said, rules, near, heard):
        return self.says if who is REP else {}


@pytest.mark.parametrize("text", ["We don't do that, I'm afraid.", "It can't handle those yet."])
def test_an_honest_limit_is_no_pitch(text):
    assert "pitch" not in Reader(Sold(0, 0)).read(REP, text).cues


@pytest.mark.parametrize("text", ["They can't do that.", "Nobody else can cover those, we can't do that."])
def test_what_others_cannot_do_is_one(text):
    assert "pitch" in Reader(Sold(0, 0)).read(REP, text).cues


def test_of_a_plan_and_pressure_the_likelier_stands():
    planned = Reader(Sold(0.8, 0.6)).read(REP, "Into the diary, then.").cues
    pressed = Reader(Sold(0.6, 0.8)).read(REP, "Into the diary, then.").cues
    assert "next_step" in planned
    assert "pressure" not in planned
    assert "pressure" in pressed
    assert "next_step" not in pressed


@pytest.mark.parametrize(
    ("text", "sure"), [("It's cold up there, right?", True), ("You'd miss it, wouldn't you?", False)]
)
def test_a_word_is_a_tag_for_sure_and_an_inverted_one_may_lead(text, sure):
    assert ("question.tag" in Reader(Deaf()).read(REP, text).cues) is sure


def test_harm_that_would_be_worse_a_second_time_is_no_sure_objection():
    assert "objection" in Reader(Deaf()).read(CUSTOMER, "But honestly I don't want it.").cues
    assert (
        "objection"
        not in Reader(Deaf()).read(CUSTOMER, "But honestly I don't want it to happen a second time.").cues
    )


def test_a_date_put_off_and_a_polite_request_are_no_sure_objections():
    assert not Reader(Deaf()).read(CUSTOMER, "Not this week, though, the oven's in pieces.").cues
    assert "objection" not in Reader(Deaf()).read(CUSTOMER, "Could you just send me an e-mail?").cues


class Generous(Deaf):
    """Weights that find whatever they are told to find in every sentence."""

    def __init__(self, *cues):
        self._cues = cues

    def weigh(self, who, said, rules, near, heard):
        return {cue: 0.9 if cue in self._cues else 0.0 for cue in rules}


@pytest.mark.parametrize("text", ["Sounds like a plan.", "That sounds good.", "Okay, sounds great to me."])
def test_whoever_agrees_gives_nothing_back(text):
    assert "reflection.label" not in Reader(Generous("reflection.label")).read(REP, text).cues


@pytest.mark.parametrize("text", ["Sounds like a plan that nobody asked you about.", "It sounds lonely."])
def test_what_goes_on_to_say_more_does(text):
    assert "reflection.label" in Reader(Generous("reflection.label")).read(REP, text).cues


@pytest.mark.parametrize(
    "text",
    [
        "Bye.",
        "Good-bye, Mrs Amos.",
        "Okay, bye now.",
        "Good morning, Anna.",
        "Hello?",
        "Thank you.",
        "No problem at all.",
    ],
)
def test_whoever_greets_thanks_or_parts_gives_nothing_back(text):
    reader = Reader(Generous("reflection.mirror"))
    reader.read(CUSTOMER, text)
    assert "reflection.mirror" not in reader.read(REP, text).cues


@pytest.mark.parametrize(
    "text", ["Good mornings are rare.", "The morning shift?", "Good morning shift?", "Thank you cards."]
)
def test_what_only_begins_like_a_greeting_may(text):
    reader = Reader(Generous("reflection.mirror"))
    reader.read(CUSTOMER, text)
    assert "reflection.mirror" in reader.read(REP, text).cues


@pytest.mark.parametrize(
    "text",
    [
        "It sounds like a lot of excuses to me.",
        "It seems that if you really want to keep your customers, you have to answer the phone.",
        "It sounds like you lose a day a week. What were you thinking?",
        "It sounds like you lose a day a week. You need to sort that out.",
        "It sounds like you lose a day a week. Stop blaming the weather.",
        "I think it sounds like something that you should have sold years ago.",
    ],
)
def test_who_scolds_or_orders_in_one_breath_gives_nothing_back(text):
    assert "reflection.label" not in Reader(Generous("reflection.label")).read(REP, text).cues


@pytest.mark.parametrize(
    "text",
    [
        "It sounds like you have to be in at five.",
        "You need to be in at five.",
        "It sounds like you lose a day a week. So you feel you should do something.",
        "It sounds like you were afraid that you were lazy.",
        "It sounds like it won't stop raining.",
        "It sounds like the timing is wrong. What are you thinking?",
        "It sounds like a slow job. How could you make that easier?",
        "It sounds like a slow job. You have to ring them every time.",
        "So if you want a part you have to fill in three forms.",
        "It sounds like you want to cut the paper and stop wasting Fridays.",
        "It sounds like that's just not good enough. I'll call your office about it.",
        "It sounds like the wages. You can't keep people.",
        "It sounds like you know better than I do what they want. What do you care about most?",
    ],
)
def test_who_says_back_what_they_must_or_feel_does(text):
    assert "reflection.label" in Reader(Generous("reflection.label")).read(REP, text).cues


@pytest.mark.parametrize(
    "text", ["I wonder how they get it so smooth.", "Well, I do wonder.", "What a view."]
)
def test_who_muses_or_marvels_asks_nothing(text):
    assert "question.open" not in Reader(Generous("question.open")).read(REP, text).cues


@pytest.mark.parametrize("text", ["I wonder what that costs you.", "I wonder how they do it?"])
def test_who_wonders_about_the_other_may_ask(text):
    assert "question.open" in Reader(Generous("question.open")).read(REP, text).cues


@pytest.mark.parametrize(
    "text", ["Did you have a good trip in?", "How was the flight over?", "how was your weekend"]
)
def test_asking_after_a_trip_is_small_talk_whatever_the_weights_say(text):
    cues = Reader(Generous("question.closed")).read(REP, text).cues
    assert "question.courtesy" in cues
    assert "question.closed" not in cues


@pytest.mark.parametrize("text", ["How was the trial?", "Did you have a good look at the break room?"])
def test_asking_after_their_work_is_not(text):
    assert "question.closed" in Reader(Generous("question.closed")).read(REP, text).cues


@pytest.mark.parametrize(
    "text",
    [
        "My staff hate the old till.",
        "We're sick of our old van.",
        "Everybody complains about the current one.",
    ],
)
def test_who_cannot_stand_what_they_have_does_not_push_back(text):
    reader = Reader(Generous("objection", "pitch"))
    reader.read(REP, "Ours does it in a minute.")
    assert "objection" not in reader.read(CUSTOMER, text).cues


@pytest.mark.parametrize("text", ["My staff would hate it.", "We're fond of the old one."])
def test_who_cannot_stand_what_is_offered_does(text):
    reader = Reader(Generous("objection", "pitch"))
    reader.read(REP, "Ours does it in a minute.")
    assert "objection" in reader.read(CUSTOMER, text).cues


@pytest.mark.parametrize("text", ["Do you want the long version?", "Shall I tell you what she said?"])
def test_who_offers_to_tell_more_asks_for_no_pitch(text):
    assert "asks_for_pitch" not in Reader(Generous("asks_for_pitch")).read(CUSTOMER, text).cues


def test_who_offers_a_chance_to_show_it_may():
    text = "Do you want to show me how it works?"
    assert "asks_for_pitch" in Reader(Generous("asks_for_pitch")).read(CUSTOMER, text).cues


class Torn:
    """Weights that hear trouble and a reason against in every sentence, as surely as they are told to."""

    lines: ClassVar[dict[str, float]] = {"need": 0.45, "objection": 0.3}

    def __init__(self, need: float, objection: float) -> None:
        self.says = {"need": need, "objection": objection, "pitch": 0.9}

    def weigh(self, who, said, rules, near, heard):
        return {cue: self.says.get(cue, 0.0) for cue in rules}


@pytest.mark.parametrize(
    ("need", "objection", "stands"), [(0.6, 0.5, {"need"}), (0.5, 0.6, {"objection"}), (0.6, 0.1, {"need"})]
)
def test_of_trouble_and_a_reason_against_the_likelier_stands(need, objection, stands):
    reader = Reader(Torn(need, objection))
    reader.read(REP, "Ours does it in a minute.")
    cues = reader.read(CUSTOMER, "It eats half of the till roll.").cues
    assert set(cues) & {"need", "objection"} == stands


class Doubtful(Generous):
    """Weights that half believe in what they find, and let that do."""

    lines: ClassVar[dict[str, float]] = {"objection": 0.25, "pitch": 0.25}

    def weigh(self, who, said, rules, near, heard):
        return {cue: min(score, 0.3) for cue, score in super().weigh(who, said, rules, near, heard).items()}


def test_a_doubtful_complaint_is_an_objection_only_once_something_was_offered():
    text = "It eats half of the till roll."
    reader = Reader(Doubtful("objection", "pitch"))
    assert "objection" not in reader.read(CUSTOMER, text).cues
    reader.read(REP, "Ours does it in a minute.")
    assert "objection" in reader.read(CUSTOMER, text).cues


def test_nobody_pushes_back_before_anything_was_offered():
    text = "It's far too slow for a Saturday."
    reader = Reader(Generous("objection"))
    assert "world.obstacle" in reader.read(CUSTOMER, text).cues
    reader = Reader(Generous("objection", "pitch"))
    reader.read(REP, "Ours does it in a minute.")
    assert "world.obstacle" not in reader.read(CUSTOMER, text).cues


@pytest.mark.parametrize(
    ("need", "objection", "stands"),
    [
        (0.46, 0.0, {"need"}),
        (0.36, 0.0, {"need.perhaps"}),
        (0.34, 0.0, set()),
        (0.4, 0.35, {"need.perhaps", "objection"}),
        (0.4, 0.42, {"objection"}),
    ],
)
def test_a_need_too_doubtful_to_count_is_marked_for_the_nudges(need, objection, stands):
    reader = Reader(Torn(need, objection))
    reader.read(REP, "Our till counts itself.")
    cues = set(reader.read(CUSTOMER, "It went round and round.").cues)
    assert cues & {"need", "need.perhaps", "objection"} == stands


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("The vans are always late.", True),
        ("We never know who was in.", True),
        ("You never know.", False),
        ("It's always lovely there.", False),
    ],
)
def test_what_goes_wrong_every_time_is_a_need_however_doubtful(text, stands):
    assert ("need" in Reader(Torn(0.2, 0.0)).read(CUSTOMER, text).cues) is stands


def test_what_pushes_back_is_no_need_even_if_it_goes_wrong_every_time():
    reader = Reader(Torn(0.2, 0.6))
    reader.read(REP, "Our vans are on time.")
    assert "need" not in reader.read(CUSTOMER, "Firms like yours are always late.").cues
