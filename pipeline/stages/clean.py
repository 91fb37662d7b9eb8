"""Clean: mark what is body and what is not, find quotations and who said them.

Cleaning marks, it never rewrites: every block, quotation and mention is a span of the article's text.

Each article is cleaned by itself, within a deadline. What goes wrong with it is its own: it becomes a reject, and the
others of its batch go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from onrecord.pipeline.blocks import Block, load_model, mark
from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import BLOCKS, MENTIONS, QUOTATIONS
from onrecord.pipeline.core.days import PUBLISHED_ON
from onrecord.pipeline.core.rejects import refused_articles
from onrecord.pipeline.core.settings import CleanSettings
from onrecord.pipeline.core.weights import WeightsError
from onrecord.pipeline.languages import support
from onrecord.pipeline.languages.paragraphs import main
from onrecord.pipeline.machine import faults
from onrecord.pipeline.machine.cores import at_once
from onrecord.pipeline.machine.deadline import TooSlow, within
from onrecord.pipeline.quotations.extract import default_tagger, read
from onrecord.pipeline.quotations.quotation import Quotation, Reading

_NOBODY = "Nobody is quoted in it; there is nothing to put on record"
_NOT_READ = "language_not_supported"
_REFUSES = (
    "It is in {}, which is not read; clean.other_languages: marks keeps its words between marks"
)
_UNREAD = "It is in {}, of which only this is read: {}; there is none in it"
_SLOW = "Cleaning it takes more than {:g} s of a processor; raise clean.article_seconds if it is an article"
_FAILED = "{}: a fault of OnRecord, not of the article; report it, and retry with the version that mends it"


class Cleaned(NamedTuple):
    """What cleaning made of a batch.

    `articles` are the identities of those that it carried on; every other one is in `rejects`.
    """

    articles: pl.Series
    blocks: pl.DataFrame
    quotations: pl.DataFrame
    mentions: pl.DataFrame
    rejects: pl.DataFrame


class _Found(NamedTuple):
    """What one article yields."""

    article_id: str
    blocks: Sequence[Block]
    reading: Reading


class _Refused(NamedTuple):
    """Why an article goes no further."""

    article_id: str
    reason: str
    detail: str


def clean(articles: pl.DataFrame, run_id: str, settings: CleanSettings | None = None) -> Cleaned:
    """Blocks, quotations and mentions of a batch of ARTICLES.

    An article in which nobody is quoted is a reject: the record is of who said what. Raises WeightsError where the
    models cannot be used.
    """
    settings = settings or CleanSettings()
    seconds = settings.article_seconds
    refuses = settings.other_languages == "refuse"
    # Before the threads, which would each load them.
    load_model(), default_tagger()
    rows = articles.select("article_id", "text", "layout", "title", PUBLISHED_ON)
    with ThreadPoolExecutor(at_once()) as pool:
        met = list(
            pool.map(lambda row: _cleaned(row, seconds, refuses), rows.iter_rows(named=True))
        )
    found = [one for one in met if isinstance(one, _Found)]
    try:
        frames = _frames(found)
    except BaseException as error:
        _unless_fault(error)
        # A value that polars cannot take is one article's.
        tried = [_caught(one.article_id, seconds, partial(_framed, one)) for one in found]
        found = [one for one in tried if isinstance(one, _Found)]
        met += [one for one in tried if isinstance(one, _Refused)]
        frames = _frames(found)
    refused = [one for one in met if isinstance(one, _Refused)]
    carried = pl.Series("article_id", [one.article_id for one in found], dtype=pl.String)
    return Cleaned(carried, *frames, _rejects(articles, refused, run_id))


def _cleaned(row: Mapping[str, Any], seconds: float, refuses: bool) -> _Found | _Refused:
    name = str(row["article_id"])

    def work() -> _Found | _Refused:
        if refuses and (code := main(row["text"])) and support.level(code) == "marks":
            return _Refused(name, _NOT_READ, _REFUSES.format(support.name(code)))
        blocks = mark([row["text"]], [row["layout"]], [row["title"]])
        (reading,) = read([row["text"]], published=[row["published_on"]], blocks=blocks)
        if not reading.quotations:
            return _quiet(name, row["text"])
        return _Found(name, blocks[0], reading)

    return _caught(name, seconds, work)


def _quiet(name: str, text: str) -> _Refused:
    """Why an article yields nothing: nobody is quoted, or it is in a language of which not all is read."""
    code = main(text)
    read_as = support.level(code)
    if code is None or read_as == "whole":
        return _Refused(name, "no_quotation", _NOBODY)
    why = _UNREAD.format(support.name(code), support.MEANING[read_as])
    return _Refused(name, "no_quotation" if read_as == "direct" else _NOT_READ, why)


def _caught(name: str, seconds: float, work: Callable[[], _Found | _Refused]) -> _Found | _Refused:
    """What came of an article, or why nothing did."""
    try:
        with within(seconds):
            return work()
    except TooSlow:
        return _Refused(name, "too_slow", _SLOW.format(seconds))
    except BaseException as error:
        _unless_fault(error)
        return _Refused(name, "clean_failed", _FAILED.format(faults.told(error)))


def _unless_fault(error: BaseException) -> None:
    """Raises it again where it is nobody's fault, or that of the models, which are every article's."""
    if isinstance(error, WeightsError) or not faults.is_fault(error):
        raise error


def _framed(found: _Found) -> _Found:
    _frames([found])
    return found


def _frames(found: Sequence[_Found]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    return (
        _blocks([(name, blocks) for name, blocks, _ in found]),
        _quotations([(name, reading.quotations) for name, _, reading in found]),
        _mentions([(name, reading) for name, _, reading in found]),
    )


def _rejects(articles: pl.DataFrame, refused: Sequence[_Refused], run_id: str) -> pl.DataFrame:
    """REJECTS in the order of the articles."""
    why = {one.article_id: one for one in refused}
    lost = articles.filter(pl.col("article_id").is_in(list(why)))
    ordered = [why[name] for name in lost["article_id"]]
    return refused_articles(
        lost,
        run_id,
        "clean",
        pl.Series([one.reason for one in ordered], dtype=pl.String),
        pl.Series([one.detail for one in ordered], dtype=pl.String),
    )


def _blocks(marked: Sequence[tuple[str, Sequence[Block]]]) -> pl.DataFrame:
    rows = [(name, *block) for name, blocks in marked for block in blocks]
    return pl.DataFrame(rows, schema=BLOCKS.schema, orient="row")


def _quotations(found: Sequence[tuple[str, Sequence[Quotation]]]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, quotations in found:
        keys = [ids.quotation_id(name, q.start, q.end) for q in quotations]
        for key, quotation in zip(keys, quotations, strict=True):
            row = {field: getattr(quotation, field) for field in quotation.__slots__}
            row["quotation_id"], row["article_id"], row["speaker_id"] = key, name, None
            row["spans"] = _pairs(quotation.spans)
            row["insertions"] = _pairs(quotation.insertions)
            row["nested_in"] = None if quotation.nested_in is None else keys[quotation.nested_in]
            row["candidates"] = [
                {"name": other, "share": share} for other, share in quotation.candidates
            ]
            row["utterance_id"] = ids.utterance_id(quotation.content)
            rows.append(row)
    return pl.DataFrame(rows, schema=QUOTATIONS.schema)


def _pairs(spans: Sequence[tuple[int, int]]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]


def _mentions(readings: Sequence[tuple[str, Reading]]) -> pl.DataFrame:
    rows = [(name, *mention) for name, reading in readings for mention in reading.mentions]
    return pl.DataFrame(rows, schema=MENTIONS.schema, orient="row")
