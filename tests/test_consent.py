"""No live call before it is answered who may listen; the answer is dated, and can be taken back."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from rigs.consent import ASKED

from coach import app, consent
from coach.call.events import Who
from coach.live.player import Player
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUIET = Settings(storage=StorageSettings("nothing"))


class Microphone:
    """Says whether it was ever opened."""

    who = Who.REP
    name = "microphone"
    opened = False

    def start(self, deliver, lost):
        self.opened = True

    def stop(self):
        pass


@pytest.fixture(autouse=True)
def _asked(unanswered: None) -> None:
    """Ask the disk here."""


def test_an_answer_is_kept_with_its_day_for_its_owner_alone(tmp_path: Path) -> None:
    assert ASKED(tmp_path) is None
    consent.agree(tmp_path / "deep", NOW)
    assert consent.check(tmp_path / "deep").day == "2026-11-23"
    assert stat.S_IMODE((tmp_path / "deep" / consent.NAME).stat().st_mode) == 0o600


def test_an_answer_can_be_taken_back(tmp_path: Path) -> None:
    consent.agree(tmp_path, NOW)
    consent.take_back(tmp_path)
    consent.take_back(tmp_path)
    with pytest.raises(Trouble, match="No call starts"):
        consent.check(tmp_path)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"sheet": 0, "day": "2020-01-01"}', "\0", "[" * 99_999])
def test_damage_and_another_sheet_ask_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / consent.NAME).write_text(damage, encoding="utf-8")
    assert consent.answer(tmp_path) is None


def test_an_answer_that_cannot_be_kept_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be kept"):
        consent.agree(tmp_path / "file", NOW)


def test_without_an_answer_no_call_opens_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    microphone = Microphone()
    run = app.LiveRun(QUIET, [microphone], lambda _: None)
    with pytest.raises(Trouble, match="coach consent --agree"):
        run.start()
    assert not microphone.opened


def test_a_call_that_is_played_hears_nobody_and_needs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    run = app.LiveRun(QUIET, Player((), (Who.REP,)).sources, lambda _: None, words=None)
    run.start()
    run.stop()
