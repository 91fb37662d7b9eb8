"""What a page gives as a file: whole, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import polars as pl
import pytest
from starlette.testclient import TestClient

from onrecord.pages import exports

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\tx", 'plain, "quoted"\nline']


@pytest.fixture
def frame() -> pl.DataFrame:
    """Hostile words, lists and structs."""
    return pl.DataFrame(
        {"words": HOSTILE, "outlets": [["a", "b"]] * 6, "at": [{"x": 1, "y": None}] * 6}
    )


def test_csv(frame: pl.DataFrame) -> None:
    held = io.BytesIO()
    exports.csv(frame, held)
    rows = list(csv.DictReader(io.StringIO(held.getvalue().decode())))
    assert [row["words"] for row in rows[:5]] == [f"'{words}" for words in HOSTILE[:5]]
    assert rows[5]["words"] == HOSTILE[5]
    assert (rows[0]["outlets"], rows[0]["at"]) == ("a, b", "x: 1; y: ")


def test_excel_holds_text_and_no_formula(frame: pl.DataFrame) -> None:
    held = io.BytesIO()
    exports.excel(frame, held)
    with zipfile.ZipFile(held) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in words


def test_json(frame: pl.DataFrame) -> None:
    held = io.BytesIO()
    exports.json(frame, held)
    assert json.loads(held.getvalue())[0] == {
        "words": "=1+1",
        "outlets": ["a", "b"],
        "at": {"x": 1, "y": None},
    }


@pytest.mark.parametrize("form", exports.FORMS)
def test_an_answer_in_sql_as_a_file(pages: TestClient, form: str) -> None:
    asked = {"q": "SELECT speaker, words, candidates, [1, 2] AS l FROM quotes", "format": form}
    answer = pages.get("/sql", params=asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == exports.FORMS[form][1]
    assert answer.headers["content-disposition"] == f'attachment; filename="answer.{form}"'
    assert len(answer.content) > 100
    wrong = pages.get("/sql", params={"q": "SELEC", "format": form})
    assert wrong.status_code == 400
