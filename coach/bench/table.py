"""Figures of a benchmark, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from coach import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

CPU_INFO: Final = Path("/proc/cpuinfo")
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, the value, its unit, and what it should reach (empty where nothing is set)."""

    what: str
    value: float | None
    unit: str
    aim: str = ""


def machine() -> dict[str, object]:
    """Say what this was measured on: a figure without its machine means nothing."""
    return {
        "coach": __version__,
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
    }


def peak_mb() -> float | None:
    """Return the most memory this process ever held, in MB of a million bytes; None where the system does not say."""
    if not STATUS.exists():
        return None
    for line in STATUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) * 1024 / 1e6, 1)
    return None


def show(title: str, rows: Sequence[Row]) -> None:
    """Print the rows as a table."""
    click.echo(title)
    width = max((len(r.what) for r in rows), default=0)
    for r in rows:
        value = "-" if r.value is None else f"{r.value:.3f}".rstrip("0").rstrip(".")
        click.echo(f"  {r.what:<{width}}  {value:>9} {r.unit:<7} {r.aim}".rstrip())


def write(path: Path, title: str, rows: Sequence[Row]) -> None:
    """Write machine and rows as one JSON document."""
    document = {"benchmark": title, "machine": machine(), "figures": [asdict(r) for r in rows]}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _processor() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
