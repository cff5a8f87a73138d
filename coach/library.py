"""Past calls: where they are kept, how a recording becomes one, and how one is opened again.

With `coach.app` the composition beneath everything that comes after a call. Owns the folder of sessions, the name of a
recording's session (its content, so that the same recording is kept once), and the way from a log and what was
written by hand to a report. Opening runs no rule and no model: nudges are those that were shown.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coach import __version__, app
from coach.archive import locker
from coach.archive.hand import HandFile, read_hand
from coach.archive.log import NoLog, SessionLog, read_head, read_session
from coach.archive.private import private_file, private_folder
from coach.archive.recovery import early
from coach.archive.soundfile import sound_path
from coach.call.events import CallStarted, SentenceHeard, VoiceStarted, VoiceStopped, Who
from coach.call.hand import Correction, Hand, Note, corrected
from coach.call.meters import Meters
from coach.language import Sentence, in_a_row
from coach.nudges.engine import Engine
from coach.report.document import CallReport, make_report
from coach.report.plain import writable
from coach.report.planned import prepared
from coach.report.timeline import Timeline, timeline
from coach.report.unquoted import unquoted
from coach.settings import facts_from
from coach.trouble import Trouble
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coach.app import Ask
    from coach.archive.log import StoredSession
    from coach.audio.recording import Recording
    from coach.live.ports import Transcriber
    from coach.nudges.commands import Command
    from coach.settings import Settings
    from coach.voices import Answer

ENDING: Final = app.SESSION
_PART_BYTES: Final = 1 << 20  # a thousandth of a second to sum up, and as quick as in one go
_NAME_LETTERS: Final = 16  # of a recording's checksum: enough for every recording a person will ever have


def sessions_folder() -> Path:
    """Return where sessions are kept on this machine."""
    return app.sessions_folder()


def sessions(folder: Path | None = None) -> list[Path]:
    """Return every session that is kept, the one that was written to last first."""
    found = (folder or sessions_folder()).glob(f"*{ENDING}")
    return sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)


def find_session(name: str, folder: Path | None = None) -> Path:
    """Return the session of this name: a file, a session's name or the beginning of one, or ``last``.

    Raises:
        Trouble: for none, or for more than one.
    """
    if name.endswith(ENDING) and Path(name).exists():
        return Path(name)
    kept = sessions(folder)
    found = kept[:1] if name == "last" else [p for p in kept if p.stem.startswith(name)]
    exact = [p for p in found if p.stem == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise Trouble(
            "There is no session '{name}'.", "'coach sessions' lists those that are kept.", name=name
        )
    raise Trouble(
        "{count} sessions begin with '{name}'.", "Write more of its name.", count=len(found), name=name
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A past call, opened.

    Args:
        path: its log.
        stored: what the log holds.
        hand: what was written by hand.
        report: drawn from both.
        timeline: the same on one time axis, notes included.
        recording: where its sound was; None where none was ever kept.
    """

    path: Path
    stored: StoredSession
    hand: Hand
    report: CallReport
    timeline: Timeline
    recording: Path | None

    @property
    def began(self) -> str:
        """When the call was, as ISO 8601; empty where nobody knows."""
        return str(self.stored.head.get("began", ""))

    @property
    def recorded_sides(self) -> tuple[Who, ...]:
        """The sides that have a channel of their own in the recording: sides told apart share one."""
        return (Who.REP,) if self.told_apart else self.report.sides

    @property
    def told_apart(self) -> list[tuple[int, int, Who | None]]:
        """Return who spoke when, in ms, where the sides shared one channel and were told apart; nothing elsewhere."""
        started = next((e for e in self.stored.events if isinstance(e, CallStarted)), None)
        if started is None or not started.estimated:
            return []
        told: list[tuple[int, int, Who | None]] = []
        since: dict[Who, int] = {}
        for event in self.stored.events:
            if isinstance(event, VoiceStarted):
                since[event.who] = event.since_ms
            elif isinstance(event, VoiceStopped) and event.who in since:
                told.append((since.pop(event.who), event.since_ms, event.who))
        return sorted(told, key=lambda t: t[:2])

    @property
    def swapped(self) -> bool:
        """Say whether the channels of its recording are the other way round."""
        return bool(_source(self.stored.head).get("swap", False))

    def noted(self, note: Note, settings: Settings) -> Opened:
        """Keep a note and return the call with it. Raises `Trouble` when it cannot be kept."""
        HandFile(self.path).note(note)
        return draw(self.path, self.stored, self.hand.noted(note), settings)

    def put_right(self, correction: Correction, settings: Settings) -> Opened:
        """Keep a correction and return the call with it. Raises `Trouble` when it cannot be kept."""
        HandFile(self.path).correct(correction)
        return draw(self.path, self.stored, self.hand.put_right(correction), settings)


def open_session(path: Path, settings: Settings) -> Opened:
    """Open a past call.

    Raises:
        Trouble: when there is no such session, or it cannot be read.
    """
    return draw(path, read_session(path), read_hand(path), settings)


