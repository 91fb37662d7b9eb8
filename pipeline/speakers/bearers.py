"""The speakers who bear one family name, found by their given names without a look at all of them."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from onrecord.pipeline.names.compared import (
    Name,
    given_keys,
    given_sought,
    same_bearer,
    same_given,
)

_DOMINANT = 0.8
"""Share of a family name's articles that makes one bearer the one meant where the article does not
tell."""

_FEW = 16
"""So many bearers are looked at one by one."""


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
        self.full: dict[str, dict[str, dict[Name, set[Name]]]] = {}
        """The full names told: by the sound of the family name, the first given name, and what else tells."""
        self.bearing: dict[str, Bearers] = {}
        self.families: dict[str, Family] = {}

    @property
    def rank(self) -> tuple[int, str]:
        """The least is the likeliest of several."""
        return (-self.articles, self.speaker_id)

    def told_in(self, outlet: str | None) -> None:
        """Count one more article."""
        self.outlets[outlet] += 1
        self.articles += 1
        for bearers in (*self.bearing.values(), *self.families.values()):
            bearers.told_in(self, outlet)

    def bears(self, name: Name, exact: Bearers, family: Family, *, told: bool) -> None:
        """Take a name more, with who else has the family name as it stands, and by its sound.

        Whatever all names together tell is found in every family of the speaker.
        """
        if told and name.full:
            of_family = self.full.setdefault(family.sound, {})
            alike = of_family.setdefault(name.given[0], {})
            alike.setdefault(name.telling, set()).add(name)
        self.bearing[name.family] = exact
        self.families[family.sound] = family
        exact.add(self)
        family.add(self)
        if told and name.full:
            for other in self.families.values():
                other.named(self, family.sound, name.given)

    def fits(self, family: str, name: Name) -> bool:
        """Whether every full name told allows it: 'J. Hale' fits 'John', but not a speaker who is also 'Jane'."""
        return all(
            # Where the first ones are alike, little of what follows tells: one may have thousands.
            all(same_bearer(known, name) for known in told)
            if same_given((first,), name.given[:1])
            else all(same_bearer(known, name) for names in told.values() for known in names)
            for first, told in self.full.get(family, {}).items()
        )


class Bearers:
    """The speakers found by one family name, the likeliest of them, and who is meant where nothing else tells."""

    def __init__(self) -> None:
        self.speakers: dict[str, Speaker] = {}
        self._articles = 0
        self._best: Speaker | None = None
        self._of_outlet: dict[str, dict[str, Speaker]] = {}

    def add(self, one: Speaker) -> None:
        """One bearer more, or one who is there already."""
        if one.speaker_id in self.speakers:
            return
        self.speakers[one.speaker_id] = one
        self._articles += one.articles
        self._rank(one)
        for outlet, articles in one.outlets.items():
            if articles:
                self._of(one, outlet)

    def told_in(self, one: Speaker, outlet: str | None) -> None:
        """Count one more article of a bearer, who has counted it."""
        self._articles += 1
        self._rank(one)
        self._of(one, outlet)

    def meant(self, outlet: str | None) -> Speaker | None:
        """Whom a bare family name means: the only one, the one of nearly all articles, the only one of the outlet."""
        best = self._best
        if best is not None and (
            len(self.speakers) == 1 or best.articles >= _DOMINANT * self._articles
        ):
            return best
        of_outlet = self._of_outlet.get(outlet, {}) if outlet is not None else {}
        return next(iter(of_outlet.values())) if len(of_outlet) == 1 else None

    def _rank(self, one: Speaker) -> None:
        if self._best is None or one.rank < self._best.rank:
            self._best = one

    def _of(self, one: Speaker, outlet: str | None) -> None:
        if outlet is not None:
            self._of_outlet.setdefault(outlet, {})[one.speaker_id] = one


class Family(Bearers):
    """The bearers of all family names of one sound, by their given names as well."""

    def __init__(self, sound: str) -> None:
        super().__init__()
        self.sound = sound
        self._given: dict[str, dict[str, Speaker]] | None = None
        self._loose: dict[str, Speaker] = {}
        self._likeliest: list[tuple[int, str]] = []

    def add(self, one: Speaker) -> None:
        """One bearer more, or one who is there already."""
        if one.speaker_id in self.speakers:
            return
        super().add(one)
        if self.sound not in one.full:
            self._loosely(one)
        if self._given is not None:
            self._index(one)
        elif len(self.speakers) > _FEW:
            self._given = {}
            for bearer in self.speakers.values():
                self._index(bearer)

    def named(self, one: Speaker, sound: str, given: tuple[str, ...]) -> None:
        """Note a full name told of a bearer: its given names, and the sound of its family name."""
        if sound == self.sound:
            self._loose.pop(one.speaker_id, None)
        if self._given is not None:
            for key in self._keys(sound, given):
                self._given.setdefault(key, {})[one.speaker_id] = one

    def told_in(self, one: Speaker, outlet: str | None) -> None:
        """Count one more article of a bearer, who has counted it."""
        super().told_in(one, outlet)
        if one.speaker_id in self._loose:
            self._loosely(one)

    def fitting(self, name: Name) -> list[Speaker]:
        """Those whom a full name can mean, the likeliest among them."""
        loose = self._likeliest_loose()
        fit = [one for one in self._sought(given_sought(name.given)) if one.fits(self.sound, name)]
        return fit if loose is None else [*fit, loose]

    def called(self, name: Name) -> list[Speaker]:
        """Those who have a full name, of whatever family, with the first given name as it stands."""
        first = name.given[0]
        return [
            one
            for one in self._sought([_as_printed(first)])
            if any(first in told for told in one.full.values())
            and all(
                same_bearer(known, name)
                for told in one.full.values()
                for known in told.get(first, ())
            )
        ]

    def _sought(self, keys: Iterable[str]) -> Iterator[Speaker]:
        if self._given is None:
            yield from self.speakers.values()
            return
        given = self._given
        found = {identity: one for key in keys for identity, one in given.get(key, {}).items()}
        yield from found.values()

    def _index(self, one: Speaker) -> None:
        for sound, told in one.full.items():
            for names in (names for alike in told.values() for names in alike.values()):
                for name in names:
                    self.named(one, sound, name.given)

    def _keys(self, sound: str, given: tuple[str, ...]) -> set[str]:
        return {_as_printed(given[0]), *(given_keys(given) if sound == self.sound else ())}

    def _loosely(self, one: Speaker) -> None:
        """Note one who is told by no full name of the family: any fits."""
        self._loose[one.speaker_id] = one
        heapq.heappush(self._likeliest, one.rank)

    def _likeliest_loose(self) -> Speaker | None:
        while self._likeliest:
            rank = self._likeliest[0]
            one = self._loose.get(rank[1])
            if one is not None and one.rank == rank:
                return one
            heapq.heappop(self._likeliest)
        return None


def _as_printed(first: str) -> str:
    return f"={first}"


def likeliest(fitting: Iterable[Speaker]) -> Speaker:
    """The one whom most articles quote."""
    return min(fitting, key=lambda one: one.rank)
