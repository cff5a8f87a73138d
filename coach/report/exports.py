"""The formats in which a call can be written, as data.

Owns which formats there are, the ending of each file, and how each is made of a card. Refuses to write files and to
draw paper: the PDF is made by whoever has a painter, and is handed in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coach.report.captions import srt, vtt
from coach.report.document import FORMAT, document
from coach.report.markdown import markdown
from coach.report.page import page
from coach.report.spreadsheet import figures_csv, sentences_csv
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coach.call.events import SentenceHeard
    from coach.report.card import Card


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Args:
        name: as it is asked for.
        ending: of its file.
        what: what it is for, in one line.
        write: makes its text of a card; None where a painter is needed.
    """

    name: str
    ending: str
    what: str
    write: Callable[[Card], str] | None


def card_document(card: Card) -> dict[str, Any]:
    """Return the review document with what the card knows besides: the usual, the notes, tags, what was put right."""
    return {
        **document(card.report),
        **({"began": card.began} if card.began else {}),
        **({"tags": list(card.tags)} if card.tags else {}),
        **({"usual": _usual(card)} if card.usual else {}),
        **(
            {"notes": [{"at_s": n.start_ms / 1000, "text": n.text} for n in card.notes]} if card.notes else {}
        ),
        **({"put_right": len(card.put_right)} if card.put_right else {}),
    }


def corrections(card: Card) -> dict[str, Any]:
    """Return the sentences that were put right, the machine's and the hand's side by side."""
    return {
        "format": FORMAT,
        "what": "coach corrections",
        "audio": card.report.audio,
        "call_type": card.report.call_type,
        "language": card.report.language,
        "sentences_heard": len(card.line.sentences),
        "sentences": [{"machine": _sentence(m), "hand": _sentence(h)} for m, h in card.put_right],
    }


def _usual(card: Card) -> dict[str, Any]:
    return {
        name: {"median": u.median, "calls": u.calls, "quartiles": [u.low, u.high], "stands": u.stands}
        for name, u in card.usual.items()
    }


def _sentence(s: SentenceHeard) -> dict[str, Any]:
    return {
        "who": s.who.value,
        "start_s": s.start_ms / 1000,
        "end_s": s.end_ms / 1000,
        "text": s.text,
        "cues": list(s.cues),
    }


def _json(make: Callable[[Card], dict[str, Any]]) -> Callable[[Card], str]:
    return lambda card: json.dumps(make(card), ensure_ascii=False, indent=1) + "\n"


FORMATS: Final = (
    Format("html", ".html", "the report card as one page, to read and to print", page),
    Format("pdf", ".pdf", "the report card on paper", None),
    Format("json", ".json", "everything, for programs", _json(card_document)),
    Format("csv", ".csv", "the figures, for a spreadsheet", figures_csv),
    Format("sentences", ".sentences.csv", "every sentence with its cues, for a spreadsheet", sentences_csv),
    Format("md", ".md", "the report card as Markdown", markdown),
    Format("vtt", ".vtt", "what was said, as subtitles with speakers", vtt),
    Format("srt", ".srt", "the same, for players that do not know VTT", srt),
    Format(
        "corrections",
        ".corrections.json",
        "what you put right beside what Coach heard, to measure it by",
        _json(corrections),
    ),
)
NAMES: Final = tuple(f.name for f in FORMATS)


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """Return the formats of these names, each once, in the order asked for.

    Raises:
        Trouble: for a name that is none.
    """
    known = {f.name: f for f in FORMATS}
    wanted = list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    for name in wanted:
        if name not in known:
            raise Trouble(
                "'{name}' is no format that Coach writes.",
                "Choose from: {names}.",
                name=name,
                names=", ".join(NAMES),
            )
    return tuple(known[name] for name in wanted)


def format_of_file(name: str) -> Format | None:
    """Return the format that a file's ending says; None where it says none."""
    fit = [f for f in FORMATS if name.lower().endswith(f.ending)]
    return max(fit, key=lambda f: len(f.ending), default=None)
