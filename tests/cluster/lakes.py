"""Generations of a small invented record, put into a lake as a run does it."""

from __future__ import annotations

from pathlib import Path

from onrecord.pipeline.core.settings import PublishSettings
from onrecord.warehouse.lake import commits, faces
from onrecord.warehouse.lake.catalog import Lake
from onrecord.warehouse.publishing import building, publish
from tests.support import record


def settings(lake: Lake, **more: object) -> PublishSettings:
    """The settings of a run that publishes into a lake."""
    return PublishSettings(store="ducklake", catalog=lake.catalog, data=lake.data, **more)


def put(lake: Lake, folder: Path, run: str, articles: int = 3) -> int:
    """One generation of the first articles into the lake, then into the folder."""
    told = record.tables(run, record.ARTICLES[:articles])
    with publish.lock(folder, run):
        faces.follow(settings(lake), folder)
        candidate = building.build(folder, told, run_id=run)
        commits.commit(lake, folder, candidate)
        return publish.publish(folder, candidate, 3)
