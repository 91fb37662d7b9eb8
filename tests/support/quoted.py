"""Frames of quotations for tests, from short tuples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.settings import ClusterSettings, EmbedSettings
from onrecord.pipeline.stages.cluster import Known, cluster
from onrecord.pipeline.stages.embed import embed


class Said(NamedTuple):
    """One quotation: the article's name, who said it (None: unresolved), and the words."""

    article: str
    name: str | None
    words: str
    kind: str = "person"
    day: str = "2026-03-02"
    outlet: str | None = None
    headline: bool = False
    said_on: str | None = None
    mention: str | None = None
    stance: str | None = None
    language: str | None = None


def articles(said: Sequence[Said]) -> pl.DataFrame:
    rows = {
        one.article: {
            "article_id": one.article,
            "source": one.article,
            "media_type": "text/plain",
            "outlet": one.outlet or f"outlet of {one.article}",
            "published_at": datetime.fromisoformat(one.day),
            "text": "",
            "language": one.language,
            "repairs": [],
            "content_hash": one.article,
            "first_run_id": "r1",
        }
        for one in said
    }
    return _frame(contracts.ARTICLES, list(rows.values()))


def quotations(said: Sequence[Said]) -> pl.DataFrame:
    return _frame(
        contracts.QUOTATIONS,
        [
            {
                "quotation_id": ids.digest(one.article, one.name, one.words),
                "article_id": one.article,
                "start": at,
                "end": at + 1,
                "text": one.words,
                "spans": [],
                "content": one.words,
                "insertions": [],
                "type": "direct",
                "cue_class": "spoken",
                "mention": one.mention,
                "name": one.name,
                "speaker_kind": one.kind,
                "confidence": 0.9,
                "in_headline": one.headline,
                "translated": False,
                "written": False,
                "said_on": None
                if one.said_on is None
                else datetime.fromisoformat(one.said_on).date(),
                "utterance_id": ids.utterance_id(one.words),
                "stance": one.stance,
            }
            for at, one in enumerate(said)
        ],
    )


def mention(article: str, name: str, descriptor: str) -> dict[str, Any]:
    return {
        "article_id": article,
        "start": 0,
        "end": len(name),
        "text": name,
        "name": name,
        "kind": "person",
        "descriptor": descriptor,
    }


def vectors(taken: pl.DataFrame) -> pl.DataFrame:
    """The utterances of quotations."""
    parts = [part.utterances for part in embed(taken, EmbedSettings())]
    return pl.concat([contracts.UTTERANCES.empty(), *parts])


class Clustered(NamedTuple):
    """What `cluster` gives, by its names."""

    speakers: pl.DataFrame
    quotation_speakers: pl.DataFrame
    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame
    repeats: pl.DataFrame
    retired: pl.DataFrame
    themes: pl.DataFrame
    theme_members: pl.DataFrame


def clustered(
    said: Sequence[Said],
    known: Known | None = None,
    before: Sequence[Said] = (),
    settings: ClusterSettings | None = None,
    mentions: pl.DataFrame | None = None,
) -> Clustered:
    """The stage run on `said`; `before` are the quotations of `known`."""
    taken = quotations(said)
    made = cluster(
        taken.lazy(),
        (contracts.MENTIONS.empty() if mentions is None else mentions).lazy(),
        vectors(taken).lazy(),
        articles([*before, *said]),
        known or Known(),
        settings or ClusterSettings(),
    )
    return Clustered(**dict(made))


def remembered(said: Sequence[Said], made: Clustered, known: Known | None = None) -> Known:
    """What a warehouse holds after `made` was loaded upon `known`."""
    old = known or Known()
    taken = quotations(said).drop("speaker_id")
    taken = taken.join(made.quotation_speakers, on="quotation_id", how="left")

    def upsert(before: pl.DataFrame, after: pl.DataFrame, key: str) -> pl.DataFrame:
        both = pl.concat([before, after.select(before.columns)])
        return both.unique(key, keep="last", maintain_order=True)

    return Known(
        speakers=upsert(old.speakers, made.speakers, "speaker_id"),
        quotations=upsert(old.quotations.collect(), taken, "quotation_id").lazy(),
        utterances=upsert(old.utterances.collect(), vectors(taken), "utterance_id").lazy(),
        statements=upsert(old.statements, made.statements, "statement_id"),
        members=upsert(old.members, made.members, "quotation_id"),
        repeats=made.repeats,
        themes=made.themes,
        theme_members=made.theme_members,
    )


def groups(said: Sequence[Said], members: pl.DataFrame) -> set[frozenset[str]]:
    """The statements as sets of 'article: words'."""
    words = {
        ids.digest(one.article, one.name, one.words): f"{one.article}: {one.words}" for one in said
    }
    found: dict[str, set[str]] = {}
    for statement_id, quotation_id in members.select("statement_id", "quotation_id").iter_rows():
        found.setdefault(statement_id, set()).add(words[quotation_id])
    return {frozenset(group) for group in found.values()}


def _frame(contract: contracts.Contract, rows: list[dict[str, Any]]) -> pl.DataFrame:
    whole = [{name: row.get(name) for name in contract.columns} for row in rows]
    return pl.DataFrame(whole, schema=contract.schema)
