"""Put the rooms together.

With `coach.cli` the only place that knows them all. Makes a line for a recording and a live
call for devices; decides nothing that a room could decide. What takes long to load (rules, cues, models) is
loaded by what needs it, so that the tray stands before any of it.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from coach import consent
from coach.call.events import NO_SOUND, BleedMeasured, CallStarted, SentenceHeard, TroubleNoticed, Who
from coach.call.plan import Plan
from coach.call.vocabulary import LANGUAGE
from coach.language import AUTO, Sentence, in_a_row
from coach.marks import mark
from coach.next_call import NextCall
from coach.nudges.commands import ShowNudge, TellOnce, ToldIsOver
from coach.own_print import OwnPrint, taken_back
from coach.settings import CallSettings, Facts, Settings, parse
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coach import voices
    from coach.audio.apart import Apart
    from coach.audio.block import AudioSource, Block
    from coach.audio.devices import Device
    from coach.audio.kept import Keeper
    from coach.audio.recording import Recording
    from coach.audio.side import Opened
    from coach.audio.speakers import Voices
    from coach.audio.wish import Wish
    from coach.call.events import Event
    from coach.call.meters import Meters
    from coach.call.plan import Answer
    from coach.cues.planned import Planned
    from coach.live.call import LiveCall
    from coach.live.ear import Ear, Heard
    from coach.live.overheard import OwnVoice
    from coach.live.planned import PlannedEar
    from coach.live.ports import CueReader, Stage, Transcriber, VoiceDetector
    from coach.live.scribe import Watch
    from coach.live.session import Ledger, Session
    from coach.nudges.commands import Command, Nudge
    from coach.nudges.engine import Engine
    from coach.report.document import CallReport
    from coach.speech.streaming import Drafter
    from coach.speech.whisper import Whisper
    from coach.tape import Tape

    Ask = Callable[[voices.Unknown], voices.Answer | None]

SESSION: Final = ".jsonl"
"""Ending of a session's name."""
NOT_KEPT: Final = "not_kept"
"""Code of the sentence that the disk refuses the log of a call."""
SOUND_LIES_OPEN: Final = Sentence(
    "The sound of this call is not kept: your calls are locked, and Coach cannot lock sound yet."
    " Its words are kept as usual."
)
CONVERTED: Final = Sentence("Your calls are just being locked, or opened for good.")
_log = logging.getLogger(__name__)

BLOCK_MS: Final = 100
"""Blocks of a recording; any size gives the same result."""
FIRST_PASS: Final = 0.25
"""Part of the work that telling two voices apart is, as far as a progress bar is concerned."""
AHEAD_S: Final = 5
"""A leak is known within three seconds of the customer's voice (``benchmarks/bleed.py``)."""
RECORDING_WORKERS: Final = 4
"""Windows of a recording written at the same time, a thread each, where there are so many cores: one thread a
window wastes none of its time on waiting for another. More than four would only grow the memory."""


def data_folder() -> Path:
    """Return where Coach keeps its things on this machine."""
    return Path(platformdirs.user_data_dir("coach", appauthor=False))


def sessions_folder() -> Path:
    """Return where the logs of calls are kept on this machine."""
    return data_folder() / "sessions"


def settings_file() -> Path:
    """Return where the user's settings are looked for."""
    return Path(platformdirs.user_config_dir("coach", appauthor=False)) / "settings.toml"


def is_first_start() -> bool:
    """Say whether Coach was never started here before, and remember that it was."""
    marker = data_folder() / "started"
    if marker.exists():
        return False
    try:
        marker.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        marker.touch(mode=0o600)
    except OSError:
        pass  # a folder that cannot be written is told of when there is something to write
    return True


def load_settings(path: Path | None = None) -> Settings:
    """Read the user's settings; ours where there is no file.

    Raises:
        Trouble: for a file that cannot be read or holds something it should not.
    """
    chosen = path if path is not None else settings_file()
    if path is None and not chosen.exists():
        return Settings()
    try:
        return parse(chosen.read_text(encoding="utf-8"), str(chosen))
    except OSError as e:
        raise Trouble(
            "The settings file {chosen} cannot be read: {why}.", "Check its name.", chosen=chosen, why=e
        ) from e
    except UnicodeDecodeError as e:
        raise Trouble(
            "The settings file {chosen} is no text.", "Write it anew, or move it away.", chosen=chosen
        ) from e


