"""Parquet: a row an article, read batch by batch.

id | outlet | published_at | text
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.columns import day_orders, guess_columns, guess_inside
from onrecord.pipeline.readers.fields import record_of
from onrecord.pipeline.readers.items import Record, Refusal, refuse

MEDIA_TYPE = "application/vnd.apache.parquet"
# As many of the longest articles fit into memory twice over.
_ROWS = 32
_MOST_BATCHES = 20
_OUT_OF_RANGE = "out of range"


def count(file: BinaryIO) -> int:
    """How many rows there are, which is told at the file's end."""
    import pyarrow.parquet as pq

    return int(pq.ParquetFile(file).metadata.num_rows)


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each row; only the columns that are ours are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryFile() as spool:
        if not file.seekable():
            # The format's index stands at its end.
            shutil.copyfileobj(file, spool, 1 << 20)
            spool.seek(0)
        try:
            parquet = pq.ParquetFile(spool if not file.seekable() else file)
            names = parquet.schema_arrow.names
            columns = guess_columns(names, settings)
            if (inside := _shape(parquet.schema_arrow)) and _is_inside(columns, inside):
                columns = guess_inside(inside, settings)
            if "text" not in columns and "html" not in columns:
                yield refuse("no_text", None, f"Columns found: {', '.join(names[:12])[:200]}")
                return
            wanted = sorted(
                {name if name in names else name.partition(".")[0] for name in columns.values()}
            )
            orders = _orders(parquet, columns)
            number = 0
            for batch in parquet.iter_batches(batch_size=_ROWS, columns=wanted):
                columns_of = {name: _values(batch.column(name)) for name in batch.schema.names}
                for values in zip(*columns_of.values(), strict=True):
                    row = dict(zip(columns_of, values, strict=True))
                    number += 1
                    place = f"row {number}"
                    yield record_of(
                        row, columns, place, MEDIA_TYPE, settings.max_article_chars, orders
                    )
            if not number:
                yield refuse("nothing_to_read", None, "No rows")
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            yield refuse("damaged", None, str(error).split("\n")[0][:120])


def _orders(parquet: Any, columns: Mapping[str, str]) -> Mapping[str, bool]:
    """How dates that stand as text are meant: those columns alone are read before the rows."""
    import pyarrow as pa

    kinds = {field.name: field.type for field in parquet.schema_arrow}
    dates = {columns[name] for name in ("published_at", "updated_at") if name in columns}
    texts = sorted(
        name
        for name in dates
        if name in kinds and (pa.types.is_string(kinds[name]) or pa.types.is_large_string(kinds[name]))
    )  # fmt: skip
    if not texts:
        return {}
    batches = islice(parquet.iter_batches(batch_size=10_000, columns=texts), _MOST_BATCHES)
    return day_orders((row, columns) for batch in batches for row in batch.to_pylist())


def _shape(schema: Any) -> dict[str, Any]:
    """The names of columns, and under those that hold objects the names of their fields; empty where none does."""
    import pyarrow as pa

    shape = {
        field.name: {inner.name: None for inner in field.type}
        if pa.types.is_struct(field.type)
        else None
        for field in schema
    }
    return shape if any(shape.values()) else {}


def _is_inside(columns: Mapping[str, str], shape: Mapping[str, Any]) -> bool:
    """Whether no column is a text, or the one that is called so is an object."""
    return not any(ours in columns and not shape[columns[ours]] for ours in ("text", "html"))


def _values(column: Any) -> list[Any]:
    """A column's values; one that Python has no value for, such as a date in the year 200,000, as a word on that."""
    import pyarrow as pa

    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, ArithmeticError, pa.ArrowException):
        return [_value(value) for value in column]


def _value(value: Any) -> Any:
    import pyarrow as pa

    try:
        return value.as_py()
    except (ValueError, OverflowError, ArithmeticError, pa.ArrowException):
        return _OUT_OF_RANGE
