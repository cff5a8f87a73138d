"""Words that stand while their speaker goes on: drafts in, certain words out, each once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from coach.speech.spans import Span
from coach.speech.streaming import Stream


class Drafts:
    """A decoder that writes what it is given, and remembers what it was told."""

    def __init__(self, *texts):
        self.texts = list(texts)
        self.said, self.careful = [], []

    def draft(self, samples, said, voiced, *, careful=False):
        self.said.append(" ".join(said))
        self.careful.append(careful)
        text = self.texts.pop(0)
        return None if text is None else text.split()


SOUND = np.zeros(16_000, np.int16)


def open_span(until, *, since=0):
    return Span(since, until, ((since, until),), until, since, until, goes_on=True)


def closed(until, *, since=0, goes_on=False):
    return Span(since, until, ((since, until),), until + 350, since, until, goes_on)


def texts(words):
    return [w.text for w in words]


def test_a_word_stands_when_two_drafts_agree_and_is_handed_out_with_the_mark_behind_it():
    stream = Stream(Drafts("How do you.", "How do you, when", "How do you do that"))
    assert texts(stream.draft(SOUND, open_span(900))) == []
    assert texts(stream.draft(SOUND, open_span(1400))) == ["How", "do"]
    assert texts(stream.draft(SOUND, open_span(1900))) == []


def test_the_decoder_goes_on_from_words_that_stand_with_the_last_mark_open():
    drafts = Drafts("Well, we.", "Well, we. And", "Well, we do.")
    stream = Stream(drafts)
    for until in (900, 1400, 1900):
        stream.draft(SOUND, open_span(until))
    assert drafts.said == ["", "", "Well, we"]


def drafted(*said):
    """Return what each of these drafts hands out, and what stands then."""
    standing = []
    stream = Stream(Drafts(*said), lambda draft: standing.append(draft.words[: draft.standing]))
    handed = [texts(stream.draft(SOUND, open_span(900 + 400 * n))) for n in range(len(said))]
    return handed, [" ".join(words) for words in standing]


def test_one_word_that_each_draft_hears_otherwise_holds_back_none_behind_it():
    _, standing = drafted(
        "Any time we'll open and we'll do our", "Any time that will open and we'll do our best to"
    )
    assert standing[-1] == "Any time that will open and we'll do our"


def test_where_too_few_words_agree_behind_it_a_word_waits_for_the_next_draft():
    _, standing = drafted("Any time that we", "Any kind that we open", "Any kind that we open and")
    assert standing == ["", "Any", "Any kind that we open"]


def test_drafts_that_differ_in_more_than_a_word_or_two_agree_on_nothing_behind():
    _, standing = drafted(
        "He came on a big old horse and rode away again", "He came by train for once and rode away again"
    )
    assert standing[-1] == "He came"


def test_a_sentence_that_three_drafts_end_behind_the_same_word_is_handed_out():
    ended = "We fix that."
    handed, _ = drafted("We fix", ended, ended, ended, "We fix that. Um")
    assert handed == [[], ["We"], ["fix"], ["that."], []]


def test_a_mark_that_comes_and_goes_waits_for_the_word_behind_it():
    handed, _ = drafted("We fix that.", "We fix that,", "We fix that.", "We fix that.", "We fix that, our")
    assert handed == [[], ["We", "fix"], [], [], []]


def test_a_draft_that_is_not_to_be_believed_changes_nothing():
    stream = Stream(Drafts("one two", None, "one two three"))
    stream.draft(SOUND, open_span(600))
    assert stream.draft(SOUND, open_span(1100)) == []
    assert texts(stream.draft(SOUND, open_span(1600))) == ["one"]


def test_once_the_voice_has_stopped_every_word_stands_and_closing_writes_nothing_again():
    drafts = Drafts("It takes two weeks.")
    stream = Stream(drafts)
    assert texts(stream.draft(SOUND, Span(0, 1500, ((0, 1500),), 1700, 0, 1700))) == ["It", "takes", "two"]
    assert texts(stream.finish(SOUND, closed(1500))) == ["weeks."]
    assert drafts.careful == [True]


def test_a_span_nobody_drafted_is_written_when_it_closes():
    stream = Stream(Drafts("Yes.", "No."))
    assert texts(stream.finish(SOUND, closed(400))) == ["Yes."]
    assert texts(stream.finish(SOUND, closed(1400, since=1000))) == ["No."]


def test_words_beyond_a_cut_behind_the_speaker_belong_to_the_next_span_and_come_once():
    drafts = Drafts("one two three four", "one two three four", "three four five")
    stream = Stream(drafts)
    stream.draft(SOUND, open_span(3_500))
    assert texts(stream.draft(SOUND, open_span(4_000))) == ["one", "two", "three"]
    assert stream.finish(SOUND, closed(2_000, goes_on=True)) == []
    assert texts(stream.finish(SOUND, closed(5_000, since=2_100))) == ["four", "five"]
    assert drafts.said == ["", "", "three four"]


def test_a_word_placed_behind_the_end_of_the_voice_is_still_of_this_span():
    drafts = Drafts("one two three", "one two three", "one two three.", "four.")
    stream = Stream(drafts)
    stream.draft(SOUND, open_span(900))
    words = stream.draft(SOUND, open_span(1_200))
    words += stream.finish(SOUND, closed(900))  # the voice had stopped before the draft
    words += stream.finish(SOUND, closed(3_000, since=2_500))
    assert texts(words) == ["one", "two", "three.", "four."]
    assert drafts.said[2:] == ["one two three", ""]


def test_times_never_go_back():
    stream = Stream(Drafts("a b c", "a b c d", "a b c d eeeeeeeeeeeeeeeeeee"))
    words = [w for until in (900, 1200) for w in stream.draft(SOUND, open_span(until))]
    words += stream.finish(SOUND, closed(1300))
    assert texts(words) == ["a", "b", "c", "d", "eeeeeeeeeeeeeeeeeee"]
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))


def test_a_decoder_that_forgets_what_stands_is_not_followed():
    stream = Stream(Drafts("one two three", "one two three", ""))
    for until in (900, 1400):
        stream.draft(SOUND, open_span(until))
    assert texts(stream.finish(SOUND, closed(1600))) == ["three"]


def test_given_up_sound_is_forgotten():
    stream = Stream(Drafts("one two", "one two", "three."))
    for until in (900, 1400):
        stream.draft(SOUND, open_span(until))
    stream.drop()
    assert texts(stream.finish(SOUND, closed(3000, since=2000))) == ["three."]


def test_who_measures_is_told_of_every_draft():
    seen = []
    stream = Stream(Drafts("one two", "one two three"), seen.append)
    stream.draft(SOUND, open_span(900))
    stream.finish(SOUND, closed(1200))
    assert [(d.words, d.standing, d.closed) for d in seen] == [
        (("one", "two"), 0, False),
        (("one", "two", "three"), 3, True),
    ]


class Company(Drafts):
    """Also remembers how much sound it was given."""

    def __init__(self, *texts):
        super().__init__(*texts)
        self.seconds = []

    def draft(self, samples, said, voiced, *, careful=False):
        self.seconds.append(len(samples) / 16_000)
        return super().draft(samples, said, voiced, careful=careful)


def second_span(drafts, *, believed=True, seconds=1):
    """Write one span, then draft and close another of so many seconds."""
    stream = Stream(drafts)
    stream.finish(SOUND, closed(1000))
    if believed:
        stream.draft(SOUND, open_span(3000, since=2000))
    return texts(stream.finish(np.zeros(16_000 * seconds, np.int16), closed(3400, since=2000)))


def test_the_last_word_on_a_span_is_written_behind_the_span_before():
    drafts = Company("Well, Corinne.", "To day", "Well, Corinne. Today is fine.")
    assert second_span(drafts) == ["Today", "is", "fine."]
    assert drafts.seconds == [1, 1, 2.2]
    assert drafts.said[-1] == "Well, Corinne."


def test_a_span_of_which_no_draft_was_believed_is_written_alone():
    drafts = Company("Well, Corinne.", "Mama.")
    assert second_span(drafts, believed=False) == ["Mama."]
    assert drafts.seconds == [1, 1]


def test_where_company_brings_nothing_the_span_is_written_alone():
    drafts = Company("No, no, no.", "No,", "No, no, no.", "No, no.")
    assert second_span(drafts) == ["No,", "no."]
    assert drafts.seconds == [1, 1, 2.2, 1]


def test_spans_too_long_to_share_a_window_are_written_alone():
    drafts = Company("Well, Corinne.", "So it", "So it goes on.")
    assert second_span(drafts, seconds=13) == ["So", "it", "goes", "on."]
    assert drafts.seconds == [1, 1, 13]


def test_sound_that_was_given_up_is_no_company():
    drafts = Company("Well, Corinne.", "So it", "So it goes on.")
    stream = Stream(drafts)
    stream.finish(SOUND, closed(1000))
    stream.drop()
    stream.draft(SOUND, open_span(3000, since=2000))
    stream.finish(SOUND, closed(3400, since=2000))
    assert drafts.seconds == [1, 1, 1]
