"""Scenes and sessions made into lessons: the way from a folder, or a kept call, to what a class is shown.

With `coach.library` the composition beneath the trainer's stage. Owns what makes a scene whole beyond its own file:
that its logs are ours, its chapters lie in the call, its sound is as long as its log. No rule and no model runs: a
lesson shows what was heard and nudged then.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import tomlkit

from coach import app, library
from coach.archive.hand import HandFile, read_hand
from coach.archive.log import read_records, read_session
from coach.archive.records import sealed
from coach.call import wire
from coach.call.events import CallStarted, SentenceHeard
from coach.call.hand import corrected
from coach.call.vocabulary import BACKCHANNEL
from coach.demo.scenes import (
    FORMAT,
    MOST_LETTERS,
    MOST_LOG_BYTES,
    MOST_NAME_LETTERS,
    MOST_TAKES,
    SCENE,
    Scene,
    Take,
    inspect,
    read_scene,
)
from coach.language import Sentence
from coach.report.lesson import Lesson
from coach.report.onstage import TakeOnStage, take_on_stage
from coach.report.plain import clean, quoted
from coach.report.timeline import NEED, NEXT_STEP, OBJECTION, PITCH
from coach.settings import Settings
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coach.call.events import Event, Who
    from coach.library import Opened
    from coach.report.timeline import Timeline

TWO: Final = "Two takes"
SHORT_MS: Final = 1000
"""Sound may end this much before its log: a recorder stops when it likes."""
LONGEST_MS: Final = 12 * 3600 * 1000
"""No call is longer; a log that says so is damaged."""
_FIRSTS: Final = {
    NEED: "Their first need",
    PITCH: "The first pitch",
    OBJECTION: "The first objection",
    NEXT_STEP: "The next step",
}
_APART_MS: Final = 2000
"""Two chapters nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The recording of a take, and who is on which of its channels.

    Args:
        path: the file.
        swap: the rep is on the right.
        sides: those that were heard apart when it was coached; None where only a look into the file tells.
    """

    path: Path
    swap: bool = False
    sides: tuple[Who, ...] | None = None


def load_lesson(folder: Path, settings: Settings) -> tuple[Lesson, tuple[Sound | None, ...]]:
    """Read a scene and its logs; return the lesson, and the sound of each take where it has one.

    Raises:
        Trouble: for a scene that is wrong, or a log that cannot be read.
    """
    scene = read_scene(folder)
    takes = tuple(_take(_opened(t.log, settings), settings, t) for t in scene.takes)
    lesson = Lesson(scene.title, takes, scene.subtitle, scene.questions, scene.licence, scene.language)
    return lesson, tuple(Sound(t.sound, t.swap) if t.sound is not None else None for t in scene.takes)


def lesson_of(sessions: Sequence[Path], settings: Settings) -> tuple[Lesson, tuple[Sound | None, ...]]:
    """Make a lesson of one kept call, or of two side by side.

    Raises:
        Trouble: when there is no such session, it cannot be read, or there are more than two.
    """
    _check_count(sessions)
    opened = [_opened(path, settings) for path in sessions]
    takes = tuple(_take(one, settings, None) for one in opened)
    title = takes[0].title if len(takes) == 1 else TWO
    return Lesson(title, takes), tuple(_sound(one) for one in opened)


def _sound(opened: Opened) -> Sound | None:
    try:
        return Sound(library.recording_of(opened), opened.swapped, opened.recorded_sides)
    except Trouble:
        return None  # it is read along with


def _check_count(sessions: Sequence[Path]) -> None:
    if not 1 <= len(sessions) <= MOST_TAKES:
        raise Trouble(
            "A scene has one or two takes, not {count}.", "Name one or two sessions.", count=len(sessions)
        )


def check(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what is wrong with a scene, and what is worth knowing, in plain sentences; both empty when all is well."""
    scene, wrong = inspect(folder)
    found, known = list(wrong), []
    for number, take in enumerate(scene.takes if scene is not None else (), 1):
        where = Sentence("Take {number}", number=number)
        try:
            opened = _opened(take.log, Settings())
        except Trouble as trouble:
            found.append(Sentence("{where}: {what}", where=where, what=trouble.what))
            continue
        found += [f"{where}: {sentence}" for sentence in _amiss(take, opened)]
        known += [f"{where}: {sentence}" for sentence in _notable(scene, take, opened)]
    return tuple(found), tuple(known)


