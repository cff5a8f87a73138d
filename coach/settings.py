"""Every knob in one table: type, default, range, unit, one sentence.

Owns the table and the reading of the user's file (TOML). The table *is* the dataclasses below: a field is a
knob, its metadata the range, the unit and the sentence. A file with an unknown key or a value out of range is
refused with the name of the key and the line it stands on.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value = bool | int | float | str | tuple[str, ...]
"""What a knob may hold."""
CALL_TYPES = ("discovery", "first_contact", "demo", "follow_up", "listening")
RULES = (
    "monologue",
    "talk_share",
    "ask_question",
    "premature_pitch",
    "pounce",
    "order_taking",
    "interruption",
    "pressure",
    "next_step",
)
VOICE_ENGINES = ("both", "silero", "webrtc")
MAX_NUDGE_WORDS = 4
MAX_NAMES = 20
"""So many names in one list of facts: more than the speech model can be told of."""
MAX_NAME_LETTERS = 40
MAX_ONLY_LETTERS = 200
"""An ONLY statement is one sentence, said in one breath."""
MAX_SENTENCE_LETTERS = 600
"""A sentence to read out is read in half a minute at most."""


def _number(default: float, low: float, high: float, unit: str, what: str) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "unit": unit, "what": what})


def _choice(default: str, choices: tuple[str, ...], what: str) -> Any:
    return field(default=default, metadata={"choices": choices, "unit": "", "what": what})


def _switch(default: bool, what: str) -> Any:  # noqa: FBT001 - the default of a switch is a boolean
    return field(default=default, metadata={"unit": "", "what": what})


def _text(default: str, what: str) -> Any:
    return field(default=default, metadata={"unit": "", "what": what})


def _names(what: str) -> Any:
    return field(default=(), metadata={"unit": "", "what": what})


@dataclass(frozen=True, slots=True)
class CallSettings:
    """What kind of call this is."""

    type: str = _choice("discovery", CALL_TYPES, "The kind of call; it sets the limits.")
    planned_minutes: float = _number(
        0.0, 0.0, 480.0, "min", "How long the call is meant to last; 0 where nobody has planned it."
    )
    focus: str = _choice(
        "",
        ("", *RULES),
        "One rule that alone may speak in calls, switched on by that; empty for all that are on.",
    )


@dataclass(frozen=True, slots=True)
class Manners:
    """When a nudge may speak (``manners.md``, clauses 3 to 6)."""

    warm_up_s: float = _number(90.0, 0.0, 600.0, "s", "No nudge before this moment of the call.")
    early_pitch_from_s: float = _number(
        20.0, 0.0, 600.0, "s", "A premature pitch or a pounce may be nudged from this moment on."
    )
    hold_s: float = _number(2.5, 0.0, 30.0, "s", "A condition must hold this long before a nudge is due.")
    breath_s: float = _number(
        0.25, 0.1, 2.0, "s", "Quiet of the rep that counts as a breath, where a nudge fits."
    )
    wait_s: float = _number(8.0, 1.0, 60.0, "s", "A due nudge without a breath is dropped after this.")
    monologue_wait_s: float = _number(
        4.0, 0.0, 60.0, "s", "The monologue nudge may appear without a breath after this."
    )
    cooldown_s: float = _number(45.0, 5.0, 600.0, "s", "At least this long between any two nudges.")
    same_kind_s: float = _number(150.0, 10.0, 1800.0, "s", "At least this long between two of one kind.")
    most: int = _number(5, 0, 60, "nudges", "At most this many nudges in the window below.")
    window_min: float = _number(30.0, 5.0, 240.0, "min", "The window in which nudges are counted.")
    show_s: float = _number(6.0, 2.0, 30.0, "s", "How long a nudge stays on the screen.")
    stretch: float = _number(1.5, 1.0, 5.0, "times", "A dismissal stretches the intervals by this factor.")
    dismissals: int = _number(3, 1, 20, "times", "So many dismissals of a kind end it for the call.")
    early_pitch_most: int = _number(
        2, 0, 20, "nudges", "At most this many premature-pitch and pounce nudges a call."
    )
    suggestions: bool = _switch(
        False, "Beneath a nudge, offer one question built from their own words; the report always has it."
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one type of call (``metrics.md``); a limit of 0 switches its rule off."""

    monologue_soft_s: float = _number(45.0, 0.0, 1800.0, "s", "A run this long is shown as long.")
    monologue_s: float = _number(75.0, 0.0, 1800.0, "s", "A run this long is nudged.")
    monologue_strong_s: float = _number(
        120.0, 0.0, 3600.0, "s", "A run this long is nudged with more weight."
    )
    share_red: float = _number(0.65, 0.0, 1.0, "ratio", "Talk share that is far too high.")
    share_nudge: float = _number(0.60, 0.0, 1.0, "ratio", "Rolling share above which a nudge builds up.")
    share_held_s: float = _number(45.0, 0.0, 600.0, "s", "How long the rolling share must stay above.")
    question_gap_s: float = _number(180.0, 0.0, 1800.0, "s", "Talk time without a question that is long.")
    question_share: float = _number(0.50, 0.0, 1.0, "ratio", "Share above which that gap is nudged.")
    question_floor_s: float = _number(
        20.0, 0.0, 600.0, "s", "Rep holds the floor this long before that nudge."
    )
    pitch_needs: int = _number(2, 0, 20, "needs", "Needs voiced before a pitch is no longer premature.")
    pitch_questions: int = _number(
        4, 0, 50, "questions", "Questions asked before a pitch is no longer premature."
    )
    premature_pitch: bool = _switch(True, "Nudge a premature pitch in this type of call.")
    pounce: bool = _switch(True, "Nudge a pitch that follows a need at once.")
    order_sentences: int = _number(
        3, 0, 20, "sentences", "An answer to a request that asks nothing for so long takes the order."
    )
    pressure: bool = _switch(True, "Notice sentences of the rep that push.")
    interruptions: int = _number(3, 0, 20, "times", "So many interruptions in two minutes are too many.")
    next_step_at: float = _number(
        0.80, 0.0, 1.0, "ratio", "Part of the planned time after which a next step is asked for."
    )


