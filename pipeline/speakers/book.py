"""The speakers by the names that find them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.names.compared import Name, body, initials, person, same_person, spelled
from onrecord.pipeline.names.spelling import folded, misprint_keys, misprinted, sounded
from onrecord.pipeline.speakers.across import ENGLISH, Across
from onrecord.pipeline.speakers.bearers import Bearers, Family, Speaker, likeliest

_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "mister", "mx", "dr"})
"""Forms of address: alone they describe nobody."""


class Told(NamedTuple):
    """One name as one article gives it, and to how many quotations; `language` is the article's."""

    article: str
    outlet: str | None
    name: str
    kind: str
    quotations: int
    language: str | None = None


class Book:
    """The speakers by the names that find them."""

    def __init__(
        self, speakers: pl.DataFrame, quotations: pl.DataFrame, articles: pl.DataFrame
    ) -> None:
        self.speakers: dict[str, Speaker] = {}
        self._names: dict[Name, dict[str, Speaker]] = {}
        self._beside: dict[Name, dict[str, Speaker]] = {}
        self._spelled: dict[str, Bearers] = {}
        self._families: dict[str, Family] = {}
        self._nearly: dict[str, list[str]] = {}
        self._bodies: dict[str, Speaker] = {}
        self._initials: dict[str, dict[str, Speaker]] = {}
        used, outlets = _used(quotations, articles)
        self._across = Across(_languages(quotations, articles))
        for row in speakers.sort("speaker_id").iter_rows(named=True) if speakers.height else ():
            one = Speaker(row["speaker_id"], row["kind"], "")
            # An alias that no quotation bears any more still finds its speaker.
            one.spellings.update(dict.fromkeys(row["aliases"], 0))
            one.spellings.update(used.get(one.speaker_id, {}))
            one.descriptors.update(
                {
                    text: len(row["descriptors"]) - at
                    for at, text in enumerate(row["descriptors"])
                    if describes(text)
                }
            )
            one.outlets.update(outlets.get(one.speaker_id, {}))
            one.articles = max(1, one.outlets.total())
            told = [alias for alias in row["aliases"] if one.spellings[alias]]
            self._enter(one, told or row["aliases"])
            self._enter(one, row["aliases"], beside=bool(told))

    def print_beside(self, mentions: Iterable[tuple[str, str, int]]) -> None:
        """Count the names that are printed beside the words of the speakers, misprints included.

        Only what can be a spelling of the speaker's name counts: an owner, a body or another's name
        may stand there too.
        """
        for speaker_id, beside in groupby(mentions, key=lambda row: row[0]):
            one = self.speakers.get(speaker_id)
            if one is None:
                continue
            told = _told(one)
            for _, mention, count in beside:
                name = spelled(mention)
                if name is not None and told(name):
                    one.printed[name] += count

    def speaker(self, told: Told) -> Speaker:
        """The speaker whom `told` names: one known, or a new one."""
        if told.kind == "person":
            name = person(told.name)
            assert name is not None  # noqa: S101 - _told lets no other pass
            found = self._person(name, told)
        else:
            found = self._body(told)
        found.spellings[told.name] += told.quotations
        found.told_in(told.outlet)
        self._enter(found, [told.name])
        if told.kind == "person":
            self._across.told(found, told.name, told.language)
        return found

    def _enter(self, one: Speaker, spellings: Iterable[str], *, beside: bool = False) -> None:
        self.speakers[one.speaker_id] = one
        for spelling in spellings:
            if one.kind == "person":
                name = person(spelling)
                held = one.beside if beside else one.names
                if name and name not in held:
                    held.add(name)
                    found = self._beside if beside else self._names
                    found.setdefault(name, {})[one.speaker_id] = one
                    exact = self._spelled.setdefault(name.family, Bearers())
                    one.bears(name, exact, self._family(sounded(name.family)), told=not beside)
            else:
                key = body(spelling)
                self._bodies.setdefault(key, one)
                if " " in key:
                    self._initials.setdefault(initials(key), {})[one.speaker_id] = one

    def _person(self, name: Name, told: Told) -> Speaker:
        family = self._families.get(sounded(name.family))
        if name.full:
            meant = (
                self._names.get(name, {}).values()
                or self._beside.get(name, {}).values()
                or (family and family.fitting(name))
                # A misprinted family name needs the given name as printed.
                or [one for near in self._misprints(name) for one in near.called(name)]
            )
            if not meant:
                across = self._across.meant(told.name, told.language, self.speakers)
                return across or self._found(name.key, "person", told)
            return self._of_several(meant, told) or self._found(
                name.key, "person", told, told.article
            )
        fitting = self._spelled.get(name.family) or family or self._nearest(name)
        if fitting is None:
            return self._found(name.key, "person", told)
        if name.generation:
            fitting = _bearers(
                one for one in fitting.speakers.values() if one.fits(sounded(name.family), name)
            )
        best = fitting.meant(told.outlet)
        if best is not None:
            return best
        return self._found(name.key, "person", told, told.article)

    def _of_several(self, meant: Iterable[Speaker], told: Told) -> Speaker | None:
        """The likeliest of those whom a full name can mean; None where several people, and nobody tells which."""
        full = [one for one in meant if one.full]
        if len(full) < 2:
            return likeliest(meant)
        return _bearers(full).meant(told.outlet)

    def _family(self, sound: str) -> Family:
        if sound not in self._families:
            self._families[sound] = Family(sound)
            for key in misprint_keys(sound):
                self._nearly.setdefault(key, []).append(sound)
        return self._families[sound]

    def _misprints(self, name: Name) -> list[Family]:
        printed = sounded(name.family)
        families = {
            family for key in misprint_keys(printed) for family in self._nearly.get(key, ())
        }
        return [
            self._families[family] for family in sorted(families) if misprinted(family, printed)
        ]

    def _nearest(self, name: Name) -> Bearers | None:
        """All bearers of family names of which the name may be a misprint."""
        near = self._misprints(name)
        made = _bearers(one for family in near for one in family.speakers.values())
        return made if made.speakers else None

    def _body(self, told: Told) -> Speaker:
        key = body(told.name)
        if key in self._bodies:
            return self._bodies[key]
        letters = key.replace(" ", "")
        if is_short(told.name):
            sharing = self._initials.get(letters, {})
            if len(sharing) == 1:
                return next(iter(sharing.values()))
        elif " " in key and initials(key) in self._bodies:
            short = self._bodies[initials(key)]
            # Letters that stand for one body already stand for no other.
            if all(spelling.isupper() for spelling in short.spellings):
                return short
        return self._found(key, told.kind, told)

    def _found(self, key: str, kind: str, told: Told, article: str | None = None) -> Speaker:
        identity = ids.digest("speaker", key, article)
        if identity in self.speakers:
            return self.speakers[identity]
        return Speaker(identity, kind, key)


