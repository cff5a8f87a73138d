"""The command line of the lock: put it on, take it off, another passphrase, how it stands.

Owns the group ``coach lock``, and how a passphrase is asked for at a terminal: hidden, or from a descriptor that
``COACH_PASSPHRASE_FD`` names, a line each; never as an argument, which every program on the machine can read.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from coach.language import phrase
from coach.sure import confirm
from coach.trouble import Trouble
from coach.writing import plural

if TYPE_CHECKING:
    from io import TextIOWrapper

    from coach.archive.converting import Converted
    from coach.archive.envelope import Envelope, Secret

BAD_INPUT = 2
VARIABLE: Final = "COACH_PASSPHRASE_FD"
"""Names the descriptor from which passphrases are read, a line each."""
_EVERY: Final = 100
_KEYRING = click.option("--keyring", is_flag=True, help="Keep the key in the system's keyring instead.")


@click.group("lock", short_help="Lock your calls with a passphrase.", invoke_without_command=True)
@click.pass_context
def lock(ctx: click.Context) -> None:
    """Lock the calls that are kept, so that nobody reads them from a computer that was stolen.

    The passphrase is asked for once when Coach starts. Without it new calls are coached and kept all the same; what was
    kept before cannot be read. Nobody can help who lost it.

    \b
    Examples:
      coach lock on
      coach lock status
      coach lock change
    """
    if ctx.invoked_subcommand is None:
        _show()


@lock.command("status")
def status() -> None:
    """Say how your calls are locked."""
    _show()


@lock.command("on", short_help="Lock your calls.")
@_KEYRING
def put_on(*, keyring: bool) -> None:
    """Lock your calls, those that are kept now too. Explains first what that means, and asks."""
    from coach import locking

    way = locking.KEYRING if keyring else locking.PASSPHRASE
    if locking.state().way:
        raise Trouble("Your calls are locked already.", "'coach lock status' says how.")
    click.echo(f"{phrase(locking.WHAT)}\n\n{phrase(locking.WARNING[way])}\n")
    understood = click.prompt(
        phrase("Type '{sentence}' to go on", sentence=locking.sentence()), default="", show_default=False
    )
    locking.checked(understood)
    done = locking.lock(way, "" if keyring else _new_passphrase(), understood, _tell)
    click.echo(plural("Your calls are locked: {n} file.", "Your calls are locked: {n} files.", done.done))
    _show_left(done)


@lock.command("off", short_help="Take the lock off.")
@click.option("--yes", "sure", is_flag=True, help="Without asking.")
def take_off(*, sure: bool) -> None:
    """Take the lock off: all that is kept becomes plain again. Stopped half-way, it goes on from there."""
    from coach import locking

    if not locking.state().way:
        raise Trouble("Your calls are not locked.")
    if not sure:
        confirm(phrase("Take the lock off? Whoever has the computer can read your calls then."), abort=True)
    done = locking.take_off(_tell)
    if done.left:
        _show_left(done)
        raise Trouble("The lock is still on for these.", "Run this once more.")
    click.echo(
        plural("Your calls are plain again: {n} file.", "Your calls are plain again: {n} files.", done.done)
    )


@lock.command("change", short_help="Another passphrase.")
@_KEYRING
def change(*, keyring: bool) -> None:
    """Let another passphrase, or the keyring, open your calls. No call is touched; the old one opens old backups."""
    from coach import locking
    from coach.archive import locker

    if not locking.state().way:
        raise Trouble("Your calls are not locked.", "'coach lock on' locks them.")
    locker.must_be_open(locking.folder() / "sessions")
    if keyring:
        click.echo(f"{phrase(locking.WARNING[locking.KEYRING])}\n")
        locking.checked(
            click.prompt(
                phrase("Type '{sentence}' to go on", sentence=locking.sentence()),
                default="",
                show_default=False,
            )
        )
    locking.change(locking.KEYRING if keyring else locking.PASSPHRASE, "" if keyring else _new_passphrase())
    click.echo(phrase("Changed. Your calls are as they were."))


@lock.command("check")
def check() -> None:
    """Open every file and say which have damage. Nothing is changed."""
    from coach import locking

    if not locking.state().way:
        raise Trouble("Your calls are not locked.", "'coach lock on' locks them.")
    found = locking.damaged()
    for name, places in found:
        damage = plural(
            "{n} place damaged, left out when it is read",
            "{n} places damaged, left out when it is read",
            places,
        )
        click.echo(f"  {name}: {damage}")
    if found:
        sys.exit(BAD_INPUT)
    click.echo(phrase("Every locked file opens, whole."))


def listen() -> None:
    """Let the passphrase be asked for here, once, when a call is to be read; from a descriptor where one is named."""
    from coach.archive import locker

    locker.ask_with(_answer)


def open_once() -> None:
    """Ask for the passphrase now, where there is a lock, and not again: what begins goes on without it."""
    from coach import library
    from coach.archive import locker

    try:
        locker.must_be_open(library.sessions_folder())
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
    locker.ask_with(None)


def leave_to_window() -> None:
    """Let a window ask, unless a passphrase comes from a descriptor: it is tried now, before any window."""
    from coach.archive import locker

    if given():
        open_once()
    locker.ask_with(None)


def _answer(envelope: Envelope, wrong: str) -> Secret | None:
    from coach import locking

    return locking.answer(envelope, wrong, _ask)


def given() -> bool:
    """Say whether a passphrase comes from a descriptor."""
    return bool(os.environ.get(VARIABLE))


def _show() -> None:
    from coach import keychain, locking
    from coach.archive import converting

    now = locking.state()
    if not now.way:
        click.echo(phrase("Your calls are not locked. 'coach lock on' locks them."))
        if keychain.is_there():
            click.echo(phrase("'coach lock on --keyring' lets this computer's keyring open them."))
        return
    if now.leaving:
        click.echo(
            phrase("The lock is half off: 'coach lock off' goes on with it. Calls are read either way.")
        )
        return
    sealed = len(converting.sealed_files(locking.folder()))
    told = (
        phrase("Your calls are locked ({n} files); your keyring opens them. There is no other way.", n=sealed)
        if now.way == locking.KEYRING
        else phrase(
            "Your calls are locked ({n} files); your passphrase opens them. There is no other way.", n=sealed
        )
    )
    click.echo(told)


def _ask(wrong: str) -> str:
    if wrong:
        click.echo(phrase(wrong), err=True)
    if given():
        return "" if wrong else _line()
    if not sys.stdin.isatty():
        return ""
    return str(
        click.prompt(
            phrase("Passphrase of your calls (Enter: not now)"),
            default="",
            show_default=False,
            hide_input=True,
            err=True,
        )
    )


def _new_passphrase() -> str:
    from coach.archive.envelope import check_passphrase

    if given():
        new = _line()
        check_passphrase(new)
        return new
    while True:
        new = str(click.prompt(phrase("New passphrase"), hide_input=True))
        try:
            check_passphrase(new)
        except Trouble as trouble:
            click.echo(str(trouble), err=True)
            continue
        if new == click.prompt(phrase("The same once more"), hide_input=True):
            return new
        click.echo(phrase("These two are not the same."), err=True)


_stream: TextIOWrapper | None = None


def _line() -> str:
    """Return the next line of the descriptor. Raises `Trouble` where it is none that can be read."""
    global _stream  # noqa: PLW0603 - a process has one
    try:
        if _stream is None:
            _stream = open(int(os.environ.get(VARIABLE, "")), encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor
        return _stream.readline().rstrip("\r\n")
    except (OSError, ValueError) as e:
        raise Trouble(
            "{variable} names nothing that can be read.",
            "Give the number of an open descriptor.",
            variable=VARIABLE,
        ) from e


def _tell(done: int, of: int) -> None:
    if done % _EVERY == 0 or (done == of and of > _EVERY):
        click.echo(phrase("{done} of {of} files", done=done, of=of), err=True)


def _show_left(done: Converted) -> None:
    from coach.report.plain import clean

    for said in done.left:
        click.echo(clean(phrase(said)), err=True)
