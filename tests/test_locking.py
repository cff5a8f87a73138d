"""Locked calls from one end to the other: kept without the passphrase, read with it, forgotten, given back."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import FakeSource, Same, blocks, sound
from locked import RIGHT, WORDS, WRONG, cheap, holding  # noqa: F401 - the fixture
from playbook import CUSTOMER, REP
from rigs.files import write

from coach import app, bundle, keychain, library, locking, upkeep
from coach.archive import converting, locker, log
from coach.archive import gate as gates
from coach.archive.envelope import COPY, KEYRING, NAME, PASSPHRASE
from coach.archive.gate import gate
from coach.archive.hand import HandFile
from coach.archive.locker import Locked
from coach.archive.log import read_session
from coach.archive.running import running_path
from coach.archive.sheet import LiveSheet
from coach.audio.recording import open_recording
from coach.call.events import CallEnded, SentenceHeard
from coach.exporting import card_of, export, past_of, wishes
from coach.language import language, write_in
from coach.nudges.commands import TellOnce
from coach.practice_queue import Queue, keep_queue, take_up_queue
from coach.settings import Settings, StorageSettings
from coach.shelf import Shelf
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cheap")
MARKER = "Quixotic"
WAIT_S = 30
TODAY = date(2026, 11, 22)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data" / "coach"
    monkeypatch.setattr(app, "data_folder", lambda: folder)
    return folder


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A keyring of this test alone."""
    kept: dict[str, str] = {}

    class Store:
        def set_password(self, _service: str, entry: str, secret: str) -> None:
            kept[entry] = secret

        def get_password(self, _service: str, entry: str) -> str | None:
            return kept.get(entry)

        def delete_password(self, _service: str, entry: str) -> None:
            del kept[entry]

    monkeypatch.setattr(keychain, "_keyring", Store)
    return kept


def lock(way: str = PASSPHRASE) -> None:
    locking.lock(way, WORDS if way == PASSPHRASE else "", locking.SENTENCE)


def another_process() -> None:
    locker.let_go()
    locker.ask_with(None)
    locker._known.clear()


def call(at: datetime | None = None) -> app.LiveRun:
    """Coach a call in which the marker is said."""
    sources = [FakeSource(REP), FakeSource(CUSTOMER)]
    mine = Settings(storage=StorageSettings(other_side="words"))
    run = app.LiveRun(mine, sources, lambda _: None, words=Same, now=at)
    run.start()
    sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
    run.log.event(SentenceHeard(3000, CUSTOMER, 1000, 2500, f"{MARKER} is what we call it.", (), ()))
    run.stop()
    return run


def test_what_is_said_in_a_call_is_never_on_the_disk(home: Path, tmp_path: Path) -> None:
    lock()
    another_process()
    run = call()
    HandFile(run.log.path).call_it(f"{MARKER} Ltd")
    tape = open_recording(write(tmp_path / f"{MARKER}.wav", sound(3, (0.5, 2.5))[None]))
    locker.unlock(home, RIGHT)
    library.coach_and_keep(tape, Settings(), Same(), lambda *_: None)
    keep_queue(home / "practice.json", Queue(), 0)
    shelf = Shelf()
    shelf.sync()
    assert MARKER in " ".join(r.title for r in shelf.rows())
    assert holding(home, MARKER.encode()) == []
    shelf.close()
    assert holding(home, MARKER.encode()) == []
    assert not list(home.glob("catalogue.sqlite*"))
    assert (home / "catalogue.sealed").exists()
    with closing(Shelf()) as again:
        assert [r.title for r in again.rows() if r.source == "live"] == [f"{MARKER} Ltd"], (
            "without a look at the logs"
        )


def test_without_the_passphrase_a_call_is_coached_and_kept_and_nothing_earlier_is_read(home: Path) -> None:
    lock()
    earlier = call(datetime(2026, 11, 20, 10).astimezone())
    another_process()
    run = call(datetime(2026, 11, 21, 10).astimezone())
    assert run.unkept is None
    for path in (earlier.log.path, run.log.path):
        with pytest.raises(Locked, match="Your earlier calls are locked"):
            library.open_session(path, Settings())
    with closing(Shelf()) as shelf, pytest.raises(Locked):
        shelf.sync()
    locking.open_with(WORDS)
    for path in (earlier.log.path, run.log.path):
        stored = read_session(path)
        assert stored.damage == ""
        assert isinstance(stored.events[-1], CallEnded)


