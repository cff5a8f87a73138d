"""Voices that are known: where their prints are kept, and how a one-channel recording becomes two sides.

A composition beneath `coach.app`. Owns the file of voiceprints and the words about them. A voiceprint is biometric
data: the file is readable by its owner alone, made only after a yes, goes into no report, session or export, and
`forget` takes a voice out of it for good.
"""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coach.archive import locker
from coach.audio.apart import Apart
from coach.audio.block import to_ms
from coach.audio.encoder import SIZE, voice_encoder
from coach.audio.speakers import tell_apart
from coach.audio.voice import make_detector
from coach.audio.voiced import Listener
from coach.audio.voiceprint import Voiceprint, know, take_print
from coach.call.events import Who
from coach.language import Sentence, in_a_row
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from coach.audio.apart import Told
    from coach.audio.recording import Recording
    from coach.audio.speakers import Voices

FORMAT: Final = 1
ORDINALS: Final = ("first", "second", "third", "fourth")
"""Voices by the order in which they first speak."""
_WHICH: Final = (
    *("you are the first to speak", "you are the second to speak"),
    *("you are the third to speak", "you are the fourth to speak"),
)
FROM_FILE: Final = "recording"
"""Route of a print that was taken from a file: nobody knows its microphone."""
MOST_NAME: Final = 40
_LONG_MS: Final = 1_000

OWN_NAME: Final = "me"
"""Name of the rep's own voice where nobody chose one."""
LEARNED: Final = (
    "Your voice was learned from {seconds} s of this call through {route}, because voice.learn is set. A voiceprint is"
    " biometric data; it stays on this computer, in {path}. 'coach voice forget me' deletes it."
)
NOTICE: Final = (
    "A voiceprint is 256 numbers made from your voice: biometric data. It is kept on this computer only, in\n"
    "  {path}\n"
    "readable by you alone. It serves one thing: to know which voice is yours in recordings with one channel.\n"
    "It never goes into a session, a report or an export. 'coach voice forget {name}' deletes it for good.\n"
    "Enrol your own voice, or that of somebody who has agreed."
)
ONLY: Final = "only"
"""Said for the rep: whatever voices seem to be in it, all are theirs."""
NOBODY: Final = "nobody"
"""Said for the rep: none of the voices is theirs."""
ANSWERS: Final = (*ORDINALS, ONLY, NOBODY)
"""What can be said of one recording alone; else a name that was enrolled."""
ONE_VOICE: Final = "Only one voice was heard in it, so it is taken as yours."
ALL_YOURS: Final = "All of it was taken as your voice."
HOW_TO: Final = (
    "Say which voice is yours: --rep first (whoever speaks first) or --rep second, --rep only if all of it is you; or"
    " let Coach know your voice with 'coach voice enrol'."
)
UNKNOWN: Final = (
    "{n} voices share its one channel, and which is yours is not known, so nothing is counted. {how}"
)
REMEMBERED: Final = "Your voice is remembered from {seconds} s of it; 'coach voice forget me' deletes it."


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a one-channel recording.

    Args:
        apart: its two sides; None where it stays one.
        note: what the rep should know about it.
        listened: it was heard from beginning to end for that.
        voices: how many voices were heard; 0 where nobody counted.
        rep: which of `ANSWERS` the rep is; empty where nobody knows.
        answered: a person said so, about this recording.
    """

    apart: Apart | None
    note: str
    listened: bool = True
    voices: int = 0
    rep: str = ""
    answered: bool = False

    @property
    def mixed(self) -> bool:
        """Say whether several voices are in it, and nobody knows which is the rep's."""
        return self.apart is None and self.voices > 1 and self.rep != ONLY


