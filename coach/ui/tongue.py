"""The language of the windows, put to work: words, numbers, direction, and what Qt says of itself.

Owns the choice between the setting and the system, once Qt is there to be asked. Refuses to know windows: whoever owns
one that stays open makes it say its words again.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from coach.language import AUTO, Language, chosen, write_in, written_in

_QTS_OWN: Final = "coach_qts_own"


def speak(setting: str, system: QLocale | None = None) -> None:
    """Speak the language of a setting from now on: in what is opened, and in what says its words again.

    Args:
        setting: ``auto`` or a code, as in `coach.settings`.
        system: the user's locale; that of the system where it is None.
    """
    theirs = system or QLocale.system()
    wanted = chosen(setting, theirs.name())
    locale = theirs if setting == AUTO or _same(theirs, wanted) else QLocale(wanted.code)
    if setting == AUTO or _same(theirs, wanted):
        wanted = in_form_of(wanted, locale)
    write_in(wanted)
    QLocale.setDefault(locale)
    _turn(wanted)


def in_form_of(language: Language, locale: QLocale) -> Language:
    """Return a language with the numbers and the clock of a locale; its months stay its own."""
    noon = "a" in locale.timeFormat(QLocale.FormatType.ShortFormat).lower()
    form = dataclasses.replace(
        language.form,
        decimal=locale.decimalPoint(),
        group=locale.groupSeparator(),
        noon=noon and locale.language() == QLocale.Language.English,
    )
    return dataclasses.replace(language, form=form)


def direction() -> Qt.LayoutDirection:
    """Return the direction in which the language of now is read."""
    right = written_in().right_to_left
    return Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight


def _same(locale: QLocale, language: Language) -> bool:
    return locale.name().partition("_")[0] == language.code


def _turn(language: Language) -> None:
    """Let Qt's own words (menus of a field, dialogs) and the direction of windows follow."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    application.setLayoutDirection(direction())
    for old in application.findChildren(QTranslator, _QTS_OWN):
        application.removeTranslator(old)
        old.deleteLater()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    own = QTranslator(application)
    own.setObjectName(_QTS_OWN)
    if own.load(f"qtbase_{language.code}", folder):
        application.installTranslator(own)