def test_a_list_made_while_locked_does_not_take_the_place_of_the_one_that_is_kept(home: Path) -> None:
    lock()
    call()
    with closing(Shelf()) as shelf:
        shelf.sync()
    before = (home / "catalogue.sealed").read_bytes()
    another_process()
    with closing(Shelf()) as shelf:
        assert shelf.rows() == []
    assert (home / "catalogue.sealed").read_bytes() == before


def test_a_locked_library_keeps_no_sound_and_says_so(home: Path) -> None:
    lock()
    told: list[object] = []
    sources = [FakeSource(REP), FakeSource(CUSTOMER)]
    run = app.LiveRun(Settings(), sources, told.extend, words=Same, keep_sound=True)
    run.start()
    sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
    run.stop()
    assert any(isinstance(c, TellOnce) and "cannot lock sound yet" in c.text for c in told)
    assert not list(home.rglob("*.flac"))
    assert run.settings.storage == Settings().storage


def test_a_damaged_list_is_drawn_again(home: Path) -> None:
    lock()
    call()
    with closing(Shelf()) as shelf:
        shelf.sync()
    data = bytearray((home / "catalogue.sealed").read_bytes())
    data[len(data) // 2] ^= 1
    (home / "catalogue.sealed").write_bytes(data)
    with closing(Shelf()) as shelf:
        shelf.sync()
        assert len(shelf.rows()) == 1


def test_forgetting_works_without_the_passphrase_and_leaves_no_row(home: Path) -> None:
    lock()
    run = call()
    HandFile(run.log.path).call_it("a title")
    with closing(Shelf()) as shelf:
        shelf.sync()
    another_process()
    with closing(Shelf()) as shelf:
        shelf.forget([str(run.log.path)])
    assert library.sessions() == []
    assert not list(home.glob("sessions/*"))
    assert not (home / "catalogue.sealed").exists(), "it still named the call"


def test_retention_goes_on_without_the_passphrase(home: Path) -> None:
    lock()
    call(datetime(2020, 1, 1, 10).astimezone())
    another_process()
    day = date.today() + timedelta(days=40)  # noqa: DTZ011 - the file was written just now
    assert "will be forgotten from tomorrow on" in " ".join(upkeep.at_start(Settings(), day))
    assert "1 call older than 30 days: forgotten." in " ".join(
        upkeep.at_start(Settings(), day + timedelta(days=1))
    )
    assert library.sessions() == []


def test_a_crashed_call_is_recovered_once_the_passphrase_is_there(home: Path) -> None:
    lock()
    run = call()
    path = run.log.path
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-3]))
    running_path(path).touch()
    another_process()
    assert upkeep.at_start(Settings(), TODAY) == []
    assert running_path(path).exists()
    locking.open_with(WORDS)
    assert "ended early" in " ".join(upkeep.at_start(Settings(), TODAY))
    assert upkeep.at_start(Settings(), TODAY) == []


def test_an_export_is_plain_and_is_written_only_by_who_has_the_key(home: Path, tmp_path: Path) -> None:
    lock()
    run = call()
    opened = library.open_session(run.log.path, Settings())
    out = tmp_path / "out.html"
    HandFile(run.log.path).call_it(f"{MARKER} Ltd")
    export(card_of(opened, past_of(opened)), wishes([str(out)], []), session=run.log.path)
    assert MARKER in out.read_text(encoding="utf-8")
    assert "not locked" in locking.PLAIN_COPY
    assert holding(home, out.name.encode()) == []


def test_nothing_is_locked_before_somebody_typed_that_there_is_no_other_way(home: Path) -> None:
    for typed in ("", "yes", "no other"):
        with pytest.raises(Trouble, match=r"Nothing was locked: 'no other way' was not typed"):
            locking.lock(PASSPHRASE, WORDS, typed)
    assert not (home / NAME).exists()
    locking.lock(PASSPHRASE, WORDS, "  No Other  Way ")
    assert locking.state().on


def test_the_warning_says_what_is_lost_before_it_can_be() -> None:
    assert locking.WARNING[PASSPHRASE].startswith(
        "If you lose the passphrase nobody can open these calls; there is no other way. Export first"
    )
    assert "keyring. If that is lost" in locking.WARNING[KEYRING]


def test_with_an_envelope_that_is_damaged_a_call_goes_on_is_not_kept_openly_and_says_so(home: Path) -> None:
    lock()
    for name in (NAME, COPY):
        (home / name).write_bytes(b"{")
    another_process()
    told: list[str] = []
    run = app.LiveRun(
        Settings(), [FakeSource(REP)], lambda cs: told.extend(getattr(c, "text", "") for c in cs), words=Same
    )
    run.start()
    run.stop()
    assert any(t.startswith("This call goes on, but is not kept.") and "damaged" in t for t in told)
    assert run.settings.storage.keep == "nothing"  # so the panic key promises nothing either
    assert library.sessions() == []


