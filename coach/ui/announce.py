"""What is there for whoever listens to the screen: a polite word, after what the reader is saying, and names.

Owns that one event, and names where Qt loses them. Refuses to know what is worth saying. The focus stays where it
is, and without a screen reader nothing happens at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QComboBox


def announce(source: QObject, text: str) -> None:
    """Let a screen reader say a text when it next has a pause.

    Args:
        source: the window or control that speaks.
        text: what it says; an empty one is not said.
    """
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(source, text)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)


def name_choice(box: QComboBox, name: str) -> None:
    """Name a box with several choices that no label stands before.

    On Linux Qt gives the choice itself for the name (`QAccessibleComboBox::text`), so the name is its description too.
    """
    box.setAccessibleName(name)
    box.setAccessibleDescription(name)
