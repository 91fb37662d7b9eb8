"""The net under the readers: a fault of ours, or of a library's, refuses what it met and nothing else."""

from __future__ import annotations

import traceback
from pathlib import Path

from onrecord.pipeline.readers.items import Refusal, refuse

_OURS = Path(__file__).parents[1].name


class BombError(Exception):
    """More came out than the limits allow."""


def is_fault(error: BaseException) -> bool:
    """Whether an exception tells of a fault: a panic of a library written in Rust is no Exception, and tells of one."""
    return isinstance(error, Exception) or type(error).__module__ == "pyo3_runtime"


def failed(error: BaseException, place: str | None = None) -> Refusal:
    """The refusal for a fault: its name and where it arose, and none of its words, which may be an article's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _OURS in Path(frame.filename).parts]
    at = next(reversed(own or frames), None)
    where = f" at {Path(at.filename).name}:{at.lineno}" if at else ""
    return refuse("reader_failed", place, f"{type(error).__name__}{where}")
