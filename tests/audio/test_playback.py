"""A recording is heard from the very sample, at every speed with its pitch, and a device that goes is a sentence."""

from __future__ import annotations

import queue
import threading
import typing
from types import SimpleNamespace

import numpy as np
import pytest
from rigs.files import write
from rigs.sound import sound_rig, tone

from coach.audio import playback, stretch
from coach.audio.block import RATE, Block
from coach.audio.devices import find_loopback
from coach.audio.loopback import Loopback
from coach.audio.playback import AHEAD, Playback
from coach.audio.recording import open_recording
from coach.trouble import Trouble
from coach.ui import sound as wanted

FRAMES = 160


class FakeOutput:
    """A loudspeaker in the hands of a test: it takes a block when it is told to, and its clock goes with it."""

    latency = 0.08

    def __init__(self):
        self.opened = self.closed = 0
        self.time = 100.0
        self.refuses: Trouble | None = None
        self.is_open = threading.Event()

    def __call__(self, fill, finished, *, latency, mend):
        if self.refuses is not None:
            raise self.refuses
        self.fill, self.finished = fill, finished
        self.opened += 1
        self.is_open.set()
        return self

    def close(self):
        self.closed += 1
        self.is_open.clear()

    def take(self) -> np.ndarray:
        """Take one block, which will be heard after the latency."""
        out = np.full((FRAMES, 2), 99, np.int16)
        self.fill(out, FRAMES, SimpleNamespace(outputBufferDacTime=self.time + self.latency), None)
        self.time += FRAMES / RATE
        return out


def until(condition) -> None:
    """Wait for another thread, ten seconds at most."""
    for _ in range(5000):
        if condition():
            return
        threading.Event().wait(0.002)
    pytest.fail("it never came")


def heard(player, device, samples: int) -> np.ndarray:
    """Return so many samples that the device is given, or fewer where it ends; never silence for want of sound."""
    run, blocks = player._run, []
    while run is not None and len(blocks) * FRAMES < samples:
        until(lambda: run.waiting >= FRAMES or run.over)
        if not run.waiting:
            break
        until(device.is_open.is_set)
        blocks.append(device.take()[: min(FRAMES, run.made - run.taken + FRAMES)])
    return np.concatenate(blocks)[:samples]


def played_out(player, device) -> None:
    """Let the device take what is left, and the silence after it."""
    until(device.is_open.is_set)

    def over():
        if player.playing:
            device.take()
        return not player.playing

    until(over)


@pytest.fixture
def sound():
    """Return two sides whose samples tell where they are: each value is there once in twenty thousand."""
    at = np.arange(6 * RATE)
    return np.stack([at % 20_011, at * 7 % 20_021 - 10_000]).astype(np.int16)


@pytest.fixture
def device():
    return FakeOutput()


@pytest.fixture
def player(tmp_path, sound, device):
    made = Playback(open_recording(write(tmp_path / "call.wav", sound)), device)
    made.set_sides("apart")
    yield made
    made.close()


def listened(player):
    told, troubles = queue.Queue(), []
    player.listen(lambda: told.put(player.playing), troubles.append)
    return told, troubles


def test_it_plays_from_the_very_sample_to_the_very_sample_and_stops(player, device, sound):
    told, _ = listened(player)
    player.play(1234, 1734)
    assert told.get(timeout=10) is True
    got = heard(player, device, RATE)
    assert np.array_equal(got[:8000], sound[:, 1234 * 16 : 1734 * 16].T)
    assert not got[8000:].any()
    played_out(player, device)
    assert told.get(timeout=10) is False
    assert player.position_ms == 1734


@pytest.mark.parametrize("ms", [0, 1, 999, 1001, 5990])
def test_every_place_is_found(player, device, sound, ms):
    player.play(ms)
    got = heard(player, device, 100)
    assert np.array_equal(got, sound[:, ms * 16 : ms * 16 + 100].T)


def test_at_the_end_it_stops_and_plays_from_the_start_when_asked_again(player, device, sound):
    player.play(5900)
    played_out(player, device)
    assert player.position_ms == 6000
    player.play()
    assert np.array_equal(heard(player, device, 320), sound[:, :320].T)


def test_beyond_the_end_there_is_nothing_to_hear(player, device):
    told, troubles = listened(player)
    player.play(60_000)
    assert told.get(timeout=10) is True
    assert told.get(timeout=10) is False
    assert (device.opened, troubles) == (0, [])
    player.play(2000, 2000)
    until(lambda: not player.playing)
    assert player.position_ms == 2000


