"""Play calls through the live line on a clock of its own: what a busy machine cannot blur.

    python benchmarks/scribe.py CALL.ogg... [--alone]

Ear, scribe, streams and session are those of a live call; time is that of the sound, and a decode takes what it took
on an idle machine (`COSTS`), by its window and its steps. So delays, decodes and words are the same on every run,
and one change can be told from another. Wrong words are counted where a script stands beside the call.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coach import app
from coach.audio.block import RATE
from coach.bench import live, reference
from coach.bench.wrong_words import edit_distance
from coach.call.events import Who
from coach.live.listener import Steps
from coach.live.scribe import Scribe
from coach.speech import streaming

if TYPE_CHECKING:
    from coach.audio.block import Block
    from coach.speech.streaming import Draft
    from coach.speech.whisper import Whisper

WINDOWS_S, COSTS = (4, 6, 8, 10, 15, 30), (0.018, 0.029, 0.042, 0.055, 0.100, 0.399)
"""What encoding a window takes, by its length: least of twelve, tiny.en, one thread of an AMD EPYC."""
STEP_S: Final = 0.00405
"""What writing one token takes, there."""


class Clock:
    """The time of the call, and what decoding added to it."""

    def __init__(self) -> None:
        self.now_s = self.spent_s = 0.0
        self.decodes = self.tokens = 0

    def count(self, whisper: Whisper) -> None:
        """Let every decode of this model take its time."""
        decoded = whisper._decoded  # noqa: SLF001 - what is measured

        def counted(batch: Any, window_s: float, prompt: list[int], beam: int, said: Any = ()) -> Any:
            found = decoded(batch, window_s, prompt, beam, said)
            begun = len(whisper._tokenizer.encode(" " + " ".join(said))) if said else 0  # noqa: SLF001 - the same
            steps = max(0, len(found[0][0][1]) - begun) + 1
            took = float(np.interp(window_s, WINDOWS_S, COSTS)) + 0.006 + 0.00105 * window_s + STEP_S * steps
            self.decodes, self.tokens = self.decodes + 1, self.tokens + steps
            self.spent_s, self.now_s = self.spent_s + took, self.now_s + took
            return found

        whisper._decoded = counted  # type: ignore[method-assign]  # noqa: SLF001 - the same


class Played:
    """One call, played."""

    def __init__(self, path: Path, whisper: Whisper, clock: Clock) -> None:
        settings = app.for_call(app.Settings(), _call_type(path))
        self.recording = app.open_call(path, settings)
        sides = self.recording.channels
        self.clock = clock
        self.ear = app.make_ear(settings, sides)
        self.kept = live.Remembered()
        self.session = app.make_session(settings, sides, self.kept, app.make_reader(settings))
        self.session.start(_call_type(path), 0)
        self.drafts: dict[Who, list[tuple[float, Draft]]] = {who: [] for who in Who}
        self.scribe = Scribe(sides, lambda: clock.now_s, self._note)
        self.scribe.ready(whisper)
        self._steps = Steps()
        self._free_s = 0.0
        self._noted: list[tuple[Who, Draft]] = []
        blocks = list(self.recording.blocks(live.BLOCK_MS))
        self.seconds = max(b.end for b in blocks) / RATE
        for at in sorted({b.end for b in blocks}):
            self._hear([b for b in blocks if b.end == at], at / RATE)
        for heard in [*self._steps.take(self.ear.rest()), *self._steps.rest()]:
            self.session.take(heard)
            for span in heard.spans:
                self.scribe.close(span)
        last = self.ear.end()
        self.session.owe(last)
        for span in last:
            self.scribe.close(span)
        self._write(2 * self.seconds)
        self.session.end()

    def _hear(self, blocks: list[Block], now_s: float) -> None:
        self._write(now_s)
        self.clock.now_s = now_s
        heard = self._steps.take([self.ear.hear(b) for b in blocks])
        for of_side in heard:
            self.session.take(of_side)
            for span in of_side.spans:
                self.scribe.close(span)
        self.session.release()
        for who in {of_side.who for of_side in heard}:
            so_far = self.ear.open_span(who)
            if so_far is not None and self.scribe.wants(who, so_far):
                self.scribe.offer(self.ear.with_sound(who, so_far))

    def _write(self, until_s: float) -> None:
        """Do the work that an idle scribe would have begun by now."""
        while self._free_s <= until_s and (job := self.scribe.poll()) is not None:
            began_s = self.clock.now_s = max(self._free_s, job.since_s)
            words = self.scribe.write(job)
            self._free_s = self.clock.now_s
            self.scribe.done(job, began_s)
            for who, draft in self._noted:
                self.drafts[who].append((self._free_s, draft))
            self._noted.clear()
            if not job.draft:
                self.session.written(job.to_write, words)
            elif words:
                self.session.written_early(job.to_write.who, words, job.to_write.span.closed_at_ms)

    def _note(self, who: Who, draft: Draft) -> None:
        self._noted.append((who, draft))


def main() -> int:
    """Play the calls, print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("calls", type=Path, nargs="+", help="recordings")
    parser.add_argument("--alone", action="store_true", help="no span is written behind the one before it")
    args = parser.parse_args()
    if args.alone:
        streaming.COMPANY_S = 0.0  # type: ignore[misc]
    settings = app.Settings()
    whisper = app.load_words(settings, 1)
    clock = Clock()
    spoken = {path: reference.said(app.open_call(path, settings), settings, whisper) for path in args.calls}
    clock.count(whisper)
    for path in args.calls:
        clock.spent_s, clock.decodes, clock.tokens = 0.0, 0, 0
        played = Played(path, whisper, clock)
        delays = [live.delays(played.drafts[who], spoken[path].get(who, [])) for who in Who]
        heard, certain = ([d for side in delays for d in side[k]] for k in (0, 1))
        final = [(s.at_ms - s.end_ms) / 1000 for s in played.kept.sentences if s.who is Who.REP]
        print(
            f"{path.stem}: scribe {clock.spent_s / played.seconds:.3f} core, {clock.decodes} decodes, "
            f"{clock.tokens} tokens; heard {_two(heard)}, certain {_two(certain)}, sentence of the rep "
            f"{_two(final)} s; {_wrong(path, played)}",
            flush=True,
        )
    return 0


def _two(values: list[float]) -> str:
    return " / ".join(f"{np.percentile(values, q):.2f}" for q in (50, 95)) if values else "-"


def _wrong(path: Path, played: Played) -> str:
    truth = reference.script(path)
    if truth is None:
        return "no script"
    words: dict[Who, list[str]] = live._by_side(played.kept.sentences)  # noqa: SLF001 - as the live bench counts
    wrong = sum(edit_distance(truth[who], words[who]) for who in Who)
    count = sum(len(truth[who]) for who in Who)
    return f"{wrong} of {count} words wrong ({wrong / count:.1%})"


def _call_type(path: Path) -> str:
    beside = path.with_suffix(".json")
    return (
        str(json.loads(beside.read_text(encoding="utf-8"))["call_type"]) if beside.exists() else "discovery"
    )


if __name__ == "__main__":
    sys.exit(main())
