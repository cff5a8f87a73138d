"""Turn one closed span of voice into words with Whisper, on this machine only.

Owns the window and the decoding. Refuses to know where spans come from and who spoke them; never touches the
network.

Theory of operation. faster-whisper pads everything to 30 s; the encoder's cost grows faster than the window,
so the features, the encoder and the decoder are driven here, on a window of 15 s where the span fits. Whisper
has two faults that sound like success: it repeats itself for ever (a loop), and it writes "Thank you." where
nobody spoke (a phantom). A loop is decoded again in the 30 s window that Whisper was trained on, and cut at
the repeat if it stays one; a phantom is known by the model's own doubt that there was speech at all, and by
words that it is known to make up on top of hardly any voice. Told of names to expect, it hears them better and
writes them on noise as well (an echo): a text of names alone is checked by one written without the hint.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from coach.speech.batches import Written, write_many
from coach.speech.guards import (
    Hypothesis,
    before_repeat,
    is_loop,
    is_phantom,
    is_shouted,
    may_be_echo,
    without_echo,
)
from coach.speech.placing import place
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ctranslate2 import StorageView
    from numpy.typing import NDArray

    from coach.speech.batches import Spoken
    from coach.speech.words import Word

os.environ["HF_HUB_OFFLINE"] = "1"  # before faster_whisper brings the hub's client in: never a network
# oneDNN, with which CTranslate2 computes the first layers, keeps what it made for each length of a window, up to 1024
# of them: 1.2 MB each. To make it anew costs a call no more that could be measured (docs/performance.md).
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "0")

from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

RATE: Final = 16_000
TRAINED_WINDOW_S: Final = 30.0
"""The window Whisper was trained on; also the longest span."""

SPARE_S: Final = 1.0
"""Quiet the window holds beyond the span: on the bare length more than a third of all spans loop."""

WINDOW_STEP_S: Final = 0.5
"""Windows are a whole number of these. For each new length oneDNN kept memory of its own: 700 drafts of as many lengths
brought the process from 195 to 581 MB, in steps of 0.5 s to 246 MB. It keeps none since; few lengths still leave
the heap in fewer pieces."""

DRAFT_WINDOW_S: Final = 6.0
DRAFT_SPARE_S: Final = 2.0
"""Window of a draft while speech goes on: half the cost of 15 s. What stands once the voice has stopped is written
in the whole window again: in the short one it had 3 words in a hundred more wrong (d03, greedy)."""

UNSURE: Final = -0.8
"""Mean log probability a token below which a careful draft is written again with all hypotheses kept.

Source: d01 to d03; between -1.0 and -0.5 the limit changes nothing but how often (six to eight drafts).
"""

TOKENS_A_SECOND: Final = 6
"""Nobody speaks more; with `TOKENS_SPARE` it bounds the decoder, and reaching it means a loop (`speech-facts.md`,
section 1.1)."""

TOKENS_A_SECOND_ELSEWHERE: Final = 20
"""The same for other languages: a sentence of 17 tokens in English has 36 in Czech, 60 in Hindi, 72 in Tamil."""

TOKENS_SPARE: Final = 8

HINT_TOKENS: Final = 64
"""Room for names to expect, with the mark before them: some eighteen; a longer hint costs words of the call."""


FRAMES: Final = 100
"""Frames of features a second."""

ENCODED_S: Final = 0.02
"""Seconds that one position of the encoder's output stands for: two frames."""

BATCH: Final = 2
"""Windows decoded together by one worker: with 4 the review of d02 peaked at 573 MB, with 2 at 493 MB (one run
each)."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to decode.

    Args:
        window_s: the shortest window; 15 s costs a third of 30 s, 8 s loses one word in eighty.
        beam: hypotheses kept; 5 costs a quarter more than 1 (greedy) and gets a tenth of its errors right.
        beam_shared: the same for a window that several spans share.
        silence: fill the window with silent samples; otherwise with zeros behind the features.
    """

    window_s: float = 15.0
    beam: int = 5
    beam_shared: int = 5
    silence: bool = True


