"""Which copies were written where: remembered beside the session, so that they can be named when it is forgotten."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from coach.archive.exports import copies_of, exports_path, note_down

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "call.jsonl"
    path.touch()
    return path


def test_copies_are_remembered_each_once_for_their_owner_alone(session: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.html", tmp_path / "\u2028 \udce9.pdf"
    for path in (one, two):
        path.touch()
    note_down(session, [one])
    note_down(session, [one, two, two])
    assert copies_of(session) == [one, two]
    assert stat.S_IMODE(exports_path(session).stat().st_mode) == 0o600
    one.unlink()
    assert copies_of(session) == [two]
    assert copies_of(session, there=False) == [one, two]


def test_a_session_that_is_not_kept_has_no_list(session: Path, tmp_path: Path) -> None:
    session.unlink()
    note_down(session, [tmp_path / "one.html"])
    assert list(tmp_path.iterdir()) == []
    assert copies_of(session) == []


def test_a_list_that_cannot_be_written_costs_no_copy(session: Path) -> None:
    exports_path(session).mkdir()
    note_down(session, [session])
    assert copies_of(session) == []


@pytest.mark.parametrize(
    "line", ["", "[]", "{", '{"copy": 4}', '{"other": 1}', '{"copy": "a\\u0000b"}', "\xff"]
)
def test_whatever_else_stands_there_the_rest_is_read(session: Path, line: str) -> None:
    exports_path(session).write_text(f'{line}\n{{"copy": "{session}"}}\n', encoding="utf-8")
    assert copies_of(session) == [session]
