"""Search the record by words, by meaning, or by both, one answer a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from onrecord.warehouse.asking.nearest import nearest
from onrecord.warehouse.database import standing_reader
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.migrate import require_current
from onrecord.warehouse.publishing.publish import require

Across = Callable[[], Mapping[str, Sequence[float]]]
"""Gives by multilingual model the vector of what is searched for (macro scored_across); called where it is of use."""
POOL = 5
"""Quotations ranked for each answer wanted: several of them may report one statement."""

_RANKINGS = {
    ("query",): "ranked_by_words",
    ("vector",): "ranked_by_meaning",
    ("query", "vector"): "ranked_by_both",
}

_NEAR = "(SELECT unnest($near) AS utterance_id, unnest($likeness) AS score)"
_ALL_NEAR = "scored_by_meaning($vector, model := $model)"
_NEAREST = {
    # As the macros of these rankings, of wordings that are found to be near by then.
    ("vector",): f"""(
    SELECT b.quotation_id, share_of_best(b.score) AS score
    FROM (
        SELECT p.quotation_id, n.score
        FROM matching({{filters}}) AS p
        JOIN {_NEAR} AS n ON n.utterance_id = p.utterance_id
        ORDER BY n.score DESC, p.quotation_id
        LIMIT $k
    ) AS b
)""",
    ("query", "vector"): f"""(
    WITH passing AS (SELECT * FROM matching({{filters}})),
    by_words AS (
        SELECT s.quotation_id, row_number() OVER (ORDER BY s.score DESC, s.quotation_id) AS place
        FROM scored_by_words($query) AS s
        WHERE s.quotation_id IN (SELECT p.quotation_id FROM passing AS p)
        ORDER BY place
        LIMIT 100
    ),
    by_meaning AS (
        SELECT p.quotation_id, row_number() OVER (ORDER BY n.score DESC, p.quotation_id) AS place
        FROM passing AS p
        JOIN {_NEAR} AS n ON n.utterance_id = p.utterance_id
        ORDER BY place
        LIMIT 100
    ),
    best AS (
        SELECT b.quotation_id, sum(1 / (60 + b.place)) AS score
        FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) AS b
        GROUP BY b.quotation_id
        ORDER BY score DESC, b.quotation_id
        LIMIT $k
    )
    SELECT b.quotation_id, share_of_best(b.score) AS score FROM best AS b
)""",
}

# By meaning, by words where they are given, and by the meaning of what was said in other languages: the cosines of two
# models are not compared, the ranks are.
_ACROSS = """(
    WITH passing AS (SELECT * FROM matching({filters})),
    by_words AS ({by_words}),
    by_meaning AS (
        SELECT p.quotation_id, row_number() OVER (ORDER BY n.score DESC, p.quotation_id) AS place
        FROM passing AS p
        JOIN {near} AS n ON n.utterance_id = p.utterance_id
        WHERE p.utterance_id NOT IN (SELECT u.utterance_id FROM utterances AS u WHERE list_contains($others, u.model))
        ORDER BY place
        LIMIT 100
    ),
    across AS ({across}),
    best AS (
        SELECT b.quotation_id, sum(1 / (60 + b.place)) AS score
        FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning UNION ALL SELECT * FROM across) AS b
        GROUP BY b.quotation_id
        ORDER BY score DESC, b.quotation_id
        LIMIT $k
    )
    SELECT b.quotation_id, share_of_best(b.score) AS score FROM best AS b
)"""
_BY_OTHER = """(
        SELECT p.quotation_id, row_number() OVER (ORDER BY n.score DESC, p.quotation_id) AS place
        FROM passing AS p
        JOIN scored_across($other_{number}, $others[{number}]) AS n ON n.utterance_id = p.utterance_id
        ORDER BY place
        LIMIT 100
    )"""
_BY_WORDS = """
        SELECT s.quotation_id, row_number() OVER (ORDER BY s.score DESC, s.quotation_id) AS place
        FROM scored_by_words($query) AS s
        WHERE s.quotation_id IN (SELECT p.quotation_id FROM passing AS p)
        ORDER BY place
        LIMIT 100
    """
_NO_WORDS = "SELECT '' AS quotation_id, 0 AS place WHERE false"

_ANSWERS = """
WITH hits AS MATERIALIZED (
    SELECT r.quotation_id, r.score, m.statement_id, coalesce(m.statement_id, r.quotation_id) AS said
    FROM {ranking} AS r
    LEFT JOIN statement_members AS m ON m.quotation_id = r.quotation_id
),
best AS MATERIALIZED (
    SELECT *
    FROM hits
    QUALIFY row_number() OVER (PARTITION BY said ORDER BY score DESC, quotation_id) = 1
    ORDER BY score DESC, quotation_id
    LIMIT $limit
),
reports AS (
    SELECT b.quotation_id AS hit_id, q.article_id
    FROM best AS b
    LEFT JOIN statement_members AS m ON m.statement_id = b.statement_id
    JOIN quotations AS q ON q.quotation_id = coalesce(m.quotation_id, b.quotation_id)
),
carried AS (
    SELECT r.hit_id, list_sort(list(DISTINCT c.outlet) FILTER (WHERE c.outlet IS NOT NULL)) AS outlets
    FROM reports AS r
    JOIN carriers AS c ON c.article_id = r.article_id
    GROUP BY r.hit_id
)
SELECT
    d.words, d.speaker, d.day, coalesce(c.outlets, []) AS outlets, d.link, d.title, d.theme,
    CAST(d.score AS DOUBLE) AS score, d.statement_id, d.quotation_id
FROM described((SELECT list({{quotation_id: b.quotation_id, score: b.score}}) FROM best AS b)) AS d
LEFT JOIN carried AS c ON c.hit_id = d.quotation_id
ORDER BY d.score DESC, d.quotation_id
"""


def search(
    folder: Path,
    words: str,
    vector: Sequence[float] | None = None,
    *,
    speaker: str | None = None,
    outlet: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    theme: str | None = None,
    model: str | None = None,
    across: Across | None = None,
    limit: int = 10,
) -> pl.DataFrame:
    """The statements that fit best: words, speaker, day, outlets, link, title, theme, score, ids.

    Ranked by BM25 where only `words` are given, by cosine where only `vector` is, by the fusion of
    both ranks where both are; function words rank nothing. A score is a share of the best one, which
    is 1. `vector` is of `model`, else of the latest run's. `across` gives by multilingual model what it is
    asked: where the record has vectors of these, what was said in other languages is ranked beside. Filters
    hold before the ranking: a speaker is an id, a name, any spelling met or a surname (see the macro
    matching); an outlet counts for articles that it copied; days are included; a theme is an id or
    a label. Raises NoWarehouse, and QueryError for a vector of another width, a day that is none,
    or nothing to search for.
    """
    if not words.strip() and vector is None:
        raise QueryError("nothing to search for: give some words")
    if limit < 1:
        raise QueryError(f"limit must be at least 1 (found {limit})")
    filters = {
        "speaker": speaker,
        "outlet": outlet,
        "since": _day(since),
        "until": _day(until),
        "theme": theme,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    values: dict[str, object] = dict(given)
    if words.strip():
        values["query"] = words
    path = require(folder)
    with standing_reader(path) as connection:
        try:
            if vector is not None:
                values["model"] = _model(connection, len(vector), model)
                values["vector"] = [float(number) for number in vector]
            others = _others(connection, values.get("model"), across) if vector is not None else {}
            found = None
            if vector is not None and isinstance(values["model"], str):
                found = nearest(connection, path, vector, values["model"], given)
            told = ", ".join(f"{name} := ${name}" for name in given)
            if found is not None:
                values["near"], values["likeness"] = (
                    found["utterance_id"].to_list(),
                    found["score"].to_list(),
                )
            if others:
                numbers = range(1, len(others) + 1)
                values["others"] = list(others)
                values |= {f"other_{at}": others[values["others"][at - 1]] for at in numbers}
                ranking = _ACROSS.format(
                    filters=told,
                    by_words=_BY_WORDS if "query" in values else _NO_WORDS,
                    near=_ALL_NEAR if found is None else _NEAR,
                    across=" UNION ALL ".join(_BY_OTHER.format(number=at) for at in numbers),
                )
            elif found is None:
                ranking = _ranking(values)
            else:
                asked = tuple(name for name in ("query", "vector") if name in values)
                ranking = _NEAREST[asked].format(filters=told)
            if found is not None:
                del values["vector"], values["model"]
            values |= {"k": limit * POOL, "limit": limit}
            return connection.execute(_ANSWERS.format(ranking=ranking), values).pl()
        except duckdb.CatalogException as error:
            # What is asked by was not there yet in the version that made it.
            require_current(connection)
            raise QueryError(str(error)) from error
        except duckdb.Error as error:
            raise QueryError(str(error)) from error


def _day(told: date | str | None) -> date | None:
    if told is None or isinstance(told, date):
        return told
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise QueryError(f"not a day: {told!r}; write it as 2026-02-28") from None


def _ranking(values: Mapping[str, object]) -> str:
    """The macro that ranks by what is asked, called with what is asked and nothing else."""
    asked = tuple(name for name in ("query", "vector") if name in values)
    given = [f"${name}" for name in asked]
    named = [f"{name} := ${name}" for name in values if name not in asked]
    return f"{_RANKINGS[asked]}({', '.join([*given, 'k := $k', *named])})"


def _others(
    connection: duckdb.DuckDBPyConnection, own: object, across: Across | None
) -> dict[str, list[float]]:
    """What is asked of multilingual models, of those of which the record has vectors beside the own ones."""
    if across is None:
        return {}
    rows = connection.execute("SELECT DISTINCT u.model FROM utterances AS u").fetchall()
    others = {model for (model,) in rows} - {own}
    asked = across() if others else {}
    return {name: [float(one) for one in asked[name]] for name in sorted(others & asked.keys())}


def _model(connection: duckdb.DuckDBPyConnection, width: int, model: str | None) -> str | None:
    """The model to search by: a vector of another width would find nothing and say nothing."""
    # One row is enough: the gates see to it that a model's vectors are of one width.
    row = connection.execute(
        "SELECT u.model, len(u.embedding) FROM utterances AS u"
        " WHERE u.model = coalesce($model, current_model()) LIMIT 1",
        {"model": model},
    ).fetchone()
    if row is None:
        if model is not None:
            raise QueryError(f"the record has no vectors of model {model}")
        return None
    if row[1] != width:
        raise QueryError(
            f"the query's vector has {width} numbers and those of {row[0]} have {row[1]}:"
            " embed the query with the model that the record was made with"
        )
    found: str = row[0]
    return found
