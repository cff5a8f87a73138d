"""Say what is wrong and what to do, in one plain sentence each.

Owns the one exception that a user may see. Everything that a person can mend (a missing microphone, a file
that is no recording, a settings file with a typing error) is raised as `Trouble`; the command line prints it
and leaves with code 2, a window shows it. Anything else is a fault of ours and keeps its traceback. It is told in the
user's language when it is shown; so values are handed in beside a sentence, never written into it.
"""

from __future__ import annotations

from coach.language import Sentence, in_a_row, phrase


class Trouble(Exception):  # noqa: N818 - a user reads the word; "TroubleError" would say it twice
    """Something that the user can mend.

    ``str`` tells it in the language of now; ``what``, ``mend`` and ``sentence`` are English to whoever keeps them, and
    `coach.language.phrase` tells them.

    Args:
        what: one sentence on what is wrong; ``{name}`` stands for a part.
        mend: one sentence on what to do about it.
        parts: the parts of both, such as the name of the thing; see `coach.language.Sentence`.
    """

    def __init__(self, what: str, mend: str = "", /, **parts: object) -> None:
        self.what = _made(what, parts)
        self.mend = _made(mend, parts)
        super().__init__(f"{self.what} {self.mend}".strip())

    @property
    def sentence(self) -> Sentence:
        """Both sentences as one."""
        return in_a_row(self.what, self.mend)

    def __str__(self) -> str:
        return f"{phrase(self.what)} {phrase(self.mend)}".strip()

    def __reduce__(self) -> tuple[type[Trouble], tuple[Sentence, Sentence]]:
        """Travel between processes as the two sentences."""
        return type(self), (self.what, self.mend)


def _made(sentence: str, parts: dict[str, object]) -> Sentence:
    """Return a sentence without control characters: the name of a file in it is never a command to a terminal."""
    made = sentence if isinstance(sentence, Sentence) else Sentence(sentence, **parts)
    return Sentence(_plain(made.template), **{name: _plain_part(part) for name, part in made.parts.items()})


def _plain_part(part: str | float) -> str | float:
    if isinstance(part, Sentence):
        return _made(part, {})
    return part if isinstance(part, float) else _plain(part)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
