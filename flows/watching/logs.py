"""The log of a record: one line an event, in DIR/logs/onrecord.log and, while Prefect runs, in its UI.

    2026-03-01T05:00:12.345Z INFO stage ended run=20260301T050007-9f3c2a stage=clean taken=64 made=402 seconds=3.1

Events carry identities, counts, places and rules of gates, and no word of an article; only the message of an
unexpected error, at level error, is not ours to choose.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from onrecord.flows.watching.escaping import plain
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import LogSettings

FILE_BYTES, FILES_KEPT = 10_000_000, 5
NAMES = {"text": "onrecord.log", "json": "onrecord.jsonl"}

_log = logging.getLogger("onrecord")
_log.propagate = False
_log.addHandler(logging.NullHandler())


def tell(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event; fields that are None are left out."""
    told = {name: value for name, value in fields.items() if value is not None}
    _log.log(level, event, extra={"fields": told})


def counts(tally: Tally) -> dict[str, int | float]:
    """The fields of a stage's or a batch's end."""
    return {
        "taken": tally.rows_in,
        "out": tally.rows_out,
        "refused": tally.rejected,
        "known": tally.duplicates,
        "made": tally.yielded,
        "seconds": round(tally.seconds, 3),
    }


@contextmanager
def written(folder: Path, run_id: str, settings: LogSettings) -> Iterator[None]:
    """Write what is told while the block runs into the log of the record in `folder`, and into Prefect's UI."""
    place = folder / "logs" / NAMES[settings.format]
    place.parent.mkdir(parents=True, exist_ok=True)
    to_file = RotatingFileHandler(
        place, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    to_file.setFormatter(_Json(run_id) if settings.format == "json" else _Text(run_id))
    handlers = (to_file, _ToPrefect())
    _log.setLevel(settings.level.upper())
    for handler in handlers:
        _log.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            _log.removeHandler(handler)
            handler.close()


class _Text(logging.Formatter):
    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run = run_id

    def format(self, record: logging.LogRecord) -> str:
        return f"{_time(record)} {record.levelname} {_sentence(record, run=self._run)}"


class _Json(_Text):
    def format(self, record: logging.LogRecord) -> str:
        told = {"time": _time(record), "level": record.levelname.lower()}
        told |= {"event": record.getMessage(), "run": self._run, **_fields(record)}
        return json.dumps(told, default=str)


_SAID_BY_TASKS = ("batch ended", "gate ended")
"""The UI has these as the states of the tasks."""


class _ToPrefect(logging.Handler):
    """Hands events to the logger of the flow or task run that is under way, where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        if "prefect" not in sys.modules or record.getMessage() in _SAID_BY_TASKS:
            return
        from prefect.exceptions import MissingContextError
        from prefect.logging import get_run_logger

        try:
            get_run_logger().log(record.levelno, "%s", _sentence(record))
        except MissingContextError:
            return


def _sentence(record: logging.LogRecord, **first: object) -> str:
    pairs = {**first, **_fields(record)}
    return " ".join([record.getMessage(), *(f"{name}={_value(pairs[name])}" for name in pairs)])


def _value(value: object) -> str:
    told = plain(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))
    return json.dumps(told, ensure_ascii=False) if " " in told or '"' in told else told


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
