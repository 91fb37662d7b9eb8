"""Rows are loaded by key, only where they differ, and never silently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.errors import LoadError
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing.loader import Change, load
from tests.support import record


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    migrate(connection)
    yield connection
    connection.close()


def test_rows_come_back_as_they_went_in(database: duckdb.DuckDBPyConnection) -> None:
    tables = record.tables()
    load(database, tables)
    for name, frame in tables.items():
        keys = list(CONTRACTS[name].key)
        assert database.sql(f"FROM {name}").pl().sort(keys).equals(frame.sort(keys)), name


def test_loading_again_changes_nothing(database: duckdb.DuckDBPyConnection) -> None:
    load(database, record.tables())
    assert set(load(database, record.tables()).values()) == {Change(0, 0, 0)}


def test_a_changed_row_is_replaced_and_counted(database: duckdb.DuckDBPyConnection) -> None:
    speakers = record.tables()["speakers"]
    load(database, {"speakers": speakers})
    renamed = speakers.with_columns(
        name=pl.when(pl.col("speaker_id") == record.MAYOR)
        .then(pl.lit("Ilse M. Marrow"))
        .otherwise("name")
    )
    assert load(database, {"speakers": renamed}) == {"speakers": Change(0, 1, 0)}
    assert database.sql("FROM speakers").pl().sort("speaker_id").equals(renamed.sort("speaker_id"))


def test_a_null_that_becomes_a_value_is_a_change(database: duckdb.DuckDBPyConnection) -> None:
    runs = record.tables()["runs"]
    load(database, {"runs": runs})
    ended = runs.with_columns(
        ended_at=pl.lit(datetime(2026, 3, 1, 7)).cast(pl.Datetime("us")), status=pl.lit("published")
    )
    assert load(database, {"runs": ended}) == {"runs": Change(0, 1, 0)}


def test_articles_and_vectors_stay_as_first_seen(database: duckdb.DuckDBPyConnection) -> None:
    tables = record.tables()
    load(database, tables)
    again = {
        "articles": tables["articles"].with_columns(title=pl.lit("another title")),
        "utterances": tables["utterances"].with_columns(
            embedding=pl.col("embedding").list.eval(-pl.element())
        ),
    }
    assert set(load(database, again).values()) == {Change(0, 0, 0)}


def test_a_table_that_a_run_makes_whole_loses_what_is_gone(
    database: duckdb.DuckDBPyConnection,
) -> None:
    load(database, record.tables())
    none = CONTRACTS["dismissed_quotations"].conform(record.tables()["quotations"])
    assert load(database, {"dismissed_quotations": none})["dismissed_quotations"].added == 5
    change = load(database, {"dismissed_quotations": none.head(2)})["dismissed_quotations"]
    assert change == Change(0, 0, 3)
    assert load(database, {"dismissed_quotations": []})["dismissed_quotations"] == Change(0, 0, 2)


def test_what_a_run_says_is_gone_goes_but_what_it_hands_in(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """By any column of any table; a table of which nothing is handed in loses its rows, too."""
    load(database, record.tables())
    quotations = record.tables()["quotations"]
    first = quotations["article_id"].mode()[0]
    kept = quotations.filter(article_id=first).head(1)
    gone = pl.DataFrame(
        [("quotations", "article_id", first), ("speakers", "name", "Ilse Marrow")],
        schema=["table_name", "column_name", "value"],
        orient="row",
    )
    lost = quotations.filter(article_id=first).height - 1
    assert lost > 0
    told = load(database, {"quotations": kept, "gone": gone})
    assert told == {"quotations": Change(0, 0, lost), "speakers": Change(0, 0, 1)}
    left = database.sql("FROM quotations").pl()
    assert left.height == quotations.height - lost
    assert set(left["article_id"]) == set(quotations["article_id"])
    assert "Ilse Marrow" not in database.sql("FROM speakers").pl()["name"].to_list()
    wrong = gone.with_columns(column_name=pl.lit("name; DROP TABLE speakers"))
    with pytest.raises(LoadError, match="no such column"):
        load(database, {"gone": wrong})


def test_other_tables_keep_what_is_not_handed_in(database: duckdb.DuckDBPyConnection) -> None:
    tables = record.tables()
    load(database, tables)
    load(database, {"quotations": tables["quotations"].head(0), "blocks": []})
    assert database.sql("SELECT count(*) FROM quotations").fetchone() == (5,)


def test_parquet_parts_are_read_whatever_their_folder_is_called(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "it's [a*b] folder?"
    folder.mkdir()
    frame = record.tables()["quotations"]
    parts = [folder / "a.parquet", folder / "b.parquet"]
    frame.head(2).write_parquet(parts[0])
    # A part of a run that has no speakers yet lacks the nullable column.
    frame.tail(-2).drop("speaker_id").write_parquet(parts[1])
    assert load(database, {"quotations": parts})["quotations"].added == frame.height


def test_equal_rows_of_one_key_are_one(database: duckdb.DuckDBPyConnection) -> None:
    frame = record.tables()["statements"]
    assert load(database, {"statements": pl.concat([frame, frame])}) == {
        "statements": Change(frame.height, 0, 0)
    }


def test_two_vectors_of_one_wording_are_one(database: duckdb.DuckDBPyConnection) -> None:
    frame = record.tables()["utterances"]
    nearly = frame.with_columns(embedding=pl.col("embedding").list.eval(pl.element() * 0.999999))
    assert load(database, {"utterances": pl.concat([frame, nearly])})["utterances"] == Change(
        frame.height, 0, 0
    )


def test_different_rows_of_one_key_are_an_error(database: duckdb.DuckDBPyConnection) -> None:
    frame = record.tables()["statements"]
    other = frame.with_columns(text=pl.lit("something else"))
    with pytest.raises(LoadError, match=r"statements: 4 row\(s\) share a key .*statement_id"):
        load(database, {"statements": pl.concat([frame, other])})


def test_what_cannot_be_loaded_is_named(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    frame = record.tables()["blocks"]
    part = tmp_path / "blocks.parquet"
    with pytest.raises(LoadError, match="no such table: blokcs"):
        load(database, {"blokcs": frame})
    with pytest.raises(LoadError, match=r"blocks: .*missing column\(s\) kind"):
        load(database, {"blocks": frame.drop("kind")})
    frame.drop("kind").write_parquet(part)
    with pytest.raises(LoadError, match=r"blocks: missing column\(s\) kind"):
        load(database, {"blocks": [part]})
    frame.with_columns(start=pl.lit("first")).write_parquet(part)
    with pytest.raises(LoadError, match=r"blocks: cannot be loaded: .*first"):
        load(database, {"blocks": [part]})
    frame.with_columns(kind=pl.lit(None, pl.String)).write_parquet(part)
    with pytest.raises(LoadError, match=r"blocks: cannot be loaded: .*NOT NULL"):
        load(database, {"blocks": [part]})
    part.write_bytes(part.read_bytes()[:-100])
    with pytest.raises(LoadError, match="blocks: cannot be loaded"):
        load(database, {"blocks": [part]})
    with pytest.raises(LoadError, match="blocks: cannot be loaded"):
        load(database, {"blocks": [tmp_path / "missing.parquet"]})


@pytest.mark.parametrize("column", ["kind", "start"])
def test_an_error_inside_a_transaction_can_be_rolled_back(
    database: duckdb.DuckDBPyConnection, column: str
) -> None:
    tables = record.tables()
    database.execute("BEGIN")
    with pytest.raises(LoadError):
        load(
            database,
            {
                "articles": tables["articles"],
                "blocks": tables["blocks"].with_columns(pl.lit(None).alias(column)),
            },
        )
    database.execute("ROLLBACK")
    assert database.sql("SELECT count(*) FROM articles").fetchone() == (0,)
    assert load(database, tables)["articles"].added == 3


def test_changes_of_a_member_are_renewed_as_a_whole(database: duckdb.DuckDBPyConnection) -> None:
    tables = record.tables()
    members, altered = tables["statement_members"], tables["variant_changes"]
    load(database, {"statement_members": members, "variant_changes": altered})
    long = altered.filter(pl.col("position") > 0)["quotation_id"][0]
    others = altered.filter(pl.col("quotation_id") != long)
    shorter = altered.filter(quotation_id=long, position=0).with_columns(text=pl.lit("Stays"))
    one = members.filter(quotation_id=long)
    change = load(database, {"statement_members": one, "variant_changes": shorter})
    assert change["variant_changes"] == Change(0, 1, altered.height - others.height - 1)
    key = ("quotation_id", "position")
    found = database.sql("FROM variant_changes").pl().sort(key)
    assert found.equals(pl.concat([others, shorter]).sort(key))
    # A wording that no longer differs comes with no change at all.
    load(database, {"statement_members": one, "variant_changes": altered.clear()})
    assert database.sql("FROM variant_changes").pl().sort(key).equals(others.sort(key))
    assert load(database, {"variant_changes": altered.clear()}) == {
        "variant_changes": Change(0, 0, 0)
    }
