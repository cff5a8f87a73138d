"""Cues that a sentence has because of what was said before: dialogues, a line a sentence."""

from __future__ import annotations

import pytest

from coach.call.events import Who
from coach.call.vocabulary import REFLECTIONS
from coach.cues.context import Memory
from coach.cues.reader import Reader
from coach.cues.text import sentence


def heard(dialogue: str) -> list[tuple[str, ...]]:
    """Read a dialogue ("r: …" the rep, "c: …" the customer) and return the cues of each line."""
    reader = Reader()
    sides = {"r": Who.REP, "c": Who.CUSTOMER}
    return [reader.read(sides[line[0]], line[3:]).cues for line in dialogue.strip().splitlines()]


@pytest.mark.parametrize(
    "dialogue",
    [
        "c: The volunteers open the hall at six.\nc: And half of them never turn up.\nr: Why is that?",
        "c: We moved the herd to the upper field last spring.\nr: What happened to the herd then?",
        "c: My sister does the books on Sundays.\nr: And how does she feel about that?",
        "c: The scaffolders left after two days.\nr: What made them leave?",
        "c: The invoices go out late.\nr: You said the invoices go out late, what does that do to you?",
        "c: It's the smell that worries the neighbours.\nr: say more about that smell",
    ],
)
def test_a_question_about_the_last_answer_follows_up(dialogue: str) -> None:
    assert "follow_up" in heard(dialogue)[-1]


@pytest.mark.parametrize(
    "dialogue",
    [
        "c: The volunteers open the hall at six.\nr: What is your budget for this year?",
        "c: We moved the herd last spring.\nr: Before I forget, do you need the form in Welsh?",
        "c: My sister does the books.\nr: Did I get that right?",
        "r: What do you grow?",
        "c: The scaffolders left.\nr: Shall we say Monday at ten?",
        "c: It smells.\nr: The smell goes away after a week.",
    ],
)
def test_a_question_of_every_list_does_not(dialogue: str) -> None:
    assert "follow_up" not in heard(dialogue)[-1]


@pytest.mark.parametrize(
    ("dialogue", "mirrored"),
    [
        ("c: Then the choir moved out of the chapel.\nr: Out of the chapel?", True),
        ("c: I had to pay the plumber twice.\nr: Twice?", True),
        ("c: I couldn't find my keys all winter.\nr: You couldn't find your keys.", True),
        ("c: Then the choir moved out of the chapel.\nr: Is the organ all right?", False),
        ("c: We pay twice.\nr: Do you?", False),
        ("c: I had to pay the plumber twice.\nr: We never charge twice.", False),
    ],
)
def test_a_mirror_gives_back_their_words(dialogue: str, mirrored: bool) -> None:  # noqa: FBT001 - a case's outcome
    cues = heard(dialogue)[-1]
    assert ("reflection.mirror" in cues) is mirrored
    if mirrored:
        assert not any(c.startswith("question.") for c in cues)


@pytest.mark.parametrize(
    "dialogue",
    [
        "c: What does the lift cost?\nr: It's ninety euros a month, service included.",
        "r: May I tell you how a nursery did it?\nc: Yes, please.\nr: With us every child gets a badge.",
        "c: Could you show me the rota?\nr: Which week?\nc: May.\nr: Here's the rota, drag a name.",
        "c: Do you do roofs as well?\nr: We do, and our roofers are all certified.",
        "c: How does it work?\nr: You scan the label.\nc: Mm-hm.\nr: Then it prints a list for the driver.",
    ],
)
def test_what_was_asked_for_is_invited(dialogue: str) -> None:
    assert {"pitch", "invited"} <= set(heard(dialogue)[-1])


@pytest.mark.parametrize(
    "dialogue",
    [
        "c: The lambs get lost on the hill.\nr: Our collars find every lamb in a minute.",
        "r: May I tell you how a nursery did it?\nc: No, not now.\nr: Our badge solves all of that.",
        "c: What does it cost?\nr: It's ninety a month.\nc: Well, our fields are wet.\nr: Our pumps are the best.",
    ],
)
def test_what_was_not_asked_for_is_a_pitch_uninvited(dialogue: str) -> None:
    cues = heard(dialogue)[-1]
    assert "pitch" in cues
    assert "invited" not in cues


