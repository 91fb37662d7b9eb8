"""The start page, and what is said where there is no record to start with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from onrecord.pages import charts
from onrecord.pages.app import make
from onrecord.warehouse.database import writer
from onrecord.warehouse.spans import unit_of


def test_it_tells_what_is_on_record(pages: TestClient) -> None:
    shown = pages.get("/")
    assert shown.status_code == 200
    assert "The bridge stays closed until every cable has been tested." in shown.text
    assert "Ilse Marrow" in shown.text and "Generation 1 of the record" in shown.text


def test_it_is_the_same_as_json(pages: TestClient) -> None:
    told = pages.get("/api").json()
    assert told["now"]["generation"] == 1
    assert [one["name"] for one in told["speakers"]] == ["Ilse Marrow", "Dockers' Union"]
    assert [one["reason"] for one in told["refused"]] == ["empty"]
    assert sum(one["quotations"] for one in told["days"]) + told["undated"] >= 5


def test_a_first_visit_without_a_record_says_what_to_do(tmp_path: Path) -> None:
    pages = TestClient(make(tmp_path), base_url="http://localhost")
    assert pages.get("/").status_code == 503
    assert "onrecord run samples" in pages.get("/").text
    assert pages.get("/api").json()["error"] == "Nothing is on record yet"


def test_a_damaged_record_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "onrecord.duckdb").write_bytes(b"not a database" * 1_000)
    shown = TestClient(make(tmp_path), base_url="http://localhost").get("/")
    assert shown.status_code == 503
    assert "onrecord verify" in shown.text and "onrecord rollback" in shown.text


@pytest.mark.parametrize(
    ("since", "unit", "until"),
    [
        (date(2026, 2, 27), "day", date(2026, 2, 27)),
        (date(2026, 2, 23), "week", date(2026, 3, 1)),
        (date(2026, 2, 1), "month", date(2026, 2, 28)),
        (date(2026, 12, 1), "month", date(2026, 12, 31)),
        (date(2024, 1, 1), "year", date(2024, 12, 31)),
        (date(2026, 1, 1), "year", date(2026, 12, 31)),
    ],
)
def test_a_bar_leads_to_the_days_it_is_of(since: date, unit: str, until: date) -> None:
    assert charts.until(since, unit) == until


@pytest.mark.parametrize(
    ("days", "unit"),
    [(0, "day"), (62, "day"), (63, "week"), (430, "week"), (3_000, "month"), (9_000, "year")],
)
def test_the_picture_chooses_its_unit(days: int, unit: str) -> None:
    first = date(2000, 1, 1)
    assert unit_of(first, date.fromordinal(first.toordinal() + days)) == unit
    assert unit_of(None, None) == "day"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("INSERT INTO schema_migrations VALUES (999, 'later', 'x', now())", "newer OnRecord"),
        ("DELETE FROM schema_migrations WHERE version > 3", "older OnRecord"),
        ("DROP VIEW said", "another version"),
    ],
)
def test_a_record_of_another_version_says_so(
    folder: Path, tmp_path: Path, change: str, words: str
) -> None:
    file = tmp_path / "onrecord.duckdb"
    file.write_bytes((folder / "onrecord.duckdb").read_bytes())
    with writer(file) as connection:
        connection.execute(change)
    shown = TestClient(make(tmp_path), base_url="http://localhost").get("/")
    assert (shown.status_code, words in shown.text) == (503, True), shown.text


@pytest.mark.parametrize("most", [7, 999, 17_806, 1_234_567])
def test_the_numbers_beside_a_picture_stand_within_it(most: int) -> None:
    picture = ElementTree.fromstring(str(charts.bars("Quotations", [charts.Bar("May 2026", most)])))
    told = [text for text in picture.iter("text") if text.get("text-anchor") == "end"]
    assert told
    # Digits of this size are some 7.6 wide.
    assert all(float(text.get("x", "")) >= 7.6 * len(text.text or "") for text in told)
