"""The settings in words: what each is called, where it belongs, how a value of it is read, what a search finds.

Owns names of sections, settings and choices, as plain values over `coach.settings.knobs`. Refuses to know windows and
files. A setting that a newer Coach brings and nobody has named yet goes by its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale

from coach.language import phrase, written_in
from coach.settings import CALL_TYPES, Settings, knobs, value_at
from coach.ui.wording import call_type_name, rule_name, say

if TYPE_CHECKING:
    from coach.language import Language
    from coach.settings import Knob, Value

SECTIONS: Final[dict[str, str]] = {
    "call": "The call",
    "rules": "Which nudges may speak",
    "manners": "When a nudge may speak",
    "limits": "Limits by type of call",
    "wording": "Words of the nudges",
    "overlay": "The card",
    "audio": "Sound",
    "voice": "Your voice",
    "speech": "Words heard",
    "facts": "What I sell",
    "storage": "What is kept",
    "consent": "Who listens",
    "app": "Language",
    "system": "This computer",
}
"""In the order in which they are shown."""
DEFAULTS: Final = Settings()
_AT_ONCE: Final = frozenset({"app", "overlay", "system"})
"""A running call goes on with the settings it began with; these are not the call's."""
_MORE: Final[dict[str, str]] = {
    "limits": "A limit of 0 switches its nudge off for this type of call.",
    "rules": "Three or so are enough. What the others see is in the report after the call.",
    "wording": "At most four words each.",
    "consent": "No legal advice: ask somebody who knows the law where you and they are.",
    "facts": "Names with commas between, as people say them. They stay on this computer.",
    "app": "Coach coaches English calls only, whichever language its windows speak. A window that is open changes when "
    "it is opened again.",
}
_LABELS: Final[dict[str, str]] = {
    "call.type": "Type of call",
    "call.planned_minutes": "Planned length",
    "call.focus": "One focus",
    "manners.warm_up_s": "Quiet at the beginning",
    "manners.early_pitch_from_s": "Early pitches from",
    "manners.hold_s": "Must hold for",
    "manners.breath_s": "Length of a breath",
    "manners.wait_s": "Wait for a breath",
    "manners.monologue_wait_s": "Wait in a long run",
    "manners.cooldown_s": "Between any two nudges",
    "manners.same_kind_s": "Between two of one kind",
    "manners.most": "Most nudges",
    "manners.window_min": "Counted over",
    "manners.show_s": "Time on the screen",
    "manners.stretch": "After a dismissal, longer by",
    "manners.dismissals": "Dismissals that end a kind",
    "manners.early_pitch_most": "Most early-pitch nudges",
    "manners.suggestions": "Offer a question",
    "limits.monologue_soft_s": "Long run, shown",
    "limits.monologue_s": "Long run, nudged",
    "limits.monologue_strong_s": "Long run, nudged with weight",
    "limits.share_red": "Talk share far too high",
    "limits.share_nudge": "Talk share, nudged",
    "limits.share_held_s": "Talk share held for",
    "limits.question_gap_s": "Talk without a question",
    "limits.question_share": "Talk share for that nudge",
    "limits.question_floor_s": "Holding the floor for that nudge",
    "limits.pitch_needs": "Needs before a pitch",
    "limits.pitch_questions": "Questions before a pitch",
    "limits.premature_pitch": "Early pitches",
    "limits.pounce": "Pounces on a need",
    "limits.order_sentences": "Answer without a question",
    "limits.pressure": "Words that push",
    "limits.interruptions": "Interruptions",
    "limits.next_step_at": "Next step asked for after",
    "audio.microphone": "Microphone",
    "audio.other_side": "Other side",
    "audio.voice_engine": "Finding voice",
    "audio.swap_channels": "Recordings the other way round",
    "voice.rep": "Who you are in one channel",
    "voice.learn": "Learn my voice",
    "speech.model": "Speech model",
    "speech.language": "Spoken language",
    "speech.threads": "Processor threads",
    "speech.allowance_s": "Act after a pause of",
    "overlay.corner": "Place",
    "overlay.scale": "Size",
    "overlay.look": "Look",
    "overlay.show_reason": "Line with the reason",
    "overlay.motion": "Motion",
    "overlay.click_through": "Clicks pass through",
    "overlay.ring": "Ring",
    "storage.keep_days": "How long calls are kept",
    "storage.keep": "Kept of a call",
    "storage.other_side": "Kept of the other side",
    "storage.panic": "After the panic key, the call",
    "facts.company": "My company",
    "facts.products": "Products and services",
    "facts.competitors": "Competitors",
    "facts.only": "What only we can say",
    "facts.jargon": "Our jargon",
    "app.language": "Language of the windows",
    "system.autostart": "Start with the login",
    "consent.region": "Law where you call",
    "consent.sentence": "Sentence to read out",
    "consent.reminder": "Reminder at the start",
    "system.suggest_calls": "Ask when a call begins",
    "system.key_toggle": "Keys to start, pause, resume",
    "system.key_hide": "Keys to hide the card",
    "system.key_quiet": "Keys to be quiet",
}
_CHOICES: Final[dict[str, str]] = {
    "call.focus.": "None: all that are on",
    "app.language.auto": "As the system",
    "app.language.de": "Deutsch",
    "app.language.en": "English",
    "audio.voice_engine.both": "Both together",
    "audio.voice_engine.silero": "Silero",
    "audio.voice_engine.webrtc": "WebRTC",
    "overlay.corner.top": "Top, in the middle",
    "overlay.corner.top-left": "Top left",
    "overlay.corner.top-right": "Top right",
    "overlay.corner.left": "Left, in the middle",
    "overlay.corner.right": "Right, in the middle",
    "overlay.corner.bottom": "Bottom, in the middle",
    "overlay.corner.bottom-left": "Bottom left",
    "overlay.corner.bottom-right": "Bottom right",
    "consent.region.all": "Everybody must agree",
    "consent.region.one": "One of you knowing is enough",
    "consent.region.eu": "European Union",
    "overlay.motion.system": "As the system wants",
    "overlay.motion.none": "None",
    "overlay.look.dark": "Dark",
    "overlay.look.light": "Light",
    "storage.keep.nothing": "Nothing",
    "storage.keep.timings": "Who spoke when, no words",
    "storage.keep.words": "The words too",
    "storage.other_side.timings": "Who spoke when, no words",
    "storage.other_side.words": "Their words too",
    "storage.panic.keep": "Is kept so far",
    "storage.panic.forget": "Is deleted for good",
}
_UNITS: Final = {"ratio": "%", "times": "×"}  # noqa: RUF001 - the sign for times
_LEAST_LETTERS: Final = 3
"""A word of a search names a type of call from so many letters on; a longer one is found within words too."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as a person reads of it.

    Args:
        knob: its row in the table.
        section: where it belongs.
        call_type: whose limit it is; empty for what is no limit.
        label: what it is called.
        whole_label: the same, with the type of call.
    """

    knob: Knob
    section: str
    call_type: str
    label: str
    whole_label: str

    @property
    def name(self) -> str:
        """Its full name, as in the settings file."""
        return self.knob.name

    @property
    def unit(self) -> str:
        """Its unit, as it stands behind a number."""
        return phrase(self._english_unit)

    @property
    def what(self) -> str:
        """What it is, in one sentence."""
        return phrase(self.knob.what)

    @property
    def _english_unit(self) -> str:
        unit = self.knob.unit
        return "times" if unit == "times" and self._counts else _UNITS.get(unit, unit)

    @property
    def factor(self) -> int:
        """How many times the value a person reads; a ratio is read in percent."""
        return 100 if self.knob.unit == "ratio" else 1

    @property
    def _counts(self) -> bool:
        return isinstance(self.knob.default, int)

    def in_words(self, value: Value) -> str:
        """Return a value with its unit, for example ``75 s``, ``60 %``, ``On``, ``Top left``."""
        match value:
            case bool():
                return say("prefs.on") if value else say("prefs.off")
            case int() | float():
                unit = self._english_unit
                unit = unit[:-1] if value == 1 and len(unit) > 1 and unit[-1] == "s" else unit
                return f"{written(value * self.factor)} {phrase(unit)}"
            case tuple():
                return ", ".join(value) or say("prefs.empty")
            case str() if self.knob.choices:
                return choice_name(self.name, value)
        return value or say("prefs.empty")

    @property
    def default(self) -> Value:
        """What it is without a file."""
        return value_at(DEFAULTS, self.name)

    def about(self, ours: str = "") -> str:
        """Return default and range in one line; ``ours`` stands for a default that is empty."""
        knob = self.knob
        line = say("prefs.default", value=ours or self.in_words(self.default))
        if knob.low is None or knob.high is None:
            return line
        return f"{line} · {say('prefs.range', low=written(knob.low * self.factor), high=self.in_words(knob.high))}"

    def when(self) -> str:
        """Return the sentence that says from when on a change counts."""
        return when(self.section)

    def fits(self, query: str, value: Value, call_type: str) -> bool:
        """Say whether every word of a search stands in name, label, sentence, section or value.

        Args:
            query: the search.
            value: what the setting is now.
            call_type: whose limits are shown; those of another type are found by the name of that type.
        """
        words = query.casefold().split()
        if self.call_type and self.call_type != call_type:
            kind = f"{call_type_name(self.call_type)} {self.call_type}".casefold()
            if not any(word in kind for word in words if len(word) >= _LEAST_LETTERS):
                return False
        text = f"{_text_of(self)} {self.in_words(value).casefold()}"
        return all(_stands_in(word, text) for word in words)


