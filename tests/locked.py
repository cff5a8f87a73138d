"""A locked library for the tests, with a passphrase that costs next to nothing to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coach.archive import envelope, locker
from coach.archive.envelope import PASSPHRASE, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = "four plain words here"
RIGHT = Secret(PASSPHRASE, WORDS)
WRONG = Secret(PASSPHRASE, "some other words here")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a try cost a millisecond, and no key or asker outlive a test."""
    monkeypatch.setattr(envelope, "COST", (2, 8, 1))
    monkeypatch.setattr(locker, "_known", {})
    locker.let_go()
    locker.ask_with(None)
    yield
    locker.let_go()
    locker.ask_with(None)


def holding(folder: Path, marker: bytes) -> list[Path]:
    """Return every file, at whatever depth, in which these bytes stand, in one of the ways that text is written."""
    text = marker.decode()
    forms = (marker, text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode().hex().encode())
    return [p for p in folder.rglob("*") if p.is_file() and any(f in p.read_bytes() for f in forms)]
