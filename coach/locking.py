"""Locking the calls that are kept: what is said before, who is asked, and when.

Owns the words, and the way from a wish (`on`, `off`, another passphrase) to `coach.archive`. Refuses to know terminals
and windows: whoever asks a person hands in a callable. Nothing is locked before somebody typed that there is no other
way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach import app, keychain, library
from coach.archive import converting, locker
from coach.archive import envelope as envelopes
from coach.archive.envelope import KEYRING, PASSPHRASE, Secret, check_passphrase
from coach.archive.locker import Locked
from coach.language import phrase
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.archive.converting import Converted
    from coach.archive.envelope import Envelope
    from coach.archive.locker import State

    Told = Callable[[int, int], object]

__all__ = ["KEYRING", "PASSPHRASE", "check_passphrase"]
"""What those who ask need of the envelope."""
SENTENCE: Final = "no other way"
"""What must be typed before anything is locked."""
WARNING: Final = {
    PASSPHRASE: (
        "If you lose the passphrase nobody can open these calls; there is no other way. "
        "Export first if you want a copy."
    ),
    KEYRING: (
        "The key will lie in this computer's keyring. If that is lost, with the computer, its system or your account, "
        "nobody can open these calls; there is no other way. Export first if you want a copy."
    ),
}
WHAT: Final = (
    "Locked are the words, notes, titles, figures and times of your calls, voiceprints and the list of calls. Not "
    "locked: names of files (they say when a call was), your settings with what you sell, what you prepared for the "
    "next call until it has ended, recordings of your own and copies that you exported. It helps when the computer is "
    "stolen; not against a program that runs as you."
)
PLAIN_COPY: Final = "A copy that is written out is not locked: whoever has the file can read it."


def folder() -> Path:
    """Return the folder of the library on this machine."""
    return app.data_folder()


def state() -> State:
    """Say how the library stands. Raises `Trouble` for an envelope that is damaged."""
    return locker.state(folder())


def needs_opening() -> bool:
    """Say whether there is a lock whose key this process does not hold; False where the envelope is damaged."""
    try:
        return not state().open
    except Trouble:
        return False


def open_with_keyring() -> None:
    """Open the library by the system's keyring, where that was chosen.

    Raises:
        Trouble: where the keyring is not there, is locked, or has lost the entry.
    """
    if state().way == KEYRING:
        locker.unlock(folder(), Secret(KEYRING, keychain.fetch()))


def open_with(passphrase: str) -> None:
    """Open the library. Raises `Trouble` where the passphrase is not the one."""
    locker.unlock(folder(), Secret(PASSPHRASE, passphrase))


def answer(envelope: Envelope, wrong: str, ask: Callable[[str], str]) -> Secret | None:
    """Return what opens an envelope; the keyring answers for itself, else a person is asked.

    Args:
        envelope: of the library.
        wrong: what was wrong with the last answer, nothing at first.
        ask: is told that, and returns what was typed; empty for not now.

    Raises:
        Trouble: where the keyring has no answer.
    """
    if envelope.way == KEYRING:
        if wrong:
            raise Locked(wrong)
        return Secret(KEYRING, keychain.fetch())
    typed = ask(wrong)
    return Secret(PASSPHRASE, typed) if typed else None


def checked(understood: str) -> None:
    """Refuse to lock anything before the sentence was typed. Raises `Trouble`."""
    if " ".join(understood.lower().split()) not in {SENTENCE, sentence()}:
        raise Trouble("Nothing was locked: '{sentence}' was not typed.", sentence=sentence())


def sentence() -> str:
    """Return what is to be typed, in the language of now; its English is understood as well."""
    return phrase(SENTENCE)


def lock(way: str, passphrase: str, understood: str, told: Told = lambda *_: None) -> Converted:
    """Lock the library and seal what is there.

    Args:
        way: ``passphrase`` or ``keyring``.
        passphrase: empty for a keyring.
        understood: what was typed under the warning.
        told: is told how many files are done, and of how many.

    Raises:
        Trouble: where it was not understood, the passphrase is too short, or it cannot be done; then nothing changed.
    """
    checked(understood)
    if envelopes.read(folder()) is not None:
        raise Trouble("Your calls are locked already.", "'coach lock status' says how.")
    secret = _new(way, passphrase)
    if not library.sessions_folder().exists():
        library.sessions_folder().mkdir(parents=True, mode=0o700)
    done = converting.lock(folder(), secret, told)
    sweep()
    return done


def take_off(told: Told = lambda *_: None) -> Converted:
    """Take the lock off. Raises `Trouble` as `converting.unlock_for_good`."""
    return converting.unlock_for_good(
        folder(), told
    )  # what is in a keyring stays: copies elsewhere open with it


def change(way: str, passphrase: str) -> None:
    """Let another passphrase, or the keyring, open the library; no call is touched.

    Raises:
        Trouble: where it is not open, the passphrase is too short, or it cannot be written.
    """
    before = state().way
    locker.must_be_open(library.sessions_folder())
    converting.rewrap(folder(), _new(way, passphrase))
    if before == KEYRING != way and not any(e.way == KEYRING for e in envelopes.retired(folder())):
        keychain.drop()


def sweep() -> None:
    """Take away the half sessions of processes that died; what they hold may not be sealed."""
    from coach.shelf import sweep as sweep_shelf  # noqa: PLC0415 - only where something was locked

    sweep_shelf(library.sessions_folder())


def damaged() -> list[tuple[str, int]]:
    """Return the sealed files that have damage, by name, with the count of places. Raises `Trouble` as `read`."""
    found = [(path.name, locker.damaged(path)) for path in converting.sealed_files(folder())]
    return [(name, places) for name, places in found if places]


def _new(way: str, passphrase: str) -> Secret:
    if way == KEYRING:
        kept = keychain.found()  # of an earlier lock, whose copies elsewhere open with it
        if not kept:
            kept = keychain.new_secret()
            keychain.keep(kept)
        return Secret(KEYRING, kept)
    check_passphrase(passphrase)
    return Secret(PASSPHRASE, passphrase)
