"""A reader that is still loading is waited for, by the first sentence alone."""

from __future__ import annotations

import threading

import pytest
from fakes import Keywords
from playbook import REP

from coach.live.later import LaterReader
from coach.trouble import Trouble


def test_the_first_sentence_waits_for_the_reader():
    loaded = threading.Event()

    def load():
        loaded.wait(10)
        return Keywords()

    reader, got = LaterReader(load), []
    reading = threading.Thread(target=lambda: got.append(reader.read(REP, "A pitch.")))
    reading.start()
    assert got == []
    loaded.set()
    reading.join(10)
    assert got[0].cues == ("pitch",)


def test_a_reader_that_cannot_be_loaded_says_so_to_whoever_reads():
    def load():
        raise Trouble("The weights were altered.")

    reader = LaterReader(load)
    with pytest.raises(Trouble, match="altered"):
        reader.read(REP, "Hello.")
