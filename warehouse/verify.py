"""Whether a record still says what its sources say: every rule that can be read off the file alone.

The gates hold the rows of one run against their rules; this holds the whole file, years later, on another machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.contracts import CONTRACTS
from warehouse import fulltext
from warehouse.database import identifier, reader
from warehouse.errors import NewerWarehouse, WarehouseError
from warehouse.migrate import check as check_migrations
from warehouse.publish import FILE, kept, require

_BACK = "Publish an earlier generation with `onrecord rollback N`, or make the record anew."

ADVICE: dict[str, str] = {
    "read_only": "Take the right to write away: `chmod 0444` on it.",
    "log": "Close whatever holds the file open for writing; the next run sets the log aside.",
    "kept": "The next run keeps it; until then `onrecord rollback` cannot lead back to it.",
    "migrations": "Open the record with the version of OnRecord that wrote it.",
}
"""What to do about a check that does not hold, where it is not to go back to a good generation."""


class Problem(NamedTuple):
    """One rule that does not hold: its short name, the table, how many rows, and what that means."""

    check: str
    table: str
    rows: int
    detail: str

    def __str__(self) -> str:
        """A sentence: where, how many rows, what is wrong; the check's name; what to do."""
        where = f"{self.table}: " if self.table else ""
        many = f"{self.rows} {'row' if self.rows == 1 else 'rows'}: " if self.rows else ""
        return f"{where}{many}{self.detail} (check: {self.check}). {ADVICE.get(self.check, _BACK)}"


Check = Callable[[duckdb.DuckDBPyConnection], Iterator[Problem]]

_HASH = "SELECT count(*) FROM articles WHERE sha256(text) <> content_hash"

