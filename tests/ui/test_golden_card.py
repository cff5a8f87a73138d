"""The card and the ring look as they did: every variant, in both looks, at three densities."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleFactory

from coach.call.ambient import Ambient
from coach.settings import OverlaySettings
from coach.ui.card import Card, CardContent
from coach.ui.ring import FADED_MS, Ring
from coach.ui.standing import Standing
from coach.ui.theme import LOOKS, METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

GOLDEN = Path(__file__).parent / "golden"
FONT = "DejaVu Sans"
FAR, MOST, MOST_DRAWN = 48, 0.02, 0.002
"""A pixel is another one from this difference of a channel on; so many of a variant may be, for letters differ a little
between machines, and so many of what is drawn without letters: eight pixels, an icon is more."""
DRAWN = 2 * METRICS.pad + METRICS.tile
"""Left of this stand icon and tile, or the ring."""
BEHIND = {"dark": "#FFFFFF", "light": "#20242A"}
"""The hard case of each look: the dark card on a white slide, the light one on a dark video."""
WHY = ("A long run without the customer.", "Run 75 s · limit 75 s", "Source: Gong")
PAUSE = CardContent("monologue", "Pause, let them in", "75 s without them · limit 75 s", WHY)
NUDGES = (
    PAUSE,
    CardContent("talk_share", "Let them talk more", "You: 72 % of the last 3 min"),
    CardContent("ask_question", "Ask another question", "190 s without a question"),
    CardContent("premature_pitch", "Back to their problem", "1 of 2 needs heard"),
    CardContent("pounce", "Stay with that", "", (), "What did those nine weeks cost you?"),
    CardContent("order_taking", "Ask what for", "3 sentences of yes"),
    CardContent("interruption", "Let them finish", "3 interruptions in 2 min"),
    CardContent("pressure", "Leave it to them", "They may take their time"),
    CardContent("next_step", "Zusammenfassen, was Sie gehört haben, bitte", "24 of 30 min"),
    CardContent("", "The microphone gives silence. Is it muted, or is permission missing?"),
)


@pytest.fixture(autouse=True)
def _same_everywhere(qapp: QApplication) -> Iterator[None]:
    if not QFontDatabase.hasFamily(FONT):
        pytest.skip(f"The pictures were taken with {FONT} (fonts-dejavu-core).")
    before, style = qapp.font(), qapp.style().objectName()
    qapp.setFont(QFont(FONT))
    qapp.setStyle(QStyleFactory.create("Fusion"))
    yield
    qapp.setFont(before)
    qapp.setStyle(QStyleFactory.create(style))


def cards(look: str) -> Iterator[QWidget]:
    """Every variant of the card, one after the other."""
    for content in NUDGES:
        yield card(look, content)
    pointed_at = card(look, PAUSE)
    pointed_at.reveal(revealed=True)
    yield pointed_at
    yield unfolded(card(look, PAUSE))
    above = card(look, PAUSE)
    above.panel_above = True
    yield unfolded(above)
    yield card(look, PAUSE, show_reason=False)
    square = card(look, PAUSE)
    square.round = False
    yield square
    yield card(look, PAUSE, scale=1.5)


def card(look: str, content: CardContent, scale: float = 1.0, *, show_reason: bool = True) -> Card:
    made = Card(LOOKS[look], scale, show_reason=show_reason)
    made.show_content(content)
    made.resize(made.fit(METRICS.px(METRICS.most_width, scale)))
    return made


def unfolded(made: Card) -> Card:
    made.unfold(unfolded=True)
    made.resize(made.fit(METRICS.most_width))
    return made


def rings(look: str) -> Iterator[QWidget]:
    for ambient in (Ambient(), Ambient(0.3, 0), Ambient(0.55, FADED_MS // 2), Ambient(1.0, FADED_MS)):
        ring = Ring(OverlaySettings(look=look, ring=True), Standing("top"))
        ring.in_call(listening=True)
        ring.take(ambient)
        yield ring


def picture(widget: QWidget, behind: str, density: float) -> QImage:
    """What is seen of a widget on a screen of this density, with this behind it."""
    image = QImage(
        round(widget.width() * density), round(widget.height() * density), QImage.Format.Format_RGB888
    )
    image.setDevicePixelRatio(density)
    image.fill(QColor(behind))
    # Not the widget's own ground: it is translucent.
    widget.render(image, QPoint(), QRect(), widget.RenderFlag.DrawChildren)
    return image


def stacked(images: list[QImage], behind: str) -> QImage:
    whole = QImage(max(i.width() for i in images), sum(i.height() for i in images), images[0].format())
    whole.fill(QColor(behind))
    painter = QPainter(whole)
    for image, top in zip(images, tops(images), strict=False):
        plain = image.copy()
        plain.setDevicePixelRatio(1)
        painter.drawImage(0, top, plain)
    painter.end()
    return whole


def tops(images: list[QImage]) -> list[int]:
    return [sum(i.height() for i in images[:n]) for n in range(len(images) + 1)]


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("look", ["dark", "light"])
def test_card_and_ring_look_as_they_did(qtbot: QtBot, look: str, density: float) -> None:
    """To take new pictures, delete the old ones, run this twice and look at them."""
    widgets = [*cards(look), *rings(look)]
    for widget in widgets:
        qtbot.addWidget(widget)
        if isinstance(widget, Card):
            widget.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    images = [picture(w, BEHIND[look], density) for w in widgets]
    whole = stacked(images, BEHIND[look])
    path = GOLDEN / f"card_{look}_{round(100 * density)}.png"
    if not path.exists():
        whole.save(str(path))
        pytest.fail(f"There was no picture; look at {path}.")
    golden = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    assert whole.size() == golden.size()
    far = (np.abs(pixels(whole).astype(int) - pixels(golden)) > FAR).any(axis=2)
    for number, (top, bottom) in enumerate(pairwise(tops(images))):
        assert far[top:bottom].mean() <= MOST, f"variant {number}"
        assert far[top:bottom, : round(DRAWN * density)].mean() <= MOST_DRAWN, f"drawing {number}"


def pixels(image: QImage) -> np.ndarray:
    whole = np.frombuffer(bytes(image.constBits()), np.uint8)
    return whole.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()].reshape(
        image.height(), image.width(), 3
    )