@dataclass(frozen=True, slots=True)
class TypeLimits:
    """Limits by type of call."""

    discovery: Limits = field(default_factory=Limits)
    first_contact: Limits = field(default_factory=lambda: Limits(share_nudge=0.0, share_red=1.0))
    demo: Limits = field(
        default_factory=lambda: Limits(
            monologue_soft_s=90.0,
            monologue_s=150.0,
            monologue_strong_s=240.0,
            share_red=0.80,
            share_nudge=0.75,
            question_share=0.65,
            premature_pitch=False,
            order_sentences=0,
        )
    )
    follow_up: Limits = field(default_factory=lambda: Limits(premature_pitch=False))
    listening: Limits = field(default_factory=lambda: Limits(share_red=0.50, share_nudge=0.45))


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Where sound comes from and how voice is found in it."""

    microphone: str = _text("", "Name of the microphone; empty for the system's own choice.")
    other_side: str = _text("", "Name of the loopback; empty for the default output, 'none' for no loopback.")
    voice_engine: str = _choice("both", VOICE_ENGINES, "What decides that a sound is a voice.")
    swap_channels: bool = _switch(False, "In recordings, left is the customer and right is the rep.")


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How the rep's voice is known where both sides share one channel."""

    rep: str = _text(
        "", "In one-channel recordings, who you are: 'first' or 'second' to speak, or a name enrolled."
    )
    learn: bool = _switch(
        False, "Learn your voice from the microphone of live calls; the print stays on this machine."
    )


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How words are found."""

    model: str = _text("tiny.en", "Name or folder of the speech model; 'coach models' lists the names.")
    language: str = _text(
        "en", "What is spoken, as two letters such as de; another than English needs another model."
    )
    threads: int = _number(1, 1, 16, "threads", "Processor threads for words in a live call.")
    allowance_s: float = _number(
        0.3, 0.0, 5.0, "s", "After a pause, when its words are acted upon: the same live as in a recording."
    )


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """How the card looks."""

    corner: str = _choice(
        "top",
        ("top", "top-left", "top-right", "left", "right", "bottom", "bottom-left", "bottom-right"),
        "Where the card appears; another anchor is a drag away, and remembered for each screen.",
    )
    scale: float = _number(1.0, 0.75, 3.0, "times", "Size of the card; 2.5 is for a projector.")
    look: str = _choice("dark", ("dark", "light"), "Dark card or light card.")
    show_reason: bool = _switch(True, "Show one line with the reason beneath the nudge.")
    motion: str = _choice(
        "system", ("system", "none"), "Fade the card as far as the system wants motion, or never."
    )
    click_through: bool = _switch(False, "Let clicks pass through the card; it has no buttons then.")
    ring: bool = _switch(False, "Show a quiet ring of talk share and time since a question during a call.")


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """What is kept after a call."""

    keep: str = _choice("words", ("nothing", "timings", "words"), "What a session log keeps on this machine.")
    other_side: str = _choice(
        "timings",
        ("timings", "words"),
        "What it keeps of the other side in a live call; never more than of yours.",
    )
    keep_days: int = _number(
        30, 0, 3650, "days", "Calls older than this are forgotten; 0 keeps them for ever."
    )
    panic: str = _choice(
        "keep", ("keep", "forget"), "What 'coach panic' does with the call so far: keep it, or delete it."
    )

    @property
    def of_other_side(self) -> str:
        """What is kept of the other side in a live call."""
        return self.other_side if self.keep == "words" else self.keep


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How Coach speaks to the rep."""

    language: str = _choice(
        "auto", ("auto", "en", "de"), "The language of windows and reports; auto is that of the system."
    )


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """What the others in a call are told."""

    region: str = _choice(
        "all", ("all", "one", "eu"), "Whose yes the sentence to read out asks for; no legal advice."
    )
    sentence: str = _text("", "Your own sentence to read out; empty for ours.")
    reminder: bool = _switch(
        True, "At the start of a call, show the sentence and what is heard, for a moment."
    )


