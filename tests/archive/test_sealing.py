"""What is sealed opens to the same bytes; what was changed, moved, doubled or taken out is known."""

from __future__ import annotations

import os
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coach.archive.sealing import LOST, MAGIC, Sealer, opened, sealed_lines, sealed_whole, whole

PAIR = X25519PrivateKey.generate()
PUBLIC, PRIVATE = PAIR.public_key().public_bytes_raw(), PAIR.private_bytes_raw()
LOCK = "0123456789abcdef"


def sealer(kind: str = "session", at: int = 0) -> Sealer:
    return Sealer(LOCK, PUBLIC, kind, at)


def opens(data: bytes, kind: str = "session") -> bytes:
    return opened(data, kind, lambda _: PRIVATE).data


def lines(count: int) -> list[bytes]:
    return [b'{"event":"number %d"}\n' % n for n in range(count)]


def records(sealed: bytes) -> list[int]:
    """Return where the lines begin that are records."""
    found, at = [], 0
    for line in sealed.splitlines(keepends=True):
        if not line.startswith(MAGIC):
            found.append(at)
        at += len(line)
    return found


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"a\n", b"a\nb", b"\r\n\x80\x00\n\n", b"".join(lines(500)), os.urandom(9999)]
)
def test_what_was_sealed_opens_to_the_same_bytes(data: bytes) -> None:
    assert opens(sealed_lines(data, sealer())) == data
    assert whole(opened(sealed_whole(data, sealer()), "session", lambda _: PRIVATE)) == data


def test_nothing_of_it_can_be_read_and_its_length_tells_little() -> None:
    sealed = sealed_lines(b"MARKER\n" + b"MARKER and some more\n", sealer())
    assert b"MARKER" not in sealed
    one, other = (line for line in sealed.splitlines() if not line.startswith(MAGIC))
    assert len(one) == len(other)


def test_every_flipped_bit_is_found_and_costs_no_more_than_its_record() -> None:
    kept = lines(3)
    sealed = sealed_lines(b"".join(kept), sealer())
    for at in range(len(sealed)):
        hurt = bytearray(sealed)
        hurt[at] ^= 1 << at % 8
        found = opened(bytes(hurt), "session", lambda _: PRIVATE)
        assert found.lost, at
        there = found.data.replace(LOST, b"").removesuffix(b"?").splitlines(keepends=True)
        assert all(line in kept for line in there), at
        between_two = sealed[at : at + 1] == b"\n"  # two records that became one line cost both
        assert len(there) >= len(kept) - 1 - between_two, at


def test_what_was_taken_out_is_found() -> None:
    sealed = sealed_lines(b"".join(lines(5)), sealer())
    begins = [*records(sealed), len(sealed)]
    for n in range(4):
        cut = sealed[: begins[n]] + sealed[begins[n + 1] :]
        assert opened(cut, "session", lambda _: PRIVATE).lost == 1


def test_what_was_cut_off_at_the_end_looks_like_a_crash() -> None:
    """What the documents say: nothing can tell it from one."""
    sealed = sealed_lines(b"".join(lines(5)), sealer())
    assert opens(sealed[: records(sealed)[3]]) == b"".join(lines(3))
    torn = opened(sealed[: records(sealed)[3] + 20], "session", lambda _: PRIVATE)
    assert torn.data == b"".join(lines(3)) + b"?"


def test_what_changed_places_or_stands_twice_is_found() -> None:
    sealed = sealed_lines(b"".join(lines(4)), sealer())
    _, b, c, d = records(sealed)
    swapped = sealed[:b] + sealed[c:d] + sealed[b:c] + sealed[d:]
    assert opened(swapped, "session", lambda _: PRIVATE).lost >= 1
    doubled = sealed[:c] + sealed[b:c] + sealed[c:]
    found = opened(doubled, "session", lambda _: PRIVATE)
    assert found.lost == 1
    assert found.data.replace(LOST, b"") == b"".join(lines(4))


def test_a_record_of_another_file_opens_nowhere_else() -> None:
    one, other = (sealed_lines(b"".join(lines(3)), sealer()) for _ in range(2))
    mixed = one[: records(one)[1]] + other[records(other)[1] :]
    found = opened(mixed, "session", lambda _: PRIVATE)
    assert (found.lost, found.data) == (2, lines(3)[0] + LOST + LOST)
    assert LOST in opens(one, "hand of another call")


def test_a_stretch_that_was_taken_out_is_missed_by_the_one_behind_it() -> None:
    one = sealed_lines(lines(1)[0], sealer())
    two = sealed_lines(b"two\n", sealer(at=len(one)))
    three = sealed_lines(b"three\n", sealer(at=len(one + two)))
    assert opens(one + two + three) == lines(1)[0] + b"two\nthree\n"
    assert opens(one + three) == lines(1)[0] + LOST + b"three\n"


def test_where_both_copies_of_a_head_are_damaged_the_next_one_opens_what_is_left() -> None:
    kept = lines(200)
    sealed = sealed_lines(b"".join(kept), sealer())
    hurt = sealed.replace(MAGIC, b"xxxxx-sealed 1 ", 2)
    found = opened(hurt, "session", lambda _: PRIVATE)
    assert found.data.replace(LOST, b"") == b"".join(kept)
    assert found.lost == 2


def test_no_two_records_have_the_same_key_and_nonce() -> None:
    """A stretch has a key of its own, and numbers its records: alike plain texts never look alike."""
    sealers = [sealer() for _ in range(50)]
    seen = [s.seal(b"the same\n").splitlines()[-1] for s in sealers for _ in range(3)]
    assert len(set(seen)) == len(seen)
    heads = {s.seal(b"").splitlines()[0][:100] for s in (sealer() for _ in range(50))}
    assert len(heads) == 50


def test_no_noise_brings_the_opening_down() -> None:
    dice = random.Random(8)  # noqa: S311 - noise, no secret
    sealed = sealed_lines(b"".join(lines(20)), sealer())
    for _ in range(300):
        data = bytearray(sealed)
        for _ in range(dice.randint(1, 30)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 40)] = dice.randbytes(dice.randint(0, 40))
        there = opened(bytes(data), "session", lambda _: PRIVATE).data.replace(LOST, b"").removesuffix(b"?")
        assert all(line in lines(20) for line in there.splitlines(keepends=True))


def test_a_blob_that_lost_its_end_is_none() -> None:
    sealed = sealed_whole(os.urandom(200_000), sealer())
    cut = sealed[: records(sealed)[-1]]
    with pytest.raises(ValueError, match="196608"):
        whole(opened(cut, "session", lambda _: PRIVATE))
