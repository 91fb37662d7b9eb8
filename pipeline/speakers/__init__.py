"""One person or body from many spellings, across articles and runs.

A speaker is founded by a name and keeps the identity for good. Names are resolved fullest first: a
full name joins the speaker whose family name sounds the same and whose given name fits; a family
name alone joins the one full name that it can mean, in the whole record or, where several can, in
the article's outlet. What stays ambiguous is a speaker of that article alone: two people are never
made one on the strength of a common surname.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from pipeline import contracts, ids
from pipeline.speakers.names import (
    Name,
    body,
    folded,
    initials,
    misprinted,
    person,
    same_family,
    same_given,
    same_person,
    sounded,
    spelled,
)

__all__ = ["Resolved", "resolve"]

_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "mister", "mx", "dr"})
"""Forms of address: alone they describe nobody."""

_DOMINANT = 0.8
"""Share of a family name's articles that makes one bearer the one meant where the article does not
tell."""


class Resolved(NamedTuple):
    """`speakers` new or changed (SPEAKERS), and (quotation_id, speaker_id) of each quotation with
    one."""

    speakers: pl.DataFrame
    quotation_speakers: pl.DataFrame


class _Speaker:
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


class _Told(NamedTuple):
    """One name as one article gives it."""

    article: str
    outlet: str | None
    name: str
    kind: str
    quotations: tuple[str, ...]


def resolve(
    quotations: pl.DataFrame,
    mentions: pl.DataFrame,
    articles: pl.DataFrame,
    known_speakers: pl.DataFrame,
    known_quotations: pl.DataFrame,
) -> Resolved:
    """Speakers of `quotations` (QUOTATIONS with name, speaker_kind and, where there is one, mention),
    joined to those known where they are known.

    `articles` gives outlet and date, `mentions` the descriptors, `known_quotations` how often each
    spelling was used. Aliases are the names told and those printed beside the words, misprints
    included: nobody is found by the latter in the run that meets them first. A quotation
    without a name, or whose speaker is unnamed, has no speaker.
    """
    told = _told(quotations, articles)
    book = _Book(known_speakers, known_quotations, articles)
    of_article = {
        (one.article, one.name): book.speaker(one) for one in sorted(told, key=_fullest_first)
    }
    assigned = [
        (quotation, of_article[one.article, one.name].speaker_id)
        for one in told
        for quotation in one.quotations
    ]
    pairs = pl.DataFrame(
        assigned,
        schema={"quotation_id": pl.String(), "speaker_id": pl.String()},
        orient="row",
    ).sort("quotation_id")
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


def _told(quotations: pl.DataFrame, articles: pl.DataFrame) -> list[_Told]:
    named = (
        quotations.filter(
            pl.col("name").is_not_null()
            & (pl.col("name").str.strip_chars() != "")
            & (pl.col("speaker_kind").fill_null("person") != "unnamed")
        )
        .join(articles.select("article_id", "outlet"), on="article_id", how="left")
        .with_columns(pl.col("speaker_kind").fill_null("person"))
    )
    # One article may tag a name in two ways, and a name has one kind across articles.
    kinds = (
        named.group_by("name", "speaker_kind")
        .len()
        .sort("len", "speaker_kind", descending=[True, False])
        .unique("name", keep="first")
        .select("name", pl.col("speaker_kind").alias("kind"))
    )
    rows = (
        named.join(kinds, on="name", how="left")
        .group_by("article_id", "name")
        .agg(pl.col("outlet").first(), pl.col("kind").first(), pl.col("quotation_id").sort())
        .sort("article_id", "name")
    )
    return [
        _Told(article, outlet, name, kind, tuple(quoted))
        for article, name, outlet, kind, quoted in rows.iter_rows()
        if (person(name) if kind == "person" else body(name))
    ]


def _fullest_first(one: _Told) -> tuple[int, str, str]:
    name = person(one.name) if one.kind == "person" else None
    return (-len(name.given) if name else 0, folded(one.name), one.article)


class _Book:
    """The speakers by the names that find them."""

    def __init__(
        self, speakers: pl.DataFrame, quotations: pl.DataFrame, articles: pl.DataFrame
    ) -> None:
        self.speakers: dict[str, _Speaker] = {}
        self._families: dict[str, list[_Speaker]] = {}
        self._bodies: dict[str, _Speaker] = {}
        self._initials: dict[str, list[_Speaker]] = {}
        used, outlets = _used(quotations, articles)
        for row in speakers.sort("speaker_id").iter_rows(named=True) if speakers.height else ():
            one = _Speaker(row["speaker_id"], row["kind"], "")
            # An alias that no quotation bears any more still finds its speaker.
            one.spellings.update(dict.fromkeys(row["aliases"], 0))
            one.spellings.update(used.get(one.speaker_id, {}))
            one.descriptors.update(
                {
                    text: len(row["descriptors"]) - at
                    for at, text in enumerate(row["descriptors"])
                    if _describes(text)
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

    def speaker(self, told: _Told) -> _Speaker:
        """The speaker whom `told` names: one known, or a new one."""
        if told.kind == "person":
            name = person(told.name)
            assert name is not None  # noqa: S101 - _told lets no other pass
            found = self._person(name, told)
        else:
            found = self._body(told)
        found.spellings[told.name] += len(told.quotations)
        found.outlets[told.outlet] += 1
        found.articles += 1
        self._enter(found, [told.name])
        return found

    def _enter(self, one: _Speaker, spellings: Iterable[str], *, beside: bool = False) -> None:
        self.speakers[one.speaker_id] = one
        for spelling in spellings:
            if one.kind == "person":
                name = person(spelling)
                held = one.beside if beside else one.names
                if name and name not in held:
                    held.add(name)
                    bearers = self._families.setdefault(sounded(name.family), [])
                    if one not in bearers:
                        bearers.append(one)
            else:
                key = body(spelling)
                self._bodies.setdefault(key, one)
                if " " in key:
                    sharing = self._initials.setdefault(initials(key), [])
                    if one not in sharing:
                        sharing.append(one)

    def _person(self, name: Name, told: _Told) -> _Speaker:
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

    def _misprints(self, name: Name) -> list[_Speaker]:
        return [
            one
            for family, bearers in self._families.items()
            if misprinted(family, sounded(name.family))
            for one in bearers
        ]

    def _body(self, told: _Told) -> _Speaker:
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

    def _found(self, key: str, kind: str, told: _Told, article: str | None = None) -> _Speaker:
        identity = ids.digest("speaker", key, article)
        if identity in self.speakers:
            return self.speakers[identity]
        return _Speaker(identity, kind, key)


def _spells(printed: str, one: _Speaker) -> bool:
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


def _of_family(family: str, one: _Speaker) -> bool:
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


def _fits(name: Name, one: _Speaker, *, strict: bool = False) -> bool:
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


def _likeliest(fitting: list[_Speaker]) -> _Speaker:
    return min(fitting, key=lambda one: (-one.articles, one.speaker_id))


def _meant(fitting: list[_Speaker], outlet: str | None) -> _Speaker | None:
    if len(fitting) == 1:
        return fitting[0]
    best = _likeliest(fitting)
    if best.articles >= _DOMINANT * sum(one.articles for one in fitting):
        return best
    of_outlet = [one for one in fitting if outlet is not None and one.outlets[outlet]]
    return of_outlet[0] if len(of_outlet) == 1 else None


def _descriptors(mentions: pl.DataFrame, of_article: dict[tuple[str, str], _Speaker]) -> set[str]:
    """Count the descriptors that stand beside a speaker's name; the identities of speakers so
    touched."""
    touched: set[str] = set()
    told = mentions.drop_nulls("descriptor").select("article_id", "name", "descriptor")
    for article, name, descriptor in told.sort("article_id", "name", "descriptor").iter_rows():
        found = of_article.get((article, name))
        if found is not None and _describes(descriptor):
            found.descriptors[descriptor.strip()] += 1
            touched.add(found.speaker_id)
    return touched


def _describes(descriptor: str) -> bool:
    return folded(descriptor).strip(" .") not in {"", *_ADDRESS}


def _rows(
    book: _Book,
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
    held = {row["speaker_id"]: row for row in known.iter_rows(named=True)}
    changed = [row for row in rows if held.get(row["speaker_id"]) != row]
    return pl.DataFrame(changed, schema=contracts.SPEAKERS.schema)


def _most_used(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda text: (-counted[text], text))


def _aliases(one: _Speaker) -> list[str]:
    # A name told is as a rule printed somewhere in the article, though beside the words it may be a
    # pronoun; where both are counted the more counts.
    both = {*one.spellings, *one.printed}
    return _most_used(Counter({text: max(one.spellings[text], one.printed[text]) for text in both}))


def _shown(one: _Speaker) -> str:
    """The most used full spelling, without its titles where the print has it so."""

    def rank(spelling: str) -> tuple[bool, int, str]:
        name = person(spelling) if one.kind == "person" else None
        full = name.full if name else one.kind != "person" and not spelling.isupper()
        return (not full, -one.spellings[spelling], spelling)

    # A spelling that is only printed beside the words names nobody.
    told = [spelling for spelling, count in one.spellings.items() if count] or one.spellings
    return min(told, key=rank)
