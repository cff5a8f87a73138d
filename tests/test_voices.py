"""Prints on disk, and one-channel recordings that become two sides."""

from __future__ import annotations

import json
import stat
import sys

import numpy as np
import pytest
from fakes import Same
from people import ANA, BEN, CARL, print_of, voices
from rigs.files import write

from coach import app, library, voice_desk
from coach import voices as room
from coach.archive.hand import HandFile, read_hand
from coach.archive.log import read_head, read_log
from coach.audio.recording import open_recording
from coach.call.events import CallStarted, VoiceStarted, Who
from coach.demo.scenes import scenes
from coach.live.player import Player
from coach.settings import Settings
from coach.trouble import Trouble


@pytest.fixture
def memo(tmp_path):
    return open_recording(write(tmp_path / "memo.wav", np.full((1, 40 * 16_000), 500, np.int16)))


@pytest.fixture
def two_people(monkeypatch):
    """Whatever is heard, it is Ben for twelve seconds, then Ana."""
    monkeypatch.setattr(room, "hear", lambda sound, *_: (list(sound), voices(BEN, ANA))[1])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path / "coach")
    return tmp_path / "coach"


# The file of prints.


def test_a_print_comes_back_as_it_was_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "coach" / "voiceprints.json"
    kept = print_of(ANA, "Ana")
    room.keep_print(path, kept)
    (back,) = room.load_prints(path)
    assert (back.vector == kept.vector).all()
    assert (back.name, back.route, back.band, back.made) == ("Ana", "recording", "full", "2026-11-22")
    assert back.own == pytest.approx(kept.own, abs=1e-5)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_print_takes_the_place_of_the_old_one_of_the_same_line(tmp_path):
    path = tmp_path / "voiceprints.json"
    for p in (print_of(ANA), print_of(ANA, high=0.0), print_of(BEN), print_of(CARL, "carl")):
        room.keep_print(path, p)
    assert [(p.name, p.band) for p in room.load_prints(path)] == [
        ("me", "telephone"),
        ("me", "full"),
        ("carl", "full"),
    ]
    assert not list(tmp_path.glob("*.part"))


def test_a_voice_that_is_forgotten_is_gone(tmp_path):
    path = tmp_path / "voiceprints.json"
    room.keep_print(path, print_of(ANA, "ana"))
    room.keep_print(path, print_of(ANA, "ana", high=0.0))
    room.keep_print(path, print_of(BEN, "ben"))
    assert room.forget(path, "ana") == 2
    assert "ana" not in path.read_text()
    assert room.forget(path, "ben") == 1
    assert not path.exists()
    with pytest.raises(Trouble, match="no voice 'ben'"):
        room.forget(path, "ben")


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1, "prints": [{}]}', '{"format": 9, "prints": []}'])
def test_a_file_that_holds_no_prints_says_so(tmp_path, text):
    path = tmp_path / "voiceprints.json"
    path.write_text(text)
    with pytest.raises(Trouble):
        room.load_prints(path)


@pytest.mark.parametrize("name", ["first", "", "a/b", "x" * 41, "\u202eme"])
def test_not_everything_is_a_name(name):
    with pytest.raises(Trouble):
        room.check_name(name)


# Whose voice is the rep's.


def test_where_nobody_is_known_and_nobody_can_be_asked_nothing_is_guessed(memo, two_people):
    heard = room.sides_of(memo, "both", "", [])
    assert heard.apart is None
    assert heard.mixed
    assert heard.voices == 2
    assert "--rep first" in heard.note
    assert "coach voice enrol" in heard.note


def test_where_nobody_is_known_somebody_is_asked_once_with_a_sample_of_each(memo, two_people):
    asked = []
    heard = room.sides_of(
        memo, "both", "", [print_of(CARL)], ask=lambda u: (asked.append(u), room.Answer("second"))[1]
    )
    assert [(s.voice, s.end_ms - s.start_ms) for s in asked[0].samples] == [(0, 5_000), (1, 5_000)]
    assert [who for *_, who in heard.apart.told] == [Who.CUSTOMER, Who.REP]
    assert (heard.rep, heard.answered) == ("second", True)


