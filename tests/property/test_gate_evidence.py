"""The evidence of our own expectations against plain Python, on whatever texts and spans."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.expectations.custom.tables.key import ExpectKeyUnique
from onrecord.expectations.custom.tables.reference import ExpectReferenceKnown
from onrecord.expectations.custom.texts.apart import ExpectBlocksApart
from onrecord.expectations.custom.texts.in_blocks import ExpectSpanInBlocks
from onrecord.expectations.custom.texts.pieces_in_order import ExpectPiecesInOrder
from onrecord.expectations.custom.texts.spoken import ExpectContentSpoken
from onrecord.expectations.custom.texts.verbatim import ExpectSpanVerbatim
from onrecord.expectations.material import Material, no_history
from onrecord.pipeline.core.contracts import SPAN
from onrecord.pipeline.core.settings import GateSettings

TEXTS = st.text(alphabet="aé—\u0301 “”'🌉\n]b", max_size=12)
SPANS = st.tuples(st.integers(0, 13), st.integers(0, 13))
MAYBE = st.none() | st.integers(0, 13)


def material(**tables: pl.DataFrame) -> Material:
    return Material("clean", tables, {}, GateSettings(), no_history())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TEXTS, MAYBE, MAYBE, st.none() | TEXTS), min_size=1, max_size=4))
def test_verbatim_means_the_same_as_slicing(rows: list[tuple[str, int, int, str | None]]) -> None:
    articles = {"article_id": [str(i) for i in range(len(rows))], "text": [r[0] for r in rows]}
    quotations = pl.DataFrame(
        {
            "article_id": articles["article_id"],
            "start": pl.Series([r[1] for r in rows], dtype=pl.Int64),
            "end": pl.Series([r[2] for r in rows], dtype=pl.Int64),
            "text": pl.Series([r[3] for r in rows], dtype=pl.String),
        }
    )
    given_tables = material(articles=pl.DataFrame(articles), quotations=quotations)
    found = ExpectSpanVerbatim.evidence(
        given_tables, "quotations", text="text", start="start", end="end"
    )
    for held, (text, start, end, said) in zip(found, rows, strict=True):
        if start is None or end is None:
            assert held == (start is None and end is None and said is None)
        else:
            assert held == (said == text[start : max(start, end)])


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_content_made_by_leaving_out_is_spoken(text: str, data: st.DataObject) -> None:
    kept = [letter for letter in text if data.draw(st.booleans())]
    rows = pl.DataFrame({"content": ["".join(kept), text + "z"], "text": [text, text]})
    found = ExpectContentSpoken.evidence(material(quotations=rows), "quotations")
    assert found.to_list() == [True, False]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(SPANS, st.lists(SPANS, max_size=3)), min_size=1, max_size=4))
def test_pieces_are_judged_row_by_row(
    rows: list[tuple[tuple[int, int], list[tuple[int, int]]]],
) -> None:
    pieces = [[{"start": a, "end": b} for a, b in told] for _, told in rows]
    table = pl.DataFrame(
        {
            "start": [span[0] for span, _ in rows],
            "end": [span[1] for span, _ in rows],
            "spans": pl.Series(pieces, dtype=pl.List(SPAN)),
        }
    )
    found = ExpectPiecesInOrder.evidence(
        material(quotations=table), "quotations", column="spans", least=1
    )
    for held, ((start, end), told) in zip(found, rows, strict=True):
        inside = all(start <= a < b <= end for a, b in told)
        ordered = all(x[1] <= y[0] for x, y in pairwise(told))
        assert held == (bool(told) and inside and ordered)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xy"), st.integers(0, 2)), max_size=6))
def test_keys_are_those_that_stand_once(rows: list[tuple[str, int]]) -> None:
    table = pl.DataFrame(rows, schema=["article_id", "start"], orient="row")
    found = ExpectKeyUnique.evidence(material(t=table), "t", key=("article_id", "start"))
    stands = Counter(rows)
    assert found.to_list() == [stands[row] == 1 for row in rows]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.none() | st.sampled_from("abc"), max_size=5),
    st.lists(st.none() | st.sampled_from("abc"), max_size=3),
    st.lists(st.sampled_from("abc"), max_size=2),
)
def test_references_are_null_or_known(
    values: list[str | None], here: list[str | None], known: list[str]
) -> None:
    def column(told: list[str | None]) -> pl.DataFrame:
        return pl.DataFrame({"id": pl.Series(told, dtype=pl.String)})

    tables = material(t=column(values), u=column(here), known_u=column([*known]))
    found = ExpectReferenceKnown.evidence(tables, "t", column="id", to="u.id")
    assert found.to_list() == [v is None or v in {*here, *known} for v in values]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("xy"), SPANS), min_size=1, max_size=4),
    st.lists(st.integers(0, 14), min_size=2, max_size=5, unique=True),
    st.lists(st.sampled_from(("body", "comment")), min_size=4, max_size=4),
)
def test_placed_looks_at_both_ends(
    rows: list[tuple[str, tuple[int, int]]], edges: list[int], kinds: list[str]
) -> None:
    edges = sorted(edges)
    blocks = list(zip(edges, edges[1:], kinds, strict=False))
    tables = material(
        quotations=pl.DataFrame(
            [(article, *span) for article, span in rows],
            schema=["article_id", "start", "end"],
            orient="row",
        ),
        # The article x is blocked, y is not.
        blocks=pl.DataFrame(
            [("x", *block) for block in blocks],
            schema=["article_id", "start", "end", "kind"],
            orient="row",
        ),
    )
    found = ExpectSpanInBlocks.evidence(tables, "quotations", kinds=("body",))

    def in_body(position: int) -> bool:
        return any(a <= position < b and kind == "body" for a, b, kind in blocks)

    for held, (article, (start, end)) in zip(found, rows, strict=True):
        assert held == (article == "x" and in_body(start) and in_body(end - 1))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("xy"), SPANS), max_size=5, unique_by=lambda r: (r[0], r[1][0])
    )
)
def test_neighbouring_blocks_are_apart(rows: list[tuple[str, tuple[int, int]]]) -> None:
    table = pl.DataFrame(
        [(article, *span) for article, span in rows],
        schema={"article_id": pl.String, "start": pl.Int64, "end": pl.Int64},
        orient="row",
    )
    found = ExpectBlocksApart.evidence(material(blocks=table), "blocks")
    for held, (article, (start, _)) in zip(found, rows, strict=True):
        before = max(
            ((s, e) for other, (s, e) in rows if other == article and s < start), default=None
        )
        assert held == (before is None or start >= before[1])
