"""Everything that Coach keeps, written into one new folder in open formats, with a list of what is what.

Owns what goes there and how it is named. It is read through the same doors as everything else, so a log comes out as
it is documented (``docs/session-format.md``), however it lies on the disk. Nothing that is there already is touched,
nothing is written outside the folder, and it appears under its name only once it is whole. Voice prints are listed, not
written out: a print is the one thing here that nobody else should ever have.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from coach import app, library, voices
from coach.archive import habit, soundfile
from coach.archive.exports import copies_of, note_down
from coach.archive.hand import read_hand
from coach.archive.log import read_records
from coach.archive.private import FILE, FOLDER, sync_folder
from coach.archive.records import sealed
from coach.exporting import card_of, file_names, written_as
from coach.language import Sentence, in_a_row
from coach.report.exports import formats_named
from coach.settings import knobs, value_at
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coach.settings import Settings

FORMAT: Final = 1
_FORMATS: Final = formats_named(("html", "json", "csv", "sentences", "vtt"))
"""Of each call; the PDF is the page on paper, the rest holds no more than these."""
_SESSIONS: Final = "sessions"
_PART_BYTES: Final = 1 << 20

_READ_ME: Final = """Everything that Coach kept on this computer, written out by 'coach export --all'.

{calls}, in the folder 'sessions', one folder for each:
  log.jsonl           what was heard and shown, a JSON object a line, each with a checksum of its own
  notes.json          what you wrote: title, tags, notes, corrections
  sound.flac          the sound, left is you, right is the other side; only where you had it kept
  call.html           the report card, to read in any browser
  call.json           the same for programs
  call.csv            the figures, for a spreadsheet
  call.sentences.csv  every sentence, for a spreadsheet
  call.vtt            what was said, as subtitles
  copies.json         where you had copies of this call written

And beside that folder:
  settings.toml       your settings as you wrote them
  settings.json       every setting with its value now
  habit.json          the habit you work at
  voices.json         which voices Coach knows; the prints themselves are not here
  manifest.json       every file here with its size and SHA-256, and what could not be written out

A dot for each word stands where words were not kept. Recordings that you gave to Coach lie where you have them and are
not copied; manifest.json names them. The formats are described in docs/session-format.md of Coach.

Whoever has this folder can read all of it. Nobody but you can now; take care where you put it.
"""


def export_all(folder: Path, settings: Settings, settings_file: Path) -> str:
    """Write everything out; return what to tell of it.

    Args:
        folder: a new one, or one with nothing in it.
        settings: every knob.
        settings_file: where they stand.

    Raises:
        Trouble: for a folder that cannot be taken, before anything is written; and where the disk refuses, when nothing
            of it stays.
    """
    folder = folder.expanduser().absolute()
    _refuse(folder)
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir(mode=FOLDER)
        whole = _Whole(part)
        sessions = _write_sessions(whole, settings)
        _write_rest(whole, settings, settings_file)
        calls = f"{len(sessions)} call{'s' if len(sessions) != 1 else ''}"
        whole.text("READ ME.txt", _READ_ME.format(calls=calls.capitalize()), "what is what")
        whole.manifest()
        if folder.is_dir() and sys.platform == "win32":
            folder.rmdir()  # which is empty; elsewhere a folder takes its place
        part.rename(folder)
    except OSError as e:
        raise Trouble(
            "It could not be written to {folder}: {why}.",
            "Choose a place with more space.",
            folder=folder,
            why=e,
        ) from e
    finally:
        shutil.rmtree(part, ignore_errors=True)
    sync_folder(folder.parent)
    for session, name in sessions.items():
        note_down(session, [folder / _SESSIONS / name])
    told = (
        "Everything is in {folder}: 1 call, and READ ME.txt says what is what. Readable by you alone."
        if len(sessions) == 1
        else "Everything is in {folder}: {n} calls, and READ ME.txt says what is what. Readable by you alone."
    )
    left = (
        Sentence("{n} could not be read; manifest.json names them.", n=len(whole.faults))
        if whole.faults
        else ""
    )
    return in_a_row(Sentence(told, folder=folder, n=len(sessions)), left)


def _refuse(folder: Path) -> None:
    """Raise `Trouble` for a folder that has something in it, is something else, or lies where Coach keeps its own."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Trouble("'{folder}' is there already and is no folder.", "Name a new one.", folder=folder)
    try:
        taken = folder.is_dir() and any(folder.iterdir())
    except OSError as e:
        raise Trouble(
            "'{folder}' cannot be looked into: {why}.", "Name a new one.", folder=folder, why=e
        ) from e
    if taken:
        raise Trouble(
            "There is something in '{folder}' already, and nothing of it is touched.",
            "Name a new one.",
            folder=folder,
        )
    if folder.resolve().is_relative_to(app.data_folder().resolve()):
        raise Trouble(
            "'{folder}' lies where Coach itself keeps its calls.",
            "Name a folder somewhere else.",
            folder=folder,
        )


