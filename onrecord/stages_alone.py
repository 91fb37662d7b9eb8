"""One stage alone, over what is given, with nothing stored: quotations, blocks, statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from onrecord.given import Config, config_file, day_of, rows_of, texts_of
from onrecord.pipeline.core.problems import InputError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from onrecord.rows import Rows

    Table: TypeAlias = "pl.DataFrame | pl.LazyFrame | pd.DataFrame | pa.Table"

_AT_ONCE = 64


def extract(
    texts: str | Iterable[str],
    *,
    published: date | str | Iterable[date | str | None] | None = None,
) -> Rows:
    """Find who says what in texts.

    A text is taken as one article, its first line as the headline where it reads as one. A text in which nobody is
    quoted has no row.

    Args:
        texts: One text, or several: a list, a column of a frame, anything that can be gone through.
        published: The day they were published, or one day a text; it tells which day "on Thursday" is.

    Returns:
        A row a quotation, in order: `doc` (which text, from 0), `words`, `speaker` (the fullest name that the text
        gives; None where it gives none), `reason` (why there is no name), `speaker_kind`, `type` (direct, mixed,
        indirect), `confidence`, `start` and `end` (text[start:end] are the words as printed, marks included), `spans`,
        `text`, `mention` and `cue` as printed beside them, `cue_class`, `said_on`, `told`, `in_headline`,
        `translated`, `written`, `stance` (whether they were said: asserted, denied, unsaid, supposed, asked),
        `stance_start` and `stance_end` (what tells it), `via` (what quotes the speaker), and `nested_in` (the row,
        within its text, whose words contain these).

    Raises:
        InputError: Where something given is no text, or no day.
        WeightsError: Where the packaged weights are missing or damaged.

    Example:
        >>> rows = onrecord.extract("“We open at noon,” said Mara Lind. “It is late,” one of them said.")
        >>> rows.select("words", "speaker", "reason").rows()
        [('We open at noon', 'Mara Lind', None), ('It is late', None, 'unnamed')]
    """
    import polars as pl

    from onrecord.pipeline.core.contracts import QUOTATIONS
    from onrecord.pipeline.quotations.extract import read
    from onrecord.rows import Rows

    every = texts_of(texts)
    days = _days(published, len(every))
    rows: list[dict[str, Any]] = []
    for first in range(0, len(every), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        for doc, reading in enumerate(read(every[some], published=days[some]), first):
            rows += [
                {"doc": doc, "nested_in": each.nested_in}
                | {name: getattr(each, field) for name, field in _FIELDS.items()}
                | {"spans": [{"start": start, "end": end} for start, end in each.spans]}
                for each in reading.quotations
            ]
    declared = QUOTATIONS.schema
    schema = {"doc": pl.Int64()} | {name: declared[field] for name, field in _FIELDS.items()}
    return Rows(pl.DataFrame(rows, schema=schema | {"nested_in": pl.Int64()}))


_FIELDS = {
    "words": "content",
    "speaker": "name",
    "reason": "unresolved",
    "speaker_kind": "speaker_kind",
    "type": "type",
    "confidence": "confidence",
    "start": "start",
    "end": "end",
    "spans": "spans",
    "text": "text",
    "mention": "mention",
    "cue": "cue",
    "cue_class": "cue_class",
    "said_on": "said_on",
    "told": "told",
    "in_headline": "in_headline",
    "translated": "translated",
    "written": "written",
    "stance": "stance",
    "stance_start": "stance_start",
    "stance_end": "stance_end",
    "via": "via",
}
"""The columns of `extract`, and what the contract of quotations calls them."""


def _days(given: object, texts: int) -> list[date | None]:
    if given is None or isinstance(given, str | date):
        return [day_of(given, "published")] * texts
    if not isinstance(given, Iterable):
        raise InputError(
            f"published: a day, or one a text, is wanted, not a {type(given).__name__}"
        )
    days = [day_of(one, f"published[{at}]") for at, one in enumerate(given)]
    if len(days) != texts:
        raise InputError(
            f"published: {len(days)} days for {texts} texts; give one day, or one a text"
        )
    return days


def blocks(texts: str | Iterable[str], *, html: bool | None = None) -> Rows:
    """Tell what each part of a text or a page is: body, caption, comment, navigation and so on.

    Args:
        texts: One text or page, or several.
        html: Whether they are HTML; where not said, what begins as a page does is.

    Returns:
        A row a block, in order: `doc` (which text, from 0), `kind`, `text`, `confidence`, `start` and `end` in the
        text, of a page in the text that was taken out of it. A page of which nothing can be taken has one row, with
        nothing but `error`.

    Raises:
        InputError: Where something given is no text.

    Example:
        >>> page = "<html><body><article><h1>Gate shut</h1><p>It opens at noon.</p></article></body></html>"
        >>> onrecord.blocks(page).select("kind", "text").rows()
        [('title', 'Gate shut'), ('body', 'It opens at noon.')]
    """
    import polars as pl

    from onrecord.pipeline.stages.marked_records import mark_records
    from onrecord.rows import Rows

    records = [
        {"id": doc, "html" if _is_page(text, html) else "text": text}
        for doc, text in enumerate(texts_of(texts))
    ]
    rows: list[dict[str, Any]] = []
    for made in mark_records(records):
        if "error" in made:
            rows.append({"doc": made["id"], "error": made["error"]})
        rows += [
            {"doc": made["id"], "text": made["text"][block["start"] : block["end"]], **block}
            for block in made["blocks"]
        ]
    schema = {
        "doc": pl.Int64(),
        "kind": pl.String(),
        "text": pl.String(),
        "confidence": pl.Float64(),
        "start": pl.Int64(),
        "end": pl.Int64(),
        "error": pl.String(),
    }
    return Rows(pl.DataFrame(rows, schema=schema))


def _is_page(text: str, html: bool | None) -> bool:
    if html is not None:
        return html
    return text.lstrip("\ufeff \t\r\n")[:14].lower().startswith(("<!doctype html", "<html"))


def statements(
    rows: Table | Iterable[Mapping[str, Any]] | Mapping[str, Any], *, config: Config | None = None
) -> Rows:
    """Tell which quotations report one act of speech, in whatever cut or translation.

    What `extract` gives can be given as it is.

    Args:
        rows: A frame (polars, pandas, Arrow) or dictionaries, with the column `words`, else `text`; where there are
            `speaker`, `published_at` and `article_id` (or `doc`), they help.
        config: A config.yaml, or keys and values as in one; `embed` and `cluster` count here.

    Returns:
        The rows as given, in order, with `statement_id`, and `error` where a row cannot be used.

    Raises:
        InputError: Where these are no rows, or there is no column with words.
        ModelError: Where the embedding model cannot be used.
        SettingsError: Where the configuration cannot be used.

    Example:
        >>> told = onrecord.statements([
        ...     {"words": "The bridge stays closed until every cable is tested.", "speaker": "Ilse Marrow"},
        ...     {"words": "The bridge stays closed until each cable is tested.", "speaker": "Marrow"},
        ...     {"words": "Nobody asked the dockers.", "speaker": "Joris Hale"},
        ... ])
        >>> told["statement_id"].n_unique()
        2
    """
    import polars as pl

    from onrecord.pipeline.core.configuration import load_settings
    from onrecord.pipeline.statements import statements_of_records
    from onrecord.rows import Rows

    frame = rows_of(rows, ("words", "text"))
    with config_file(config) as file:
        settings = load_settings(file)
    words = "words" if "words" in frame.columns else "text"
    article = "article_id" if "article_id" in frame.columns else "doc"
    taken = {
        "text": words,
        "speaker": "speaker",
        "published_at": "published_at",
        "article_id": article,
    }
    records = (
        {"id": at} | {ours: _told(row[theirs]) for ours, theirs in taken.items() if theirs in row}
        for at, row in enumerate(frame.iter_rows(named=True))
    )
    made = list(statements_of_records(records, settings))
    return Rows(
        frame.with_columns(
            pl.Series("statement_id", [one["statement_id"] for one in made], pl.String()),
            pl.Series("error", [one.get("error") for one in made], pl.String()),
        )
    )


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