def test_who_is_known_is_not_asked_for_and_who_does_not_know_guesses_nothing(memo, two_people):
    def never(_):
        raise AssertionError

    assert room.sides_of(memo, "both", "", [print_of(ANA, "Ana")], ask=never).rep == "second"
    assert room.sides_of(memo, "both", "first", [], ask=never).rep == "first"
    assert room.sides_of(memo, "both", "", [], answer=room.Answer("first"), ask=never).rep == "first"
    assert room.sides_of(memo, "both", "", [], ask=lambda _: None).mixed


def test_what_a_person_says_of_a_recording_counts_more_than_a_print(memo, two_people):
    heard = room.sides_of(memo, "both", "", [print_of(ANA, "me")], answer=room.Answer("first"))
    assert (heard.rep, heard.answered) == ("first", True)


@pytest.mark.parametrize(("said", "mixed"), [("only", False), ("nobody", True)])
def test_all_of_it_may_be_the_rep_or_none_of_it(memo, two_people, said, mixed):
    for heard in (
        room.sides_of(memo, "both", said, []),
        room.sides_of(memo, "both", "", [], ask=lambda _: room.Answer(said)),
    ):
        assert heard.apart is None
        assert heard.mixed is mixed
        assert heard.rep == said


def test_a_voice_is_kept_where_the_answer_says_so_and_nowhere_else(memo, two_people, home):
    settings = Settings()

    def said(answer):
        return app.find_rep(memo, settings, lambda *_: None, answer=answer)

    said(room.Answer("second"))
    assert not app.voiceprints_file().exists()
    heard = said(room.Answer("second", remember=True))
    (kept,) = room.load_prints(app.voiceprints_file())
    assert kept.name == "me"
    assert float(kept.vector @ ANA.astype(np.float32)) > 0.9
    assert "coach voice forget me" in heard.note


def test_too_little_voice_to_remember_is_told_and_costs_nothing_else(memo, home, monkeypatch):
    monkeypatch.setattr(room, "hear", lambda *_: voices(BEN, ANA, seconds=4.0))
    heard = app.find_rep(memo, Settings(), lambda *_: None, answer=room.Answer("first", remember=True))
    assert heard.apart is not None
    assert "was not remembered" in heard.note
    assert not app.voiceprints_file().exists()


def test_the_rep_is_found_by_a_print(memo, two_people):
    heard = room.sides_of(memo, "both", "", [print_of(ANA, "Ana")])
    assert [who for *_, who in heard.apart.told] == [Who.CUSTOMER, Who.REP]
    assert "known by the voice of Ana" in heard.note
    assert "estimates" in heard.note


def test_the_rep_says_who_they_are(memo, two_people):
    assert [who for *_, who in room.sides_of(memo, "both", "first", []).apart.told] == [Who.REP, Who.CUSTOMER]
    assert [who for *_, who in room.sides_of(memo, "both", "second", []).apart.told] == [
        Who.CUSTOMER,
        Who.REP,
    ]


def test_a_voice_that_is_not_there_leaves_the_microphone_alone(memo, two_people):
    heard = room.sides_of(memo, "both", "third", [])
    assert heard.apart is None
    assert "no third one" in heard.note


def test_a_print_that_fits_nobody_guesses_nothing(memo, two_people):
    heard = room.sides_of(memo, "both", "", [print_of(CARL)])
    assert heard.mixed
    assert "is not known" in heard.note


def test_a_name_that_nobody_enrolled_is_told_of(memo):
    with pytest.raises(Trouble, match="no voice 'Zoe'"):
        room.sides_of(memo, "both", "Zoe", [print_of(ANA, "Ana")])


