"""Many recordings in the terminal: what was done before, a line for each that is done now, and the sum.

Owns what is printed of a folder and which files are written about it. How recordings are coached is handed in; which
ones are to be coached is decided in `coach.batch`.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach import library
from coach.archive.log import read_session
from coach.call.events import CallStarted
from coach.exporting import Wish, export, file_names
from coach.jobs import Coached, Failed, Progress
from coach.language import phrase, recalled
from coach.report.card import make_card
from coach.report.exports import formats_named
from coach.report.plain import clean
from coach.report.tables import Tables
from coach.trouble import Trouble
from coach.writing import plural
from coach.writing import share as share_written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from click._termui_impl import ProgressBar

    from coach.batch import Plan
    from coach.jobs import Tell
    from coach.library import Opened
    from coach.report.document import CallReport
    from coach.settings import Settings

_BAR = 1000
"""Steps of the progress bar a recording."""
_EVERY = 20
"""Recordings between two lines of how far the looking is."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Folders to write results to: a JSON and a page a recording, three tables of all, and what else was wished for."""

    json: Path | None = None
    html: Path | None = None
    parquet: Path | None = None
    also: tuple[Wish, ...] = ()

    @property
    def of_each(self) -> bool:
        """Say whether anything is written of each recording."""
        return self.json is not None or self.html is not None or bool(self.also)


def looking(at: int, of: int) -> None:
    """Say, where somebody watches, which recording is looked at: thousands take a while."""
    if sys.stderr.isatty() and (at % _EVERY == 0 or at == of - 1):
        said = phrase("Looking at {all} recordings: {n}", all=of, n=at + 1)
        click.echo(f"\r{said}" if at < of - 1 else f"\r{' ' * len(said)}\r", nl=False, err=True)


def run_many(
    plan: Plan, settings: Settings, coach: Callable[[Sequence[Path], Tell], None], outputs: Outputs
) -> None:
    """Coach what is still to be coached, and say what became of it.

    Args:
        plan: what is to do and what was done before.
        settings: with the type of call.
        coach: coaches recordings and tells of each; see `coach.jobs.coach_all`.
        outputs: what to write; results of earlier times are written as well.

    Raises:
        Trouble: that some recordings could not be coached; also what ``coach`` raises.
        KeyboardInterrupt: after Ctrl-C, once it was said how far it came.
    """
    click.echo(_found(plan))
    if settings.storage.keep == "nothing":
        click.echo(phrase("Nothing is kept (storage.keep), so after a stop all of them are to do again."))
    for path, trouble in plan.unread:
        click.echo(f"  {clean(path.name)}: {trouble}", err=True)
    tables: AbstractContextManager[Tables | None] = (
        nullcontext() if outputs.parquet is None else Tables(outputs.parquet)
    )
    with tables as into:
        desk = _Desk(plan, settings, outputs, into)
        desk.write_earlier()
        try:
            desk.coach(coach)
        except KeyboardInterrupt:
            click.echo("\n" + desk.sum(stopped=True) + " " + phrase("No half result was left."), err=True)
            raise
    click.echo(desk.sum())
    if outputs.parquet is not None:
        click.echo("  " + phrase("written: {path}", path=outputs.parquet))
    failed = desk.failed + len(plan.unread)
    if failed:
        raise Trouble(
            "{failed} of {count} recordings could not be coached.",
            "The others are done.",
            failed=failed,
            count=plan.count,
        )
    if desk.unwritten:
        raise Trouble(
            "Of {unwritten} of {count} recordings not all could be written.",
            "It is said above why.",
            unwritten=desk.unwritten,
            count=plan.count,
        )


def _found(plan: Plan) -> str:
    found = plural("{n} recording", "{n} recordings", plan.count)
    parts = [f"{found}: {phrase('{n} to do', n=len(plan.todo))}"]
    if plan.done:
        parts.append(phrase("{n} done before (--again does them anew)", n=len(plan.done)))
    if plan.copies:
        parts.append(phrase("{n} the very same as another", n=len(plan.copies)))
    return ", ".join(parts) + "."


