"""What Coach runs on is written down: every dependency pinned and hashed, billed, and with its licence."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINUX = {
    "python_version": "3.11",
    "python_full_version": "3.11.7",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "implementation_name": "cpython",
    "os_name": "posix",
}
WINDOWS = LINUX | {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "os_name": "nt",
}
NEWER = LINUX | {"python_version": "3.13", "python_full_version": "3.13.1"}


def locked(name: str = "requirements.lock") -> list[tuple[Requirement, list[str]]]:
    """Return what a lock holds: each requirement with its hashes."""
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [
        (Requirement(line.split("--hash")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
        for line in lines
    ]


def pinned(where: dict[str, str]) -> dict[str, str]:
    """Return the versions that a lock gives to one system."""
    found = {}
    for need, _ in locked():
        if need.marker is None or need.marker.evaluate(where):
            found[canonicalize_name(need.name)] = next(iter(need.specifier)).version
    return found


def test_every_line_of_a_lock_is_one_version_with_its_hashes():
    for name in ("requirements.lock", "build.lock"):
        assert locked(name)
        for need, hashes in locked(name):
            assert [s.operator for s in need.specifier] == ["=="], need
            assert hashes, need


def test_the_lock_answers_everything_that_the_program_asks_for_on_every_system():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for where in (LINUX, WINDOWS, NEWER):
        have = pinned(where)
        for need in map(Requirement, asked):
            if need.marker is None or Marker(str(need.marker)).evaluate(where):
                assert need.specifier.contains(have[canonicalize_name(need.name)]), need


def test_the_bill_of_materials_is_the_lock():
    bill = json.loads((ROOT / "docs" / "sbom.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {canonicalize_name(c["name"]): c["version"] for c in bill["components"]} == pinned(LINUX)


def test_every_part_of_the_bill_has_its_licence_on_the_page():
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)
    assert {
        canonicalize_name(n): v for n, v, licence in rows if licence.strip() and v[0].isdigit()
    } == pinned(LINUX)


def test_what_the_page_of_licences_points_to_is_there():
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:assets|models|LICENSE)[\w./]*)`", page):
        assert (ROOT / path).exists(), path
