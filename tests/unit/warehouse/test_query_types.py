"""Whatever type an answer is of, it is told whole and right, in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from onrecord.flows.showing.summary import print_rows
from onrecord.warehouse.asking.query import Limits, query
from onrecord.warehouse.errors import QueryError

FORMS = ("table", "csv", "json", "jsonl")


@pytest.mark.parametrize("form", FORMS)
def test_every_type_of_duckdb_is_printed(
    folder: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = query(folder, "FROM test_all_types()")
    assert frame.height == 3
    print_rows(frame, form)
    told = capsys.readouterr().out
    if form == "json":
        assert [set(row) for row in json.loads(told)] == [set(frame.columns)] * 3
    elif form == "jsonl":
        assert [set(json.loads(line)) for line in told.splitlines()] == [set(frame.columns)] * 3
    elif form == "csv":
        assert [len(row) for row in csv.reader(io.StringIO(told, newline=""))] == [frame.width] * 4
    else:
        assert "340282366920938463463374607431768211455" in told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"),
        ("[340282366920938463463374607431768211455::UHUGEINT]", "[340282366920938463463374607431768211455]"),
        ("INTERVAL 3 DAY", "3 days"),
        ("'101'::BIT", "101"),
        ("'290309-12-22 (BC)'::TIMESTAMP", "290309-12-22 (BC) 00:00:00"),
        ("'infinity'::DATE", "infinity"),
        ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
        ("[-100000000000000000000000000000000000001::HUGEINT]", "[-100000000000000000000000000000000000001]"),
    ],
)  # fmt: skip
def test_what_polars_has_not_is_told_as_duckdb_writes_it(
    folder: Path, value: str, told: str
) -> None:
    assert query(folder, f"SELECT {value} AS v").item() == told


def test_no_list_is_not_a_list_of_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(query(folder, "SELECT NULL::INTEGER[] AS a, []::INTEGER[] AS b, 1 AS c"), "csv")
    assert capsys.readouterr().out.splitlines() == ["a,b,c", ',"",1']


def test_a_sum_is_a_number(folder: Path) -> None:
    assert query(folder, "SELECT sum(range) AS v FROM range(10)").item() == 45


def test_columns_of_one_name_are_told_apart(folder: Path) -> None:
    found = query(folder, "SELECT 1 AS a, 2 AS A, 3 AS a_1, 4 AS a")
    assert found.row(0) == (1, 2, 3, 4)
    assert found.columns == ["a", "A_2", "a_1", "a_3"]


def test_a_pivot_is_one_question(folder: Path) -> None:
    found = query(
        folder, "PIVOT (SELECT outlet, language FROM articles) ON language USING count(*)"
    )
    assert found.columns == ["outlet", "en"]
    assert found["en"].sum() == 3


def test_two_questions_are_not(folder: Path) -> None:
    with pytest.raises(QueryError, match="found 2"):
        query(folder, "SELECT 1; SELECT 2")


def test_an_answer_takes_no_longer_than_it_may(folder: Path) -> None:
    endless = "SELECT count(*) FROM range(1_000_000_000) a, range(1_000_000_000) b"
    with pytest.raises(QueryError, match=r"longer than 0\.2 s"):
        query(folder, endless, limits=Limits(seconds=0.2))


def test_an_answer_takes_no_more_memory_than_it_may(folder: Path) -> None:
    with pytest.raises(QueryError, match=r"[Mm]emory"):
        query(folder, "SELECT list(range) FROM range(100_000_000)", limits=Limits(memory="20MB"))
