"""The speakers by the names that find them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.names.compared import (
    Name,
    body,
    folded,
    initials,
    misprint_keys,
    misprinted,
    person,
    same_family,
    same_given,
    same_person,
    sounded,
    spelled,
)

_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "mister", "mx", "dr"})
"""Forms of address: alone they describe nobody."""

_DOMINANT = 0.8
"""Share of a family name's articles that makes one bearer the one meant where the article does not
tell."""


class Speaker:
    """A speaker while names are being resolved.

    `names` are told by articles; those `beside` are only printed beside the words, misprints among
    them: they find the speaker where no name told does, and say nothing on who else it may be.
    """

    def __init__(self, speaker_id: str, kind: str, key: str) -> None:
        self.speaker_id = speaker_id
        self.kind = kind
        self.key = key
        self.spellings: Counter[str] = Counter()
        self.printed: Counter[str] = Counter()
        self.descriptors: Counter[str] = Counter()
        self.outlets: Counter[str | None] = Counter()
        self.articles = 0
        self.names: set[Name] = set()
        self.beside: set[Name] = set()


class Told(NamedTuple):
    """One name as one article gives it, and to how many quotations."""

    article: str
    outlet: str | None
    name: str
    kind: str
    quotations: int


class Book:
    """The speakers by the names that find them."""

    def __init__(
        self, speakers: pl.DataFrame, quotations: pl.DataFrame, articles: pl.DataFrame
    ) -> None:
        self.speakers: dict[str, Speaker] = {}
        self._families: dict[str, list[Speaker]] = {}
        self._nearly: dict[str, list[str]] = {}
        self._bodies: dict[str, Speaker] = {}
        self._initials: dict[str, list[Speaker]] = {}
        used, outlets = _used(quotations, articles)
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
        for speaker_id, mention, count in mentions:
            one = self.speakers.get(speaker_id)
            name = spelled(mention)
            if one is not None and name is not None and _spells(name, one):
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
        found.outlets[told.outlet] += 1
        found.articles += 1
        self._enter(found, [told.name])
        return found

    def _enter(self, one: Speaker, spellings: Iterable[str], *, beside: bool = False) -> None:
        self.speakers[one.speaker_id] = one
        for spelling in spellings:
            if one.kind == "person":
                name = person(spelling)
                held = one.beside if beside else one.names
                if name and name not in held:
                    held.add(name)
                    bearers = self._bearers(sounded(name.family))
                    if one not in bearers:
                        bearers.append(one)
            else:
                key = body(spelling)
                self._bodies.setdefault(key, one)
                if " " in key:
                    sharing = self._initials.setdefault(initials(key), [])
                    if one not in sharing:
                        sharing.append(one)

    def _person(self, name: Name, told: Told) -> Speaker:
        bearers = self._families.get(sounded(name.family), [])
        if name.full:
            meant = (
                [one for one in bearers if name in one.names]
                or [one for one in bearers if name in one.beside]
                or [one for one in bearers if _fits(name, one)]
                or [one for one in self._misprints(name) if _fits(name, one, strict=True)]
            )
            return _likeliest(meant) if meant else self._found(name.key, "person", told)
        exact = [one for one in bearers if _of_family(name.family, one)]
        fitting = exact or bearers or self._misprints(name)
        if not fitting:
            return self._found(name.key, "person", told)
        best = _meant(fitting, told.outlet)
        if best is not None:
            return best
        return self._found(name.key, "person", told, told.article)

    def _bearers(self, family: str) -> list[Speaker]:
        if family not in self._families:
            self._families[family] = []
            for key in misprint_keys(family):
                self._nearly.setdefault(key, []).append(family)
        return self._families[family]

    def _misprints(self, name: Name) -> list[Speaker]:
        printed = sounded(name.family)
        families = {
            family for key in misprint_keys(printed) for family in self._nearly.get(key, ())
        }
        return [
            one
            for family in sorted(families)
            if misprinted(family, printed)
            for one in self._families[family]
        ]

    def _body(self, told: Told) -> Speaker:
        key = body(told.name)
        if key in self._bodies:
            return self._bodies[key]
        letters = key.replace(" ", "")
        spelled = told.name.replace("the ", "").replace(".", "").replace(" ", "")
        if spelled.isupper() and len(letters) >= 2:
            sharing = self._initials.get(letters, [])
            if len(sharing) == 1:
                return sharing[0]
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


def _spells(printed: str, one: Speaker) -> bool:
    told = [spelling for spelling, count in one.spellings.items() if count] or list(one.spellings)
    if one.kind == "person":
        name = person(printed)
        known = [each for each in map(person, told) if each is not None]
        # 'Bruno Holm' is no spelling of one who is told as Anna Holm, though Holm is told too.
        known = [each for each in known if each.full] or known
        return name is not None and any(same_person(name, each) for each in known)
    key = body(printed)
    keys = {body(spelling) for spelling in told}
    return bool(key) and (
        key in keys
        or (printed.isupper() and any(initials(each) == key.replace(" ", "") for each in keys))
        or any(misprinted(each, key) for each in keys)
    )


def _of_family(family: str, one: Speaker) -> bool:
    return any(known.family == family for known in one.names | one.beside)


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


def _fits(name: Name, one: Speaker, *, strict: bool = False) -> bool:
    full = [known for known in one.names if known.full]
    if not full:
        return not strict
    if strict:
        # A misprinted family name needs the given name as printed.
        return any(known.given[0] == name.given[0] for known in full)
    # Every full spelling has to allow it: 'J. Hale' fits 'John' but not a speaker who is also
    # 'Jane'.
    return all(
        same_family(known.family, name.family) and same_given(known.given, name.given)
        for known in full
        if same_family(known.family, name.family)
    )


def _likeliest(fitting: list[Speaker]) -> Speaker:
    return min(fitting, key=lambda one: (-one.articles, one.speaker_id))


def _meant(fitting: list[Speaker], outlet: str | None) -> Speaker | None:
    if len(fitting) == 1:
        return fitting[0]
    best = _likeliest(fitting)
    if best.articles >= _DOMINANT * sum(one.articles for one in fitting):
        return best
    of_outlet = [one for one in fitting if outlet is not None and one.outlets[outlet]]
    return of_outlet[0] if len(of_outlet) == 1 else None


def describes(descriptor: str) -> bool:
    """Whether a descriptor tells something of a speaker: a form of address alone does not."""
    return folded(descriptor).strip(" .") not in {"", *_ADDRESS}