def test_one_voice_is_no_conversation(memo, monkeypatch):
    monkeypatch.setattr(room, "hear", lambda *_: voices(ANA))
    heard = room.sides_of(memo, "both", "", [], ask=lambda _: room.Answer("first"))
    assert (heard.note, heard.mixed) == ("Only one voice was heard in it, so it is taken as yours.", False)


def test_of_three_voices_all_but_one_are_the_customer(memo, monkeypatch):
    monkeypatch.setattr(room, "hear", lambda *_: voices(BEN, ANA, CARL))
    heard = room.sides_of(memo, "both", "second", [])
    assert [who for *_, who in heard.apart.told] == [Who.CUSTOMER, Who.REP, Who.CUSTOMER]
    assert "3 voices" in heard.note


def test_the_two_who_speak_most_can_be_heard():
    assert room.samples(voices(BEN, ANA)) == [
        room.Sample(0, 1000, 6000, 12_000),
        room.Sample(1, 14_000, 19_000, 12_000),
    ]


# Down the line.


def test_a_recording_told_apart_has_two_sides_whose_figures_are_estimates(memo, two_people, home):
    report = library.coach_and_keep(memo, app.with_rep(Settings(), "second"), None, lambda *_: None)
    figures = {f.name: f for f in report.figures}
    assert figures["talk_share"].value == pytest.approx(0.5, abs=0.01)
    assert figures["talk_share"].how == "estimated"
    assert figures["interruptions"].value is None
    assert report.audio["channels"] == ["rep", "customer"]
    assert report.audio["estimated"] is True
    assert "so the customer" not in report.audio["note"]
    (session,) = library.sessions()
    events = list(read_log(session))
    assert CallStarted(0, "discovery", (Who.REP, Who.CUSTOMER), estimated=True) in events
    assert [e.who for e in events if isinstance(e, VoiceStarted)] == [Who.CUSTOMER, Who.REP]
    again = {f.name: f for f in library.open_session(session, Settings()).report.figures}
    assert again["talk_share"] == figures["talk_share"]


def test_one_voice_has_airtime_and_no_talk_share(memo, home, monkeypatch):
    monkeypatch.setattr(room, "hear", lambda sound, *_: (list(sound), voices(ANA))[1])
    report = library.coach_and_keep(memo, Settings(), None, lambda *_: None)
    figures = {f.name: f for f in report.figures}
    assert figures["talk_share"].value is None
    assert figures["airtime"].how == "measured"
    assert "taken as yours" in report.audio["note"]
    assert "cannot be told apart" not in report.audio["note"]
    assert "estimated" not in report.audio


def test_of_two_voices_that_nobody_knows_nothing_is_counted_and_the_report_says_what_can_be_done(
    memo, two_people, home
):
    report = library.coach_and_keep(memo, Settings(), Same(), lambda *_: None)
    assert all(f.value is None for f in report.figures)
    assert (report.nudges, report.moments, report.findings) == ((), (), ())
    assert "--rep first" in report.audio["note"]
    (session,) = library.sessions()
    assert library.is_unanswered(session)
    assert library.open_session(session, Settings()).report.meters.mixed


def test_an_answer_is_remembered_for_the_recording_and_nobody_is_asked_again(memo, two_people, home):
    asked = []

    def ask(unknown):
        asked.append(unknown)
        return room.Answer("second")

    wanted = library.made_with(Settings())
    for _ in range(2):
        report = library.coach_and_keep(memo, Settings(), None, lambda *_: None, ask=ask)
        assert report.audio["estimated"] is True
    assert len(asked) == 1
    (session,) = library.sessions()
    assert read_hand(session).rep == "second"
    assert read_head(session)["recording"]["rep"] == "second"
    assert library.is_done(session, wanted)
    assert not library.is_unanswered(session)
    HandFile(session).say_who("first")  # as a crash between an answer and the work leaves it
    assert not library.is_done(session, wanted)
    report = library.coach_and_keep(memo, Settings(), None, lambda *_: None, ask=ask)
    assert "first to speak" in report.audio["note"]
    library.coach_and_keep(memo, app.with_rep(Settings(), "second"), None, lambda *_: None)
    assert read_hand(session).rep == "first"  # said of all recordings, not of this one


