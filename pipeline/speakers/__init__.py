"""One person or body from many spellings, across articles and runs.

A speaker is founded by a name and keeps the identity for good. Names are resolved fullest first: a
full name joins the speaker whose family name sounds the same and whose given name fits; a family
name alone joins the one full name that it can mean, in the whole record or, where several can, in
the article's outlet. What stays ambiguous is a speaker of that article alone: two people are never
made one on the strength of a common surname.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.names.compared import body, person
from onrecord.pipeline.names.spelling import folded, is_latin
from onrecord.pipeline.speakers.bearers import Speaker
from onrecord.pipeline.speakers.book import Book, Told, describes

__all__ = ["Resolved", "names_in", "resolve"]


class Resolved(NamedTuple):
    """`speakers` new or changed (SPEAKERS), and (quotation_id, speaker_id) of each quotation with
    one."""

    speakers: pl.DataFrame
    quotation_speakers: pl.DataFrame


def names_in(quotations: pl.DataFrame, articles: pl.DataFrame) -> list[Told]:
    """The names that quotations (QUOTATIONS with name and speaker_kind) tell, a row for each article."""
    return _told(_named(quotations), articles)


def resolve(
    quotations: pl.DataFrame,
    mentions: pl.DataFrame,
    articles: pl.DataFrame,
    known_speakers: pl.DataFrame,
    known_quotations: pl.DataFrame,
) -> Resolved:
    """Speakers of `quotations` (QUOTATIONS with name, speaker_kind and, where there is one, mention),
    joined to those known where they are known: all whom the names may mean.

    `articles` gives outlet and date, of known quotations too, `mentions` the descriptors, `known_quotations` how often
    each spelling was used. Aliases are the names told and those printed beside the words, misprints
    included: nobody is found by the latter in the run that meets them first. A quotation
    without a name, or whose speaker is unnamed, has no speaker.
    """
    named = _named(quotations)
    told = _told(named, articles)
    book = Book(known_speakers, known_quotations, articles)
    of_article = {
        (one.article, one.name): book.speaker(one) for one in sorted(told, key=_fullest_first)
    }
    named_so = [(*key, one.speaker_id) for key, one in of_article.items()]
    speakers = pl.DataFrame(
        named_so,
        schema=dict.fromkeys(("article_id", "name", "speaker_id"), pl.String()),
        orient="row",
    )
    pairs = (
        named.join(speakers, on=["article_id", "name"])
        .select("quotation_id", "speaker_id")
        .sort("quotation_id")
    )
    described = _descriptors(mentions, of_article)
    spoken = quotations.drop("speaker_id", strict=False).join(pairs, on="quotation_id")
    book.print_beside(_printed(spoken, known_quotations))
    return Resolved(_rows(book, pairs, quotations, articles, known_speakers, described), pairs)


def _printed(spoken: pl.DataFrame, known: pl.DataFrame) -> list[tuple[str, str, int]]:
    """(speaker_id, mention, how often) of the speakers of `spoken`, in it and in what is `known`."""
    if "mention" not in spoken.columns:
        return []
    beside = spoken.select("speaker_id", "mention")
    if known.height:
        before = known.select("speaker_id", "mention")
        beside = pl.concat([beside, before.join(spoken, on="speaker_id", how="semi")])
    counted = beside.drop_nulls().group_by("speaker_id", "mention").len()
    return counted.sort("speaker_id", "mention").rows()


def _named(quotations: pl.DataFrame) -> pl.DataFrame:
    return quotations.filter(
        pl.col("name").is_not_null()
        & (pl.col("name").str.strip_chars() != "")
        & (pl.col("speaker_kind").fill_null("person") != "unnamed")
    ).select("quotation_id", "article_id", "name", pl.col("speaker_kind").fill_null("person"))


def _told(named: pl.DataFrame, articles: pl.DataFrame) -> list[Told]:
    # One article may tag a name in two ways, and a name has one kind across articles.
    kinds = (
        named.group_by("name", "speaker_kind")
        .len()
        .sort("len", "speaker_kind", descending=[True, False])
        .unique("name", keep="first")
        .select("name", pl.col("speaker_kind").alias("kind"))
    )
    rows = (
        named.group_by("article_id", "name")
        .len()
        .join(kinds, on="name", how="left")
        .join(_of_articles(articles), on="article_id", how="left")
        .select("article_id", "outlet", "name", "kind", "len", "language")
        .sort("article_id", "name")
    )
    return [
        one
        for one in map(Told._make, rows.iter_rows())
        if (person(one.name) if one.kind == "person" else body(one.name))
    ]


def _of_articles(articles: pl.DataFrame) -> pl.DataFrame:
    """The outlet and the language of articles; of those of before the language was told none."""
    if "language" not in articles.columns:
        articles = articles.with_columns(pl.lit(None, dtype=pl.String).alias("language"))
    return articles.select("article_id", "outlet", "language")


def _fullest_first(one: Told) -> tuple[int, int, str, str]:
    name = person(one.name) if one.kind == "person" else None
    given = name.given if name else ()
    # An initial may be anybody's whose name it begins: they are all known by then.
    shortened = sum(len(word) == 1 for word in given)
    return (-len(given), shortened, folded(one.name), one.article)


def _descriptors(mentions: pl.DataFrame, of_article: dict[tuple[str, str], Speaker]) -> set[str]:
    """Count the descriptors that stand beside a speaker's name; the identities of speakers so
    touched."""
    touched: set[str] = set()
    told = mentions.drop_nulls("descriptor").select("article_id", "name", "descriptor")
    for article, name, descriptor in told.sort("article_id", "name", "descriptor").iter_rows():
        found = of_article.get((article, name))
        if found is not None and describes(descriptor):
            found.descriptors[descriptor.strip()] += 1
            touched.add(found.speaker_id)
    return touched


def _rows(
    book: Book,
    pairs: pl.DataFrame,
    quotations: pl.DataFrame,
    articles: pl.DataFrame,
    known: pl.DataFrame,
    described: set[str],
) -> pl.DataFrame:
    seen = (
        pairs.join(quotations.select("quotation_id", "article_id"), on="quotation_id")
        .join(articles.select("article_id", "published_at"), on="article_id", how="left")
        .group_by("speaker_id")
        .agg(
            pl.col("published_at").min().alias("first_seen"),
            pl.col("published_at").max().alias("last_seen"),
        )
    )
    before = known.select("speaker_id", "first_seen", "last_seen") if known.height else seen.clear()
    seen = (
        pl.concat([seen, before.join(seen, on="speaker_id", how="semi")])
        .group_by("speaker_id")
        .agg(pl.col("first_seen").min(), pl.col("last_seen").max())
        .sort("speaker_id")
    )
    rows = [
        {
            "speaker_id": speaker_id,
            "name": _shown(book.speakers[speaker_id]),
            "kind": book.speakers[speaker_id].kind,
            "aliases": _aliases(book.speakers[speaker_id]),
            "descriptors": _most_used(book.speakers[speaker_id].descriptors),
            "first_seen": first,
            "last_seen": last,
        }
        for speaker_id, first, last in seen.iter_rows()
    ]
    # What people corrected is laid over it afterwards.
    read = known.select(rows[0].keys()) if rows else known
    held = {row["speaker_id"]: row for row in read.iter_rows(named=True)}
    changed = [row for row in rows if held.get(row["speaker_id"]) != row]
    return pl.DataFrame(changed, schema=contracts.SPEAKERS.schema)


def _most_used(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda text: (-counted[text], text))


def _aliases(one: Speaker) -> list[str]:
    # A name told is as a rule printed somewhere in the article, though beside the words it may be a
    # pronoun; where both are counted the more counts.
    both = {*one.spellings, *one.printed}
    return _most_used(Counter({text: max(one.spellings[text], one.printed[text]) for text in both}))


def _shown(one: Speaker) -> str:
    """The most used full spelling, without its titles where the print has it so."""

    def rank(spelling: str) -> tuple[bool, bool, int, str]:
        name = person(spelling) if one.kind == "person" else None
        full = name.full if name else one.kind != "person" and not spelling.isupper()
        # Where a name is told in several scripts, in the one that the pages are in.
        return (not full, not is_latin(spelling), -one.spellings[spelling], spelling)

    # A spelling that is only printed beside the words names nobody.
    told = [spelling for spelling, count in one.spellings.items() if count] or one.spellings
    return min(told, key=rank)