# Each counts rows that should not be there. Spans are taken by code points, as DuckDB's substr does.
RULES: tuple[tuple[str, str, str, str], ...] = (
    ("text_hash", "articles", "the text is not the one that was hashed", _HASH),
    (
        "span_order",
        "blocks",
        "the span is empty or leaves the text",
        """SELECT count(*) FROM blocks AS b JOIN articles AS a USING (article_id)
        WHERE b."end" <= b.start OR b."end" > length(a.text)""",
    ),
    (
        "verbatim",
        "quotations",
        "the text is not what stands at the span",
        """SELECT count(*) FROM quotations AS q JOIN articles AS a USING (article_id)
        WHERE substr(a.text, q.start + 1, q."end" - q.start) <> q.text""",
    ),
    (
        "verbatim",
        "mentions",
        "the text is not what stands at the span",
        """SELECT count(*) FROM mentions AS m JOIN articles AS a USING (article_id)
        WHERE substr(a.text, m.start + 1, m."end" - m.start) <> m.text""",
    ),
    (
        "pieces",
        "quotations",
        "the pieces do not run in order from the span's start to its end",
        """SELECT count(*) FROM quotations AS q
        WHERE len(q.spans) = 0 OR q.spans[1].start <> q.start OR q.spans[-1]."end" <> q."end"
            OR NOT list_bool_and(list_transform(q.spans, lambda s, i :
                s."end" > s.start AND (i = 1 OR s.start >= q.spans[i - 1]."end")))""",
    ),
    (
        "cue",
        "quotations",
        "the cue is not what stands at its place",
        """SELECT count(*) FROM quotations AS q JOIN articles AS a USING (article_id)
        WHERE substr(a.text, q.cue_start + 1, q.cue_end - q.cue_start) <> q.cue""",
    ),
    (
        "mention",
        "quotations",
        "the mention is not what stands at its place",
        """SELECT count(*) FROM quotations AS q JOIN articles AS a USING (article_id)
        WHERE substr(a.text, q.mention_start + 1, q.mention_end - q.mention_start) <> q.mention""",
    ),
    (
        "wording",
        "quotations",
        "the wording has no vector",
        """SELECT count(*) FROM quotations AS q
        WHERE q.utterance_id NOT IN (SELECT u.utterance_id FROM utterances AS u)""",
    ),
    (
        "unit_norm",
        "utterances",
        "the vector is not of length 1",
        """SELECT count(*) FROM utterances
        WHERE NOT coalesce(abs(list_inner_product(embedding, embedding) - 1) < 1e-3, false)""",
    ),
    (
        "width",
        "utterances",
        "the vector is not as wide as the others of its model",
        """SELECT coalesce(sum(n), 0) FROM (
            SELECT count(*) AS n,
                row_number() OVER (PARTITION BY model ORDER BY count(*) DESC) AS place
            FROM utterances GROUP BY model, len(embedding)
        ) WHERE place > 1""",
    ),
    (
        "no_quotations",
        "statements",
        "no quotation reports the statement, and it did not go into one that is reported",
        """SELECT count(*) FROM statements AS s
        LEFT JOIN statement_now AS n USING (statement_id)
        WHERE n.now_id IS NULL
            OR n.now_id NOT IN (SELECT m.statement_id FROM statement_members AS m)""",
    ),
    (
        "count",
        "statements",
        "the number of quotations is not that of its members",
        """SELECT count(*) FROM statements AS s
        LEFT JOIN (
            SELECT statement_id, count(*) AS n FROM statement_members GROUP BY statement_id
        ) AS m USING (statement_id)
        WHERE coalesce(m.n, 0) <> s.quotations""",
    ),
    (
        "two_speakers",
        "statements",
        "quotations of different speakers are one statement",
        """SELECT count(*) FROM (
            SELECT m.statement_id FROM statement_members AS m
            JOIN quotations AS q USING (quotation_id)
            GROUP BY m.statement_id HAVING count(DISTINCT q.speaker_id) > 1
        )""",
    ),
    (
        "verbatim",
        "variant_changes",
        "the words are not what stands at their places in the statement and the quotation",
        """SELECT count(*) FROM variant_changes AS c
        LEFT JOIN statements AS s USING (statement_id)
        LEFT JOIN quotations AS q USING (quotation_id)
        WHERE c."end" < c.start OR c.other_end < c.other_start
            OR substr(s.text, c.start + 1, c."end" - c.start) IS DISTINCT FROM c.text
            OR substr(q.content, c.other_start + 1, c.other_end - c.other_start)
                IS DISTINCT FROM c.other_text""",
    ),
    (
        "kind",
        "variant_changes",
        "the kind is not what the words on either side tell",
        """SELECT count(*) FROM variant_changes
        WHERE (kind <> 'added') <> (text <> '') OR (kind <> 'cut') <> (other_text <> '')""",
    ),
    (
        "changes",
        "statement_members",
        "the wording differs and no change is told, or the other way round",
        """SELECT count(*) FROM statement_members AS m
        LEFT JOIN (
            SELECT statement_id, quotation_id, count(*) AS n, max(position) + 1 AS places
            FROM variant_changes GROUP BY statement_id, quotation_id
        ) AS c USING (statement_id, quotation_id)
        WHERE (m.difference = 'same') <> (c.n IS NULL) OR c.n <> c.places""",
    ),
    (
        "repeats",
        "statement_repeats",
        "the two are not reported statements of one known speaker, or one is the other",
        """SELECT count(*) FROM statement_repeats AS r
        LEFT JOIN statements AS s USING (statement_id)
        LEFT JOIN statements AS f ON f.statement_id = r.repeats_id
        WHERE NOT coalesce(
            s.speaker_id = f.speaker_id AND s.quotations > 0 AND f.quotations > 0
            AND r.statement_id <> r.repeats_id, false)""",
    ),
    (
        "count",
        "themes",
        "the size is not the number of its statements",
        """SELECT count(*) FROM themes AS t
        LEFT JOIN (SELECT theme_id, count(*) AS n FROM theme_members GROUP BY theme_id) AS m
            USING (theme_id)
        WHERE coalesce(m.n, 0) <> t.size""",
    ),
    (
        "accounting",
        "stage_runs",
        "rows in are not rows out + rejected + duplicates",
        "SELECT count(*) FROM accounting WHERE NOT balanced",
    ),
)
"""The rules that no contract declares: name, table, what a hit means, and SQL that counts the hits."""


