"""The invented articles with kin: a later version of one, a copy at another outlet, another in the same words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from onrecord.pipeline.core import ids
from onrecord.warehouse.publishing import building, publish
from tests.support import record

FIRST, SECOND = record.ARTICLES[0], record.ARTICLES[1]


def identity(article: dict[str, Any]) -> str:
    """The identity of an invented article."""
    return ids.article_id(article["text"], article["outlet"], article["url"])


LATER: dict[str, Any] = {
    **FIRST,
    "updated_at": datetime(2026, 2, 27, 12),
    "text": FIRST["text"].replace("nobody asked the workers", "nobody asked us")
    + "\n\nThe port was not asked either.",
    "said": (*FIRST["said"][:2], ('"nobody asked us"', "The Dockers' Union", record.UNION, False)),
    "supersedes": identity(FIRST),
}
"""The first article as it was changed four hours later."""

COPY: dict[str, Any] = {
    **LATER,
    "outlet": "The Echo <b>",
    "url": "https://echo.example/marrow#top",
    "published_at": datetime(2026, 2, 27, 13),
    "updated_at": None,
    "supersedes": None,
    "duplicate_of": identity(LATER),
    "duplicate_share": 1.0,
}
"""The same text at another outlet."""

FOLLOWING: dict[str, Any] = {
    **SECOND,
    "outlet": "Upland News",
    "url": None,
    "published_at": datetime(2026, 2, 28, 18),
    "text": SECOND["text"].replace("naïve hopes", "hopes"),
}
"""An article that prints the words of the second, later, without being a copy."""

ARTICLES = (*record.REPEATING, LATER, COPY, FOLLOWING)


def published(folder: Path) -> Path:
    """A record of them in `folder`, with one generation."""
    made = building.build(folder, record.tables(articles=ARTICLES), run_id=record.RUN)
    publish.publish(folder, made, 3)
    return folder