@dataclass(frozen=True, slots=True)
class SystemSettings:
    """How Coach lives on this desktop."""

    autostart: bool = _switch(
        False, "Start Coach when you log in; it still listens only after you press Start."
    )
    suggest_calls: bool = _switch(
        False,
        "Ask once, quietly, whether to listen when a call program begins to record; Coach looks at which program"
        " records, never at titles or sound.",
    )
    key_toggle: str = _text(
        "", "Keys that start, pause and resume from anywhere, such as Ctrl+Shift+F9; empty for none."
    )
    key_hide: str = _text("", "Keys that take the card away from anywhere; empty for none.")
    key_quiet: str = _text(
        "", "Keys that keep Coach quiet until the call ends, from anywhere; empty for none."
    )


@dataclass(frozen=True, slots=True)
class WordingSettings:
    """The words of each nudge, at most four; empty for ours."""

    monologue: str = _text("", "Words of the monologue nudge.")
    talk_share: str = _text("", "Words of the talk-share nudge.")
    ask_question: str = _text("", "Words of the question nudge.")
    premature_pitch: str = _text("", "Words of the early-pitch nudge.")
    pounce: str = _text("", "Words of the pounce nudge.")
    order_taking: str = _text("", "Words of the order-taking nudge.")
    interruption: str = _text("", "Words of the interruption nudge.")
    pressure: str = _text("", "Words of the pressure nudge.")
    next_step: str = _text("", "Words of the next-step nudge.")


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which rules may speak in a live call; what the others see is in the report (``manners.md``, clause 6)."""

    monologue: bool = _switch(True, "Nudge a long run without the customer.")
    talk_share: bool = _switch(True, "Nudge when the rep holds most of the last three minutes.")
    ask_question: bool = _switch(True, "Nudge when no question was asked for long.")
    premature_pitch: bool = _switch(True, "Nudge a pitch before their needs are known.")
    pounce: bool = _switch(True, "Nudge a pitch that jumps on a need.")
    order_taking: bool = _switch(False, "Nudge a yes to a request with no question what it is for.")
    interruption: bool = _switch(False, "Nudge when the customer is cut off again and again.")
    pressure: bool = _switch(False, "Nudge words that push.")
    next_step: bool = _switch(False, "Nudge once, near the end, while no next step is agreed.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rep sells, to whom they lose, and the words of their trade."""

    company: tuple[str, ...] = _names("Names of your own company, as people say them.")
    products: tuple[str, ...] = _names("Names of what you sell, as people say them.")
    competitors: tuple[str, ...] = _names("Names of competitors.")
    only: str = _text(
        "", "What only you can say of yourselves: 'We are the only ones who' ... in your words."
    )
    jargon: tuple[str, ...] = _names("Words of your trade that a customer may not know.")

    @property
    def own(self) -> tuple[str, ...]:
        """The names that stand for the rep's side: company and products."""
        return (*self.company, *self.products)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and word that the speech model should expect, the most telling first."""
        return (*self.products, *self.company, *self.competitors, *self.jargon)

    def __bool__(self) -> bool:
        """Say whether anything is known."""
        return bool(self.names or self.only)


@dataclass(frozen=True, slots=True)
class Settings:
    """All knobs, in sections; made once, in the composition root, and handed down."""

    call: CallSettings = field(default_factory=CallSettings)
    manners: Manners = field(default_factory=Manners)
    limits: TypeLimits = field(default_factory=TypeLimits)
    rules: RuleSettings = field(default_factory=RuleSettings)
    wording: WordingSettings = field(default_factory=WordingSettings)
    audio: AudioSettings = field(default_factory=AudioSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    overlay: OverlaySettings = field(default_factory=OverlaySettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    app: AppSettings = field(default_factory=AppSettings)
    consent: ConsentSettings = field(default_factory=ConsentSettings)
    system: SystemSettings = field(default_factory=SystemSettings)
    facts: Facts = field(default_factory=Facts)

    def limits_for(self, call_type: str) -> Limits:
        """Return the limits of a type of call. Raises `Trouble` for a type that does not exist."""
        if call_type not in CALL_TYPES:
            raise Trouble(
                "There is no call type '{call_type}'.",
                "Choose one of: {names}.",
                call_type=call_type,
                names=", ".join(CALL_TYPES),
            )
        limits = getattr(self.limits, call_type)
        assert isinstance(limits, Limits)  # noqa: S101 - tells the type checker what the table holds
        return limits


@dataclass(frozen=True, slots=True)
class Knob:
    """One row of the table, as shown to a user."""

    name: str
    default: object
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    what: str


def knobs() -> Iterator[Knob]:
    """Yield every knob with its full name, such as ``manners.cooldown_s``."""
    yield from _rows(Settings(), "")


def _rows(section: Any, prefix: str) -> Iterator[Knob]:
    for f in dataclasses.fields(section):
        value = getattr(section, f.name)
        if dataclasses.is_dataclass(value):
            yield from _rows(value, f"{prefix}{f.name}.")
            continue
        m = f.metadata
        yield Knob(
            f"{prefix}{f.name}",
            value,
            m["unit"],
            m.get("low"),
            m.get("high"),
            m.get("choices", ()),
            m["what"],
        )


def value_at(settings: Settings, name: str) -> Value:
    """Return the value of a knob by its full name, such as ``limits.demo.monologue_s``."""
    part: Any = settings
    for key in name.split("."):
        part = getattr(part, key)
    assert isinstance(part, bool | int | float | str | tuple)  # noqa: S101 - tells the type checker what a knob holds
    return part


def unlike(settings: Settings, other: Settings) -> dict[str, Value]:
    """Return the values of ``settings`` that ``other`` has otherwise, by full name."""
    values = {knob.name: value_at(settings, knob.name) for knob in knobs()}
    return {name: value for name, value in values.items() if value_at(other, name) != value}


def with_values(
    settings: Settings, values: Mapping[str, Value], source: str = Sentence("What you chose")
) -> Settings:
    """Return settings with other values, by full name.

    Raises:
        Trouble: for an unknown name, and a value of the wrong kind or out of range.
    """
    for name, value in values.items():
        *sections, key = name.split(".")
        data: dict[str, Any] = {key: value}
        for section in reversed(sections):
            data = {section: data}
        settings = _filled(settings, data, "", None, source)
    return settings


def parse(text: str, source: str = "settings", base: Settings | None = None) -> Settings:
    """Read settings from TOML, on top of ``base`` or of ours.

    Raises:
        Trouble: for text that is no TOML, an unknown key, a value of the wrong kind or out of range; the
            sentence names the key and the line.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise Trouble(
            "{source} is not valid TOML: {why}.",
            "Mend that line, or move the file away.",
            source=source,
            why=e,
        ) from e
    return _filled(base or Settings(), data, "", text, source)