@lru_cache(maxsize=1000)
def _text_of(setting: Setting) -> str:
    knob = setting.knob
    parts = (knob.name, setting.label, setting.what, section_name(setting.section), setting.unit, knob.unit)
    kind = call_type_name(setting.call_type) if setting.call_type else ""
    return " ".join((*parts, kind, knob.name.replace("_", " "))).casefold()


def _stands_in(word: str, text: str) -> bool:
    """Say whether a word is found: a short one at the beginning of words only, or "in" would be found everywhere."""
    if len(word) > _LEAST_LETTERS:
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None


def settings_in_words() -> tuple[Setting, ...]:
    """Return every setting in the language of now, section by section, in the order in which they are shown."""
    return _settings_in(written_in())


@lru_cache(maxsize=2)
def _settings_in(language: Language) -> tuple[Setting, ...]:  # noqa: ARG001 - what is kept is of this language
    order = [*SECTIONS, *(k.name.partition(".")[0] for k in knobs())]
    return tuple(sorted((_setting(k) for k in knobs()), key=lambda s: order.index(s.section)))


def _setting(knob: Knob) -> Setting:
    section, *between, key = knob.name.split(".")
    call_type = between[0] if between and between[0] in CALL_TYPES else ""
    plain = _label(section, key)
    whole = f"{plain} · {call_type_name(call_type)}" if call_type else plain
    return Setting(knob, section, call_type, plain, whole)


