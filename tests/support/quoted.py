"""Frames of quotations for tests, from short tuples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.asking import at_hand
from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.core.settings import ClusterSettings, EmbedSettings
from onrecord.pipeline.stages.cluster import Run, cluster
from onrecord.pipeline.stages.embed import embed, parts
from onrecord.pipeline.statements.translated import Model


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
    settings = EmbedSettings()
    embedded = [embed(part, settings).utterances for part in parts(taken, settings)]
    return pl.concat([contracts.UTTERANCES.empty(), *embedded])


class Clustered(NamedTuple):
    """What `cluster` gives, by its names."""

    speakers: pl.DataFrame
    quotation_speakers: pl.DataFrame
    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame
    repeats: pl.DataFrame
    regrouped: pl.DataFrame
    retired: pl.DataFrame
    themes: pl.DataFrame
    theme_members: pl.DataFrame
    moved: pl.DataFrame
    ended: pl.DataFrame


class Known(NamedTuple):
    """What a warehouse holds from the runs before; empty frames on a first run."""

    speakers: pl.DataFrame = contracts.SPEAKERS.empty()
    quotations: pl.DataFrame = contracts.QUOTATIONS.empty()
    utterances: pl.DataFrame = contracts.UTTERANCES.empty()
    statements: pl.DataFrame = contracts.STATEMENTS.empty()
    members: pl.DataFrame = contracts.STATEMENT_MEMBERS.empty()
    repeats: pl.DataFrame = contracts.STATEMENT_REPEATS.empty()
    themes: pl.DataFrame = contracts.THEMES.empty()
    theme_members: pl.DataFrame = contracts.THEME_MEMBERS.empty()


_OF = {"members": "statement_members", "repeats": "statement_repeats"}


def kept_in(folder: Path, known: Path | None = None) -> Segments:
    """What a stage that works in a folder keeps, and is handed from another one."""
    return Segments(known or folder / "known", StageFolder(folder, "cluster"))


def clustered(
    said: Sequence[Said],
    known: Known | None = None,
    before: Sequence[Said] = (),
    settings: ClusterSettings | None = None,
    mentions: pl.DataFrame | None = None,
    utterances: pl.DataFrame | None = None,
    kept: Segments | None = None,
    across: Callable[[], Model | None] = lambda: None,
    *,
    whole: bool = False,
) -> Clustered:
    """The stage run on `said`; `before` are the quotations of `known`. What it kept to find things by is made anew from
    these, but for what is handed to it."""
    taken = quotations(said)
    tables = {_OF.get(name, name): frame for name, frame in (known or Known())._asdict().items()}
    tables["articles"] = articles(before)
    with tempfile.TemporaryDirectory() as folder:
        made = cluster(
            Run(
                taken.lazy(),
                (contracts.MENTIONS.empty() if mentions is None else mentions).lazy(),
                (vectors(taken) if utterances is None else utterances).lazy(),
                articles(said),
            ),
            at_hand({name: frame.lazy() for name, frame in tables.items()}),
            kept or kept_in(Path(folder)),
            settings or ClusterSettings(),
            across=across,
            whole=whole,
        )
        return Clustered(**dict(made))


def remembered(said: Sequence[Said], made: Clustered, known: Known | None = None) -> Known:
    """What a warehouse holds after `made` was loaded upon `known`."""
    old = known or Known()
    taken = quotations(said).drop("speaker_id")
    taken = taken.join(made.quotation_speakers, on="quotation_id", how="left")

    def upsert(before: pl.DataFrame, after: pl.DataFrame, *key: str) -> pl.DataFrame:
        both = pl.concat([before, after.select(before.columns)])
        return both.unique(key, keep="last", maintain_order=True)

    return Known(
        speakers=upsert(old.speakers, made.speakers, "speaker_id"),
        quotations=upsert(old.quotations, taken, "quotation_id"),
        utterances=upsert(old.utterances, vectors(taken), "utterance_id"),
        statements=upsert(old.statements, made.statements, "statement_id"),
        members=upsert(old.members, made.members, "quotation_id"),
        repeats=pl.concat(
            [old.repeats.join(made.regrouped, on="statement_id", how="anti"), made.repeats]
        ),
        themes=upsert(
            old.themes.join(made.ended, on="theme_id", how="anti"), made.themes, "theme_id"
        ),
        theme_members=upsert(
            old.theme_members.join(made.moved, on="statement_id", how="anti"),
            made.theme_members,
            "theme_id",
            "statement_id",
        ),
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
