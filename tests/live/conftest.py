"""What all tests of a live call share."""

from __future__ import annotations

import pytest

from coach.live import mailbox


@pytest.fixture(autouse=True)
def _in_no_need_of_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call on fakes has a clock of its own: in a long quiet no real second is to be waited for."""
    monkeypatch.setattr(mailbox, "UNHURRIED_S", 0.002)