def new_scene(
    sessions: Sequence[Path], folder: Path, settings: Settings, *, with_sound: bool = False
) -> tuple[str, ...]:
    """Make a scene of one or two kept calls; whole or not at all, and never over anything.

    The log goes along without the path of its recording and without what you sell, and with what was put right by hand;
    notes stay here.

    Args:
        sessions: their logs, in the order in which they teach.
        folder: the scene's folder; it must not be there yet.
        settings: for the limits.
        with_sound: copy the recordings as well.

    Returns:
        what to know about it, in plain sentences.

    Raises:
        Trouble: when a session cannot be read, a recording is not there, or the folder is or cannot be made.
    """
    _check_count(sessions)
    if folder.exists():
        raise Trouble(
            "'{folder}' is already there.", "Choose another name; nothing is written over.", folder=folder
        )
    opened = [_opened(path, settings) for path in sessions]
    part = folder.with_name(f"{folder.name}.part")
    try:
        part.mkdir(parents=True)
        try:
            takes = [
                _copied(one, number, part, with_sound=with_sound) for number, one in enumerate(opened, 1)
            ]
            title = takes[0].title if len(takes) == 1 else TWO
            scene = Scene(part, title, tuple(takes), language=opened[0].report.language)
            (part / SCENE).write_text(scene_text(scene), encoding="utf-8")
            wrong, known = check(part)
            if wrong:
                raise Trouble(wrong[0], "The session cannot be made into a scene.")
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as e:
        raise Trouble(
            "The scene cannot be written to '{folder}': {why}.", "Choose another place.", folder=folder, why=e
        ) from e
    return known


