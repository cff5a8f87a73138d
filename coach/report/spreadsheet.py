"""Figures and sentences as CSV for a spreadsheet.

Owns the columns, and that no cell is ever a formula: what was said or typed and begins like one gets an apostrophe in
front (OWASP, CSV injection), which a spreadsheet shows as text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from coach.report.essentials import GROUPS, formula, range_in
from coach.report.plain import NAMES, clean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.report.card import Card

FORMULA_STARTS: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""Characters with which a spreadsheet begins a formula, their wide forms too."""
_BOM: Final = "\ufeff"  # without it Excel takes UTF-8 for something older

FIGURES: Final = (
    "name",
    "figure",
    "essential",
    "value",
    "unit",
    "how",
    "good_from",
    "good_to",
    "usual_median",
    "usual_calls",
    "stands",
    "formula",
    "source",
)
SENTENCES: Final = ("start_s", "end_s", "who", "text", "cues", "put_right")


def figures_csv(card: Card) -> str:
    """Return a row for each figure; one that is not available has no value."""
    home = {name: title for title, _, first, more in GROUPS for name in (*first, *more)}

    def rows() -> Iterable[tuple[object, ...]]:
        for f in card.report.shown:
            good = range_in(card.report, f.name)
            usual = card.usual.get(f.name)
            yield (
                f.name,
                NAMES.english[f.name],
                home.get(f.name, ""),
                f.value,
                f.unit,
                f.how,
                good.low if good else None,
                good.high if good else None,
                usual.median if usual else None,
                usual.calls if usual else None,
                usual.stands if usual else "",
                formula(f.name, alone=card.report.meters.alone),
                f.source,
            )

    return _written(FIGURES, rows())


def sentences_csv(card: Card) -> str:
    """Return a row for each sentence, back-channels too; text is empty where no words were kept."""
    by_hand = {(s.who, s.start_ms) for _, s in card.put_right}
    rows = (
        (
            s.start_ms / 1000,
            s.end_ms / 1000,
            s.who.value,
            quoted(s.text),
            " ".join(s.cues),
            "yes" if (s.who, s.start_ms) in by_hand else "",
        )
        for s in card.line.sentences
    )
    return _written(SENTENCES, rows)


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, and without control characters."""
    if cell.lstrip(" ").startswith(tuple(FORMULA_STARTS)):
        return f"'{clean(cell)}"
    return clean(cell)


def _written(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(head)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return _BOM + out.getvalue()
