"""The record in a lake: each generation a snapshot of DuckLake, from which any machine builds the file that it serves.

The catalog is Postgres', the files are Parquet in a folder or on S3. docs/cluster.md tells how it is run. Here is what
a run calls: where the settings name no lake it does nothing, and nothing of one is imported.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from onrecord.pipeline.core.settings import PublishSettings


def check(settings: PublishSettings) -> None:
    """See that the lake can be written, before any work: its catalog, its version, its files. Raises NotReady."""
    if settings.store == "ducklake":
        from onrecord.warehouse.lake import keeping

        keeping.probe(settings)


def writing(settings: PublishSettings, wait: float = 0.0) -> AbstractContextManager[object]:
    """Be the lake's only writer; `wait` is how many seconds to wait for another. Raises WarehouseBusy."""
    if settings.store == "file":
        return nullcontext()
    from onrecord.warehouse.lake import catalog, session

    return session.writing(catalog.of(settings), wait)


def follow(settings: PublishSettings, folder: Path) -> None:
    """Bring the folder's file up to the lake (see `faces.follow`)."""
    if settings.store == "ducklake":
        from onrecord.warehouse.lake import faces

        faces.follow(settings, folder)


def commit(settings: PublishSettings, folder: Path, candidate: Path) -> None:
    """Make a candidate the lake's newest snapshot (see `commits.commit`)."""
    if settings.store == "ducklake":
        from onrecord.warehouse.lake import catalog, commits

        commits.commit(catalog.of(settings), folder, candidate, settings.memory_limit)
