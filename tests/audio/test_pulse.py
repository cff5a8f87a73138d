"""The watch vouches for a stream only while nothing is left to read; the bell rings for what changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from rigs.sound import LOUDSPEAKER, MICROPHONE, SoundRig, sound_rig

from coach.audio import portaudio, pulse
from coach.audio.capture import _environment

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.desktop

WAIT_S = 20
"""More than enough on a busy machine; a passing test waits for none of it."""
SOURCE = f"{MICROPHONE}.monitor"


@pytest.fixture
def rig() -> Iterator[SoundRig]:
    with sound_rig() as rig, rig.here():
        yield rig


class Watched:
    """A stream of ours under a watch."""

    def __init__(self, source: str) -> None:
        self.blocks = 0
        self.reason = ""
        self.gone = threading.Event()
        self.came = threading.Condition()
        self.vouched = False
        portaudio.devices()
        self.watch = pulse.Watch(source, pulse.own_streams(), lambda: self.blocks, self._gone)
        with _environment("PULSE_SOURCE", source):
            self.stream = portaudio.open_stream(
                device="pulse",
                samplerate=16_000,
                channels=1,
                dtype="int16",
                blocksize=960,
                callback=self._take,
            )
        self.watch.start()

    def _take(self, *_: object) -> None:
        with self.came:
            self.blocks += 1
            self.vouched = self.watch.vouches()
            self.came.notify_all()

    def _gone(self, reason: str) -> None:
        self.reason = reason
        self.gone.set()

    def wait_until_vouched(self) -> bool:
        with self.came:
            return self.came.wait_for(lambda: self.vouched, WAIT_S)

    def close(self) -> None:
        self.watch.stop()
        portaudio.close_stream(self.stream)


@pytest.fixture
def watched(rig: SoundRig) -> Iterator[Watched]:
    watched = Watched(SOURCE)
    yield watched
    watched.close()


def test_a_stream_on_its_source_is_vouched_for_to_the_end(watched: Watched) -> None:
    assert watched.wait_until_vouched()
    watched.watch.stop()
    assert watched.watch.vouches()
    assert not watched.gone.is_set()


def test_while_a_word_of_the_server_waits_nothing_is_vouched_for(watched: Watched, rig: SoundRig) -> None:
    assert watched.wait_until_vouched()
    held, looking = threading.Event(), threading.Event()
    look = watched.watch._look

    def slowly() -> str:
        looking.set()
        assert held.wait(WAIT_S)
        return look()

    watched.watch._look = slowly  # type: ignore[method-assign]
    rig.add_sink("hdmi")  # no business of this stream, but who knows before it was looked into
    assert looking.wait(WAIT_S)
    assert not watched.watch.vouches()
    held.set()
    with watched.came:
        watched.vouched = False
    assert watched.wait_until_vouched()


def test_a_stream_that_was_moved_is_lost_and_never_vouched_for_again(watched: Watched, rig: SoundRig) -> None:
    assert watched.wait_until_vouched()
    rig.move_streams(SOURCE, f"{LOUDSPEAKER}.monitor")
    assert watched.gone.wait(WAIT_S)
    assert watched.reason == "the system switched to another device"
    assert not watched.watch.vouches()


def test_a_stream_that_brings_nothing_for_long_is_lost(
    watched: Watched, rig: SoundRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watched.wait_until_vouched()
    passed = pulse.awake_s() + pulse.STALL_S + 1
    monkeypatch.setattr(watched.watch, "_progress", lambda: 0)
    rig.add_sink("hdmi")
    monkeypatch.setattr(pulse, "awake_s", lambda: passed)
    assert watched.gone.wait(WAIT_S)
    assert watched.reason == "no sound arrives from it"


def test_two_streams_of_this_process_are_told_apart(rig: SoundRig) -> None:
    first = Watched(SOURCE)
    second = Watched(f"{LOUDSPEAKER}.monitor")
    assert first.wait_until_vouched()
    assert second.wait_until_vouched()
    assert first.watch._stream != second.watch._stream
    rig.remove_sink(MICROPHONE)
    assert first.gone.wait(WAIT_S)
    assert not second.gone.is_set()
    first.close()
    second.close()


def test_the_bell_rings_for_devices_defaults_and_a_server_that_is_back(rig: SoundRig) -> None:
    rung = threading.Event()
    bell = pulse.Bell(rung.set)

    def rings() -> bool:
        heard = rung.wait(WAIT_S)
        rung.clear()
        return heard

    assert rings()
    rig.add_sink("hdmi")
    assert rings()
    rig.control("set-default-sink", "hdmi")
    assert rings()
    rig.die()
    assert rings()
    rig.revive()
    assert rings()
    bell.stop()
    assert not any(t.name == "coach-bell" for t in threading.enumerate())
