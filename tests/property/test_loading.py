"""However the rows come in, the record is the same."""

from __future__ import annotations

import random

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing.loader import Change, load
from tests.support import record

NAMES = ("articles", "quotations", "utterances", "statements", "theme_members")
TABLES = {name: frame for name, frame in record.tables().items() if name in NAMES}


def _content(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    return {name: connection.sql(f"FROM {name}").pl().sort(CONTRACTS[name].key) for name in TABLES}


def _loaded() -> dict[str, pl.DataFrame]:
    with duckdb.connect() as connection:
        migrate(connection)
        load(connection, TABLES)
        return _content(connection)


WHOLE = _loaded()


def _batches(order: random.Random, count: int) -> list[dict[str, pl.DataFrame]]:
    """The tables that grow, their rows shuffled and dealt out."""
    growing = {name: frame for name, frame in TABLES.items() if not CONTRACTS[name].replaced}
    dealt: list[dict[str, pl.DataFrame]] = [{} for _ in range(count)]
    for name, frame in growing.items():
        rows = order.sample(range(frame.height), frame.height)
        whose = [order.randrange(count) for _ in rows]
        for number, batch in enumerate(dealt):
            batch[name] = frame[
                [row for row, owner in zip(rows, whose, strict=True) if owner == number]
            ]
    return dealt


@settings(max_examples=10, deadline=None)
@given(order=st.randoms(use_true_random=False), count=st.integers(1, 4))
def test_any_order_and_any_batches_give_the_same_rows(order: random.Random, count: int) -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        for batch in _batches(order, count):
            load(connection, batch)
        # Tables that a run makes whole come whole, with the last of it.
        load(connection, {name: TABLES[name] for name in TABLES if CONTRACTS[name].replaced})
        content = _content(connection)
        assert all(content[name].equals(WHOLE[name]) for name in TABLES)
        assert set(load(connection, TABLES).values()) == {Change(0, 0, 0)}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(text=TEXTS, data=st.data())
def test_any_text_comes_back_as_it_is_with_spans_in_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE articles (text VARCHAR)")
        frame = pl.DataFrame({"text": [text]})
        connection.register("handed", frame.to_arrow())
        connection.execute("INSERT INTO articles SELECT text FROM handed")
        row = connection.execute(
            "SELECT text, substr(text, ? + 1, ? - ?), length(text) FROM articles",
            [start, end, start],
        ).fetchone()
    assert row == (text, text[start:end], len(text))
