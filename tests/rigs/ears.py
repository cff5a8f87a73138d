"""Hear what a screen reader hears, through libatspi: run by the system's own Python, spoken to by lines.

In: any line. Out, one JSON a line: ``{"tree": …}``, the windows that are shown, as the answer; and unasked
``{"said": text}`` for an announcement, ``{"focus": name, "role": role}`` for a control that gets the keyboard.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version comes first

_DEEP = 40


def tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - whoever started this reads it


def described(node: Any, depth: int = 0) -> dict[str, Any]:
    """Return a node and all beneath it that is shown."""
    states = {s.value_nick for s in node.get_state_set().get_states()}
    children = (
        [node.get_child_at_index(i) for i in range(min(node.get_child_count(), 200))] if depth < _DEEP else []
    )
    relations = [
        r for r in node.get_relation_set() if r.get_relation_type() == Atspi.RelationType.LABELLED_BY
    ]
    labels = [r.get_target(i).get_name() for r in relations for i in range(r.get_n_targets())]
    return {
        "name": node.get_name(),
        "labels": labels,
        "role": node.get_role_name(),
        "about": node.get_description(),
        "states": sorted(states),
        "children": [
            described(c, depth + 1) for c in children if c is not None and (depth == 0 or _shown(c))
        ],
    }


def _shown(node: Any) -> bool:
    return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))


def heard(event: Any) -> None:
    try:
        if event.type.startswith("object:announcement"):
            tell({"said": event.any_data, "politeness": event.detail1})
        elif event.detail1:
            tell({"focus": event.source.get_name(), "role": event.source.get_role_name()})
    except GLib.Error:
        pass  # it went away while it was looked at


def windows() -> list[Any]:
    desk = Atspi.get_desktop(0)
    programs = [desk.get_child_at_index(i) for i in range(desk.get_child_count())]
    return [p.get_child_at_index(i) for p in programs if p is not None for i in range(p.get_child_count())]


def obey(_: object, __: object) -> bool:
    line = sys.stdin.readline()
    if not line:
        Atspi.event_quit()
        return False
    try:
        found = [described(w) for w in windows() if w is not None and _shown(w)]
    except GLib.Error:
        found = []
    tell({"tree": found})
    return True


def main() -> None:
    Atspi.init()
    listener = Atspi.EventListener.new(heard)
    listener.register("object:announcement")
    listener.register("object:state-changed:focused")
    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, obey)
    tell({"tree": []})
    Atspi.event_main()


main()
