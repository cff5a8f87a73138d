"""Measure a review: how long, how much processor and memory, how many wrong words; and another beside it.

Owns the measuring. Every run is a process of its own, so that its peak of memory is its own; what it loads
before the first sound (libraries, the model) is not timed, for neither of the two. The other one is
faster-whisper's own batched pipeline as its users call it: the path in, text out, the same model and as many
threads, everything else as it comes.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from coach import app
from coach.bench.table import Row, peak_mb
from coach.bench.wrong_words import edit_distance, scored_words
from coach.jobs import walled
from coach.report.card import make_card
from coach.report.document import document
from coach.report.page import page
from coach.speech.models import find_model
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from coach.settings import Settings

BATCH: Final = 8
"""Windows the batched pipeline takes at once: its own default."""

WALL_AIM, WER_AIM, MEMORY_AIM = "<= 0.8", "<= 0.003", "<= 600 for an hour"


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all files.

    Args:
        wall_s: from the first file's path to the last file's result.
        cpu_s: processor time of the same, all threads.
        peak_mb: most memory the process ever held, the model included; None where the system does not say.
        texts: what was said in each file, as one line.
        audio_s: length of all files.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float | None
    texts: tuple[str, ...]
    audio_s: float


class Way(Protocol):
    """A way to turn recordings into text."""

    def __call__(self, settings: Settings) -> Callable[[Path], tuple[str, float]]:
        """Load what it needs; return what turns a file into its text and its length in seconds."""
        ...


def by_coach(settings: Settings) -> Callable[[Path], tuple[str, float]]:
    """Review as `coach review` does, both reports included."""
    words = app.load_words_for_recordings(settings)

    def review(path: Path) -> tuple[str, float]:
        report = app.coach_recording(app.open_call(path, settings), settings, words, lambda *_: None)
        json.dumps(document(report))
        page(make_card(report))
        said = sorted(report.meters.sentences, key=lambda s: s.start_ms)
        return " ".join(s.text for s in said), report.audio["duration_s"]

    return review


def by_batched(settings: Settings) -> Callable[[Path], tuple[str, float]]:
    """Transcribe with faster-whisper's batched pipeline: words alone, no sides, no cues, no report."""
    from faster_whisper import (  # noqa: PLC0415 - our own runs need not load it here
        BatchedInferencePipeline,
        WhisperModel,
    )

    model = WhisperModel(
        str(find_model(settings.speech.model).folder),
        device="cpu",
        compute_type="int8",
        cpu_threads=app.recording_workers(),
        local_files_only=True,
    )
    pipeline = BatchedInferencePipeline(model)

    def transcribe(path: Path) -> tuple[str, float]:
        segments, info = pipeline.transcribe(str(path), batch_size=BATCH)
        return " ".join(s.text for s in segments), info.duration

    return transcribe


def measured(files: Sequence[Path], settings: Settings, runs: int, *, against: bool) -> list[Row]:
    """Return the figures of so many runs; with ``against``, of the batched pipeline too, in turns.

    Raises:
        Trouble: for a file that cannot be coached.
    """
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in range(runs):
        ours.append(in_process(by_coach, files, settings))
        if against:
            theirs.append(in_process(by_batched, files, settings))
    truths = [truth(f) for f in files]
    rows = rows_of("review", ours, truths)
    if theirs:
        rows += rows_of("batched", theirs, truths)
        rows += compared(ours, theirs, truths)
    return rows


def rows_of(name: str, runs: Sequence[Run], truths: Sequence[str | None]) -> list[Row]:
    """Return the figures of one way, each the median of its runs, with the spread of time."""
    walls, cpus = [r.wall_s for r in runs], [r.cpu_s / r.audio_s for r in runs]
    peaks = [r.peak_mb for r in runs if r.peak_mb is not None]
    return [
        Row(f"{name}: audio", runs[0].audio_s, "s"),
        Row(f"{name}: wall time", statistics.median(walls), "s"),
        Row(f"{name}: wall time, shortest", min(walls), "s"),
        Row(f"{name}: wall time, longest", max(walls), "s"),
        Row(f"{name}: processor a second of audio", statistics.median(cpus), "s"),
        Row(f"{name}: the same, least", min(cpus), "s"),
        Row(f"{name}: the same, most", max(cpus), "s"),
        Row(
            f"{name}: peak memory",
            max(peaks) if peaks else None,
            "MB",
            MEMORY_AIM if name == "review" else "",
        ),
        Row(f"{name}: wrong words", wrong(runs[0].texts, truths), "ratio"),
    ]


def compared(ours: Sequence[Run], theirs: Sequence[Run], truths: Sequence[str | None]) -> list[Row]:
    """Hold the two against each other, run by run: what ran side by side had the same machine."""
    pairs = list(zip(ours, theirs, strict=True))
    mine, other = wrong(ours[0].texts, truths), wrong(theirs[0].texts, truths)
    return [
        Row(
            "review / batched: wall time",
            statistics.median(a.wall_s / b.wall_s for a, b in pairs),
            "ratio",
            WALL_AIM,
        ),
        Row("review / batched: processor", statistics.median(a.cpu_s / b.cpu_s for a, b in pairs), "ratio"),
        Row(
            "review - batched: wrong words",
            None if mine is None or other is None else mine - other,
            "ratio",
            WER_AIM,
        ),
    ]


def truth(file: Path) -> str | None:
    """Return what is said in a recording, in order of time, from the JSON beside it; None without one."""
    beside = file.with_suffix(".json")
    if not beside.is_file():
        return None
    try:
        sentences = json.loads(beside.read_text(encoding="utf-8"))["sentences"]
        said = sorted((s for s in sentences if s.get("cues") != ["backchannel"]), key=lambda s: s["start_s"])
        return " ".join(s["text"] for s in said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def wrong(texts: Sequence[str], truths: Sequence[str | None]) -> float | None:
    """Return the share of wrong words over all files that have a truth; None where none has."""
    edits = words = 0
    for text, known in zip(texts, truths, strict=True):
        if known is not None:
            reference = scored_words(known)
            edits += edit_distance(reference, scored_words(text))
            words += len(reference)
    return edits / words if words else None


def in_process(way: Way, files: Sequence[Path], settings: Settings) -> Run:
    """Make one run in a fresh process. Raises `Trouble` where it fails."""
    context = multiprocessing.get_context("spawn")
    line, other = context.Pipe(duplex=False)
    process = context.Process(target=walled, args=(_run, other, way, files, settings), daemon=True)
    process.start()
    other.close()
    try:
        result = line.recv()
    except EOFError as e:
        raise Trouble("A run of the benchmark ended before it was done.") from e
    finally:
        line.close()
        process.join()
    if isinstance(result, Trouble):
        raise result
    run: Run = result
    return run


def _run(line: Connection, way: Way, files: Sequence[Path], settings: Settings) -> None:
    try:
        transcribe = way(settings)
        wall, cpu = time.perf_counter(), time.process_time()
        found = [transcribe(f) for f in files]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    except Trouble as trouble:
        line.send(trouble)
        return
    line.send(Run(wall, cpu, peak_mb(), tuple(t for t, _ in found), sum(s for _, s in found)))
