"""Before a call, put together: nothing listens unanswered; what was prepared goes with its call and into its report."""

from __future__ import annotations

import dataclasses
import gc
from datetime import datetime
from itertools import islice

import pytest
from fakes import FakeSource, Same, blocks, sound
from playbook import CUSTOMER, REP
from PySide6.QtWidgets import QApplication

from coach import app, before, consent, desktop
from coach.audio.recording import open_recording
from coach.call.plan import Plan
from coach.demo.scenes import scenes
from coach.next_call import NextCall
from coach.settings import Settings
from coach.settings_file import save_values
from coach.ui.controls import Phase

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support", r"systemTrayWindowChanged")
WAIT_MS = 30_000
PLAN = Plan("demo", 30.0, "monologue", ("Forty lifts",), ("Why now?", "Who signs?"))


class Matcher:
    """Hears the first question in every sentence."""

    question, score = 0, 0.9

    def match(self, text, cues):
        return self


@pytest.fixture
def sources():
    return [FakeSource(REP), FakeSource(CUSTOMER)]


@pytest.fixture
def desk(qtbot, monkeypatch, sources, tmp_path):
    monkeypatch.setattr(app, "load_words", lambda *_: Same())
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(app.LiveRun, "_matcher", lambda self: Matcher if self.plan.questions else None)
    made = desktop.Desk(Settings(), lambda _: (sources, ""), path=tmp_path / "settings.toml")
    yield made
    if made._run is not None:
        with qtbot.waitSignal(made.ended, timeout=WAIT_MS):
            made.stop()
    made.close_windows()
    QApplication.processEvents()
    del made
    gc.collect()


def listening(qtbot, desk) -> None:
    qtbot.waitUntil(lambda: desk.tray.state.phase is Phase.LISTENING, timeout=WAIT_MS)


def ended(qtbot, desk):
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS) as end:
        desk.stop()
    qtbot.waitUntil(lambda: desk.tray.state.phase is Phase.IDLE, timeout=WAIT_MS)
    return end.args[0]


# Who listens.


def test_the_first_call_waits_for_the_answer_and_then_begins(qtbot, desk, sources, unanswered):
    desk.start("demo")
    assert desk.before.sheet.isVisible()
    assert sources[0].starts == 0
    assert not desk.obey("start demo").done
    desk.before.sheet.agree.click()
    listening(qtbot, desk)
    assert desk.tray.state.call_type == "demo"
    assert desk.before.sheet is None
    ended(qtbot, desk)
    desk.start("demo")  # it is remembered
    listening(qtbot, desk)


def test_a_sheet_that_is_closed_starts_nothing(qtbot, desk, sources, unanswered):
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS) as end:
        desk.start("demo")
        desk.before.sheet.close()
    assert end.args[0] is consent.UNANSWERED
    assert sources[0].starts == 0
    assert not desk.before.waits


def test_whoever_stops_while_the_sheet_is_open_is_obeyed(qtbot, desk, sources, unanswered):
    desk.start("demo")
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS) as end:
        desk.stop()
    assert end.args[0] is consent.UNANSWERED
    assert desk.before.sheet is None
    assert sources[0].starts == 0


def test_an_answer_that_was_taken_back_is_asked_for_again(qtbot, desk, sources, tmp_path, unanswered):
    consent.agree(tmp_path, datetime.fromisoformat("2026-11-20T09:00:00+00:00"))
    desk.open_preferences()
    desk._preferences.window.consent.click()
    assert "20 November 2026" in desk.before.sheet.status.text()
    desk.before.sheet.back.click()
    assert consent.answer(tmp_path) is None
    desk.before.sheet.close()
    desk.start("demo")
    assert desk.before.sheet.isVisible()
    assert sources[0].starts == 0


def test_a_demo_hears_nobody_and_asks_nothing(qtbot, sources, monkeypatch, tmp_path, unanswered):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    NextCall(tmp_path).write(PLAN)
    made = desktop.Desk(Settings(), lambda _: (sources, ""), real=False)
    begun = []
    monkeypatch.setattr(made, "_do", begun.append)
    made.start("demo")
    assert len(begun) == 1
    assert made.before.sheet is None
    made.close_windows()


def test_the_region_is_chosen_on_the_sheet(desk, tmp_path):
    desk.before.open_consent()
    desk.before.sheet.region_chosen.emit("eu")
    assert app.load_settings(tmp_path / "settings.toml").consent.region == "eu"
    assert "May I leave it on?" in desk.before.sheet.sentence.text()


