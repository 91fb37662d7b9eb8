"""People: who is named in an article, under all the forms of the name, and what each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from onrecord.pipeline.languages.claimants.claimant import BODY, ROLE, Candidate
from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.names.given_names import is_given, leaning_of
from onrecord.pipeline.names.spelling import folded

_SHARED: Final = 3
_ENDING: Final = 3
# Given names of men that end as those of women do.
_MEN: Final = frozenset(
    {
        "микола",
        "ілля",
        "сава",
        "кузьма",
        "лука",
        "микита",
        "данила",
        "яша",
        "саша",
        "женя",
        "никита",
        "илья",
    }
    | {
        "савва",
        "фома",
        "миша",
        "паша",
        "коля",
        "kuba",
        "barnaba",
        "andrea",
        "luca",
        "nicola",
        "mattia",
        "elia",
    }
)


@dataclass(slots=True)
class Person:
    """Somebody whom the article names; `place` is where in `People.all`."""

    variants: list[tuple[str, ...]]
    kind: str
    place: int
    gender: str | None = None
    heads: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The fullest form; of an inflected one the shortest of each word, which is the base form as a rule."""
        longest = max(len(form) for form in self.variants)
        forms = [form for form in self.variants if len(form) == longest]
        return " ".join(min((form[at] for form in forms), key=len) for at in range(longest))

    def is_called(self, names: Sequence[str]) -> bool:
        """Whether a name as printed can be this one's."""
        return any(_same(form, names) for form in self.variants)


class People:
    """The people of an article's paragraphs in one language."""

    def __init__(self, pack: Pack, phrases: Iterable[Sequence[Candidate]]) -> None:
        self.pack = pack
        self.all: list[Person] = []
        # The places in `all` of those whose first or last name begins so: `alike` asks for as much.
        self._by_beginning: dict[str, dict[int, None]] = {}
        named = [one for phrase in phrases for one in phrase if one.names]
        # Names that stand alone, as a subject does.
        self._alone = {
            folded(one.names[0]) for one in named if len(one.names) == 1 and not one.governed
        }
        # The full names first: a surname alone is somebody's whom the article names in full, before or after it.
        for one in sorted(named, key=lambda one: -len(one.names)):
            heed()
            self._add(one)

    def _add(self, one: Candidate) -> None:
        names = self._bare(one.names)
        if one.kind == BODY or not one.sure:
            return
        known = self._known(names)
        told = one.kind == ROLE or one.gender is not None or one.head is not None
        if known is None and (told or (len(names) > 1 and not self._may_be_place(one))):
            known = Person([], "person", len(self.all))
            self.all.append(known)
        if known is None:
            return
        if names not in known.variants:
            known.variants.append(names)
            for name in (names[0], names[-1]):
                self._by_beginning.setdefault(_beginning(name), {})[known.place] = None
        if one.head is not None:
            # An age tells that it is a person, and nothing of what.
            words = (word for word in one.head.split() if not word.isdigit())
            known.heads.update(map(self.bare_head, words))
        gender = one.gender
        if gender is None and (len(names) > 1 or one.head is not None):
            gender = self._of_given(names[0], based=one.first == 0)
        known.gender = known.gender or gender

    def _may_be_place(self, one: Candidate) -> bool:
        """Whether a name behind a preposition begins as no person's does: "de Puerto Alcaudón"."""
        if not one.governed or self.pack.inflected or self.pack.script != "cased":
            return False
        alone = self._alone & {folded(one.names[0]), folded(one.names[-1])}
        return not alone and not is_given(one.names[0].lower())

    def _bare(self, names: Sequence[str]) -> tuple[str, ...]:
        """Without the suffix that an apostrophe sets apart: "Bilgiçer'e"."""
        if self.pack.elides or self.pack.name in ("Ukrainian",):
            return tuple(names)
        return tuple(name.split("'")[0].split("\u2019")[0] or name for name in names)

    def _known(self, names: Sequence[str]) -> Person | None:
        near = self._by_beginning.get(_beginning(names[-1]), {})
        found = [self.all[place] for place in sorted(near) if self.all[place].is_called(names)]
        return found[0] if len(found) == 1 or (found and len(names) > 1) else None

    def bare_head(self, word: str) -> str:
        """What somebody is without the article that Arabic writes together with it."""
        return word.removeprefix("ال") if self.pack.script == "arabic" else word

    def named(self, names: Sequence[str]) -> Person | None:
        """Who bears a name as printed; None where nobody or more than one may."""
        bare = self._bare(names)
        found = self._known(bare)
        # "Agencji Meridian Karpierz": the last word alone may be somebody's.
        return found if found is not None or len(bare) < 2 else self._known(bare[-1:])

    def in_role(self, head: str, gender: str | None) -> Person | None:
        """Who is what a word says; None where nobody, or more than one, is."""
        found = self.in_roles(head, gender)
        return found[0] if len(found) == 1 else None

    def in_roles(self, head: str, gender: str | None, *, exactly: bool = False) -> list[Person]:
        """All who are what a word says; `exactly` by that word, and by none that is said of the same people."""
        are = alike if exactly else self.are_forms
        bare = self.bare_head(head)
        return [
            person
            for person in self.all
            if any(are(bare, other) for other in person.heads) and agree(person.gender, gender)
        ]

    def only(self, gender: str | None, other: Person | None) -> Person | None:
        """The one person of the article who is of a gender, `other` aside; None where anybody else may be."""
        of = [one for one in self.all if one is not other and agree(one.gender, gender)]
        return of[0] if len(of) == 1 and of[0].gender == gender else None

    def are_forms(self, one: str, two: str) -> bool:
        """Whether two words say the same of somebody: forms of one, or what the language calls alike."""
        return alike(one, two) or self.pack.are_same(one, two)

    def _of_given(self, given: str, *, based: bool) -> str | None:
        """The gender that a given name tells; `based` where it stands in its base form, as a subject does."""
        low = given.lower()
        if not self.pack.inflected:
            return leaning_of(low)
        if low in _MEN:
            return "male"
        if low[-1:] not in "aаяії":
            return "male" if low[-1:] not in "oeuyiоеуюиій" else None
        return "female" if based else None


def agree(one: str | None, two: str | None) -> bool:
    """Whether two genders may be one person's."""
    return one is None or two is None or one == two


def _beginning(name: str) -> str:
    return folded(name)[:_SHARED]


def alike(one: str, two: str) -> bool:
    """Whether two words may be forms of one: equal, or equal but for an ending of up to three letters."""
    one, two = folded(one), folded(two)
    if one == two:
        return True
    shared = next((i for i, (x, y) in enumerate(zip(one, two, strict=False)) if x != y), None)
    at = min(len(one), len(two)) if shared is None else shared
    return (
        at >= max(_SHARED, min(len(one), len(two)) - 2) and max(len(one), len(two)) - at <= _ENDING
    )


def _same(form: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a shorter or equal name is a form of a fuller one: by family names, then by given names."""
    if not alike(form[-1], names[-1]):
        # A given name alone, of somebody who is named in full.
        return len(names) == 1 and len(form) > 1 and alike(form[0], names[0])
    if len(form) == 1 or len(names) == 1:
        return True
    one, two = folded(form[0]), folded(names[0])
    return alike(form[0], names[0]) or (min(len(one), len(two)) <= 2 and one[0] == two[0])
