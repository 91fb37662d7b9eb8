"""A run that is to be killed is killed, however fast the machine is."""

from __future__ import annotations

import signal
from multiprocessing import get_context

import pytest

from onrecord.pipeline.core import ids
from tests.reliability.deeds import AFTER, BEFORE, WHILE, Instant, kill

FUNCTION = "onrecord.pipeline.core.ids:digest"
CALLED_OFF = 3
HOUR = 3600.0


def _called_twice(instant: Instant, call: int) -> None:
    kill(instant, call, HOUR)
    for word in ("one", "two"):
        ids.digest(word)
    raise SystemExit(CALLED_OFF)


@pytest.mark.parametrize("moment", [BEFORE, WHILE, AFTER])
def test_a_call_that_ends_before_its_time_is_killed_at_its_end(moment: str) -> None:
    """So a case of measure 1 is always one with a killed run; a call that is not made kills nothing."""
    for call, code in ((2, -signal.SIGKILL), (3, CALLED_OFF)):
        process = get_context("spawn").Process(
            target=_called_twice, args=(Instant(moment, FUNCTION), call)
        )
        process.start()
        process.join(60)
        assert process.exitcode == code