def language_of(path: Path | None = None) -> str:
    """Return the language that the user's settings ask for; ``auto`` where they cannot be read: others say so."""
    try:
        return load_settings(path).app.language
    except Trouble:
        return AUTO


def for_call(settings: Settings, call_type: str | None) -> Settings:
    """Return the settings with another type of call. Raises `Trouble` for a type that does not exist."""
    chosen = call_type or settings.call.type
    settings.limits_for(chosen)
    return dataclasses.replace(
        settings, call=CallSettings(chosen, settings.call.planned_minutes, settings.call.focus)
    )


def with_devices(settings: Settings, microphone: str | None, other_side: str | None) -> Settings:
    """Return the settings with other devices; None leaves one as it is."""
    audio = settings.audio
    return dataclasses.replace(
        settings,
        audio=dataclasses.replace(
            audio,
            microphone=audio.microphone if microphone is None else microphone,
            other_side=audio.other_side if other_side is None else other_side,
        ),
    )


def with_speech(settings: Settings, model: str | None, language: str | None) -> Settings:
    """Return the settings with another speech model or language; None leaves one as it is."""
    speech = settings.speech
    return dataclasses.replace(
        settings,
        speech=dataclasses.replace(
            speech,
            model=speech.model if model is None else model,
            language=speech.language if language is None else language.lower(),
        ),
    )


def check_speech(settings: Settings) -> None:
    """Check, without loading it, that the speech model is here and knows the language.

    Raises:
        Trouble: where it is not, or does not.
    """
    from coach.speech.models import check_language, locate

    check_language(locate(settings.speech.model), settings.speech.language)


def with_swap(settings: Settings, *, swap: bool) -> Settings:
    """Return the settings with the channels of recordings turned round, if asked."""
    if not swap:
        return settings
    turned = not settings.audio.swap_channels
    return dataclasses.replace(settings, audio=dataclasses.replace(settings.audio, swap_channels=turned))


def with_rep(settings: Settings, rep: str | None) -> Settings:
    """Return the settings with who the rep is in one-channel recordings; None leaves it as it is."""
    if rep is None:
        return settings
    return dataclasses.replace(settings, voice=dataclasses.replace(settings.voice, rep=rep))


def with_set(settings: Settings, assignments: Sequence[str]) -> Settings:
    """Return the settings with ``section.key=value`` assignments on top.

    Raises:
        Trouble: as for a settings file; also for an assignment without '='.
    """
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise Trouble(
                "'{assignment}' sets nothing.", "Write it as section.key=value.", assignment=assignment
            )
        settings = parse(f"{name} = {value}", f"--set {name}", settings)
    return settings


def with_facts(settings: Settings, facts: Facts) -> Settings:
    """Return the settings with other facts of the rep's trade."""
    return dataclasses.replace(settings, facts=facts)


def load_facts(settings: Settings, path: Path | None) -> Facts:
    """Return the facts of another settings file, those of the settings where none is named.

    Raises:
        Trouble: as `load_settings`.
    """
    return settings.facts if path is None else load_settings(path).facts


def on_stop_signals(then: Callable[[], None]) -> None:
    """Let Ctrl-C and a polite kill end a call instead of the process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: then())


def load_words(settings: Settings, threads: int, workers: int = 1) -> Whisper:
    """Load the speech model, checked byte for byte.

    Args:
        settings: with its name, and the names to expect.
        threads: threads for one window.
        workers: windows written at the same time.

    Raises:
        Trouble: when it is missing, altered, of another format, or does not know the language.
    """
    from coach.speech.models import check_language, find_model
    from coach.speech.whisper import Whisper

    language = settings.speech.language
    check_language(found := find_model(settings.speech.model), language)
    model = Whisper(
        found.folder, threads=threads, workers=workers, language=language, hotwords=settings.facts.names
    )
    model.warm_up()
    mark("words")
    return model


def recording_workers(jobs: int = 1) -> int:
    """Return how many windows of one recording are written at a time, with so many recordings in hand."""
    return max(1, min(RECORDING_WORKERS, (os.cpu_count() or 1) // jobs))


def load_words_for_recordings(settings: Settings, jobs: int = 1) -> Whisper:
    """Load the speech model with this machine's cores shared among so many recordings at a time."""
    return load_words(settings, 1, recording_workers(jobs))


