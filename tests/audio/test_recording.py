"""Any media file becomes the blocks of a call; what is no recording is refused in plain words."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rigs.files import CODECS, write

from coach.audio import media
from coach.audio.block import RATE, Block
from coach.audio.recording import Recording, open_recording, reopen_recording
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEFT_HZ, RIGHT_HZ = 440, 880
BOTH = (Who.REP, Who.CUSTOMER)


def tones(seconds: float, rate: int, *hertz: float) -> NDArray[np.int16]:
    """Return a sine a channel, shape ``(channels, n)``."""
    t = np.arange(int(seconds * rate)) / rate
    return np.stack([np.rint(np.sin(2 * np.pi * f * t) * 8000) for f in hertz]).astype(np.int16)


def side(blocks: list[Block], who: Who) -> NDArray[np.int16]:
    return np.concatenate([b.samples for b in blocks if b.who is who])


def pitch(samples: NDArray[np.int16]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE / len(samples))


def refused(path: Path) -> str:
    with pytest.raises(Trouble) as caught:
        open_recording(path)
    assert caught.value.mend
    return caught.value.what


@pytest.mark.parametrize("kind", CODECS)
def test_every_kind_of_file_gives_left_as_rep_and_right_as_customer(tmp_path: Path, kind: str) -> None:
    sound = tones(2, 48_000, LEFT_HZ, RIGHT_HZ)
    recording = open_recording(write(tmp_path / f"call.{kind}", sound, 48_000, video=kind == "mp4"))
    blocks = list(recording.blocks())
    assert recording.channels == BOTH
    assert recording.duration_ms == pytest.approx(2000, abs=80)
    assert pitch(side(blocks, Who.REP)) == pytest.approx(LEFT_HZ, abs=2)
    assert pitch(side(blocks, Who.CUSTOMER)) == pytest.approx(RIGHT_HZ, abs=2)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000])
def test_every_rate_becomes_16_khz(tmp_path: Path, rate: int) -> None:
    recording = open_recording(write(tmp_path / "call.wav", tones(2, rate, LEFT_HZ), rate))
    heard = side(list(recording.blocks()), Who.REP)
    assert recording.rate == rate
    assert len(heard) == pytest.approx(2 * RATE, abs=2)
    assert pitch(heard) == pytest.approx(LEFT_HZ, abs=1)


def test_swapped_channels_are_swapped_back(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", tones(2, RATE, LEFT_HZ, RIGHT_HZ))
    blocks = list(open_recording(path, swap=True).blocks())
    assert pitch(side(blocks, Who.REP)) == pytest.approx(RIGHT_HZ, abs=2)
    assert [b.who for b in blocks[:2]] == list(BOTH)


def test_blocks_alternate_and_are_aligned_and_the_last_is_shorter(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", tones(2, RATE, LEFT_HZ, RIGHT_HZ)[:, : RATE + 100])
    blocks = list(open_recording(path).blocks(20))
    pairs = list(zip(blocks[::2], blocks[1::2], strict=True))
    assert all((a.who, b.who) == BOTH and (a.start, a.end) == (b.start, b.end) for a, b in pairs)
    assert [a.start for a, _ in pairs] == list(range(0, RATE + 100, 320))
    assert len(blocks[-1].samples) == 100


@settings(max_examples=25, deadline=None)
@given(block_ms=st.integers(1, 2500))
def test_the_size_of_the_blocks_changes_no_sample(
    tmp_path_factory: pytest.TempPathFactory, block_ms: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "sizes.ogg"
    if not path.exists():
        write(path, tones(1.5, 48_000, LEFT_HZ, RIGHT_HZ), 48_000)
    recording = open_recording(path)
    sized, usual = list(recording.blocks(block_ms)), list(recording.blocks())
    for who in BOTH:
        assert np.array_equal(side(sized, who), side(usual, who))


LOSSLESS = ("wav", "flac")


def speechlike(seconds: float, rate: int) -> NDArray[np.int16]:
    """Return two sides of noise without its highest tones, in which every place is its own."""
    noise = np.random.default_rng(7).normal(0, 1, (2, round(seconds * rate)))
    smooth = np.stack([np.convolve(side, np.ones(12) / 12, "same") for side in noise])
    return np.rint(np.clip(smooth * 12_000, -30_000, 30_000)).astype(np.int16)


def beside(heard: NDArray[np.int16], whole: NDArray[np.int16], start: int) -> int:
    """Return how many samples from its place a piece of a whole lies."""
    near = whole[start - 2000 : start + len(heard) + 2000].astype(float)
    return int(np.correlate(near, heard.astype(float), "valid").argmax()) - 2000


@pytest.mark.parametrize("start_ms", [500, 1234, 4321, 9000])
@pytest.mark.parametrize("kind", CODECS)
def test_the_sound_from_any_place_is_the_sound_at_that_place(
    tmp_path: Path, kind: str, start_ms: int
) -> None:
    path = write(tmp_path / f"call.{kind}", speechlike(10, 48_000), 48_000, video=kind == "mp4")
    recording = open_recording(path)
    whole = np.concatenate(list(recording.samples()), axis=1)
    start = start_ms * RATE // 1000
    heard = np.concatenate(list(recording.samples(start)), axis=1)
    if kind in LOSSLESS:
        assert np.array_equal(heard, whole[:, start:])
    else:
        assert heard.shape[1] == pytest.approx(whole.shape[1] - start, abs=16)
        for side in range(2):
            assert (
                abs(beside(heard[side, 500:4500], whole[side], start + 500)) <= 8
            )  # Matroska counts milliseconds


def test_all_blocks_are_all_samples(tmp_path: Path) -> None:
    recording = open_recording(write(tmp_path / "call.wav", speechlike(2, RATE)), swap=True)
    whole = np.concatenate(list(recording.samples()), axis=1)
    blocks = list(recording.blocks())
    assert [np.array_equal(whole[k], side(blocks, who)) for k, who in enumerate(BOTH)] == [True, True]


@pytest.mark.parametrize("channels", [1, 6])
def test_one_row_is_one_row_from_any_place(tmp_path: Path, channels: int) -> None:
    sound = np.repeat(speechlike(4, RATE)[:1], channels, axis=0)
    recording = open_recording(write(tmp_path / "call.flac", sound))
    whole = np.concatenate(list(recording.samples()), axis=1)
    heard = np.concatenate(list(recording.samples(2 * RATE)), axis=1)
    assert heard.shape == (1, 2 * RATE)
    assert np.array_equal(heard, whole[:, 2 * RATE :])


def test_where_the_files_clock_leads_astray_what_lies_before_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "old.wav", speechlike(10, 22_050), 22_050, codec="adpcm_ms")
    recording = open_recording(path)
    whole = np.concatenate(list(recording.samples()), axis=1)
    heard = np.concatenate(list(recording.samples(6 * RATE)), axis=1)
    assert np.array_equal(heard, whole[:, 6 * RATE :])


@pytest.mark.parametrize("kind", CODECS)
def test_beyond_the_end_there_is_no_sound(tmp_path: Path, kind: str) -> None:
    recording = open_recording(
        write(tmp_path / f"call.{kind}", speechlike(2, 48_000), 48_000, video=kind == "mp4")
    )
    assert sum(s.shape[1] for s in recording.samples(60 * RATE)) == 0


@pytest.mark.parametrize("swap", [False, True])
def test_a_recording_known_before_is_opened_again_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, swap: bool
) -> None:
    path = write(tmp_path / "call.flac", speechlike(2, RATE))
    before = open_recording(path, swap=swap)
    monkeypatch.setattr("coach.audio.recording._probed", lambda _: pytest.fail("it was read"))
    again = reopen_recording(path, before.channels, swap=swap)
    assert (again.path, again.channels, again.duration_ms) == (
        before.path,
        before.channels,
        before.duration_ms,
    )
    assert np.array_equal(*(np.concatenate(list(r.samples()), axis=1) for r in (before, again)))
    with pytest.raises(Trouble, match="no file"):
        reopen_recording(tmp_path / "gone.flac", before.channels)


def test_a_pass_from_the_middle_does_not_call_a_file_cut_short(tmp_path: Path) -> None:
    recording = open_recording(write(tmp_path / "call.wav", speechlike(4, RATE)))
    note = recording.note
    list(recording.samples(3 * RATE))
    assert recording.note == note


def test_one_channel_is_heard_as_the_microphone_alone(tmp_path: Path) -> None:
    recording = open_recording(write(tmp_path / "memo.m4a", tones(2, 44_100, LEFT_HZ), 44_100), swap=True)
    assert recording.channels == (Who.REP,)
    assert "One channel" in recording.note


def test_surround_is_mixed_into_one(tmp_path: Path) -> None:
    recording = open_recording(
        write(tmp_path / "room.flac", tones(2, 48_000, 440, 440, 440, 60, 440, 440), 48_000)
    )
    assert recording.channels == (Who.REP,)
    assert "6 channels" in recording.note
    assert pitch(side(list(recording.blocks()), Who.REP)) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg"])
def test_a_stereo_file_with_the_same_sound_twice_is_one_channel(tmp_path: Path, kind: str) -> None:
    sound = tones(2, 48_000, LEFT_HZ, LEFT_HZ)
    sound[1] = sound[1] // 2  # the same, half as loud
    recording = open_recording(write(tmp_path / f"call.{kind}", sound, 48_000))
    assert recording.channels == (Who.REP,)
    assert "Both channels are the same" in recording.note


def test_a_dead_channel_is_told(tmp_path: Path) -> None:
    sound = tones(2, RATE, LEFT_HZ, RIGHT_HZ)
    sound[1] = 0
    path = write(tmp_path / "call.wav", sound)
    assert "The right channel is silent, so nothing was heard of the customer." in open_recording(path).note
    assert (
        "The right channel is silent, so nothing was heard of the rep."
        in open_recording(path, swap=True).note
    )


def test_a_short_recording_is_read_and_told(tmp_path: Path) -> None:
    recording = open_recording(write(tmp_path / "call.wav", tones(3, RATE, LEFT_HZ, RIGHT_HZ)))
    assert recording.note == "It lasts only 3 seconds; figures need a longer call to mean something."


def test_a_long_recording_of_two_channels_needs_no_note(tmp_path: Path) -> None:
    recording = open_recording(write(tmp_path / "call.flac", tones(130, 8_000, LEFT_HZ, RIGHT_HZ), 8_000))
    assert len(side(list(recording.blocks(1000)), Who.REP)) == pytest.approx(130 * RATE, abs=2)
    assert recording.note == ""


def test_the_second_sound_track_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "call.mkv", tones(2, 48_000, LEFT_HZ), 48_000, tracks=2)
    assert "2 sound tracks; the first one was read" in open_recording(path).note


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "mkv"])
def test_a_file_cut_short_gives_what_is_left_and_says_so(tmp_path: Path, kind: str) -> None:
    whole = write(tmp_path / f"whole.{kind}", tones(20, 48_000, LEFT_HZ, RIGHT_HZ), 48_000)
    cut = tmp_path / f"cut.{kind}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    recording = open_recording(cut)
    heard = side(list(recording.blocks()), Who.REP)
    assert 4 * RATE < len(heard) < 16 * RATE
    assert "cut short" in recording.note or "damaged" in recording.note


def test_noise_in_the_middle_of_a_file_is_survived(tmp_path: Path) -> None:
    path = write(tmp_path / "call.flac", tones(10, 48_000, LEFT_HZ, RIGHT_HZ), 48_000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = os.urandom(3000)
    path.write_bytes(data)
    assert len(side(list(open_recording(path).blocks()), Who.REP)) > 8 * RATE


def test_a_gap_in_the_files_own_clock_keeps_its_length(tmp_path: Path) -> None:
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for start_s in (0, 3):
            frame = av.AudioFrame.from_ndarray(tones(1, RATE, LEFT_HZ), "s16", "mono")
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), start_s * RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    heard = side(list(open_recording(path).blocks()), Who.REP)
    assert len(heard) == pytest.approx(4 * RATE, abs=20)
    assert not heard[RATE + 50 : 3 * RATE - 50].any()


def test_a_file_that_begins_with_silence_is_read_on_until_its_first_sound(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros((2, 125 * 8_000), np.int16), tones(3, 8_000, LEFT_HZ, RIGHT_HZ)], axis=1)
    assert open_recording(write(tmp_path / "late.flac", sound, 8_000)).channels == BOTH


def test_what_is_no_recording_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    (tmp_path / "notes.txt").write_text("We met on Tuesday.\n" * 50)
    (tmp_path / "named.mp3").write_text("We met on Tuesday.\n" * 50)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "There is no file" in refused(tmp_path / "missing.wav")
    assert "is a folder" in refused(tmp_path)
    assert "'empty.wav' is empty" in refused(tmp_path / "empty.wav")
    for name in ("notes.txt", "named.mp3", "list.m3u8", "photo.png"):
        assert name in refused(tmp_path / name)
    os.mkfifo(tmp_path / "pipe.wav")
    assert "no ordinary file" in refused(tmp_path / "pipe.wav")


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mute.mp4"
    with av.open(str(path), "w") as out:
        pictures = out.add_stream("mpeg4", rate=5)
        pictures.width = pictures.height = 16
        for _ in range(5):
            out.mux(pictures.encode(av.VideoFrame(16, 16, "yuv420p")))
        out.mux(pictures.encode(None))
    assert "has no sound in it" in refused(path)


def test_silence_and_a_blink_of_sound_are_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    dither = rng.integers(-2, 3, (2, 3 * RATE)).astype(np.int16)
    assert "silent from beginning to end" in refused(write(tmp_path / "dither.wav", dither))
    assert "shorter than one second" in refused(write(tmp_path / "blink.wav", tones(0.5, RATE, 440)))


def test_a_day_of_silence_is_refused_by_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "long.flac", tones(3, RATE, LEFT_HZ))
    monkeypatch.setattr(media, "LONGEST_S", 2)
    assert "lasts 0.0 hours" in refused(path)


def test_a_track_without_a_length_is_left_after_twelve_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = open_recording(write(tmp_path / "long.flac", tones(3, RATE, LEFT_HZ)))
    monkeypatch.setattr(media, "LONGEST_S", 2)
    assert len(side(list(recording.blocks()), Who.REP)) == 2 * RATE
    assert "the rest was left out" in recording.note


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "secret.wav", tones(2, RATE, LEFT_HZ))

    def closed(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", closed)  # root may read everything, so the system cannot say no here
    assert "may not be read" in refused(path)


def test_a_name_that_looks_like_an_address_is_only_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.wav", tones(2, RATE, LEFT_HZ)).rename(tmp_path / "concat:b.wav")
    assert isinstance(open_recording("concat:b.wav"), Recording)


def test_a_broken_file_prints_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "call.mp3", tones(5, 48_000, LEFT_HZ), 48_000)
    data = bytearray(path.read_bytes())
    data[8_000:12_000] = os.urandom(4_000)
    path.write_bytes(data)
    code = "import sys; from coach.audio.recording import open_recording as o; list(o(sys.argv[1]).blocks())"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
