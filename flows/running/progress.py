"""Who hears how far a run is: a progress bar in the terminal, one in the UI, both or nobody."""

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


class Everybody:
    """Passes what it hears on to all who listen at the time."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    @contextmanager
    def joined_by(self, one: Listener) -> Iterator[None]:
        """Let one more listen while the block runs."""
        self._listeners.append(one)
        try:
            yield
        finally:
            self._listeners.remove(one)

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """A stage begins."""
        for one in self._listeners:
            one.stage(name, total, unit)

    def advance(self, done: int) -> None:
        """So much more of it is done."""
        for one in self._listeners:
            one.advance(done)


listener = Everybody()


@contextmanager
def bars(show: bool) -> Iterator[None]:
    """Show a bar a stage on standard error while the block runs, where `show` is true."""
    if not show:
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with (
        Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as progress,
        listener.joined_by(_Bars(progress)),
    ):
        yield


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
