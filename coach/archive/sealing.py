"""How bytes are sealed so that only whoever has the key reads them, and so that nobody changes them unnoticed.

Owns the form of a sealed file. It is made of lines, as a log is, so that it can be written record by record, and so
that damage costs the record it hits:

    coach-sealed 1 LOCK KEY AT SUM        the head of a stretch
    0 BASE64                              the records, numbered
    coach-sealed 1 LOCK KEY AT SUM        the head again, before record 1 and every 64 records: damage to one costs
    1 BASE64                              no more than the record beside it

A *stretch* is what one writer adds. It has a key of its own: X25519 between a key pair made for it, whose public half
is KEY, and the library's public half (RFC 7748), through HKDF with SHA-256 (RFC 5869). So writing needs no secret, and
whoever adds to a file later adds a stretch. Records are ChaCha20-Poly1305 (RFC 8439), the nonce is the record's number.
A nonce is used twice under one key only if two key pairs are alike: for n stretches with probability below n²/2^253.

Bound to each record: its number, the head (with AT, the byte at which the stretch begins) and the kind of file. So a
record that was changed, moved, doubled or taken out is known; what was cut off at the end is not, because that is what
a crash leaves. Records are filled up to a multiple of 128 bytes, so that their length tells little. Refuses to know
where files lie and where the key comes from.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zlib import crc32

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC: Final = b"coach-sealed 1 "
LOST: Final = b"?\n"
"""Stands for what could not be opened: no line that Coach writes reads so."""
EVERY: Final = 64
"""A head is said again after so many records: where two are damaged the next one opens what they would have."""
_FILL: Final = 128
_PART: Final = 1 << 16
_HEAD: Final = re.compile(MAGIC + rb"([0-9a-f]{16}) ([0-9a-f]{64}) (\d{1,15}) ([0-9a-f]{8})")
_RECORD: Final = re.compile(rb"(\d{1,12}) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sealed file holds.

    Args:
        data: with a line `LOST` in the place of everything that could not be opened.
        lost: count of such places.
    """

    data: bytes
    lost: int


@dataclass(frozen=True, slots=True)
class _Head:
    lock: str
    key: bytes
    at: int
    line: bytes


class Sealer:
    """Seal the records of one stretch, in order.

    Args:
        lock: name of the library's key, 16 hex digits.
        public: its public half, 32 bytes.
        kind: of the file; it opens as no other.
        at: the byte of the file at which the stretch begins.
    """

    def __init__(self, lock: str, public: bytes, kind: str, at: int = 0) -> None:
        own = X25519PrivateKey.generate()
        key = own.public_key().public_bytes_raw()
        shared = own.exchange(X25519PublicKey.from_public_bytes(public))
        self._cipher = _cipher(shared, key, public, kind)
        body = MAGIC + f"{lock} {key.hex()} {at}".encode()
        self._head = b"%b %08x" % (body, crc32(body))
        self._count = 0

    def seal(self, record: bytes) -> bytes:
        """Return the lines that keep a record, their ends included."""
        number, self._count = self._count, self._count + 1
        head = self._head + b"\n" if number == 1 or not number % EVERY else b""
        sealed = self._cipher.encrypt(_nonce(number), _filled(record), self._head)
        return head + b"%d %b\n" % (number, base64.b64encode(sealed))


def sealed_lines(data: bytes, sealer: Sealer) -> bytes:
    """Return a file of lines sealed, a record a line, so that it opens to the same bytes."""
    *lines, rest = data.split(b"\n")
    return b"".join(map(sealer.seal, [line + b"\n" for line in lines] + ([rest] if rest else [])))


def sealed_whole(data: bytes, sealer: Sealer) -> bytes:
    """Return a file sealed that means something only once it is whole."""
    parts = [data[at : at + _PART] for at in range(0, len(data), _PART)]
    return b"".join(map(sealer.seal, [b"%d\n" % len(data), *parts]))


def whole(opened: Opened) -> bytes:
    """Return what `sealed_whole` sealed. Raises ValueError where any of it is missing."""
    length, _, data = opened.data.partition(b"\n")
    if opened.lost or int(length) != len(data):
        raise ValueError(len(data))
    return data


def is_sealed(data: bytes) -> bool:
    """Say whether a file, or its beginning, is sealed; damage to its first line changes nothing about that."""
    return data.startswith(MAGIC) or b"\n" + MAGIC in data


