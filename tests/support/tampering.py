"""A record changed behind its back, as somebody with the right to write might."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb


def changed(home: Path, sql: str) -> None:
    """Change the published file, which is the first generation, in its place."""
    file = home / "onrecord.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)
    file.chmod(0o444)
    again = home / "generations" / "000001.duckdb"
    again.unlink()
    os.link(file, again)
