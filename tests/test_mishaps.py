"""What goes wrong is noted by its kind and its place, and never by what was said."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from coach import mishaps

if TYPE_CHECKING:
    from pathlib import Path

SAID = "we lose forty thousand a month"


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    start = f"import pathlib, threading, logging\nfrom coach import mishaps\nplace = pathlib.Path({str(folder)!r})\n"
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)


def test_nothing_is_written_while_all_is_well(tmp_path):
    assert run(tmp_path / "new", "mishaps.note_in(place)").returncode == 0
    assert not (tmp_path / "new").exists()
    assert mishaps.noted(tmp_path / "new") == []


def test_a_fault_is_noted_by_its_kind_and_its_place_for_its_owner_alone(tmp_path):
    done = run(
        tmp_path / "new", f"mishaps.note_in(place)\ndef heard():\n    raise ValueError({SAID!r})\nheard()"
    )
    assert done.returncode == 1
    assert SAID in done.stderr, "the terminal shows it to whoever sits there"
    noted = "\n".join(mishaps.noted(tmp_path / "new"))
    assert "builtins.ValueError" in noted
    assert "heard" in noted
    assert SAID not in noted
    assert stat.S_IMODE((tmp_path / "new" / mishaps.NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_thread_that_ends_by_a_fault_is_noted_too(tmp_path):
    run(
        tmp_path,
        f"mishaps.note_in(place)\nt = threading.Thread(target=lambda: {{}}[{SAID!r}])\nt.start(); t.join()",
    )
    noted = "\n".join(mishaps.noted(tmp_path))
    assert "builtins.KeyError" in noted
    assert SAID not in noted


@pytest.mark.parametrize("name", ["coach.live.call", "some.library"])
def test_a_message_is_noted_as_it_stands_in_the_code(tmp_path, name):
    run(
        tmp_path,
        f"mishaps.note_in(place)\nlogging.getLogger('coach.live.call').warning('a span of %s', {SAID!r})",
    )
    assert any("a span of %s" in line for line in mishaps.noted(tmp_path))
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, "a span of %s", (SAID,), None)
    assert SAID not in mishaps.Wordless().format(record)


def test_what_another_library_writes_is_not_kept(tmp_path):
    record = logging.LogRecord("some.library", logging.ERROR, __file__, 1, SAID, (), None)
    assert SAID not in mishaps.Wordless().format(record)


def test_a_crash_of_the_interpreter_leaves_its_stack(tmp_path):
    run(
        tmp_path,
        "mishaps.note_crashes_in(place)\nimport faulthandler\ndef heard():\n    faulthandler._sigabrt()\nheard()",
    )
    assert any("heard" in line for line in mishaps.noted(tmp_path))


def test_the_file_does_not_grow_for_ever(tmp_path):
    run(
        tmp_path,
        "mishaps.note_in(place)\nl = logging.getLogger('coach.x')\n[l.warning('x' * 1000) for _ in range(1000)]",
    )
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 2 * mishaps.ROOM


def test_a_folder_that_cannot_be_written_is_no_second_fault(tmp_path):
    (tmp_path / "file").write_text("in the way")
    code = (
        "mishaps.note_in(place)\nmishaps.note_crashes_in(place)\nlogging.getLogger('coach.x').warning('well')"
    )
    done = run(tmp_path / "file" / "folder", code)
    assert (done.returncode, done.stderr) == (0, "")
