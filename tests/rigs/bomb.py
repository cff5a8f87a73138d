"""A day of silence in a small FLAC file, made by hand, frame by frame (RFC 9639, sections 8 and 9).

Owns the making of it. Refuses to know who reads it. A frame of silence is one constant, whatever it lasts: eleven bytes
stand for eight seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RATE = 8_000
BLOCK = 65_535
"""Samples of a frame, the most there may be."""


def write_silence(path: Path, hours: float, *, declared: bool) -> Path:
    """Write so many hours of digital silence, one channel of 16 bits; return the file.

    Args:
        path: of the file.
        hours: how long.
        declared: the header tells the length; else it says that nobody knows.
    """
    frames = -(-round(hours * 3600 * RATE) // BLOCK)
    total = frames * BLOCK if declared else 0
    info = BLOCK.to_bytes(2, "big") * 2 + bytes(6)
    info += ((RATE << 44) | (0 << 41) | (15 << 36) | total).to_bytes(8, "big") + bytes(16)
    with path.open("wb") as f:
        f.write(b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info)
        for number in range(frames):
            f.write(_frame(number))
    return path


def _frame(number: int) -> bytes:
    # Sync and fixed size; a size in 16 bits and 8 kHz; one channel of 16 bits; the frame's number; the size less one.
    head = b"\xff\xf8" + bytes([0b0111_0100, 0b0000_1000]) + _coded(number) + (BLOCK - 1).to_bytes(2, "big")
    head += bytes([_crc(head, 0x07, 8)])
    body = head + bytes([0]) + bytes(2)  # a constant, which is nought
    return body + _crc(body, 0x8005, 16).to_bytes(2, "big")


def _coded(number: int) -> bytes:
    """Return a number as UTF-8 would a character."""
    if number < 0x80:
        return bytes([number])
    if number < 0x800:
        return bytes([0xC0 | number >> 6, 0x80 | number & 63])
    return bytes([0xE0 | number >> 12, 0x80 | number >> 6 & 63, 0x80 | number & 63])


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    value, top = 0, 1 << bits - 1
    for byte in data:
        value ^= byte << bits - 8
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & (1 << bits) - 1
    return value
