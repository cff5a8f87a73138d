"""The command line of a Coach that runs already: toggle, pause, hide and the like, for the keys of a desktop.

Owns these commands: their words and their exit codes (as in `coach.cli`). Each hands one word to the running Coach and
prints the line that comes back; none loads more than that takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coach.language import phrase
from coach.settings import CALL_TYPES
from coach.trouble import Trouble

if TYPE_CHECKING:
    from coach.ui.instance import Answer

NOT_RUNNING = Trouble("Coach is not running.", "Start it with 'coach'.")


def _ask(verb: str) -> None:
    answer = _sent(verb)
    if answer is None:
        raise NOT_RUNNING
    if not answer.done:
        raise Trouble(answer.line)
    if answer.line:
        click.echo(phrase(answer.line))


def _sent(verb: str) -> Answer | None:
    from coach.ui.instance import send

    return send(verb)


@click.command(short_help="Start listening, pause, or resume: one key for all three.")
def toggle() -> None:
    """Start listening, pause, or resume, in the Coach that runs. See docs/keys.md for binding it to a key."""
    _ask("toggle")


@click.command(short_help="Start a call in the Coach that runs.")
@click.argument("call_type", metavar="[TYPE]", default="", type=click.Choice(["", *CALL_TYPES]))
def start(call_type: str) -> None:
    """Start listening to a call in the Coach that runs, of the type it has chosen or of this one.

    \b
    Example:
      coach start demo
    """
    _ask(f"start {call_type}".strip())


@click.command(short_help="Stop listening for a while.")
def pause() -> None:
    """Stop listening for a while; 'coach toggle' or 'coach start' goes on."""
    _ask("pause")


@click.command(short_help="End the call.")
def stop() -> None:
    """End the call that the running Coach listens to. Coach itself stays."""
    _ask("stop")


@click.command(short_help="Take the card off the screen.")
def hide() -> None:
    """Take the card off the screen. Nothing is learned from it: the next nudge comes as it would have."""
    _ask("hide")


@click.command(short_help="Show the last nudge once more.")
def show() -> None:
    """Show the last nudge once more, for a while."""
    _ask("show")


@click.command("not-now", short_help="No more nudges in this call.")
def not_now() -> None:
    """Keep quiet until the call ends. Listening goes on, and so does the report."""
    _ask("not-now")


@click.command(short_help="Open the preferences: every setting, in words.")
@click.pass_context
def preferences(ctx: click.Context) -> None:
    """Open the preferences: every setting with its range, in words. In the tray: "Preferences"."""
    from coach.ui.screen import prepare_platform, screen_available

    if (answer := _sent("preferences")) is not None:
        if not answer.done:
            raise Trouble(answer.line)
        return
    if not screen_available():
        raise Trouble("There is no screen here.", "'coach doctor --settings' lists every setting.")
    prepare_platform()
    from coach.desktop import run_preferences

    ctx.exit(run_preferences(ctx.obj))


COMMANDS = (toggle, start, pause, stop, hide, show, not_now, preferences)
