"""The envelope: what opens it, what does not, and what happens when it is damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from locked import RIGHT, WRONG, cheap  # noqa: F401 - the fixture

from coach.archive import envelope
from coach.archive.envelope import COPY, KEYRING, NAME, Secret, WrongSecret, check_passphrase
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cheap")


def test_the_right_passphrase_opens_it_and_another_says_so() -> None:
    made, private = envelope.made(RIGHT)
    assert envelope.unwrapped(made, RIGHT) == private
    with pytest.raises(WrongSecret, match=r"does not open your calls\. Nothing is lost"):
        envelope.unwrapped(made, WRONG)
    with pytest.raises(WrongSecret, match="keyring"):
        envelope.unwrapped(made, Secret(KEYRING, RIGHT.value))


def test_an_accent_typed_in_two_ways_is_one_passphrase() -> None:
    made, private = envelope.made(Secret("passphrase", "caf\u00e9 au lait avec"))
    assert envelope.unwrapped(made, Secret("passphrase", "cafe\u0301 au lait avec ")) == private


def test_another_passphrase_wraps_the_same_key() -> None:
    made, private = envelope.made(RIGHT)
    new = envelope.wrapped_anew(made, private, WRONG)
    assert envelope.unwrapped(new, WRONG) == private
    assert (new.lock, new.public) == (made.lock, made.public)
    with pytest.raises(WrongSecret):
        envelope.unwrapped(new, RIGHT)


def test_what_the_file_says_of_the_key_is_bound_to_it() -> None:
    made, _ = envelope.made(RIGHT)
    for other in (
        replace(made, lock="0" * 16),
        replace(made, public=bytes(32)),
        replace(made, salt=bytes(16)),
    ):
        with pytest.raises(WrongSecret):
            envelope.unwrapped(other, RIGHT)


def test_the_disk_holds_neither_passphrase_nor_key(tmp_path: Path) -> None:
    made, private = envelope.made(RIGHT)
    envelope.write(tmp_path, made)
    for path in tmp_path.iterdir():
        text = path.read_bytes()
        assert RIGHT.value.encode() not in text
        assert private not in text
        assert private.hex().encode() not in text
        assert path.stat().st_mode & 0o077 == 0
    assert envelope.read(tmp_path) == made


@pytest.mark.parametrize("hurt", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b"[" * 9000])
def test_a_damaged_envelope_is_read_from_its_copy_and_two_are_a_sentence(tmp_path: Path, hurt: bytes) -> None:
    made, _ = envelope.made(RIGHT)
    envelope.write(tmp_path, made)
    (tmp_path / NAME).write_bytes(hurt)
    assert envelope.read(tmp_path) == made
    (tmp_path / COPY).write_bytes(hurt)
    with pytest.raises(Trouble, match=r"damaged, and so is its copy.*Bring one back from a backup"):
        envelope.read(tmp_path)


@pytest.mark.parametrize("cost", [[1 << 40, 8, 1], [1 << 17, 9999, 1], [3, 8, 1], [0, 8, 1], [1 << 17, 8, 0]])
def test_an_envelope_that_would_fill_the_memory_is_none(tmp_path: Path, cost: list[int]) -> None:
    made, _ = envelope.made(RIGHT)
    envelope.write(tmp_path, made)
    said = json.loads((tmp_path / NAME).read_bytes())
    (tmp_path / NAME).write_text(json.dumps({**said, "scrypt": cost}))
    (tmp_path / COPY).unlink()
    with pytest.raises(Trouble, match="damaged"):
        envelope.read(tmp_path)


def test_a_short_passphrase_is_refused_with_advice() -> None:
    with pytest.raises(Trouble, match=r"12 letters at least\. Take four or five words"):
        check_passphrase("short       ")
    check_passphrase("four plain words")


def test_as_delivered_a_try_costs_what_owasp_asks_for() -> None:
    import importlib

    assert importlib.import_module("coach.archive.envelope").Envelope  # the module as it is shipped
    source = (envelope.__file__ or "").replace(".pyc", ".py")
    with open(source, encoding="utf-8") as file:  # noqa: PTH123 - one line of it
        assert "COST: Final = (1 << 17, 8, 1)" in file.read()
