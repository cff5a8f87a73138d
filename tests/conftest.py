"""Without a wish, every window of the tests lives offscreen; what needs a real screen starts its own.

No test reads or writes the sessions, the settings or the login entry of the person who runs it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from rigs.consent import ASKED, DAY

from coach import consent, language, mishaps, offline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"  # whoever runs the tests, and wherever


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "data-home"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config-home"))
    return folder


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """Let a test speak another language, for itself alone."""
    yield
    language.write_in(language.ENGLISH)


@pytest.fixture(autouse=True)
def _no_wall_around_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test call the program's own door in this process: what it installs there can never be taken out again.

    `tests/test_offline.py` and `tests/test_mishaps.py` try both in processes of their own.
    """
    monkeypatch.setattr(offline, "install", lambda: None)
    monkeypatch.setattr(mishaps, "note_in", lambda _folder: None)


@pytest.fixture(autouse=True, scope="session")
def _answered() -> Iterator[None]:
    """Let calls start in this process, also those that serve a whole module: somebody answered (`rigs.consent`)."""
    with pytest.MonkeyPatch.context() as answered:
        answered.setattr(consent, "answer", lambda _folder: consent.Consent(DAY))
        yield


@pytest.fixture
def unanswered(_answered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look on the disk for the answer, as it is outside tests: there is none yet."""
    monkeypatch.setattr(consent, "answer", ASKED)
