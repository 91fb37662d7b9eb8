"""A record changed behind its back, as somebody with the right to write might."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb

from onrecord.pipeline.core.segments import settled
from onrecord.warehouse import ledger


def changed_vectors(home: Path, sql: str) -> None:
    """Change the record's vectors, and have the published file list what came of it."""
    (segment,) = (home / "segments").glob("vectors-*.duckdb")
    segment.chmod(0o644)
    with duckdb.connect(str(segment)) as connection:
        connection.execute(sql)
    placed, told = settled(segment, "vectors", segment.parent)
    changed(
        home,
        f"UPDATE segments SET name = '{placed.name}', sha256 = '{told}', bytes = {placed.stat().st_size}"
        f" WHERE name = '{segment.name}'",
    )


def changed(home: Path, sql: str, generation: int = 1) -> None:
    """Change the published file, which is this generation, in its place."""
    file = home / "onrecord.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)
    file.chmod(0o444)
    again = home / "generations" / f"{generation:06d}.duckdb"
    again.unlink()
    os.link(file, again)


def unsealed(home: Path) -> None:
    """Have the ledger tell nothing of what files were, as of one that an older version published."""
    for entry in ledger.entries(home):
        ledger.write(home, replace(entry, seals={}))
