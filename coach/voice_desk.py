"""The command ``coach voice``: what is printed and asked about voiceprints.

Owns the words of the command and the question that comes before the first print of a name. Refuses to know how
voices are told apart and where prints lie (`coach.voices`).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from coach import app, voices
from coach.language import phrase
from coach.report.plain import clean
from coach.trouble import Trouble
from coach.writing import number, plural

if TYPE_CHECKING:
    from pathlib import Path

    from coach.settings import Settings


def enrol(settings: Settings, path: Path, *, channel: str, voice: str, name: str, agreed: bool) -> None:
    """Take and keep a print of a voice, once its owner has agreed.

    Args:
        settings: with what finds voice.
        path: a recording.
        channel: ``left`` or ``right`` of one with two channels.
        voice: ``first``, ``second`` … where several speak on that channel; empty where one does.
        name: whose voice it is.
        agreed: a yes was given already.

    Raises:
        Trouble: without a yes, for a file that cannot be read, and for too little voice.
    """
    voices.check_name(name)
    recording = app.open_call(path, settings)
    kept = app.voiceprints_file()
    known = any(p.name == name for p in voices.load_prints(kept))
    if not known:
        click.echo(phrase(voices.NOTICE, path=clean(str(kept)), name=clean(name)))
        _ask(agreed=agreed)
    # --swap and the like turn sides round; here left is the file's own left.
    sides = recording.channels[::-1] if recording.swapped else recording.channels
    side = sides[0] if channel == "left" or len(sides) == 1 else sides[1]
    day = datetime.now(UTC).date().isoformat()  # noqa: TID251 - the day of a yes is today's
    new = voices.enrolled(
        recording, settings.audio.voice_engine, channel=side, name=name, made=day, voice=voice
    )
    voices.keep_print(kept, new)
    line = phrase("a telephone") if new.band == "telephone" else phrase("a full-band line")
    click.echo(
        phrase(
            "{name}: a print of {seconds} s of voice through {line}, kept in {file}.",
            name=clean(name),
            seconds=number(new.seconds),
            line=line,
            file=clean(str(kept)),
        )
    )
    click.echo(
        phrase(
            "Recordings with one channel now find {name}. 'coach voice forget {name}' deletes it.",
            name=clean(name),
        )
    )


def show() -> None:
    """Print the voices that are known, and where their prints lie."""
    kept = app.voiceprints_file()
    prints = voices.load_prints(kept)
    if not prints:
        click.echo(phrase("Coach knows no voice. 'coach voice enrol FILE' takes a print of yours."))
        return
    for p in sorted(prints, key=lambda p: (p.name, p.route, p.band)):
        click.echo(
            f"  {clean(p.name):<16} {p.band:<10} {p.seconds:>5.0f} s  {clean(p.made)}  {clean(p.route)}"
        )
    click.echo("  " + phrase("kept in {file}; 'coach voice forget NAME' deletes one", file=clean(str(kept))))


def forget(name: str) -> None:
    """Delete every print of a voice. Raises `Trouble` where there is none."""
    count = voices.forget(app.voiceprints_file(), name)
    click.echo(f"{clean(name)}: {plural('the print is deleted.', '{n} prints are deleted.', count)}")


def _ask(*, agreed: bool) -> None:
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Trouble("Nothing was kept: nobody said yes.", "Add --yes if you agree.")
    typed = click.prompt(phrase("Type yes to go on"), default=phrase("no"), show_default=False)
    if typed.strip().lower() not in {"yes", phrase("yes")}:
        raise Trouble("Nothing was kept.", "Coach goes on without knowing your voice.")
