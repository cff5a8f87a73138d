"""The command line of the trainer's stage: play a scene, check one, make one, print its page.

Owns the group ``coach stage``: its words, its options, its exit codes (as in `coach.cli`). What is not the name of a
command is a scene's folder or a session to play.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach.language import phrase

if TYPE_CHECKING:
    from coach.settings import Settings

BAD_INPUT = 2
_LOOK = click.option(
    "--look", type=click.Choice(["dark", "light"]), help="Dark or light stage.  [default: as set]"
)


class _Playing(click.Group):
    """A group whose first command needs no name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args.insert(0, "play")
        return super().parse_args(ctx, args)


@click.group(
    cls=_Playing, short_help="For a class: play a call on the wall.", subcommand_metavar="[FOLDER|SESSION...]"
)
def stage() -> None:
    """For a class: play a call on the wall, large enough for the back row.

    Without a name the bundled first lesson is shown: one customer, two calls. With the folder of a scene, or the names
    of one or two sessions, those are shown. It needs no microphone, no network and no speech model; nothing is
    recorded.

    \b
    Examples:
      coach stage                             the three-legged sofa
      coach stage last                        your last call
      coach stage 2026-11-20 2026-11-22       two calls side by side
      coach stage my-lesson/ --look light
      coach stage --live                      a call that happens now
      coach stage new last my-lesson          make a scene of a call
      coach stage check my-lesson             what is wrong with a scene
      coach stage handout my-lesson page.pdf  a page for the class

    Keys: Space plays, n the next nudge, w why, g predict the nudge, ? all others.
    """


@stage.command(hidden=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", nargs=-1, metavar="[FOLDER|SESSION...]")
@click.option("--live", is_flag=True, help="Coach a call that happens now; nothing of it is kept.")
@click.option(
    "--guess-before",
    type=click.FloatRange(0.5, 30),
    default=4.0,
    show_default=True,
    metavar="SECONDS",
    help="Ask the room so long before a nudge.",
)
@click.option("--silent", is_flag=True, help="Run without sound, on a clock of its own.")
@click.option("--window", is_flag=True, help="In a window, not on the full screen.")
@_LOOK
@click.pass_context
def play(
    ctx: click.Context,
    what: tuple[str, ...],
    *,
    live: bool,
    guess_before: float,
    silent: bool,
    window: bool,
    look: str | None,
) -> None:
    """Show a scene, a session, or the bundled lesson."""
    from coach.trouble import Trouble
    from coach.ui.screen import prepare_platform, screen_available

    if live and what:
        raise Trouble("--live needs no scene.", "Leave one of the two out.")
    settings = _settings(ctx)
    if not screen_available():
        raise Trouble("There is no screen here.", "'coach stage handout' and 'coach stage check' need none.")
    prepare_platform()
    from coach import app, stage_desk, terminal

    if live:
        app.check_speech(settings)
        report = stage_desk.run_live(settings, app.devices, look=look or "", window=window)
        if report is not None:
            terminal.show_report(report)
        return
    code = stage_desk.run_stage(
        what,
        settings,
        look=look or "",
        before_ms=round(1000 * guess_before),
        with_sound=not silent,
        window=window,
    )
    sys.exit(code)


@stage.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Say what is wrong with a scene, in plain sentences."""
    from coach import scenery
    from coach.report.plain import clean

    wrong, known = scenery.check(folder)
    for sentence in wrong:
        click.echo(f"  {phrase('wrong'):<7}{clean(phrase(sentence))}")
    for sentence in known:
        click.echo(f"  {phrase('note'):<7}{clean(phrase(sentence))}")
    if wrong:
        sys.exit(BAD_INPUT)
    click.echo(f"  {phrase('ok'):<7}" + phrase("'{folder}' can be shown.", folder=clean(str(folder))))


@stage.command()
@click.argument("sessions", nargs=-1, required=True, metavar="SESSION...")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-sound", is_flag=True, help="Copy the recordings too, where they still are.")
@click.pass_context
def new(ctx: click.Context, sessions: tuple[str, ...], folder: Path, *, with_sound: bool) -> None:
    """Make a scene of one or two kept calls.

    The words go along, corrections by hand too; notes, what you sell and the recording's place stay here. Others will
    read what was said: take out what is not theirs to read. An existing folder is never written to.

    \b
    Examples:
      coach stage new last my-lesson
      coach stage new before after two-takes --with-sound
    """
    from coach import library, scenery
    from coach.archive import locker
    from coach.demo.scenes import SCENE
    from coach.locking import PLAIN_COPY
    from coach.report.plain import clean

    paths = [library.find_session(name) for name in sessions]
    for sentence in scenery.new_scene(paths, folder, _settings(ctx), with_sound=with_sound):
        click.echo(f"  {phrase('note'):<7}{clean(phrase(sentence))}")
    click.echo(
        f"  {phrase('made'):<7}"
        + phrase(
            "{file}: write a title, chapters and what to watch for, then", file=clean(str(folder / SCENE))
        )
    )
    click.echo(f"         coach stage {clean(str(folder))}")
    if any(locker.is_on(path) for path in paths):
        click.echo(f"  {phrase('note'):<7}{phrase(PLAIN_COPY)}")


@stage.command("handout")
@click.argument("what", nargs=-1, metavar="[FOLDER|SESSION...]")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.pdf")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)
@click.pass_context
def page(ctx: click.Context, what: tuple[str, ...], out: Path, paper: str) -> None:
    """Write a page for the class as PDF: time lines, moments, questions, room for notes.

    Of a scene, of one or two sessions, or of the bundled lesson where nothing but the file is named.
    """
    from coach import stage_desk
    from coach.report.plain import clean

    stage_desk.write_page(what, out, paper, _settings(ctx))
    click.echo(f"  {phrase('made'):<7}{clean(str(out))}")


def _settings(ctx: click.Context) -> Settings:
    from coach import app

    return app.load_settings(ctx.obj)
