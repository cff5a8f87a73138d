"""The composition: settings with another device or type, devices that are missing, a live run and its log."""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeSource, Same
from playbook import CUSTOMER, REP, told
from rigs.files import write
from rigs.rooms import leaking, whole

from benchmarks.rooms import Room
from coach import app
from coach.archive.log import SessionLog, read_log
from coach.audio import devices as audio_devices
from coach.audio.block import RATE
from coach.audio.devices import Device
from coach.audio.recording import open_recording
from coach.call.events import BleedMeasured, CallEnded, Leak, SentenceHeard, TimePassed, Who
from coach.call.figures import ESTIMATED, MEASURED
from coach.call.plan import Plan
from coach.demo.scenes import scenes
from coach.nudges.commands import TellOnce
from coach.settings import AudioSettings, Facts, Settings, StorageSettings
from coach.trouble import Trouble

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIC = Device("mic", "A microphone", "microphone", default=True)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    return tmp_path


def no_loopback(name=""):
    raise Trouble("The other side cannot be heard on this machine.", "Install PulseAudio.")


def test_without_a_loopback_the_microphone_goes_on_alone_and_says_so(monkeypatch):
    monkeypatch.setattr(audio_devices, "find_microphone", lambda name: MIC)
    monkeypatch.setattr(audio_devices, "find_loopback", no_loopback)
    sources, note = app.devices(Settings())
    assert [s.who for s in sources] == [REP]
    assert note.startswith(
        "The other side cannot be heard on this machine. Going on with the microphone alone."
    )


def test_a_loopback_asked_for_by_name_must_be_there(monkeypatch):
    monkeypatch.setattr(audio_devices, "find_microphone", lambda name: MIC)
    monkeypatch.setattr(audio_devices, "find_loopback", no_loopback)
    with pytest.raises(Trouble, match="cannot be heard"):
        app.devices(app.with_devices(Settings(), None, "Speakers"))


def test_both_sides_are_never_the_same_device(monkeypatch):
    monkeypatch.setattr(audio_devices, "find_microphone", lambda name: MIC)
    monkeypatch.setattr(
        audio_devices, "find_loopback", lambda name: dataclasses.replace(MIC, kind="loopback")
    )
    with pytest.raises(Trouble, match="is your microphone already"):
        app.devices(app.with_devices(Settings(), None, "mic"))
    sources, note = app.devices(Settings())
    assert [s.who for s in sources] == [REP]
    assert "is your microphone already" in note


def test_the_other_side_may_be_left_out(monkeypatch):
    monkeypatch.setattr(audio_devices, "find_microphone", lambda name: MIC)
    assert app.devices(app.with_devices(Settings(), "mic", "none"))[1] == ""


def test_settings_for_one_call_leave_the_rest_as_it_is():
    settings = app.for_call(Settings(), "demo")
    assert (settings.call.type, settings.manners) == ("demo", Settings().manners)
    assert app.for_call(settings, None).call.type == "demo"
    assert app.with_devices(settings, None, None).audio == AudioSettings()
    assert app.with_swap(settings, swap=False) is settings
    assert app.with_swap(settings, swap=True).audio.swap_channels
    assert not app.with_swap(app.with_swap(settings, swap=True), swap=True).audio.swap_channels


def test_a_model_and_a_language_for_one_call():
    settings = app.with_speech(Settings(), "base", "DE")
    assert (settings.speech.model, settings.speech.language) == ("base", "de")
    assert app.with_speech(settings, None, None) == settings


def test_a_language_that_the_model_does_not_know_is_told_before_anything_is_opened():
    app.check_speech(Settings())
    with pytest.raises(Trouble, match=r"'tiny\.en' knows English only"):
        app.check_speech(app.with_speech(Settings(), None, "de"))
    with pytest.raises(Trouble, match=r"'tiny\.en' knows English only"):
        app.load_words(app.with_speech(Settings(), None, "de"), 1)


