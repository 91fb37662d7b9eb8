"""Speakers on record whom the names of a run may mean: found by keys of their names, and no others are read.

The keys (`postings`, with speakers as rows) are kept from run to run and grow by a run's new names; they are made anew
where they are not whole. Whom a name then means is the book's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.asking import Known, of_keys
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.machine import postings as files
from onrecord.pipeline.machine.postings import Keys, Postings, Rows, Unreadable
from onrecord.pipeline.machine.tiers import append, settle, tiers
from onrecord.pipeline.names import across
from onrecord.pipeline.names.compared import body, given_keys, given_sought, initials, person
from onrecord.pipeline.names.outlets import by_key
from onrecord.pipeline.names.spelling import misprint_keys, sounded
from onrecord.pipeline.speakers import Resolved
from onrecord.pipeline.speakers.across import is_foreign
from onrecord.pipeline.speakers.book import Told, is_short

KIND = "names"

_SUFFIX = ".arrow"
_NAMED = ("speaker_id", "article_id", "name", "mention")
_ARTICLE = ("article_id", "outlet", "language")
_TOLD = ("speaker_id", "name", "language")
_ROW = np.dtype("V16")


class Before(NamedTuple):
    """What is on record of some speakers: SPEAKERS, what their quotations call them, and the ARTICLES of those."""

    speakers: pl.DataFrame
    quotations: pl.DataFrame
    articles: pl.DataFrame


def known_by(names: Sequence[Told], known: Known, kept: Segments) -> Before:
    """The speakers on record whom some names may mean."""
    held = _opened(kept)
    if held is None:
        _rebuild(known, kept)
        held = _opened(kept) or Postings([])
    found = {*_speakers(held, {key for one in names for key in _sought(one)})}
    bare = {key: one for one in names for key in _family(one)}
    whole = _by_key(held, set(bare))
    found.update(speaker for speakers in whole.values() for speaker in speakers)
    # A name that nobody bears may be a misprint.
    lost = [one for key, one in bare.items() if key not in whole]
    found.update(_speakers(held, {key for one in lost for key in _near(one)}))
    founded = {identity for one in names for identity in _founded(one)}
    return _read(pl.Series(sorted(found | founded), dtype=pl.String), known)


def add(
    resolved: Resolved,
    taken: pl.DataFrame,
    articles: pl.DataFrame,
    before: Before,
    kept: Segments,
) -> None:
    """Keep the names of speakers `resolved` that are not kept yet: those of whom `taken` (rows with quotation_id,
    article_id and name) tell other names than were known `before`, or that have other aliases."""
    spoken = resolved.quotation_speakers.join(taken, on="quotation_id")
    now, known = _told(spoken, articles), _told(before.quotations, articles)
    aliases = pl.col("aliases").list.sort()
    same = resolved.speakers.with_columns(aliases).join(
        before.speakers.with_columns(aliases),
        on=["speaker_id", "aliases"],
        how="semi",
    )
    others = now.join(known, on=_TOLD, how="anti", nulls_equal=True)
    changed = resolved.speakers.join(
        same.join(others, on="speaker_id", how="anti"), on="speaker_id", how="anti"
    )
    _add(changed, pl.concat([known, now]).unique(), kept)


def _told(quotations: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """(speaker_id, name, language), each once."""
    named = quotations.select("speaker_id", "name", "article_id").drop_nulls()
    told = named.join(articles.select("article_id", "language"), on="article_id", how="left")
    return told.select(_TOLD).unique()


def _add(speakers: pl.DataFrame, told: pl.DataFrame, kept: Segments) -> None:
    """Keep the names of some SPEAKERS; `told` are those (speaker_id, name, language) that articles tell of them."""
    keys, rows = _postings(speakers, told)
    if not len(keys):
        return
    into = kept.aside(_SUFFIX)
    count = files.write(keys, rows, into)
    append(kept, KIND, into, count)
    settle(kept, KIND, files.merge, _SUFFIX)


def _opened(kept: Segments) -> Postings | None:
    found = tiers(kept, KIND)
    if found is None:
        return None
    try:
        return Postings([one.path for one in found])
    except Unreadable:
        return None


def _rebuild(known: Known, kept: Segments) -> None:
    for one in kept.every(KIND):
        kept.drop(one)
    named = known.ask("quotations", ("speaker_id", "name", "article_id"), None).collect()
    told = _told(named, known.ask("articles", ("article_id", "language"), None).collect())
    speakers = known.ask("speakers", ("speaker_id", "kind", "aliases"), None).collect()
    _add(speakers.sort("speaker_id"), told, kept)


def _read(identities: pl.Series, known: Known) -> Before:
    columns = list(contracts.SPEAKERS.columns)
    speakers = known.ask("speakers", columns, of_keys("speaker_id", identities)).collect()
    of = of_keys("speaker_id", speakers["speaker_id"])
    quotations = known.ask("quotations", _NAMED, of).collect()
    articles = of_keys("article_id", quotations["article_id"])
    found = known.ask("articles", _ARTICLE, articles).collect()
    return Before(speakers, quotations, by_key(found))


def _by_key(held: Postings, sought: set[str]) -> dict[str, list[str]]:
    """The speakers found by each key that finds some."""
    numbers = {_number(key): key for key in sought}
    keys = np.array(sorted(numbers), dtype=np.uint64)
    found = held.find(keys)
    order = np.argsort(found.at, kind="stable")
    pairs = zip(found.at[order].tolist(), found.rows[order].tolist(), strict=True)
    return {
        numbers[int(keys[at])]: [speaker.hex() for _, speaker in group]
        for at, group in groupby(pairs, key=lambda pair: pair[0])
    }


def _speakers(held: Postings, sought: set[str]) -> Iterator[str]:
    for speakers in _by_key(held, sought).values():
        yield from speakers


def _postings(speakers: pl.DataFrame, told: pl.DataFrame) -> tuple[Keys, Rows]:
    names: dict[str, dict[str, set[str | None]]] = {}
    for speaker, name, language in told.select(_TOLD).iter_rows():
        names.setdefault(speaker, {}).setdefault(name, set()).add(language)
    keys: list[int] = []
    rows: list[bytes] = []
    for speaker, kind, aliases in speakers.select("speaker_id", "kind", "aliases").iter_rows():
        made = set(_found_by(kind, aliases, names.get(speaker, {})))
        keys.extend(map(_number, made))
        rows.extend([bytes.fromhex(speaker)] * len(made))
    return np.array(keys, dtype=np.uint64), np.frombuffer(b"".join(rows), dtype=_ROW)


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


def _found_by(
    kind: str, aliases: Iterable[str], told: Mapping[str, set[str | None]]
) -> Iterator[str]:
    """The keys by which a speaker is found; of names that are `told`, in some languages, full ones say that a bare one
    means no other."""
    if kind != "person":
        for key in filter(None, map(body, aliases)):
            yield f"body {key}"
            if " " in key:
                yield f"letters {initials(key)}"
        return
    names = {alias: person(alias) for alias in aliases}
    sure = told.keys() & names.keys() or names.keys()
    full = {sounded(one.family) for alias in sure if (one := names[alias]) and one.full}
    for name in filter(None, names.values()):
        sound = sounded(name.family)
        near = misprint_keys(sound)
        yield f"family {sound}"
        yield from (f"near {key}" for key in near)
        if name.given:
            yield from (f"given {key} {sound}" for key in given_keys(name.given))
            yield from (f"called {name.given[0]} {key}" for key in near)
        if sound not in full:
            yield f"loose {sound}"
    for printed, languages in told.items():
        for foreign in {is_foreign(language) for language in languages}:
            where = "abroad" if foreign else "home"
            yield from (f"{where} {key}" for key in across.keys(printed))


def _sought(one: Told) -> Iterator[str]:
    """The keys that find whom a name may mean, but for who is meant by a bare family name."""
    if one.kind != "person":
        key = body(one.name)
        yield f"body {key}"
        if is_short(one.name):
            yield f"letters {key.replace(' ', '')}"
        elif " " in key:
            yield f"body {initials(key)}"
        return
    name = person(one.name)
    if name is not None and name.full:
        sound = sounded(name.family)
        yield from (f"given {key} {sound}" for key in given_sought(name.given))
        yield from (f"called {name.given[0]} {key}" for key in misprint_keys(sound))
        yield f"loose {sound}"
        # Names of one language are not held against each other by their sound.
        heard = across.keys(one.name)
        yield from (f"abroad {key}" for key in heard)
        if is_foreign(one.language):
            yield from (f"home {key}" for key in heard)


def _family(one: Told) -> Iterator[str]:
    """The key that finds everybody of whom a bare family name may be one."""
    name = person(one.name) if one.kind == "person" else None
    if name is not None and not name.full:
        yield f"family {sounded(name.family)}"


def _near(one: Told) -> Iterator[str]:
    name = person(one.name)
    if name is not None:
        yield from (f"near {key}" for key in misprint_keys(sounded(name.family)))


def _founded(one: Told) -> Iterator[str]:
    """The speakers whom a name founds where it means nobody known."""
    name = person(one.name) if one.kind == "person" else None
    key = body(one.name) if name is None else name.key
    yield ids.digest("speaker", key, None)
    yield ids.digest("speaker", key, one.article)