def test_the_keyring_opens_calls_and_what_is_lost_with_it_is_a_sentence(
    home: Path, ring: dict[str, str]
) -> None:
    lock(KEYRING)
    run = call()
    assert not any(
        secret.encode() in p.read_bytes() for secret in ring.values() for p in home.rglob("*.json")
    )
    another_process()
    locking.open_with_keyring()
    assert read_session(run.log.path).damage == ""
    another_process()
    kept = dict(ring)
    ring.clear()
    with pytest.raises(Trouble, match=r"no entry 'Coach' any more.*Nothing was changed"):
        locking.open_with_keyring()
    ring["calls"] = "0" * 64
    with pytest.raises(Trouble, match=r"does not open your calls\. Nothing is lost"):
        locking.open_with_keyring()
    ring.update(kept)
    locking.open_with_keyring()


def test_a_keyring_that_is_locked_says_so_and_changes_nothing(home: Path, ring, monkeypatch) -> None:
    lock(KEYRING)
    another_process()

    class Dismissed:
        def get_password(self, *_: str) -> str:
            raise RuntimeError("the prompt was dismissed")

    monkeypatch.setattr(keychain, "_keyring", Dismissed)
    with pytest.raises(
        Trouble, match=r"did not answer, or is locked \(RuntimeError\)\. Unlock it and try again"
    ):
        locking.open_with_keyring()
    run = call()
    assert run.unkept is None
    with pytest.raises(Locked, match=r"locked\. Your keyring opens them, and did not answer"):
        read_session(run.log.path)


def test_the_way_can_be_changed_and_the_old_one_opens_nothing_any_more(
    home: Path, ring: dict[str, str]
) -> None:
    lock(KEYRING)
    run = call()
    locking.change(PASSPHRASE, WRONG.value)
    assert ring == {}
    another_process()
    with pytest.raises(Trouble):
        locking.open_with(WORDS)
    locking.open_with(WRONG.value)
    assert read_session(run.log.path).damage == ""
    with pytest.raises(Trouble, match="12 letters"):
        locking.change(PASSPHRASE, "short")
    assert locking.state().way == PASSPHRASE


def test_a_keyring_that_keeps_nothing_or_in_the_open_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    for name in ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt.file_plaintext"):
        store = type("Keyring", (), {"__module__": name})()
        fake = types.SimpleNamespace(get_keyring=lambda store=store: store)
        monkeypatch.setitem(sys.modules, "keyring", fake)
        assert not keychain.is_there()
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Trouble, match="not installed"):
        keychain.fetch()


def test_the_queue_of_practice_is_not_overwritten_by_who_cannot_read_it(home: Path) -> None:
    lock()
    keep_queue(home / "practice.json", Queue(), 7)
    before = (home / "practice.json").read_bytes()
    another_process()
    assert take_up_queue(home / "practice.json") == (Queue(), 0)
    keep_queue(home / "practice.json", Queue(), 8)
    assert (home / "practice.json").read_bytes() == before
    locking.open_with(WORDS)
    assert take_up_queue(home / "practice.json")[1] == 7


def test_a_report_for_a_bug_says_that_the_last_call_is_locked(home: Path) -> None:
    lock()
    call()
    another_process()
    assert "The last call is locked." in list(bundle._last_call())


def test_given_back_it_is_what_it_was(home: Path) -> None:
    run = call()
    before = run.log.path.read_bytes()
    lock()
    assert run.log.path.read_bytes() != before
    locking.take_off()
    assert run.log.path.read_bytes() == before
    assert not locking.needs_opening()
    with closing(Shelf()) as shelf:
        shelf.sync()
        assert len(shelf.rows()) == 1
    assert (home / "catalogue.sqlite").exists()


@pytest.mark.parametrize("typed", ["kein anderer Weg", "No other way"])
def test_a_german_types_it_in_german_and_its_english_is_understood(typed: str) -> None:
    write_in(language("de"))
    locking.checked(typed)
    with pytest.raises(Trouble, match="Nichts wurde verschlossen: 'kein anderer weg' wurde nicht getippt"):
        locking.checked("ein anderer Weg")


# A call that begins while calls are being locked or opened for good.


def talkative(begun, sources: list[FakeSource] | None = None) -> app.LiveRun:
    """Begin a call with its sound; whoever brings devices gives the sound too."""
    given = sources is None
    sources = sources or [FakeSource(REP), FakeSource(CUSTOMER)]
    mine = Settings(storage=StorageSettings(other_side="words"))
    run = app.LiveRun(mine, sources, begun, words=Same, keep_sound=True)
    run.start()
    if given:
        sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
    run.log.event(SentenceHeard(3000, CUSTOMER, 1000, 2500, f"{MARKER} is what we call it.", (), ()))
    return run


