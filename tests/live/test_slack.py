"""What is free goes back to the system in calm moments, and a call that is over keeps nothing alive."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import weakref

import pytest

from coach.live.slack import Slack, few_heaps, give_back, let_go


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self):
        return self.now


def test_the_first_calm_moment_gives_back_and_then_one_a_minute():
    clock, given = Clock(), []
    held = Slack(clock, lambda: given.append(clock.now), every_s=60.0)
    for clock.now in (100.0, 130.0, 159.9, 160.0, 161.0, 400.0):
        held.calm()
    assert given == [100.0, 160.0, 400.0]


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked")
def test_glibc_gives_free_pages_back():
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "malloc_trim"):
        pytest.skip("another C library")
    libc.malloc.restype = ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    pieces = [libc.malloc(60_000) for _ in range(1000)]
    for piece in pieces:
        ctypes.memset(piece, 1, 60_000)
    before = _resident()
    for piece in pieces[:-1]:  # the last one stays, and keeps all below it in the heap
        libc.free(piece)
    assert give_back()
    assert before - _resident() > 30_000_000
    libc.free(pieces[-1])


HEAPS = """
import ctypes, sys, threading
from coach.live.slack import few_heaps

libc = ctypes.CDLL(None)
if not hasattr(libc, "malloc_info"):
    sys.exit("no glibc")
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
few_heaps() if sys.argv[1] == "few" else None
together = threading.Barrier(8)

def work():
    libc.malloc(60_000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
told = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, told)
libc.fclose(told)
"""


def heaps(how):
    done = subprocess.run([sys.executable, "-c", HEAPS, how], capture_output=True, text=True, check=False)
    if "no glibc" in done.stderr:
        pytest.skip("another C library")
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked")
def test_threads_share_two_heaps():
    assert heaps("as it is") > 2
    assert heaps("few") == 2


def _resident():
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - as short as it reads
        return int(statm.read().split()[1]) * 4096


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_left_alone(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    assert not give_back()
    assert not few_heaps()


def test_what_only_its_own_circle_holds_is_let_go():
    class Part:
        other: object

    one, two = Part(), Part()
    one.other, two.other = two, one
    gone = weakref.ref(one)
    del one, two
    let_go()
    assert gone() is None