_T = TypeVar("_T")


def _filled(section: _T, data: Mapping[str, Any], prefix: str, text: str | None, source: str) -> _T:
    fields = {f.name: f for f in dataclasses.fields(section)}  # type: ignore[arg-type]
    changed: dict[str, Any] = {}
    for key, value in data.items():
        name = f"{prefix}{key}"
        where = (
            source
            if text is None
            else Sentence("{source}, line {line}", source=source, line=_line_of(text, name))
        )
        if key not in fields:
            raise Trouble("{where}: there is no setting '{name}'.", _nearest(name), where=where, name=name)
        now = getattr(section, key)
        if dataclasses.is_dataclass(now) and not isinstance(now, type):
            if not isinstance(value, dict):
                raise Trouble(
                    "{where}: '{name}' is a section.",
                    "Write it as [{name}] on a line of its own.",
                    where=where,
                    name=name,
                )
            changed[key] = _filled(now, value, f"{name}.", text, source)
        else:
            changed[key] = _checked(name, value, now, fields[key].metadata, where)
    return dataclasses.replace(section, **changed)  # type: ignore[type-var]


def _checked(name: str, value: object, now: object, meta: Mapping[str, Any], where: str) -> object:
    if isinstance(now, bool):
        if not isinstance(value, bool):
            raise Trouble(
                "{where}: '{name}' is {value}.",
                "Write true or false.",
                where=where,
                name=name,
                value=repr(value),
            )
        return value
    if isinstance(now, int | float):
        return _checked_number(name, value, now, meta, where)
    if isinstance(now, tuple):
        return _checked_names(name, value, where)
    return _checked_text(name, value, meta, where)


