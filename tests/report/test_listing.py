"""A wish and the calls that fit it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from coach.archive.catalogue import Row
from coach.report.listing import Wanted, searched

CALLS = [
    Row(
        "/a", "2026-11-22-100000", "2026-11-22T10:00:00+01:00", 3.0, "discovery", "Corinne, Bakery", ("won",)
    ),
    Row("/b", "2026-11-20-100000", "2026-11-20T23:59:59-08:00", 2.0, "demo", "Straße 9", ("lifts", "won")),
    Row("/c", "r-0011", "", None, "discovery", "an old tape"),
]


def fitting(**wish) -> str:
    return "".join(CALLS[i].path[1:] for i in Wanted(**wish).fitting([(searched(c), c) for c in CALLS]))


def test_no_wish_wants_all() -> None:
    assert fitting() == "abc"
    assert not Wanted(text="  ")
    assert Wanted(tag="won")


def test_words_may_stand_anywhere_in_any_case() -> None:
    assert fitting(text="BAKERY corinne") == "a"
    assert fitting(text="strasse") == "b"
    assert fitting(text="lift") == "b"
    assert fitting(text="r-00") == "c"
    assert fitting(text="bakery tape") == ""


def test_type_tag_and_days() -> None:
    assert fitting(call_type="discovery") == "ac"
    assert fitting(tag="won") == "ab"
    assert fitting(since=date(2026, 11, 21)) == "a"
    assert fitting(until=date(2026, 11, 20)) == "b"
    assert fitting(since=date(2026, 11, 20), until=date(2026, 11, 22), tag="lifts") == "b"


@given(text=st.text(max_size=8), call_type=st.sampled_from(["", "demo"]), tag=st.sampled_from(["", "won"]))
def test_a_longer_wish_never_finds_more(text: str, call_type: str, tag: str) -> None:
    assert set(fitting(text=text, call_type=call_type, tag=tag)) <= set(fitting(call_type=call_type))
