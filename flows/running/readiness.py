"""Whether what the settings name beside this machine can be used: looked at before any work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.core.stores import Store
from onrecord.warehouse import lake


@contextmanager
def ready(settings: Settings) -> Iterator[None]:
    """Look at the store, the lake and the cluster, and leave that in the end. Raises NotReady, with what to do."""
    if settings.parts.at:
        Store(settings.parts.at).probe("parts.at")
    lake.check(settings.publish)
    if settings.workers.engine != "ray":
        yield
        return
    from onrecord.flows.running import cluster

    try:
        settings.warehouse.mkdir(parents=True, exist_ok=True)
        found = cluster.survey(settings)
        if faults := [f"{node.name} {node.fault}" for node in found if node.fault]:
            raise NotReady(f"of the Ray cluster at {settings.workers.address}: {'; '.join(faults)}")
        yield
    finally:
        cluster.disconnect()
