"""The sources of a run as Prefect may know them, and as they are.

Prefect stores the parameters of every run and shows them. A run that is started in this process gets its sources by the
names that rows and logs may hold; an address with what lets people in stays in the process's memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.readers.address import shown

_true: dict[tuple[str, ...], tuple[str, ...]] = {}


def named(sources: Sequence[str]) -> list[str]:
    """The names of sources, for a run in this process; `true` has the sources back."""
    names = [shown(source) for source in sources]
    _true[tuple(names)] = tuple(sources)
    return names


def true(names: Sequence[str]) -> tuple[str, ...]:
    """The sources that were named so in this process; the names themselves where none were."""
    return _true.get(tuple(names), tuple(names))
