"""A trouble is kept in English with its parts, and told in the language of whoever reads it."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
import troubles

from coach.archive.locker import Locked
from coach.call import wire
from coach.call.events import TroubleNoticed
from coach.language import Form, Language, Sentence, in_a_row, language, phrase, recalled, write_in
from coach.trouble import Trouble

GERMAN = language("de")
HOSTILE = "<b>{why}</b> {0} {__class__} \x1b[31m%s"


def unread(name: str = "call.wav") -> Trouble:
    return Trouble(
        "'{name}' cannot be read: {why}.",
        "Try again.",
        name=name,
        why=PermissionError(13, "Permission denied"),
    )


def sent(met: Trouble) -> object:
    """Return a trouble as another process gets it."""
    return pickle.loads(pickle.dumps(met))  # noqa: S301 - written here, a moment ago


def test_in_english_it_says_what_stands_in_the_code() -> None:
    assert str(unread()) == "'call.wav' cannot be read: Permission denied. Try again."
    assert (unread().what, unread().mend) == ("'call.wav' cannot be read: Permission denied.", "Try again.")
    assert str(Trouble("Only this.")) == "Only this."


def test_it_is_told_in_the_language_of_when_it_is_shown() -> None:
    met = unread()
    write_in(GERMAN)
    assert str(met) == "„call.wav“ lässt sich nicht lesen: das ist nicht erlaubt. Versuch es noch einmal."
    assert phrase(met.what) == "„call.wav“ lässt sich nicht lesen: das ist nicht erlaubt."


def test_what_is_kept_of_it_stays_english_and_can_be_told_later() -> None:
    write_in(GERMAN)
    kept = unread().sentence
    assert json.loads(json.dumps({"told": kept})) == {
        "told": "'call.wav' cannot be read: Permission denied. Try again."
    }
    assert f"{kept}" == "'call.wav' cannot be read: Permission denied. Try again."
    assert phrase(kept) == str(unread())


def test_it_travels_between_processes_with_its_parts() -> None:
    write_in(GERMAN)
    for met in (sent(unread()), copy.deepcopy(unread())):
        assert str(met) == str(unread())
    locked = sent(Locked())
    assert isinstance(locked, Locked)
    assert str(locked).startswith("Deine früheren Gespräche sind verschlossen.")


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_name_of_a_file_is_text_whatever_stands_in_it(code: str) -> None:
    write_in(language(code))
    told = str(unread(HOSTILE))
    assert "<b>{why}</b> {0} {__class__}  [31m%s" in told
    assert "\x1b" not in told


def test_a_name_that_is_a_word_of_ours_is_left_as_it_is() -> None:
    write_in(GERMAN)
    assert "„Pause“" in str(unread("Pause"))
    assert "„Permission denied“" in str(unread("Permission denied"))


def test_a_sentence_in_a_sentence_is_told_too() -> None:
    outer = Trouble(
        "The lock could not be put on: {why}.",
        "Nothing was changed.",
        why=Trouble("Your calls are not locked.").what,
    )
    write_in(GERMAN)
    assert str(outer).startswith(
        "Das Schloss ließ sich nicht anbringen: Deine Gespräche sind nicht verschlossen."
    )


def test_a_number_gets_its_sign_and_a_count_none() -> None:
    made = Sentence("{hours} hours, process {pid}", hours=12.5, pid=12345)
    assert made == "12.5 hours, process 12345"
    write_in(
        Language("xx", words={"{hours} hours, process {pid}": "{pid}: {hours} h"}, form=Form(decimal=","))
    )
    assert phrase(made) == "12345: 12,5 h"


def test_a_brace_that_is_nobodys_part_is_text() -> None:
    assert Sentence('{where}: write {"a": 1} or {b}', where="x") == 'x: write {"a": 1} or {b}'
    assert Sentence("{no} parts at all") == "{no} parts at all"


def test_sentences_in_a_row_are_told_one_by_one() -> None:
    row = in_a_row(Sentence("Try again."), "", Sentence("Free some space."), "by hand")
    assert row == "Try again. Free some space. by hand"
    write_in(GERMAN)
    assert phrase(row) == "Versuch es noch einmal. Mach etwas Platz. by hand"
    assert in_a_row("", "") == ""


def test_what_was_kept_as_english_text_is_known_again() -> None:
    how = Sentence("you are the first to speak")
    note = in_a_row(
        Sentence("One channel: its voices were told apart ({how}), so figures are estimates.", how=how),
        Sentence("{n} voices were heard; all but yours count as the customer.", n=3),
        "What nobody of us wrote.",
    )
    kept = str(json.loads(json.dumps(note)))
    assert recalled(kept) == kept
    write_in(GERMAN)
    assert recalled(kept) == (
        "Ein Kanal: seine Stimmen wurden getrennt (du sprichst zuerst), darum sind die Zahlen Schätzungen. "
        "3 Stimmen waren zu hören; alle außer deiner zählen als Gegenüber. What nobody of us wrote."
    )
    assert recalled(note) == phrase(note)
    assert recalled("Try again.") == "Versuch es noch einmal."
    assert recalled("") == ""


def test_a_part_of_what_was_kept_is_no_template() -> None:
    write_in(GERMAN)
    kept = str(json.loads(json.dumps(unread("{why} Pause").what)))
    assert recalled(kept) == "„{why} Pause“ lässt sich nicht lesen: Permission denied."


def test_a_log_is_english_for_everybody_while_the_card_is_told_in_german() -> None:
    write_in(GERMAN)
    why = in_a_row(
        Sentence("'{name}' is no longer heard: {why}.", name="USB", why=Sentence("the computer slept"))
    )
    event = TroubleNoticed(0, "lost_rep", why)
    assert json.loads(wire.dump(event))["text"] == "'USB' is no longer heard: the computer slept."
    assert phrase(event.text) == "„USB“ ist nicht mehr zu hören: der Rechner hat geschlafen."


# What the program tells, all of it.


def test_every_sentence_that_is_made_on_the_way_can_be_found() -> None:
    _, lost = troubles.found()
    assert not lost, (
        "write the sentence where it goes through, with its values beside it (name=value), "
        f"or name in tests/troubles.py where it is made: {lost}"
    )


def test_whatever_a_sentence_names_is_handed_in() -> None:
    sentences, _ = troubles.found()
    unfilled = [
        (f.where, f.english, sorted(missing))
        for f in sentences
        if f.door != "phrase" and (missing := set(troubles.PARTS.findall(f.english)) - f.filled)
    ]
    assert not unfilled


def test_the_search_sees_what_it_should() -> None:
    sentences, _ = troubles.found()
    english = {f.english for f in sentences}
    assert len([f for f in sentences if f.door == "Trouble"]) > 300
    assert {
        "There is no Dask scheduler at '{address}'.",  # in the call itself
        "macOS does not let this program hear what the Mac plays.",  # in a table of its module
        "{many} questions are more than fit beside a call.",  # in a loop
        "A copy that is written out is not locked: whoever has the file can read it.",  # in another module
        "The speech model '{name}' knows English only.",  # one of two
    } <= english
