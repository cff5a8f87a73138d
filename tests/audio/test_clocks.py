"""Between two clocks of one machine lies sleep, and nothing else."""

from __future__ import annotations

import sys
import time

import pytest

from coach.audio.clocks import always_s, awake_s


def test_both_clocks_go_forward_together_while_the_machine_is_awake() -> None:
    apart = always_s() - awake_s()
    assert apart > -0.001
    assert always_s() - awake_s() == pytest.approx(apart, abs=0.5)


def test_where_a_system_counts_sleep_in_its_one_clock_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert always_s() == pytest.approx(time.monotonic(), abs=5)


def test_macos_keeps_it_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(time, "clock_gettime", {time.CLOCK_MONOTONIC: 12.5}.__getitem__)
    assert always_s() == 12.5
