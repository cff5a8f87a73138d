"""The terminal side of the kept calls: `coach sessions`, `coach trends`, `coach forget`.

Owns what is printed and asked. Titles and tags are untrusted: control characters never reach the terminal.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from coach import library
from coach.language import phrase, recalled
from coach.locking import needs_opening
from coach.report.habits import practice, progress
from coach.report.listing import Wanted, searched
from coach.report.plain import clean, clock
from coach.report.trends import ESSENTIALS, base_written, middle_written
from coach.settings import CALL_TYPES
from coach.shelf import Shelf, forgettable, remain
from coach.sure import confirm
from coach.trouble import Trouble
from coach.upkeep import due, recovered
from coach.writing import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coach.archive.catalogue import Row

_HOW = "'coach live' and 'coach review' keep one each."
_TITLE_LETTERS = 40
_TOLD_EVERY = 500
_AGE = re.compile(r"(\d{1,5})([dw]?)")
_WEEK = 7
_TYPE_LETTERS = max(map(len, CALL_TYPES))


def show_sessions(wanted: Wanted, *, as_json: bool) -> None:
    """Print the kept calls that are wanted, the latest first: a table, or JSON with everything that is known."""
    ended = recovered()
    rows, note = _rows()
    for said in filter(None, (ended, note)):
        click.echo(phrase(said), err=True)
    found = [rows[i] for i in wanted.fitting([(searched(r), r) for r in rows])]
    if as_json:
        click.echo(
            json.dumps({"format": 1, "sessions": [_plain(r) for r in found]}, ensure_ascii=False, indent=1)
        )
        return
    if not found:
        some = phrase("No call fits.") if rows else phrase("No calls are kept yet.")
        click.echo(f"{some} {phrase(_HOW)}")
        return
    width = max(len(r.name) for r in found)
    for r in found:
        click.echo(_line(r, width))
    click.echo(
        phrase("{n} of {all}", n=len(found), all=len(rows)) if wanted else phrase("{n} in all", n=len(rows))
    )


def show_trends(call_type: str, today: date) -> None:
    """Print the medians of the last calls of a type with their counts, then habit and practice.

    Args:
        call_type: of these calls; empty for the type of the latest.
        today: where four weeks of practice end.
    """
    with closing(Shelf()) as shelf:
        _sync(shelf)
        rows = shelf.rows()
        chosen = call_type or next((r.call_type for r in rows if not r.fault), "")
        if not chosen:
            click.echo(f"{phrase('No calls are kept yet.')} {phrase(_HOW)}")
            return
        found = shelf.trends(chosen, rows)
        habit, trouble = None, ""
        try:
            habit = shelf.habit()
        except Trouble as e:
            trouble = str(e)
        of_habit = shelf.trends(habit.call_type, rows) if habit is not None else ()
        note = shelf.note
    count = sum(r.call_type == chosen and not r.fault for r in rows)
    click.echo(f"{chosen}: {plural('{n} call', '{n} calls', count)}")
    width = max(len(t.label) for t in found)
    for group in ESSENTIALS:
        click.secho(f"  {phrase(group)}", bold=True)
        for t in (t for t in found if t.group == group):
            click.echo(f"    {t.label:<{width}}  {middle_written(t):>9}  {base_written(t)}")
    if habit is not None:
        of = next(t for t in of_habit if t.name == habit.figure)
        click.secho(
            "  "
            + phrase(
                "Your habit ({call_type}): {label}, {written}",
                call_type=habit.call_type,
                label=of.label,
                written=habit.written,
            ),
            bold=True,
        )
        click.echo(f"    {progress(habit, of).told}")
    click.secho("  " + phrase("Practice"), bold=True)
    click.echo(f"    {practice(rows, today).told}")
    for said in filter(None, (trouble, note)):
        click.echo(phrase(said), err=True)


def days_of(age: str) -> int:
    """Return an age in days: ``30``, ``30d``, ``8w``. Raises `Trouble` for another text."""
    found = _AGE.fullmatch(age.strip().lower())
    if found is None:
        raise Trouble("'{age}' is no age.", "Write days or weeks, such as 30d or 8w.", age=age)
    return int(found.group(1)) * (_WEEK if found.group(2) == "w" else 1)


def forget(names: Sequence[str], *, sure: bool, older_than: str = "", today: date | None = None) -> None:
    """Delete sessions, after asking.

    Args:
        names: of sessions.
        sure: without asking.
        older_than: also those that were written to last longer ago than this, such as ``30d``; empty for none.
        today: the date from which that counts.

    Raises:
        Trouble: for a name that is no session, before anything is deleted; and where a file stays.
    """
    named = [forgettable(name) for name in names]
    if older_than and today is not None:
        named += due(library.sessions_folder(), days_of(older_than), today)
    paths = list(dict.fromkeys(named))
    if not paths:
        click.echo(phrase("No call is that old."))
        return
    if not sure:
        for path in paths:
            click.echo(f"  {clean(str(path))}")
        confirm(
            plural(
                "Forget this call, with your notes and all that was drawn from it? Recordings stay where they are.",
                "Forget these {n} calls, with your notes and all that was drawn from them? "
                "Recordings stay where they are.",
                len(paths),
            ),
            abort=True,
        )
    with closing(Shelf()) as shelf:
        copies = shelf.forget(str(p) for p in paths)
    click.echo(phrase("{n} forgotten.", n=len(paths)))
    if copies:
        click.echo(phrase(remain(copies)))
    if needs_opening():
        click.echo(
            phrase(
                "Copies that you exported stay where they are; while your calls are locked Coach cannot name them."
            )
        )


def _rows() -> tuple[list[Row], str]:
    with closing(Shelf()) as shelf:
        _sync(shelf)
        return shelf.rows(), shelf.note


def _sync(shelf: Shelf) -> None:
    """Bring the list in step; the first time that takes its time, and says so."""
    read = 0

    def tell(_: Row) -> None:
        nonlocal read
        read += 1
        if read % _TOLD_EVERY == 0:
            click.echo(phrase("Reading your calls: {read} so far.", read=read), err=True)

    shelf.sync(told=tell)


def _plain(row: Row) -> dict[str, Any]:
    return {k: v for k, v in row._asdict().items() if k != "at"}


def _line(r: Row, width: int) -> str:
    when = r.began[:16].replace("T", " ")
    if r.fault:
        return f"  {clean(r.name):<{width}}  {phrase('cannot be read: {why}', why=clean(recalled(r.fault)))}"
    title = clean(r.title)[:_TITLE_LETTERS] if r.title != r.name else ""
    tags = " ".join(f"#{clean(t)}" for t in r.tags)
    counts = plural("{n} nudge", "{n} nudges", r.nudges)
    return (
        f"  {clean(r.name):<{width}}  {when:<16}  {r.call_type:<{_TYPE_LETTERS}}  {clock(r.duration_s):>6}  "
        f"{counts:>9}  {title} {tags}".rstrip()
        + (f"\n      {clean(recalled(r.note))}" if r.note else "")
    )