def test_a_call_begun_while_a_lock_is_put_on_waits_for_it_and_is_locked_like_the_others(
    home: Path, monkeypatch
) -> None:
    trying, go_on, found = threading.Event(), threading.Event(), threading.Event()
    try_out, is_on = converting._try_out, locker.is_on

    def slowly(*of) -> None:
        trying.set()
        assert go_on.wait(WAIT_S)
        try_out(*of)

    def asked(path: Path) -> bool:
        found.set()
        return is_on(path)

    monkeypatch.setattr(converting, "_try_out", slowly)
    locks = threading.Thread(target=lock)
    locks.start()
    assert trying.wait(WAIT_S)  # the lock lies there, and may still be taken away
    monkeypatch.setattr(locker, "is_on", asked)
    told: list[object] = []
    runs: list[app.LiveRun] = []
    call = threading.Thread(target=lambda: runs.append(talkative(told.extend)))
    call.start()
    assert not found.wait(0.2)  # it is not asked before it is known
    go_on.set()
    locks.join(WAIT_S)
    call.join(WAIT_S)
    runs[0].stop()
    assert any(isinstance(c, TellOnce) and "cannot lock sound yet" in c.text for c in told)
    assert holding(home, MARKER.encode()) == []
    assert not list(home.rglob("*.flac"))
    assert isinstance(read_session(runs[0].log.path).events[-1], CallEnded)
    assert not list(home.rglob("converting*"))


@pytest.mark.parametrize("off", [False, True])
def test_no_lock_is_put_on_or_taken_off_between_the_question_and_the_file_of_a_call(
    home: Path,
    monkeypatch,
    off: bool,  # noqa: FBT001 - a column of the table
) -> None:
    if off:
        lock()
    said: list[str] = []
    sheet = log.SessionLog

    def meanwhile(*of, **more):
        """Try to change the lock from elsewhere, just before the first line is made ready."""
        with monkeypatch.context() as hasty:
            hasty.setattr(converting, "gate", lambda sessions: gate(sessions, 0.1))
            with pytest.raises(Trouble) as refused:
                (locking.take_off if off else lock)()
        said.append(refused.value.what)
        return sheet(*of, **more)

    monkeypatch.setattr(log, "SessionLog", meanwhile)
    told: list[object] = []
    run = talkative(told.extend)
    with pytest.raises(Trouble, match="A call is running"):
        (locking.take_off if off else lock)()
    run.stop()
    assert said == ["A call is just beginning, or calls are being locked."]
    assert locker.is_on(run.log.path) is off
    assert locker.is_sealed(run.log.path) is off
    assert (run.tape is None) is off
    assert isinstance(read_session(run.log.path).events[-1], CallEnded)


def test_a_lock_that_is_stuck_keeps_no_call_from_beginning_and_nothing_of_it_is_kept_openly(
    home: Path, monkeypatch
) -> None:
    monkeypatch.setattr(gates, "gate", lambda sessions: gate(sessions, 0.1))
    told: list[object] = []
    with gate(home / "sessions"):
        run = talkative(told.extend)
    run.stop()
    assert any("is not kept. Your calls are just being locked" in getattr(c, "text", "") for c in told)
    assert holding(home, MARKER.encode()) == []


def test_a_call_that_the_disk_took_late_is_locked_once_it_has_ended(home: Path, monkeypatch) -> None:
    """Its file is made when the disk takes it; by then the library was locked, and its lines were made ready before."""
    takes, make = threading.Event(), LiveSheet._open

    def when_it_takes(sheet: LiveSheet) -> None:
        if not takes.is_set():
            raise OSError(28, "No space left on device")
        make(sheet)

    monkeypatch.setattr(LiveSheet, "_open", when_it_takes)
    told: list[object] = []
    sources = [FakeSource(REP), FakeSource(CUSTOMER)]
    run = talkative(told.extend, sources)
    assert not run.written
    lock()
    takes.set()
    for _ in range(WAIT_S * 100):
        if run.written:
            break
        run._sheet._over.wait(0.01)
    sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
    run.stop()
    assert run.unkept is None
    assert holding(home, MARKER.encode()) == []
    assert not list(home.rglob("*.flac"))
    assert any("by now, and sound cannot be" in getattr(c, "text", "") for c in told)
    assert isinstance(read_session(run.log.path).events[-1], CallEnded)
