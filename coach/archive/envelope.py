"""The envelope of a locked library: its key pair, the private half wrapped by a passphrase or the system's keyring.

Owns ``lock.json`` beside the sessions and its copy ``lock.copy.json``: without either nobody can open anything, so one
damaged file must not be enough. Another passphrase wraps the same key anew; no call is touched for that. Refuses to
know who is asked.

A passphrase becomes a key by scrypt (RFC 7914) with N = 2^17, r = 8, p = 1: 128 MiB a try, what OWASP's "Password
Storage Cheat Sheet" asks for at least. The file says its own parameters, so that a later Coach may ask for more. The
private half is sealed with ChaCha20-Poly1305; everything else that the file says of it is bound to it.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from coach.archive.private import private_file, private_folder, sync_folder
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "lock.json"
COPY: Final = "lock.copy.json"
PASSPHRASE: Final = "passphrase"  # noqa: S105 - a way, and no passphrase
KEYRING: Final = "keyring"
SHORTEST: Final = 12
"""Letters of a passphrase: four plain words are about twenty."""
COST: Final = (1 << 17, 8, 1)
_MOST: Final = (1 << 20, 16, 4)
"""A file that asks for more than this would fill the memory: it is not ours."""
_FORMAT: Final = 1
_BYTES: Final = 32


class WrongSecret(Trouble):
    """The passphrase, or what the keyring holds, opens nothing here."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens an envelope.

    Args:
        way: ``passphrase`` or ``keyring``.
        value: what was typed, or the bytes that the keyring keeps, as hex.
    """

    way: str
    value: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What ``lock.json`` says.

    Args:
        lock: name of the key, 16 hex digits.
        public: the half that writing needs, 32 bytes.
        way: what opens it: ``passphrase`` or ``keyring``.
        cost: N, r and p of scrypt; not used for a keyring, whose secret nobody can guess.
        salt: 16 bytes.
        wrapped: the private half: a nonce of 12 bytes, then what is sealed.
        leaving: the lock is being taken off: what is new is written openly.
    """

    lock: str
    public: bytes
    way: str
    cost: tuple[int, int, int]
    salt: bytes
    wrapped: bytes
    leaving: bool = False

    @property
    def _bound(self) -> bytes:
        told = [self.lock, self.public.hex(), self.way, *self.cost, self.salt.hex()]
        return json.dumps(["coach lock", _FORMAT, *told]).encode()


def made(secret: Secret) -> tuple[Envelope, bytes]:
    """Make a key pair; return its envelope and the private half."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415 - see `_cipher`

    pair = X25519PrivateKey.generate()
    envelope = Envelope(os.urandom(8).hex(), pair.public_key().public_bytes_raw(), "", COST, b"", b"")
    private = pair.private_bytes_raw()
    return wrapped_anew(envelope, private, secret), private


def wrapped_anew(envelope: Envelope, private: bytes, secret: Secret) -> Envelope:
    """Return an envelope of the same key that another secret opens."""
    new = replace(envelope, way=secret.way, cost=COST, salt=os.urandom(16), wrapped=b"")
    nonce = os.urandom(12)
    return replace(new, wrapped=nonce + _cipher(new, secret).encrypt(nonce, private, new._bound))  # noqa: SLF001 - of this module


def unwrapped(envelope: Envelope, secret: Secret) -> bytes:
    """Return the private half, 32 bytes. Raises `WrongSecret`."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see `_cipher`

    if envelope.way == secret.way:
        nonce, sealed = envelope.wrapped[:12], envelope.wrapped[12:]
        with suppress(InvalidTag):
            return bytes(_cipher(envelope, secret).decrypt(nonce, sealed, envelope._bound))  # noqa: SLF001 - as above
    if secret.way == KEYRING:
        raise WrongSecret(
            "What your keyring holds does not open your calls.",
            "Nothing is lost: bring back the keyring that they were locked with.",
        )
    raise WrongSecret(
        "That passphrase does not open your calls.",
        "Nothing is lost: look for capitals and spaces, and try again.",
    )