def test_where_nothing_is_kept_an_answer_counts_once(memo, two_people, home):
    quiet = app.with_set(Settings(), ['storage.keep="nothing"'])
    report = library.coach_and_keep(memo, quiet, None, lambda *_: None, answer=room.Answer("second"))
    assert report.audio["estimated"] is True
    assert library.sessions() == []


def test_progress_goes_on_through_both_passes(memo, home, monkeypatch):
    def hear(sound, _engine, say):
        for k, _ in enumerate(sound, 1):
            say(1000 * k)
        return voices(BEN, ANA)

    monkeypatch.setattr(room, "hear", hear)
    told: list[int] = []
    app.coach_recording(memo, app.with_rep(Settings(), "first"), None, lambda ms, _: told.append(ms))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(40_000, abs=100)
    assert any(0 < ms < 10_000 for ms in told)


def test_no_print_goes_into_a_session_or_a_report(memo, two_people, home):
    room.keep_print(app.voiceprints_file(), print_of(ANA, "me"))
    report = library.coach_and_keep(memo, Settings(), None, lambda *_: None)
    (session,) = library.sessions()
    vector = json.loads(app.voiceprints_file().read_text())["prints"][0]["vector"]
    assert "known by the voice of me" in report.audio["note"]
    assert vector[:40] not in session.read_text()
    assert "vector" not in json.dumps(read_head(session))


# The command.


def test_the_first_print_says_what_it_is_and_wants_a_yes(tmp_path, home, monkeypatch, capsys):
    path = write(tmp_path / "call.wav", np.full((2, 40 * 16_000), 500, np.int16))
    monkeypatch.setattr(room, "hear", lambda *_: voices(ANA))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(Trouble, match="nobody said yes"):
        voice_desk.enrol(Settings(), path, channel="left", voice="", name="me", agreed=False)
    told = capsys.readouterr().out
    assert "biometric data" in told
    assert "coach voice forget me" in told
    assert not app.voiceprints_file().exists()
    voice_desk.enrol(Settings(), path, channel="left", voice="", name="me", agreed=True)
    capsys.readouterr()
    voice_desk.show()
    assert "me" in capsys.readouterr().out
    voice_desk.forget("me")
    assert not app.voiceprints_file().exists()
    voice_desk.show()
    assert "knows no voice" in capsys.readouterr().out


@pytest.mark.parametrize(("channel", "expected"), [("left", 100), ("right", 300)])
def test_a_print_is_taken_from_the_channel_that_was_named(tmp_path, home, monkeypatch, channel, expected):
    dice = np.random.default_rng(2)
    sound = (dice.standard_normal((2, 5 * 16_000)) * [[100], [300]]).astype(np.int16)
    heard: list[float] = []

    def hear(parts, _engine):
        heard.append(float(np.concatenate(list(parts)).std()))
        return voices(ANA)

    monkeypatch.setattr(room, "hear", hear)
    path = write(tmp_path / "call.wav", sound)
    for swap in (False, True):  # left is the file's own left, whoever sits there
        settings = app.with_swap(Settings(), swap=swap)
        voice_desk.enrol(settings, path, channel=channel, voice="", name="me", agreed=True)
    assert heard == pytest.approx([expected, expected], rel=0.02)


# Learned from live calls.


def learn(path, monkeypatch, own, route="USB microphone", **changes):
    monkeypatch.setattr(room, "hear", lambda *_: voices(own, **changes))
    return room.learn(path, np.zeros(16_000, np.int16), "both", route, "2026-11-22")


def test_a_voice_is_learned_a_microphone_at_a_time(tmp_path, monkeypatch):
    path = tmp_path / "voiceprints.json"
    told = learn(path, monkeypatch, ANA)
    assert "biometric data" in told
    assert "coach voice forget me" in told
    learn(path, monkeypatch, ANA, "Headset")
    assert [(p.name, p.route) for p in room.load_prints(path)] == [
        ("me", "USB microphone"),
        ("me", "Headset"),
    ]