def test_a_pitch_goes_on_in_plain_sentences() -> None:
    cues = heard("r: Let me show you our planner.\nr: Every boat is a line.\nr: Red means it's late.")
    assert all("pitch" in c for c in cues)


def test_a_pitch_ends_where_the_customer_takes_the_floor() -> None:
    cues = heard(
        "r: Let me show you our planner.\nc: Wait, the harbour master left in May.\nr: He left in May?\nc: Yes."
    )
    assert "pitch" not in cues[2]


def test_a_question_between_pitches_is_meant_for_nobody() -> None:
    cues = heard("r: Our glass never fogs.\nr: So why do we coat it twice?\nr: Because salt eats it.")
    assert "question.rhetorical" in cues[1]


def test_a_bare_word_is_a_back_channel_only_while_the_other_talks() -> None:
    assert heard("r: The kiln takes a night to cool.\nc: Right.")[-1] == ("backchannel",)
    assert "backchannel" not in heard("r: Is the kiln yours?\nc: Right.")[-1]
    assert heard("c: And then the kiln went out.\nr: Oh no.")[-1] == ("backchannel",)


def test_run_together_sentences_are_read_one_by_one() -> None:
    cues = heard("c: The tenants moved out.\nr: That makes sense. What did they say?")[-1]
    assert {"acknowledge", "question.open"} <= set(cues)


def test_another_customers_outcome_is_pitch_and_story() -> None:
    cues = heard(
        "r: We worked with a dairy that had the same problem.\n"
        "r: Six weeks later they'd cut their losses in half, and they told all their neighbours about us."
    )
    assert {"pitch", "story"} <= set(cues[-1])


def memory_of(*turns: tuple[Who, str]) -> Memory:
    """Return what is remembered of turns of one sentence."""
    memory = Memory()
    for who, text in turns:
        if who is Who.REP:
            memory.rep_spoke(sentence(text), frozenset({"reflection.paraphrase"}), asked=False)
        else:
            memory.customer_spoke(sentence(text), frozenset(), agrees=False)
    return memory


def test_an_answer_is_read_beside_what_was_asked() -> None:
    memory = Memory()
    memory.rep_spoke(sentence("What does that do to the staff?"), frozenset({"question.open"}), asked=True)
    assert memory.answering() == "what does that do to the staff"
    memory.customer_spoke(sentence("They leave."), frozenset(), agrees=False)
    assert memory.answering() == "they leave"


def test_what_is_said_after_an_offer_is_read_alone() -> None:
    memory = Memory()
    memory.rep_spoke(sentence("Ours never stops."), frozenset({"pitch"}), asked=False)
    assert not memory.answering()


@pytest.mark.parametrize("assent", ["Yeah.", "Mm-hm.", "Right, yeah."])
def test_behind_a_mere_yes_stands_what_was_told(assent: str) -> None:
    memory = memory_of(
        (Who.CUSTOMER, "The choir left the chapel."), (Who.REP, "So they went."), (Who.CUSTOMER, assent)
    )
    assert memory.heard().startswith("the choir left the chapel")
    assert "chapel" in memory.topics()


def test_a_real_answer_stands_for_itself() -> None:
    memory = memory_of(
        (Who.CUSTOMER, "The choir left the chapel."),
        (Who.REP, "So they went."),
        (Who.CUSTOMER, "Over the heating."),
    )
    assert memory.heard() == "over the heating"
    assert "chapel" not in memory.topics()


@pytest.mark.parametrize("small", ["All right.", "Right.", "Okay, okay."])
def test_a_small_word_said_after_them_is_no_mirror(small: str) -> None:
    assert not REFLECTIONS.intersection(heard(f"r: We could start on Monday.\nc: {small}\nr: {small}")[-1])


def test_a_proposal_follows_nothing_up() -> None:
    cues = heard("c: Monday is when the vicar is in.\nr: Then how about Monday at ten, with the vicar?")[-1]
    assert "next_step" in cues
    assert "follow_up" not in cues
