"""Fields: which column is which of ours, where in an export it lies, and what a date means."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from onrecord.pipeline.core.address import host
from onrecord.pipeline.readers import Record, Refusal
from onrecord.pipeline.readers.columns import guess_columns
from onrecord.pipeline.readers.dates import parse_date
from onrecord.pipeline.readers.fields import is_markup
from tests.support.reading import SETTINGS, TEXT, found, line, one


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-02T10:00:00+02:00", datetime(2024, 5, 2, 8)),
        ("Thu, 02 May 2024 08:00:00 GMT", datetime(2024, 5, 2, 8)),
        ("May 2, 2024", datetime(2024, 5, 2)),
        (1714636800, datetime(2024, 5, 2, 8)),
        (1714636800000, datetime(2024, 5, 2, 8)),
        ("03/04/2024", None),
        ("next week", None),
        (2024, None),
        (True, None),
        (10**400, None),
        ("0001-01-01", None),
    ],
)
def test_dates(value: object, expected: datetime | None) -> None:
    assert parse_date(value) == expected


def test_columns_are_guessed_best_first() -> None:
    names = ("ID", "content", "Text", "Publish-Date", "Source Name")
    assert guess_columns(names, SETTINGS) == {
        "id": "ID",
        "text": "Text",
        "published_at": "Publish-Date",
        "outlet": "Source Name",
    }
    assert host("https://www.Harbour.example:8080/a") == "harbour.example"
    assert not is_markup("if a < b then <i>so</i>")


def test_columns_tell_what_is_not_used() -> None:
    columns = guess_columns(("Body", "Views", "Section"), SETTINGS)
    assert (columns, columns.unused) == ({"text": "Body"}, ("Views", "Section"))
    assert one(b"Body;Views\nWords here;3\n", "a.csv").columns == {"text": "Body"}


def test_json_is_read_where_the_text_lies_inside() -> None:
    export = {"_id": "7", "_source": {"headline": "Ferry", "body": TEXT, "site": {"name": "G"}}}
    record = one(json.dumps({"hits": {"total": 1, "hits": [export]}}).encode(), "a.json")
    assert (record.text, record.title, record.outlet) == (TEXT, "Ferry", "G")
    assert record.place == "item 1, id 7"
    news = {"source": {"name": "Gazette"}, "text": None, "html": f"<p>{TEXT}</p><p>More.</p>"}
    record = one(line(**news), "a.jsonl")
    assert record.outlet == "Gazette" and record.html
    plain = one(json.dumps({"text": TEXT, "meta": {"items": []}}).encode(), "a.json")
    assert plain.text == TEXT
    told = SETTINGS.model_copy(update={"columns": {"text": "story.full.words"}})
    (item,) = found(line(story={"full": {"words": TEXT}}), "a.jsonl", told)
    assert isinstance(item, Record) and item.text == TEXT
    (refused,) = found(line(story={"full": {"words": TEXT}}, n=1), "a.jsonl")
    assert isinstance(refused, Refusal)
    assert refused.detail.startswith("Columns found: story.full, n. ")


def test_what_nobody_sees_is_in_no_key() -> None:
    seen = one(line(text=TEXT, outlet="The Post", url="https://a.example/x"), "a.jsonl")
    unseen = one(
        line(text=TEXT, outlet="The\u200b Post\u202e", url="https://a.example/\u2066x\u200b"),
        "a.jsonl",
    )
    assert (unseen.outlet, unseen.url) == (seen.outlet, seen.url)
    text = f"{TEXT}\u202ehidden\u200b"
    assert one(line(text=text), "a.jsonl").text == text