def draw(path: Path, stored: StoredSession, hand: Hand, settings: Settings) -> Opened:
    """Draw a past call from what was heard and what was put right."""
    events = corrected(stored.events, hand.corrections)
    started = next((e for e in events if isinstance(e, CallStarted)), None)
    if started is None:
        raise Trouble("The session '{path}' is empty.", "Choose another.", path=path)
    chosen = app.for_call(settings, started.call_type)
    moments, meters = stored.moments, Meters()
    if moments is None:
        # The call did not come to its end, or an older Coach kept it: the rules look again.
        engine = Engine(chosen)
        for event in events:
            engine.handle(event)
        moments, meters = engine.moments, engine.meters
    else:
        for event in events:
            meters.fold(event)
    head = stored.head
    kept = head.get("facts", {})
    source = _source(head)
    report = make_report(
        hand.title or str(head.get("title") or path.stem),
        meters,
        stored.nudges,
        chosen.limits_for(started.call_type),
        {
            "session": path.name,
            "duration_s": round(meters.now_ms / 1000, 3),
            **_told(source),
            **({"note": note} if (note := " ".join(filter(None, (lost(stored), unquoted(events))))) else {}),
        },
        moments=moments,
        heard_words=any(isinstance(e, SentenceHeard) for e in events),
        facts=facts_from(kept, str(path)) if isinstance(kept, dict) else None,
        prepared=prepared(stored.prepared, stored.answers, meters.sentences),
    )
    recording = Path(str(source["file"])) if source.get("file") else _sound_of(path)
    return Opened(path, stored, hand, report, timeline(report, hand.notes.values()), recording)


def _sound_of(session: Path) -> Path | None:
    """Return the sound of a live call that lies beside its log; None where none was kept."""
    sound = sound_path(session)
    return sound if sound.is_file() else None


def _source(head: Mapping[str, Any]) -> dict[str, Any]:
    source = head.get("recording")
    return source if isinstance(source, dict) else {}


def _told(source: dict[str, Any]) -> dict[str, Any]:
    return {"file": Path(str(source["file"])).name} if source.get("file") else {}


def lost(stored: StoredSession) -> str:
    """Return what a crash or a disk took of a call, in a sentence or two; nothing where it took nothing."""
    last_ms = stored.events[-1].at_ms
    ended = early(str(stored.head.get("began", "")), last_ms) if stored.ended_early else ""
    return in_a_row(Sentence("{early}; recovered.", early=ended) if ended else "", stored.damage)


def recording_of(opened: Opened) -> Path:
    """Return the recording of a past call, to be heard or handed on, after a look whether it is still the same file.

    Its size and time are compared with those that were kept, and its content where only the time is another. What an
    older session did not keep is not asked for.

    Raises:
        Trouble: when none was kept, it is gone, or another file stands in its place.
    """
    path = opened.recording
    if path is None:
        raise Trouble(say("play.silent"))
    try:
        stat = path.stat() if path.is_file() else None
    except OSError:
        stat = None
    if stat is None:
        raise Trouble(say("play.gone", where=str(path)))
    kept = dict(opened.stored.head.get("recording") or {})
    if kept.get("bytes", stat.st_size) != stat.st_size or (
        kept.get("changed_ns", stat.st_mtime_ns) != stat.st_mtime_ns
        and kept.get("sha256")
        and kept["sha256"] != checksum(path)
    ):
        raise Trouble(say("play.replaced", where=str(path)))
    return path


def recording_session(checksum: str, folder: Path | None = None) -> Path:
    """Return where the session of a recording with this SHA-256 is kept."""
    return (folder or sessions_folder()) / f"r-{checksum[:_NAME_LETTERS]}{ENDING}"


