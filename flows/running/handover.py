"""The sources of a run as Prefect may know them, and as they are.

Prefect stores the parameters of every run and shows them. A run that is started in this process gets its sources by the
names that rows and logs may hold; an address with what lets people in stays in the process's memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from onrecord.pipeline.core.address import lacks_key, shown
from onrecord.pipeline.core.days import between, is_dated, of_day

_DAYS_BACK = 31

_true: dict[tuple[str, ...], tuple[str, ...]] = {}


def named(sources: Sequence[str]) -> list[str]:
    """The names of sources, for a run in this process; `true` has the sources back."""
    names = [shown(source) for source in sources]
    _true[tuple(names)] = tuple(sources)
    return names


def true(names: Sequence[str]) -> tuple[str, ...]:
    """The sources that were named so in this process; the names themselves where none were."""
    return _true.get(tuple(names), tuple(names))


def with_keys(names: Sequence[str], kept: Iterable[str], day: date) -> tuple[str, ...]:
    """The sources of a run on `day` by their names; an address gets its key from that of `kept` which is called so.

    A source of `kept` that names a day is tried for a month. Where none is called so, or several are and nobody can
    tell which is meant, the name stays: `find` refuses it.
    """
    called: defaultdict[str, dict[str, None]] = defaultdict(dict)
    days = list(between(day - timedelta(days=_DAYS_BACK), day + timedelta(days=1)))
    for source in kept:
        for one in days if is_dated([source]) else (day,):
            (address,) = of_day([source], one)
            called[shown(address)][address] = None
    found = {
        name: iter(called[name])
        for name in set(names)
        if lacks_key(name) and len(called[name]) == names.count(name)
    }
    return tuple(next(found[name]) if name in found else name for name in names)