def test_a_call_in_another_language_is_kept_with_it_and_replays_without_cues(folder):
    source = FakeSource(REP)
    live = run(app.with_speech(Settings(), "base", "de"), [source])
    live.start()
    (demo, _) = scenes()
    source.give(b for b in islice(open_recording(demo.sound).blocks(200), 50) if b.who is REP)
    report = live.stop()
    assert [s.cues for s in report.meters.sentences] == [()]
    assert report.language == "de"
    for facts in (None, Facts(products=("Hello",))):
        again, commands = app.replay(live.log.path, Settings(), facts)
        assert again.language == "de"
        assert again.figures == report.figures
        assert [c.code for c in commands] == ["language"]


def run(settings, sources, now=NOON):
    return app.LiveRun(settings, sources, lambda commands: None, words=Same, now=now)


def test_a_live_run_leaves_a_log_that_replays(folder):
    source = FakeSource(REP)
    live = run(Settings(), [source])
    live.start()
    (demo, _) = scenes()
    source.give(b for b in islice(open_recording(demo.sound).blocks(200), 50) if b.who is REP)
    report = live.stop()
    assert live.log.path == folder / "sessions" / "2026-11-22-120000.jsonl"
    events = list(read_log(live.log.path))
    assert {e.text for e in events if isinstance(e, SentenceHeard)} == {"Hello."}
    assert isinstance(events[-1], CallEnded)
    again, commands = app.replay(live.log.path, Settings())
    assert commands == []
    assert again.figures == report.figures
    assert report.audio["blocks_dropped"] == 0


@pytest.mark.parametrize("keep", ["words", "timings"])
def test_a_replay_finds_the_moments_of_the_call_again(tmp_path, keep):
    log = SessionLog(tmp_path / "call.jsonl", keep)
    said = [
        (CUSTOMER, 95, 98, "Do you have a portal?", "asks_for_pitch", "request"),
        (REP, 98.1, 99, "Um, sure, yes.", "filler"),
        (REP, 99.3, 102, "We do, it is included.", "pitch", "invited"),
        (CUSTOMER, 103, 106, "I see, and thank you."),
        (REP, 107, 110, "It closes on Friday.", "pressure"),
    ]
    for event in told(said, 120):
        log.event(event)
    log.close()
    report, commands = app.replay(log.path, Settings())
    assert [(n.rule, n.at_ms) for n in report.moments] == [("order_taking", 99_300), ("pressure", 107_000)]
    assert commands == []


SOLD = Facts(
    products=("Ferrolift",), competitors=("Kone",), only="We are the only ones who mend it", jargon=("MRR",)
)


def kept_session(folder, *said, keep="words"):
    log = SessionLog(folder / "call.jsonl", keep, SOLD)
    for event in told(said, 60):
        log.event(event)
    log.close()
    return log.path


SPOKEN = (
    (REP, 1, 4, "Ferrolift was built for your MRR."),
    (CUSTOMER, 5, 9, "We have Kone."),
    (REP, 10, 14, "Well, we are the only ones who mend it."),
)


def test_a_replay_knows_what_was_sold_then_and_not_what_is_sold_now(folder):
    now = app.with_facts(Settings(), Facts(competitors=("Otis",)))
    report, _ = app.replay(kept_session(folder, *SPOKEN), now)
    assert report.facts is not None
    assert report.facts.only.said[0].at_s == 10
    assert [c.name for c in report.facts.competitors] == ["Kone"]
    assert [s.cues for s in report.meters.sentences] == [(), (), ()]  # as they were kept


def test_a_replay_with_other_facts_reads_the_sentences_anew(folder):
    path = kept_session(folder, *SPOKEN)
    report, _ = app.replay(path, Settings(), Facts(products=("Ferrolift",)))
    assert "pitch" in report.meters.sentences[0].cues
    assert report.facts.only is None
    assert report.facts.competitors == ()
    report, _ = app.replay(path, Settings(), Facts())
    assert "pitch" not in report.meters.sentences[0].cues
    assert report.facts is None


def test_a_session_without_words_tells_nothing_of_facts(folder):
    path = kept_session(folder, *SPOKEN, keep="timings")
    assert app.replay(path, Settings())[0].facts is None
    assert app.replay(path, Settings(), SOLD)[0].facts is None


def test_facts_come_from_another_file_where_one_is_named(tmp_path):
    settings = app.with_facts(Settings(), SOLD)
    assert app.load_facts(settings, None) is SOLD
    (tmp_path / "other.toml").write_text('[facts]\ncompany = ["Acme"]\n')
    assert app.load_facts(settings, tmp_path / "other.toml") == Facts(company=("Acme",))


