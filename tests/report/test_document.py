"""The written result of a call: the contract of ``coach review --json``."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from playbook import CUSTOMER, REP, talk, told

from coach.call.events import BLEED, TroubleNoticed
from coach.call.figures import figures
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.report.card import make_card
from coach.report.document import LEAKED, document, make_report
from coach.report.page import POLICY
from coach.report.page import page as page_of
from coach.report.plain import NAMES, clean, clock, figure_lines, moment_lines, nudge_lines, quoted
from coach.settings import Settings

HOSTILE = '<script>alert(1)</script> & "so" \x1b[31mred'
POUNCED = [
    (REP, 1, 3, "How do you do it?", "question.open"),
    (CUSTOMER, 24, 29, "We lose half of them.", "need"),
    (REP, 26, 26.5, "Mm-hm.", "backchannel"),
    (REP, 29.4, 32, f"Our tool fixes that {HOSTILE}", "pitch"),
    (REP, 32.6, 36, "It has three parts.", "pitch"),
    (CUSTOMER, 38, 50, "Well."),
]


def page(report):
    return page_of(make_card(report))


def report(lines, end_s=60, **how):
    engine = Engine(Settings())
    commands = [c for e in told(lines, end_s, **how) for c in engine.handle(e)]
    nudges = [c.nudge for c in commands if isinstance(c, ShowNudge)]
    audio = {"file": "a <b>.wav", "duration_s": end_s, "note": "Short."}
    limits = Settings().limits_for("discovery")
    return make_report("a <b>", engine.meters, nudges, limits, audio, moments=engine.moments)


def test_it_keeps_the_contract():
    doc = json.loads(json.dumps(document(report(POUNCED))))
    assert doc["format"] == 1
    assert doc["call_type"] == "discovery"
    assert [t["who"] for t in doc["turns"]] == ["rep", "customer", "rep", "customer"]
    first = doc["turns"][0]
    assert (first["start_s"], first["end_s"]) == (1.0, 3.0)
    assert first["sentences"] == [
        {"start_s": 1.0, "end_s": 3.0, "text": "How do you do it?", "cues": ["question.open"]}
    ]
    (nudge,) = doc["nudges"]
    assert nudge["rule"] == "pounce"
    assert nudge["due_s"] <= nudge["at_s"]
    assert nudge["because"]["seconds_after_need"] == 0.4
    assert nudge["source"]
    assert set(doc["metrics"]) == set(NAMES)
    assert {"value", "unit", "how", "source", "formula"} == set(doc["metrics"]["talk_share"])
    assert doc["speech"]["rep"][0] == [1.0, 3.0]
    assert [26.0, 26.5] in doc["speech"]["rep"]
    assert doc["backchannels"] == [
        {"start_s": 26.0, "end_s": 26.5, "text": "Mm-hm.", "cues": ["backchannel"], "who": "rep"}
    ]


PUSHED = [
    (REP, 1, 3, "How do you do it?", "question.open"),
    (CUSTOMER, 4, 9, "By hand."),
    (REP, 10, 14, f"It closes on Friday {HOSTILE}", "pressure"),
    (CUSTOMER, 15, 20, "Does it?"),
]


def test_what_was_noticed_and_not_nudged_is_written_beside_the_nudges():
    doc = json.loads(json.dumps(document(report(PUSHED))))
    assert doc["nudges"] == []
    (moment,) = doc["moments"]
    assert (moment["at_s"], moment["rule"], moment["text"]) == (10.0, "pressure", "Ease off a little")
    assert moment["because"] == {"pushes_heard": 1.0, "push_at_s": 10.0}
    assert moment["reason"] == "Sentences that push so far: 1"
    assert moment["source"]
    assert document(report(POUNCED))["moments"] == []


def test_a_moment_is_told_with_the_words_it_is_about():
    r = report(PUSHED)
    lines = "\n".join(moment_lines(r))
    assert '0:10  ○ Ease off a little "It closes on Friday' in lines
    assert "\x1b" not in lines
    html = page(r)
    assert "Noticed, not nudged" in html
    assert "&ldquo;It closes on Friday &lt;script&gt;" in html
    assert "Not one nudge" in html


def test_a_moment_without_words_of_its_own_is_told_by_its_time():
    r = report([(CUSTOMER, 1, 20), (CUSTOMER, 1440, 1500)], 1500)
    assert list(moment_lines(r))[1:] == [
        "   24:00  ○ Agree the next step",
        "          24 of 30 min, no next step yet",
    ]
    assert "Agree the next step</span> <time>24:00</time>" in page(r)


def test_a_call_with_nothing_left_unsaid_has_no_such_part():
    assert list(moment_lines(report(POUNCED))) == []
    assert "Noticed, not nudged" not in page(report(POUNCED))


def test_a_sentence_without_a_turn_of_its_side_is_left_out():
    lines = [(CUSTOMER, 1, 20), (REP, 5, 5.5), (REP, 5, 5.5, "Sure.")]
    assert document(report(lines))["turns"][0]["who"] == "customer"


def test_findings_are_three_at_most_and_each_has_its_moment():
    found = report(POUNCED).findings
    assert [f.kind for f in found] == ["habit", "try"]
    assert found[0].at_s == 29.4
    assert "fixes" in found[0].quote


def of_kind(lines, end_s, kind, **how):
    return [f.text for f in report(lines, end_s, **how).findings if f.kind == kind]


QUESTION = ("question.open", "follow_up")


@pytest.mark.parametrize(
    ("lines", "end_s", "said"),
    [
        (
            [
                x
                for i in range(3)
                for x in (
                    (REP, 10 * i + 1, 10 * i + 3, "And why?", *QUESTION),
                    (CUSTOMER, 10 * i + 4, 10 * i + 9, "So."),
                )
            ],
            40,
            "3 questions deep",
        ),
        ([(REP, 130, 132, "And why?", *QUESTION), (CUSTOMER, 133, 140, "So.")], 150, "built on their answer"),
        ([(REP, 1, 3), (CUSTOMER, 4, 130)], 140, "story of 126 s"),
        (
            [
                (CUSTOMER, 1, 9),
                (REP, 10, 12, "Late?", "reflection.mirror"),
                (REP, 13, 15, "Hard.", "reflection.label"),
            ],
            20,
            "gave back",
        ),
    ],
)
def test_a_strength_is_named(lines, end_s, said):
    assert said in of_kind(lines, end_s, "strength")[0]


@pytest.mark.parametrize(
    ("lines", "end_s", "said"),
    [
        (
            [
                (CUSTOMER, 1, 20),
                (REP, 24, 28, "Our tool is best.", "pitch"),
                (REP, 29, 31),
                (CUSTOMER, 32, 60),
            ],
            60,
            "before their needs",
        ),
        ([(CUSTOMER, 1, 60), *talk(REP, 61, 161), (CUSTOMER, 162, 260)], 270, "stretch ran"),
        (
            [x for i in range(6) for x in ((REP, 30 * i, 30 * i + 24), (CUSTOMER, 30 * i + 25, 30 * i + 28))],
            180,
            "of the talk",
        ),
        (
            [
                x
                for i in range(4)
                for x in (
                    (REP, 10 * i + 1, 10 * i + 3, "Is it?", "question.closed"),
                    (CUSTOMER, 10 * i + 4, 10 * i + 9, "Yes it is."),
                )
            ],
            40,
            "closed questions",
        ),
    ],
)
def test_a_habit_is_named_with_something_to_try(lines, end_s, said):
    assert said in of_kind(lines, end_s, "habit")[0]
    assert len(of_kind(lines, end_s, "try")) == 1


def test_a_call_with_nothing_to_say_has_no_findings():
    assert report([(REP, 1, 3), (CUSTOMER, 4, 9)], 12).findings == ()


def test_lines_for_a_terminal_carry_no_control_characters():
    r = report(POUNCED)
    text = "\n".join([*figure_lines(r), *(line for n in r.nudges for line in nudge_lines(n, n.suggestion))])
    assert "\x1b" not in text
    assert "Stay with that" in text
    assert "not available" in text
    assert "Talk share" in text


def test_moments_are_minutes_and_seconds():
    assert (clock(0), clock(65.9), clock(600)) == ("0:00", "1:05", "10:00")
    assert clean("a\x07b\nc") == "a b c"


def test_words_that_were_not_kept_are_not_quoted():
    assert (quoted("So\x07 it is."), quoted("· · ·"), quoted("")) == ("So  it is.", "", "")
    dots = report([(who, a, b, "· · ·", *cues) for who, a, b, _, *cues in WORLDLY])
    for text in (page(dots), "\n".join(figure_lines(dots))):
        assert "·" not in text
        assert "spoken of" in text.replace("not spoken of", "")


class Tags(HTMLParser):
    """Collect what a browser would take for markup."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_is_one_file_without_script_and_hostile_text_stays_text():
    html = page(report(POUNCED))
    tags = Tags()
    tags.feed(html)
    assert "script" not in tags.tags
    assert "b" in tags.tags
    assert not {name for name, _ in tags.attributes} & {"src", "href", "onclick", "onload"}
    assert ("content", POLICY) in tags.attributes
    assert POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "&lt;script&gt;alert(1)" in html
    assert "Not available in this call" in html


