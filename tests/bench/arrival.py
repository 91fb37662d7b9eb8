"""What a record says when the same articles arrive otherwise: in one run, day by day, in runs drawn by lot.

The articles are cleaned and embedded once, and kept in the work folder; each arrival is played from these parts: links,
cluster, load, publishing. Compared is which quotations are one statement, and which are in one theme, by the adjusted
Rand index; a quotation whose statement is in no theme is with those of its statement alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages.steps import clean_step, embed_step, ingest_step
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse.asking.query import query
from tests.bench import report
from tests.bench.played import play

if TYPE_CHECKING:
    from tests.bench.__main__ import Bench

_OF_ARTICLES = ("articles", "blocks", "mentions", "quotations")


class Said(NamedTuple):
    """What a record says: (quotation_id, of) for its statements, its broad themes and its narrow ones."""

    statements: pl.DataFrame
    broad: pl.DataFrame
    narrow: pl.DataFrame


class Stayed(NamedTuple):
    """Of the statements and themes that stood before each day the share whose identity stands after it or leads on, and
    that whose identity stands."""

    resolved: list[float]
    statements: list[float]
    themes: list[float]


def arrivals(bench: Bench, count: int, days: int) -> str:
    """The same articles in one run, in so many days, and in six runs drawn by lot."""
    read = _read(bench, count)
    dated = read.stage("clean").read("articles", ("article_id", "published_at"))
    order = dated.sort("published_at", "article_id")["article_id"].to_list()
    lot = Random(f"{bench.seed} arrival").sample(order, len(order))
    one, _ = _arrived(bench, read, [order], "one")
    rows = []
    for name, parts in (
        (f"{days} days", _dealt(order, days)),
        (f"{days} runs by lot", _dealt(lot, days)),
        ("6 runs by lot", _dealt(lot, 6)),
    ):
        said, stayed = _arrived(bench, read, parts, name.replace(" ", "-"))
        whole = _regrouped(bench, name.replace(" ", "-"))
        rows.append([f"{name}, against one run", *_alike(said, one), *_kept(stayed)])
        rows.append([f"{name}, against regrouped", *_alike(said, whole), "", "", ""])
        rows.append([f"{name}, regrouped, against one run", *_alike(whole, one), "", "", ""])
        print(report.table(_HEADER, rows), flush=True)
    return f"{count:,} articles, {one.statements.height:,} quotations\n\n" + report.table(
        _HEADER, rows
    )


_HEADER = (
    "",
    "statements",
    "broad themes",
    "narrow themes",
    "statements that stand or lead on",
    "stand",
    "themes that stand",
)


def adjusted_rand(one: pl.DataFrame, two: pl.DataFrame) -> float:
    """The adjusted Rand index of two partings (quotation_id, of) of the same quotations."""
    both = one.join(two, on="quotation_id", suffix="_two").select("of", "of_two")

    def pairs(*columns: str) -> float:
        told = both.group_by(columns).len()["len"].cast(pl.Float64)
        return float((told * (told - 1) / 2).sum())

    together, left, right = pairs("of", "of_two"), pairs("of"), pairs("of_two")
    chance = left * right / max(both.height * (both.height - 1) / 2, 1.0)
    most = (left + right) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)


def _read(bench: Bench, count: int) -> Workplace:
    """The articles cleaned and embedded, upon nothing."""
    place = Workplace(bench.work / f"read-{count}", "read")
    if place.stage("embed").done() is None:
        settings = Settings(sources=(str(bench.articles("arriving", count)),))
        ingest_step(place, settings.sources, settings)
        for batch in place.stage("ingest").batches():
            clean_step(place, batch)
        embed_step(place, settings)
    return place


def _dealt(articles: Sequence[str], runs: int) -> list[Sequence[str]]:
    ends = [len(articles) * number // runs for number in range(runs + 1)]
    return [articles[start:end] for start, end in pairwise(ends)]


def _arrived(
    bench: Bench, read: Workplace, runs: Sequence[Sequence[str]], name: str
) -> tuple[Said, Stayed]:
    record, stayed = bench.record(f"arrived-{name}"), Stayed([], [], [])
    for number, articles in enumerate(runs):
        before = _identities(record) if number else None

        def bring(place: Workplace, some: Sequence[str] = articles) -> dict[str, Tally]:
            return _bring(read, place, some)

        play(record, number, bring)
        if before is not None:
            _compare(before, _identities(record), record, stayed)
    return _said(record), stayed


def _regrouped(bench: Bench, name: str) -> Said:
    """The same record after all was gathered anew."""
    record, again = bench.work / f"record-arrived-{name}", bench.record(f"regrouped-{name}")
    shutil.copytree(record, again)
    play(again, 999, lambda _: {}, whole=True)
    return _said(again)


def _bring(read: Workplace, place: Workplace, articles: Sequence[str]) -> dict[str, Tally]:
    """Hand over what was read of some articles, as clean and embed would have."""
    clean, embed = place.stage("clean"), place.stage("embed")
    mine = pl.col("article_id").is_in(articles)
    frames = {name: read.stage("clean").scan(name).filter(mine).collect() for name in _OF_ARTICLES}
    frames["articles"] = frames["articles"].with_columns(first_run_id=pl.lit(place.run_id))
    for name, frame in frames.items():
        clean.write(name, 0, frame)
    quotations = frames["quotations"]
    clean.finish_batch(0, Tally(len(articles), len(articles), yielded=quotations.height))
    known = place.known_frame("utterances", ("utterance_id",))
    told = quotations.select("utterance_id").unique().join(known, on="utterance_id", how="anti")
    new = read.stage("embed").scan("utterances").join(told.lazy(), on="utterance_id", how="semi")
    embed.write("utterances", 0, new.collect())
    count = Tally(len(articles), len(articles), yielded=len(articles))
    return {
        "ingest": count,
        "clean": clean.finish(count._replace(yielded=quotations.height)),
        "embed": embed.finish(
            Tally(
                quotations.height,
                told.height,
                duplicates=quotations.height - told.height,
                yielded=told.height,
            )
        ),
    }


def _identities(record: Path) -> dict[str, set[str]]:
    stand = query(record, "SELECT statement_id FROM statements WHERE quotations > 0")
    themes = query(record, "SELECT theme_id FROM themes")
    return {"statements": set(stand["statement_id"]), "themes": set(themes["theme_id"])}


def _compare(
    before: dict[str, set[str]], now: dict[str, set[str]], record: Path, stayed: Stayed
) -> None:
    moved = set(query(record, "SELECT DISTINCT statement_id FROM statement_moves")["statement_id"])
    for into, name in ((stayed.statements, "statements"), (stayed.themes, "themes")):
        into.append(len(before[name] & now[name]) / max(len(before[name]), 1))
    known = now["statements"] | moved
    stayed.resolved.append(len(before["statements"] & known) / max(len(before["statements"]), 1))


def _said(record: Path) -> Said:
    members = query(record, "SELECT quotation_id, statement_id AS of FROM statement_members")
    themes = query(record, "SELECT theme_id, parent_id FROM themes")
    placed = query(record, "SELECT statement_id AS of, theme_id FROM theme_members")
    broad = themes.filter(pl.col("parent_id").is_null())
    leaves = themes.filter(~pl.col("theme_id").is_in(themes["parent_id"].drop_nulls().implode()))
    grains = (placed.join(grain, on="theme_id", how="semi") for grain in (broad, leaves))
    return Said(members, *(_themed(members, grain) for grain in grains))


def _themed(members: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    joined = members.join(placed, on="of", how="left")
    return joined.select("quotation_id", of=pl.coalesce("theme_id", "of"))


def _alike(one: Said, two: Said) -> Iterator[str]:
    for left, right in zip(one, two, strict=True):
        yield f"{adjusted_rand(left, right):.4f}"


def _kept(stayed: Stayed) -> Iterator[str]:
    yield f"{100 * min(stayed.resolved):.2f}%"
    for shares in (stayed.statements, stayed.themes):
        mean = sum(shares) / len(shares)
        yield f"{100 * mean:.2f}%, least {100 * min(shares):.2f}%"
