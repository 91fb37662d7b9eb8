"""A fault for every kind of rule: what to break so that the rule, and the gate, must fail.

`FAULTS` maps an expectation to the ways of breaking what it watches. A rule whose expectation has
no entry here fails the test that walks over all suites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from onrecord.expectations.material import Material
from onrecord.expectations.rules import COUNTED, RECORD, WHOLE, Rule
from onrecord.pipeline.core.contracts import CONTRACTS, STAGE_RUNS
from tests.support import record

Fault = Callable[[Rule, Material], Iterator[Material]]


def broken(rule: Rule, material: Material) -> Iterator[Material]:
    """The material with one thing broken, once for each way of breaking it."""
    return FAULTS[rule.expectation](rule, material)


def history(rows: int, *, rejected: int = 0, yielded: int = 1000, runs: int = 6) -> pl.DataFrame:
    """Earlier runs of every stage that took 100 articles."""
    told = [
        {
            "run_id": f"2026010{run}",
            "stage": stage,
            "rows_in": rows,
            "rows_out": rows - rejected,
            "rejected": rejected,
            "duplicates": 0,
            "yielded": yielded,
            "seconds": 1.0,
            "gate_seconds": 1.0,
        }
        for run in range(runs)
        for stage in ("ingest", "clean", "embed", "cluster", "load")
    ]
    return STAGE_RUNS.conform(pl.DataFrame(told, schema=STAGE_RUNS.schema))


def with_table(material: Material, name: str, frame: pl.DataFrame) -> Material:
    """The material with another table of that name."""
    return replace(material, tables={**material.tables, name: frame})


def with_counts(material: Material, **counts: int) -> Material:
    """The material with other counts."""
    return replace(material, counts={**material.counts, **counts})


def first(material: Material, table: str, column: str, value: Any) -> Material:
    """The material with another value in the first row of a column."""
    frame = material.tables[table]
    values = frame[column].to_list()
    changed = pl.Series(column, [value, *values[1:]], dtype=frame.schema[column], strict=False)
    return with_table(material, table, frame.with_columns(changed))


def shifted(material: Material, table: str, *columns: str, by: int) -> Material:
    """The material with other numbers in whole columns."""
    return with_table(material, table, material.tables[table].with_columns(pl.col(*columns) + by))


def _no_rows(rule: Rule, material: Material) -> Iterator[Material]:
    yield with_table(material, rule.table, material.tables[rule.table].clear())


def _null(rule: Rule, material: Material) -> Iterator[Material]:
    column = rule.says.removesuffix(" is never null")
    yield first(material, rule.table, column, None)
    if material.tables[rule.table].schema[column].is_float():
        yield first(material, rule.table, column, float("nan"))


def _outside(rule: Rule, material: Material) -> Iterator[Material]:
    if RECORD in material.tables:
        this = (pl.col("table") == rule.table) & (pl.col("says") == rule.says)
        told = material.tables[RECORD].with_columns(breaches=pl.col("breaches") + this)
        yield with_table(material, RECORD, told)
        return
    if rule.frame == COUNTED:
        yield from _null(rule, material)
        return
    if rule.frame == WHOLE:
        frame = material.tables[rule.table]
        column = next(iter(CONTRACTS[rule.table].columns))
        yield with_table(material, rule.table, frame.drop(column))
        yield with_table(material, rule.table, frame.with_columns(pl.lit(b"x").alias(column)))
        return
    column, low, high = (rule.arguments.get(k) for k in ("column", "min_value", "max_value"))
    if isinstance(high, datetime):
        yield first(material, rule.table, column, datetime(2999, 1, 1))
        return
    if low is not None:
        yield first(material, rule.table, column, low - 1)
    if high is not None:
        yield first(material, rule.table, column, high + 1)


def _not_in_set(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, rule.arguments["column"], "<b>nonsense</b>")
    yield first(material, rule.table, rule.arguments["column"], "")


def _not_greater(rule: Rule, material: Material) -> Iterator[Material]:
    high, low = rule.arguments["column_A"], rule.arguments["column_B"]
    frame = material.tables[rule.table]
    at = frame[low].is_not_null().arg_max() or 0
    value = frame[low][at]
    for other in [value - 1] if rule.arguments["or_equal"] else [value, value - 1]:
        changed = frame[high].clone().scatter(at, other)
        yield with_table(material, rule.table, frame.with_columns(changed))


def _not_like(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, rule.arguments["column"], "English")


def _key_twice(rule: Rule, material: Material) -> Iterator[Material]:
    frame = material.tables[rule.table]
    yield with_table(material, rule.table, pl.concat([frame, frame.head(1)]))


def _unknown(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, rule.options["column"], "nobody")


def _miscounted(rule: Rule, material: Material) -> Iterator[Material]:
    for name, count in material.counts.items():
        if name != "yielded":
            yield with_counts(material, **{name: count + 1})


def _rows_miscounted(rule: Rule, material: Material) -> Iterator[Material]:
    name = rule.options["count"]
    yield with_counts(material, **{name: material.counts[name] + 1})


def _not_verbatim(rule: Rule, material: Material) -> Iterator[Material]:
    table, (text, start, end) = rule.table, (rule.options[k] for k in ("text", "start", "end"))
    said = material.tables[table][text][0]
    yield first(material, table, text, said.upper())
    yield first(material, table, text, None)
    yield first(material, table, start, None)
    yield first(material, table, end, None)
    yield shifted(material, table, start, end, by=1)
    yield shifted(material, table, end, by=-1)
    yield first(material, table, "article_id", "nobody")


def _worded_otherwise(rule: Rule, material: Material) -> Iterator[Material]:
    table, (text, start, end) = rule.table, (rule.options[k] for k in ("text", "start", "end"))
    yield first(material, table, text, material.tables[table][text][0].upper() + "!")
    yield first(material, table, text, None)
    yield shifted(material, table, start, end, by=1)
    yield shifted(material, table, end, by=-1)
    yield first(material, table, rule.options["key"], "nobody")


def _beyond(rule: Rule, material: Material) -> Iterator[Material]:
    yield shifted(material, rule.table, "end", by=1)
    yield first(material, rule.table, "article_id", "nobody")


def _overlapping(rule: Rule, material: Material) -> Iterator[Material]:
    yield shifted(material, rule.table, "end", by=3)


def _misplaced(rule: Rule, material: Material) -> Iterator[Material]:
    blocks = material.tables["blocks"]
    yield with_table(material, "blocks", blocks.with_columns(kind=pl.lit("comment")))
    yield with_table(material, "blocks", blocks.filter(pl.col("kind") == "title"))
    yield with_table(material, "blocks", blocks.clear())
    yield shifted(material, rule.table, "end", by=10_000)


def _out_of_order(rule: Rule, material: Material) -> Iterator[Material]:
    table, column = rule.table, rule.options["column"]
    start, end = material.tables[table].select("start", "end").row(0)
    for pieces in (
        [(start - 1, end)],
        [(start, end + 1)],
        [(start, start)],
        [(start + 5, start + 6), (start, start + 3)],
        [(start, start + 4), (start + 3, end)],
        [(None, end)],
        *([[], None] if rule.options["least"] else []),
    ):
        told = pieces and [{"start": low, "end": high} for low, high in pieces]
        yield first(material, table, column, told)


def _not_spoken(rule: Rule, material: Material) -> Iterator[Material]:
    said = material.tables[rule.table]["content"][0]
    yield first(material, rule.table, "content", f"{said} indeed")
    yield first(material, rule.table, "content", said[::-1])
    yield first(material, rule.table, "content", None)


def _wrong_identity(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, rule.options["column"], "0" * 32)
    field = rule.options["fields"][0]
    yield first(material, rule.table, field, f"{material.tables[rule.table][field][0]}!")


def _not_finite(rule: Rule, material: Material) -> Iterator[Material]:
    for value in (float("nan"), float("inf"), float("-inf"), None):
        yield first(material, rule.table, "embedding", [1.0, value])
    yield first(material, rule.table, "embedding", [])
    yield first(material, rule.table, "embedding", None)


def _not_unit(rule: Rule, material: Material) -> Iterator[Material]:
    for vector in ([0.0] * 8, [1.0] * 8, [float("nan")] * 8, [0.99], [], None):
        yield first(material, rule.table, "embedding", vector)


def _lengths_differ(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, "embedding", [1.0])


def _not_embedded(rule: Rule, material: Material) -> Iterator[Material]:
    yield with_table(material, "utterances", material.tables["utterances"][1:])


def _two_speakers(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, "quotations", "speaker_id", record.UNION)
    yield first(material, "statements", "speaker_id", record.UNION)


def _no_reason(rule: Rule, material: Material) -> Iterator[Material]:
    yield first(material, rule.table, "name", None)
    yield first(material, rule.table, "unresolved", "a pronoun")


def _mostly_missing(rule: Rule, material: Material) -> Iterator[Material]:
    frame = material.tables[rule.table]
    none = pl.lit(None, dtype=frame.schema[rule.options["column"]])
    yield with_table(material, rule.table, frame.with_columns(none.alias(rule.options["column"])))


def _mostly_refused(rule: Rule, material: Material) -> Iterator[Material]:
    yield with_counts(material, rejected=51, rows_out=49)


def _unusually_refused(rule: Rule, material: Material) -> Iterator[Material]:
    yield replace(with_counts(material, rejected=6, rows_out=94), history=history(100))
    seldom = history(100, rejected=10)
    yield replace(with_counts(material, rejected=16, rows_out=84), history=seldom)


def unresolved_before(part: int, whole: int = 100, runs: int = 6) -> pl.DataFrame:
    """So many quotations without a name in each of some earlier runs."""
    return pl.DataFrame(
        [{"first_run_id": str(run), "part": part, "whole": whole} for run in range(runs)]
    )


def _unusually_unresolved(rule: Rule, material: Material) -> Iterator[Material]:
    many = pl.concat([material.tables["quotations"]] * 10)
    none = many.with_columns(name=pl.lit(None, dtype=pl.String))
    given = with_table(material, "quotations", none)
    yield with_table(given, "unresolved_before", unresolved_before(10))
    half = pl.concat([many, none])
    given = with_table(material, "quotations", half)
    yield with_table(given, "unresolved_before", unresolved_before(20, runs=20))


def _fewer_quotations(rule: Rule, material: Material) -> Iterator[Material]:
    yield replace(with_counts(material, rows_out=100, yielded=499), history=history(100))
    yield replace(with_counts(material, rows_out=100, yielded=0), history=history(100, runs=3))


def _stated_otherwise(rule: Rule, material: Material) -> Iterator[Material]:
    members = material.tables["statement_members"]
    yield with_table(material, "statement_members", members.slice(1))
    quotations = material.tables["quotations"]
    for stance in ("asserted", "supposed"):
        now = quotations.with_columns(stance=pl.lit(stance))
        yield with_table(material, "quotations", now)


def _stance_untold(rule: Rule, material: Material) -> Iterator[Material]:
    yield shifted(material, "quotations", "stance_end", by=10_000)
    yield with_table(
        material, "quotations", material.tables["quotations"].with_columns(stance=pl.lit("denied"))
    )
    yield with_table(
        material,
        "quotations",
        material.tables["quotations"].with_columns(stance=pl.lit("asserted")),
    )


FAULTS: dict[str, Fault] = {
    "ExpectTableRowCountToBeBetween": _no_rows,
    "ExpectColumnValuesToBeInSet": _not_in_set,
    "ExpectColumnValuesToBeBetween": _outside,
    "ExpectColumnPairValuesAToBeGreaterThanB": _not_greater,
    "ExpectColumnValuesToMatchRegex": _not_like,
    "texts.apart.ExpectBlocksApart": _overlapping,
    "tables.counts.ExpectCountsToAddUp": _miscounted,
    "vectors.embedded.ExpectWordingEmbedded": _not_embedded,
    "vectors.finite.ExpectVectorsFinite": _not_finite,
    "tables.identity.ExpectIdentity": _wrong_identity,
    "tables.key.ExpectKeyUnique": _key_twice,
    "vectors.one_length.ExpectOneLengthPerModel": _lengths_differ,
    "tables.one_speaker.ExpectOneSpeakerPerStatement": _two_speakers,
    "texts.pieces_in_order.ExpectPiecesInOrder": _out_of_order,
    "texts.in_blocks.ExpectSpanInBlocks": _misplaced,
    "tables.reason.ExpectNameOrReason": _no_reason,
    "tables.reference.ExpectReferenceKnown": _unknown,
    "shares.refused.ExpectShareRefused": _mostly_refused,
    "tables.rows_counted.ExpectRowsCounted": _rows_miscounted,
    "shares.share.ExpectShareMissing": _mostly_missing,
    "texts.spoken.ExpectContentSpoken": _not_spoken,
    "tables.stated.ExpectSaidIsStated": _stated_otherwise,
    "texts.told.ExpectStanceTold": _stance_untold,
    "shares.sudden_drop.ExpectNoSuddenDrop": _fewer_quotations,
    "vectors.unit.ExpectUnitVectors": _not_unit,
    "shares.unusual_refusals.ExpectRefusalsUsual": _unusually_refused,
    "shares.unusual_unresolved.ExpectUnresolvedUsual": _unusually_unresolved,
    "texts.verbatim.ExpectSpanVerbatim": _not_verbatim,
    "texts.within.ExpectSpanWithinArticle": _beyond,
    "texts.worded.ExpectChangeVerbatim": _worded_otherwise,
}
