"""Whom: which person a name, a role, a pronoun or a subject that is left out means.

Who came into view, line by line, is remembered; whoever spoke last comes before who was only named. Where more than
one may be meant nobody is: the speaker before is nobody's evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages.attributions import Attribution
from onrecord.pipeline.languages.claimants.claimant import (
    BODY,
    NAME,
    NOBODY,
    PRONOUN,
    ROLE,
    Candidate,
)
from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.people import People, Person, agree, alike

_PARAGRAPHS: Final = 2
_NEAR_BODY: Final = 1


class Who(NamedTuple):
    """Who says something, and how that was found."""

    mention: tuple[int, int] | None
    name: str | None
    kind: str | None
    unresolved: str | None
    how: str
    person: Person | None = None
    gender: str | None = None


UNTOLD: Final = Who(None, None, None, "no_mention", "none")


class _Seen(NamedTuple):
    """Who came into view in a line: a person, else a body, else somebody whom the article does not name.

    `behind` tells that a preposition stood before: such a one is less likely to be spoken of further on.
    """

    line: int
    person: Person | None
    body: str | None = None
    behind: bool = False
    gender: str | None = None


class Whom:
    """Who is meant, in one article's paragraphs in one language."""

    def __init__(self, pack: Pack, people: People) -> None:
        self.pack, self.people = pack, people
        self.view: list[_Seen] = []
        # The bodies named so far: the word that says what each is, its full name, and the line.
        self.bodies: list[tuple[str, str, int]] = []
        # The lines in which somebody stands whom the article does not name.
        self.strangers: set[int] = set()

    def see(self, line: int, found: Sequence[Candidate]) -> None:
        """Take into view who is named in a sentence of a line."""
        # Who stands behind a preposition is in view too, before those who do not.
        for one in sorted(found, key=lambda one: not one.governed):
            if one.kind == NOBODY or (one.kind == ROLE and not one.names):
                self.strangers.add(line)
            if one.kind in (NAME, ROLE) and one.names:
                person = self.people.named(one.names)
                if person is not None:
                    self.view.append(_Seen(line, person, behind=one.governed))
            elif one.kind == ROLE and not one.governed and _may_be_subject(one, found):
                # Whoever it is: what follows may be of somebody whom the article does not name.
                self.view.append(_Seen(line, self._introduced(line, one), gender=one.gender))
            elif one.kind == NOBODY and one.indefinite and one.opens and not one.governed:
                self.view.append(_Seen(line, None, gender=one.gender))
            elif one.kind == BODY:
                opens = one.opens and not one.governed
                name = self._named_body(line, one) if opens or len(one.names) > 1 else None
                if opens and name is not None:
                    self.view.append(_Seen(line, None, name))

    def _introduced(self, line: int, one: Candidate) -> Person | None:
        """Whom a sentence is about that begins with what somebody is; from then on he or she is known as that."""
        person = None if one.indefinite else self._bearer(line, one, None)
        if person is not None and one.head is not None and one.first <= 1:
            person.heads.add(self.people.bare_head(one.head))
        return person

    def spoke(self, line: int, who: Who) -> None:
        """Take into view who spoke in a line: those who are meant next come after."""
        if who.person is not None:
            self.view.append(_Seen(line, who.person))
        elif who.kind == "organisation" and who.name is not None:
            self.view.append(_Seen(line, None, who.name))
        elif who.kind == "unnamed":
            self.view.append(_Seen(line, None, gender=who.gender))

    def said_by(self, line: int, reported: Attribution) -> Who:
        """Whom an attribution names."""
        one = reported.who
        if one is None:
            if not reported.dropped:
                return UNTOLD
            return self._in_view(line, None, reported.gender, "dropped")
        mention = (one.start, one.end)
        if one.kind == PRONOUN:
            return self._in_view(line, mention, one.gender, "pronoun")
        if one.kind == BODY:
            name = self._named_body(line, one)
            if name is None:
                return Who(mention, None, "organisation", "no_antecedent", "unnamed")
            return Who(mention, name, "organisation", None, "body")
        if one.kind == NOBODY or (one.indefinite and not one.names):
            return Who(mention, None, "unnamed", "unnamed", "unnamed", gender=one.gender)
        if one.names:
            return self._called(mention, one, reported.gender)
        return self._in_role(line, mention, one, reported.gender)

    def told_within(self, reported: Attribution, outer: Who) -> Who:
        """Whom somebody else's words name: himself, somebody by name, or by what one person of the article is."""
        one = reported.who
        if reported.mine and outer.person is not None:
            return outer._replace(mention=None if one is None else (one.start, one.end))
        if one is not None and one.kind == PRONOUN and one.gender is not None:
            other = self.people.only(one.gender, outer.person)
            if other is not None:
                return meant((one.start, one.end), other, "pronoun")
        if one is None or one.kind in (PRONOUN, NOBODY):
            mention = None if one is None else (one.start, one.end)
            kind = "unnamed" if one is not None and one.kind == NOBODY else None
            return Who(mention, None, kind, "unnamed" if kind else "no_antecedent", "unnamed")
        person = None
        if one.names and one.kind != BODY:
            person = self.people.named(one.names)
        elif one.kind == ROLE and not one.indefinite:
            person = self.people.in_role(one.head or "", one.gender)
        mention = (one.start, one.end)
        if person is not None:
            return meant(mention, person, "name" if one.names else "role")
        if one.names and one.kind != BODY and len(one.names) > 1:
            return Who(mention, " ".join(one.names), "person", None, "name")
        return Who(mention, None, "unnamed", "no_antecedent", "unnamed")

    def of_line(self, line: int) -> Who:
        """Whose words a line is that holds nothing else: of the one person that this line before is about."""
        people = self._near(line, None)
        if len(people) != 1 or any(
            one.person is None and one.body is None for one in self._seen(line)
        ):
            return UNTOLD
        return meant(None, people[0], "view")

    def _named_body(self, line: int, one: Candidate) -> str | None:
        """A body by its full name: a word alone means the one that was named so before.

        A word that may mean any ("the company") means the last one named; None where none was.
        """
        words = [name.lower() for name in one.names]
        what = next((word for word in words if self.pack.is_body(word)), words[0])
        head = self.people.bare_head(what)
        if len(one.names) > 1:
            name = " ".join(one.names)
            self.bodies = [known for known in self.bodies if known[1] != name]
            self.bodies.append((head, name, line))
            return name
        known = [name for word, name, _ in self.bodies if self.people.are_forms(word, head)]
        if known or not self._may_be_any(head):
            return known[-1] if known else one.names[0]
        near = [name for _, name, where in self.bodies if line - where <= _NEAR_BODY]
        return near[-1] if near and not one.indefinite else None

    def _may_be_any(self, head: str) -> bool:
        """Whether a word, or a form of it, may mean any body."""
        if self.pack.is_any_body(head):
            return True
        return self.pack.inflected and any(alike(head, one) for one in self.pack.bodies_of_all)

    def _called(self, mention: tuple[int, int], one: Candidate, gender: str | None) -> Who:
        person = self.people.named(one.names)
        if person is None and one.kind == NAME and one.head is not None:
            person = self.people.in_role(one.head, None)
        if person is None and one.kind == NAME and self.pack.script == "arabic" and one.head:
            return Who(mention, None, "unnamed", "no_antecedent", "unnamed")
        if person is None:
            return Who(mention, " ".join(one.names), "organisation", None, "name")
        # The verb agrees with its subject.
        person.gender = gender or person.gender
        return meant(mention, person, "name")

    def _near(self, line: int, gender: str | None) -> list[Person]:
        """Whom a line is about, of those whose gender fits; those behind a preposition where there is nobody else."""
        for behind in (False, True):
            near = {
                one.person.place: one.person
                for one in self._seen(line)
                if one.person is not None
                and (behind or not one.behind)
                and agree(one.person.gender, gender)
            }
            if near:
                return list(near.values())
        return []

    def _seen(self, line: int) -> Iterator[_Seen]:
        """Who came into view in a line, the last one first."""
        for one in reversed(self.view):
            if one.line < line:
                return
            if one.line == line:
                yield one

    def _bearer(self, line: int, one: Candidate, gender: str | None) -> Person | None:
        """Who is what a candidate says: introduced so, else the one person whom this line, or the last, is about."""
        gender = one.gender or gender
        head = one.head or ""
        known = self.people.in_roles(head, gender)
        exact = self.people.in_roles(head, gender, exactly=True)
        near = self._near(line, gender)
        if len(exact) == 1 and near and all(seen.person is not exact[0] for seen in self.view):
            # Who is only named further on is not whom the paragraph is about.
            known = exact = [person for person in known if person in near]
        if len(exact) == 1:
            return exact[0]
        if len(known) == 1 and not exact:
            # "The musician" may be what somebody else is, who is nearer.
            return known[0] if not near or known[0] in near else None
        if self.pack.is_kin(head):
            return known[0] if len(known) == 1 else None
        anyone = self.pack.may_be_anyone(head)
        if anyone and self.strangers & {line, line - 1} and not near:
            # "The man" may be the witness whose words these are.
            return None
        if known:
            # Two mayors: the one who was in view last.
            places = {person.place for person in known}
            last = (seen.person for seen in reversed(self.view) if seen.person is not None)
            return next((person for person in last if person.place in places), None)
        for back in range(_PARAGRAPHS + 1):
            near = self._near(line - back, gender)
            if near:
                # What somebody was introduced as, he or she is: another word means another.
                bare = [person for person in near if anyone or not person.heads]
                if not bare and len({seen.person.place for seen in self.view if seen.person}) == 1:
                    # Nobody else has been named so far.
                    bare = near
                return bare[0] if len(bare) == 1 else None
        return None

    def _in_role(
        self, line: int, mention: tuple[int, int], one: Candidate, gender: str | None
    ) -> Who:
        person = self._bearer(line, one, gender)
        if person is None:
            return Who(mention, None, "unnamed", "no_antecedent", "unnamed")
        return meant(mention, person, "role")

    def _in_view(
        self, line: int, mention: tuple[int, int] | None, gender: str | None, how: str
    ) -> Who:
        """The person last in view whose gender fits, in this line or the two before."""
        for seen in reversed(self.view):
            if line - seen.line > _PARAGRAPHS:
                break
            if seen.body is not None:
                if seen.line == line and (how == "dropped" or self.pack.elides):
                    return Who(mention, seen.body, "organisation", None, "body")
                continue
            if seen.person is None and agree(seen.gender, gender):
                return Who(mention, None, None, "no_antecedent", "none")
            if seen.person is None:
                continue
            if agree(seen.person.gender, gender):
                seen.person.gender = seen.person.gender or gender
                return meant(mention, seen.person, how)
        only = self.people.only(gender, None) if gender is not None else None
        if only is not None and any(seen.person is only for seen in self.view):
            return meant(mention, only, how)
        return Who(mention, None, None, "no_antecedent", "none")


def _may_be_subject(one: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether a sentence may be about somebody: it begins with him, or with nobody else."""
    before = (other for other in found if other.first < one.first and not other.governed)
    return one.first <= 1 or next(before, None) is None


def meant(mention: tuple[int, int] | None, person: Person, how: str) -> Who:
    """A person who is found to speak."""
    return Who(mention, person.name, person.kind, None, how, person)