def make_reader(settings: Settings) -> CueReader:
    """Load what reads cues; in another language than theirs, what reads none."""
    if settings.speech.language != LANGUAGE:
        return _unread()
    from coach.cues.reader import Reader

    return Reader(facts=settings.facts)


def _unread() -> CueReader:
    """Return what reads no cues: of another language, or where nobody knows whose words they are."""
    from coach.cues.reading import Unread

    return Unread()


def make_session(settings: Settings, sides: tuple[Who, ...], ledger: Ledger, reader: CueReader) -> Session:
    """Make the middle of the line: engine, cues and order."""
    from coach.live.session import Session
    from coach.nudges.engine import Engine

    allowance_ms = round(1000 * settings.speech.allowance_s)
    return Session(Engine(settings), reader, sides, allowance_ms, ledger, settings.speech.language)


def make_ear(
    settings: Settings,
    sides: tuple[Who, ...],
    tell: Callable[[Heard], None] | None = None,
    *,
    ahead_s: int = 0,
    sound: Callable[[Block], None] | None = None,
    sturdy: bool = False,
) -> Ear:
    """Make the first stage of the line: one voice detector a side, and what keeps two sides apart.

    Args:
        settings: with the voice engine.
        sides: the sides of the call.
        tell: is told too what is heard.
        ahead_s: how far a leak of the loudspeakers is looked for in advance; a live call has no advance.
        sound: is handed every block.
        sturdy: what dies in it is begun anew, as in a live call.
    """
    from coach.audio.bleed import BleedStage
    from coach.audio.block import RATE
    from coach.audio.silero import load_anew
    from coach.audio.voice import make_detector
    from coach.live.ear import Ear
    from coach.live.overheard import OverheardEar

    made = count()

    def detector() -> VoiceDetector:
        if next(made) >= len(sides):  # in place of one that died or hangs
            load_anew()
        return make_detector(settings.audio.voice_engine)

    def stage() -> Stage:
        return BleedStage(ahead_s * RATE)

    two = len(sides) > 1
    parts: tuple[Any, ...]
    if sturdy:
        from coach.live.aside import HEAR_HANG_S, HEAR_MOST_S, Aside
        from coach.live.sturdy import SturdyDetector, SturdyStage

        aside = Aside("coach-hearing", HEAR_HANG_S, most_s=HEAR_MOST_S)
        cleans = SturdyStage(stage, aside=aside) if two else None
        parts = (sides, lambda: SturdyDetector(detector, aside=aside), cleans, aside)
    else:
        parts = (sides, detector, stage() if two else None)
    return Ear(*parts) if tell is None and sound is None else OverheardEar(tell, *parts, sound=sound)


def _ear_for(apart: Apart) -> Ear:
    """Make the first stage for sides that were told apart: who speaks when is known."""
    from coach.live.ear import Ear

    detectors = iter(apart.detectors())
    return Ear(apart.channels, lambda: next(detectors))


def answer_of(said: str) -> voices.Answer | None:
    """Return what was written down of an answer as an answer; None for nothing, and for what we do not know."""
    from coach import voices

    return voices.Answer(said) if said in voices.ANSWERS else None


def find_rep(
    recording: Recording,
    settings: Settings,
    say: Callable[[int, list[Command]], None],
    *,
    answer: voices.Answer | None = None,
    ask: Ask | None = None,
) -> voices.Heard | None:
    """Find the rep in a recording with one channel; None where each side has its own.

    Args:
        recording: the call.
        settings: with who the rep is, where they said so for all recordings.
        say: is told of progress, as in `coach_recording`.
        answer: what a person said of this recording.
        ask: is asked which voice is the rep's where nobody knows; None where there is nobody to ask.
    """
    from coach import voices

    if len(recording.channels) > 1:
        return None
    path = voiceprints_file()

    def keep(found: Voices, place: int) -> str:
        day = datetime.now().astimezone().date().isoformat()  # noqa: TID251 - the day of a yes is today's
        return voices.remember(path, found, place, day)

    return voices.sides_of(
        recording,
        settings.audio.voice_engine,
        settings.voice.rep,
        voices.load_prints(path),
        lambda ms: say(round(FIRST_PASS * ms), []),
        answer=answer,
        ask=ask,
        keep=keep,
    )