@dataclass(slots=True)
class _Desk:
    """One run over a plan."""

    plan: Plan
    settings: Settings
    outputs: Outputs
    tables: Tables | None
    failed: int = 0
    now: int = 0
    unwritten: int = 0
    _places: dict[Path, tuple[Path, str]] = field(init=False)
    """For each recording the folder of its results, within that of all, and the name of its files."""

    def __post_init__(self) -> None:
        paths = sorted({*self.plan.todo, *(path for path, _ in self.plan.done)})
        parents = [path.resolve().parent for path in paths]
        try:
            root = Path(os.path.commonpath(parents))
            within = [parent.relative_to(root) for parent in parents]
        except ValueError:  # none at all, or on two drives
            within = [Path() for _ in paths]
        # By the recording, never by the call's title: people call two alike, and change their minds.
        names = file_names([(at, p.stem, p.name) for at, p in zip(within, paths, strict=True)])
        self._places = dict(zip(paths, zip(within, names, strict=True), strict=True))

    def write_earlier(self) -> None:
        """Write what was asked for about recordings that were done before; what is damaged is to do again."""
        if self.tables is None and not self.outputs.of_each:
            return
        done: list[tuple[Path, Path]] = []
        todo = list(self.plan.todo)
        for path, session in self.plan.done:
            try:
                opened = library.open_session(session, self.settings)
            except Trouble as trouble:
                if _is_whole(session):  # what is by its side is the fault, which another log would not mend
                    self._not_written(path, trouble)
                    done.append((path, session))
                else:
                    click.echo(
                        f"  {clean(path.name)}: {phrase(trouble.what)} {phrase('It is coached anew.')}",
                        err=True,
                    )
                    todo.append(path)
                continue
            done.append((path, session))
            self._tabulate(path, opened)
            self._write(path, opened.report)
        self.plan = replace(self.plan, todo=tuple(todo), done=tuple(done))

    def coach(self, coach: Callable[[Sequence[Path], Tell], None]) -> None:
        """Coach what is to do, with a bar; a line for each as it is done."""
        todo = self.plan.todo
        if not todo:
            return
        parts = [0.0] * len(todo)
        bar = click.progressbar(length=_BAR * len(todo), file=sys.stderr, show_eta=True, show_percent=True)

        def tell(event: Progress | Coached | Failed) -> None:
            parts[event.index] = event.share if isinstance(event, Progress) else 1.0
            bar.update(round(_BAR * sum(parts)) - bar.pos)
            if not isinstance(event, Progress):
                self._ended(event, todo[event.index], bar)
                bar.label = phrase("{n} of {all} done", n=self.now + self.failed, all=len(todo))

        with bar:
            bar.label = phrase("{n} of {all} done", n=0, all=len(todo))
            bar.render_progress()
            coach(todo, tell)

    def sum(self, *, stopped: bool = False) -> str:
        """Say how many were done before and now, failed, and are left."""
        said = phrase(
            "Done before: {before}. Done now: {now}. Failed: {failed}.",
            before=len(self.plan.done),
            now=self.now,
            failed=self._all_failed,
        )
        left = len(self.plan.todo) - self.now - self.failed
        more = phrase("Still to do: {n}; start it again to go on from there.", n=left)
        return f"{said} {more}" if stopped else said

    @property
    def _all_failed(self) -> int:
        return self.failed + len(self.plan.unread)

    def _ended(self, event: Coached | Failed, path: Path, bar: ProgressBar[int]) -> None:
        if not bar.hidden:
            click.echo("", err=True)
        if isinstance(event, Failed):
            self.failed += 1
            click.echo(f"  {clean(path.name)}: {event.trouble}", err=True)
            return
        self.now += 1
        click.echo(f"  {clean(path.name)}: {_line(event.report)}")
        self._write(path, event.report)
        if self.tables is None:
            return
        if kept := event.report.audio.get(
            "session"
        ):  # less may be kept than was heard; a table holds no more
            try:
                opened = library.open_session(Path(str(kept)), self.settings)
            except Trouble as trouble:
                self._not_written(path, trouble)
            else:
                self._tabulate(path, opened)
        else:
            about = library.about_recording(path, self.settings)
            call = library.recording_session(about["recording"]["sha256"]).stem
            self.tables.add(call, event.report, file=str(path.resolve()), began=about["began"])

    def _not_written(self, path: Path, trouble: Trouble) -> None:
        self.unwritten += 1
        click.echo(f"  {clean(path.name)}: {clean(str(trouble))}", err=True)

    def _tabulate(self, path: Path, opened: Opened) -> None:
        if self.tables is not None:
            self.tables.add(opened.path.stem, opened.report, file=str(path.resolve()), began=opened.began)

    def _write(self, path: Path, report: CallReport) -> None:
        if not self.outputs.of_each:
            return
        within, name = self._places[path]
        pairs = (("json", self.outputs.json), ("html", self.outputs.html))
        wanted = [Wish(out, formats_named([form]), folder=True) for form, out in pairs if out is not None]
        wanted += self.outputs.also
        export(make_card(report), [replace(w, place=w.place / within) for w in wanted], name, several=True)


def _is_whole(session: Path) -> bool:
    """Say whether a log can be read, all of it, and says that there was a call."""
    try:
        stored = read_session(session)
    except Trouble:
        return False
    return not stored.damage and any(isinstance(event, CallStarted) for event in stored.events)


def _line(report: CallReport) -> str:
    """Say what came of one recording, in one line."""
    seconds = round(report.audio.get("duration_s") or 0)
    share = next((f.value for f in report.figures if f.name == "talk_share"), None)
    parts = [f"{seconds // 60}:{seconds % 60:02d}"]
    if share is not None:
        parts.append(phrase("you talked {share} of the time", share=share_written(share)))
    count = len(report.nudges)
    parts.append(plural("{n} nudge", "{n} nudges", count) if count else phrase("not one nudge"))
    note = recalled(report.audio.get("note", ""))
    return ", ".join(parts) + (f". {clean(note)}" if note else "")
