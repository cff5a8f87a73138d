"""One Coach a person: the second speaks to the first, and a crash blocks nobody."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalSocket

from coach.ui import instance
from coach.ui.instance import MOST_ANSWER_BYTES, MOST_BYTES, NO_ANSWER, VERBS, Answer, Instance, send

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


SEND = """
import json, sys
from pathlib import Path
from coach.ui.instance import send
for verb in sys.argv[2:]:
    answer = send(verb, Path(sys.argv[1]))
    print(json.dumps(answer and [answer.done, answer.line]))
"""


def asked(qtbot: QtBot, folder: Path, *verbs: str) -> list[Answer]:
    """Send words from another process and return what came back."""
    command = [sys.executable, "-c", SEND, str(folder), *verbs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        qtbot.waitUntil(lambda: other.poll() is not None, timeout=30_000)
        assert other.stdout is not None
        return [Answer(*json.loads(line)) for line in other.stdout]


def test_every_word_is_heard_and_fits(one: Instance, tmp_path: Path, qtbot: QtBot) -> None:
    heard: list[str] = []
    one.asked.connect(heard.append)
    assert asked(qtbot, tmp_path, *VERBS) == [Answer(done=True)] * len(VERBS)
    assert heard == list(VERBS)
    assert max(len(verb) for verb in VERBS) < MOST_BYTES


@pytest.mark.parametrize(
    ("answer", "comes"),
    [
        (Answer(True, "Coach pauses."), Answer(True, "Coach pauses.")),
        (Answer(False, "No call\nis being coached."), Answer(False, "No call is being coached.")),
        (Answer(True, "Einmal mehr: Zuhören · ö"), Answer(True, "Einmal mehr: Zuhören · ö")),
        (Answer(True, "bell \x07"), Answer(True, "")),
    ],
)
def test_a_word_is_answered_with_one_line(
    one: Instance, tmp_path: Path, qtbot: QtBot, answer: Answer, comes: Answer
) -> None:
    one.obey_with(lambda _: answer)
    assert asked(qtbot, tmp_path, "pause") == [comes]


def test_a_long_answer_is_cut(one: Instance, tmp_path: Path, qtbot: QtBot) -> None:
    one.obey_with(lambda _: Answer(True, "ö" * 4000))
    (answer,) = asked(qtbot, tmp_path, "pause")
    assert answer.done
    assert 100 < len(answer.line) < MOST_ANSWER_BYTES


def test_nobody_answers_when_none_runs(tmp_path: Path, qapp: object) -> None:
    assert send("raise", tmp_path) is None


def test_one_that_does_not_answer_is_told(
    tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "ANSWER_MS", 50)
    claimed = Instance.claim(tmp_path)
    assert claimed is not None
    answer = send("pause", tmp_path)  # on the thread that ought to answer
    assert answer == Answer(False, NO_ANSWER)
    claimed.release()


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
    assert asked(qtbot, tmp_path, "raise") == [Answer(done=True)]


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


def test_a_crashed_one_blocks_nobody(tmp_path: Path, qtbot: QtBot) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from coach.ui.instance import Instance; a = QCoreApplication([]);"
        "one = Instance.claim(Path(sys.argv[1])); assert one; os.kill(os.getpid(), signal.SIGKILL)"
    )
    crashed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert crashed.returncode == -signal.SIGKILL
    assert (tmp_path / "coach.lock").exists()
    assert send("raise", tmp_path) is None
    after = Instance.claim(tmp_path)
    assert after is not None
    assert asked(qtbot, tmp_path, "raise") == [Answer(done=True)]
    after.release()