def _checked_number(name: str, value: object, now: float, meta: Mapping[str, Any], where: str) -> float:
    kind = int if isinstance(now, int) else float
    if isinstance(value, bool) or not isinstance(value, int | float) or (kind is int and value != int(value)):
        raise Trouble(
            "{where}: '{name}' is {value}.",
            "Write a number in {unit}.",
            where=where,
            name=name,
            value=repr(value),
            unit=Sentence(meta["unit"]),
        )
    if not meta["low"] <= value <= meta["high"]:
        raise Trouble(
            "{where}: '{name}' is {value}, out of range.",
            "Write a number from {low} to {high} {unit}.",
            where=where,
            name=name,
            value=f"{value:g}",
            low=f"{meta['low']:g}",
            high=f"{meta['high']:g}",
            unit=Sentence(meta["unit"]),
        )
    return kind(value)


def _checked_text(name: str, value: object, meta: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, str):
        raise Trouble(
            "{where}: '{name}' is {value}.",
            "Write text between quotes.",
            where=where,
            name=name,
            value=repr(value),
        )
    if name == "facts.only":
        return _plain(name, value, MAX_ONLY_LETTERS, where)
    if name == "consent.sentence":
        return _plain(name, value, MAX_SENTENCE_LETTERS, where)
    choices = meta.get("choices", ())
    if choices and value not in choices:
        raise Trouble(
            "{where}: '{name}' is '{value}'.",
            "Write one of: {names}.",
            where=where,
            name=name,
            value=value,
            names=", ".join(repr(c) for c in choices),
        )
    if name.startswith("wording.") and len(value.split()) > MAX_NUDGE_WORDS:
        raise Trouble(
            "{where}: '{name}' has more than four words.",
            "A nudge is read in one glance; shorten it.",
            where=where,
            name=name,
        )
    return value


