"""What a run asks of the record while it works: rows for keys, or some columns of a table, written out as Parquet.

The stages open no database: the flow hands them this to ask with (`pipeline.stages.workplace.Workplace.ask`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl


class Answers(NamedTuple):
    """The published record in `folder`; an answer takes no more than `memory_limit`.

    It is handed to the processes that clean, most of which never ask: what opens the record is imported by then.
    """

    folder: Path
    memory_limit: str

    def __call__(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None, file: Path
    ) -> None:
        """Write columns of a table into a file, whole or not at all: of rows with one of the `keys`, or of all."""
        from onrecord.warehouse.publishing.snapshot import write_rows

        write_rows(self.folder, table, columns, keys, file, self.memory_limit)