def voiceprints_file() -> Path:
    """Return where the prints of known voices lie."""
    from coach import voices

    return voices.prints_file(data_folder())


def planned_ms(settings: Settings) -> int:
    """Return the planned length of the call."""
    return round(60_000 * settings.call.planned_minutes)


def open_call(path: Path, settings: Settings) -> Recording:
    """Open a recording as a call. Raises `Trouble` as `open_recording` does."""
    from coach.audio.recording import open_recording

    return open_recording(path, swap=settings.audio.swap_channels)


def coach_recording(
    recording: Recording,
    settings: Settings,
    words: Transcriber | None,
    say: Callable[[int, list[Command]], None],
    *,
    block_ms: int = BLOCK_MS,
    ledger: Ledger | None = None,
    heard: voices.Heard | None = None,
) -> CallReport:
    """Send a recording down the line as fast as the machine can.

    Args:
        recording: the call.
        settings: with the type of the call.
        words: the speech model; None for a report without words.
        say: is told, block by block, how much audio is done and what the coach would do.
        block_ms: size of the blocks; changes nothing about the result.
        ledger: is told everything that happened.
        heard: what `find_rep` said, where it was asked already.
    """
    from coach.archive.log import NoLog
    from coach.live.line import Line
    from coach.report.document import make_report

    heard = heard or find_rep(recording, settings, say)
    passed = FIRST_PASS if heard is not None and heard.listened else 0.0
    apart = heard.apart if heard is not None else None
    mixed = heard is not None and heard.mixed
    sound = apart or recording
    sides = sound.channels
    session = make_session(settings, sides, ledger or NoLog(), _unread() if mixed else make_reader(settings))
    line = Line(_ear_for(apart) if apart else make_ear(settings, sides, ahead_s=AHEAD_S), session, words)
    nudges: list[Nudge] = []
    session.start(settings.call.type, planned_ms(settings), estimated=apart is not None, mixed=mixed)
    for at_ms, commands in line.run(sound.blocks(block_ms)):
        nudges += [c.nudge for c in commands if isinstance(c, ShowNudge)]
        say(round(passed * (recording.duration_ms or 0) + (1 - passed) * at_ms), commands)
    audio = {
        "file": recording.path.name,
        "duration_s": round(session.now_ms / 1000, 3),
        "channels": [who.value for who in sides],
        "rate_hz": recording.rate,
        "note": _note(recording, heard),
        **({"estimated": True, "unsure_s": apart.unsure_ms / 1000} if apart is not None else {}),
    }
    return make_report(
        recording.path.stem,
        session.engine.meters,
        nudges,
        settings.limits_for(settings.call.type),
        audio,
        moments=session.engine.moments,
        heard_words=words is not None,
        facts=settings.facts,
    )


def _note(recording: Recording, heard: voices.Heard | None) -> str:
    """Return what to know of a recording; who speaks in its one channel is told once."""
    known = heard is not None and (heard.apart is not None or heard.voices > 0 or heard.answered)
    return in_a_row(recording.told(apart=known), heard.note if heard is not None else "")


def replay(path: Path, settings: Settings, facts: Facts | None = None) -> tuple[CallReport, list[Command]]:
    """Send a stored session through the engine again: the same events give the same nudges.

    Args:
        path: the session.
        settings: with the limits; its facts play no part.
        facts: read every sentence anew with these; None for the cues, and the facts, that the session has.

    Raises:
        Trouble: when there is no such session.
    """
    from coach.archive.discretion import DOT
    from coach.archive.log import read_facts, read_log
    from coach.cues.reader import Reader
    from coach.nudges.engine import Engine
    from coach.report.document import make_report

    known = read_facts(path) if facts is None else facts
    reader = None if facts is None else Reader(facts=facts)
    engine: Engine | None = None
    commands: list[Command] = []
    chosen = settings
    heard_words = False
    for event in read_log(path):
        if isinstance(event, CallStarted):
            chosen = for_call(settings, event.call_type)
            if event.language != LANGUAGE:
                reader = None
        engine = engine or Engine(chosen)
        if isinstance(event, SentenceHeard):
            heard_words = True
            if reader is not None and DOT not in event.text:
                reading = reader.read(event.who, event.text, event.start_ms, event.end_ms)
                event = dataclasses.replace(event, cues=reading.cues, scores=reading.scores)  # noqa: PLW2901 - read anew
        commands += engine.handle(event)
    if engine is None:
        raise Trouble("The session '{path}' is empty.", "Choose another.", path=path)
    nudges = [c.nudge for c in commands if isinstance(c, ShowNudge)]
    limits = chosen.limits_for(chosen.call.type)
    audio = {"session": path.name, "duration_s": round(engine.meters.now_ms / 1000, 3)}
    report = make_report(
        path.stem,
        engine.meters,
        nudges,
        limits,
        audio,
        moments=engine.moments,
        heard_words=heard_words,
        facts=known,
    )
    return report, commands


