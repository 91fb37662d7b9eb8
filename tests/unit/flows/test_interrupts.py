"""Ctrl-C is heard once and never lost."""

from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from onrecord.flows.running import interrupts


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
