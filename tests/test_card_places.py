"""Where the card was dragged to, kept and read again; whatever else stands there is forgotten."""

from __future__ import annotations

import json

import pytest

from coach.card_places import MOST_BYTES, load_places, save_places
from coach.ui.place import Spot
from coach.ui.standing import Stood

KEPT = Stood("top", "HDMI-1 | M | 1", {"HDMI-1 | M | 1": Spot(0.0, 1.0), "eDP-1 |  | ": Spot(0.5, 0.0)})


def test_what_is_kept_is_read_again(tmp_path):
    path = tmp_path / "new" / "places.json"
    save_places(path, KEPT)
    assert load_places(path) == KEPT
    assert [p.name for p in path.parent.iterdir()] == ["places.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '"text"',
        json.dumps({"corner": "top", "screen": "", "spots": {"a": [2, 0]}}),
        json.dumps({"corner": "top", "screen": "", "spots": {"a": ["0", "0"]}}),
        json.dumps({"corner": "top", "screen": "", "spots": {"a": [0]}}),
        json.dumps({"corner": "top", "screen": "", "spots": [1]}),
        " " * (MOST_BYTES + 1),
    ],
)
def test_what_is_not_ours_is_forgotten(tmp_path, text):
    path = tmp_path / "places.json"
    path.write_text(text)
    assert load_places(path) == Stood()


def test_no_file_and_no_place_for_one_are_no_trouble(tmp_path):
    (tmp_path / "file").write_text("")
    assert load_places(tmp_path / "none.json") == Stood()
    save_places(tmp_path / "file" / "places.json", KEPT)
    assert (tmp_path / "file").read_text() == ""
