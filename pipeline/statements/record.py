"""The reports and statements on record, asked for by key: what a run does not touch is never read."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onrecord.pipeline.copies.versions import originals
from onrecord.pipeline.core import contracts, values
from onrecord.pipeline.core.asking import Ask, of_keys
from onrecord.pipeline.core.days import PUBLISHED_ON
from onrecord.pipeline.names.outlets import by_key
from onrecord.pipeline.statements.comparing.nodes import Report, Reports

TOLD = (
    "quotation_id",
    "article_id",
    "content",
    "type",
    "in_headline",
    "said_on",
    "speaker_id",
    "stance",
    "utterance_id",
)
"""What of a quotation a statement hangs on."""

WAS_SAID = pl.col("stance").is_null() | pl.col("stance").is_in(values.SAID)
"""What is somebody's statement; what was not said, or was put to somebody, is nobody's."""

DENIED = pl.col("stance").eq_missing("denied")

_REPORT = (
    "quotation_id",
    "content",
    "speaker",
    "published",
    "said_on",
    "article_id",
    "in_headline",
)
"""The fields of a Report, in their order."""

_SPEAKER = (
    pl.when(DENIED)
    .then(pl.lit("denied ") + pl.coalesce("speaker_id", "quotation_id"))
    .otherwise("speaker_id")
    .alias("speaker")
)
"""Who a report is told to be of: somebody who denies is another one than who says it."""

_ARTICLE = ("article_id", "outlet", "url", "language", "published_at", "published_offset")
_LINKED = ("article_id", "duplicate_of", "supersedes")
_MEMBER = ("quotation_id", "statement_id")
_TRANSLATED = (*_MEMBER, "difference")
_REPEAT = ("statement_id", "repeats_id")


class OnRecord:
    """What is on record, under what a run brings: `reports` (rows with TOLD) and `articles` of its own count first.

    What is `gone` is no report any more.
    """

    def __init__(
        self, ask: Ask, reports: pl.DataFrame, articles: pl.DataFrame, gone: pl.Series
    ) -> None:
        self._ask, self._articles = ask, articles
        self._own = reports.select(TOLD)
        self._gone = gone

    def reports(self, quotations: pl.Series) -> pl.DataFrame:
        """The reports of some quotations (rows with TOLD), by quotation."""
        known = self.asked("quotations", TOLD, "quotation_id", quotations).filter(
            WAS_SAID, ~pl.col("quotation_id").is_in(self._gone.implode())
        )
        own = self._own.filter(pl.col("quotation_id").is_in(quotations.implode()))
        return (
            pl.concat([known, own])
            .unique("quotation_id", keep="last", maintain_order=True)
            .sort("quotation_id")
        )

    def told(self, reports: pl.DataFrame) -> pl.DataFrame:
        """Reports with what their articles tell: outlet, url, published_at, published and original."""
        wanted = reports["article_id"].unique()
        own = self._articles.filter(pl.col("article_id").is_in(wanted.implode()))
        articles = pl.concat(
            [
                own.select(_ARTICLE),
                by_key(self._asked_besides(own["article_id"], _ARTICLE, wanted)),
            ]
        )
        return reports.join(
            articles.select(
                "article_id",
                "outlet",
                "url",
                "language",
                "published_at",
                PUBLISHED_ON.alias("published"),
            ).join(originals(self._linked(wanted)), on="article_id"),
            on="article_id",
            how="left",
            maintain_order="left",
        )

    def members(self, quotations: pl.Series) -> pl.DataFrame:
        """(quotation_id, statement_id) of those of some quotations that are in a statement."""
        return self.asked("statement_members", _MEMBER, "quotation_id", quotations)

    def together(self, quotations: pl.Series) -> pl.Series:
        """Those of some quotations that are in one statement with another of them."""
        held = self.members(quotations)
        return held.filter(held["statement_id"].is_duplicated())["quotation_id"]

    def translations(self, statements: pl.Series) -> pl.DataFrame:
        """(quotation_id, statement_id, difference) of all that are in some statements."""
        return self.asked("statement_members", _TRANSLATED, "statement_id", statements)

    def members_of(self, statements: pl.Series) -> pl.DataFrame:
        """(quotation_id, statement_id) of all that are in some statements."""
        return self.asked("statement_members", _MEMBER, "statement_id", statements)

    def repeats(self, statements: pl.Series) -> pl.DataFrame:
        """(statement_id, repeats_id) of all that repeat one another, some of which are given."""
        later = self.asked("statement_repeats", _REPEAT, "statement_id", statements)
        first = pl.concat([later["repeats_id"], statements.alias("repeats_id")]).unique()
        return self.asked("statement_repeats", _REPEAT, "repeats_id", first)

    def statements(self, identities: pl.Series) -> pl.DataFrame:
        """Some of STATEMENTS."""
        columns = list(contracts.STATEMENTS.columns)
        return self.asked("statements", columns, "statement_id", identities)

    def asked(self, table: str, columns: Sequence[str], key: str, keys: pl.Series) -> pl.DataFrame:
        """Rows of a table with some keys, in an order of their own."""
        if keys.is_empty():
            schema = contracts.CONTRACTS[table].schema
            return pl.DataFrame(schema={name: schema[name] for name in columns})
        found = self._ask(table, columns, of_keys(key, keys)).collect()
        return found.sort([one for one in contracts.CONTRACTS[table].key if one in columns])

    def _asked_besides(
        self, own: pl.Series, columns: Sequence[str], wanted: pl.Series
    ) -> pl.DataFrame:
        return self.asked(
            "articles", columns, "article_id", wanted.filter(~wanted.is_in(own.implode()))
        )

    def _linked(self, wanted: pl.Series) -> pl.DataFrame:
        """What some articles copy or supersede, and what these do, to the last."""
        found = self._articles.select(_LINKED)
        held = set(found["article_id"])
        while asked := set(wanted) - held:
            more = self.asked("articles", _LINKED, "article_id", pl.Series(sorted(asked)))
            found = pl.concat([found, more])
            # One that is nowhere on record is not asked for again.
            held |= asked
            wanted = found.select(pl.coalesce("duplicate_of", "supersedes")).to_series()
            wanted = wanted.drop_nulls().unique()
        return found


def reports_of(told: pl.DataFrame) -> Reports:
    """Reports as they are compared, of rows with what their articles tell."""
    return Reports.of(
        Report(*row) for row in told.with_columns(_SPEAKER).select(_REPORT).iter_rows()
    )