def devices(settings: Settings) -> tuple[tuple[AudioSource, ...], str]:
    """Return the devices of a live call and, where the other side cannot be heard, a sentence that says so.

    Each side is kept alive: it goes where the system's own choice goes, or waits for the device that was named.

    Raises:
        Trouble: when there is no microphone, or both sides were to hear the same device.
    """
    from coach.audio.devices import find_loopback, find_microphone
    from coach.audio.wish import Wish

    audio, note = settings.audio, ""
    wished = {Who.REP: (find_microphone(audio.microphone), audio.microphone)}
    if audio.other_side != "none":
        try:
            wished[Who.CUSTOMER] = (
                _other_than(wished[Who.REP][0], find_loopback(audio.other_side)),
                audio.other_side,
            )
        except Trouble as trouble:
            if audio.other_side:
                raise
            note = in_a_row(trouble.what, Sentence("Going on with the microphone alone."), trouble.mend)
    wishes = {who: (Wish(device, follow=not name), device) for who, (device, name) in wished.items()}
    return _keeper(wishes).sources, note


def _other_than(microphone: Device, loopback: Device) -> Device:
    if loopback.identity == microphone.identity:
        raise Trouble(
            "'{name}' is your microphone already.",
            "Choose another device for the other side.",
            name=loopback.label,
        )
    return loopback


def _keeper(wishes: Mapping[Who, tuple[Wish, Device]]) -> Keeper:
    """Make what keeps the sides of a call on their devices, by the means of this machine."""
    from coach.audio import wish
    from coach.audio.kept import Keeper
    from coach.audio.sources import loopback, microphone

    def make(who: Who, device: Device) -> Opened:
        follow = wishes[who][0].follows
        return microphone(device, follow=follow) if who is Who.REP else loopback(device, follow=follow)

    if not wish.has_server():
        return Keeper(wishes, wish.look_elsewhere, make)
    from coach.audio.pulse import Bell

    return Keeper(wishes, wish.look_on_server, make, Bell)


def quiet_room() -> tuple[AudioSource, ...]:
    """Return two sides of an empty room in place of devices: for measuring where there are none."""
    from coach.live.player import Player, room_tone

    sides = (Who.REP, Who.CUSTOMER)
    return Player(room_tone(sides), sides).sources


def _own_voice(settings: Settings, sources: Sequence[AudioSource]) -> OwnVoice | None:
    """Return what keeps a little of the rep's voice, where they wished for it and it has a channel of its own.

    A demo call that is played is nobody's voice.
    """
    from coach.live.overheard import OwnVoice
    from coach.live.player import PlayedSide

    alone = Who.CUSTOMER not in {s.who for s in sources}
    played = any(isinstance(s, PlayedSide) for s in sources)
    return None if alone or played or not settings.voice.learn else OwnVoice()


def _to_all(takers: Iterable[Callable[[Block], None] | None]) -> Callable[[Block], None] | None:
    """Return what hands a block to each of these that is there; None where none is."""
    there = [take for take in takers if take is not None]

    def hand_on(block: Block) -> None:
        for take in tuple(there):
            try:
                take(block)
            except Exception:  # noqa: BLE001 - the call comes first: who fails once is handed no more
                _log.exception("somebody could not take a block")
                there.remove(take)

    return hand_on if there else None


