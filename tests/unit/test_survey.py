"""A survey tells what a source holds before anything runs: about as much as a run would find."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from onrecord.flows.showing.coverage import headline, show
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.stages.ingest import ingest
from onrecord.pipeline.stages.survey import COUNTED, FILES, RECORDS, Survey, survey

TEXT = "“The kiln will stay lit,” Hedda Brandvold told the potters of Sorn on Saturday. "
SETTINGS = IngestSettings()


def lines(count: int) -> str:
    return "".join(
        json.dumps({"body": f"{TEXT * 3}{at}", "paper": "Sorn"}) + "\n" for at in range(count)
    )


def look(path: Path) -> Survey:
    return survey(str(path), SETTINGS)


def test_small_sources_are_told_exactly_as_a_run_finds_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(40) + "{nope\n", "utf-8")
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    (tmp_path / "none.txt").touch()
    page = "".join(f"<p>{TEXT} Part {at} of a long day.</p>" for at in range(4))
    (tmp_path / "c.html").write_text(
        f"<html><body><article>{page}</article></body></html>", "utf-8"
    )
    (tmp_path / "wall.html").write_text("<script>var wall;</script>", "utf-8")
    made = look(tmp_path)
    batches = list(ingest([str(tmp_path)], SETTINGS, "run"))
    assert made.exact
    assert made.articles == sum(batch.articles.height for batch in batches) == 42
    assert made.reasons.total() == sum(batch.rejects.height for batch in batches) == 3
    assert set(made.reasons) == {"not_json", "empty", "no_text"}
    assert {name: form.files for name, form in made.forms.items()} == {
        ".jsonl": 1,
        ".txt": 2,
        ".html": 2,
    }


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet", "a.zip"])
def test_large_sources_are_estimated_from_their_beginning(tmp_path: Path, name: str) -> None:
    count, path = 3 * (RECORDS + COUNTED), tmp_path / name
    frame = pl.DataFrame({"body": [f"{TEXT * 3}{at}" for at in range(count)]})
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case ".jsonl":
            frame.write_ndjson(path)
        case _:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("a.jsonl", frame.write_ndjson())
    made = look(path)
    assert not made.exact
    assert made.articles == pytest.approx(count, rel=0.35)
    assert headline(made).startswith("about ")


def test_many_files_are_estimated_from_the_first(tmp_path: Path) -> None:
    for at in range(FILES * 2):
        (tmp_path / f"{at:03}.txt").write_text(TEXT + str(at), "utf-8")
    made = look(tmp_path)
    assert (made.articles, made.exact) == (FILES * 2, False)


def test_columns_are_told_with_how_often_they_are_filled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(
        f'"{TEXT}{at}",{"Sorn Echo" if at % 4 else ""},03/04/2024,x\n' for at in range(8)
    )
    (tmp_path / "a.csv").write_text("Body,Newspaper,Date,Views\n" + rows, "utf-8")
    made = look(tmp_path / "a.csv")
    form = made.forms[".csv"]
    assert form.columns == {"text": "Body", "outlet": "Newspaper", "published_at": "Date"}
    assert list(form.unused) == ["Views"]
    assert (form.filled["outlet"], form.filled["published_at"]) == (6, 0)
    show("a.csv", made)
    told = capsys.readouterr().out
    assert "Newspaper" in told and "75%" in told
    assert "not used: Views" in told
    assert "No date of Date can be read" in told


def test_what_is_refused_is_told_with_the_first_of_each_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text('{"story": {"words": "x"}}\n' * 3, "utf-8")
    made = look(tmp_path / "a.jsonl")
    assert (made.articles, made.reasons["no_text"]) == (0, 3)
    show("a.jsonl", made)
    told = " ".join(capsys.readouterr().out.split())
    assert "a.jsonl, line 1: Columns found: story.words." in told
    assert headline(look(tmp_path / "gone")) == "0 articles in 0 files, 1 missing_path"
