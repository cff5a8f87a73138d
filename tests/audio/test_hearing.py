"""Both devices on trial: levels come from each, the tone is heard where it arrives, and all is let go again."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

import pytest
from rigs.sound import LOUDSPEAKER, MICROPHONE, sound_rig, tone

from coach.audio import hearing as trial
from coach.audio.devices import Device, find_loopback, find_microphone
from coach.audio.hearing import Hearing, Tone
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from coach.audio.levels import Level

WAIT_S = 20
REP, CUSTOMER = Who.REP, Who.CUSTOMER


@pytest.mark.parametrize(
    ("heard", "other", "leak", "gap_db"),
    [
        (Tone(-20.0, None), "heard", "none", 0),
        (Tone(-20.0, -60.0), "heard", "none", -40),
        (Tone(-20.0, -40.4), "heard", "some", -20),
        (Tone(-20.0, -24.0), "heard", "strong", -4),
        (Tone(-20.0, None, microphone_live=False), "heard", "unknown", 0),
        (Tone(None, -30.0), "room", "heard", 0),
        (Tone(None, None), "silent", "", 0),
        (Tone(None, -30.0, other_open=False), "off", "heard", 0),
        (Tone(None, None, other_open=False), "off", "", 0),
        (Tone(None, None, other_open=False, microphone_live=False), "off", "unknown", 0),
    ],
)
def test_what_a_tone_means(heard: Tone, other: str, leak: str, gap_db: int) -> None:
    assert (heard.other(elsewhere=False), heard.leak, heard.gap_db) == (other, leak, gap_db)


def test_a_tone_that_went_elsewhere_is_told_apart_from_one_that_is_lost() -> None:
    assert Tone(None, None).other(elsewhere=True) == "elsewhere"
    assert Tone(-20.0, None).other(elsewhere=True) == "heard"


@pytest.mark.desktop
def test_a_device_that_cannot_be_opened_leaves_its_side_closed() -> None:
    with sound_rig() as rig, rig.here():
        hearing = Hearing(lambda *_: None, lambda *_: None)
        rig.remove_sink(MICROPHONE)
        with pytest.raises(Trouble):
            hearing.open(REP, Device("gone.monitor", "Gone", "microphone"))
        hearing.close(REP)
        assert hearing._sides == {}


@pytest.mark.desktop
def test_levels_the_tone_a_leak_and_the_wrong_output_on_a_real_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial, "PATIENCE_S", 25.0)  # a busy machine is no fault
    heard: queue.Queue[tuple[Who, Level]] = queue.Queue()

    def until(who: Who, state: str) -> Level:
        while True:
            side, level = heard.get(timeout=WAIT_S)
            if side is who and level.state == state:
                return level

    with sound_rig() as rig, rig.here():
        hearing = Hearing(lambda who, level: heard.put((who, level)), print)
        hearing.open(REP, find_microphone())
        hearing.open(CUSTOMER, find_loopback())
        until(CUSTOMER, "silent")
        rig.play(LOUDSPEAKER, tone(440, 3, peak=3276.8))
        assert until(CUSTOMER, "heard").held_db == pytest.approx(-20, abs=1)
        until(REP, "zeros")
        plain = hearing.play_tone()
        assert plain.other_db == pytest.approx(-20, abs=1.5)
        assert plain.leak == "unknown"
        monkeypatch.setattr(trial, "ROOM_S", 20.0)
        rig.control("load-module", "module-loopback", f"source={LOUDSPEAKER}.monitor", f"sink={MICROPHONE}")
        leaking = hearing.play_tone()
        assert leaking.leak == "strong"
        assert leaking.gap_db == pytest.approx(0, abs=2)
        rig.control("set-default-sink", MICROPHONE)
        monkeypatch.setattr(trial, "PATIENCE_S", 1.0)  # the other side cannot hear it
        assert hearing.play_tone().other(elsewhere=True) == "room"
        for who in Who:
            hearing.close(who)


@pytest.mark.desktop
def test_a_tone_that_is_hushed_ends_at_once() -> None:
    with sound_rig() as rig, rig.here():
        hearing = Hearing(lambda *_: None, print)
        ended = threading.Event()
        playing = threading.Thread(target=lambda: (hearing.play_tone(), ended.set()))
        rig.add_sink("elsewhere")
        hearing.open(CUSTOMER, find_loopback("elsewhere"))
        playing.start()
        while not ended.wait(0.05):
            hearing.hush()
        assert hearing.hushed
        hearing.close(CUSTOMER)
        playing.join()