def scene_text(scene: Scene) -> str:
    """Return a scene as the text of its ``scene.toml``."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment("A scene for Coach's stage. Change it with any text editor; then: coach stage check.")
    )
    for key, value in (
        ("format", FORMAT),
        ("title", scene.title),
        ("subtitle", scene.subtitle),
        ("language", scene.language),
        ("licence", scene.licence),
    ):
        document.add(key, value)
    document.add("questions", _lines(scene.questions))
    takes = tomlkit.aot()
    for take in scene.takes:
        table = tomlkit.table()
        table.add("title", take.title)
        table.add("name", take.name)
        table.add("log", take.log.name)
        if take.sound is not None:
            table.add("sound", take.sound.name)
        if take.swap:
            table.add("swap", take.swap)
        table.add("watch", _lines(take.watch))
        chapters = tomlkit.array().multiline(multiline=True)
        for at, title in take.chapters:
            mark = tomlkit.inline_table()
            mark.update({"at": written(at), "title": title})
            chapters.append(mark)
        table.add("chapters", chapters)
        takes.append(table)
    document.add("takes", takes)
    return tomlkit.dumps(document)


def written(ms: int) -> str:
    """Write a moment as a scene does: ``1:05``, or ``1:02:03`` from an hour on."""
    seconds = ms // 1000
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _lines(lines: tuple[str, ...]) -> tomlkit.items.Array:
    array = tomlkit.array().multiline(multiline=bool(lines))
    array.extend(lines)
    return array


def _opened(path: Path, settings: Settings) -> Opened:
    """Open a log that may come from a stranger."""
    try:
        size = path.stat().st_size
    except OSError as e:
        raise Trouble(
            "The session '{path}' cannot be read: {why}.", "Check its name.", path=path, why=e
        ) from e
    if size > MOST_LOG_BYTES:
        raise Trouble(
            "'{name}' is larger than any call.", "Choose a .jsonl file that Coach wrote.", name=path.name
        )
    stored = read_session(path)
    _check_times(path, stored.events)
    return library.draw(path, stored, read_hand(path), settings)


def _check_times(path: Path, events: Sequence[Event]) -> None:
    """Refuse a log whose times no call could have; folding it could take for ever."""
    last = 0
    for event in events:
        told = (event.start_ms, event.end_ms) if isinstance(event, SentenceHeard) else ()
        if not last <= event.at_ms <= LONGEST_MS or any(not 0 <= ms <= event.at_ms for ms in told):
            raise Trouble(
                "The times in '{name}' are not those of a call.", "It may be damaged.", name=path.name
            )
        last = event.at_ms


def _take(opened: Opened, settings: Settings, take: Take | None) -> TakeOnStage:
    chosen = app.for_call(settings, opened.report.call_type)
    return take_on_stage(
        opened.report,
        opened.timeline,
        tuple(corrected(opened.stored.events, opened.hand.corrections)),
        opened.stored.hidden,
        chosen.limits_for(opened.report.call_type),
        title=take.title if take is not None else clean(opened.report.title),
        name=take.name if take is not None else "",
        chapters=take.chapters if take is not None else chapters_of(opened.timeline),
        watch=take.watch if take is not None else (),
    )


def chapters_of(timeline: Timeline) -> tuple[tuple[int, str], ...]:
    """Return where a call turns, for a scene that nobody has written chapters for yet."""
    found = [(0, "The beginning")]
    seen: set[str] = set()
    for mark in timeline.marks:
        if mark.kind in _FIRSTS and mark.kind not in seen:
            seen.add(mark.kind)
            if mark.start_ms - found[-1][0] >= _APART_MS:
                found.append((mark.start_ms // 1000 * 1000, _FIRSTS[mark.kind]))
    return tuple(found)


def _copied(opened: Opened, number: int, folder: Path, *, with_sound: bool) -> Take:
    log = folder / f"take{number}.jsonl"
    log.write_bytes(b"".join(_handed_on(opened.path)))
    for correction in opened.hand.corrections.values():
        HandFile(log).correct(correction)
    sound = None
    if with_sound:
        try:
            recording = library.recording_of(opened)
        except Trouble as trouble:
            raise Trouble(
                "The recording of '{name}' is not there: {why}",
                "Leave --with-sound out, or bring it back to where it was.",
                name=opened.path.stem,
                why=trouble.what,
            ) from trouble
        sound = folder / f"take{number}{recording.suffix.lower()}"
        shutil.copyfile(recording, sound)
    title = clean(opened.report.title)[:MOST_LETTERS].strip() or opened.path.stem
    name, swap = f"Take {number}"[:MOST_NAME_LETTERS], sound is not None and opened.swapped
    return Take(title, name, log, sound, (), chapters_of(opened.timeline), swap)


def _handed_on(path: Path) -> Iterator[bytes]:
    """Yield the lines of a log as others may have it: its header says its format, and nothing of this machine."""
    yield sealed(wire.header())
    for line in read_records(path).lines[1:]:
        if line.endswith("\n"):  # else an older Coach was stopped in it
            yield sealed(line[:-1])


def _amiss(take: Take, opened: Opened) -> Iterator[str]:
    end = opened.timeline.duration_ms
    if not any(isinstance(e, CallStarted) for e in opened.stored.events):
        yield Sentence("the log '{name}' holds no call.", name=take.log.name)
    for at, title in take.chapters:
        if at >= end:
            yield Sentence(
                "the chapter '{title}' stands at {at}, but the call ends at {end}.",
                title=title,
                at=written(at),
                end=written(end),
            )
    if take.sound is not None:
        yield from _sound_amiss(take.sound, end)


def _sound_amiss(sound: Path, end_ms: int) -> Iterator[str]:
    from coach.audio.media import find_track  # noqa: PLC0415 - a scene without sound needs no decoder

    try:
        length = find_track(sound).declared_ms
    except Trouble as trouble:
        yield trouble.what
        return
    if length is not None and length < end_ms - SHORT_MS:
        yield Sentence(
            "the sound '{name}' ends at {length}, before its log at {end}.",
            name=sound.name,
            length=written(length),
            end=written(end_ms),
        )


def _notable(scene: Scene | None, take: Take, opened: Opened) -> Iterator[str]:
    if not any(quoted(s.text) and BACKCHANNEL not in s.cues for s in opened.timeline.sentences):
        yield Sentence("the log keeps no words, so there are no captions.")
    if scene is not None and opened.report.language != scene.language:
        yield Sentence(
            "the call is in '{language}', the scene says '{scenes}'.",
            language=opened.report.language,
            scenes=scene.language,
        )
    if not opened.report.nudges:
        yield Sentence("the coach said nothing in this call.")
    if take.sound is None:
        yield Sentence("there is no sound: it is read along with, on a clock of its own.")
