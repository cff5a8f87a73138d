"""What devices were called is remembered, and losing it costs nothing."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from coach.audio.devices import Device
from coach.audio.nametags import MOST, nametags, remember

if TYPE_CHECKING:
    from pathlib import Path

JABRA = Device("bluez.0A", "Jabra", "microphone")


def test_names_outlast_their_devices(tmp_path: Path) -> None:
    path = tmp_path / "data" / "devices.json"
    assert remember(path, [JABRA, Device("plain", "plain", "microphone")]) == {"bluez.0A": "Jabra"}
    assert remember(path, []) == {"bluez.0A": "Jabra"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert remember(path, [Device("bluez.0A", "My headset", "microphone")]) == {"bluez.0A": "My headset"}


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    remember(path, [JABRA])
    before = path.stat().st_mtime_ns
    remember(path, [JABRA])
    assert path.stat().st_mtime_ns == before


def test_only_so_many_are_kept_and_those_that_are_here_stay(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    for number in range(MOST + 5):
        remember(path, [JABRA, Device(f"usb-{number}", f"Microphone {number}", "microphone")])
    assert len(nametags(path)) == MOST
    assert nametags(path)["bluez.0A"] == "Jabra"
    assert "usb-0" not in nametags(path)


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"a": 1}', "\x00"])
def test_a_spoilt_file_is_no_names(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / "devices.json"
    path.write_text(spoilt, encoding="utf-8")
    assert nametags(path) == {}
    assert remember(path, [JABRA]) == {"bluez.0A": "Jabra"}


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert remember(tmp_path / "file" / "devices.json", [JABRA]) == {"bluez.0A": "Jabra"}