# The reminder.


def test_a_call_begins_with_the_reminder_and_its_meters(qtbot, desk, sources):
    desk.start("discovery")
    qtbot.waitUntil(lambda: desk.before.reminder is not None, timeout=WAIT_MS)
    reminder = desk.before.reminder
    assert reminder.isVisible()
    sources[0].give(blocks({REP: sound(2, (0.5, 1.5))}, 200))
    qtbot.waitUntil(lambda: reminder.bars[REP]._levels[1] > -60.0, timeout=WAIT_MS)
    assert desk.obey("hide").done
    assert not reminder.isVisible()
    assert desk.before._meters == {}


def test_it_is_switched_off_for_good_by_one_button(qtbot, desk, tmp_path):
    desk.start("discovery")
    qtbot.waitUntil(lambda: desk.before.reminder is not None, timeout=WAIT_MS)
    first = desk.before.reminder
    first.off.click()
    assert app.load_settings(tmp_path / "settings.toml").consent.reminder is False
    ended(qtbot, desk)
    desk.start("discovery")
    listening(qtbot, desk)
    qtbot.waitUntil(lambda: desk.before._run is not None, timeout=WAIT_MS)
    assert desk.before.reminder is first
    assert desk.before._meters == {}


# What was prepared.


def test_what_was_prepared_goes_with_its_call_into_its_report_and_is_gone(qtbot, desk, sources, tmp_path):
    NextCall(tmp_path).write(PLAN)
    desk.start("demo")
    qtbot.waitUntil(lambda: desk.before.beside is not None, timeout=WAIT_MS)
    run = desk._run
    assert (run.settings.call.planned_minutes, run.settings.call.focus) == (30.0, "monologue")
    assert NextCall(tmp_path).read(before.now()) == PLAN  # as long as the call runs
    beside = desk.before.beside
    assert not beside.isVisible()
    assert desk.obey("prepare").done
    assert beside.isVisible()
    beside.questions[1].click()
    (demo, _) = scenes()
    for block in islice(open_recording(demo.sound).blocks(200), 100):
        sources[0 if block.who is REP else 1].deliver(block)
    qtbot.waitUntil(lambda: len(run.planned.answers) > 1, timeout=WAIT_MS)
    qtbot.waitUntil(beside.questions[0].isChecked, timeout=WAIT_MS)
    report = ended(qtbot, desk)
    heard, ticked = report.prepared.questions
    assert heard.quote
    assert 0.0 <= heard.at_s < 120.0
    assert ticked.told.startswith("ticked by you")
    assert not NextCall(tmp_path).read(before.now())
    qtbot.waitUntil(lambda: desk.before.beside is None, timeout=WAIT_MS)
    assert not desk.obey("prepare").done or desk.before.preparing is not None
    from coach import library

    again = library.open_session(run.log.path, Settings()).report.prepared
    assert again == dataclasses.replace(report.prepared)


def test_the_next_call_is_prepared_from_the_tray_and_takes_its_type(qtbot, desk, tmp_path):
    desk.tray.prepare_asked.emit()
    sheet = desk.before.preparing
    sheet.questions.setPlainText("Why now?")
    sheet.types.setCurrentIndex(sheet.types.findData("demo"))
    sheet.done.click()
    assert NextCall(tmp_path).read(before.now()) == Plan("demo", questions=("Why now?",))
    qtbot.waitUntil(lambda: desk.tray.call_type == "demo", timeout=WAIT_MS)
    assert desk.before.preparing is None


def test_a_call_for_which_nothing_was_prepared_says_so_once_asked(qtbot, desk):
    desk.start("discovery")
    qtbot.waitUntil(lambda: desk.before._run is not None, timeout=WAIT_MS)
    answer = desk.obey("prepare")
    assert (answer.done, answer.line) == (False, "Nothing was prepared for this call.")


def test_a_sheet_that_cannot_be_read_costs_no_call(qtbot, desk, tmp_path):
    (tmp_path / "next-call.json").write_text("{")
    desk.start("discovery")
    listening(qtbot, desk)
    desk.before.close()
    assert not desk._run.plan


def test_where_no_words_are_kept_the_sheet_says_so(desk, tmp_path):
    save_values(tmp_path / "settings.toml", {"storage.keep": "timings"})
    desk._take_over({"storage.keep": "timings"})
    desk.before.open_prepare()
    assert "keep no words" in desk.before.preparing.problem.text()
