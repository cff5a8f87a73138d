"""The bundled calls travel with the program, each with its truth."""

import json

from coach.audio.recording import open_recording
from coach.call.events import Who
from coach.demo.scenes import scenes


def test_a_scene_has_two_channels_and_a_truth_of_the_same_length():
    for scene in scenes():
        recording = open_recording(scene.sound)
        truth = json.loads(scene.truth.read_text(encoding="utf-8"))
        assert recording.channels == (Who.REP, Who.CUSTOMER)
        assert abs(recording.duration_ms / 1000 - truth["duration_s"]) < 0.1


def test_the_first_take_sells_and_the_second_listens():
    sold, listened = (json.loads(s.truth.read_text(encoding="utf-8")) for s in scenes())
    assert (sold["good_call"], listened["good_call"]) == (False, True)