def test_the_place_is_what_is_heard_not_what_the_device_was_given(player, device):
    player.play(1000)
    heard(player, device, 8 * FRAMES)  # 80 ms are given, and the device holds 80
    assert player.position_ms == 1000
    heard(player, device, 50 * FRAMES)
    assert player.position_ms == 1500
    device.time += 0.005
    assert player.position_ms == 1505
    device.time -= 0.1
    assert player.position_ms == 1505, "a place never goes back"
    device.time += 10
    assert player.position_ms == 1580, "nothing is heard that was not given"


def test_a_device_without_a_clock_is_counted_by_its_blocks(player, device):
    player.play(1000)
    heard(player, device, FRAMES)
    device.time = 1e6
    heard(player, device, 49 * FRAMES)
    device.time = 0.0
    assert player.position_ms == 1500


def test_a_pause_stays_at_the_place_that_was_heard(player, device, sound):
    told, _ = listened(player)
    player.play(1000)
    heard(player, device, 58 * FRAMES)
    player.pause()
    assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
    assert not device.take().any()
    assert player.position_ms == 1500
    player.play()
    assert np.array_equal(heard(player, device, 320), sound[:, 1500 * 16 : 1500 * 16 + 320].T)
    assert device.opened == 1


def test_a_pause_without_play_says_nothing(player):
    told, _ = listened(player)
    player.pause()
    assert told.empty()


def test_going_elsewhere_while_it_plays_is_heard_at_once_and_goes_on_to_the_end(player, device, sound):
    player.play(1000, 1200)
    heard(player, device, FRAMES)
    player.seek(4321)
    assert player.position_ms == 4321
    assert np.array_equal(heard(player, device, RATE), sound[:, 4321 * 16 :].T[:RATE])
    assert player.playing


def test_going_elsewhere_in_silence_is_silent(player, device, sound):
    player.seek(2500)
    assert (player.playing, player.position_ms, device.opened) == (False, 2500, 0)
    player.seek(-5)
    assert player.position_ms == 0


def test_no_more_is_read_ahead_than_half_a_second(player, device):
    player.play(0)
    run = player._run
    until(lambda: run.waiting >= AHEAD)
    assert run.made < AHEAD + RATE // 10
    heard(player, device, RATE // 2)
    until(lambda: run.waiting >= AHEAD)
    assert run.made < AHEAD + RATE // 2 + RATE // 5


def test_another_side_is_heard_from_the_same_place(player, device, sound):
    player.play(1000, 3000)
    heard(player, device, 58 * FRAMES)
    player.set_sides("customer")
    got = heard(player, device, 320)
    assert np.array_equal(got[:, 0], sound[1, 1500 * 16 : 1500 * 16 + 320])
    assert np.array_equal(got[:, 1], got[:, 0])
    played_out(player, device)
    assert player.position_ms == 3000


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE / len(samples))


@pytest.mark.parametrize("speed", [0.75, 1.25, 1.5, 2.0])
def test_at_every_speed_the_pitch_stays_and_the_place_is_right(tmp_path, device, speed):
    player = Playback(open_recording(write(tmp_path / "tone.wav", tone(440, 6)[np.newaxis])), device)
    player.set_speed(speed)
    player.play(1000, 4000)
    got = heard(player, device, RATE)
    assert pitch(got[:, 0]) == pytest.approx(440, abs=2)
    assert player.position_ms == pytest.approx(1000 + speed * (1000 - 80), abs=10)
    run = player._run
    played_out(player, device)
    assert run.made == pytest.approx(3 * RATE / speed, rel=0.01)
    assert player.position_ms == 4000
    player.close()


def test_another_speed_goes_on_from_the_same_place(player, device):
    player.play(1000)
    heard(player, device, 58 * FRAMES)
    player.set_speed(2)
    assert player.position_ms == 1500
    heard(player, device, 58 * FRAMES)
    assert player.position_ms == 2500


@pytest.mark.parametrize("speed", [0, 0.4, 2.5, -1])
def test_what_is_no_speed_is_refused(player, speed):
    with pytest.raises(ValueError, match="no speed"):
        player.set_speed(speed)


