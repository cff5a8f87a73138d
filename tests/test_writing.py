"""Numbers, shares, days and times as people of each language write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coach import language
from coach.language import ENGLISH, write_in
from coach.writing import HARD, count, day, moment, number, plural, share, short, time_of_day, whole_day

TODAY = date(2026, 11, 23)


@pytest.fixture
def german() -> None:
    write_in(language.language("de"))


def test_english_numbers() -> None:
    assert number(1234.5, 1) == "1234.5"
    assert short(1.6) == "1.6"
    assert short(20.0) == "20"
    assert count(12_345) == "12,345"
    assert share(0.016, 1) == "1.6%"


def test_german_numbers(german) -> None:
    assert number(1.6, 1) == "1,6"
    assert short(75.0) == "75"
    assert short(0.5) == "0,5"
    assert count(1_234_567) == "1.234.567"
    assert share(0.016, 1) == f"1,6{HARD}%"
    assert share(0.72) == f"72{HARD}%"


@pytest.mark.parametrize(
    ("began", "english", "german"),
    [
        ("2026-11-23T14:05:00+01:00", "Today", "Heute"),
        ("2026-11-22", "Yesterday", "Gestern"),
        ("2026-11-20T09:00", "Fri 20 Nov", "Fr., 20. Nov."),
        ("2026-03-02", "2 Mar", "2. März"),
        ("2024-02-29", "29 Feb 2024", "29. Feb. 2024"),
        ("2026-11-30", "30 Nov", "30. Nov."),
        ("nonsense", "", ""),
    ],
)
def test_a_day_is_as_short_as_it_is_clear(began, english, german) -> None:
    assert day(began, TODAY) == english
    write_in(language.language("de"))
    assert day(began, TODAY) == german


def test_a_whole_day_names_its_month(german) -> None:
    assert whole_day("2026-11-23T10:00:00") == "23. November 2026"
    write_in(ENGLISH)
    assert whole_day("2026-11-23") == "23 November 2026"
    assert whole_day("") == ""


def test_a_moment_has_day_and_time(german) -> None:
    assert moment("2026-11-23T14:05:00+01:00", TODAY) == "Heute, 14:05"
    assert moment("long ago", TODAY) == ""


@pytest.mark.parametrize(
    ("hour", "minute", "told"), [(0, 5, "12:05"), (9, 0, "9:00"), (12, 31, "12:31"), (14, 5, "2:05")]
)
def test_some_clocks_have_twice_twelve_hours(hour, minute, told) -> None:
    assert time_of_day(hour, minute) == f"{hour}:{minute:02}"
    write_in(replace(ENGLISH, form=replace(ENGLISH.form, noon=True)))
    assert time_of_day(hour, minute) == f"{told}{HARD}{'PM' if hour >= 12 else 'AM'}"


def test_one_and_many(german) -> None:
    one, many = "you asked {n} more question", "you asked {n} more questions"
    assert plural(one, many, 1) == "du hast 1 Frage mehr gestellt"
    assert plural(one, many, 1200) == "du hast 1.200 Fragen mehr gestellt"
