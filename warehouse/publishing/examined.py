"""When a record was last held against its rules whole: what a candidate notes, and the last gate goes by."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from onrecord.warehouse.database import utc_now

WHOLE = "examined whole"
"""What `meta` notes it under: the generation, and when."""
_WEEK = timedelta(days=7)


def is_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether everything is to be looked at again."""
    told = noted(connection)
    if told is None:
        return True
    try:
        age = utc_now() - datetime.fromisoformat(told[1])
    except (ValueError, TypeError):
        return True
    # A clock that was ahead and has been set back would have it never be due.
    return not timedelta(0) <= age < _WEEK


def noted(connection: duckdb.DuckDBPyConnection) -> tuple[str, str] | None:
    """The generation of which everything was looked at last, and when; None where none was."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [WHOLE]).fetchone()
    if row is None:
        return None
    number, _, when = row[0].partition(" ")
    return number, when
