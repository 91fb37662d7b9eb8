"""Versions: the same address with another text."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from onrecord.pipeline.copies.sketches import sketches
from onrecord.pipeline.copies.versions import address, find_versions, first_versions, originals
from onrecord.pipeline.core.contracts import ARTICLES
from tests.unit.test_copies import A, B, prose

HERE = "https://harbour.example/2026/ferry"


def articles(*told: tuple[str, str | None, str]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {"article_id": name, "outlet": "The Pier", "url": url, "sketch": sketches([body])[0]}
        for name, url, body in told
    ]
    columns = ("article_id", "outlet", "url", "sketch", "supersedes")
    return pl.DataFrame(rows, schema={name: ARTICLES.schema[name] for name in columns})


def versions(new: pl.DataFrame, known: pl.DataFrame | None = None) -> dict[str, str]:
    return dict(find_versions(new, articles() if known is None else known).iter_rows())


@pytest.mark.parametrize(
    "spelled",
    [
        "http://www.harbour.example/2026/ferry/",
        "https://HARBOUR.example:443/2026/ferry#comments",
        "https://m.harbour.example/2026/ferry?utm_source=x&fbclid=y",
        "https://harbour.example/2026/ferry/amp",
        "https://harbour.example/2026/ferry/index.html",
        "https://harbour.example/amp/2026/ferry",
        "https://harbour.example/2026/ferry.amp",
        "https://harbour.example/2026/ferry?amp=1",
        "https://harbour.example/2026/ferry?outputType=amp&_ga=2.1&igshid=x&partner=feed",
        "https://harbour.example/2026/ferry?source=rss",
        "https://www-harbour-example.cdn.ampproject.org/c/s/www.harbour.example/2026/ferry",
        "https://www.google.com/amp/s/harbour.example/2026/ferry",
    ],
)
def test_spellings_of_an_address_are_one(spelled: str) -> None:
    assert address(spelled) == address(HERE) == "harbour.example/2026/ferry"


@pytest.mark.parametrize(
    "other",
    [
        HERE + "s",
        HERE + "?id=3",
        HERE + "?source=harbour",
        HERE + "?page=2",
        HERE + "?live=",
        HERE + ".amped",
        HERE.replace("ferry", "Ferry"),
        HERE.replace("harbour", "news.harbour"),
    ],
)
def test_other_addresses_are_others(other: str) -> None:
    assert address(other) != address(HERE)


@pytest.mark.parametrize(
    "none",
    [
        None,
        "",
        "https://harbour.example",
        "https://www.harbour.example/#top",
        "http://[x",
        "http:///2026/ferry",
    ],
)
def test_a_front_page_is_no_articles_address(none: str | None) -> None:
    assert address(none) is None


def test_versions_make_a_line() -> None:
    told = [
        ("v1", HERE, A),
        ("b", HERE + "s", B),
        ("v2", HERE + "/", A + " more"),
        ("v3", HERE, "Corrected."),
    ]
    line = {"v2": "v1", "v3": "v2"}
    assert versions(articles(*told)) == line
    known = articles(*told[:3]).with_columns(
        pl.when(article_id="v2").then(pl.lit("v1")).alias("supersedes")
    )
    assert versions(articles(told[3]), known) == {"v3": "v2"}
    assert first_versions(
        pl.DataFrame({"article_id": ["v2", "v3"], "supersedes": ["v1", "v2"]})
    ) == {
        "v2": "v1",
        "v3": "v1",
    }


def test_another_outlet_or_no_address_makes_no_version() -> None:
    told = articles(
        ("a", None, A), ("b", None, A + " more"), ("c", HERE, A), ("d", HERE, A + " more")
    )
    told = told.with_columns(
        pl.when(article_id="d").then(pl.lit("The Quay")).otherwise("outlet").alias("outlet")
    )
    assert versions(told) == {}


def test_long_texts_with_nothing_in_common_are_two_articles_of_one_page() -> None:
    told = articles(
        ("a", HERE, A), ("b", HERE, B), ("b2", HERE, B + " more"), ("c", HERE, prose("third"))
    )
    assert versions(told) == {"b2": "b"}


def test_steps_that_lead_round_in_a_circle_end() -> None:
    told = first_versions(
        pl.DataFrame({"article_id": ["v3", "v1", "v2"], "supersedes": ["v1", "v2", "v1"]})
    )
    assert told["v3"] == "v2"
    assert set(told) == {"v1", "v2", "v3"}


def test_what_copies_and_versions_say_is_said_by_their_original() -> None:
    told = pl.DataFrame(
        {
            "article_id": ["a", "a2", "copy", "copy2", "alone"],
            "duplicate_of": [None, None, "a2", None, None],
            "supersedes": [None, "a", None, "copy", None],
        }
    )
    assert dict(originals(told).iter_rows()) == {
        "a": "a",
        "a2": "a",
        "copy": "a",
        "copy2": "a",
        "alone": "alone",
    }
