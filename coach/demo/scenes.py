"""The bundled calls: the same customer, sold to and listened to.

Owns which calls there are, their titles and their order. Refuses to know how a call is played or shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scene:
    """One bundled call: ``sound`` is stereo, left the rep; ``truth`` says exactly what happens when."""

    title: str
    sound: Path
    truth: Path


def scenes() -> tuple[Scene, ...]:
    """Return the bundled calls, in the order in which they teach."""
    return (
        _scene("d02", "First take: the rep hears one need and is off."),
        _scene("d01", "Second take: the same customer, the rep listens."),
    )


def _scene(name: str, title: str) -> Scene:
    return Scene(title, shipped("assets", "demo", f"{name}.ogg"), shipped("assets", "demo", f"{name}.json"))
