"""Where the words of corrections stand in the published record, and what a run is handed of them."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.parts import write_atomic
from onrecord.pipeline.corrections import places
from onrecord.pipeline.corrections.entries import Correction, line
from onrecord.pipeline.stages.workplace import CORRECTIONS
from onrecord.pipeline.stages.workplace import FOUND as FOUND_FILE
from onrecord.warehouse.database import reader
from onrecord.warehouse.mending import store
from onrecord.warehouse.publishing.publish import published

log = logging.getLogger(__name__)


def hand_over(folder: Path, into: Path) -> None:
    """Write what people corrected into the folder of what a run knows; nothing where nobody ever did."""
    held = store.read(folder)
    for number, why in held.unusable:
        log.warning("%s: line %d is passed over: %s", store.path(folder), number, why)
    for name in (CORRECTIONS, FOUND_FILE):
        (into / name).unlink(missing_ok=True)
    if not held.entries and not store.path(folder).exists():
        return
    found_on_record(folder, list(held.told.corrections)).write_parquet(into / FOUND_FILE)
    write_atomic(into / CORRECTIONS, b"\n".join(map(line, held.entries)))


def found_on_record(folder: Path, corrections: list[Correction]) -> pl.DataFrame:
    """Where each correction's words stand in the published record (places.FOUND)."""
    file = published(folder)
    if file is None or not corrections:
        return pl.DataFrame(schema=places.FOUND)
    with reader(file) as connection:
        return found_in(connection, corrections)


def found_in(connection: duckdb.DuckDBPyConnection, corrections: list[Correction]) -> pl.DataFrame:
    """Where each correction's words stand in an open record, those of quotations that are none included."""
    identities, urls = places.wanted(corrections)
    articles = connection.execute(
        f"SELECT {', '.join(places.ARTICLE)} FROM articles"
        " WHERE article_id IN (SELECT unnest($identities)) OR url IN (SELECT unnest($urls))",
        {"identities": identities, "urls": urls},
    ).pl()
    columns = ", ".join(f'"{name}"' for name in places.QUOTATION)
    there = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
        " AND table_name IN ('quotations', 'dismissed_quotations')"
    ).fetchall()
    quotations = " UNION ALL ".join(f"SELECT {columns} FROM {name}" for (name,) in sorted(there))
    quoted = connection.execute(
        f"SELECT * FROM ({quotations}) WHERE article_id IN (SELECT unnest($1))",
        [articles["article_id"].to_list()],
    ).pl()
    return places.find(corrections, articles, quoted)
