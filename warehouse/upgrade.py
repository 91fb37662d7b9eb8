"""A record that an older version made, carried forward: migrated and defined anew, its rows as they were."""

from __future__ import annotations

import shutil
from pathlib import Path

from onrecord.warehouse.checking.verify import verify_file
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import PublishError
from onrecord.warehouse.migrate import missing
from onrecord.warehouse.publishing.building import build
from onrecord.warehouse.publishing.publish import publish, published, published_run


def is_behind(folder: Path) -> bool:
    """Whether the published record lacks a migration that this code has. Raises NewerWarehouse."""
    path = published(folder)
    if path is None:
        return False
    with reader(path) as connection:
        return bool(missing(connection))


def carry_forward(folder: Path, keep: int, memory_limit: str) -> int | None:
    """Publish a record of an older version again as this one knows it; its number, None where it is up to date.

    It is held against every rule of `verify` first. The caller holds `publish.lock`. Raises NewerWarehouse, and
    PublishError where a rule does not hold: the older file then stays.
    """
    if not is_behind(folder):
        return None
    # Nothing is added, so it stays the work of the run that made it.
    candidate = build(folder, {}, run_id=str(published_run(folder)), memory_limit=memory_limit)
    problems = verify_file(candidate)
    if problems:
        raise PublishError(
            f"{folder}: this record is of an older version and cannot be carried forward: {problems[0]}"
        )
    number = publish(folder, candidate, keep)
    shutil.rmtree(candidate.parent, ignore_errors=True)
    return number