def is_short(name: str) -> bool:
    """Whether a body's name is its initials."""
    spelled = name.replace("the ", "").replace(".", "").replace(" ", "")
    return spelled.isupper() and len(body(name).replace(" ", "")) >= 2


def _bearers(speakers: Iterable[Speaker]) -> Bearers:
    made = Bearers()
    for one in speakers:
        made.add(one)
    return made


def _told(one: Speaker) -> Callable[[str], bool]:
    """Whether what is printed can be a spelling of a name that is told of a speaker."""
    told = [spelling for spelling, count in one.spellings.items() if count] or list(one.spellings)
    if one.kind == "person":
        known = dict.fromkeys(each for each in map(person, told) if each is not None)
        # 'Bruno Holm' is no spelling of one who is told as Anna Holm, though Holm is told too.
        known = {each: None for each in known if each.full} or known

        def persons(printed: str) -> bool:
            name = person(printed)
            return name is not None and (
                name in known or any(same_person(name, each) for each in known)
            )

        return persons
    keys = {body(spelling): None for spelling in told}
    short = {initials(key) for key in keys}

    def bodys(printed: str) -> bool:
        key = body(printed)
        return bool(key) and (
            key in keys
            or (printed.isupper() and key.replace(" ", "") in short)
            or any(misprinted(sounded(each), sounded(key)) for each in keys)
        )

    return bodys


def _used(
    quotations: pl.DataFrame, articles: pl.DataFrame
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str | None]]]:
    """How many quotations bear each spelling of a speaker, and how many articles of each outlet quote
    the speaker."""
    used: dict[str, Counter[str]] = {}
    outlets: dict[str, Counter[str | None]] = {}
    borne = quotations.drop_nulls(["speaker_id", "name"]).group_by("speaker_id", "name")
    for speaker_id, name, count in borne.len().iter_rows():
        used.setdefault(speaker_id, Counter())[name] = count
    quoting = quotations.select("speaker_id", "article_id").drop_nulls().unique()
    told = quoting.join(articles.select("article_id", "outlet"), on="article_id", how="left")
    for speaker_id, outlet, count in told.group_by("speaker_id", "outlet").len().iter_rows():
        outlets.setdefault(speaker_id, Counter())[outlet] = count
    return used, outlets


def _languages(
    quotations: pl.DataFrame, articles: pl.DataFrame
) -> Iterable[tuple[str, str, str | None]]:
    """(speaker_id, name, language) of the names told, where any article is in another language than English."""
    if "language" not in articles.columns or not quotations.height:
        return []
    if not articles["language"].fill_null(ENGLISH).ne(ENGLISH).any():
        return []
    named = quotations.select("speaker_id", "article_id", "name").drop_nulls()
    told = named.join(articles.select("article_id", "language"), on="article_id", how="left")
    return told.select("speaker_id", "name", "language").unique(maintain_order=True).rows()


def describes(descriptor: str) -> bool:
    """Whether a descriptor tells something of a speaker: a form of address alone does not."""
    return folded(descriptor).strip(" .") not in {"", *_ADDRESS}
