"""What is kept of whom: a marker word of each side is looked for in every byte that a call leaves on the disk."""

from __future__ import annotations

import json
import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from fakes import FakeSource, LoudnessDetector, OneByOne, blocks, sound
from playbook import CUSTOMER, REP

from coach import app, library, mishaps
from coach.archive.hand import HandFile
from coach.archive.log import read_session
from coach.archive.soundfile import sound_path
from coach.audio import voice
from coach.audio.flac import FlacEncoder
from coach.audio.recording import reopen_recording
from coach.call.events import NO_SOUND, SentenceHeard
from coach.call.hand import Note
from coach.exporting import card_of, written_as
from coach.nudges.commands import TellOnce
from coach.report.exports import formats_named
from coach.report.unquoted import NOTHING, THEIRS
from coach.settings import Facts, Settings
from coach.shelf import Shelf
from coach.speech.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coach.app import LiveRun
    from coach.nudges.commands import Command

MINE, THEIRS_WORD = "marzipan", "quetzal"
TITLE = "abracadabra"
FACTS = Facts(products=("Ferrolift",), competitors=("Kone",), jargon=("marzipan",))


class Sides(OneByOne):
    """A transcriber that hears one marker in the rep's loud voice and another in the customer's lower one."""

    def transcribe(self, samples, start_ms, voiced):
        mine = abs(samples.astype(int)).max() > 5000
        text = (
            f"Well, what does {MINE} do for you?"
            if mine
            else f"Our {THEIRS_WORD} stands still, so Kone came."
        )
        words = text.split()
        step = (voiced[-1][1] - voiced[0][0]) / len(words)
        return [
            Word(round(voiced[0][0] + n * step), round(voiced[0][0] + (n + 1) * step), word)
            for n, word in enumerate(words)
        ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(voice, "make_detector", lambda _: LoudnessDetector())
    return tmp_path


@pytest.fixture
def _noted(home: Path) -> Iterator[None]:
    """Faults are noted down, as `coach.mishaps.note_in` has them noted in the program."""
    handler = mishaps._Private(app.data_folder() / mishaps.NAME, delay=True)
    handler.setFormatter(mishaps.Wordless())
    logging.getLogger("coach").addHandler(handler)
    yield
    logging.getLogger("coach").removeHandler(handler)
    handler.close()


def settings(**storage: str) -> Settings:
    chosen = [f'storage.{name}="{value}"' for name, value in storage.items()]
    return app.with_facts(app.with_set(Settings(), chosen), FACTS)


def called(settings: Settings, *, keep_sound: bool = False, watch: list | None = None, show=None) -> LiveRun:
    """Run a call in which both sides speak, one after the other."""
    sources = [FakeSource(REP), FakeSource(CUSTOMER)]
    run = app.LiveRun(settings, sources, show or (lambda _: None), words=Sides, keep_sound=keep_sound)
    run.start()
    mine, theirs = sound(8, (0.5, 2.5), (6.0, 7.5)), sound(8, (3.5, 5.5)) // 3
    for block in blocks({REP: mine, CUSTOMER: theirs}, 200):
        sources[0 if block.who is REP else 1].deliver(block)
        if watch is not None:
            watch.append(run.log.path)
    return run


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def holding(folder: Path, word: str) -> list[str]:
    """Return the files that hold a word, in any of the ways in which a program writes text."""
    ways = [word.encode(way) for way in ("utf-8", "utf-16-le", "utf-16-be")]
    return sorted(
        name
        for name, data in files(folder).items()
        if any(w in data or w in data.lower() or w[::-1] in data for w in ways)
    )


def used_by_everything(run: LiveRun, settings: Settings) -> list[str]:
    """Open the call in every way that writes something; return what is told of it, and the files meanwhile."""
    HandFile(run.log.path).note(Note(1000, "a note of mine"))
    with closing(Shelf()) as shelf:
        shelf.sync()
        shelf.tag(str(run.log.path), ["won"])
        opened = library.open_session(run.log.path, settings)
        card = card_of(opened)
        assert [name for name in files(run.log.path.parents[3]) if name.endswith("-wal")]
        meanwhile = [str(data).lower() for data in files(run.log.path.parents[3]).values()]
        forms = formats_named(("html", "json", "md", "vtt", "csv"))
        return [*(written_as(card, form).decode() for form in forms), *meanwhile]


@pytest.mark.usefixtures("_noted")
def test_of_the_other_side_no_word_reaches_the_disk_unless_you_say_so(home: Path) -> None:
    chosen = settings()
    assert (chosen.storage.keep, chosen.storage.other_side) == ("words", "timings")
    seen: list[str] = []
    run = called(chosen)
    seen += holding(home, THEIRS_WORD)  # while it runs
    report = run.stop()
    said = " ".join(s.text for s in report.meters.sentences)
    assert THEIRS_WORD in said  # it was heard, and is in memory
    assert MINE in said
    logging.getLogger("coach.live").error("a fault with %s", said, exc_info=ValueError(said))
    written = used_by_everything(run, chosen)
    seen += holding(home, THEIRS_WORD)
    assert seen == []
    assert not any(THEIRS_WORD in text.lower() for text in written)
    assert any(name.endswith("mishaps.log") for name in files(home))
    # The rep's own words are there: the search would have found the others.
    assert [name for name in holding(home, MINE) if name.endswith(".jsonl")]


@pytest.mark.usefixtures("_noted")
def test_with_timings_no_word_of_anybody_reaches_the_disk(home: Path) -> None:
    chosen = settings(keep="timings", other_side="words")
    assert chosen.storage.of_other_side == "timings"
    run = called(chosen)
    seen = holding(home, MINE) + holding(home, THEIRS_WORD)
    report = run.stop()
    logging.getLogger("coach.live").error("a fault with %s", MINE, exc_info=ValueError(MINE))
    told = used_by_everything(run, chosen)
    assert not any(word in text.lower() for text in told for word in (MINE, THEIRS_WORD))
    assert seen + holding(home, MINE) + holding(home, THEIRS_WORD) == []
    kept = [e for e in read_session(run.log.path).events if isinstance(e, SentenceHeard)]
    assert [(s.start_ms, s.who) for s in kept] == [(s.start_ms, s.who) for s in report.meters.sentences]
    assert [s.cues for s in kept] == [s.cues for s in report.meters.sentences]


def test_with_nothing_there_is_no_file(home: Path) -> None:
    run = called(settings(keep="nothing", other_side="words"))
    run.stop()
    assert [name for name in files(home) if "sessions" in name] == []


def test_with_words_of_both_there_are_both(home: Path) -> None:
    run = called(settings(other_side="words"))
    run.stop()
    assert holding(home, MINE) == holding(home, THEIRS_WORD) != []


def test_the_report_counts_what_it_counted_then_and_says_what_it_cannot_quote(home: Path) -> None:
    chosen = settings()
    run = called(chosen)
    then = {f.name: f.value for f in run.stop().figures}
    opened = library.open_session(run.log.path, chosen)
    now = {f.name: f.value for f in opened.report.figures}
    assert now == then
    assert opened.report.audio["note"].startswith(THEIRS)
    assert "we_per_100_words" in now
    card = card_of(opened)
    (page, data) = (written_as(card, form).decode() for form in formats_named(("html", "json")))
    assert MINE in page
    assert THEIRS.partition(",")[0] in page
    theirs = [
        s["text"]
        for turn in json.loads(data)["turns"]
        if turn["who"] == "customer"
        for s in turn["sentences"]
    ]
    assert theirs
    assert not any(c.isalnum() for text in theirs for c in text)
    # "They never used it" is not known of a word of ours, and a competitor that only they named is not found.
    assert opened.report.facts is not None
    assert opened.report.facts.jargon == ()
    assert opened.report.facts.competitors == ()


def test_without_words_the_report_says_that_nothing_is_quoted(home: Path) -> None:
    chosen = settings(keep="timings")
    run = called(chosen)
    run.stop()
    assert library.open_session(run.log.path, chosen).report.audio["note"] == NOTHING


def test_sound_is_kept_of_a_call_that_it_was_asked_for_and_plays_in_the_review(home: Path) -> None:
    chosen = settings(keep="timings")
    run = called(chosen, keep_sound=True)
    run.stop()
    assert run.tape is not None
    assert run.tape.path == sound_path(run.log.path)
    assert holding(home, MINE)  # there is no sound without its words
    assert holding(home, THEIRS_WORD)
    opened = library.open_session(run.log.path, chosen)
    recording = reopen_recording(library.recording_of(opened), opened.recorded_sides, swap=opened.swapped)
    assert recording.channels == (REP, CUSTOMER)
    levels = [abs(part.astype(int)).max(axis=1).tolist() for part in recording.samples()]
    assert [max(side) for side in zip(*levels, strict=True)] == [6000, 2000]
    again = called(chosen)
    again.stop()
    assert again.tape is None
    assert len(list(run.log.path.parent.glob("*.flac"))) == 1


def test_a_call_that_is_forgotten_takes_its_sound_away_before_it_has_ended(home: Path) -> None:
    run = called(settings(keep="timings"), keep_sound=True)
    assert run.tape is not None
    run.forget()
    run.tape._thread.join(60)  # nobody closed it, and nobody waits for it
    assert not run.tape._thread.is_alive()
    assert list(run.log.path.parent.glob("*.flac")) == []
    run.break_off(0.0)


def test_a_call_that_never_began_leaves_no_sound(home: Path) -> None:
    from coach.trouble import Trouble

    sources = [FakeSource(REP, Trouble("The microphone is busy."))]
    run = app.LiveRun(settings(), sources, lambda _: None, words=Sides, keep_sound=True)
    with pytest.raises(Trouble, match="busy"):
        run.start()
    assert [name for name in files(home) if "sessions" in name] == []


@pytest.mark.parametrize("last", [False, True], ids=["in the call", "in its last breath"])
def test_sound_that_fails_is_told_and_stands_in_the_report_while_the_call_is_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, last: bool
) -> None:
    def broken(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(FlacEncoder, "end" if last else "encode", broken)
    told: list[str] = []
    knows = threading.Event()

    def show(commands: list[Command]) -> None:
        told.extend(c.text for c in commands if isinstance(c, TellOnce) and c.code == NO_SOUND)
        if told:
            knows.set()

    chosen = settings()
    run = called(chosen, keep_sound=True, show=show)
    assert last or knows.wait(30)
    report = run.stop()
    assert told == ["The sound of this call is not kept any further: a part of Coach failed."]
    assert "The sound of this call is kept only up to 0:" in report.caution
    assert read_session(run.log.path).damage == ""
    if not last:  # what was written down can say it too
        assert "kept only up to" in library.open_session(run.log.path, chosen).report.caution


def test_what_is_forgotten_is_nowhere_sound_and_all(home: Path) -> None:
    chosen = settings(other_side="words")
    run = called(chosen, keep_sound=True)
    run.stop()
    used_by_everything(run, chosen)
    with closing(Shelf()) as shelf:
        shelf.sync()
        shelf.rename(str(run.log.path), TITLE)
        assert holding(home, TITLE)
        shelf.forget([str(run.log.path)])
        for word in (MINE, THEIRS_WORD, TITLE, "a note of mine"):
            assert holding(home, word) == []  # the journal of the catalogue, still open, included
    assert list(run.log.path.parent.iterdir()) == []
    assert holding(home, TITLE) == []
