"""Who hears how far a run is: nobody, or a progress bar where a person looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Listener(Protocol):
    """Hears of stages and of what they get done."""

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """A stage begins; `total` is None where nobody knows yet."""

    def advance(self, done: int) -> None:
        """So much more of it is done."""


class Silent:
    """Hears everything and says nothing."""

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, done: int) -> None:
        """Say nothing."""


listener: Listener = Silent()


@contextmanager
def bars(show: bool) -> Iterator[None]:
    """Show a bar a stage on standard error while the block runs, where `show` is true."""
    global listener
    if not show:
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:
        listener = _Bars(progress)
        try:
            yield
        finally:
            listener = Silent()


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None, unit: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=self._progress.tasks[-1].completed)
        self._task = self._progress.add_task(name, total=total, unit=unit)

    def advance(self, done: int) -> None:
        if self._task is not None:
            self._progress.advance(self._task, done)