class _Overheard:
    """A ledger beside which somebody is told how much leaks, and somebody listens for planned questions."""

    def __init__(
        self, ledger: Ledger, leaks: Callable[[BleedMeasured], None] | None, planned: PlannedEar
    ) -> None:
        self._ledger, self._leaks, self._planned = ledger, leaks, planned
        self.command = ledger.command

    def event(self, event: Event) -> None:
        """Write one event."""
        self._ledger.event(event)
        self._planned.hear(event)
        if self._leaks is not None and isinstance(event, BleedMeasured):
            self._leaks(event)


@dataclass(frozen=True, slots=True)
class Unkept:
    """A call that has ended, could not be kept in its place, and is still whole in memory.

    Args:
        why: in a sentence.
        reason: the same as the system says it, in a few words.
        save_to: saves it in another folder and returns its log; raises `Trouble` where that fails too.
        is_forgotten: says whether it is to be deleted by now; then nobody is asked.
    """

    why: str
    reason: str
    save_to: Callable[[Path], Path]
    is_forgotten: Callable[[], bool] = lambda: False


class LiveRun:
    """One live call with its log: made, started, stopped, reported.

    The log never keeps a call from beginning or going on: where it cannot be written the rep is told, and once the call
    has ended ``unkept`` is what can still be saved elsewhere.

    Args:
        settings: with the type of the call.
        sources: the devices.
        show: takes commands, on the session's thread.
        words: loads the speech model; None for a call without words.
        now: the date for the name of the log.
        watch: is told of every draft of the scribe; for measuring.
        leaks: is told, on the session's thread, how much the loudspeakers leak, whenever that is measured.
        glance: is shown the meters after every step, on the session's thread.
        keep_sound: keep words and sound of both sides of this call, whatever the settings say.
        plan: what the rep prepared for this call.
        answered: is told of each planned question that is heard or ticked, on any thread.
        sound: is handed every block, on the listener's thread.
        clock: monotonic seconds; None for the machine's. For a call at another pace.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[AudioSource],
        show: Callable[[list[Command]], object],
        *,
        words: Callable[[], Drafter] | None = None,
        now: datetime | None = None,
        watch: Watch | None = None,
        leaks: Callable[[BleedMeasured], None] | None = None,
        glance: Callable[[Meters], None] | None = None,
        keep_sound: bool = False,
        plan: Plan | None = None,
        answered: Callable[[Answer], None] | None = None,
        sound: Callable[[Block], None] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        from coach.archive.log import SessionLog
        from coach.archive.sheet import LiveSheet
        from coach.audio.clocks import always_s
        from coach.live.aside import READ_HANG_S, Aside
        from coach.live.call import LiveCall
        from coach.live.later import LaterReader
        from coach.live.planned import PlannedEar
        from coach.live.player import PlayedSide
        from coach.live.sturdy import SturdyReader

        began = now or datetime.now().astimezone()  # noqa: TID251 - when the call was
        folder, stem = sessions_folder(), began.strftime("%Y-%m-%d-%H%M%S")
        self._real = any(not isinstance(s, PlayedSide) for s in sources)
        self.plan, self._answered = plan or Plan(), answered
        self.sides = tuple(s.who for s in sources)
        self.nudges: list[Nudge] = []
        self._closing, self._closed = threading.Lock(), False
        self.forgotten = False
        """The panic key means this call to be deleted, whatever moment it was pressed at."""
        self._show = show
        self._began = began
        self._print = OwnPrint(voiceprints_file)
        self._microphone = next((s.name for s in sources if s.who is Who.REP), "")
        with ExitStack() as begun:  # whatever fails on the way takes along what stands by then
            with ExitStack() as alone:  # until its file stands, no lock is put on or taken off
                settings, keep_sound = self._may_keep(settings, folder / stem, alone, keep_sound=keep_sound)
                self.settings = settings
                keep, theirs = settings.storage.keep, settings.storage.of_other_side
                self._sheet = (
                    None if keep == "nothing" else LiveSheet(folder, stem, SESSION, self._tell_of_disk)
                )
                if self._sheet is not None:
                    begun.callback(self._sheet.discard)
                self.log = SessionLog(
                    folder / f"{stem}{SESSION}",
                    keep,
                    settings.facts,
                    {"began": began.isoformat(timespec="seconds")},
                    self._sheet,
                    theirs=theirs,
                    prepared=self.plan,
                )
            self.tape = self._make_tape() if keep_sound else None
            if self.tape is not None:
                begun.callback(self.tape.discard)
            reads = Aside("coach-reading", READ_HANG_S)
            begun.callback(reads.let_go)
            reader = SturdyReader(lambda: LaterReader(lambda: make_reader(settings)), aside=reads)
            self.planned = PlannedEar(self._matcher(), self._take_answer)
            begun.callback(self.planned.stop)
            ledger = _Overheard(self.log, leaks, self.planned)
            self.session = make_session(settings, self.sides, ledger, reader)
            self._own_voice = _own_voice(settings, sources)
            self.call: LiveCall = LiveCall(
                sources,
                make_ear(
                    settings,
                    self.sides,
                    self._own_voice.hear if self._own_voice is not None else None,
                    sound=_to_all([sound, self.tape.take if self.tape is not None else None]),
                    sturdy=True,
                ),
                self.session,
                words or (lambda: load_words(settings, settings.speech.threads)),
                self._take,
                clock or always_s,
                watch=watch,
                glance=glance,
            )
            self._reads = reads
            begun.pop_all()

    def _may_keep(
        self, settings: Settings, path: Path, alone: ExitStack, *, keep_sound: bool
    ) -> tuple[Settings, bool]:
        """Return the settings by which this call is kept, and whether its sound is.

        Args:
            settings: as they were wished for.
            path: where it is to lie.
            alone: is handed what keeps a lock from being put on or taken off meanwhile.
            keep_sound: words and sound are asked for in this call.
        """
        from coach.archive import locker
        from coach.archive.gate import gate

        self._at_first: list[Command] = []
        if settings.storage.keep == "nothing" and not keep_sound:
            return settings, False
        locked, unsafe = False, ""
        try:
            alone.enter_context(gate(path.parent))
            locked = locker.is_on(path)
        except Trouble as trouble:  # to keep it openly would betray it
            unsafe = trouble.what
        except TimeoutError:  # whether it may lie open is not known
            unsafe = CONVERTED
        if unsafe:
            self._at_first = [
                TellOnce(0, NOT_KEPT, in_a_row(Sentence("This call goes on, but is not kept."), unsafe))
            ]
            return with_set(settings, ['storage.keep="nothing"']), False
        if keep_sound and locked:
            self._at_first = [TellOnce(0, NO_SOUND, SOUND_LIES_OPEN)]
            return settings, False
        if keep_sound:  # asked for in this call: there is no sound without its words
            settings = with_set(settings, ['storage.keep="words"', 'storage.other_side="words"'])
        return settings, keep_sound

    def start(self) -> None:
        """Open the devices and begin.

        Raises:
            Trouble: when the microphone cannot be opened; before anything is, when nobody answered who may listen.
        """
        try:
            if self._real:
                consent.check(data_folder())
            self.call.start(self.settings.call.type, planned_ms(self.settings))
            if self._at_first:
                self._show([*self._at_first])
        except BaseException:
            self.planned.stop()
            self._discard()
            raise
        NextCall(data_folder()).begin(self.plan, self._began)

    @property
    def unkept(self) -> Unkept | None:
        """The call, where it has ended and is not wholly on the disk."""
        if self._sheet is None or self._sheet.kept or self.forgotten:
            return None
        return Unkept(self._sheet.fault, self._sheet.reason, self._save_to, lambda: self.forgotten)

    @property
    def written(self) -> bool:
        """Say whether there is a file of it, or was one."""
        return self._sheet is not None and self._sheet.made

    def forget(self) -> None:
        """Let nothing more of this call be written, learned or offered than what is deleted; waits for nobody."""
        self.forgotten = True
        self._print.forget()
        if self.tape is not None:
            self.tape.drop()

    def take_back(self) -> str:
        """Take back what was learned from this call; return why it stays, empty where it does not."""
        return taken_back(self._print)

    def _save_to(self, folder: Path) -> Path:
        """Save a call elsewhere, its sound so far beside it. Raises `Trouble` where either cannot be."""
        assert self._sheet is not None  # noqa: S101 - there is something to save
        if self.forgotten:
            raise Trouble("This call was deleted.")
        saved = self._sheet.save_to(folder)
        if self.tape is not None:
            self.tape.move_to(saved)
        return saved

    def break_off(self, patience_s: float) -> None:
        """End the call without a report, and without its last words where they take longer than this many seconds."""
        self.call.break_off(patience_s)
        self.planned.stop(patience_s)
        self._close()

    def _discard(self) -> None:
        if self.tape is not None:
            self.tape.discard()
        if self._sheet is not None:
            self._sheet.discard()

    def _close(self) -> None:
        """Close the files, whoever is first to: a call may be broken off while it is being ended."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            if self.plan:  # it was for this call
                NextCall(data_folder()).end(self._began)
            if self.tape is not None:
                self.tape.close()
            self._reads.let_go()
            self.log.moments(self.session.engine.moments)
            self.log.close()
            if self.written:
                from coach.archive import converting

                converting.settle(self.log.path)

    def _make_tape(self) -> Tape:
        from coach.tape import Tape

        sheet = self._sheet
        assert sheet is not None  # noqa: S101 - with its sound a call's words are kept
        return Tape(self.sides, lambda: sheet.path if sheet.made else None, self._tell_of_sound)

    def stop(self) -> CallReport:
        """End the call once everything said is written; return its report."""
        from coach.report.document import make_report
        from coach.report.planned import prepared

        self.call.stop()
        self.planned.stop()
        self._close()
        audio = {
            "duration_s": round(self.session.now_ms / 1000, 3),
            "channels": [who.value for who in self.sides],
            "blocks_dropped": self.call.mailbox.dropped,
            "sentences_late": self.session.late,
            "session": str(self.log.path),
            **self._learned(),
        }
        limits = self.settings.limits_for(self.settings.call.type)
        engine = self.session.engine
        if self.tape is not None and self.tape.fault and engine.meters.sound_until_ms is None:
            # It failed with the last of the sound, when nothing was written down of the call any more.
            engine.meters.fold(TroubleNoticed(self.session.now_ms, NO_SOUND, ""))
        return make_report(
            self.log.path.stem,
            engine.meters,
            self.nudges,
            limits,
            audio,
            moments=engine.moments,
            heard_words=bool(engine.meters.sentences) or not self.call.writer.missed,
            facts=self.settings.facts,
            prepared=prepared(self.plan, self.planned.answers, engine.meters.sentences),
        )

    def tick(self, question: int, *, asked: bool) -> None:
        """Take note that the rep ticked a planned question, or took the tick away."""
        self.planned.tick(question, self.session.now_ms, asked=asked)

    def _matcher(self) -> Callable[[], Planned] | None:
        """Return what makes the one who knows planned questions again; None where there are none, or no such one."""
        if not self.plan.questions or self.settings.speech.language != LANGUAGE:
            return None

        def make() -> Planned:
            from coach.cues.planned import Planned

            return Planned(self.plan.questions)

        return make

    def _take_answer(self, answer: Answer) -> None:
        self.log.answer(answer)
        if self._answered is not None:
            self._answered(answer)

    def _learned(self) -> dict[str, str]:
        """Take a print of the rep's voice where they wished for it; return a sentence about it, for the report."""
        meters = self.session.engine.meters
        if self._own_voice is None or meters.bled or self.forgotten:
            return {}
        sound, day = self._own_voice.sound(), self._began.date().isoformat()
        engine = self.settings.audio.voice_engine
        told = self._print.learn(sound, engine, self._microphone, day)
        return {"voice": told} if told else {}

    def _take(self, commands: list[Command]) -> None:
        self.nudges += [c.nudge for c in commands if isinstance(c, ShowNudge)]
        self._show(commands)

    def _tell_of_sound(self, reason: str) -> None:
        """Tell, once, that no more of the sound can be kept; what was written until then stays."""
        told = Sentence("The sound of this call is not kept any further: {why}.", why=Sentence(reason))
        if self.call.ended.is_set():
            self._show([TellOnce(0, NO_SOUND, told)])
        else:
            self.call.tell(NO_SOUND, told)

    def _tell_of_disk(self, reason: str) -> None:
        """Tell, from the thread that writes the log, that the disk refuses, or that it takes lines again."""
        if reason:
            told = Sentence(
                "This call cannot be kept for now: {why}. It goes on, in memory.", why=Sentence(reason)
            )
            self._show([TellOnce(0, NOT_KEPT, told)])
        else:
            self._show([ToldIsOver(0, NOT_KEPT)])


def settle_environment() -> None:
    """Keep every library on this machine: no hub, no telemetry. Before any of them is imported, and for children."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"
