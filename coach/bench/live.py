"""A recording played in real time through the very line of a live call, with the overlay painted where nobody looks.

Owns the playing, the clock and the counting. Everything between the block and the painted card is the program's own;
the recording stands for the devices. Delays are taken from the end of a word in the careful pass over the same file
(`coach.bench.reference`) to the moment the word was believed, or certain, on this machine's clock.
"""

from __future__ import annotations

import dataclasses
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coach import app
from coach.bench import reference
from coach.bench.table import Row, peak_mb
from coach.bench.wrong_words import edit_distance, scored_words
from coach.call.events import SentenceHeard, Who
from coach.nudges.commands import HideNudge, ShowNudge
from coach.settings import StorageSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from coach.audio.block import Block
    from coach.bench.reference import Said
    from coach.call.events import Event
    from coach.nudges.commands import Command, Nudge
    from coach.report.document import CallReport
    from coach.settings import Settings
    from coach.speech.streaming import Draft
    from coach.speech.whisper import Whisper

BLOCK_MS: Final = 60
"""As devices hand sound over (`coach.audio.capture.BLOCK`): with blocks of 20 ms the listener costs twice as much."""
BY_VOICE: Final = frozenset({"monologue", "talk_share"})
"""Rules that need no words."""
SETTLE_S: Final = 3.0
"""The model is loaded and warm before the sound begins."""


@dataclass(slots=True)
class Watched:
    """What was seen while a call was played. Clocks are in seconds since its first block."""

    drafts: dict[Who, list[tuple[float, Draft]]] = field(default_factory=lambda: {who: [] for who in Who})
    nudges: list[tuple[float, Nudge]] = field(default_factory=list)
    painted: list[tuple[float, str]] = field(default_factory=list)
    cpu_s: float = 0.0
    seconds: float = 0.0
    peak_mb: float | None = None


class Remembered:
    """A ledger that keeps the sentences."""

    def __init__(self) -> None:
        self.sentences: list[SentenceHeard] = []

    def event(self, event: Event) -> None:
        """Keep a sentence."""
        if isinstance(event, SentenceHeard):
            self.sentences.append(event)

    def command(self, command: Command) -> None:
        """Commands are seen elsewhere."""


