"""The style of the windows: one sheet, so that they look like one program.

Owns fonts, frames and colours of buttons, fields, lists and tabs. A window adds what it alone has. What a window
paints itself takes its colours from the palette.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QLabel

from coach.ui.theme import METRICS, blend

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from coach.ui.theme import Palette


def raised(look: Palette) -> str:
    """Return the colour of a tile, a field or a button that lies on the window."""
    return blend(look.pressed, look.card, 0.5)


def selected(look: Palette) -> str:
    """Return the colour behind what is chosen in a list."""
    return blend(look.accent("ask_question"), look.card, 0.22)


def window_sheet(look: Palette) -> str:
    """Return the style sheet of a window in this look."""
    accent, tile = look.accent("ask_question"), raised(look)
    return f"""
QWidget {{ color: {look.title}; font-size: {METRICS.reason_px}px; }}
QWidget#window, QDialog, QScrollArea, QWidget#page {{ background: {look.card}; border: none; }}
QLabel#title {{ font-size: {METRICS.title_px + 3}px; font-weight: 600; }}
QLabel#heading {{ font-size: {METRICS.told_px + 1}px; font-weight: 600; padding-top: 6px; }}
QLabel#strong {{ font-size: {METRICS.title_px}px; font-weight: 600; }}
QLabel#name {{ font-size: {METRICS.told_px}px; font-weight: 600; }}
QLabel#wrong, QLabel#problem, QLabel#refused {{ background: {look.tile("monologue")};
  border: 1px solid {look.accent("monologue")}; border-radius: 6px; padding: 6px 8px; }}
QLabel#hint, QLabel#reason {{ color: {look.reason}; }}
QLabel#quiet {{ color: {look.quiet}; font-size: {METRICS.why_px}px; }}
QLabel#clock {{ font-size: {METRICS.told_px + 1}px; font-weight: 600; }}
QFrame#tile {{ background: {tile}; border: none; border-radius: 8px; }}
QFrame#rule {{ background: {look.border}; max-height: 1px; border: none; }}
QLineEdit, QPlainTextEdit, QListView, QTableView, QComboBox, QSpinBox, QDateEdit {{
  background: {tile}; border: 1px solid {look.quiet}; border-radius: 6px; padding: 4px 8px;
  placeholder-text-color: {look.quiet};
  selection-color: {look.card}; selection-background-color: {accent};
}}
QListView, QTableView {{ padding: 0; background: {look.card}; border-color: {look.border}; }}
QLineEdit:focus, QPlainTextEdit:focus, QListView:focus, QTableView:focus, QComboBox:focus {{
  border: 1px solid {accent}; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox QAbstractItemView {{ background: {look.card}; border: 1px solid {look.border}; }}
QPushButton, QToolButton {{
  background: {tile}; border: 1px solid {look.border}; border-radius: 6px; padding: 5px 12px;
}}
QPushButton:hover, QToolButton:hover {{ background: {look.pressed}; border-color: {look.quiet}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{
  background: {selected(look)}; border-color: {accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {look.quiet}; background: {look.card}; }}
QPushButton#main, QPushButton:default {{ color: {look.card}; background: {accent}; border-color: {accent};
  font-weight: 600; }}
QPushButton#main:hover {{ background: {blend(accent, look.title, 0.85)}; }}
QPushButton#main:disabled {{ color: {look.quiet}; background: {tile}; border-color: {look.border};
  font-weight: 400; }}
QPushButton#main:focus {{ border: 2px solid {look.title}; }}
QToolButton::menu-indicator {{ image: none; }}
QCheckBox, QRadioButton {{ spacing: 6px; background: {tile}; border-radius: 4px; padding: 2px 6px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {accent}; padding: 1px 5px; }}
QRadioButton::indicator {{ width: 13px; height: 13px; border: 1px solid {look.quiet}; border-radius: 7px;
  background: {look.card}; }}
QRadioButton::indicator:checked {{ width: 7px; height: 7px; border: 4px solid {accent}; background: {look.title}; }}
QRadioButton::indicator:disabled {{ border-color: {look.border}; }}
QMenu {{ background: {look.card}; border: 1px solid {look.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 18px; border-radius: 4px; }}
QMenu::item:selected {{ background: {look.pressed}; }}
QTabBar::tab {{ background: transparent; color: {look.reason}; border: none; padding: 7px 14px;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {look.title}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QTabWidget::pane {{ border: none; }}
QHeaderView::section {{ background: {look.card}; color: {look.reason}; border: none; padding: 5px 8px; }}
QSplitter::handle {{ background: {look.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QToolTip {{ color: {look.title}; background: {look.pressed}; border: 1px solid {look.border}; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {look.border}; border-radius: 4px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {look.quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {tile}; border: none; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
"""


def dress(window: QWidget, look: Palette) -> None:
    """Give a window its style sheet, and the palette for what the sheet leaves to Qt: ticks, dots, frames."""
    colours = window.palette()
    for role, colour in (
        (QPalette.ColorRole.Window, look.pressed),
        (QPalette.ColorRole.Button, look.pressed),
        (QPalette.ColorRole.Base, look.card),
        (QPalette.ColorRole.Text, look.title),
        (QPalette.ColorRole.WindowText, look.title),
        (QPalette.ColorRole.ButtonText, look.title),
        (QPalette.ColorRole.Highlight, look.accent("ask_question")),
        (QPalette.ColorRole.HighlightedText, look.card),
        (QPalette.ColorRole.ToolTipBase, look.pressed),
        (QPalette.ColorRole.ToolTipText, look.title),
    ):
        colours.setColor(role, QColor(colour))
    window.setPalette(colours)
    window.setStyleSheet(window_sheet(look))


def folded(text: str, widget: QWidget, width: int) -> str:
    """Return words on as many lines as they need in a width, for what Qt wraps none of: radio buttons and boxes."""
    letters, lines = QFontMetrics(widget.font()), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.horizontalAdvance(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def label(text: str, kind: str = "") -> QLabel:
    """Return a label that wraps and never takes words for markup; ``kind`` is its name in the sheet."""
    made = QLabel(text)
    made.setObjectName(kind)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made
