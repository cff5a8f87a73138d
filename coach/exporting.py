"""Writing calls out: which files, where, and each of them whole or not at all.

With `coach.library` part of the composition: makes a card of a kept session, asks `coach.report.exports` for text and
`coach.ui.paper` for a PDF. Owns the one place from which results are written.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coach import app
from coach.archive.catalogue import instant
from coach.archive.exports import note_down
from coach.archive.private import FILE
from coach.call.events import SentenceHeard
from coach.call.hand import corrected
from coach.report.card import make_card
from coach.report.exports import Format, format_of_file, formats_named
from coach.shelf import Shelf
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coach.library import Opened
    from coach.report.card import Card, Pair

_MOST_LETTERS: Final = 100  # of a file's name: with an ending short enough for every file system
_RESERVED: Final = re.compile(
    r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?"
)  # names that Windows keeps for itself


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to be written.

    Args:
        place: a file, or a folder.
        formats: what to write there, one for a file.
        folder: ``place`` is a folder; files in it are named by the call.
    """

    place: Path
    formats: tuple[Format, ...]
    folder: bool


def wishes(to: Sequence[str], formats: Sequence[str], usually: Sequence[str] = ("html",)) -> tuple[Wish, ...]:
    """Return what is to be written where.

    A place is a folder when it is one, ends in a slash, or has no ending; it gets all formats that are named. Else
    it is a file, and its ending tells the format; where that could be two ("x.csv") or is none of ours, the one that
    is named.

    Args:
        to: places as the user wrote them.
        formats: names of formats; a name may be several with commas between.
        usually: what a folder gets where none is named.

    Raises:
        Trouble: for a format that does not exist, or a file whose format nobody can tell.
    """
    named = formats_named(name for part in formats for name in part.split(","))
    return tuple(_wish(place, named, formats_named(usually)) for place in to)


def _wish(place: str, named: tuple[Format, ...], usually: tuple[Format, ...]) -> Wish:
    path = Path(place)
    if path.is_dir() or place.endswith(("/", os.sep)) or not path.suffix:
        return Wish(path, named or usually, folder=True)
    fit = [f for f in named if f.ending.endswith(path.suffix.lower())]
    told = format_of_file(path.name)
    chosen = fit[0] if len(fit) == 1 else told or (named[0] if len(named) == 1 else None)
    if chosen is None:
        raise Trouble(
            "The ending of '{place}' is no format that Coach writes.", "Name one with --format.", place=place
        )
    return Wish(path, (chosen,), folder=False)


def card_of(opened: Opened, past: Sequence[Mapping[str, float]] = ()) -> Card:
    """Return the card of a kept session.

    Args:
        opened: the session.
        past: the figures by name of earlier calls of the same type, the newest first.
    """
    return make_card(
        opened.report,
        line=opened.timeline,
        past=past,
        put_right=_put_right(opened),
        began=opened.began,
        tags=opened.hand.tags,
    )


def past_of(opened: Opened) -> list[dict[str, float]]:
    """Return the figures of the calls of its type before it, the newest first; none where its day is not known.

    Raises:
        Trouble: when the list of calls cannot be read.
    """
    if instant(opened.began) is None:
        return []  # nobody knows what was before it
    with closing(Shelf()) as shelf:
        shelf.sync()
        return shelf.last_figures(opened.report.call_type, opened.began)


def export(
    card: Card, wanted: Sequence[Wish], name: str = "", *, several: bool = False, session: Path | None = None
) -> list[Path]:
    """Write a call to every place that was wished for; all files are whole, or none is there.

    Args:
        card: the call.
        wanted: what to write where.
        name: of the files in folders; the call's title where empty.
        several: there are more calls than this one, so that every place must be a folder.
        session: what it is a copy of, to be named when that is forgotten; None for the session that the card names.

    Returns:
        The files.

    Raises:
        Trouble: when one cannot be written, or a PDF cannot be drawn here.
    """
    stem = file_name(name or card.report.title)
    files: dict[Path, bytes] = {}
    for wish in wanted:
        for form in wish.formats:
            in_folder = wish.folder or several
            files[wish.place / f"{stem}{form.ending}" if in_folder else wish.place] = written_as(card, form)
    write_whole(files)
    kept = session or Path(str(card.report.audio.get("session", "")))
    if kept.parent.resolve() == app.sessions_folder().resolve():
        note_down(kept, files)
    return list(files)


def written_as(card: Card, form: Format) -> bytes:
    """Return a call in one format. Raises `Trouble` when a PDF cannot be drawn here."""
    if form.write is not None:
        # A lone half of a character, which no file can hold, may be in words that came from elsewhere.
        return form.write(card).encode("utf-8", "replace")
    try:
        from coach.ui.paper import paper  # noqa: PLC0415 - Qt loads only when a PDF is asked for
    except ImportError as e:
        raise Trouble(
            "A PDF cannot be drawn here: {why}.",
            "'coach doctor' says what is missing; or write html and print that.",
            why=e,
        ) from e
    return paper(card)


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files, all whole or none at all; one that is there already gives way only when all are written.

    Raises:
        Trouble: when one cannot be written.
    """
    parts = {path: path.with_name(f"{path.name}.{os.getpid()}.part") for path in files}
    path = Path()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path].write_bytes(data)
            if path.resolve().is_relative_to(app.data_folder().resolve()):
                parts[path].chmod(FILE)  # elsewhere it is for the rep to say who may read it
        for path, part in parts.items():
            part.replace(path)
    except OSError as e:
        raise Trouble("{path} cannot be written: {why}.", "Choose another place.", path=path, why=e) from e
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


def file_name(title: str) -> str:
    """Return a title as the name of a file that every system takes; ``call`` where nothing of it is left."""
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "-" for c in title)
    plain = plain[:_MOST_LETTERS].strip(" .-") or "call"
    return f"{plain}-" if _RESERVED.fullmatch(plain) else plain


def file_names(wanted: Sequence[tuple[Path, str, str]]) -> list[str]:
    """Return a name for each of many files, none of which is another's in its folder, however a disk compares them.

    Args:
        wanted: for each the folder, the name it would have, and a longer one where that is another's too.
    """
    alike = Counter((folder, file_name(short).casefold()) for folder, short, _ in wanted)
    taken: set[tuple[Path, str]] = set()
    names: list[str] = []
    for folder, short, long in wanted:
        name = first = file_name(short if alike[folder, file_name(short).casefold()] == 1 else long)
        number = 1
        while (folder, name.casefold()) in taken:
            number += 1
            ending = f"-{number}"
            name = file_name(f"{first[: _MOST_LETTERS - len(ending)]}{ending}")
        taken.add((folder, name.casefold()))
        names.append(name)
    return names


def _put_right(opened: Opened) -> tuple[Pair, ...]:
    """Return the corrected sentences, the machine's and the hand's, in order of time."""
    corrections = opened.hand.corrections
    heard = (e for e in opened.stored.events if isinstance(e, SentenceHeard))
    machine = sorted((s for s in heard if (s.who, s.start_ms) in corrections), key=lambda s: s.start_ms)
    return tuple((s, h) for s in machine for h in corrected([s], corrections) if isinstance(h, SentenceHeard))