def check_passphrase(text: str) -> None:
    """Refuse a passphrase that is too short to guard anything. Raises `Trouble`."""
    if len(_normal(text)) < SHORTEST:
        raise Trouble(
            "A passphrase needs {least} letters at least.",
            "Take four or five words that nobody would guess.",
            least=SHORTEST,
        )


def read(folder: Path) -> Envelope | None:
    """Return the envelope of a library; None where it is not locked.

    Raises:
        Trouble: where neither the file nor its copy can be read.
    """
    there = [path for path in (folder / NAME, folder / COPY) if path.exists()]
    for path in there:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return _taken(json.loads(path.read_bytes()))
    if there:
        raise Trouble(
            "{path} is damaged, and so is its copy; without one of them nobody can open your calls.",
            "Bring one back from a backup. Nothing was changed.",
            path=folder / NAME,
        )
    return None


def write(folder: Path, envelope: Envelope) -> None:
    """Write an envelope and its copy, each whole or not at all. Raises OSError."""
    text = json.dumps(_plain(envelope), indent=1).encode() + b"\n"
    private_folder(folder)
    for name in (NAME, COPY):
        _put(folder / name, text)
    sync_folder(folder)


def retire(folder: Path, envelope: Envelope) -> None:
    """Let a library be without a lock, and keep the envelope for copies elsewhere. Raises OSError."""
    _put(folder / f"lock.{envelope.lock}.old.json", json.dumps(_plain(envelope), indent=1).encode() + b"\n")
    sync_folder(folder)
    for name in (COPY, NAME):
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)


def retired(folder: Path) -> list[Envelope]:
    """Return the envelopes of locks that were taken off."""
    found: list[Envelope] = []
    for path in sorted(folder.glob("lock.*.old.json")):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            found.append(_taken(json.loads(path.read_bytes())))
    return found


def is_whole(folder: Path) -> bool:
    """Say whether file and copy say the same."""
    with suppress(OSError):
        return (folder / NAME).read_bytes() == (folder / COPY).read_bytes()
    return False


def _put(path: Path, text: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(private_file(part), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _plain(envelope: Envelope) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "what": "coach lock",
        "lock": envelope.lock,
        "public": base64.b64encode(envelope.public).decode(),
        "way": envelope.way,
        "scrypt": list(envelope.cost),
        "salt": base64.b64encode(envelope.salt).decode(),
        "wrapped": base64.b64encode(envelope.wrapped).decode(),
        "leaving": envelope.leaving,
    }


def _taken(said: dict[str, Any]) -> Envelope:
    """Return what a file says. Raises ValueError for what is none of ours."""
    public, salt, wrapped = (base64.b64decode(said[k], validate=True) for k in ("public", "salt", "wrapped"))
    n, r, p = (int(number) for number in said["scrypt"])
    ours = said["format"] == _FORMAT and said["what"] == "coach lock" and said["way"] in (PASSPHRASE, KEYRING)
    sane = n & (n - 1) == 0 and all(1 <= v <= most for v, most in zip((n, r, p), _MOST, strict=True))
    if not (ours and sane and n > 1 and len(public) == _BYTES and len(bytes.fromhex(said["lock"])) == 8):  # noqa: PLR2004 - 16 digits
        raise ValueError(said["format"])
    return Envelope(said["lock"], public, said["way"], (n, r, p), salt, wrapped, bool(said["leaving"]))


def _cipher(envelope: Envelope, secret: Secret) -> Any:
    """Return what seals the private half. The library behind it loads only where there is a lock."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - as said
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as said
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as said
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - as said

    if secret.way == KEYRING:
        derived = HKDF(SHA256(), _BYTES, salt=envelope.salt, info=b"coach lock 1 keyring").derive(
            secret.value.encode()
        )
    else:
        n, r, p = envelope.cost
        derived = Scrypt(envelope.salt, _BYTES, n, r, p).derive(
            _normal(secret.value).encode("utf-8", "surrogatepass")
        )
    return ChaCha20Poly1305(derived)


def _normal(text: str) -> str:
    """Return a passphrase as every keyboard gives it: accents as one letter (NFKC), no space around it."""
    return unicodedata.normalize("NFKC", text).strip()
