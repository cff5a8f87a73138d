"""The system's keyring: where the secret of a locked library lies when the person chose that.

Owns the one entry in it, and the sentences about a keyring that is not there, is locked, or has lost the entry. Spoken
to by the `keyring` package: Secret Service or KWallet on Linux (over the session bus, a socket of this machine),
Keychain on macOS, Credential Locker on Windows. Nothing of it is loaded before somebody chose it.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from coach.trouble import Trouble

SERVICE: Final = "Coach"
ENTRY: Final = "calls"
_BYTES: Final = 32
_OPEN: Final = ("plaintext", "null", "fail")
"""What stands in the names of stores that keep nothing, or keep it for everybody to read."""


def is_there() -> bool:
    """Say whether there is a keyring that can be used."""
    try:
        _keyring()
    except Trouble:
        return False
    return True


def new_secret() -> str:
    """Return a secret that nobody can guess: 32 bytes, as hex."""
    return secrets.token_hex(_BYTES)


def keep(secret: str, entry: str = ENTRY) -> None:
    """Put a secret into the keyring, and read it back.

    Raises:
        Trouble: where there is none, it is locked, or it did not keep it.
    """
    ring = _keyring()
    try:
        ring.set_password(SERVICE, entry, secret)
        kept = ring.get_password(SERVICE, entry)
    except Exception as e:
        raise _refused(e) from e
    if kept != secret:
        raise Trouble("Your keyring did not keep the secret.", "Use a passphrase instead.")


def fetch(entry: str = ENTRY) -> str:
    """Return the secret.

    Raises:
        Trouble: where there is no keyring, it is locked, or the entry is gone.
    """
    kept = found(entry)
    if not kept:
        raise Trouble(
            "Your keyring has no entry 'Coach' any more, and without it nobody can open your calls.",
            "Nothing was changed: bring back the keyring, from a backup if need be.",
        )
    return kept


def found(entry: str = ENTRY) -> str:
    """Return the secret; empty where there is no entry. Raises `Trouble` where there is no keyring, or it is locked."""
    ring = _keyring()
    try:
        return str(ring.get_password(SERVICE, entry) or "")
    except Exception as e:
        raise _refused(e) from e


def drop(entry: str = ENTRY) -> None:
    """Take the secret out of the keyring, where it is there. Never raises: it opens nothing any more."""
    try:
        _keyring().delete_password(SERVICE, entry)
    except Exception:  # noqa: BLE001 - each system's keyring has faults of its own
        return


def _keyring() -> Any:
    try:
        import keyring  # noqa: PLC0415 - an extra, loaded only where it was chosen
    except ImportError as e:
        raise Trouble(
            "The part that speaks to your keyring is not installed.",
            "pip install 'coach-at-the-edge[keyring]', or use a passphrase.",
        ) from e
    store = keyring.get_keyring()
    named = f"{type(store).__module__}.{type(store).__qualname__}".lower()
    if any(word in named for word in _OPEN):
        raise Trouble("There is no keyring here that keeps a secret.", "Use a passphrase instead.")
    return keyring


def _refused(e: Exception) -> Trouble:
    return Trouble(
        "Your keyring did not answer, or is locked ({fault}).",
        "Unlock it and try again. Nothing is lost.",
        fault=type(e).__name__,
    )