def measured(path: Path, settings: Settings, *, load: int = 0, seconds: float | None = None) -> list[Row]:
    """Play a recording and return what it cost and how late it was.

    Args:
        path: the recording.
        settings: with the type of the call.
        load: so many busy loops run beside it.
        seconds: play only the beginning.

    Raises:
        Trouble: as `coach.app.open_call`, and when the model cannot be loaded.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    settings = dataclasses.replace(settings, storage=StorageSettings("nothing"))
    whisper = app.load_words(settings, settings.speech.threads)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(load)]
    try:
        watched, report, run = _play(path, settings, whisper, seconds)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    tally = whisper.tally
    rows = [
        *delay_rows(watched, _reference(path, settings, seconds)),
        *_nudge_rows(watched),
        *_sentence_rows(report),
        *_cost_rows(watched),
        Row("blocks dropped", run.call.mailbox.dropped, "", "0"),
        Row("sentences late", run.session.late, ""),
        Row("spans given up", run.call.scribe.given_up, ""),
        Row("drafts given up for a while", run.call.slowed, "times"),
        *(Row(f"decodes, window {s} s", n, "") for s, n in sorted(tally.windows.items())),
        Row("loops caught", tally.loops, ""),
        Row("unsure, written again", tally.unsure, ""),
        Row("phantoms dropped", tally.phantoms, ""),
    ]
    return rows + _word_error_rows(path, settings, report, whole=seconds is None)


def delay_rows(watched: Watched, spoken: dict[Who, list[Said]]) -> list[Row]:
    """Return how long after it was said a word was first believed, and was certain."""
    heard, certain = {}, {}
    for who, drafts in watched.drafts.items():
        heard[who], certain[who] = delays(drafts, spoken.get(who, []))
    rows = []
    for what, by_side, aims in (
        ("word first heard", heard, ("<= 0.3", "")),
        ("word certain", certain, ("<= 0.6", "<= 1.2")),
    ):
        both = [d for side in by_side.values() for d in side]
        rows += [Row(f"{what}, median", _share(both, 50), "s", aims[0])]
        rows += [Row(f"{what}, 95 in 100", _share(both, 95), "s", aims[1])]
        rows += [Row(f"{what}, latest", max(both, default=None), "s")]
        rows += [
            Row(f"{what}, {who}, median", _share(side, 50), "s") for who, side in by_side.items() if side
        ]
    return rows


def delays(drafts: Sequence[tuple[float, Draft]], spoken: Sequence[Said]) -> tuple[list[float], list[float]]:
    """Return the delays of one side's words: until first believed for good, and until certain (seconds)."""
    final: list[str] = []
    for _, draft in drafts:
        if draft.closed:
            final += [reference.bare(w) for w in draft.words]
    believed: dict[int, float] = {}
    certain: dict[int, float] = {}
    base = 0
    for at_s, draft in drafts:
        for k, text in enumerate(draft.words):
            if base + k >= len(final) or reference.bare(text) != final[base + k]:
                believed.pop(base + k, None)  # it was believed to be another word: the first belief was none
                continue
            believed.setdefault(base + k, at_s)
            if k < draft.standing:
                certain.setdefault(base + k, at_s)
        if draft.closed:
            base += len(draft.words)
    pairs = reference.matched(spoken, final)
    return (
        [believed[k] - end_ms / 1000 for k, end_ms in pairs if k in believed],
        [certain[k] - end_ms / 1000 for k, end_ms in pairs if k in certain],
    )


def _play(
    path: Path, settings: Settings, whisper: Whisper, seconds: float | None
) -> tuple[Watched, CallReport, app.LiveRun]:
    from PySide6.QtCore import QObject, Qt, Signal  # noqa: PLC0415 - the platform must be chosen first
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the same

    from coach.live.player import Player  # noqa: PLC0415 - the same
    from coach.ui.bridge import content_of  # noqa: PLC0415 - the same
    from coach.ui.overlay import Overlay  # noqa: PLC0415 - the same

    application = QApplication.instance() or QApplication(["coach"])
    watched = Watched()
    began_s = 0.0

    def now() -> float:
        return time.monotonic() - began_s

    class Stage(QObject):
        posted = Signal(object)
        over = Signal()

    stage, overlay = Stage(), Overlay(settings.overlay)

    def show(command: Command) -> None:
        if isinstance(command, ShowNudge):
            overlay.show_card(content_of(command.nudge, command.offer))
        elif isinstance(command, HideNudge) and command.rule == overlay.rule:
            overlay.hide_card(command.why)

    def post(commands: Iterable[Command]) -> None:
        for command in commands:
            if isinstance(command, ShowNudge):
                watched.nudges.append((now(), command.nudge))
            stage.posted.emit(command)

    stage.posted.connect(show, Qt.ConnectionType.QueuedConnection)
    stage.over.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    overlay.painted.connect(lambda rule: watched.painted.append((now(), rule)))
    recording = app.open_call(path, settings)
    # Decoded beforehand: in a call the devices bring sound, not files.
    player = Player(list(_first(recording.blocks(BLOCK_MS), seconds)), recording.channels)
    run = app.LiveRun(
        settings,
        player.sources,
        post,
        words=lambda: whisper,
        watch=lambda who, draft: watched.drafts[who].append((now(), draft)),
    )
    reports: list[CallReport] = []

    def conduct() -> None:
        nonlocal began_s
        threading.Event().wait(SETTLE_S)
        began_s, cpu_s = time.monotonic(), time.process_time()
        run.start()
        player.finished.wait()
        watched.cpu_s, watched.seconds = time.process_time() - cpu_s, now()
        reports.append(run.stop())
        watched.peak_mb = peak_mb()
        stage.over.emit()

    conductor = threading.Thread(target=conduct, name="coach-bench")
    conductor.start()
    application.exec()
    conductor.join()
    overlay.hide()
    return watched, reports[0], run