def verify(folder: Path) -> list[Problem]:
    """Hold the published record against every rule; an empty list says that all is well.

    Also tells of what lies wrong in the folder: a published file that is writable or not among the kept generations,
    a write-ahead log beside it. Raises NoWarehouse.
    """
    path = require(folder)
    return [*_folder(folder, path), *verify_file(path)]


def verify_file(path: Path) -> list[Problem]:
    """The same of one file: a candidate, or an older generation."""
    problems: list[Problem] = []
    try:
        with reader(path) as connection:
            for check in (_migrations, _columns, _keys, _values, _references, _rules, _index):
                found = list(check(connection))
                problems += found
                if check is _columns and found:
                    # The rest would only say, table by table, that the columns are not there.
                    break
    except WarehouseError as error:
        return [Problem("opens", "", 0, str(error))]
    except duckdb.Error as error:
        problems.append(Problem("readable", "", 0, f"reading stopped: {error}"))
    return problems


def _folder(folder: Path, path: Path) -> Iterator[Problem]:
    if path.stat().st_mode & 0o222:
        yield Problem("read_only", "", 0, f"{path} can be written; it should have mode 0444")
    if (folder / (FILE + ".wal")).exists():
        yield Problem("log", "", 0, f"a write-ahead log lies beside {path}: somebody wrote to it")
    if not any(_same(file, path) for file in kept(folder).values()):
        yield Problem("kept", "", 0, "the published file is not among the kept generations")


def _same(one: Path, two: Path) -> bool:
    # By content: a copy of a warehouse, or one on a file system without hard links, has two files.
    if one.samefile(two):
        return True
    return one.stat().st_size == two.stat().st_size and _digest(one) == _digest(two)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _migrations(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    try:
        check_migrations(connection)
    except NewerWarehouse as error:
        yield Problem("migrations", "schema_migrations", 0, str(error))


def _columns(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"
        " AND schema_name = 'main'"
    ).fetchall():
        there.setdefault(table, set()).add(column)
    for name, contract in CONTRACTS.items():
        missing = sorted(set(contract.columns) - there.get(name, set()))
        if missing:
            yield Problem("columns", name, len(missing), f"missing: {', '.join(missing)}")


def _keys(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for name, contract in CONTRACTS.items():
        keys = ", ".join(identifier(key) for key in contract.key)
        doubled = _count(connection, f"SELECT count(*) - count(DISTINCT ({keys})) FROM {name}")
        if doubled:
            yield Problem(
                "key", name, doubled, f"rows share {', '.join(contract.key)} with another"
            )


def _values(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for name, contract in CONTRACTS.items():
        for column, rule in contract.columns.items():
            cell = identifier(column)
            if rule.values is not None:
                allowed = ", ".join(f"'{value}'" for value in rule.values)
                wrong = _count(
                    connection, f"SELECT count(*) FROM {name} WHERE {cell} NOT IN ({allowed})"
                )
                if wrong:
                    yield Problem("values", name, wrong, f"{column} is none of {allowed}")
            bounds = [
                f"{cell} {sign} {bound!r}"
                for sign, bound in (("<", rule.low), (">", rule.high))
                if bound is not None
            ]
            if bounds:
                # DuckDB holds NaN for greater than every number.
                wrong = _count(
                    connection, f"SELECT count(*) FROM {name} WHERE {' OR '.join(bounds)}"
                )
                if wrong:
                    yield Problem("bounds", name, wrong, f"{column} is outside its bounds")


def _references(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for name, contract in CONTRACTS.items():
        for column, rule in contract.columns.items():
            if rule.refers is None:
                continue
            table, _, key = rule.refers.partition(".")
            orphans = _count(
                connection,
                f"SELECT count(*) FROM {name} AS t WHERE t.{identifier(column)} IS NOT NULL AND NOT EXISTS"
                f" (SELECT 1 FROM {table} AS r WHERE r.{identifier(key)} = t.{identifier(column)})",
            )
            if orphans:
                yield Problem("reference", name, orphans, f"{column} is not in {rule.refers}")


def _rules(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for check, table, detail, sql in RULES:
        wrong = _count(connection, sql)
        if wrong:
            yield Problem(check, table, wrong, detail)


def _index(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    if not fulltext.fresh(connection):
        yield Problem("index", "quotations", 0, "the full-text index is not of these words")


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