def _label(section: str, key: str) -> str:
    if section in {"rules", "wording"}:
        return rule_name(key)
    label = _LABELS.get(f"{section}.{key}", key.replace("_", " ").capitalize())
    return written_in().phrase(label, f"label.{section}.{key}")


def named(section: str, key: str) -> bool:
    """Say whether somebody gave this setting a name."""
    return section in {"rules", "wording"} or f"{section}.{key}" in _LABELS


def sections() -> tuple[str, ...]:
    """Return the sections there are, in the order in which they are shown."""
    return tuple(dict.fromkeys(s.section for s in settings_in_words()))


def section_name(section: str) -> str:
    """Return the plain name of a section."""
    return phrase(SECTIONS.get(section, section.replace("_", " ").capitalize()))


def section_hint(section: str) -> str:
    """Return what is to be said of a section: from when on it counts, and what else it takes to know."""
    return " ".join(filter(None, (phrase(_MORE.get(section, "")), when(section))))


def when(section: str) -> str:
    """Return the sentence that says from when on a change in this section counts."""
    return say("prefs.at_once") if section in _AT_ONCE else say("prefs.next_call")


def choice_name(name: str, choice: str) -> str:
    """Return one of the choices of a setting as a person says it."""
    if known := _CHOICES.get(f"{name}.{choice}"):
        return written_in().phrase(known, f"choice.{name}.{choice}")
    if name == "call.type":
        return call_type_name(choice)
    if name == "call.focus":
        return rule_name(choice)
    return choice.replace("-", " ").replace("_", " ").capitalize()


def written(number: float) -> str:
    """Return a number as this locale writes it, without zeros that say nothing."""
    return plain_locale().toString(round(float(number), 3), "g", 7)


def plain_locale() -> QLocale:
    """Return the user's locale, without marks between thousands."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale
