"""What became of what was refused: settled with every generation, by what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb


def settle(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    again: Path | None = None,
    closings: Sequence[Path] = (),
) -> None:
    """Mark what became of rejects that are open or closed; the caller holds the transaction.

    `repeated`: a later run over the same sources refused the same place. `recorded`: the article, or for embed the
    quotation, is on record now. Of `again`, the rejects that the run put through again, those are settled too that
    were not refused and from whose source something went in; or else are `gone`, unless they came from the web, where
    what is not there today may have been yesterday.

    `closings`, oldest first, are files of what somebody closed, or reopened (without a `because`). Where a later run
    over the same sources refuses the very same for the same reason, that is closed with it.
    """
    for closing in closings:
        connection.execute(_CLOSE, {"closings": str(closing)})
    connection.execute(_STAYS_CLOSED)
    for resolution, condition in (
        ("repeated", _REPEATED),
        *(("recorded", came) for came in (_QUOTED, _KNOWN, _READ)),
        *((("recorded", _CAME_OF_IT), ("gone", _NOTHING_CAME)) if again else ()),
    ):
        values = {"run": run_id, "resolution": resolution}
        if "$again" in condition:
            values["again"] = str(again)
        connection.execute(
            "UPDATE rejects AS r SET resolution = $resolution, resolved_by = $run, payload = NULL,"
            f" cut = NULL WHERE {_UNSETTLED} AND {condition}",
            values,
        )


_UNSETTLED = "(r.resolution IS NULL OR r.resolution = 'closed')"

_CLOSE = f"""
    UPDATE rejects AS r SET closed_at = c.closed_at, closed_by = c.closed_by, because = c.because,
        resolution = CASE WHEN c.because IS NULL THEN NULL ELSE 'closed' END
    FROM read_parquet($closings) AS c
    WHERE (c.run_id, c.stage, c.source, c.place, c.reason)
            = (r.run_id, r.stage, r.source, r.place, r.reason)
        AND {_UNSETTLED}"""

_SAME_SOURCES = """EXISTS (
    SELECT 1 FROM runs AS one JOIN runs AS two ON one.sources = two.sources
    WHERE one.run_id = {} AND two.run_id = {})"""

_REPEATED = f"""EXISTS (
    SELECT 1 FROM rejects AS later
    WHERE later.run_id > r.run_id AND later.source = r.source AND later.place = r.place
        AND {_SAME_SOURCES.format("later.run_id", "r.run_id")})"""

_STAYS_CLOSED = f"""
    UPDATE rejects AS r SET resolution = 'closed', closed_at = e.closed_at, closed_by = e.closed_by,
        because = e.because
    FROM rejects AS e
    WHERE r.resolution IS NULL AND r.closed_at IS NULL AND e.resolution = 'closed'
        AND r.run_id > e.run_id
        AND (r.stage, r.source, r.place, r.reason) = (e.stage, e.source, e.place, e.reason)
        AND r.payload IS NOT DISTINCT FROM e.payload
        AND {_SAME_SOURCES.format("r.run_id", "e.run_id")}"""

_QUOTED = """r.stage = 'embed' AND EXISTS (
    SELECT 1 FROM quotations AS q
    WHERE q.article_id = r.source AND q.start || ':' || q."end" = r.place)"""

_KNOWN = """(r.stage <> 'embed' OR r.reason = 'held_back')
    AND EXISTS (SELECT 1 FROM articles AS a WHERE a.article_id = r.article_id)"""

# A place gets the source's own name of the article, where it has one, once it can be read.
_READ = f"""EXISTS (
    SELECT 1 FROM articles AS a
    WHERE a.source = r.source AND a.first_run_id > r.run_id
        AND (coalesce(a.place, '') = r.place OR starts_with(a.place, r.place || ', id '))
        AND {_SAME_SOURCES.format("a.first_run_id", "r.run_id")})"""

_AGAIN = """EXISTS (
    SELECT 1 FROM read_parquet($again) AS t
    WHERE (t.run_id, t.stage, t.source, t.place, t.reason)
        = (r.run_id, r.stage, r.source, r.place, r.reason))"""

_CAME_OF_IT = f"""{_AGAIN} AND EXISTS (
    SELECT 1 FROM articles AS a WHERE a.source = r.source AND a.first_run_id = $run)"""

_NOTHING_CAME = f"{_AGAIN} AND r.run_id < $run AND NOT contains(r.source, '://')"
