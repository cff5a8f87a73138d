"""The windows after a call: a session opens with words at once, its sound follows, what is written is kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playbook import CUSTOMER, REP, told
from PySide6.QtWidgets import QMessageBox
from rigs.files import write

from coach import app
from coach.afterwards import PEAKS, Afterwards
from coach.archive.hand import read_hand
from coach.archive.log import SessionLog
from coach.call.events import CallStarted
from coach.call.hand import Correction, Note
from coach.demo.scenes import scenes
from coach.practice_desk import WhatIfDesk
from coach.settings import Settings
from coach.trouble import Trouble
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SAID = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand.", "need"),
    (REP, 13, 22, "Our lift does that.", "pitch"),
]

pytestmark = pytest.mark.usefixtures("qapp")


def kept(folder: Path, said: list = SAID, **about: object) -> Path:
    log = SessionLog(folder / "call.jsonl", "words", None, about)
    for event in told(said, 30):
        log.event(event)
    log.moments(())
    log.close()
    return log.path


@pytest.fixture
def afterwards(qtbot: QtBot) -> Iterator[Afterwards]:
    desk = Afterwards(Settings())
    yield desk
    desk.close()


def test_a_call_without_a_recording_opens_with_its_words(afterwards: Afterwards, tmp_path: Path) -> None:
    window = afterwards.open(kept(tmp_path, began="2026-11-22T10:00:00+01:00", title="Karen"))
    assert window.windowTitle() == "Karen · Coach"
    assert "Discovery" in window.call.subtitle
    assert "0:30" in window.call.subtitle
    assert window.transport.note.text() == say("play.silent")
    assert len(window.transcript.lines) == 3


def test_a_call_without_a_title_is_called_by_its_type(afterwards: Afterwards, tmp_path: Path) -> None:
    assert afterwards.open(kept(tmp_path)).windowTitle() == "Discovery call · Coach"


def test_a_session_has_one_window(afterwards: Afterwards, tmp_path: Path, qtbot: QtBot) -> None:
    path = kept(tmp_path)
    window = afterwards.open(path)
    assert afterwards.open(path) is window
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not afterwards.busy


def test_what_is_written_in_the_window_is_kept_beside_the_session(
    afterwards: Afterwards, tmp_path: Path
) -> None:
    path = kept(tmp_path)
    actions = afterwards.open(path)._actions
    assert [n.text for n in actions.note(Note(5_000, "Wait.")).hand.notes.values()] == ["Wait."]
    put = actions.correct(Correction(CUSTOMER, 4_000, speaker=REP, text="By foot."))
    assert put.machine[REP, 4_000].text == "By hand."
    hand = read_hand(path)
    assert (list(hand.notes), list(hand.corrections)) == ([5_000], [(CUSTOMER, 4_000)])


def test_the_sound_and_its_picture_follow_and_the_picture_is_kept(
    afterwards: Afterwards, tmp_path: Path, qtbot: QtBot
) -> None:
    sound = tmp_path / "karen.ogg"
    shutil.copy(next(iter(scenes())).sound, sound)
    path = kept(tmp_path, recording={"file": str(sound), "swap": False})
    window = afterwards.open(path)
    qtbot.waitUntil(
        lambda: window.lanes._waveform is not None and window.lanes._waveform.whole, timeout=20_000
    )
    _, loud = window.lanes._waveform.level_for(100)
    assert np.abs(loud).max() > 1_000
    assert window.transport.play.isEnabled()
    qtbot.waitUntil(path.with_suffix(PEAKS).exists, timeout=10_000)
    window.close()
    again = afterwards.open(path)
    qtbot.waitUntil(lambda: again.lanes._waveform is not None and again.lanes._waveform.whole, timeout=20_000)


def test_sides_told_apart_have_a_picture_each_of_their_one_channel(
    afterwards: Afterwards, tmp_path: Path, qtbot: QtBot
) -> None:
    memo = write(tmp_path / "memo.wav", np.full((1, 30 * 16_000), 9_000, np.int16))
    log = SessionLog(
        tmp_path / "memo.jsonl", "words", None, {"recording": {"file": str(memo), "swap": False}}
    )
    for event in told(SAID, 30):
        log.event(replace(event, estimated=True) if isinstance(event, CallStarted) else event)
    log.moments(())
    log.close()
    window = afterwards.open(log.path)
    qtbot.waitUntil(
        lambda: window.lanes._waveform is not None and window.lanes._waveform.whole, timeout=20_000
    )
    bin_ms, loud = window.lanes._waveform.level_for(10)
    at = {s: int(s * 1000 / bin_ms) for s in (2, 8, 12.5)}
    assert [int(loud[0, k, 1]) for k in at.values()] == [9_000, 0, 9_000]
    assert [int(loud[1, k, 1]) for k in at.values()] == [0, 9_000, 9_000]
    assert not log.path.with_suffix(PEAKS).exists()


def test_a_recording_that_has_gone_is_said(afterwards: Afterwards, tmp_path: Path, qtbot: QtBot) -> None:
    gone = tmp_path / "gone.wav"
    window = afterwards.open(kept(tmp_path, recording={"file": str(gone), "swap": False}))
    qtbot.waitUntil(lambda: str(gone) in window.transport.note.text())
    assert not window.transport.play.isEnabled()


def test_a_recording_that_is_none_is_said(afterwards: Afterwards, tmp_path: Path, qtbot: QtBot) -> None:
    letter = tmp_path / "letter.wav"
    letter.write_text("Dear Karen")
    window = afterwards.open(kept(tmp_path, recording={"file": str(letter), "swap": False}))
    qtbot.waitUntil(lambda: "letter.wav" in window.transport.note.text())


def test_a_call_that_is_forgotten_has_no_window_any_more(afterwards: Afterwards, tmp_path: Path) -> None:
    path = kept(tmp_path)
    afterwards.open(path)
    afterwards.close_these([str(path), str(tmp_path / "another.jsonl")])
    assert not afterwards.busy


def test_limits_that_were_changed_count_in_the_next_window(afterwards: Afterwards, tmp_path: Path) -> None:
    afterwards.use(app.with_set(Settings(), ["limits.discovery.monologue_s=5"]))
    window = afterwards.open(kept(tmp_path, [(REP, 1, 20, "Well, there is a lot to tell.")]))
    assert any("without them" in f.text for f in window.call.report.findings)


def test_a_call_is_saved_where_and_as_what_was_asked(afterwards: Afterwards, tmp_path: Path) -> None:
    window = afterwards.open(kept(tmp_path, title="Karen"))
    afterwards.ask_where = lambda _window, name, _folder: (tmp_path / f"{name}.md", "md")
    window._actions.export()
    assert "Karen" in (tmp_path / "Karen.md").read_text(encoding="utf-8")
    assert str(tmp_path / "Karen.md") in window._told.text()
    afterwards.ask_where = lambda *_: None
    window._actions.export()
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".jsonl", ".md"]


def test_a_place_that_cannot_be_written_is_said(afterwards: Afterwards, tmp_path: Path) -> None:
    window = afterwards.open(kept(tmp_path))
    (tmp_path / "taken").write_text("a file")
    afterwards.ask_where = lambda *_: (tmp_path / "taken" / "x.md", "md")
    window._actions.export()
    assert "taken" in window.findChild(QMessageBox).text()


def test_other_limits_are_tried_on_the_call_and_what_is_clicked_there_is_heard_here(
    tmp_path: Path, qtbot: QtBot
) -> None:
    desk = Afterwards(Settings(), lambda opened: WhatIfDesk(opened, Settings(), tmp_path / "s.toml").panel)
    window = desk.open(kept(tmp_path))
    window._actions.whatif()
    (panel,) = desk._panels.values()
    qtbot.waitUntil(lambda: panel._judge is not None)
    panel.asked.emit(13_000)
    assert window.place_ms == 13_000
    desk.close()
    assert not desk._panels


def test_what_is_no_session_is_refused(afterwards: Afterwards, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be read"):
        afterwards.open(tmp_path / "nothing.jsonl")
    assert not afterwards.busy


def of_one_channel(tmp_path: Path, sides: tuple = (REP, CUSTOMER), said: list = SAID, **how: bool) -> Path:
    """Return a session of a recording with one channel, the first of two voices being the rep's."""
    memo = write(tmp_path / "memo.wav", np.full((1, 30 * 16_000), 9_000, np.int16))
    source = {"file": str(memo), "swap": False, "voices": 2, "rep": "first" if how.get("estimated") else ""}
    log = SessionLog(tmp_path / "memo.jsonl", "words", None, {"recording": source})
    for event in told(said, 30, sides=sides, **how):
        log.event(event)
    log.moments(())
    log.close()
    return log.path


