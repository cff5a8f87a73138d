"""One Coach a person: the second speaks to the first, and a crash blocks nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalSocket

from coach.ui.instance import VERBS, Instance, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def one(tmp_path: Path, qapp: object) -> Iterator[Instance]:
    claimed = Instance.claim(tmp_path)
    assert claimed is not None
    yield claimed
    claimed.release()


def test_the_second_is_refused_and_may_follow_the_first(one: Instance, tmp_path: Path) -> None:
    assert Instance.claim(tmp_path) is None
    one.release()
    after = Instance.claim(tmp_path)
    assert after is not None
    after.release()


@pytest.mark.parametrize("verb", VERBS)
def test_a_word_is_heard(one: Instance, tmp_path: Path, qtbot: QtBot, verb: str) -> None:
    with qtbot.waitSignal(one.asked) as heard:
        assert send(verb, tmp_path)
    assert heard.args == [verb]


def test_nobody_answers_when_none_runs(tmp_path: Path, qapp: object) -> None:
    assert not send("raise", tmp_path)


def test_an_unknown_word_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is none of"):
        send("format-disk", tmp_path)


@pytest.mark.parametrize(
    "raw", [b"format-disk\n", b"x" * 4096, b"\xff\xfe\n", b"raise" + b" " * 60 + b"\n", b"\n"]
)
def test_anything_else_is_ignored_and_the_guest_sent_away(
    one: Instance, tmp_path: Path, qtbot: QtBot, raw: bytes
) -> None:
    guest = QLocalSocket()
    heard: list[str] = []
    one.asked.connect(heard.append)
    guest.connectToServer(str(tmp_path / "coach"))
    assert guest.waitForConnected(1000)
    guest.write(raw)
    guest.flush()
    qtbot.waitUntil(lambda: guest.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert heard == []
    with qtbot.waitSignal(one.asked):
        assert send("raise", tmp_path)


def test_a_word_in_two_pieces_is_heard_once_whole(one: Instance, tmp_path: Path, qtbot: QtBot) -> None:
    guest = QLocalSocket()
    guest.connectToServer(str(tmp_path / "coach"))
    assert guest.waitForConnected(1000)
    guest.write(b"pau")
    guest.flush()
    with qtbot.waitSignal(one.asked) as heard:
        guest.write(b"se\n")
        guest.flush()
    assert heard.args == ["pause"]


def test_only_the_same_user_may_speak(one: Instance, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("a named pipe has no mode")
    assert (tmp_path / "coach").stat().st_mode & 0o077 == 0


def test_a_crashed_one_blocks_nobody(tmp_path: Path, qapp: object) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from coach.ui.instance import Instance; a = QCoreApplication([]);"
        "one = Instance.claim(Path(sys.argv[1])); assert one; os.kill(os.getpid(), signal.SIGKILL)"
    )
    crashed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert crashed.returncode == -signal.SIGKILL
    assert (tmp_path / "coach.lock").exists()
    assert not send("raise", tmp_path)
    after = Instance.claim(tmp_path)
    assert after is not None
    assert send("raise", tmp_path)
    after.release()
