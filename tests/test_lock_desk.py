"""The lock in its windows: asked for once, explained, typed, done on a thread, and never in the way of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from locked import RIGHT, WORDS, WRONG, cheap  # noqa: F401 - the fixture
from playbook import REP
from PySide6.QtCore import Qt

from coach import app, keychain, library, locking
from coach.archive import locker
from coach.archive.log import SessionLog, read_session
from coach.call.events import CallEnded, CallStarted
from coach.lock_desk import LockDesk
from coach.ui.lock import OpenWindow
from coach.ui.lock_words import WORDS as SAID
from coach.ui.lock_words import word

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cheap")
LONG = 20_000


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data" / "coach"
    monkeypatch.setattr(app, "data_folder", lambda: folder)
    log = SessionLog(library.sessions_folder() / "2026-11-22-100000.jsonl", "words")
    for event in (CallStarted(0, "discovery", (REP,)), CallEnded(60_000)):
        log.event(event)
    log.close()
    return log.path


@pytest.fixture
def locked(session: Path) -> Path:
    locking.lock(locking.PASSPHRASE, WORDS, locking.SENTENCE)
    locker.let_go()
    return session


@pytest.fixture
def desk(qtbot):
    opened = []
    made = LockDesk(lambda: "dark", lambda: opened.append(1))
    made.opened = opened
    yield made
    made.close()
    qtbot.wait(0)


def test_where_nothing_is_locked_nobody_is_asked(session: Path, desk: LockDesk) -> None:
    assert not desk.needed()
    assert desk.asking is None


def test_it_is_asked_for_and_then_what_was_wished_for_happens(qtbot, locked: Path, desk: LockDesk) -> None:
    wished = []
    assert desk.needed(lambda: wished.append(1))
    window = desk.asking
    assert window is not None
    assert not window.yes.isEnabled(), "nothing is typed yet"
    qtbot.keyClicks(window.field, WORDS)
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(wished), timeout=LONG)
    assert desk.opened == [1]
    assert desk.asking is None
    assert read_session(locked).damage == ""
    assert not desk.needed()


def test_another_passphrase_is_told_of_kindly_and_may_be_mended(qtbot, locked: Path, desk: LockDesk) -> None:
    desk.needed()
    window = desk.asking
    assert window is not None
    qtbot.keyClicks(window.field, WRONG.value)
    window.yes.click()
    qtbot.waitUntil(window.field.isEnabled, timeout=LONG)
    assert window.said.text().startswith("That passphrase does not open your calls. Nothing is lost")
    assert window.field.text() == ""
    qtbot.keyClicks(window.field, WORDS)
    window.yes.click()
    qtbot.waitUntil(lambda: desk.asking is None, timeout=LONG)
    assert desk.opened == [1]


def test_whoever_says_not_now_goes_on_without_and_may_be_asked_later(
    qtbot, locked: Path, desk: LockDesk
) -> None:
    wished = []
    desk.needed(lambda: wished.append(1))
    desk.asking.no.click()
    qtbot.waitUntil(lambda: desk.asking is None, timeout=LONG)
    assert (wished, desk.opened) == ([], [])
    assert desk.needed(lambda: wished.append(2))
    locker.unlock(app.data_folder(), RIGHT)
    desk._opened()
    assert wished == [2]


def test_a_keyring_answers_for_itself_and_says_why_where_it_does_not(
    qtbot, session: Path, desk: LockDesk, monkeypatch
) -> None:
    kept = {}
    store = type(
        "Store",
        (),
        {
            "set_password": lambda _, _s, entry, secret: kept.update({entry: secret}),
            "get_password": lambda _, _s, entry: kept.get(entry),
        },
    )
    monkeypatch.setattr(keychain, "_keyring", store)
    locking.lock(locking.KEYRING, "", locking.SENTENCE)
    locker.let_go()
    desk.needed()
    qtbot.waitUntil(lambda: desk.opened == [1], timeout=LONG)
    assert desk.asking is None
    locker.let_go()
    kept.clear()
    desk.needed()
    qtbot.waitUntil(lambda: desk.asking is not None, timeout=LONG)
    assert "no entry 'Coach' any more" in desk.asking.said.text()


def test_the_lock_is_explained_typed_put_on_changed_and_taken_off(
    qtbot, session: Path, desk: LockDesk
) -> None:
    before = session.read_bytes()
    desk.open()
    window = desk.window
    assert window is not None
    assert window.warning.text() == locking.WARNING[locking.PASSPHRASE]
    qtbot.keyClicks(window.passphrase, WORDS)
    qtbot.keyClicks(window.again, "another thing altogether")
    window.yes.click()
    assert window.said.text() == word("off.unlike")
    window.again.setText(WORDS)
    window.yes.click()
    qtbot.waitUntil(lambda: "was not typed" in window.said.text(), timeout=LONG)
    assert session.read_bytes() == before
    qtbot.keyClicks(window.sentence, "no other way")
    window.yes.click()
    qtbot.waitUntil(lambda: window.said.text() == word("done.on"), timeout=LONG)
    assert locking.state().on
    assert session.read_bytes() != before
    qtbot.keyClicks(window.passphrase, WRONG.value)
    qtbot.keyClicks(window.again, WRONG.value)
    window.change.click()
    qtbot.waitUntil(lambda: window.said.text() == word("done.change"), timeout=LONG)
    locker.let_go()
    locking.open_with(WRONG.value)
    window.off.click()
    assert window.off.text() == word("on.off.sure")
    window.off.click()
    qtbot.waitUntil(lambda: window.said.text() == word("done.off"), timeout=LONG)
    assert session.read_bytes() == before


def test_with_the_keyring_chosen_no_passphrase_is_asked_for_and_the_warning_is_its_own(
    qtbot, session: Path, desk: LockDesk, monkeypatch
) -> None:
    monkeypatch.setattr(keychain, "is_there", lambda: True)
    desk.open()
    window = desk.window
    window.keyring.setChecked(True)
    assert not window.passphrase.isVisible()
    assert window.warning.text() == locking.WARNING[locking.KEYRING]
    asked = []
    window.put_on.disconnect()
    window.put_on.connect(lambda *said: asked.append(said))
    window.yes.click()
    assert asked == [("keyring", "", "")]


def test_where_there_is_no_keyring_it_cannot_be_chosen(session: Path, desk: LockDesk, monkeypatch) -> None:
    monkeypatch.setattr(keychain, "is_there", lambda: False)
    desk.open()
    assert not desk.window.keyring.isEnabled()
    assert desk.window.keyring.toolTip() == word("off.no_keyring")


def test_who_wants_to_change_a_lock_opens_it_first(qtbot, locked: Path, desk: LockDesk) -> None:
    desk.open()
    assert desk.window is None
    qtbot.keyClicks(desk.asking.field, WORDS)
    desk.asking.yes.click()
    qtbot.waitUntil(lambda: desk.window is not None, timeout=LONG)


def test_what_was_typed_is_hidden_and_not_kept(qtbot) -> None:
    window = OpenWindow()
    qtbot.addWidget(window)
    assert window.field.echoMode() == window.field.EchoMode.Password
    window.show_centred()
    window.field.setText(WORDS)
    window.close()
    assert window.field.text() == ""


def test_every_field_and_button_has_a_name_and_a_key(qtbot, session: Path, desk: LockDesk) -> None:
    desk.open()
    for field in (desk.window.passphrase, desk.window.again, desk.window.sentence):
        assert field.accessibleName()
    used = [
        SAID[k][SAID[k].index("&") + 1].lower()
        for k in ("off.first", "off.again", "off.keyring", "off.sentence", "off.yes", "show")
    ]
    assert len(set(used)) == len(used)
