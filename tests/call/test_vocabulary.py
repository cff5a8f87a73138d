"""The words of a back-channel."""

import pytest

from coach.call.vocabulary import is_backchannel


@pytest.mark.parametrize(
    "text",
    ["Mm-hm.", "Mm-hmm.", "Mhmm", "Right.", "I see.", "Got it", "Oh, wow.", "Yeah, yeah, okay.", "UH-HUH"],
)
def test_these_take_no_floor(text):
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text", ["", "...", "Two's fine.", "Yes, we do that.", "Right right right right", "Why?"]
)
def test_these_do(text):
    assert not is_backchannel(text)