def test_a_page_without_nudges_or_words_says_so():
    html = page(report([(REP, 1, 3), (CUSTOMER, 4, 9)], 12))
    assert "Not one nudge" in html


def test_every_figure_has_a_name_for_people():
    assert {f.name for f in figures(report(POUNCED).meters)} == set(NAMES)


WORLDLY = [
    (REP, 1, 3, "How do you do it?", "question.open"),
    (CUSTOMER, 20, 24, "By hand, <b>mostly</b>.", "world.today"),
    (CUSTOMER, 24.2, 29, "The printer jams every morning.", "need", "world.obstacle"),
    (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
    (REP, 32.6, 36, "It has three parts.", "pitch"),
    (CUSTOMER, 38, 50, "Well."),
]
ASK = "What happens when the printer jams?"


def test_the_board_of_their_world_has_the_first_words_on_each_part_or_says_there_were_none():
    r = report(WORLDLY)
    world = {w["part"]: (w["at_s"], w["quote"]) for w in document(r)["world"]}
    assert list(world) == ["today", "aim", "obstacle", "cost", "people", "why_now"]
    assert world["today"] == (20.0, "By hand, <b>mostly</b>.")
    assert world["aim"] == (None, None)
    text = "\n".join(figure_lines(r))
    assert 'What is in the way    0:24  "The printer jams every morning."' in text
    assert text.count("not spoken of") == 4
    html = page(r)
    assert "By hand, &lt;b&gt;mostly" in html
    assert html.count("not spoken of") == 4


def test_there_is_no_board_where_nobody_read_for_it():
    r = report(POUNCED)
    assert document(r)["world"] == []
    assert "Their world</h2>" not in page(r)
    assert "not spoken of" not in "\n".join(figure_lines(r))


def test_beside_the_moment_stands_the_question_that_could_have_been_asked():
    r = report(WORLDLY)
    doc = document(r)
    assert doc["nudges"][0]["suggestion"] == ASK
    assert [f["suggestion"] for f in doc["findings"]] == [ASK, ASK]
    assert page(r).count(ASK) == 1
    assert "\n".join(figure_lines(r)).count(ASK) == 1
    assert ASK in "\n".join(nudge_lines(r.nudges[0], ASK))
    assert "ask:" not in "\n".join(nudge_lines(r.nudges[0], ""))


def test_what_went_well_needs_no_question():
    lines = [
        x
        for i in range(3)
        for x in (
            (REP, 10 * i + 1, 10 * i + 3, "And why?", *QUESTION),
            (CUSTOMER, 10 * i + 4, 10 * i + 9, "The printer jams every morning.", "need"),
        )
    ]
    (strength,) = report(lines, 40).findings
    assert strength.suggestion == ""


GERMAN = [
    (CUSTOMER, 1, 9, "Das kostet uns jede Woche einen Tag."),
    (REP, 10, 14, "Wie kommt das?"),
    (CUSTOMER, 15, 24, "Wir führen für jedes Haus eine Liste."),
    *talk(REP, 25, 125),
    (REP, 126, 130, "Unser Gerät meldet jeden Fehler."),
]


def test_a_report_in_another_language_leaves_out_what_it_cannot_know():
    said = report(GERMAN, 200, language="de")
    lines = "\n".join(figure_lines(said))
    assert lines.startswith("  Coach reads cues in English only.")
    assert "Longest monologue" in lines
    assert "Interruptions" in lines
    for word in ("Questions", "Pitch", "Needs", "Fillers", "Their world", "Next step"):
        assert word not in lines
    html = page(said)
    assert html.count("Coach reads cues in English only.") == 1
    assert "Wir führen für jedes Haus eine Liste." in html
    assert "Questions" not in html
    doc = document(said)
    assert doc["language"] == "de"
    assert set(doc["metrics"]) == set(NAMES)
    assert doc["metrics"]["questions"] == doc["metrics"]["questions"] | {
        "value": None,
        "how": "not available",
    }
    assert doc["world"] == []
    assert [f["kind"] for f in doc["findings"]] == ["habit", "try"]
    assert all(f["suggestion"] == "" for f in doc["findings"])


def test_a_report_in_english_has_no_such_sentence():
    said = report(GERMAN, 200)
    assert said.caution == ""
    assert document(said)["language"] == "en"
    assert said.shown == said.figures


def test_beside_what_could_be_tried_stand_their_last_words():
    habit, tried = document(report(WORLDLY))["findings"]
    assert (habit["quote"], habit["quote_who"], habit["quote_at_s"]) == ("Our tool fixes that.", "rep", 29.4)
    assert (tried["quote"], tried["quote_who"]) == ("The printer jams every morning.", "customer")
    assert tried["quote_at_s"] == 24.2
    assert "Customer, <time>0:24</time>" in page(report(WORLDLY))


def test_words_of_long_ago_are_not_their_last():
    lines = [(CUSTOMER, 1, 9, "By hand."), *talk(REP, 10, 300), (CUSTOMER, 301, 500)]
    (tried,) = [f for f in document(report(lines, 510))["findings"] if f["kind"] == "try"]
    assert tried["at_s"] == 70.0
    assert tried["quote"] == "By hand."
    later = [(CUSTOMER, 1, 9, "By hand."), (CUSTOMER, 10, 190), *talk(REP, 191, 400), (CUSTOMER, 401, 700)]
    (tried,) = [f for f in document(report(later, 710))["findings"] if f["kind"] == "try"]
    assert (tried["quote"], tried["quote_who"], tried["quote_at_s"]) == ("", None, None)


def test_a_call_whose_loudspeakers_leaked_says_so_before_its_figures():
    said = report(GERMAN, 200)
    said.meters.fold(TroubleNoticed(200_000, BLEED, "Your speakers leak."))
    assert said.caution == LEAKED
    assert LEAKED in "\n".join(figure_lines(said))