@dataclass(frozen=True, slots=True)
class Unknown:
    """Voices of which nobody knows whether one is the rep's: what is asked.

    Args:
        samples: of the two that speak most, in the order in which they first speak.
        count: how many voices there are.
    """

    samples: tuple[Sample, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of one recording.

    Args:
        rep: one of `ANSWERS`.
        remember: they agreed that a print of that voice is kept, to find it in other recordings.
    """

    rep: str
    remember: bool = False


def hear(
    sound: Iterable[NDArray[np.int16]], engine: str, say: Callable[[int], None] = lambda _: None
) -> Voices:
    """Hear one channel from beginning to end and tell its voices apart.

    Args:
        sound: parts of any size, 16 kHz.
        engine: what finds voice, as in the settings.
        say: is told how much was heard, in ms.
    """
    listener = Listener(make_detector(engine), voice_encoder())
    heard = 0
    for part in sound:
        listener.hear(part)
        heard += len(part)
        say(to_ms(heard))
    return tell_apart(listener.end())


def voices_in(recording: Recording, engine: str, say: Callable[[int], None] = lambda _: None) -> Voices:
    """Tell the voices of a recording's only channel apart."""
    return hear((b.samples for b in recording.blocks(_LONG_MS)), engine, say)


def sides_of(
    recording: Recording,
    engine: str,
    rep: str,
    prints: Sequence[Voiceprint],
    say: Callable[[int], None] = lambda _: None,
    *,
    answer: Answer | None = None,
    ask: Callable[[Unknown], Answer | None] | None = None,
    keep: Callable[[Voices, int], str] | None = None,
) -> Heard:
    """Make two sides of a one-channel recording where the rep is known; say what can be done where not.

    One voice is taken as the rep's. Where several are, and nobody knows which is the rep's, nothing is guessed.

    Args:
        recording: of one side.
        engine: what finds voice.
        rep: one of `ANSWERS`, a name enrolled, or empty for whoever is known by a print.
        prints: of the voices that are known.
        say: is told how much was heard, in ms.
        answer: what a person said of this recording; counts where ``rep`` is empty, and before prints.
        ask: is asked where nobody is known, and may not know either; None where there is nobody to ask.
        keep: keeps a print of a voice where the answer says so, and returns a sentence about it.

    Raises:
        Trouble: for a name that nobody enrolled.
    """
    _check_rep(rep, prints)
    if rep in ANSWERS:
        answer = Answer(rep)
    if answer is not None and answer.rep == ONLY:
        return Heard(None, Sentence(ALL_YOURS), listened=False, rep=ONLY, answered=True)
    voices = voices_in(recording, engine, say)
    if voices.count < 2:  # noqa: PLR2004 - one voice is no conversation
        return Heard(None, Sentence(ONE_VOICE) if voices.count else "", voices=voices.count)
    if answer is None and (found := know(voices, prints, rep)) is not None:
        return _told(
            recording, voices, found.voice, Sentence("you were known by the voice of {name}", name=found.name)
        )
    if answer is None and ask is not None:
        answer = ask(Unknown(tuple(samples(voices)), voices.count))
    return _as_said(recording, voices, answer, keep)


def _check_rep(rep: str, prints: Sequence[Voiceprint]) -> None:
    if rep and rep not in ANSWERS and rep not in {p.name for p in prints}:
        known = ", ".join(sorted({p.name for p in prints})) or Sentence("nobody yet")
        raise Trouble(
            "There is no voice '{rep}'.",
            "Write first or second (whoever speaks first), only, or a name enrolled: {known}.",
            rep=rep,
            known=known,
        )


def _as_said(
    recording: Recording, voices: Voices, answer: Answer | None, keep: Callable[[Voices, int], str] | None
) -> Heard:
    """Make two sides by what a person said of several voices; one where they said nothing that makes two."""
    n = voices.count
    if answer is None:
        return Heard(None, Sentence(UNKNOWN, n=n, how=Sentence(HOW_TO)), voices=n)
    if answer.rep == ONLY:
        return Heard(None, Sentence(ALL_YOURS), voices=n, rep=ONLY, answered=True)
    if answer.rep not in ORDINALS:
        note = Sentence("None of its voices is yours, so nothing is counted.")
        return Heard(None, note, True, n, NOBODY, True)
    place = ORDINALS.index(answer.rep)
    if place >= n:
        note = Sentence(
            "Only {n} voices were heard in it, so there is no {which} one, and nothing is counted.",
            n=n,
            which=Sentence(answer.rep),
        )
        return Heard(None, note, voices=n)
    heard = _told(recording, voices, place, Sentence(_WHICH[place]), answered=True)
    if not answer.remember or keep is None:
        return heard
    return replace(heard, note=in_a_row(heard.note, keep(voices, place)))


def remember(path: Path, voices: Voices, place: int, made: str) -> str:
    """Keep a print of one voice as the rep's own; return a sentence about it, also where it cannot be made."""
    try:
        new = take_print(voices, OWN_NAME, FROM_FILE, made, place)
        keep_print(path, new)
    except Trouble as trouble:
        return Sentence("Your voice was not remembered: {why}", why=trouble.what)
    return Sentence(REMEMBERED, seconds=round(new.seconds))


def _told(recording: Recording, voices: Voices, place: int, how: str, *, answered: bool = False) -> Heard:
    apart = Apart(recording, told(voices, place))
    note = Sentence("One channel: its voices were told apart ({how}), so figures are estimates.", how=how)
    if voices.count > 2:  # noqa: PLR2004 - a third person
        more = Sentence("{n} voices were heard; all but yours count as the customer.", n=voices.count)
        note = in_a_row(note, more)
    if unsure := round(apart.unsure_ms / 1000):
        more = Sentence("{seconds} s of voice could be anybody's and count for nobody.", seconds=unsure)
        note = in_a_row(note, more)
    return Heard(apart, note, voices=voices.count, rep=ORDINALS[place], answered=answered)


def told(voices: Voices, place: int) -> list[Told]:
    """Return who speaks when in a recording, where this voice is the rep's and every other the customer's."""
    groups = [0 if k == place else 1 for k in range(voices.count)]
    return [
        (s.start_ms, s.end_ms, None if s.voice is None else (Who.REP, Who.CUSTOMER)[s.voice])
        for s in voices.stretches(groups)
    ]


@dataclass(frozen=True, slots=True)
class Sample:
    """A few seconds by which a voice is known to its owner: its number, its place and, in all, its talk, in ms."""

    voice: int
    start_ms: int
    end_ms: int
    spoken_ms: int


def samples(voices: Voices) -> list[Sample]:
    """Return a sample of each of the two voices that speak most, in the order in which they first speak."""
    spoken = {k: voices.spoken_ms(k) for k in range(voices.count)}
    most = sorted(spoken, key=lambda k: -spoken[k])[:2]
    return [Sample(k, *voices.sample(k), spoken[k]) for k in sorted(most)]


def enrolled(
    recording: Recording, engine: str, *, channel: Who, name: str, made: str, voice: str = ""
) -> Voiceprint:
    """Make a print of the voice on one channel of a recording.

    Args:
        recording: of one side or two.
        engine: what finds voice.
        channel: the side to listen to.
        name: whose voice it is.
        made: the day, as ISO 8601.
        voice: ``first``, ``second`` … where several speak in it; empty where one does.

    Raises:
        Trouble: for a channel that is not there, too little voice, or more than one.
    """
    if channel not in recording.channels:
        raise Trouble("'{name}' has one channel.", "Leave --channel out.", name=recording.path.name)
    if voice and voice not in ORDINALS:
        raise Trouble(
            "There is no voice '{voice}'.", "Write first or second, as they begin to speak.", voice=voice
        )
    check_name(name)
    voices = hear((b.samples for b in recording.blocks(_LONG_MS) if b.who is channel), engine)
    return take_print(voices, name, FROM_FILE, made, ORDINALS.index(voice) if voice else None)


def learn(  # noqa: PLR0917 - what a print is made of, and who keeps it
    path: Path,
    sound: NDArray[np.int16],
    engine: str,
    route: str,
    made: str,
    keep: Callable[[Path, Voiceprint], bool] | None = None,
) -> str:
    """Take a print of the rep's own voice from a live call, and keep it for this microphone.

    A voice unlike the print that is kept for the same microphone changes nothing: somebody else may have sat there.

    Args:
        path: the file of prints.
        sound: the microphone while the other side was silent.
        engine: what finds voice.
        route: the microphone.
        made: the day, as ISO 8601.
        keep: keeps a print and says whether it did; None for whoever keeps each.

    Returns:
        A sentence for the rep; empty where there was too little voice, or nothing new.
    """
    try:
        new = take_print(hear([sound], engine), OWN_NAME, route, made)
        before = [p for p in load_prints(path) if (p.name, p.route, p.band) == (OWN_NAME, route, new.band)]
        if any(p.seconds >= new.seconds or float(p.vector @ new.vector) < p.own for p in before):
            return ""
        if keep is None:
            keep_print(path, new)
        elif not keep(path, new):
            return ""
    except Trouble:
        return ""
    return Sentence(LEARNED, seconds=round(new.seconds), route=route, path=path)


def check_name(name: str) -> None:
    """Check that a name can be given to a voice. Raises `Trouble` where not."""
    if name in ORDINALS:
        raise Trouble("'{name}' says who speaks when.", "Choose a name, such as me.", name=name)
    if not re.fullmatch(r"[\w][\w .'-]*", name) or len(name) > MOST_NAME:
        raise Trouble(
            "'{name}' is no name for a voice.", "Write letters and digits, such as me.", name=name[:MOST_NAME]
        )


def prints_file(folder: Path) -> Path:
    """Return where the prints lie in the user's data folder."""
    return folder / "voiceprints.json"


def load_prints(path: Path) -> list[Voiceprint]:
    """Return every print that is kept.

    Raises:
        Trouble: for a file that cannot be read, or is none of ours.
    """
    if not path.exists():
        return []
    try:
        held = json.loads(locker.read_whole(path))
        if held["format"] != FORMAT:
            raise Trouble(
                "The voiceprints have format {format}.",
                "Update Coach to use them.",
                format=repr(held["format"]),
            )
        return [_print_of(p) for p in held["prints"]]
    except OSError as e:
        raise Trouble(
            "The voiceprints in {path} cannot be read: {why}.", "Check the file.", path=path, why=e
        ) from e
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
        raise Trouble("{path} holds no voiceprints.", "Delete the file, and enrol again.", path=path) from e


def keep_print(path: Path, new: Voiceprint) -> None:
    """Keep a print; one of the same name, route and kind of line gives way. Raises `Trouble` as `load_prints`."""
    _write(path, [*(p for p in load_prints(path) if not same_line(p, new)), new])


def same_line(one: Voiceprint, other: Voiceprint) -> bool:
    """Say whether two prints are of one name, route and kind of line: one of them can be kept."""
    return (one.name, one.route, one.band) == (other.name, other.route, other.band)


def take_back(path: Path, new: Voiceprint, gave_way: Sequence[Voiceprint]) -> None:
    """Let what gave way to a print take its place again; where another was kept since, that stays.

    Raises:
        Trouble: as `load_prints`, and where the file cannot be written or deleted.
    """
    prints = load_prints(path)
    kept = [p for p in prints if not (same_line(p, new) and p.seconds == new.seconds and p.made == new.made)]
    if len(kept) == len(prints):
        return
    if left := [*kept, *gave_way]:
        _write(path, left)
    else:
        _delete(path)


def forget(path: Path, name: str) -> int:
    """Delete every print of a name; return how many there were. Raises `Trouble` for none, or where they stay."""
    prints = load_prints(path)
    kept = [p for p in prints if p.name != name]
    if len(kept) == len(prints):
        known = ", ".join(sorted({p.name for p in prints})) or Sentence("nobody")
        raise Trouble("There is no voice '{name}'.", "Known: {known}.", name=name, known=known)
    if kept:
        _write(path, kept)
    else:
        _delete(path)
    return len(prints) - len(kept)


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as e:
        raise Trouble(
            "The voiceprint in {path} cannot be deleted: {why}.",
            "Close what has it open, or make its folder writable, and try again.",
            path=path,
            why=e,
        ) from e


def _write(path: Path, prints: Sequence[Voiceprint]) -> None:
    body = json.dumps({"format": FORMAT, "prints": [_plain(p) for p in prints]}, ensure_ascii=False, indent=1)
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(locker.whole(path, body.encode()))
        partial.replace(path)
    except OSError as e:
        raise Trouble(
            "The voiceprint cannot be kept in {path}: {why}.", "Free some space.", path=path, why=e
        ) from e


def _plain(p: Voiceprint) -> dict[str, Any]:
    return {
        "name": p.name,
        "route": p.route,
        "band": p.band,
        "vector": base64.b64encode(p.vector.astype("<f4").tobytes()).decode("ascii"),
        "own": round(p.own, 5),
        "spread": round(p.spread, 5),
        "seconds": p.seconds,
        "made": p.made,
    }


def _print_of(held: dict[str, Any]) -> Voiceprint:
    vector = np.frombuffer(base64.b64decode(held["vector"], validate=True), "<f4")
    if len(vector) != SIZE or not np.isfinite(vector).all():
        raise ValueError(SIZE)
    return Voiceprint(
        name=str(held["name"]),
        route=str(held["route"]),
        band=str(held["band"]),
        vector=vector,
        own=float(held["own"]),
        spread=float(held["spread"]),
        seconds=float(held["seconds"]),
        made=str(held["made"]),
    )
