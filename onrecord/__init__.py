"""OnRecord: who said what, as a record that can be questioned.

    import onrecord

    onrecord.extract("“We open at noon,” said Mara Lind.")   # quotations of texts, nothing stored
    onrecord.run("news/", record="record")                   # read articles, publish a record
    record = onrecord.open("record")                         # and question it
    record.search("higher rents", since="2026-01-01")

Whatever is asked answers with a polars frame. Whatever cannot be done raises an OnRecordError that says what to do.
docs/python.md tells the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome
    from onrecord.flows.running.runs import GateFailed, NothingUsable
    from onrecord.making import RunFailed, run
    from onrecord.opened import Record, open
    from onrecord.pipeline.core.configuration import SettingsError
    from onrecord.pipeline.core.problems import InputError, OnRecordError
    from onrecord.pipeline.embedders.models import ModelError
    from onrecord.pipeline.readers.items import Record as Article
    from onrecord.pipeline.readers.items import Refusal
    from onrecord.rows import Rows
    from onrecord.stages_alone import blocks, extract, statements
    from onrecord.warehouse.errors import (
        NotOnRecord,
        NoWarehouse,
        QueryError,
        WarehouseBusy,
        WarehouseError,
    )

    __version__: str

__all__ = [
    "Article",
    "GateFailed",
    "InputError",
    "ModelError",
    "NoWarehouse",
    "NotOnRecord",
    "NothingUsable",
    "OnRecordError",
    "Outcome",
    "QueryError",
    "Record",
    "Refusal",
    "Rows",
    "RunFailed",
    "SettingsError",
    "WarehouseBusy",
    "WarehouseError",
    "__version__",
    "blocks",
    "extract",
    "open",
    "run",
    "statements",
]

_HOMES = {
    "Article": "onrecord.pipeline.readers.items:Record",
    "GateFailed": "onrecord.flows.running.runs",
    "InputError": "onrecord.pipeline.core.problems",
    "ModelError": "onrecord.pipeline.embedders.models",
    "NoWarehouse": "onrecord.warehouse.errors",
    "NotOnRecord": "onrecord.warehouse.errors",
    "NothingUsable": "onrecord.flows.running.runs",
    "OnRecordError": "onrecord.pipeline.core.problems",
    "Outcome": "onrecord.flows.running.outcome",
    "QueryError": "onrecord.warehouse.errors",
    "Record": "onrecord.opened",
    "Refusal": "onrecord.pipeline.readers.items",
    "Rows": "onrecord.rows",
    "RunFailed": "onrecord.making",
    "SettingsError": "onrecord.pipeline.core.configuration",
    "WarehouseBusy": "onrecord.warehouse.errors",
    "WarehouseError": "onrecord.warehouse.errors",
    "blocks": "onrecord.stages_alone",
    "extract": "onrecord.stages_alone",
    "open": "onrecord.opened",
    "run": "onrecord.making",
    "statements": "onrecord.stages_alone",
}
"""Where each name comes from when it is first asked for: `import onrecord` by itself imports nothing."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("onrecord")
    elif name in _HOMES:
        from importlib import import_module

        home, _, there = _HOMES[name].partition(":")
        found = getattr(import_module(home), there or name)
    else:
        raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