def _checked_names(name: str, value: object, where: str) -> tuple[str, ...]:
    """Return a list of names, trimmed, each once. Raises `Trouble` for what is no short list of plain names."""
    if not isinstance(value, list | tuple) or not all(isinstance(n, str) for n in value):
        raise Trouble(
            "{where}: '{name}' is {value}.",
            'Write a list, such as ["Acme", "Acme Lifts"].',
            where=where,
            name=name,
            value=repr(value),
        )
    names = tuple(dict.fromkeys(_plain(name, n, MAX_NAME_LETTERS, where) for n in value))
    for n in names:
        if "," in n or not any(c.isalnum() for c in n):
            raise Trouble(
                "{where}: '{n}' in '{name}' is no name.",
                "Write words with letters or digits, without commas.",
                where=where,
                n=n,
                name=name,
            )
    if len(names) > MAX_NAMES:
        raise Trouble(
            "{where}: '{name}' has {count} names.",
            "Keep the {most} that are said most often.",
            where=where,
            name=name,
            count=len(names),
            most=MAX_NAMES,
        )
    return names


def _plain(name: str, text: str, most: int, where: str) -> str:
    """Return text without spaces around it. Raises `Trouble` when it is too long, or more than one plain line."""
    trimmed = text.strip()
    if not trimmed.isprintable():
        raise Trouble(
            "{where}: '{name}' holds more than plain text.", "Write it on one line.", where=where, name=name
        )
    if len(trimmed) > most:
        raise Trouble(
            "{where}: '{begins}...' in '{name}' has {count} letters.",
            "Shorten it to {most} or fewer.",
            where=where,
            begins=trimmed[:20],
            name=name,
            count=len(trimmed),
            most=most,
        )
    return trimmed


def split_names(line: str) -> list[str]:
    """Return the names in a line that has commas between them, as a person types them."""
    return [name for name in (n.strip() for n in line.split(",")) if name]


def facts_from(values: Mapping[str, Any], source: str) -> Facts:
    """Return facts out of plain values, as a page, a terminal or the header of a session gives them.

    Raises:
        Trouble: as for a settings file, without a line.
    """
    return _filled(Facts(), values, "facts.", None, source)


def _line_of(text: str, name: str) -> int:
    """Find the line on which a key or a section stands; 1 when it is written in a way we do not follow."""
    section, _, key = name.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header:
            current = re.sub(r"[\s\"']", "", header.group(1))
            if current == name:
                return number
        assigned = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if assigned:
            written = re.sub(r"[\"']", "", assigned.group(1))
            full = f"{current}.{written}" if current else written
            if full == name or (current == section and written.partition(".")[0] == key):
                return number
    return 1


def _nearest(name: str) -> Sentence:
    import difflib  # noqa: PLC0415 - only on the way out, with an error in hand

    close = difflib.get_close_matches(name, [k.name for k in knobs()], n=1)
    if not close:
        return Sentence("Remove the line; 'coach doctor --settings' lists every setting.")
    return Sentence(
        "Did you mean '{near}'? Remove the line; 'coach doctor --settings' lists every setting.",
        near=close[0],
    )
