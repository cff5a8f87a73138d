"""Promises about a whole run: who can read what it leaves, and what becomes of a call that could not be kept."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from fakes import FakeSource, Same, blocks, sound
from playbook import CUSTOMER, REP
from rigs.disk import small_disk
from rigs.files import write

from coach import app, library, terminal, upkeep
from coach.archive.hand import HandFile
from coach.archive.log import read_session
from coach.audio.peaks import growing_peaks, save_peaks
from coach.audio.recording import open_recording
from coach.call.events import CallEnded, SentenceHeard
from coach.exporting import card_of, export, wishes
from coach.practice_queue import Queue, keep_queue
from coach.report.habits import Habit
from coach.settings import Settings
from coach.shelf import Shelf
from coach.trouble import Trouble

TODAY = date(2026, 11, 22)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return app.data_folder()


@pytest.fixture
def _everybody_may_read():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    found = {".": stat.S_IMODE(folder.stat().st_mode)}
    for path in folder.rglob("*"):
        found[str(path.relative_to(folder))] = stat.S_IMODE(path.stat().st_mode)
    return found


@pytest.mark.usefixtures("_everybody_may_read")
def test_files_are_0600_and_folders_0700_in_and_after_a_whole_run(home: Path, tmp_path: Path) -> None:
    settings = Settings()
    app.is_first_start()
    sources = [FakeSource(REP), FakeSource(CUSTOMER)]
    run = app.LiveRun(settings, sources, lambda _: None, words=Same)
    run.start()
    sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
    seen = [modes(home)]
    run.stop()
    HandFile(run.log.path).call_it("Corinne")
    tape = open_recording(write(tmp_path / "tape.wav", sound(3, (0.5, 2.5))[None]))
    kept = library.coach_and_keep(tape, settings, Same(), lambda *_: None)
    session = Path(str(kept.audio["session"]))
    *_, peaks = growing_peaks(open_recording(tape.path))
    save_peaks(peaks, session.with_suffix(".peaks"), tape.path)
    keep_queue(home / "queue.json", Queue(), 0)
    with closing(Shelf()) as shelf:
        shelf.sync()
        shelf.keep_habit(Habit("talk_share", 0.5, "discovery"))
        opened = library.open_session(run.log.path, settings)
        places = wishes([str(home / "out.html"), str(tmp_path / "out.md")], [])
        export(card_of(opened), places, session=run.log.path)
        (run.log.path.with_suffix(".jsonl.1.part")).touch(mode=0o600)
        seen.append(modes(home))
    upkeep.at_start(settings, TODAY + timedelta(days=4000))
    seen.append(modes(home))
    wanted = {
        "catalogue.sqlite-wal",
        "catalogue.sqlite",
        "habit.json",
        "queue.json",
        "out.html",
        "started",
        "retention.json",
    }
    names = {name for found in seen for name in found}
    assert wanted <= names
    assert {Path(n).suffix for n in names} >= {".jsonl", ".hand", ".peaks", ".exports", ".live", ".part"}
    for found in seen:
        for name, mode in found.items():
            assert mode == (0o700 if name in {".", "sessions"} else 0o600), name
    assert stat.S_IMODE((tmp_path / "out.md").stat().st_mode) == 0o666  # elsewhere it is for the rep to say


class Terminal:
    """Somebody at a terminal, or nobody."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.left = list(answers)
        monkeypatch.setattr("sys.stdin", self)
        monkeypatch.setattr("click.prompt", lambda *_, **__: self.left.pop(0))

    def isatty(self) -> bool:
        return bool(self.left)


def refused(folder: Path) -> app.Unkept:
    def save(to: Path) -> Path:
        if to.name == "full":
            raise Trouble("It could not be saved in full either.", "Choose another folder.")
        return to / "x.jsonl"

    return app.Unkept("This call could not be kept.", "No space left on device", save)


@pytest.mark.parametrize(
    ("save_to", "answers", "said"),
    [
        (Path("/stick"), (), ["This call could not be kept.", "saved: /stick/x.jsonl"]),
        (None, (), ["so it is lost"]),
        (None, ("/full", "/stick"), ["could not be saved in full either", "saved: /stick/x.jsonl"]),
        (Path("/full"), ("/stick",), ["could not be saved in full either", "saved: /stick/x.jsonl"]),
        (None, ("",), ["This call could not be kept."]),
    ],
)
def test_the_terminal_offers_to_save_a_call_elsewhere(
    tmp_path: Path,
    capsys,
    monkeypatch: pytest.MonkeyPatch,
    save_to: Path | None,
    answers: tuple[str],
    said: list[str],
) -> None:
    at = Terminal(monkeypatch, *answers)
    terminal.rescue(refused(tmp_path), save_to)
    told = capsys.readouterr()
    for part in said:
        assert part in told.out + told.err
    assert at.left == []


def test_a_disk_that_fills_up_in_a_call_costs_neither_the_call_nor_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        monkeypatch.setattr(app, "data_folder", lambda: disk.folder / "coach")
        earlier = _call()
        before = earlier.log.path.read_bytes()
        sources = [FakeSource(REP), FakeSource(CUSTOMER)]
        told: list[str] = []
        run = app.LiveRun(
            Settings(),
            sources,
            lambda commands: told.extend(getattr(c, "text", "") for c in commands),
            words=Same,
        )
        run.start()
        disk.fill()
        said = [SentenceHeard(n, REP, n, n, "We lose two days by hand, every week.") for n in range(200)]
        for sentence in said:
            run.log.event(sentence)
        run.stop()
        assert any("No space left on device. It goes on, in memory." in t for t in told)
        assert run.unkept is not None
        assert "No space left" in run.unkept.why
        saved = run.unkept.save_to(tmp_path / "stick")
        session = read_session(saved)
        assert session.damage == ""
        assert isinstance(session.events[-1], CallEnded)
        assert [e for e in session.events if isinstance(e, SentenceHeard)] == said
        assert earlier.log.path.read_bytes() == before
        assert library.sessions() == [earlier.log.path]
        disk.empty()


def _call() -> app.LiveRun:
    run = app.LiveRun(Settings(), [FakeSource(REP)], lambda _: None, words=Same)
    run.start()
    run.stop()
    return run