def test_without_a_loudspeaker_it_says_so_and_stays_and_tries_again(player, device, sound):
    told, troubles = listened(player)
    device.refuses = Trouble("There is no loudspeaker to play on.", "Plug one in.")
    player.play(1000)
    assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
    assert troubles == ["There is no loudspeaker to play on. Plug one in."]
    assert player.position_ms == 1000
    device.refuses = None
    player.play()
    assert np.array_equal(heard(player, device, 100), sound[:, 16_000:16_100].T)


def test_a_loudspeaker_that_goes_is_a_sentence_and_the_next_one_goes_on(player, device, sound):
    told, troubles = listened(player)
    player.play(1000)
    heard(player, device, 58 * FRAMES)
    device.finished()
    assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
    assert troubles == [str(playback._GONE)]
    assert player.position_ms >= 1500
    until(lambda: device.closed == 1)
    player.play(3000)
    assert np.array_equal(heard(player, device, 100), sound[:, 48_000:48_100].T)
    assert device.opened == 2


def test_one_that_went_while_nothing_played_is_opened_anew(player, device):
    player.play(1000, 1100)
    played_out(player, device)
    device.finished()
    player.play(2000)
    until(lambda: device.opened == 2)
    assert device.closed == 1


def test_one_that_takes_nothing_has_gone(player, device, monkeypatch):
    monkeypatch.setattr(playback, "STUCK_S", 0.05)
    told, troubles = listened(player)
    player.play(1000)
    assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
    assert troubles == [str(playback._GONE)]


def test_a_device_with_nothing_to_play_is_let_go_after_a_while(player, device, monkeypatch):
    monkeypatch.setattr(playback, "LINGER_S", 0.05)
    player.play(1000, 1100)
    played_out(player, device)
    until(lambda: device.closed == 1)
    player.play(1000)
    until(lambda: device.opened == 2)


def test_a_recording_that_was_taken_away_is_a_sentence(player, device, tmp_path):
    told, troubles = listened(player)
    (tmp_path / "call.wav").unlink()
    player.play(1000)
    assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
    assert "call.wav" in troubles[0]


def test_a_fault_of_ours_is_a_sentence_too_and_the_next_play_is_heard(player, device, sound, monkeypatch):
    told, troubles = listened(player)
    with monkeypatch.context() as broken:
        broken.setattr(playback, "ears", lambda *_: 1 // 0)
        player.play(0)
        assert told.get(timeout=10) is True
        assert told.get(timeout=10) is False
    assert troubles == ["The sound could not be played on. Play again, from another place if need be."]
    player.play(1000)
    assert np.array_equal(heard(player, device, 160), sound[:, 16_000:16_160].T)


def test_once_closed_everything_is_let_go_and_nothing_plays(player, device):
    player.play(1000)
    heard(player, device, 58 * FRAMES)
    player.close()
    player.close()
    assert device.closed == 1
    assert (player.playing, player.position_ms) == (False, 1500)
    assert "coach-playback" not in [t.name for t in threading.enumerate()]
    player.play(2000)
    assert not player.playing


def test_it_may_be_closed_by_whoever_is_told(player, device):
    player.listen(lambda: None if player.playing else player.close(), print)
    player.play(1000, 1100)
    played_out(player, device)
    until(lambda: device.closed == 1)


def test_it_is_what_a_window_asks_for():
    assert typing.get_args(stretch.Sides) == typing.get_args(wanted.Sides)
    asked = {name for name in vars(wanted.Sound) if not name.startswith("_")}
    assert asked <= set(dir(Playback))
    assert {"play", "pause", "seek", "position_ms"} <= asked


@pytest.mark.desktop
def test_a_tone_played_half_as_fast_again_is_heard_on_this_machine_as_high_as_it_was(tmp_path):
    blocks: queue.Queue[Block] = queue.Queue()
    recording = open_recording(write(tmp_path / "tone.wav", tone(440, 20)[np.newaxis]))
    with sound_rig() as rig, rig.here():
        loopback = Loopback(find_loopback())
        loopback.start(blocks.put, print)
        player = Playback(recording)
        player.set_speed(1.5)
        player.play(500)
        sounds: list[np.ndarray] = []
        while len(sounds) < 16:
            samples = blocks.get(timeout=20).samples
            loud = np.abs(samples).max() > 2000
            sounds = [*sounds, samples] if loud else []
        at = player.position_ms
        player.close()
        loopback.stop()
    assert pitch(np.concatenate(sounds)) == pytest.approx(440, abs=3)
    assert at > 500
