"""The voice encoder: the published network, verified to the byte, and the mel frames it was trained on."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from coach.audio.encoder import (
    LEVEL,
    TOGETHER,
    WINDOW_FRAMES,
    frame_powers,
    levelled,
    load,
    mel_frames,
    voice_encoder,
)
from coach.shipped import shipped
from coach.trouble import Trouble

FOLDER = shipped("models", "voice")


def pretended_mels(seed: int):
    """The invented frames of ``models/voice/convert.py``."""
    n = np.arange(160 * 40, dtype=np.int64) * (2 * seed + 1)
    return ((n * n % 9973).reshape(160, 40) / 9973).astype(np.float32) ** 4 * 0.02


def tone(hertz: float, seconds: float = 1.0, amplitude: float = 8000):
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(int(16_000 * seconds)) / 16_000)).astype(
        np.int16
    )


def test_half_the_precision_and_a_batch_give_the_vectors_of_the_published_weights():
    expected = json.loads((FOLDER / "reference.json").read_text())
    vectors = voice_encoder().vectors(np.stack([pretended_mels(e["seed"]) for e in expected]))
    for vector, e in zip(vectors, expected, strict=True):
        assert vector[: len(e["begins"])] == pytest.approx(e["begins"], abs=1e-3)
        assert float(vector.sum()) == pytest.approx(e["sum"], abs=0.01)
        assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_a_window_has_the_same_vector_in_whatever_company():
    windows = np.stack([pretended_mels(k)[:12] for k in range(TOGETHER + 3)])
    together = voice_encoder().vectors(windows)
    alone = np.concatenate([voice_encoder().vectors(windows[k : k + 1]) for k in (0, TOGETHER, TOGETHER + 2)])
    assert together[[0, TOGETHER, TOGETHER + 2]] == pytest.approx(alone, abs=1e-5)


def test_no_windows_have_no_vectors():
    assert voice_encoder().vectors(np.zeros((0, WINDOW_FRAMES, 40), np.float32)).shape == (0, 256)


@pytest.mark.parametrize(("hertz", "band"), [(500, 6), (1000, 13), (4000, 31)])
def test_a_tone_sounds_in_its_band(hertz, band):
    # Expected bands: librosa 0.11, feature.melspectrogram(sr=16000, n_fft=400, hop_length=160, n_mels=40).
    assert int(mel_frames(tone(hertz))[50].argmax()) == band


def test_a_frame_every_ten_milliseconds_the_first_on_the_first_sample():
    assert mel_frames(tone(300, 0.5)).shape == (51, 40)
    assert frame_powers(tone(300, 0.5)).shape == (51,)
    assert mel_frames(np.zeros(0, np.int16)).shape == (0, 40)


def test_loud_and_quiet_are_the_same_once_levelled():
    loud, quiet = tone(300, amplitude=16_000), tone(300, amplitude=500)
    a = levelled(mel_frames(loud), frame_powers(loud))
    b = levelled(mel_frames(quiet), frame_powers(quiet))
    assert np.allclose(a, b, rtol=0.02, atol=1e-4 * float(a.max()))
    assert pytest.approx(0.0316, abs=1e-4) == LEVEL


def test_silence_stays_silence():
    nothing = np.zeros(1600, np.int16)
    assert not levelled(mel_frames(nothing), frame_powers(nothing)).any()


def test_an_altered_network_is_refused(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "voice")
    weights = tmp_path / "voice" / "weights.f16"
    raw = bytearray(weights.read_bytes())
    raw[1000] ^= 1
    weights.write_bytes(raw)
    with pytest.raises(Trouble, match="altered"):
        load(tmp_path / "voice")


def test_a_missing_network_is_told_of(tmp_path):
    with pytest.raises(Trouble, match="missing"):
        load(tmp_path)
