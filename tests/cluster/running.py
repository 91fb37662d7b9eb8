"""A run under way, which is watched, killed, or waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support import warmed

SECONDS = 280


class Running:
    """A run under way, forked from a process that has imported what others wrote."""

    def __init__(
        self,
        config: str,
        news: Path,
        record: Path,
        server: str,
        *,
        named: str = "",
        deeds: Sequence[warmed.Deed] = (),
    ) -> None:
        told = ["--warehouse", named or str(record), "--config", config]
        command = [*told, "run", "-q", str(news)]
        self._told = record.parent / "told"
        environment = {**os.environ, "PREFECT_API_URL": server}
        self.process = warmed.onrecord(
            command, record.parent, environment, (self._told, self._told), deeds
        )

    def wait_for(self, what: Callable[[], bool], every: float = 0.05) -> None:
        """Until something is so, which must be before the run has ended."""
        deadline = time.monotonic() + SECONDS
        while not what():
            assert self.process.is_alive(), self._told.read_text()
            assert time.monotonic() < deadline
            time.sleep(every)

    def killed(self) -> None:
        """Killed, as by nobody who asks; it must have been alive."""
        self.process.kill()
        self.process.join()
        assert self.process.exitcode == -9, self._told.read_text()

    def ended(self, code: int = 0) -> str:
        """What it printed; it must have ended with this code."""
        self.process.join(SECONDS)
        told = self._told.read_text()
        assert self.process.exitcode == code, told
        return told
