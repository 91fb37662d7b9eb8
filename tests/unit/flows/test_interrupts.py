"""Ctrl-C is heard once and never lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread, Timer, enumerate

import pytest

from onrecord.flows.running import interrupts


@pytest.fixture(autouse=True)
def far_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the clock that a signal starts to a time that does not come, and stop it: it would end the tests."""
    before = clocks()
    monkeypatch.setattr(interrupts, "LAST_SECONDS", 3600.0)
    yield
    for clock in clocks() - before:
        clock.cancel()


def clocks() -> set[Thread]:
    return {thread for thread in enumerate() if isinstance(thread, Timer)}


def test_what_somebody_swallows_is_raised_at_the_next_look() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts.listening():
        interrupts.heed()
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupts.heard()
        with pytest.raises(KeyboardInterrupt):
            interrupts.heed()
        with pytest.raises(KeyboardInterrupt), interrupts.held_off():
            raise AssertionError("it had come before")
    assert signal.getsignal(signal.SIGINT) is before


def test_it_comes_too_late_while_it_is_held_off_and_in_time_after() -> None:
    with interrupts.listening():
        with interrupts.held_off():
            signal.raise_signal(signal.SIGINT)
        interrupts.heed()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_each_command_listens_anew() -> None:
    with interrupts.listening(), suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    with interrupts.listening():
        assert not interrupts.heard()


@pytest.mark.parametrize("in_time", [True, False])
def test_a_process_that_outlives_a_run_is_not_ended_by_its_clock(in_time: bool) -> None:
    """A notebook, that is; also where a run listens again inside."""
    before = clocks()
    with interrupts.listening(in_time=in_time), interrupts.listening():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupts.heard()
    assert bool(clocks() - before) == in_time
