"""All corrections with how each stands: as the published record has it, and what has come since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import CORRECTIONS
from onrecord.pipeline.corrections.entries import Correction, line
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import WarehouseError
from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.fitting import found_in
from onrecord.warehouse.publishing.publish import published

PENDING = "pending"
"""The state of a correction that takes effect in the record with the next run; `detail` says how it stands now."""

_NEXT = "takes effect in the record with the next run"
_TAKEN_BACK = "was taken back by {}, and is in the record until the next run"
_FITS_NOT = "does not fit so far: {}"


def listed(folder: Path) -> pl.DataFrame:
    """CORRECTIONS, the newest first, with the state `pending` for those that the record does not know as they stand."""
    told = store.read(folder).told
    rows: list[dict[str, object]] = []
    file = published(folder)
    if file is None:
        rows = [_row(one, PENDING, _NEXT) for one in told.corrections]
        return _sorted(rows)
    with reader(file) as connection:
        held = {row["correction_id"]: row for row in of_record(connection).iter_rows(named=True)}
        fresh = [
            one for one in told.corrections if one.id not in held and one.id not in told.undone
        ]
        found = found_in(connection, fresh)
    there = {key: rows_of for (key,), rows_of in found.group_by("correction_id")}
    for one in told.corrections:
        taken, row = told.undone.get(one.id), held.pop(one.id, None)
        if row is None and taken is None:
            rows.append(_fresh(one, there.get(one.id)))
        elif row is None and taken is not None:
            rows.append(_row(one, "undone", f"by {taken.by}, before it took effect"))
        elif row is not None and taken is not None and row["state"] != "undone":
            rows.append({**row, "state": PENDING, "detail": _TAKEN_BACK.format(taken.by)})
        elif row is not None:
            rows.append(row)
    rows.extend(held.values())
    return _sorted(rows)


def of_record(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """CORRECTIONS of an open record; none of one that was made before there were any."""
    try:
        return CORRECTIONS.conform(connection.execute("FROM corrections").pl())
    except (duckdb.Error, WarehouseError):
        return CORRECTIONS.empty()


def _fresh(one: Correction, found: pl.DataFrame | None) -> dict[str, object]:
    row = _row(one, PENDING, _NEXT)
    if not one.places:
        return row
    for side, column in enumerate(("quotation_id", "other_quotation_id")[: len(one.places)]):
        here = found.filter(pl.col("side") == side) if found is not None else None
        if here is None or here.is_empty():
            row["detail"] = _FITS_NOT.format("its article is not on record")
            continue
        quotation = here["quotation_id"].drop_nulls()
        row[column] = quotation[0] if len(quotation) else None
        if not len(quotation):
            row["detail"] = _FITS_NOT.format(here["why"][0])
    return row


def _row(one: Correction, state: str, detail: str) -> dict[str, object]:
    speakers = [who.speaker_id for who in one.who] + [None, None]
    place = one.quotation
    return {
        "correction_id": one.id,
        "kind": one.kind,
        "state": state,
        "detail": detail,
        "says": one.says,
        "made_at": datetime.fromisoformat(one.at).replace(tzinfo=None),
        "made_by": one.by,
        "because": one.because,
        "value": one.value,
        "speaker_id": speakers[0],
        "other_speaker_id": speakers[1],
        "words": place.exact if place else one.who[0].name,
        "url": place.url if place else None,
        "outlet": place.outlet if place else None,
        "run_id": "",
        "line": line(one).decode(),
    }


def _sorted(rows: list[dict[str, object]]) -> pl.DataFrame:
    made = pl.DataFrame(rows, schema=CORRECTIONS.schema)
    return made.sort("made_at", "correction_id", descending=True)
