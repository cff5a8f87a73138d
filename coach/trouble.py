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
        super().__init__(f"{what} {mend}".strip())
        self.what = what
        self.mend = mend