def test_what_leaks_in_a_call_is_told_and_logged(folder):
    told = []
    live = app.LiveRun(
        Settings(),
        [FakeSource(REP), FakeSource(CUSTOMER)],
        lambda commands: None,
        words=Same,
        now=NOON,
        leaks=told.append,
    )
    live.start()
    measured = BleedMeasured(100, Leak.SOME, 0.8, -18.2, 25)
    ledger = live.session._ledger
    ledger.event(measured)
    ledger.event(TimePassed(200))
    live.stop()
    assert told == [measured]
    assert measured in list(read_log(live.log.path))


def test_two_runs_in_one_second_keep_two_logs(folder):
    first, second = run(Settings(), [FakeSource(REP)]), run(Settings(), [FakeSource(CUSTOMER)])
    assert second.log.path.name == "2026-11-22-120000-2.jsonl"
    for live in (first, second):
        live.log.close()


def test_a_call_that_cannot_begin_leaves_nothing_behind(folder):
    live = run(Settings(), [FakeSource(REP, Trouble("The microphone is busy."))])
    with pytest.raises(Trouble, match="busy"):
        live.start()
    assert not live.log.path.exists()


SOUND_TOO = dataclasses.replace(Settings(), storage=StorageSettings("words"))
PARTS = {
    "tape": ("coach.tape.Tape.__init__", "coach-log"),
    "reader of cues": ("coach.live.later.LaterReader.__init__", "coach-tape"),
    "planned questions": ("coach.live.planned.PlannedEar.__init__", "coach-tape"),
    "session": ("coach.app.make_session", "coach-planned"),
    "ear": ("coach.app.make_ear", "coach-planned"),
    "call": ("coach.live.call.LiveCall.__init__", "coach-planned"),
}


def of_calls():
    """Return the threads of calls that are alive."""
    return {t for t in threading.enumerate() if t.name.startswith("coach-") and t.name != "coach-reader"}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_cannot_be_made_takes_along_what_was_begun(folder, monkeypatch, part):
    (place, stood), before, seen = PARTS[part], of_calls(), set()

    def broken(*_, **__):
        seen.update(t.name for t in of_calls() - before)
        raise MemoryError

    monkeypatch.setattr(place, broken)
    monkeypatch.setattr(app, "make_reader", lambda _: None)  # which opens files on a thread of its own
    files = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    plan = Plan("discovery", questions=("What do you use today?",))
    with pytest.raises(MemoryError):
        app.LiveRun(
            SOUND_TOO, [FakeSource(REP), FakeSource(CUSTOMER)], lambda _: None, keep_sound=True, plan=plan
        )
    assert any(name.startswith(stood) for name in seen)  # there was something to take along
    assert of_calls() <= before
    assert list((folder / "sessions").iterdir()) == []
    if files:
        assert len(list(Path("/proc/self/fd").iterdir())) <= files


@pytest.mark.parametrize("fault", [MemoryError(), Trouble("The microphone is busy.")])
def test_a_call_that_cannot_begin_closes_the_devices_that_it_opened(folder, monkeypatch, fault):
    before, sources = of_calls(), [FakeSource(CUSTOMER), FakeSource(REP, fault)]
    live = run(SOUND_TOO, sources)
    with pytest.raises(type(fault)):
        live.start()
    assert sources[0].starts == 1
    assert sources[0].deliver is None
    assert of_calls() <= before
    assert list((folder / "sessions").iterdir()) == []


def test_a_thread_that_cannot_be_begun_ends_those_that_were(folder, monkeypatch):
    before, sources = of_calls(), [FakeSource(REP), FakeSource(CUSTOMER)]
    live = run(SOUND_TOO, sources)
    monkeypatch.setattr(live.call.writer, "start", no_thread)
    with pytest.raises(RuntimeError):
        live.start()
    for thread in live.call.threads:
        thread.join(30)
    assert [s.deliver for s in sources] == [None, None]
    assert of_calls() <= before


def no_thread():
    raise RuntimeError("can't start new thread")


