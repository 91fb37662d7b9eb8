"""What other packages add: readers and embedders that they announce as entry points.

Nothing is looked for until something is met that is not ours, and nothing of theirs is imported until it is used. One
that cannot be loaded is named in the log, and left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple

READERS = "onrecord.readers"
EMBEDDERS = "onrecord.embedders"
# That of a run, which goes into the record's log.
_LOG = logging.getLogger("onrecord")


class Addition(NamedTuple):
    """Something added: what it is called, whose it is ("package 1.2"), and what was announced."""

    name: str
    package: str
    point: EntryPoint


@cache
def announced(group: str) -> Mapping[str, Addition]:
    """What is announced, by name in small letters; of two packages with one name, the first by alphabet has it."""
    found: dict[str, Addition] = {}
    for point in sorted(_points(group), key=lambda point: (_package(point), point.name)):
        addition = Addition(point.name.lower().removeprefix("."), _package(point), point)
        first = found.setdefault(addition.name, addition)
        if first.package != addition.package:
            _leave_out(addition, f"{first.package} has that name already")
    return found


@cache
def loaded(group: str, name: str) -> Any:
    """What was announced under a name, imported: something to call. None where there is no such, or it is broken."""
    addition = announced(group).get(name)
    if addition is None:
        return None
    fault = _fault(addition)
    if fault is not None:
        _leave_out(addition, fault)
        return None
    return addition.point.load()


def whose(group: str, name: str) -> str:
    """The package, with its version, that announced something."""
    return announced(group)[name].package


def fault_of(group: str, name: str) -> str | None:
    """Why something announced cannot be used, led by whose it is; None where it can, or is not announced."""
    addition = announced(group).get(name)
    fault = _fault(addition) if addition else None
    return f"{addition.package}: {fault}" if addition and fault else None


def stamp() -> str:
    """What is added, and of which version: where that has changed, a source may be read otherwise."""
    return ", ".join(
        f"{each.name} of {each.package}"
        for group in (READERS, EMBEDDERS)
        for each in announced(group).values()
    )


@cache
def _fault(addition: Addition) -> str | None:
    try:
        made = addition.point.load()
    except Exception as error:
        # Whatever a package of somebody else's may raise while it is imported.
        return f"{addition.point.value} cannot be imported: {type(error).__name__}: {error}"
    return None if callable(made) else f"{addition.point.value} is no function"


def _points(group: str) -> Iterable[EntryPoint]:
    try:
        return entry_points(group=group)
    except Exception as error:
        # One package whose metadata cannot be read hides those of all.
        _LOG.warning("what other packages add is left out: %s", error)
        return ()


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _leave_out(addition: Addition, why: str) -> None:
    kind = addition.point.group.removeprefix("onrecord.").removesuffix("s")
    _LOG.warning("the %s %r of %s is left out: %s", kind, addition.name, addition.package, why)
