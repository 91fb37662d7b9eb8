"""`onrecord export`: views and answers as files that a spreadsheet opens without running anything."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from onrecord.flows.commands.cli import app
from onrecord.flows.running.exits import Exit

runner = CliRunner()
HOSTILE = "SELECT '=HYPERLINK(\"http://evil.example\")' AS \"=cmd\", '@SUM(A1)' AS b, [1, 2] AS l, NULL AS n"


def export(record: Path, *arguments: str) -> str:
    done = runner.invoke(app, ["export", *arguments, "-w", str(record)])
    if done.exception is not None:
        raise done.exception
    return done.output


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl", "xlsx"])
def test_a_view_is_written_whole(published: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"quotes.{suffix}"
    told = export(published, "quotes", "--to", str(file))
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "jsonl": pl.read_ndjson}
    rows = _rows(file) if suffix == "xlsx" else read[suffix](file).height
    assert rows >= 50
    assert told.startswith(f"{rows} rows in ")
    assert list(tmp_path.iterdir()) == [file]


def test_no_cell_of_a_sheet_is_a_formula_or_a_link(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "hostile.xlsx"
    export(published, HOSTILE, "--to", str(file))
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert "=HYPERLINK(" in words


def test_a_cell_of_csv_that_looks_like_a_formula_is_defused(
    published: Path, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.csv"
    export(published, HOSTILE, "--to", str(file))
    assert pl.read_csv(file).row(0) == (
        '\'=HYPERLINK("http://evil.example")',
        "'@SUM(A1)",
        "1, 2",
        None,
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "quotes.doc"], r"ends in one of \.csv"),
        (["no_such_view", "--to", "a.csv"], "no_such_view"),
        (["SELEC 1", "--to", "a.csv"], "SELEC"),
        (["--to", "missing/folder/a.csv"], "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_written_is_told(
    published: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exit, match=told):
        export(published, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_over_only_where_that_is_asked(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("mine")
    with pytest.raises(Exit, match="--force"):
        export(published, "--to", str(file))
    assert file.read_text() == "mine"
    export(published, "--to", str(file), "--force")
    assert file.read_text() != "mine"


def _rows(file: Path) -> int:
    """Rows of the sheet beneath its head."""
    with zipfile.ZipFile(file) as book:
        return len(re.findall(r"<row r=", book.read("xl/worksheets/sheet1.xml").decode())) - 1
