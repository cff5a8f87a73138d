"""The other voice is the rep's: a session turned round is what coaching it the other way would have made."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import Script
from people import ANA, BEN, voices
from rigs.files import write

from coach import app, library
from coach import voices as room
from coach.archive.hand import HandFile, read_hand
from coach.archive.log import read_head, read_session
from coach.audio.recording import open_recording
from coach.call.events import SentenceHeard, Who
from coach.call.hand import Correction, Note
from coach.settings import Settings
from coach.swapping import can_swap, swap_sides
from coach.trouble import Trouble

SAID = Script((2, 6, "How do you do that today?"), (15, 20, "We lose two days a week on reports."))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path / "coach")
    monkeypatch.setattr(room, "hear", lambda sound, *_: (list(sound), voices(BEN, ANA))[1])
    return tmp_path / "coach"


@pytest.fixture
def memo(tmp_path):
    return open_recording(write(tmp_path / "memo.wav", np.full((1, 40 * 16_000), 500, np.int16)))


def coached(memo, rep: str, settings: Settings | None = None):
    chosen = settings or Settings()
    report = library.coach_and_keep(memo, chosen, SAID, lambda *_: None, answer=room.Answer(rep))
    return library.open_session(library.find_session(report.audio["session"]), Settings())


def told(opened):
    return {f.name: (f.value, f.how) for f in opened.report.figures}


def test_a_call_turned_round_is_what_coaching_it_the_other_way_makes(memo, home):
    first = coached(memo, "first")
    assert can_swap(first)
    swapped = swap_sides(first, Settings())
    heard = read_session(swapped.path)
    other = coached(memo, "second")
    assert told(swapped) == told(other)
    assert told(swapped) != told(first)
    assert heard.events == read_session(other.path).events
    assert (heard.nudges, heard.moments) == (other.stored.nudges, other.stored.moments)
    assert {e.who for e in heard.events if isinstance(e, SentenceHeard) and "reports" in e.text} == {Who.REP}


def test_it_is_remembered_so_that_coaching_anew_does_not_turn_it_back(memo, home):
    swapped = swap_sides(coached(memo, "first"), Settings())
    assert (read_hand(swapped.path).rep, read_head(swapped.path)["recording"]["rep"]) == ("second", "second")
    assert library.is_done(swapped.path, library.made_with(Settings()))
    again = library.coach_and_keep(memo, Settings(), SAID, lambda *_: None)
    assert "second to speak" in again.audio["note"]
    back = swap_sides(library.open_session(swapped.path, Settings()), Settings())
    assert read_hand(back.path).rep == "first"
    assert not list(home.rglob("*.part"))


def test_what_was_written_by_hand_stays_what_a_person_meant(memo, home):
    opened = coached(memo, "first")
    ask, loss = (e for e in opened.stored.events if isinstance(e, SentenceHeard))
    hand = HandFile(opened.path)
    hand.note(Note(3_000, "Listen here."))
    hand.correct(Correction(ask.who, ask.start_ms, text="How do you do it today?"))
    hand.correct(Correction(loss.who, loss.start_ms, speaker=Who.REP, text="We lose two weeks."))
    swapped = swap_sides(library.open_session(opened.path, Settings()), Settings())
    said = {s.text: s.who for s in swapped.timeline.sentences}
    assert said == {"How do you do it today?": Who.CUSTOMER, "We lose two weeks.": Who.REP}
    assert swapped.hand.notes[3_000].text == "Listen here."


@pytest.mark.parametrize("change", ["three voices", "no words", "two channels"])
def test_what_cannot_be_turned_round_says_what_to_do_instead(memo, home, monkeypatch, tmp_path, change):
    settings = Settings()
    if change == "three voices":
        monkeypatch.setattr(room, "hear", lambda sound, *_: (list(sound), voices(BEN, ANA, BEN[::-1]))[1])
    if change == "no words":
        settings = app.with_set(settings, ['storage.keep="timings"'])
    if change == "two channels":
        both = np.random.default_rng(1).integers(-900, 900, (2, 40 * 16_000)).astype(np.int16)
        memo = open_recording(write(tmp_path / "two.wav", both))
    opened = coached(memo, "first", settings)
    assert not can_swap(opened)
    with pytest.raises(Trouble, match="--rep second"):
        swap_sides(opened, Settings())


def test_a_disk_that_refuses_leaves_the_call_as_it_was(memo, home, monkeypatch):
    opened = coached(memo, "first")
    before = opened.path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coach.swapping.SessionLog.event", full)
    with pytest.raises(Trouble, match="No space left"):
        swap_sides(opened, Settings())
    assert opened.path.read_bytes() == before
    assert not list(home.rglob("*.part"))
