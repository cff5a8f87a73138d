"""The catalogue of sessions: in step with the folder, made again whenever it must be, never in anybody's way."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.archive.catalogue import APPLICATION, NAME, VERSION, Catalogue, Entry, Row, instant
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


@pytest.fixture
def catalogue(place: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(place)) as found:
        yield found


def entry(name: str, day: int = 1, call_type: str = "discovery", **figures: float) -> Entry:
    began = f"2026-11-{day:02}T10:00:00+01:00"
    row = Row(f"/s/{name}.jsonl", name, began, instant(began), call_type, f"Call {name}", ("lifts",), 1800.0)
    return Entry(row, figures)


def reading(*entries: Entry):
    """Return stamps and a reader for these sessions, and the list of what it was asked to read."""
    shelf = {e.row.path: e for e in entries}
    read: list[str] = []

    def take(path: str) -> Entry:
        read.append(path)
        return shelf[path]

    return dict.fromkeys(shelf, "1"), take, read


def names(catalogue: Catalogue) -> list[str]:
    return [r.name for r in catalogue.rows()]


def test_it_lists_what_was_taken_in_the_latest_call_first(catalogue: Catalogue) -> None:
    undated = Entry(Row("/s/x.jsonl", "x"), {})
    stamps, take, _ = reading(entry("a", 1), undated, entry("b", 3), entry("c", 2))
    done = catalogue.sync(stamps, take)
    assert (done.taken, done.gone, done.unread, done.whole) == (4, 0, 0, True)
    assert names(catalogue) == ["b", "c", "a", "x"]
    assert catalogue.rows()[0] == entry("b", 3).row
    assert catalogue.note == ""


def test_a_call_abroad_stands_where_it_happened(catalogue: Catalogue) -> None:
    assert instant("2026-11-22T10:00:00+09:00") < instant("2026-11-22T09:00:00+01:00")
    assert instant("yesterday") is instant("") is None


def test_unchanged_sessions_are_not_read_again(catalogue: Catalogue) -> None:
    stamps, take, read = reading(entry("a"), entry("b"))
    catalogue.sync(stamps, take)
    read.clear()
    assert catalogue.sync(stamps, take).taken == 0
    assert read == []
    catalogue.sync(stamps | {"/s/a.jsonl": "2"}, take)
    assert read == ["/s/a.jsonl"]


def test_what_is_gone_from_the_folder_is_gone_from_the_list_with_its_figures(catalogue: Catalogue) -> None:
    stamps, take, _ = reading(entry("a", talk_share=0.4), entry("b"))
    catalogue.sync(stamps, take)
    del stamps["/s/a.jsonl"]
    assert catalogue.sync(stamps, take).gone == 1
    assert names(catalogue) == ["b"]
    assert catalogue.figures("discovery", ["talk_share"]) == {}


def test_a_session_that_cannot_be_read_is_listed_so_and_stops_none_of_the_others(
    catalogue: Catalogue,
) -> None:
    stamps, take, _ = reading(entry("a"), entry("b"), entry("c"))

    def read(path: str) -> Entry:
        if path == "/s/b.jsonl":
            raise Trouble("'b' is no session of Coach.", "Choose another.")
        return take(path)

    done = catalogue.sync(stamps, read)
    assert (done.taken, done.unread) == (3, 1)
    (bad,) = [r for r in catalogue.rows() if r.fault]
    assert (bad.name, bad.fault) == ("b", "'b' is no session of Coach.")
    assert catalogue.sync(stamps, read).taken == 0  # and is not tried again until it changes
    assert catalogue.sync(stamps | {"/s/b.jsonl": "2"}, take).taken == 1
    assert not [r for r in catalogue.rows() if r.fault]


def test_a_sync_can_be_stopped_and_goes_on_from_there(catalogue: Catalogue) -> None:
    stamps, take, read = reading(*(entry(n) for n in "abcd"))
    done = catalogue.sync(stamps, take, lambda: len(read) == 2)
    assert (done.taken, done.whole) == (2, False)
    assert len(names(catalogue)) == 2
    assert catalogue.sync(stamps, take).taken == 2
    assert sorted(read) == sorted(stamps)


def test_each_row_is_told_of_as_it_comes(catalogue: Catalogue) -> None:
    stamps, take, _ = reading(entry("a"), entry("b"))
    told: list[Row] = []
    catalogue.sync(stamps, take, told=told.append)
    assert [r.name for r in told] == ["a", "b"]


@pytest.mark.parametrize("how", ["forgotten", "renamed"])
def test_what_a_person_does_during_a_sync_is_not_undone_by_it(catalogue: Catalogue, how: str) -> None:
    stamps, take, _ = reading(entry("a"))
    catalogue.sync(stamps, take)

    def slow(path: str) -> Entry:
        if how == "forgotten":
            catalogue.forget([path])
        else:
            catalogue.retitle(path, "Mine", ("won",), "3", practice=False)
        return take(path)

    catalogue.sync(stamps | {"/s/a.jsonl": "2"}, slow)
    assert [(r.title, r.tags) for r in catalogue.rows()] == (
        [] if how == "forgotten" else [("Mine", ("won",))]
    )


def test_a_new_title_and_new_tags_leave_the_rest_as_it_was(catalogue: Catalogue) -> None:
    catalogue.put(entry("a", layers=3.0), "1")
    catalogue.retitle("/s/a.jsonl", "Mine", ("practice",), "2", practice=True)
    (row,) = catalogue.rows()
    assert (row.title, row.tags, row.practice, row.duration_s) == ("Mine", ("practice",), True, 1800.0)
    assert catalogue.stamp("/s/a.jsonl") == "2"
    assert catalogue.stamp("/s/b.jsonl") == ""
    assert catalogue.figures("discovery", ["layers"]) == {"/s/a.jsonl": {"layers": 3.0}}


def test_figures_come_by_type_in_the_order_of_the_calls(catalogue: Catalogue) -> None:
    for e in (
        entry("b", 2, layers=2.0),
        entry("a", 1, layers=1.0, pace=150.0),
        entry("c", 3, "demo", layers=9),
    ):
        catalogue.put(e, "1")
    found = catalogue.figures("discovery", ["layers"])
    assert list(found.items()) == [("/s/a.jsonl", {"layers": 1.0}), ("/s/b.jsonl", {"layers": 2.0})]


def test_the_last_calls_before_this_one_the_latest_first(catalogue: Catalogue) -> None:
    for day in range(1, 15):
        catalogue.put(entry(f"d{day}", day, layers=float(day)), "1")
    catalogue.put(entry("demo", 9, "demo", layers=99.0), "1")
    before = "2026-11-12T09:00:00+00:00"  # the very moment at which the twelfth began
    assert [f["layers"] for f in catalogue.last_figures("discovery", before, 3)] == [11.0, 10.0, 9.0]
    assert len(catalogue.last_figures("discovery")) == 10
    assert catalogue.last_figures("listening") == []


def test_it_is_readable_by_its_owner_alone(catalogue: Catalogue, place: Path) -> None:
    catalogue.put(entry("a"), "1")
    for file in place.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(place)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_forgotten_title_is_nowhere_in_the_file(place: Path) -> None:
    with closing(Catalogue(place)) as catalogue:
        secret = Row("/s/a.jsonl", "a", title="Corinne of the bakery")
        catalogue.put(Entry(secret, {}), "1")
        catalogue.forget(["/s/a.jsonl"])
        held = b"".join(f.read_bytes() for f in place.parent.iterdir())
        assert b"Corinne" not in held


# A file that cannot be used.


def torn(place: Path) -> None:
    data = bytearray(place.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 2048] = b"\xa5" * 2048
    place.write_bytes(data)


def full(place: Path, count: int = 200) -> dict[str, str]:
    stamps, take, _ = reading(*(entry(f"n{i}", 1 + i % 28, layers=float(i)) for i in range(count)))
    with closing(Catalogue(place)) as catalogue:
        catalogue.sync(stamps, take)
    return stamps


def test_a_catalogue_torn_in_the_middle_is_made_again_with_a_sentence(place: Path) -> None:
    full(place)
    torn(place)
    stamps, take, _ = reading(*(entry(f"n{i}") for i in range(200)))
    with closing(Catalogue(place)) as catalogue:
        catalogue.rows()
        assert catalogue.sync(stamps, take).taken == 200
        assert len(catalogue.rows()) == 200
        assert "made again" in catalogue.note
    with closing(Catalogue(place)) as again:
        assert len(again.rows()) == 200
        assert again.note == ""


def test_damage_that_no_list_would_meet_is_found_by_the_sync(place: Path) -> None:
    stamps = full(place)
    data = bytearray(place.read_bytes())
    data[-2048:] = b"\xa5" * 2048  # a page at the end: figures, which no list reads
    place.write_bytes(data)
    with closing(Catalogue(place)) as catalogue:
        assert len(catalogue.rows()) == 200
        done = catalogue.sync(stamps, lambda path: entry(path[3:-6]))
        assert done.taken == 200
        assert "made again" in catalogue.note


@settings(deadline=None)  # a disk has its moods
@given(at=st.integers(0, 20_000), junk=st.binary(min_size=1, max_size=600), cut=st.booleans())
def test_no_damage_whatever_keeps_the_list_from_being_made_again(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes, *, cut: bool
) -> None:
    place = tmp_path_factory.mktemp("torn") / NAME
    stamps = full(place, 20)
    data = bytearray(place.read_bytes())
    at = min(at, len(data) - 1)
    data[at : at + len(junk)] = junk
    place.write_bytes(data[: at + 1] if cut else data)
    with closing(Catalogue(place)) as catalogue:
        catalogue.rows()
        catalogue.sync(stamps, lambda path: entry(path[3:-6]))
        assert len(catalogue.rows()) == 20
        catalogue.last_figures("discovery")


def test_a_file_of_another_program_is_moved_aside_whole(place: Path) -> None:
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as db:
        db.execute("CREATE TABLE letters (text)")
        db.execute("INSERT INTO letters VALUES ('Dear Ann')")
        db.commit()
    before = place.read_bytes()
    with closing(Catalogue(place)) as catalogue:
        assert "made again" in catalogue.note
        catalogue.put(entry("a"), "1")
    assert place.with_name("catalogue.aside.sqlite").read_bytes() == before
    assert names_in(place) == ["a"]


def test_text_in_its_place_is_moved_aside(place: Path) -> None:
    place.parent.mkdir()
    place.write_text("my shopping list, which is long enough to be read as a header " * 9)
    with closing(Catalogue(place)) as catalogue:
        catalogue.put(entry("a"), "1")
        assert names(catalogue) == ["a"]
    assert "shopping" in place.with_name("catalogue.aside.sqlite").read_text()


def test_a_newer_coachs_catalogue_is_left_to_it(place: Path) -> None:
    full(place, 3)
    with closing(sqlite3.connect(place)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with closing(Catalogue(place)) as catalogue:
        assert catalogue.rows() == []
        assert "made again" in catalogue.note
    with closing(sqlite3.connect(place.with_name("catalogue.aside.sqlite"))) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert db.execute("SELECT count(*) FROM session").fetchone() == (3,)


def names_in(place: Path) -> list[str]:
    with closing(Catalogue(place)) as catalogue:
        return names(catalogue)


# Another program.


def test_a_catalogue_that_another_holds_is_replaced_for_now_in_memory(place: Path) -> None:
    full(place, 3)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(Catalogue(place)) as catalogue:
            assert "another program" in catalogue.note
            stamps, take, _ = reading(entry("a"))
            catalogue.sync(stamps, take)
            assert names(catalogue) == ["a"]
        other.execute("ROLLBACK")
    assert len(names_in(place)) == 3


def test_a_writer_that_never_ends_costs_a_sentence_not_the_list(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.archive.derived.WAIT_S", 0.01)
    full(place, 3)
    with (
        closing(Catalogue(place)) as catalogue,
        closing(sqlite3.connect(place, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Trouble, match="The calls themselves are safe"):
            catalogue.put(entry("a"), "1")
        assert len(catalogue.rows()) == 3
        other.execute("ROLLBACK")
        catalogue.put(entry("a"), "1")
        assert len(catalogue.rows()) == 4


def test_a_place_that_cannot_be_written_still_gives_a_list(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    with closing(Catalogue(tmp_path / "data" / NAME)) as catalogue:
        assert "cannot be kept" in catalogue.note
        catalogue.put(entry("a"), "1")
        assert names(catalogue) == ["a"]


def test_a_file_that_is_taken_away_while_it_is_open_is_made_again(place: Path, catalogue: Catalogue) -> None:
    catalogue.put(entry("a"), "1")
    place.unlink()
    catalogue.put(entry("b"), "1")
    assert names(catalogue) == ["b"]
    assert place.exists()


def test_one_that_was_closed_damages_nothing(place: Path) -> None:
    full(place, 3)
    catalogue = Catalogue(place)
    catalogue.close()
    with pytest.raises(Trouble):
        catalogue.rows()
    assert len(names_in(place)) == 3


_OTHER = """
import sys
from coach.archive.catalogue import Catalogue, Entry, Row
from pathlib import Path
catalogue = Catalogue(Path(sys.argv[1]))
assert not catalogue.note, catalogue.note
stamps = {f"/s/{i}.jsonl": sys.argv[2] for i in range(150)}
done = catalogue.sync(stamps, lambda path: Entry(Row(path, path[3:-6]), {"layers": 1.0}))
assert done.whole
assert not catalogue.note, catalogue.note
catalogue.close()
"""


def test_two_programs_at_once_make_one_whole_list(place: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _OTHER, str(place), who], stderr=subprocess.PIPE, env=os.environ
        )
        for who in ("one", "two")
    ]
    said = [p.communicate(timeout=120)[1].decode() for p in both]
    assert [p.returncode for p in both] == [0, 0], said
    with closing(Catalogue(place)) as catalogue:
        assert len(catalogue.rows()) == 150
        assert len(catalogue.figures("", ["layers"])) == 150
        assert catalogue.note == ""


# What was said is text, whatever it is.


@settings(deadline=None)  # a disk has its moods
@given(title=st.text(), tag=st.text(), value=st.floats())
def test_whatever_a_title_holds_it_is_kept_as_text(
    tmp_path_factory: pytest.TempPathFactory, title: str, tag: str, value: float
) -> None:
    with closing(Catalogue(tmp_path_factory.mktemp("text") / NAME)) as catalogue:
        catalogue.put(Entry(Row("/s/a.jsonl", "a", title=title, tags=(tag,)), {"layers": value}), "1")
        (row,) = catalogue.rows()
        assert (row.title, row.tags) == (title, (tag,))
        assert catalogue.note == ""


def test_half_a_character_and_a_name_that_is_no_text_do_no_harm(catalogue: Catalogue) -> None:
    catalogue.put(Entry(Row("/s/a.jsonl", "a", title="\ud800!", tags=("\udfff",)), {}), "1")
    (row,) = catalogue.rows()
    assert (row.title, row.tags) == ("?!", ("?",))
    done = catalogue.sync({"/s/a.jsonl": "1", "/s/\udcff.jsonl": "1"}, lambda _: entry("never"))
    assert done.taken == 0
    assert catalogue.note == ""
