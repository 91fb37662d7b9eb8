"""What the doctor says of each thing: well or not, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from onrecord.pipeline.core.installed import repair

if TYPE_CHECKING:
    from onrecord.pipeline.stages.survey import Survey

REPAIR = repair()


class Finding(NamedTuple):
    """One thing looked at: whether it is well, what was found, and how to mend it."""

    what: str
    well: bool
    found: str
    mend: str = ""
    survey: Survey | None = None


class Check(NamedTuple):
    """What is looked at, how, and how to mend it where looking itself fails."""

    what: str
    look: Callable[[], Finding]
    mend: str = REPAIR
