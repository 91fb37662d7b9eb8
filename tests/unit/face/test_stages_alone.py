"""One stage alone, over whatever texts and rows come as."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

import onrecord

TEXT = "“We open at noon,” said Mara Lind."
OTHER = "The gate stays shut. “Nobody asked us,” said Joris Hale of the Dockers' Union on Thursday."
PAGE = "<!DOCTYPE html><html><body><article><h1>Gate shut</h1><p>It opens at noon.</p></article></body></html>"


@pytest.mark.parametrize(
    "given",
    [[TEXT, OTHER], (TEXT, OTHER), iter([TEXT, OTHER]), pl.Series([TEXT, OTHER]), pd.Series([TEXT, OTHER])],
    ids=["list", "tuple", "iterator", "polars", "pandas"],
)  # fmt: skip
def test_texts_come_as_they_like(given: Any) -> None:
    """Every quotation stands verbatim where it is said to."""
    rows = onrecord.extract(given, published="2026-02-27")
    assert rows.select("doc", "speaker").rows() == [(0, "Mara Lind"), (1, "Joris Hale")]
    for row in rows.iter_rows(named=True):
        assert [TEXT, OTHER][row["doc"]][row["start"] : row["end"]] == row["text"]
    assert str(rows["said_on"][1]) == "2026-02-26"


def test_a_text_is_one_text() -> None:
    """Never its letters; and none is an empty frame of the same columns."""
    one, none = onrecord.extract(TEXT), onrecord.extract([])
    assert one["doc"].to_list() == [0]
    assert none.height == 0
    assert none.schema == one.schema
    assert onrecord.blocks(TEXT)["doc"].to_list() == [0]


@pytest.mark.parametrize(
    "text", ["", " \n", "\ud800", "“\ud800 open,” said Mara \udfff Lind.", "\x00" * 9]
)
def test_any_text_is_read(text: str) -> None:
    """A lone surrogate, which no frame holds, takes no offset with it."""
    for row in onrecord.extract(text).iter_rows(named=True):
        assert text[row["start"] : row["end"]].replace("\ud800", "?") == row["text"]
    assert set(onrecord.blocks(text)["doc"]) <= {0}


def test_many_texts_are_what_each_is_alone() -> None:
    many = onrecord.extract([OTHER, TEXT] * 70)
    assert many.height == 140
    assert many.filter(doc=139).drop("doc").equals(onrecord.extract(TEXT).drop("doc"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: onrecord.extract(3), "a text or several are wanted, not a int"),
        (lambda: onrecord.extract([TEXT, None]), r"texts\[1\]: a text is wanted, not a NoneType"),
        (lambda: onrecord.extract(TEXT.encode()), "not a bytes"),
        (lambda: onrecord.extract(pl.DataFrame({"a": [TEXT]})), "give one of its columns"),
        (lambda: onrecord.extract(TEXT, published="soon"), "published: not a day: 'soon'"),
        (lambda: onrecord.extract([TEXT], published=["2026-01-01"] * 2), "2 days for 1 texts"),
        (lambda: onrecord.blocks({"a": 1}), "not a dict"),
        (lambda: onrecord.statements(TEXT), "a frame, or a list of dictionaries"),
        (lambda: onrecord.statements([TEXT]), "a frame, or a list of dictionaries"),
        (lambda: onrecord.statements([{"quote": TEXT}]), "no column 'words' or 'text'; there are: quote"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(call: Any, words: str) -> None:
    with pytest.raises(onrecord.InputError, match=words):
        call()


def test_pages_and_texts_are_told_apart() -> None:
    rows = onrecord.blocks([PAGE, "One line."])
    assert rows.select("doc", "kind", "text").rows() == [
        (0, "title", "Gate shut"),
        (0, "body", "It opens at noon."),
        (1, "body", "One line."),
    ]
    assert onrecord.blocks(PAGE, html=False)["text"].item() == PAGE


def test_a_page_of_nothing_has_a_row_that_says_so() -> None:
    (row,) = onrecord.blocks("<html></html>").rows(named=True)
    assert row["error"]
    assert row["kind"] is None


SAID = [
    {"words": "The bridge stays closed until every cable is tested.", "speaker": "Ilse Marrow"},
    {"words": "The bridge stays closed until each cable is tested.", "speaker": "Marrow"},
    {"words": "…", "speaker": None},
]


@pytest.mark.parametrize(
    "rows", [SAID, pl.DataFrame(SAID), pl.LazyFrame(SAID), pd.DataFrame(SAID), pl.DataFrame(SAID).to_arrow()],
    ids=["dictionaries", "polars", "lazy", "pandas", "arrow"],
)  # fmt: skip
def test_rows_come_as_they_like(rows: Any) -> None:
    told = onrecord.statements(rows)
    assert told["words"].to_list() == [row["words"] for row in SAID]
    first, second, third = told["statement_id"]
    assert first == second != third
    assert third is None
    assert told["error"].to_list() == [None, None, "text: holds no letter and no digit"]


def test_what_extract_gives_is_taken() -> None:
    told = onrecord.statements(onrecord.extract([TEXT, TEXT, OTHER]))
    first, second, third = told["statement_id"]
    assert first == second != third
    assert onrecord.statements([]).columns == ["statement_id", "error"]


def test_rows_are_polars_frames_with_two_words_more() -> None:
    rows = onrecord.extract(TEXT)
    assert isinstance(rows, pl.DataFrame)
    assert isinstance(rows.pandas(), pd.DataFrame)
    assert rows.arrow().num_rows == rows.height
    assert isinstance(rows.filter(pl.col("doc") == 0), pl.DataFrame)
