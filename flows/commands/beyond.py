"""What `onrecord doctor` looks at beyond this machine, where the settings name it: the store of parts, the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.flows.commands.findings import Check, Finding
from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import Settings

_DOCS = "see docs/cluster.md"


def checks(settings: Settings) -> Iterator[Check]:
    """None for a record of one machine."""
    if settings.parts.at:
        yield Check("store of parts", lambda: _store(settings), _DOCS)
    if settings.workers.engine == "ray":
        yield Check("Ray cluster", lambda: _cluster(settings), _DOCS)


def _store(settings: Settings) -> Finding:
    from onrecord.pipeline.core.stores import Store

    store = Store(settings.parts.at or "")
    try:
        store.probe()
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


def _told(what: str, error: NotReady) -> Finding:
    found, _, mend = str(error).rpartition("; ")
    return Finding(what, False, found or mend, mend)