def test_when_nothing_is_kept_nothing_is_written(folder):
    settings = dataclasses.replace(Settings(), storage=StorageSettings("nothing"))
    live = run(settings, [FakeSource(REP)])
    live.start()
    live.stop()
    assert list(folder.rglob("*")) == []


def test_a_replay_of_an_empty_session_is_refused(tmp_path):
    from coach.call import wire

    (tmp_path / "empty.jsonl").write_text(wire.header() + "\n")
    with pytest.raises(Trouble, match="is empty"):
        app.replay(tmp_path / "empty.jsonl", Settings())


def test_the_first_start_is_known_once(folder):
    assert app.is_first_start()
    assert not app.is_first_start()


def test_a_folder_that_cannot_be_written_is_always_a_first_start(folder, monkeypatch):
    (folder / "file").write_text("in the way")
    monkeypatch.setattr(app, "data_folder", lambda: folder / "file" / "deep")
    assert app.is_first_start()


def test_a_recording_of_leaking_loudspeakers_gives_the_talk_share_of_the_clean_one_and_says_so(tmp_path):
    sides: dict[Who, list[np.ndarray]] = {REP: [], CUSTOMER: []}
    for block in islice(open_recording(scenes()[0].sound).blocks(1000), 2 * 60):
        sides[block.who].append(block.samples / 32768)
    rep, customer = (np.concatenate(sides[who]) for who in (REP, CUSTOMER))

    def coached(name, microphone, loopback):
        write(tmp_path / name, np.stack((microphone, loopback)), RATE)
        report = app.coach_recording(
            app.open_call(tmp_path / name, Settings()), Settings(), None, lambda *_: None
        )
        return {f.name: f for f in report.figures}

    clean = coached("clean.wav", *(whole(side) for side in (rep, customer)))
    leaky = coached("leaky.wav", *leaking(Room(-3), rep, customer))
    assert leaky["talk_share"].value == pytest.approx(clean["talk_share"].value, abs=0.03)
    assert (clean["talk_share"].how, leaky["talk_share"].how) == (MEASURED, ESTIMATED)
    assert clean["bleed"].value < 0.3
    assert leaky["bleed"].value > 0.8


def a_call(**how):
    """Run a call in which nobody speaks and return it, ended."""
    run = app.LiveRun(
        Settings(),
        [FakeSource(REP), FakeSource(CUSTOMER)],
        how.pop("show", lambda _: None),
        words=Same,
        **how,
    )
    run.start()
    run.stop()
    return run


def test_two_calls_begun_in_the_same_second_are_two_sessions(folder):
    first = app.LiveRun(Settings(), [FakeSource(REP)], lambda _: None, words=Same, now=NOON)
    second = a_call(now=NOON)
    first.start()
    first.stop()
    assert [first.log.path.name, second.log.path.name] == [
        "2026-11-22-120000.jsonl",
        "2026-11-22-120000-2.jsonl",
    ]


def test_a_clock_that_jumps_changes_nothing_but_the_name(folder, monkeypatch):
    logs = []
    for wall in (NOON, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        with monkeypatch.context() as clock:
            clock.setattr("time.time", wall.timestamp)
            run = a_call(now=wall)
        logs.append(list(read_log(run.log.path)))
        assert run.log.path.stem == f"{wall:%Y-%m-%d-%H%M%S}"
    assert logs[0] == logs[1] == logs[2]


def test_a_folder_that_takes_nothing_keeps_no_call_from_its_report(folder, tmp_path):
    (folder / "sessions").write_text("a file in the way")
    shown = []
    run = a_call(show=shown.extend)
    assert run.unkept.why == f"This call could not be kept in {folder}/sessions: File exists."
    assert [c.text for c in shown if isinstance(c, TellOnce)] == [
        "This call cannot be kept for now: File exists. It goes on, in memory."
    ]
    saved = run.unkept.save_to(tmp_path / "stick")
    assert isinstance(list(read_log(saved))[-1], CallEnded)
    assert run.unkept is None


def test_a_call_that_is_not_to_be_kept_is_not_offered(folder):
    settings = dataclasses.replace(Settings(), storage=StorageSettings("nothing"))
    run = app.LiveRun(settings, [FakeSource(REP)], lambda _: None, words=Same)
    run.start()
    run.stop()
    assert run.unkept is None
    assert not (folder / "sessions").exists()
