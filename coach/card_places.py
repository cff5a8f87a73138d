"""Where the card was dragged to, from one start to the next.

Owns the small file that keeps it. Refuses to know screens: their names are text. What cannot be read is forgotten: the
card then stands where the settings say.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Final

from coach.ui.place import Spot
from coach.ui.standing import Stood

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "card-places.json"
MOST_SCREENS: Final = 32
MOST_BYTES: Final = 65_536


def load_places(path: Path) -> Stood:
    """Return what was kept; nothing where there is no file, or none of ours."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return Stood()
        kept = json.loads(path.read_text(encoding="utf-8"))
        spots = {str(name): _spot(*shares) for name, shares in list(kept["spots"].items())[-MOST_SCREENS:]}
        return Stood(str(kept["corner"]), str(kept["screen"]), spots)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Stood()


def save_places(path: Path, stood: Stood) -> None:
    """Keep it; a disk that takes nothing costs a drag at the next start, and no word now."""
    spots = {name: (s.across, s.down) for name, s in stood.spots.items()}
    text = json.dumps({"corner": stood.corner, "screen": stood.screen, "spots": spots}, indent=1)
    partial = path.with_suffix(".part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)


def _spot(across: float, down: float) -> Spot:
    if not all(isinstance(share, int | float) and 0 <= share <= 1 for share in (across, down)):
        raise ValueError(across, down)
    return Spot(float(across), float(down))