def checksum(path: Path, stop: Callable[[], bool] = lambda: False) -> str:
    """Return the SHA-256 of a file, as hex; empty when it was stopped before its end.

    Args:
        path: the file.
        stop: is asked before each part of the file is read.

    Raises:
        Trouble: when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while not stop():
                part = file.read(_PART_BYTES)
                if not part:
                    return digest.hexdigest()
                digest.update(part)
    except OSError as e:
        raise Trouble("'{path}' cannot be read: {why}.", "Check its name.", path=path, why=e) from e
    return ""


def coach_and_keep(
    recording: Recording,
    settings: Settings,
    words: Transcriber | None,
    say: Callable[[int, list[Command]], None],
    folder: Path | None = None,
    *,
    answer: Answer | None = None,
    ask: Ask | None = None,
) -> CallReport:
    """Coach a recording and keep it as a session, whole or not at all; an earlier one of it gives way.

    What was written by hand about the earlier one stays. Where nothing may be kept, or nothing can be, the recording
    is coached all the same, and a note of the report says so.

    Args:
        recording: the call.
        settings: with the type of call, and ``storage.keep``.
        words: the speech model; None for a report without words.
        say: is told of progress, as in `app.coach_recording`.
        folder: where sessions are kept; None for the usual place.
        answer: which voice of its one channel is the rep's, as a person said; else what they said before counts.
        ask: is asked that where nobody knows; None where there is nobody to ask. What is answered is kept by hand
            beside the session, so that nobody is asked again.
    """
    if settings.storage.keep == "nothing":
        heard = app.find_rep(recording, settings, say, answer=answer, ask=ask)
        return app.coach_recording(recording, settings, words, say, heard=heard)
    target: Path | None = None
    heard = None
    try:
        about = about_recording(recording.path, settings)
        target = recording_session(about["recording"]["sha256"], folder)
        heard = app.find_rep(recording, settings, say, answer=answer or _said_before(target), ask=ask)
        if heard is not None:
            about["recording"] |= {"voices": heard.voices, "rep": heard.rep}
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        log = SessionLog(part, settings.storage.keep, settings.facts, about)
    except (Trouble, OSError) as e:
        heard = heard or app.find_rep(recording, settings, say, answer=answer, ask=ask)
        report = app.coach_recording(recording, settings, words, say, ledger=NoLog(), heard=heard)
        return _with_note(report, Sentence("It could not be kept: {why}", why=getattr(e, "what", e)))
    try:
        report = app.coach_recording(recording, settings, words, say, ledger=log, heard=heard)
        log.moments(report.moments)
        log.close()
        fault = log.fault
        if not fault:
            part.replace(target)
    except OSError as e:
        fault = Sentence(str(e.strerror))
    finally:
        log.close()
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if fault:
        return _with_note(report, Sentence("It could not be kept: {why}", why=fault))
    if heard is not None and heard.answered and not settings.voice.rep:
        with suppress(Trouble):  # it is asked again then
            HandFile(target).say_who(heard.rep)
    return replace(report, audio={**report.audio, "session": str(target)})


def _said_before(session: Path) -> Answer | None:
    """Return what a person said of a recording's voices; None where nobody did."""
    return app.answer_of(_said(session))


def _said(session: Path) -> str:
    """Return what was written down of it; nothing of damaged notes, which are told of where they are shown."""
    with suppress(Trouble):
        return read_hand(session).rep
    return ""


def is_done(session: Path, wanted: Mapping[str, Any]) -> bool:
    """Say whether a recording's session was made with these settings, by what a person said of its voices.

    Args:
        session: where it would be kept.
        wanted: as `made_with` returns it.

    Raises:
        Trouble: when it cannot be read.
    """
    if not session.exists():
        return False
    head = read_head(session)
    said = "" if wanted["rep"] else _said(session)
    return head.get("made_with") == wanted and (not said or _source(head).get("rep") == said)


def is_unanswered(session: Path) -> bool:
    """Say whether several voices share a recording's channel and nobody ever said which is the rep's.

    Raises:
        Trouble: as `is_done`.
    """
    source = _source(read_head(session))
    return int(source.get("voices", 0)) > 1 and not source.get("rep") and not _said(session)


def keep_session(log: bytes, name: str, folder: Path | None = None) -> Path:
    """Keep a session that was made elsewhere, whole or not at all; return where. Raises OSError when it cannot be."""
    target = (folder or sessions_folder()) / Path(name).name
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    private_folder(target.parent)
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(private_file(part), "wb") as file:
            file.write(locker.log(target, log))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def sweep_parts(process: int, folder: Path | None = None) -> None:
    """Take away the half sessions of a process that has ended: what is stopped from outside cannot do so itself."""
    with suppress(OSError):
        for part in (folder or sessions_folder()).glob(f"*.{process}.part"):
            part.unlink(missing_ok=True)


def about_recording(path: Path, settings: Settings) -> dict[str, Any]:
    """Return what the header of a recording's session says. Raises `Trouble` when the file cannot be read."""
    stat = path.stat()
    written = datetime.fromtimestamp(stat.st_mtime).astimezone()
    return {
        "title": writable(path.stem),
        "began": written.isoformat(timespec="seconds"),
        "recording": {
            "file": str(path.resolve()),
            "sha256": checksum(path),
            "bytes": stat.st_size,
            "changed_ns": stat.st_mtime_ns,
            "swap": settings.audio.swap_channels,
        },
        "made_with": made_with(settings),
    }


def made_with(settings: Settings) -> dict[str, Any]:
    """Return what a result depends on beside the sound: with the same, there is nothing to do again."""
    return {
        "version": __version__,
        "call_type": settings.call.type,
        "planned_minutes": settings.call.planned_minutes,
        "model": settings.speech.model,
        "language": settings.speech.language,
        "swap": settings.audio.swap_channels,
        "rep": settings.voice.rep,
        "keep": settings.storage.keep,
        "facts": hashlib.sha256(repr(settings.facts).encode()).hexdigest()[:_NAME_LETTERS],
    }


def _with_note(report: CallReport, note: str) -> CallReport:
    told = in_a_row(report.audio.get("note", ""), note)
    return replace(report, audio={**report.audio, "note": told})
