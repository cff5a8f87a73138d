"""Another person on this machine reads nothing of ours and cannot steer the Coach that runs.

What they try is tried by a process of another user (``nobody``), which only root may begin. The folders above ours are
open to everybody here, so that nothing but our own doors is in the way.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fakes import FakeSource, Same, blocks, sound
from playbook import CUSTOMER, REP

from coach import app
from coach.archive.hand import HandFile
from coach.settings import Settings
from coach.settings_file import save_values
from coach.ui import instance
from coach.ui.instance import Instance, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

NOBODY = 65_534
PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin") or sys.executable
"""The system's own, which everybody may run: what they try needs nothing of ours."""
TRIES = r"""
import json, os, pathlib, socket, sys
home, run, names = json.loads(sys.argv[1])
got = []
def tried(what, do):
    try:
        do()
    except OSError:
        return
    got.append(what)
for top in (home, run):
    for folder, _, files in os.walk(top):
        got += [f"saw {name} in {folder}" for name in files if top == home]
for name in names:
    tried("read " + name, lambda: pathlib.Path(name).read_bytes()[:1])
    tried("looked at " + name, lambda: os.stat(name))
    tried("changed " + name, lambda: open(name, "ab").close())
    tried("removed " + name, lambda: os.unlink(name))
    parent = os.path.dirname(name)
    tried("made a file in " + parent, lambda: open(parent + "/mine", "w").close())
    tried("linked in " + parent, lambda: os.symlink("/etc/passwd", parent + "/link"))
def speak(where):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(where)
        s.sendall(b"pause\n")
for folder, _, files in os.walk(run):
    for name in files:
        tried("spoke to " + name, lambda: speak(os.path.join(folder, name)))
for name in ("coach", "coach-0/coach"):
    tried("spoke to " + name, lambda: speak(os.path.join(run, name)))
print(json.dumps([os.getuid(), sorted(set(got))]))
"""


def _why_not() -> str:
    if sys.platform == "win32" or os.geteuid() != 0:
        return "only root may be another user"
    try:
        _as_nobody("print(1)")
    except (OSError, subprocess.SubprocessError) as e:
        return f"no process of another user can be begun here: {e}"
    return ""


def _as_nobody(code: str, *arguments: str) -> Any:
    said = subprocess.run(
        [PYTHON, "-I", "-c", code, *arguments],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
        timeout=120,
    )
    return json.loads(said.stdout)


WHY_NOT = _why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "-")


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder of ours that everybody may enter and list."""
    folder = Path(tempfile.mkdtemp(prefix="coach-second-user-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_another_user_reads_changes_and_adds_nothing(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    umask = os.umask(0)  # the worst that a login may have
    try:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(open_place / name))
            (open_place / name).mkdir()
        app.is_first_start()
        sources = [FakeSource(REP), FakeSource(CUSTOMER)]
        run = app.LiveRun(Settings(), sources, lambda _: None, words=Same)
        run.start()
        sources[0].give(blocks({REP: sound(3, (0.5, 2.5))}))
        run.stop()
        HandFile(run.log.path).call_it("Corinne")
        save_values(app.settings_file(), {"call.planned_minutes": 20})
    finally:
        os.umask(umask)
    names = [str(p) for p in open_place.rglob("*") if p.is_file()]
    assert len(names) >= 4
    assert any(name.endswith("settings.toml") for name in names)
    asked = json.dumps([str(open_place), str(open_place), names])
    assert _as_nobody(TRIES, asked) == [NOBODY, []]


@pytest.mark.parametrize("where", ["given", "runtime folder", "none"])
def test_another_user_cannot_steer_the_coach_that_runs(
    open_place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(open_place))
    if where == "runtime folder":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(open_place))
    folder = open_place if where == "given" else None
    one = Instance.claim(folder)
    assert one is not None
    heard: list[str] = []
    one.asked.connect(heard.append)
    try:
        uid, got = _as_nobody(TRIES, json.dumps([str(open_place / "no home"), str(open_place), []]))
        assert (uid, got) == (NOBODY, [])
        answered = send("raise", folder)  # we ourselves are heard
        assert answered is not None
        qtbot.waitUntil(lambda: heard == ["raise"], timeout=20_000)
        if where == "given":  # with the door open they would have got in: the try is a real one
            (open_place / "coach").chmod(0o666)
            assert "spoke to coach" in _as_nobody(TRIES, json.dumps(["", str(open_place), []]))[1]
    finally:
        one.release()


def test_a_name_that_another_user_took_before_us_is_not_used(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(open_place))
    monkeypatch.setenv("HOME", str(open_place / "home"))
    (open_place / "home").mkdir()
    squatted = instance._place(None).parent
    squatted.rmdir()
    squatted.mkdir(mode=0o777)
    os.chown(squatted, NOBODY, NOBODY)
    place = instance._place(None)
    assert place.parent != squatted
    assert place.parent.stat().st_uid == os.getuid()
    assert place.parent.stat().st_mode & 0o077 == 0
    squatted.rmdir()
    squatted.symlink_to(open_place)
    assert instance._place(None).parent == place.parent
