"""What a published file is, so that a change behind the record's back is found and told by its table.

The SHA-256 of the file proves it to the byte. A digest for each table's rows, and for how each table, view and macro is
defined, tells what differs where it does not hold. They rest on MD5 over text, which every version of DuckDB computes
alike, and are sums, so that the order of rows does not count and a row that is there twice does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.database import errors_of_duckdb, identifier, reader
from onrecord.warehouse.publishing.loader import KEPT

Words = NDArray[np.uint64]

ROWS = "rows"
"""What the digest of a table's rows is called, before its name."""

GROWING = KEPT | {"blocks", "mentions"}
"""Tables whose rows stay as they were, so that what was sealed of them need not be read again; where a generation
changed some all the same, it says so."""

_AT_ONCE = 16_384
_VECTORS = ("FLOAT[]", "DOUBLE[]")


class Seal(NamedTuple):
    """The SHA-256 of a file, the DuckDB that read it, and a digest for each thing in it."""

    sha256: str
    duckdb: str
    digests: dict[str, str]


def seal(path: Path, before: Seal | None = None) -> Seal:
    """The seal of one file; of tables that only grow, what was added to the one that `before` is of.

    Raises WarehouseError where it cannot be opened, duckdb.Error where it cannot be read.
    """
    with reader(path) as connection:
        return Seal(sha256(path), duckdb.__version__, digests(connection, before))


def differences(path: Path, sealed: Seal) -> Iterator[tuple[str, str]]:
    """What of a file is not as it was sealed: the name of the table, view or macro, and what differs."""
    with reader(path) as connection:
        now, known = {}, dict(sealed.digests)
        if duckdb.__version__ == sealed.duckdb:
            now = definitions(connection)
        else:
            # Another version may word a definition otherwise.
            known = {key: digest for key, digest in known.items() if key.startswith(ROWS)}
        for key in list(known):
            kind, _, name = key.partition(" ")
            if kind == ROWS:
                # Gone, or its blocks are damaged.
                with suppress(duckdb.Error), errors_of_duckdb():
                    now[key] = rows(connection, name)
    for key in sorted(now.keys() | known.keys()):
        kind, _, name = key.partition(" ")
        if key not in known:
            yield name, f"the {kind} was not there in"
        elif key not in now:
            yield (
                name,
                "its rows cannot be read as in"
                if kind == ROWS
                else f"the {kind} is missing, unlike in",
            )
        elif now[key] != known[key]:
            yield name, "its rows are not those of" if kind == ROWS else f"the {kind} is not as in"


def sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(connection: duckdb.DuckDBPyConnection, before: Seal | None = None) -> dict[str, str]:
    """A digest for each thing in the file: `rows articles`, `table articles`, `view quotes`, `macro folded` …"""
    told = definitions(connection)
    growing = GROWING - _changed(connection) if before else frozenset[str]()
    for table in tables(connection):
        had = None
        # Texts are most of a record, and are as they were first seen.
        if (
            before
            and table in growing
            and before.digests.get(f"table {table}") == told[f"table {table}"]
        ):
            had = before.digests.get(f"{ROWS} {table}")
        told[f"{ROWS} {table}"] = rows(connection, table, had)
    return told


def _changed(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of which this generation changed rows or took some out."""
    with suppress(duckdb.CatalogException):
        found = connection.execute(
            "SELECT table_name FROM changes WHERE changed + removed > 0"
            " AND generation = (SELECT max(generation) FROM generations)"
        ).fetchall()
        return {name for (name,) in found}
    return set()


def definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A digest of how each table, view, macro and whatever else there is was made, and of its comments."""
    sql = (files("onrecord.warehouse") / "queries" / "definitions.sql").read_text(encoding="utf-8")
    return dict(connection.execute(sql).fetchall())


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table of the file, those of the full-text index by `schema.name`."""
    found = connection.execute(
        "SELECT if(schema_name = 'main', table_name, schema_name || '.' || table_name) AS name"
        " FROM duckdb_tables() WHERE database_name = current_database() ORDER BY name"
    ).fetchall()
    return [name for (name,) in found]


def rows(connection: duckdb.DuckDBPyConnection, table: str, had: str | None = None) -> str:
    """The digest of a table's rows: how many, and the sum of what each comes to over all of its columns.

    `had` is the digest of its first rows, which are not read again.
    """
    name = ".".join(map(identifier, table.split(".", 1)))
    first, sum_of_first = (int(part, 16) for part in (had or "0:0").split(":"))
    relation = f"{name} WHERE rowid >= {first}" if had else name
    columns = connection.execute(f"DESCRIBE {name}").fetchall()
    vectors = [identifier(name) for name, kind, *_ in columns if kind in _VECTORS]
    told = " || ".join(
        ["''"] + [_text(name, kind) for name, kind, *_ in columns if kind not in _VECTORS]
    )
    row = f"md5_number_lower({told})"
    if vectors:
        found = _with_vectors(connection, f"SELECT {row}, {', '.join(vectors)} FROM {relation}")
    else:
        found = connection.execute(
            f"SELECT count(*), coalesce(sum({row}), 0) FROM {relation}"
        ).fetchone() or (0, 0)
    count, total = found
    return f"{first + count:x}:{sum_of_first + int(total):x}"


def _text(name: str, kind: str) -> str:
    """SQL for a cell as text of which one can tell where it ends, and NULL from nothing."""
    cell = identifier(name)
    if kind == "BLOB":
        text = f"md5({cell})"
    elif kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        text = f"CAST(to_json({cell}) AS VARCHAR)"
    else:
        text = f"CAST({cell} AS VARCHAR)"
    return f"coalesce(strlen({text}) || ':' || {text}, '-')"


def _with_vectors(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, int]:
    # As text, vectors would take most of the time that a run has for publishing.
    count, total = 0, 0
    for batch in connection.execute(sql).to_arrow_reader(_AT_ONCE):
        plain, *vectors = batch.columns
        each = plain.to_numpy(zero_copy_only=False).astype(np.uint64)
        for column in vectors:
            each = _mixed(each + _mixed(_vector_words(column)))
        count += batch.num_rows
        # In halves, since the sum of all is more than a word holds.
        total += int((each >> np.uint64(32)).sum()) << 32
        total += int((each & np.uint64(0xFFFFFFFF)).sum())
    return count, total


def _vector_words(column: Any) -> Words:
    """A number for each vector, of its bits and their places."""
    lengths = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    values = column.flatten()
    nulls = values.is_null().to_numpy(zero_copy_only=False) if values.null_count else None
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    bits = numbers.view(np.uint32 if numbers.dtype == np.float32 else np.uint64).astype(np.uint64)
    if nulls is not None:
        bits[nulls] = ~np.uint64(0)
    ends = np.cumsum(lengths)
    words = lengths.astype(np.uint64) + missing
    for width in np.unique(lengths[lengths > 0]):
        of = np.flatnonzero(lengths == width)
        at = (ends[of] - width)[:, None] + np.arange(width)
        rows = bits.reshape(-1, width) if len(of) == len(lengths) else bits[at]
        words[of] += rows @ _weights(int(width))
    return words


def _weights(width: int) -> Words:
    """An odd number for each place of a vector, ever the same."""
    return _mixed(np.arange(1, width + 1, dtype=np.uint64)) | np.uint64(1)


def _mixed(words: Words) -> Words:
    """SplitMix64: each bit of a word moves all of it (Steele, Lea and Flood 2014)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