def lock_of(data: bytes) -> str:
    """Return the name of the key that a file, or its beginning, is sealed for; empty where every head is damaged."""
    heads = (_head(line) for line in data.split(b"\n"))
    return next((head.lock for head in heads if head is not None), "")


def opened(data: bytes, kind: str, private: Callable[[str], bytes]) -> Opened:
    """Open a sealed file, or its beginning.

    Args:
        data: of the file.
        kind: as it was sealed.
        private: returns the private half, 32 bytes, of a key by its name; may raise.
    """
    lines = data.split(b"\n")
    torn = bool(lines[-1])
    heads = [_head(line) for line in lines]
    coming: list[_Head | None] = [None] * len(lines)
    for index in range(len(lines) - 2, -1, -1):
        coming[index] = heads[index + 1] or coming[index + 1]
    opening = _Opening(kind, private)
    position = 0
    for line, head, later in zip(lines if torn else lines[:-1], heads, coming, strict=False):
        if head is not None:
            opening.enter(head, position)
        else:
            opening.take(line, later)
        position += len(line) + 1
    out = opening.out
    if torn and not opening.sound:
        out[-1] = LOST[:-1]  # without an end, as the line is
    return Opened(b"".join(out), opening.lost)


class _Opening:
    """One file while it is being opened, line by line.

    ``sound`` says that the line before was whole: then nothing accounts for a number that is missing.
    """

    def __init__(self, kind: str, private: Callable[[str], bytes]) -> None:
        self._kind, self._private = kind, private
        self._ciphers: dict[bytes, ChaCha20Poly1305] = {}
        self._now: _Head | None = None
        self._due = 0
        self.out: list[bytes] = []
        self.lost = 0
        self.sound = True

    def enter(self, head: _Head, position: int) -> None:
        """Take a head: of another stretch, or said again."""
        if head == self._now:
            return
        self._now, self._due = head, 0
        if self.sound and head.at != position:  # something before it was cut out, or put in
            self._lose()

    def take(self, line: bytes, later: _Head | None) -> None:
        """Take a record; where every head before it is damaged, the one that comes ``later`` will do."""
        found = self._record(self._now, line) or self._record(later, line)
        if found is None:
            self._lose()
            self.sound = False
            return
        head, number, content = found
        same = head == self._now
        if same and number < self._due:  # said twice, or brought here from further on
            self._lose()
            return
        if same and number > self._due and self.sound:
            self._lose()
        self._now, self._due, self.sound = head, number + 1, True
        self.out.append(content)

    def _lose(self) -> None:
        self.lost += 1
        self.out.append(LOST)

    def _record(self, head: _Head | None, line: bytes) -> tuple[_Head, int, bytes] | None:
        found = _RECORD.fullmatch(line)
        if head is None or found is None:
            return None
        number = int(found.group(1))
        try:
            if head.line not in self._ciphers:
                self._ciphers[head.line] = _cipher_to_open(head, self._private(head.lock), self._kind)
            sealed = base64.b64decode(found.group(2), validate=True)
            filled = self._ciphers[head.line].decrypt(_nonce(number), sealed, head.line)
        except (InvalidTag, binascii.Error, ValueError):
            return None
        return head, number, filled[: filled.rindex(b"\x80")]


def _head(line: bytes) -> _Head | None:
    found = _HEAD.fullmatch(line) if line.startswith(MAGIC) else None
    if found is None or crc32(line[: found.start(4) - 1]) != int(found.group(4), 16):
        return None
    return _Head(found.group(1).decode(), bytes.fromhex(found.group(2).decode()), int(found.group(3)), line)


def _cipher_to_open(head: _Head, private: bytes, kind: str) -> ChaCha20Poly1305:
    mine = X25519PrivateKey.from_private_bytes(private)
    shared = mine.exchange(X25519PublicKey.from_public_bytes(head.key))
    return _cipher(shared, head.key, mine.public_key().public_bytes_raw(), kind)


def _cipher(shared: bytes, key: bytes, public: bytes, kind: str) -> ChaCha20Poly1305:
    derived = HKDF(SHA256(), 32, salt=key + public, info=b"coach sealed 1 " + kind.encode("utf-8", "replace"))
    return ChaCha20Poly1305(derived.derive(shared))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _filled(record: bytes) -> bytes:
    """Return a record filled up: a byte 0x80, then zeros (ISO/IEC 7816-4), so that its end is known."""
    marked = record + b"\x80"
    return marked + bytes(-len(marked) % _FILL)