def _first(blocks: Iterator[Block], seconds: float | None) -> Iterator[Block]:
    for block in blocks:
        if seconds is not None and block.start >= seconds * 16_000:
            return
        yield block


def _reference(path: Path, settings: Settings, seconds: float | None) -> dict[Who, list[Said]]:
    whisper = app.load_words_for_recordings(settings)
    words = reference.said(app.open_call(path, settings), settings, whisper)
    if seconds is None:
        return words
    return {who: [s for s in side if s.end_ms < 1000 * seconds - 1000] for who, side in words.items()}


def _nudge_rows(watched: Watched) -> list[Row]:
    painted = list(watched.painted)
    by_voice: list[float] = []
    by_words: list[float] = []
    for _, nudge in watched.nudges:
        at = next((p for p in painted if p[1] == nudge.rule and p[0] >= nudge.at_ms / 1000 - 1), None)
        if at is None:
            continue
        painted.remove(at)
        (by_voice if nudge.rule in BY_VOICE else by_words).append(at[0] - nudge.at_ms / 1000)
    return [
        Row("nudges", len(watched.nudges), ""),
        Row(
            "by voice: from its moment to the painted card, slowest",
            max(by_voice, default=None),
            "s",
            "<= 0.35",
        ),
        Row("by words: from its moment to the painted card, slowest", max(by_words, default=None), "s"),
    ]


def _sentence_rows(report: CallReport) -> list[Row]:
    known = [(s.at_ms - s.end_ms) / 1000 for s in report.meters.sentences if s.who is Who.REP]
    return [
        Row("sentence of the rep acted upon after its end, median", _share(known, 50), "s", "<= 0.8"),
        Row("sentence of the rep acted upon after its end, 95 in 100", _share(known, 95), "s", "<= 1.5"),
    ]


def _cost_rows(watched: Watched) -> list[Row]:
    return [
        Row("played", watched.seconds, "s"),
        Row("processor, whole process", watched.cpu_s / watched.seconds, "core", "<= 0.20"),
        Row("peak memory", watched.peak_mb, "MB", "<= 450"),
    ]


def _word_error_rows(path: Path, settings: Settings, report: CallReport, *, whole: bool) -> list[Row]:
    """Compare the words of the live call with those of the review, and both with the script where there is one."""
    if not whole:
        return []
    kept = Remembered()
    words = app.load_words_for_recordings(settings)
    app.coach_recording(app.open_call(path, settings), settings, words, lambda *_: None, ledger=kept)
    live = _by_side(report.meters.sentences)
    review = _by_side(kept.sentences)
    rows = [Row("words wrong, live against review", _error(review, live), "")]
    if (truth := reference.script(path)) is not None:
        wrong = {"review": _error(truth, review), "live": _error(truth, live)}
        rows += [Row(f"words wrong, {which} against the script", error, "") for which, error in wrong.items()]
    return rows


def _by_side(sentences: Iterable[SentenceHeard]) -> dict[Who, list[str]]:
    sides: dict[Who, list[str]] = {who: [] for who in Who}
    for s in sorted(sentences, key=lambda s: s.start_ms):
        sides[s.who] += scored_words(s.text)
    return sides


def _error(truth: dict[Who, list[str]], heard: dict[Who, list[str]]) -> float | None:
    count = sum(len(words) for words in truth.values())
    wrong = sum(edit_distance(truth[who], heard[who]) for who in Who)
    return wrong / count if count else None


def _share(values: Sequence[float], percent: int) -> float | None:
    """Return the value below which so many in a hundred lie."""
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        return values[0] if values else None
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