def test_more_of_the_same_voice_makes_a_better_print(tmp_path, monkeypatch):
    path = tmp_path / "voiceprints.json"
    learn(path, monkeypatch, ANA)
    assert learn(path, monkeypatch, ANA) == ""
    assert "30 s" in learn(path, monkeypatch, ANA, seconds=30.0)
    assert [p.seconds for p in room.load_prints(path)] == [30.0]


def test_somebody_else_at_the_same_microphone_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "voiceprints.json"
    learn(path, monkeypatch, ANA)
    assert learn(path, monkeypatch, BEN, seconds=30.0) == ""
    assert room.load_prints(path)[0].vector @ ANA > 0.99


def test_too_little_voice_is_not_learned(tmp_path, monkeypatch):
    assert learn(tmp_path / "voiceprints.json", monkeypatch, ANA, seconds=5.0) == ""
    assert not (tmp_path / "voiceprints.json").exists()


class Device:
    """A side that gives nothing."""

    def __init__(self, who: Who) -> None:
        self.who, self.name = who, f"the {who}'s"

    def start(self, deliver, lost):
        pass

    def stop(self):
        pass


BOTH = (Device(Who.REP), Device(Who.CUSTOMER))


@pytest.mark.parametrize(
    ("wished", "sources", "learned"),
    [
        ("true", BOTH, True),
        ("false", BOTH, False),
        ("true", BOTH[:1], False),
        ("true", Player([], (Who.REP, Who.CUSTOMER)).sources, False),
    ],
    ids=["wished for", "not wished for", "microphone alone", "a demo"],
)
def test_a_live_call_is_learned_from_only_where_it_was_wished(home, monkeypatch, wished, sources, learned):
    monkeypatch.setattr(room, "hear", lambda *_: voices(ANA))
    settings = app.with_set(Settings(), [f"voice.learn={wished}"])
    run = app.LiveRun(settings, sources, lambda _: None, words=None)
    monkeypatch.setattr(run.call, "stop", lambda: None)
    report = run.stop()
    assert ("voice" in report.audio) is learned
    assert [p.route for p in room.load_prints(app.voiceprints_file())] == ["the rep's"] * learned


def test_nothing_is_learned_while_the_loudspeakers_leak(home, monkeypatch):
    monkeypatch.setattr(room, "hear", lambda *_: voices(ANA))
    run = app.LiveRun(app.with_set(Settings(), ["voice.learn=true"]), BOTH, lambda _: None, words=None)
    monkeypatch.setattr(run.call, "stop", lambda: None)
    run.session.engine.meters.bled = True
    assert "voice" not in run.stop().audio


# With the real network and real voice activity, on the demo that ships.


def test_a_demo_call_mixed_into_one_channel_is_told_apart_and_its_rep_is_found(tmp_path):
    listens, sells = (scene.sound for scene in scenes())
    recording = open_recording(listens)
    sides = {who: np.concatenate([b.samples for b in recording.blocks(1000) if b.who is who]) for who in Who}
    first = slice(0, 70 * 16_000)
    mixed = sum(side[first].astype(np.int32) for side in sides.values()) // 2
    memo = open_recording(write(tmp_path / "memo.wav", mixed.astype(np.int16)[np.newaxis]))
    me = room.enrolled(
        open_recording(sells), "both", channel=Who.REP, name="me", made="2026-11-22"
    )  # the same rep in another call
    heard = room.sides_of(memo, "both", "", [me])
    assert "known by the voice of me" in heard.note
    right = wrong = 0
    for start, end, who in heard.apart.told:
        loud = {
            s: float(np.abs(sound[16 * start : 16 * end].astype(float)).mean()) for s, sound in sides.items()
        }
        if max(loud, key=loud.get) is who:
            right += end - start
        else:
            wrong += end - start
    assert right / (right + wrong) >= 0.95
