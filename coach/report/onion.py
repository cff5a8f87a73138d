"""The layers of the onion: the questions of the longest chain of follow-ups, one beneath the other.

Owns which questions those are. The count is the figure ``layers`` (``metrics.md``); here it can be read and heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who

if TYPE_CHECKING:
    from coach.report.document import CallReport


def layers(report: CallReport) -> tuple[SentenceHeard, ...]:
    """Return the question that opened the longest chain and those that built on it; empty where none did.

    The first of two chains of one length, one whose opening question was heard before one without. Empty as well where
    the figure is not available.
    """
    if not any(f.name == "layers" and f.value for f in report.figures):
        return ()
    best: list[SentenceHeard] = []
    chain: list[SentenceHeard] = []
    for s in sorted(report.meters.sentences, key=lambda s: (s.start_ms, s.who)):
        if s.who is not Who.REP or cue.BACKCHANNEL in s.cues or not cue.COUNTED_QUESTIONS & set(s.cues):
            continue
        chain = [*chain, s] if cue.FOLLOW_UP in s.cues else [s]
        if _depth(chain) > _depth(best):
            best = chain
    return tuple(best) if len(best) > 1 else ()


def _depth(chain: list[SentenceHeard]) -> tuple[int, int]:
    return sum(cue.FOLLOW_UP in s.cues for s in chain), len(chain)
