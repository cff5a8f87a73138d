"""Write a report for a bug that holds no words.

Owns what may be in it: versions, the system, which settings are not as delivered, how many of which event the last call
had, and which faults were noted. Nothing that anybody said, typed or is called: texts of settings, names of devices,
titles, paths of a home folder are left out, or stand as ``(yours)``. It is a plain text file, to be read before it is
sent; nothing is sent by the program.
"""

from __future__ import annotations

import os
import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coach import __version__, app, mishaps
from coach.settings import Settings, knobs
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS: Final = (
    "PySide6-Essentials",
    "av",
    "ctranslate2",
    "faster-whisper",
    "numpy",
    "onnxruntime",
    "pulsectl",
    "sounddevice",
    "soxr",
    "webrtcvad-wheels",
)
SCREEN: Final = ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR")
YOURS: Final = "(yours)"


def write_bundle(to: Path, settings_path: Path | None) -> None:
    """Write the report.

    Args:
        to: the file; one that is there already is kept.
        settings_path: the user's settings file; None for the usual one.

    Raises:
        Trouble: when it cannot be written.
    """
    text = "\n".join(lines(settings_path)) + "\n"
    try:
        with os.fdopen(
            os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
    except FileExistsError as e:
        raise Trouble("{to} is there already.", "Choose another name.", to=to) from e
    except OSError as e:
        raise Trouble("{to} cannot be written: {why}.", "Choose another place.", to=to, why=e) from e


def lines(settings_path: Path | None) -> Iterator[str]:
    """Yield the report."""
    yield "Coach: a report for a bug. No word of any call is in it; read it before you send it."
    yield ""
    yield f"coach {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    yield f"{platform.machine()}, {os.cpu_count()} cores"
    yield from (f"{name} {_version(name)}" for name in PARTS)
    yield from (f"{name}={_plain(os.environ[name])}" for name in SCREEN if name in os.environ)
    yield ""
    yield from _settings(settings_path)
    yield ""
    yield from _checks(settings_path)
    yield ""
    yield from _last_call()
    yield ""
    faults = mishaps.noted(app.data_folder())
    yield "Faults that were noted:" if faults else "No fault was noted."
    yield from (f"  {line}" for line in faults)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"


def _plain(value: str) -> str:
    """Return a word of the environment without anything that a person might have written into it."""
    return "".join(c for c in value if c.isalnum() or c in "-_.:")[:40]


def _settings(path: Path | None) -> Iterator[str]:
    try:
        settings = app.load_settings(path)
    except Trouble:
        yield "The settings file cannot be read."
        return
    changed = list(_changed(settings))
    yield "Settings that are not as delivered:" if changed else "Settings as delivered."
    yield from changed


def _changed(settings: Settings) -> Iterator[str]:
    for knob in knobs():
        value: object = settings
        for part in knob.name.split("."):
            value = getattr(value, part)
        if value != knob.default:
            ours = isinstance(value, bool | int | float) or knob.choices
            yield f"  {knob.name} = {value if ours else YOURS}"


def _checks(path: Path | None) -> Iterator[str]:
    """Yield how the checks of ``coach doctor`` went, without their sentences: names stand in those."""
    from coach import doctor  # noqa: PLC0415 - looks at devices and models, and only here

    yield "Checks:"
    for check in doctor.examine(path):
        yield f"  {check.state:4}  {check.about}"


def _last_call() -> Iterator[str]:
    from coach import library  # noqa: PLC0415 - opens the shelf of past calls, and only here
    from coach.archive.locker import Locked  # noqa: PLC0415 - the same
    from coach.archive.log import read_session  # noqa: PLC0415 - the same

    try:
        stored = read_session(library.find_session("last"))
    except Locked:
        yield "The last call is locked."
        return
    except Trouble:
        yield "No call is kept."
        return
    counts = Counter(type(e).__name__ for e in stored.events)
    counts.update(f"nudge {n.rule}" for n in stored.nudges)
    counts.update(f"trouble {code}" for e in stored.events if (code := getattr(e, "code", "")))
    last_ms = stored.events[-1].at_ms if stored.events else 0
    yield f"The last call: {last_ms / 1000:.0f} s"
    yield from (f"  {count:6} {what}" for what, count in sorted(counts.items()))


def default_place() -> Path:
    """Return where the report goes unless somewhere else is named: the folder in which the command was typed."""
    return Path.cwd() / "coach-report.txt"
