"""A call on one axis: each thing worth a mark has one, in its own shape, and follow-ups hang together."""

from __future__ import annotations

from playbook import CUSTOMER, REP, measured

from coach.call.events import BLEED, TroubleNoticed
from coach.call.hand import Note
from coach.nudges.commands import Noticed, Nudge
from coach.report.document import make_report
from coach.report.timeline import KINDS, SHAPES, Timeline, timeline
from coach.settings import Settings

LINES = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 15, "What do the two days cost you?", "question.open", "follow_up"),
    (CUSTOMER, 16, 22, "A lot.", "objection"),
    (REP, 21, 30, "It sounds like a burden.", "reflection.label"),
    (CUSTOMER, 31, 31.5, "Mm-hm.", "backchannel"),
    (REP, 33, 36, "Our lift does that.", "pitch"),
    (REP, 37, 39, "Shall we speak on Monday?", "question.closed", "next_step"),
]


def drawn(lines=LINES, *, notes=(), **how) -> Timeline:
    meters = measured(lines, 40)
    return timeline(
        make_report(
            "x",
            meters,
            how.get("nudges", ()),
            Settings().limits.discovery,
            {},
            moments=how.get("moments", ()),
        ),
        notes,
    )


def marks(line: Timeline, kind: str) -> list[tuple[int, str]]:
    return [(m.start_ms, m.text) for m in line.marks if m.kind == kind]


def test_every_kind_has_a_name_and_a_shape_of_its_own() -> None:
    assert set(KINDS) == set(SHAPES)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_who_spoke_when_is_there_and_a_back_channel_is_small() -> None:
    line = drawn()
    assert line.duration_ms == 40_000
    assert [(b.who, b.start_ms) for b in line.blocks if b.small] == [(CUSTOMER, 31_000)]
    assert line.blocks[0].start_ms == 1_000
    assert line.voice[CUSTOMER][0] == (4_000, 12_000)


def test_questions_pitches_listening_and_needs_are_marked_in_order_of_time() -> None:
    line = drawn()
    assert marks(line, "question_open") == [
        (1_000, "How do you do that today?"),
        (13_000, "What do the two days cost you?"),
    ]
    assert (
        marks(line, "question_closed") == marks(line, "next_step") == [(37_000, "Shall we speak on Monday?")]
    )
    assert marks(line, "pitch") == [(33_000, "Our lift does that.")]
    assert marks(line, "reflection") == [(21_000, "It sounds like a burden.")]
    assert marks(line, "need") == [(4_000, "By hand, and we lose two days.")]
    assert marks(line, "objection") == [(16_000, "A lot.")]
    assert [m.start_ms for m in line.marks] == sorted(m.start_ms for m in line.marks)


def test_a_follow_up_hangs_on_the_question_before_it() -> None:
    first, second = (m for m in drawn().marks if m.kind == "question_open")
    assert first.builds_on_ms is None
    assert second.builds_on_ms == 1_000


def test_an_interruption_is_marked_unless_voices_bled_over() -> None:
    assert marks(drawn(), "interruption") == [(21_000, "")]
    meters = measured(LINES, 40)
    meters.fold(TroubleNoticed(40_000, BLEED, "Your speakers leak."))
    report = make_report("x", meters, (), Settings().limits.discovery, {}, moments=())
    assert marks(timeline(report), "interruption") == []


def test_nudges_moments_and_notes_stand_where_they_belong() -> None:
    nudge = Nudge("pounce", "Stay with that", "A need at 0:12.", 34_000, 36_500, (), "own")
    moment = Noticed("pressure", "Ease off a little", "Words that push.", 37_000, (), "own")
    line = drawn(notes=[Note(5_000, "<b>Listen</b>")], nudges=[nudge], moments=[moment])
    assert marks(line, "nudge") == [(36_500, "Stay with that")]
    assert marks(line, "moment") == [(37_000, "Ease off a little")]
    assert marks(line, "note") == [(5_000, "<b>Listen</b>")]


def test_a_log_of_timings_has_marks_without_words() -> None:
    line = drawn([(REP, 1, 3, "· · ·", "question.open")])
    assert marks(line, "question_open") == [(1_000, "")]