class _Whole:
    """The folder while it is written.

    Args:
        root: where.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[dict[str, str]] = []
        self.recordings: list[str] = []
        self._files: list[dict[str, Any]] = []

    def text(self, name: str, text: str, what: str) -> None:
        """Write a text."""
        self.data(name, text.encode("utf-8", "replace"), what)

    def plain(self, name: str, value: object, what: str) -> None:
        """Write a value as JSON."""
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1) + "\n", what)

    def data(self, name: str, data: bytes, what: str) -> None:
        """Write bytes. Raises OSError."""
        with self._made(name) as out:
            out.write(data)
        self._note(name, len(data), hashlib.sha256(data).hexdigest(), what)

    def copy(self, name: str, source: Path, what: str) -> None:
        """Write what another file holds, a part at a time. Raises OSError."""
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as read, self._made(name) as out:
            while data := read.read(_PART_BYTES):
                digest.update(data)
                size += len(data)
                out.write(data)
        self._note(name, size, digest.hexdigest(), what)

    def fault(self, what: str, why: str) -> None:
        """Take note of something that could not be read."""
        self.faults.append({"what": what, "why": why})

    def manifest(self) -> None:
        """Write the list of what is here."""
        said = {
            "format": FORMAT,
            "what": "coach everything",
            "files": self._files,
            "recordings_elsewhere": self.recordings,
            "not_written": self.faults,
        }
        with self._made("manifest.json") as out:
            out.write((json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))

    def _made(self, name: str) -> Any:
        path = self.root / name
        for folder in reversed(path.relative_to(self.root).parents):
            (self.root / folder).mkdir(mode=FOLDER, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "wb")

    def _note(self, name: str, size: int, digest: str, what: str) -> None:
        self._files.append({"file": name, "what": what, "bytes": size, "sha256": digest})


def _write_sessions(whole: _Whole, settings: Settings) -> dict[Path, str]:
    """Write every session; return the folder of each."""
    found = library.sessions()
    names = file_names([(whole.root, session.stem, session.stem) for session in found])
    for session, name in zip(found, names, strict=True):
        place = f"{_SESSIONS}/{name}"
        _write_log(whole, session, place)
        try:
            _write_opened(whole, session, place, settings)
        except Trouble as trouble:
            whole.fault(f"the report of {session.name}", trouble.sentence)
        sound = soundfile.sound_path(session)
        if sound.is_file():
            whole.copy(f"{place}/sound.flac", sound, "its sound: left is you, right is the other side")
        if copies := copies_of(session, there=False):
            whole.plain(f"{place}/copies.json", [str(c) for c in copies], "where copies of it were written")
    return dict(zip(found, names, strict=True))


def _write_log(whole: _Whole, session: Path, place: str) -> None:
    try:
        records = read_records(session)
    except Trouble as trouble:
        whole.fault(session.name, trouble.sentence)
        return
    if records.damage:
        whole.fault(session.name, records.damage)
    log = b"".join(sealed(line.removesuffix("\n")) for line in records.lines)
    whole.data(f"{place}/log.jsonl", log, "what was heard and shown")


def _write_opened(whole: _Whole, session: Path, place: str, settings: Settings) -> None:
    """Write what is drawn from a session. Raises `Trouble` when it cannot be read."""
    hand = read_hand(session)
    written = {
        "title": hand.title,
        "tags": list(hand.tags),
        "rep": hand.rep,
        "notes": [dataclasses.asdict(n) for n in hand.notes.values()],
        "corrections": [dataclasses.asdict(c) for c in hand.corrections.values()],
    }
    whole.plain(f"{place}/notes.json", written, "what you wrote about it")
    opened = library.open_session(session, settings)
    card = card_of(opened)
    for form in _FORMATS:
        whole.data(f"{place}/call{form.ending}", written_as(card, form), "the call, drawn from its log")
    if opened.recording is not None and opened.recording != soundfile.sound_path(session):
        whole.recordings.append(str(opened.recording))


def _write_rest(whole: _Whole, settings: Settings, settings_file: Path) -> None:
    if settings_file.is_file():
        whole.copy("settings.toml", settings_file, "your settings as you wrote them")
    values = {knob.name: value_at(settings, knob.name) for knob in knobs()}
    whole.plain("settings.json", values, "every setting with its value now")
    with suppress(Trouble):
        chosen = habit.read_habit(app.data_folder() / habit.NAME)
        whole.plain("habit.json", dict(chosen), "the habit you work at")
    try:
        prints: Sequence[Any] = voices.load_prints(app.voiceprints_file())
    except Trouble as trouble:
        whole.fault("voices", trouble.sentence)
        prints = ()
    listed = [{"name": p.name, "route": p.route, "made": p.made} for p in prints]
    whole.plain("voices.json", listed, "voices that Coach knows; the prints themselves are not here")
