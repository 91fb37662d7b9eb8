"""The publisher's own clock: its offset is kept beside the time in UTC, and days are resolved by it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from onrecord.pipeline.core.days import PUBLISHED_ON, on_own_clock
from onrecord.pipeline.readers.dates import Moment, read_moment
from onrecord.pipeline.readers.html.extraction import extract
from onrecord.pipeline.stages.ingest import finished
from tests.support.reading import SETTINGS, line, one

SYDNEY = datetime(2024, 5, 2, 21, 0)


@pytest.mark.parametrize(
    ("told", "offset"),
    [
        ("2024-05-03T07:00:00+10:00", 600),
        ("2024-05-03T07:00:00.000+1000", 600),
        ("Fri, 03 May 2024 07:00:00 +1000", 600),
        ("Fri, 3 May 2024 07:00:00 AEST", 600),
        ("2024-05-03 07:00:00 +1000", 600),
        ("2024-05-03T07:00:00+10:00[Australia/Sydney]", 600),
        ("2024-05-03 07:00 Australia/Sydney", 600),
        ("May 3, 2024 7:00 AM AEST", 600),
        ("Fri May 03 2024 07:00:00 GMT+1000 (Australian Eastern Standard Time)", 600),
        ("2024-05-03 07:00 UTC+10", 600),
        ("3 May 2024 07:00 (AEST)", 600),
        ("3 May 2024 07:00 AET", 600),
        ({"date": "2024-05-03 07:00:00.000000", "timezone": "Australia/Sydney"}, 600),
        ("2024-05-02T21:00Z[UTC]", 0),
        ("2024-05-02T14:00:00-07:00", -420),
        ("2 May 2024 14:00 UTC-7", -420),
        ("Thu, 02 May 2024 14:00:00 PDT", -420),
        ("2024-05-03T02:30:00+05:30", 330),
        ("2024-05-02T21:00:00Z", 0),
        ("Thu, 02 May 2024 21:00:00 GMT", 0),
        ("2024-05-02T21:00:00", None),
        ("2024-05-02 21:00", None),
        (1714683600, 0),
    ],
)
def test_a_moment_is_told_with_its_offset(told: object, offset: int | None) -> None:
    assert read_moment(told) == (SYDNEY, offset)


@pytest.mark.parametrize(
    "told",
    [
        "2024-05-03T07:00:00+23:00",
        "Fri, 03 May 2024 07:00:00 -2300",
        "2024-05-03 Mars/Base",
        "3 May 2024 07:00 UTC+19",
    ],
)
def test_a_clock_that_no_place_has_tells_nothing(told: str) -> None:
    assert read_moment(told) == Moment()


def test_a_clock_with_an_offset_stands_in_for_one_in_utc_that_tells_the_same_time() -> None:
    utc, own = Moment(SYDNEY, 0), Moment(SYDNEY, 600)
    assert utc.told_with(own) is own
    assert own.told_with(utc) is own
    assert utc.told_with(Moment(datetime(2024, 5, 3, 7), 600)) is utc


def test_the_day_of_publication_is_that_of_its_own_clock() -> None:
    rows: dict[str, Any] = {
        "published_at": [SYDNEY, datetime(2024, 5, 3, 4, 30), SYDNEY, None],
        "published_offset": [600, -420, None, 600],
    }
    schema = {"published_at": pl.Datetime("us"), "published_offset": pl.Int64()}
    days = pl.DataFrame(rows, schema=schema).select(PUBLISHED_ON).to_series().to_list()
    assert days == [date(2024, 5, 3), date(2024, 5, 2), date(2024, 5, 2), None]


def test_what_is_refused_keeps_the_clock() -> None:
    told = on_own_clock(SYDNEY, 600)
    assert told == SYDNEY.replace(tzinfo=UTC)
    assert read_moment(str(told)) == (SYDNEY, 600)
    assert on_own_clock(SYDNEY, None) is SYDNEY


RSS = b"""<rss><channel><title>T</title><item><title>A</title><link>https://a.example/1</link>
<pubDate>Fri, 03 May 2024 07:00:00 +1000</pubDate><description>Words.</description></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>A</title>
<published>2024-05-03T07:00:00+10:00</published><updated>2024-05-04T07:00:00Z</updated>
<content>Words.</content></entry></feed>"""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (RSS, "a.rss"),
        (ATOM, "a.atom"),
        (line(text="Words.", date="2024-05-03T07:00:00+10:00"), "a.jsonl"),
        (b"text,date\nWords.,2024-05-03T07:00:00+10:00\n", "a.csv"),
        (b"---\npublished_at: 2024-05-03T07:00:00+10:00\n---\nWords.", "a.txt"),
    ],
)
def test_every_reader_keeps_it(data: bytes, name: str) -> None:
    record = one(data, name)
    assert (record.published_at, record.published_offset) == (SYDNEY, 600)


HEAD_IN_UTC = """<html><head><title>Ferry</title>
<meta property="article:published_time" content="2024-05-02T21:00:00+00:00"></head><body><article><h1>Ferry</h1>
<time datetime="2024-05-03T07:00:00+10:00">7:00 am</time><p>“The ferry will run at night,” the mayor said.</p>
<p>The boats of the company have been mended since the storm of the spring, and all of them sail.</p>
</article></body></html>"""


def test_a_page_whose_head_is_in_utc_is_of_the_clock_that_it_shows() -> None:
    assert read_moment(extract(HEAD_IN_UTC).published) == (SYDNEY, 600)


def test_a_source_that_tells_utc_is_of_its_pages_clock() -> None:
    record = one(line(html=HEAD_IN_UTC, date="2024-05-02T21:00:00Z"), "a.jsonl")
    done = finished(record, extract(HEAD_IN_UTC), SETTINGS)
    assert (done.published_at, done.published_offset) == (SYDNEY, 600)  # type: ignore[union-attr]
