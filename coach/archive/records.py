"""The lines of a log, each with a checksum of its own, so that what a crash or a disk did to one of them is known.

Owns how a line is sealed and how a whole file is taken apart: `{"event":"TimePassed","at_ms":500,"sum":"5a1c09e2"}`.
The sum is the CRC-32 of all before it (IEEE 802.3, as in zip and PNG), which finds every burst of up to 32 bits; it
guards against accidents, not against people. Refuses to know what a line says. Nothing here writes.

A damaged line costs itself: the lines after it have sums of their own, and what they say is still true.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from coach.call import wire
from coach.language import Sentence
from coach.trouble import Trouble

_SEAL: Final = re.compile(rb',"sum":"([0-9a-f]{8})"\}$')
_AT: Final = re.compile(r'"at_ms": ?(\d{1,12})[,}]')
_SUMMED: Final = 2  # the first format with sums


@dataclass(frozen=True, slots=True)
class Records:
    """A log, taken apart.

    Args:
        head: what its first line says; nothing where that line is damaged.
        lines: all that is whole, the header first, each with its line's end and without its sum.
        lost: count of damaged stretches that were left out.
        torn: the only damage is a last line that was not written to its end.
        after_ms: the last moment known before the first damage.
    """

    head: dict[str, Any]
    lines: list[str]
    lost: int = 0
    torn: bool = False
    after_ms: int = 0

    @property
    def damage(self) -> str:
        """What was lost, in one sentence; empty where all is whole."""
        if not self.lost:
            return ""
        if self.torn:
            return Sentence("The last line of this call was torn and is left out.")
        minutes, seconds = divmod(self.after_ms // 1000, 60)
        told = (
            "One place in this call's log is damaged and left out, the first after {length}; "
            "all else is as it was kept."
            if self.lost == 1
            else "{count} places in this call's log are damaged and left out, the first after {length}; "
            "all else is as it was kept."
        )
        return Sentence(told, count=self.lost, length=f"{minutes}:{seconds:02}")


def sealed(line: str) -> bytes:
    """Return a line, which is a JSON object with something in it, with its sum and its end."""
    body = line.encode("utf-8", "replace")[:-1]
    return b'%b,"sum":"%08x"}\n' % (body, crc32(body))


def unsealed(line: bytes) -> str | None:
    """Return a line without its sum; None where the sum does not fit, or there is none."""
    seal = _SEAL.search(line)
    if seal is None:
        return None
    body = line[: seal.start()]
    if crc32(body) != int(seal.group(1), 16):
        return None
    try:
        return f"{body.decode()}}}"
    except UnicodeDecodeError:
        return None  # nobody seals such a line


def taken_apart(data: bytes, name: str) -> Records:
    """Return the lines of a log of any format that ever was.

    Args:
        data: the whole file.
        name: what to call it in a sentence.

    Raises:
        Trouble: for what is no session, or one of a newer format.
    """
    first, _, rest = data.partition(b"\n")
    header = unsealed(first)
    if header is None and not _is_summed(first, rest):
        return _unsummed(data, name)
    head = {} if header is None else wire.load_header(header)
    lines = [f"{header or wire.header()}\n"]
    bad: list[int] = [] if header is not None else [0]
    after_ms: int | None = None if header is not None else 0
    for line in rest.split(b"\n"):
        if (text := unsealed(line)) is not None:
            lines.append(f"{text}\n")
        elif line:
            if after_ms is None:
                after_ms = next(filter(None, map(_moment, reversed(lines))), 0)
            bad.append(len(lines))
    torn = bad == [len(lines)] and not data.endswith(b"\n")
    return Records(head, lines, len(bad), torn, after_ms or 0)


def head_of(line: bytes) -> dict[str, Any]:
    """Return what a first line says; of a damaged one nothing. Raises `Trouble` for what is no first line of ours."""
    header = unsealed(line.removesuffix(b"\n"))
    if header is None and _says_summed(line):
        return {}
    return wire.load_header(line.decode() if header is None else header)


def _is_summed(first: bytes, rest: bytes) -> bool:
    """Say whether a log whose first line is damaged was written with sums."""
    return _says_summed(first) or any(unsealed(line) is not None for line in rest.split(b"\n"))


def _says_summed(first: bytes) -> bool:
    try:
        version = dict(json.loads(first))["format"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return isinstance(version, int) and version == _SUMMED


def _unsummed(data: bytes, name: str) -> Records:
    """Return a log of format 1, which has no sums: its lines as they stand, the last perhaps torn."""
    try:
        text = data.decode()
    except UnicodeDecodeError as e:
        raise foreign(name) from e
    lines = text.split("\n")  # at a line feed alone: what was said may hold other ends of lines
    whole = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return Records(wire.load_header(whole[0] if whole else ""), whole)


def _moment(line: str) -> int:
    found = _AT.search(line)
    return int(found.group(1)) if found else 0


def foreign(name: str) -> Trouble:
    """Return the sentence about a file that is none of ours."""
    return Trouble("'{name}' is no session of Coach.", "Choose a .jsonl file that Coach wrote.", name=name)
