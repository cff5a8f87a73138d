"""The file that can be made again, across versions: old tables or ours, never between; damage is set aside."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from coach.archive.catalogue import NAME, VERSION, Catalogue, Entry, Row

SCRIPTS = sorted((Path(__file__).parent / "catalogues").glob("version-*.sql"))
WAIT_S = 120


def built(script: Path, place: Path) -> Path:
    """Build an earlier Coach's file from its frozen script."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(place)) as db:
        db.executescript(script.read_text(encoding="utf-8"))
        db.execute("PRAGMA journal_mode = WAL")
    return place


def shape(place: Path) -> tuple[object, ...]:
    with closing(sqlite3.connect(place)) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        return (
            db.execute("PRAGMA user_version").fetchone(),
            db.execute("PRAGMA application_id").fetchone(),
            {table: db.execute(f"PRAGMA table_xinfo({table})").fetchall() for table in tables},
            sorted(db.execute("SELECT name FROM sqlite_schema WHERE type = 'index'").fetchall()),
        )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


def test_there_is_a_frozen_file_of_every_earlier_version() -> None:
    assert [s.name for s in SCRIPTS] == [f"version-{n}.sql" for n in range(1, VERSION)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_a_file_of_every_earlier_version_becomes_ours_with_all_that_is_in_it(
    script: Path, place: Path, tmp_path: Path
) -> None:
    built(script, place)
    with closing(Catalogue(place)) as catalogue:
        assert catalogue.note == ""
        assert [(r.name, r.title, r.tags, r.note) for r in catalogue.rows()] == [
            ("b", "Tape", (), ""),
            ("a", "Corinne's lift", ("won", "north"), ""),
            ("c", "c", (), ""),
        ]
        assert catalogue.figures("discovery", ["layers"]) == {"/s/a.jsonl": {"layers": 3.0}}
        assert catalogue.stamp("/s/a.jsonl") == "old-stamp-a"
        catalogue.put(Entry(Row("/s/d.jsonl", "d", note="It was torn."), {}), "1")
        assert {r.note for r in catalogue.rows()} == {"", "It was torn."}
    Catalogue(tmp_path / "fresh" / NAME).close()
    assert shape(place) == shape(tmp_path / "fresh" / NAME)
    assert not list(place.parent.glob("*.damaged*"))


_CUT = """
import os, signal, sqlite3, sys
from pathlib import Path
from coach.archive import derived
from coach.archive.catalogue import Catalogue
connect, left = sqlite3.connect, int(sys.argv[2])

class Cut(sqlite3.Connection):
    def execute(self, *what):
        global left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return super().execute(*what)

derived.sqlite3.connect = lambda *a, **k: connect(*a, factory=Cut, **k)
Catalogue(Path(sys.argv[1])).close()
print("whole")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_a_power_cut_in_the_middle_of_a_migration_leaves_the_old_tables_or_ours(
    script: Path, tmp_path: Path
) -> None:
    old = shape(built(script, tmp_path / "old" / NAME))
    Catalogue(tmp_path / "new" / NAME).close()
    new = shape(tmp_path / "new" / NAME)
    seen = []
    for cut in range(60):
        place = built(script, tmp_path / str(cut) / NAME)
        said = subprocess.run(
            [sys.executable, "-c", _CUT, str(place), str(cut)],
            capture_output=True,
            check=False,
            timeout=WAIT_S,
        ).stdout
        seen.append(shape(place))
        assert seen[-1] in (old, new)
        with closing(Catalogue(place)) as after:
            assert (len(after.rows()), after.note) == (3, "")
        assert shape(place) == new
        if said:
            break
    assert said == b"whole\n"
    assert seen[0] == old
    assert seen[-1] == new
    assert len(seen) > len(["BEGIN,", "ALTER,", "id,", "version,", "COMMIT"])


def test_a_step_that_fails_is_told_and_what_was_there_is_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(SCRIPTS[0], place)
    with closing(sqlite3.connect(place)) as db:
        db.execute("ALTER TABLE session ADD COLUMN note TEXT")  # as no Coach ever wrote it
    with closing(Catalogue(place)) as catalogue:
        assert catalogue.rows() == []
        assert catalogue.note == (
            "The list of your calls could not be used and has been made again. "
            "What was there is kept as catalogue.damaged.sqlite."
        )
    with closing(sqlite3.connect(place.with_name("catalogue.damaged.sqlite"))) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM session").fetchone() == (3,)


_OPENS = """
import sys
from pathlib import Path
from coach.archive.catalogue import Catalogue
sys.stdin.readline()
catalogue = Catalogue(Path(sys.argv[1]))
assert not catalogue.note, catalogue.note
assert len(catalogue.rows()) == 3
catalogue.close()
"""


def test_two_programs_that_find_an_old_file_at_once_make_one_of_ours(place: Path) -> None:
    built(SCRIPTS[0], place)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENS, str(place)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in both:
        process.stdin.write(b"\n")
        process.stdin.flush()
    said = [p.communicate(timeout=WAIT_S)[1].decode() for p in both]
    assert [p.returncode for p in both] == [0, 0, 0], said


def test_an_old_file_that_another_holds_is_neither_changed_nor_damaged(place: Path) -> None:
    built(SCRIPTS[0], place)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(Catalogue(place)) as catalogue:
            assert "another program holds it" in catalogue.note
        other.execute("ROLLBACK")
    assert shape(place)[0] == (1,)
    with closing(Catalogue(place)) as catalogue:
        assert (len(catalogue.rows()), catalogue.note) == (3, "")


def test_a_damaged_file_is_set_aside_whole_and_the_next_takes_its_place(place: Path) -> None:
    for letter in (b"\xa5", b"\x5a"):
        with closing(Catalogue(place)) as catalogue:
            for n in range(100):
                catalogue.put(Entry(Row(f"/s/{n}.jsonl", str(n)), {"layers": 1.0}), "1")
        data = bytearray(place.read_bytes())
        data[4096:6000] = letter * 1904
        place.write_bytes(data)
        with closing(Catalogue(place)) as catalogue:
            catalogue.sync({}, lambda _: Entry(Row("", ""), {}))
            assert (
                "has been made again. What was there is kept as catalogue.damaged.sqlite." in catalogue.note
            )
        assert place.with_name("catalogue.damaged.sqlite").read_bytes()[4096:6000] == letter * 1904


def test_what_is_forgotten_is_forgotten_in_the_damaged_file_too(place: Path) -> None:
    with closing(Catalogue(place)) as catalogue:
        catalogue.put(Entry(Row("/s/a.jsonl", "a", title="Corinne of the bakery"), {}), "1")
        for extra in ("", "-wal", "-shm"):
            place.with_name(f"catalogue.damaged.sqlite{extra}").write_text("Corinne of the bakery")
        catalogue.forget(["/s/a.jsonl"])
        assert not any(b"Corinne" in f.read_bytes() for f in place.parent.iterdir())


def test_forgetting_gives_the_space_back(place: Path) -> None:
    with closing(Catalogue(place)) as catalogue:
        for n in range(300):
            catalogue.put(Entry(Row(f"/s/{n}.jsonl", str(n), title="x" * 500), {}), "1")
        size = place.stat().st_size + place.with_name(f"{NAME}-wal").stat().st_size
        catalogue.forget([f"/s/{n}.jsonl" for n in range(300)])
        assert place.with_name(f"{NAME}-wal").stat().st_size == 0
        assert place.stat().st_size < size / 4
