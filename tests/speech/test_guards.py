"""The guards on made-up hypotheses."""

from __future__ import annotations

import pytest

from coach.speech.guards import (
    Hypothesis,
    before_repeat,
    is_loop,
    is_phantom,
    is_shouted,
    may_be_echo,
    without_echo,
)


def written(
    text: str, *, no_speech: float = 0.05, sureness: float = -0.3, tokens: int = 0, most: int = 100
) -> Hypothesis:
    return Hypothesis(text, tokens or len(text.split()), most, no_speech, sureness)


def test_the_models_own_doubt_makes_a_phantom() -> None:
    text = "We should talk about the price."
    assert is_phantom(written(text, no_speech=0.7), 3_000)
    assert is_phantom(written(text, no_speech=0.5, sureness=-2.0), 3_000)
    assert not is_phantom(written(text, no_speech=0.5), 3_000)


def test_a_text_all_in_capitals_is_shouted():
    assert is_shouted(["HON", "NO", "WORIES."])
    assert not is_shouted(["Ha,", "no", "WORRIES."])
    assert not is_shouted(["IBM."])
    assert not is_shouted(["A", "B"])


def test_known_phantoms_are_believed_with_voice_and_likelihood_only() -> None:
    assert is_phantom(written(" you"), 100)
    assert is_phantom(written("You", sureness=-2.3), 470)
    assert is_phantom(written("Beep beep beep", no_speech=0.5), 2_000)
    assert not is_phantom(written("Thank you."), 500)
    assert not is_phantom(written("Oh?", sureness=-0.9), 190)


def test_dots_are_a_phantom() -> None:
    assert is_phantom(written(". . . ."), 3_000)


def test_a_text_that_repeats_itself_is_a_loop() -> None:
    assert is_loop(written("I'm going to do this. " * 12))
    assert is_loop(written("no no no no no no"))
    assert is_loop(written("word", tokens=100, most=100))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No, no, no, no.",
        "We looked at it and we looked at it again.",
        "Yeah. Yeah. It's the same thing, the same.",
    ],
)
def test_speech_that_repeats_itself_is_no_loop(text: str) -> None:
    assert not is_loop(written(text))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("we sort it and so on and so on and so on and so on", "we sort it and so on"),
        ("it is what it is", "it is what it is"),
        ("Yes. Yes. Yes. Yes. Yes. Yes.", "Yes."),
    ],
)
def test_a_loop_is_cut_after_its_first_round(text: str, kept: str) -> None:
    assert " ".join(before_repeat(text.split())) == kept


NAMES = ("Ferrolift", "Acme Lifts")


@pytest.mark.parametrize(
    ("hinted", "suspect"),
    [
        (written("Ferrolift."), True),
        (written("Acme Lifts. Ferrolift."), True),
        (written(""), True),
        (written("We have Ferrolift."), False),
        (written("We have Ferrolift.", no_speech=0.35), True),
        (written("S-", sureness=-3.1), True),
        (written("so so so so so so so"), True),
    ],
)
def test_names_alone_and_doubt_need_a_second_look(hinted: Hypothesis, suspect: bool) -> None:  # noqa: FBT001 - a case's outcome
    assert may_be_echo(hinted, NAMES) is suspect


@pytest.mark.parametrize(
    ("hinted", "plain", "believed"),
    [
        ("Ferrolift.", "Ferro lift.", "Ferrolift."),
        ("Ferrolift.", "Feral lift.", "Ferrolift."),
        ("Ferrolift.", "Mm-hm, yes.", "Mm-hm, yes."),
        ("Ferrolift.", "", ""),
        ("We have Ferrolift.", "We have furry left.", "We have Ferrolift."),
        ("no no no no no no", "No, no.", "No, no."),
    ],
)
def test_a_name_is_believed_where_its_sound_is_there_without_the_hint(
    hinted: str, plain: str, believed: str
) -> None:
    assert without_echo(written(hinted), written(plain), NAMES, 800).text == believed


def test_what_is_no_speech_without_the_hint_is_none_with_it() -> None:
    assert is_phantom(without_echo(written("Ferrolift."), written("You", no_speech=0.9), NAMES, 800), 800)