@dataclass(slots=True)
class Tally:
    """What the guards did so far."""

    spans: int = 0
    loops: int = 0
    loops_cut: int = 0
    phantoms: int = 0
    echoes: int = 0
    unsure: int = 0
    windows: dict[int, int] = field(default_factory=dict)

    def count(self, window_s: float) -> None:
        """Count a decode by its window, in whole seconds."""
        self.windows[round(window_s)] = self.windows.get(round(window_s), 0) + 1


class Whisper:
    """A `Transcriber` on CTranslate2, int8 on the processor.

    One call at a time, but several threads may ask `transcribe_many`.

    Args:
        model_dir: folder of a CTranslate2 Whisper model (`coach.speech.models.find_model`).
        threads: threads of the processor for one window.
        workers: windows decoded at the same time, each on ``threads``; more than 1 only serves `transcribe_many`.
        language: two letters; an English-only model knows no other.
        hotwords: names to expect, the most telling first, as a hint to the decoder; beyond `HINT_TOKENS` they
            are left out.
        decoding: window, beam and filling.

    Raises:
        Trouble: for a folder that CTranslate2 refuses.
    """

    def __init__(
        self,
        model_dir: Path,
        *,
        threads: int = 1,
        workers: int = 1,
        language: str = "en",
        hotwords: Sequence[str] = (),
        decoding: Decoding | None = None,
    ) -> None:
        self.tally = Tally()
        self._decoding = decoding or Decoding()
        self._tokens_a_second = TOKENS_A_SECOND if language == "en" else TOKENS_A_SECOND_ELSEWHERE
        try:
            self._model = WhisperModel(
                str(model_dir),
                device="cpu",
                compute_type="int8",
                cpu_threads=threads,
                num_workers=workers,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as e:
            raise Trouble(
                "The speech model in {folder} cannot be loaded: {why}.",
                "Get the model again, or use 'tiny.en'.",
                folder=model_dir,
                why=e,
            ) from e
        self._tokenizer = Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
        )
        self._hotwords = self.names = tuple(hotwords)
        self._pool = ThreadPoolExecutor(workers, "window") if workers > 1 else None
        self._plain, self._prompt = self._prompted(()), self._prompted(hotwords)
        self._suppressed = self._never_written()

    def transcribe(
        self,
        samples: NDArray[np.int16],
        start_ms: int,  # noqa: ARG002 - the port's; the times come from the voice alone
        voiced: Sequence[tuple[int, int]],
    ) -> list[Word]:
        """Return the words of one span, with times inside ``voiced``; see `coach.live.ports.Transcriber`.

        Raises:
            ValueError: for a span longer than Whisper's 30 s.
        """
        if len(samples) > TRAINED_WINDOW_S * RATE:
            raise ValueError(f"a span of {len(samples) / RATE:.1f} s does not fit {TRAINED_WINDOW_S:.0f} s")
        if not len(samples) or not voiced:
            return []
        audio = _floats(samples)
        return self._judged(self._hypothesis(audio, self._prompt), audio, voiced)

    def transcribe_many(self, spans: Sequence[Spoken]) -> list[list[Word]]:
        """Return the words of each span; see `coach.live.ports.Transcriber` and `coach.speech.batches`."""
        return write_many(spans, self)

    def write(self, sounds: Sequence[NDArray[np.int16]], window_s: float) -> list[Written]:
        """Write windows together, and say of each word when it began; see `coach.speech.batches.Writer`."""
        return self._in_batches([_floats(s) for s in sounds], lambda batch: self._written(batch, window_s))

    def alone(self, spans: Sequence[Spoken]) -> list[list[Word]]:
        """Write each span in a window of its own, several at once; see `coach.speech.batches.Writer`.

        Raises:
            ValueError: for a span longer than Whisper's 30 s.
        """
        sounds = [_floats(s.samples) for s in spans]
        window_s = self._decoding.window_s
        fits = [k for k, s in enumerate(sounds) if len(s) / RATE + SPARE_S <= window_s]
        first = self._in_batches([sounds[k] for k in fits], lambda batch: self._first(batch, window_s))
        known = dict(zip(fits, first, strict=True))
        return [
            self._judged(self._wider(known[k], sounds[k], self._prompt), sounds[k], s.span.voiced)
            if k in known
            else self.transcribe(s.samples, s.span.from_ms, s.span.voiced)
            for k, s in enumerate(spans)
        ]

    def warm_up(self) -> None:
        """Decode a second of silence, so that the first real span does not pay for the allocations."""
        self._decode(np.zeros(RATE, np.float32), self._decoding.window_s, self._prompt)

    def _judged(
        self, hypothesis: Hypothesis, audio: NDArray[np.float32], voiced: Sequence[tuple[int, int]]
    ) -> list[Word]:
        """Return the words of a span that the guards let pass."""
        self.tally.spans += 1
        return place(self._passed(hypothesis, voiced, lambda: self._hypothesis(audio, self._plain)), voiced)

    def _passed(
        self, hypothesis: Hypothesis, voiced: Sequence[tuple[int, int]], unhinted: Callable[[], Hypothesis]
    ) -> list[str]:
        """Return the texts that the guards let pass; ``unhinted`` writes again without the names to expect."""
        voiced_ms = _length_ms(voiced)
        if self._hotwords and may_be_echo(hypothesis, self._hotwords):
            plain = unhinted()
            believed = without_echo(hypothesis, plain, self._hotwords, voiced_ms)
            self.tally.echoes += believed is plain
            hypothesis = believed
        if is_phantom(hypothesis, voiced_ms):
            self.tally.phantoms += 1
            return []
        texts = hypothesis.text.split()
        if is_loop(hypothesis):
            self.tally.loops_cut += 1
            return before_repeat(texts)
        return texts

    def draft(
        self,
        samples: NDArray[np.int16],
        said: Sequence[str],
        voiced: Sequence[tuple[int, int]],
        *,
        careful: bool = False,
    ) -> list[str] | None:
        """Return the words of a span that may still be going on; see `coach.speech.streaming.Drafter`.

        A draft is greedy. One of speech that goes on sees `DRAFT_WINDOW_S`; a careful one sees what a whole span sees.

        Raises:
            ValueError: for more than Whisper's 30 s.
        """
        if len(samples) > TRAINED_WINDOW_S * RATE:
            raise ValueError(f"a span of {len(samples) / RATE:.1f} s does not fit {TRAINED_WINDOW_S:.0f} s")
        audio = _floats(samples)
        hypothesis = self._drafted(audio, said, self._prompt, careful=careful)
        if careful:
            return self._passed(
                hypothesis, voiced, lambda: self._drafted(audio, said, self._plain, careful=True)
            )
        phantom = is_phantom(hypothesis, _length_ms(voiced))
        self.tally.phantoms += phantom
        echo = bool(self._hotwords) and may_be_echo(hypothesis, self._hotwords)
        return None if echo or phantom or is_loop(hypothesis) else hypothesis.text.split()

    def _drafted(
        self, audio: NDArray[np.float32], said: Sequence[str], prompt: list[int], *, careful: bool
    ) -> Hypothesis:
        """Write what goes on from words, and again in a wider window where the text repeats itself."""
        least_s, spare_s = (self._decoding.window_s, SPARE_S) if careful else (DRAFT_WINDOW_S, DRAFT_SPARE_S)
        widest_s = TRAINED_WINDOW_S if careful else self._decoding.window_s
        window_s = min(TRAINED_WINDOW_S, max(least_s, len(audio) / RATE + spare_s))
        self.tally.count(window_s)
        hypothesis = self._decoded([audio], window_s, prompt, 1, said)[0][0][0]
        if is_loop(hypothesis) and window_s < widest_s:
            self.tally.loops += 1
            self.tally.count(widest_s)
            hypothesis = self._decoded([audio], widest_s, prompt, 1, said)[0][0][0]
        elif careful and (hypothesis.sureness < UNSURE or is_shouted(hypothesis.text.split()[len(said) :])):
            self.tally.unsure += 1
            hypothesis = self._decoded([audio], window_s, prompt, self._decoding.beam, said)[0][0][0]
        return hypothesis

    def ends(self, samples: NDArray[np.int16], texts: Sequence[str]) -> list[int]:
        """Return where each of these words ends, in milliseconds from the first sample, by the decoder's attention.

        For measuring only: it follows what the decoder looked at, not the voice, and is some 50 to 100 ms off.
        """
        audio = _floats(samples)
        window_s = max(self._decoding.window_s, len(audio) / RATE + SPARE_S)
        tokens = [self._tokenizer.encode(" " + text) for text in texts]
        (aligned,) = self._model.model.align(
            self._model.encode(self._features(audio, window_s)),
            self._tokenizer.sot_sequence,
            [[t for word in tokens for t in word]],
            len(audio) * 100 // RATE,
            median_filter_width=7,
        )
        begins: dict[int, int] = {}
        for token, frame in aligned.alignments:
            begins.setdefault(token, 20 * frame)
        whole_ms = len(audio) * 1000 // RATE
        behind = accumulate(len(word) for word in tokens)
        return [begins.get(token, whole_ms) for token in behind]

    def _hypothesis(self, audio: NDArray[np.float32], prompt: list[int]) -> Hypothesis:
        window_s = min(TRAINED_WINDOW_S, max(self._decoding.window_s, len(audio) / RATE + SPARE_S))
        hypothesis = self._decode(audio, window_s, prompt)
        return self._wider(hypothesis, audio, prompt) if window_s < TRAINED_WINDOW_S else hypothesis

    def _wider(self, hypothesis: Hypothesis, audio: NDArray[np.float32], prompt: list[int]) -> Hypothesis:
        """Decode a loop again in the window that Whisper was trained on."""
        if not is_loop(hypothesis):
            return hypothesis
        self.tally.loops += 1
        return self._decode(audio, TRAINED_WINDOW_S, prompt)

    def _decode(self, audio: NDArray[np.float32], window_s: float, prompt: list[int]) -> Hypothesis:
        return self._decoded([audio], window_s, prompt, self._decoding.beam)[0][0][0]

    def _first(self, batch: Sequence[NDArray[np.float32]], window_s: float) -> list[Hypothesis]:
        decoded, _ = self._decoded(batch, window_s, self._prompt, self._decoding.beam)
        return [hypothesis for hypothesis, _ in decoded]

    def _written(self, batch: Sequence[NDArray[np.float32]], window_s: float) -> list[Written]:
        decoded, encoded = self._decoded(batch, window_s, self._prompt, self._decoding.beam_shared)
        tokens = [t for _, t in decoded]
        aligned = self._model.model.align(
            encoded,
            self._tokenizer.sot_sequence,
            [t or [self._tokenizer.eot] for t in tokens],
            [int(window_s * FRAMES)] * len(batch),
        )
        return [
            self._timed(hypothesis, t, a.alignments)
            for (hypothesis, t), a in zip(decoded, aligned, strict=True)
        ]

    def _timed(
        self, hypothesis: Hypothesis, tokens: Sequence[int], alignments: Sequence[tuple[int, int]]
    ) -> Written:
        """Join tokens to words; a word begins where its first token is first attended to."""
        begins: dict[int, int] = {}
        for token, frame in alignments:
            begins.setdefault(token, frame)
        firsts, held = [], ""
        for k in range(len(tokens)):
            text = self._tokenizer.decode(list(tokens[: k + 1]))
            if len(text.split()) > len(held.split()):
                firsts.append(k)
            held = text
        texts = tuple(hypothesis.text.split())
        onsets = [begins.get(k, 0) * ENCODED_S for k in firsts[: len(texts)]]
        return Written(hypothesis, texts[: len(onsets)], tuple(onsets))

    def _in_batches(
        self,
        sounds: Sequence[NDArray[np.float32]],
        do: Callable[[Sequence[NDArray[np.float32]]], list[_Result]],
    ) -> list[_Result]:
        """Do sounds of like length together, `BATCH` at a time; the results in the order of the sounds."""
        order = sorted(range(len(sounds)), key=lambda k: len(sounds[k]))
        groups = [order[a : a + BATCH] for a in range(0, len(order), BATCH)]
        batches = [[sounds[k] for k in group] for group in groups]
        done = list(self._pool.map(do, batches) if self._pool is not None else map(do, batches))
        found = {
            k: r
            for group, results in zip(groups, done, strict=True)
            for k, r in zip(group, results, strict=True)
        }
        return [found[k] for k in range(len(sounds))]

    def _decoded(
        self,
        batch: Sequence[NDArray[np.float32]],
        window_s: float,
        prompt: list[int],
        beam: int,
        said: Sequence[str] = (),
    ) -> tuple[list[tuple[Hypothesis, list[int]]], StorageView]:
        """Return what was written in each window, its tokens, and what the encoder made of them all."""
        begun = self._tokenizer.encode(" " + " ".join(said)) if said else []
        most = [
            TOKENS_SPARE + max(len(begun), int(self._tokens_a_second * len(audio) / RATE)) for audio in batch
        ]
        encoded = self._model.encode(np.stack([self._features(audio, window_s) for audio in batch]))
        results = self._model.model.generate(
            encoded,
            [prompt + begun] * len(batch),
            beam_size=beam,
            # CTranslate2 writes half of it at most, whatever the prompt leaves.
            max_length=min(self._model.max_length, max(most) + max(len(prompt), *most)),
            suppress_blank=not begun,  # behind words that stand, the end may come at once
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [
            (
                Hypothesis(
                    text=self._tokenizer.decode(tokens := r.sequences_ids[0]).strip(),
                    tokens=len(tokens),
                    most_tokens=limit,
                    no_speech=r.no_speech_prob,
                    sureness=r.scores[0],
                ),
                tokens,
            )
            for r, limit in zip(results, most, strict=True)
        ], encoded

    def _features(self, audio: NDArray[np.float32], window_s: float) -> NDArray[np.float32]:
        """Return log-mel features, shape ``(mels, frames)``, a frame 10 ms."""
        extractor = self._model.feature_extractor
        frames = int(min(TRAINED_WINDOW_S, math.ceil(window_s / WINDOW_STEP_S) * WINDOW_STEP_S) * FRAMES)
        if not self._decoding.silence:
            features = extractor(audio, padding=160)[:, :frames]
            fill = 0.0
        else:
            # Behind the span all is silence, whose features are the floor: there is nothing to transform there.
            features = extractor(np.pad(audio, (0, extractor.n_fft)), padding=0)[:, :frames]
            fill = features.max() - 2.0
        filled = np.pad(features, ((0, 0), (0, frames - features.shape[1])), constant_values=fill)
        return np.ascontiguousarray(filled, dtype=np.float32)

    def _prompted(self, hotwords: Sequence[str]) -> list[int]:
        hint: list[int] = []
        if hotwords:
            hint = [self._tokenizer.sot_prev]
            for word in hotwords:
                # Each a sentence of its own: after small letters or commas the decoder runs sentences together.
                tokens = self._tokenizer.encode(f" {word[:1].upper()}{word[1:]}.")
                if len(hint) + len(tokens) > HINT_TOKENS:
                    break
                hint += tokens
        return [*hint, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def _never_written(self) -> list[int]:
        """Return the tokens that are no words: sounds in brackets, notes, and the model's own signals."""
        t = self._tokenizer
        signals = (t.transcribe, t.translate, t.sot, t.sot_prev, t.sot_lm, t.no_speech)
        return sorted({*t.non_speech_tokens, *(s for s in signals if s is not None)})


def _floats(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32_768)


def _length_ms(voiced: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in voiced)
