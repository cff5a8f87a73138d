"""The command line of what is kept: `coach keep` shows and sets it, `coach panic` stops at once.

Owns these commands, their words and their exit codes (as in `coach.cli`). What becomes of a call is decided by the
Coach that runs; only where that gives no answer is it ended from here, and its call treated as it would have been.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Final

import click

from coach.language import phrase
from coach.trouble import Trouble
from coach.writing import plural

if TYPE_CHECKING:
    from pathlib import Path

ANSWER_MS: Final = 2_500
"""A Coach that says nothing to a panic for so long hangs, and is ended: its microphone may still be open."""

NOT_RUNNING: Final = "No Coach with a window runs. A call in a terminal (--headless) ends there, with Ctrl-C."
ENDED: Final = "Coach gave no answer, so it was ended: nothing listens any more."
_OF_YOU: Final = {
    "words": "your words, who spoke when, and the figures",
    "timings": "who spoke when, and the figures; no words",
    "nothing": "nothing at all",
}
_OF_THEM: Final = {"words": "their words too", "timings": "when they spoke and what kind of sentence it was"}
_AFTER: Final = {
    "keep": "stops at once, hides everything, and keeps the call so far",
    "forget": "stops at once, hides everything, and deletes the call for good",
}


@click.command(short_help="Show or set what is kept of a call.")
@click.option("--mine", type=click.Choice(["words", "timings", "nothing"]), help="Of your side.")
@click.option(
    "--theirs", type=click.Choice(["words", "timings"]), help="Of the other side; never more than of yours."
)
@click.option(
    "--days", type=click.IntRange(0, 3650), metavar="N", help="Forget calls after so many days; 0 never."
)
@click.option("--panic", type=click.Choice(["keep", "forget"]), help="What 'coach panic' does with the call.")
@click.pass_context
def keep(
    ctx: click.Context, *, mine: str | None, theirs: str | None, days: int | None, panic: str | None
) -> None:
    """Show what is kept of a call, or set it: from the next call on, also in a Coach that runs.

    Sound is never kept by a setting: it is asked for call by call, with 'coach live --sound' or in the tray.

    \b
    Examples:
      coach keep
      coach keep --mine timings
      coach keep --mine words --theirs words --days 14
      coach keep --panic forget
    """
    from coach import app
    from coach.settings_file import save_values
    from coach.ui.instance import send

    chosen = {
        "storage.keep": mine,
        "storage.other_side": theirs,
        "storage.keep_days": days,
        "storage.panic": panic,
    }
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:
        save_values(ctx.obj or app.settings_file(), values)
        send("reread")  # a Coach that runs keeps of its next call what was chosen now
    storage = app.load_settings(ctx.obj).storage
    days_kept = round(storage.keep_days)
    rows = (
        (phrase("Of you"), phrase(_OF_YOU[storage.keep])),
        (phrase("Of them"), phrase(_OF_THEM.get(storage.of_other_side, "nothing"))),
        (phrase("Sound"), phrase("none; 'coach live --sound' keeps it for one call, with both sides' words")),
        (phrase("For"), plural("{n} day", "{n} days", days_kept) if days_kept else phrase("ever")),
        ("'coach panic'", phrase(_AFTER[storage.panic])),
        (phrase("In"), str(app.sessions_folder())),
    )
    for what, told in rows:
        click.echo(f"{what + ':':<16}{told}")


@click.command(short_help="Stop listening and hide everything, now.")
@click.pass_context
def panic(ctx: click.Context) -> None:
    """Stop listening and hide everything, at once and without a question. Bind it to a key: docs/keys.md.

    The microphone is let go first. Then the call so far is kept, or deleted for good, as 'coach keep --panic' says.
    A Coach that gives no answer is ended.
    """
    from coach.archive import locker
    from coach.ui.instance import NO_ANSWER, owner, send

    locker.ask_with(None)  # it asks nothing
    answer = send("panic", patience_ms=ANSWER_MS)
    if answer is not None and answer.line != NO_ANSWER:
        click.echo(phrase(answer.line))
        return
    process = owner()
    if not process:
        click.echo(phrase(NOT_RUNNING))
        return
    _end(process, ctx.obj)


def _end(process: int, settings_path: Path | None) -> None:
    """End a Coach that hangs; its calls are kept as far as they got, or deleted."""
    from coach import app, library
    from coach.archive.running import is_running
    from coach.panic_desk import FORGOTTEN, KEPT, delete
    from coach.ui.instance import owner
    from coach.upkeep import recovered

    running = [session for session in library.sessions() if is_running(session)]
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    if owner(wait_ms=5_000):
        raise Trouble(
            "Coach gave no answer and could not be ended.",
            "End the process {process} yourself.",
            process=process,
        )
    click.echo(phrase(ENDED))
    ended = [session for session in running if not is_running(session)]
    if not ended:
        return
    if app.load_settings(settings_path).storage.panic == "forget":
        delete(ended)
        click.echo(phrase(FORGOTTEN))
    else:
        click.echo(f"{phrase(recovered())}\n{phrase(KEPT)}".strip())


COMMANDS = (keep, panic)
