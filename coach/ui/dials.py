"""The limits one may turn in a look back: which, in what order, in what steps, in what words.

Owns that choice, as plain values over `coach.settings.knobs`. Refuses to know windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.language import phrase
from coach.settings import Settings, knobs, parse
from coach.writing import localised, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coach.settings import Knob

Value = bool | int | float

_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "monologue": ("monologue_s", "monologue_soft_s", "monologue_strong_s"),
    "talk_share": ("share_nudge", "share_held_s"),
    "ask_question": ("question_gap_s", "question_share", "question_floor_s"),
    "premature_pitch": ("pitch_needs", "pitch_questions", "premature_pitch"),
    "pounce": ("pounce",),
    "interruption": ("interruptions",),
    "order_taking": ("order_sentences",),
    "pressure": ("pressure",),
    "next_step": ("next_step_at",),
}
"""The limits of each rule, the most telling first; the rules in the order in which people meet them."""
MANNERS: Final = "manners"
_FIRST: Final = frozenset(
    {
        *("monologue_s", "share_nudge", "share_held_s", "question_gap_s", "question_share"),
        *("pitch_needs", "pitch_questions", "interruptions"),
        *("manners.warm_up_s", "manners.cooldown_s", "manners.same_kind_s", "manners.most"),
    }
)
"""Shown at once, a dozen; the rest is a click away."""
_OFF_AT_NOUGHT: Final = frozenset(
    {"monologue_s", "share_nudge", "question_gap_s", "order_sentences", "interruptions", "next_step_at"}
)
"""A limit of 0 switches its rule off (`coach.settings.Limits`)."""
_LADDERS: Final = ((30.0, 0.5), (120.0, 5.0), (300.0, 15.0), (900.0, 60.0), (3600.0, 300.0))
"""Up to how many seconds a slider moves in which step: as fine as anybody hears a difference."""
_HALF_STEPS_TO_S: Final = 60.0
_UNITS: Final = {"ratio": "%", "s": "s", "min": "min"}


@dataclass(frozen=True, slots=True)
class Dial:
    """One limit that may be turned.

    Args:
        name: its full name, such as ``limits.demo.monologue_s``.
        group: the rule it belongs to, or ``manners``.
        what: its sentence.
        unit: as in `coach.settings`.
        steps: the values a slider may take, rising; False and True for a switch.
        first: whether it is shown at once.
        speaks: whether it is the switch that lets its rule speak in calls.
    """

    name: str
    group: str
    what: str
    unit: str
    steps: tuple[Value, ...]
    first: bool
    speaks: bool = False

    @property
    def switch(self) -> bool:
        """Say whether it is on or off, and nothing between."""
        return isinstance(self.steps[0], bool)

    def nearest(self, value: Value) -> int:
        """Return the step nearest to a value."""
        return min(range(len(self.steps)), key=lambda i: abs(self.steps[i] - value))

    def in_words(self, value: Value) -> str:
        """Write a value with its unit, for example ``75 s``, ``60 %``, ``off``."""
        if isinstance(value, bool):
            return phrase("on") if value else phrase("off")
        if not value and self.name.rpartition(".")[2] in _OFF_AT_NOUGHT:
            return phrase("off")
        if self.unit == "ratio":
            return f"{number(100 * value)} %"
        if self.unit == "s" and value >= _LADDERS[1][0] and not value % 60:
            return f"{number(value / 60)} min"
        unit = self.unit[:-1] if value == 1 and self.unit.endswith("s") and len(self.unit) > 1 else self.unit
        return f"{localised(f'{value:g}')} {phrase(_UNITS.get(self.unit, unit))}"


def dials(call_type: str, mine: Settings) -> tuple[Dial, ...]:
    """Return what may be turned for a type of call, in the order in which it is shown.

    Args:
        call_type: whose limits.
        mine: the user's settings: each value of theirs is a step of its slider.
    """
    by_name = {k.name: k for k in knobs()}
    return tuple(_dial(by_name[name], group, mine) for group, name in _names(call_type, by_name))


def _names(call_type: str, by_name: Mapping[str, Knob]) -> Iterator[tuple[str, str]]:
    for rule, limits in _GROUPS.items():
        yield rule, f"rules.{rule}"
        for limit in limits:
            yield rule, f"limits.{call_type}.{limit}"
    for name, knob in by_name.items():
        if name.startswith("manners.") and knob.low is not None:
            yield MANNERS, name


def _dial(knob: Knob, group: str, mine: Settings) -> Dial:
    speaks = knob.name.startswith("rules.")
    key = knob.name if group == MANNERS else knob.name.rpartition(".")[2]
    first = speaks or key in _FIRST
    if isinstance(knob.default, bool):
        return Dial(knob.name, group, knob.what, "", (False, True), first, speaks)
    assert knob.low is not None  # noqa: S101 - what is no switch here is a number
    assert knob.high is not None  # noqa: S101 - the same
    assert isinstance(knob.default, int | float)  # noqa: S101 - the same
    steps: set[Value] = set(_steps(knob.unit, knob.low, knob.high, knob.default))
    steps |= {knob.default, value_of(mine, knob.name)}
    return Dial(knob.name, group, knob.what, knob.unit, tuple(sorted(steps)), first)


def _steps(unit: str, low: float, high: float, default: float) -> Iterator[Value]:
    if isinstance(default, int):
        yield from range(int(low), int(high) + 1)
    elif unit == "ratio":
        yield from (p / 100 for p in range(round(100 * low), round(100 * high) + 1))
    elif high <= 2:  # noqa: PLR2004 - a breath: steps of a twentieth
        yield from (p / 20 for p in range(round(20 * low), round(20 * high) + 1))
    else:
        at = low
        while at <= high:
            yield at
            fine = at < _LADDERS[0][0] and high <= _HALF_STEPS_TO_S
            at += next((s for top, s in _LADDERS[0 if fine else 1 :] if at < top), _LADDERS[-1][1])
        yield high


def value_of(settings: Settings, name: str) -> Value:
    """Return the value of a knob by its full name."""
    part: object = settings
    for key in name.split("."):
        part = getattr(part, key)
    assert isinstance(part, bool | int | float)  # noqa: S101 - only such are turned
    return part


def turned(settings: Settings, values: Mapping[str, Value]) -> Settings:
    """Return settings with some values turned. Raises `Trouble` for one that is out of range."""
    for name, value in values.items():
        written = str(value).lower() if isinstance(value, bool) else repr(value)
        settings = parse(f"{name} = {written}", base=settings)
    return settings


def unlike(values: Mapping[str, Value], settings: Settings) -> dict[str, Value]:
    """Return those values that the settings have otherwise."""
    return {name: value for name, value in values.items() if value_of(settings, name) != value}
