"""Plays the program that taps a Mac: says what a script tells it to, in the language of `coach.audio.tap`.

Run as ``python taphelper.py LINE...``; each line is one step:

    greet           the first line, as it should be
    say TEXT        any bytes, as Latin-1 with escapes
    sound RATE MS FROM_MS [piece]  a tone; host time FROM_MS; written a few bytes at a time with "piece"
    live            a frame without samples
    exit CODE       end by itself
    stay            until standard input ends
    deaf            for ever, whatever happens to standard input
"""

import math
import signal
import struct
import sys


def frame(rate: int, samples: list[int], host_ns: int) -> bytes:
    head = struct.pack("<4sIIQ", b"tap1", rate, len(samples), host_ns)
    return head + struct.pack(f"<{len(samples)}h", *samples)


def write(data: bytes, size: int = 1 << 16) -> None:
    for start in range(0, len(data), size):
        sys.stdout.buffer.write(data[start : start + size])
        sys.stdout.buffer.flush()


for line in sys.argv[1:]:
    what, *rest = line.split(" ")
    if what == "greet":
        write(b"COACHTAP 1\n")
    elif what == "say":
        write(rest[0].encode().decode("unicode_escape").encode("latin-1"))
    elif what == "sound":
        rate, count = int(rest[0]), int(rest[0]) * int(rest[1]) // 1000
        tone = [round(8000 * math.sin(2 * math.pi * 450 * i / rate)) for i in range(count)]
        write(frame(rate, tone, int(rest[2]) * 1_000_000), 7 if "piece" in rest else 1 << 16)
    elif what == "live":
        write(frame(48_000, [], 0))
    elif what == "exit":
        sys.exit(int(rest[0]))
    elif what == "stay":
        sys.stdin.buffer.read()
    elif what == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.stdin.buffer.read()
        write(b"")
        signal.pause()
