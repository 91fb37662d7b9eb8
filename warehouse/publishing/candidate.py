"""The ledger's last words in a generation that is built and not yet published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onrecord.warehouse.database import MEMORY_LIMIT, writer
from onrecord.warehouse.publishing.loader import Rows, load


def amend(candidate: Path, tables: Mapping[str, Rows], memory_limit: str = MEMORY_LIMIT) -> None:
    """Load the last rows of the ledger into a candidate, in one transaction, and close it clean.

    The last gate's results and the run's own end are known only after the candidate was built and checked.
    """
    with writer(candidate, memory_limit=memory_limit) as connection:
        connection.execute("BEGIN")
        load(connection, tables)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
