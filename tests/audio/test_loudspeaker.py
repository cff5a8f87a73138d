"""What is handed to the loudspeaker is heard on it, each side on its own channel."""

from __future__ import annotations

import queue
import threading
from collections import deque

import numpy as np
import pytest
from fakes import sound
from rigs.sound import sound_rig, tone

from coach.audio.block import RATE, Block
from coach.audio.devices import find_loopback
from coach.audio.loopback import Loopback
from coach.audio.loudspeaker import ROOM_S, Loudspeaker
from coach.call.events import Who
from coach.trouble import Trouble


def silent_loudspeaker() -> Loudspeaker:
    """Return one without a device, to look at what it would play."""
    speaker = object.__new__(Loudspeaker)
    speaker._waiting = {who: deque() for who in Who}
    speaker._together = threading.Lock()
    return speaker


def test_each_side_has_its_channel_and_nothing_is_silence():
    speaker, out = silent_loudspeaker(), np.ones((300, 2), np.int16)
    speaker.take(Block(Who.REP, 0, np.full(100, 5, np.int16)))
    speaker.take(Block(Who.REP, 100, np.full(500, 6, np.int16)))
    speaker._fill(out, 300, None, None)
    assert out[:, 0].tolist() == [5] * 100 + [6] * 200
    assert not out[:, 1].any()
    speaker._fill(out, 300, None, None)
    assert out[:, 0].tolist() == [6] * 300
    speaker._fill(out, 300, None, None)
    assert not out.any()


def test_what_is_handed_over_together_is_heard_together_however_busy_the_machine():
    """The sound card asks in another thread, between any two steps of ours: half of a sound must not be there yet."""
    speaker, asked = silent_loudspeaker(), []

    class Asking(deque):
        def append(self, samples):
            super().append(samples)
            asking = threading.Thread(target=lambda: (speaker._fill(out, 100, None, None), asked.append(1)))
            asking.start()
            asking.join(0.05)  # it has to wait for the other side

    out = np.zeros((100, 2), np.int16)
    speaker._waiting[Who.REP] = Asking()
    speaker.take(*(Block(who, 0, np.full(300, 7, np.int16)) for who in Who))
    while not asked:
        pass
    assert out.all()
    assert [sum(map(len, speaker._waiting[who])) for who in Who] == [200, 200]


def test_a_stuck_device_does_not_eat_memory():
    speaker = silent_loudspeaker()
    for second in range(60):
        speaker.take(Block(Who.REP, second * RATE, sound(1)))
    assert sum(map(len, speaker._waiting[Who.REP])) <= ROOM_S * RATE


@pytest.mark.desktop
def test_it_is_heard_on_the_output_of_this_machine():
    heard: queue.Queue[Block] = queue.Queue()
    with sound_rig() as rig, rig.here():
        loopback = Loopback(find_loopback())
        loopback.start(heard.put, print)
        speaker = Loudspeaker()
        for second in range(4):
            speaker.take(Block(Who.REP, second * RATE, tone(440, 1)))
        peak = 0
        while peak < 500:
            peak = max(peak, int(np.abs(heard.get(timeout=20).samples).max()))
        speaker.stop()
        loopback.stop()


@pytest.mark.desktop
def test_without_an_output_it_says_so(monkeypatch, tmp_path):
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(Trouble, match="no loudspeaker"):
        Loudspeaker()
