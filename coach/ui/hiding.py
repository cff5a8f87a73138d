"""Take everything off the screen at once.

Owns which windows those are: all that this program has on the screen. Refuses to know why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


def hide_everything(standing: Sequence[QWidget] = ()) -> None:
    """Close every window, menu and question that is on the screen, so that nothing asks and nothing shows.

    Args:
        standing: windows that live as long as the program and are hidden instead.
    """
    for (
        _
    ) in QApplication.topLevelWidgets():  # a menu of a menu, a question of a question: each opens one at most
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if popup is None:
            break
        popup.close()
    for window in QApplication.topLevelWidgets():
        if not window.isVisible():
            continue
        if window not in standing:
            window.close()
        if window.isVisible():  # one that would rather ask first
            window.hide()
