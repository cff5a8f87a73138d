"""Say what is wrong and what to do, in one plain sentence each.

Owns the one exception that a user may see. Everything that a person can mend (a missing microphone, a file
that is no recording, a settings file with a typing error) is raised as `Trouble`; the command line prints it
and leaves with code 2, a window shows it. Anything else is a fault of ours and keeps its traceback.
"""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - a user reads the word; "TroubleError" would say it twice
    """Something that the user can mend.

    Args:
        what: one sentence on what is wrong, with the name of the thing.
        mend: one sentence on what to do about it.
    """

    def __init__(self, what: str, mend: str = "") -> None:
        self.what = _plain(what)
        self.mend = _plain(mend)
        super().__init__(f"{self.what} {self.mend}".strip())

    def __reduce__(self) -> tuple[type[Trouble], tuple[str, str]]:
        """Travel between processes as the two sentences."""
        return type(self), (self.what, self.mend)


def _plain(sentence: str) -> str:
    """Return a sentence without control characters: the name of a file in it is never a command to a terminal."""
    return "".join(c if c.isprintable() else " " for c in sentence)
