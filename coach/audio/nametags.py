"""Remember what devices were called when they were last here.

Settings keep a device by its identity, which for a headset that is not connected is often no more than an address. A
small file keeps the names that people know, so that what is missing can be named.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from coach.audio.devices import Device

MOST: Final = 50
"""So many names are kept, those seen last."""
_LETTERS: Final = 120


def nametags(path: Path) -> dict[str, str]:
    """Return the names that are remembered, by identity; none where the file is missing or spoilt."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {k: v for k, v in known.items() if isinstance(v, str)}


def remember(path: Path, devices: Iterable[Device]) -> dict[str, str]:
    """Add the names of devices that are here, and return all; the file is written only where something is new.

    A folder that cannot be written loses the names and nothing else.
    """
    known = nametags(path)
    now = {d.identity: d.label[:_LETTERS] for d in devices if d.label != d.identity}
    everything = {**{k: v for k, v in known.items() if k not in now}, **now}
    kept = dict(list(everything.items())[-MOST:])
    if kept != known:
        partial = path.with_name(f"{path.name}.part")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(kept, out, ensure_ascii=False, indent=1)
            partial.replace(path)
    return kept
