"""The flow `tidy-lake`: what a lake needs besides commits, on a schedule of its own."""

from pathlib import Path

from prefect import flow
from prefect.states import Completed, State

from onrecord.pipeline.core.configuration import load_settings


@flow(name="tidy-lake", persist_result=False)
def tidy_lake(warehouse: Path | None = None, config: Path | None = None) -> State[str]:
    """Let go of old snapshots of the lake, make small files into larger ones, remove what nothing needs.

    Args:
        warehouse: Folder of the record; that of config.yaml where not given
        config: Another config.yaml
    """
    from onrecord.warehouse.lake import catalog, keeping

    settings = load_settings(config, warehouse=warehouse).publish
    done = keeping.tidy(
        catalog.of(settings), settings.keep_snapshots, memory_limit=settings.memory_limit
    )
    return Completed(message=done.sentence, data=done.sentence)