def test_sides_told_apart_are_turned_round_in_the_window_and_their_sound_with_them(
    afterwards: Afterwards, tmp_path: Path, qtbot: QtBot
) -> None:
    path = of_one_channel(tmp_path, estimated=True)
    window = afterwards.open(path)
    assert window.voices.text() == "Told apart by voice: estimated."
    qtbot.waitUntil(
        lambda: window.lanes._waveform is not None and window.lanes._waveform.whole, timeout=30_000
    )
    before = window.call.report.figures
    window.swap.click()
    assert [s.who for s in window.call.timeline.sentences] == [CUSTOMER, REP, CUSTOMER]
    assert window.call.report.figures != before
    assert "remembered" in window._told.text()
    qtbot.waitUntil(
        lambda: window.lanes._waveform is not None and window.lanes._waveform.whole, timeout=30_000
    )
    bin_ms, loud = window.lanes._waveform.level_for(10)
    at = {s: int(s * 1000 / bin_ms) for s in (2, 8)}
    assert [int(loud[0, k, 1]) for k in at.values()] == [0, 9_000]
    window.close()
    assert read_hand(path).rep == "second"
    assert [s.who for s in afterwards.open(path).call.timeline.sentences] == [CUSTOMER, REP, CUSTOMER]


def test_two_channels_and_a_microphone_alone_have_nothing_to_turn_round(
    afterwards: Afterwards, tmp_path: Path
) -> None:
    window = afterwards.open(kept(tmp_path))
    assert not window.voices.isVisible()
    assert not window.swap.isVisible()
    alone = afterwards.open(of_one_channel(tmp_path, (REP,), SAID[:1]))
    assert "airtime" in alone.voices.text()
    assert not alone.swap.isVisible()


def test_of_mixed_voices_the_window_says_so_and_leads_to_where_one_is_chosen(tmp_path: Path) -> None:
    asked: list[tuple[Path, str]] = []
    desk = Afterwards(Settings(), None, lambda *what: asked.append(what))
    path = of_one_channel(tmp_path, (REP,), SAID[:1], mixed=True)
    window = desk.open(path)
    assert "nothing is counted" in window.voices.text()
    assert [line.speaker for line in window.transcript._model.lines] == ["A voice"]
    assert window.choose.isVisible()
    window.choose.click()
    assert asked == [(tmp_path / "memo.wav", "discovery")]
    assert not desk.busy
    desk.close()


def test_a_recording_that_has_gone_cannot_be_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str]] = []
    warned: list[str] = []
    desk = Afterwards(Settings(), None, lambda *what: asked.append(what))
    path = of_one_channel(tmp_path, (REP,), SAID[:1], mixed=True)
    (tmp_path / "memo.wav").unlink()
    window = desk.open(path)
    monkeypatch.setattr(window, "warn", warned.append)
    window.choose.click()
    assert asked == []
    assert len(warned) == 1
    desk.close()
