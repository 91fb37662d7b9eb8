"""What `onrecord doctor` looks at beyond this machine, where settings name it: store of parts, cluster, lake."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.flows.commands.doctor.findings import Check, Finding
from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import Settings

_DOCS = "see docs/cluster.md"


def checks(settings: Settings) -> Iterator[Check]:
    """None for a record of one machine."""
    if settings.parts.at:
        yield Check("store of parts", lambda: _store(settings), _DOCS)
    if settings.workers.engine == "ray":
        yield Check("Ray cluster", lambda: _cluster(settings), _DOCS)
    if settings.publish.store == "ducklake":
        yield Check("lake", lambda: _lake(settings), _DOCS)


def _store(settings: Settings) -> Finding:
    from onrecord.pipeline.core.stores import Store

    store = Store(settings.parts.at or "")
    try:
        store.probe("parts.at")
    except NotReady as error:
        return _told("store of parts", error)
    return Finding("store of parts", True, f"{store.address}: written, listed, read and removed")


def _cluster(settings: Settings) -> Finding:
    from onrecord.flows.running import cluster

    try:
        nodes = cluster.survey(settings)
    except NotReady as error:
        return _told("Ray cluster", error)
    finally:
        cluster.disconnect()
    faults = [f"{node.name} {node.fault}" for node in nodes if node.fault]
    if faults:
        return Finding("Ray cluster", False, "; ".join(faults), _DOCS)
    processors = sum(node.processors for node in nodes)
    return Finding("Ray cluster", True, f"{len(nodes)} nodes, {processors} processors for batches")


def _lake(settings: Settings) -> Finding:
    """The catalog asked, its version, a file written where the lake's lie; what is in it."""
    from onrecord.warehouse import lake
    from onrecord.warehouse.errors import WarehouseError
    from onrecord.warehouse.lake import catalog, keeping

    try:
        lake.check(settings.publish)
        where = catalog.of(settings.publish)
        made = keeping.status(where)
        files, size = keeping.size(where)
    except catalog.NoLake:
        return Finding("lake", True, f"{where.shown} can be written, and is empty")
    except (NotReady, WarehouseError) as error:
        return _told("lake", error)
    newest = made["generation"].last() if made.height else 0
    return Finding(
        "lake",
        True,
        f"{where.shown}: generation {newest}, {made.height} kept, {files} files, {size / 1e6:,.1f} MB",
    )


def _told(what: str, error: Exception) -> Finding:
    found, _, mend = str(error).rpartition("; ")
    return Finding(what, False, found or mend, mend)
