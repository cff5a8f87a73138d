"""Look at this machine: what is here, what is missing, how to mend it.

Owns the list of checks. Each is one sentence and, where something is wrong, one more on what to do. Nothing
here changes anything.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach import app
from coach.audio.devices import how_to_hear_them, list_devices
from coach.audio.voice import make_detector
from coach.call.vocabulary import LANGUAGE
from coach.language import Sentence, in_a_row, phrase
from coach.nudges.rules import unread
from coach.settings import Settings, knobs
from coach.speech.models import check_language, find_model
from coach.trouble import Trouble
from coach.ui.screen import debian_packages, missing_libraries, screen_available
from coach.writing import short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coach.audio.devices import Device

_KINDS: Final = {"microphone": "Microphone", "loopback": "Loopback"}
_NONE: Final = {"microphone": "No microphone was found.", "loopback": "No loopback was found."}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``state`` is ``well``, ``note`` (works with less) or ``ill``.

    ``about`` is one word of ours for what was looked at; the sentences may hold names of the user's.
    """

    about: str
    state: str
    what: str
    mend: str = ""


def examine(settings_path: Path | None = None) -> Iterator[Check]:
    """Yield the checks, the most needed first."""
    yield Check("python", "well", f"Python {sys.version.split()[0]}")
    settings, check = _settings(settings_path)
    yield check
    yield _model(settings)
    yield _voice(settings)
    yield from _sound()
    yield _screen()
    yield _folder()


def setting_lines() -> Iterator[str]:
    """Yield every setting as it could stand in the settings file, with its range, unit and sentence."""
    yield "# " + phrase(
        "Settings of Coach, as they are without a file. Yours: {file}", file=app.settings_file()
    )
    section = ""
    for knob in knobs():
        home, _, key = knob.name.rpartition(".")
        if home != section:
            section = home
            yield f"\n[{section}]"
        bounds = ""
        if knob.low is not None:
            told = phrase("{low} to {high}", low=short(knob.low, 3), high=short(knob.high or 0.0, 3))
            bounds = f" ({told} {phrase(knob.unit)})"
        if knob.choices:
            bounds = f" ({', '.join(repr(c) for c in knob.choices)})"
        value = _toml(knob.default)
        yield f"{key} = {value}  # {phrase(knob.what)}{bounds}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(list(value) if isinstance(value, tuple) else value).replace("'", '"')


def _settings(path: Path | None) -> tuple[Settings, Check]:
    try:
        settings = app.load_settings(path)
    except Trouble as trouble:
        return Settings(), Check("settings", "ill", trouble.what, trouble.mend)
    shown = path or app.settings_file()
    return settings, Check(
        "settings",
        "well",
        Sentence("Settings: {file}", file=shown)
        if shown.exists()
        else Sentence("Settings: as delivered; yours would stand in {file}", file=shown),
    )


def _model(settings: Settings) -> Check:
    try:
        model = find_model(settings.speech.model)
        check_language(model, language := settings.speech.language)
    except Trouble as trouble:
        return Check("model", "ill", trouble.what, trouble.mend)
    pinned = Sentence("every byte as pinned") if model.pinned else Sentence("your own")
    what = Sentence("Speech model {name}: {pinned}", name=model.name, pinned=pinned)
    if language != LANGUAGE:
        told = Sentence("{model}; the language is '{language}'.", model=what, language=language)
        return Check("model", "note", told, unread(language))
    return Check("model", "well", what)


def _voice(settings: Settings) -> Check:
    try:
        make_detector(settings.audio.voice_engine)
    except Trouble as trouble:
        return Check("voice", "ill", trouble.what, trouble.mend)
    return Check("voice", "well", Sentence("Voice activity: {engine}", engine=settings.audio.voice_engine))


def _sound() -> Iterator[Check]:
    try:
        found = list_devices()
    except Trouble as trouble:
        yield Check("sound", "ill", trouble.what, trouble.mend)
        return
    yield _heard(found, "microphone", Sentence("Plug one in, or check that the sound server runs."))
    yield _heard(
        found,
        "loopback",
        in_a_row(
            Sentence("Calls go on with your microphone alone: airtime and monologue, no talk share."),
            how_to_hear_them(),
        ),
    )


def _heard(found: tuple[Device, ...], kind: str, mend: str) -> Check:
    names = [d.label for d in found if d.kind == kind]
    if not names:
        return Check(kind, "note", Sentence(_NONE[kind]), mend)
    chosen = next((d.label for d in found if d.kind == kind and d.default), names[0])
    told = (
        Sentence("{kind}: {name}, and {n} more", kind=Sentence(_KINDS[kind]), name=chosen, n=len(names) - 1)
        if names[1:]
        else Sentence("{kind}: {name}", kind=Sentence(_KINDS[kind]), name=chosen)
    )
    return Check(kind, "well", told)


def _screen() -> Check:
    if not screen_available():
        return Check(
            "screen", "note", Sentence("There is no screen here: nudges come as lines in the terminal.")
        )
    missing = missing_libraries() if sys.platform == "linux" else []
    if missing:
        wanted = " ".join(debian_packages(missing))
        return Check(
            "screen",
            "ill",
            Sentence("The screen needs {names}.", names=", ".join(missing)),
            f"sudo apt-get install -y --no-install-recommends {wanted}",
        )
    return Check("screen", "well", Sentence("A screen for the overlay"))


def _folder() -> Check:
    folder = app.data_folder()
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    if not os.access(nearest, os.W_OK):
        return Check(
            "folder",
            "ill",
            Sentence("Sessions cannot be written to {folder}.", folder=folder),
            Sentence("Make the folder writable for you."),
        )
    return Check("folder", "well", Sentence("Sessions: {folder}", folder=app.sessions_folder()))
